"""Everything that is said of how well the library's predictions and findings agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from raphe.consistency.agreement import Agreement, agreement_of
from raphe.consistency.analogy import by_analogy
from raphe.consistency.baselines import Shuffles, nearest_walk, shuffle_signs
from raphe.consistency.cross_validation import CrossValidated, cross_validate
from raphe.consistency.reports import is_same_class, is_same_treatment, read_reports
from raphe.consistency.robustness import (
    Moves,
    UnderPrior,
    fragile,
    move_strengths,
    under_priors,
)
from raphe.consistency.score import Score, score_checks
from raphe.consistency.variants import try_priors
from raphe.consistency.verdicts import Check
from raphe.errors import InputError, Problem
from raphe.finding import Seen
from raphe.knowledge import Knowledge
from raphe.model import Model

#: What is said while something is worked out, for as long as it takes.
Said = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True, eq=False)
class Scorecard:
    """A score beside its baselines, and what it rests on."""

    model: Model
    score: Score
    nearest_walk: Score
    shuffles: Shuffles
    #: Called as most reports on other drugs of the same classes say; ambiguous where none do.
    analogy: Score
    #: Independent reports of the same treatment, and of other drugs of the same classes.
    same_treatment: Agreement
    same_class: Agreement
    #: None where they were not asked for.
    cross_validated: CrossValidated | None = None
    priors: tuple[UnderPrior, ...] = ()
    moves: Moves | None = None

    @property
    def groups(self) -> dict[Seen | str, Score]:
        """All findings, and those that were in view in one way; none that is empty."""
        parts: list[tuple[Seen | None, Score]] = [
            (seen, self.score.of(seen)) for seen in (*Seen, None)
        ]
        found: dict[Seen | str, Score] = {"all": self.score}
        found |= {seen or "not stated": part for seen, part in parts if part.total}
        return found

    @property
    def fragile(self) -> Score:
        """Calls that another built-in prior would not make."""
        return fragile(self.score, self.priors)

    def _repr_markdown_(self) -> str:
        from raphe.report.score_tables import to_markdown

        return to_markdown(self)


def score_card(
    model: Model,
    knowledge: Knowledge,
    checks: Sequence[Check],
    priors: bool = False,
    moves: int = 0,
    said: Said = lambda _: nullcontext(),
) -> Scorecard:
    """The score of checked findings beside its baselines.

    Parameters
    ----------
    model, knowledge
        With which they were checked.
    checks
        Findings with verdicts.
    priors
        Whether the other priors are tried too, and thresholds and prior chosen anew for each class
        of drugs (`cross_validate`).
    moves
        Circuits with every strength moved a class; none by default, since they take long.
    said
        Tells whoever waits what is being worked out.

    Raises
    ------
    InputError
        No finding reports a direction of something that is in the circuit.
    """
    score = score_checks(checks, knowledge)
    if not score.rows:
        what = "no finding reports a direction of anything that is in this circuit."
        raise InputError([Problem(what, "'raphe list nodes' names what findings can be about.")])
    findings = {check.finding: check.declared for check in checks}
    own = {row.finding: findings[row.finding] for row in score.rows}
    with said("nearest signed walks"):
        walk = nearest_walk(model, knowledge, own, score)
    with said("circuits with shuffled signs"):
        shuffles = shuffle_signs(model, knowledge, own, score)
    reports = read_reports(knowledge, own, score)
    validated: CrossValidated | None = None
    under: tuple[UnderPrior, ...] = ()
    if priors:
        with said("other priors"):
            tried = try_priors(model, knowledge, own)
        validated, under = cross_validate(score, tried), under_priors(score, tried)
    moved: Moves | None = None
    if moves:
        with said("circuits with moved strengths"):
            moved = move_strengths(model, knowledge, own, score, moves)
    return Scorecard(
        model=model,
        score=score,
        nearest_walk=walk,
        shuffles=shuffles,
        analogy=by_analogy(score, reports),
        same_treatment=agreement_of(reports, is_same_treatment),
        same_class=agreement_of(reports, is_same_class),
        cross_validated=validated,
        priors=under,
        moves=moved,
    )
