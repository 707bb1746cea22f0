"""A time course as curves: a panel for each readout, time on two logarithmic axes.

From the first dose to the last, and, behind a gap, from the last dose on: what matters happens
within minutes of each, and again within weeks. With repeated doses time is linear, and the first
panels are what there is of each drug.
"""

from __future__ import annotations

import math

import numpy as np

from raphe.course import Course
from raphe.course_line import Line, duration
from raphe.dosing import Dosing, drawn_half_lives
from raphe.pace import DAY
from raphe.prediction import treatment_title
from raphe.report.course_words import accounted
from raphe.report.markup import Markup, tag

#: Of a panel, its margins, and the gap between the two axes, in pixels.
_WIDTH, _HEIGHT = 212.0, 132.0
_LEFT, _RIGHT, _TOP, _BOTTOM, _GAP = 34.0, 8.0, 22.0, 20.0, 9.0
_COLUMNS = 5
_MARGIN, _HEAD, _FOOT = 22.0, 56.0, 40.0
#: What is up, what is down, and what is neither: line and band.
_COLOURS = {
    "up": ("#c2500f", "#f6c9a8"),
    "down": ("#1f6fb8", "#b3d3f0"),
    "": ("#555b63", "#d7dade"),
}
_INK, _FAINT, _GRID = "#1d2329", "#69717a", "#c9ced4"
#: Where an axis may be marked, in hours.
_DAYS = tuple((day * DAY, f"{day} d") for day in (1, 2, 3, 7, 14, 21, 28, 56, 84, 182, 365))
_MARKS = ((1 / 60, "1 min"), (1.0, "1 h"), (DAY, "1 d"), (7 * DAY, "7 d"), (28 * DAY, "28 d"))
#: How close to the end of its axis a mark may stand, in pixels.
_ROOM = 24.0
_FACE = "Inter, Helvetica, Arial, sans-serif"


def course_files(course: Course) -> dict[str, str | bytes]:
    """Names and contents of the files that show a course."""
    from raphe.diagram.engine import render_png

    svg = course_svg(course)
    return {"course.svg": svg, "course.png": render_png(svg)}


def course_svg(course: Course) -> str:
    """A course as a picture."""
    drugs = [one.drug.name for one in course.treatment.administrations] if _is_saw(course) else []
    count = len(drugs) + len(course.lines)
    columns = min(_COLUMNS, max(1, count))
    rows = math.ceil(count / columns)
    width = max(columns * _WIDTH + 2 * _MARGIN, 640.0)
    height = _HEAD + rows * _HEIGHT + _FOOT
    title = treatment_title(course.treatment)
    spent = f"{duration(course.stop * DAY)} of treatment"
    if course.days > course.stop:
        spent += f", then {duration((course.days - course.stop) * DAY)} without"
    spent = _doses(course) + spent
    label = f"Time course of {title}: {spent}"
    drawn = [_level(course, drug) for drug in drugs]
    drawn += [_panel(course, line) for line in course.lines]
    panels = [
        tag(
            "g",
            *parts,
            transform=f"translate({_number(_MARGIN + _WIDTH * (place % columns))} "
            f"{_number(_HEAD + _HEIGHT * (place // columns))})",
        )
        for place, parts in enumerate(drawn)
    ]
    against = treatment_title(course.comparator)
    under = (
        f"{spent}, against {against}. Line: median; band: 90 % of draws; grey: too small to count."
    )
    return tag(
        "svg",
        tag("title", label),
        tag("rect", width="100%", height="100%", fill="#ffffff"),
        _text(title.capitalize(), _MARGIN, 26, 17, weight="600"),
        _text(under, _MARGIN, 44, 11, fill=_FAINT),
        *panels,
        _text(accounted(course), _MARGIN, height - 14, 9.5, fill=_FAINT),
        xmlns="http://www.w3.org/2000/svg",
        width=_number(width),
        height=_number(height),
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        role="img",
        font_family=_FACE,
    )


def _doses(course: Course) -> str:
    dosing = course.dosing
    if dosing is None:
        return ""
    return "A single dose, " if dosing.every is None else f"A dose every {dosing.every:g} h, "


class _Axes:
    """Where a time and a change lie within a panel."""

    def __init__(self, course: Course, low: float, high: float) -> None:
        self.is_linear = _is_saw(course)
        self.stopped = course.stop * DAY
        positive = course.hours[course.hours > 0]
        self.first = float(positive[0])
        self.last = course.days * DAY - self.stopped
        inner = _WIDTH - _LEFT - _RIGHT
        share = self.stopped / (self.stopped + self.last) if self.is_linear else 0.6
        self.on = inner if self.last <= 0 else (inner - _GAP) * share
        self.off = inner - _GAP - self.on
        self.step = _step(high - low)
        self.low = self.step * math.floor(low / self.step - 1e-9)
        self.high = self.step * math.ceil(high / self.step + 1e-9)

    def x(self, hours: float) -> float:
        """Of a time since the first dose."""
        if hours <= self.stopped:
            return _LEFT + self.on * self._share(hours, self.stopped)
        return _LEFT + self.on + _GAP + self.off * self._share(hours - self.stopped, self.last)

    @property
    def marks(self) -> tuple[tuple[float, str], ...]:
        """Where time may be marked."""
        return _DAYS if self.is_linear else _MARKS

    def _share(self, hours: float, end: float) -> float:
        if self.is_linear:
            return max(hours, 0.0) / end
        first = min(self.first, end / 2)
        return math.log(max(hours, first) / first) / math.log(end / first)

    def y(self, change: float) -> float:
        """Of a change."""
        inner = _HEIGHT - _TOP - _BOTTOM
        return _TOP + inner * (self.high - change) / (self.high - self.low)


def _is_saw(course: Course) -> bool:
    """Whether there are repeated doses."""
    return course.dosing is not None and course.dosing.every is not None


def _level(course: Course, drug: str) -> list[Markup]:
    """What there is of a drug, as a multiple of what is stated of its exposure."""
    dosing = course.dosing
    assert isinstance(dosing, Dosing)
    every, stop, whole = dosing.every or 0.0, course.stop * DAY, course.days * DAY
    ensemble = course.model.ensemble
    half_life = drawn_half_lives(ensemble.take(np.arange(course.looked_at)), dosing)[drug]
    moments = []
    for dose, end in enumerate(dosing.ends(stop, whole).tolist()):
        points = max(2, math.ceil((end - dose * every) / every * 6))
        moments += [(dose, hours) for hours in np.linspace(dose * every, end, points)]
    last = np.array([dose for dose, _ in moments])[:, None]
    hours = np.array([hours for _, hours in moments])
    left = dosing.left(half_life[None], last, hours[:, None])
    low, middle, high = np.percentile(left, [5, 50, 95], axis=1)
    # Above zero by a hair, lest the axis begin below it.
    axes = _Axes(course, 1e-6, float(high.max()))
    parts = [_text(f"{drug}, × usual exposure", _LEFT, 13, 10.5, weight="600")]
    end = _HEIGHT - _BOTTOM
    parts.append(_path(f"M{_number(_LEFT)} {_number(end)}H{_number(axes.x(whole))}", _INK, 0.8))
    one = f"M{_number(_LEFT)} {_number(axes.y(1.0))}H{_number(axes.x(whole))}"
    parts.append(_path(one, _GRID, 0.8))
    parts += _marks(axes, sign="")
    stroke, fill = _COLOURS[""]
    for rows in (np.flatnonzero(hours <= stop), np.flatnonzero(hours > stop)):
        if not len(rows):
            continue
        x = [axes.x(time) for time in hours[rows].tolist()]
        upper, lower = ([axes.y(value) for value in ends[rows].tolist()] for ends in (high, low))
        outline = _points(x, upper) + "L" + _points(x[::-1], lower[::-1])[1:] + "Z"
        parts.append(tag("path", d=outline, fill=fill, fill_opacity="0.75"))
        y = [axes.y(value) for value in middle[rows].tolist()]
        parts.append(_path(_points(x, y), stroke, 1.1))
    return parts


def _panel(course: Course, line: Line) -> list[Markup]:
    low = min(0.0, -line.threshold, *(one.low for one in line.odds))
    high = max(0.0, line.threshold, *(one.high for one in line.odds))
    axes = _Axes(course, low, high)
    largest = max(line.odds, key=lambda one: abs(one.median)).median
    direction = "" if abs(largest) <= line.threshold else "up" if largest > 0 else "down"
    stroke, fill = _COLOURS[direction]
    parts = [_text(line.node, _LEFT, 13, 10.5, weight="600")]
    spans = [(axes.x(0.0), axes.x(axes.stopped))]
    if axes.last > 0:
        spans.append((axes.x(axes.stopped * (1 + 1e-12) + 1e-12), axes.x(course.days * DAY)))
    for left, right in spans:
        top, bottom = axes.y(min(line.threshold, axes.high)), axes.y(max(-line.threshold, axes.low))
        parts.append(_box(left, top, right, bottom, "#eef0f2"))
        zero = f"M{_number(left)} {_number(axes.y(0))}H{_number(right)}"
        parts.append(_path(zero, _GRID, 0.8))
        end = _HEIGHT - _BOTTOM
        parts.append(_path(f"M{_number(left)} {_number(end)}H{_number(right)}", _INK, 0.8))
    parts += _marks(axes)
    for is_off in (False, True):
        rows = [
            row
            for row, hours in enumerate(course.hours.tolist())
            if hours > 0 and (hours > axes.stopped) is is_off
        ]
        if not rows:
            continue
        x = [axes.x(float(course.hours[row])) for row in rows]
        upper = [axes.y(line.odds[row].high) for row in rows]
        lower = [axes.y(line.odds[row].low) for row in rows]
        middle = [axes.y(line.odds[row].median) for row in rows]
        outline = _points(x, upper) + "L" + _points(x[::-1], lower[::-1])[1:] + "Z"
        parts.append(tag("path", d=outline, fill=fill, fill_opacity="0.75"))
        parts.append(_path(_points(x, middle), stroke, 1.7))
    return parts


def _marks(axes: _Axes, sign: str = "+") -> list[Markup]:
    """Times below the axes, and changes on their left."""
    end = _HEIGHT - _BOTTOM
    parts: list[Markup] = []

    def mark(x: float, text: str) -> None:
        parts.append(_path(f"M{_number(x)} {_number(end)}v3", _INK, 0.8))
        parts.append(_text(text, x, end + 12, 8, fill=_FAINT, anchor="middle"))

    for start, length, plus in ((0.0, axes.stopped, ""), (axes.stopped, axes.last, "+")):
        if length <= 0:
            continue
        last = axes.x(start + length)
        # What is linear begins with its first mark, the end of the other axis.
        taken = axes.x(start) if plus and axes.is_linear else -_ROOM
        for hours, text in axes.marks:
            if not axes.first <= hours < length:
                continue
            x = axes.x(start + hours)
            # The first mark behind the gap would run into the last before it.
            fits = last - x >= _ROOM and x - taken >= _ROOM + 4 and not (plus and hours < 1)
            if fits:
                mark(x, plus + text)
                taken = x
        mark(last, plus + duration(length))
    parts.append(_path(f"M{_number(_LEFT)} {_number(_TOP)}V{_number(end)}", _INK, 0.8))
    count = round((axes.high - axes.low) / axes.step)
    for number in range(count + 1):
        change = axes.low + number * axes.step
        y = axes.y(change)
        parts.append(_path(f"M{_number(_LEFT)} {_number(y)}h-3", _INK, 0.8))
        text = "0" if abs(change) < axes.step / 2 else f"{change:{sign}.2g}".replace("-", "−")
        parts.append(_text(text, _LEFT - 5, y + 3, 8, fill=_FAINT, anchor="end"))
    if axes.last > 0:
        x = axes.x(axes.stopped) + _GAP / 2
        dash = f"M{_number(x)} {_number(_TOP)}V{_number(end)}"
        parts.append(_path(dash, _FAINT, 0.8, dash="2 2"))
    return parts


def _step(reach: float) -> float:
    """A round distance between marks, of which three to five fit."""
    rough = max(reach, 1e-6) / 4
    size = 10.0 ** math.floor(math.log10(rough))
    return next(size * digit for digit in (1, 2, 5, 10) if size * digit >= rough)


def _points(x: list[float], y: list[float]) -> str:
    places = (f"{_number(one)} {_number(other)}" for one, other in zip(x, y, strict=True))
    return "M" + "L".join(places)


def _path(d: str, stroke: str, width: float, dash: str | None = None) -> Markup:
    return tag(
        "path",
        d=d,
        fill="none",
        stroke=stroke,
        stroke_width=_number(width),
        stroke_linejoin="round",
        stroke_dasharray=dash,
    )


def _box(left: float, top: float, right: float, bottom: float, fill: str) -> Markup:
    return tag(
        "rect",
        x=_number(left),
        y=_number(top),
        width=_number(right - left),
        height=_number(max(bottom - top, 0.0)),
        fill=fill,
    )


def _text(
    text: str,
    x: float,
    y: float,
    size: float,
    fill: str = _INK,
    weight: str | None = None,
    anchor: str | None = None,
) -> Markup:
    return tag(
        "text",
        text,
        x=_number(x),
        y=_number(y),
        font_size=_number(size),
        fill=fill,
        font_weight=weight,
        text_anchor=anchor,
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
