"""Edges there and back between two nodes, drawn beside each other where they would coincide."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from raphe.diagram.figure import Edge, Figure
from raphe.diagram.geometry import Point, Rect, box_of, points_in
from raphe.diagram.labels import edge_id
from raphe.diagram.svg import groups, number
from raphe.diagram.text import key

#: From the line between the nodes to each of the two edges, in points.
ASIDE = 5.5


def part_pairs(figure: Figure, root: Element) -> None:
    """Move edges that run against each other, or beside each other, apart, within the SVG."""
    drawn = {one.get("id", ""): one for one in groups(root, "edge")}
    places = {one.get("id", ""): box_of(one) for one in groups(root, "node")}
    for several in _pairs(figure):
        ends = [f"node-{key(name)}" for name in (several[0].source, several[0].target)]
        if not all(name in places for name in ends):
            continue
        (left, top), (right, bottom) = (places[name].center for name in ends)
        # Square to the line between the nodes, the same for edges there and back.
        square = (top - bottom, right - left)
        for index, edge in enumerate(several):
            group = drawn.get(edge_id(edge, figure))
            if group is not None:
                away = ASIDE * (2 * index - len(several) + 1)
                _shift(group, edge, away, square, places)


def _pairs(figure: Figure) -> Iterator[list[Edge]]:
    """Edges between the same two nodes, more than one."""
    by_ends: dict[frozenset[str], list[Edge]] = {}
    for edge in figure.edges:
        if edge.source != edge.target:
            by_ends.setdefault(frozenset((edge.source, edge.target)), []).append(edge)
    yield from (several for several in by_ends.values() if len(several) > 1)


def _shift(group: Element, edge: Edge, away: float, square: Point, places: dict[str, Rect]) -> None:
    path = next((one for one in group if one.tag == "path"), None)
    if path is None:
        return
    course = points_in(path.get("d", ""))
    tail = _along(course[0], places[f"node-{key(edge.source)}"], away, square)
    head = _along(course[-1], places[f"node-{key(edge.target)}"], away, square)
    last = len(course) - 1
    moved = [
        (
            x + tail[0] + (head[0] - tail[0]) * index / last,
            y + tail[1] + (head[1] - tail[1]) * index / last,
        )
        for index, (x, y) in enumerate(course)
    ]
    start, *rest = (f"{number(x)},{number(y)}" for x, y in moved)
    path.set("d", f"M{start}C{' '.join(rest)}")
    for mark in group:
        if mark.tag in ("polygon", "polyline"):
            points = points_in(mark.get("points", ""))
            told = (f"{number(x + head[0])},{number(y + head[1])}" for x, y in points)
            mark.set("points", " ".join(told))
        elif mark.tag == "ellipse":
            mark.set("cx", number(float(mark.get("cx", "0")) + head[0]))
            mark.set("cy", number(float(mark.get("cy", "0")) + head[1]))


def _along(end: Point, place: Rect, away: float, square: Point) -> Point:
    """A step along the side of a node at which an edge ends, to the side that is meant."""
    x, y = place.center
    steep = abs(end[1] - y) * max(place.width, 1.0) >= abs(end[0] - x) * max(place.height, 1.0)
    if steep:
        return (away if square[0] >= 0 else -away, 0.0)
    return (0.0, away if square[1] >= 0 else -away)
