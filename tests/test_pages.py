"""Pages with worked examples: files are written, commands run, and what they print is shown."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

import whatif_page
from raphe.cli.main import run

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("loops.md", "whatif.md")
#: Commands that draw a whole circuit; what they print depends on the library, and is no law here.
LONG = ("predict", "augment", "diff")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page):
    return FENCE.findall((DOCS / page).read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_a_reader_sees_what_the_page_shows(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    printed, commands, shown = "", 0, 0
    for language, body in blocks(page):
        if language in ("tsv", "yaml"):
            head, _, text = body.partition("\n")
            path = Path(head.removeprefix("# "))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        elif language == "python":
            test = doctest.DocTestParser().get_doctest(body, {}, page, page, 0)
            assert doctest.DocTestRunner().run(test).failed == 0
        elif language == "text":
            shown += 1
            assert [line.rstrip() for line in printed.splitlines()] == [
                line.rstrip() for line in body.splitlines()
            ]
        elif not language:
            for line in body.splitlines():
                commands += 1
                _, *arguments = shlex.split(line, comments=True)
                if arguments[0] in LONG:
                    arguments += ["--draws", "50"]
                assert run(arguments) == 0, line
                captured = capsys.readouterr()
                assert captured.err == "", line
                printed = captured.out
    assert commands > 2
    assert shown or page != "loops.md"


@pytest.mark.parametrize("page", PAGES)
def test_a_link_leads_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)", (DOCS / page).read_text("utf-8")):
        assert (DOCS / link).exists(), link


def test_the_page_of_what_ifs_shows_what_the_commands_print():
    text = whatif_page.PAGE.read_text("utf-8")
    assert len(whatif_page.SAID.findall(text)) == 3
    assert whatif_page.written(text) == text
