"""What can go wrong, said for people: where, what, and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the input.

    Examples
    --------
    >>> print(Problem("no drug 'mirtazapin'.", "Did you mean 'mirtazapine'?"))
    no drug 'mirtazapin'. Did you mean 'mirtazapine'?
    """

    #: What was found, as a sentence.
    what: str
    #: What would be right, as a sentence; empty where nothing better can be said.
    remedy: str = ""
    #: The file as the user named it; empty for the command line and the Python API.
    file: str = ""
    #: From 1; 0 where the whole file is meant.
    line: int = 0
    #: From 1; 0 where the whole line is meant.
    column: int = 0

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        parts = (where and f"{where}:", self.what, self.remedy)
        return _on_one_line(" ".join(part for part in parts if part))


class RapheError(Exception):
    """Base of every error that raphe raises on purpose."""


class InputError(RapheError):
    """The input is wrong; holds every problem that was found, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


@contextmanager
def noting(problems: list[Problem]) -> Iterator[None]:
    """Go on after wrong input, and keep what was wrong about it.

    Examples
    --------
    >>> problems = []
    >>> with noting(problems):
    ...     raise InputError([Problem("no node 'x'.")])
    >>> [one.what for one in problems]
    ["no node 'x'."]
    """
    try:
        yield
    except InputError as error:
        problems += [one for one in error.problems if one not in problems]


class PartError(ValueError):
    """A mistake that shows in a declared value as a whole, and stands at one of its parts."""

    def __init__(self, message: str, *path: str | int) -> None:
        self.path = path
        super().__init__(message)


class NotFoundError(InputError):
    """Nothing has that name; what was looked for may be wrong, not what was found."""


class UnavailableError(RapheError):
    """Something outside raphe is missing: a library, a program, a place to write to."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(what, remedy)

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}"


def _on_one_line(text: str) -> str:
    """The text without what could break the line, or steer the terminal that it is shown in."""
    line = " ".join(text.split())
    return "".join(one if one.isprintable() else "\ufffd" for one in line)


#: How much less like the word than the nearest name another may be, to be offered beside it.
_ALIKE = 0.15


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence that offers the known names nearest to a mistyped one, or nothing.

    Examples
    --------
    >>> nearest("desipramin", ["mirtazapine", "desipramine"])
    "Did you mean 'desipramine'?"
    >>> nearest("x", ["mirtazapine"])
    ''
    """
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.casefold(), str(name))
    wanted = word.casefold()
    close = difflib.get_close_matches(wanted, folded, n=3, cutoff=0.6)
    if not close:
        return ""
    likeness = [difflib.SequenceMatcher(None, name, wanted).ratio() for name in close]
    close = [
        name for name, like in zip(close, likeness, strict=True) if like > likeness[0] - _ALIKE
    ]
    return f"Did you mean {' or '.join(repr(folded[name]) for name in close)}?"


def not_one_of(known: Collection[str], what: str, name: str) -> Problem:
    """That a name is none of a few, and which it may be.

    Examples
    --------
    >>> print(not_one_of(("acute", "chronic", "washout"), "regimen", "chronical"))
    no regimen 'chronical'. Did you mean 'chronic'?
    >>> print(not_one_of(("light", "dark"), "theme", "x"))
    no theme 'x'. It is one of light, dark.
    """
    remedy = nearest(name, known) or f"It is one of {', '.join(known)}."
    return Problem(f"no {what} '{name}'.", remedy)
