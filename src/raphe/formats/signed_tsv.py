"""Signed edges in three columns, ``source<TAB>sign<TAB>target``: the plainest form there is."""

from __future__ import annotations

from pathlib import Path

from raphe.community import Community, community
from raphe.errors import InputError, Problem
from raphe.formats.plain_text import control_characters, decode

#: How a sign is written.
_SIGNS = {"1": 1, "+1": 1, "+": 1, "-1": -1, "-": -1, "−1": -1, "−": -1}
#: Mistakes that are listed one by one: a file with more is another kind of file.
_MOST = 20


def read_signed_tsv(path: Path) -> Community:
    """The signed graph of a file.

    Raises
    ------
    InputError
        The file is not there, or a line of it is no signed edge.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        remedy = "Name a file with lines of source, sign and target."
        raise InputError([Problem(f"no file '{path}'.", remedy)]) from None
    return parse_signed_tsv(decode(raw, str(path)), str(path))


def parse_signed_tsv(text: str, file: str = "") -> Community:
    r"""The signed graph of a text: a line an edge; blank lines and lines with # first are skipped.

    Raises
    ------
    InputError
        With every line that is no signed edge, and every edge that stands twice.

    Examples
    --------
    >>> parse_signed_tsv("V\t1\tH\nH\t-1\tV\n").names
    ('H', 'V')
    >>> parse_signed_tsv("V\tup\tH\n", "own.tsv")
    Traceback (most recent call last):
    raphe.errors.InputError: own.tsv:1: 'up' is no sign. Write 1 or -1.
    """
    problems = control_characters(text, file)
    first: dict[tuple[str, int, str], int] = {}
    edges: list[tuple[str, int, str]] = []
    for line, row in enumerate(text.splitlines(), start=1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in row.split("\t")]
        if len(cells) != 3 or not all(cells):
            what = f"{len([cell for cell in cells if cell])} of 3 cells."
            if len(cells) > 3:
                what = f"{len(cells)} cells instead of 3."
            remedy = "Write source, sign and target with tabs between them."
            problems.append(Problem(what, remedy, file, line))
            continue
        source, sign, target = cells
        if sign not in _SIGNS:
            problems.append(Problem(f"'{sign}' is no sign.", "Write 1 or -1.", file, line))
            continue
        edge = (source, _SIGNS[sign], target)
        if edge in first:
            what = f"the edge from '{source}' to '{target}' stands here a second time."
            remedy = f"The first is in line {first[edge]}; delete one."
            problems.append(Problem(what, remedy, file, line))
        else:
            first[edge] = line
            edges.append(edge)
    if not problems and not edges:
        remedy = "Write lines of source, sign and target, with tabs between them."
        problems.append(Problem("there is no edge in it.", remedy, file))
    if len(problems) > _MOST:
        more = Problem(f"{len(problems) - _MOST} more lines are wrong.", "", file)
        problems = [*problems[:_MOST], more]
    if problems:
        raise InputError(problems)
    return community(edges)
