"""Ends of edges moved to the outlines that we draw, where these differ from Graphviz's own."""

from __future__ import annotations

import math
from xml.etree.ElementTree import Element

from raphe.diagram.geometry import Point, Rect, points_in
from raphe.diagram.outlines import corners
from raphe.diagram.shapes import Shape
from raphe.diagram.svg import number

#: Shapes with slanted sides: Graphviz lets the slant grow with the width, we do not.
_SLANTED = (Shape.HEXAGON, Shape.WIDE_HEXAGON, Shape.OCTAGON, Shape.PARALLELOGRAM)


def fit_head(edge: Element, shape: Shape, place: Rect) -> None:
    """Move the head of an edge onto the outline of the node that it points to.

    Examples
    --------
    >>> from raphe.diagram.svg import element
    >>> edge = element("g", {},
    ...     element("path", {"d": "M50,-40C50,-30 20,-20 12,6"}),
    ...     element("polygon", {"points": "9,6 15,6 12,12"}))
    >>> fit_head(edge, Shape.WIDE_HEXAGON, Rect(0, 0, 100, 30))
    >>> edge[0].get("d"), edge[1].get("points")
    ('M50,-40C50,-30 20,-32 12,-6', '9,-6 15,-6 12,0')
    """
    if shape not in _SLANTED:
        return
    path = next((one for one in edge if one.tag == "path"), None)
    marks = [one for one in edge if one.tag in ("polygon", "polyline", "ellipse")]
    if path is None or not marks:
        return
    course = points_in(path.get("d", ""))
    end = course[-1]
    # The line ends where its head begins, so the tip is what is farthest from there.
    tip = max(
        (point for mark in marks for point in _points(mark)),
        key=lambda point: math.dist(point, end),
    )
    x, y = _shift(shape, place, tip)
    moved = [*course[:-2], *((one[0] + x, one[1] + y) for one in (course[-2], end))]
    path.set("d", _path(moved))
    for mark in marks:
        _move(mark, x, y)


def _shift(shape: Shape, place: Rect, tip: Point) -> Point:
    """How far the tip is from our outline, straight up or down, or sideways."""
    if shape is Shape.PARALLELOGRAM and place.top + 2 < tip[1] < place.bottom - 2:
        return (_across(corners(shape, place), tip) - tip[0], 0.0)
    return (0.0, _down(corners(shape, place), tip) - tip[1])


def _down(outline: tuple[Point, ...], tip: Point) -> float:
    """Height at which a vertical through the tip meets the outline nearest to it."""
    meets = [
        one[1] + (two[1] - one[1]) * (tip[0] - one[0]) / (two[0] - one[0])
        for one, two in zip(outline, (*outline[1:], outline[0]), strict=True)
        if one[0] != two[0] and min(one[0], two[0]) <= tip[0] <= max(one[0], two[0])
    ]
    return min(meets, key=lambda y: abs(y - tip[1]), default=tip[1])


def _across(outline: tuple[Point, ...], tip: Point) -> float:
    """Where a horizontal through the tip meets the outline nearest to it."""
    turned = tuple((y, x) for x, y in outline)
    return _down(turned, (tip[1], tip[0]))


def _points(mark: Element) -> list[Point]:
    if mark.tag == "ellipse":
        x, y, radius = (float(mark.get(name, "0")) for name in ("cx", "cy", "rx"))
        return [(x - radius, y), (x + radius, y), (x, y - radius), (x, y + radius)]
    return points_in(mark.get("points", ""))


def _move(mark: Element, x: float, y: float) -> None:
    if mark.tag == "ellipse":
        mark.set("cx", number(float(mark.get("cx", "0")) + x))
        mark.set("cy", number(float(mark.get("cy", "0")) + y))
    else:
        moved = (f"{number(one + x)},{number(two + y)}" for one, two in _points(mark))
        mark.set("points", " ".join(moved))


def _path(points: list[Point]) -> str:
    first, *rest = (f"{number(x)},{number(y)}" for x, y in points)
    return f"M{first}C{' '.join(rest)}"
