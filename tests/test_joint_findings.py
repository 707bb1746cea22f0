"""Findings as a joint problem: experiments, sides, weights, chance."""

from __future__ import annotations

import pytest

from raphe.evidence import Evidence, Reference
from raphe.joint.asking import consistent
from raphe.joint.circuit import every_side, signed_circuit
from raphe.joint.contradiction import Case
from raphe.joint.problem import Influence
from raphe.joint.repair import Move
from raphe.joint.reported import Unchanged
from raphe.joint.significance import Chance, significance
from raphe.joint.together import Together
from raphe.joint.weight import NEW_CLAIM, weight_of
from raphe.settings import setting
from raphe.sign import Change, Sign


@pytest.fixture(scope="module")
def desipramine() -> Together:
    return consistent("desipramine")


def test_findings_of_one_experiment_share_a_condition(desipramine: Together) -> None:
    names = [one.name for one in desipramine.posed.problem.conditions]
    assert len(set(names)) == len(names)
    chronic = next(
        one for one in desipramine.posed.problem.conditions if one.name == "desipramine, chronic"
    )
    assert chronic.observed["LC.firing"] is Change.DOWN
    assert chronic.observed["cortex.beta1.density"] is Change.DOWN
    assert not chronic.cut


def test_a_drug_holds_what_it_occupies_most_and_pushes_the_rest(desipramine: Together) -> None:
    chronic = next(
        one for one in desipramine.posed.problem.conditions if one.name == "desipramine, chronic"
    )
    # 99 % of the noradrenaline transporter, 28 % of α₁ in the raphe, 1 % of 5-HT₁A.
    assert chronic.held["LC.NET"] is Change.DOWN
    assert chronic.pushed["DRN.alpha1"] is Change.DOWN
    assert "DRN.5-HT1A" not in chronic.held.keys() | chronic.pushed.keys()


def test_adaptations_stay_put_acutely_and_push_in_washout(desipramine: Together) -> None:
    by_name = {one.name: one for one in desipramine.posed.problem.conditions}
    circuit = desipramine.posed.bench.circuit
    assert by_name["desipramine, acute"].cut == circuit.slow
    washout = by_name["desipramine, washout"]
    assert washout.cut == circuit.slow
    assert not washout.held
    assert Change.DOWN in washout.pushed["LC.alpha2A.function"]


def test_a_combination_is_compared_with_its_drug() -> None:
    posed = consistent("citalopram-pindolol-drn-firing-acute").posed
    of, against, both = posed.problem.conditions
    assert both.shift is not None
    assert (both.shift.of, both.shift.against) == (of.name, against.name)
    assert both.name.endswith("against citalopram")
    # What both groups have alike stays where it is.
    assert both.held["DRN.SERT"] is Change.SAME


def test_an_unknown_sign_takes_part_and_a_no_leaves_an_edge_out() -> None:
    network = setting().model.network
    whole = signed_circuit(network, {})
    assert len(list(every_side(network, {}))) == 4
    without = signed_circuit(network, dict.fromkeys(network.questions, False))
    gone = whole.edges.keys() - without.edges.keys()
    assert gone
    assert all(edge.declared.contested for one in gone for edge in whole.edges[one])


def test_reports_of_both_directions_stand_side_by_side() -> None:
    posed = consistent("mirtazapine").posed
    report = posed.reports["mirtazapine, chronic", "LC.firing"]
    assert report.is_disputed
    assert report.change is Change.CHANGED
    (one,) = [c for c in posed.problem.conditions if c.name == "mirtazapine, chronic"]
    assert one.observed["LC.firing"] is Change.CHANGED


def test_a_range_over_the_sides_holds_that_of_each(desipramine: Together) -> None:
    whole = desipramine.agreement
    for _, own in desipramine.by_side:
        assert whole.low <= own.low <= own.high <= whole.high <= whole.of
    assert whole.high == whole.of - 1


def test_repairs_are_sufficient_and_in_order(desipramine: Together) -> None:
    trials = {trial.part.conditions[0].name: trial for trial in desipramine.trials}
    for one in desipramine.contradictions:
        trial = trials[one.reports[0].condition]
        costs = [repair.cost for repair, _ in one.repairs]
        assert costs == sorted(costs)
        for repair, broken in one.repairs:
            assert trial.holds(trial.assume(steps=repair.steps))
            assert broken is not None
        # Each kind alone, and doubting what was unchanged before doubting a paper's direction.
        assert {step.move for step in one.repairs[0][0].steps} == {Move.DOUBT}


def test_the_least_repair_mends_everything(desipramine: Together) -> None:
    found = desipramine.mending(limit=50)
    assert found.is_proved
    assert found.is_complete
    for repair in found.repairs:
        assert repair.cost == found.bound
        assert all(one.holds(one.assume(steps=repair.steps)) for one in desipramine.trials)


def test_what_nothing_leads_to_is_told_apart() -> None:
    (one,) = consistent("citalopram-amygdala-5ht1a-function-chronic-bosker").contradictions
    assert one.case is Case.UNREACHABLE
    assert not one.core.influences


def test_what_is_read_as_small_is_not_asked() -> None:
    (trial,) = consistent("modafinil-snc-firing-acute", unchanged="exact").trials
    assert not trial.holds(trial.assume())
    assert consistent("modafinil", unchanged=Unchanged.SMALL.value).is_consistent


def test_the_weight_of_a_claim_is_that_of_its_evidence() -> None:
    references = {
        "read": Reference(title="a", checked="full text"),
        "abstract": Reference(title="b", checked="abstract"),
        "guide": Reference(title="c", checked="full text", kind="document"),
    }

    def weight(*names: str, against: tuple[str, ...] = ()) -> int:
        own = [Evidence(ref=one) for one in names]
        return weight_of([*own, *(Evidence(ref=one, against=True) for one in against)], references)

    assert weight("read") > weight("abstract") > weight("guide") > weight() == 1
    assert weight("read", "abstract") == weight("read") + weight("abstract")
    assert weight("read", against=("abstract",)) == weight("read") - weight("abstract")
    assert weight("abstract", against=("read",)) == 1
    assert weight_of([Evidence(assumption="so be it")], references) == 1
    assert weight("abstract") == NEW_CLAIM


def test_costs_follow_the_evidence(desipramine: Together) -> None:
    weights = desipramine.weights
    edge = Influence("DRN.5-HT", "DRN.5-HT1A", Sign.POSITIVE)
    assert weights.of_flip(edge) == weights.of_removal(edge) + NEW_CLAIM
    assert weights.of_removal(edge) == 16
    # Two papers of which the abstract was read; and one of «unchanged».
    assert weights.of_doubt("desipramine, chronic", "DRN.firing") == 4


@pytest.mark.parametrize("chance", list(Chance))
def test_chance_is_dealt_from_streams_of_its_own(desipramine: Together, chance: Chance) -> None:
    few, more = (significance(desipramine, chance, number, 7) for number in (2, 4))
    assert more.dealt[:2] == few.dealt
    assert more.repairs == 1
    assert more.agreements == more.of - 1
    assert more.dealt != significance(desipramine, chance, 4, 8).dealt
    as_good = sum(one <= 1 for one in more.dealt)
    assert more.p_value == (1 + as_good) / 5
    # What was dealt leaves the answer as it was.
    assert desipramine.agreement.high == more.agreements
