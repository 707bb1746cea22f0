"""Joint consistency in words: directions, steps of a repair, and what is proved of its size."""

from __future__ import annotations

from raphe.joint.problem import Problem
from raphe.joint.reach import Sighting
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
_WAYS = {Change.UP: "raises", Change.DOWN: "lowers"}


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
