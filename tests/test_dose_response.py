"""Sweeps of the dose: their laws, and what pharmacology knows of some drugs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raphe.calling import Call
from raphe.dose_range import Ends, dose_range
from raphe.dose_response import DoseResponse, dose_response, sweep_dose
from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.model import Model
from raphe.propagation.response import respond
from raphe.questions import predict
from raphe.settings import Setting, setting
from raphe.treatment import Administration, Treatment
from raphe.trial import Trial
from raphe.units import Interval
from strategies_networks import Sketch, given_drug, sketches

FREE = Ends(1e-3, 1e3, 25, is_free=False)


@pytest.fixture(scope="module")
def within() -> Setting:
    return setting(draws=200)


def swept(
    model: Model,
    *given: Administration,
    readouts: tuple[str, ...] = ("s",),
    ends: Ends = FREE,
    comparator: Treatment | None = None,
    regimen: Regimen = Regimen.ACUTE,
) -> DoseResponse:
    """The first drug swept in a circuit of one's own."""
    trial = Trial(Treatment(given), comparator or Treatment(), regimen)
    return sweep_dose(model, trial, given[0].drug.name, ends.of(given[0]), readouts)


def medians(found: DoseResponse, node: str = "s") -> list[float]:
    return [one.median for one in found[node].odds]


def receptor(tone: float = 0.5, kind: str = "receptor", **extra: object) -> Sketch:
    nodes = {"l": ("process", 0.5), "r": (kind, tone), "s": ("process", 0.5)}
    return Sketch(nodes, {"l -> r": 0.5, "r -> s": 0.9}, extra={"r": extra} if extra else {})


# What any sweep must do


def test_the_plain_dose_is_the_prediction_and_so_is_every_other(within):
    drugs = ("fluoxetine", "buspirone")
    asked = {"regimen": "chronic", "compared_with": "fluoxetine", "within": within}
    found = dose_response(*drugs, sweep="buspirone", points=5, **asked)
    assert [dose.multiple for dose in found.doses] == pytest.approx([0.01, 0.1, 1, 10, 100])
    assert [dose.is_plain for dose in found.doses] == [False, False, True, False, False]
    for number, dose in enumerate(found.doses):
        told = "" if dose.is_plain else f"{dose.multiple!r}x"
        given = {"dose": {"buspirone": told}} if told else {}
        prediction = predict(*drugs, **asked, **given).prediction
        for curve in found.curves:
            reading = prediction.reading(curve.node)
            assert curve.calls[number] is reading.call
            for share in ("up", "down", "unchanged"):
                assert getattr(curve.odds[number], share) == getattr(reading.odds, share)
            for place in ("median", "low", "high"):
                one, other = (getattr(of, place) for of in (curve.odds[number], reading.odds))
                assert one == pytest.approx(other, abs=1e-9)


@pytest.mark.parametrize("regimen", ["acute", "chronic", "washout"])
def test_without_the_drug_nothing_moves(within, regimen):
    found = dose_response("mirtazapine", points=2, regimen=regimen, within=within)
    for curve in found.curves:
        assert curve.without.low == curve.without.high == 0.0
        assert curve.call_without is Call.UNCHANGED


def test_a_free_concentration_is_the_prediction_at_it(within):
    found = dose_response(
        "clonidine", readouts="LC.firing", start="3 nM", end="0.3 µM", points=3, within=within
    )
    assert [dose.free.low for dose in found.doses] == pytest.approx([3, 30, 300])
    for number, free in enumerate(("3 nM", "30 nM", "300 nM")):
        reading = predict("clonidine", dose=free, within=within).prediction.reading("LC.firing")
        assert found["LC.firing"].odds[number].median == pytest.approx(
            reading.odds.median, abs=1e-9
        )
        assert found["LC.firing"].calls[number] is reading.call


def test_where_groups_differ_in_the_dose_alone_the_other_keeps_its_own(within):
    found = dose_response(
        "clonidine", readouts="LC.firing", compared_with="clonidine", points=3, within=within
    )
    plain = found["LC.firing"].odds[1]
    assert (plain.low, plain.high) == (0.0, 0.0)
    asked = {"compared_with": "clonidine", "dose": "100x", "within": within}
    reading = predict("clonidine", **asked).prediction.reading("LC.firing")
    assert found["LC.firing"].odds[2].median == pytest.approx(reading.odds.median, abs=1e-9)


def test_a_drug_that_both_groups_are_given_is_swept_in_both(within):
    asked = {"readouts": "cortex.5-HT", "compared_with": "buspirone", "within": within}
    found = dose_response("buspirone", "fluoxetine", points=3, **asked)
    for number, dose in enumerate(("0.01x", "", "100x")):
        told = {"dose": {"buspirone": dose}} if dose else {}
        reading = predict(
            "buspirone", "fluoxetine", compared_with="buspirone", within=within, **told
        ).prediction.reading("cortex.5-HT")
        assert found.curves[0].odds[number].median == pytest.approx(reading.odds.median, abs=1e-9)


@given(st.floats(0.05, 1.0), st.floats(1.0, 50.0))
def test_competition_caps_what_a_drug_can_do(tone, other):
    """However much agonist: an antagonist that stays leaves C/K of (1 + C/K + other)."""
    model = receptor(tone).model()
    agonist = given_drug({"T.r": {"action": "agonist"}}, free="1 nM", name="agonist")
    blocker = given_drug({"T.r": {"action": "antagonist"}}, free=f"{other!r} nM", name="blocker")
    found = swept(model, agonist, blocker)
    for dose, share in zip(found.doses, found.engagements[0].occupancies, strict=True):
        ratio = dose.free.low
        assert share.median == pytest.approx(ratio / (1 + ratio + other))
    alone = swept(model, agonist)
    for both, single in zip(medians(found), medians(alone), strict=True):
        assert both <= single + 1e-12


@given(st.sampled_from(Regimen), st.booleans())
def test_an_antagonist_at_a_silent_receptor_moves_nothing_at_any_dose(regimen, several):
    model = receptor(0.0).model(draws=9)
    drug = given_drug({"T.r": {"action": "antagonist"}})
    found = swept(model, drug, regimen=regimen, readouts=("s", "r") if several else ("s",))
    for curve in found.curves:
        assert all(one.low == one.high == 0.0 for one in curve.odds)
        assert set(curve.calls) == {Call.UNCHANGED}
        assert not curve.turns
        assert curve.half is None


@given(sketches(most_nodes=5, arrows=("->", "-|"), heaviest=0.5), st.integers(1, 9))
def test_affinity_and_concentration_in_other_units_change_nothing(sketch, tenfold):
    model = sketch.model(draws=3)
    node = model.network.names[0]
    ones, many = (
        swept(
            model,
            given_drug(
                {f"T.{node}": {"action": "partial agonist", "Ki": f"{factor} nM"}},
                free=f"{3 * factor} nM",
            ),
            readouts=model.network.names,
        )
        for factor in (1, tenfold)
    )
    for one, other in zip(ones.curves, many.curves, strict=True):
        for left, right in zip(one.odds, other.odds, strict=True):
            assert left.median == pytest.approx(right.median, abs=1e-12)


@given(st.floats(0.1, 1.0), st.booleans())
def test_occupancy_rises_with_the_dose_and_halves_at_the_affinity(tone, held):
    model = receptor(tone, occupied=held).model()
    drug = given_drug({"T.r": {"action": "agonist", "Ki": "5 nM"}}, free="5 nM")
    (found,) = swept(model, drug).engagements
    shares = [one.median for one in found.occupancies]
    assert shares == sorted(shares)
    assert found.is_held is held
    middle = shares[len(shares) // 2]
    load = tone / (1 - min(tone, 0.99)) if held else 0.0
    assert middle == pytest.approx(1 / (2 + load))


def test_every_target_of_the_library_is_occupied_the_more_the_higher_the_dose(within):
    for name in ("mirtazapine", "befloxatone", "trazodone"):
        found = dose_response(name, readouts="LC.firing", points=9, within=within)
        assert found.engagements
        for one in found.engagements:
            for place in ("low", "median", "high"):
                shares = [getattr(spread, place) for spread in one.occupancies]
                assert shares == sorted(shares)
            assert 0 <= one.occupancies[0].low <= one.occupancies[-1].high <= 1
    # A stated occupancy is reached at the plain dose.
    told = {
        one.target: one for one in dose_response("befloxatone", points=3, within=within).engagements
    }
    assert 0.75 <= told["MAOA"].occupancies[1].low <= told["MAOA"].occupancies[1].high <= 0.95


def test_turns_are_real_changes_of_sign(within):
    found = dose_response("mirtazapine", readouts="DRN.firing", within=within)
    (turn,) = found.curves[0].turns
    assert (turn.below, turn.above) == (Call.UP, Call.DOWN)
    assert turn.at.share > 0.6
    assert turn.at.multiple.low < turn.at.multiple.median < turn.at.multiple.high
    model, exact = within.model, []
    node = model.network.index["DRN.firing"]
    mirtazapine = within.knowledge.drug("mirtazapine")
    usual = mirtazapine.exposure[mirtazapine.usual_exposure].free
    for draw in range(0, 30, 3):
        one = replace(model)
        one.__dict__["ensemble"] = model.ensemble.take(np.array([draw]))
        one.__dict__["ranges"] = model.ranges
        own = sweep_dose(one, found.trial, "mirtazapine", found.range, ("DRN.firing",)).curves[0]
        if not own.turns:
            continue
        place = own.turns[0].at.multiple.median
        exact.append(place)
        changes = []
        for factor in (1 - 1e-7, 1 + 1e-7):
            times = place * factor
            dose = Interval(usual.low * times, usual.high * times)
            treatment = Treatment((Administration(mirtazapine, dose, "swept"),))
            changes.append(float(one.respond(treatment, Regimen.CHRONIC)[0].x[node, 0]))
        assert changes[0] > 0 > changes[1]
        assert abs(changes[0]) < 1e-5
    assert len(exact) > 5
    # Between the doses of the sweep, not at them.
    assert not set(exact) & {dose.multiple for dose in found.doses}


def test_a_turn_does_not_hang_on_the_doses_that_were_asked_for(within):
    asked = {"readouts": "DRN.firing", "within": within}
    few, many = (
        dose_response("mirtazapine", points=points, **asked).curves[0].turns[0].at
        for points in (20, 90)
    )
    assert few.share == pytest.approx(many.share, abs=0.011)
    assert few.multiple.median == pytest.approx(many.multiple.median, rel=0.005)
    # In nanomolar it is the same dose, read off the exposure of each draw.
    assert 20 * few.multiple.low < few.free.median < 80 * few.multiple.high


def test_a_dose_rests_on_the_draws_that_came_to_rest_there(monkeypatch):
    def picky(network, ensemble, perturbation, vehicle, regimen):
        """Draws do not come to rest where they are pushed far."""
        found = respond(network, ensemble, perturbation, vehicle, regimen)
        near = np.abs(perturbation.inputs).sum(axis=0) < 20 + 2 * (ensemble.kept % 17)
        return replace(found, settled=found.settled & near)

    monkeypatch.setattr("raphe.propagation.sweep.respond", picky)
    monkeypatch.setattr("raphe.model.respond", picky)
    within = replace(setting(draws=80))
    found = dose_response("trazodone", readouts="DRN.firing", points=5, within=within)
    shares = []
    for number, dose in enumerate(found.doses):
        told = {"dose": f"{dose.multiple!r}x"}
        prediction = predict("trazodone", within=within, **told).prediction
        shares.append(prediction.unsettled_share)
        odds, other = found.curves[0].odds[number], prediction.reading("DRN.firing").odds
        assert (odds.up, odds.down) == (other.up, other.down)
        assert odds.median == pytest.approx(other.median, abs=1e-9)
    assert shares[0] == 0 < shares[-2] < shares[-1] < 1
    assert found.unsettled_share == max(shares)


# What pharmacology knows


def test_a_partial_agonist_raises_a_quiet_receptor_and_lowers_a_busy_one():
    drug = given_drug({"T.r": {"action": "partial agonist", "efficacy": "0.4"}})
    ways = {}
    for tone in (0.0, 0.3, 0.5, 0.8):
        top = medians(swept(receptor(tone).model(), drug))[-1]
        ways[tone] = np.sign(round(top, 6))
    assert ways == {0.0: 1, 0.3: 1, 0.5: -1, 0.8: -1}


def test_reserve_turns_a_partial_agonist_into_a_full_one_at_a_busy_receptor():
    drug = given_drug({"T.r": {"action": "partial agonist", "efficacy": "0.4"}})
    plain, reserved = (
        medians(swept(receptor(0.5, **extra).model(), drug))[-1]
        for extra in ({}, {"reserve": True})
    )
    assert plain < 0 < reserved


def test_autoreceptor_first_then_the_receptor_behind_it():
    """Tight at the one that holds the transmitter back, weak at the one that acts as it does."""
    nodes = {
        "auto": ("receptor", 0.0),
        "release": ("process", 0.5),
        "post": ("receptor", 0.3),
        "s": ("process", 0.5),
    }
    edges = {"auto -| release": 0.5, "release -> post": 0.9, "post -> s": 0.9}
    drug = given_drug(
        {
            "T.auto": {"action": "agonist", "Ki": "1 nM"},
            "T.post": {"action": "agonist", "Ki": "100 nM"},
        },
        free="10 nM",
    )
    found = swept(Sketch(nodes, edges).model(), drug)
    (turn,) = found["s"].turns
    assert (turn.below, turn.above, turn.at.share) == (Call.DOWN, Call.UP, 1.0)

    def change(free: float) -> float:
        """By hand, where no bound is met: the post-synaptic receptor under both."""
        auto, post = free / (1 + free), free / 100 / (1 + free / 100)
        return (1 - post) * 0.9 * (-0.5 * auto) + post * (1 - 0.3)

    low, high = 0.1, 1e3
    for _ in range(100):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if change(middle) < 0 else (low, middle)
    assert turn.at.free.median == pytest.approx(low, rel=1e-6)
    assert turn.at.multiple.median == pytest.approx(low / 10, rel=1e-6)


def test_clonidine_silences_the_coeruleus_by_its_autoreceptors_before_anything_else(within):
    found = dose_response(
        "clonidine", readouts=("LC.firing", "NAc.glutamate"), regimen="acute", within=within
    )
    first, second = found.curves
    lowest = {
        curve.node: next(
            number for number, call in enumerate(curve.calls) if call in (Call.UP, Call.DOWN)
        )
        for curve in (first, second)
    }
    assert lowest["LC.firing"] < lowest["NAc.glutamate"]
    assert first.half is not None
    assert (first.half.direction, first.half.levels_off) == (Call.DOWN, True)
    shares = {
        one.target: one.occupancies[25].median for one in found.engagements if not one.is_held
    }
    assert shares["ADRA2A"] > 3 * shares["alpha1"]


def test_the_effect_of_the_drug_counts_from_where_the_others_put_it():
    """Half of what the agonist adds to a readout that an antagonist holds down already."""
    agonist = given_drug({"T.s": {"action": "agonist"}}, free="1 nM", name="agonist")
    blocker = given_drug({"T.r": {"action": "antagonist"}}, free="9 nM", name="blocker")
    found = swept(receptor().model(), agonist, blocker)
    curve = found["s"]
    assert curve.without.median < 0
    assert curve.half is not None
    assert curve.half.direction is Call.UP
    assert curve.half.at.multiple.median == pytest.approx(1.0, rel=0.02)


# What is asked for


@given(st.integers(2, 60), st.integers(-50, 10), st.integers(1, 40))
def test_doses_are_evenly_spaced_and_the_plain_one_is_among_them(points, log, tenths):
    low, high = 10.0 ** (log / 10), 10.0 ** (min(log + tenths, 29) / 10)
    found = Ends(low, high, points, is_free=False).of(given_drug({"T.r": {"action": "agonist"}}))
    times = found.times
    assert (times[0], times[-1]) == (low, high)
    assert (np.diff(times) > 0).all()
    plain = times == 1.0
    assert plain.any() == (low <= 1 <= high)
    assert len(times) in (points, points + 1)
    steps = np.diff(np.log10(times[~plain] if len(times) > points else times))
    assert steps == pytest.approx(
        np.full(len(steps), (np.log10(high / low)) / (points - 1)), abs=1e-6
    )


@pytest.mark.parametrize(
    ("start", "end", "points", "said"),
    [
        ("x", "1x", 5, "'--from x' is no dose."),
        ("1x", "1 nM", 5, "from 1x to 1 nM: a factor and a concentration."),
        ("1x", "0.1x", 5, "from 1x to 0.1x is no way up."),
        ("0x", "1x", 5, "'--from 0x' is out of reach."),
        ("1x", "nanx", 5, "'--to nanx' is no dose."),
        ("1x", "1e9x", 5, "'--to 1e9x' is out of reach."),
        ("1 nM", "2 - 4 nM", 5, "'--to 2 - 4 nM' is no end of a range."),
        ("0 nM", "1 nM", 5, "'--from 0 nM' is no dose."),
        ("< 2 nM", "9 nM", 5, "'--from < 2 nM' is no dose."),
        ("0.1x", "1x", 1, "1 points."),
    ],
)
def test_a_range_that_cannot_be_is_told_of(start, end, points, said):
    problems: list[object] = []
    assert dose_range(start, end, points, problems).points == 2
    assert [one.what for one in problems] == [said]


def test_all_that_was_mistyped_is_told_at_once(within):
    with pytest.raises(InputError) as caught:
        dose_response(
            "mirtazapin",
            readouts=("LC.fring",),
            sweep="desipramine",
            start="2x",
            end="1x",
            regimen="cronic",
            within=within,
        )
    told = "\n".join(str(one) for one in caught.value.problems)
    for part in ("mirtazapin", "LC.fring", "to be swept", "no way up", "cronic"):
        assert part in told
    assert len(caught.value.problems) == 5


def test_without_a_drug_there_is_nothing_to_sweep(within):
    with pytest.raises(InputError, match="no drug whose dose to sweep"):
        dose_response(readouts="LC.firing", condition="chronic_mild_stress", within=within)


def test_the_same_question_has_the_same_answer(within):
    one, other = (
        dose_response("buspirone", readouts="cortex.5-HT", points=9, within=within)
        for _ in range(2)
    )
    assert one.curves == other.curves
    assert one.engagements == other.engagements
