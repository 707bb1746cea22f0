"""Words made safe to draw: cleaned of what XML cannot hold, and broken into lines."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from raphe.diagram.font import STAND_INS, Face, measure

#: Control characters, marks that turn the direction of the text around, lone surrogates, and what
#: is no character. Written out, since Python's own tables differ between its versions.
_UNFIT = (
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0x200E, 0x200F),
    (0x202A, 0x202E),
    (0x2066, 0x2069),
    (0xD800, 0xDFFF),
    (0xFFFE, 0xFFFF),
)

#: Captions that are gene symbols: capitals and digits, as HGNC writes them, one or a short list.
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]{2,}(?:-[A-Z0-9]+)?(?:(?:/|, | · )[A-Z0-9]+)*")


def clean(text: str) -> str:
    r"""The text on one line, with no character that XML or the font cannot hold.

    Examples
    --------
    >>> clean("GABA\n  release\x00 ✕")
    'GABA release\ufffd ×'
    """
    composed = unicodedata.normalize("NFC", text).translate(STAND_INS)
    # Split before the other controls are replaced: a line break is a space, not damage.
    line = " ".join(composed.split())
    return "".join("\ufffd" if _is_unfit(character) else character for character in line)


def wrap(text: str, width: float, size: float, face: Face = Face.REGULAR) -> tuple[str, ...]:
    """Lines no wider than *width* points, broken at spaces; a longer word keeps its own line.

    Examples
    --------
    >>> wrap("antidepressant-like effect", 100, 11.5)
    ('antidepressant-like', 'effect')
    >>> wrap("", 100, 11.5)
    ()
    """
    lines: list[str] = []
    for word in clean(text).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size, face) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def key(identifier: str) -> str:
    """An id in letters that DOT, SVG and a browser all take as they are.

    Examples
    --------
    >>> key("LC.alpha2A"), key('a"b:c')
    ('LC.alpha2A', 'a%22b%3Ac')
    """
    return quote(identifier, safe="@.-_+", errors="surrogatepass")


def is_gene_symbol(text: str) -> bool:
    """Whether a caption reads as a gene symbol, which is set in italics.

    Examples
    --------
    >>> [is_gene_symbol(one) for one in ("ADRB1", "ADCY1/8", "autoreceptor", "5-HT")]
    [True, True, False, False]
    """
    return _SYMBOL.fullmatch(text) is not None


def _is_unfit(character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in _UNFIT)
