"""A problem means the same to the solver of plain files and to that of findings."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joint.problems import SETS, joint_problems
from raphe.joint.parts import independent_parts
from raphe.joint.problem import Condition, Influence, Laws, Problem, Shift, SignedGraph
from raphe.joint.running import Clock
from raphe.joint.solving import Solver
from raphe.joint.trial import Trial
from raphe.sign import Change, Sign

EDGE = Influence("a", "b", Sign.POSITIVE)


def asked(problem: Problem) -> tuple[bool | None, bool]:
    """The answers of both."""
    trial = Trial(problem)
    return Solver(problem).satisfiable((), Clock()), trial.holds(trial.assume())


@st.composite
def pushed_problems(draw):
    """Problems in which what pushes may do nothing, too, or go either way."""
    problem = draw(joint_problems(5))
    node = st.sampled_from(problem.graph.nodes)
    moved = tuple(
        replace(one, pushed=draw(st.dictionaries(node, st.sampled_from(SETS), max_size=2)))
        for one in problem.conditions
    )
    return replace(problem, conditions=moved, laws=replace(problem.laws, elementary_path=False))


@settings(deadline=None, max_examples=150)
@given(pushed_problems())
def test_random_problems(problem):
    solved = Solver(problem).satisfiable((), Clock())
    scope = Trial(problem)
    seen = {(one.name, node) for one in problem.conditions for node in one.observed}
    assert set(scope.observations) == seen
    # What nothing seen depends on is left out of a trial: it is asked by itself.
    everywhere = dict.fromkeys(problem.graph.nodes, Change.ANY)
    whole = replace(
        problem,
        conditions=tuple(
            replace(one, observed={**everywhere, **one.observed}) for one in problem.conditions
        ),
    )
    trial = Trial(whole)
    assert trial.holds(trial.assume()) is solved
    parts = [Trial(one) for one in independent_parts(whole)]
    assert all(one.holds(one.assume()) for one in parts) is solved


@pytest.mark.parametrize("push", [Change.NOT_DOWN, Change.NOT_UP, Change.ANY])
def test_what_may_do_nothing_may_leave_a_node_where_it_is(push):
    held = Condition("x", {"b": Change.SAME}, held={"a": Change.SAME}, pushed={"b": push})
    assert asked(Problem(SignedGraph.of([EDGE]), (held,))) == (True, True)


@pytest.mark.parametrize("push", [Change.DOWN, Change.UP])
def test_what_does_something_may_not(push):
    held = Condition("x", {"b": Change.SAME}, held={"a": Change.SAME}, pushed={"b": push})
    assert asked(Problem(SignedGraph.of([EDGE]), (held,))) == (False, False)


def test_two_states_may_lie_at_one_bound():
    high, low = (Condition(name, held={"a": Change.UP}) for name in ("high", "low"))
    both = Condition("d", {"b": Change.SAME}, held={"a": Change.UP}, shift=Shift("high", "low"))
    assert asked(Problem(SignedGraph.of([EDGE]), (high, low, both))) == (True, True)
    moved = replace(both, observed={"b": Change.DOWN})
    assert asked(Problem(SignedGraph.of([EDGE]), (high, low, moved))) == (False, False)


@pytest.mark.parametrize(("seen", "holds"), [(Change.UP, False), (Change.SAME, True)])
def test_what_the_graph_lacks_stays_where_it_is(seen, holds):
    there = Condition("x", {"elsewhere": seen, "b": Change.UP}, held={"a": Change.UP})
    assert asked(Problem(SignedGraph.of([EDGE]), (there,))) == (holds, holds)


def test_one_unknown_sign_is_the_same_in_all_parts():
    either = SignedGraph.of([Influence("a", "b", Sign.UNKNOWN)])
    up, down = (
        Condition(name, {"b": seen}, held={"a": Change.UP})
        for name, seen in (("x", Change.UP), ("y", Change.DOWN))
    )
    problem = Problem(either, (up, down))
    assert asked(problem) == (False, False)
    parts = [Trial(one) for one in independent_parts(problem)]
    assert not all(one.holds(one.assume()) for one in parts)


def test_paths_are_not_asked_of_findings():
    with pytest.raises(ValueError, match="elementary paths"):
        Trial(Problem(SignedGraph.of([EDGE]), (), Laws(elementary_path=True)))
