"""Signed networks in plain files: iggy's ``.cif``, SIF, and tables (CSV, TSV)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from raphe.errors import Problem, nearest
from raphe.formats.signed_lines import DELIMITERS, SIGNS, check, numbered, read_text, table
from raphe.joint.problem import Influence, SignedGraph
from raphe.sign import Sign

_COLUMNS = {
    "source": ("source", "from", "regulator", "sourcename", "source_name", "node1"),
    "target": ("target", "to", "regulated", "targetname", "target_name", "node2"),
    "sign": ("sign", "effect", "interaction", "type", "weight", "edge_type", "relation"),
}
_CIF_SIGNS = {"!": Sign.NEGATIVE, "?": Sign.UNKNOWN}
_MARKS = {Sign.POSITIVE: "", Sign.NEGATIVE: "!", Sign.UNKNOWN: "?"}

#: What was read: influences or single nodes; problems of lines that could not be.
_Read = Iterator["Influence | _Joint | str | Problem"]


@dataclass(frozen=True)
class _Joint:
    """A node by which several act together."""

    name: str


def read_signed_graph(path: Path) -> SignedGraph:
    """The network of a file; its ending says how it is written.

    * ``.cif``: ``a -> b`` raises, ``!a -> b`` lowers, ``?a -> b`` one of both. By ``a & !b -> c``
      several nodes act on one together: a node called ``a & !b`` is made for them, which both act
      on and which raises ``c``; it may stay where one of them stays.
    * ``.sif``: ``a 1 b`` or ``a -1 b``; a sign may also be ``+``, ``-``, ``?`` or a word, and
      several targets may follow. A single name is a node.
    * ``.csv``, ``.tsv``: columns ``source``, ``sign`` and ``target`` in any order if the first row
      names them, in this order if not.

    Raises
    ------
    InputError
        Lines cannot be read; all of them are named.
    """
    text = read_text(path, "network")
    suffix = path.suffix.lower()
    file = str(path)
    read = _cif if suffix == ".cif" else _tabular if suffix in DELIMITERS else _sif
    influences: list[Influence] = []
    nodes: list[str] = []
    joint: list[str] = []
    problems: list[Problem] = []
    for one in read(text, suffix, file):
        if isinstance(one, Problem):
            problems.append(one)
        elif isinstance(one, _Joint):
            joint.append(one.name)
        elif isinstance(one, str):
            nodes.append(one)
        else:
            influences.append(one)
    if not problems and not influences:
        problems.append(Problem("no influence in the network.", "Name another file.", file))
    check(problems, file)
    return SignedGraph.of(influences, nodes, joint)


def _cif(text: str, suffix: str, file: str) -> _Read:  # noqa: ARG001 -- as all three
    for number, line in numbered(text):
        sources, _, target = (part.strip() for part in line.partition("->"))
        if not (sources and target) or "->" in target:
            what = f"'{line}' is no influence."
            yield Problem(what, "Write 'a -> b', '!a -> b' or '?a -> b'.", file, number)
            continue
        acting = [_acting(each.strip()) for each in sources.split("&")]
        if not all(name for name, _ in acting):
            yield Problem("an influence of nothing.", "Name its source.", file, number)
            continue
        if len(acting) > 1:
            both = " & ".join(sorted(f"{_MARKS[sign]}{name}" for name, sign in acting))
            yield _Joint(both)
            yield Influence(both, target, Sign.POSITIVE)
            target = both
        for name, sign in acting:
            yield Influence(name, target, sign)


def _acting(written: str) -> tuple[str, Sign]:
    """A source as it is written in a ``.cif``: its name, and its sign."""
    return written.lstrip("!?").strip(), _CIF_SIGNS.get(written[:1], Sign.POSITIVE)


def _sif(text: str, suffix: str, file: str) -> _Read:  # noqa: ARG001 -- as all three
    for number, line in numbered(text):
        cells = [cell.strip() for cell in line.split("\t")] if "\t" in line else line.split()
        if len(cells) == 1:
            yield cells[0]
        elif len(cells) == 2:
            what = f"'{line}' has a source and a sign, and no target."
            yield Problem(what, "Write 'a 1 b' or 'a -1 b'.", file, number)
        else:
            for target in cells[2:]:
                yield _influence(cells[0], cells[1], target, file, number)


def _tabular(text: str, suffix: str, file: str) -> _Read:
    places: dict[str, int] | None = None
    for number, cells in table(text, suffix):
        if places is None:
            places = _header(cells)
            if places:
                continue
            places = {"source": 0, "sign": 1, "target": 2}
        if len(cells) <= max(places.values()):
            what = f"a row of {len(cells)} cells."
            yield Problem(what, "A row has a source, a sign and a target.", file, number)
            continue
        source, sign, target = (cells[places[part]] for part in ("source", "sign", "target"))
        yield _influence(source, sign, target, file, number)


def _header(cells: list[str]) -> dict[str, int]:
    """Which column is which, where the first row says so; else nothing."""
    words = [cell.casefold().replace(" ", "_") for cell in cells]
    found = {
        part: next((words.index(name) for name in names if name in words), -1)
        for part, names in _COLUMNS.items()
    }
    return found if -1 not in found.values() else {}


def _influence(source: str, sign: str, target: str, file: str, line: int) -> Influence | Problem:
    known = SIGNS.get(sign.casefold())
    if known is None:
        remedy = nearest(sign, SIGNS) or "Write 1, -1 or ?."
        return Problem(f"no sign '{sign}'.", remedy, file, line)
    if not source or not target:
        return Problem("an influence without a source or a target.", "Name both.", file, line)
    return Influence(source, target, known)
