"""Parts of a problem that have nothing to do with each other, as long as the graph stays."""

from __future__ import annotations

from raphe.joint.problem import Condition, Problem
from raphe.sign import Sign


def independent_parts(problem: Problem) -> tuple[Problem, ...]:
    """The problem in parts: conditions that are compared with each other stay together.

    So do those in which an influence of unknown sign acts, since it has one sign in all of them.

    All parts stand on the same graph. Parts in which nothing was seen are left out, since every
    graph has a labelling of those.

    Examples
    --------
    >>> from raphe.joint.problem import Shift, SignedGraph
    >>> from raphe.sign import Change
    >>> up = {"a": Change.UP}
    >>> whole = Problem(SignedGraph(("a",), ()), (
    ...     Condition("one", up), Condition("two"), Condition("three"),
    ...     Condition("difference", up, shift=Shift("two", "three"))))
    >>> [[one.name for one in part.conditions] for part in independent_parts(whole)]
    [['one'], ['two', 'three', 'difference']]
    """
    leader = {one.name: one.name for one in problem.conditions}

    def first(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for one in problem.conditions:
        for other in (one.shift.of, one.shift.against) if one.shift else ():
            leader[first(one.name)] = first(other)
    for influence in problem.graph.influences:
        if influence.sign is Sign.UNKNOWN:
            acts = [
                one.name
                for one in problem.conditions
                if influence not in one.cut and influence.target not in one.held
            ]
            for name in acts[1:]:
                leader[first(name)] = first(acts[0])
    parts: dict[str, list[Condition]] = {}
    for one in problem.conditions:
        parts.setdefault(first(one.name), []).append(one)
    return tuple(
        Problem(problem.graph, tuple(part), problem.laws)
        for part in parts.values()
        if any(one.observed for one in part)
    )
