"""What findings teach, for programs: documented dictionaries with a version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.calling import Call
from raphe.conditioning import Expected, Given, Measures
from raphe.finding import Seen
from raphe.prediction import Prediction
from raphe.report.json_numbers import rounded
from raphe.reweighting import OUTCOMES
from raphe.unknowns import Moved
from raphe.version import __version__

#: Raised when a key goes or changes its meaning.
GIVEN_SCHEMA: Literal["raphe.given/1"] = "raphe.given/1"

Share = Annotated[float, Field(ge=0, le=1)]
Number = Annotated[int, Field(ge=0)]
CallWord = Literal["up", "down", "unchanged", "ambiguous"]
DirectionWord = Literal["up", "down", "unchanged"]
Triple = tuple[float, float, float]


class Odds(TypedDict):
    """What the draws say of a readout."""

    call: CallWord
    p_up: Share
    p_down: Share
    p_unchanged: Share


class ExpectedRow(TypedDict):
    """A finding, and what is said of it before and after."""

    finding: str
    reported: DirectionWord
    seen: Literal["tuning", "development", "never", ""]
    before: Odds
    after: Odds


class LeftOut(TypedDict):
    """An accepted finding, predicted without what would give it away."""

    finding: str
    reported: DirectionWord
    seen: Literal["tuning", "development", "never", ""]
    before: Odds
    fitted: Annotated[Odds, Field(description="from all accepted findings, itself too")]
    without_finding: Annotated[Odds, Field(description="from all others")]
    without_drug: Annotated[Odds, Field(description="from those that share no drug with it")]
    without_class: Annotated[Odds, Field(description="from those that share no drug class")]


class Rule(TypedDict):
    """How well findings are predicted."""

    findings: Number
    accuracy: Annotated[Share, Field(description="called as reported; ambiguous is wrong")]
    coverage: Annotated[Share, Field(description="called at all")]
    opposite: Annotated[Share, Field(description="called up of down, or down of up")]
    surprise: Annotated[
        float, Field(ge=0, description="bits, mean; allows for wrong findings; 1.58 is guessing")
    ]


class Rules(TypedDict):
    """The same findings, before and after."""

    before: Rule
    fitted: Annotated[Rule, Field(description="from all accepted findings, themselves too")]
    without_finding: Rule
    without_drug: Rule
    without_class: Rule


class Others(TypedDict):
    """Findings that were not accepted, before and after."""

    before: Rule
    after: Rule


class MovedRow(TypedDict):
    """An unknown that moved farther than any does by chance."""

    unknown: str
    kind: str
    shift: Annotated[float, Field(description="of the mean, in standard deviations before")]
    before: Annotated[Triple, Field(description="5th percentile, median, 95th")]
    after: Triple
    findings: Annotated[list[str], Field(description="those that moved it most")]
    evidence: Annotated[list[str], Field(description="ids of references, or «assumption»")]


class ReadoutRow(TypedDict):
    """A readout of a predicted treatment."""

    node: str
    before: Odds
    after: Odds
    median: Annotated[tuple[float, float], Field(description="change: before, after")]


class GivenAnswer(TypedDict):
    """Answer of ``raphe given --json``."""

    schema: Literal["raphe.given/1"]
    version: Annotated[str, Field(description="of raphe")]
    circuit: str
    prior: str
    draws: Number
    seed: int
    sides: Annotated[dict[str, bool], Field(description="taken in open questions, by question")]
    wrong: Annotated[Share, Field(description="probability that a finding is wrong, ε")]
    least: Annotated[Number, Field(description="effective draws that have to be left")]
    accepted: Annotated[list[str], Field(description="findings that the draws were weighed by")]
    unused: Annotated[list[str], Field(description="named, but of no direction in scope")]
    mute: Annotated[Number, Field(description="accepted ones on which no draw differs")]
    power: Annotated[Share, Field(description="to which the likelihood was raised; 1: as it is")]
    effective_draws: Annotated[float, Field(description="left at that power (Kish)")]
    effective_untempered: Annotated[float, Field(description="that would be at a power of 1")]
    rules: Annotated[dict[str, Rules], Field(description="of accepted findings, by `seen` and all")]
    others: Annotated[Others | None, Field(description="of the rest; null where there is none")]
    findings: list[LeftOut]
    expected: Annotated[list[ExpectedRow], Field(description="findings that were not accepted")]
    unknowns: Annotated[Number, Field(description="that have several values in the draws")]
    by_chance: Annotated[float, Field(description="shift that none reaches by chance, p 0.95")]
    moved: list[MovedRow]
    predictions: Annotated[list[ReadoutRow], Field(description="of --predict")]


def given_json(
    learnt: Given, predicted: tuple[Prediction, Prediction] | None, nodes: Sequence[str] = ()
) -> dict[str, Any]:
    """What findings teach as a `GivenAnswer`.

    Parameters
    ----------
    learnt
        What was learnt.
    predicted, nodes
        A prediction before and after, and the nodes that are told of.
    """
    model, left_out = learnt.model, learnt.left_out
    ways = (learnt.fitted, *left_out.values())
    groups: dict[str, Rules] = {}
    for name, seen in (("all", None), *((one.value, one) for one in Seen)):
        own = [way if seen is None else learnt.of(way, seen) for way in ways]
        if own[0]:
            before = _rule(learnt.measure(own[0], after=False))
            fitted, finding, drug, class_ = (_rule(learnt.measure(one)) for one in own)
            groups[name] = {
                "before": before,
                "fitted": fitted,
                "without_finding": finding,
                "without_drug": drug,
                "without_class": class_,
            }
    others: Others | None = None
    if learnt.others:
        others = {
            "before": _rule(learnt.measure(learnt.others, after=False)),
            "after": _rule(learnt.measure(learnt.others)),
        }
    made: GivenAnswer = {
        "schema": GIVEN_SCHEMA,
        "version": __version__,
        "circuit": model.network.pathway.name,
        "prior": model.prior,
        "draws": model.draws,
        "seed": model.seed,
        "sides": dict(model.sides),
        "wrong": learnt.tolerance.wrong,
        "least": learnt.tolerance.least,
        "accepted": list(learnt.accepted),
        "unused": list(learnt.unused),
        "mute": learnt.mute,
        "power": rounded(learnt.reweighted.power),
        "effective_draws": rounded(learnt.reweighted.effective),
        "effective_untempered": rounded(learnt.reweighted.untempered),
        "rules": groups,
        "others": others,
        "findings": [
            {
                "finding": fitted.finding,
                "reported": fitted.reported.value,
                "seen": _seen(fitted),
                "before": _odds(fitted.called_before, fitted.before),
                "fitted": _odds(fitted.called_after, fitted.after),
                "without_finding": _odds(finding.called_after, finding.after),
                "without_drug": _odds(drug.called_after, drug.after),
                "without_class": _odds(class_.called_after, class_.after),
            }
            for fitted, finding, drug, class_ in zip(*ways, strict=True)
        ],
        "expected": [_expected(one) for one in learnt.others],
        "unknowns": learnt.unknowns,
        "by_chance": rounded(learnt.by_chance),
        "moved": [_moved(learnt, one) for one in learnt.moved],
        "predictions": [_readout(predicted, node) for node in nodes] if predicted else [],
    }
    return {**made}


def _rule(measures: Measures) -> Rule:
    return {
        "findings": measures.findings,
        "accuracy": rounded(measures.right),
        "coverage": rounded(measures.called),
        "opposite": rounded(measures.opposite),
        "surprise": rounded(measures.surprise),
    }


def _odds(call: Call, shares: Sequence[float]) -> Odds:
    up, down, unchanged = (_share(share) for share in shares)
    return {
        "call": call.value,
        "p_up": up,
        "p_down": down,
        "p_unchanged": unchanged,
    }


def _seen(one: Expected) -> Literal["tuning", "development", "never", ""]:
    return one.declared.seen.value if one.declared.seen else ""


def _expected(one: Expected) -> ExpectedRow:
    return {
        "finding": one.finding,
        "reported": one.reported.value,  # type: ignore[typeddict-item]
        "seen": _seen(one),
        "before": _odds(one.called_before, one.before),
        "after": _odds(one.called_after, one.after),
    }


def _moved(learnt: Given, one: Moved) -> MovedRow:
    unknown = one.unknown
    before, after = (tuple(map(rounded, ends)) for ends in (one.before, one.after))
    told = dict.fromkeys(item.ref or "assumption" for item in unknown.evidence)
    return {
        "unknown": unknown.name,
        "kind": unknown.kind.value,
        "shift": rounded(one.shift),
        "before": before,  # type: ignore[typeddict-item]
        "after": after,  # type: ignore[typeddict-item]
        "findings": list(learnt.causes[unknown.name]),
        "evidence": list(told),
    }


def _readout(predicted: tuple[Prediction, Prediction], node: str) -> ReadoutRow:
    before, after = (one.reading(node) for one in predicted)
    first, second = (
        _odds(one.call, [one.odds.probability(call) for call in OUTCOMES])
        for one in (before, after)
    )
    return {
        "node": node,
        "before": first,
        "after": second,
        "median": (rounded(before.odds.median), rounded(after.odds.median)),
    }


def _share(value: float) -> float:
    return min(max(rounded(value), 0.0), 1.0)
