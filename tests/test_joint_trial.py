"""A part of a problem, asked: every answer is that of a search through all labellings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from unittest.mock import patch

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from joint.labelings import Tables
from joint.labelings import is_consistent as tabled
from joint_oracle import broken, broken_alone
from raphe.joint import mending
from raphe.joint.mending import mend_all
from raphe.joint.parts import independent_parts
from raphe.joint.problem import Condition, Influence, Laws, Problem, Shift, SignedGraph
from raphe.joint.repair import Move, Step
from raphe.joint.trial import Trial
from raphe.joint.weight import ALIKE, add, doubt, flip, remove
from raphe.sign import Change, Sign

NAMES = "abcdef"
SINGLE = (Change.DOWN, Change.SAME, Change.UP)
SETS = (*SINGLE, Change.NOT_UP, Change.NOT_DOWN, Change.CHANGED)
#: Cost of repairs up to which all cheaper sets of changes are tried.
MOST = 5
MOVES = (Move.DOUBT, Move.REMOVE, Move.FLIP, Move.NEW_INFLUENCE)


class Uneven:
    """Costs that differ, so that weight and number are told apart."""

    def of_doubt(self, condition: str, node: str) -> int:
        return 1 + (ord(node) + len(condition)) % 3

    def of_removal(self, influence: Influence) -> int:
        return 1 + (ord(influence.source) + 2 * ord(influence.target)) % 4

    def of_flip(self, influence: Influence) -> int:
        return self.of_removal(influence) + 2

    def of_addition(self, _: str) -> int:
        return 3


@st.composite
def problems(draw: st.DrawFn, most: int = 6, conditions: int = 2, shift: bool = True) -> Problem:
    nodes = NAMES[: draw(st.integers(1, most))]
    ends = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    signs = st.sampled_from(list(Sign))
    # Edges of both signs between the same nodes would be opposed to themselves.
    chosen = draw(st.dictionaries(ends, signs, max_size=2 * most))
    # Signs that are not known multiply the labellings that are gone through.
    open_ones = [one for one, sign in chosen.items() if sign is Sign.UNKNOWN]
    chosen |= dict.fromkeys(open_ones[2:], Sign.POSITIVE)
    graph = SignedGraph.of((Influence(a, b, s) for (a, b), s in chosen.items()), nodes)
    made = [
        _condition(draw, f"c{number}", graph) for number in range(draw(st.integers(1, conditions)))
    ]
    if shift and len(made) == 2 and draw(st.booleans()):
        made = [made[0], *(_alike(made[0], one) for one in made[1:])]
        made.append(_difference(_condition(draw, "d", graph), *made))
    switches = draw(st.sampled_from((Laws(), Laws(founded=False), Laws(unchanged_explained=False))))
    return Problem(graph, tuple(made), switches)


def _alike(one: Condition, other: Condition) -> Condition:
    """Another treatment of the same circuit under the same regimen."""
    return replace(
        other,
        at_minimum=one.at_minimum - other.held.keys(),
        at_maximum=one.at_maximum - other.held.keys(),
        cut=one.cut,
    )


def _difference(seen: Condition, of: Condition, against: Condition) -> Condition:
    """What differs between two treatments may differ anyhow."""
    held = dict.fromkeys(of.held.keys() | against.held.keys(), Change.ANY)
    pushed = dict.fromkeys(of.pushed.keys() | against.pushed.keys(), Change.ANY)
    return Condition(
        "d",
        seen.observed,
        held=held,
        pushed={node: push for node, push in pushed.items() if node not in held},
        cut=of.cut,
        shift=Shift(of.name, against.name),
    )


def _condition(draw: st.DrawFn, name: str, graph: SignedGraph) -> Condition:
    some = st.sampled_from(graph.nodes)
    observed = draw(st.dictionaries(some, st.sampled_from(SETS), max_size=3))
    held = draw(st.dictionaries(some, st.sampled_from(SETS), max_size=1))
    pushed = draw(st.dictionaries(some, st.sampled_from(SETS), max_size=2))
    low, high = draw(st.sets(some, max_size=1)), draw(st.sets(some, max_size=1))
    cut = draw(st.sets(st.sampled_from(graph.influences), max_size=1)) if graph.influences else ()
    return Condition(
        name,
        observed,
        held=held,
        pushed={node: push for node, push in pushed.items() if node not in held},
        at_minimum=frozenset(low - held.keys()),
        at_maximum=frozenset(high - low - held.keys()),
        cut=frozenset(cut),
    )


def edited(problem: Problem, steps: Sequence[Step]) -> Problem:
    """A problem with changes made, written out."""
    graph = set(problem.graph.influences)
    conditions = list(problem.conditions)
    for step in steps:
        if step.move in (Move.REMOVE, Move.FLIP):
            assert step.influence is not None
            graph.discard(step.influence)
            turned = replace(step.influence, sign=step.influence.sign * Sign.NEGATIVE)
            if step.move is Move.FLIP:
                graph.add(turned)
                conditions = [
                    replace(one, cut=one.cut | {turned}) if step.influence in one.cut else one
                    for one in conditions
                ]
    for number, one in enumerate(conditions):
        opened = {step.node for step in steps if step.move is Move.NEW_INFLUENCE}
        doubted = {
            step.node for step in steps if step.move is Move.DOUBT and step.condition == one.name
        }
        observed = {node: seen for node, seen in one.observed.items() if node not in doubted}
        conditions[number] = replace(
            one, observed=observed, inputs=one.inputs | (opened - one.held.keys())
        )
    return replace(
        problem, graph=SignedGraph.of(graph, problem.graph.nodes), conditions=tuple(conditions)
    )


def one_by_one(problem: Problem) -> bool:
    """Whether it is consistent, by going through all labellings of all conditions."""
    nodes = problem.graph.nodes
    rows = [dict(zip(nodes, row, strict=True)) for row in product(SINGLE, repeat=len(nodes))]
    names = [one.name for one in problem.conditions]
    for one in signed(problem):
        # Of a difference, its laws alone; that it is a difference is asked of all together.
        alone = [[row for row in rows if not broken_alone(one, c, row)] for c in one.conditions]
        for chosen in product(*alone):
            if not broken(one, dict(zip(names, chosen, strict=True))):
                return True
    return False


def signed(problem: Problem) -> Iterator[Problem]:
    """The problem with every choice of signs for the influences that have none."""
    open_ones = [one for one in problem.graph.influences if one.sign is Sign.UNKNOWN]
    for chosen in product((Sign.POSITIVE, Sign.NEGATIVE), repeat=len(open_ones)):
        told = {one: replace(one, sign=sign) for one, sign in zip(open_ones, chosen, strict=True)}
        yield replace(
            problem,
            graph=SignedGraph.of(
                (told.get(one, one) for one in problem.graph.influences), problem.graph.nodes
            ),
            conditions=tuple(
                replace(one, cut=frozenset(told.get(i, i) for i in one.cut))
                for one in problem.conditions
            ),
        )


def is_consistent(problem: Problem, known: Tables | None = None) -> bool:
    """The same, all labellings side by side."""
    return tabled(problem, known=known)


@settings(deadline=None, max_examples=40)
@given(problems(most=3))
def test_tables_are_what_the_laws_say_of_each_labelling(problem: Problem) -> None:
    assert is_consistent(problem) is one_by_one(problem)


@settings(deadline=None, max_examples=60)
@given(problems())
def test_consistency_is_that_of_all_labellings(problem: Problem) -> None:
    parts = [Trial(part) for part in independent_parts(problem)]
    assert all(trial.holds(trial.assume()) for trial in parts) is is_consistent(problem)


@settings(deadline=None, max_examples=40)
@given(problems(conditions=1), st.data())
def test_other_observations_and_changes_need_no_grounding(
    problem: Problem, data: st.DataObject
) -> None:
    (part,) = independent_parts(problem) or (problem,)
    trial = Trial(part)
    assume(trial.observations)
    steps = data.draw(st.lists(st.sampled_from(every_step(trial)), max_size=2, unique=True))
    if len({one.influence for one in steps if one.influence}) < sum(
        one.influence is not None for one in steps
    ):
        return
    seen = {one: data.draw(st.sampled_from(SETS)) for one in trial.observations}
    moved = tuple(
        replace(one, observed={n: seen[one.name, n] for n in one.observed})
        for one in part.conditions
    )
    expected = is_consistent(edited(replace(part, conditions=moved), steps))
    assert trial.holds(trial.assume(seen, steps=steps)) is expected


@settings(deadline=None, max_examples=40)
@given(problems(), st.data())
def test_a_smaller_program_says_the_same(problem: Problem, data: st.DataObject) -> None:
    influences = problem.graph.influences
    contested: list[Influence] = []
    if influences:
        some = st.lists(st.sampled_from(influences), max_size=2, unique=True)
        contested = data.draw(some)
    for part in independent_parts(problem):
        trial = Trial(part, contested=contested)
        plain, turning = trial.as_declared, trial.with_signs
        seen = {one: data.draw(st.sampled_from(SETS)) for one in trial.observations}
        left_out = [remove(one, ALIKE) for one in contested]
        expected = trial.holds(trial.assume(seen, steps=left_out))
        for one in (plain, turning):
            assert one.holds(one.assume(seen, steps=left_out)) is expected
            doubted = one.assume(seen, steps=left_out, free=frozenset((Move.DOUBT,)))
            every = trial.assume(seen, steps=left_out, free=frozenset((Move.DOUBT,)))
            assert one.doubts(doubted) == trial.doubts(every)
        turned = {
            one: one.sign * Sign.NEGATIVE
            for one in influences
            if one.sign is not Sign.UNKNOWN and one not in contested
        }
        assert turning.holds(turning.assume(seen, turned)) is trial.holds(
            trial.assume(seen, turned)
        )
        steps = data.draw(st.lists(st.sampled_from(every_step(trial)), max_size=2, unique=True))
        if len({one.influence for one in steps if one.influence}) == sum(
            one.influence is not None for one in steps
        ):
            touched = sorted(trial.touched_by(steps), key=_order)
            assert trial.holds(trial.assume(steps=steps)) is trial.holds(
                trial.assume(steps=touched)
            )
            if trial.holds(trial.assume()) and not any(
                one.move in (Move.REMOVE, Move.FLIP) for one in steps
            ):
                assert trial.holds(trial.assume(steps=steps))


def test_a_smaller_program_refuses_what_it_does_not_know() -> None:
    edge = Influence("a", "b", Sign.POSITIVE)
    part = Problem(SignedGraph.of([edge]), (Condition("c", {"b": Change.UP}),))
    plain = Trial(part).as_declared
    for step in (remove(edge, ALIKE), flip(edge, ALIKE), add("b", ALIKE)):
        with pytest.raises(ValueError, match="was not grounded"):
            plain.assume(steps=[step])
    with pytest.raises(ValueError, match="was not grounded"):
        plain.assume(free=frozenset((Move.FLIP,)))
    with pytest.raises(ValueError, match="was not grounded"):
        plain.assume(signs={edge: Sign.NEGATIVE})


@settings(deadline=None, max_examples=40)
@given(problems(conditions=1))
def test_a_core_is_a_conflict_without_anything_to_spare(problem: Problem) -> None:
    for part in independent_parts(problem):
        trial = Trial(part)
        fixed = trial.assume()
        needed = trial.conflict(fixed)
        assert bool(needed) is not is_consistent(part)
        if needed:
            assert not trial.holds(needed)
            assert all(trial.holds([one for one in needed if one != left]) for left in needed)


@pytest.mark.parametrize("at_once_up_to", [0, 1000])
@settings(deadline=None, max_examples=30)
@given(problem=problems(conditions=3, shift=False))
def test_the_least_repair_is_that_of_all_sets_of_changes(
    at_once_up_to: int, problem: Problem
) -> None:
    costs = Uneven()
    trials = [Trial(part, costs) for part in independent_parts(problem)]
    with patch.object(mending, "_SMALL", at_once_up_to):
        found = mend_all(trials, costs, frozenset(MOVES), limit=2)
    assert found.is_proved
    assume(found.bound <= MOST)
    every = sorted({step for trial in trials for step in every_step(trial, costs)}, key=_order)
    known: Tables = {}
    for steps in cheaper(every, found.bound):
        assert not is_consistent(edited(problem, steps), known)
    for repair in found.repairs:
        assert repair.cost == found.bound
        assert is_consistent(edited(problem, repair.steps))


class Careless(Uneven):
    """It costs little to remove an influence, and much to doubt what was seen."""

    def of_removal(self, _: Influence) -> int:
        return 1

    def of_doubt(self, *_: str) -> int:
        return 3


def test_what_mends_one_part_may_not_break_another() -> None:
    edge = Influence("a", "b", Sign.POSITIVE)
    held = {"a": Change.UP}
    conditions = (
        Condition("stays", {"b": Change.SAME}, held=held),
        Condition("moves", {"b": Change.UP}, held=held),
    )
    costs = Careless()
    parts = independent_parts(Problem(SignedGraph.of([edge]), conditions))
    found = mend_all([Trial(part, costs) for part in parts], costs, frozenset(MOVES))
    assert found.bound == 3
    assert all(remove(edge, costs) not in one.steps for one in found.repairs)
    alone = mend_all([Trial(parts[0], costs)], costs, frozenset(MOVES))
    assert [one.steps for one in alone.repairs] == [(remove(edge, costs),)]


def test_what_touches_a_part() -> None:
    slow, fast = Influence("a", "b", Sign.POSITIVE), Influence("c", "b", Sign.NEGATIVE)
    beyond = Influence("b", "d", Sign.POSITIVE)
    condition = Condition("x", {"b": Change.UP}, inputs=frozenset("ac"), cut=frozenset([slow]))
    trial = Trial(Problem(SignedGraph.of([slow, fast, beyond]), (condition,)))
    here = {remove(fast, ALIKE), flip(fast, ALIKE), add("b", ALIKE), doubt("x", "b", ALIKE)}
    elsewhere = {remove(slow, ALIKE), remove(beyond, ALIKE), add("d", ALIKE)}
    assert trial.touched_by([*here, *elsewhere, doubt("y", "b", ALIKE)]) == here


def cheaper(steps: Sequence[Step], cost: int) -> Iterator[tuple[Step, ...]]:
    """All sets of changes that cost less in sum, at most one of each influence."""
    if cost > 0:
        yield ()
    for number, one in enumerate(steps):
        rest = [
            other
            for other in steps[number + 1 :]
            if one.influence is None or other.influence != one.influence
        ]
        if one.cost < cost:
            yield from ((one, *more) for more in cheaper(rest, cost - one.cost))


def _order(step: Step) -> tuple[object, ...]:
    return step.order


def every_step(trial: Trial, costs: object = ALIKE) -> list[Step]:
    """All changes that may be made in a part."""
    return [
        *(doubt(*one, costs) for one in trial.observations),
        *(remove(one, costs) for one in trial.influences),
        *(flip(one, costs) for one in trial.influences if one.sign is not Sign.UNKNOWN),
        *(add(one, costs) for one in sorted(trial.nodes)),
    ]


@settings(deadline=None, max_examples=40)
@given(problems(conditions=1))
def test_what_follows_is_what_every_labelling_has(problem: Problem) -> None:
    for part in independent_parts(problem):
        trial = Trial(part)
        fixed = trial.assume()
        followed = trial.follow(fixed)
        for one in part.conditions:
            for node in sorted(trial.nodes):
                assert followed.get((one.name, node), Change.NOTHING) is trial.possible(
                    one.name, node, fixed
                )
                told = one.observed.get(node, Change.ANY)
                expected = Change.NOTHING
                for single in SINGLE:
                    narrowed = replace(one, observed={**one.observed, node: told & single})
                    if told & single and is_consistent(replace(part, conditions=(narrowed,))):
                        expected |= single
                assert trial.possible(one.name, node, fixed) is expected


def asked(condition: Condition, *influences: Influence) -> bool:
    trial = Trial(Problem(SignedGraph.of(influences, NAMES), (condition,)))
    return trial.holds(trial.assume())


def test_what_may_push_or_not_may_leave_a_node_where_it_is() -> None:
    for push, stays in ((Change.DOWN, False), (Change.NOT_UP, True), (Change.ANY, True)):
        assert asked(Condition("c", {"a": Change.SAME}, pushed={"a": push})) is stays


def test_what_is_cut_acts_on_nothing() -> None:
    edge = Influence("a", "b", Sign.POSITIVE)
    held = Condition("c", {"b": Change.UP}, held={"a": Change.UP})
    assert asked(held, edge)
    assert not asked(replace(held, cut=frozenset([edge])), edge)
