"""An answer about findings that is stopped: what it found stays, and what it did not is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import jsonschema
import pytest

from raphe.cli import consistent_findings
from raphe.cli.main import run
from raphe.joint import mending
from raphe.joint import significance as chances
from raphe.joint import together as module
from raphe.joint import trial as trial_module
from raphe.joint.agreement import Agreement, upheld
from raphe.joint.asking import consistent
from raphe.joint.contradiction import Case
from raphe.joint.problem import Condition, Influence, Problem, Shift, SignedGraph
from raphe.joint.repair import Move
from raphe.joint.running import Clock, StoppedError
from raphe.joint.significance import Chance, significance
from raphe.joint.together import Stage, Together
from raphe.joint.trial import Trial
from raphe.report.answer_schemas import answer_schemas
from raphe.sign import Change, Sign


@pytest.fixture(scope="module")
def whole() -> Together:
    return consistent("desipramine")


def stopping(whole: Together, looks: int) -> Together:
    """The same question, stopped after so many looks at the clock."""
    ticks = count()
    return replace(whole, clock=Clock(looks, now=lambda: next(ticks)))


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[object]]:
    """Ctrl-C at the wait for the solver of a number; the waits until then."""
    from clingo.solving import SolveHandle

    wait = SolveHandle.wait

    def at(number: int) -> list[object]:
        waits: list[object] = []

        def waited(self: SolveHandle, timeout: float | None = None) -> bool:
            waits.append(timeout)
            if len(waits) == number:
                raise KeyboardInterrupt
            return wait(self, timeout)

        monkeypatch.setattr(SolveHandle, "wait", waited)
        return waits

    return at


def test_whenever_it_is_stopped_what_is_told_is_true(whole: Together) -> None:
    known = whole.contradictions
    seen: set[tuple[Stage, ...]] = set()
    for looks in (*range(0, 60, 6), *range(60, 400, 40), 10_000):
        asked = stopping(whole, looks)
        found = asked.contradictions
        asked.answer_rest()
        assert {one.core for one in found} <= {one.core for one in known}
        for one in found:
            (same,) = [other for other in known if other.core == one.core]
            assert set(one.repairs) <= set(same.repairs)
            assert one.is_searched is False or one == same
        if asked.is_consistent is not None:
            assert asked.is_consistent is (not known)
        assert asked.agreement in (None, whole.agreement)
        assert asked.refutable in (None, whole.refutable)
        assert set(asked.by_side and [a for _, a in asked.by_side]) <= {a for _, a in whole.by_side}
        assert asked.follows.items() <= whole.follows.items()
        seen.add(asked.not_searched)
        missing = {
            Stage.CONTRADICTIONS: not asked.is_whole,
            Stage.AGREEMENT: asked.agreement is None,
            Stage.REFUTABLE: asked.refutable is None,
        }
        for stage, is_missing in missing.items():
            assert (stage in asked.not_searched) is is_missing
    assert () in seen
    assert tuple(Stage) in seen
    assert len(seen) > 2


def test_the_best_so_far_is_never_told_as_the_best(
    whole: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search of the least that is cut off has a model, and says nothing all the same."""
    asked = replace(whole, clock=Clock())
    (trial, *_) = asked.trials
    known = trial.doubts(trial.assume(trial.seen))
    solve = trial_module.run

    def cut_off(*arguments: Any, **others: Any) -> tuple[bool | None, bool]:
        holds, _ = solve(*arguments, **others)
        asked.clock.stopped = "time limit"
        return holds, False

    monkeypatch.setattr(trial_module, "run", cut_off)
    assert known is not None
    with pytest.raises(StoppedError):
        trial.doubts(trial.assume(trial.seen))


def test_dealings_that_were_made_are_counted(whole: Together) -> None:
    every = significance(whole, Chance.OBSERVATIONS, 6, 1)
    assert (len(every.dealt), every.asked) == (6, 6)
    lengths = set()
    for looks in (0, 3, 20, 40, 60, 90):
        asked = stopping(whole, looks)
        some = significance(asked, Chance.OBSERVATIONS, 6, 1)
        assert some.dealt == every.dealt[: len(some.dealt)]
        assert some.repairs in (None, every.repairs)
        assert some.asked == 6
        assert bool(asked.clock.stopped) is (len(some.dealt) < 6)
        assert (some.p_value is None) is (some.mean is None) is (not some.dealt)
        lengths.add(len(some.dealt))
    assert 0 in lengths
    assert any(0 < one < 6 for one in lengths)


def test_ctrl_c_leaves_the_dealings_that_were_made(
    whole: Together, interrupt: Callable[[int], list[object]]
) -> None:
    asked = replace(whole, clock=Clock())
    interrupt(40)
    some = significance(asked, Chance.OBSERVATIONS, 1000, 1)
    assert asked.clock.stopped == "interrupted"
    assert 0 < len(some.dealt) < 1000


def test_ctrl_c_between_two_dealings_does_so_too(
    whole: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = chances._order

    def pressed(seed: int, name: str, number: int) -> list[int]:
        if name.endswith(" 2"):
            raise KeyboardInterrupt
        return order(seed, name, number)

    monkeypatch.setattr(chances, "_order", pressed)
    asked = replace(whole, clock=Clock())
    assert len(significance(asked, Chance.OBSERVATIONS, 9, 1).dealt) == 2
    assert asked.clock.stopped == "interrupted"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    status = run(["consistent", *arguments, "--json"])
    answer = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer, answer_schemas()["consistent-findings"])
    return status, answer


@pytest.mark.parametrize("at", [1, 3, 10, 30, 60, 100, 140])
def test_ctrl_c_prints_what_was_found(
    at: int, interrupt: Callable[[int], list[object]], capsys: pytest.CaptureFixture[str]
) -> None:
    waits = interrupt(at)
    status, answer = told(capsys, "desipramine", "--permutations", "1000")
    assert len(waits) == at
    assert (status, answer["stopped"]) == (130, "interrupted")
    assert [one["permutations"] < 1000 for one in answer["significance"]] in (
        [],
        [True],
        [True] * 2,
    )


def test_ctrl_c_is_said(
    interrupt: Callable[[int], list[object]], capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt(3)
    assert run(["consistent", "desipramine"]) == 130
    assert "Stopped (interrupted)" in capsys.readouterr().out


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each look at the clock takes a second."""
    own = count()

    class Ticking(Clock):
        def __init__(self, seconds: float | None = None) -> None:
            super().__init__(seconds, now=lambda: next(own))

    monkeypatch.setattr(consistent_findings, "Clock", Ticking)
    return


@pytest.mark.usefixtures("ticks")
def test_a_search_for_repairs_that_is_stopped_is_not_called_finished(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "_SMALL", 0)
    outcomes = set()
    for limit in range(20, 300, 20):
        status, answer = told(capsys, "desipramine", "--time-limit", str(limit))
        found = answer["mending"]
        if found is not None and not found["proved"]:
            assert (status, answer["stopped"]) == (1, "time limit")
        outcomes.add(found and found["proved"])
    assert outcomes == {None, False, True}


@pytest.mark.usefixtures("ticks")
def test_permutations_without_time_are_not_dropped_without_a_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ["consistent", "desipramine", "--permutations", "9", "--time-limit", "20"]
    run(asked)
    said = " ".join(capsys.readouterr().out.split())
    assert "observations dealt anew: none of 9 times before it was stopped" in said
    _, answer = told(capsys, *asked[1:])
    assert [one["p_value"] for one in answer["significance"]] == [None, None]


def test_what_both_sides_of_a_comparison_share_leads_to_no_difference() -> None:
    found = {
        (one.reports[0].condition, one.reports[0].node): one.case
        for one in consistent("reboxetine", regimens=["chronic"]).contradictions
        if len(one.reports) == 1
    }
    cases = {case for (name, _), case in found.items() if "against" in name}
    assert cases == {Case.UNREACHABLE}


def test_where_doubt_does_not_suffice_nothing_is_true() -> None:
    """What is held in both sides cannot differ; nobody need have seen it."""
    graph = SignedGraph.of([Influence("a", "b", Sign.POSITIVE)])
    up, down = (
        Condition(name, held={"a": push})
        for name, push in (("of", Change.UP), ("against", Change.DOWN))
    )
    wrong = Condition("d", {"b": Change.UP}, held={"a": Change.DOWN}, shift=Shift("of", "against"))
    trial = Trial(Problem(graph, (up, down, wrong)))
    doubt = trial.assume(free=frozenset((Move.DOUBT,)))
    assert trial.doubts(doubt) is None
    assert upheld(trial, doubt) == 0


def test_a_side_is_not_doubted_to_make_it_fit() -> None:
    for dispute in consistent().disputes:
        assert all(cost >= 0 for cost in dispute.cost.values())
        assert dispute.cost.keys() <= dispute.report.sides.keys()
    trial = Trial(
        Problem(
            SignedGraph.of([Influence("a", "b", Sign.POSITIVE)]),
            (Condition("c", {"b": Change.DOWN}, held={"a": Change.UP}),),
        )
    )
    free = frozenset((Move.DOUBT,))
    assert trial.doubts(trial.assume(free=free)) == 1
    assert trial.doubts(trial.assume(free=free, sure=[("c", "b")])) is None


def test_choices_that_were_not_tried_are_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    exact = consistent("mirtazapine").agreement
    assert exact is not None
    assert exact.is_exact
    monkeypatch.setattr(module, "_MOST_DISPUTED", 0)
    some = consistent("mirtazapine").agreement
    assert some is not None
    assert not some.is_exact
    assert some.low >= exact.low
    assert some.high == exact.high
    _, answer = told(capsys, "mirtazapine")
    assert answer["every_choice_tried"] is False
    assert Agreement(1, 2, 3).is_exact
