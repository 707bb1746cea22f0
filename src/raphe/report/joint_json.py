"""Joint consistency for programs: a documented dictionary with a version."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.errors import nearest
from raphe.joint.answer import Answer
from raphe.joint.reach import Declared, Sighting, named
from raphe.joint.repair import Step
from raphe.report.joint_words import SYMBOLS
from raphe.sign import Change
from raphe.version import __version__

#: Raised when a key goes or changes its meaning.
CONSISTENT_SCHEMA: Literal["raphe.consistent/1"] = "raphe.consistent/1"

Number = Annotated[int, Field(ge=0)]
DirectionWord = Literal["+", "-", "0", "notPlus", "notMinus", "changed"]
LawWord = Literal["explained", "unchanged_explained", "founded", "elementary_path"]
MoveWord = Literal["new influence", "misfit", "doubt", "remove", "flip", "add"]

#: Nodes that are looked up among those of the network; each takes as long as the network is large.
_LOOKED_UP = 20


class Observed(TypedDict):
    """An observed node in a condition."""

    condition: str
    node: str


class AbsentNode(Observed):
    """A node that was seen, or declared of a condition, and that the network does not have."""

    seen: Annotated[bool, Field(description="false: only declared")]
    declared: list[Declared]

    nearest: Annotated[str, Field(description="nodes with a similar name, as a question")]


class RepairStep(TypedDict):
    """One step of a repair."""

    move: MoveWord
    condition: Annotated[str, Field(description="empty: holds for all conditions")]
    node: Annotated[str, Field(description="empty: an influence is changed")]
    direction: Annotated[
        DirectionWord | Literal[""],
        Field(description="of a new influence, or what takes the place of an observation"),
    ]
    influence: Annotated[str, Field(description="what is removed, flipped or added")]
    cost: Number


class PredictedNode(Observed):
    """What a node does in every minimal repair."""

    direction: DirectionWord


class ConditionCounts(TypedDict):
    """One condition."""

    name: str
    observed: Number
    inputs: Number


class NetworkCounts(TypedDict):
    """The network."""

    nodes: Annotated[Number, Field(description="without those for what acts together")]
    joint: Annotated[Number, Field(description="nodes for what acts together: 'a & b'")]
    influences: Number
    unknown_signs: Number


class ConsistentAnswer(TypedDict):
    """Whether all can be true together."""

    schema: Literal["raphe.consistent/1"]
    version: str
    network: NetworkCounts
    conditions: list[ConditionCounts]
    laws: list[LawWord]
    moves: Annotated[list[MoveWord], Field(description="what a repair may do")]
    consistent: Annotated[bool | None, Field(description="null: not known when it ended")]
    repair_size: Annotated[
        Number | None, Field(description="cost of the smallest repair; null: not proved, or none")
    ]
    repair_at_least: Annotated[Number, Field(description="proved")]
    repair_found: Annotated[
        Number | None, Field(description="of the best repair found; null: none was found")
    ]
    repair_impossible: Annotated[bool, Field(description="proved: no such repair at all")]
    repairs: Annotated[list[list[RepairStep]], Field(description="minimal repairs")]
    all_repairs: Annotated[bool, Field(description="whether these are all")]
    cores: Annotated[list[list[Observed]], Field(description="minimal inconsistent cores")]
    all_cores: Annotated[bool, Field(description="whether these are all")]
    cores_as: Annotated[
        Literal["minimal", "downstream"],
        Field(description="the fewest nodes to blame, or with them all that they lead to"),
    ]
    inexplicable: Annotated[
        list[Observed],
        Field(description="the one of the cores, told downstream, that nothing can explain"),
    ]
    cores_left_out: Annotated[
        Number, Field(description="minimal cores that are in none of those told downstream")
    ]
    predictions: Annotated[
        list[PredictedNode],
        Field(description="under minimal repair; empty unless all minimal repairs were seen"),
    ]
    all_predictions: Annotated[bool, Field(description="whether all minimal repairs were seen")]
    absent: list[AbsentNode]
    unreachable: Annotated[list[Observed], Field(description="no walk from an input leads there")]
    contradicted: Annotated[
        list[Observed], Field(description="within reach, and some minimal repair acts there")
    ]
    stopped: Annotated[
        Literal["", "time limit", "interrupted"], Field(description="why before all was proved")
    ]


def consistent_json(found: Answer) -> dict[str, Any]:
    """An answer as a dictionary in the form of `ConsistentAnswer`."""
    problem, size = found.problem, found.size
    graph, laws = problem.graph, problem.laws
    known = [one for one in graph.nodes if one not in graph.joint]
    conditions = {one.name: one for one in problem.conditions}
    permitted = found.permitted
    moves = {
        "new influence": permitted.new_influence,
        "misfit": permitted.misfit,
        "doubt": permitted.doubt,
        "remove": permitted.remove,
        "flip": permitted.flip,
        "add": permitted.add,
    }
    names = ("explained", "unchanged_explained", "founded", "elementary_path")
    answer: ConsistentAnswer = {
        "schema": CONSISTENT_SCHEMA,
        "version": __version__,
        "network": {
            "nodes": len(known),
            "joint": len(graph.joint),
            "influences": len(graph.influences),
            "unknown_signs": len(graph.influences) - len(graph.without_unknown_signs().influences),
        },
        "conditions": [
            {
                "name": one.name,
                "observed": len(one.observed),
                "inputs": len(one.inputs | one.ambiguous),
            }
            for one in problem.conditions
        ],
        "laws": [name for name in names if getattr(laws, name)],  # type: ignore[misc]
        "moves": [name for name, allowed in moves.items() if allowed],  # type: ignore[misc]
        "consistent": found.consistent,
        "repair_size": size.upper if size.proved else None,
        "repair_at_least": size.lower,
        "repair_found": size.upper,
        "repair_impossible": size.impossible,
        "repairs": [[_step(step) for step in one.steps] for one in found.repairs.repairs],
        "all_repairs": found.repairs.complete,
        "cores": [[_observed(one) for one in core] for core in found.cores.cores],
        "all_cores": found.cores.complete,
        "cores_as": found.cores_as.value,
        "inexplicable": [_observed(one) for one in found.cores.inexplicable],
        "cores_left_out": found.cores.left_out,
        "predictions": _predictions(found),
        "all_predictions": found.predictions.complete,
        "absent": [
            {
                **_observed(one),
                "seen": one.node in conditions[one.condition].observed,
                "declared": list(named(conditions[one.condition])[one.node]),
                "nearest": nearest(one.node, known) if rank < _LOOKED_UP else "",
            }
            for rank, one in enumerate(found.places.absent)
        ],
        "unreachable": [_observed(one) for one in found.places.unreachable],
        "contradicted": [_observed(one) for one in found.contradicted],
        "stopped": found.stopped,  # type: ignore[typeddict-item]
    }
    return dict(answer)


def _observed(one: Sighting) -> Observed:
    return {"condition": one.condition, "node": one.node}


def _step(step: Step) -> RepairStep:
    return {
        "move": step.move.value,
        "condition": step.condition,
        "node": step.node,
        "direction": SYMBOLS[step.change] if step.change else "",  # type: ignore[typeddict-item]
        "influence": str(step.influence) if step.influence else "",
        "cost": step.cost,
    }


def _predictions(found: Answer) -> list[PredictedNode]:
    if not found.predictions.complete:
        return []
    return [
        {"condition": name, "node": node, "direction": SYMBOLS[change]}  # type: ignore[typeddict-item]
        for name, row in found.predictions.directions.items()
        for node, change in sorted(row.items())
        if change is not Change.ANY
    ]
