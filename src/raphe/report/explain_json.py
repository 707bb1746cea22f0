"""An account of why a node changes, for programs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.explanation.deciding import Decision
from raphe.explanation.loops import Loop
from raphe.explanation.routes import Route
from raphe.explanation.targets import Share as TargetShare
from raphe.questions import Explained
from raphe.report.content import Cited
from raphe.report.explain_words import story_of
from raphe.report.json_numbers import rounded
from raphe.unknowns import Kind
from raphe.version import __version__

#: Raised when a key goes or changes its meaning.
EXPLAIN_SCHEMA: Literal["raphe.explain/1"] = "raphe.explain/1"

_Share = Annotated[float, Field(ge=0, le=1)]
_CallWord = Literal["up", "down", "unchanged", "ambiguous"]


class ToldSentence(TypedDict):
    """A sentence of the account; numbers in brackets are those of `references`."""

    about: Annotated[str, Field(description="what, path, targets, bounds, loops, edges, decides …")]
    text: str


class TargetRow(TypedDict):
    """What one binding, or a condition, contributes."""

    name: Annotated[str, Field(description="drug at target, or the condition")]
    missing: Annotated[bool, Field(description="whether only the comparison group has it")]
    nodes: Annotated[list[str], Field(description="where drugs bind; empty of a condition")]
    occupied: Annotated[_Share | None, Field(description="largest median; null of a condition")]
    share: Annotated[float, Field(description="Shapley value: all sum to the change")]
    alone: Annotated[float, Field(description="the change that it makes if nothing else is done")]
    last: Annotated[float, Field(description="what it adds when all else is done already")]
    same_way: Annotated[_Share, Field(description="of other draws, it adds the same way last")]


class PairRow(TypedDict):
    """What two bindings bring beyond each alone; with `alone` of all, these sum to the change."""

    one: str
    other: str
    value: Annotated[float, Field(description="Shapley–Taylor interaction of second order")]


class StepRow(TypedDict):
    """An edge of a path or loop."""

    source: str
    target: str
    sign: Literal["+", "-"]
    slow: Annotated[bool, Field(description="whether it is an adaptation")]


class PathRow(TypedDict):
    """A path and what it carries."""

    steps: list[StepRow]
    start: str
    push: Annotated[Literal[1, -1], Field(description="direction in which its start is pushed")]
    drugs: Annotated[list[str], Field(description="that set it out; those that lack, too")]
    bound: Annotated[
        Literal["", "lowest", "highest", "other"],
        Field(description="of its start, where a bound is the input; other: the comparator's"),
    ]
    later_from: Annotated[
        int | None, Field(description="place of the first node that is meant after washout")
    ]
    share: float


class LoopRow(TypedDict):
    """A feedback loop and the change without it."""

    steps: list[StepRow]
    after_washout: bool
    gain: float
    without: Annotated[float | None, Field(description="null: nothing would come to rest")]
    role: Literal["damps", "amplifies", "reverses", "holds"]


class EdgeRow(TypedDict):
    """An edge and the change without it."""

    edge: str
    without: Annotated[float | None, Field(description="null: nothing would come to rest")]
    settled: Annotated[bool, Field(description="settled anew; else by the update of the inverse")]
    moves_bounds: Annotated[bool, Field(description="other nodes are at their bounds without it")]


class FactorRow(TypedDict):
    """An unknown that tells the two likeliest answers apart."""

    kind: Annotated[str, Field(description=f"one of {', '.join(Kind)}")]
    name: str
    auc: Annotated[_Share, Field(description="above 0.5: more of it leads to `first`")]
    boundary: float
    first_below: Annotated[_Share, Field(description="share of `first` among draws below")]
    first_above: _Share
    references: Annotated[list[str], Field(description="ids of what it rests on")]


class CombinedPart(TypedDict):
    """An unknown in a combination."""

    name: str
    weight: Annotated[float, Field(description="for a standard deviation, the first has ±1")]


class DecisionRow(TypedDict):
    """What decides between the two likeliest answers."""

    first: _CallWord
    second: _CallWord
    draws: Annotated[tuple[int, int], Field(description="how many have each")]
    unknowns: Annotated[int, Field(description="how many were asked")]
    factors: Annotated[list[FactorRow], Field(description="empty: no single one separates")]
    best_auc: Annotated[float | None, Field(description="of the best, whether it separates or not")]
    combination: list[CombinedPart]
    combined_auc: Annotated[float | None, Field(description="on draws that it was not fitted to")]


class ReferenceRow(TypedDict):
    """A source that sentences name by number."""

    number: int
    ref: str
    uses: list[str]


class ExplainAnswer(TypedDict):
    """Answer of ``raphe explain --json``."""

    schema: Literal["raphe.explain/1"]
    version: Annotated[str, Field(description="of raphe")]
    drugs: list[str]
    regimen: Literal["acute", "chronic", "washout"]
    compared_with: Annotated[list[str], Field(description="empty: vehicle")]
    condition: str
    without: list[str]
    circuit: str
    prior: str
    draws: int
    seed: int
    readout: str
    call: _CallWord
    p_up: _Share
    p_down: _Share
    p_unchanged: _Share
    median: float
    change: Annotated[float, Field(description="in the draw that all parts below are exact in")]
    sentences: list[ToldSentence]
    targets: list[TargetRow]
    interactions: list[PairRow]
    paths: list[PathRow]
    remainder: Annotated[float, Field(description="what all other paths carry together")]
    loops: list[LoopRow]
    edges: list[EdgeRow]
    decision: DecisionRow
    references: list[ReferenceRow]


def explained_json(explained: Explained, most_paths: int) -> dict[str, Any]:
    """An account as an `ExplainAnswer`."""
    account, story = explained.account, story_of(explained)
    prediction, reading = account.prediction, account.reading
    treatment, names = prediction.treatment, prediction.model.network.edge_names
    trace, targets = account.causes.trace(most_paths), account.by_target
    network = prediction.model.network
    made: ExplainAnswer = {
        "schema": EXPLAIN_SCHEMA,
        "version": __version__,
        "drugs": [one.drug.name for one in treatment.administrations],
        "regimen": prediction.regimen.value,
        "compared_with": [one.drug.name for one in prediction.comparator.administrations],
        "condition": treatment.condition.name if treatment.condition else "",
        "without": list(treatment.without),
        "circuit": network.pathway.name,
        "prior": prediction.prior,
        "draws": prediction.drawn,
        "seed": prediction.seed,
        "readout": account.node,
        "call": reading.call.value,
        "p_up": rounded(reading.odds.up),
        "p_down": rounded(reading.odds.down),
        "p_unchanged": rounded(reading.odds.unchanged),
        "median": rounded(reading.odds.median),
        "change": rounded(account.total),
        "sentences": [{"about": one.about, "text": one.text} for one in story.sentences],
        "targets": [_target(network.names, one) for one in (targets.shares if targets else ())],
        "interactions": [
            {"one": one.one, "other": one.other, "value": rounded(one.value)}
            for one in (targets.interactions if targets else ())
        ],
        "paths": [_path(one) for one in trace.routes],
        "remainder": rounded(trace.remainder),
        "loops": [_loop(one) for one in account.loops],
        "edges": [
            {
                "edge": names[one.edge],
                "without": None if one.without is None else rounded(one.without),
                "settled": one.was_settled,
                "moves_bounds": one.moves_bounds,
            }
            for one in account.edges
            if one.without is None or abs(one.effect) >= 5e-5
        ],
        "decision": _decision(account.decision),
        "references": [_reference(one) for one in story.references],
    }
    return {**made}


def _target(names: tuple[str, ...], one: TargetShare) -> TargetRow:
    player = one.player
    return {
        "name": player.name,
        "missing": player.is_missing,
        "nodes": sorted({names[contact.node] for contact in player.contacts}),
        "occupied": rounded(player.usual) if player.contacts else None,
        "share": rounded(one.share),
        "alone": rounded(one.alone),
        "last": rounded(one.last),
        "same_way": rounded(one.steadiness),
    }


def _path(route: Route) -> PathRow:
    return {
        "steps": _steps(route.nodes, route),
        "start": route.nodes[0],
        "push": 1 if route.push > 0 else -1,
        "drugs": [one.contact.drug for one in route.doings],
        "bound": route.bound,  # type: ignore[typeddict-item]
        "later_from": route.later,
        "share": rounded(route.share),
    }


def _loop(loop: Loop) -> LoopRow:
    return {
        "steps": _steps((*loop.nodes, loop.nodes[0]), loop),
        "after_washout": loop.is_later,
        "gain": rounded(loop.gain),
        "without": None if loop.without is None else rounded(loop.without),
        "role": loop.role.value,
    }


def _steps(nodes: tuple[str, ...], of: Route | Loop) -> list[StepRow]:
    return [
        {
            "source": source,
            "target": target,
            "sign": sign.value,  # type: ignore[typeddict-item]
            "slow": slow,
        }
        for source, target, sign, slow in zip(nodes, nodes[1:], of.signs, of.slow, strict=False)
    ]


def _decision(decision: Decision) -> DecisionRow:
    combined = decision.combination
    return {
        "first": decision.first.value,
        "second": decision.second.value,
        "draws": decision.counts,
        "unknowns": decision.asked,
        "factors": [
            {
                "kind": one.unknown.kind.value,
                "name": one.unknown.name,
                "auc": rounded(one.area),
                "boundary": rounded(one.boundary),
                "first_below": rounded(one.below),
                "first_above": rounded(one.above),
                "references": [item.ref for item in one.unknown.evidence if item.ref],
            }
            for one in decision.factors
        ],
        "best_auc": rounded(decision.best.separation) if decision.best else None,
        "combination": [
            {"name": part.name, "weight": rounded(weight)}
            for part, weight in (combined.parts if combined else ())
        ],
        "combined_auc": rounded(combined.separation) if combined else None,
    }


def _reference(cited: Cited) -> ReferenceRow:
    return {"number": cited.number, "ref": cited.id, "uses": list(cited.uses)}
