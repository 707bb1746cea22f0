"""Inconsistent cores with all that they lead to: the parts of a network not to be relied on.

A minimal core (Gebser, Schaub, Thiele, Veber, TPLP 2011, 11:323) names those to blame; what it
leads to is in doubt with it. The program iggy (https://github.com/bioasp/iggy, version 2, and the
list of its guide) tells cores in this form, by the law that changes are explained alone:

- nodes that nothing can explain are one set: nothing acts on them and they are no inputs, or they
  were seen to change, and what was seen contradicts every influence on them. The laws are not asked
  of these then, and no other set leads to one;
- each other set holds, with a node, all that this acts on, and its laws cannot hold together. It is
  linked: from each of its nodes to each other leads a chain of influences, taken backwards only
  where the source was not observed. Of sets within each other the smallest is told.

So the sets are larger and fewer than minimal cores, and some of these are in none: where what they
lead to is not linked, or holds a node that nothing can explain. How many is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum

from raphe.joint.cores import Cores, find_cores
from raphe.joint.encoding import nodes_of
from raphe.joint.problem import Condition, Influence, Problem
from raphe.joint.reach import Sighting
from raphe.joint.running import Clock
from raphe.propagation.components import strong_components
from raphe.sign import Change, Sign

_SIGNS = {
    Sign.POSITIVE: (Sign.POSITIVE,),
    Sign.NEGATIVE: (Sign.NEGATIVE,),
    Sign.UNKNOWN: (Sign.POSITIVE, Sign.NEGATIVE),
}


class CoresAs(Enum):
    """What of an inconsistent core is told."""

    #: The fewest nodes whose laws cannot hold together.
    MINIMAL = "minimal"
    #: These with all that they lead to, as one linked part of the network.
    DOWNSTREAM = "downstream"


def find_downstream(problem: Problem, most: int, clock: Clock) -> Cores:
    """Least inconsistent sets of nodes that hold, with a node, all that it acts on.

    A set that holds all that its nodes act on cannot be labelled if and only if it holds a minimal
    core, hence the least ones are minimal cores with all that these lead to.

    Parameters
    ----------
    problem
        Graph, conditions and laws.
    most
        How many are returned, the smallest first. All minimal cores are looked for.
    clock
        When to stop. Sets that were made of some minimal cores only need not be the least.

    Examples
    --------
    >>> from raphe.joint.problem import SignedGraph
    >>> graph = SignedGraph.of(Influence(*ends, Sign.POSITIVE) for ends in ("ab", "ac", "bd", "be"))
    >>> seen = {"c": Change.DOWN, "d": Change.UP}
    >>> problem = Problem(graph, (Condition("x", seen, inputs=frozenset("a")),))
    >>> [one.node for one in find_downstream(problem, 9, Clock()).cores[0]]
    ['b', 'c', 'd', 'e']
    """
    inexplicable = {one.name: _inexplicable(problem, one) for one in problem.conditions}
    rest = replace(
        problem,
        conditions=tuple(
            replace(one, inputs=one.inputs | inexplicable[one.name]) for one in problem.conditions
        ),
    )
    minimal = find_cores(rest, None, clock)
    if minimal.cores == ((),):
        return minimal
    told = frozenset(Sighting(name, node) for name, own in inexplicable.items() for node in own)
    ahead, part = _ahead(problem), _linked_parts(rest)
    found: set[frozenset[Sighting]] = set()
    for core in minimal.cores:
        every = _with_all_ahead(core, ahead)
        if not every & told and len({part[one] for one in every}) == 1:
            found.add(every)
    least = [one for one in found if not any(other < one for other in found)]
    first = tuple(sorted(told))
    several = [*(tuple(sorted(one)) for one in least), *([first] if first else [])]
    ordered = sorted(several, key=lambda core: (len(core), core))
    complete = minimal.complete and len(ordered) <= most
    left_out = sum(not any(one.issuperset(core) for one in least) for core in minimal.cores)
    return Cores(tuple(ordered[:most]), complete, first, left_out)


def _inexplicable(problem: Problem, condition: Condition) -> frozenset[str]:
    """Nodes that nothing acts on, or at which what was seen contradicts every influence."""
    hears: dict[str, list[Influence]] = {node: [] for node in problem.graph.nodes}
    for one in _acting(problem, condition):
        hears[one.target].append(one)
    free = condition.moved
    return frozenset(
        node
        for node, heard in hears.items()
        if node not in free
        and (not heard or Change.SAME not in condition.observed.get(node, Change.ANY))
        and not any(_carries(condition, one) for one in heard)
    )


def _carries(condition: Condition, influence: Influence) -> bool:
    """Whether what was seen at both ends allows that the one changes the other."""
    before = condition.observed.get(influence.source, Change.ANY)
    after = condition.observed.get(influence.target, Change.ANY)
    return any(
        single.through(sign) in after
        for single in before
        if single is not Change.SAME
        for sign in _SIGNS[influence.sign]
    )


def _acting(problem: Problem, condition: Condition) -> Iterable[Influence]:
    """Influences on nodes of which the laws are asked."""
    exempt = condition.inputs | condition.ambiguous | frozenset(condition.held)
    return (
        one
        for one in problem.graph.influences
        if one not in condition.cut and one.target not in exempt
    )


def _ahead(problem: Problem) -> Mapping[Sighting, set[Sighting]]:
    """What each node acts on, in each condition."""
    ahead: dict[Sighting, set[Sighting]] = {}
    for condition in problem.conditions:
        for one in _acting(problem, condition):
            source, target = (Sighting(condition.name, end) for end in (one.source, one.target))
            ahead.setdefault(source, set()).add(target)
    return ahead


def _with_all_ahead(
    core: Iterable[Sighting], ahead: Mapping[Sighting, set[Sighting]]
) -> frozenset[Sighting]:
    every = set(core)
    waiting = list(every)
    while waiting:
        more = ahead.get(waiting.pop(), set()) - every
        every |= more
        waiting += more
    return frozenset(every)


def _linked_parts(problem: Problem) -> Mapping[Sighting, int]:
    """Numbers of the parts of which each node is linked to each other.

    Where the direction of a source is open, the laws of all that it acts on bear on each other.
    """
    names = [one.name for one in problem.conditions]
    every = [Sighting(name, node) for name in names for node in nodes_of(problem)]
    number = {one: rank for rank, one in enumerate(every)}
    pairs: list[tuple[int, int]] = []
    for condition in problem.conditions:
        for one in _acting(problem, condition):
            source = number[Sighting(condition.name, one.source)]
            target = number[Sighting(condition.name, one.target)]
            pairs.append((source, target))
            if not condition.observed.get(one.source, Change.ANY).is_single:
                pairs.append((target, source))
            if one.sign is Sign.UNKNOWN:
                # The sign is the same in all conditions.
                other = number[Sighting(names[0], one.target)]
                pairs += [(target, other), (other, target)]
        if condition.shift is not None:
            for name in (condition.shift.of, condition.shift.against):
                for node in nodes_of(problem):
                    here, there = (
                        number[Sighting(condition.name, node)],
                        number[Sighting(name, node)],
                    )
                    pairs += [(here, there), (there, here)]
    parts = strong_components(len(every), pairs)
    return {every[one]: rank for rank, part in enumerate(parts) for one in part}
