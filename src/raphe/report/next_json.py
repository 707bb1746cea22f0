"""What to measure next, for programs: documented dictionaries with a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.calling import Call
from raphe.next_measurement import Measurement, Next, Tells
from raphe.open_calls import Asked
from raphe.report.json_numbers import rounded
from raphe.report.next_words import reason
from raphe.reweighting import OUTCOMES
from raphe.version import __version__

#: Raised when a key goes or changes its meaning.
NEXT_SCHEMA: Literal["raphe.next/1"] = "raphe.next/1"

Share = Annotated[float, Field(ge=0, le=1)]
Number = Annotated[int, Field(ge=0)]
RegimenWord = Literal["acute", "chronic", "washout"]
Bits = Annotated[float, Field(ge=0, description="bits")]

#: Questions that are written out of each measurement; the rest is counted.
_MOST_QUESTIONS = 20


class Directions(TypedDict):
    """Probability of each direction."""

    up: Share
    down: Share
    unchanged: Share


class Question(TypedDict):
    """A call that is in question."""

    drugs: list[str]
    regimen: RegimenWord
    compared_with: Annotated[list[str], Field(description="empty: vehicle")]
    condition: str
    without: list[str]
    readout: str
    call: Literal["up", "down", "unchanged", "ambiguous"]
    p: Directions
    open: Annotated[float, Field(ge=0, description="how much is not known, in bits")]


class Outcome(TypedDict):
    """One outcome of a measurement, and what is then said of the question."""

    outcome: Literal["up", "down", "unchanged"]
    p: Share
    then: Directions


class Told(TypedDict):
    """What a measurement would tell of a question."""

    question: Annotated[Number, Field(description="place in `questions`, from 0")]
    bits: Bits
    settles: Annotated[Share, Field(description="probability that it can be called afterwards")]
    outcomes: list[Outcome]


class Place(TypedDict):
    """Something that can be measured."""

    drug: str
    regimen: RegimenWord
    readout: str


class MeasurementRow(Place):
    """Something to measure, and what it would tell."""

    bits: Annotated[float, Field(ge=0, description="expected gain over all questions, in bits")]
    reason: Annotated[str, Field(description="what the outcome would tell, a sentence")]
    decides: Annotated[str, Field(description="unknown that it turns on most; may be empty")]
    reported: Annotated[list[str], Field(description="findings that report it already")]
    alike: Annotated[list[Place], Field(description="measurements that tell nearly the same")]
    reported_alike: Annotated[list[str], Field(description="findings that report one of these")]
    questions_told: Annotated[Number, Field(description="of how many questions it tells")]
    tells: Annotated[list[Told], Field(description="of which questions it tells most")]


class NextAnswer(TypedDict):
    """Answer of ``raphe next --json``."""

    schema: Literal["raphe.next/1"]
    version: Annotated[str, Field(description="of raphe")]
    circuit: str
    prior: str
    draws: Number
    seed: int
    sides: Annotated[dict[str, bool], Field(description="taken in open questions, by question")]
    questions: list[Question]
    open: Annotated[float, Field(ge=0, description="of all questions together, in bits")]
    tried: Annotated[Number, Field(description="measurements that were compared")]
    telling: Annotated[Number, Field(description="of these, those that tell anything")]
    floor: Annotated[float, Field(ge=0, description="bits that chance does not reach, p 0.95")]
    measurements: list[MeasurementRow]


def next_json(found: Next) -> dict[str, Any]:
    """What to measure next as a `NextAnswer`."""
    model = found.model
    made: NextAnswer = {
        "schema": NEXT_SCHEMA,
        "version": __version__,
        "circuit": model.network.pathway.name,
        "prior": model.prior,
        "draws": model.draws,
        "seed": model.seed,
        "sides": dict(model.sides),
        "questions": [
            _question(one, bits) for one, bits in zip(found.questions, found.open, strict=True)
        ],
        "open": rounded(found.total),
        "tried": found.panel.size,
        "telling": found.telling,
        "floor": rounded(found.floor),
        "measurements": [_measurement(found, one) for one in found.measurements],
    }
    return {**made}


def _question(one: Asked, bits: float) -> Question:
    treatment = one.treatment
    return {
        "drugs": [given.drug.name for given in treatment.administrations],
        "regimen": one.regimen.value,
        "compared_with": [given.drug.name for given in one.comparator.administrations],
        "condition": treatment.condition.name if treatment.condition else "",
        "without": list(treatment.without),
        "readout": one.node,
        "call": one.call.value,
        "p": _directions(dict(zip(OUTCOMES, one.shares, strict=True))),
        "open": rounded(bits),
    }


def _measurement(found: Next, one: Measurement) -> MeasurementRow:
    return {
        "drug": one.drug,
        "regimen": one.regimen.value,
        "readout": one.node,
        "bits": rounded(one.bits),
        "reason": reason(one),
        "decides": one.decides.name if one.decides else "",
        "reported": list(one.reported),
        "alike": [
            {"drug": drug, "regimen": regimen.value, "readout": node}
            for drug, regimen, node in one.alike
        ],
        "reported_alike": list(one.reported_alike),
        "questions_told": len(one.tells),
        "tells": [_told(found, tells) for tells in one.tells[:_MOST_QUESTIONS]],
    }


def _told(found: Next, tells: Tells) -> Told:
    return {
        "question": found.questions.index(tells.question),
        "bits": rounded(tells.bits),
        "settles": rounded(tells.settles(found.model.criteria.bar)),
        "outcomes": [
            {
                "outcome": outcome.value,  # type: ignore[typeddict-item]
                "p": rounded(share),
                "then": _directions(tells.then(outcome)),
            }
            for outcome, share in tells.outcomes.items()
            if share > 0
        ],
    }


def _directions(shares: Mapping[Call, float]) -> Directions:
    up, down, unchanged = (rounded(shares[one]) for one in OUTCOMES)
    return {"up": up, "down": down, "unchanged": unchanged}
