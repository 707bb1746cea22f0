"""Parts of a pathway that are small enough to be drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal, TypeAlias

from raphe.errors import InputError, Problem, nearest
from raphe.flat_pathway import FlatPathway, PlacedEdge
from raphe.sign import Sign

#: More than this cannot be read at 100 %.
MOST_NODES = 40
#: Whether edges stand for what passes through hidden nodes, of the same place or region.
Contraction: TypeAlias = bool | Literal["region"]
#: Hidden nodes in a row that one drawn edge may stand for.
MOST_HIDDEN = 4


def nodes_like(nodes: Iterable[str], patterns: Iterable[str]) -> tuple[str, ...]:
    """Nodes that have one of the names, where ``*`` stands for any letters; in order of nodes.

    Examples
    --------
    >>> nodes_like(["LC.NE", "LC.firing", "cortex.NE"], ["*.NE"])
    ('LC.NE', 'cortex.NE')
    """
    wanted = tuple(patterns)
    return tuple(name for name in nodes if any(fnmatchcase(name, one) for one in wanted))


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


@dataclass(frozen=True)
class Link:
    """An edge between shown nodes, or a path between them through hidden ones."""

    source: str
    target: str
    sign: Sign
    #: The edges that it stands for, in order.
    edges: tuple[PlacedEdge, ...]

    @property
    def hidden(self) -> tuple[str, ...]:
        """Names of the nodes between its ends."""
        return tuple(edge.target for edge in self.edges[:-1])


def links_between(
    pathway: FlatPathway, shown: Collection[str], contract: Contraction = False
) -> list[Link]:
    """Edges between shown nodes, in order of names.

    Parameters
    ----------
    contract
        Also stand for what passes through hidden nodes of the same place (or region) as one of
        the ends, at most `MOST_HIDDEN` in a row; where such paths differ in sign, the sign is
        unknown. Beside an edge between the same nodes, only a path of another sign is told.
    """
    out: dict[str, list[PlacedEdge]] = {}
    for edge in pathway.edges:
        out.setdefault(edge.source, []).append(edge)
    direct = [
        Link(edge.source, edge.target, edge.declared.sign, (edge,))
        for edge in pathway.edges
        if edge.source in shown and edge.target in shown
    ]
    if not contract:
        return direct
    known = {(link.source, link.target): link.sign for link in direct}
    home = {name: _home(pathway, name, contract) for name in pathway.nodes}
    through: dict[tuple[str, str], Link] = {}
    for name in sorted(shown):
        for link in _through_hidden(home, out, shown, name):
            pair = (link.source, link.target)
            if known.get(pair) is link.sign or link.source == link.target:
                continue
            first = through.setdefault(pair, link)
            # What has a fast way is not slow.
            if any(edge.declared.slow for edge in first.edges):
                first = through[pair] = replace(first, edges=link.edges)
            if first.sign is not link.sign:
                through[pair] = replace(first, sign=Sign.UNKNOWN)
    links = [*direct, *through.values()]
    return sorted(links, key=lambda one: (one.source, one.target, len(one.edges)))


def _home(pathway: FlatPathway, name: str, contract: Contraction) -> str:
    """The place of a node, or the region around it."""
    place = pathway.nodes[name].place
    return place.partition(".")[0] if contract == "region" else place


def _through_hidden(
    home: Mapping[str, str],
    out: Mapping[str, list[PlacedEdge]],
    shown: Collection[str],
    start: str,
) -> Iterable[Link]:
    stack: list[tuple[PlacedEdge, ...]] = [
        (edge,) for edge in out.get(start, ()) if edge.target not in shown
    ]
    while stack:
        path = stack.pop()
        hidden = [edge.target for edge in path]
        for edge in out.get(hidden[-1], ()):
            whole = (*path, edge)
            if edge.target in shown:
                places = {home[name] for name in hidden}
                if places <= {home[start]} or places <= {home[edge.target]}:
                    yield Link(start, edge.target, _product(whole), whole)
            elif edge.target not in hidden and len(hidden) < MOST_HIDDEN:
                stack.append(whole)


def _product(path: tuple[PlacedEdge, ...]) -> Sign:
    sign = Sign.POSITIVE
    for edge in path:
        sign = sign * edge.declared.sign
    return sign


def require_readable(pathway: FlatPathway, nodes: Iterable[str]) -> None:
    """Refuse to draw what nobody could read.

    Raises
    ------
    InputError
        Too many nodes, with the ways to have fewer.
    """
    count = len(tuple(nodes))
    if count > MOST_NODES:
        what = (
            f"{count} nodes of '{pathway.name}' cannot be read in one picture ({MOST_NODES} can)."
        )
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
