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

from raphe.joint.choices import Fixed, step_of
from raphe.joint.repair import Move, Repair, Step
from raphe.joint.running import grounded
from raphe.joint.trial import Trial
from raphe.joint.weight import Costs, remove

#: Told what is proved so far: the bound, and how many parts are not yet consistent.
Say = Callable[[int, int], None]


@dataclass(frozen=True)
class Mending:
    """What was found of the least repairs of a problem."""

    #: The least repairs, in order, as many as were asked for; none where it was not finished.
    repairs: tuple[Repair, ...]
    #: No repair weighs less than this.
    bound: int
    #: Whether the search came to its end: the repairs weigh what the bound says.
    is_proved: bool
    #: Whether there are no more least repairs than these.
    is_complete: bool = True


def mend_all(
    trials: Sequence[Trial],
    costs: Costs,
    free: frozenset[Move],
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
    search = _Search(trials, costs, free, limit, say)
    search.end = monotonic() + time_limit if time_limit is not None else None
    try:
        return search.run()
    except KeyboardInterrupt:
        # What was learnt until then is true all the same.
        return search.so_far()


class _Search:
    """What is proved so far, and the way on from there."""

    def __init__(
        self,
        trials: Sequence[Trial],
        costs: Costs,
        free: frozenset[Move],
        limit: int,
        say: Say | None,
    ) -> None:
        self.end: float | None = None
        self._trials, self._costs, self._limit, self._say = trials, costs, limit, say
        self._master = _Master(costs, free)
        self._found: list[Repair] = []
        self._bound = 0
        #: Steps after which a part is known to be consistent, of those that touch it.
        self._whole: dict[Trial, list[frozenset[Step]]] = {}

    def so_far(self, is_complete: bool = False) -> Mending:
        """What is proved, without what is not."""
        return Mending(tuple(self._found), self._bound, bool(self._found), is_complete)

    def run(self) -> Mending:
        """Go on until all least repairs are found, or as many as are wanted, or time is up."""
        while True:
            proposed = self._master.propose()
            if proposed is None or (self._found and proposed.cost > self._found[0].cost):
                return self.so_far(is_complete=True)
            self._bound = proposed.cost
            broken = 0
            for trial in self._trials:
                if self.end is not None and monotonic() > self.end:
                    return self.so_far()
                broken += self._is_broken(trial, proposed)
            if self._say is not None:
                self._say(self._bound, broken)
            if not broken:
                self._found.append(proposed)
                if len(self._found) >= self._limit:
                    return self.so_far()
                self._master.block(proposed)

    def _is_broken(self, trial: Trial, proposed: Repair) -> bool:
        """Whether a part contradicts what is proposed; what it says of that is learnt."""
        touched = trial.touched_by(proposed.steps)
        if trial not in self._whole:
            plain = trial.as_declared
            self._whole[trial] = [frozenset()] if plain.holds(plain.assume()) else []
        # To doubt what was seen, or to let more act on a node, contradicts nothing.
        if any(one <= touched and not _edits(touched - one) for one in self._whole[trial]):
            return False
        fixed = trial.assume(steps=proposed.steps)
        conflict = trial.conflict(fixed)
        if conflict:
            things = [fixed[one] for one in conflict]
            self._master.learn(_ways_out(things, proposed.steps, self._costs))
        else:
            self._whole[trial].append(touched)
        return bool(conflict)


def _edits(steps: Iterable[Step]) -> bool:
    """Whether some of these steps change what acts."""
    return any(one.move in (Move.REMOVE, Move.FLIP) for one in steps)


def _ways_out(
    things: Iterable[Fixed], taken: Iterable[Step], costs: Costs
) -> set[tuple[Step, bool]]:
    """Steps of which one must be taken, or not be taken, for a conflict to go away."""
    ways = {step_of(thing, costs) for thing in things}
    return {(one, one not in taken) for one in ways if one is not None}


class _Master:
    """Which changes to try next: those of least weight that obey all that was learnt."""

    def __init__(self, costs: Costs, free: frozenset[Move]) -> None:
        self._costs = costs
        self._free = free
        self._number: dict[Step, int] = {}
        self._steps: list[Step] = []
        self._rules = 0
        self._control = grounded("")

    def learn(self, ways: set[tuple[Step, bool]]) -> None:
        """One of these must be so."""
        body = []
        for step, wanted in sorted(ways, key=lambda one: one[0].order):
            if step.move not in self._free:
                continue
            number = self._know(step)
            body.append(f"{'not ' if wanted else ''}take({number})")
        self._add(f":- {', '.join(body)}." if body else ":-.")

    def block(self, repair: Repair) -> None:
        """Not this one, nor what contains it."""
        body = [f"take({self._know(step)})" for step in repair.steps]
        self._add(f":- {', '.join(body)}." if body else ":-.")

    def propose(self) -> Repair | None:
        """The next changes to try; None where none are left."""
        chosen: list[Step] | None = None
        with self._control.solve(yield_=True) as handle:
            for model in handle:
                chosen = [
                    self._steps[one.arguments[0].number]
                    for one in model.symbols(atoms=True)
                    if one.name == "take"
                ]
        if chosen is None:
            return None
        return Repair(tuple(sorted(chosen, key=lambda one: one.order)))

    def _know(self, step: Step) -> int:
        if step not in self._number:
            number = self._number[step] = len(self._steps)
            self._steps.append(step)
            self._add(f"{{take({number})}}. :~ take({number}). [{step.cost},{number}]")
            if step.move is Move.FLIP:
                assert step.influence is not None
                other = self._know(remove(step.influence, self._costs))
                self._add(f":- take({number}), take({other}).")
        return self._number[step]

    def _add(self, rules: str) -> None:
        name = f"rules{self._rules}"
        self._rules += 1
        self._control.add(name, [], rules)
        self._control.ground([(name, [])])
