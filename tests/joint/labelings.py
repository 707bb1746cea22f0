"""All labellings of small problems, one by one: what every answer is held against."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, combinations, product

import numpy as np

from raphe.joint.encoding import nodes_of
from raphe.joint.problem import Condition, Influence, Problem
from raphe.joint.repair import Move, Permitted, Repair, Step, apply_repair
from raphe.sign import Change, Sign

DIRECTIONS = (Change.DOWN, Change.SAME, Change.UP)
NUMBER = {Change.DOWN: -1, Change.SAME: 0, Change.UP: 1}
_CHANGES = {number: change for change, number in NUMBER.items()}
Labelling = dict[tuple[str, str], Change]


def exempt(condition: Condition) -> set[str]:
    return condition.inputs | condition.ambiguous | set(condition.held)


def possible(condition: Condition, node: str, observed: bool = True) -> list[Change]:
    """Directions that declarations and observations leave to a node."""
    left = Change.ANY
    if observed:
        left &= condition.observed.get(node, Change.ANY)
    left &= condition.held.get(node, Change.ANY)
    if node in condition.ambiguous:
        left &= Change.CHANGED
    if node in condition.at_minimum:
        left &= Change.NOT_DOWN
    if node in condition.at_maximum:
        left &= Change.NOT_UP
    return [one for one in DIRECTIONS if one in left]


def acting(condition: Condition, influences: list[Influence]) -> list[Influence]:
    return [one for one in influences if one.target not in condition.held]


def obeys(
    problem: Problem,
    condition: Condition,
    influences: list[Influence],
    label: dict[str, Change],
    node: str,
) -> bool:
    """Whether the laws hold at a node, given the directions of all."""
    if node in exempt(condition):
        return True
    own, laws = label[node], problem.laws
    pushed = [one for one in condition.pushed.get(node, Change.NOTHING) if one is not Change.SAME]
    heard: list[tuple[object, Change]] = [
        (one.source, label[one.source].through(one.sign))
        for one in influences
        if one.target == node and label[one.source] is not Change.SAME
    ] + [(("outside", one), one) for one in pushed]
    got = {change for _, change in heard}
    if own is Change.SAME:
        if not laws.unchanged_explained or not got or condition.shift is not None:
            return True
        if Change.SAME in condition.pushed.get(node, Change.NOTHING):
            return True
        if node in condition.at_minimum and Change.DOWN in got:
            return True
        if node in condition.at_maximum and Change.UP in got:
            return True
        if node in problem.graph.joint and any(
            one.target == node and label[one.source] is Change.SAME for one in influences
        ):
            return True
        pairs = combinations(heard, 2)
        return any(a[0] != b[0] and a[1] is not b[1] for a, b in pairs)
    if laws.explained and own not in got:
        return False
    if laws.founded and own not in _descending(condition, influences, node):
        return False
    return not laws.elementary_path or _on_path(condition, influences, label, node)


def _descending(condition: Condition, influences: Sequence[Influence], node: str) -> set[Change]:
    """Signs of walks that end at a node, by searching backwards."""
    found: set[Change] = set()
    seen = {(node, Change.UP)}
    waiting = [(node, Change.UP)]
    while waiting:
        here, sign = waiting.pop()
        starts = Change.NOTHING
        if here in condition.held:
            starts = condition.held[here]
        elif here in condition.inputs | condition.ambiguous:
            starts = Change.CHANGED
        starts |= condition.pushed.get(here, Change.NOTHING)
        for start in starts:
            if start is not Change.SAME:
                found.add(start if sign is Change.UP else start.through(Sign.NEGATIVE))
        for one in influences:
            step = (one.source, sign.through(one.sign))
            if one.target == here and step not in seen:
                seen.add(step)
                waiting.append(step)
    return found


def _on_path(
    condition: Condition, influences: list[Influence], label: dict[str, Change], node: str
) -> bool:
    """Whether a path without repeated nodes leads here from where the change began.

    By the sign of this change; what lies in between need not change.
    """

    def back(here: str, change: Change, path: tuple[str, ...]) -> bool:
        if (change is Change.DOWN and here in condition.at_minimum) or (
            change is Change.UP and here in condition.at_maximum
        ):
            return False
        if here in exempt(condition):
            return label[here] is change
        if change in condition.pushed.get(here, Change.NOTHING):
            return True
        return any(
            back(one.source, change.through(one.sign), (*path, here))
            for one in influences
            if one.target == here and one.source not in (*path, here)
        )

    return back(node, label[node], ())


@cache
def rows(count: int) -> np.ndarray:
    """All labellings of so many nodes."""
    return np.array(list(product((-1, 0, 1), repeat=count)), dtype=np.int8).reshape(-1, count)


def fitting(condition: Condition, nodes: Sequence[str], observed: bool = True) -> np.ndarray:
    """Which labellings are possible, whatever the laws."""
    every = rows(len(nodes))
    kept = np.ones(len(every), dtype=bool)
    for place, node in enumerate(nodes):
        allowed = [NUMBER[one] for one in possible(condition, node, observed)]
        kept &= np.isin(every[:, place], allowed)
    return kept


def obeying(
    problem: Problem,
    condition: Condition,
    influences: Sequence[Influence],
    nodes: Sequence[str],
) -> np.ndarray:
    """Which labellings obey the laws, node by node.

    `influences` act in the condition and have signs. A push that leaves «unchanged» open may do
    nothing, and so may anything in a comparison.
    """
    every, laws = rows(len(nodes)), problem.laws
    place = {node: rank for rank, node in enumerate(nodes)}
    free = exempt(condition)
    kept = np.ones((len(nodes), len(every)), dtype=bool)
    on_path = _on_paths(condition, influences, nodes) if laws.elementary_path else None
    for node in nodes:
        if node in free:
            continue
        own = every[:, place[node]]
        pushes = condition.pushed.get(node, Change.NOTHING)
        by: dict[object, list[np.ndarray]] = {
            change: [np.full(len(every), NUMBER[change])]
            for change in pushes
            if change is not Change.SAME
        }
        for one in influences:
            if one.target == node:
                sign = 1 if one.sign is Sign.POSITIVE else -1
                by.setdefault(one.source, []).append(sign * every[:, place[one.source]])
        none = np.zeros(len(every), dtype=bool)
        raised = [np.any([a == 1 for a in several], axis=0) for several in by.values()] or [none]
        lowered = [np.any([a == -1 for a in several], axis=0) for several in by.values()] or [none]
        up, down = np.sum(raised, axis=0), np.sum(lowered, axis=0)
        # Opposite influences of two: not if the one that raises is the one that lowers.
        alone = (up == 1) & (down == 1) & np.any(np.array(raised) & np.array(lowered), axis=0)
        stays = (up + down == 0) | ((up > 0) & (down > 0) & ~alone)
        stays |= (node in condition.at_minimum) & (down > 0)
        stays |= (node in condition.at_maximum) & (up > 0)
        if node in problem.graph.joint:
            for one in influences:
                if one.target == node:
                    stays |= every[:, place[one.source]] == 0
        if Change.SAME in pushes or condition.shift is not None:
            stays |= True
        ok = kept[place[node]]
        if laws.unchanged_explained:
            ok &= (own != 0) | stays
        if laws.explained:
            ok &= ~((own == 1) & (up == 0)) & ~((own == -1) & (down == 0))
        if laws.founded:
            found = _descending(condition, influences, node)
            ok &= np.isin(own, [0, *(NUMBER[one] for one in found)])
        if on_path is not None:
            ok &= (own == 0) | on_path[place[node]]
    return kept


def _on_paths(
    condition: Condition, influences: Sequence[Influence], nodes: Sequence[str]
) -> np.ndarray:
    """Which labellings bring a change to each node by a path from where it began."""
    every = rows(len(nodes)).T
    place = {node: rank for rank, node in enumerate(nodes)}

    def arriving(here: str, change: Change, path: tuple[str, ...]) -> np.ndarray:
        bound = {Change.DOWN: condition.at_minimum, Change.UP: condition.at_maximum}[change]
        if here in bound:
            return np.zeros(every.shape[1], dtype=bool)
        if here in exempt(condition):
            return every[place[here]] == NUMBER[change]
        pushed = change in condition.pushed.get(here, Change.NOTHING)
        found = np.full(every.shape[1], pushed)
        for one in influences:
            if one.target == here and one.source not in (*path, here):
                found |= arriving(one.source, change.through(one.sign), (*path, here))
        return found

    return np.array(
        [
            ((every[place[node]] == 1) & arriving(node, Change.UP, ()))
            | ((every[place[node]] == -1) & arriving(node, Change.DOWN, ()))
            for node in nodes
        ]
    )


def signed(problem: Problem) -> Iterator[dict[Influence, Sign]]:
    """All ways to give the influences of unknown sign one."""
    unknown = [one for one in problem.graph.influences if one.sign is Sign.UNKNOWN]
    for signs in product((Sign.POSITIVE, Sign.NEGATIVE), repeat=len(unknown)):
        yield dict(zip(unknown, signs, strict=True))


#: What fits in a condition, and what obeys the laws at each node, by all that it depends on.
Tables = dict[object, tuple[np.ndarray, np.ndarray]]


def tables(
    problem: Problem,
    observed: bool = True,
    known: Tables | None = None,
) -> Iterator[list[tuple[np.ndarray, np.ndarray]]]:
    """For each choice of signs, by condition: what fits, and what obeys the laws at each node."""
    nodes = list(nodes_of(problem))
    known = {} if known is None else known
    for chosen in signed(problem):
        found = []
        for condition in problem.conditions:
            influences = [
                Influence(one.source, one.target, chosen.get(one, one.sign))
                for one in problem.graph.influences
                if one not in condition.cut and one.target not in condition.held
            ]
            graph = tuple(influences), tuple(nodes), problem.graph.joint
            key = repr(condition), graph, problem.laws
            if key not in known:
                lawful = obeying(problem, condition, influences, nodes)
                known[key] = fitting(condition, nodes, observed), lawful
            found.append(known[key])
        yield found


def together(problem: Problem, kept: Sequence[np.ndarray]) -> Iterator[tuple[int, ...]]:
    """Labellings that go together, one of each condition; the last may compare the first two."""
    places = [np.flatnonzero(one) for one in kept]
    shift = problem.conditions[-1].shift
    if shift is None:
        yield from product(*(one.tolist() for one in places))
        return
    names = [one.name for one in problem.conditions]
    assert names == [shift.of, shift.against, problem.conditions[-1].name]
    every = rows(len(nodes_of(problem)))
    of, against = every[places[0]], every[places[1]]
    for number in places[2].tolist():
        fits = np.ones((len(of), len(against)), dtype=bool)
        for place, sign in enumerate(every[number].tolist()):
            fits &= _DIFFERS[sign + 1][of[:, place, None] + 1, against[None, :, place] + 1]
        for one, other in np.argwhere(fits):
            yield int(places[0][one]), int(places[1][other]), number


def _differences() -> np.ndarray:
    # Amounts 1 and 2 of each direction give every sign that a difference can have.
    table = np.zeros((3, 3, 3), dtype=bool)
    for a, b in product((-1, 0, 1), repeat=2):
        for x, y in product((a, 2 * a), (b, 2 * b)):
            table[(x > y) - (x < y) + 1, a + 1, b + 1] = True
    return table


_DIFFERS = _differences()


def labellings(
    problem: Problem,
    subjects: set[tuple[str, str]] | None = None,
    observed: bool = True,
) -> Iterator[Labelling]:
    """All labellings of all conditions; the laws are asked of some or of all nodes."""
    nodes = list(nodes_of(problem))
    every = rows(len(nodes))
    names = [one.name for one in problem.conditions]
    for found in tables(problem, observed):
        kept = []
        for name, (fits, lawful) in zip(names, found, strict=True):
            asked = [subjects is None or (name, node) in subjects for node in nodes]
            kept.append(fits & lawful[asked].all(axis=0))
        for numbers in together(problem, kept):
            yield {
                (name, node): _CHANGES[sign]
                for name, number in zip(names, numbers, strict=True)
                for node, sign in zip(nodes, every[number].tolist(), strict=True)
            }


def labellings_one_by_one(
    problem: Problem,
    subjects: set[tuple[str, str]] | None = None,
    observed: bool = True,
) -> Iterator[Labelling]:
    """The same, law by law and labelling by labelling: what the tables are held against."""
    nodes = list(nodes_of(problem))
    unknown = [one for one in problem.graph.influences if one.sign is Sign.UNKNOWN]
    for signs in product((Sign.POSITIVE, Sign.NEGATIVE), repeat=len(unknown)):
        chosen = dict(zip(unknown, signs, strict=True))
        by_condition: list[list[dict[str, Change]]] = []
        for condition in problem.conditions:
            influences = [
                Influence(one.source, one.target, chosen.get(one, one.sign))
                for one in problem.graph.influences
                if one not in condition.cut and one.target not in condition.held
            ]
            free = [possible(condition, node, observed) for node in nodes]
            kept = []
            for row in product(*free):
                label = dict(zip(nodes, row, strict=True))
                if all(
                    obeys(problem, condition, influences, label, node)
                    for node in nodes
                    if subjects is None or (condition.name, node) in subjects
                ):
                    kept.append(label)
            by_condition.append(kept)
        for chosen_rows in product(*by_condition):
            labels = {
                one.name: row for one, row in zip(problem.conditions, chosen_rows, strict=True)
            }
            if all(_differs(one, labels, nodes) for one in problem.conditions):
                yield {(name, node): row[node] for name, row in labels.items() for node in nodes}


def _differs(condition: Condition, labels: dict[str, dict[str, Change]], nodes: list[str]) -> bool:
    if condition.shift is None:
        return True
    for node in nodes:
        a = NUMBER[labels[condition.shift.of][node]]
        b = NUMBER[labels[condition.shift.against][node]]
        d = NUMBER[labels[condition.name][node]]
        # Amounts 1 and 2 of each direction give every sign that a difference can have.
        signs = {(x > y) - (x < y) for x in (a, 2 * a) for y in (b, 2 * b)}
        if d not in signs:
            return False
    return True


def moves(problem: Problem, permitted: Permitted) -> list[Step]:
    """All steps that a repair could make."""
    steps = []
    for one in problem.conditions:
        for node in nodes_of(problem):
            may_be_pushed = node not in exempt(one) and node not in problem.graph.joint
            if permitted.new_influence and may_be_pushed:
                steps += [
                    Step(Move.NEW_INFLUENCE, permitted.new_influence, one.name, node, change)
                    for change in (Change.DOWN, Change.UP)
                ]
        for node, seen in one.observed.items():
            if (one.name, node) in permitted.doubt:
                cost = permitted.doubt[one.name, node]
                steps.append(Step(Move.DOUBT, cost, one.name, node))
            if permitted.misfit and node not in exempt(one):
                for change in DIRECTIONS:
                    if change not in seen:
                        near = Change.SAME in (change, seen)
                        steps.append(Step(Move.MISFIT, 1 if near else 2, one.name, node, change))
    for move, priced in (
        (Move.REMOVE, permitted.remove),
        (Move.FLIP, permitted.flip),
        (Move.ADD, permitted.add),
    ):
        steps += [Step(move, cost, influence=edge) for edge, cost in priced.items()]
    return steps


def _conflict(steps: tuple[Step, ...]) -> bool:
    """Whether two steps do different things to the same."""
    touched = [(step.condition, step.node, step.influence) for step in steps]
    return len(set(touched)) < len(touched)


def is_consistent(problem: Problem, known: Tables | None = None) -> bool:
    for found in tables(problem, known=known):
        kept = [fits & lawful.all(axis=0) for fits, lawful in found]
        if all(one.any() for one in kept) and next(together(problem, kept), None) is not None:
            return True
    return False


def least_repairs(problem: Problem, permitted: Permitted, most: int = 3) -> list[Repair] | None:
    """All repairs of least cost with at most so many steps, by trying all; nothing if none."""
    steps = moves(problem, permitted)
    best: list[Repair] | None = None
    cost = None
    known: Tables = {}
    for chosen in sorted(
        chain.from_iterable(combinations(steps, size) for size in range(most + 1)),
        key=lambda some: sum(step.cost for step in some),
    ):
        repair = Repair(tuple(sorted(chosen, key=lambda step: step.order)))
        if cost is not None and repair.cost > cost:
            break
        if not _conflict(chosen) and is_consistent(apply_repair(problem, repair), known=known):
            cost = repair.cost
            best = [*(best or []), repair]
    return best


def without_observations(problem: Problem) -> Problem:
    bare = tuple(replace(one, observed={}) for one in problem.conditions)
    return replace(problem, conditions=bare)
