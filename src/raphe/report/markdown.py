"""A report as GitHub-flavoured Markdown, to be read as text or as a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from raphe.calling import Call
from raphe.evidence import Reference
from raphe.report.content import (
    Cited,
    ConditionAccount,
    DrugAccount,
    FindingRow,
    Illustration,
    Readout,
    Region,
    Report,
    Sources,
    TargetRows,
)
from raphe.report.glyphs import CALLS, VERDICTS, directions
from raphe.report.links import doi_link, pubmed_link
from raphe.report.one_line import one_line, sentence
from raphe.report.read_words import kind_words, read_words
from raphe.report.wording import capital, probability, signed, source_runs

#: What would be read as markup within a line.
_MARKUP = re.compile(r"[\\`*\[\]|~@$]|(?<!\w)_|_(?!\w)")
#: What would be read as markup at the beginning of one.
_BEGINNING = re.compile(r"^(?=[#>]|[+-](\s|$)|[=-]+$)")
_NUMBERED = re.compile(r"^(\d+)(?=[.)](\s|$))")
#: What would begin an element of HTML, or an address in angle brackets.
_ELEMENT = re.compile(r"<(?=[A-Za-z/!?])")


def to_markdown(report: Report) -> str:
    """The report as one Markdown document.

    Parameters
    ----------
    report
        As assembled; its diagrams are linked as files of the same folder.
    """
    parts: list[str] = [
        f"# {plain(report.title)}: predicted changes",
        "\n".join(f"- **{plain(fact.name)}:** {plain(fact.text)}" for fact in report.facts),
        " ".join(
            f"**{plain(one.head)}:** {plain(one.text)}" if one.head else plain(one.text)
            for one in report.summary
        ),
        *_readouts(report.regions),
        *_illustrations(report.illustrations),
        *(part for drug in report.drugs for part in _drug(drug)),
        *(_condition(report.condition) if report.condition else ()),
        *_findings(report),
        *_out_of_scope(report),
        "## Method",
        _numbered(report.method),
        *_references(report.references),
        *_assumptions(report),
        "## Limits",
        _bullets(plain(text) for text in report.limits),
        "## The same again",
        f"```sh\n{one_line(report.command)}\n```",
        f"Computed with {plain(report.version)}; with the same knowledge, "
        "the same command writes the same bytes.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    r"""Text on one line in which nothing is read as Markdown or HTML.

    Examples
    --------
    >>> plain("a|b <script> *x*")
    'a\\|b &lt;script> \\*x\\*'
    >>> plain("cortex.NE_terminal < 0.01"), plain("# 1"), plain("1. a")
    ('cortex.NE_terminal < 0.01', '\\# 1', '1\\. a')
    """
    line = _ELEMENT.sub("&lt;", one_line(text).replace("&", "&amp;"))
    line = _MARKUP.sub(lambda found: f"\\{found[0]}", line)
    # Addresses would become links of their own; references are the only links there are.
    line = line.replace("://", ":\\//").replace("www.", "www\\.")
    return _NUMBERED.sub(r"\1\\", _BEGINNING.sub(r"\\", line))


def _readouts(regions: Sequence[Region]) -> Iterable[str]:
    yield "## Readouts"
    yield (
        "Probabilities are of an increase, no change and a decrease. The change is the median with "
        "its 90 % interval, in units of full activity. Possible: directions that some choice of "
        "weights brings about. Fragile: another prior calls otherwise. Borderline: so does half or "
        "twice the threshold."
    )
    for region in regions:
        yield f"### {plain(region.label or 'elsewhere')}"
        yield _table(
            ("Readout", "Prediction", "p(▲) / p(=) / p(▼)", "Change", "Possible", "Robustness"),
            (_readout(row) for row in region.readouts),
        )
        yield _bullets(
            f"`{_code(row.node)}` {plain(row.why)}{_sources(row.sources)}"
            for row in region.readouts
        )


def _readout(row: Readout) -> tuple[str, ...]:
    odds = row.odds
    shares = (odds.up, odds.unchanged, odds.down)
    certain = "certain: " if row.is_certain else ""
    undecided = "" if row.is_decided else " (undetermined)"
    return (
        f"{plain(row.name)} `{_code(row.node)}`",
        f"{CALLS[row.call]} {row.call.value}, {probability(odds.probability(row.call))}",
        " / ".join(map(probability, shares)),
        f"{signed(odds.median)} ({signed(odds.low)} to {signed(odds.high)})",
        f"{certain}{directions(row.possible)}{undecided}",
        plain("; ".join(row.robustness)),
    )


def _illustrations(illustrations: Sequence[Illustration]) -> Iterable[str]:
    if illustrations:
        yield "## Diagrams"
    for number, one in enumerate(illustrations, 1):
        shown = next((name for name in one.files if name.endswith(".svg")), "")
        links = " · ".join(f"[{_kind(name)}](<{_address(name)}>)" for name in one.files)
        if shown:
            yield f"![{plain(one.caption)}](<{_address(shown)}>)"
        yield f"**Figure {number}.** {plain(one.caption)} {links}".rstrip()


def _drug(drug: DrugAccount) -> Iterable[str]:
    role = "" if drug.role == "given" else f" ({plain(drug.role)})"
    yield f"## {plain(drug.title)}{role}"
    about = "; ".join(filter(None, (drug.class_, ", ".join(drug.synonyms))))
    yield " ".join(
        filter(None, (f"{plain(about)}." if about else "", plain(drug.note)))
    ) + _sources(drug.sources)
    yield "### What it binds"
    yield _table(
        (
            "Target",
            "Action",
            "Affinity",
            "Species",
            "Occupancy (90 %)",
            "Reaches",
            "Mark",
            "Sources",
        ),
        (cells for target in drug.targets for cells in _bindings(target)),
    )
    notes = [
        f"{plain(target.target)}, {plain(row.affinity)}: {plain(row.note)}"
        for target in drug.targets
        for row in target.rows
        if row.note
    ]
    yield _bullets(notes)
    yield "### Exposure"
    exposure = drug.exposure
    told = f"{plain(exposure.free)} free ({plain(exposure.name)})."
    if exposure.note:
        told += f" {plain(capital(sentence(exposure.note)))}"
    yield told + _sources(exposure.sources)
    yield _bullets(f"Assumed: {plain(sentence(text))}" for text in exposure.assumptions)


def _bindings(target: TargetRows) -> Iterable[tuple[str, ...]]:
    # What is occupied stands beside the first row that was computed with.
    shown = next((number for number, row in enumerate(target.rows) if not row.mark), 0)
    for number, row in enumerate(target.rows):
        named = (
            f"{plain(target.target)} ({plain(target.name)})"
            if target.name
            else plain(target.target)
        )
        efficacy = f", efficacy {plain(row.efficacy)}" if row.efficacy else ""
        yield (
            named if number == 0 else "",
            f"{plain(row.action)}{efficacy}",
            plain(row.affinity),
            plain(row.species),
            plain(target.occupancy) if number == shown else "",
            plain(target.reach) if number == shown else "",
            plain(row.mark),
            _numbers(row.sources),
        )


def _condition(condition: ConditionAccount) -> Iterable[str]:
    yield f"## {plain(condition.title)}"
    yield plain(condition.about) + _sources(condition.sources)
    yield _table(
        ("What", "Does", "Reason", "Sources"),
        (
            (plain(row.what), plain(row.does), plain(row.reason), _numbers(row.sources))
            for row in condition.rows
        ),
    )


def _findings(report: Report) -> Iterable[str]:
    yield "## Reported findings"
    counts = " · ".join(
        f"{VERDICTS[verdict]} {verdict.value} {number}" for verdict, number in report.tally.items()
    )
    yield counts
    if report.contradiction:
        yield plain(report.contradiction)
    if not report.findings:
        yield "No finding on file is about just this treatment."
        return
    yield _table(
        ("Readout", "Reported", "Predicted", "Verdict", "Experiment", "Sources"),
        (_finding(row) for row in report.findings),
    )
    yield _bullets(f"`{_code(row.finding)}` {plain(_why(row))}" for row in report.findings)


def _finding(row: FindingRow) -> tuple[str, ...]:
    size = f" ({plain(row.magnitude)})" if row.magnitude else ""
    share = f", {probability(row.probability)}" if row.probability is not None else ""
    disputed = "; disputed" if row.disputed else ""
    return (
        f"{plain(row.readout)}<br>`{_code(row.finding)}`",
        f"{_reported(row.reported)}{size}{disputed}",
        f"{_reported(row.predicted)}{share}",
        f"{VERDICTS[row.verdict]} {row.verdict.value}",
        plain(row.experiment),
        _numbers(row.sources),
    )


def _reported(word: str) -> str:
    """A call with its glyph; an occupancy as it is."""
    glyph = {call.value: f"{CALLS[call]} " for call in Call}.get(word, "")
    return f"{glyph}{plain(word)}"


def _why(row: FindingRow) -> str:
    return f"{row.why} Note: {sentence(row.note)}" if row.note else row.why


def _out_of_scope(report: Report) -> Iterable[str]:
    if not report.out_of_scope and not report.unplaced:
        return
    yield "## Out of scope"
    yield _bullets(
        [
            f"`{_code(row.finding)}` {plain(row.readout)}, reported {plain(row.reported)}: "
            f"{plain(_why(row))}{_sources(row.sources)}"
            for row in report.out_of_scope
        ]
        + [plain(text) for text in report.unplaced]
    )


def _references(references: Sequence[Cited]) -> Iterable[str]:
    yield "## References"
    yield "In italics, how much of a source was read; below it, what it is cited for."
    yield "\n".join(f"{one.number}. {_reference(one)}" for one in references)


def _reference(cited: Cited) -> str:
    if cited.reference is None:
        told = f"`{_code(cited.id)}`, which no file of references has."
    else:
        told = _entry(cited.reference)
    return "<br>".join((told, *map(plain, cited.uses)))


def _entry(reference: Reference) -> str:
    year = f"({reference.year})." if reference.year else ""
    head = f"{plain(reference.authors)} {year}" if reference.authors else year
    journal = f" {plain(reference.journal)}." if reference.journal else ""
    links = [f"[doi:{plain(reference.doi)}](<{doi_link(reference.doi)}>)"] if reference.doi else []
    if reference.pmid:
        links.append(f"[PubMed {reference.pmid}](<{pubmed_link(reference.pmid)}>)")
    note = f" {plain(capital(sentence(reference.note)))}" if reference.note else ""
    kind = kind_words(reference)
    parts = [
        head,
        plain(sentence(reference.title)) + journal,
        plain(f"[{kind}]") if kind else "",
        " · ".join(links),
        f"*{read_words(reference)}.*",
    ]
    return " ".join(part for part in parts if part) + note


def _assumptions(report: Report) -> Iterable[str]:
    if not report.assumptions:
        return
    yield "## Assumptions"
    yield "Taken to be so although no source was found."
    yield _bullets(
        f"{plain(sentence(one.text))} *Rests on it:* {plain('; '.join(one.claims))}"
        for one in report.assumptions
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def _numbered(texts: Iterable[str]) -> str:
    return "\n".join(f"{number}. {plain(text)}" for number, text in enumerate(texts, 1))


def _numbers(sources: Sources) -> str:
    runs = [f"{one}" if one == other else f"{one}–{other}" for one, other in source_runs(sources)]
    # Not escaped: brackets of files are, so that none can make a link of these.
    return f"[{', '.join(runs)}]" if runs else ""


def _sources(sources: Sources) -> str:
    written = _numbers(sources)
    return f" {written}" if written else ""


def _code(text: str) -> str:
    """Within back ticks nothing is escaped but what ends a cell or the code itself."""
    return one_line(text).replace("`", "'").replace("|", "\\|")


def _address(name: str) -> str:
    return one_line(name).replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")


def _kind(name: str) -> str:
    return plain(name.rpartition(".")[2].upper())
