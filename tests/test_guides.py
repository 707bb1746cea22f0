"""The guides do what they say: their commands are run, their files written, in their order."""

import re
import shlex
from pathlib import Path

import pytest

import explain_page
from raphe.cli.main import run
from raphe.course import USUAL_FOLLOWED
from raphe.grades import STRENGTHS, TONES
from raphe.kinds import NodeKind
from raphe.learning import given
from raphe.pace import ADAPTATION, PACES

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = ("first_drug.md", "curate.md", "course.md", "learn.md")
PAGES = (*GUIDES, "explain.md", "dose.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps(guide):
    """What a reader does: files to write, with their text, and commands to run."""
    for language, body in FENCE.findall((DOCS / guide).read_text("utf-8")):
        if language == "yaml":
            yield body.partition("\n")[0].removeprefix("# "), body
        elif not language:
            yield from ((line, None) for line in body.splitlines() if line.startswith("raphe "))


@pytest.mark.parametrize("guide", GUIDES)
def test_a_reader_can_follow_it_line_by_line(guide, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    done = 0
    for step, text in steps(guide):
        done += 1
        if text is not None:
            # What the reader completes, `raphe new` began.
            assert Path(step).exists(), step
            Path(step).write_text(text, "utf-8")
            continue
        line, _, goal = step.partition(" > ")
        _, *arguments = shlex.split(line, comments=True)
        if arguments[0] in ("predict", "check"):
            arguments += ["--draws", "50"]
        if arguments[0] in ("given", "next"):
            arguments += ["--draws", "250"]
        if arguments[0] == "course":
            arguments += ["--draws", "50", "--followed", "2"]
        if "--all" in arguments:
            # All takes a minute, and is tried elsewhere; a drug of the library and one's own do.
            own = ["compound_x"] if "-k" in arguments else []
            arguments = [one for one in arguments if one != "--all"] + ["bupropion", *own]
        assert run(arguments) == 0, step
        printed = capsys.readouterr()
        assert printed.err == "", step
        if goal:
            Path(goal).write_text(printed.out, "utf-8")
        if arguments[0] == "validate":
            assert ", 0 errors, " in printed.out
            assert "to-be-filled-in" not in printed.out
            assert "no-evidence" not in printed.out
        elif arguments[0] == "check" and not goal:
            assert "1 agrees · 0 disagrees" in printed.out, step
    assert done > (5 if guide == "course.md" else 8)
    if guide == "curate.md":
        before, after = (Path(f"{name}.txt").read_text("utf-8") for name in ("before", "after"))
        assert "compound_x-cortex-5-ht-acute" in after
        assert "compound_x" not in before


def test_every_command_of_the_page_on_doses_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    done = [shlex.split(step) for step, text in steps("dose.md") if text is None]
    assert len(done) > 6
    for _, *arguments in done:
        assert run([*arguments, "--draws", "40", "--points", "5"]) == 0, arguments
        assert capsys.readouterr().err == ""
    drawn = {path.name for path in Path("output/doses").iterdir()}
    image = re.search(r"\(images/(.*)\.png\)", (DOCS / "dose.md").read_text("utf-8"))
    assert drawn == {f"{image[1]}.svg", f"{image[1]}.png"}


@pytest.fixture(scope="module")
def explained() -> str:
    """The page of explanations with what its commands print now."""
    return explain_page.written(explain_page.PAGE.read_text("utf-8"))


def test_the_page_of_explanations_says_what_its_commands_print(explained):
    """Where the circuit has changed: `make explanations`."""
    assert explained == explain_page.PAGE.read_text("utf-8")


#: What carries each founding finding, in the words of pharmacology: the direction, the binding that
#: makes most of it, and nodes on the way.
FOUNDING = {
    "mirtazapine DRN.firing": ("raises", "blocks α₂-adrenoceptors", ["DRN.NE ↑", "DRN.alpha1 ↑"]),
    "mirtazapine LC.firing": ("raises", "blocks α₂-adrenoceptors", ["LC.alpha2A ↓"]),
    "mirtazapine NAc.GABA": ("unchanged", "5-HT2A, and mirtazapine itself occupies", []),
    "desipramine cortex.NE": (
        "raises",
        "inhibits the noradrenaline transporter",
        ["NET ↓ ⊣ cortex.NE ↑"],
    ),
    "desipramine LC.firing": (
        "lowers",
        "inhibits the noradrenaline transporter",
        ["LC.NE ↑", "LC.alpha2A ↑", "LC.firing ↓"],
    ),
    "desipramine cortex.beta1.density": (
        "leaves behind a lowered",
        "inhibits the noradrenaline transporter",
        ["cortex.NE ↑", "cortex.beta1 ↑", "~| [drug gone] cortex.beta1.density ↓"],
    ),
    "desipramine LC.alpha2A.function": (
        "lowers",
        "inhibits the noradrenaline transporter",
        ["LC.NE ↑", "LC.alpha2A ↑"],
    ),
}


@pytest.mark.parametrize("asked", FOUNDING)
def test_founding_findings_are_explained_as_pharmacologists_do_and_cited(explained, asked):
    said = next(own for command, own in explain_page.SAID.findall(explained) if asked in command)
    # Lines are broken where the page ends.
    sentences, _, references = " ".join(said.split()).partition(" References ")
    for words in (FOUNDING[asked][0], FOUNDING[asked][1], *FOUNDING[asked][2], "Reported: "):
        assert words in sentences, words
    assert not re.search(r"[( ]0 % occupied", sentences)
    brackets = re.findall(r"\[([\d,– ]+)\]", sentences)
    cited = {int(one) for several in brackets for one in re.findall(r"\d+", several)}
    listed = {int(one) for one in re.findall(r"(?:^| )(\d+)\. ", references)}
    assert len(cited) > 3
    assert cited <= listed


@pytest.mark.parametrize("guide", PAGES)
def test_a_link_leads_somewhere(guide):
    text = (DOCS / guide).read_text("utf-8")
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert (DOCS / link).exists(), link


def test_what_is_said_of_findings_left_out_is_so():
    """The table of the guide; a point or so is what a few findings more or less make of it."""
    text = (DOCS / "learn.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([\d.]+) % \| ([\d.]+) bits \|$", text, re.MULTILINE)
    learnt = given()
    ways = (None, learnt.fitted, *learnt.left_out.values())
    for (name, right, surprise), way in zip(rows, ways, strict=True):
        found = learnt.measure(learnt.fitted, after=False) if way is None else learnt.measure(way)
        assert 100 * found.right == pytest.approx(float(right), abs=1.5), name
        assert found.surprise == pytest.approx(float(surprise), abs=0.05), name
    # What the page concludes from it: what is learnt in sight is not there out of sight.
    plain = learnt.measure(learnt.fitted, after=False)
    assert learnt.measure(learnt.fitted).surprise < plain.surprise - 0.02
    assert learnt.measure(learnt.left_out["drug"]).surprise == pytest.approx(
        plain.surprise, abs=0.01
    )


@pytest.mark.parametrize("classes", [STRENGTHS, TONES])
def test_a_class_has_the_numbers_that_the_code_gives_it(classes):
    text = (DOCS / "curate.md").read_text("utf-8")
    for word, interval in classes.items():
        rows = re.findall(rf"^\|.*`{word}`.*$", text, re.MULTILINE)
        shown = f"{interval.low:g}" if interval.is_point else f"{interval.low:g}–{interval.high:g}"
        assert any(shown in row for row in rows), word


def test_the_page_on_courses_has_the_time_constants_that_the_code_has():
    text = (DOCS / "course.md").read_text("utf-8")
    for kind in NodeKind:
        (row,) = re.findall(rf"^\|[^|]*`{kind.value}`[^|]*\|.*$", text, re.MULTILINE)
        assert PACES[kind].text in row
        assert PACES[kind].reason in row
    assert ADAPTATION.text in text
    assert f"The first {USUAL_FOLLOWED} of the ensemble" in text
