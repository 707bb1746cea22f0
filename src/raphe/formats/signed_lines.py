"""Lines of plain files of networks and observations: what they share."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from raphe.errors import InputError, Problem
from raphe.formats.plain_text import decode
from raphe.sign import Sign

#: The largest file that is read: ten times the largest network that we have met.
MAX_BYTES = 50_000_000
#: So many mistakes of one kind say enough.
ENOUGH = 20

#: How the columns of a table may be separated, by the ending of its name.
DELIMITERS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}

#: How signs are written by those who write signed networks.
_WORDS = {
    Sign.POSITIVE: "+ 1 +1 -> --> activates activation stimulates stimulation positive pos up "
    "increases raises",
    Sign.NEGATIVE: "- -1 − -| --| inhibits inhibition negative neg down decreases lowers",
    Sign.UNKNOWN: "? 0 -? unknown unspecified undefined",
}
SIGNS = {word: sign for sign, words in _WORDS.items() for word in words.split()}


def read_text(path: Path, kind: str) -> str:
    """Text of a file that is not empty.

    Raises
    ------
    InputError
        It is empty, too large or not UTF-8.
    OSError
        It cannot be read.
    """
    text = decode(path.read_bytes(), str(path), MAX_BYTES, kind)
    if not text.strip():
        raise InputError([Problem("the file is empty.", "Name another.", str(path))])
    return text


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """Lines that say something, without comments, and their numbers from 1."""
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if said and not said.startswith(("#", "%")):
            yield number, said


def table(text: str, suffix: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a table that say something, and the lines on which they end."""
    rows = csv.reader(io.StringIO(text), delimiter=DELIMITERS[suffix])
    for row in rows:
        cells = [cell.strip() for cell in row]
        if any(cells) and not cells[0].startswith("#"):
            yield rows.line_num, cells


def check(problems: list[Problem], file: str) -> None:
    """Raise what was found, the first of many.

    Raises
    ------
    InputError
        There is anything.
    """
    if len(problems) > ENOUGH:
        more = len(problems) - ENOUGH
        problems = [
            *problems[:ENOUGH],
            Problem(f"{more} more lines that cannot be read.", "", file),
        ]
    if problems:
        raise InputError(problems)
