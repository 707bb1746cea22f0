"""``raphe score`` and the score of ``raphe check --all``, on a small knowledge base."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from raphe.cli.main import run
from raphe.errors import InputError
from raphe.formats.marked_text import read_marked
from scored_knowledge import write_knowledge

Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run a command on the small knowledge base alone."""
    knowledge = write_knowledge(tmp_path)
    for name in ("raphe.settings", "raphe.cli.options"):
        monkeypatch.setattr(f"{name}.load_knowledge", lambda _=(): knowledge, raising=False)

    def asked(*arguments: str) -> tuple[int, str, str]:
        status = run([*arguments, "--circuit", "random", "--draws", "100"])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return asked


def test_all_findings_are_scored_and_some_are_not(ask: Ask) -> None:
    status, out, _ = ask("check", "--all")
    assert status == 0
    for title in ("Confusion matrix", "Calibration", "By regimen", "By region", "By drug class",
                  "By certainty", "nearest signed walk", "signs shuffled"):  # fmt: skip
        assert title in out
    assert "Confusion matrix" not in ask("check", "raiser")[1]
    assert json.loads(ask("check", "raiser", "--json")[1])["score"] is None
    assert json.loads(ask("check", "--all", "--json")[1])["score"]["confusion"]["up"]["up"] == 3


def test_the_score_has_what_takes_longer(ask: Ask) -> None:
    status, out, err = ask("score", "--moves", "3")
    assert (status, err) == (0, "")
    for title in ("cross-validated", "Priors", "Strengths"):
        assert title in out
    told = json.loads(ask("score", "--json")[1])
    assert told["moved_strengths"] is None
    assert told["chosen"]


def test_tables_go_between_the_marks_and_nothing_else_changes(ask: Ask, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    before, after = "# Ours\n\n<!-- raphe score -->\n", "<!-- end of raphe score -->\n\nThe end.\n"
    page.write_text(f"{before}what stood here\n{after}", encoding="utf-8")
    status, out, _ = ask("score", "--into", str(page))
    assert (status, out) == (0, f"wrote {page}\n")
    text = page.read_text("utf-8")
    assert text.startswith(before)
    assert text.endswith(after)
    assert "what stood here" not in text
    assert "| reported | called up |" in text
    ask("score", "--into", str(page))
    assert page.read_text("utf-8") == text


@pytest.mark.parametrize(
    "text",
    ["", "<!-- raphe score -->\n", "<!-- end of raphe score -->\n<!-- raphe score -->\n",
     "<!-- raphe score -->\n" * 2 + "<!-- end of raphe score -->\n",
     "<!-- raphe score -->\n" + "<!-- end of raphe score -->\n" * 2],
)  # fmt: skip
def test_a_page_without_its_marks_stays_as_it_is(ask: Ask, tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    status, out, err = ask("score", "--into", str(page))
    assert (status, out) == (2, "")
    assert "Put a line '<!-- raphe score -->'" in err
    assert page.read_text("utf-8") == text


def test_a_page_that_is_not_there_is_told(ask: Ask, tmp_path: Path) -> None:
    status, _, err = ask("score", "--into", str(tmp_path / "none.md"))
    assert status == 2
    assert "none.md" in err


def test_what_is_not_text_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not text in UTF-8"):
        read_marked(tmp_path / "page.md", "raphe score")


def test_a_circuit_that_no_finding_is_about_is_told(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "findings" / "all.yaml").write_text("findings: {}\n", encoding="utf-8")
    status, _, err = ask("score")
    assert status == 2
    assert "no finding reports a direction" in err
