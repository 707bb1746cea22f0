"""Verdicts: what agrees, what does not, and what never counts."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from raphe.consistency.experiments import _Latest, treatments
from raphe.consistency.verdicts import (
    Check,
    Predictions,
    Verdict,
    check_finding,
    check_findings,
    tally,
)
from raphe.finding import Finding
from raphe.knowledge import Knowledge
from raphe.model import load_model
from raphe.prediction import predict_treatment
from strategies_networks import Sketch

NODES = {"a": ("process", 0.5), "b": ("process", 0.5), "c": ("process", 0.5), "d": ("process", 0.5)}
#: b follows a; c hears a in two ways that cancel on average; d takes back nearly all in time.
CIRCUIT = Sketch(
    NODES,
    {"a -> b": 0.8, "a -> c": 0.5, "b -| c": 0.5, "a -> d": 0.8, "d ~| d": 4.0},
    extra={"a -> c": {"strength": "0.2 - 1.0"}, "b -| c": {"strength": "0.3 - 1.2"}},
)
DRUGS = {
    "up": {"T.a": {"action": "agonist", "Ki": "1 nM"}},
    "down": {"T.a": {"action": "antagonist", "Ki": "1 nM"}},
    "aside": {"T.a": {"action": "partial agonist", "efficacy": "0.51", "Ki": "1 nM"}},
    "wide": {"T.a": {"action": "antagonist", "Ki": "1 - 100 nM"}},
    "elsewhere": {"HRH1": {"action": "antagonist", "Ki": "1 nM"}},
}
CONDITIONS: dict[str, Any] = {
    "raised": {"perturbs": {"b": {"direction": "up", "strength": "0.36"}}},
    "faint": {"perturbs": {"b": {"direction": "up", "strength": "0.01"}}},
    "middling": {"perturbs": {"b": {"direction": "up", "strength": "0.3"}}},
    "lesser": {"perturbs": {"b": {"direction": "up", "strength": "0.2"}}},
    "slight": {"perturbs": {"b": {"direction": "up", "strength": "0.1"}}},
}


@pytest.fixture(scope="module")
def predictions(tmp_path_factory: pytest.TempPathFactory) -> Predictions:
    """A knowledge base of its own, read from files."""
    folder = tmp_path_factory.mktemp("knowledge")
    write(folder, "circuits", "random", CIRCUIT.declared())
    for name, targets in DRUGS.items():
        exposure = {"usual": {"free": "9 nM"}}
        write(
            folder,
            "drugs",
            name,
            {"drug": name, "title": name, "targets": targets, "exposure": exposure},
        )
    for name, declared in CONDITIONS.items():
        write(folder, "conditions", name, {"condition": name, "title": name, **declared})
    knowledge = Knowledge((folder,))
    return Predictions(load_model(knowledge, "random", draws=200), knowledge)


def write(folder: Path, kind: str, name: str, declared: dict[str, Any]) -> None:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / f"{name}.yaml").write_text(json.dumps(declared), encoding="utf-8")


def checked(predictions: Predictions, **declared: Any) -> Check:
    return check_finding("f", Finding.model_validate({"regimen": "acute", **declared}), predictions)


@pytest.mark.parametrize("reported", ["up", "down", "unchanged"])
@pytest.mark.parametrize(
    ("drug", "called"), [("up", "up"), ("down", "down"), ("aside", "unchanged")]
)
def test_it_agrees_where_the_call_is_what_was_reported(
    predictions: Predictions, drug: str, called: str, reported: str
) -> None:
    check = checked(predictions, drugs=drug, readout="b", direction=reported)
    assert (check.predicted, check.reported) == (called, reported)
    assert check.verdict is (Verdict.AGREES if called == reported else Verdict.DISAGREES)
    assert check.probability == 1
    assert check.why


@pytest.mark.parametrize("reported", ["up", "down", "unchanged"])
def test_what_is_ambiguous_never_agrees(predictions: Predictions, reported: str) -> None:
    check = checked(predictions, drugs="up", readout="c", direction=reported)
    assert check.predicted == "ambiguous"
    assert check.verdict is Verdict.AMBIGUOUS
    assert check.probability is not None
    assert check.probability < 0.6


def test_what_the_knowledge_lacks_is_out_of_scope_and_named_all_at_once(
    predictions: Predictions,
) -> None:
    check = checked(
        predictions,
        drugs=["nosuchdrug", "up"],
        readout="z",
        direction="up",
        condition="nosuchcondition",
    )
    assert check.verdict is Verdict.OUT_OF_SCOPE
    assert check.probability is None
    for missing in ("'z'", "'nosuchdrug'", "'nosuchcondition'"):
        assert missing in check.why


def test_a_comparison_of_two_drugs_is_paired(predictions: Predictions) -> None:
    against = {"readout": "b", "compared_with": ["down"]}
    assert checked(predictions, drugs="up", direction="up", **against).verdict is Verdict.AGREES
    assert (
        checked(predictions, drugs="down", direction="unchanged", **against).verdict
        is Verdict.AGREES
    )
    assert checked(predictions, drugs="aside", direction="up", **against).verdict is Verdict.AGREES


@pytest.mark.parametrize(
    ("drug", "condition", "verdict", "predicted"),
    [
        # The condition brings b to +0.36; the antagonist takes 0.45 × 0.8 = 0.36 of it.
        ("down", "raised", Verdict.AGREES, "normalised"),
        ("aside", "raised", Verdict.DISAGREES, "not normalised"),
        ("up", "raised", Verdict.DISAGREES, "not normalised"),
        # From +0.3 to −0.06: less than a quarter of it is left, if on the other side.
        ("down", "middling", Verdict.AGREES, "normalised"),
        # From +0.2 to −0.16: nearer than before, but past where it came from.
        ("down", "lesser", Verdict.DISAGREES, "not normalised"),
        # From +0.1 to −0.26: past where it came from.
        ("down", "slight", Verdict.DISAGREES, "not normalised"),
        ("down", "faint", Verdict.DISAGREES, "not moved"),
    ],
)
def test_normalised_means_moved_back_what_the_condition_moved(
    predictions: Predictions, drug: str, condition: str, verdict: Verdict, predicted: str
) -> None:
    check = checked(
        predictions,
        drugs=drug,
        condition=condition,
        readout="b",
        direction="normalised",
        regimen="chronic",
    )
    assert (check.verdict, check.predicted) == (verdict, predicted)


@pytest.mark.parametrize(
    ("readout", "verdict", "predicted"),
    [("d", Verdict.AGREES, "normalised"), ("b", Verdict.DISAGREES, "not normalised")],
)
def test_normalised_in_time_means_that_what_the_acute_drug_moved_is_back(
    predictions: Predictions, readout: str, verdict: Verdict, predicted: str
) -> None:
    """d adapts with w = 4: a fifth of the acute change is left, which is less than a quarter."""
    check = checked(
        predictions, drugs="up", readout=readout, direction="normalised", regimen="chronic"
    )
    assert (check.verdict, check.predicted) == (verdict, predicted)
    acute = predictions.of(check.declared.model_copy(update={"regimen": "acute"}))
    assert check.prediction is not None
    left = check.prediction["d"].odds.median / acute["d"].odds.median
    assert left == pytest.approx(1 / 5)


@pytest.mark.parametrize(
    ("drug", "reported", "verdict"),
    [
        ("down", "0.85 - 0.95", Verdict.AGREES),
        ("down", "0.2 - 0.4", Verdict.DISAGREES),
        ("wide", "0.85 - 0.95", Verdict.AMBIGUOUS),
        ("elsewhere", "0.85 - 0.95", Verdict.OUT_OF_SCOPE),
    ],
)
def test_an_occupancy_agrees_where_its_median_lies_within_what_was_reported(
    predictions: Predictions, drug: str, reported: str, verdict: Verdict
) -> None:
    check = checked(predictions, drugs=drug, occupancy={"target": "T.a", "reported": reported})
    assert check.verdict is verdict


def test_the_tally_has_every_verdict_and_counts_each_finding_once(predictions: Predictions) -> None:
    findings = {
        name: Finding.model_validate(
            {"regimen": "acute", "drugs": "up", "readout": readout, "direction": "up"}
        )
        for name, readout in (("one", "b"), ("two", "c"), ("three", "z"), ("four", "b"))
    }
    checks = list(check_findings(predictions.model, predictions.knowledge, findings))
    assert [check.finding for check in checks] == sorted(findings)
    assert tally(checks) == {
        Verdict.AGREES: 2,
        Verdict.DISAGREES: 0,
        Verdict.AMBIGUOUS: 1,
        Verdict.OUT_OF_SCOPE: 1,
    }


def test_what_is_kept_is_what_would_be_computed_anew(predictions: Predictions) -> None:
    """Twice round more experiments than are kept, each against its own prediction."""
    model, knowledge = predictions.model, predictions.knowledge
    asked = [
        Finding.model_validate({"drugs": drug, "regimen": regimen, "readout": "b", **more})
        for drug in ("up", "down", "aside")
        for regimen in ("acute", "chronic", "washout")
        for more in ({"direction": "up"}, {"direction": "up", "condition": "raised"})
    ]
    for finding in (*asked, *asked):
        treatment, comparator = treatments(finding, knowledge)
        alone = predict_treatment(model, treatment, finding.regimen, comparator, fragility=False)
        kept = predictions.of(finding)
        assert kept.change.tobytes() == alone.change.tobytes()
        assert kept.perturbation.gain.tobytes() == alone.perturbation.gain.tobytes()
        assert predictions.of(finding) is kept


def test_only_the_latest_are_kept() -> None:
    made: list[int] = []
    latest: _Latest[int, int] = _Latest(2)

    def make(key: int) -> int:
        made.append(key)
        return -key

    assert [latest.of(key, partial(make, key)) for key in (1, 2, 1, 3, 1, 2)] == [
        -1, -2, -1, -3, -1, -2,
    ]  # fmt: skip
    assert made == [1, 2, 3, 2]
