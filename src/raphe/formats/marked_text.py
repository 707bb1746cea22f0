"""A part of a text file that a program writes, between two marks that a person set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from raphe.errors import InputError, Problem


@dataclass(frozen=True)
class Marked:
    """A text with a marked part."""

    before: str
    inside: str
    after: str

    def with_inside(self, text: str) -> str:
        """The whole text, with another marked part."""
        return f"{self.before}{text}{self.after}"


def read_marked(path: Path, name: str) -> Marked:
    """A file with a part between ``<!-- NAME -->`` and ``<!-- end of NAME -->``.

    Raises
    ------
    InputError
        There is no such file, or it has not each of the marks just once, in this order.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        what = f"cannot read '{path}': {reason}."
        raise InputError([Problem(what, "Name a Markdown file.")]) from None
    first, last = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, opened, rest = text.partition(first)
    inside, closed, after = rest.partition(last)
    if not opened or not closed or first in rest or last in before + after:
        remedy = f"Put a line '{first.strip()}' and below it a line '{last}', once each."
        raise InputError([Problem("there is no marked place for it.", remedy, str(path))])
    return Marked(before + first, inside, last + after)
