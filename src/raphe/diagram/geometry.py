"""Where things stand in a drawing: boxes of nodes and clusters, courses of edges, in points."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree.ElementTree import Element

from raphe.diagram.svg import groups

Point: TypeAlias = tuple[float, float]

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")

#: Straight pieces that stand for one Bézier curve.
PIECES = 8


@dataclass(frozen=True, slots=True)
class Rect:
    """An upright rectangle; y grows downwards, as in SVG."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def center(self) -> Point:
        """The middle."""
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def grown(self, by: float) -> Rect:
        """The rectangle with a margin around it."""
        return Rect(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: Rect) -> bool:
        """Whether the two have some area in common.

        Examples
        --------
        >>> Rect(0, 0, 2, 2).meets(Rect(1, 1, 3, 3)), Rect(0, 0, 1, 1).meets(Rect(1, 0, 2, 1))
        (True, False)
        """
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Rect) -> bool:
        """Whether the other lies wholly within this one.

        Examples
        --------
        >>> Rect(0, 0, 3, 3).holds(Rect(1, 1, 2, 2))
        True
        """
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def cut_by(self, start: Point, end: Point) -> bool:
        """Whether a straight line runs through the inside.

        Examples
        --------
        >>> Rect(0, 0, 2, 2).cut_by((-1, 1), (3, 1)), Rect(0, 0, 2, 2).cut_by((-1, 3), (3, 3))
        (True, False)

        Notes
        -----
        Liang and Barsky (1984): the share of the line that lies within all four borders.
        """
        enter, leave = 0.0, 1.0
        for low, high, first, last in (
            (self.left, self.right, start[0], end[0]),
            (self.top, self.bottom, start[1], end[1]),
        ):
            if first == last:
                if not low < first < high:
                    return False
                continue
            one, two = (low - first) / (last - first), (high - first) / (last - first)
            enter, leave = max(enter, min(one, two)), min(leave, max(one, two))
        return enter < leave


@dataclass(frozen=True, slots=True)
class Drawing:
    """What Graphviz has placed, by the ids that the DOT text gave."""

    nodes: Mapping[str, Rect]
    clusters: Mapping[str, Rect]
    #: Each edge as a line of short straight pieces, from tail to head.
    edges: Mapping[str, tuple[Point, ...]]

    @property
    def bounds(self) -> Rect:
        """The box around everything but the title."""
        corners = [
            point
            for rect in (*self.nodes.values(), *self.clusters.values())
            for point in ((rect.left, rect.top), (rect.right, rect.bottom))
        ]
        return around([*corners, *(point for line in self.edges.values() for point in line)])


def read_drawing(root: Element) -> Drawing:
    """Where things stand in an SVG that Graphviz drew."""
    return Drawing(
        nodes={one.get("id", ""): box_of(one) for one in groups(root, "node")},
        clusters={
            one.get("id", ""): box_of(one)
            for one in groups(root, "cluster")
            if len(one) > 1  # The unseen ones that hold pairs together have a name and no outline.
        },
        edges={one.get("id", ""): course_of(one) for one in groups(root, "edge")},
    )


def around(points: Iterable[Point]) -> Rect:
    """The smallest rectangle that holds the points; of none, the empty one.

    Examples
    --------
    >>> around([(0, 1), (2, 0)])
    Rect(left=0, top=0, right=2, bottom=1)
    """
    known = list(points) or [(0.0, 0.0)]
    across, down = [x for x, _ in known], [y for _, y in known]
    return Rect(min(across), min(down), max(across), max(down))


def box_of(group: Element) -> Rect:
    """The box around the outlines of a node or cluster."""
    found: list[Point] = []
    for one in group.iter():
        if one.tag == "ellipse":
            x, y, wide, high = (float(one.get(name, "0")) for name in ("cx", "cy", "rx", "ry"))
            found += [(x - wide, y - high), (x + wide, y + high)]
        elif one.tag in ("polygon", "polyline"):
            found += points_in(one.get("points", ""))
        elif one.tag == "path":
            # Control points of rounded corners lie on the corner or inside.
            found += points_in(one.get("d", ""))
    return around(found)


def course_of(group: Element) -> tuple[Point, ...]:
    """The course of an edge, its Bézier curves as short straight pieces."""
    path = next((one for one in group.iter("path")), None)
    if path is None:
        return ()
    controls = points_in(path.get("d", ""))
    course = controls[:1]
    for index in range(0, len(controls) - 3, 3):
        course += [
            _bezier(controls[index : index + 4], step / PIECES) for step in range(1, PIECES + 1)
        ]
    return tuple(course)


def points_in(text: str) -> list[Point]:
    """The points in a list of coordinates or in path data with absolute commands.

    Examples
    --------
    >>> points_in("M0,-1.5C1,2 3,4 5,6")
    [(0.0, -1.5), (1.0, 2.0), (3.0, 4.0), (5.0, 6.0)]
    """
    values = [float(one) for one in _NUMBER.findall(text)]
    return list(zip(values[::2], values[1::2], strict=True))


def crossings(first: tuple[Point, ...], second: tuple[Point, ...]) -> int:
    """How often two courses cross.

    Examples
    --------
    >>> crossings(((0, 0), (2, 2)), ((0, 2), (2, 0)))
    1
    """
    if not around(first).grown(0.1).meets(around(second).grown(0.1)):
        return 0
    return sum(
        _cross(*one, *two)
        for one in itertools.pairwise(first)
        for two in itertools.pairwise(second)
    )


def length(course: tuple[Point, ...]) -> float:
    """Length of a course in points.

    Examples
    --------
    >>> length(((0, 0), (3, 4), (3, 5)))
    6.0
    """
    return sum(math.dist(one, two) for one, two in itertools.pairwise(course))


def _bezier(controls: list[Point], share: float) -> Point:
    rest = 1 - share
    weights = (rest**3, 3 * rest * rest * share, 3 * rest * share * share, share**3)
    return (
        sum(weight * point[0] for weight, point in zip(weights, controls, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, controls, strict=True)),
    )


def _cross(one: Point, two: Point, three: Point, four: Point) -> bool:
    """Whether two straight lines cross, ends not counted."""
    return (
        _side(one, two, three) * _side(one, two, four) < 0
        and _side(three, four, one) * _side(three, four, two) < 0
    )


def _side(start: Point, end: Point, point: Point) -> float:
    across = (end[0] - start[0]) * (point[1] - start[1])
    return across - (end[1] - start[1]) * (point[0] - start[0])
