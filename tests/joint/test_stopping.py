"""What is proved and what is not, when there is no time left."""

import json
from itertools import count
from unittest.mock import patch

import pytest

from raphe.joint import mending
from raphe.joint.answer import answer
from raphe.joint.cores import find_cores
from raphe.joint.parts import independent_parts
from raphe.joint.problem import Condition, Influence, Problem, SignedGraph
from raphe.joint.repair import MCOS, Move
from raphe.joint.running import Clock
from raphe.joint.solving import Bounds, Solver
from raphe.joint.trial import Trial
from raphe.joint.weight import ALIKE
from raphe.report.joint_json import consistent_json
from raphe.report.joint_terminal import sentences
from raphe.report.joint_words import size_sentence
from raphe.sign import Change, Sign


@pytest.fixture
def problem():
    edges = [Influence("a", node, Sign.POSITIVE) for node in "bc"]
    seen = Condition("x", {"b": Change.UP, "c": Change.DOWN}, inputs=frozenset("a"))
    return Problem(SignedGraph.of(edges), (seen,))


@pytest.fixture(scope="module")
def tangle():
    """A problem of which the least repair weighs 15, and takes some conflicts to prove."""
    nodes = [f"n{number}" for number in range(24)]
    edges = [
        Influence(one, other, Sign.POSITIVE if (i * 7 + j * 3) % 5 < 3 else Sign.NEGATIVE)
        for i, one in enumerate(nodes)
        for j, other in enumerate(nodes)
        if i != j and (i * i + 5 * j) % 7 == 0
    ]
    conditions = tuple(
        Condition(
            f"c{k}",
            {
                node: (Change.UP, Change.DOWN, Change.SAME)[(i * i + k * (i + 1)) % 3]
                for i, node in enumerate(nodes)
                if (i + k) % 2
            },
            inputs=frozenset(nodes[:3]),
        )
        for k in range(4)
    )
    return Problem(SignedGraph.of(edges), conditions)


def ticking(looks):
    """A clock that stops at the look at it after so many."""
    ticks = count()
    return Clock(looks, now=lambda: next(ticks))


def least_after(problem, conflicts):
    """What is proved of the least repair after so many conflicts of the solver; none: all."""
    solver = Solver(problem, MCOS)
    if conflicts is not None:
        solver.control.configuration.solve.solve_limit = f"{conflicts},umax"
    return solver.least(solver.assume(), Clock())


def test_without_time_nothing_is_called_known(problem):
    found = answer(problem, clock=Clock(0))
    assert found.stopped == "time limit"
    assert found.consistent is None
    assert not found.size.proved
    assert not found.repairs.complete
    assert not found.cores.complete
    assert not found.predictions.complete
    told = consistent_json(found)
    assert (told["consistent"], told["repair_size"], told["predictions"]) == (None, None, [])
    assert json.dumps(told)
    text = " ".join(sentences(found))
    assert "Not known whether all can be true together" in text
    assert "Stopped (time limit): what is not said to be proved is not." in text


def test_with_time_nothing_is_open(problem):
    found = answer(problem, clock=Clock(600))
    assert (found.stopped, found.consistent, found.size) == ("", False, Bounds(1, 1))


def test_bounds_hold_whenever_it_is_stopped(tangle):
    proved = least_after(tangle, None)
    assert proved.proved
    stopped = [least_after(tangle, conflicts) for conflicts in range(12)]
    for bounds in stopped:
        assert bounds.lower <= proved.upper
        assert bounds.upper is None or bounds.upper >= proved.upper
        assert not bounds.proved or bounds == proved
    assert not stopped[0].proved
    assert any(bounds.upper is not None and not bounds.proved for bounds in stopped)
    assert stopped[-1] == proved


def interrupting(monkeypatch, at):
    """Ctrl-C at the wait for the solver of this number; how often it was waited for."""
    from clingo.solving import SolveHandle

    wait, waits = SolveHandle.wait, []

    def waited(self, timeout=None):
        waits.append(timeout)
        if len(waits) == at:
            raise KeyboardInterrupt
        return wait(self, timeout)

    monkeypatch.setattr(SolveHandle, "wait", waited)
    return waits


def test_ctrl_c_keeps_what_is_proved(tangle, monkeypatch):
    proved = least_after(tangle, None)
    solver = Solver(tangle, MCOS)
    interrupting(monkeypatch, 1)
    clock = Clock()
    bounds = solver.least(solver.assume(), clock)
    assert clock.stopped == "interrupted"
    assert bounds.lower <= proved.upper
    assert bounds.upper is None or bounds.upper >= proved.upper
    assert solver.satisfiable((), clock) is None


def contradicting(conditions=3):
    """Parts that contradict themselves, each by itself."""
    edges = [Influence("a", node, Sign.POSITIVE) for node in "bcd"]
    seen = {"b": Change.UP, "c": Change.DOWN, "d": Change.SAME}
    several = tuple(
        Condition(f"c{number}", seen, inputs=frozenset("a")) for number in range(conditions)
    )
    return Problem(SignedGraph.of(edges), several)


@pytest.mark.parametrize("at_once_up_to", [0, 1000])
def test_the_least_repair_is_proved_or_not_said(at_once_up_to):
    parts = independent_parts(contradicting())
    moves = frozenset((Move.DOUBT, Move.REMOVE, Move.FLIP))

    def mended(clock):
        with patch.object(mending, "_SMALL", at_once_up_to):
            return mending.mend_all(
                [Trial(one, clock=clock) for one in parts], ALIKE, moves, 9, clock
            )

    whole = mended(Clock())
    assert (whole.is_proved, whole.is_complete) == (True, True)
    assert whole.bound == 2
    outcomes = set()
    for looks in range(200):
        clock = ticking(looks)
        found = mended(clock)
        assert found.bound <= whole.bound
        assert found.is_proved is bool(found.repairs)
        assert set(found.repairs) <= set(whole.repairs)
        assert not (clock.stopped and found.is_complete)
        outcomes.add((bool(clock.stopped), found.is_proved))
        if not clock.stopped:
            assert found == whole
            break
    assert {(True, False), (False, True)} <= outcomes


def test_ctrl_c_ends_the_mending(monkeypatch):
    parts = independent_parts(contradicting())
    moves = frozenset((Move.DOUBT,))
    ended = 0
    for at in range(1, 40):
        clock = Clock()
        with monkeypatch.context() as patched:
            waits = interrupting(patched, at)
            found = mending.mend_all(
                [Trial(one, clock=clock) for one in parts], ALIKE, moves, 9, clock
            )
        if len(waits) < at:
            break
        ended += 1
        assert clock.stopped == "interrupted"
        assert not found.is_complete
        assert found.bound <= 6
    assert ended


def test_ctrl_c_between_two_questions_ends_the_mending_too():
    def pressed(*_):
        raise KeyboardInterrupt

    parts = independent_parts(contradicting())
    clock = Clock()
    with patch.object(mending, "_SMALL", 0):
        trials = [Trial(one) for one in parts]
        found = mending.mend_all(trials, ALIKE, frozenset((Move.DOUBT,)), 9, clock, pressed)
    assert clock.stopped == "interrupted"
    assert (found.repairs, found.is_proved, found.is_complete) == ((), False, False)


def test_cores_are_all_or_not_called_so():
    problem = contradicting()
    whole = find_cores(problem, 99, Clock())
    assert whole.complete
    assert len(whole.cores) == 9
    stopped = 0
    for looks in range(400):
        clock = ticking(looks)
        found = find_cores(problem, 99, clock)
        assert set(found.cores) <= set(whole.cores)
        if not clock.stopped:
            assert found == whole
            break
        stopped += 1
        assert not found.complete
    assert 0 < stopped < 400


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (Bounds(3, 3), "the smallest repair has size 3 (proved)"),
        (Bounds(3, None), "no repair is smaller than 3 (proved); none was found"),
        (Bounds(0, None, impossible=True), "no repair of this kind makes them so (proved)"),
    ],
)
def test_what_is_proved_is_said(bounds, said):
    assert size_sentence(bounds) == said
