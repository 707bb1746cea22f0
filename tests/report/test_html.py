from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from raphe.calling import Call
from raphe.diagram.figure import State
from raphe.diagram.style import GLYPHS
from raphe.questions import Answer, check
from raphe.report.assembly import assemble_report
from raphe.report.content import Report
from raphe.report.glyphs import CALLS
from raphe.report.html import checks_fragment, prediction_fragment, to_html
from raphe.report.markup import tag
from raphe.settings import Setting
from report_golden import approved
from report_poison import HOSTILE, poisoned

VOID = {"meta", "br"}
LOADS = {"src", "srcset", "data", "action", "poster", "background", "xlink:href"}


class Page(HTMLParser):
    """Elements in order, and the texts between them; complains about tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(tag, tuple(sorted(attributes))) for tag, attributes in self.elements]

    @property
    def ids(self) -> list[str]:
        return [own["id"] or "" for _, own in self.elements if "id" in own]

    def links(self) -> list[str]:
        return [own.get("href") or "" for _, own in self.elements if "href" in own]


@pytest.fixture(scope="module")
def written(report: Report, drawing: str) -> str:
    return to_html(report, {"loop": drawing})


def test_page_reads_as_it_was_approved(written: str) -> None:
    """The page without its style, which changes more often than what it says."""
    body = written[written.index("<body>") : written.index("</html>")]
    assert body == approved("madeupine.html", body)


def test_page_is_whole_and_its_tags_match(written: str) -> None:
    page = Page(written)
    assert [tag for tag, _ in page.elements][:2] == ["html", "head"]
    assert written.startswith("<!DOCTYPE html>")
    assert len(page.ids) == len(set(page.ids))


def test_page_loads_nothing_and_runs_nothing(written: str) -> None:
    page = Page(written)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base"} & {
        tag for tag, _ in page.elements
    }
    for _, attributes in page.elements:
        assert not LOADS & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
    assert "url(" not in re.sub(r"url\(#[\w.-]+\)", "", written)
    assert "@import" not in written
    outside = [link for link in page.links() if "://" in link]
    assert outside == [
        "https://doi.org/10.1000/made.1",
        "https://pubmed.ncbi.nlm.nih.gov/12345678/",
    ]


def test_links_within_the_page_lead_somewhere(written: str) -> None:
    page = Page(written)
    inner = {link[1:] for link in page.links() if link.startswith("#")}
    assert inner
    assert inner <= set(page.ids)


def test_same_answer_gives_the_same_bytes(answer: Answer) -> None:
    assert to_html(assemble_report(answer)) == to_html(assemble_report(answer))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_a_file_becomes_markup(report: Report, hostile: str) -> None:
    clean = Page(to_html(poisoned(report, "harmless")))
    dirty = Page(to_html(poisoned(report, hostile)))
    assert dirty.shape == clean.shape
    assert " ".join(hostile.split()) in [text.strip() for text in dirty.texts]


def test_attributes_cannot_be_left() -> None:
    [(_, attributes)] = Page(tag("p", title="\"' onclick='x'><b>")).elements
    assert attributes == {"title": "\"' onclick='x'><b>"}


def test_diagram_keeps_what_draws_and_loses_what_acts(report: Report) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" onload="a()"><script>a()</script>'
        '<a href="https://example.org"><rect/></a><image href="https://example.org/a.png"/>'
        '<foreignObject><p/></foreignObject><style>@import "https://example.org"</style>'
        '<rect id="kept" fill="url(https://example.org)" style="fill:url(//example.org)"/></svg>'
    )
    written = to_html(report, {"loop": svg})
    assert "example.org" not in written
    assert "onload" not in written
    assert "<script" not in written
    assert 'id="loop--kept"' in written


def test_readout_leads_to_its_node_in_the_diagram(written: str) -> None:
    page = Page(written)
    assert "#loop--node-soma.firing" in page.links()
    assert "loop--node-soma.firing" in page.ids
    assert 'fill="url(#loop--box)"' in written


def test_dark_diagram_changes_colours_and_nothing_else(report: Report, drawing: str) -> None:
    dark = drawing.replace("#FBDCC4", "#5A2E10")
    written = to_html(report, {"loop": drawing}, {"loop": dark})
    assert 'style="fill:var(--paint-0)"' in written
    assert "--paint-0:#FBDCC4;" in written
    assert "--paint-0:#5A2E10;" in written
    assert 'class="drawing"' in written


def test_dark_diagram_of_another_layout_is_not_mixed_in(report: Report, drawing: str) -> None:
    dark = drawing.replace("<title>firing</title>", "")
    written = to_html(report, {"loop": drawing}, {"loop": dark})
    assert "var(--paint" not in written
    assert 'class="drawing plain"' in written


def test_file_in_another_place_is_named_but_not_linked(report: Report) -> None:
    places = (
        "loop.svg",
        "diagrams/loop.svg",
        "../loop.svg",
        "a/../../loop.svg",
        "//example.org/loop.svg",
        "https://example.org/loop.svg",
        "a%2Floop.svg",
        "",
    )
    told = replace(report, illustrations=(replace(report.illustrations[0], files=places),))
    files = [link for link in Page(to_html(told)).links() if link.endswith("svg")]
    assert files == ["loop.svg", "diagrams/loop.svg"]


def test_diagram_that_is_no_xml_is_named(report: Report) -> None:
    with pytest.raises(ValueError, match="diagram 'loop' is not XML"):
        to_html(report, {"loop": "<svg>"})


def test_every_row_of_the_drug_is_shown_and_unused_ones_are_marked(written: str) -> None:
    page = Page(written)
    shown = [text.strip() for text in page.texts]
    for affinity in ("Ki 18 nM", "Ki 31.6 nM", "Ki 2 nM", "Ki > 10 µM", "Ki not specified"):
        assert affinity in shown
    for mark in ("disputed", "not reached", "no affinity"):
        assert mark in shown


def test_glyphs_are_those_of_the_diagrams() -> None:
    assert {call.value: glyph for call, glyph in CALLS.items()} == {
        call.value: GLYPHS[State(call.value)] for call in Call
    }
    assert len(set(CALLS.values())) == len(Call)


def test_prediction_in_a_notebook(answer: Answer) -> None:
    page = Page(prediction_fragment(answer))
    assert page.elements[0][0] == "table"
    assert [tag for tag, _ in page.elements].count("tr") == 1 + len(answer.readouts)
    for row in answer.readouts:
        assert page.texts[page.texts.index(row.node) + 1] == row.call.value
    assert prediction_fragment(answer) == answer._repr_html_()


def test_checks_in_a_notebook(within: Setting) -> None:
    checks = check("madeupine", within=within)
    page = Page(checks_fragment(checks))
    assert [tag for tag, _ in page.elements].count("tr") == 1 + 3
    assert {"agrees", "disagrees", "out of scope"} <= set(page.texts)
    assert checks_fragment(checks.rows) == checks._repr_html_()
