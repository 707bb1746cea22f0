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
_SPELLINGS = {
    Change.UP: "+ 1 +1 up increased increase",
    Change.DOWN: "- − -1 −1 down decreased decrease",
    Change.SAME: "0 unchanged",
    Change.NOT_UP: "notplus",
    Change.NOT_DOWN: "notminus",
    Change.CHANGED: "changed change",
}
DIRECTIONS = {word: change for change, words in _SPELLINGS.items() for word in words.split()}
#: What else may be said of a node: where a condition keeps it.
_ROLES = {"input": "inputs", "ambiguous": "ambiguous", "min": "at_minimum", "max": "at_maximum"}
_WORDS = ("+", "-", "0", "notPlus", "notMinus", "changed", "input", "ambiguous", "MIN", "MAX")
#: What the last word of a title may not be near to; few mistype 'min', and 'Mn' is near to it.
_MISTYPED = [
    word for word in (*DIRECTIONS, *_ROLES) if len(word) > 1 and word not in ("min", "max")
]
#: What iggy's own files end with.
_REMARK = re.compile(r"nodes in net not observed: *\d+", re.IGNORECASE)
#: What the columns of a table are called.
_COLUMNS = {
    "node": "node gene species protein symbol name id readout variable",
    "direction": "direction sign change observation effect regulation",
    "condition": "condition experiment treatment sample scenario",
}


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
      ``+``, ``-``, ``0``, ``notPlus``, ``notMinus`` or ``changed``, or a word such as
      ``increased``; ``input``, ``ambiguous``, ``MIN`` and ``MAX`` say what else is known of a node.
      A title has no ``=`` and does not end as an observation does.
    * ``.csv``, ``.tsv``: columns ``node``, ``direction`` and perhaps ``condition``, in any order
      and beside others if the first row names them, in this order if not.

    What is said of a node more than once must hold together.

    Raises
    ------
    InputError
        Lines cannot be read or contradict each other; all of them are named.
    """
    text = read_text(path, "observation")
    suffix = path.suffix.lower()
    file = str(path)
    rows = _table(text, suffix, file) if suffix in DELIMITERS else _lines(text, file)
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
    for rank, (number, line) in enumerate(numbered(text)):
        node, equals, word = (part.strip() for part in line.rpartition("="))
        if equals and node:
            yield number, node, word, ""
        elif not _REMARK.fullmatch(line) and (rank > 0 or not _may_be_title(line)):
            remedy = "Write 'node = +'." if rank else "Write 'node = +', or '# ' before a title."
            yield Problem(f"'{line}' is no observation.", remedy, file, number)


def _may_be_title(line: str) -> bool:
    """Whether nobody could have meant an observation: it ends neither by a direction nor nearly."""
    *_, last = re.split(r"[\s,;:]+", line)
    return (
        "=" not in line
        and bool(last)
        and not last.endswith(("+", "-", "−"))
        and not _is_known(last)
        and not nearest(last, _MISTYPED)
    )


def _table(text: str, suffix: str, file: str) -> Iterator[_Row | Problem]:
    places = {"node": 0, "direction": 1, "condition": 2}
    for rank, (number, cells) in enumerate(table(text, suffix)):
        if rank == 0 and (found := _header(cells)):
            places = found
            yield from _mistyped(cells, found, file, number)
            continue
        node, word, name = (
            cells[place] if -1 < place < len(cells) else "" for place in places.values()
        )
        if rank == 0 and not _is_known(word):
            what = f"'{node}' is seen '{word}', which is no direction, and the columns are not "
            remedy = nearest(word, _WORDS) or "Call them 'node' and 'direction'."
            yield Problem(f"{what}named either.", remedy, file, number)
            continue
        yield number, node, word, name


def _header(cells: list[str]) -> dict[str, int]:
    """Which column is which, where the first row says so; else nothing. A missing one is at -1."""
    words = [cell.casefold() for cell in cells]
    found = {
        part: next((words.index(name) for name in names.split() if name in words), -1)
        for part, names in _COLUMNS.items()
    }
    return {} if -1 in (found["node"], found["direction"]) else found


def _mistyped(cells: list[str], places: dict[str, int], file: str, line: int) -> Iterator[Problem]:
    """The condition's column, where it is called nearly so: without it all would be one."""
    if places["condition"] == -1:
        known = {cells[place] for place in places.values() if place > -1}
        for cell in cells:
            remedy = nearest(cell, _COLUMNS["condition"].split())
            if remedy and cell not in known:
                yield Problem(f"no column is called '{cell}'.", remedy, file, line)


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
