"""``raphe explain`` from the command line, on the library that ships."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from raphe.cli.main import run
from raphe.report.answer_schemas import answer_schemas


@pytest.fixture
def ask(capsys):
    """Run a command; its exit status and what it printed."""

    def asked(*arguments: str) -> tuple[int, str, str]:
        status = run(["explain", *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return asked


FEW = ("--draws", "60")
ASKED = {
    "chronic": ("mirtazapine", "DRN.firing"),
    "acute": ("desipramine", "cortex.NE", "--regimen", "acute", "--dose", "2x"),
    "washout": ("desipramine", "cortex.beta1.density", "--regimen", "washout"),
    "ill": ("mirtazapine", "NAc.GABA", "--condition", "chronic_mild_stress"),
    "condition alone": ("NAc.GABA", "--condition", "chronic_mild_stress"),
    "combination": ("mirtazapine", "citalopram", "cortex.5-HT", "--compared-with", "citalopram"),
    "left out": ("mirtazapine", "LC.firing", "--without", "alpha2"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_json_fits_its_schema_and_its_parts_sum(ask, asked):
    status, out, err = ask(*ASKED[asked], "--json", *FEW)
    assert (status, err) == (0, "")
    answer = json.loads(out)
    jsonschema.validate(answer, answer_schemas()["explain"])
    change = answer["change"]
    assert sum(one["share"] for one in answer["targets"]) == pytest.approx(change, abs=1e-3)
    shares = sum(one["share"] for one in answer["paths"])
    assert shares + answer["remainder"] == pytest.approx(change, abs=1e-3)
    brought = sum(one["alone"] for one in answer["targets"])
    brought += sum(one["value"] for one in answer["interactions"])
    assert brought == pytest.approx(change, abs=3e-3)
    assert answer["sentences"][0]["about"] == "what"
    assert answer["references"] or asked == "condition alone"


@pytest.mark.parametrize("asked", ASKED)
def test_the_terminal_shows_sentences_tables_and_sources(ask, asked):
    status, out, err = ask(*ASKED[asked], *FEW)
    assert (status, err) == (0, "")
    for heading in ("By target", "By path", "By edge", "sum"):
        assert heading in out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 100


def test_where_nothing_is_moved_that_is_all_that_is_said(ask):
    """Without serotonergic neurons there is nothing for an uptake inhibitor to raise."""
    status, out, _ = ask("citalopram", "cortex.5-HT", "--condition", "lesion_5_7_dht", *FEW)
    assert status == 0
    assert "nothing that the treatment does moves it." in " ".join(out.split())
    assert "By target" not in out


def test_same_question_same_bytes(ask):
    assert ask("mirtazapine", "LC.firing", *FEW) == ask("mirtazapine", "LC.firing", *FEW)


def test_fewer_paths_leave_a_larger_remainder_and_the_same_sum(ask):
    few, many = (
        json.loads(ask("mirtazapine", "DRN.firing", "--paths", n, "--json", *FEW)[1])
        for n in ("1", "50")
    )
    assert len(few["paths"]) == 1
    assert abs(few["remainder"]) > abs(many["remainder"])
    assert few["paths"][0] == many["paths"][0]


def test_sentences_alone_are_those_of_the_whole(ask):
    _, alone, _ = ask("desipramine", "LC.firing", "--sentences", *FEW)
    _, whole, _ = ask("desipramine", "LC.firing", *FEW)
    assert "By target" not in alone
    assert alone.partition("\n\nReferences")[0] in whole


@pytest.mark.parametrize("ending", ["svg", "png", "dot"])
def test_a_picture_has_the_shares_at_its_edges(ask, tmp_path, ending):
    path = tmp_path / "new" / f"why.{ending}"
    status, out, _ = ask("desipramine", "LC.firing", "-o", str(path), *FEW)
    assert status == 0
    assert f"wrote {path}" in out
    if ending == "png":
        assert path.read_bytes().startswith(b"\x89PNG")
    else:
        text = Path(path).read_text("utf-8")
        assert "why LC.firing changes" in text
        assert "%" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), ["nothing to explain."]),
        (("desipramine",), ["which readout of desipramine?"]),
        (("LC.firing",), ["what does what to LC.firing?"]),
        (("desipramine", "LC.firin"), ["no node 'LC.firin'.", "LC.firing"]),
        (
            ("desipramin", "LC.firin", "--regimen", "weekly", "-o", "why.gif"),
            ["no drug 'desipramin'.", "no node", "no regimen", "'why.gif' is no picture."],
        ),
        (("desipramine", "LC.firing", "--paths", "0"), ["0 is not in the range"]),
    ],
)
def test_every_slip_is_told_and_nothing_is_drawn(ask, arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = ask(*arguments)
    assert (status, out) == (2, "")
    for words in said:
        assert words in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())
