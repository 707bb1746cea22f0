"""Figures whose rows are told: where nodes and grounds stand, before edges find their ways.

No layout that is found by search tells a story of many places as well as one who knows it. A figure
may name its nodes row by row; columns are shared by all rows, so that what belongs together stands
in line. Rows and columns are as far apart as the borders between them need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from raphe.diagram.boxes import box
from raphe.diagram.captions import INSET, label_width
from raphe.diagram.clones import drug_edges
from raphe.diagram.figure import Cluster, Figure, Ground
from raphe.diagram.geometry import Rect, around
from raphe.diagram.labels import cluster_words

#: Between nodes that stand side by side, and between a drug and its target.
BESIDE = 30.0
TO_DRUG = 24.0
#: Between nodes that stand over each other.
BELOW = 34.0
#: Between grounds that stand side by side or over each other.
APART = 10.0
#: From a ground's border to what it holds, and what its label takes above, or in a membrane below.
MARGIN = 11.0
LABEL = 15.0
#: Below, where the label finds room that an edge takes from it above.
FOOT = 17.5
#: A label longer than this gets no room beside an edge.
LONG_LABEL = 130.0
MEMBRANE_MARGIN = 9.0
MEMBRANE_LABEL = 13.0


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything but the edges stands, in points; y grows downwards."""

    nodes: Mapping[str, Rect]
    clusters: Mapping[str, Rect]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A node in the grid, and how far it reaches from its own middle."""

    id: str
    row: int
    column: int
    left: float
    right: float
    height: float


def place_rows(figure: Figure) -> Places:
    """Places of nodes and grounds of a figure that names its rows.

    Parameters
    ----------
    figure
        What is shown, its drugs cloned.

    Examples
    --------
    >>> from raphe.diagram.figure import Kind, Node
    >>> nodes = (Node("NE", "NA", Kind.TRANSMITTER), Node("a2", "α₂", Kind.RECEPTOR))
    >>> placed = place_rows(Figure("Column", nodes=nodes, rows=(("NE",), ("a2",)))).nodes
    >>> placed["NE"].center[0] == placed["a2"].center[0], placed["NE"].bottom < placed["a2"].top
    (True, True)
    """
    cells = _cells(figure)
    homes = _homes(figure)
    held = {
        cluster.id: [cell for cell in cells if cluster.id in homes[cell.id]]
        for cluster in figure.clusters
    }
    columns = _middles(
        [(cell.column, cell.left, cell.right) for cell in cells] + list(_labelled(figure, held)),
        _gaps(figure, {one: [cell.column for cell in held[one]] for one in held}, _beside, BESIDE),
    )
    rows = _middles(
        [(cell.row, cell.height / 2, cell.height / 2) for cell in cells],
        _gaps(figure, {one: [cell.row for cell in held[one]] for one in held}, _over, BELOW),
    )
    nodes = _nodes(figure, cells, columns, rows)
    return Places(nodes, _aligned(figure, _clusters(figure, nodes, held), held))


def _cells(figure: Figure) -> list[_Cell]:
    nodes = {node.id: node for node in figure.nodes}
    drugs: dict[str, float] = {}
    for edge in drug_edges(figure):
        width = box(nodes[edge.source]).width
        drugs[edge.target] = drugs.get(edge.target, 0.0) + TO_DRUG + width
    found = []
    for row, names in enumerate(figure.rows):
        for column, name in enumerate(names):
            if name:
                size = box(nodes[name])
                half = size.width / 2
                left = half + drugs.get(name, 0.0)
                found.append(_Cell(name, row, column, left, half, size.height))
    return found


def _labelled(
    figure: Figure, held: Mapping[str, list[_Cell]]
) -> Iterator[tuple[int, float, float]]:
    """What the labels of grounds need that are one column wide."""
    for cluster in figure.clusters:
        columns = {cell.column for cell in held[cluster.id]}
        if len(columns) == 1:
            half = _least_width(cluster, held[cluster.id], figure) / 2 - _beside(cluster)[0]
            yield columns.pop(), half, half


def _least_width(cluster: Cluster, cells: list[_Cell], figure: Figure) -> float:
    """What a label needs; twice as much where an edge leads up from the column under it."""
    label = label_width(*cluster_words(cluster))
    usual = label + 2 * INSET + 1
    columns, rows = _spans(cells)
    if columns[0] != columns[1] or cluster.parent or label > LONG_LABEL:
        return usual
    row = {name: index for index, names in enumerate(figure.rows) for name in names}
    names = {cell.id for cell in cells}
    ends = [(edge.source, edge.target) for edge in figure.edges]
    ends += [(target, source) for source, target in ends]
    is_left = any(
        one in names and other not in names and row.get(other, rows[0]) < rows[0]
        for one, other in ends
    )
    return 2 * (label + INSET + 8) if is_left else usual


def _homes(figure: Figure) -> dict[str, set[str]]:
    """The grounds around each node."""
    parents = {cluster.id: cluster.parent for cluster in figure.clusters}
    found = {}
    for node in figure.nodes:
        around_it = set()
        one = node.cluster
        while one:
            around_it.add(one)
            one = parents[one]
        found[node.id] = around_it
    return found


def _beside(cluster: Cluster) -> tuple[float, float]:
    """What a ground's border takes at its left and right."""
    margin = MEMBRANE_MARGIN if cluster.kind is Ground.MEMBRANE else MARGIN
    return margin, margin


def _over(cluster: Cluster) -> tuple[float, float]:
    """What a ground's border and label take above and below."""
    if cluster.kind is Ground.MEMBRANE:
        return MEMBRANE_MARGIN, MEMBRANE_MARGIN + MEMBRANE_LABEL
    return MARGIN + LABEL, FOOT


def _gaps(
    figure: Figure,
    lines: Mapping[str, list[int]],
    sides: Callable[[Cluster], tuple[float, float]],
    least: float,
) -> Callable[[int], float]:
    """How far a line of the grid stands from the next one."""
    depth = _depths(figure)

    def needed(line: int, is_end: bool) -> float:
        """What the grounds that end at a line take beyond it, or those that begin take before."""
        taken: dict[str, float] = {}
        for cluster in sorted(figure.clusters, key=lambda one: -depth[one.id]):
            here = lines[cluster.id]
            if here and (max(here) if is_end else min(here)) == line:
                inner = max(
                    (
                        taken[one.id]
                        for one in figure.clusters
                        if one.parent == cluster.id and one.id in taken
                    ),
                    default=0.0,
                )
                taken[cluster.id] = inner + sides(cluster)[1 if is_end else 0]
        return max(taken.values(), default=0.0)

    def gap(line: int) -> float:
        borders = needed(line, is_end=True) + needed(line + 1, is_end=False)
        return max(least, borders + APART) if borders else least

    return gap


def _depths(figure: Figure) -> dict[str, int]:
    parents = {cluster.id: cluster.parent for cluster in figure.clusters}

    def depth(one: str) -> int:
        return 1 + depth(parents[one]) if parents[one] else 0

    return {one: depth(one) for one in parents}


def _middles(
    extents: Iterable[tuple[int, float, float]], gap: Callable[[int], float]
) -> dict[int, float]:
    """The middle of each line of the grid, from what reaches before and beyond it."""
    before: dict[int, float] = {}
    beyond: dict[int, float] = {}
    for line, first, second in extents:
        before[line] = max(before.get(line, 0.0), first)
        beyond[line] = max(beyond.get(line, 0.0), second)
    middles: dict[int, float] = {}
    edge = 0.0
    for line in range(max(before, default=-1) + 1):
        middles[line] = edge + before.get(line, 0.0)
        edge = middles[line] + beyond.get(line, 0.0) + (gap(line) if line in before else 0.0)
    return middles


def _nodes(
    figure: Figure, cells: Iterable[_Cell], columns: Mapping[int, float], rows: Mapping[int, float]
) -> dict[str, Rect]:
    nodes = {node.id: node for node in figure.nodes}
    places = {}
    for cell in cells:
        x, y = columns[cell.column], rows[cell.row]
        half = cell.height / 2
        places[cell.id] = Rect(x - cell.right, y - half, x + cell.right, y + half)
    for edge in drug_edges(figure):
        size, target = box(nodes[edge.source]), places[edge.target]
        others = [
            places[one.source].left
            for one in drug_edges(figure)
            if one.target == edge.target and one.source in places
        ]
        right = min([target.left, *others]) - TO_DRUG
        y = target.center[1]
        places[edge.source] = Rect(
            right - size.width, y - size.height / 2, right, y + size.height / 2
        )
    return places


def _clusters(
    figure: Figure, nodes: Mapping[str, Rect], held_cells: Mapping[str, list[_Cell]]
) -> dict[str, Rect]:
    depth = _depths(figure)
    places: dict[str, Rect] = {}
    for cluster in sorted(figure.clusters, key=lambda one: -depth[one.id]):
        held = [nodes[node.id] for node in figure.nodes if node.cluster == cluster.id]
        held += [
            places[one.id]
            for one in figure.clusters
            if one.parent == cluster.id and one.id in places
        ]
        if not held:
            continue
        inner = around(
            corner for one in held for corner in ((one.left, one.top), (one.right, one.bottom))
        )
        (left, right), (top, bottom) = _beside(cluster), _over(cluster)
        least = _least_width(cluster, held_cells[cluster.id], figure)
        missing = max(0.0, least - inner.width - left - right) / 2
        places[cluster.id] = Rect(
            inner.left - left - missing,
            inner.top - top,
            inner.right + right + missing,
            inner.bottom + bottom,
        )
    return places


def _aligned(
    figure: Figure, places: Mapping[str, Rect], held: Mapping[str, list[_Cell]]
) -> dict[str, Rect]:
    """Outermost grounds that begin or end in the same line of the grid do so at the same place."""
    aligned = dict(places)
    outer = [one.id for one in figure.clusters if not one.parent and one.id in places]
    for name in outer:
        columns, rows = _spans(held[name])
        alike = [(places[one], *_spans(held[one])) for one in outer]
        aligned[name] = Rect(
            min(place.left for place, across, _ in alike if across[0] == columns[0]),
            min(place.top for place, _, down in alike if down[0] == rows[0]),
            max(place.right for place, across, _ in alike if across[1] == columns[1]),
            max(place.bottom for place, _, down in alike if down[1] == rows[1]),
        )
    return aligned


def _spans(cells: Iterable[_Cell]) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last column, first and last row."""
    columns, rows = zip(*((cell.column, cell.row) for cell in cells), strict=True)
    return (min(columns), max(columns)), (min(rows), max(rows))
