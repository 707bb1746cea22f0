"""What may be changed to make everything true together, and what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from raphe.errors import InputError
from raphe.errors import Problem as Mistake
from raphe.joint.problem import Condition, Influence, Problem, SignedGraph
from raphe.sign import Change, Sign

_FREE: Mapping[Influence, int] = MappingProxyType({})


class Move(StrEnum):
    """One way to change what was declared or seen."""

    #: Something outside acts on a node, in one condition.
    NEW_INFLUENCE = "new influence"
    #: An observation is replaced by another direction.
    MISFIT = "misfit"
    #: An observation is left out.
    DOUBT = "doubt"
    #: An influence is left out, in all conditions.
    REMOVE = "remove"
    #: An influence has the other sign, in all conditions.
    FLIP = "flip"
    #: An influence that was not there, in all conditions.
    ADD = "add"


@dataclass(frozen=True)
class Permitted:
    """Which moves a repair may make, and what each costs (whole numbers from 1)."""

    #: What a new influence costs, at any node in any condition; 0 forbids them.
    new_influence: int = 0
    #: Whether observations of outcomes may be replaced; the law file says what it costs.
    misfit: bool = False
    #: Observations that may be left out, by condition and node.
    doubt: Mapping[tuple[str, str], int] = field(default_factory=lambda: MappingProxyType({}))
    #: Influences of the graph that may be left out.
    remove: Mapping[Influence, int] = field(default_factory=lambda: _FREE)
    #: Influences of the graph, of known sign, that may have the other sign.
    flip: Mapping[Influence, int] = field(default_factory=lambda: _FREE)
    #: Influences that may be added, between nodes of the graph.
    add: Mapping[Influence, int] = field(default_factory=lambda: _FREE)

    def __post_init__(self) -> None:
        costs = [*self.doubt.values(), *self.remove.values(), *self.flip.values()]
        if any(cost < 1 for cost in (*costs, *self.add.values())) or self.new_influence < 0:
            raise InputError([Mistake("a move of a repair that costs nothing.", "Cost it 1.")])
        if any(one.sign is Sign.UNKNOWN for one in self.flip):
            raise InputError([Mistake("an influence of unknown sign cannot be flipped.")])


#: Minimal correction sets: the fewest new influences from outside.
MCOS = Permitted(new_influence=1)
#: Scenario fit: the fewest observations of outcomes to be replaced.
SCENFIT = Permitted(misfit=True)


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a repair."""

    move: Move
    cost: int
    #: Empty where it holds for all conditions.
    condition: str = ""
    #: Where a new influence acts, or of which node an observation is doubted.
    node: str = ""
    #: Direction of the new influence, or what takes the place of the observation.
    change: Change = Change.NOTHING
    #: What is removed, flipped (as it was) or added.
    influence: Influence | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """What steps are sorted by."""
        edge = self.influence.order if self.influence else ("", "", 0)
        return list(Move).index(self.move), self.condition, self.node, edge, self.change.value


@dataclass(frozen=True)
class Repair:
    """Moves that together make everything true together."""

    steps: tuple[Step, ...]

    @property
    def cost(self) -> int:
        """Sum over the steps."""
        return sum(step.cost for step in self.steps)


def apply_repair(problem: Problem, repair: Repair) -> Problem:
    """The problem as the repair changes it.

    Examples
    --------
    >>> graph = SignedGraph.of([Influence("a", "b", Sign.POSITIVE)])
    >>> problem = Problem(graph, (Condition("x", {"b": Change.UP}),))
    >>> pushed = Repair((Step(Move.NEW_INFLUENCE, 1, "x", "b", Change.UP),))
    >>> dict(apply_repair(problem, pushed).conditions[0].pushed)
    {'b': <Change.UP: 4>}
    """
    graph, conditions = problem.graph, {one.name: one for one in problem.conditions}
    influences = set(graph.influences)
    for step in repair.steps:
        if step.influence is not None:
            was = step.influence
            if step.move is not Move.ADD:
                influences.discard(was)
            if step.move is not Move.REMOVE:
                turned = was.sign * Sign.NEGATIVE if step.move is Move.FLIP else was.sign
                made = Influence(was.source, was.target, turned)
                influences.add(made)
                if step.move is Move.FLIP:
                    conditions = {
                        name: replace(one, cut=(one.cut - {was}) | {made})
                        if was in one.cut
                        else one
                        for name, one in conditions.items()
                    }
            continue
        one = conditions[step.condition]
        conditions[step.condition] = _with_step(one, step)
    new = SignedGraph.of(influences, graph.nodes, graph.joint)
    return replace(problem, graph=new, conditions=tuple(conditions.values()))


def _with_step(condition: Condition, step: Step) -> Condition:
    if step.move is Move.NEW_INFLUENCE:
        before = condition.pushed.get(step.node, Change.NOTHING)
        return replace(condition, pushed={**condition.pushed, step.node: before | step.change})
    observed = {node: seen for node, seen in condition.observed.items() if node != step.node}
    if step.move is Move.MISFIT:
        observed[step.node] = step.change
    return replace(condition, observed=observed)
