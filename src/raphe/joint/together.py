"""Can findings be true together on a circuit? What contradicts what, and what would mend it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import product
from typing import Any, TypeVar

from raphe.joint.agreement import Agreement, Dispute, upheld
from raphe.joint.circuit import Sides, every_side
from raphe.joint.contradiction import Case, Contradiction
from raphe.joint.mending import Mending, Say, mend_all
from raphe.joint.parts import independent_parts
from raphe.joint.problem import Condition, Influence
from raphe.joint.repair import Move, Repair, Step
from raphe.joint.reported import Posed, Report
from raphe.joint.running import Clock, StoppedError
from raphe.joint.trial import Core, Seen, Trial
from raphe.joint.weight import Weights, remove
from raphe.sign import Change

_T = TypeVar("_T")

#: Changes that a repair may make.
MOVES = frozenset((Move.DOUBT, Move.REMOVE, Move.FLIP, Move.NEW_INFLUENCE))
_DOUBT = frozenset((Move.DOUBT,))
#: Repairs of one kind that are told, of each contradiction, out of so many that are looked for.
_EACH, _SOME = 3, 100
#: Parts up to which it is asked what else a change of the graph would contradict.
FEW = 30
#: Disputed reports of one part up to which every choice of sides is tried.
_MOST_DISPUTED = 8


class Stage(Enum):
    """A question about all parts; the value is what is searched for."""

    CONTRADICTIONS = "contradictions"
    AGREEMENT = "agreement"
    REFUTABLE = "refutable"
    DISPUTES = "disputes"
    PREDICTIONS = "predictions"


@dataclass(frozen=True, eq=False)
class Together:
    """An answer; its parts are worked out when they are asked for.

    When the clock stops, each question keeps what it found until then; `not_searched` tells which
    of them were left before they were answered.
    """

    posed: Posed
    weights: Weights = field(repr=False)
    #: When to stop.
    clock: Clock = field(default_factory=Clock, repr=False)

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """The independent parts of the problem, ready for questions."""
        edges = self.posed.bench.circuit.edges
        contested = {one for one, own in edges.items() if any(e.declared.contested for e in own)}
        parts = independent_parts(self.posed.problem)
        return tuple(Trial(part, self.weights, contested, clock=self.clock) for part in parts)

    @property
    def is_consistent(self) -> bool | None:
        """Whether everything can be true together; None where that was not known in time."""
        return False if self.contradictions else True if self.is_whole else None

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Disjoint sets of reports that cannot be true together, in order of their conditions."""
        for trial in self.trials:
            self.contradictions_in(trial)
        return self.found

    def contradictions_in(self, trial: Trial) -> tuple[Contradiction, ...]:
        """Those of one part; looked for once."""
        if trial not in self._looked:
            own = self._found[trial] = []
            try:
                for one in self._look(trial):
                    own.append(one)
            except StoppedError:
                pass
            if not self.clock.stopped:
                self._looked.add(trial)
        return tuple(self._found[trial])

    @property
    def found(self) -> tuple[Contradiction, ...]:
        """Contradictions that were found so far."""
        return tuple(one for trial in self.trials for one in self._found.get(trial, ()))

    @property
    def looked(self) -> int:
        """How many parts were looked at so far."""
        return len(self._looked)

    @property
    def is_whole(self) -> bool:
        """Whether contradictions were looked for in all parts."""
        return len(self._looked) == len(self.trials)

    @cached_property
    def _found(self) -> dict[Trial, list[Contradiction]]:
        return {}

    @cached_property
    def _looked(self) -> set[Trial]:
        return set()

    @cached_property
    def _known(self) -> dict[tuple[Hashable, Trial], Any]:
        """Answers of the parts to each question, as far as they were asked."""
        return {}

    def _ask(self, what: Hashable, ask: Callable[[Trial], _T]) -> Iterator[_T]:
        """What each part says, until the time is up; what it said is kept."""
        for trial in self.trials:
            if (what, trial) not in self._known:
                try:
                    self._known[what, trial] = ask(trial)
                except StoppedError:
                    return
            yield self._known[what, trial]

    @property
    def not_searched(self) -> tuple[Stage, ...]:
        """Questions that were not answered, or not to the end, when the clock stopped."""
        if not self.clock.stopped:
            return ()
        return tuple(one for one in Stage if not self._is_done(one))

    def _is_done(self, stage: Stage) -> bool:
        if stage is Stage.CONTRADICTIONS:
            return self.is_whole
        if stage is Stage.AGREEMENT:
            return self.agreement is not None
        return all(self._is_known(stage, trial) for trial in self._asked(stage))

    def _is_known(self, stage: Stage, trial: Trial) -> bool:
        return (stage, trial) in self._known

    def _asked(self, stage: Stage) -> Sequence[Trial]:
        asks = stage is not Stage.PREDICTIONS or self.asks_what_follows
        return self.trials if asks else ()

    def answer_rest(self) -> None:
        """Ask everything besides contradictions and what would mend them, until the time is up."""
        if self.is_whole:
            _ = self.agreement, self.refutable, self.disputes, self.follows

    def _look(self, trial: Trial) -> Iterator[Contradiction]:
        if _holds(trial):
            return
        seen = dict(trial.seen)
        cores = []
        try:
            while core := trial.core(trial.assume(seen)):
                cores.append(core)
                if not core.observations:
                    break
                for one in core.observations:
                    del seen[one]
        except StoppedError:
            # Those that were found are told all the same.
            pass
        # Which of them the solver meets first is nobody's business.
        place = {one: number for number, one in enumerate(trial.observations)}
        for core in sorted(cores, key=lambda one: [place[own] for own in one.observations]):
            yield self._contradiction(trial, core, seen)

    def _contradiction(self, trial: Trial, core: Core, seen: Seen) -> Contradiction:
        own = {**seen, **{one: trial.seen[one] for one in core.observations}}
        repairs: list[tuple[Repair, int | None]] = []
        try:
            for one in self._repairs(trial, own, _nodes(core)):
                repairs.append(one)
            is_searched = True
        except StoppedError:
            is_searched = False
        return Contradiction(
            core,
            tuple(self.posed.reports[one] for one in core.observations),
            self._case(trial, core),
            tuple(repairs),
            is_searched,
        )

    def _case(self, trial: Trial, core: Core) -> Case:
        conditions = {one.name: one for one in trial.part.conditions}
        moved = (
            (conditions[name], node)
            for name, node in core.observations
            if Change.SAME not in trial.seen[name, node]
        )
        # What both sides of a comparison share tells nothing of how they differ.
        if any(node not in _reached(one, trial.influences) for one, node in moved):
            return Case.UNREACHABLE
        return Case.CONTRADICTED

    def _repairs(
        self, trial: Trial, seen: Seen, near: Collection[str]
    ) -> Iterator[tuple[Repair, int | None]]:
        found: dict[tuple[Step, ...], Repair] = {}
        for move in sorted(MOVES):
            several = trial.repairs(trial.assume(seen, free=frozenset((move,))), _SOME)
            # First what is done where something was seen, then what is done upstream of it.
            several.sort(
                key=lambda own: (sum(one.node not in near for one in own.steps), _order(own))
            )
            found |= {one.steps: one for one in several[:_EACH]}
        for one in sorted(found.values(), key=lambda own: own.cost):
            yield one, self._breaks(trial, one)

    def _breaks(self, trial: Trial, repair: Repair) -> int | None:
        """How many other parts that are consistent would not be after a repair."""
        steps = [one for one in repair.steps if one.move is not Move.DOUBT]
        if not steps:
            return 0
        if len(self.trials) > FEW:
            return None
        return sum(
            not other.holds(other.assume(steps=steps))
            for other in self._consistent
            if other is not trial and other.touched_by(steps)
        )

    @cached_property
    def _consistent(self) -> tuple[Trial, ...]:
        """Parts that contradict nothing."""
        return tuple(one for one in self.trials if _holds(one))

    def mending(
        self, moves: frozenset[Move] = MOVES, limit: int = 5, say: Say | None = None
    ) -> Mending:
        """The least repairs of everything together."""
        return mend_all(self.trials, self.weights, moves, limit, self.clock, say)

    @property
    def possible(self) -> Mapping[tuple[str, str], Change]:
        """Directions in which what was reported may move, whatever else was seen.

        Where all three are possible no report of it alone can be refuted, on any weights.
        """

        def ask(trial: Trial) -> dict[tuple[str, str], Change]:
            plain = trial.as_declared
            told = plain.follow(plain.assume(seen={}), trial.observations)
            return {one: told.get(one, Change.NOTHING) for one in trial.observations}

        return {key: one for own in self._ask(Stage.REFUTABLE, ask) for key, one in own.items()}

    @property
    def asks_what_follows(self) -> bool:
        """Whether there are few enough parts to ask what follows of each."""
        return len(self.trials) <= FEW

    @property
    def follows(self) -> Mapping[tuple[str, str], Change]:
        """What follows for other nodes, by condition and node, if all that was reported is true.

        Directions that are left; nodes that are held, that nothing reaches or of which nothing
        follows are left out, and so are parts that contradict themselves. Asked of few parts only.
        """
        if not self._asked(Stage.PREDICTIONS):
            return {}
        told = self._ask(Stage.PREDICTIONS, self._follow)
        return {key: one for own in told for key, one in own.items()}

    def _follow(self, trial: Trial) -> dict[tuple[str, str], Change]:
        found: dict[tuple[str, str], Change] = {}
        if self.contradictions_in(trial):
            return found
        plain = trial.as_declared
        conditions = {one.name: one for one in trial.part.conditions}
        reached = {name: _reached(one, trial.influences) for name, one in conditions.items()}
        for (name, node), change in plain.follow(plain.assume()).items():
            told = node in conditions[name].held or (name, node) in trial.seen
            if change is not Change.ANY and not told and node in reached[name]:
                found[name, node] = change
        return found

    @property
    def refutable(self) -> tuple[tuple[str, str], ...] | None:
        """Observations that could have come out so that the circuit alone contradicts them.

        None where not all of them were asked about.
        """
        possible = self.possible
        if not self._is_done(Stage.REFUTABLE):
            return None
        return tuple(one for one, change in possible.items() if change is not Change.ANY)

    @property
    def agreement(self) -> Agreement | None:
        """The fewest and the most observations that can be true together, over all sides.

        None where not all sides were gone through.
        """
        several = [own for _, own in self.by_side]
        if len(several) < len(self._sides):
            return None
        return Agreement(
            min(own.low for own in several),
            max(own.high for own in several),
            several[0].of,
            all(own.is_exact for own in several),
        )

    @property
    def tries_every_choice(self) -> bool:
        """Whether papers disagree so seldom that every choice of their sides can be tried."""
        return all(len(self._disputed(trial)) <= _MOST_DISPUTED for trial in self.trials)

    @cached_property
    def _sides(self) -> tuple[Sides, ...]:
        circuit = self.posed.bench.circuit
        return tuple(every_side(circuit.network, circuit.sides))

    @property
    def by_side(self) -> tuple[tuple[Sides, Agreement], ...]:
        """How many can be true together, by the sides taken in open questions."""
        found = []
        of = sum(len(trial.observations) for trial in self.trials)
        for number, sides in enumerate(self._sides):
            steps = [
                remove(influence, self.weights)
                for influence, edges in self.posed.bench.circuit.edges.items()
                if not all(sides.get(edge.declared.contested, True) for edge in edges)
            ]

            def ask(trial: Trial, steps: Sequence[Step] = steps) -> tuple[int, int]:
                return self._upheld(trial, steps)

            parts = list(self._ask((Stage.AGREEMENT, number), ask))
            if len(parts) < len(self.trials):
                break
            low, high = sum(p[0] for p in parts), sum(p[1] for p in parts)
            found.append((sides, Agreement(low, high, of, self.tries_every_choice)))
        return tuple(found)

    def _upheld(self, trial: Trial, steps: Sequence[Step]) -> tuple[int, int]:
        """The fewest and the most observations of a part that hold, over the sides of papers."""
        total = len(trial.observations)
        plain = trial.as_declared
        if not self._disputed(trial) and _holds(trial, steps):
            return total, total
        counts = [
            upheld(plain, plain.assume(seen, steps=steps, free=_DOUBT))
            for seen in ({**trial.seen, **taken} for taken in self._takings(trial))
        ]
        return min(counts), max(counts)

    def _disputed(self, trial: Trial) -> list[Report]:
        reports = self.posed.reports
        return [reports[one] for one in trial.observations if reports[one].is_disputed]

    def _takings(self, trial: Trial) -> Iterator[Seen]:
        """Every choice of sides in what papers dispute."""
        disputed = self._disputed(trial)[:_MOST_DISPUTED]
        for chosen in product(*(one.sides for one in disputed)):
            yield {
                (one.condition, one.node): side for one, side in zip(disputed, chosen, strict=True)
            }

    @property
    def disputes(self) -> tuple[Dispute, ...]:
        """Reports of which papers disagree."""
        return tuple(one for own in self._ask(Stage.DISPUTES, self._weigh_sides) for one in own)

    def _weigh_sides(self, trial: Trial) -> list[Dispute]:
        found = []
        for report in self._disputed(trial):
            at = (report.condition, report.node)
            plain = trial.as_declared
            without = {one: seen for one, seen in trial.seen.items() if one != at}
            least = plain.doubts(plain.assume(without, free=_DOUBT))
            cost = {}
            for side in report.sides:
                own = plain.assume({**without, at: side}, free=_DOUBT, sure=(at,))
                doubted = plain.doubts(own)
                if doubted is not None and least is not None:
                    cost[side] = doubted - least
            found.append(Dispute(report, cost))
        return found


def _holds(trial: Trial, steps: Sequence[Step] = ()) -> bool:
    """Whether a part contradicts nothing, as declared but for what is contested."""
    plain = trial.as_declared
    return plain.holds(plain.assume(steps=steps))


def _nodes(core: Core) -> set[str]:
    """Nodes that a core is about."""
    ends = {end for one in core.influences for end in (one.source, one.target)}
    return ends | {node for _, node in core.observations}


def _order(repair: Repair) -> list[tuple[object, ...]]:
    return [one.order for one in repair.steps]


def _reached(condition: Condition, influences: Sequence[Influence]) -> set[str]:
    """Nodes to which something leads that was moved; in a comparison, in which both differ.

    What both are moved by alike makes no difference, wherever it leads.
    """
    reached = {
        node
        for moved in (condition.held, condition.pushed)
        for node, change in moved.items()
        if change & Change.CHANGED
    }
    reached |= condition.inputs | condition.ambiguous
    grown = True
    while grown:
        more = {
            one.target
            for one in influences
            if one.source in reached
            and one.target not in reached
            and one not in condition.cut
            and one.target not in condition.held
        }
        reached |= more
        grown = bool(more)
    return reached
