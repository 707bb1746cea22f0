"""What to measure next: on a circuit of two unknown edges, where a hand can work it out."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from learning_knowledge import write_open, write_scales
from raphe.calling import Call
from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.information import floor
from raphe.learning import next_measurements
from raphe.model import load_model
from raphe.next_measurement import Measurement, Next, rank_measurements
from raphe.open_calls import Asked, ask, open_questions
from raphe.panel import make_panel, measurable
from raphe.prediction import predict_treatment
from raphe.report.next_words import reason
from raphe.settings import Setting
from raphe.treatment import Treatment, administer
from raphe.unknowns import Drawn, Kind, thirds


@pytest.fixture(scope="module")
def within(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    knowledge = write_open(tmp_path_factory.mktemp("open"))
    return Setting(knowledge, "random", draws=4000)


def asked_of(within: Setting, node: str, regimen: Regimen = Regimen.ACUTE) -> Asked:
    treatment = Treatment((administer(within.knowledge.drug("raiser")),))
    return ask(predict_treatment(within.model, treatment, regimen, fragility=False), node)


@pytest.fixture(scope="module")
def found(within: Setting) -> Next:
    """What tells most of q, of what could be measured in acute experiments."""
    panel = make_panel(within.model, within.knowledge, ["raiser"], [Regimen.ACUTE])
    return rank_measurements(panel, within.knowledge, [asked_of(within, "q")])


def measured(found: Next, node: str) -> Measurement:
    (one,) = (one for one in found.measurements if one.node == node)
    return one


def test_it_picks_what_a_hand_calculation_picks(found: Next) -> None:
    """s reaches m with p = ½ and n with p = ½; q = 0.8 m − 0.4 n.

    So q goes up where m does (p = ½), down where only n does (p = ¼), and stays where neither does
    (p = ¼): H(q) = ½ · 1 + ¼ · 2 + ¼ · 2 = 1.5 bits.

    Once m is known: up (½), q is up, 0 bits; unchanged (½), q is down or unchanged alike, 1 bit.
    Left are ½ bit, gained is 1.5 − 0.5 = 1 bit.

    Once n is known: up (½), q is up or down alike, 1 bit; unchanged (½), q is up or unchanged
    alike, 1 bit. Left is 1 bit, gained are 0.5 bits. So m is to be measured.
    """
    assert found.total == pytest.approx(1.5, abs=0.02)
    best = found.measurements[0]
    assert best.node == "m"
    assert best.bits == pytest.approx(1.0, abs=0.03)
    assert measured(found, "n").bits == pytest.approx(0.5, abs=0.03)
    (tells,) = best.tells
    assert tells.outcomes[Call.UP] == pytest.approx(0.5, abs=0.03)
    assert tells.then(Call.UP)[Call.UP] == 1
    assert tells.then(Call.UNCHANGED)[Call.DOWN] == pytest.approx(0.5, abs=0.04)
    # Once m is up (½), q can be called; else not.
    assert tells.settles(0.6) == pytest.approx(0.5, abs=0.03)
    # Both hang on whether s reaches m.
    assert best.decides is not None
    assert best.decides.name == "side of first"
    assert measured(found, "n").decides.name == "side of second"  # type: ignore[union-attr]


def test_the_reason_says_what_each_outcome_would_tell(found: Next) -> None:
    words = reason(found.measurements[0])
    assert words.startswith("If m goes up (p = 0.")
    assert "q goes up with p > 0.99; if unchanged (p = 0." in words
    assert words.endswith("with p < 0.01.")


def test_the_question_itself_is_no_answer(found: Next) -> None:
    places = {(one.node, one.regimen) for one in found.measurements}
    alike = {place for one in found.measurements for place in one.alike}
    assert ("q", Regimen.ACUTE) not in places
    assert ("raiser", Regimen.ACUTE, "q") not in alike


def test_what_says_the_same_is_told_of_beside_the_other(within: Setting) -> None:
    """Nothing adapts here: chronic treatment does what acute treatment does."""
    found = next_measurements("raiser", readout="q", regimen="acute", within=within)
    # So q in chronic treatment tells all of q in acute treatment, and so does m of m.
    best, second, third = found.measurements
    assert (best.node, best.regimen, best.alike) == ("q", Regimen.CHRONIC, ())
    assert best.bits == pytest.approx(1.5, abs=0.02)
    assert {second.node, third.node} == {"m", "n"}
    both = {Regimen.ACUTE, Regimen.CHRONIC}
    for one in (second, third):
        assert {(one.regimen, one.node), *(place[1:] for place in one.alike)} == {
            (regimen, one.node) for regimen in both
        }
    # The finding is on acute treatment, wherever m itself is told of.
    assert second.reported + second.reported_alike == ("seen",)
    # What the source of all does is no news, and washout leaves nothing to be seen.
    assert found.telling == 5


def test_what_a_finding_reports_already_is_said(found: Next) -> None:
    assert measured(found, "m").reported == ("seen",)
    assert measured(found, "n").reported == ()


def test_of_several_questions_what_is_told_adds_up(within: Setting) -> None:
    """Of q acute and chronic, which are the same here, m tells twice as much."""
    panel = make_panel(within.model, within.knowledge, ["raiser"], [Regimen.ACUTE])
    asked = [asked_of(within, "q", regimen) for regimen in (Regimen.ACUTE, Regimen.CHRONIC)]
    both = rank_measurements(panel, within.knowledge, asked)
    assert both.total == pytest.approx(3.0, abs=0.04)
    # Now the question itself is a measurement like others, and the best.
    best = both.measurements[0]
    assert best.node == "q"
    assert best.bits == pytest.approx(3.0, abs=0.05)
    assert "in question itself, and tells of 1 other" in reason(best)
    assert measured(both, "m").bits == pytest.approx(2.0, abs=0.06)
    assert measured(both, "n").bits == pytest.approx(1.0, abs=0.06)


def test_open_calls_are_those_that_predictions_leave_open(
    tmp_path: Path,
) -> None:
    knowledge = write_scales(tmp_path)
    model = load_model(knowledge, "random", draws=300)
    panel = make_panel(model, knowledge, ["raiser", "blocker"])
    for regimen in Regimen:
        expected = set()
        for name in ("raiser", "blocker"):
            treatment = Treatment((administer(knowledge.drug(name)),))
            prediction = predict_treatment(model, treatment, regimen, fragility=False)
            for node in ("e", "f"):
                if prediction.reading(node).call is Call.AMBIGUOUS:
                    expected.add((name, node))
        asked = open_questions(panel, regimen, {"raiser", "blocker"})
        got = {(one.treatment.administrations[0].drug.name, one.node) for one in asked}
        assert got == expected
        for one in asked:
            assert sum(one.shares) == pytest.approx(1)
            assert max(one.shares) < 0.6


def test_gains_are_those_of_a_plain_count(tmp_path: Path) -> None:
    """All at once gives what one pair at a time gives, by the formula."""
    knowledge = write_scales(tmp_path)
    model = load_model(knowledge, "random", draws=500)
    panel = make_panel(model, knowledge, ["raiser", "blocker"])
    treatment = Treatment((administer(knowledge.drug("raiser")),))
    question = ask(predict_treatment(model, treatment, Regimen.ACUTE, fragility=False), "e")
    found = rank_measurements(panel, knowledge, [question], most=50)
    told = {(one.drug, one.regimen, one.node): one.bits for one in found.measurements}
    alike = [place for one in found.measurements for place in one.alike]
    expected = {}
    for experiment in panel.experiments:
        for node, codes in zip(panel.nodes, experiment.codes, strict=True):
            rows, columns = codes.tolist(), question.codes.tolist()
            pairs = Counter(zip(rows, columns, strict=True))
            own, other = Counter(rows), Counter(columns)
            plain = sum(
                n / 500 * math.log2(n * 500 / own[a] / other[b]) for (a, b), n in pairs.items()
            )
            excess = (len(own) - 1) * (len(other) - 1) / (2 * 500 * math.log(2))
            if plain > max(floor(500, panel.size), excess):
                expected[experiment.drug, experiment.regimen, node] = plain - excess
    del expected["raiser", Regimen.ACUTE, "e"]
    assert {*told, *alike} == set(expected)
    assert found.telling == len(expected)
    for place, bits in told.items():
        assert bits == pytest.approx(expected[place], abs=1e-9)
    for one in found.measurements:
        assert all(expected[place] <= one.bits + 1e-9 for place in one.alike)
    assert list(told.values()) == sorted(told.values(), reverse=True)


def test_measurable_is_what_is_an_amount_a_readout_or_was_measured(within: Setting) -> None:
    model = within.model
    assert measurable(model, within.knowledge.findings) == ("m", "n", "q", "s")
    assert "b" not in measurable(load_model(within.knowledge, "random", draws=10), {})


def test_draws_that_came_to_no_rest_have_no_vote(within: Setting) -> None:
    panel = make_panel(within.model, within.knowledge, ["raiser"], [Regimen.ACUTE])
    asked = asked_of(within, "q")
    settled = np.arange(4000) % 2 == 0
    half = replace(
        panel,
        experiments=tuple(
            replace(one, codes=np.where(settled, one.codes, -1).astype(np.int8), settled=settled)
            for one in panel.experiments
        ),
    )
    found = rank_measurements(half, within.knowledge, [asked])
    assert found.measurements[0].node == "m"
    assert found.measurements[0].tells[0].table.sum() == settled.sum()


def test_thirds_hold_as_many_draws_each() -> None:
    values = np.random.default_rng(1).normal(size=300)
    parts = thirds([Drawn("x", Kind.WEIGHT, values), Drawn("y", Kind.SIDE, values > 1)], 300)
    assert np.bincount(parts[0]).tolist() == [100, 100, 100]
    assert values[parts[0] == 0].max() < values[parts[0] == 1].min()
    assert (parts[1] == (values > 1)).all()


def test_nothing_open_and_nothing_known_are_told(within: Setting) -> None:
    for asked, said in (
        ({"readout": "z"}, "no node 'z'"),
        ({"regimen": "acut"}, "no regimen 'acut'"),
        ({"regimen": "washout"}, "no call of a readout is ambiguous"),
        ({"dose": "2x"}, "but no readout"),
        ({"most": 0}, "0 measurements"),
        ({"candidates": ("raisin",)}, "raisin"),
    ):
        with pytest.raises(InputError, match=said):
            next_measurements("raiser", within=within, **asked)  # type: ignore[arg-type]
