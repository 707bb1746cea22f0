"""``raphe dose`` through the command line."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from raphe.cli.main import run
from raphe.report.answer_schemas import answer_schemas

FEW = ("--draws", "60", "--points", "9")


@pytest.fixture
def ask(capsys):
    def asked(*arguments: str) -> tuple[int, str, str]:
        status = run(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return asked


def test_a_readout_is_told_dose_by_dose(ask):
    status, out, err = ask("dose", "DRN.firing", "mirtazapine", *FEW)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert "1× = mirtazapine 17 – 42 nM free (therapeutic)" in out
    assert any(re.fullmatch(r" *3.2× +54 – 130 nM +▲ .*", line) for line in lines)
    assert "turns from up to down at" in out
    strip = next(line for line in lines if re.search(r"DRN.firing +=", line))
    assert re.search(r"=+◆*▲+◆*▼+", strip)
    assert any(re.match(r" alpha2.* +antagonist +", line) for line in lines)
    assert "held: the target's own transmitter competes there" in out


def test_without_a_readout_all_are_a_strip_each(ask):
    status, out, err = ask("dose", "clonidine", "--regimen", "acute", *FEW)
    assert (status, err) == (0, "")
    strips = [line for line in out.splitlines() if re.search(r" [=◆▲▼]{9} ", line)]
    assert len(strips) == 30
    assert "P(up)" not in out
    assert any("LC.firing" in line and "½" in line for line in strips)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_are_whole_and_speak(ask, tmp_path, theme):
    status, out, _ = ask(
        "dose", "mirtazapine", "-o", str(tmp_path), "--theme", theme, "--json", *FEW
    )
    assert status == 0
    stem = f"dose_mirtazapine{'' if theme == 'light' else '_dark'}"
    paths = [tmp_path / f"{stem}.{ending}" for ending in ("svg", "png")]
    assert json.loads(out)["files"] == [str(path) for path in paths]
    assert paths[1].read_bytes().startswith(b"\x89PNG")
    root = ElementTree.parse(paths[0]).getroot()
    panels = [one for one in root.iter() if one.get("class") == "panel"]
    assert len(panels) == 9
    assert all(one.get("aria-label") for one in panels)
    assert "22 of 30 readouts not shown" in "".join(root.itertext())
    width, height = (float(root.get(name).removesuffix("pt")) for name in ("width", "height"))
    for one in root.iter():
        assert "nan" not in " ".join(one.attrib.values())
    assert 300 < width < 1200
    assert 300 < height < 1200


def test_only_the_formats_that_are_asked_for_are_written(ask, tmp_path):
    asked = ("dose", "clonidine", "LC.firing", "-o", str(tmp_path), *FEW)
    assert ask(*asked, "--format", "svg")[0] == 0
    assert [one.name for one in tmp_path.iterdir()] == ["dose_clonidine_LC.firing.svg"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("buspirone", "hippocampus.5-HT", "DRN.firing"),
        ("mirtazapine",),
        ("clonidine", "--from", "1 nM", "--to", "1 µM", "--regimen", "acute"),
        ("fluoxetine", "buspirone", "--sweep", "buspirone", "--compared-with", "fluoxetine"),
        ("befloxatone", "--condition", "chronic_mild_stress", "--without", "MAOB"),
    ],
)
def test_every_answer_fits_its_schema(ask, arguments):
    status, out, _ = ask("dose", *arguments, "--json", *FEW)
    assert status == 0
    answer = json.loads(out)
    jsonschema.validate(answer, answer_schemas()["dose"])
    assert len(answer["doses"]) == len(answer["readouts"][0]["points"])
    for one in answer["readouts"]:
        for point in one["points"]:
            shares = point["p_up"] + point["p_down"] + point["p_unchanged"]
            assert shares == pytest.approx(1, abs=1e-3)
    assert all(len(one["occupancies"]) == len(answer["doses"]) for one in answer["occupancies"])


def test_the_answer_says_what_prediction_says(ask):
    _, swept, _ = ask("dose", "mirtazapine", "--json", *FEW)
    _, told, _ = ask("predict", "mirtazapine", "--json", "--draws", "60")
    rows = {row["node"]: row for row in json.loads(told)["predictions"]}
    answer = json.loads(swept)
    plain = [dose["plain"] for dose in answer["doses"]].index(True)
    for one in answer["readouts"]:
        point = one["points"][plain]
        assert point == {key: rows[one["node"]][key] for key in point}


def test_every_key_is_documented(ask):
    docs = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
    section = docs.partition("\n## `raphe.dose/1`")[2].partition("\n## ")[0]
    _, out, _ = ask("dose", "buspirone", "hippocampus.5-HT", "cortex.NE", "--json", *FEW)
    answer = json.loads(out)
    assert any(one["turns"] for one in answer["readouts"])
    assert any(one["half"] for one in answer["readouts"])

    def keys(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key
                if key not in ("unplaced", "sides"):
                    yield from keys(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from keys(inner)

    for key in keys(answer):
        assert f"`{key}`" in section, key


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no drug whose dose to sweep. Name one."),
        (("LC.firing",), "no drug whose dose to sweep. Name one."),
        (("mirtazapin",), "no drug and no node 'mirtazapin'. Did you mean 'mirtazapine'?"),
        (("mirtazapine", "LC.fring"), "no drug and no node 'LC.fring'. Did you mean 'LC.firing'?"),
        (("mirtazapine", "--sweep", "desipramine"), "'desipramine' is to be swept, and is not"),
        (("mirtazapine", "--from", "1x", "--to", "1 nM"), "a factor and a concentration."),
        (("mirtazapine", "--points", "1"), "1 points. Ask for 2 to 1000."),
        (("mirtazapine", "--points", "many"), "'many' is not a valid integer"),
        (("mirtazapine", "--format", "gif", "-o", "x"), "no format 'gif'."),
        (("mirtazapine", "--theme", "drak"), "no theme 'drak'. Did you mean 'dark'?"),
        (("mirtazapine", "--regimen", "cronic"), "no regimen 'cronic'. Did you mean 'chronic'?"),
        (("mirtazapine", "--dose", "9 apples"), "'9 apples' is not a dose of mirtazapine."),
    ],
)
def test_what_cannot_be_is_told_in_a_line(ask, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    status, out, err = ask("dose", *arguments, "--draws", "20")
    assert status == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_all_mistakes_come_at_once(ask):
    _, _, err = ask("dose", "mirtazapin", "LC.fring", "--theme", "drak", "--draws", "20")
    assert err.startswith("raphe: 3 problems\n")


@pytest.mark.parametrize("columns", ["40", "60", "200"])
def test_it_is_readable_in_any_width(columns, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "raphe", "dose", "mirtazapine", "LC.firing", *FEW],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": columns, "NO_COLOR": "1", "FORCE_COLOR": "1"},
        cwd=tmp_path,
    )
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", done.stdout)
    assert "LC.firing" in done.stdout


def test_the_same_question_gives_the_same_bytes(ask, tmp_path):
    asked = ("dose", "buspirone", "hippocampus.5-HT", *FEW, "--json", "-o", str(tmp_path))
    one = ask(*asked)[1]
    drawn = [path.read_bytes() for path in sorted(tmp_path.iterdir())]
    assert ask(*asked)[1] == one
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == drawn
