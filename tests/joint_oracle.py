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
        for what in (
            *broken_alone(problem, one, labels[one.name]),
            *_no_difference(problem, one, labels),
        )
    ]


def broken_alone(problem: Problem, condition: Condition, own: Labels) -> list[str]:
    """Laws that a labelling of one condition breaks, whatever the others are."""
    return list(_broken(problem, condition, own))


def _broken(problem: Problem, condition: Condition, own: Labels) -> Iterator[str]:
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
        is_input = is_free(condition, node)
        # What may push or not, and what may lie at one bound in both of two states, may stay.
        may_stay = Change.SAME in condition.pushed.get(node, Change.NOTHING)
        may_stay |= condition.shift is not None
        if node in condition.ambiguous and label is Change.SAME:
            yield f"{node} surely moved"
        if (node in condition.at_minimum and label is Change.DOWN) or (
            node in condition.at_maximum and label is Change.UP
        ):
            yield f"{node} is at its bound"
        if laws.explained and label is not Change.SAME and not is_input and label not in heard:
            yield f"{node} {label} is not explained"
        if laws.unchanged_explained and label is Change.SAME and not (is_input or may_stay):
            stuck = (node in condition.at_minimum and Change.DOWN in heard) or (
                node in condition.at_maximum and Change.UP in heard
            )
            if heard and not stuck and not _opposed(acting[node]):
                yield f"{node} should move: {heard}"
    if laws.founded:
        descends = _descends(problem, condition)
        yield from (
            f"{node} is not founded"
            for node in problem.graph.nodes
            if own[node] is not Change.SAME
            and node not in condition.held
            and not is_free(condition, node)
            and own[node] not in descends[node]
        )


def _no_difference(
    problem: Problem, condition: Condition, labels: Mapping[str, Labels]
) -> Iterator[str]:
    own = labels[condition.name]
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


def _opposed(acting: list[tuple[Change, str]]) -> bool:
    """Whether two different things act in opposite directions."""
    return any(
        one is Change.UP and other is Change.DOWN and by != whom
        for one, by in acting
        for other, whom in acting
    )


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
        acting[node] += [(one, f"outside {one.name}") for one in push & Change.CHANGED]
    return acting


def is_free(condition: Condition, node: str) -> bool:
    """Whether something outside may move a node as it likes."""
    return node in condition.inputs | condition.ambiguous


def _descends(problem: Problem, condition: Condition) -> dict[str, Change]:
    """Directions that some walk brings to each node from where something outside acts."""
    found = dict.fromkeys(problem.graph.nodes, Change.NOTHING)
    for node, change in (*condition.held.items(), *condition.pushed.items()):
        found[node] |= change & Change.CHANGED
    for node in condition.inputs | condition.ambiguous:
        found[node] = Change.CHANGED
    for _ in range(2 * len(found)):
        for one in problem.graph.influences:
            if one not in condition.cut and one.target not in condition.held:
                found[one.target] |= found[one.source].through(one.sign)
    return found
