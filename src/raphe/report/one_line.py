"""Text of files as it may stand in a report: on one line, and nothing that turns it around."""

from __future__ import annotations

import re

#: Control characters, marks that change the direction of writing, lone surrogates, no characters.
_UNFIT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def one_line(text: str) -> str:
    r"""The text with each run of white space as one space, and a mark for what cannot be shown.

    Examples
    --------
    >>> one_line("GABA\n  release \x00 ")
    'GABA release \ufffd'
    """
    return _UNFIT.sub("\ufffd", " ".join(text.split()))


def sentence(text: str) -> str:
    """A text with a full stop, unless it ends with one.

    Examples
    --------
    >>> sentence("a title"), sentence("Why?"), sentence("")
    ('a title.', 'Why?', '')
    """
    return text if text[-1:] in (".", "!", "?", "") else f"{text}."
