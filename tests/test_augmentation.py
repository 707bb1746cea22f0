"""What to add to a drug: against plain predictions of every pair, and the command."""

import json
from itertools import combinations

import numpy as np
import pytest
from pydantic import TypeAdapter

from raphe.augmentation import THERAPEUTIC, augment
from raphe.calling import Call
from raphe.cli.main import run
from raphe.desire import Aim
from raphe.errors import InputError
from raphe.explanation.routes import Explanation
from raphe.finding import Regimen
from raphe.questions import predict
from raphe.report.augment_json import AugmentAnswer, augment_json
from raphe.settings import setting
from raphe.treatment import Treatment, administer

WISHES = {"up": "cortex.DA", "not_down": "LC.firing"}


@pytest.fixture(scope="module")
def few():
    return setting(draws=40)


@pytest.fixture(scope="module")
def added(few):
    return augment("fluoxetine", **WISHES, within=few)


def test_every_drug_of_the_library_is_tried_or_left_out_by_name(added, few):
    tried = {one.drug.name for one in added.additions}
    left = {*added.unplaced, *added.restless, *added.cautioned, *added.peripheral}
    assert not tried & left
    told = {*tried, *left, "fluoxetine"}
    assert told == set(few.knowledge.names("drugs"))
    assert "melatonin" in added.unplaced


@pytest.mark.parametrize("regimen", ["acute", "chronic", "washout"])
def test_a_pair_is_what_predict_says_of_it(regimen, few):
    """The joint share from the change that `predict` finds, written out for draw by draw."""
    made = augment("fluoxetine", **WISHES, regimen=regimen, within=few)
    model = few.model
    for one in made.additions[::9]:
        pair = predict(
            "fluoxetine",
            one.drug.name,
            compared_with="fluoxetine",
            regimen=regimen,
            within=few,
        ).prediction
        held = 0
        rows = [model.network.index[name] for name in ("cortex.DA", "LC.firing")]
        for up, down in pair.change[rows].T:
            held += up > 0.07 * model.ranges[rows[0]] and not down < -0.07 * model.ranges[rows[1]]
        assert one.share == held / pair.change.shape[1], one.drug.name
        for outcome, name in zip(one.outcomes, ("cortex.DA", "LC.firing"), strict=True):
            assert outcome.odds == pair.reading(name).odds


def test_the_best_come_first_and_all_wishes_are_harder_than_one(added):
    shares = [one.share for one in added.additions]
    assert shares == sorted(shares, reverse=True)
    for one in added.additions:
        own = [outcome.share for outcome in one.outcomes]
        # Fréchet's bounds.
        assert sum(own) - 1 - 1e-9 <= one.share <= min(own) + 1e-9
    assert any(one.share < min(o.share for o in one.outcomes) for one in added.additions)
    assert {one.passes() for one in added.additions} == {True, False}


def test_a_wish_holds_where_its_call_is_made(added):
    for one in added.additions:
        raised, spared = one.outcomes
        assert raised.share == raised.odds.up
        assert spared.share == pytest.approx(1 - spared.odds.down)
        assert (raised.share >= 0.6) == (raised.odds.call() is Call.UP)


def test_wishes_the_other_way_round(few):
    there = augment("fluoxetine", down="cortex.DA", not_up="LC.firing", within=few)
    for one in there.additions:
        lowered, spared = one.outcomes
        assert lowered.share == lowered.odds.down
        assert spared.share == pytest.approx(1 - spared.odds.up)


def test_targets_make_the_whole_change(added):
    best = added.additions[0]
    for desire in added.desires:
        explanation = Explanation.of(best.prediction, desire.node)
        assert sum(explanation.origins.values()) == pytest.approx(explanation.total, rel=1e-6)
        carriers = best.carriers(desire)
        assert carriers[0].share == max(one.share for one in carriers)
        for one in carriers:
            whole = explanation.origins[one.target] / explanation.total
            assert one.share == pytest.approx(whole)
            assert abs(one.share) >= 0.1
        bound = set(best.drug.targets) | {"SLC6A4"}
        assert {one.target for one in carriers} <= bound
        assert best.drug.title in best.why(desire)


def test_olanzapine_raises_what_fluoxetine_alone_does_not():
    """Cortical dopamine, through 5-HT2C above all: what the pair is given for."""
    made = augment("fluoxetine", up="cortex.DA", within=setting())
    assert made["olanzapine"].passes()
    assert made["olanzapine"].carriers(made.desires[0])[0].target == "HTR2C"
    assert not made["citalopram"].passes()


def test_several_drugs_may_be_given_already(few):
    made = augment("fluoxetine", "olanzapine", up="cortex.DA", within=few)
    assert {"fluoxetine", "olanzapine"}.isdisjoint(one.drug.name for one in made.additions)
    triple = predict(
        "fluoxetine", "olanzapine", "bupropion",
        compared_with=("fluoxetine", "olanzapine"), within=few,
    )  # fmt: skip
    assert made["bupropion"].outcomes[0].odds == triple["cortex.DA"].odds


def test_only_therapeutic_exposures(few):
    made = augment("fluoxetine", up="cortex.DA", therapeutic=True, within=few)
    assert {one.given.exposure for one in made.additions} == {THERAPEUTIC}
    assert len(made.additions) > 20


def test_limits_belong_to_unchanged():
    limit, change = np.array(0.1), np.array([-0.2, -0.1, 0.0, 0.1, 0.2])
    held = {aim: aim.holds(change, limit).tolist() for aim in Aim}
    assert held[Aim.UP] == [False, False, False, False, True]
    assert held[Aim.DOWN] == [True, False, False, False, False]
    assert held[Aim.NOT_UP] == [True, True, True, True, False]
    assert held[Aim.NOT_DOWN] == [False, True, True, True, True]


@pytest.mark.parametrize(
    ("drugs", "wishes", "said"),
    [
        ((), {"up": "cortex.DA"}, "nothing to add to."),
        (("fluoxetine",), {}, "nothing to be gained"),
        (("fluoxetine",), {"not_up": "cortex.DA"}, "nothing to be gained"),
        (("fluoxetine",), {"up": "cortex.DX"}, "Did you mean 'cortex.DA"),
        (("fluoxetin",), {"up": "cortex.DA"}, "Did you mean 'fluoxetine'"),
        (("fluoxetine",), {"up": "cortex.DA", "down": "cortex.DA"}, "cannot go both ways"),
        (("fluoxetine",), {"up": "cortex.DA", "not_up": "cortex.DA"}, "cannot go both ways"),
        (("fluoxetine",), {"up": "cortex.DA", "regimen": "chronik"}, "no regimen 'chronik'"),
    ],
)
def test_what_cannot_be_asked(drugs, wishes, said, few):
    with pytest.raises(InputError) as caught:
        augment(*drugs, **wishes, within=few)
    assert said in str(caught.value)


def test_all_mistakes_at_once(few):
    with pytest.raises(InputError) as caught:
        augment("fluoxetin", up="cortex.DX", not_down="nowhere", within=few)
    assert len(caught.value.problems) == 3


def test_a_drug_that_was_not_added_is_told_of(added):
    with pytest.raises(InputError, match="was not added"):
        added["fluoxetine"]


def test_the_command_prints_what_the_library_finds(added, capsys):
    arguments = ["augment", "fluoxetine", "--up", "cortex.DA", "--not-down", "LC.firing"]
    arguments += ["--draws", "40"]
    assert run([*arguments, "--json", "--most", "2"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads(json.dumps(augment_json(added, 2)))
    TypeAdapter(AugmentAnswer).validate_python(told)
    assert [row["explained"] for row in told["additions"][:3]] == [True, True, False]
    assert all(row["wishes"][0]["why"] for row in told["additions"][:2])
    assert run(arguments) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "What to add to fluoxetine" in shown
    assert "no clinical advice" in shown
    assert "bind nothing in this circuit: melatonin." in shown
    assert added.additions[0].drug.title in shown


def test_no_drug_may_fulfil_all(capsys):
    arguments = ["augment", "fluoxetine", "--up", "striatum.DA", "--down", "NAc.DA", "--up"]
    arguments += ["LC.firing", "--draws", "20"]
    assert run(arguments) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "No drug of the library fulfils all wishes" in shown
    assert "The nearest:" in shown


@pytest.mark.parametrize("regimen", list(Regimen))
def test_three_drugs_against_any_of_them(regimen, few):
    """Each comparison group that can be made of three drugs, vehicle and all three included."""
    names = ("fluoxetine", "mirtazapine", "bupropion")
    model = few.model
    given = {name: administer(few.knowledge.drug(name)) for name in names}
    whole, _ = model.respond(Treatment(tuple(given.values())), regimen)
    for number in range(4):
        for others in combinations(names, number):
            found = predict(
                *names, compared_with=others or "vehicle", regimen=regimen.value, within=few
            ).prediction.contrast
            part, _ = model.respond(Treatment(tuple(given[name] for name in others)), regimen)
            assert np.array_equal(found.change, whole.x - part.x), others
            assert np.array_equal(found.settled, whole.settled & part.settled)
            if number == 3:
                assert not found.change.any()
