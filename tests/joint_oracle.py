"""The laws of signs, checked one by one in plain Python: an oracle for solver and translation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from raphe.joint.problem import Condition, Problem
from raphe.sign import Change

Labels = Mapping[str, Change]


def broken(problem: Problem, labels: Mapping[str, Labels]) -> list[str]:
    """Laws that a labelling of every condition breaks, in words; none if it is consistent."""
    return [
        f"{one.name}: {what}"
        for one in problem.conditions
        for what in _broken(problem, one, labels)
    ]


def _broken(
    problem: Problem, condition: Condition, labels: Mapping[str, Labels]
) -> Iterator[str]:
    own = labels[condition.name]
    laws = problem.laws
    acting = _acting(problem, condition, own)
    for node in problem.graph.nodes:
        label = own[node]
        if label not in condition.observed.get(node, Change.ANY):
            yield f"{node} was not seen {label}"
        if node in condition.held:
            if label not in condition.held[node]:
                yield f"{node} is not held {label}"
            continue
        heard = {sign for sign, _ in acting[node]}
        is_input = node in condition.inputs | condition.ambiguous
        if node in condition.ambiguous and label is Change.SAME:
            yield f"{node} surely moved"
        if (node in condition.at_minimum and label is Change.DOWN) or (
            node in condition.at_maximum and label is Change.UP
        ):
            yield f"{node} is at its bound"
        if laws.explained and label is not Change.SAME and not is_input and label not in heard:
            yield f"{node} {label} is not explained"
        if laws.unchanged_explained and label is Change.SAME and not is_input:
            stuck = (node in condition.at_minimum and heard == {Change.DOWN}) or (
                node in condition.at_maximum and heard == {Change.UP}
            )
            if len(heard) == 1 and not stuck:
                yield f"{node} should move: {heard}"
    if laws.founded:
        found = _founded(condition, own, acting)
        yield from (
            f"{node} is not founded"
            for node in problem.graph.nodes
            if own[node] is not Change.SAME and node not in found
        )
    if condition.shift is not None:
        of, against = labels[condition.shift.of], labels[condition.shift.against]
        for node in problem.graph.nodes:
            if own[node] not in less(of[node], against[node]):
                yield f"{node}: {own[node]} is no difference of {of[node]} and {against[node]}"


def less(one: Change, other: Change) -> Change:
    """Signs that the difference of two numbers with these signs can have."""
    if one is not Change.SAME and one is other:
        return Change.ANY
    if one is not Change.SAME:
        return one
    return {Change.UP: Change.DOWN, Change.DOWN: Change.UP, Change.SAME: Change.SAME}[other]


def _acting(
    problem: Problem, condition: Condition, own: Labels
) -> dict[str, list[tuple[Change, str]]]:
    """Directions in which each node is acted on, and by what; pushes of which none is sure too."""
    acting: dict[str, list[tuple[Change, str]]] = {node: [] for node in problem.graph.nodes}
    for one in problem.graph.influences:
        if one not in condition.cut and own[one.source] is not Change.SAME:
            for direction in own[one.source].through(one.sign):
                acting[one.target].append((direction, one.source))
    for node, push in condition.pushed.items():
        acting[node] += [(direction, "") for direction in push & Change.CHANGED]
    return acting


def _founded(
    condition: Condition, own: Labels, acting: Mapping[str, list[tuple[Change, str]]]
) -> set[str]:
    found = {node for node in own if node in condition.held and own[node] is not Change.SAME}
    found |= {node for node in own if node in condition.inputs | condition.ambiguous}
    while True:
        more = {
            node
            for node in own
            if node not in found
            and any(d is own[node] and (not by or by in found) for d, by in acting[node])
        }
        if not more:
            return found
        found |= more
