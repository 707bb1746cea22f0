"""Small tables for notebooks: no style sheet, since a notebook has its own, in light or dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from raphe.calling import Call
from raphe.consistency.verdicts import Check, Verdict
from raphe.prediction import Prediction, Row
from raphe.report.content import Readout
from raphe.report.glyphs import CALLS, VERDICTS
from raphe.report.markup import Content, Markup, lines, tag, together
from raphe.report.readouts import tell_row
from raphe.report.treatment_words import against_words, title_words
from raphe.report.wording import probability, signed

#: Readable on white and on black.
_COLOURS = {
    Call.UP: "#D9601A",
    Call.DOWN: "#2F86D6",
    Call.AMBIGUOUS: "#B8920A",
    Call.UNCHANGED: "#808A96",
}
_VERDICT_COLOURS = {
    Verdict.AGREES: "#2E9960",
    Verdict.DISAGREES: "#D9601A",
    Verdict.AMBIGUOUS: "#B8920A",
    Verdict.OUT_OF_SCOPE: "#808A96",
}
_LEFT = "text-align:left"


def readouts_table(prediction: Prediction, rows: Sequence[Row]) -> Markup:
    """What is predicted of some nodes."""
    told = [tell_row(prediction, row) for row in rows]
    title = f"{title_words(prediction)}, {prediction.regimen.value}"
    title += f", against {against_words(prediction)}"
    prior = f"prior «{prediction.prior}», {prediction.drawn} draws"
    return _table(
        title,
        prior,
        ("", "readout", "call", "p", "median change (90 % interval)", "robustness"),
        [_readout(row) for row in told],
    )


def checks_table(checks: Sequence[Check], tally: Mapping[Verdict, int]) -> Markup:
    """Findings with their verdicts."""
    counted = ", ".join(f"{number} {verdict.value}" for verdict, number in tally.items())
    return _table(
        f"{len(checks)} findings",
        counted,
        ("", "finding", "readout", "reported", "predicted", "p", "verdict"),
        [_check(check) for check in checks],
    )


def _readout(row: Readout) -> Markup:
    odds = row.odds
    interval = f"{signed(odds.median)} ({signed(odds.low)} to {signed(odds.high)})"
    return _row(
        _glyph(CALLS[row.call], _COLOURS[row.call]),
        tag("code", row.node),
        row.call.value,
        probability(odds.probability(row.call)),
        interval,
        "; ".join(row.robustness),
    )


def _check(check: Check) -> Markup:
    share = "" if check.probability is None else probability(check.probability)
    disputed = " (disputed)" if check.declared.disputed else ""
    return _row(
        _glyph(VERDICTS[check.verdict], _VERDICT_COLOURS[check.verdict]),
        tag("span", check.finding, title=check.why),
        check.readout,
        f"{check.reported}{disputed}",
        check.predicted,
        share,
        check.verdict.value,
    )


def _glyph(glyph: str, colour: str) -> Markup:
    return tag("span", glyph, style=f"color:{colour}", aria_hidden="true")


def _row(*cells: Content) -> Markup:
    return tag("tr", *(tag("td", cell, style=_LEFT) for cell in cells))


def _table(title: str, under: str, names: Sequence[str], rows: Sequence[Markup]) -> Markup:
    caption = tag("caption", tag("b", title), tag("br"), under, style=_LEFT)
    head = tag("tr", *(tag("th", name, scope="col", style=_LEFT) for name in names))
    return together(
        tag("table", caption, tag("thead", head), tag("tbody", "\n", lines(rows)), class_="raphe"),
        "\n",
    )
