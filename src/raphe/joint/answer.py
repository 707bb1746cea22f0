"""The whole answer: consistent or not, what is to blame, what would mend it, what then follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from raphe.joint.cores import Cores, find_cores
from raphe.joint.downstream import CoresAs, find_downstream
from raphe.joint.problem import Problem
from raphe.joint.reach import Places, Sighting, place, restrict
from raphe.joint.repair import MCOS, Permitted, Repair
from raphe.joint.running import Clock
from raphe.joint.solving import Bounds, Solver
from raphe.sign import Change

#: How many minimal repairs, and minimal inconsistent cores, are listed unless told otherwise.
USUAL_REPAIRS = 10
USUAL_CORES = 10


@dataclass(frozen=True)
class Repairs:
    """Minimal repairs, sorted, and whether these are all."""

    repairs: tuple[Repair, ...]
    complete: bool


@dataclass(frozen=True)
class Predictions:
    """What follows from the laws and the observations, under minimal repair.

    Only complete predictions are predictions: while the search goes on, directions are still added.
    """

    #: Directions that a node has in any minimal repair and labelling, by condition and node.
    directions: Mapping[str, Mapping[str, Change]]
    #: Where some minimal repair changes something.
    touched: Repair
    complete: bool


@dataclass(frozen=True)
class Answer:
    """All that was found, each with whether it is proved."""

    problem: Problem
    permitted: Permitted
    #: None: not known when the time was up.
    consistent: bool | None
    size: Bounds
    repairs: Repairs
    cores_as: CoresAs
    #: Of what is not absent from the graph.
    cores: Cores
    predictions: Predictions
    places: Places
    #: Observed nodes within reach of an input that a minimal repair acts on; proved if predictions
    #: are complete.
    contradicted: tuple[Sighting, ...]
    #: Why it ended before all was proved: 'time limit', 'interrupted' or nothing.
    stopped: str


def answer(
    problem: Problem,
    permitted: Permitted = MCOS,
    most_repairs: int = USUAL_REPAIRS,
    most_cores: int = USUAL_CORES,
    clock: Clock | None = None,
    cores_as: CoresAs = CoresAs.MINIMAL,
) -> Answer:
    """Whether all can be true together, and if not what would have to change.

    Parameters
    ----------
    problem
        Graph, conditions and laws.
    permitted
        What a repair may do.
    most_repairs, most_cores
        How many are listed; 0: none is looked for.
    clock
        When to stop; what is found by then is returned, with what is proved of it.
    cores_as
        Cores as few nodes as can be, or with all that these lead to.

    Examples
    --------
    >>> from raphe.joint.problem import Condition, Influence, SignedGraph
    >>> from raphe.sign import Sign
    >>> graph = SignedGraph.of([Influence("a", n, Sign.POSITIVE) for n in "bc"])
    >>> seen = Condition("x", {"b": Change.UP, "c": Change.DOWN}, inputs=frozenset("a"))
    >>> found = answer(Problem(graph, (seen,)))
    >>> found.consistent, found.size.upper, [s.node for s in found.cores.cores[0]]
    (False, 1, ['b', 'c'])
    >>> found.predictions.directions["x"]["a"]
    <Change.CHANGED: 5>
    """
    clock = clock or Clock()
    small = restrict(problem, permitted.add)
    plain = Solver(small)
    clock.say("consistent?")
    consistent = plain.satisfiable(plain.assume(), clock)
    mender = Solver(small, permitted)
    assumptions = mender.assume()
    size = Bounds(0, 0) if consistent else mender.least(assumptions, clock)
    repairs = Repairs((), complete=False)
    if most_repairs and size.upper is not None and size.proved:
        repairs = Repairs(*mender.repairs(assumptions, most_repairs, clock))
    cores = Cores((), complete=consistent is True)
    places = place(problem)
    if most_cores and consistent is False:
        look = find_downstream if cores_as is CoresAs.DOWNSTREAM else find_cores
        cores = look(_without(problem, places.absent), most_cores, clock)
    predictions = predict(problem, permitted, clock)
    return Answer(
        problem,
        permitted,
        consistent,
        size,
        repairs,
        cores_as,
        cores,
        predictions,
        places,
        _contradicted(problem, predictions, places),
        clock.stopped,
    )


def _without(problem: Problem, sightings: Iterable[Sighting]) -> Problem:
    """The problem without some observations: what is absent is to blame by itself."""
    left = set(sightings)
    conditions = (
        replace(
            one,
            observed={
                node: seen
                for node, seen in one.observed.items()
                if Sighting(one.name, node) not in left
            },
        )
        for one in problem.conditions
    )
    return replace(problem, conditions=tuple(conditions))


def predict(problem: Problem, permitted: Permitted, clock: Clock) -> Predictions:
    """Directions that every node can have under minimal repair.

    One that is left is a strong prediction, two a weak one (Thiele et al., BMC Bioinformatics 2015,
    16:345); with all three, nothing is predicted.
    """
    clock.say("predictions")
    solver = Solver(problem, permitted, labels=True)
    labels, touched, complete = solver.possible(solver.assume(), clock)
    for row in labels.values():
        for name in problem.graph.joint:
            row.pop(name, None)
    return Predictions(labels, touched, complete)


def _contradicted(
    problem: Problem, predictions: Predictions, places: Places
) -> tuple[Sighting, ...]:
    elsewhere = {*places.absent, *places.unreachable}
    observed = {Sighting(one.name, node) for one in problem.conditions for node in one.observed}
    touched = {Sighting(step.condition, step.node) for step in predictions.touched.steps}
    return tuple(sorted((touched & observed) - elsewhere))
