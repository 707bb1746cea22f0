"""What a picture of doses shows, where."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from raphe.dose_response import DoseResponse, dose_response
from raphe.report.dose_panels import HEIGHT, WIDTH, axis_of
from raphe.report.dose_plot import MOST_PANELS, chosen_curves, draw_dose_response, file_name
from raphe.report.dose_words import told
from raphe.settings import Setting, setting


@pytest.fixture(scope="module")
def library() -> Setting:
    return setting(draws=80)


@pytest.fixture(scope="module")
def found(library: Setting) -> DoseResponse:
    return dose_response("buspirone", readouts="hippocampus.5-HT", points=17, within=library)


def test_each_dose_lies_where_its_logarithm_puts_it(found: DoseResponse) -> None:
    axis = axis_of(found)
    assert axis.place(0.01) == 0
    assert axis.place(1.0) == pytest.approx(WIDTH / 2)
    assert axis.place(100.0) == pytest.approx(WIDTH)
    assert axis.place(1e9) == WIDTH
    assert [(round(x), one, other) for x, one, other in axis.ticks][2:4] == [
        (round(WIDTH / 2), "1×", "40 nM"),
        (round(WIDTH * 3 / 4), "10×", "400 nM"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "labels"),
    [
        ("0.5x", "6x", ["0.5×", "1×", "2×", "5×"]),
        ("0.01x", "1x", ["0.01×", "0.1×", "1×"]),
        ("3 nM", "40 nM", ["5 nM", "10 nM", "20 nM"]),
        ("0.1 nM", "1 µM", ["0.1 nM", "1 nM", "10 nM", "100 nM", "1000 nM"]),
    ],
)
def test_round_doses_are_marked(library, start, end, labels):
    asked = {"readouts": "LC.firing", "points": 3, "within": library}
    axis = axis_of(dose_response("buspirone", start=start, end=end, **asked))
    assert [swept for _, swept, _ in axis.ticks] == labels


def test_the_median_is_drawn_where_it_is(found: DoseResponse) -> None:
    root = ElementTree.fromstring(draw_dose_response(found))
    name = "{http://www.w3.org/2000/svg}"
    (panel, _) = [one for one in root.iter() if one.get("class") == "panel"]
    curves = [one for one in panel.iter(f"{name}path") if one.get("stroke-width") == "1.8"]
    (median,) = curves
    points = [tuple(map(float, pair.split())) for pair in median.get("d", "")[1:].split("L")]
    values = [one.median for one in found.curves[0].odds]
    assert [x for x, _ in points] == pytest.approx(axis_of(found).places, abs=0.01)
    # Downwards on the page, and a straight line of the value.
    low, high = (
        min(range(len(values)), key=values.__getitem__),
        max(range(len(values)), key=values.__getitem__),
    )
    scale = (points[low][1] - points[high][1]) / (values[high] - values[low])
    assert scale > 0
    for (_, y), value in zip(points, values, strict=True):
        assert y == pytest.approx(points[high][1] + scale * (values[high] - value), abs=0.02)
        assert 0 < y < HEIGHT


def test_the_strip_holds_the_odds(found: DoseResponse) -> None:
    text = draw_dose_response(found)
    assert text.count('class="panel"') == 2
    label = re.search(r'aria-label="hippocampus.5-HT: ([^"]*)"', text)
    assert label is not None
    calls = [one.partition(" ")[0] for one in label[1].split("; ")]
    runs = [call.value for call in found.curves[0].calls]
    runs = [one for one, other in zip(runs, [None, *runs], strict=False) if one != other]
    assert calls == runs


def test_what_turns_is_shown_before_what_only_moves(library: Setting) -> None:
    found = dose_response("mirtazapine", points=9, within=library)
    shown = chosen_curves(found.curves)
    assert len(shown) == MOST_PANELS < len(found.curves)
    turning = [one.node for one in found.curves if told(one)]
    assert 0 < len(turning) <= MOST_PANELS
    assert set(turning) <= {one.node for one in shown}
    places = [found.curves.index(one) for one in shown]
    assert places == sorted(places)


def test_a_name_tells_experiments_apart(library: Setting) -> None:
    asked = {"readouts": "LC.firing", "points": 2, "within": library}
    names = {
        file_name(found)
        for found in (
            dose_response("buspirone", **asked),
            dose_response("buspirone", regimen="acute", **asked),
            dose_response("buspirone", "fluoxetine", **asked),
            dose_response("fluoxetine", "buspirone", **asked),
            dose_response("buspirone", without="alpha1", **asked),
            dose_response("buspirone", condition="chronic_mild_stress", **asked),
            dose_response("buspirone", compared_with="fluoxetine", **asked),
            dose_response("buspirone", dose="therapeutic", **asked),
            dose_response("buspirone", start="1 nM", end="9 nM", **asked),
        )
    }
    assert len(names) == 9
