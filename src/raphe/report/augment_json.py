"""Drugs that were added to others, for programs: a documented dictionary with a version."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.augmentation import Addition, Augmentation, Outcome
from raphe.desire import Desire
from raphe.report.answer_json import DrugGiven, drug_given, drugs_given
from raphe.report.caution_json import CautionItem, caution_items
from raphe.report.json_numbers import rounded
from raphe.version import __version__

#: Raised when a key goes or changes its meaning.
AUGMENT_SCHEMA: Literal["raphe.augment/1"] = "raphe.augment/1"

Share = Annotated[float, Field(ge=0, le=1)]
AimWord = Literal["up", "down", "not up", "not down"]
CallWord = Literal["up", "down", "unchanged", "ambiguous"]


class WishItem(TypedDict):
    """What is wished of a node, and what those that were given already do to it."""

    node: str
    aim: AimWord
    alone: Annotated[CallWord, Field(description="what is given already does to it, vs vehicle")]
    alone_p: Annotated[Share, Field(description="probability of that call")]
    alone_median: Annotated[float, Field(description="in units of full activity")]


class CarrierItem(TypedDict):
    """A target through which the added drug moves a node."""

    target: str
    share: Annotated[float, Field(description="of the node's change; all targets' sum to 1")]


class OutcomeItem(TypedDict):
    """How one wish fares with one added drug."""

    node: str
    aim: AimWord
    p: Annotated[Share, Field(description="share of the draws in which it holds")]
    p_up: Share
    p_down: Share
    p_unchanged: Share
    median: Annotated[float, Field(description="median change by the added drug")]
    interval: Annotated[tuple[float, float], Field(description="90 % interval: low, high")]
    targets: Annotated[
        list[CarrierItem], Field(description="those that make the change; empty if not explained")
    ]
    why: Annotated[str, Field(description="the main path behind it; empty if not explained")]


class AdditionRow(TypedDict):
    """One drug, added."""

    added: DrugGiven
    p: Annotated[Share, Field(description="share of the draws in which all wishes hold together")]
    passes: Annotated[bool, Field(description="is that enough for a call")]
    borderline: Annotated[
        bool, Field(description="would half or twice the threshold call it otherwise")
    ]
    explained: Annotated[
        bool, Field(description="are `why`, `targets` and `fragile_under` worked out")
    ]
    fragile_under: Annotated[list[str], Field(description="priors that would call it otherwise")]
    wishes: list[OutcomeItem]


class AugmentAnswer(TypedDict):
    """Answer of ``raphe augment --json``."""

    schema: Literal["raphe.augment/1"]
    version: Annotated[str, Field(description="of raphe")]
    drugs: Annotated[list[DrugGiven], Field(description="what is given already")]
    regimen: Literal["acute", "chronic", "washout"]
    condition: Annotated[str, Field(description="of the animals; may be empty")]
    circuit: str
    prior: str
    draws: Annotated[int, Field(ge=1)]
    seed: int
    theta: Annotated[float, Field(description="unchanged is within this share of the range")]
    bar: Annotated[Share, Field(description="all wishes are called from this probability on")]
    wishes: list[WishItem]
    tried: Annotated[int, Field(ge=0, description="drugs that were added, one at a time")]
    unplaced: Annotated[list[str], Field(description="drugs that bind nothing in the circuit")]
    restless: Annotated[list[str], Field(description="drugs with which no draw comes to rest")]
    cautioned: Annotated[list[str], Field(description="drugs left out because of a caution")]
    peripheral: Annotated[
        list[str], Field(description="drugs left out since they do not enter the brain")
    ]
    cautions: Annotated[
        list[CautionItem],
        Field(description="between drugs given or added; never a complete list"),
    ]
    not_judged: Annotated[str, Field(description="what this answer does not say")]
    additions: Annotated[list[AdditionRow], Field(description="the best first")]


#: What no ranking of this kind knows of.
NOT_JUDGED = (
    "Not judged: whether two drugs may be given together at all (toxicity, metabolism of one by "
    "the other, doses in combination). The contraindications that are declared are few and not "
    "complete: that a drug is not marked says nothing. This ranks hypotheses of a model; it is no "
    "clinical advice."
)


def augment_json(made: Augmentation, explained: int) -> dict[str, Any]:
    """A ranking as an `AugmentAnswer`, the first few drugs with their reasons."""
    alone = made.alone
    model, treatment = alone.model, alone.treatment
    answer: AugmentAnswer = {
        "schema": AUGMENT_SCHEMA,
        "version": __version__,
        "drugs": drugs_given(treatment),
        "regimen": alone.regimen.value,
        "condition": treatment.condition.name if treatment.condition else "",
        "circuit": model.network.pathway.name,
        "prior": alone.prior,
        "draws": alone.drawn,
        "seed": alone.seed,
        "theta": model.criteria.theta,
        "bar": model.criteria.bar,
        "wishes": [_wish(made, desire) for desire in made.desires],
        "tried": len(made.additions),
        "unplaced": list(made.unplaced),
        "restless": list(made.restless),
        "cautioned": list(made.cautioned),
        "peripheral": list(made.peripheral),
        "cautions": caution_items(made.cautions),
        "not_judged": NOT_JUDGED,
        "additions": [
            _addition(addition, number < explained)
            for number, addition in enumerate(made.additions)
        ],
    }
    return {**answer}


def _wish(made: Augmentation, desire: Desire) -> WishItem:
    reading = made.alone.reading(desire.node)
    return {
        "node": desire.node,
        "aim": desire.aim.value,
        "alone": reading.call.value,
        "alone_p": rounded(reading.odds.probability(reading.call)),
        "alone_median": rounded(reading.odds.median),
    }


def _addition(addition: Addition, explained: bool) -> AdditionRow:
    return {
        "added": drug_given(addition.given),
        "p": rounded(addition.share),
        "passes": addition.passes(),
        "borderline": addition.is_borderline,
        "explained": explained,
        "fragile_under": list(addition.fragile) if explained else [],
        "wishes": [_outcome(addition, outcome, explained) for outcome in addition.outcomes],
    }


def _outcome(addition: Addition, outcome: Outcome, explained: bool) -> OutcomeItem:
    odds, desire = outcome.odds, outcome.desire
    carriers = addition.carriers(desire) if explained else ()
    return {
        "node": desire.node,
        "aim": desire.aim.value,
        "p": rounded(outcome.share),
        "p_up": rounded(odds.up),
        "p_down": rounded(odds.down),
        "p_unchanged": rounded(odds.unchanged),
        "median": rounded(odds.median),
        "interval": (rounded(odds.low), rounded(odds.high)),
        "targets": [{"target": one.target, "share": rounded(one.share)} for one in carriers],
        "why": addition.why(desire) if explained else "",
    }
