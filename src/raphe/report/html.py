"""A report as one HTML file that loads nothing and runs nothing; and small tables for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from raphe.consistency.verdicts import Check, tally
from raphe.questions import Answer
from raphe.report.content import (
    Assumed,
    Cited,
    DrugAccount,
    FindingRow,
    Illustration,
    Report,
    Sentence,
)
from raphe.report.figures import Inlined, inline_figures
from raphe.report.fragments import checks_table, readouts_table
from raphe.report.links import doi_link, pubmed_link
from raphe.report.markup import NEWLINE, Content, Markup, lines, tag, together
from raphe.report.one_line import one_line, sentence
from raphe.report.page_style import page_css
from raphe.report.read_words import kind_words, read_words
from raphe.report.tables import (
    binding_table,
    condition_table,
    finding_table,
    readout_table,
    source_marks,
    verdict_class,
    verdict_words,
)
from raphe.report.wording import capital, joined

#: What a browser may do with the page: show it. No scripts, no requests.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_NO_DIAGRAMS: Mapping[str, str] = MappingProxyType({})


def to_html(
    report: Report,
    diagrams: Mapping[str, str] = _NO_DIAGRAMS,
    dark: Mapping[str, str] = _NO_DIAGRAMS,
) -> str:
    """The report as one self-contained page.

    Parameters
    ----------
    report
        As assembled.
    diagrams
        SVG of its illustrations, by their names.
    dark
        The same diagrams in the dark theme; without one, a diagram keeps its white ground at night.

    Raises
    ------
    ValueError
        A diagram is not XML.
    """
    figures, paints = inline_figures(diagrams, dark)
    anchors = {
        node: anchor
        for figure in reversed(figures.values())
        for node, anchor in figure.anchors.items()
    }
    sections = list(_sections(report, figures, anchors))
    head = tag(
        "head",
        NEWLINE,
        lines(
            [
                tag("meta", charset="utf-8"),
                tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
                tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
                tag("meta", name="generator", content=report.version),
                tag("title", f"{report.title}: predicted changes"),
                tag("style", Markup(page_css(paints))),
            ]
        ),
        NEWLINE,
    )
    body = tag(
        "body",
        NEWLINE,
        tag("main", lines([_top(report, sections), *(section for _, _, section in sections)])),
        NEWLINE,
    )
    page = tag("html", NEWLINE, head, NEWLINE, body, NEWLINE, lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


def prediction_fragment(answer: Answer) -> str:
    """Readouts as a small table: what a notebook shows of an answer."""
    return readouts_table(answer.prediction, answer.readouts)


def checks_fragment(checks: Iterable[Check]) -> str:
    """Findings with their verdicts as a small table: what a notebook shows of checks."""
    rows = tuple(checks)
    return checks_table(rows, tally(rows))


#: Id, heading and content of a section.
_Section = tuple[str, str, Markup]


def _sections(
    report: Report, figures: Mapping[str, Inlined], anchors: Mapping[str, str]
) -> Iterable[_Section]:
    if report.regions:
        yield _section("readouts", "Readouts", readout_table(report.regions, anchors))
    shown = [one for one in report.illustrations if one.name in figures or one.files]
    if shown:
        drawn = [_figure(number, one, figures.get(one.name)) for number, one in enumerate(shown, 1)]
        yield _section("diagrams", "Diagrams", *drawn)
    for drug in report.drugs:
        yield _section(f"drug-{drug.name}", drug.title, *_drug(drug))
    if report.condition:
        condition = report.condition
        about = tag("p", condition.about, source_marks(condition.sources))
        yield _section("condition", condition.title, about, condition_table(condition))
    yield _section("findings", "Reported findings", *_findings(report))
    if report.out_of_scope or report.unplaced:
        missing = [
            *map(_missing, report.out_of_scope),
            *(tag("li", text) for text in report.unplaced),
        ]
        yield _section("scope", "Out of scope", _list("ul", missing))
    yield _section("method", "Method", _list("ol", [tag("li", text) for text in report.method]))
    yield _section("references", "References", *_references(report.references))
    if report.assumptions:
        told = tag("p", "Taken to be so although no source was found.", class_="note")
        listed = _list("ul", [_assumption(one) for one in report.assumptions])
        yield _section("assumptions", "Assumptions", told, listed)
    yield _section("limits", "Limits", _list("ul", [tag("li", text) for text in report.limits]))
    yield _section("again", "The same again", *_again(report))


def _section(name: str, heading: str, *content: Content) -> _Section:
    made = tag(
        "section",
        NEWLINE,
        lines([tag("h2", heading, id=name), *content]),
        NEWLINE,
        aria_labelledby=name,
    )
    return name, heading, made


def _top(report: Report, sections: Sequence[_Section]) -> Markup:
    facts = [item for fact in report.facts for item in (tag("dt", fact.name), tag("dd", fact.text))]
    links = [tag("li", tag("a", heading, href=f"#{name}")) for name, heading, _ in sections]
    return tag(
        "header",
        lines(
            [
                tag("p", "Predicted changes", class_="kicker"),
                tag("h1", report.title),
                tag("dl", lines(facts), class_="facts"),
                tag(
                    "div",
                    tag("p", *_summary(report.summary)),
                    class_="summary",
                    role="note",
                    aria_label="Summary",
                ),
                tag("nav", tag("ul", lines(links)), aria_label="Contents"),
            ]
        ),
    )


def _summary(sentences: Sequence[Sentence]) -> Iterable[Content]:
    for number, one in enumerate(sentences):
        if number:
            yield " "
        if one.head:
            yield tag("b", f"{one.head}:")
            yield " "
        yield one.text


def _figure(number: int, one: Illustration, drawn: Inlined | None) -> Markup:
    links: list[Content] = []
    for name in one.files:
        links += [" · " if links else " ", _file_link(name)]
    caption = tag("figcaption", tag("b", f"Figure {number}."), " ", sentence(one.caption), *links)
    if drawn is None:
        return tag("figure", caption, id=f"figure-{number}")
    classes = "drawing" if drawn.has_dark else "drawing plain"
    picture = tag(
        "div", drawn.svg, class_=classes, role="region", aria_label=f"Figure {number}", tabindex=0
    )
    return tag("figure", NEWLINE, picture, caption, id=f"figure-{number}")


def _file_link(name: str) -> Markup:
    """A file in or under the report's own folder; what names another place is no link."""
    kind = name.rpartition(".")[2].upper()
    leaves = name.startswith("/") or ".." in name.split("/")
    if not name or leaves or set(name) & set(":\\?#%"):
        return together(kind)
    return tag("a", kind, href=name)


def _drug(drug: DrugAccount) -> Iterable[Markup]:
    about = "; ".join(filter(None, (drug.class_, joined(drug.synonyms))))
    role = "" if drug.role == "given" else f"{capital(drug.role)}. "
    told = " ".join(filter(None, (sentence(about), drug.note)))
    yield tag("p", role, told, source_marks(drug.sources))
    yield binding_table(drug)
    yield tag("h3", "Exposure")
    exposure = drug.exposure
    note = f" {capital(sentence(exposure.note))}" if exposure.note else ""
    yield tag(
        "p",
        tag("b", f"{exposure.free} free"),
        f" ({exposure.name}).",
        note,
        source_marks(exposure.sources),
    )
    if exposure.assumptions:
        yield _list(
            "ul",
            [tag("li", tag("i", "Assumed: "), sentence(text)) for text in exposure.assumptions],
        )


def _findings(report: Report) -> Iterable[Markup]:
    if not report.findings and not report.out_of_scope:
        yield tag("p", "No finding on file is about just this treatment.")
        return
    counted = [
        tag("li", verdict_words(verdict), f" {number}", class_=verdict_class(verdict))
        for verdict, number in report.tally.items()
    ]
    yield _list("ul", counted, "counts")
    if report.contradiction:
        yield tag("p", report.contradiction)
    if report.findings:
        yield finding_table(report.findings)


def _missing(row: FindingRow) -> Markup:
    note = f" {capital(sentence(row.note))}" if row.note else ""
    return tag(
        "li",
        f"{row.readout}, reported {row.reported}: ",
        row.why,
        tag("span", note, class_="sub"),
        source_marks(row.sources),
        " ",
        tag("code", row.finding),
    )


def _references(references: Sequence[Cited]) -> Iterable[Markup]:
    yield tag(
        "p",
        "Everything that is cited above for paths, binding rows and findings: how much of it was "
        "read, and what it is cited for.",
        class_="note",
    )
    yield _list("ol", [_reference(one) for one in references], "references")


def _reference(cited: Cited) -> Markup:
    uses = tag("div", *(tag("div", use) for use in cited.uses), class_="uses")
    return tag(
        "li",
        tag("span", f"{cited.number}.", class_="no"),
        tag("div", *_entry(cited), uses),
        id=f"reference-{cited.number}",
    )


def _entry(cited: Cited) -> Iterable[Content]:
    reference = cited.reference
    if reference is None:
        yield tag("code", cited.id)
        yield ", which no file of references has."
        return
    year = f"({reference.year})" if reference.year else ""
    if head := " ".join(filter(None, (reference.authors, year))):
        yield f"{head}. "
    yield sentence(reference.title)
    if reference.journal:
        yield " "
        yield tag("i", reference.journal)
        yield "."
    if kind := kind_words(reference):
        yield f" [{kind}]"
    if reference.doi:
        yield " "
        yield tag("a", f"doi:{reference.doi}", href=doi_link(reference.doi), rel="noreferrer")
    if reference.pmid:
        yield " "
        yield tag(
            "a", f"PubMed {reference.pmid}", href=pubmed_link(reference.pmid), rel="noreferrer"
        )
    yield " "
    yield tag("span", read_words(reference), class_="tag read")
    if reference.note:
        yield f" {capital(sentence(reference.note))}"


def _assumption(one: Assumed) -> Markup:
    return tag(
        "li",
        sentence(one.text),
        " ",
        tag("span", f"Rests on it: {sentence('; '.join(one.claims))}", class_="sub"),
    )


def _again(report: Report) -> Iterable[Markup]:
    yield tag("pre", tag("code", one_line(report.command)))
    yield tag(
        "p",
        f"Computed with {report.version}; with the same knowledge, the same command writes the "
        "same bytes.",
        class_="note",
    )


def _list(kind: str, items: Sequence[Markup], class_: str | None = None) -> Markup:
    return tag(kind, NEWLINE, lines(items), NEWLINE, class_=class_)
