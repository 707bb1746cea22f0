"""Joint consistency in words: directions, steps of a repair, and what is proved of its size."""

from __future__ import annotations

from raphe.errors import nearest
from raphe.joint.answer import Answer
from raphe.joint.problem import Problem
from raphe.joint.reach import Sighting, named
from raphe.joint.repair import Move, Step
from raphe.joint.solving import Bounds
from raphe.sign import Change

#: Directions as the field's own files write them.
SYMBOLS = {
    Change.UP: "+",
    Change.DOWN: "-",
    Change.SAME: "0",
    Change.NOT_UP: "notPlus",
    Change.NOT_DOWN: "notMinus",
    Change.CHANGED: "changed",
    Change.ANY: "any",
    Change.NOTHING: "none",
}
#: Absent nodes for which names near to theirs are looked for.
_OFFERED = 3
_WAYS = {Change.UP: "raises", Change.DOWN: "lowers"}


def counted(number: int, thing: str) -> str:
    """A number of things.

    Examples
    --------
    >>> counted(1, "finding"), counted(2000, "finding")
    ('1 finding', '2,000 findings')
    """
    return f"{number:,} {thing}{'s' * (number != 1)}"


def step_sentence(step: Step, several: bool) -> str:
    """What a step of a repair says.

    Examples
    --------
    >>> step_sentence(Step(Move.NEW_INFLUENCE, 1, "x", "GABA", Change.UP), several=False)
    'something else raises GABA'
    """
    where = f" in {step.condition}" if several and step.condition else ""
    if step.move is Move.NEW_INFLUENCE:
        return f"something else {_WAYS[step.change]} {step.node}{where}"
    if step.move is Move.MISFIT:
        return f"{step.node} is {SYMBOLS[step.change]}{where}, against what was seen"
    if step.move is Move.DOUBT:
        return f"what was seen of {step.node}{where} is doubted"
    verbs = {Move.REMOVE: "is not", Move.FLIP: "has the other sign", Move.ADD: "is added"}
    return f"{step.influence} {verbs[step.move]}"


def absent_sentence(found: Answer, most: int) -> str:
    """What was seen or declared of nodes that the network does not have, with names near to them.

    A name that was mistyped is most likely among the first.
    """
    problem = found.problem
    known = [one for one in problem.graph.nodes if one not in problem.graph.joint]
    several = len(problem.conditions) > 1
    conditions = {one.name: one for one in problem.conditions}
    absent = found.places.absent
    told = []
    for one in absent[:most]:
        words = [*([one.condition] if several else []), *named(conditions[one.condition])[one.node]]
        told.append(f"{one.node} ({', '.join(words)})" if words else one.node)
    more = f" and {len(absent) - most} more" if len(absent) > most else ""
    offers = [
        f"{offer[:-1]} for '{one.node}'?" if len(absent) > 1 else offer
        for one in absent[:_OFFERED]
        if (offer := nearest(one.node, known))
    ]
    listed = f"Absent from the network, {len(absent):,}: {', '.join(told)}{more}."
    return " ".join([listed, *offers])


def size_sentence(bounds: Bounds) -> str:
    """What is proved of the size of the smallest repair, and what is not.

    Examples
    --------
    >>> size_sentence(Bounds(3, 7))
    'no repair is smaller than 3 (proved); the best that was found has size 7'
    """
    if bounds.impossible:
        return "no repair of this kind makes them so (proved)"
    if bounds.proved:
        return f"the smallest repair has size {bounds.upper} (proved)"
    found = "none was found" if bounds.upper is None else "the best that was found has size {}"
    return f"no repair is smaller than {bounds.lower} (proved); {found.format(bounds.upper)}"


def parts(problem: Problem, sightings: tuple[Sighting, ...], most: int) -> str:
    """Names of nodes, the first of many."""
    several = len(problem.conditions) > 1
    names = [f"{one.node} ({one.condition})" if several else one.node for one in sightings]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
