"""What was seen on a network, in plain files: iggy's ``.obs``, and tables (CSV, TSV)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from raphe.errors import InputError, Problem, nearest
from raphe.formats.signed_lines import DELIMITERS, check, numbered, read_text, table
from raphe.joint.problem import Condition
from raphe.sign import Change

#: Directions as they are written, in small letters.
DIRECTIONS = {
    "+": Change.UP,
    "-": Change.DOWN,
    "−": Change.DOWN,
    "0": Change.SAME,
    "1": Change.UP,
    "-1": Change.DOWN,
    "up": Change.UP,
    "down": Change.DOWN,
    "unchanged": Change.SAME,
    "notplus": Change.NOT_UP,
    "notminus": Change.NOT_DOWN,
    "changed": Change.CHANGED,
    "change": Change.CHANGED,
}
#: What else may be said of a node: where a condition keeps it.
_ROLES = {"input": "inputs", "ambiguous": "ambiguous", "min": "at_minimum", "max": "at_maximum"}
_WORDS = ("+", "-", "0", "notPlus", "notMinus", "changed", "input", "ambiguous", "MIN", "MAX")
#: What iggy's own files end with.
_REMARK = re.compile(r"nodes in net not observed: *\d+", re.IGNORECASE)


@dataclass
class _Seen:
    """What is said of the nodes of one condition, as it is read."""

    directions: dict[str, Change] = field(default_factory=dict)
    #: Where a direction was said first.
    lines: dict[str, int] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(
        default_factory=lambda: {one: set() for one in _ROLES.values()}
    )


def read_observations(path: Path) -> tuple[Condition, ...]:
    """The conditions of a file; its ending says how it is written.

    * ``.obs``: a title on the first line if need be, then ``node = direction``. A direction is
      ``+``, ``-``, ``0``, ``notPlus``, ``notMinus`` or ``changed``; ``input``, ``ambiguous``,
      ``MIN`` and ``MAX`` say what else is known of a node.
    * ``.csv``, ``.tsv``: node and direction; a third column, if there is one, is the condition.

    What is said of a node more than once must hold together.

    Raises
    ------
    InputError
        Lines cannot be read or contradict each other; all of them are named.
    """
    text = read_text(path, "observation")
    suffix = path.suffix.lower()
    file = str(path)
    rows = _table(text, suffix) if suffix in DELIMITERS else _lines(text, file)
    conditions: dict[str, _Seen] = {}
    problems: list[Problem] = []
    for row in rows:
        if isinstance(row, Problem):
            problems.append(row)
            continue
        line, node, word, name = row
        found = _take(conditions.setdefault(name, _Seen()), node, word, file, line)
        if found is not None:
            problems.append(found)
    check(problems, file)
    if not any(one.directions or any(one.roles.values()) for one in conditions.values()):
        raise InputError([Problem("no observation in the file.", "Name another.", file)])
    return tuple(_condition(name or path.stem, seen) for name, seen in conditions.items())


#: Line, node, what is said of it, condition.
_Row = tuple[int, str, str, str]


def _lines(text: str, file: str) -> Iterator[_Row | Problem]:
    is_first = True
    for number, line in numbered(text):
        node, equals, word = (part.strip() for part in line.rpartition("="))
        may_be_title = is_first and (not equals or " " in node or " " in word)
        is_first = False
        if equals and node and (_is_known(word) or not may_be_title):
            yield number, node, word, ""
        elif not may_be_title and not _REMARK.fullmatch(line):
            yield Problem(f"'{line}' is no observation.", "Write 'node = +'.", file, number)


def _table(text: str, suffix: str) -> Iterator[_Row | Problem]:
    for rank, (number, cells) in enumerate(table(text, suffix)):
        if rank == 0 and len(cells) > 1 and not _is_known(cells[1]):
            continue
        node, word, name, *_ = (*cells, "", "", "")
        yield number, node, word, name


def _is_known(word: str) -> bool:
    return word.casefold() in DIRECTIONS or word.casefold() in _ROLES


def _take(seen: _Seen, node: str, word: str, file: str, line: int) -> Problem | None:
    """Note what is said of a node, or say why that cannot be."""
    if not node:
        return Problem("an observation of nothing.", "Name the node.", file, line)
    folded = word.casefold()
    if folded in _ROLES:
        seen.roles[_ROLES[folded]].add(node)
        return None
    direction = DIRECTIONS.get(folded)
    if direction is None:
        remedy = nearest(word, _WORDS) or f"There are {', '.join(_WORDS)}."
        return Problem(f"'{node}' is seen '{word}', which is no direction.", remedy, file, line)
    before = seen.directions.get(node, Change.ANY)
    if not before & direction:
        what = f"'{node}' is '{word}' here, which line {seen.lines[node]} excludes."
        return Problem(what, "Keep one of both.", file, line)
    seen.directions[node] = before & direction
    seen.lines.setdefault(node, line)
    return None


def _condition(name: str, seen: _Seen) -> Condition:
    inputs, ambiguous, lowest, highest = (frozenset(seen.roles[one]) for one in _ROLES.values())
    return Condition(name, seen.directions, inputs, ambiguous, lowest, highest)
