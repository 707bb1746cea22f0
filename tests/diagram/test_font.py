"""The bundled font has every glyph that figures use, and its widths are read rightly."""

from __future__ import annotations

import string

import pytest

from diagram.pictures import every
from raphe.diagram.figure import Figure
from raphe.diagram.font import STAND_INS, Face, font_file, measure, read_font
from raphe.diagram.legend import legend, legend_text
from raphe.diagram.text import clean

SIGNS = "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢₖₗₘₙₒₚᵣₛₜᵤᵥₓ⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻→←↑↓▲▼◆×●○◇–—·±≤≥≈−°…"
GREEK = "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"


def words_of(figure: Figure) -> str:
    words = [figure.title, figure.subtitle]
    words += [text for one in figure.clusters for text in (one.label, one.note)]
    words += [text for one in figure.nodes for text in (one.label, one.caption)]
    words += [text for key in legend(figure) for text in (key.words, legend_text(key))]
    return clean(" ".join(words))


@pytest.mark.parametrize("face", Face)
def test_the_signs_of_the_field_are_there(face: Face) -> None:
    font = read_font(face)
    text = SIGNS + GREEK + string.ascii_letters + string.digits + string.punctuation + "éüößçñøåµ"
    assert [one for one in clean(text) if not font.covers(one)] == []


@pytest.mark.parametrize("face", Face)
def test_what_stands_in_is_there(face: Face) -> None:
    assert read_font(face).covers("".join(str(value) for value in STAND_INS.values()))


@pytest.mark.parametrize("name", sorted(every()))
def test_every_word_of_the_figures_is_covered(name: str) -> None:
    assert read_font(Face.REGULAR).covers(words_of(every()[name]))


def test_widths_are_those_of_the_font() -> None:
    # Advances of Inter 4.0 in units of 2816 per em, read with fontTools.
    font = read_font(Face.REGULAR)
    advances = {"A": 1904, "i": 668, "5": 1712, "α": 1804, "₂": 1184, "▲": 2840, " ": 792}
    assert {one: round(font.widths[one] * 2816) for one in advances} == advances


def test_bold_is_wider() -> None:
    assert measure("noradrenaline", 10, Face.BOLD) > measure("noradrenaline", 10)


def test_the_package_carries_little_and_the_licence() -> None:
    fonts = [font_file(face) for face in Face]
    assert sum(font.stat().st_size for font in fonts) < 600_000
    licence = fonts[0].with_name("LICENSE-Inter.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "The Inter Project Authors" in licence
