"""Where papers disagree, both sides are kept: half of the draws believe either."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from raphe.cli.main import run
from raphe.errors import InputError
from raphe.questions import predict
from raphe.settings import Setting, setting

CIRCUIT = """\
circuit: loop
title: Loop
places: {{soma: {{label: soma, cell: neuron}}}}
readouts: [soma.firing]
nodes:
  soma.a2: {{kind: receptor, target: ADRA2A, tone: moderate, reason: r}}
  soma.firing: {{kind: firing}}
  soma.function: {{kind: function}}
edges:
  - soma.a2 -| soma.firing: {{evidence: [{{assumption: a test}}]}}
{edge}  - soma.function -| soma.firing: {{evidence: [{{assumption: a test}}]}}
"""
PLAIN = "  - soma.a2 ~| soma.function: {evidence: [{assumption: a test}]}\n"
OPEN = (
    "  - soma.a2 ~| soma.function: {contested: adapts, evidence: [{assumption: a test},"
    " {ref: yes-1990}, {ref: no-1991, against: true}]}\n"
)
REFERENCES = (
    "references:\n  yes-1990: {title: It adapts, year: 1990}\n"
    "  no-1991: {title: It does not, year: 1991}\n"
)


def folder(path: Path, edge: str) -> Path:
    (path / "circuits").mkdir(parents=True)
    (path / "references").mkdir()
    (path / "circuits" / "loop.yaml").write_text(CIRCUIT.format(edge=edge))
    (path / "references" / "both.yaml").write_text(REFERENCES)
    return path


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    return folder(tmp_path / "open", OPEN)


def firing(within: Setting) -> np.ndarray:
    prediction = predict("mirtazapine", within=within).prediction
    return prediction.contrast.change[prediction.model.network.index["soma.firing"]]


def test_each_side_is_the_circuit_with_the_edge_or_without_it(
    tmp_path: Path, open_folder: Path
) -> None:
    there = setting(folder(tmp_path / "there", PLAIN), circuit="loop", draws=60)
    away = setting(folder(tmp_path / "away", ""), circuit="loop", draws=60)
    yes = setting(open_folder, circuit="loop", draws=60, sides={"adapts": True})
    no = setting(open_folder, circuit="loop", draws=60, sides={"adapts": False})
    assert (firing(yes) == firing(there)).all()
    assert (firing(no) == firing(away)).all()
    assert (firing(yes) != firing(no)).all()


def test_half_of_the_draws_believe_either_side_where_none_is_taken(open_folder: Path) -> None:
    yes, no, both = (
        firing(setting(open_folder, circuit="loop", draws=400, sides=sides))
        for sides in ({"adapts": True}, {"adapts": False}, {})
    )
    believes = both == yes
    assert (both[~believes] == no[~believes]).all()
    assert 160 < believes.sum() < 240


def test_a_question_that_the_circuit_does_not_have_is_a_mistake(open_folder: Path) -> None:
    with pytest.raises(InputError, match=r"no open question 'adapt'. Did you mean 'adapts'\?"):
        predict("mirtazapine", within=setting(open_folder, circuit="loop", sides={"adapt": True}))


def test_the_command_line_takes_a_side_and_says_so(
    open_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ["--knowledge", str(open_folder), "--circuit", "loop", "--draws", "20"]
    assert run(["predict", "mirtazapine", *own, "--side", "adapts=no"]) == 0
    assert "adapts: no" in capsys.readouterr().out
    assert run(["predict", "mirtazapine", *own, "--side", "adapts=yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sides"] == {"adapts": True}
    wrong = ["--side", "adapts", "--side", "adapts=yes", "--side", "adapts=no"]
    assert run(["predict", "mirtazapine", *own, *wrong]) == 2
    said = capsys.readouterr().err
    assert "'adapts' takes no side" in said
    assert "both sides of 'adapts'" in said


def test_questions_are_listed_with_the_papers_on_both_sides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder(tmp_path / "usual", OPEN)
    text = (
        (path / "circuits" / "loop.yaml").read_text().replace("circuit: loop", "circuit: monoamine")
    )
    (path / "circuits" / "loop.yaml").unlink()
    (path / "circuits" / "monoamine.yaml").write_text(text)
    assert run(["list", "questions", "--knowledge", str(path), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["questions"]
    assert row == {
        "name": "adapts",
        "question": "is there soma.a2 ~| soma.function?",
        "for": ["yes-1990"],
        "against": ["no-1991"],
        "edges": ["soma.a2 ~| soma.function"],
    }
    assert run(["list", "questions", "--knowledge", str(path)]) == 0
    assert "is there soma.a2 ~| soma.function?  yes-1990" in capsys.readouterr().out
