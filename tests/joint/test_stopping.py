"""What is proved and what is not, when there is no time left."""

import json
import threading

import pytest

from raphe.joint.answer import answer
from raphe.joint.problem import Condition, Influence, Laws, Problem, SignedGraph
from raphe.joint.repair import MCOS
from raphe.joint.running import Clock
from raphe.joint.solving import Bounds, Solver
from raphe.report.joint_json import consistent_json
from raphe.report.joint_terminal import sentences
from raphe.report.joint_words import size_sentence
from raphe.sign import Change, Sign


@pytest.fixture
def problem():
    edges = [Influence("a", node, Sign.POSITIVE) for node in "bc"]
    seen = Condition("x", {"b": Change.UP, "c": Change.DOWN}, inputs=frozenset("a"))
    return Problem(SignedGraph.of(edges), (seen,))


@pytest.fixture
def hard():
    """A problem whose least repair takes long to prove: doubts of a tangle of many conditions."""
    nodes = [f"n{number}" for number in range(60)]
    edges = [
        Influence(one, other, Sign.POSITIVE if (i * 7 + j * 3) % 5 < 3 else Sign.NEGATIVE)
        for i, one in enumerate(nodes)
        for j, other in enumerate(nodes)
        if i != j and (i * i + 5 * j) % 11 == 0
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
    return Problem(SignedGraph.of(edges), conditions, Laws(elementary_path=True))


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


def test_bounds_hold_whenever_it_is_stopped(hard):
    solver = Solver(hard, MCOS)
    assumptions = solver.assume()
    proved = solver.least(assumptions, Clock(60))
    for seconds in (0.001, 0.05):
        fresh = Solver(hard, MCOS)
        bounds = fresh.least(fresh.assume(), Clock(seconds))
        if proved.proved:
            assert bounds.lower <= proved.upper
            assert bounds.upper is None or bounds.upper >= proved.upper


def test_ctrl_c_keeps_what_is_proved(hard, monkeypatch):
    """Ctrl-C while the solver waits: what is known by then is returned."""
    solver = Solver(hard, MCOS)
    assumptions = solver.assume()
    control = solver.control
    solve = type(control).solve

    class Interrupted:
        def __init__(self, handle):
            self._handle = handle

        def __enter__(self):
            self._inner = self._handle.__enter__()
            return self

        def __exit__(self, *details):
            return self._handle.__exit__(*details)

        def wait(self, _=None):
            raise KeyboardInterrupt

        def __getattr__(self, name):
            return getattr(self._inner, name)

    first = threading.Event()

    def once(self, *arguments, **options):
        handle = solve(self, *arguments, **options)
        if first.is_set():
            return handle
        first.set()
        return Interrupted(handle)

    monkeypatch.setattr(type(control), "solve", once)
    clock = Clock()
    bounds = solver.least(assumptions, clock)
    assert clock.stopped == "interrupted"
    assert bounds.upper is None or bounds.lower <= bounds.upper


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
