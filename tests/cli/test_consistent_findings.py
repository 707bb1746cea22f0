"""``raphe consistent`` about drugs and findings, as its users see it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from raphe.cli.main import run
from raphe.report.answer_schemas import answer_schemas

DOCS = Path(__file__).parents[2] / "docs"
GABA = ("-k", str(DOCS / "consistent"), "--circuit", "mirtazapine_gaba", "guide-mirtazapine-gaba")


@pytest.fixture
def ask(capsys):
    """Ask; status, what was printed, and complaints."""

    def asked(*arguments):
        status = run(["consistent", *arguments])
        return status, *capsys.readouterr()

    return asked


def told(answer):
    status, out, _ = answer
    read = json.loads(out)
    jsonschema.validate(read, answer_schemas()["consistent-findings"])
    return status, read


def test_a_contradiction_is_told_in_sentences(ask):
    status, out, err = ask(*GABA)
    assert (status, err) == (1, "")
    said = " ".join(out.split())
    assert "With mirtazapine, chronic, it cannot be that NAc.GABA goes up" in said
    assert "NAc.5-HT2A is held down" in said
    assert "NAc.5-HT2A lowers NAc.GABA, and does not raise it" in said
    assert "weight 6, 1 step (proved: none weighs less" in said
    assert "1 finding makes 1 observation (a node in an experiment) in 1 experiment on" in said


def test_and_in_json(ask):
    status, found = told(ask(*GABA, "--json", "--permutations", "4"))
    assert status == 1
    assert found["consistent"] is False
    (one,) = found["contradictions"]
    assert one["case"] == "contradicted"
    assert [own["node"] for own in one["reports"]] == ["NAc.GABA"]
    assert [own["source"] for own in one["influences"]] == ["NAc.5-HT2A"]
    assert [own["weight"] for own in one["repairs"]] == sorted(
        own["weight"] for own in one["repairs"]
    )
    assert found["mending"]["proved"]
    assert found["mending"]["bound"] == one["repairs"][0]["weight"] == 6
    assert found["agreement"] == [0, 0]
    assert [own["dealt"] for own in found["significance"]] == ["observations", "signs"]
    assert all(0 < own["p_value"] <= 1 for own in found["significance"])


def test_all_may_be_true_and_something_follows(ask):
    status, found = told(
        ask(
            "desipramine-alpha2-soma-function-grandoso",
            "desipramine-lc-firing-chronic",
            "--json",
        )
    )
    assert status == 0
    assert found["consistent"]
    assert {
        "condition": "desipramine, chronic",
        "node": "LC.alpha2A",
        "possible": ["up"],
    } in found["predictions"]
    assert found["mending"] is None


def test_papers_that_disagree_stand_side_by_side(ask):
    status, found = told(ask("mirtazapine", "--json"))
    assert status == 0
    (firing,) = [
        one
        for one in found["disputes"]
        if one["node"] == "LC.firing" and one["condition"] == "mirtazapine, chronic"
    ]
    assert set(firing["findings"]) == {"down", "up"}
    assert firing["doubts"] == {"down": 0, "up": 0}
    assert len(found["by_side"]) == 4


def test_a_side_is_taken(ask):
    disputed = ("desipramine", "--regimen", "chronic", "--json")
    _, both = told(ask(*disputed))
    _, no = told(ask(*disputed, "--side", "terminal-alpha2-desensitises=no"))
    assert len(both["by_side"]) == 4
    assert len(no["by_side"]) == 2
    assert no["sides"] == {"terminal-alpha2-desensitises": False}
    assert both["agreement"][0] <= no["agreement"][0] <= both["agreement"][1]


def test_what_takes_no_part_is_listed(ask):
    _, found = told(ask("mirtazapine", "--json"))
    why = {one["finding"]: one["why"] for one in found["left_out"]}
    assert "no node 'brainstem.GABA-A'" in why["mirtazapine-brainstem-gaba-receptor-mecp2"]
    assert why["mirtazapine-hippocampus-gaba-maternal"].startswith("What is normalised")


def test_small_changes_refute_nothing(ask):
    exact = ask("modafinil")
    small = ask("modafinil", "--unchanged", "small")
    assert (exact[0], small[0]) == (1, 0)


def test_pictures_are_drawn(ask, tmp_path):
    status, out, _ = ask(*GABA, "--draw", str(tmp_path))
    assert status == 1
    svg = (tmp_path / "contradiction_1_mirtazapine_chronic.svg").read_text("utf-8")
    assert "makes the contradiction" in svg
    assert "reported up" in svg
    assert "held down" in svg
    assert "wrote" in out


@pytest.fixture(scope="module")
def reboxetine(tmp_path_factory):
    """What is printed of reboxetine's chronic findings, and its pictures."""
    import contextlib
    import io

    folder = tmp_path_factory.mktemp("pictures") / "new"
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        run(["consistent", "reboxetine", "--regimen", "chronic", "--draw", str(folder)])
    return " ".join(printed.getvalue().split()), folder


def test_a_reason_has_the_links_that_join_it(reboxetine):
    text, _ = reboxetine
    assert "hippocampus.5-HT → hippocampus.5-HT1A" in text
    assert "nothing in which the two differ leads there (lithium acts on" in text


def test_what_is_disputed_is_told_with_its_question(reboxetine):
    text, _ = reboxetine
    assert "(for it invernizzi-2001-reboxetine, parini-2005, seed-desipramine; against it" in text
    assert "disputed, see '--side terminal-alpha2-desensitises=no') [weight 1]" in text


def test_pictures_have_the_drugs_and_what_decides(reboxetine):
    _, folder = reboxetine
    names = sorted(one.name for one in folder.glob("*.svg"))
    assert names == [
        "contradiction_1_reboxetine_chronic.svg",
        "contradiction_2_reboxetine_chronic.svg",
        "contradiction_3_lithium_and_reboxetine_chronic_against_reboxetine.svg",
    ]
    first, third, second = ((folder / name).read_text("utf-8") for name in names)
    # What acts on the interneuron's serotonin, and not on the firing that was reported.
    for word in ("reboxetine", "held down", "SERT", "5-HT store"):
        assert word in first
    assert "GABA-B" not in first
    for word in ("lithium", "GSK-3", "pushed down", "nothing in which the two differ leads to"):
        assert word in second
    assert "noradrenaline" in third
    assert all("membrane" not in one for one in (first, second, third))


def test_what_can_be_true_stands_beside_what_could_be_refuted(ask):
    _, out, _ = ask("mirtazapine")
    text = " ".join(out.split())
    assert (
        text.index("16 of 16 observations can be true together")
        < text.index("Refutable by itself: 0 of 16, so that agreement alone says nothing.")
        < text.index("it follows on any weights")
    )


def test_what_was_not_searched_is_said(ask, monkeypatch):
    asked = "desipramine-alpha2-soma-function-grandoso", "desipramine-lc-firing-chronic"
    assert "it follows on any weights" in ask(*asked)[1]
    monkeypatch.setattr("raphe.joint.together.FEW", 0)
    said = " ".join(ask(*asked)[1].split())
    assert "What follows on any weights was not searched" in said
    assert "it follows on any weights" not in said


def test_the_place_of_pictures_is_looked_at_first(ask, monkeypatch):
    def too_early(*_, **__):
        raise AssertionError

    monkeypatch.setattr("raphe.cli.consistent_findings.consistent", too_early)
    status, out, err = ask("mirtazapine", "--draw", "/dev/null/pictures")
    assert out == ""
    assert status != 0
    assert "cannot write '/dev/null/pictures'" in err
    assert "Name another place with '--draw'." in err


def test_where_time_is_up_nothing_is_said_of_the_rest(ask):
    status, found = told(ask("--all", "--time-limit", "0.001", "--json"))
    assert status == 1
    assert found["consistent"] is None
    assert found["stopped"] == "time limit"
    assert found["looked_at"] < found["parts"]
    assert found["agreement"] is None
    assert found["mending"] is None


@pytest.mark.parametrize(
    ("arguments", "complaints"),
    [
        ((), ["which findings?"]),
        (("mirtazapine", "--all"), ["which findings?"]),
        (("mirtazapin",), ["no drug and no finding 'mirtazapin'. Did you mean 'mirtazapine'?"]),
        (
            ("mirtazapine", "--regimen", "cronic", "--held", "2", "--unchanged", "so"),
            ["no regimen 'cronic'", "held from an occupancy of 2", "'so' is no way to read"],
        ),
        (("mirtazapine", "--side", "x=yes"), ["no open question 'x'"]),
        (("mirtazapine", "--cores", "3"), ["--cores: only of plain files"]),
        (("mirtazapine", "--elementary-path"), ["elementary paths are asked for"]),
        (
            ("moclobemide", "--regimen", "washout"),
            ["no finding that can be put in signs on this circuit"],
        ),
        (
            ("mirtazapine", "--network", "a.sif", "--observations", "b.csv", "--held", "1"),
            ["drugs or findings, and plain files", "--held: only of drugs and findings"],
        ),
    ],
)
def test_mistakes_are_told_all_at_once(ask, arguments, complaints):
    status, out, err = ask(*arguments)
    assert (status, out) == (2, "")
    for one in complaints:
        assert one in err


def test_the_same_question_gives_the_same_bytes():
    command = [sys.executable, "-m", "raphe", "consistent", "asenapine", "reboxetine", "--json"]
    answers = {
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
