"""A score as tables and as data: the same numbers everywhere, and none of them broken."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

import raphe
from raphe.consistency.scorecard import Scorecard, score_card
from raphe.consistency.verdicts import check_findings
from raphe.model import load_model
from raphe.questions import Checks
from raphe.report.answer_json import checks_json
from raphe.report.answer_schemas import answer_schemas
from raphe.report.score_json import score_json
from raphe.report.score_layout import ScoreTable, table_markdown
from raphe.report.score_tables import scope, score_tables, to_markdown
from raphe.report.score_terminal import show_score
from scored_knowledge import write_knowledge

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checks, Scorecard]:
    knowledge = write_knowledge(tmp_path_factory.mktemp("knowledge"))
    model = load_model(knowledge, "random", draws=200)
    checks = Checks(tuple(check_findings(model, knowledge, knowledge.findings)))
    return checks, score_card(model, knowledge, checks.rows, priors=True, moves=5)


@pytest.fixture(scope="module")
def card(checked: tuple[Checks, Scorecard]) -> Scorecard:
    return checked[1]


@pytest.fixture(scope="module")
def answer(card: Scorecard) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(score_json(card), allow_nan=False))
    return read


def table(card: Scorecard, title: str) -> ScoreTable:
    return next(one for one in score_tables(card) if one.title == title)


def test_the_matrix_reads_as_it_was_counted(card: Scorecard) -> None:
    assert table(card, "Confusion matrix").rows == (
        ("up", "3", "1", "1", "1", "6", "50 %"),
        ("down", "1", "2", "0", "0", "3", "67 %"),
        ("unchanged", "0", "1", "1", "0", "2", "50 %"),
        ("all", "4", "4", "2", "1", "11", "55 %"),
        ("right of calls", "75 %", "50 %", "50 %", "–", "", ""),
    )


def test_groups_stand_side_by_side(card: Scorecard) -> None:
    shown = table(card, "Score")
    assert shown.head == ("", "all", "tuned on", "looked at", "never seen", "not stated")
    rows = {row[0]: row[1:] for row in shown.rows}
    assert rows["findings"] == ("11", "2", "1", "6", "2")
    assert rows["right"] == ("55 %", "100 %", "0 %", "50 %", "50 %")
    assert rows["commonest class"] == ("55 %", "50 %", "100 %", "83 %", "50 %")


def test_what_analogy_answers_stands_beside_the_circuit_on_the_same(card: Scorecard) -> None:
    """Two drugs of one class raise b, in two papers; two papers on one drug disagree about d."""
    rows = {row[0].strip(): row[1:] for row in table(card, "Score").rows}
    assert rows["by analogy: answers"] == ("18 %", "50 %", "0 %", "17 %", "0 %")
    assert rows["right, of these"] == ("100 % of 2", "100 % of 1", "–", "100 % of 1", "–")
    assert rows["raphe, of the same"] == ("100 %", "100 %", "–", "100 %", "–")


def test_too_few_pairs_are_told_and_not_read(card: Scorecard) -> None:
    shown = table(card, "Agreement between reports")
    names = [row[0].strip() for row in shown.rows]
    half = len(names) // 2
    same, akin = (
        {name.strip(): cells for name, *cells in part}
        for part in (shown.rows[:half], shown.rows[half:])
    )
    assert same["same experiment: pairs"] == ["1", "1", "0", "1", "0"]
    assert same["pairs that agree"] == ["0 %", "0 %", "–", "0 %", "–"]
    assert same["without disputed ones"] == ["–"] * 5
    assert same["commonest report known: right"] == ["too few", "too few", "–", "too few", "–"]
    assert same["raphe, of these findings"] == ["50 % of 2", "100 % of 1", "–", "0 % of 1", "–"]
    assert akin["same classes, other drugs: pairs"] == ["1", "1", "0", "1", "0"]
    assert akin["pairs that agree"] == ["100 %", "100 %", "–", "100 %", "–"]
    assert "too few" in to_markdown(card)


def test_strengths_are_moved_for_each_group(card: Scorecard, answer: dict[str, Any]) -> None:
    shown = table(card, "Strengths")
    assert shown.head == table(card, "Score").head
    assert answer["moved_strengths"] == answer["groups"]["all"]["moved_strengths"]
    declared = [one["moved_strengths"]["declared"] for one in answer["groups"].values()]
    assert [f"{100 * share:.0f} %" for share in declared] == list(shown.rows[0][1:])


def test_calibration_of_the_unseen_stands_apart(card: Scorecard, answer: dict[str, Any]) -> None:
    """Of six that nobody saw, one is left open; the five calls are sure, and three are right."""
    shown = table(card, "Calibration")
    assert shown.head[4:] == ("never seen: calls", "never seen: mean p", "never seen: share right")
    (row,) = shown.rows
    assert row == ("p ≥ 0.99", "10", "1.00", "0.60", "5", "1.00", "0.60")
    assert answer["groups"]["never"]["calibration"] == [
        {"low": 0.99, "high": 1.0, "calls": 5, "mean_p": 1.0, "right": 0.6}
    ]
    assert answer["calibration"] == answer["groups"]["all"]["calibration"]


def test_what_is_not_scored_is_told(card: Scorecard) -> None:
    text = scope(card)
    assert "11 findings of a direction" in text
    assert "1 of occupancy, of which 1 agree" in text
    assert "Not scored: 2 out of scope (of 1, " in text


def test_every_row_has_a_cell_for_every_head(card: Scorecard) -> None:
    for one in score_tables(card):
        assert {len(row) for row in one.rows} == {len(one.head)}, one.title
        lines = [line for line in table_markdown(one).splitlines() if line.startswith("|")]
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {len(one.head) + 1}


def test_small_groups_of_a_breakdown_are_told_together(card: Scorecard) -> None:
    """Five classes of drugs, none of them with eight findings."""
    (only,) = table(card, "By drug class").rows
    assert only[:3] == ("5 other classes", "11", "55 %")


@pytest.mark.parametrize("width", [80, 100])
def test_the_terminal_breaks_no_number_and_no_width(card: Scorecard, width: int) -> None:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    show_score(card, console)
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert max(map(len, shown.splitlines())) <= width
    for one in score_tables(card):
        assert one.title in shown
        for row in one.rows:
            cells = r"\s+".join(re.escape(text) for text in row[1:] if text)
            assert re.search(cells, shown), (one.title, row)


def test_the_score_fits_its_schema(answer: dict[str, Any]) -> None:
    jsonschema.validate(answer, answer_schemas()["score"])
    broken = {**answer, "confusion": {**answer["confusion"], "up": {"up": -1}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, answer_schemas()["score"])


def test_data_and_tables_say_the_same(answer: dict[str, Any], card: Scorecard) -> None:
    assert answer["schema"] == "raphe.score/1"
    assert next(iter(answer)) == "schema"
    assert answer["confusion"]["up"] == {"up": 3, "down": 1, "unchanged": 1, "ambiguous": 1}
    never = answer["groups"]["never"]
    assert (never["findings"], never["accuracy"], never["occupancy"]) == (6, 0.5, [1, 1])
    assert never["analogy"] == {
        "answers": 1,
        "coverage": pytest.approx(1 / 6, abs=1e-4),
        "right": 1,
        "accuracy": 1.0,
        "opposite": 0,
        "predicted_right": 1,
        "predicted_accuracy": 1.0,
    }
    looked_at = answer["groups"]["development"]
    assert (looked_at["analogy"]["answers"], looked_at["analogy"]["accuracy"]) == (0, None)
    same = answer["groups"]["all"]["same_treatment"]
    assert (same["pairs"], same["cells"], same["agreeing"], same["undisputed"]) == (1, 1, 0, 0)
    assert (same["agreement"], same["ceiling"], same["predicted_right"]) == (0, None, 1)
    assert looked_at["same_treatment"]["agreement"] is None
    assert answer["by"]["drug class"]["stimulant"]["findings"] == 6
    assert next(one["prior"] for one in answer["priors"]) == "classes"
    assert answer["moved_strengths"]["circuits"] == 5
    assert sum(one["findings"] for one in answer["chosen"]) == card.score.total


def test_checks_carry_their_score_where_there_is_one(checked: tuple[Checks, Scorecard]) -> None:
    checks, card = checked
    told = json.loads(json.dumps(checks_json(checks, card), allow_nan=False))
    jsonschema.validate(told, answer_schemas()["check"])
    assert told["score"]["groups"]["all"]["findings"] == 11
    assert checks_json(checks)["score"] is None


def test_a_notebook_shows_the_same(card: Scorecard) -> None:
    assert card._repr_markdown_() == to_markdown(card)


def test_the_readme_shows_what_the_command_would_write() -> None:
    """All but the moved strengths, which take a minute: `make score` writes them."""
    text = README.read_text("utf-8")
    card = raphe.score()
    assert scope(card) in text, "run 'make score'"
    for one in score_tables(card):
        assert table_markdown(one) in text, f"'{one.title}' differs; run 'make score'"
    assert "**Strengths**" in text
