"""How a page looks: the palettes of the diagrams as variables, then ``page.css``."""

from __future__ import annotations

from importlib.resources import files

from raphe.diagram.figure import State
from raphe.diagram.palette import Palette, Theme, palette
from raphe.report.figures import Paints


def page_css(paints: Paints) -> str:
    """The style of a page with diagrams of these colours.

    Dark is for screens only: paper is white.
    """
    light = _variables(palette(Theme.LIGHT), "#F2F4F7", "#1F5F93", "#2E7D4F", "#FFF6D6")
    dark = _variables(palette(Theme.DARK), "#171E27", "#7DBBEE", "#6CC493", "#3A3413")
    sheet = files("raphe.report").joinpath("page.css").read_text(encoding="utf-8")
    return (
        f":root{{color-scheme:light dark;{light}{paints.css(0)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}{paints.css(1)}}}}}\n{sheet}"
    )


def _variables(colors: Palette, shade: str, link: str, good: str, glow: str) -> str:
    states = colors.states
    variables = {
        "paper": colors.background,
        "ink": colors.text,
        "muted": colors.muted,
        "rule": colors.rule,
        "up": states[State.UP].border,
        "down": states[State.DOWN].border,
        "ambiguous": states[State.AMBIGUOUS].border,
        "still": states[State.UNCHANGED].border,
        "still-fill": states[State.UNCHANGED].fill,
        "shade": shade,
        "link": link,
        "good": good,
        "glow": glow,
    }
    return "".join(f"--{name}:{value};" for name, value in variables.items())
