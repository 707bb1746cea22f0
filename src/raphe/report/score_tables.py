"""A score as tables: what is shown on the terminal, in Markdown and in notebooks alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from raphe.calling import Call
from raphe.consistency.baselines import SHUFFLES, majority_class
from raphe.consistency.score import BANDS, BREAKDOWNS, CLASSES, CONFIDENT, Certainty, Score
from raphe.consistency.scorecard import Scorecard
from raphe.finding import Regimen, Seen
from raphe.report.one_line import one_line
from raphe.report.wording import capital, count, joined, percent

#: Groups of findings as the head of a column says them.
GROUPS: dict[Seen | str, str] = {
    "all": "all",
    Seen.TUNING: "tuned on",
    Seen.DEVELOPMENT: "looked at",
    Seen.NEVER: "never seen",
    "not stated": "not stated",
}
#: Groups of a breakdown with fewer findings than this are told together.
_FEW = 8
_NONE = "–"
#: Values of a breakdown that have an order of their own.
_ORDER = {
    "regimen": [one.value for one in Regimen],
    "certainty": [one.value for one in Certainty],
}
_CALLED = (*CLASSES, Call.AMBIGUOUS)


@dataclass(frozen=True)
class ScoreTable:
    """A table with a head over each column; all columns but the first hold numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    #: A breakdown of what another table says already.
    is_detail: bool = False


def score_tables(card: Scorecard) -> tuple[ScoreTable, ...]:
    """All tables of a scorecard, what matters most first."""
    tables = [_groups(card), _confusion(card.score), _calibration(card.score)]
    tables += [_breakdown(card, name) for name in BREAKDOWNS]
    if card.priors:
        tables.append(_priors(card))
    if card.moved is not None:
        tables.append(_moved(card))
    return tuple(tables)


def scope(card: Scorecard) -> str:
    """What was scored and what was not, as a sentence."""
    score = card.score
    agreed, normalised = score.agreed("normalised")
    inside, occupancies = score.agreed("occupancy")
    parts = [f"{count(score.total, 'finding')} of a direction (up, down or unchanged)"]
    if normalised:
        parts.append(f"{normalised} of normalisation, of which {agreed} agree")
    if occupancies:
        parts.append(f"{occupancies} of occupancy, of which {inside} agree")
    text = f"Scored: {'; '.join(parts)}. "
    if score.out_of_scope:
        text += f"Not scored: {score.out_of_scope} out of scope"
        text += (
            f" (of {score.outside}, the finding says why no circuit has it). "
            if score.outside
            else ". "
        )
    model = card.model
    return (
        f"{text}Prior '{model.prior}', {model.draws} draws, θ = {model.criteria.theta:g}, "
        f"bar {model.criteria.bar:g}."
    )


def _groups(card: Scorecard) -> ScoreTable:
    groups = card.groups
    dealt = [card.shuffles.among(score) for score in groups.values()]

    def each(measure: Callable[[Score], str], of: Score | None = None) -> tuple[str, ...]:
        return tuple(measure(of.only(score) if of else score) for score in groups.values())

    rows = [
        ("findings", *each(lambda score: f"{score.total}")),
        ("right", *each(lambda score: percent(score.accuracy))),
        ("  95 % interval", *each(_interval)),
        ("opposite sign", *each(lambda score: _tenth(score.opposite))),
        ("called (not ambiguous)", *each(lambda score: percent(score.coverage))),
        (f"right at p ≥ {CONFIDENT}", *each(lambda score: _of(score.confident))),
        ("commonest class", *each(lambda score: percent(majority_class(score).accuracy))),
        ("nearest signed walk", *each(_right, card.nearest_walk)),
        ("  opposite sign", *each(lambda score: _tenth(score.opposite), card.nearest_walk)),
        ("signs shuffled: mean", *(percent(one.mean) for one in dealt)),
        (f"  best of {SHUFFLES}", *(percent(one.best) for one in dealt)),
        ("  signs in place", *(percent(one.in_place) for one in dealt)),
        ("  p", *(_p(one.p_value) for one in dealt)),
    ]
    note = (
        "Right: the reported direction is called; ambiguous calls count as wrong. Tuned on: "
        "strengths and thresholds were chosen with these findings in view; looked at: what came "
        "out for them was seen while the circuit was written; never seen: nobody looked. Intervals "
        "take findings as independent (Wilson). Signs shuffled: topology and magnitudes kept, what "
        "reaches a node limited so that every circuit comes to rest; signs in place is the "
        "declared circuit under the same limit, p that a shuffled one does as well."
    )
    if card.cross_validated is not None:
        validated = card.cross_validated
        held_out = validated.held_out
        rows.append(("cross-validated", *each(_right, held_out)))
        rows.append(("  opposite sign", *each(lambda score: _tenth(score.opposite), held_out)))
        rows.append(("  as declared, same draws", *each(_right, validated.declared)))
        chosen = [
            f"prior '{one.prior}', θ = {one.theta:g}, bar {one.bar:g} for {count(times, 'finding')}"
            for one, times in validated.choices.items()
        ]
        note += (
            " Cross-validated: prior, θ and bar chosen anew for each class of drugs, with all "
            f"findings on it left out, from {validated.draws} draws; chosen: {joined(chosen)}. "
            "The circuit itself cannot be chosen anew by a machine: for that see «never seen»."
        )
    return ScoreTable("Score", ("", *(GROUPS[name] for name in groups)), tuple(rows), note)


def _confusion(score: Score) -> ScoreTable:
    rows = [
        (
            one.value,
            *(f"{score.count(one, call)}" for call in _CALLED),
            f"{score.reported(one)}",
            _share(score.count(one, one), score.reported(one)),
        )
        for one in CLASSES
    ]
    totals = [sum(row.called is call for row in score.rows) for call in _CALLED]
    agreed = [score.count(call, call) for call in CLASSES]
    right = [_share(hits, of) for hits, of in zip(agreed, totals, strict=False)]
    rows.append(("all", *map(str, totals), f"{score.total}", percent(score.accuracy)))
    rows.append(("right of calls", *right, _NONE, "", ""))
    head = ("reported", *(f"called {call.value}" for call in CLASSES), "ambiguous", "all", "right")
    return ScoreTable("Confusion matrix", head, tuple(rows))


def _calibration(score: Score) -> ScoreTable:
    rows = []
    for high, low in zip((math.inf, *BANDS), BANDS, strict=False):
        own = score.within(low, high)
        if own.total:
            mean = sum(row.probability for row in own.rows) / own.total
            label = f"p ≥ {low:g}" if high == math.inf else f"{low:g} ≤ p < {high:g}"
            rows.append((label, f"{own.total}", f"{mean:.2f}", f"{own.accuracy:.2f}"))
    head = ("probability of the call", "calls", "mean p", "share right")
    return ScoreTable("Calibration", head, tuple(rows))


def _breakdown(card: Scorecard, name: str) -> ScoreTable:
    groups = card.score.by(BREAKDOWNS[name])
    if order := _ORDER.get(name):
        groups = {key: groups[key] for key in order if key in groups}
    else:
        groups = _few_together(groups, "region" if name == "region" else "class")
    places = card.model.network.pathway.places
    rows = tuple(
        (
            places[key].label if name == "region" and key in places else one_line(key),
            f"{score.total}",
            percent(score.accuracy),
            percent(score.coverage),
            _tenth(score.opposite),
            _of(score.confident),
        )
        for key, score in groups.items()
    )
    head = (name, "findings", "right", "called", "opposite", f"right at p ≥ {CONFIDENT}")
    return ScoreTable(f"By {name}", head, rows, is_detail=True)


def _few_together(groups: dict[str, Score], what: str) -> dict[str, Score]:
    small = {name: score for name, score in groups.items() if score.total < _FEW}
    if len(small) < 2:
        return groups
    kept = {name: score for name, score in groups.items() if name not in small}
    rest = Score(tuple(row for score in small.values() for row in score.rows))
    plural = f"{what}es" if what.endswith("s") else f"{what}s"
    return {**kept, f"{len(small)} other {plural}": rest}


def _priors(card: Scorecard) -> ScoreTable:
    rows = tuple(
        (
            one.prior,
            f"{one.draws}",
            percent(one.score.accuracy),
            percent(one.score.coverage),
            _tenth(one.score.opposite),
        )
        for one in card.priors
    )
    fragile, made = card.fragile, card.score.within(0, math.inf)
    note = (
        f"Fragile, another built-in prior would call otherwise: {_share(fragile.total, made.total)}"
        f" of the calls; {percent(fragile.accuracy)} of these are right, and "
        f"{_rest(made, fragile)} of the others."
    )
    return ScoreTable("Priors", ("prior", "draws", "right", "called", "opposite"), rows, note)


def _rest(made: Score, fragile: Score) -> str:
    own = {row.finding for row in fragile.rows}
    return percent(Score(tuple(row for row in made.rows if row.finding not in own)).accuracy)


def _moved(card: Scorecard) -> ScoreTable:
    moved = card.moved
    assert moved is not None
    low, high = moved.range90
    rows = (
        ("strengths as declared", percent(moved.declared), ""),
        ("every strength moved one class: mean", percent(moved.mean), _points(-moved.loss)),
        ("  90 % of circuits", f"{percent(low)} – {percent(high)}", ""),
    )
    note = (
        f"Up or down at random, {len(moved.accuracies) + moved.unstable} circuits, a few draws of "
        "each, which are tried with the strengths as declared too; "
        f"{percent(moved.rejected_share)} of the draws are unstable and left out, and with them "
        f"{count(moved.unstable, 'circuit')}."
    )
    return ScoreTable("Strengths", ("", "right", "difference"), rows, note)


def to_markdown(card: Scorecard) -> str:
    """All tables as GitHub-flavoured Markdown; the breakdowns fold away."""
    tables = score_tables(card)
    shown = [one for one in tables if not one.is_detail]
    folded = [one for one in tables if one.is_detail]
    parts = [
        scope(card),
        *map(table_markdown, shown),
        f"<details><summary>{capital(f'by {joined(BREAKDOWNS)}')}</summary>",
        *map(table_markdown, folded),
        "</details>",
    ]
    return "\n\n".join(parts) + "\n"


def table_markdown(table: ScoreTable) -> str:
    """One of them, with its title and note."""
    lines = [
        f"| {' | '.join(_cell(text) for text in table.head)} |",
        f"| {' | '.join(['---', *['---:'] * (len(table.head) - 1)])} |",
        *(f"| {' | '.join(_cell(text) for text in row)} |" for row in table.rows),
    ]
    parts = [f"**{table.title}**", "\n".join(lines)]
    return "\n\n".join([*parts, table.note] if table.note else parts)


def _cell(text: str) -> str:
    indented = text.startswith("  ")
    plain = text.strip().replace("|", "\\|").replace("<", "&lt;")
    return f"&emsp;{plain}" if indented else plain


def _right(score: Score) -> str:
    return percent(score.accuracy)


def _interval(score: Score) -> str:
    low, high = score.interval
    return f"{100 * low:.0f} – {100 * high:.0f} %"


def _tenth(share: float) -> str:
    return f"{100 * share:.1f} %"


def _of(score: Score) -> str:
    return f"{percent(score.accuracy)} of {score.total}" if score.total else _NONE


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else _NONE


def _p(value: float) -> str:
    return f"{value:.3f}"


def _points(difference: float) -> str:
    sign = "−" if difference < 0 else "+"
    return f"{sign}{abs(100 * difference):.1f} points"
