"""Ways of arrows between cards that stand in rows: straight, bent in the gap, or round a corner."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

from raphe.diagram.geometry import Point, Rect

#: Radius of a rounded corner, in points.
RADIUS = 9.0
#: Length of the arrowhead, which the line leaves free.
HEAD = 9.0


def straight(start: Point, end: Point) -> tuple[Point, ...]:
    """Control points of one curve that leaves and arrives sideways.

    Examples
    --------
    >>> straight((0, 0), (30, 0))
    ((0, 0), (10.5, 0), (10.5, 0), (30, 0))
    """
    # Bent evenly up to the arrowhead, which then lies flat.
    middle = (start[0] + end[0] - HEAD) / 2
    return (start, (middle, start[1]), (middle, end[1]), end)


def rounded(corners: Sequence[Point]) -> tuple[Point, ...]:
    """Control points of a way along corners, each of them rounded.

    Examples
    --------
    >>> len(rounded(((0, 0), (0, 50), (80, 50))))
    10
    """
    points: list[Point] = [corners[0]]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        into = _toward(corner, before)
        out = _toward(corner, after)
        points += [*_line(points[-1], into), corner, corner, out]
    points += _line(points[-1], corners[-1])
    return tuple(points)


def shortened(points: Sequence[Point]) -> tuple[Point, ...]:
    """The same curve ending where its arrowhead begins.

    Examples
    --------
    >>> shortened(((0, 0), (10, 0), (20, 0), (30, 0)))[-1]
    (21.0, 0.0)
    """
    end, before = points[-1], next(one for one in reversed(points) if one != points[-1])
    span = math.dist(end, before)
    moved = _between(end, before, min(HEAD / span, 1.0))
    # Keep the direction of arrival: the control point before the end gives way as well.
    held = points[-2] if math.dist(points[-2], end) > HEAD else moved
    return (*points[:-2], held, moved)


def is_free(points: Iterable[Point], cards: Iterable[Rect]) -> bool:
    """Whether a way, its corners joined straight, runs through no card.

    Examples
    --------
    >>> is_free([(0, 0), (9, 0)], [Rect(3, -1, 5, 1)])
    False
    """
    known = list(points)
    return not any(box.cut_by(*piece) for piece in itertools.pairwise(known) for box in cards)


def _toward(corner: Point, other: Point) -> Point:
    span = math.dist(corner, other)
    return _between(corner, other, min(RADIUS, span / 2) / span) if span else corner


def _between(start: Point, end: Point, share: float) -> Point:
    return (
        start[0] + (end[0] - start[0]) * share,
        start[1] + (end[1] - start[1]) * share,
    )


def _line(start: Point, end: Point) -> tuple[Point, Point, Point]:
    return (_between(start, end, 1 / 3), _between(start, end, 2 / 3), end)
