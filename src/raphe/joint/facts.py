"""One part of a problem as facts for the solver: what acts where, and what a change of it costs.

Only nodes from which something that was seen can be reached take part: whatever their labels, the
rest can be labelled, since with small enough weights every circuit has a steady state, and the
signs of a steady state obey the laws.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from raphe.joint.encoding import NUMBERS, nodes_of
from raphe.joint.problem import Condition, Influence, Problem
from raphe.joint.repair import Move
from raphe.joint.weight import Costs
from raphe.sign import Change, Sign

#: Signs as the logic program writes them; an unknown sign is told by no number.
SIGN_NUMBERS = {Sign.POSITIVE: 1, Sign.NEGATIVE: -1}


@dataclass(frozen=True)
class Scope:
    """What of a part can matter to what was seen."""

    nodes: frozenset[str]
    influences: tuple[Influence, ...]
    #: What was seen, by condition and node.
    observations: tuple[tuple[str, str], ...]


def scope_of(part: Problem) -> Scope:
    """Nodes from which something that was seen can be reached, and what acts on them."""
    nodes = _upstream(part)
    return Scope(
        nodes,
        tuple(one for one in part.graph.influences if one.target in nodes),
        tuple((one.name, node) for one in part.conditions for node in one.observed),
    )


def facts_of(
    part: Problem,
    scope: Scope,
    costs: Costs,
    removable: Collection[Influence],
    edits: Collection[Move],
) -> Iterator[str]:
    """The facts of a part, as the laws name them, what may be changed, and what each change costs.

    Parameters
    ----------
    part, scope
        What is told.
    costs
        Of changes.
    removable
        Influences that may be left out.
    edits
        Whether signs may be turned round, and whether something else may act on nodes.
    """
    removed = set(removable)
    turns = Move.FLIP in edits
    number = nodes_of(part)
    where = {one.name: place for place, one in enumerate(part.conditions)}
    for name in sorted(scope.nodes):
        yield f"node({number[name]})."
        if name in part.graph.joint:
            yield f"joint({number[name]})."
        if Move.NEW_INFLUENCE in edits:
            yield f"opening({number[name]}). cost(n,{number[name]},{costs.of_addition(name)})."
    for place, one in enumerate(scope.influences):
        yield f"influence({place},{number[one.source]},{number[one.target]})."
        if one in removed:
            yield f"loose({place}). cost(r,{place},{costs.of_removal(one)})."
        if turns or one.sign is Sign.UNKNOWN:
            yield f"unknown({place}). cost(f,{place},{costs.of_flip(one)})."
        if one.sign is not Sign.UNKNOWN:
            yield f"{'said' if turns else 'declared'}({place},{SIGN_NUMBERS[one.sign]})."
    pairs = Counter((one.source, one.target) for one in scope.influences)
    yield from (f"doubled({number[b]})." for (_, b), many in pairs.items() if many > 1)
    for place, (name, node) in enumerate(scope.observations):
        yield f"seen({place},{where[name]},{number[node]})."
        yield f"cost(d,{place},{costs.of_doubt(name, node)})."
    for condition in part.conditions:
        own = where[condition.name]
        yield f"condition({own})."
        for place, one in enumerate(scope.influences):
            if one in condition.cut or one.target in condition.held:
                yield f"cut({own},{place})."
        yield from _outside(condition, own, number, scope.nodes)
        if condition.shift is not None:
            of, against = where[condition.shift.of], where[condition.shift.against]
            yield f"shift({own},{of},{against})."


def _outside(
    condition: Condition, own: int, number: Mapping[str, int], nodes: frozenset[str]
) -> Iterator[str]:
    """What holds, pushes and bounds the nodes of a condition."""
    inputs = condition.inputs | condition.ambiguous
    facts: list[tuple[Iterable[str], str]] = [
        (inputs | frozenset(condition.held), "exempt({},{})."),
        (inputs - frozenset(condition.held), "input({},{})."),
        (condition.ambiguous, "excluded({},{},0)."),
        (condition.at_minimum, "at_minimum({0},{1}). excluded({0},{1},-1)."),
        (condition.at_maximum, "at_maximum({0},{1}). excluded({0},{1},1)."),
    ]
    for name, change in condition.held.items():
        for one, value in NUMBERS.items():
            kind = "held" if one in change else "excluded"
            facts.append(((name,), f"{kind}({{}},{{}},{value})."))
    for name, push in condition.pushed.items():
        # What may not act at all may leave the node where it is.
        words = [f"pushed({{}},{{}},{NUMBERS[one]})." for one in push & Change.CHANGED]
        words += ["bounded({},{})."] if Change.SAME in push else []
        words += [] if push.is_single else ["doubled({1})."]
        facts += [((name,), word) for word in words]
    for names, word in facts:
        yield from (word.format(own, number[one]) for one in sorted(nodes & set(names)))


def _upstream(part: Problem) -> frozenset[str]:
    """Nodes from which something that was seen can be reached, with those that the graph lacks."""
    hears: dict[str, list[str]] = {}
    for one in part.graph.influences:
        hears.setdefault(one.target, []).append(one.source)
    reached = {node for one in part.conditions for node in one.observed}
    waiting = sorted(reached)
    while waiting:
        for source in hears.get(waiting.pop(), ()):
            if source not in reached:
                reached.add(source)
                waiting.append(source)
    return frozenset(reached)
