"""The legend as it is drawn: a row of small marks with their words."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from raphe.diagram.figure import Role, State
from raphe.diagram.font import FAMILY, measure
from raphe.diagram.geometry import Rect
from raphe.diagram.legend import Extra, Key
from raphe.diagram.outlines import outline
from raphe.diagram.palette import Paint, Palette
from raphe.diagram.shapes import Shape
from raphe.diagram.style import GLYPHS, Head
from raphe.diagram.svg import element, number

SIZE = 9.0
ROW = 19.0
PADDING = 10.0
#: Between two keys.
GAP = 14.0
#: Between a mark and its words.
MARK_GAP = 5.0
MARK_WIDTH = 21.0


def draw_legend(keys: tuple[Key, ...], width: float, colors: Palette) -> tuple[Element, Rect]:
    """The legend as a group with its top left corner at the origin, and its size.

    Parameters
    ----------
    keys
        What is explained.
    width
        Where the row is broken, in points.
    colors
        Of the theme.
    """
    rows = _balanced(keys, width - 2 * PADDING)
    wide = max(sum(map(_key_width, row)) + GAP * (len(row) - 1) for row in rows) + 2 * PADDING
    high = ROW * len(rows) + 2 * (PADDING - 4)
    frame = {"x": 0.0, "y": 0.0, "width": wide, "height": high, "rx": 8.0}
    group = element(
        "g",
        {"id": "legend", "class": "legend", "role": "list", "aria-label": "legend"},
        element("rect", {**frame, "fill": "none", "stroke": colors.rule}),
    )
    for index, row in enumerate(rows):
        left, middle = PADDING, PADDING - 4 + ROW * (index + 0.5)
        for key in row:
            group.append(_draw_key(key, left, middle, colors))
            left += _key_width(key) + GAP
    return group, Rect(0, 0, wide, high)


def _balanced(keys: tuple[Key, ...], width: float) -> list[list[Key]]:
    """As few rows as the width allows, and no row much shorter than the others."""
    best = _rows(keys, width)
    narrower = width
    while len(rows := _rows(keys, narrower)) == len(best) and narrower > 0:
        best = rows
        narrower -= 10
    return best


def _rows(keys: Iterable[Key], width: float) -> list[list[Key]]:
    rows: list[list[Key]] = [[]]
    used = 0.0
    for key in keys:
        wide = _key_width(key)
        if rows[-1] and used + GAP + wide > width:
            rows.append([])
            used = 0.0
        used += wide + (GAP if rows[-1] else 0.0)
        rows[-1].append(key)
    return rows


def _key_width(key: Key) -> float:
    return MARK_WIDTH + MARK_GAP + measure(key.words, SIZE)


def _draw_key(key: Key, left: float, middle: float, colors: Palette) -> Element:
    words = element(
        "text",
        {
            "x": left + MARK_WIDTH + MARK_GAP,
            "y": middle + 0.36 * SIZE,
            "font-family": FAMILY,
            "font-size": SIZE,
            "fill": colors.text,
        },
        text=key.words,
    )
    place = Rect(left, middle - 6.5, left + MARK_WIDTH, middle + 6.5)
    marks = _draw_mark(key, place, colors)
    return element("g", {"class": "key", "role": "listitem"}, *marks, words)


def _draw_mark(key: Key, place: Rect, colors: Palette) -> list[Element]:
    mark = key.mark
    if isinstance(mark, State):
        return _state(mark, place, colors)
    if isinstance(mark, Shape):
        return [*outline(mark, place, colors.mechanism[mark], 1.2)]
    if isinstance(mark, Head):
        return [_line(place, colors.line, 1.5), *_head(mark, place, colors.line, colors.background)]
    if mark is Role.EXPLAINING or mark is Role.OPPOSING:
        color = colors.explaining if mark is Role.EXPLAINING else colors.opposing
        return [_line(place, color, 2.4), *_head(Head.NORMAL, place, color, color)]
    if mark is Extra.CORE:
        paint = Paint(colors.background, colors.line, colors.text)
        inner = Rect(place.left + 2.5, place.top + 2.5, place.right - 2.5, place.bottom - 2.5)
        return [*outline(Shape.PLAIN, place, paint, 1.0), *outline(Shape.PLAIN, inner, paint, 1.0)]
    if mark is Extra.SLOW:
        return [_line(place, colors.line, 1.6, "0.1,4", to=place.right)]
    if mark is Extra.INDIRECT:
        return [_line(place, colors.line, 1.5, "8,3.2", to=place.right)]
    return [_line(place, colors.silenced, 1.5, "5,3", to=place.right)]


def _state(state: State, place: Rect, colors: Palette) -> list[Element]:
    paint = colors.states[state]
    swatch: dict[str, str | float] = {
        "x": place.left,
        "y": place.top,
        "width": place.width,
        "height": place.height,
        "rx": 3.0,
        "fill": paint.fill,
        "stroke": paint.border,
        "stroke-width": 1.3,
    }
    if state in (State.AMBIGUOUS, State.BLOCKED):
        swatch["stroke-dasharray"] = "4,2"
    glyph = element(
        "text",
        {
            "x": place.center[0],
            "y": place.center[1] + 0.36 * SIZE,
            "text-anchor": "middle",
            "font-family": FAMILY,
            "font-size": SIZE,
            "font-weight": "bold",
            "fill": paint.border,
        },
        text=GLYPHS[state],
    )
    return [element("rect", swatch), glyph]


def _line(
    place: Rect, color: str, width: float, dashes: str = "", to: float | None = None
) -> Element:
    middle = place.center[1]
    attributes: dict[str, str | float] = {
        "x1": place.left,
        "y1": middle,
        "x2": place.right - 7 if to is None else to,
        "y2": middle,
        "stroke": color,
        "stroke-width": width,
    }
    if dashes:
        attributes |= {"stroke-dasharray": dashes, "stroke-linecap": "round"}
    return element("line", attributes)


def _head(head: Head, place: Rect, color: str, hollow: str) -> list[Element]:
    """The arrowhead at the right end of a mark."""
    tip, middle = place.right, place.center[1]
    if head is Head.CIRCLE:
        place_of_circle: dict[str, str | float] = {"cx": tip - 3.6, "cy": middle, "r": 3.4}
        look: dict[str, str | float] = {"fill": hollow, "stroke": color, "stroke-width": 1.3}
        return [element("circle", place_of_circle | look)]
    corners = {
        Head.NORMAL: ((-8, -3.2), (0, 0), (-8, 3.2)),
        Head.TEE: (
            (-8, -0.75),
            (-2.4, -0.75),
            (-2.4, -4.5),
            (0, -4.5),
            (0, 4.5),
            (-2.4, 4.5),
            (-2.4, 0.75),
            (-8, 0.75),
        ),
        Head.DIAMOND: ((-10, 0), (-5, -3.2), (0, 0), (-5, 3.2)),
        Head.OPEN: ((-8, -3.4), (0, 0), (-8, 3.4), (-5.4, 0)),
    }[head]
    points = " ".join(f"{number(tip + x)},{number(middle + y)}" for x, y in corners)
    fill = hollow if head is Head.DIAMOND else color
    return [element("polygon", {"points": points, "fill": fill, "stroke": color})]
