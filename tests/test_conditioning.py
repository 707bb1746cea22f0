"""What findings teach: known weights are recovered, and nothing is learnt where nothing can be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from learning_knowledge import write_open, write_scales
from raphe.calling import Call
from raphe.conditioning import LEFT_OUT, Given, condition_on
from raphe.consistency.observed import Observed, observe
from raphe.consistency.score import score_checks
from raphe.consistency.verdicts import check_findings
from raphe.errors import InputError
from raphe.knowledge import Knowledge
from raphe.model import load_model
from raphe.reweighting import OUTCOMES, Tolerance, log_likelihoods, reweight, weighted_shares
from raphe.unknowns import Kind, chance_shift, drawn_unknowns, moved_unknowns, standardised
from scored_knowledge import write_knowledge

TRUTHS, WRONG = 150, 0.1
STRAIGHT, ROUND, APART = "a -> e", "b -| e", "a -> f"


@pytest.fixture(scope="module")
def scales(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return write_scales(tmp_path_factory.mktemp("scales"))


@pytest.fixture(scope="module")
def observed(scales: Knowledge) -> Observed:
    model = load_model(scales, "random", draws=2000)
    return observe(model, scales, scales.findings)


@pytest.fixture(scope="module")
def truths(scales: Knowledge) -> Observed:
    """Other draws of the same circuit, whose weights are to be found out."""
    return observe(load_model(scales, "random", draws=TRUTHS, seed=7), scales, scales.findings)


def weights_of(observed: Observed, edge: str) -> np.ndarray:
    model = observed.model
    return np.abs(model.ensemble.weights[model.network.edge_names.index(edge)])


def simulated(truths: Observed, draw: int, wrong: float) -> np.ndarray:
    """What would be reported if the weights were those of one draw, some of it wrongly."""
    random = np.random.default_rng(draw)
    reported = truths.codes[:, draw].copy()
    slips = random.random(len(reported)) < wrong
    reported[slips] = (reported[slips] + random.integers(1, 3, slips.sum())) % 3
    return reported


def learnt_from(
    observed: Observed, knowledge: Knowledge, reported: np.ndarray, wrong: float = WRONG
) -> Given:
    own = replace(observed, reported=reported.astype(np.int8))
    return condition_on(own, knowledge, own.findings, Tolerance(wrong, 10))


def interval(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    order = np.argsort(values)
    place = np.cumsum(weights[order])
    low, high = np.searchsorted(place, (0.05, 0.95))
    return float(values[order][low]), float(values[order][min(high, len(values) - 1)])


def test_known_weights_are_recovered(
    observed: Observed, truths: Observed, scales: Knowledge
) -> None:
    """Over many truths, nine of ten 90 % intervals hold what the findings were made with."""
    ratio = weights_of(observed, STRAIGHT) / weights_of(observed, ROUND)
    true_ratio = weights_of(truths, STRAIGHT) / weights_of(truths, ROUND)
    prior_low, prior_high = interval(np.log(ratio), np.full(2000, 1 / 2000))
    held = {STRAIGHT: 0, ROUND: 0, "ratio": 0}
    widths, errors, errors_before = [], [], []
    for draw in range(TRUTHS):
        learnt = learnt_from(observed, scales, simulated(truths, draw, WRONG))
        assert learnt.reweighted.effective >= 10
        for edge in (STRAIGHT, ROUND):
            low, high = interval(weights_of(observed, edge), learnt.weights)
            held[edge] += low <= weights_of(truths, edge)[draw] <= high
        low, high = interval(np.log(ratio), learnt.weights)
        held["ratio"] += low <= np.log(true_ratio[draw]) <= high
        widths.append(high - low)
        middle = float(np.log(ratio) @ learnt.weights)
        errors.append(abs(middle - np.log(true_ratio[draw])))
        errors_before.append(abs(np.log(ratio).mean() - np.log(true_ratio[draw])))
    # Of 150 intervals, 90 % are 135, give or take 11 (three standard deviations).
    for name, count in held.items():
        assert 124 <= count <= 146, name
    assert np.mean(widths) < 0.6 * (prior_high - prior_low)
    assert np.mean(errors) < 0.5 * np.mean(errors_before)


def test_the_posterior_moves_to_the_truth_and_what_is_apart_stays(
    observed: Observed, truths: Observed, scales: Knowledge
) -> None:
    ratio = weights_of(truths, STRAIGHT) / weights_of(truths, ROUND)
    for draw, sign in ((int(ratio.argmax()), 1), (int(ratio.argmin()), -1)):
        learnt = learnt_from(observed, scales, truths.codes[:, draw])
        moved = {one.unknown.name: one for one in learnt.moved}
        assert STRAIGHT in moved
        assert set(moved) <= {STRAIGHT, ROUND}
        assert moved[STRAIGHT].shift * sign > 0
        round_about = weights_of(observed, ROUND)
        assert (round_about @ learnt.weights - round_about.mean()) * sign < 0
        assert moved[STRAIGHT].unknown.evidence[0].assumption == "straight"
        assert learnt.causes[STRAIGHT]
        before, after = moved[STRAIGHT].before, moved[STRAIGHT].after
        values = weights_of(observed, STRAIGHT)
        expected = np.quantile(values, (0.05, 0.5, 0.95), method="hazen")
        assert before == pytest.approx(expected)
        assert (after[1] - before[1]) * sign > 0


def test_a_wrong_finding_among_many_does_little(
    observed: Observed, truths: Observed, scales: Knowledge
) -> None:
    clean = learnt_from(observed, scales, truths.codes[:, 3])
    slipped = truths.codes[:, 3].copy()
    slipped[7] = (slipped[7] + 1) % 3
    dirty = learnt_from(observed, scales, slipped)
    values = weights_of(observed, STRAIGHT)
    assert abs(values @ (clean.weights - dirty.weights)) < 0.5 * values.std()


# ---- what is left out


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Knowledge, Observed]:
    knowledge = write_knowledge(tmp_path_factory.mktemp("knowledge"))
    return knowledge, observe(
        load_model(knowledge, "random", draws=200), knowledge, knowledge.findings
    )


def drugs_of(finding: str, knowledge: Knowledge) -> set[str]:
    declared = knowledge.findings[finding]
    return {*declared.drugs, *declared.compared_with} - {"vehicle"} or {declared.condition}


def classes_of(finding: str, knowledge: Knowledge) -> set[str]:
    declared = knowledge.findings[finding]
    kinds = {name: knowledge.drug(name).class_.partition(" (")[0] for name in declared.drugs}
    return {kind or "unclassified" for kind in kinds.values()} or {declared.condition}


@pytest.mark.parametrize("what", LEFT_OUT)
@pytest.mark.parametrize("base", ["small", "scales"])
def test_leaving_out_by_subtraction_is_learning_from_the_others_alone(
    small: tuple[Knowledge, Observed],
    scales: Knowledge,
    observed: Observed,
    truths: Observed,
    base: str,
    what: str,
) -> None:
    knowledge, own = small
    if base == "scales":
        knowledge, own = scales, replace(observed, reported=truths.codes[:, 11])
    size = own.codes.shape[1]
    tolerance = Tolerance(0.1, 20)
    learnt = condition_on(own, knowledge, own.findings, tolerance)
    for one in learnt.left_out[what]:

        def shares_it(other: str, one: str = one.finding) -> bool:
            if what == "finding":
                return other == one
            keys = drugs_of if what == "drug" else classes_of
            return bool(keys(one, knowledge) & keys(other, knowledge))

        rest = [name for name in learnt.accepted if not shares_it(name)]
        place = own.number[one.finding]
        if rest:
            alone = condition_on(own, knowledge, rest, tolerance).weights
        else:
            alone = np.full(size, 1 / size)
        expected = weighted_shares(own.codes[[place]], alone)[0]
        assert one.after == pytest.approx(expected.tolist(), abs=1e-6)


def test_what_is_there_before_is_what_is_checked(small: tuple[Knowledge, Observed]) -> None:
    """Before anything is learnt, findings are called as `raphe check` calls them."""
    knowledge, observed = small
    learnt = condition_on(observed, knowledge, ["up-right"], Tolerance(0.1, 20))
    checks = list(check_findings(observed.model, knowledge, knowledge.findings))
    called = {
        row.finding: (row.called, row.probability) for row in score_checks(checks, knowledge).rows
    }
    assert set(called) == set(observed.findings)
    for one in (*learnt.fitted, *learnt.others):
        assert called[one.finding][0] is one.called_before
        assert called[one.finding][1] == pytest.approx(max(one.before))


def test_measures_are_those_counted_by_hand(small: tuple[Knowledge, Observed]) -> None:
    knowledge, observed = small
    learnt = condition_on(observed, knowledge, observed.findings, Tolerance(0.1, 20))
    before = learnt.measure(learnt.fitted, after=False)
    # The matrix of tests/test_score.py: 6 of 11 right, 10 called, 2 opposite.
    assert before.findings == 11
    assert before.right == pytest.approx(6 / 11)
    assert before.called == pytest.approx(10 / 11)
    assert before.opposite == pytest.approx(2 / 11)
    bits = [
        -np.log2(0.9 * p + 0.05 * (1 - p))
        for p in (one.before[OUTCOMES.index(one.reported)] for one in learnt.fitted)
    ]
    assert before.surprise == pytest.approx(np.mean(bits))


def test_an_accepted_finding_becomes_likelier(small: tuple[Knowledge, Observed]) -> None:
    knowledge, observed = small
    for name in observed.findings:
        learnt = condition_on(observed, knowledge, [name], Tolerance(0.1, 20))
        (own,) = learnt.fitted
        place = OUTCOMES.index(own.reported)
        assert own.after[place] >= own.before[place] - 1e-9
        (left,) = learnt.left_out["finding"]
        assert left.after == pytest.approx(left.before)


def test_findings_on_which_no_draw_differs_teach_nothing(
    small: tuple[Knowledge, Observed],
) -> None:
    knowledge, observed = small
    learnt = condition_on(observed, knowledge, ["up-right", "up-opposite"], Tolerance(0.1, 20))
    assert learnt.mute == 2
    assert learnt.weights == pytest.approx(np.full(200, 1 / 200))
    assert learnt.moved == ()
    assert learnt.reweighted.effective == pytest.approx(200)
    assert not [one for one in learnt.others if one.is_changed]


def test_what_reports_no_direction_is_named_and_not_used(
    small: tuple[Knowledge, Observed],
) -> None:
    knowledge, observed = small
    learnt = condition_on(observed, knowledge, knowledge.findings, Tolerance(0.1, 20))
    assert learnt.unused == ("back", "filled", "nowhere", "outside")
    with pytest.raises(InputError, match="none of these findings"):
        condition_on(observed, knowledge, ["filled"], Tolerance(0.1, 20))


# ---- unknowns


def test_weights_that_know_nothing_move_nothing(scales: Knowledge) -> None:
    model = load_model(scales, "random", draws=300)
    unknowns = drawn_unknowns(model, scales, scales.findings.values())
    assert {STRAIGHT, ROUND, APART} <= {one.name for one in unknowns}
    values = standardised(unknowns)
    told = 0
    for seed in range(60):
        weights = np.random.default_rng(seed).gamma(0.3, size=300)
        weights /= weights.sum()
        least = chance_shift(values, weights, seed)
        told += bool(moved_unknowns(unknowns, values, weights, least))
    # One in twenty is wanted; of sixty, nine or more come about with p < 0.01.
    assert told <= 8


def test_a_side_is_learnt_and_where_its_edge_is_not_there_nothing_is_known_of_it(
    tmp_path: Path,
) -> None:
    knowledge = write_open(tmp_path)
    model = load_model(knowledge, "random", draws=400)
    observed = observe(model, knowledge, knowledge.findings)
    learnt = condition_on(observed, knowledge, ["seen"], Tolerance(0.1, 20))
    (moved,) = learnt.moved
    assert (moved.unknown.name, moved.unknown.kind) == ("side of first", Kind.SIDE)
    # Bayes by hand: ½ · 0.9 / (½ · 0.9 + ½ · 0.05) = 0.947.
    there = moved.means[0]
    expected = there * 0.9 / (there * 0.9 + (1 - there) * 0.05)
    assert moved.means[1] == pytest.approx(expected)
    assert {item.ref for item in moved.unknown.evidence} == {"first", "not-first"}
    (own,) = learnt.fitted
    assert own.called_before is not Call.UP or own.called_after is Call.UP


def test_a_power_below_one_is_that_of_the_likelihood(
    observed: Observed, truths: Observed, scales: Knowledge
) -> None:
    own = replace(observed, reported=truths.codes[:, 5])
    learnt = condition_on(own, scales, own.findings, Tolerance(0.01, 900))
    assert learnt.reweighted.is_tempered
    assert learnt.reweighted.effective == pytest.approx(900, abs=0.01)
    likelihood = log_likelihoods(own.codes, own.reported, 0.01).sum(axis=0)
    expected = np.exp(learnt.reweighted.power * (likelihood - likelihood.max()))
    assert learnt.weights == pytest.approx(expected / expected.sum())
    assert reweight(likelihood, 900).power == pytest.approx(learnt.reweighted.power)
