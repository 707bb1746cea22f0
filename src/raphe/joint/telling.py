"""What it takes to follow a contradiction: links besides its core, and what the drugs do."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from raphe.joint.contradiction import Contradiction
from raphe.joint.problem import Condition, Influence
from raphe.joint.reported import Posed
from raphe.sign import Change


@dataclass(frozen=True)
class Acting:
    """A drug at a node, and how it moves it."""

    drug: str
    #: As it is written.
    title: str
    node: str
    change: Change
    #: Whether nothing else acts on the node then.
    holds: bool


def core_nodes(contradiction: Contradiction) -> set[str]:
    """Nodes that a contradiction is about."""
    ends = {end for one in contradiction.core.influences for end in (one.source, one.target)}
    return ends | {one.node for one in contradiction.reports}


def joining(posed: Posed, contradiction: Contradiction) -> tuple[Influence, ...]:
    """Influences that join what was reported to the core where no influence of the core does.

    A core has the influences whose presence or sign it takes. One that brings about a reported
    change, and without which it could not be either, is none of these, and yet it is needed to
    follow the reason.
    """
    influences = contradiction.core.influences
    if not influences:
        return ()
    joined = {end for one in influences for end in (one.source, one.target)}
    names = {one.condition for one in contradiction.reports}
    acting = _acting(posed, [one for one in posed.problem.conditions if one.name in names])
    found: list[Influence] = []
    for report in contradiction.reports:
        if report.node in joined:
            continue
        direct = [one for one in acting if one.target == report.node and one.source in joined]
        found += direct
        if not direct:
            path = _path([report.node], joined, [*acting, *map(_turned, acting)])
            known = {(one.source, one.target) for one in path}
            found += [one for one in acting if (one.source, one.target) in known]
            found += [one for one in acting if (one.target, one.source) in known]
            joined |= {end for pair in known for end in pair}
        joined.add(report.node)
    return tuple(dict.fromkeys(found))


def drugs_acting(posed: Posed, name: str) -> tuple[Acting, ...]:
    """What drugs hold or push in a condition; in a comparison, those that one side alone has."""
    conditions = {one.name: one for one in posed.problem.conditions}
    if name not in posed.done or name not in conditions:
        return ()
    treatment, bench, own = posed.done[name], posed.bench, conditions[name]
    if not treatment.administrations:
        return ()
    titles = {one.drug.name: one.drug.title.lower() for one in treatment.administrations}
    # How a comparison differs may be open where what the combination does is not.
    of = conditions[own.shift.of] if own.shift else own
    found = {}
    for contact in bench.perturb(treatment).contacts:
        node = bench.network.names[contact.node]
        change = _moved(own, node) and _moved(of, node)
        if change & Change.CHANGED and contact.usual >= bench.reading.least:
            acting = Acting(contact.drug, titles[contact.drug], node, change, node in of.held)
            found[contact.drug, node] = acting
    return tuple(found[key] for key in sorted(found))


def ways_in(posed: Posed, contradiction: Contradiction) -> tuple[Influence, ...]:
    """The shortest way from where each drug acts to what the contradiction is about, if any."""
    goals = core_nodes(contradiction)
    found: list[Influence] = []
    for name in dict.fromkeys(one.condition for one in contradiction.reports):
        acting = drugs_acting(posed, name)
        influences = _acting(posed, [one for one in posed.problem.conditions if one.name == name])
        for drug in sorted({one.drug for one in acting}):
            starts = [one.node for one in acting if one.drug == drug]
            found += _path(starts, goals, influences)
    return tuple(dict.fromkeys(found))


def _moved(condition: Condition, node: str) -> Change:
    held = condition.held.get(node, Change.NOTHING)
    return held or condition.pushed.get(node, Change.NOTHING)


def _acting(posed: Posed, conditions: Collection[Condition]) -> list[Influence]:
    """Influences that act in some of the conditions."""
    return [
        one
        for one in posed.problem.graph.influences
        if any(one not in own.cut and one.target not in own.held for own in conditions)
    ]


def _turned(influence: Influence) -> Influence:
    return Influence(influence.target, influence.source, influence.sign)


def _path(
    starts: Iterable[str], goals: Collection[str], influences: Iterable[Influence]
) -> list[Influence]:
    """A shortest path, breadth first in order of names; empty where there is none."""
    onward: dict[str, list[Influence]] = {}
    for one in sorted(influences, key=lambda own: own.order):
        onward.setdefault(one.source, []).append(one)
    waiting = sorted(set(starts))
    came: dict[str, Influence | None] = dict.fromkeys(waiting, None)
    while waiting:
        here = waiting.pop(0)
        if here in goals:
            path: list[Influence] = []
            while (step := came[here]) is not None:
                path.insert(0, step)
                here = step.source
            return path
        for one in onward.get(here, ()):
            if one.target not in came:
                came[one.target] = one
                waiting.append(one.target)
    return []
