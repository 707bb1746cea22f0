"""The solver at work: programs are grounded, and solved until the time is up or Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from raphe.errors import UnavailableError

#: Seconds between two looks at the clock; a solve that is ready is noticed at once.
_TICK = 0.1

#: A model of clingo, which is not imported before it is needed.
Model = Any


class StoppedError(Exception):
    """A question was left before it was answered; the clock says why."""


class Clock:
    """How long solving may take; one clock goes through a whole answer.

    Parameters
    ----------
    seconds
        From now; none: as long as it takes.
    said
        Told of progress.
    now
        Where the time is read, in seconds.
    """

    def __init__(
        self,
        seconds: float | None = None,
        said: Callable[[str], None] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._end = None if seconds is None else now() + seconds
        self._said = said
        #: Why it was stopped before it was ready: 'time limit', 'interrupted' or nothing.
        self.stopped = ""

    @property
    def expired(self) -> bool:
        """Whether there is no time left."""
        if not self.stopped and self._end is not None and self._now() > self._end:
            self.stopped = "time limit"
        return bool(self.stopped)

    def interrupt(self) -> None:
        """Stop it: Ctrl-C was pressed."""
        self.stopped = "interrupted"

    def say(self, what: str) -> None:
        """Report progress."""
        if self._said is not None:
            self._said(what)


def grounded(program: str, *options: str) -> Any:
    """A program in the memory of clingo, the least cost proved from below.

    Raises
    ------
    UnavailableError
        There is no clingo.
    """
    try:
        import clingo
    except ImportError:
        raise UnavailableError(
            "whether all can be true together is worked out by clingo, which is not here.",
            "Install it: pip install clingo.",
        ) from None
    control = clingo.Control(
        ["--opt-strategy=usc", "--warn=none", *options], logger=lambda *_: None
    )
    control.add("base", [], program)
    control.ground([("base", [])])
    return control


def run(
    control: Any,
    assumptions: Sequence[int],
    clock: Clock,
    on_model: Callable[[Model], Any] | None = None,
    on_unsat: Callable[[Sequence[int]], None] | None = None,
    last_model: Callable[[Model], None] | None = None,
    core: list[int] | None = None,
) -> tuple[bool | None, bool]:
    """Solve a program, and leave off in the middle when the time is up or Ctrl-C is pressed.

    Parameters
    ----------
    control
        A grounded program, configured for the question.
    assumptions
        Literals that are true in it.
    clock
        When to stop; where Ctrl-C is pressed, it says so afterwards.
    on_model
        Told each model; it is the last one where this returns False.
    on_unsat
        Told each bound that is proved.
    last_model
        Told the last model when all is over.
    core
        Where assumptions that cannot hold together are put.

    Returns
    -------
    bool or None, bool
        Whether there is a model (none: not known), and whether everything was searched.
    """
    if clock.expired:
        return None, False
    calls: Mapping[str, Any] = {"on_model": on_model, "on_unsat": on_unsat}
    with control.solve(
        assumptions=list(assumptions),
        async_=True,
        **{name: call for name, call in calls.items() if call is not None},
    ) as handle:
        try:
            while not handle.wait(_TICK):
                if clock.expired:
                    handle.cancel()
                    break
        except KeyboardInterrupt:
            clock.interrupt()
            handle.cancel()
        result = handle.get()
        if last_model is not None and (model := handle.last()) is not None:
            last_model(model)
        if core is not None and result.unsatisfiable:
            core += handle.core()
    holds = result.satisfiable
    return (holds if not result.interrupted or holds else None), result.exhausted
