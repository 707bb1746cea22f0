"""Questions as people ask them: slips, doses, and what an answer is held against."""

from collections.abc import Callable
from dataclasses import fields
from inspect import signature
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raphe.augmentation import augment
from raphe.cli.main import run
from raphe.course import course
from raphe.dose_response import dose_response
from raphe.errors import InputError
from raphe.learning import next_measurements, predict_given
from raphe.questions import explain, predict
from raphe.settings import setting
from raphe.trial import VEHICLE, Design

DRUG = """drug: {name}
title: {name}
targets: {{{target}: {{action: {action}, Ki: 5 nM, evidence: [{{assumption: a test}}]}}}}
exposure: {{usual: {{free: 50 nM, evidence: [{{assumption: a test}}]}}}}
"""


def write_drug(folder: Path, name: str, action: str, target: str = "alpha2") -> None:
    (folder / "drugs").mkdir(exist_ok=True)
    text = DRUG.format(name=name, action=action, target=target)
    (folder / "drugs" / f"{name}.yaml").write_text(text)


def said(*arguments: object, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        predict(*arguments, **options)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_condition_that_depletes_what_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "conditions").mkdir()
    path = tmp_path / "conditions" / "thirst.yaml"
    path.write_text("condition: thirst\ntitle: Thirst\ndepletes: {LC.water: 0.5}\n")
    within = setting(tmp_path, draws=20)
    assert "'LC.water', which is no node" in said("mirtazapine", condition="thirst", within=within)


def test_what_is_certain_does_not_hang_on_the_draws(tmp_path: Path) -> None:
    """The efficacy of a partial agonist lies on both sides of a moderate tone."""
    write_drug(tmp_path, "halfway", "partial agonist", "HRH1")
    for seed in (1, 2):
        answer = predict("halfway", within=setting(tmp_path, draws=1, seed=seed), regimen="acute")
        assert answer["cortex.H1"].certainty.possible.words == ("down", "unchanged", "up")


def test_findings_stand_only_beside_their_own_experiment() -> None:
    within = setting(draws=50)
    assert predict("desipramine", within=within).checks
    assert not predict("desipramine", dose="2x", within=within).checks
    assert not predict("desipramine", without="NET", within=within).checks


def test_a_drug_is_named_once_whatever_it_is_called() -> None:
    assert "'mirtazapine' is named twice" in said("mirtazapine", "Org 3770")


def test_doses_of_both_groups() -> None:
    within = setting(draws=20)
    against = predict("mirtazapine", dose="2x", compared_with="mirtazapine", within=within)
    given = against.prediction.treatment.administrations[0].concentration
    other = against.prediction.comparator.administrations[0].concentration
    assert given.high == 2 * other.high
    both = predict(
        "mirtazapine", "desipramine", dose={"Org 3770": "2x"}, compared_with="mirtazapine",
        within=within,
    )  # fmt: skip
    assert both.prediction.comparator.administrations[0].concentration == given
    assert "a dose of 'desipramine', which is not given" in said(
        "mirtazapine", dose={"desipramine": "2x"}
    )
    assert "is not a dose" in said("mirtazapine", dose="1e9x")


def test_two_doses_of_one_drug_are_a_slip(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["predict", "mirtazapine", "--dose", "2x", "--dose", "3x"]) == 2
    assert "more doses than one" in capsys.readouterr().err
    twice = ["--dose", "mirtazapine=2x", "--dose", "mirtazapine=3x"]
    assert run(["predict", "mirtazapine", *twice]) == 2
    assert "two doses of 'mirtazapine'" in capsys.readouterr().err


def test_what_makes_no_sense_without_a_drug_is_refused() -> None:
    assert "but no drug" in said(condition="pcpa", dose="2x")
    assert "but no drug" in said(condition="pcpa", compared_with="desipramine")
    assert "Choose one" in said("mirtazapine", compared_with=["vehicle", "desipramine"])


def test_a_wrong_file_hides_no_other_drug_and_is_named_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "drugs").mkdir()
    (tmp_path / "drugs" / "broken.yaml").write_text("drug: broken\ntitle: Broken\n")
    within = setting(tmp_path, draws=20)
    assert predict("org 3770", within=within).prediction.title.startswith("mirtazapine")
    assert run(["check", "broken", "--knowledge", str(tmp_path)]) == 2
    assert "broken.yaml" in capsys.readouterr().err


def test_a_file_that_was_edited_is_read_again(tmp_path: Path) -> None:
    write_drug(tmp_path, "turncoat", "antagonist")
    assert predict("turncoat", within=setting(tmp_path, draws=50))["LC.firing"].call.value == "up"
    write_drug(tmp_path, "turncoat", "agonist")
    assert predict("turncoat", within=setting(tmp_path, draws=50))["LC.firing"].call.value == "down"


def test_a_drug_that_reaches_nothing_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_drug(tmp_path, "aloof", "antagonist", "SIGMAR1")
    assert run(["predict", "aloof", "--knowledge", str(tmp_path), "--draws", "20"]) == 0
    assert "no prediction can be made" in capsys.readouterr().out


def test_a_prior_without_a_stable_draw_makes_no_call_and_hides_no_answer(tmp_path: Path) -> None:
    symbols = ["ADRA2A", "HTR2A", "HTR2C", "HRH1", "HTR3A", "ADRA1A"]
    lines = ["circuit: mutual", "title: Mutual", "places: {soma: {label: soma}}", "nodes:"]
    lines += [
        f"  soma.{one}: {{kind: receptor, target: {one}, tone: moderate, reason: r}}"
        for one in symbols
    ]
    lines += ["edges:"] + [
        f"  - soma.{one} -> soma.{other}: {{strength: 0.1, evidence: [{{assumption: a test}}]}}"
        for one in symbols
        for other in symbols
        if one != other
    ]
    (tmp_path / "circuits").mkdir()
    (tmp_path / "circuits" / "mutual.yaml").write_text("\n".join(lines) + "\n")
    row = predict("mirtazapine", within=setting(tmp_path, circuit="mutual", draws=50))["soma.HRH1"]
    assert row.call.value == "down"
    assert "uniform" in row.fragile


@pytest.mark.parametrize(
    "question",
    [predict, explain, dose_response, course, augment, predict_given, next_measurements],
    ids=lambda one: one.__name__,
)
def test_every_question_spells_a_trial_out_alike(question: Callable[..., object]) -> None:
    """Words that a question shares with a design have its type and its default there."""
    words = {one.name: one for one in fields(Design)}
    shared = [one for one in signature(question).parameters.values() if one.name in words]
    assert {"drugs", "dose", "condition"} <= {one.name for one in shared}
    for one in shared[1:]:
        assert (one.annotation, one.default) == (words[one.name].type, words[one.name].default)


@given(st.lists(st.sampled_from(["a", "b", VEHICLE]), max_size=3))
def test_a_comparator_by_itself_is_a_list_of_one(names: list[str]) -> None:
    assert Design(compared_with=names).comparators == tuple(names)
    assert all(Design(compared_with=one).comparators == (one,) for one in names)
