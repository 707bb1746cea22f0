"""Whole stories through the command line, on the library that ships."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from raphe.cli.main import COMMANDS, run
from raphe.composition import compose
from raphe.knowledge import load_knowledge
from raphe.pictures import declared_pictures


@pytest.fixture
def ask(capsys):
    """Run a command; its exit status and what it printed."""

    def asked(*arguments: str) -> tuple[int, str, str]:
        status = run(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return asked


@pytest.fixture
def predicted(ask):
    """Rows of a prediction by node."""

    def rows(*arguments: str) -> dict[str, dict]:
        status, out, _ = ask("predict", *arguments, "--json")
        assert status == 0
        return {row["node"]: row for row in json.loads(out)["predictions"]}

    return rows


def test_chronic_desipramine_does_what_its_guide_says(predicted):
    rows = predicted("desipramine", "--regimen", "chronic")
    calls = {node: rows[node]["call"] for node in rows}
    assert calls["cortex.NE"] == "up"
    assert calls["LC.firing"] == "down"
    assert calls["cortex.beta1.density"] == "down"
    assert calls["LC.alpha2A.function"] == "down"
    assert all(
        rows[node]["p_up"] + rows[node]["p_down"] + rows[node]["p_unchanged"]
        == pytest.approx(1, abs=1e-3)
        for node in rows
    )


def test_chronic_mirtazapine_does_what_its_guides_say(predicted):
    rows = predicted("mirtazapine", "--regimen", "chronic")
    for node in ("LC.firing", "DRN.firing", "cortex.BDNF", "hippocampus.BDNF"):
        assert rows[node]["call"] == "up", node
        assert rows[node]["p_up"] >= 0.6


def test_the_alpha2_block_carries_mirtazapine_s_effect_on_the_locus_coeruleus(predicted):
    assert predicted("mirtazapine")["LC.firing"]["call"] == "up"
    assert predicted("mirtazapine", "--without", "alpha2")["LC.firing"]["call"] != "up"


def test_no_edge_or_node_of_the_library_names_a_drug():
    knowledge = load_knowledge()
    drugs = {
        word.casefold()
        for name in knowledge.names("drugs")
        for word in (name, knowledge.drug(name).title)
    }
    pathway = compose(knowledge.circuit(), knowledge.cascade)
    said = [(name, node.label, node.declared.caption) for name, node in pathway.nodes.items()]
    said += [(str(edge), edge.declared.mechanism, "") for edge in pathway.edges]
    for words in said:
        assert not any(drug in word.casefold() for drug in drugs for word in words), words


def test_every_finding_has_a_verdict_and_a_reason(ask):
    status, out, _ = ask("check", "--all", "--draws", "200", "--json")
    assert status == 0
    rows = json.loads(out)["checks"]
    assert {row["finding"] for row in rows} == set(load_knowledge().findings)
    assert all(
        row["verdict"] in ("agrees", "disagrees", "ambiguous", "out of scope") for row in rows
    )
    assert all(row["why"].strip() for row in rows)


def test_the_engine_finds_that_mirtazapine_blocks_the_way_to_gaba(ask):
    _, out, _ = ask("check", "mirtazapine-nac-gaba-cms", "--json")
    (row,) = json.loads(out)["checks"]
    assert row["verdict"] != "agrees"
    assert "5-HT2A" in row["why"]
    assert "mirtazapine itself occupies" in row["why"]


def test_strict_tells_by_its_status_that_something_disagrees(ask):
    assert ask("check", "mirtazapine-nac-gaba-cms", "--strict")[0] == 1
    assert ask("check", "desipramine-lc-firing-chronic", "--strict")[0] == 0


def test_same_question_same_bytes(ask):
    first = ask("predict", "desipramine", "--json", "--draws", "100")
    assert first == ask("predict", "desipramine", "--json", "--draws", "100")
    assert first != ask("predict", "desipramine", "--json", "--draws", "100", "--seed", "2")


def test_the_terminal_s_answer_fits_a_screen(ask, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    status, out, _ = ask("predict", "mirtazapine")
    assert status == 0
    assert len(out.splitlines()) <= 45
    for needed in (
        "▲ firing",
        "prefrontal cortex",
        "Why",
        "Reported",
        "agrees",
        "raphe check mirtazapine",
    ):
        assert needed in out
    assert "\x1b" not in out


def test_json_stays_json_whatever_else_is_asked(ask):
    status, out, err = ask(
        "predict", "mirtazapine", "--json", "--draws", "50", "--regimen", "washout"
    )
    assert status == 0
    assert json.loads(out)["predictions"]
    assert err == ""


def test_a_figure_becomes_three_files(ask, tmp_path):
    status, out, _ = ask("draw", "beta_gs", "-o", str(tmp_path))
    assert status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "beta_gs.dot",
        "beta_gs.png",
        "beta_gs.svg",
    ]
    assert (tmp_path / "beta_gs.png").read_bytes().startswith(b"\x89PNG")
    assert "wrote" in out


def test_a_circuit_is_cut_and_never_shrunk(ask, tmp_path):
    status, _, err = ask("draw", "monoamine", "-o", str(tmp_path))
    assert status == 2
    assert "--around NODE" in err
    assert not list(tmp_path.iterdir())
    status, _, _ = ask(
        "draw",
        "monoamine",
        "--path",
        "LC.firing",
        "cortex.PKA",
        "--drug",
        "mirtazapine",
        "--format",
        "dot",
        "-o",
        str(tmp_path),
    )
    assert status == 0
    (path,) = tmp_path.iterdir()
    assert "cortex.PKA" in path.read_text()


def test_the_eight_diagrams_of_the_guides_are_declared():
    declared = set(declared_pictures(load_knowledge()))
    assert declared >= {
        "mirtazapine_core_mechanism",
        "microdialysis",
        "mirtazapine_primary_mechanism",
        "mirtazapine_downstream",
        "radioligand_binding_net",
        "microdialysis_desipramine",
        "beta_gs",
        "alpha2_gi",
    }


@pytest.mark.parametrize(
    "kind",
    [
        "drugs",
        "targets",
        "findings",
        "references",
        "cascades",
        "circuits",
        "conditions",
        "figures",
        "workflows",
        "nodes",
        "priors",
    ],
)
def test_every_kind_can_be_listed(ask, kind):
    status, out, _ = ask("list", kind, "--json")
    assert status == 0
    rows = json.loads(out)[kind]
    assert rows
    assert all(row["name"] for row in rows)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("predict", "mirtazapin"), "no drug 'mirtazapin'. Did you mean 'mirtazapine'?"),
        (
            ("predict", "mirtazapine", "--regimen", "cronic"),
            "no regimen 'cronic'. Did you mean 'chronic'?",
        ),
        (
            ("predict", "mirtazapine", "--without", "alfa2"),
            "no target 'alfa2'. Did you mean 'alpha2'",
        ),
        (
            ("predict", "mirtazapine", "--prior", "clases"),
            "no prior 'clases'. Did you mean 'classes'?",
        ),
        (("predict", "mirtazapine", "--dose", "60"), "'60' is not a dose of mirtazapine."),
        (("predict", "mirtazapine", "--draws", "0"), "0 draws. Ask for 1 to 100000."),
        (("predict", "mirtazapine", "--condition", "stres"), "no condition 'stres'."),
        (("predict", "mirtazapine", "--knowledge", "nowhere"), "no folder 'nowhere'."),
        (("predict",), "nothing to predict. Name a drug, or '--condition'."),
        (("check",), "which findings? Name drugs or findings, or say '--all'; not both."),
        (
            ("check", "desipramin"),
            "no drug and no finding 'desipramin'. Did you mean 'desipramine'",
        ),
        (("draw", "beta_g"), "nothing to draw under 'beta_g'. Did you mean 'beta_gs'"),
        (("draw", "beta_gs", "--format", "pgn"), "no format 'pgn'. Did you mean 'png'?"),
        (
            ("draw", "monoamine", "--around", "LC.fring"),
            "no node 'LC.fring' in 'monoamine'. Did you mean 'LC.firing'",
        ),
        (("list", "drug"), "no kind 'drug'. Did you mean 'drugs'"),
        (("schema", "drgu"), "no kind of file 'drgu'. Did you mean 'drug'?"),
        (("predikt",), "no command 'predikt'. Did you mean 'predict'?"),
        (("assay", "ic5"), "no calculation 'ic5'. Did you mean 'ic50'?"),
    ],
)
def test_a_slip_is_answered_with_what_would_be_right(ask, arguments, said):
    status, out, err = ask(*arguments)
    assert status == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_all_slips_are_named_at_once(ask):
    _, _, err = ask(
        "predict", "mirtazapin", "desipramin", "--regimen", "cronic", "--without", "alfa2"
    )
    assert "4 problems" in err


def test_a_folder_that_cannot_be_written_to_is_named(ask, tmp_path):
    wall = tmp_path / "wall"
    wall.write_text("a file where a folder should be")
    status, _, err = ask("draw", "beta_gs", "--format", "dot", "-o", str(wall))
    assert status == 2
    assert "cannot write" in err
    assert "-o" in err
    assert wall.read_text() == "a file where a folder should be"


def test_an_interrupt_leaves_nothing_behind(tmp_path):
    goal = tmp_path / "pictures"
    process = subprocess.Popen(
        [sys.executable, "-m", "raphe", "draw", "--all", "-o", str(goal)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not goal.exists() or not list(goal.iterdir())


def test_own_folder_overrides_and_extends(ask, tmp_path):
    drugs = tmp_path / "drugs"
    drugs.mkdir()
    (drugs / "blocker.yaml").write_text(
        "drug: blocker\ntitle: Blocker\n"
        "targets: {alpha2: {action: antagonist, Ki: 1 nM, evidence: [{assumption: a test}]}}\n"
        "exposure: {usual: {free: 100 nM, evidence: [{assumption: a test}]}}\n"
    )
    status, out, _ = ask(
        "predict", "blocker", "--knowledge", str(tmp_path), "--json", "--draws", "100"
    )
    assert status == 0
    rows = {row["node"]: row for row in json.loads(out)["predictions"]}
    assert rows["LC.firing"]["call"] == "up"


def test_a_wrong_file_of_one_s_own_is_named_with_its_line(ask, tmp_path):
    drugs = tmp_path / "drugs"
    drugs.mkdir()
    (drugs / "slip.yaml").write_text(
        "drug: slip\ntitle: Slip\ntargets:\n  HRH1: {Ki: 18 nM}\nexposure: {usual: {free: 60}}\n"
    )
    status, _, err = ask("predict", "slip", "--knowledge", str(tmp_path))
    assert status == 2
    assert "slip.yaml:4:9: Ki without an action." in err
    assert "slip.yaml:5:26: '60' has no unit." in err


def test_help_of_every_command_has_an_example(ask):
    for name in COMMANDS:
        status, out, _ = ask(name, "--help")
        assert status == 0
        assert f"raphe {name}" in out
        assert "Examples" in out


def test_output_is_free_of_colour_when_asked(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "raphe", "predict", "desipramine", "--draws", "50"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NO_COLOR": "1", "FORCE_COLOR": "1"},
        cwd=tmp_path,
    )
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", done.stdout)
    assert not list(Path(tmp_path).iterdir())
