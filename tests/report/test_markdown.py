from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from raphe.questions import Answer
from raphe.report.assembly import assemble_report
from raphe.report.content import Report
from raphe.report.markdown import plain, to_markdown
from report_golden import approved
from report_poison import HOSTILE, poisoned

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def test_report_of_the_made_drug_reads_as_it_was_approved(report: Report) -> None:
    written = to_markdown(report)
    assert written == approved("madeupine.md", written)


def test_same_answer_gives_the_same_bytes(answer: Answer) -> None:
    assert to_markdown(assemble_report(answer)) == to_markdown(assemble_report(answer))


def test_sections_stand_in_reading_order(report: Report) -> None:
    headings = re.findall(r"^## (.*)$", to_markdown(report), re.MULTILINE)
    assert headings == [
        "Readouts", "Diagrams", "Madeupine", "Reported findings", "Out of scope", "Method",
        "References", "Assumptions", "Limits", "The same again",
    ]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_a_file_becomes_markup(report: Report, hostile: str) -> None:
    clean = to_markdown(poisoned(report, "harmless"))
    dirty = to_markdown(poisoned(report, hostile))
    assert _shape(dirty) == _shape(clean)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_escaped_text_renders_as_itself(hostile: str) -> None:
    rendered = PARSER.parse(plain(hostile))
    assert [token.type for token in rendered] == ["paragraph_open", "inline", "paragraph_close"]
    assert "".join(one.content for one in rendered[1].children or ()) == " ".join(hostile.split())


def _shape(text: str) -> list[str]:
    """The kinds of tokens, and where links lead; texts left out."""
    shape = []
    for token in PARSER.parse(text):
        for one in (token, *(token.children or ())):
            if one.type in ("text", "inline", "text_special"):
                continue
            # Identifiers differ where they were poisoned: what counts is that links stay links.
            markup = one.content if one.type.startswith("html") else ""
            shape.append(f"{one.type} {markup}")
    return shape


def test_addresses_in_texts_do_not_become_links(report: Report) -> None:
    """GitHub makes links of bare addresses, which CommonMark does not."""
    written = to_markdown(poisoned(report, "see https://example.org or www.example.org"))
    own = re.sub(r"\]\(<https://(doi\.org|pubmed\.ncbi\.nlm\.nih\.gov)/[^>]*>\)", "", written)
    own = re.sub(r"`[^`]*`", "", own)  # within code no link is made
    assert "://" not in own
    assert "www." not in own


def test_links_are_made_of_identifiers_only(report: Report) -> None:
    leading = re.findall(r"\]\(<([^>]*)>\)", to_markdown(report))
    assert leading == [
        "loop.svg",
        "loop.svg",
        "loop.dot",
        "https://doi.org/10.1000/made.1",
        "https://pubmed.ncbi.nlm.nih.gov/12345678/",
    ]
