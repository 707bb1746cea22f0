"""Outlines of nodes, where Graphviz has none or draws one too heavy."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from raphe.diagram.geometry import Point, Rect
from raphe.diagram.palette import Paint
from raphe.diagram.shapes import Shape
from raphe.diagram.svg import element, number

#: Length of the slanted ends of a phenotype's hexagon: long words keep short points.
POINT = 11.0


def outline(
    shape: Shape, place: Rect, paint: Paint, width: float, dashes: str = ""
) -> Iterator[Element]:
    """The outline of a shape in a place, back to front.

    Examples
    --------
    >>> [one.tag for one in outline(Shape.PORE, Rect(0, 0, 40, 20), Paint("#fff", "#000", "#000"),
    ...                             2)]
    ['rect', 'path']
    """
    look: dict[str, str | float] = {
        "fill": paint.fill,
        "stroke": paint.border,
        "stroke-width": width,
    }
    if dashes:
        look["stroke-dasharray"] = dashes
    if shape is Shape.ELLIPSE:
        x, y = place.center
        yield element(
            "ellipse", {"cx": x, "cy": y, "rx": place.width / 2, "ry": place.height / 2, **look}
        )
    elif shape in (Shape.HEXAGON, Shape.WIDE_HEXAGON, Shape.OCTAGON, Shape.PARALLELOGRAM):
        points = " ".join(f"{number(x)},{number(y)}" for x, y in corners(shape, place))
        yield element("polygon", {"points": points, "stroke-linejoin": "round", **look})
    elif shape is Shape.CYLINDER:
        yield from _cylinder(place, look)
    else:
        radius = {Shape.ROUNDED: 5.0, Shape.CARD: 8.0}.get(shape, 0.0)
        yield element(
            "rect",
            {
                "x": place.left,
                "y": place.top,
                "width": place.width,
                "height": place.height,
                "rx": min(radius, place.height / 3),
                **look,
            },
        )
        if shape is Shape.PORE:
            yield _walls(place, paint)


def corners(shape: Shape, place: Rect) -> tuple[Point, ...]:
    """Corners of a shape with straight sides, clockwise from the left of its top.

    Examples
    --------
    >>> corners(Shape.WIDE_HEXAGON, Rect(0, 0, 100, 30))[:2]
    ((11.0, 0), (89.0, 0))
    """
    left, top, right, bottom = place.left, place.top, place.right, place.bottom
    middle = (top + bottom) / 2
    if shape is Shape.OCTAGON:
        cut = min(6.0, place.height / 3)
        return (
            (left + cut, top),
            (right - cut, top),
            (right, top + cut),
            (right, bottom - cut),
            (right - cut, bottom),
            (left + cut, bottom),
            (left, bottom - cut),
            (left, top + cut),
        )
    if shape is Shape.PARALLELOGRAM:
        slant = min(12.0, place.width / 4)
        return ((left + slant, top), (right, top), (right - slant, bottom), (left, bottom))
    point = min(POINT, place.width / 4)
    return (
        (left + point, top),
        (right - point, top),
        (right, middle),
        (right - point, bottom),
        (left + point, bottom),
        (left, middle),
    )


def _walls(place: Rect, paint: Paint) -> Element:
    """Two lines inside the sides: what passes, passes between them."""
    inset = min(6.0, place.width / 5)
    data = " ".join(
        f"M{number(x)},{number(place.top)}V{number(place.bottom)}"
        for x in (place.left + inset, place.right - inset)
    )
    return element("path", {"d": data, "fill": "none", "stroke": paint.border, "stroke-width": 1.2})


def _cylinder(place: Rect, look: dict[str, str | float]) -> Iterator[Element]:
    lid = min(4.0, place.height / 4)
    half = number(place.width / 2)
    left, right = number(place.left), number(place.right)
    upper, lower = number(place.top + lid), number(place.bottom - lid)
    arc = f"A{half},{number(lid)} 0 0 "
    yield element(
        "path",
        {
            "d": f"M{left},{upper}{arc}1 {right},{upper}V{lower}{arc}1 {left},{lower}Z"
            f"M{left},{upper}{arc}0 {right},{upper}",
            **look,
        },
    )
