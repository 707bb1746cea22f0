"""Workflows: steps as cards in columns, phases side by side, rows where a line would be too wide.

A protocol is read like a text, from left to right and then on the next line. Graphviz cannot break
a line of ranks, so cards are placed here and Graphviz is told where they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from raphe.diagram.cards import card
from raphe.diagram.figure import Edge, Figure, Node
from raphe.diagram.geometry import Point, Rect, around
from raphe.diagram.layers import flow_order
from raphe.diagram.routes import is_free, rounded, straight

#: Widest row in points; with the margins it is 1400 px at 100 %.
ROW_WIDTH = 1010.0
#: Between columns, where the arrows are.
COLUMN_GAP = 38.0
#: Most that each gap of a row is widened by, so that the row reaches the width of the widest.
MOST_AIR = 200.0
LANE_GAP = 16.0
PHASE_GAP = 16.0
ROW_GAP = 34.0
#: Around the cards of a phase; above them stands its name.
PADDING = 16.0
HEADROOM = 28.0


@dataclass(frozen=True, slots=True)
class Part:
    """Columns of one phase that stand in one row."""

    phase: str
    #: Steps by column, each from top to bottom.
    columns: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Where everything stands; y grows downwards."""

    cards: Mapping[str, Rect]
    phases: Mapping[str, Rect]
    #: Control points of each arrow, to the tip.
    ways: Mapping[Edge, tuple[Point, ...]]


def step_numbers(figure: Figure) -> dict[str, str]:
    """The number of each step; steps at the same stage share it and have letters.

    Examples
    --------
    >>> from raphe.diagram.figure import Kind
    >>> steps = tuple(Node(one, one, Kind.STEP) for one in ("mix", "total", "blank"))
    >>> edges = (Edge("mix", "total"), Edge("mix", "blank"))
    >>> step_numbers(Figure("Binding", nodes=steps, edges=edges))
    {'mix': '1', 'blank': '2a', 'total': '2b'}
    """
    stages = _stages(figure)
    numbers = {}
    for count, stage in enumerate(sorted(set(stages.values())), start=1):
        here = [node.id for node in figure.nodes if stages[node.id] == stage]
        for index, name in enumerate(here):
            # Past z the letters are not told apart any more; no protocol has so many branches.
            numbers[name] = f"{count}{chr(97 + index % 26) if len(here) > 1 else ''}"
    return numbers


def place_steps(figure: Figure) -> Grid:
    """Places of all cards, phases and arrows of a workflow."""
    stages = _stages(figure)
    parts = _parts(figure, stages)
    wide = max(card(node).width for node in figure.nodes)
    high = max(card(node).height for node in figure.nodes)
    rows = _balanced(parts, wide)
    reach = max(_row_width(row, wide) for row in rows)
    cards: dict[str, Rect] = {}
    extents: dict[str, list[Rect]] = {}
    gutters = []
    top = 0.0
    for row in rows:
        lanes = max(len(column) for part in row for column in part.columns)
        inside = lanes * high + (lanes - 1) * LANE_GAP
        left = 0.0
        air = _air(row, wide, reach)
        gap = COLUMN_GAP + air
        for part in row:
            start = left
            left += PADDING + air
            for column in part.columns:
                tall = len(column) * high + (len(column) - 1) * LANE_GAP
                y = top + HEADROOM + (inside - tall) / 2
                for node in column:
                    cards[node.id] = Rect(left, y, left + wide, y + high)
                    y += high + LANE_GAP
                left += wide + gap
            left += PADDING + air - gap
            bottom = top + HEADROOM + inside + PADDING
            extents.setdefault(part.phase, []).append(Rect(start, top, left, bottom))
            left += PHASE_GAP
        top += HEADROOM + inside + PADDING + ROW_GAP
        gutters.append(top - ROW_GAP / 2)
    phases = {
        phase: around(
            corner for box in boxes for corner in ((box.left, box.top), (box.right, box.bottom))
        )
        for phase, boxes in extents.items()
        if phase
    }
    ways = {edge: _way(edge, cards, gutters) for edge in figure.edges}
    return Grid(cards, phases, ways)


def _stages(figure: Figure) -> dict[str, int]:
    """Length of the longest way to each step; arrows back, to repeat a step, do not count."""
    arcs = {(edge.source, edge.target): 1.0 for edge in figure.edges}
    order = flow_order([node.id for node in figure.nodes], arcs)
    place = {name: index for index, name in enumerate(order)}
    stages = dict.fromkeys(order, 0)
    for name in order:
        for source, target in arcs:
            if source == name and place[source] < place[target]:
                stages[target] = max(stages[target], stages[source] + 1)
    return stages


def _parts(figure: Figure, stages: Mapping[str, int]) -> list[list[Part]]:
    """Each phase as one part, or as several where it is wider than a row."""
    phases = [cluster.id for cluster in figure.clusters]
    # Steps outside all phases come first or last, as their stage is.
    phases += [""] if any(not node.cluster for node in figure.nodes) else []
    wide = max(card(node).width for node in figure.nodes)
    most = max(1, int((ROW_WIDTH - 2 * PADDING + COLUMN_GAP) // (wide + COLUMN_GAP)))
    lane: dict[str, float] = {}
    found = []
    for phase in phases:
        nodes = [node for node in figure.nodes if node.cluster == phase]
        columns = []
        for stage in sorted({stages[node.id] for node in nodes}):
            here = [node for node in nodes if stages[node.id] == stage]
            here.sort(key=lambda node: _mean_lane(node, figure, lane))
            for index, node in enumerate(here):
                lane[node.id] = index - (len(here) - 1) / 2
            columns.append(tuple(here))
        if columns:
            cuts = range(0, len(columns), most)
            parts = [Part(phase, tuple(columns[cut : cut + most])) for cut in cuts]
            found.append(parts)
    return found


def _mean_lane(node: Node, figure: Figure, lane: Mapping[str, float]) -> float:
    """Where the steps before it stand: so branches do not cross. The sort keeps equals in order."""
    before = [
        lane[edge.source] for edge in figure.edges if edge.target == node.id and edge.source in lane
    ]
    return sum(before) / len(before) if before else 0.0


def _balanced(phases: list[list[Part]], wide: float) -> list[list[Part]]:
    """As few rows as the width allows, as even as they can be."""
    best = _rows(phases, wide, ROW_WIDTH)
    width = ROW_WIDTH
    while width > wide and len(rows := _rows(phases, wide, width)) == len(best):
        best = rows
        width -= 10
    return best


def _rows(phases: list[list[Part]], wide: float, width: float) -> list[list[Part]]:
    rows: list[list[Part]] = []
    may_join = False
    for parts in phases:
        if len(parts) > 1:
            # A phase of several rows has them for itself, since its ground encloses them all.
            rows += [[part] for part in parts]
            may_join = False
        elif may_join and _row_width([*rows[-1], parts[0]], wide) <= width:
            rows[-1].append(parts[0])
        else:
            rows.append(list(parts))
            may_join = True
    return rows


def _row_width(row: list[Part], wide: float) -> float:
    columns = sum(len(part.columns) for part in row)
    within = columns * wide + (columns - len(row)) * COLUMN_GAP
    return within + len(row) * 2 * PADDING + (len(row) - 1) * PHASE_GAP


def _air(row: list[Part], wide: float, reach: float) -> float:
    """What to add between and around the cards of a row to spread it to the common width."""
    gaps = sum(len(part.columns) + 1 for part in row)
    air = (reach - _row_width(row, wide)) / gaps
    return air if air <= MOST_AIR else 0.0


def _way(edge: Edge, cards: Mapping[str, Rect], gutters: list[float]) -> tuple[Point, ...]:
    """How an arrow runs: sideways to the next card, else through the gutter below a row."""
    source, target = cards[edge.source], cards[edge.target]
    others = [box for name, box in cards.items() if name not in (edge.source, edge.target)]
    start, end = (source.right, source.center[1]), (target.left, target.center[1])
    direct = straight(start, end)
    if start[0] < end[0] and is_free(direct, others):
        return direct
    outside = min(box.left for box in cards.values()) - 2 * PADDING
    below = next(one for one in gutters if one > source.bottom)
    out = _out(source, below, others)
    # A card in a later row is entered from the gutter above its row, others from their own.
    above = max((one for one in gutters if one < target.top), default=None)
    if above is not None and target.top > source.bottom:
        into = _into_from_above(target, above, others)
        if above == below:
            return rounded([*out, *into])
        # Rows between the two are passed behind the source if no card is there, else outside.
        passing = source.right + PADDING / 2
        if not is_free([(passing, below), (passing, above)], others):
            passing = outside
        return rounded([*out, (passing, below), (passing, above), *into])
    # Back to an earlier step, to repeat it: it is entered from the gutter below it.
    under = next(one for one in gutters if one > target.bottom)
    into = _into_from_below(target, under, others)
    if under == below:
        return rounded([*out, *into])
    return rounded([*out, (outside, below), (outside, under), *into])


def _out(source: Rect, gutter: float, others: list[Rect]) -> list[Point]:
    down = (source.center[0], source.bottom)
    if is_free([down, (down[0], gutter)], others):
        return [down, (down[0], gutter)]
    aside = source.right + PADDING / 2
    return [(source.right, source.center[1]), (aside, source.center[1]), (aside, gutter)]


def _into_from_below(target: Rect, gutter: float, others: list[Rect]) -> list[Point]:
    end = (target.center[0], target.bottom)
    if is_free([(end[0], gutter), end], others):
        return [(end[0], gutter), end]
    aside = target.left - PADDING / 2
    return [(aside, gutter), (aside, target.center[1]), (target.left, target.center[1])]


def _into_from_above(target: Rect, gutter: float, others: list[Rect]) -> list[Point]:
    end = (target.center[0], target.top)
    if is_free([(end[0], gutter), end], others):
        return [(end[0], gutter), end]
    aside = target.left - PADDING / 2
    return [(aside, gutter), (aside, target.center[1]), (target.left, target.center[1])]
