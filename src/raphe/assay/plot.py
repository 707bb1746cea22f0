"""Pictures to SVG and PNG: same picture, same bytes.

Colours are those of raphe's diagrams; groups differ by marker too, never by colour alone. The
font is the one that matplotlib brings along, so that PNG files agree between machines; the SVG
keeps its text as text, to be searched, read aloud and edited.
"""

from __future__ import annotations

import io
import math
import textwrap
from typing import Any
from xml.sax.saxutils import quoteattr

from raphe.assay.extra import require
from raphe.assay.picture import Curve, Guide, Legend, Picture, Points, Shade

#: Border and fill of each group in turn: raphe's receptor, up, G-protein, drug and ambiguous
#: colours, and its plain border.
COLOURS = (
    ("#1F5F93", "#CFE3F5"),
    ("#B04A00", "#FBDCC4"),
    ("#2E7D4F", "#DDF0E4"),
    ("#6F3C97", "#EADCF4"),
    ("#8A6D00", "#FFF1B8"),
    ("#3A4653", "#F3F5F7"),
)
MARKERS = ("o", "s", "^", "D", "v", "P")
TEXT, MUTED, RULE, DRUG = "#1B2430", "#5B6470", "#D3E0EA", "#6F3C97"

#: More groups than this are in the tables; a legend beyond it would leave the page.
MAXIMUM_LEGENDS = 6

_SIZE = (8.4, 4.6)
_DPI = 200
_STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "text.color": TEXT,
    "axes.edgecolor": "#3A4653",
    "axes.labelcolor": TEXT,
    "axes.linewidth": 1.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": "#3A4653",
    "ytick.color": "#3A4653",
    "xtick.labelcolor": TEXT,
    "ytick.labelcolor": TEXT,
    "svg.fonttype": "none",
    "svg.hashsalt": "raphe",
    "path.simplify": False,
}
#: What stands in the SVG in place of matplotlib's own font: first the one of the diagrams.
_FAMILIES = "Inter, 'DejaVu Sans', Helvetica, Arial, sans-serif"


def render_svg(picture: Picture) -> str:
    """The picture as SVG, with its title for screen readers.

    Raises
    ------
    UnavailableError
        matplotlib is not installed.
    """
    svg = _render(picture, "svg").decode("utf-8").replace("'DejaVu Sans'", _FAMILIES)
    # Without matplotlib's document type, which names an address for validators only.
    start = svg.index("<svg")
    end = svg.index(">", start)
    described = quoteattr(f"{picture.title}. {picture.subtitle}")
    opening = f'{svg[start:end]} role="img" aria-label={described}'
    return f'<?xml version="1.0" encoding="utf-8"?>\n{opening}{svg[end:]}'


def render_png(picture: Picture) -> bytes:
    """The picture as PNG at 200 dots an inch.

    Raises
    ------
    UnavailableError
        matplotlib is not installed.
    """
    return _render(picture, "png")


def _render(picture: Picture, form: str) -> bytes:
    matplotlib = require("matplotlib")
    figures = require("matplotlib.figure")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        figure = figures.Figure(figsize=_SIZE, dpi=_DPI)
        _draw(figure, picture)
        metadata = (
            {"Date": None, "Creator": "raphe", "Title": picture.title}
            if form == "svg"
            else {"Software": None}
        )
        buffer = io.BytesIO()
        figure.savefig(buffer, format=form, metadata=metadata, facecolor="white")
    return buffer.getvalue()


def _draw(figure: Any, picture: Picture) -> None:
    left = 0.105 + 0.011 * max((len(name) for name in picture.y_names), default=0)
    axes = figure.add_axes((left, 0.145, 0.665 - left, 0.70))
    panel = figure.add_axes((0.69, 0.145, 0.30, 0.70))
    panel.set_axis_off()
    panel.set_xlim(0, 1)
    panel.set_ylim(1, 0)
    figure.text(0.02, 0.955, _literal(picture.title), size=12.5, weight="bold", va="center")
    figure.text(0.02, 0.905, _literal(picture.subtitle), size=9, color=MUTED, va="center")
    axes.set_xlabel(_literal(picture.x_label), labelpad=6)
    axes.set_ylabel(_literal(picture.y_label), labelpad=6)
    for guide in picture.guides:
        _draw_guide(axes, guide)
    for curve in picture.curves:
        _draw_curve(axes, curve)
    for points in picture.points:
        _draw_points(axes, points)
    _scale_axes(axes, picture)
    _draw_legends(figure, panel, picture.legends)


def _draw_guide(axes: Any, guide: Guide) -> None:
    line = axes.axvline if guide.axis == "x" else axes.axhline
    colour = DRUG if guide.drug else MUTED
    line(guide.at, color=colour, linewidth=1.2 if guide.drug else 0.8, linestyle=(0, (4, 3)))
    if guide.label:
        upright = guide.axis == "x"
        axes.annotate(
            _literal(guide.label),
            (guide.at, 1.0) if upright else (1.0, guide.at),
            xycoords=axes.get_xaxis_transform() if upright else axes.get_yaxis_transform(),
            xytext=(4, -3) if upright else (-3, 4),
            textcoords="offset points",
            ha="left" if upright else "right",
            va="top" if upright else "bottom",
            size=9,
            color=colour,
        )


def _draw_curve(axes: Any, curve: Curve) -> None:
    border, fill = COLOURS[curve.group % len(COLOURS)]
    if curve.low:
        axes.fill_between(curve.x, curve.low, curve.high, color=fill, alpha=0.55, linewidth=0)
    dashes = (0, (5, 3)) if curve.shade is Shade.OPEN else "-"
    width = 1.2 if curve.shade is Shade.OPEN else 1.8
    axes.plot(curve.x, curve.y, color=border, linewidth=width, linestyle=dashes)


def _draw_points(axes: Any, points: Points) -> None:
    border, fill = COLOURS[points.group % len(COLOURS)]
    marker = _marker(points.group)
    faint, hollow = points.shade is Shade.FAINT, points.shade is Shade.OPEN
    if points.y_error:
        bars = [error if math.isfinite(error) else 0.0 for error in points.y_error]
        axes.errorbar(points.x, points.y, yerr=bars, fmt="none", ecolor=border, elinewidth=1.2,
                      capsize=2.5, capthick=1.2, zorder=3)  # fmt: skip
    if points.x_interval is not None:
        low, high = points.x_interval
        axes.hlines(points.y, low, high, color=border, linewidth=1.4, zorder=3)
    axes.plot(
        points.x,
        points.y,
        linestyle="-" if points.joined else "none",
        linewidth=1.6,
        color=border,
        marker=marker,
        markersize=3.2 if faint else 6.2,
        markerfacecolor="white" if hollow else (fill if faint else border),
        markeredgecolor=border,
        markeredgewidth=0.5 if faint else 1.2,
        alpha=0.8 if faint else 1.0,
        zorder=2 if faint else 4,
    )


def _marker(group: int) -> str:
    """The marker of a group; one further in each round of colours, so that no two look the same."""
    return MARKERS[(group + group // len(COLOURS)) % len(MARKERS)]


def _scale_axes(axes: Any, picture: Picture) -> None:
    ticker = require("matplotlib.ticker")
    axes.margins(x=0.04, y=0.07)
    if picture.x_log:
        axes.set_xscale("log")
        _label_logarithms(axes, picture)
    elif picture.x_names:
        names = ["\n".join(textwrap.wrap(_short(name, 36), 15)) for name in picture.x_names]
        axes.set_xticks(range(len(names)), names)
        axes.set_xlim(-0.6, len(names) - 0.4)
        if len(names) > 5:
            axes.tick_params(axis="x", labelrotation=35, labelsize=8)
    elif picture.x_steps:
        low, high = axes.get_xlim()
        fits = [step for step in picture.x_steps if (high - low) / step <= 10]
        axes.xaxis.set_major_locator(ticker.MultipleLocator(fits[0] if fits else high - low))
    if picture.y_names:
        axes.set_yticks(range(len(picture.y_names)), [_short(name, 18) for name in picture.y_names])
        axes.set_ylim(len(picture.y_names) - 0.5, -0.5)
    else:
        _fit_height(axes, picture)
    axes.grid(axis="x" if picture.y_names else "y", color=RULE, linewidth=0.7)
    axes.set_axisbelow(True)


def _fit_height(axes: Any, picture: Picture) -> None:
    """From just below zero, or the lowest point, to just above the highest bar or curve."""
    values = [y for points in picture.points for y in points.y]
    values += [y for curve in picture.curves for y in curve.y]
    for points in picture.points:
        bars = [error if math.isfinite(error) else 0.0 for error in points.y_error]
        values += [y + bar for y, bar in zip(points.y, bars, strict=False)]
        values += [y - bar for y, bar in zip(points.y, bars, strict=False)]
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.05 * ((high - low) or 1.0)
    axes.set_ylim(low - (room if low < 0 else room / 2), high + room)


def _label_logarithms(axes: Any, picture: Picture) -> None:
    """Decades as plain numbers while they are short; 2 and 5 between them where there is room."""
    ticker = require("matplotlib.ticker")
    low, high = axes.get_xlim()
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    step = max(1, math.ceil((last - first) / 8))
    digits = (1, 2, 5) if math.log10(high / low) < 2.2 else (1,)
    edge = low if picture.zero_at is None else picture.zero_at * 4
    powers = range(first, last + 1)
    major = [digit * 10.0**power for power in powers[::step] for digit in digits]
    major = [one for one in major if edge <= one <= high]
    minor = [digit * 10.0**power for power in powers for digit in range(2, 10) if step == 1]
    minor = [one for one in minor if edge <= one <= high and one not in major]
    names = [_decade(one) for one in major]
    if picture.zero_at is not None:
        major, names = [picture.zero_at, *major], ["0", *names]
    axes.xaxis.set_major_locator(ticker.FixedLocator(major))
    axes.xaxis.set_major_formatter(ticker.FixedFormatter(names))
    axes.xaxis.set_minor_locator(ticker.FixedLocator(minor))
    axes.xaxis.set_minor_formatter(ticker.NullFormatter())
    axes.set_xlim(low, high)


def _decade(value: float) -> str:
    if 1e-3 <= value < 1e5:
        return f"{value:g}"
    power = math.floor(math.log10(value) + 1e-9)
    digit = round(value / 10.0**power)
    return ("10" if digit == 1 else f"{digit}·10") + str(power).translate(
        str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    )


def _draw_legends(figure: Any, panel: Any, legends: tuple[Legend, ...]) -> None:
    shown = legends[:MAXIMUM_LEGENDS]
    heights = sum(2.05 + len(legend.lines) for legend in shown)
    step = min(0.062, 1.0 / max(heights, 1.0))
    size = step / 0.062 * 9.2
    texts: list[Any] = []
    down = 0.02
    for legend in shown:
        border, _ = COLOURS[legend.group % len(COLOURS)]
        panel.plot(
            [0.045],
            [down],
            marker=_marker(legend.group),
            markersize=6.2,
            markeredgecolor=border,
            markeredgewidth=1.2,
            markerfacecolor="white" if legend.shade is Shade.OPEN else border,
            clip_on=False,
        )
        name = _short(legend.name, 34)
        texts.append(panel.text(0.11, down, name, size=size + 0.6, weight="bold", color=border))
        down += 1.35 * step
        for line in legend.lines:
            texts.append(panel.text(0.11, down, _short(line, 52), size=size))
            down += step
        down += 0.7 * step
    if len(legends) > len(shown):
        rest = f"and {len(legends) - len(shown)} more in the table"
        texts.append(panel.text(0.11, down, rest, size=size, color=MUTED))
    for text in texts:
        text.set_verticalalignment("center")
        _shrink(figure, text)


def _shrink(figure: Any, text: Any) -> None:
    """A text made small enough to end inside the figure."""
    renderer = require("matplotlib.backends.backend_agg").FigureCanvasAgg(figure).get_renderer()
    box = text.get_window_extent(renderer)
    room = 0.99 * figure.bbox.width - box.x0
    if box.width > room:
        text.set_fontsize(text.get_fontsize() * room / box.width)


def _literal(text: str) -> str:
    """Text from a file, so that a dollar sign in it does not start a formula."""
    return text.replace("$", r"\$")


def _short(text: str, length: int) -> str:
    return _literal(text if len(text) <= length else text[: length - 1] + "…")
