"""Answers of ``raphe consistent`` about findings, for programs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.joint.contradiction import Contradiction
from raphe.joint.mending import Mending
from raphe.joint.problem import Influence
from raphe.joint.repair import Repair, Step
from raphe.joint.reported import Posed, Report
from raphe.joint.significance import Significance
from raphe.joint.together import Together
from raphe.report.together_words import said_contradiction, said_repair, said_step
from raphe.sign import Change
from raphe.version import __version__

#: Raised when a key goes or changes its meaning.
TOGETHER_SCHEMA: Literal["raphe.consistent-findings/1"] = "raphe.consistent-findings/1"

Directions = list[Literal["down", "unchanged", "up"]]


class JointReport(TypedDict):
    """What was reported of one node in one condition."""

    condition: Annotated[str, Field(description="what was done, in words")]
    node: str
    reported: Annotated[Directions, Field(description="more than one where papers disagree")]
    findings: Annotated[dict[str, list[str]], Field(description="ids by direction")]


class JointInfluence(TypedDict):
    """An influence of the circuit."""

    source: str
    sign: Literal["+", "-", "?"]
    target: str
    evidence: Annotated[list[str], Field(description="ids of references, or «assumption»")]


class JointStep(TypedDict):
    """One change."""

    change: Literal["doubt", "remove", "flip", "new influence"]
    condition: Annotated[str, Field(description="of what is doubted; else empty")]
    node: Annotated[str, Field(description="doubted, or acted on by a new influence")]
    influence: Annotated[JointInfluence | None, Field(description="removed or flipped")]
    weight: Annotated[int, Field(description="of the evidence that would have to be wrong")]
    said: Annotated[str, Field(description="as a clause")]


class JointRepair(TypedDict):
    """Changes that together make consistent."""

    weight: int
    steps: list[JointStep]
    breaks: Annotated[
        int | None, Field(description="other experiments that it contradicts; null: not asked")
    ]
    said: str


class JointContradiction(TypedDict):
    """Reports that cannot all be true; of these, any one may without the others."""

    case: Literal["unreachable", "contradicted"]
    reports: list[JointReport]
    influences: Annotated[
        list[JointInfluence], Field(description="whose presence and sign it takes")
    ]
    repairs: Annotated[list[JointRepair], Field(description="the least of each kind, by weight")]
    searched: Annotated[bool, Field(description="there was time to look for all of these")]
    said: str


class JointMending(TypedDict):
    """The least repairs of everything together."""

    bound: Annotated[int, Field(description="no repair weighs less: proved")]
    proved: Annotated[bool, Field(description="the repairs below weigh just that")]
    complete: Annotated[bool, Field(description="there are no more repairs of this weight")]
    repairs: list[JointRepair]


class JointSide(TypedDict):
    """How many observations can be true together, by a choice of sides in open questions."""

    sides: dict[str, bool]
    low: Annotated[
        int, Field(description="with the papers' sides that fit worst, of those that were tried")
    ]
    high: Annotated[int, Field(description="with the papers' sides that fit best")]


class JointDispute(TypedDict):
    """A report of which papers disagree."""

    condition: str
    node: str
    findings: Annotated[dict[str, list[str]], Field(description="ids by direction")]
    doubts: Annotated[
        dict[str, int],
        Field(description="by direction: other observations that it takes to be doubted"),
    ]


class JointSignificance(TypedDict):
    """What was found beside what chance finds."""

    dealt: Literal["observations", "signs"]
    asked: Annotated[int, Field(description="dealings that were asked for")]
    permutations: Annotated[
        int, Field(description="dealings that were made: fewer if it was stopped")
    ]
    agreements: Annotated[int | None, Field(description="null: not known when it was stopped")]
    repairs: Annotated[int | None, Field(description="observations that must be doubted")]
    mean_repairs: Annotated[
        float | None, Field(description="mean over the dealings; null without any")
    ]
    p_value: Annotated[
        float | None, Field(description="from the dealings that were made; null without any")
    ]


class JointPrediction(TypedDict):
    """What follows for a node, on any weights."""

    condition: str
    node: str
    possible: Annotated[Directions, Field(description="one: a strong prediction; two: a weak one")]


class LeftOut(TypedDict):
    """A finding that takes no part."""

    finding: str
    why: str


class TogetherAnswer(TypedDict):
    """Answer of ``raphe consistent --json`` about findings."""

    schema: Literal["raphe.consistent-findings/1"]
    version: Annotated[str, Field(description="of raphe")]
    circuit: str
    sides: Annotated[dict[str, bool], Field(description="taken in open questions")]
    held: Annotated[float, Field(description="occupancy from which a target counts as held")]
    unchanged: Literal["exact", "small"]
    consistent: Annotated[bool | None, Field(description="null: not known when it was stopped")]
    stopped: Annotated[
        Literal["", "time limit", "interrupted"], Field(description="why, if it was")
    ]
    not_searched: Annotated[
        list[Literal["contradictions", "agreement", "refutable", "disputes", "predictions"]],
        Field(description="what was not searched, or not to the end, when it was stopped"),
    ]
    parts: Annotated[int, Field(description="parts of the problem that are independent")]
    looked_at: Annotated[int, Field(description="parts that were looked at before it was stopped")]
    observations: int
    findings: int
    conditions: int
    refutable: Annotated[
        int | None, Field(description="observations that some outcome of theirs alone would refute")
    ]
    agreement: Annotated[
        tuple[int, int] | None, Field(description="fewest and most observations that can be true")
    ]
    every_choice_tried: Annotated[
        bool,
        Field(description="of the papers' sides; if not, there may be one with fewer that hold"),
    ]
    by_side: list[JointSide]
    contradictions: list[JointContradiction]
    mending: JointMending | None
    predictions: Annotated[
        list[JointPrediction],
        Field(description="if all that was reported is true; of few experiments only"),
    ]
    disputes: list[JointDispute]
    significance: list[JointSignificance]
    left_out: list[LeftOut]


def together_json(
    together: Together,
    mending: Mending | None,
    significances: list[Significance],
) -> dict[str, Any]:
    """An answer about findings as a dictionary; where it was stopped, what was found until then."""
    posed, found = together.posed, together.found
    is_whole, agreement, refutable = together.is_whole, None, None
    if is_whole:
        agreement, refutable = together.agreement, together.refutable
    problem, circuit = posed.problem, posed.bench.circuit
    answer: TogetherAnswer = {
        "schema": TOGETHER_SCHEMA,
        "version": __version__,
        "circuit": circuit.network.pathway.name,
        "sides": dict(circuit.sides),
        "held": posed.bench.reading.held,
        "unchanged": posed.unchanged.value,
        "consistent": False if found else True if is_whole else None,
        "stopped": together.clock.stopped,  # type: ignore[typeddict-item]
        "not_searched": [one.value for one in together.not_searched],
        "parts": len(together.trials),
        "looked_at": together.looked,
        "observations": len(posed.reports),
        "findings": sum(len(one.findings) for one in posed.reports.values()),
        "conditions": len(problem.conditions),
        "refutable": None if refutable is None else len(refutable),
        "agreement": None if agreement is None else (agreement.low, agreement.high),
        "every_choice_tried": together.tries_every_choice,
        "by_side": [
            {"sides": dict(sides), "low": own.low, "high": own.high}
            for sides, own in (together.by_side if is_whole else ())
        ],
        "contradictions": [_contradiction(posed, one) for one in found],
        "mending": None
        if mending is None
        else {
            "bound": mending.bound,
            "proved": mending.is_proved,
            "complete": mending.is_complete,
            "repairs": [_repair(posed, one, 0) for one in mending.repairs],
        },
        "predictions": [
            {"condition": condition, "node": node, "possible": _words(change)}
            for (condition, node), change in (together.follows.items() if is_whole else ())
        ],
        "disputes": [
            {
                "condition": one.report.condition,
                "node": one.report.node,
                "findings": _sides(one.report),
                "doubts": {side.words[0]: cost for side, cost in one.cost.items()},
            }
            for one in (together.disputes if is_whole else ())
        ],
        "significance": [
            {
                "dealt": one.chance.value,
                "asked": one.asked,
                "permutations": len(one.dealt),
                "agreements": one.agreements,
                "repairs": one.repairs,
                "mean_repairs": _rounded(one.mean),
                "p_value": _rounded(one.p_value),
            }
            for one in significances
        ],
        "left_out": [{"finding": name, "why": why} for name, why in posed.left_out.items()],
    }
    return {**answer}


def _rounded(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.4g}")


def _contradiction(posed: Posed, one: Contradiction) -> JointContradiction:
    return {
        "case": "unreachable" if one.case.name == "UNREACHABLE" else "contradicted",
        "reports": [
            {
                "condition": own.condition,
                "node": own.node,
                "reported": _words(own.change),
                "findings": _sides(own),
            }
            for own in one.reports
        ],
        "influences": [_influence(posed, own) for own in one.core.influences],
        "repairs": [_repair(posed, *own) for own in one.repairs],
        "searched": one.is_searched,
        "said": said_contradiction(posed, one),
    }


def _repair(posed: Posed, repair: Repair, broken: int | None) -> JointRepair:
    return {
        "weight": repair.cost,
        "steps": [_step(posed, one) for one in repair.steps],
        "breaks": broken,
        "said": said_repair(posed, repair, broken),
    }


def _step(posed: Posed, step: Step) -> JointStep:
    return {
        "change": step.move.value,  # type: ignore[typeddict-item]
        "condition": step.condition,
        "node": step.node,
        "influence": None if step.influence is None else _influence(posed, step.influence),
        "weight": step.cost,
        "said": said_step(posed, step),
    }


def _influence(posed: Posed, one: Influence) -> JointInfluence:
    cited = {
        item.ref or "assumption"
        for edge in posed.bench.circuit.edges.get(one, ())
        for item in edge.evidence
    }
    return {
        "source": one.source,
        "sign": one.sign.value,
        "target": one.target,
        "evidence": sorted(cited),
    }


def _sides(report: Report) -> dict[str, list[str]]:
    return {side.words[0]: list(names) for side, names in report.sides.items()}


def _words(change: Change) -> Directions:
    return list(change.words)  # type: ignore[arg-type]
