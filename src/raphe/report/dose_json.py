"""A sweep of doses for programs: a documented dictionary with a version."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.dose_curve import At, Curve, HalfEffect, Turn
from raphe.dose_range import Dose
from raphe.dose_response import DoseResponse
from raphe.engagement import Engagement
from raphe.report.answer_json import DrugGiven, drugs_given
from raphe.report.json_numbers import rounded
from raphe.spread import Spread
from raphe.version import __version__

#: Raised when a key goes or changes its meaning.
DOSE_SCHEMA: Literal["raphe.dose/1"] = "raphe.dose/1"

Share = Annotated[float, Field(ge=0, le=1)]
Dosage = Annotated[float, Field(ge=0)]
DirectionWord = Literal["up", "down"]


class DoseItem(TypedDict):
    """A dose of the drug that is swept."""

    multiple: Annotated[Dosage, Field(description="of its exposure that counts as 1")]
    free_nM: Annotated[tuple[float, float], Field(description="lower and upper end")]
    plain: Annotated[bool, Field(description="whether it is that exposure")]


class SpreadItem(TypedDict):
    """Median and 90 % interval over draws."""

    median: float
    interval: tuple[float, float]


class AtItem(TypedDict):
    """A dose that each draw has for itself."""

    share: Annotated[Share, Field(description="of the draws that have it")]
    multiple: SpreadItem
    free_nM: SpreadItem


class TurnItem(AtItem):
    """Where a visible change begins to become one of the other direction."""

    below: DirectionWord
    above: DirectionWord


class HalfItem(AtItem):
    """The dose of half of the change at the highest dose."""

    direction: DirectionWord
    levels_off: Annotated[
        bool, Field(description="the last third of a decade brings less than a tenth of the change")
    ]


class CurvePoint(TypedDict):
    """A readout at a dose, against the comparator."""

    call: Literal["up", "down", "unchanged", "ambiguous"]
    p_up: Share
    p_down: Share
    p_unchanged: Share
    median: float
    interval: tuple[float, float]


class CurveItem(TypedDict):
    """A readout over all doses."""

    node: Annotated[str, Field(description="full name in the circuit")]
    label: str
    place: str
    threshold: Annotated[float, Field(ge=0, description="a smaller change is unchanged")]
    without: Annotated[CurvePoint, Field(description="without the drug that is swept")]
    points: Annotated[list[CurvePoint], Field(description="one a dose, in the order of `doses`")]
    turns: Annotated[list[TurnItem], Field(description="up to one in each direction")]
    monotone_share: Annotated[
        Share, Field(description="of the draws in which more drug takes nothing back")
    ]
    half: Annotated[HalfItem | None, Field(description="null where too few draws are monotone")]


class EngagementItem(TypedDict):
    """Occupancy of a target by the drug that is swept."""

    target: str
    action: str
    nodes: Annotated[list[str], Field(description="nodes of the circuit that it stands for")]
    held: Annotated[bool, Field(description="its own transmitter competes there")]
    occupancies: Annotated[list[SpreadItem], Field(description="one a dose")]


class DoseAnswer(TypedDict):
    """Answer of ``raphe dose --json``."""

    schema: Literal["raphe.dose/1"]
    version: Annotated[str, Field(description="of raphe")]
    drug: Annotated[str, Field(description="whose dose is swept")]
    drugs: list[DrugGiven]
    regimen: Literal["acute", "chronic", "washout"]
    compared_with: Annotated[list[DrugGiven], Field(description="empty: vehicle")]
    condition: str
    without: Annotated[list[str], Field(description="targets at which no drug acts")]
    circuit: str
    prior: str
    draws: Annotated[int, Field(ge=1)]
    seed: int
    sides: Annotated[dict[str, bool], Field(description="taken in open questions, by question")]
    rejected_share: Annotated[Share, Field(description="of the draws, unstable and left out")]
    unsettled_share: Annotated[Share, Field(description="of the rest, no rest at some dose")]
    unplaced: Annotated[
        dict[str, list[str]], Field(description="targets that the circuit has no node for, by drug")
    ]
    doses: Annotated[list[DoseItem], Field(description="rising")]
    readouts: list[CurveItem]
    occupancies: list[EngagementItem]


def dose_json(found: DoseResponse) -> dict[str, Any]:
    """A sweep as a `DoseAnswer`."""
    trial, model = found.trial, found.model
    made: DoseAnswer = {
        "schema": DOSE_SCHEMA,
        "version": __version__,
        "drug": found.drug.name,
        "drugs": drugs_given(trial.treatment),
        "regimen": trial.regimen.value,
        "compared_with": drugs_given(trial.comparator),
        "condition": trial.treatment.condition.name if trial.treatment.condition else "",
        "without": list(trial.treatment.without),
        "circuit": model.network.pathway.name,
        "prior": model.prior,
        "draws": model.ensemble.drawn,
        "seed": model.seed,
        "sides": dict(model.sides),
        "rejected_share": rounded(model.ensemble.rejected_share),
        "unsettled_share": rounded(found.unsettled_share),
        "unplaced": {drug: list(targets) for drug, targets in found.unplaced.items()},
        "doses": [_dose(one) for one in found.doses],
        "readouts": [_curve(one) for one in found.curves],
        "occupancies": [_engagement(one) for one in found.engagements],
    }
    return {**made}


def _dose(one: Dose) -> DoseItem:
    return {
        "multiple": rounded(one.multiple),
        "free_nM": (rounded(one.free.low), rounded(one.free.high)),
        "plain": one.is_plain,
    }


def _curve(one: Curve) -> CurveItem:
    return {
        "node": one.node,
        "label": one.label,
        "place": one.place,
        "threshold": rounded(one.threshold),
        "without": _point(one, None),
        "points": [_point(one, number) for number in range(len(one.odds))],
        "turns": [_turn(turn) for turn in one.turns],
        "monotone_share": rounded(one.monotone_share),
        "half": _half(one.half) if one.half else None,
    }


def _point(curve: Curve, number: int | None) -> CurvePoint:
    odds = curve.without if number is None else curve.odds[number]
    call = curve.call_without if number is None else curve.calls[number]
    return {
        "call": call.value,
        "p_up": rounded(odds.up),
        "p_down": rounded(odds.down),
        "p_unchanged": rounded(odds.unchanged),
        "median": rounded(odds.median),
        "interval": (rounded(odds.low), rounded(odds.high)),
    }


def _turn(one: Turn) -> TurnItem:
    return {**_at(one.at), "below": _word(one.below.value), "above": _word(one.above.value)}


def _half(one: HalfEffect) -> HalfItem:
    return {
        **_at(one.at),
        "direction": _word(one.direction.value),
        "levels_off": one.levels_off,
    }


def _word(value: str) -> DirectionWord:
    return "up" if value == "up" else "down"


def _at(one: At) -> AtItem:
    return {
        "share": rounded(one.share),
        "multiple": _spread(one.multiple),
        "free_nM": _spread(one.free),
    }


def _engagement(one: Engagement) -> EngagementItem:
    return {
        "target": one.target,
        "action": one.action,
        "nodes": list(one.nodes),
        "held": one.is_held,
        "occupancies": [_spread(spread) for spread in one.occupancies],
    }


def _spread(one: Spread) -> SpreadItem:
    return {"median": rounded(one.median), "interval": (rounded(one.low), rounded(one.high))}
