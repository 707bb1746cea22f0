"""What pictures of doses are made of: text, lines, marks, and the key that explains them."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from raphe.calling import Call
from raphe.diagram.figure import State
from raphe.diagram.font import FAMILY, Face, measure
from raphe.diagram.palette import Palette
from raphe.diagram.svg import element, number
from raphe.diagram.text import clean

#: Sizes of text in points.
NAME, SMALL = 10.0, 8.0
#: Calls as the states of diagrams, whose colours they have.
STATES = {call: State(call.value) for call in Call}
#: Half the width of a mark.
_MARK = 3.4


def text(
    x: float,
    y: float,
    words: str,
    size: float,
    color: str,
    face: Face = Face.REGULAR,
    anchor: str = "start",
) -> Element:
    """A line of text."""
    attributes: dict[str, str | float] = {
        "x": x,
        "y": y,
        "font-family": FAMILY,
        "font-size": size,
        "fill": color,
    }
    if anchor != "start":
        attributes["text-anchor"] = anchor
    if face is Face.BOLD:
        attributes["font-weight"] = "bold"
    return element("text", attributes, text=clean(words))


def rect(x: float, y: float, width: float, height: float, fill: str) -> Element:
    """A filled rectangle."""
    return element("rect", {"x": x, "y": y, "width": width, "height": height, "fill": fill})


def line(
    x1: float, y1: float, x2: float, y2: float, color: str, width: float = 0.8, dashes: str = ""
) -> Element:
    """A straight line."""
    attributes: dict[str, str | float] = {
        "x1": x1,
        "y1": y1,
        "x2": x2,
        "y2": y2,
        "stroke": color,
        "stroke-width": width,
    }
    if dashes:
        attributes["stroke-dasharray"] = dashes
    return element("line", attributes)


def polyline(points: Sequence[tuple[float, float]], color: str, width: float) -> Element:
    """A line through points."""
    attributes: dict[str, str | float] = {
        "d": "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points),
        "fill": "none",
        "stroke": color,
        "stroke-width": width,
        "stroke-linejoin": "round",
    }
    return element("path", attributes)


def diamond(x: float, y: float, colors: Palette) -> Element:
    """Where a direction turns."""
    corners = ((x - _MARK, y), (x, y - _MARK), (x + _MARK, y), (x, y + _MARK))
    attributes: dict[str, str | float] = {
        "points": " ".join(f"{number(a)},{number(b)}" for a, b in corners),
        "fill": colors.background,
        "stroke": colors.text,
        "stroke-width": 1.4,
    }
    return element("polygon", attributes)


def ring(x: float, y: float, colors: Palette) -> Element:
    """Where half of an effect is reached."""
    attributes: dict[str, str | float] = {
        "cx": x,
        "cy": y,
        "r": _MARK - 0.4,
        "fill": colors.background,
        "stroke": colors.text,
        "stroke-width": 1.4,
    }
    return element("circle", attributes)


def mixed(none: str, full: str, share: float) -> str:
    """A colour between two.

    Examples
    --------
    >>> mixed("#FFFFFF", "#000000", 0.5)
    '#808080'
    """
    parts = [(int(none[at : at + 2], 16), int(full[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one + share * (other - one)):02X}" for one, other in parts)


def key(colors: Palette, width: float) -> tuple[Element, float]:
    """What fills and marks mean, on as many lines as it takes; and its height."""
    items = _items(colors)
    parts: list[Element] = []
    x, y = 0.0, 9.0
    for words, drawn, wide in items:
        needed = wide + 5 + measure(words, SMALL)
        if x and x + needed > width:
            x, y = 0.0, y + 16
        drawn.set("transform", f"translate({number(x)} {number(y)})")
        parts += [drawn, text(x + wide + 5, y, words, SMALL, colors.muted)]
        x += needed + 16
    return element("g", {"class": "key", "aria-hidden": "true"}, *parts), y + 4


def _items(colors: Palette) -> list[tuple[str, Element, float]]:
    """Words, what they stand for, and its width."""
    items: list[tuple[str, Element, float]] = []
    for call, word in (
        (Call.UP, "up"),
        (Call.DOWN, "down"),
        (Call.AMBIGUOUS, "ambiguous"),
        (Call.UNCHANGED, "unchanged"),
    ):
        paint = colors.states[STATES[call]]
        box = rect(0, -8, 11, 10, fill=paint.fill)
        box.set("stroke", paint.border)
        items.append((f"called {word}", box, 11.0))
    fill = colors.states[State.UP].fill
    band = (rect(0, -8, 16, 10, fill=fill), line(0, -3, 16, -3, colors.text, 1.8))
    turn = (line(0, -3, 16, -3, colors.text, 1.6), diamond(8, -3, colors))
    return [
        *items,
        ("median and 90 % interval", element("g", {}, *band), 16.0),
        ("smallest change that counts", line(0, -3, 16, -3, colors.muted, 0.7, "1 2"), 16.0),
        ("direction turns: median, 90 %, share of the draws", element("g", {}, *turn), 16.0),
        ("half of the effect", ring(5, -3, colors), 10.0),
        ("half occupied", line(3, -9, 3, 2, colors.text, 1.4), 6.0),
        ("usual exposure", line(4, -10, 4, 3, colors.muted, 0.8, "2 2"), 8.0),
    ]
