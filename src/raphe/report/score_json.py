"""A score for programs: documented dictionaries with a version."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.calling import Call
from raphe.consistency.baselines import majority_class
from raphe.consistency.score import BREAKDOWNS, CLASSES, Score
from raphe.consistency.scorecard import Scorecard
from raphe.report.agreement_json import (
    Agreeing,
    Analogy,
    Number,
    Share,
    agreement_json,
    analogy_json,
)
from raphe.report.json_numbers import rounded
from raphe.version import __version__

#: Raised when a key goes or changes its meaning.
SCORE_SCHEMA: Literal["raphe.score/1"] = "raphe.score/1"

GroupWord = Literal["all", "tuning", "development", "never", "not stated"]
BreakdownWord = Literal["regimen", "region", "drug class", "certainty"]


class Rule(TypedDict):
    """How often a rule is right, of some findings."""

    findings: Annotated[Number, Field(description="findings of a direction in scope")]
    accuracy: Annotated[Share, Field(description="share called as reported; ambiguous is wrong")]
    interval: Annotated[
        tuple[Share, Share], Field(description="95 % interval of the accuracy (Wilson)")
    ]
    coverage: Annotated[Share, Field(description="share called at all, not ambiguous")]
    opposite: Annotated[Share, Field(description="share called up of down, or down of up")]


class Measures(Rule):
    """The same of calls that have a probability."""

    confident: Annotated[Number, Field(description="calls made at p ≥ 0.9")]
    confident_right: Annotated[Number, Field(description="of these, as reported")]


class ShuffledSigns(TypedDict):
    """Circuits whose signs were dealt anew among their edges."""

    circuits: Number
    mean: Annotated[Share, Field(description="their mean accuracy")]
    best: Annotated[Share, Field(description="accuracy of the best of them")]
    opposite: Annotated[Share, Field(description="their mean share of opposite calls")]
    in_place: Annotated[Share, Field(description="the declared signs, under the same limits")]
    p_value: Annotated[Share, Field(description="that a shuffled circuit does as well")]


class Band(TypedDict):
    """Calls that were made with probabilities of one class."""

    low: Share
    high: Annotated[Share, Field(description="excluded, but for 1")]
    calls: Number
    mean_p: Share
    right: Share


class MovedStrengths(TypedDict):
    """Circuits with every strength moved one class up or down at random."""

    circuits: Number
    declared: Annotated[Share, Field(description="accuracy with the strengths as declared")]
    mean: Annotated[Share, Field(description="mean accuracy of the circuits")]
    range_90: Annotated[tuple[Share, Share], Field(description="5th and 95th percentile")]
    unstable: Annotated[Number, Field(description="circuits without a stable draw, left out")]
    rejected_share: Annotated[Share, Field(description="of all their draws, unstable")]


class Group(Measures):
    """Findings that the circuit's authors had in view in one way, beside the baselines."""

    majority_class: Rule
    nearest_walk: Rule
    shuffled_signs: ShuffledSigns
    cross_validated: Annotated[
        Rule | None, Field(description="prior, θ and bar chosen anew; null: not asked for")
    ]
    cross_validated_declared: Annotated[
        Rule | None, Field(description="prior, θ and bar as declared, from the same draws")
    ]
    normalised: Annotated[
        tuple[Number, Number], Field(description="findings of normalisation: agree, all")
    ]
    occupancy: Annotated[tuple[Number, Number], Field(description="occupancies: agree, all")]
    analogy: Analogy
    same_treatment: Annotated[
        Agreeing, Field(description="pairs on the same drugs, exposures and comparator")
    ]
    same_class: Annotated[Agreeing, Field(description="pairs on other drugs of the same classes")]
    calibration: Annotated[list[Band], Field(description="classes of probability with calls")]
    moved_strengths: Annotated[MovedStrengths | None, Field(description="null: not asked for")]


class Confusion(TypedDict):
    """One row of the confusion matrix."""

    up: Number
    down: Number
    unchanged: Number
    ambiguous: Number


class Chosen(TypedDict):
    """What cross-validation chose, and for how many findings."""

    prior: str
    theta: float
    bar: Share
    findings: Number


class PriorScore(Rule):
    """The score under one built-in prior."""

    prior: str
    draws: Number


class ScoreBody(TypedDict):
    """A score beside its baselines."""

    groups: Annotated[
        dict[GroupWord, Group],
        Field(description="all findings, and by what their `seen` says; no empty group"),
    ]
    confusion: Annotated[
        dict[Literal["up", "down", "unchanged"], Confusion],
        Field(description="findings by what was reported, then by what is called"),
    ]
    calibration: Annotated[list[Band], Field(description="of all findings, as in their group")]
    by: Annotated[
        dict[BreakdownWord, dict[str, Measures]],
        Field(description="the same, broken down; the commonest value first"),
    ]
    out_of_scope: Number
    outside: Annotated[Number, Field(description="of these, out of scope of any circuit")]
    chosen: Annotated[list[Chosen], Field(description="empty: not asked for")]
    priors: Annotated[list[PriorScore], Field(description="empty: not asked for")]
    fragile_share: Annotated[
        Share | None, Field(description="of the calls, another prior's are not; null: not asked")
    ]
    moved_strengths: Annotated[
        MovedStrengths | None, Field(description="of all findings, as in their group")
    ]


class ScoreAnswer(ScoreBody):
    """Answer of ``raphe score --json``."""

    schema: Literal["raphe.score/1"]
    version: Annotated[str, Field(description="of raphe")]
    circuit: str
    prior: str
    draws: Annotated[int, Field(ge=1)]
    seed: int


def score_json(card: Scorecard) -> dict[str, Any]:
    """A scorecard as a `ScoreAnswer`."""
    model = card.model
    made: ScoreAnswer = {
        "schema": SCORE_SCHEMA,
        "version": __version__,
        "circuit": model.network.pathway.name,
        "prior": model.prior,
        "draws": model.draws,
        "seed": model.seed,
        **score_body(card),
    }
    return {**made}


def score_body(card: Scorecard) -> ScoreBody:
    """What is the same wherever a score stands."""
    score = card.score
    made = score.answered.total
    chosen = card.cross_validated.choices if card.cross_validated else {}
    return {
        "groups": {
            _word(name): _group(card, group)  # type: ignore[misc]
            for name, group in card.groups.items()
        },
        "confusion": {
            one.value: {call.value: score.count(one, call) for call in (*CLASSES, Call.AMBIGUOUS)}  # type: ignore[misc]
            for one in CLASSES
        },
        "calibration": _bands(score),
        "by": {
            name: {value: _measures(own) for value, own in score.by(key).items()}  # type: ignore[misc]
            for name, key in BREAKDOWNS.items()
        },
        "out_of_scope": score.out_of_scope,
        "outside": score.outside,
        "chosen": [
            {"prior": one.prior, "theta": one.theta, "bar": one.bar, "findings": findings}
            for one, findings in chosen.items()
        ],
        "priors": [
            {"prior": one.prior, "draws": one.draws, **_rule(one.score)} for one in card.priors
        ],
        "fragile_share": rounded(card.fragile.total / max(made, 1)) if card.priors else None,
        "moved_strengths": _moved(card, score),
    }


def _word(name: object) -> str:
    return str(name)


def _group(card: Scorecard, score: Score) -> Group:
    dealt = card.shuffles.among(score)
    validated = card.cross_validated
    return {
        **_measures(score),
        "majority_class": _rule(majority_class(score)),
        "nearest_walk": _rule(card.nearest_walk.only(score)),
        "shuffled_signs": {
            "circuits": len(dealt.accuracies),
            "mean": rounded(dealt.mean),
            "best": rounded(dealt.best),
            "opposite": rounded(dealt.opposite),
            "in_place": rounded(dealt.in_place),
            "p_value": rounded(dealt.p_value),
        },
        "cross_validated": _rule(validated.held_out.only(score)) if validated else None,
        "cross_validated_declared": _rule(validated.declared.only(score)) if validated else None,
        "normalised": score.agreed("normalised"),
        "occupancy": score.agreed("occupancy"),
        "analogy": analogy_json(card.analogy.only(score), score),
        "same_treatment": agreement_json(card.same_treatment.among(score), score),
        "same_class": agreement_json(card.same_class.among(score), score),
        "calibration": _bands(score),
        "moved_strengths": _moved(card, score),
    }


def _measures(score: Score) -> Measures:
    return {
        **_rule(score),
        "confident": score.confident.total,
        "confident_right": score.confident.right,
    }


def _rule(score: Score) -> Rule:
    low, high = score.interval
    return {
        "findings": score.total,
        "accuracy": rounded(score.accuracy),
        "interval": (rounded(low), rounded(high)),
        "coverage": rounded(score.coverage),
        "opposite": rounded(score.opposite),
    }


def _bands(score: Score) -> list[Band]:
    return [
        {
            "low": low,
            "high": high,
            "calls": own.total,
            "mean_p": rounded(own.mean_probability),
            "right": rounded(own.accuracy),
        }
        for low, high, own in score.bands
        if own.total
    ]


def _moved(card: Scorecard, score: Score) -> MovedStrengths | None:
    if card.moves is None:
        return None
    moved = card.moves.among(score)
    low, high = moved.range90
    return {
        "circuits": len(moved.accuracies) + moved.unstable,
        "declared": rounded(moved.declared),
        "mean": rounded(moved.mean),
        "range_90": (rounded(low), rounded(high)),
        "unstable": moved.unstable,
        "rejected_share": rounded(moved.rejected_share),
    }
