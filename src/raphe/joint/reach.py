"""What of a problem matters, and where observations stand: absent, unreachable, within reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from raphe.joint.problem import Condition, Influence, Problem, SignedGraph
from raphe.sign import Change

#: What else than a direction may be said of a node, as the field's own files write it.
Declared = Literal["input", "ambiguous", "MIN", "MAX"]


@dataclass(frozen=True, order=True, slots=True)
class Sighting:
    """One observation: a node in a condition."""

    condition: str
    node: str


@dataclass(frozen=True)
class Places:
    """Observations by where they stand; what is in neither list is within reach of an input."""

    #: Of nodes that the graph does not have, seen or declared as inputs or at a bound.
    absent: tuple[Sighting, ...]
    #: Of changes that no walk from an input, a drug or a push leads to.
    unreachable: tuple[Sighting, ...]


def place(problem: Problem) -> Places:
    """Tell apart the observations that no law can be asked of from those that one can.

    Examples
    --------
    >>> from raphe.sign import Sign
    >>> graph = SignedGraph.of([Influence("a", "b", Sign.POSITIVE)], nodes=["c"])
    >>> seen = {"b": Change.UP, "c": Change.UP, "d": Change.UP}
    >>> places = place(Problem(graph, (Condition("x", seen, frozenset("a")),)))
    >>> places.absent, places.unreachable
    ((Sighting(condition='x', node='d'),), (Sighting(condition='x', node='c'),))
    """
    known = set(problem.graph.nodes)
    absent: list[Sighting] = []
    unreachable: list[Sighting] = []
    for one in problem.conditions:
        reached = reached_from_inputs(problem.graph, one)
        absent += [Sighting(one.name, node) for node in named(one) if node not in known]
        for node, seen in one.observed.items():
            if node in known and Change.SAME not in seen and node not in reached:
                unreachable.append(Sighting(one.name, node))
    return Places(tuple(absent), tuple(unreachable))


def named(condition: Condition) -> Mapping[str, tuple[Declared, ...]]:
    """All nodes that a condition names, and what is declared of each besides what was seen.

    Examples
    --------
    >>> named(Condition("x", {"a": Change.UP}, inputs=frozenset("b"), at_maximum=frozenset("a")))
    {'a': ('MAX',), 'b': ('input',)}
    """
    declared: dict[Declared, frozenset[str]] = {
        "input": condition.inputs,
        "ambiguous": condition.ambiguous,
        "MIN": condition.at_minimum,
        "MAX": condition.at_maximum,
    }
    nodes = [*condition.observed, *sorted({one for group in declared.values() for one in group})]
    return {
        node: tuple(word for word, group in declared.items() if node in group) for node in nodes
    }


def reached_from_inputs(graph: SignedGraph, condition: Condition) -> set[str]:
    """Nodes that a walk leads to from where the condition moves the graph, and these."""
    acting = (
        one
        for one in graph.influences
        if one not in condition.cut and one.target not in condition.held
    )
    return _closure(condition.moved, acting, lambda one: (one.source, one.target))


def restrict(problem: Problem, added: Iterable[Influence] = ()) -> Problem:
    """The problem without what follows from the rest: nodes that lead to nothing observed.

    Nor do they with the influences that a repair may add.

    These can always be labelled. Go through them breadth first from those that do lead somewhere:
    what a change reaches takes the direction that it brings, so it is explained, founded and on an
    elementary path, or is held by its bound; what none reaches stays. A comparison ties every
    node to two more conditions, so with one nothing is left out.
    """
    if any(one.shift for one in problem.conditions):
        return problem
    observed = {node for one in problem.conditions for node in one.observed}
    every = (*problem.graph.influences, *added)
    relevant = _closure(observed, every, lambda one: (one.target, one.source))
    nodes = tuple(node for node in problem.graph.nodes if node in relevant)
    kept = tuple(one for one in problem.graph.influences if one.target in relevant)
    return replace(problem, graph=SignedGraph(nodes, kept, problem.graph.joint & relevant))


def _closure(
    start: Iterable[str],
    influences: Iterable[Influence],
    ends: Callable[[Influence], tuple[str, str]],
) -> set[str]:
    following: dict[str, list[str]] = {}
    for one in influences:
        tail, head = ends(one)
        following.setdefault(tail, []).append(head)
    seen = set(start)
    waiting = list(seen)
    while waiting:
        for node in following.get(waiting.pop(), ()):
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen
