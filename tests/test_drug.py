import math

import pytest
from pydantic import ValidationError

from raphe.drug import Action, Binding, Drug
from raphe.units import Interval


def declare(targets, free="60 nM"):
    return Drug.model_validate(
        {"drug": "own", "title": "Own", "targets": targets, "exposure": {"usual": {"free": free}}}
    )


def antagonist(**row):
    return {"action": "antagonist", **row}


@pytest.mark.parametrize("action", list(Action))
def test_every_action_has_its_efficacy_in_order(action):
    """From a releaser, which runs its transporter backwards, to a full agonist."""
    expected = {
        "agonist": (1, 1),
        "opener": (1, 1),
        "activator": (1, 1),
        "partial agonist": (0.3, 0.7),
        "antagonist": (0, 0),
        "inhibitor": (0, 0),
        "blocker": (0, 0),
        "inverse agonist": (-0.5, -0.1),
        "releaser": (-1, -1),
        "PAM": (0.5, 0.5),
        "NAM": (-1, -1),
    }
    assert action.efficacy == Interval(*expected[action])
    assert action.is_allosteric == (action in ("PAM", "NAM"))


@pytest.mark.parametrize("key", ["Ki", "Kd", "IC50"])
def test_a_constant_is_read_and_named(key):
    row = Binding.model_validate(antagonist(**{key: "1.8 - 18 nM"}))
    assert row.affinity == Interval(1.8, 18)
    assert row.constant == key
    assert row.is_used


def test_a_pki_is_a_ki():
    row = Binding.model_validate(antagonist(pKi=8))
    assert row.affinity == Interval(10, 10)
    assert row.constant == "Ki"


def test_an_action_without_affinity_is_shown_and_not_used():
    row = Binding.model_validate(antagonist(Ki="not specified"))
    assert row.affinity is None
    assert (row.is_used, row.why_unused) == (False, "no affinity")
    assert Binding.model_validate(antagonist(Ki="not specified", occupancy="0.6 - 0.9")).is_used


def test_a_bound_is_shown_and_not_used():
    row = Binding.model_validate(antagonist(Ki="> 1000 nM"))
    assert row.affinity == Interval(1000, math.inf)
    assert (row.is_used, row.is_bound_only, row.why_unused) == (False, True, "not reached")


def test_a_disputed_row_is_shown_and_not_used():
    row = Binding.model_validate(antagonist(Ki="18 nM", disputed=True))
    assert (row.is_used, row.why_unused) == (False, "disputed")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"Ki": "18 nM"}, "Ki without an action"),
        ({"pKi": 8, "Kd": "18 nM"}, "pKi and Kd without an action"),
        ({}, "the row without an action"),
        ({"action": "antagonist"}, "no affinity"),
        (antagonist(Ki=18), "no unit"),
        (antagonist(Ki="-18 nM"), "negative"),
        (antagonist(Ki="0.01 pM"), "out of the range"),
        (antagonist(Ki="18 M"), "out of the range"),
        (antagonist(Ki="1 - 2000 mM"), "out of the range"),
        (antagonist(occupancy=60), "is not a share"),
        (antagonist(Ki="18 nM", efficacy=1.1), "is not an efficacy"),
        (antagonist(Ki="18 nM", efficacy="-1.1"), "is not an efficacy"),
        (antagonist(Ki={"value": 18}), "is not a concentration"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused(row, message):
    with pytest.raises(ValidationError, match=message):
        Binding.model_validate(row)


@pytest.mark.parametrize("ki", ["0.1 pM", "1 mM"])
def test_the_limits_of_what_is_plausible_are(ki):
    assert Binding.model_validate(antagonist(Ki=ki)).is_used


def test_one_row_may_stand_without_a_list():
    assert declare({"ADRA2A": antagonist(Ki="18 nM")}) == declare(
        {"ADRA2A": [antagonist(Ki="18 nM")]}
    )


def test_the_first_exposure_is_the_usual_one():
    drug = Drug.model_validate(
        {
            "drug": "own",
            "title": "Own",
            "targets": {"ADRA2A": antagonist(Ki="18 nM")},
            "exposure": {"low": {"free": "5 nM"}, "high": {"free": "50 nM"}},
        }
    )
    assert drug.usual_exposure == "low"


def test_rows_a_thousandfold_apart_are_a_slip_of_units():
    rows = [antagonist(Ki="18 nM"), antagonist(Ki="18 µM")]
    with pytest.raises(ValidationError, match="1,000-fold apart"):
        declare({"ADRA2A": rows})


@pytest.mark.parametrize(
    "second",
    [antagonist(Ki="8.9 µM"), antagonist(Ki="18 µM", disputed=True), antagonist(Ki="> 18 µM")],
)
def test_sources_may_disagree(second):
    assert len(declare({"ADRA2A": [antagonist(Ki="18 nM"), second]}).targets["ADRA2A"]) == 2


def test_an_exposure_far_below_all_affinities_is_a_slip_of_units():
    with pytest.raises(ValidationError, match=r"exposure 'usual' .* is 900 times below"):
        declare({"ADRA2A": antagonist(Ki="18 µM")}, free="20 nM")
    assert declare({"ADRA2A": antagonist(Ki="18 µM")}, free="40 nM")
    weak = {"ADRA2A": antagonist(Ki="18 µM"), "HRH1": antagonist(Ki="1 nM")}
    assert declare(weak, free="20 nM")


def test_an_exposure_has_two_ends():
    with pytest.raises(ValidationError, match="no upper end"):
        declare({"ADRA2A": antagonist(Ki="18 nM")}, free="> 20 nM")


def test_a_drug_binds_and_is_given():
    with pytest.raises(ValidationError, match="targets"):
        declare({})
    with pytest.raises(ValidationError, match="exposure"):
        Drug.model_validate(
            {"drug": "own", "title": "Own", "targets": {"A": antagonist(Ki="1 nM")}, "exposure": {}}
        )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"action": "antagonist", "Ki": "18 nM", "efficacy": 1}, "which has none"),
        ({"action": "antagonist", "Ki": "18 nM", "pKi": 5.0}, "Ki and pKi in one row"),
        ({"action": "antagonist", "Ki": "18 nM", "occupancy": 0.5}, "Ki and occupancy in one row"),
        ({"action": "antagonist", "Ki": None}, "'Ki' is empty"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(row: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Binding.model_validate(row)


def test_an_agonist_may_say_how_strong_it_is_and_an_occupancy_needs_no_affinity() -> None:
    assert Binding.model_validate({"action": "agonist", "Ki": "1 nM", "efficacy": 0.8}).efficacy
    row = {"action": "inhibitor", "Ki": "not specified", "occupancy": "0.4 - 0.7"}
    assert Binding.model_validate(row).is_used
