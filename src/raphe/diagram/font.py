"""Widths of text in the bundled font, so that boxes fit their words on every machine.

Graphviz guesses widths from the fonts it finds, or from tables that know no subscripts; a layout
that rests on such a guess overflows elsewhere. So text is measured here and boxes are given fixed
sizes. Only the two tables that this takes are read: which glyph a character has, how wide it is.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

#: First choice, then what browsers have; Inter is the widest of them, so the others fit as well.
FAMILY = "Inter, Helvetica, Arial, sans-serif"

#: Height of capitals above the baseline, in units of the font size (OS/2 table of Inter).
CAP_HEIGHT = 0.727

#: What the font lacks, and what it has in its place: one missing glyph would move the whole run of
#: text to another font.
STAND_INS = str.maketrans(
    {"ⱼ": "j", "ᵦ": "β", "ᵧ": "γ", "⊣": "|", "✕": "×", "✖": "×", "‑": "-", "µ": "μ", "\t": " "}
)


class Face(StrEnum):
    """One of the bundled fonts, named as its file."""

    REGULAR = "Regular"
    BOLD = "Bold"
    ITALIC = "Italic"


@dataclass(frozen=True, slots=True)
class Font:
    """Advance widths, in units of the font size, by character."""

    widths: Mapping[str, float]

    def covers(self, text: str) -> bool:
        """Whether every character has a glyph.

        Examples
        --------
        >>> read_font(Face.REGULAR).covers("▲ α₂A → 5-HT₁ₐ ×")
        True
        >>> read_font(Face.REGULAR).covers("脳")
        False
        """
        return all(character in self.widths for character in text)

    def width(self, text: str, size: float) -> float:
        """Width of a line in points; kerning, which only narrows, is left out.

        Examples
        --------
        >>> round(read_font(Face.BOLD).width("α₂A-AR", 12), 1)
        44.4
        """
        # A character that is not in the font is taken to be as wide as it is high.
        return size * sum(self.widths.get(character, 1.0) for character in text)


def font_file(face: Face) -> Path:
    """Where the bundled font lies."""
    return Path(str(files("raphe.diagram").joinpath("fonts", f"Inter-{face}.otf")))


@cache
def read_font(face: Face) -> Font:
    """Read the widths of a bundled font, once a process.

    Notes
    -----
    OpenType 1.9: ``head`` (units per em at byte 18), ``hhea`` (number of advances at byte 34),
    ``hmtx``, and the ``cmap`` subtable of format 4 (the characters up to U+FFFF).
    """
    data = font_file(face).read_bytes()
    table = _tables(data)
    per_em = struct.unpack_from(">H", data, table["head"] + 18)[0]
    metrics = struct.unpack_from(">H", data, table["hhea"] + 34)[0]
    advances = [
        struct.unpack_from(">H", data, table["hmtx"] + 4 * index)[0] for index in range(metrics)
    ]
    return Font(
        {
            # Glyphs behind the last advance are all as wide as the last.
            chr(code): advances[min(glyph, metrics - 1)] / per_em
            for code, glyph in _glyphs(data, table["cmap"]).items()
        }
    )


def measure(text: str, size: float, face: Face = Face.REGULAR) -> float:
    """Width of a line in points.

    Examples
    --------
    >>> measure("NA", 10) < measure("NA release", 10) < measure("NA release", 10, Face.BOLD)
    True
    """
    return read_font(face).width(text, size)


def _tables(data: bytes) -> dict[str, int]:
    """Offset of each table of the file, by its tag."""
    count = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * index) for index in range(count))
    return {tag.decode("ascii"): offset for tag, _, offset, _ in records}


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Glyph index by code point, from the format 4 subtable."""
    count = struct.unpack_from(">H", data, cmap + 2)[0]
    offsets = (struct.unpack_from(">HHI", data, cmap + 4 + 8 * index)[2] for index in range(count))
    start = next(
        cmap + offset for offset in offsets if struct.unpack_from(">H", data, cmap + offset)[0] == 4
    )
    segments = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{segments}H", data, start + 14 + gap + 2 * segments * part)
        for part, gap in ((0, 0), (1, 2), (2, 2), (3, 2))
    )
    glyphs: dict[int, int] = {}
    range_table = start + 16 + 6 * segments
    for index in range(segments):
        for code in range(starts[index], min(ends[index], 0xFFFE) + 1):
            if ranges[index] == 0:
                glyph = code + deltas[index]
            else:
                place = range_table + 2 * index + ranges[index] + 2 * (code - starts[index])
                glyph = struct.unpack_from(">H", data, place)[0]
                glyph = glyph + deltas[index] if glyph else 0
            if glyph % 65536:
                glyphs[code] = glyph % 65536
    return glyphs
