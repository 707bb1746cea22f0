"""The panels of a picture of doses: a readout, what is occupied, and the axis below them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element

from raphe.calling import Call
from raphe.diagram.figure import State
from raphe.diagram.font import Face
from raphe.diagram.palette import Palette
from raphe.diagram.svg import element, number
from raphe.diagram.text import clean
from raphe.dose_curve import Curve
from raphe.dose_range import Dose
from raphe.dose_response import DoseResponse
from raphe.engagement import Engagement
from raphe.report.dose_marks import (
    NAME,
    SMALL,
    STATES,
    diamond,
    line,
    mixed,
    polyline,
    rect,
    ring,
    text,
)
from raphe.report.dose_words import factor, free, short_words, site_name, told
from raphe.report.wording import percent, signed

#: A change to its place in a panel.
Level = Callable[[float], float]

#: Sizes in points.
WIDTH, HEIGHT = 250.0, 130.0
STRIP = 11.0
ROW = 14.0
#: Room above a panel for its name, and between the panel and its strip.
HEAD, GAP = 20.0, 3.0
#: Room below for the axis: a line of factors, a line of concentrations.
FOOT = 30.0
#: Decades from which powers of ten are enough of a scale, and what rounding may take from its ends.
_WIDE, _SLACK = 2.0, 1e-9
#: Between the numbers of a scale.
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Axis:
    """Where a dose lies, from 0 to `WIDTH`."""

    doses: tuple[Dose, ...]
    #: Free concentration in nM of one multiple.
    unit: float
    #: Whether free concentrations were swept, and stand at round numbers.
    is_free: bool

    def place(self, multiple: float) -> float:
        """Of a multiple; what lies beyond an end is put there."""
        low, high = (math.log10(self.doses[end].multiple) for end in (0, -1))
        share = (math.log10(multiple) - low) / (high - low)
        return WIDTH * min(1.0, max(0.0, share))

    @property
    def places(self) -> list[float]:
        """Of every dose."""
        return [self.place(dose.multiple) for dose in self.doses]

    @property
    def borders(self) -> list[float]:
        """Left and right of every dose, half way to its neighbours."""
        own = self.places
        middles = [(one + other) / 2 for one, other in pairwise(own)]
        return [0.0, *middles, WIDTH]

    @property
    def ticks(self) -> list[tuple[float, str, str]]:
        """Places of round doses, what was swept there, and what that is in the other unit.

        Powers of ten; 2 and 5 times these as well, where the sweep is too narrow for them.
        """
        scale = self.unit if self.is_free else 1.0
        low, high = (math.log10(self.doses[end].multiple * scale) for end in (0, -1))
        mantissas = (1.0,) if high - low >= _WIDE else (1.0, 2.0, 5.0)
        powers = range(math.floor(low), math.ceil(high) + 1)
        round_ones = [one * 10.0**power for power in powers for one in mantissas]
        own = [one for one in round_ones if low - _SLACK <= math.log10(one) <= high + _SLACK]
        multiples = [one / scale for one in own]
        words = [(factor(one), free(one * self.unit)) for one in multiples]
        return [
            (self.place(one), *(reversed(pair) if self.is_free else pair))
            for one, pair in zip(multiples, words, strict=True)
        ]


def axis_of(found: DoseResponse) -> Axis:
    """The axis of a sweep."""
    usual = found.range.reference.concentration.middle
    return Axis(found.doses, usual, found.range.is_free)


def curve_panel(curve: Curve, axis: Axis, colors: Palette) -> Element:
    """Median and 90 % interval of a readout over the dose, and below it the odds."""
    low, high = _reach(curve)

    def level(value: float) -> float:
        return HEIGHT * (high - value) / (high - low)

    medians = [(x, level(odds.median)) for x, odds in zip(axis.places, curve.odds, strict=True)]
    parts = [
        rect(0, 0, WIDTH, HEIGHT, fill=colors.background),
        *_threshold(curve, level, colors),
        *_bands(curve, axis, level, colors),
        *_grid(low, high, level, axis, colors),
        polyline(medians, colors.text, 1.8),
        *_half_mark(curve, axis, level, colors),
        *_turn_marks(curve, axis, level, colors),
        _frame(0, HEIGHT, colors),
        *_odds_strip(curve, axis, colors),
    ]
    return element(
        "g",
        {"class": "panel", "role": "img", "aria-label": clean(_spoken(curve, axis))},
        text(0, -8, curve.node, NAME, colors.text, Face.BOLD),
        text(WIDTH, -8, short_words(curve), SMALL, colors.muted, anchor="end"),
        *parts,
    )


def occupancy_panel(engagements: Sequence[Engagement], axis: Axis, colors: Palette) -> Element:
    """A row for each target, darker the more of it is occupied; a tick where it is half."""
    borders = axis.borders
    parts: list[Element] = []
    for row, one in enumerate(engagements):
        top = row * ROW
        name = site_name(one, engagements)
        parts.append(text(-6, top + ROW / 2 + 2.8, name, SMALL, colors.text, anchor="end"))
        for left, right, share in zip(borders, borders[1:], one.occupancies, strict=False):
            fill = mixed(colors.background, colors.drug.fill, share.median)
            parts.append(rect(left, top + 1, right - left + 0.3, ROW - 2, fill=fill))
        half = _half_occupied(one, axis)
        if half is not None:
            parts.append(line(half, top + 1, half, top + ROW - 1, colors.text, 1.4))
    spoken = "; ".join(
        f"{site_name(one, engagements)} {percent(one.occupancies[-1].median)} at the highest dose"
        for one in engagements
    )
    return element(
        "g",
        {"class": "panel", "role": "img", "aria-label": clean(f"Occupancy: {spoken}")},
        text(0, -8, "Occupied", NAME, colors.text, Face.BOLD),
        *parts,
        _frame(0, len(engagements) * ROW, colors),
    )


def dose_axis(axis: Axis, top: float, above: float, colors: Palette) -> Element:
    """Factors and free concentrations below a panel, and the plain dose through it."""
    parts: list[Element] = []
    for x, swept, other in axis.ticks:
        parts.append(line(x, top, x, top + 3, colors.line))
        parts.append(text(x, top + 13, swept, SMALL, colors.text, anchor="middle"))
        parts.append(text(x, top + 24, other, SMALL, colors.muted, anchor="middle"))
    if axis.doses[0].multiple <= 1 <= axis.doses[-1].multiple:
        x = axis.place(1.0)
        parts.append(line(x, top - above, x, top, colors.muted, 0.8, "2 2"))
    return element("g", {"class": "axis", "aria-hidden": "true"}, *parts)


def _reach(curve: Curve) -> tuple[float, float]:
    """Ends of the scale: the intervals, zero and the threshold, with a little room."""
    low = min(-1.6 * curve.threshold, *(one.low for one in curve.odds), -0.02)
    high = max(1.6 * curve.threshold, *(one.high for one in curve.odds), 0.02)
    room = 0.06 * (high - low)
    return low - room, high + room


def _threshold(curve: Curve, level: Level, colors: Palette) -> Iterator[Element]:
    for end in (-curve.threshold, curve.threshold):
        yield line(0, level(end), WIDTH, level(end), colors.muted, 0.7, "1 2")


def _bands(curve: Curve, axis: Axis, level: Level, colors: Palette) -> Iterator[Element]:
    """The 90 % interval, in the colour of the call at each dose."""
    places, borders = axis.places, axis.borders
    for first, last, call in _runs(curve.calls):
        # A run reaches half way to its neighbours, where the next colour begins.
        inner = list(range(first, last + 1))
        ends = (borders[first], borders[last + 1])
        above = [(places[n], curve.odds[n].high) for n in inner]
        below = [(places[n], curve.odds[n].low) for n in inner]
        corners = [
            (ends[0], _between(curve, places, ends[0], "high")),
            *above,
            (ends[1], _between(curve, places, ends[1], "high")),
            (ends[1], _between(curve, places, ends[1], "low")),
            *reversed(below),
            (ends[0], _between(curve, places, ends[0], "low")),
        ]
        paint = colors.states[STATES[call]]
        points = " ".join(f"{number(x)},{number(level(y))}" for x, y in corners)
        yield element("polygon", {"points": points, "fill": paint.fill, "class": call.value})
        for side in (above, below):
            end = "high" if side is above else "low"
            edge = [
                (ends[0], _between(curve, places, ends[0], end)),
                *side,
                (ends[1], _between(curve, places, ends[1], end)),
            ]
            yield polyline([(x, level(y)) for x, y in edge], paint.border, 0.8)


def _between(curve: Curve, places: Sequence[float], x: float, end: str) -> float:
    """The interval's end between two doses."""
    values = [getattr(one, end) for one in curve.odds]
    for n in range(len(places) - 1):
        if places[n] <= x <= places[n + 1]:
            share = (x - places[n]) / (places[n + 1] - places[n])
            return float(values[n] + share * (values[n + 1] - values[n]))
    return float(values[-1])


def _runs(calls: Sequence[Call]) -> Iterator[tuple[int, int, Call]]:
    """First and last dose of each stretch of one call."""
    first = 0
    for place in range(1, len(calls) + 1):
        if place == len(calls) or calls[place] is not calls[first]:
            yield first, place - 1, calls[first]
            first = place


def _grid(low: float, high: float, level: Level, axis: Axis, colors: Palette) -> Iterator[Element]:
    step = next((one for one in _STEPS if (high - low) / one <= 6), _STEPS[-1])
    for count in range(math.ceil(low / step), math.floor(high / step) + 1):
        y = level(count * step)
        words = signed(count * step) if count else "0"
        yield text(-6, y + 2.8, words, SMALL, colors.muted, anchor="end")
        if count:
            yield line(-3, y, 0, y, colors.line)
    yield line(-3, level(0), WIDTH, level(0), colors.line)
    for x, _, _ in axis.ticks:
        yield line(x, 0, x, HEIGHT, colors.rule, 0.5)


def _half_mark(curve: Curve, axis: Axis, level: Level, colors: Palette) -> Iterator[Element]:
    if curve.half is not None:
        x = axis.place(curve.half.at.multiple.median)
        y = level(_between_median(curve, axis, x))
        yield ring(x, y, colors)


def _between_median(curve: Curve, axis: Axis, x: float) -> float:
    return _between(curve, axis.places, x, "median")


def _turn_marks(curve: Curve, axis: Axis, level: Level, colors: Palette) -> Iterator[Element]:
    for turn in told(curve):
        spread = turn.at.multiple
        x, low, high = (axis.place(one) for one in (spread.median, spread.low, spread.high))
        y = level(0)
        yield line(low, y, high, y, colors.text, 1.6)
        yield diamond(x, y, colors)


def _odds_strip(curve: Curve, axis: Axis, colors: Palette) -> Iterator[Element]:
    """Shares of the draws that go down, stay and go up, one above the other."""
    borders, top = axis.borders, HEIGHT + GAP
    height = 2 * STRIP
    for left, right, odds in zip(borders, borders[1:], curve.odds, strict=False):
        y = top
        for call, share in (
            (Call.UP, odds.up),
            (Call.UNCHANGED, odds.unchanged),
            (Call.DOWN, odds.down),
        ):
            part = height * max(share, 0.0)
            if part >= 0.02:
                paint = colors.states[STATES[call]]
                fill = paint.fill if call is Call.UNCHANGED else paint.border
                yield rect(left, y, right - left + 0.3, part, fill=fill)
            y += part
    yield text(-6, top + STRIP - 2, "P(up)", SMALL, colors.states[State.UP].border, anchor="end")
    yield text(
        -6, top + 2 * STRIP - 1, "P(down)", SMALL, colors.states[State.DOWN].border, anchor="end"
    )
    yield _frame(top, height, colors)


def _frame(top: float, height: float, colors: Palette) -> Element:
    box = rect(0, top, WIDTH, height, fill="none")
    box.set("stroke", colors.line)
    box.set("stroke-width", "0.8")
    return box


def _half_occupied(one: Engagement, axis: Axis) -> float | None:
    """Where the median occupancy passes one half."""
    places = axis.places
    shares = [spread.median for spread in one.occupancies]
    for n in range(len(shares) - 1):
        if shares[n] < 0.5 <= shares[n + 1]:
            part = (0.5 - shares[n]) / (shares[n + 1] - shares[n])
            return places[n] + part * (places[n + 1] - places[n])
    return None


def _spoken(curve: Curve, axis: Axis) -> str:
    stretches = "; ".join(
        f"{call.value} from {factor(axis.doses[first].multiple)} "
        f"to {factor(axis.doses[last].multiple)}"
        for first, last, call in _runs(curve.calls)
    )
    return f"{curve.node}: {stretches}"
