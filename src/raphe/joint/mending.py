"""The least repair of a whole problem, part by part.

A change of the graph goes for all parts of a problem, so that parts that are independent of each
other are joined by what may be changed. Solved as one they are too large. So a master knows the
changes and their costs, and each part answers whether it is consistent after those that the master
chose. Where it is not, the assumptions that cannot hold together are a law for the master: one of
them must change. Each law is true of every repair, so that what the master finds is at no time
dearer than the least repair (the bound), and is the least repair as soon as all parts agree
(logic-based Benders decomposition: J. N. Hooker and G. Ottosson, Math. Programming 96 (2003)
33-60).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic

from raphe.joint.mend import Act, Costs, Mend, Step, cost_of
from raphe.joint.problem import Influence
from raphe.joint.trial import Trial
from raphe.sign import Sign

#: Told what is proved so far: the bound, and how many parts are not yet consistent.
Say = Callable[[int, int], None]


@dataclass(frozen=True)
class Mending:
    """What was found of the least repairs of a problem."""

    #: The least repairs, in order, as many as were asked for; none where it was not finished.
    mends: tuple[Mend, ...]
    #: No repair weighs less than this.
    bound: int
    #: Whether the search came to its end: the repairs weigh what the bound says.
    is_proved: bool
    #: Whether there are no more least repairs than these.
    is_complete: bool = True


def mend_all(
    trials: Sequence[Trial],
    costs: Costs,
    free: frozenset[Act],
    limit: int = 5,
    time_limit: float | None = None,
    say: Say | None = None,
) -> Mending:
    """The least repairs of all parts together.

    Parameters
    ----------
    trials
        The parts, on one graph.
    costs
        Of each change.
    free
        Kinds of changes that are allowed.
    limit
        How many repairs of least weight are looked for.
    time_limit
        In seconds; what is not proved by then is not said.
    """
    end = monotonic() + time_limit if time_limit is not None else None
    master = _Master(costs, free)
    found: list[Mend] = []
    bound = 0
    while True:
        proposed = master.propose()
        if proposed is None:
            return Mending(tuple(found), bound, is_proved=bool(found))
        if found and proposed.weight > found[0].weight:
            return Mending(tuple(found), bound, is_proved=True)
        bound = proposed.weight
        broken = 0
        for trial in trials:
            if end is not None and monotonic() > end:
                return Mending(tuple(found), bound, bool(found), is_complete=False)
            fixed = trial.assume(steps=proposed.steps)
            conflict = trial.conflict(fixed)
            if conflict is not None:
                broken += 1
                master.learn(_ways_out(trial, [fixed[one] for one in _fewer(trial, conflict)], proposed))
        if say is not None:
            say(bound, broken)
        if not broken:
            found.append(proposed)
            if len(found) >= limit:
                return Mending(tuple(found), bound, is_proved=True, is_complete=False)
            master.block(proposed)


def _fewer(trial: Trial, conflict: list[int]) -> list[int]:
    """A conflict without some of what it does not need: the solver's own cores are loose."""
    needed = conflict
    for _ in range(3):
        again = trial.conflict(needed)
        if again is None or len(again) >= len(needed):
            break
        needed = again
    return needed


def _ways_out(trial: Trial, things: Iterable[object], proposed: Mend) -> set[tuple[Step, bool]]:
    """Steps of which one must be taken, or not be taken, for a conflict to go away."""
    taken = set(proposed.steps)
    ways: set[tuple[Step, bool]] = set()
    for thing in things:
        if isinstance(thing, Influence):
            steps = [Step(act, influence=thing) for act in (Act.REMOVE, Act.FLIP)]
            if thing.sign is Sign.UNKNOWN:
                steps = steps[:1]
        elif isinstance(thing, tuple):
            steps = [Step(Act.DOUBT, *thing)]
        else:
            assert isinstance(thing, str)
            steps = [Step(Act.ADD, node=thing)]
        ways |= {(step, step not in taken) for step in steps}
    return ways


class _Master:
    """Which changes to try next: those of least weight that obey all that was learnt."""

    def __init__(self, costs: Costs, free: frozenset[Act]) -> None:
        import clingo

        self._clingo = clingo
        self._costs = costs
        self._free = free
        self._number: dict[Step, int] = {}
        self._steps: list[Step] = []
        self._rules = 0
        self._control = clingo.Control(["--warn=none", "--opt-strategy=usc"])

    def learn(self, ways: set[tuple[Step, bool]]) -> None:
        """One of these must be so."""
        body = []
        for step, wanted in sorted(ways, key=lambda one: one[0].order):
            if step.act not in self._free:
                continue
            number = self._know(step)
            body.append(f"{'not ' if wanted else ''}take({number})")
        self._add(f":- {', '.join(body)}." if body else ":-.")

    def block(self, mend: Mend) -> None:
        """Not this one, nor what contains it."""
        body = [f"take({self._know(step)})" for step in mend.steps]
        self._add(f":- {', '.join(body)}." if body else ":-.")

    def propose(self) -> Mend | None:
        """The next changes to try; None where none are left."""
        chosen: list[Step] | None = None
        with self._control.solve(yield_=True) as handle:
            for model in handle:
                chosen = [
                    self._steps[one.arguments[0].number]
                    for one in model.symbols(atoms=True)
                    if one.name == "take"
                ]
        return None if chosen is None else Mend.of(chosen, self._costs)

    def _know(self, step: Step) -> int:
        if step not in self._number:
            number = self._number[step] = len(self._steps)
            self._steps.append(step)
            weight = cost_of(step, self._costs)
            self._add(f"{{ take({number}) }}. :~ take({number}). [{weight},{number}]")
            if step.act is Act.FLIP:
                other = self._know(Step(Act.REMOVE, influence=step.influence))
                self._add(f":- take({number}), take({other}).")
        return self._number[step]

    def _add(self, rules: str) -> None:
        name = f"rules{self._rules}"
        self._rules += 1
        self._control.add(name, [], rules)
        self._control.ground([(name, [])])
