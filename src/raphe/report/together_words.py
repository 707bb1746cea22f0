"""Contradictions and repairs in sentences of biology."""

from __future__ import annotations

from collections.abc import Iterable

from raphe.joint.contradiction import Case, Contradiction
from raphe.joint.problem import Condition, Influence
from raphe.joint.repair import Move, Repair, Step
from raphe.joint.reported import Posed, Report
from raphe.joint.telling import drugs_acting, joining
from raphe.naming import capitalised
from raphe.report.joint_words import counted
from raphe.sign import Change, Sign

_DOES = {
    Sign.POSITIVE: ("raises", "lowers"),
    Sign.NEGATIVE: ("lowers", "raises"),
    Sign.UNKNOWN: ("acts on", "acts on"),
}
_ARROWS = {Sign.POSITIVE: "→", Sign.NEGATIVE: "⊣", Sign.UNKNOWN: "⇢"}
_OUTSIDE = "something that the circuit does not have acts on"
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
    return f"{report.node} {goes(report.change)} with {report.condition}"


def said_contradiction(posed: Posed, contradiction: Contradiction) -> str:
    """What cannot be true together, and why, in a sentence or two."""
    reports = contradiction.reports
    where = {one.condition for one in reports}
    if len(where) == 1:
        under = f"With {where.pop()}, it"
        together = _and([f"{one.node} {goes(one.change)}" for one in reports])
    else:
        under, together = "It", _and([said_report(one) for one in reports])
    cannot = "cannot be" if len(reports) == 1 else "cannot all be"
    sentence = f"{under} {cannot} that {together}"
    if contradiction.case is Case.UNREACHABLE:
        return f"{sentence}: {_nothing_leads(posed, reports[0])}."
    influences = (*contradiction.core.influences, *joining(posed, contradiction))
    if not influences:
        return f"{sentence}: no way that is left brings it about."
    holding = [
        said for condition in _conditions(posed, reports) for said in _held(condition, influences)
    ]
    held = f"; {_and(list(dict.fromkeys(holding)))}" if holding else ""
    return f"{sentence}, since {', '.join(chains(influences))}{held}."


def _nothing_leads(posed: Posed, report: Report) -> str:
    """Why what was reported cannot be reached, with what the drugs do."""
    acting = drugs_acting(posed, report.condition)
    (condition,) = (one for one in posed.problem.conditions if one.name == report.condition)
    said = "nothing that was moved leads there"
    if condition.shift is not None:
        said = "nothing in which the two differ leads there"
    titles = dict.fromkeys(one.title for one in acting)
    told = [
        f"{title} acts on {_and([one.node for one in acting if one.title == title])}"
        for title in titles
    ]
    return f"{said} ({'; '.join(told)})" if told else said


def chains(influences: Iterable[Influence]) -> list[str]:
    """Influences as paths, each as long as it goes without branching.

    Examples
    --------
    >>> chains([Influence("b", "c", Sign.NEGATIVE), Influence("a", "b", Sign.POSITIVE)])
    ['a → b ⊣ c']
    """
    left = sorted(influences, key=lambda one: one.order)
    written = []
    while left:
        targets = {one.target for one in left}
        path = [next((one for one in left if one.source not in targets), left[0])]
        left.remove(path[0])
        while onward := [one for one in left if one.source == path[-1].target]:
            path.append(onward[0])
            left.remove(onward[0])
        written.append(
            path[0].source + "".join(f" {_ARROWS[one.sign]} {one.target}" for one in path)
        )
    return written


def said_repairs(posed: Posed, contradiction: Contradiction, most: int = 6) -> str:
    """The ways out of a contradiction, the one that contradicts the least evidence first."""
    ways: dict[tuple[object, ...], list[tuple[Repair, int | None]]] = {}
    for repair, broken in contradiction.repairs:
        alike: tuple[object, ...] = (repair.steps,)
        if [one.move for one in repair.steps] == [Move.NEW_INFLUENCE]:
            # Ways that differ only in where something acts are told in one breath.
            alike = (Move.NEW_INFLUENCE, repair.cost, broken)
        ways.setdefault(alike, []).append((repair, broken))
    offered = [_said_way(posed, several) for several in list(ways.values())[:most]]
    if not offered and not contradiction.is_searched:
        return "What would mend it was not searched in time."
    if not offered:
        return "No single kind of change mends it."
    if len(offered) == 1:
        return f"{capitalised(offered[0])}."
    return f"Either {'; or '.join(offered)}."


def _said_way(posed: Posed, several: list[tuple[Repair, int | None]]) -> str:
    (first, broken), *others = several
    if not others:
        return said_repair(posed, first, broken)
    *most, last = [repair.steps[0].node for repair, _ in several]
    return f"{_OUTSIDE} {', '.join(most)} or {last} {_weight(first, broken)}"


def said_repair(posed: Posed, repair: Repair, broken: int | None = None) -> str:
    """A repair as a clause, with its weight."""
    steps = " and ".join(said_step(posed, one) for one in repair.steps)
    return f"{steps} {_weight(repair, broken)}"


def _weight(repair: Repair, broken: int | None) -> str:
    cost = f"weight {repair.cost}"
    if broken:
        cost += f", and contradicts {counted(broken, 'other experiment')}"
    return f"[{cost}]"


def said_step(posed: Posed, step: Step) -> str:
    """One change as a clause."""
    if step.move is Move.DOUBT:
        report = posed.reports[step.condition, step.node]
        names = ", ".join(report.findings)
        if report.change is Change.SAME:
            return f"{step.node} does move with {step.condition}, too little to be seen ({names})"
        return f"it is not so that {said_report(report)} ({names})"
    if step.move is Move.NEW_INFLUENCE:
        return f"{_OUTSIDE} {step.node}"
    assert step.influence is not None
    one = step.influence
    does, opposite = _DOES[one.sign]
    if step.move is Move.REMOVE:
        return f"{one.source} is not what {does} {one.target}{_cited(posed, one, is_left_out=True)}"
    return f"{one.source} {opposite} {one.target}, and does not {does[:-1]} it{_cited(posed, one)}"


def _cited(posed: Posed, influence: Influence, is_left_out: bool = False) -> str:
    """What speaks for an influence and what against it, and the question that it hangs on."""
    edges = posed.bench.circuit.edges.get(influence, ())
    items = [item for edge in edges for item in edge.evidence]
    told = []
    speaking = [sorted({one.ref or "assumption" for one in items if one.against is way}) for way in
                (False, True)]  # fmt: skip
    if speaking[1]:
        told = [f"for it {', '.join(speaking[0])}", f"against it {', '.join(speaking[1])}"]
    elif speaking[0]:
        told = [", ".join(speaking[0])]
    for question in sorted({edge.declared.contested for edge in edges} - {""}):
        told.append(f"disputed, see '--side {question}={'no' if is_left_out else 'yes|no'}'")
    return f" ({'; '.join(told)})" if told else ""


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
