"""Contradictions and repairs in sentences of biology."""

from __future__ import annotations

from collections.abc import Iterable

from raphe.joint.problem import Condition, Influence
from raphe.joint.repair import Move, Repair, Step
from raphe.joint.reported import Posed, Report
from raphe.joint.together import Case, Contradiction
from raphe.naming import capitalised
from raphe.sign import Change, Sign

_DOES = {
    Sign.POSITIVE: ("raises", "lowers"),
    Sign.NEGATIVE: ("lowers", "raises"),
    Sign.UNKNOWN: ("acts on", "acts on"),
}
_GOES = {Change.DOWN: "goes down", Change.SAME: "stays unchanged", Change.UP: "goes up"}


def goes(change: Change) -> str:
    """Directions in words.

    Examples
    --------
    >>> goes(Change.NOT_DOWN)
    'stays unchanged or goes up'
    """
    return " or ".join(word for single, word in _GOES.items() if single in change)


def said_report(report: Report) -> str:
    """What was reported, as a clause."""
    return f"{report.node} {goes(report.change)} under {report.condition}"


def said_contradiction(posed: Posed, contradiction: Contradiction) -> str:
    """What cannot be true together, and why, in a sentence or two."""
    reports = contradiction.reports
    together = _and([said_report(one) for one in reports])
    if contradiction.case is Case.UNREACHABLE:
        return f"It cannot be that {together}: nothing that was moved leads there."
    cannot = "cannot be" if len(reports) == 1 else "cannot all be"
    sentence = f"It {cannot} that {together}"
    if not contradiction.core.influences:
        return f"{sentence}: no way that is left brings it about."
    holding = [
        said
        for condition in _conditions(posed, reports)
        for said in _held(condition, contradiction.core.influences)
    ]
    ways = _and([str(one) for one in contradiction.core.influences])
    held = f", and {_and(list(dict.fromkeys(holding)))}" if holding else ""
    return f"{sentence}, since {ways}{held}."


def said_repairs(posed: Posed, contradiction: Contradiction, most: int = 6) -> str:
    """The ways out of a contradiction, the one that contradicts the least evidence first."""
    offered = [said_repair(posed, one, broken) for one, broken in contradiction.repairs[:most]]
    if not offered:
        return "No single kind of change mends it."
    if len(offered) == 1:
        return f"{capitalised(offered[0])}."
    return f"Either {'; or '.join(offered)}."


def said_repair(posed: Posed, repair: Repair, broken: int | None = None) -> str:
    """A repair as a clause, with its weight."""
    steps = " and ".join(said_step(posed, one) for one in repair.steps)
    cost = f"weight {repair.cost}"
    if broken:
        experiments = "experiment" if broken == 1 else "experiments"
        cost += f", and contradicts {broken} other {experiments}"
    return f"{steps} [{cost}]"


def said_step(posed: Posed, step: Step) -> str:
    """One change as a clause."""
    if step.move is Move.DOUBT:
        report = posed.reports[step.condition, step.node]
        names = ", ".join(report.findings)
        if report.change is Change.SAME:
            return f"{step.node} does move under {step.condition}, too little to be seen ({names})"
        return f"it is not so that {said_report(report)} ({names})"
    if step.move is Move.NEW_INFLUENCE:
        return f"something that the circuit does not have acts on {step.node}"
    assert step.influence is not None
    one = step.influence
    does, opposite = _DOES[one.sign]
    if step.move is Move.REMOVE:
        return f"{one.source} is not what {does} {one.target}{_cited(posed, one)}"
    return f"{one.source} {opposite} {one.target}, and does not {does[:-1]} it{_cited(posed, one)}"


def _cited(posed: Posed, influence: Influence) -> str:
    """What an influence rests on."""
    cited = {
        item.ref or "assumption"
        for edge in posed.bench.circuit.edges.get(influence, ())
        for item in edge.evidence
    }
    return f" ({', '.join(sorted(cited))})" if cited else ""


def _conditions(posed: Posed, reports: Iterable[Report]) -> Iterable[Condition]:
    names = {one.condition for one in reports}
    return [one for one in posed.problem.conditions if one.name in names]


def _held(condition: Condition, influences: Iterable[Influence]) -> Iterable[str]:
    """Nodes from which a contradiction sets out, since a drug holds them."""
    for one in influences:
        change = condition.held.get(one.source)
        if change is not None and change.is_single:
            way = {Change.DOWN: "down", Change.SAME: "where it is", Change.UP: "up"}[change]
            yield f"{one.source} is held {way}"


def _and(parts: list[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
