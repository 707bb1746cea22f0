"""A score as tables: what is shown on the terminal, in Markdown and in notebooks alike."""

from __future__ import annotations

from collections.abc import Callable

from raphe.calling import Call
from raphe.consistency.baselines import SHUFFLES, majority_class
from raphe.consistency.robustness import Moves
from raphe.consistency.score import BREAKDOWNS, CLASSES, CONFIDENT, Certainty, Score
from raphe.consistency.scorecard import Scorecard
from raphe.finding import Regimen, Seen
from raphe.report.agreement_tables import agreement_table
from raphe.report.one_line import one_line
from raphe.report.score_layout import (
    GROUPS,
    NOTHING,
    ScoreTable,
    between,
    part_of,
    points,
    right,
    right_of,
    table_markdown,
    tenth,
)
from raphe.report.wording import capital, count, joined, percent

#: Groups of a breakdown with fewer findings than this are told together.
_FEW = 8
#: Values of a breakdown that have an order of their own.
_ORDER = {
    "regimen": [one.value for one in Regimen],
    "certainty": [one.value for one in Certainty],
}
_CALLED = (*CLASSES, Call.AMBIGUOUS)


def score_tables(card: Scorecard) -> tuple[ScoreTable, ...]:
    """All tables of a scorecard, what matters most first."""
    tables = [_groups(card), agreement_table(card), _confusion(card.score), _calibration(card)]
    tables += [_breakdown(card, name) for name in BREAKDOWNS]
    if card.priors:
        tables.append(_priors(card))
    if card.moves is not None:
        tables.append(_moved(card, card.moves))
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
        ("  95 % interval", *each(lambda score: between(score.interval))),
        ("opposite sign", *each(lambda score: tenth(score.opposite))),
        ("called (not ambiguous)", *each(lambda score: percent(score.coverage))),
        (f"right at p ≥ {CONFIDENT}", *each(lambda score: right_of(score.confident))),
        ("commonest class", *each(lambda score: percent(majority_class(score).accuracy))),
        ("nearest signed walk", *each(right, card.nearest_walk)),
        ("  opposite sign", *each(lambda score: tenth(score.opposite), card.nearest_walk)),
        ("by analogy: answers", *each(lambda score: percent(score.coverage), card.analogy)),
        ("  right, of these", *each(lambda score: right_of(score.answered), card.analogy)),
        ("  opposite sign, of these", *each(_opposite_of_answered, card.analogy)),
        ("  raphe, of the same", *each(lambda score: right(score.only(card.analogy.answered)))),
        ("signs shuffled: mean", *(percent(one.mean) for one in dealt)),
        (f"  best of {SHUFFLES}", *(percent(one.best) for one in dealt)),
        ("  signs in place", *(percent(one.in_place) for one in dealt)),
        ("  p", *(_p(one.p_value) for one in dealt)),
    ]
    note = (
        "Right: the reported direction is called; ambiguous calls count as wrong. Tuned on: "
        "strengths and thresholds were chosen with these findings in view; looked at: what came "
        "out for them was seen while the circuit was written; never seen: nobody looked. Intervals "
        "take findings as independent (Wilson). By analogy: what most findings on other drugs of "
        "the same classes say of the same readout, regimen and condition, without the finding's "
        "own drugs and papers; no answer where there are none, or a tie. Signs shuffled: topology "
        "and magnitudes kept, what reaches a node limited so that every circuit comes to rest; "
        "signs in place is the declared circuit under the same limit, p that a shuffled one does "
        "as well."
    )
    if card.cross_validated is not None:
        validated = card.cross_validated
        held_out = validated.held_out
        rows.append(("cross-validated", *each(right, held_out)))
        rows.append(("  opposite sign", *each(lambda score: tenth(score.opposite), held_out)))
        rows.append(("  as declared, same draws", *each(right, validated.declared)))
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
            part_of(score.count(one, one), score.reported(one)),
        )
        for one in CLASSES
    ]
    totals = [sum(row.called is call for row in score.rows) for call in _CALLED]
    agreed = [score.count(call, call) for call in CLASSES]
    shares = [part_of(hits, of) for hits, of in zip(agreed, totals, strict=False)]
    rows.append(("all", *map(str, totals), f"{score.total}", percent(score.accuracy)))
    rows.append(("right of calls", *shares, NOTHING, "", ""))
    head = ("reported", *(f"called {call.value}" for call in CLASSES), "ambiguous", "all", "right")
    return ScoreTable("Confusion matrix", head, tuple(rows))


def _calibration(card: Scorecard) -> ScoreTable:
    """Of all findings, and beside them of those that nobody looked at."""
    own = card.groups.get(Seen.NEVER)
    told = [card.score.bands] if own is None else [card.score.bands, own.bands]
    rows = []
    for band in zip(*told, strict=True):
        low, high, score = band[0]
        if score.total:
            label = f"p ≥ {low:g}" if high == 1 else f"{low:g} ≤ p < {high:g}"
            rows.append((label, *(cell for _, _, one in band for cell in _calibrated(one))))
    head = ("calls", "mean p", "share right")
    beside = tuple(f"{GROUPS[Seen.NEVER]}: {name}" for name in head) if own is not None else ()
    return ScoreTable("Calibration", ("probability of the call", *head, *beside), tuple(rows))


def _calibrated(score: Score) -> tuple[str, str, str]:
    if not score.total:
        return "0", NOTHING, NOTHING
    return f"{score.total}", f"{score.mean_probability:.2f}", f"{score.accuracy:.2f}"


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
            tenth(score.opposite),
            right_of(score.confident),
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
            tenth(one.score.opposite),
        )
        for one in card.priors
    )
    fragile, made = card.fragile, card.score.answered
    note = (
        "Fragile, another built-in prior would call otherwise: "
        f"{part_of(fragile.total, made.total)} of the calls; "
        f"{percent(fragile.accuracy)} of these are right, and {_rest(made, fragile)} of the others."
    )
    return ScoreTable("Priors", ("prior", "draws", "right", "called", "opposite"), rows, note)


def _rest(made: Score, fragile: Score) -> str:
    own = {row.finding for row in fragile.rows}
    return percent(Score(tuple(row for row in made.rows if row.finding not in own)).accuracy)


def _moved(card: Scorecard, moves: Moves) -> ScoreTable:
    groups = card.groups
    own = [moves.among(score) for score in groups.values()]
    rows = (
        ("strengths as declared", *(percent(one.declared) for one in own)),
        ("every strength moved one class: mean", *(percent(one.mean) for one in own)),
        ("  90 % of circuits", *(between(one.range90) for one in own)),
        ("  difference in points", *(points(-one.loss) for one in own)),
    )
    note = (
        f"Up or down at random, {len(moves.usable)} circuits, a few draws of each, which are tried "
        "with the strengths as declared too, the same for all groups; "
        f"{percent(moves.rejected_share)} of the draws are unstable and left out, and with them "
        f"{count(own[0].unstable, 'circuit')}."
    )
    return ScoreTable("Strengths", ("", *(GROUPS[name] for name in groups)), rows, note)


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


def _opposite_of_answered(score: Score) -> str:
    own = score.answered
    return tenth(own.opposite) if own.total else NOTHING


def _p(value: float) -> str:
    return f"{value:.3f}"
