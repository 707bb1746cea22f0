"""Answers for programs: documented dictionaries with a version, and their JSON Schemas.

Numbers are rounded to four significant digits, so that every Python prints the same bytes.
docs/json.md describes each key. Within a version keys may be added; none goes or changes its
meaning.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.consistency.scorecard import Scorecard
from raphe.consistency.verdicts import Check
from raphe.contraindication import contraindications
from raphe.evidence import Evidence
from raphe.prediction import Prediction, Row
from raphe.questions import Answer, Checks
from raphe.report.caution_json import CautionItem, caution_items
from raphe.report.json_numbers import rounded
from raphe.report.score_json import ScoreBody, score_body
from raphe.treatment import Administration, Treatment
from raphe.trial import VEHICLE
from raphe.version import __version__

#: Raised when a key goes or changes its meaning.
PREDICT_SCHEMA: Literal["raphe.predict/1"] = "raphe.predict/1"
CHECK_SCHEMA: Literal["raphe.check/1"] = "raphe.check/1"

Share = Annotated[float, Field(ge=0, le=1)]
CallWord = Literal["up", "down", "unchanged", "ambiguous"]
DirectionWord = Literal["down", "unchanged", "up"]
VerdictWord = Literal["agrees", "disagrees", "ambiguous", "out of scope"]
RegimenWord = Literal["acute", "chronic", "washout"]


class EvidenceItem(TypedDict):
    """One reason to believe a claim: a place in a reference, or an assumption."""

    ref: Annotated[str, Field(description="id of a reference; empty for an assumption")]
    where: Annotated[str, Field(description="table, figure or section of it")]
    says: Annotated[str, Field(description="what it says, in our words")]
    assumption: Annotated[str, Field(description="why the claim is made without a source")]


class DrugGiven(TypedDict):
    """A drug at an exposure."""

    drug: Annotated[str, Field(description="name of the drug's file")]
    title: Annotated[str, Field(description="name as it is written")]
    exposure: Annotated[str, Field(description="how the exposure was named")]
    free_nM: Annotated[
        tuple[float, float | None],
        Field(description="free concentration, lower and upper end in nM; null: no upper end"),
    ]


class Thresholds(TypedDict):
    """What counts as a change, and when a direction is called."""

    theta: Annotated[float, Field(description="unchanged is within this share of the range")]
    bar: Annotated[Share, Field(description="a direction is called from this probability on")]
    quarter: Annotated[
        Share, Field(description="normalised means no more than this share of a change is left")
    ]


class PredictionRow(TypedDict):
    """What is predicted of one node."""

    node: Annotated[str, Field(description="full name in the circuit")]
    label: Annotated[str, Field(description="how it is drawn")]
    place: Annotated[str, Field(description="region, cell or compartment; may be empty")]
    readout: Annotated[bool, Field(description="whether it is one of the circuit's readouts")]
    call: Annotated[CallWord, Field(description="the direction whose probability passes the bar")]
    p_up: Share
    p_down: Share
    p_unchanged: Share
    median: Annotated[float, Field(description="median change, in units of full activity")]
    interval: Annotated[
        tuple[float, float], Field(description="90 % interval of the change: low, high")
    ]
    range: Annotated[float, Field(ge=0, description="dynamic range, the yardstick for «unchanged»")]
    possible: Annotated[
        list[DirectionWord],
        Field(description="directions that some choice of weights brings about"),
    ]
    certain: Annotated[bool, Field(description="can it move in one direction only, if it moves")]
    ground: Annotated[str, Field(description="what `possible` and `certain` rest on, a sentence")]
    fragile: Annotated[bool, Field(description="would another built-in prior call otherwise")]
    fragile_under: Annotated[list[str], Field(description="the priors that would")]
    borderline: Annotated[
        bool, Field(description="would half or twice the threshold call otherwise")
    ]


class CheckRow(TypedDict):
    """A reported finding with its verdict."""

    finding: Annotated[str, Field(description="id of the finding")]
    readout: Annotated[str, Field(description="what was measured")]
    reported: Annotated[
        str, Field(description="up, down, unchanged, normalised, or a range of occupancy")
    ]
    magnitude: Annotated[str, Field(description="as the paper says it; may be empty")]
    predicted: Annotated[str, Field(description="in the same words; empty where out of scope")]
    probability: Annotated[
        Share | None, Field(description="of what is predicted; null where nothing is")
    ]
    verdict: VerdictWord
    why: Annotated[
        str, Field(description="the path behind it, what opposes it, or what is missing")
    ]
    regimen: RegimenWord
    drugs: Annotated[list[str], Field(description="names of the drugs")]
    compared_with: Annotated[list[str], Field(description="vehicle, or names of drugs")]
    condition: Annotated[str, Field(description="of the animals of both groups; may be empty")]
    species: str
    method: str
    transient: Annotated[bool, Field(description="reported to pass")]
    disputed: Annotated[bool, Field(description="other reports say otherwise")]
    seen: Annotated[
        Literal["tuning", "development", "never", ""],
        Field(description="did the circuit's authors have it in view; empty where nobody says"),
    ]
    note: str
    evidence: list[EvidenceItem]


class PredictionAnswer(TypedDict):
    """Answer of ``raphe predict --json``."""

    schema: Literal["raphe.predict/1"]
    version: Annotated[str, Field(description="of raphe")]
    drugs: list[DrugGiven]
    regimen: RegimenWord
    compared_with: Annotated[list[DrugGiven], Field(description="empty: vehicle")]
    condition: Annotated[str, Field(description="of the animals; may be empty")]
    without: Annotated[list[str], Field(description="targets at which no drug acts")]
    circuit: str
    prior: Annotated[str, Field(description="what edge weights were drawn from")]
    draws: Annotated[int, Field(ge=1)]
    seed: int
    sides: Annotated[dict[str, bool], Field(description="taken in open questions, by question")]
    rejected_share: Annotated[Share, Field(description="of the draws, unstable and left out")]
    unsettled_share: Annotated[Share, Field(description="of the rest, did not come to rest")]
    thresholds: Thresholds
    unplaced: Annotated[
        dict[str, list[str]],
        Field(description="targets that a drug binds and the circuit has no node for, by drug"),
    ]
    cautions: Annotated[
        list[CautionItem],
        Field(description="between drugs that were given; never a complete list"),
    ]
    predictions: Annotated[
        list[PredictionRow], Field(description="readouts in the circuit's order, then other nodes")
    ]


class Tally(TypedDict):
    """How many findings have each verdict."""

    agrees: int
    disagrees: int
    ambiguous: int
    out_of_scope: int


class ChecksAnswer(TypedDict):
    """Answer of ``raphe check --json``."""

    schema: Literal["raphe.check/1"]
    version: Annotated[str, Field(description="of raphe")]
    prior: Annotated[str, Field(description="empty where nothing was computed")]
    draws: Annotated[int, Field(description="0 where nothing was computed")]
    seed: Annotated[int | None, Field(description="null where nothing was computed")]
    sides: Annotated[dict[str, bool], Field(description="taken in open questions, by question")]
    tally: Tally
    score: Annotated[ScoreBody | None, Field(description="of all findings; null without `--all`")]
    checks: list[CheckRow]


def prediction_json(answer: Answer) -> dict[str, Any]:
    """An answer as a `PredictionAnswer`."""
    prediction = answer.prediction
    treatment = prediction.treatment
    criteria = prediction.model.criteria
    made: PredictionAnswer = {
        "schema": PREDICT_SCHEMA,
        "version": __version__,
        "drugs": drugs_given(treatment),
        "regimen": prediction.regimen.value,
        "compared_with": drugs_given(prediction.comparator),
        "condition": treatment.condition.name if treatment.condition else "",
        "without": list(treatment.without),
        "circuit": prediction.model.network.pathway.name,
        "prior": prediction.prior,
        "draws": prediction.drawn,
        "seed": prediction.seed,
        "sides": dict(prediction.model.sides),
        "rejected_share": rounded(prediction.rejected_share),
        "unsettled_share": rounded(prediction.unsettled_share),
        "thresholds": {
            "theta": criteria.theta,
            "bar": criteria.bar,
            "quarter": criteria.quarter,
        },
        "unplaced": {drug: list(targets) for drug, targets in prediction.unplaced.items()},
        "cautions": caution_items(
            contraindications(treatment.administrations, prediction.model.targets)
        ),
        "predictions": [_prediction_row(prediction, row) for row in _in_order(prediction)],
    }
    return {**made}


def checks_json(checks: Checks, card: Scorecard | None = None) -> dict[str, Any]:
    """Findings with verdicts as a `ChecksAnswer`, with their score where it was worked out."""
    computed = next((check.predictions.model for check in checks if check.predictions), None)
    counted = {verdict.value: number for verdict, number in checks.tally.items()}
    made: ChecksAnswer = {
        "schema": CHECK_SCHEMA,
        "version": __version__,
        "prior": computed.prior if computed else "",
        "draws": computed.draws if computed else 0,
        "seed": computed.seed if computed else None,
        "sides": dict(computed.sides) if computed else {},
        "tally": {
            "agrees": counted["agrees"],
            "disagrees": counted["disagrees"],
            "ambiguous": counted["ambiguous"],
            "out_of_scope": counted["out of scope"],
        },
        "score": score_body(card) if card else None,
        "checks": sorted(map(_check_row, checks), key=lambda row: row["finding"]),
    }
    return {**made}


def _in_order(prediction: Prediction) -> list[Row]:
    """Readouts first, in the circuit's order; then the other nodes by name."""
    first = set(prediction.readouts)
    return [
        *(prediction[node] for node in prediction.readouts),
        *(row for row in prediction if row.node not in first),
    ]


def _prediction_row(prediction: Prediction, row: Row) -> PredictionRow:
    model, odds = prediction.model, row.odds
    return {
        "node": row.node,
        "label": row.label,
        "place": row.place,
        "readout": row.node in prediction.readouts,
        "call": row.call.value,
        "p_up": rounded(odds.up),
        "p_down": rounded(odds.down),
        "p_unchanged": rounded(odds.unchanged),
        "median": rounded(odds.median),
        "interval": (rounded(odds.low), rounded(odds.high)),
        "range": rounded(float(model.ranges[model.network.index[row.node]])),
        "possible": list(row.certainty.possible.words),  # type: ignore[arg-type]
        "certain": row.certainty.is_certain,
        "ground": row.certainty.ground.value,
        "fragile": row.is_fragile,
        "fragile_under": list(row.fragile),
        "borderline": row.borderline,
    }


def _check_row(check: Check) -> CheckRow:
    finding = check.declared
    return {
        "finding": check.finding,
        "readout": check.readout,
        "reported": check.reported,
        "magnitude": finding.magnitude,
        "predicted": check.predicted,
        "probability": None if check.probability is None else rounded(check.probability),
        "verdict": check.verdict.value,
        "why": check.why,
        "regimen": finding.regimen.value,
        "drugs": list(finding.drugs),
        "compared_with": list(finding.compared_with) or [VEHICLE],
        "condition": finding.condition,
        "species": finding.species,
        "method": finding.method,
        "transient": finding.transient,
        "disputed": finding.disputed,
        "seen": finding.seen.value if finding.seen else "",
        "note": finding.note,
        "evidence": [_evidence(item) for item in finding.evidence],
    }


def _evidence(item: Evidence) -> EvidenceItem:
    return {
        "ref": item.ref,
        "where": item.where,
        "says": item.says,
        "assumption": item.assumption,
    }


def drugs_given(treatment: Treatment) -> list[DrugGiven]:
    """The drugs of a treatment, each at its exposure."""
    return [drug_given(given) for given in treatment.administrations]


def drug_given(given: Administration) -> DrugGiven:
    """A drug at its exposure."""
    low, high = given.concentration.low, given.concentration.high
    return {
        "drug": given.drug.name,
        "title": given.drug.title,
        "exposure": given.exposure,
        "free_nM": (rounded(low), None if math.isinf(high) else rounded(high)),
    }
