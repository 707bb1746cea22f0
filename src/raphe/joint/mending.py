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
from dataclasses import dataclass, replace

from raphe.joint.choices import Fixed, step_of
from raphe.joint.repair import Move, Repair, Step
from raphe.joint.running import Clock, Model, StoppedError, grounded, run
from raphe.joint.trial import Trial
from raphe.joint.weight import Costs, remove

#: Told what is proved so far: the bound, and how many parts are not yet consistent.
Say = Callable[[int, int], None]
#: Nodes, in all conditions, up to which all parts are mended as one.
_SMALL = 3000


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
    clock: Clock | None = None,
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
    clock
        When to stop; it says afterwards why. What is not proved by then is not said.
    """
    clock = clock or Clock()
    search = _Search(trials, costs, free, limit, clock, say)
    try:
        return search.at_once() if _is_small(trials) else search.run()
    except KeyboardInterrupt:
        clock.interrupt()
    except StoppedError:
        pass
    # What was learnt until then is true all the same.
    return search.so_far()


def _is_small(trials: Sequence[Trial]) -> bool:
    """Whether one question about all parts is answered sooner than many about each."""
    return 0 < sum(len(one.nodes) * len(one.part.conditions) for one in trials) <= _SMALL


class _Search:
    """What is proved so far, and the way on from there."""

    def __init__(
        self,
        trials: Sequence[Trial],
        costs: Costs,
        free: frozenset[Move],
        limit: int,
        clock: Clock,
        say: Say | None,
    ) -> None:
        self._free, self._clock = free, clock
        self._trials, self._costs, self._limit, self._say = trials, costs, limit, say
        self._master = _Master(costs, free, clock)
        self._found: list[Repair] = []
        self._bound = 0
        #: Steps after which a part is known to be consistent, of those that touch it.
        self._whole: dict[Trial, list[frozenset[Step]]] = {}

    def so_far(self, is_complete: bool = False) -> Mending:
        """What is proved, without what is not."""
        return Mending(tuple(self._found), self._bound, bool(self._found), is_complete)

    def at_once(self) -> Mending:
        """All parts as one problem."""
        parts = [one.part for one in self._trials]
        conditions = tuple(one for part in parts for one in part.conditions)
        whole = Trial(replace(parts[0], conditions=conditions), self._costs, clock=self._clock)
        fixed = whole.assume(free=self._free)
        repairs = whole.repairs(fixed, self._limit + 1, self._raise_bound)
        if repairs:
            self._bound = repairs[0].cost
        return Mending(
            tuple(repairs[: self._limit]), self._bound, bool(repairs), len(repairs) <= self._limit
        )

    def _raise_bound(self, bound: int) -> None:
        if bound > self._bound:
            self._bound = bound
            if self._say is not None:
                self._say(bound, len(self._trials))

    def run(self) -> Mending:
        """Go on until all least repairs are found, or as many as are wanted, or time is up."""
        while True:
            proposed = self._master.propose()
            if proposed is None or (self._found and proposed.cost > self._found[0].cost):
                return self.so_far(is_complete=True)
            self._bound = proposed.cost
            broken = 0
            for trial in self._trials:
                if self._clock.expired:
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

    def __init__(self, costs: Costs, free: frozenset[Move], clock: Clock) -> None:
        self._costs = costs
        self._free = free
        self._clock = clock
        self._number: dict[Step, int] = {}
        self._steps: list[Step] = []
        self._rules = 0
        self._control = grounded("")
        # All models until the best one.
        self._control.configuration.solve.models = 0

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
        chosen: list[list[int]] = []

        def on_model(model: Model) -> None:
            taken = (one for one in model.symbols(atoms=True) if one.name == "take")
            chosen.append([one.arguments[0].number for one in taken])

        holds, exhausted = run(self._control, (), self._clock, on_model)
        if holds is None or not exhausted:
            raise StoppedError
        if not holds:
            return None
        steps = (self._steps[one] for one in chosen[-1])
        return Repair(tuple(sorted(steps, key=lambda one: one.order)))

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
