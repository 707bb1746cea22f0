"""``raphe given`` and ``raphe next`` through the command line, on small knowledge bases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from learning_knowledge import write_open, write_scales
from raphe.cli.main import run
from raphe.knowledge import Knowledge
from raphe.report.answer_schemas import answer_schemas
from scored_knowledge import write_knowledge

Ask = Callable[..., tuple[int, str, str]]


def asking(
    knowledge: Knowledge,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    draws: int = 300,
) -> Ask:
    for name in ("raphe.settings", "raphe.cli.options"):
        monkeypatch.setattr(f"{name}.load_knowledge", lambda _=(): knowledge, raising=False)

    def asked(*arguments: str) -> tuple[int, str, str]:
        status = run([*arguments, "--circuit", "random", "--draws", str(draws)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return asked


@pytest.fixture
def scored(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Ask:
    return asking(write_knowledge(tmp_path), capsys, monkeypatch)


@pytest.fixture
def scales(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Ask:
    return asking(write_scales(tmp_path), capsys, monkeypatch)


@pytest.fixture
def open_(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Ask:
    return asking(write_open(tmp_path), capsys, monkeypatch)


def told(ask: Ask, *arguments: str) -> dict[str, Any]:
    status, out, err = ask(*arguments, "--json")
    assert (status, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    jsonschema.validate(answer, answer_schemas()[arguments[0]])
    return answer


def test_what_was_learnt_is_told_beside_what_is_left_of_it(scored: Ask) -> None:
    status, out, err = scored("given", "--all")
    assert (status, err) == (0, "")
    flat = " ".join(out.split())
    for needed in (
        "11 findings accepted",
        "4 more report no direction in scope",
        "fitted, itself too",
        "without its drugs",
        "never seen",
        "What was learnt of",
    ):
        assert needed in flat
    answer = told(scored, "given", "--all")
    assert answer["others"] is None
    assert answer["expected"] == []
    assert answer["rules"]["all"]["before"]["accuracy"] == pytest.approx(6 / 11, abs=1e-3)
    assert answer["rules"]["never"]["before"]["findings"] == 6
    assert {one["finding"] for one in answer["findings"]} == set(answer["accepted"])


def test_the_others_are_predicted_with_what_was_learnt(scales: Ask) -> None:
    answer = told(scales, "given", "push-0_25-block-4", "--predict", "raiser", "--regimen", "acute")
    assert len(answer["expected"]) == 14
    rise = [one["after"]["p_up"] - one["before"]["p_up"] for one in answer["expected"]]
    assert max(rise) > 0.02
    assert [row["node"] for row in answer["predictions"]] == ["e", "f"]
    e, f = answer["predictions"]
    assert e["after"]["p_up"] > e["before"]["p_up"]
    assert e["median"][1] > e["median"][0]
    # Nothing is learnt of what hangs on another edge.
    assert f["after"]["p_up"] == pytest.approx(f["before"]["p_up"], abs=0.05)
    for row in answer["predictions"]:
        for way in ("before", "after"):
            shares = [row[way][key] for key in ("p_up", "p_down", "p_unchanged")]
            assert sum(shares) == pytest.approx(1, abs=1e-3)
    own = told(scales, "given", "--all", "--predict", "raiser", "--readout", "f")
    assert [row["node"] for row in own["predictions"]] == ["f"]


def test_before_is_what_predict_says(scales: Ask) -> None:
    answer = told(scales, "given", "raiser", "--predict", "raiser", "--regimen", "acute")
    _, out, _ = scales("predict", "raiser", "--regimen", "acute", "--json")
    rows = {row["node"]: row for row in json.loads(out)["predictions"]}
    for row in answer["predictions"]:
        for key in ("call", "p_up", "p_down", "p_unchanged"):
            assert row["before"][key] == rows[row["node"]][key]


def test_what_draws_cannot_hold_is_said(scales: Ask) -> None:
    _, out, _ = scales("given", "--all", "--least", "140", "--wrong", "0.01")
    assert "more is said than" in " ".join(out.split())
    answer = told(scales, "given", "--all", "--least", "140", "--wrong", "0.01")
    assert answer["power"] < 1
    assert answer["effective_draws"] == pytest.approx(140, abs=0.1)
    assert answer["effective_untempered"] < 140


def test_a_change_of_call_is_shown(scales: Ask) -> None:
    _, out, _ = scales("given", "push-0_25-block-0", "push-1-block-0", "--predict", "raiser")
    assert "Calls that changed" in out
    assert "Raiser, chronic, against vehicle" in out


def test_the_best_measurement_comes_first_with_its_reason(open_: Ask) -> None:
    _, out, err = open_("next", "raiser", "q", "--regimen", "acute")
    assert err == ""
    flat = " ".join(out.split())
    assert "q under acute raiser" in flat
    assert " 1  " in out
    assert "It turns on side of first, on which papers disagree." in flat
    assert "Of those, reported already: 'raphe given seen'." in flat
    answer = told(open_, "next", "raiser", "q", "--regimen", "acute")
    (question,) = answer["questions"]
    assert question["readout"] == "q"
    bits = [one["bits"] for one in answer["measurements"]]
    assert bits == sorted(bits, reverse=True)
    assert bits[0] <= question["open"] + 0.01
    for one in answer["measurements"]:
        assert one["bits"] > answer["floor"] / 2
        for tells in one["tells"]:
            assert sum(outcome["p"] for outcome in tells["outcomes"]) == pytest.approx(1, abs=1e-3)


def test_without_a_question_all_open_calls_are_one(open_: Ask) -> None:
    answer = told(open_, "next", "--regimen", "acute")
    assert [one["readout"] for one in answer["questions"]] == ["q"]
    assert told(open_, "next", "--regimen", "acute", "--drug", "raiser") == answer
    assert len(told(open_, "next", "--regimen", "acute", "--most", "1")["measurements"]) == 1


@pytest.mark.parametrize("command", [("given", "seen"), ("next", "raiser", "q")])
def test_the_same_question_gives_the_same_bytes(open_: Ask, command: tuple[str, ...]) -> None:
    for shown in ((), ("--json",)):
        assert open_(*command, *shown) == open_(*command, *shown)
    assert open_(*command, "--json") != open_(*command, "--json", "--seed", "2")


@pytest.mark.parametrize(
    "command", [("given", "seen", "--predict", "raiser"), ("next", "raiser", "q")]
)
@pytest.mark.parametrize("columns", ["40", "200"])
def test_it_reads_on_any_screen(
    open_: Ask, command: tuple[str, ...], columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    status, out, err = open_(*command)
    assert (status, err) == (0, "")
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= max(int(columns), 100)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("given",), "which findings?"),
        (("given", "seen", "--all"), "which findings?"),
        (("given", "sean"), "no drug and no finding 'sean'. Did you mean 'seen'?"),
        (("given", "seen", "--wrong", "0.9"), "below 2/3"),
        (("given", "seen", "--least", "1"), "Ask for 2 or more"),
        (("given", "seen", "--least", "200"), "'--draws'"),
        (("given", "seen", "--readout", "q"), "Add '--predict DRUG'"),
        (("given", "seen", "--predict", "raiser", "--readout", "z"), "no node 'z'"),
        (("given", "seen", "--predict", "raisers"), "Did you mean 'raiser'?"),
        (("next", "raiser"), "no node 'raiser'"),
        (("next", "raisers", "q"), "Did you mean 'raiser'?"),
        (("next", "raiser", "q", "--drug", "raiser"), "Give one of them"),
        (("next", "--dose", "2x"), "but no readout"),
        (("next", "raiser", "q", "--most", "0"), "Ask for one or more"),
        (("next", "--regimen", "washout"), "no call of a readout is ambiguous"),
    ],
)
def test_bad_input_is_told_in_a_sentence(open_: Ask, arguments: tuple[str, ...], said: str) -> None:
    status, out, err = open_(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
