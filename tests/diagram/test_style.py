"""Colours that stay apart for every eye; shapes, glyphs and arrowheads for what they mean."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from diagram.pictures import every
from raphe.diagram.figure import Edge, Ground, Kind, Process, State
from raphe.diagram.font import Face, read_font
from raphe.diagram.palette import Theme, palette
from raphe.diagram.shapes import GRAPHVIZ_SHAPE, KIND_WORDS, SHAPES, Shape
from raphe.diagram.style import GLYPHS, HEAD_WORDS, STATE_WORDS, Head, head, paint
from raphe.sign import Sign

#: Machado, Oliveira and Fernandes (2009), table 1, severity 1.0: acts on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
#: sRGB to CIE XYZ (IEC 61966-2-1), and the white point D65.
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])
#: A difference of 2.3 in CIELAB is just noticed side by side; this is told at a glance.
TOLD_APART = 10.0

STATES = (State.UP, State.DOWN, State.AMBIGUOUS)


def linear(color: str) -> np.ndarray:
    values = np.array([int(color[index : index + 2], 16) for index in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(color: str, vision: str) -> np.ndarray:
    seen = np.clip(VISION[vision] @ linear(color), 0, 1)
    ratio = TO_XYZ @ seen / WHITE
    share = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = share
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: str, two: str, vision: str = "normal") -> float:
    return float(np.linalg.norm(lab(one, vision) - lab(two, vision)))


def contrast(one: str, two: str) -> float:
    """Ratio of WCAG 2.2."""
    light, dark = sorted((float(TO_XYZ[1] @ linear(color)) for color in (one, two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_simulation_confounds_what_it_should() -> None:
    # A red and an olive of like luminance: plain to most, nearly one colour to a deuteranope.
    red, olive = "#B04A4A", "#7A7A2A"
    assert distance(red, olive) > 40
    assert distance(red, olive, "deuteranopia") < 25


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("vision", VISION)
def test_fills_of_up_down_and_ambiguous_stay_apart(theme: Theme, vision: str) -> None:
    fills = [palette(theme).states[state].fill for state in STATES]
    assert min(distance(one, two, vision) for one, two in combinations(fills, 2)) > TOLD_APART


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("vision", VISION)
def test_borders_of_up_and_down_stay_far_apart(theme: Theme, vision: str) -> None:
    up, down = (palette(theme).states[state].border for state in (State.UP, State.DOWN))
    assert distance(up, down, vision) > 40


@pytest.mark.parametrize("theme", Theme)
def test_words_are_read_on_their_ground(theme: Theme) -> None:
    colors = palette(theme)
    pairs = [(one.text, one.fill) for one in colors.states.values()]
    pairs += [(one.text, one.fill) for one in colors.mechanism.values()]
    pairs += [(one.text, one.fill) for one in colors.grounds.values()]
    pairs += [(one.text, colors.card.fill) for one in colors.phases]
    pairs += [(colors.drug.text, colors.drug.fill), (colors.drug_card.text, colors.drug_card.fill)]
    pairs += [(colors.muted, one.fill) for one in (*colors.states.values(), colors.card)]
    pairs += [(colors.text, colors.background), (colors.muted, colors.background)]
    low = [(pair, round(contrast(*pair), 2)) for pair in pairs if contrast(*pair) < 4.5]
    assert low == []


@pytest.mark.parametrize("theme", Theme)
def test_glyphs_are_seen_on_their_fill(theme: Theme) -> None:
    states = palette(theme).states
    assert min(contrast(one.border, one.fill) for one in states.values()) > 2.5


@pytest.mark.parametrize("theme", Theme)
def test_every_state_has_a_fill_of_its_own_and_a_glyph(theme: Theme) -> None:
    told = [state for state in State if state is not State.NONE]
    assert set(palette(theme).states) == set(State)
    assert len({GLYPHS[state] for state in told} - {""}) == len(told)
    assert set(STATE_WORDS) == set(told)
    looks = {
        (palette(theme).states[state].fill, palette(theme).states[state].border) for state in told
    }
    assert len(looks) == len(told)


@pytest.mark.parametrize("face", Face)
def test_glyphs_are_in_the_bundled_font(face: Face) -> None:
    assert read_font(face).covers("".join(GLYPHS.values()))


def test_every_kind_has_a_shape_and_a_word() -> None:
    assert set(SHAPES) == set(KIND_WORDS) == set(Kind)
    assert set(GRAPHVIZ_SHAPE) == set(Shape)


@pytest.mark.parametrize("theme", Theme)
def test_every_ground_has_a_tint(theme: Theme) -> None:
    assert set(palette(theme).grounds) == set(Ground)


def test_every_arrowhead_has_a_word_and_a_use() -> None:
    used = {
        head(Edge("a", "b", sign, process=process)) for sign in Sign for process in (None, *Process)
    }
    assert used == set(Head) == set(HEAD_WORDS)


@pytest.mark.parametrize("process", Process)
def test_the_sign_outranks_the_process(process: Process) -> None:
    assert head(Edge("a", "b", Sign.NEGATIVE, process=process)) is Head.TEE
    assert head(Edge("a", "b", Sign.UNKNOWN, process=process)) is Head.DIAMOND


def test_a_prediction_is_told_by_fill_and_not_by_kind() -> None:
    figure = every()["alpha2_loop"]
    colors = palette(Theme.LIGHT)
    for node in figure.nodes:
        if node.kind is not Kind.DRUG:
            assert paint(node, figure, colors) == colors.states[node.state]
