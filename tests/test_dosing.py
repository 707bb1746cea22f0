"""Doses and half-lives: what is there of a drug, and what its course makes of it."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raphe.cli.main import run
from raphe.course import course
from raphe.course_checks import check_course
from raphe.dosing import Dosing, known_half_life
from raphe.drug import Drug
from raphe.errors import InputError
from raphe.exposure import Exposure
from raphe.knowledge import load_knowledge
from raphe.perturbation import perturb
from raphe.report.answer_schemas import answer_schemas
from raphe.report.course_json import course_json
from raphe.report.course_plot import course_svg
from raphe.settings import setting
from raphe.treatment import Treatment, administer

NODES = ["LC.firing", "cortex.NE", "cortex.beta1.density"]
HALF_LIVES = st.floats(0.2, 500.0)


@pytest.fixture(scope="module")
def within():
    return setting(draws=6)


def level(dosing: Dosing, half_life: float, hours: float, dose: int) -> float:
    return float(dosing.left(np.array([half_life]), np.array([dose]), np.array([hours]))[0])


@given(HALF_LIVES, st.floats(1.0, 72.0), st.integers(0, 40), st.floats(0.0, 1.0))
def test_doses_add_up(half_life, every, dose, share) -> None:
    hours = (dose + share) * every
    rate = np.log(2) / half_life
    added = sum(np.exp(-rate * (hours - number * every)) for number in range(dose + 1))
    found = level(Dosing(every, {}), half_life, hours, dose)
    assert found == pytest.approx(rate * every * added, rel=1e-6)


@given(HALF_LIVES, st.floats(1.0, 72.0))
def test_the_average_between_doses_comes_to_what_is_stated(half_life, every) -> None:
    dosing = Dosing(every, {})
    dose = int(np.ceil(60 * half_life / every)) + 1
    hours = (dose + (np.arange(4000) + 0.5) / 4000) * every
    left = dosing.left(np.full(4000, half_life), np.full(4000, dose), hours)
    assert left.mean() == pytest.approx(1.0, rel=2e-3)


@given(HALF_LIVES, st.floats(0.0, 100.0), st.sampled_from([None, 24.0]))
def test_half_of_it_is_gone_after_a_half_life(half_life, since, every) -> None:
    dosing = Dosing(every, {})
    last = 5 if every else 0
    start = last * (every or 0.0) + since
    before, after = (level(dosing, half_life, start + more, last) for more in (0.0, half_life))
    assert after == pytest.approx(before / 2, rel=1e-9)
    assert level(Dosing(None, {}), half_life, 0.0, 0) == 1.0


@pytest.mark.parametrize(
    ("every", "stop", "count"),
    [(24.0, 504.0, 21), (24.0, 505.0, 22), (8.0, 24.0, 3), (None, 9.0, 1)],
)
def test_doses_are_given_before_the_treatment_ends(every, stop, count) -> None:
    dosing = Dosing(every, {})
    assert dosing.doses(stop) == count
    ends = dosing.ends(stop, 600.0)
    assert len(ends) == count
    assert ends[-1] == 600.0
    assert (np.diff(ends) > 0).all()


@given(st.floats(0.0, 50.0), st.floats(0.0, 50.0))
def test_an_exposure_is_what_the_perturbation_at_that_concentration_is(one, other) -> None:
    _same_as_perturbation(["mirtazapine", "desipramine"], one, other, None)


@pytest.mark.parametrize("condition", [None, "chronic_mild_stress"])
@pytest.mark.parametrize("drugs", [["pcpa", "buspirone"], ["diazepam", "citalopram"]])
def test_losses_spread_and_modulators_scale(drugs, condition) -> None:
    for factor in (0.0, 0.3, 4.0):
        _same_as_perturbation(drugs, factor, 1.0, condition)


_SETTINGS = {}


def _same_as_perturbation(drugs, one, other, condition) -> None:
    if not _SETTINGS:
        _SETTINGS["own"] = setting(draws=6)
        _SETTINGS["knowledge"] = load_knowledge()
    model, knowledge = _SETTINGS["own"].model, _SETTINGS["knowledge"]
    given = tuple(administer(knowledge.drug(name)) for name in drugs)
    ill = knowledge.condition(condition) if condition else None
    treatment = Treatment(given, ill)
    size = model.ensemble.size
    times = dict(zip(drugs, (np.full(size, one), np.full(size, other)), strict=True))
    found = Exposure(model.network, model.ensemble, treatment, model.targets).at(times)
    expected = perturb(model.network, model.ensemble, treatment, model.targets, times)
    np.testing.assert_allclose(found.gain, expected.gain, atol=1e-12)
    np.testing.assert_allclose(found.inputs, expected.inputs, atol=1e-12)


def test_a_dose_that_hardly_leaves_is_a_constant_exposure(within) -> None:
    asked = {"readouts": NODES, "days": 3, "followed": 6, "within": within}
    stays = course("desipramine", single=True, half_life="9000 d", **asked)
    constant = course("desipramine", **asked)
    for line, other in zip(stays.lines, constant.lines, strict=True):
        np.testing.assert_allclose(
            line.values[list(line.rows)], other.values[list(other.rows)], atol=3e-3
        )


def test_many_small_doses_that_leave_fast_are_a_constant_exposure(within) -> None:
    """Not at once: a few half-lives later."""
    asked = {"readouts": NODES, "days": 2, "followed": 3, "within": within}
    often = course("desipramine", every="1 h", half_life="4 h", **asked)
    constant = course("desipramine", **asked)
    assert np.abs(often["LC.firing"].values[-1] - constant["LC.firing"].values[-1]).max() < 0.02


def test_after_a_dose_that_leaves_at_once_everything_is_as_before(within) -> None:
    short = course(
        "desipramine", readouts=NODES, single=True, half_life="5 min", followed=6, within=within
    )
    assert [moment.label for moment in short.told] == ["1 h", "6 h", "1 d", "3 d"]
    for line in short.lines:
        assert np.abs(line.values[-1]).max() < line.threshold


def test_a_drug_that_leaves_slowly_ends_slowly(within) -> None:
    asked = {
        "readouts": ["cortex.NE"], "days": 6, "stop": 4, "every": "24 h", "followed": 6,
        "within": within,
    }  # fmt: skip
    medians = [
        course("desipramine", half_life=time, **asked)["cortex.NE"].told[-1].median
        for time in ("2 h", "12 h", "48 h")
    ]
    assert medians[0] < medians[1] < medians[2]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"every": "24 h", "drugs": ("tranylcypromine",)}, "no half-life of tranylcypromine"),
        ({"every": "24 h", "single": True}, "and a single one"),
        ({"half_life": "3 h"}, "a half-life, and no doses"),
        ({"every": "often"}, "often"),
        ({"every": "1 min"}, "a dose every '1 min'"),
        ({"every": "8 - 12 h"}, "a dose every '8 - 12 h'"),
        ({"every": "1 h", "days": 100}, "2400 doses to follow"),
        ({"single": True, "stop": 1}, "a single dose is stopped"),
        ({"single": True, "half_life": "mouse"}, "'mouse' is no half-life of desipramine"),
        (
            {"single": True, "half_life": {"mirtazapine": "3 h"}},
            "'mirtazapine', which is not given",
        ),
    ],
)
def test_what_cannot_be_dosed_is_said(within, asked, said) -> None:
    drugs = asked.pop("drugs", ("desipramine",))
    with pytest.raises(InputError) as caught:
        course(*drugs, within=within, **asked)
    assert any(said in problem.what for problem in caught.value.problems)


def drug(**changed) -> Drug:
    return Drug.model_validate(
        {
            "drug": "x",
            "title": "X",
            "targets": {"HRH1": {"action": "antagonist", "Ki": "1 nM"}},
            "exposure": {"therapeutic": {"free": "20 nM"}},
            **changed,
        }
    )


def test_a_drug_file_states_a_half_life_for_each_species() -> None:
    one = drug(half_life={"time": "20 - 40 h", "species": "human"})
    assert (known_half_life(one).time.low, known_half_life(one).source) == (20.0, "human")
    both = drug(half_life=[{"time": "2 d", "species": "human"}, {"time": "3 h", "species": "rat"}])
    assert known_half_life(both).time.high == 48.0
    assert known_half_life(both, "rat").time.high == 3.0
    assert known_half_life(both, "90 min").source == "as asked"
    with pytest.raises(ValueError, match="no unit"):
        drug(half_life={"time": "20"})
    with pytest.raises(ValueError, match="two half-lives of rat"):
        drug(half_life=[{"time": "2 h", "species": "rat"}, {"time": "3 h", "species": "rat"}])


def _drugs(knowledge) -> list[Drug]:
    return [knowledge.drug(name) for name in knowledge.names("drugs")]


def test_half_lives_of_the_library_have_their_sources() -> None:
    knowledge = load_knowledge()
    known = [one for one in _drugs(knowledge) if one.half_life]
    assert len(known) >= 10
    for one in known:
        for stated in one.half_life:
            assert stated.species
            assert any(evidence.ref for evidence in stated.evidence), one.name


def passing(within, shape, **asked):
    """The check of one finding of a passing change, its line given a shape."""
    found = course("mirtazapine", readouts=["LC.firing"], followed=3, within=within, **asked)
    (line,) = found.lines
    values = np.repeat(shape(line.hours)[:, None], 3, 1)
    (check,) = check_course(replace(found, lines=(replace(line, values=values),)), within.knowledge)
    return check


@pytest.mark.parametrize(
    ("shape", "predicted", "verdict"),
    [
        (lambda hours: np.where(hours < 24, 1.0, 0.1), "passes", "agrees"),
        (lambda hours: np.where(hours < 24, 1.0, 0.6), "stays", "disagrees"),
        (lambda hours: np.where(hours < 24, -1.0, 0.0), "not moved", "disagrees"),
        (lambda hours: np.where(hours < 0.1, 1.0, 0.0), "not moved", "disagrees"),
    ],
)
def test_what_was_reported_to_pass_is_held_against_a_single_dose(
    within, shape, predicted, verdict
) -> None:
    check = passing(within, shape, single=True, half_life="5 h")
    assert check.finding == "mirtazapine-lc-firing-acute"
    assert (check.predicted, check.verdict.value, check.reason) == (predicted, verdict, "")


def test_what_was_reported_to_pass_is_out_of_scope_without_a_half_life(within) -> None:
    check = passing(within, np.ones_like, days=1)
    assert check.verdict.value == "out of scope"
    assert "'--single' follows it" in check.reason
    human = passing(within, np.zeros_like, single=True)
    assert human.reason == "found in rat, half-life of mirtazapine in human"
    found = course("tranylcypromine", readouts=["DRN.firing"], days=1, followed=2, within=within)
    (check,) = check_course(found, within.knowledge)
    assert "no half-life of tranylcypromine is known" in check.reason


def test_the_answer_of_doses_is_as_its_schema_says(within) -> None:
    found = course(
        "buspirone", readouts=NODES, every="8 h", days=2, stop=1, followed=2, within=within
    )
    answer = json.loads(json.dumps(course_json(found, check_course(found, within.knowledge))))
    jsonschema.validate(answer, answer_schemas()["course"])
    assert answer["dosing"] == {
        "every": 8.0,
        "doses": 3,
        "half_lives": [{"drug": "buspirone", "hours": [2.0, 11.0], "source": "human"}],
    }
    assert "nan" not in course_svg(found).casefold().replace("nanomolar", "")


def test_the_command_tells_of_doses(tmp_path, capsys) -> None:
    asked = [
        "course",
        "citalopram",
        "DRN.firing",
        "--days",
        "2",
        "--draws",
        "20",
        "--followed",
        "2",
    ]
    assert run([*asked, "--every", "12h", "--half-life", "rat", "-o", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "4 doses, one" in " ".join(told.split())
    assert "half-life 3 h (rat)" in " ".join(told.split())
    assert (tmp_path / "course.png").read_bytes()[:4] == b"\x89PNG"
    assert run([*asked, "--every", "12h", "--half-life", "3h", "--half-life", "4h"]) == 2
    assert "Say whose: '--half-life DRUG=TIME'" in capsys.readouterr().err
    assert run(asked) == 0
    assert "'--every 24h' follows them: citalopram 33 h" in " ".join(
        capsys.readouterr().out.split()
    )


def test_a_half_life_is_a_claim_that_needs_evidence(tmp_path, capsys) -> None:
    (tmp_path / "drugs").mkdir()
    (tmp_path / "drugs" / "newdrug.yaml").write_text(
        "drug: newdrug\ntitle: New\nclass: SSRI\n"
        "targets: {SLC6A4: {action: inhibitor, Ki: 1 nM, evidence: [{assumption: made up}]}}\n"
        "exposure: {therapeutic: {free: 5 nM, evidence: [{assumption: made up}]}}\n"
        "half_life: {time: 20 h, species: rat}\n",
        "utf-8",
    )
    run(["validate", str(tmp_path), "--warnings"])
    told = capsys.readouterr()
    assert "no evidence for the half-life in rat" in " ".join((told.out + told.err).split())
