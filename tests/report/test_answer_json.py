from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, get_type_hints

import jsonschema
import pytest

from raphe.questions import Answer, check, predict
from raphe.report.agreement_json import Agreeing, Analogy
from raphe.report.answer_json import (
    CheckRow,
    ChecksAnswer,
    DrugGiven,
    EvidenceItem,
    PredictionAnswer,
    PredictionRow,
    Tally,
    Thresholds,
    checks_json,
    prediction_json,
    rounded,
)
from raphe.report.answer_schemas import answer_schemas
from raphe.report.score_json import (
    Band,
    Chosen,
    Confusion,
    Group,
    Measures,
    MovedStrengths,
    PriorScore,
    ScoreAnswer,
    ShuffledSigns,
)
from raphe.settings import Setting
from report_golden import approved

DOCS = Path(__file__).parents[2] / "docs" / "json.md"
TYPES = (
    PredictionAnswer, ChecksAnswer, PredictionRow, CheckRow, DrugGiven, EvidenceItem, Tally,
    Thresholds, ScoreAnswer, Group, Measures, ShuffledSigns, Confusion, Band, Chosen, PriorScore,
    MovedStrengths, Analogy, Agreeing,
)  # fmt: skip


@pytest.fixture(scope="module")
def predicted(answer: Answer) -> dict[str, Any]:
    return as_read(prediction_json(answer))


@pytest.fixture(scope="module")
def checked(within: Setting) -> dict[str, Any]:
    return as_read(checks_json(check("madeupine", within=within)))


def as_read(answer: dict[str, Any]) -> dict[str, Any]:
    """What a program gets: through text and back."""
    read: dict[str, Any] = json.loads(json.dumps(answer, allow_nan=False))
    return read


def test_prediction_fits_its_schema(predicted: dict[str, Any]) -> None:
    jsonschema.validate(predicted, answer_schemas()["predict"])


def test_checks_fit_their_schema(checked: dict[str, Any]) -> None:
    jsonschema.validate(checked, answer_schemas()["check"])


@pytest.mark.parametrize(
    "question",
    [
        {"regimen": "washout"},
        {"regimen": "acute", "dose": "2x"},
        {"condition": "made_lesion"},
        {"without": "alpha2"},
        {"compared_with": "madeupine"},
    ],
)
def test_other_answers_fit_the_schema_too(within: Setting, question: dict[str, str]) -> None:
    answer = as_read(prediction_json(predict("madeupine", within=within, **question)))
    jsonschema.validate(answer, answer_schemas()["predict"])


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("call", "sideways"),
        ("p_up", 1.5),
        ("interval", [0.1]),
        ("possible", ["left"]),
        ("node", None),
    ],
)
def test_schema_refuses_what_is_wrong(predicted: dict[str, Any], key: str, wrong: object) -> None:
    broken = json.loads(json.dumps(predicted))
    broken["predictions"][0][key] = wrong
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, answer_schemas()["predict"])


def test_rows_have_the_documented_keys_in_order(
    predicted: dict[str, Any], checked: dict[str, Any]
) -> None:
    assert list(predicted) == list(get_type_hints(PredictionAnswer))
    assert list(checked) == list(get_type_hints(ChecksAnswer))
    assert list(predicted["predictions"][0]) == list(get_type_hints(PredictionRow))
    assert list(checked["checks"][0]) == list(get_type_hints(CheckRow))


def test_readouts_come_first_and_no_node_is_left_out(
    answer: Answer, predicted: dict[str, Any]
) -> None:
    nodes = [row["node"] for row in predicted["predictions"]]
    assert nodes[:5] == list(answer.prediction.readouts)
    assert sorted(nodes) == sorted(answer.prediction.rows)
    assert [row["readout"] for row in predicted["predictions"]] == [True] * 5 + [False] * 4


def test_row_says_what_the_answer_says(answer: Answer, predicted: dict[str, Any]) -> None:
    told, row = predicted["predictions"][0], answer["soma.firing"]
    assert told["call"] == row.call.value == "up"
    assert told["p_up"] == pytest.approx(row.odds.up, abs=1e-4)
    assert told["interval"] == [
        pytest.approx(row.odds.low, rel=1e-3), pytest.approx(row.odds.high, rel=1e-3)
    ]  # fmt: skip
    assert told["possible"] == ["unchanged", "up"]
    assert told["certain"] is True


def test_counts_are_those_of_the_rows(checked: dict[str, Any]) -> None:
    assert checked["tally"] == {"agrees": 1, "disagrees": 1, "ambiguous": 0, "out_of_scope": 1}
    assert [row["verdict"] for row in checked["checks"]].count("agrees") == 1


def test_nothing_computed_is_still_an_answer(within: Setting) -> None:
    checked = as_read(checks_json(check("made-elsewhere", within=within)))
    jsonschema.validate(checked, answer_schemas()["check"])
    assert checked["seed"] is None


def test_answer_reads_as_it_was_approved(predicted: dict[str, Any]) -> None:
    written = json.dumps(predicted, ensure_ascii=False, indent=1) + "\n"
    assert written == approved("madeupine.json", written)


def test_same_answer_gives_the_same_bytes(answer: Answer) -> None:
    assert json.dumps(prediction_json(answer)) == json.dumps(prediction_json(answer))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0010000000000000009, "0.001"),
        (8.7e-19, "0.0"),
        (-0.0, "0.0"),
        (-1e-12, "0.0"),
        (0.123456, "0.1235"),
        (42.0, "42.0"),
        (123456.0, "123500.0"),
    ],
)
def test_numbers_have_four_digits_and_no_noise(value: float, written: str) -> None:
    assert json.dumps(rounded(value)) == written


def test_documentation_names_every_key() -> None:
    documented = DOCS.read_text(encoding="utf-8")
    for model in TYPES:
        for key in get_type_hints(model):
            assert f"`{key}`" in documented, f"{model.__name__}.{key}"


def test_schemas_are_valid_and_say_what_they_are() -> None:
    for name, schema in answer_schemas().items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["title"] == f"raphe.{name}/1"


def test_schemas_cost_nothing_until_they_are_asked_for() -> None:
    code = "import sys, raphe.report.answer_json; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(found.stdout.split())
    assert not {"raphe.report.html", "raphe.diagram.style", "rich"} & loaded
