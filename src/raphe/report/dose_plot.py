"""The picture of a sweep: a panel for each readout, and what is occupied, dose by dose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from raphe.calling import Call
from raphe.diagram.engine import render_png
from raphe.diagram.font import Face, measure
from raphe.diagram.palette import Palette, Theme, palette
from raphe.diagram.svg import SVG_NAMESPACE, element, number, write_svg
from raphe.diagram.text import clean
from raphe.dose_curve import Curve
from raphe.dose_response import DoseResponse
from raphe.engagement import Engagement
from raphe.naming import experiment_name, safe_name
from raphe.report.dose_marks import SMALL, key, rect, text
from raphe.report.dose_panels import (
    FOOT,
    GAP,
    HEAD,
    HEIGHT,
    ROW,
    STRIP,
    WIDTH,
    axis_of,
    curve_panel,
    dose_axis,
    occupancy_panel,
)
from raphe.report.dose_words import circumstances, factor, free, heading, site_name, told

#: Readouts in one picture; of more, those that turn or move most.
MOST_PANELS = 8
#: Readouts that a file is named after, and ends of a sweep that it is not.
_MOST_NAMED = 3
_USUAL_ENDS = (0.01, 100.0)
_MARGIN = 18.0
_TITLE, _SUBTITLE = 17.0, 10.5
_TOP = 72.0
#: Left of a panel: the numbers of its scale; more where names of targets stand there.
_SCALE = 44.0
_BETWEEN = 24.0
_UNDER = HEIGHT + GAP + 2 * STRIP


def draw_dose_response(found: DoseResponse, theme: Theme = Theme.LIGHT) -> str:
    """A sweep as SVG."""
    colors, axis = palette(theme), axis_of(found)
    shown = chosen_curves(found.curves)
    cells = [(curve_panel(one, axis, colors), _UNDER) for one in shown]
    if found.engagements:
        drawn = occupancy_panel(found.engagements, axis, colors)
        cells.append((drawn, len(found.engagements) * ROW))
    columns = _columns(len(cells))
    scale = max(_SCALE, _widest(found.engagements) + 10)
    # Names of targets need more room than numbers; every column gets what the widest needs.
    step = scale + WIDTH + _BETWEEN
    body: list[Element] = []
    y = _TOP + HEAD
    for start in range(0, len(cells), columns):
        row = cells[start : start + columns]
        for column, (panel, under) in enumerate(row):
            x = _MARGIN + scale + column * step
            axes = dose_axis(axis, under, under, colors)
            place = f"translate({number(x)} {number(y)})"
            body.append(element("g", {"transform": place}, panel, axes))
        y += max(under for _, under in row) + FOOT + HEAD + 8
    y -= HEAD - 6
    wide = max(columns * step - _BETWEEN + 10, 420.0)
    legend, high = key(colors, wide)
    legend.set("transform", f"translate({number(_MARGIN)} {number(y)})")
    body.append(legend)
    return write_svg(_page(found, shown, body, wide + 2 * _MARGIN, y + high + _MARGIN, colors))


def render_dose_response(
    found: DoseResponse, formats: Sequence[str], theme: str = "light"
) -> dict[str, str | bytes]:
    """The files of a picture, by name."""
    drawn = draw_dose_response(found, Theme(theme))
    name = file_name(found) + ("" if theme == "light" else f"_{theme}")
    files: dict[str, str | bytes] = {}
    if "svg" in formats:
        files[f"{name}.svg"] = drawn
    if "png" in formats:
        files[f"{name}.png"] = render_png(drawn)
    return files


def file_name(found: DoseResponse) -> str:
    """What a picture of a sweep is called."""
    parts = [
        "dose",
        *([found.drug.name, "with"] if len(found.treatment.administrations) > 1 else []),
    ]
    parts.append(experiment_name(found))
    low, high = found.doses[0], found.doses[-1]
    if found.range.is_free:
        parts += ["from", free(low.free.low), "to", free(high.free.high)]
    elif (low.multiple, high.multiple) != _USUAL_ENDS:
        parts += ["from", factor(low.multiple), "to", factor(high.multiple)]
    if len(found.curves) <= _MOST_NAMED:
        parts += [one.node for one in found.curves]
    return safe_name(*parts)


def chosen_curves(curves: Sequence[Curve]) -> tuple[Curve, ...]:
    """Those that a picture has room for, in their order: first what turns, then what moves most."""
    if len(curves) <= MOST_PANELS:
        return tuple(curves)

    def weight(curve: Curve) -> tuple[float, float]:
        turned = max((one.at.share for one in told(curve)), default=0.0)
        called = [
            abs(odds.median) / max(curve.threshold, 1e-9)
            for odds, call in zip(curve.odds, curve.calls, strict=True)
            if call in (Call.UP, Call.DOWN)
        ]
        return turned, max(called, default=0.0)

    ranked = sorted(range(len(curves)), key=lambda n: tuple(-one for one in weight(curves[n])))
    return tuple(curves[n] for n in sorted(ranked[:MOST_PANELS]))


def _columns(cells: int) -> int:
    """Two panels stand one above the other, so that they share their doses."""
    return 1 if cells <= 2 else 2 if cells == 4 else 3


def _widest(engagements: Sequence[Engagement]) -> float:
    names = (site_name(one, engagements) for one in engagements)
    return max((measure(name, SMALL) for name in names), default=0.0)


def _page(
    found: DoseResponse,
    shown: Sequence[Curve],
    body: Sequence[Element],
    wide: float,
    high: float,
    colors: Palette,
) -> Element:
    title = f"{heading(found)}: dose and response"
    left = len(found.curves) - len(shown)
    under = circumstances(found)
    drawn = f"prior '{found.model.prior}', {found.model.ensemble.drawn} draws"
    if left:
        drawn += f" · {left} of {len(found.curves)} readouts not shown"
    if any(one.is_held for one in found.engagements):
        drawn += " · held: the target's own transmitter competes there"
    wide = max(
        wide,
        measure(title, _TITLE, Face.BOLD) + 2 * _MARGIN,
        measure(under, _SUBTITLE) + 2 * _MARGIN,
    )
    return element(
        "svg",
        {
            "xmlns": SVG_NAMESPACE,
            "width": f"{number(math.ceil(wide))}pt",
            "height": f"{number(math.ceil(high))}pt",
            "viewBox": f"0 0 {math.ceil(wide)} {math.ceil(high)}",
            "role": "group",
            "aria-label": clean(f"{title}. {under}"),
            "class": "raphe",
        },
        element("title", {}, text=clean(title)),
        rect(0, 0, math.ceil(wide), math.ceil(high), fill=colors.background),
        text(_MARGIN, _MARGIN + 14, title, _TITLE, colors.text, Face.BOLD),
        text(_MARGIN, _MARGIN + 30, under, _SUBTITLE, colors.muted),
        text(_MARGIN, _MARGIN + 43, drawn, SMALL, colors.muted),
        *body,
    )
