"""Parts of a pathway that are small enough to be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from raphe.composition import FlatPathway
from raphe.errors import InputError, Problem, nearest

#: More than this cannot be read at 100 %.
MOST_NODES = 40


def nodes_around(pathway: FlatPathway, node: str, hops: int) -> tuple[str, ...]:
    """Nodes within a number of edges of one, whichever way they point.

    Raises
    ------
    InputError
        There is no such node.
    """
    _require(pathway, (node,))
    neighbours: dict[str, set[str]] = {}
    for edge in pathway.edges:
        neighbours.setdefault(edge.source, set()).add(edge.target)
        neighbours.setdefault(edge.target, set()).add(edge.source)
    return tuple(sorted(_distances(neighbours, node, hops)))


def nodes_between(pathway: FlatPathway, start: str, end: str, detour: int = 1) -> tuple[str, ...]:
    """Nodes on the shortest ways from one node to another, and on those a little longer.

    Raises
    ------
    InputError
        There is no such node, or no way.
    """
    _require(pathway, (start, end))
    onward: dict[str, set[str]] = {}
    back: dict[str, set[str]] = {}
    for edge in pathway.edges:
        onward.setdefault(edge.source, set()).add(edge.target)
        back.setdefault(edge.target, set()).add(edge.source)
    from_start, to_end = _distances(onward, start), _distances(back, end)
    if end not in from_start:
        raise InputError(
            [Problem(f"no path leads from '{start}' to '{end}'.", "Try the other way round.")]
        )
    most = from_start[end] + detour
    return tuple(
        sorted(
            name
            for name in pathway.nodes
            if name in from_start and name in to_end and from_start[name] + to_end[name] <= most
        )
    )


def require_readable(pathway: FlatPathway, nodes: Iterable[str]) -> None:
    """Refuse to draw what nobody could read.

    Raises
    ------
    InputError
        Too many nodes, with the ways to have fewer.
    """
    count = len(tuple(nodes))
    if count > MOST_NODES:
        what = f"{count} nodes of '{pathway.name}' do not fit a picture that can be read ({MOST_NODES} do)."
        remedy = "Cut it: '--around NODE --hops K', or '--path A B'."
        raise InputError([Problem(what, remedy)])


def _require(pathway: FlatPathway, names: Iterable[str]) -> None:
    problems = [
        Problem(f"no node '{name}' in '{pathway.name}'.", nearest(name, pathway.nodes))
        for name in names
        if name not in pathway.nodes
    ]
    if problems:
        raise InputError(problems)


def _distances(
    edges: Mapping[str, set[str]], start: str, most: int | None = None
) -> dict[str, int]:
    away = {start: 0}
    layer = [start]
    while layer and (most is None or away[layer[0]] < most):
        further = sorted({one for node in layer for one in edges.get(node, ()) if one not in away})
        for one in further:
            away[one] = away[layer[0]] + 1
        layer = further
    return away
