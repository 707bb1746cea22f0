"""The tables of a page: readouts, bindings, findings, a condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from raphe.calling import Call
from raphe.consistency.verdicts import Verdict
from raphe.report.content import (
    BindingRow,
    ConditionAccount,
    DrugAccount,
    FindingRow,
    Readout,
    Region,
    Sources,
    TargetRows,
)
from raphe.report.glyphs import CALLS, VERDICTS, directions
from raphe.report.markup import NEWLINE, Content, Markup, lines, tag, together
from raphe.report.one_line import sentence
from raphe.report.plots import axis_plot, change_plot, odds_bar, reach_of
from raphe.report.wording import capital, probability, signed, source_runs


def readout_table(regions: Sequence[Region], anchors: Mapping[str, str]) -> Markup:
    """Readouts by region, each with its reason on a line of its own.

    Parameters
    ----------
    regions
        As told.
    anchors
        Where each node is drawn on the page.
    """
    reach = reach_of(row.odds for region in regions for row in region.readouts)
    head = _part(
        "tr",
        _head("Readout"),
        _head("Prediction"),
        _head("p", class_="number"),
        _head(together(_glyph(Call.DOWN), _glyph(Call.UNCHANGED), _glyph(Call.UP))),
        _head("Median change (90 % interval)"),
        _head(axis_plot(reach), class_="wide"),
        _head("Possible"),
        _head("Robustness"),
    )
    bodies = [
        _part(
            "tbody",
            NEWLINE,
            lines(
                [
                    _part(
                        "tr",
                        _part(
                            "th",
                            capital(region.label or "elsewhere"),
                            " ",
                            tag("span", region.name, class_="sub"),
                            colspan=8,
                            scope="rowgroup",
                        ),
                        class_="region",
                    ),
                    *(_readout(row, reach, anchors) for row in region.readouts),
                ]
            ),
        )
        for region in regions
    ]
    caption = tag(
        "caption",
        "Bars: probability of a decrease, no change and an increase, from left to right. Change: "
        "median and 90 % interval over the draws, in units of full activity. Possible: directions "
        "that some choice of weights brings about. Fragile: another prior calls otherwise. "
        "Borderline: so does half or twice the threshold.",
    )
    return _table("Readouts", "readouts", head, bodies, caption)


def _readout(row: Readout, reach: float, anchors: Mapping[str, str]) -> Markup:
    odds = row.odds
    interval = f"{signed(odds.low)} to {signed(odds.high)}"
    name: Content = row.name
    if row.node in anchors:
        name = tag("a", row.name, href=f"#{anchors[row.node]}", title="show in the diagram")
    possible = [
        tag("span", directions(row.possible), aria_hidden="true"),
        tag("span", ", ".join(row.possible.words), class_="hidden"),
    ]
    if row.is_certain:
        possible.append(together(" ", tag("span", "certain", class_="tag")))
    if not row.is_decided:
        possible.append(together(" ", tag("span", "undetermined", class_="tag")))
    cells = _part(
        "tr",
        _part("th", name, " ", tag("code", row.node), scope="row"),
        _part("td", call_words(row.call), class_=f"call {row.call.value}"),
        _part("td", probability(odds.probability(row.call)), class_="number p"),
        _part("td", odds_bar(odds), class_="plot"),
        _part("td", tag("b", signed(odds.median)), f" ({interval})", class_="number"),
        _part("td", change_plot(odds, reach, row.call.value), class_="plot wide"),
        _part("td", *possible, class_="number"),
        _part("td", *_robustness(row)),
        class_="row",
        id=f"readout-{row.node}",
    )
    why = _part("td", tag("div", row.why, source_marks(row.sources)), colspan=8)
    return together(cells, NEWLINE, _part("tr", why, class_="why"))


def _robustness(row: Readout) -> Iterable[Markup]:
    for number, words in enumerate(row.robustness):
        if number:
            yield together("; ")
        yield tag("span", words, class_="sub" if words == "robust" else "doubt")


def call_words(call: Call) -> Markup:
    """Glyph and word of a call."""
    return together(_glyph(call), " ", call.value)


def verdict_words(verdict: Verdict) -> Markup:
    """Glyph and word of a verdict."""
    return together(
        tag("i", VERDICTS[verdict], class_="glyph", aria_hidden="true"), " ", verdict.value
    )


def verdict_class(verdict: Verdict) -> str:
    """The class that colours a verdict's glyph."""
    return verdict.value.partition(" ")[0]


def _glyph(call: Call) -> Markup:
    return tag("i", CALLS[call], class_=f"glyph {call.value}", aria_hidden="true")


def binding_table(drug: DrugAccount) -> Markup:
    """Every row of a drug, those that are not computed with struck out but not left out."""
    head = _part(
        "tr",
        *map(
            _head,
            ("Target", "Occupancy (90 %)", "Action", "Affinity", "Species", "Sources", "Remarks"),
        ),
    )
    bodies = [_part("tbody", lines(_bindings(target)), class_="group") for target in drug.targets]
    caption = tag(
        "caption",
        f"What {drug.title} binds. Occupancy: median and 90 % interval at {drug.exposure.free} "
        "free, of the target, over all rows that are used. Struck out: kept, not computed with.",
    )
    return _table(f"What {drug.title} binds", "bindings", head, bodies, caption)


def _bindings(target: TargetRows) -> Iterable[Markup]:
    height = len(target.rows)
    for number, row in enumerate(target.rows):
        leading: list[Markup] = []
        if not number:
            named = tag("span", target.name, class_="sub") if target.name else ""
            leading = [
                _part(
                    "th",
                    target.target,
                    tag("br"),
                    named,
                    scope="rowgroup",
                    rowspan=height if height > 1 else None,
                ),
                _part(
                    "td",
                    target.occupancy or "–",
                    " ",
                    tag("br"),
                    tag("span", target.reach, class_="sub"),
                    rowspan=height if height > 1 else None,
                    class_="occupancy",
                ),
            ]
        yield _part("tr", *leading, *_binding(row), class_=None if number else "first")


def _binding(row: BindingRow) -> Iterable[Markup]:
    efficacy = f", efficacy {row.efficacy}" if row.efficacy else ""
    mark = [tag("span", row.mark, class_="tag"), Markup(" ")] if row.mark else []
    unused = "unused" if row.mark else None
    # What is not specified cannot be struck out.
    struck = "struck" if row.mark and row.mark != "no affinity" else ""
    yield _part("td", f"{row.action}{efficacy}", class_=unused)
    yield _part(
        "td", *_unbroken(row.affinity), class_=" ".join(filter(None, (unused, struck))) or None
    )
    yield _part("td", row.species or "–", class_=unused)
    yield _part("td", source_marks(row.sources), class_="sources")
    yield _part("td", *mark, row.note, class_=" ".join(filter(None, ("remark", unused))))


def _unbroken(affinity: str) -> Iterable[Content]:
    """An affinity that is broken nowhere but before what is said in brackets."""
    quantity, bracket, rest = affinity.partition(" (")
    yield tag("span", quantity, class_="number")
    if bracket:
        yield " "
        yield tag("span", f"({rest}", class_="number")


def condition_table(condition: ConditionAccount) -> Markup:
    """What a condition does to the baseline."""
    head = _part("tr", *map(_head, ("What", "Does", "Reason", "Sources")))
    body = [
        _part(
            "tr",
            _part("th", tag("code", row.what), scope="row"),
            _part("td", row.does),
            _part("td", row.reason),
            _part("td", source_marks(row.sources), class_="sources"),
            class_="first",
        )
        for row in condition.rows
    ]
    return _table(condition.title, "condition", head, [_part("tbody", lines(body))])


def finding_table(rows: Sequence[FindingRow]) -> Markup:
    """Findings against predictions, each with its reason on a line of its own."""
    names = ("Readout", "Reported", "Predicted", "p", "Verdict", "Sources")
    bodies = [_part("tbody", _finding(row), class_="group") for row in rows]
    head = _part("tr", *map(_head, names))
    return _table("Reported findings", "findings", head, bodies)


def _finding(row: FindingRow) -> Markup:
    size = f" ({row.magnitude})" if row.magnitude else ""
    disputed = together(" ", tag("span", "disputed", class_="tag loud")) if row.disputed else ""
    share = "" if row.probability is None else probability(row.probability)
    cells = _part(
        "tr",
        _part("th", capital(row.readout), tag("div", row.experiment, class_="sub"), scope="row"),
        _part("td", reported_words(row.reported), size, disputed, class_="reported"),
        _part("td", reported_words(row.predicted), class_="number predicted"),
        _part("td", share, class_="number p" if share else None),
        _part("td", verdict_words(row.verdict), class_=f"call {verdict_class(row.verdict)}"),
        _part("td", source_marks(row.sources), class_="sources"),
        class_="row first",
    )
    note = f" {capital(sentence(row.note))}" if row.note else ""
    told = tag("div", row.why, note, " ", tag("code", row.finding))
    return together(cells, NEWLINE, _part("tr", _part("td", told, colspan=6), class_="why"))


def reported_words(word: str) -> Markup:
    """A call with its glyph; an occupancy, or no prediction, as it is."""
    found = next((call for call in Call if call.value == word), None)
    return call_words(found) if found else together(word or "–")


def source_marks(sources: Sources) -> Markup:
    """Numbers of references in brackets, each a link into the list."""
    links: list[Content] = []
    for first, last in source_runs(sources):
        links += [", "] if links else []
        links.append(_reference_link(first))
        if last != first:
            links += ["–", _reference_link(last)]
    return together(" [", *links, "]") if links else Markup("")


def _reference_link(number: int) -> Markup:
    return tag("a", str(number), href=f"#reference-{number}")


def _head(text: Content, class_: str | None = None) -> Markup:
    return _part("th", text, scope="col", class_=class_)


#: What each part of a table is, said aloud: on a phone rows are laid out as blocks, which in some
#: browsers are no longer rows unless they say so.
_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}


def _part(name: str, /, *children: Content, **attributes: str | int | None) -> Markup:
    heads = "columnheader" if attributes.get("scope") == "col" else "rowheader"
    return tag(name, *children, role=_ROLES.get(name, heads), **attributes)


def _table(
    label: str, class_: str, head: Markup, bodies: Sequence[Markup], caption: Markup | None = None
) -> Markup:
    """A table; where it is wider than a screen it is scrolled, with fingers or keys."""
    parts = [*([caption] if caption else ()), _part("thead", head), *bodies]
    table = _part("table", NEWLINE, lines(parts), NEWLINE, class_=class_)
    return tag("div", table, class_="scroll", role="region", aria_label=label, tabindex=0)
