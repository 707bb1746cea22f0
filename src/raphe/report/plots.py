"""The two small plots of a readout's row: what is likely, and how large the change is."""

from __future__ import annotations

from collections.abc import Iterable

from raphe.calling import Odds
from raphe.report.markup import Markup, tag
from raphe.report.wording import probability, signed

_BAR = (84.0, 10.0)
_AXIS = (120.0, 16.0)


def odds_bar(odds: Odds) -> Markup:
    """Shares of the draws that go down, stay and go up, from left to right.

    Examples
    --------
    >>> "aria-label" in odds_bar(Odds(0.7, 0.1, 0.2, 0.1, 0.0, 0.3))
    True
    """
    width, height = _BAR
    parts, left = [], 0.0
    for name, share in (("down", odds.down), ("unchanged", odds.unchanged), ("up", odds.up)):
        part = width * max(share, 0.0)
        if part >= 0.05:
            parts.append(
                tag(
                    "rect",
                    class_=f"share {name}",
                    x=_number(left),
                    y="0.5",
                    width=_number(part),
                    height=_number(height - 1),
                )
            )
        left += part
    label = (
        f"probability of a decrease {probability(odds.down)}, "
        f"no change {probability(odds.unchanged)}, an increase {probability(odds.up)}"
    )
    frame = tag(
        "rect",
        class_="frame",
        x="0.5",
        y="0.5",
        width=_number(width - 1),
        height=_number(height - 1),
    )
    return _svg("odds", width, height, label, *parts, frame)


def reach_of(changes: Iterable[Odds]) -> float:
    """The end of an axis on which all of these changes fit, as a round number.

    Examples
    --------
    >>> reach_of([Odds(1, 0, 0, 0.3, 0.1, 0.61)])
    0.75
    """
    largest = max((max(abs(one.low), abs(one.high)) for one in changes), default=0.0)
    return next((end for end in (0.1, 0.25, 0.5, 0.75, 1.0, 1.5) if largest <= end), 2.0)


def change_plot(odds: Odds, reach: float, call: str) -> Markup:
    """Median and 90 % interval on an axis from −reach to +reach.

    Examples
    --------
    >>> "median +0.30" in change_plot(Odds(1, 0, 0, 0.3, 0.1, 0.6), 0.75, "up")
    True
    """
    width, height = _AXIS
    middle = height / 2
    low, median, high = (
        _place(value, reach, width) for value in (odds.low, odds.median, odds.high)
    )
    label = f"median {signed(odds.median)}, 90 % interval {signed(odds.low)} to {signed(odds.high)}"
    return _svg(
        f"change {call}",
        width,
        height,
        label,
        tag("path", class_="zero", d=f"M{_number(width / 2)} 0V{_number(height)}"),
        tag("path", class_="interval", d=f"M{_number(low)} {_number(middle)}H{_number(high)}"),
        tag("circle", class_="median", cx=_number(median), cy=_number(middle), r="3.2"),
    )


def axis_plot(reach: float) -> Markup:
    """The axis of the plots below it, with its ends and zero."""
    width, _ = _AXIS
    places = ((4.0, "start", -reach), (width / 2, "middle", 0.0), (width - 4, "end", reach))
    ticks = [
        tag(
            "text",
            f"{value:+g}".replace("-", "−") if value else "0",
            x=_number(x),
            y="10",
            text_anchor=anchor,
        )
        for x, anchor, value in places
    ]
    return tag(
        "svg",
        *ticks,
        class_="axis",
        width=_number(width),
        height="13",
        viewBox=f"0 0 {_number(width)} 13",
        aria_hidden="true",
    )


def _place(value: float, reach: float, width: float) -> float:
    inner = width / 2 - 5
    return width / 2 + inner * max(-1.0, min(1.0, value / reach))


def _svg(kind: str, width: float, height: float, label: str, *parts: Markup) -> Markup:
    return tag(
        "svg",
        *parts,
        class_=kind,
        width=_number(width),
        height=_number(height),
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        role="img",
        aria_label=label,
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
