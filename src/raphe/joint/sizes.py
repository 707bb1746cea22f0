"""Sizes of the least repairs of many experiments on one graph, which is grounded once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from raphe.joint.problem import Condition, Problem
from raphe.joint.reach import restrict
from raphe.joint.repair import MCOS, Permitted
from raphe.joint.running import Clock
from raphe.joint.solving import Bounds, Solver
from raphe.sign import Change


def repair_sizes(
    problem: Problem, new_influence: int = 1, clock: Clock | None = None
) -> Mapping[str, Bounds]:
    """What it costs to mend each condition by itself, with new influences.

    Conditions that differ in nothing but what was seen share one program: its observations are
    assumptions, so that nothing is grounded or learned twice.

    Parameters
    ----------
    problem
        Its conditions are taken one by one; comparisons with each other are not possible.
    new_influence
        Cost of each.
    clock
        Ends it before; what is not known then has no upper bound.

    Returns
    -------
    dict
        Bounds by name of the condition.

    Examples
    --------
    >>> from raphe.joint.problem import Influence, SignedGraph
    >>> from raphe.sign import Sign
    >>> graph = SignedGraph.of([Influence("a", "b", Sign.POSITIVE)])
    >>> up, same = {"a": Change.UP, "b": Change.UP}, {"a": Change.SAME, "b": Change.UP}
    >>> seen = (Condition("up", up, frozenset("a")), Condition("same", same, frozenset("a")))
    >>> {name: bounds.upper for name, bounds in repair_sizes(Problem(graph, seen)).items()}
    {'up': 0, 'same': 1}
    """
    clock = clock or Clock()
    permitted = replace(MCOS, new_influence=new_influence) if new_influence != 1 else MCOS
    groups: dict[object, list[Condition]] = {}
    for one in problem.conditions:
        groups.setdefault(_apart_from_observations(one), []).append(one)
    found: dict[str, Bounds] = {}
    for members in groups.values():
        found.update(_sizes(problem, members, permitted, clock))
    return {one.name: found[one.name] for one in problem.conditions}


def _apart_from_observations(condition: Condition) -> object:
    return (
        condition.inputs,
        condition.ambiguous,
        condition.at_minimum,
        condition.at_maximum,
        tuple(condition.held.items()),
        tuple(condition.pushed.items()),
        condition.cut,
    )


def _sizes(
    problem: Problem, members: list[Condition], permitted: Permitted, clock: Clock
) -> dict[str, Bounds]:
    every = {node: Change.ANY for one in members for node in one.observed}
    common = replace(members[0], observed=every, shift=None)
    solver = Solver(restrict(replace(problem, conditions=(common,))), permitted, fixed=False)
    found = {}
    for number, one in enumerate(members):
        clock.say(f"{number} of {len(members)} conditions")
        found[one.name] = solver.least(solver.assume([one]), clock)
    return found
