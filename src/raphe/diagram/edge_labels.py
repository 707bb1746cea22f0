"""Words on edges: where on its course a label disturbs least."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import dist
from xml.etree.ElementTree import Element

from raphe.diagram.figure import Figure, Role
from raphe.diagram.font import FAMILY, Face, measure
from raphe.diagram.geometry import Drawing, Point, Rect
from raphe.diagram.labels import edge_id
from raphe.diagram.palette import Palette
from raphe.diagram.svg import element
from raphe.diagram.text import clean

SIZE = 8.0
#: Shares of the course that are tried, the middle first.
_PLACES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)


def label_edges(figure: Figure, drawing: Drawing, colors: Palette) -> list[Element]:
    """The labels of edges, each where it covers no node and no other label, if there is such."""
    taken = [*drawing.nodes.values()]
    made = []
    for edge in figure.edges:
        course = drawing.edges.get(edge_id(edge, figure))
        if not edge.label or not course:
            continue
        words = clean(edge.label)
        half = measure(words, SIZE, Face.BOLD) / 2 + 1.5
        places = [_rect(point_at(course, share), half) for share in _PLACES]
        place = next((one for one in places if not any(one.meets(box) for box in taken)), places[0])
        taken.append(place)
        x, y = place.center
        made.append(
            element(
                "text",
                {
                    "class": "carried",
                    "x": x,
                    "y": y + SIZE * 0.36,
                    "text-anchor": "middle",
                    "font-family": FAMILY,
                    "font-size": SIZE,
                    "font-weight": "bold",
                    "fill": colors.opposing if edge.role is Role.OPPOSING else colors.explaining,
                    # The paper shines through around the letters, so that lines end before them.
                    "stroke": colors.background,
                    "stroke-width": "3",
                    "stroke-linejoin": "round",
                    "paint-order": "stroke",
                },
                text=words,
            )
        )
    return made


def point_at(course: Sequence[Point], share: float) -> Point:
    """The point at a share of the length of a course.

    Examples
    --------
    >>> point_at(((0.0, 0.0), (2.0, 0.0), (2.0, 2.0)), 0.75)
    (2.0, 1.0)
    """
    left = share * sum(dist(one, other) for one, other in pairwise(course))
    for one, other in pairwise(course):
        length = dist(one, other)
        if length >= left and length:
            part = left / length
            return one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1])
        left -= length
    return course[-1]


def _rect(center: Point, half: float) -> Rect:
    x, y = center
    return Rect(x - half, y - SIZE * 0.6, x + half, y + SIZE * 0.6)
