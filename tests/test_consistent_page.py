"""The page on joint consistency does what it says, and shows what is printed."""

import re
import shlex
from pathlib import Path

import pytest

from raphe.cli.main import run

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "consistent.md").read_text("utf-8")
FENCE = re.compile(r"^```(text)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shown():
    """Commands of the page, each with the lines that are shown below it."""
    commands = []
    for language, body in FENCE.findall(PAGE):
        if language:
            commands[-1][1].extend(body.splitlines())
        else:
            commands += [(line, []) for line in body.splitlines()]
    return commands


def words(text):
    return " ".join(text.replace("1. ", "").split())


@pytest.mark.parametrize(
    ("line", "lines"), shown(), ids=lambda one: one if type(one) is str else ""
)
def test_what_is_shown_is_printed(line, lines, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(DOCS)
    _, *arguments = shlex.split(line)
    if "--all" in arguments:
        # All takes long, and is tried elsewhere.
        arguments = ["consistent", "moclobemide", "--permutations", "3"]
    if "--draw" in arguments:
        arguments[-1] = str(tmp_path)
    status = run(arguments)
    printed = words(capsys.readouterr().out)
    assert status == ("✗" in printed)
    for one in lines:
        assert words(one) in printed
    assert bool(list(tmp_path.glob("*.svg"))) is ("--draw" in arguments)


def test_links_lead_somewhere():
    for link in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (DOCS / link).exists(), link
