"""Can findings be true together on a circuit? What contradicts what, and what would mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from itertools import product

from raphe.joint.circuit import Sides, every_side
from raphe.joint.mending import Mending, Say, mend_all
from raphe.joint.parts import independent_parts
from raphe.joint.problem import Condition, Influence
from raphe.joint.repair import Move, Repair, Step
from raphe.joint.reported import Posed, Report
from raphe.joint.trial import Core, Seen, Trial
from raphe.joint.weight import Weights, remove
from raphe.sign import Change

#: Changes that a repair may make.
MOVES = frozenset((Move.DOUBT, Move.REMOVE, Move.FLIP, Move.NEW_INFLUENCE))
_DOUBT = frozenset((Move.DOUBT,))
#: Repairs of one kind that are told, of each contradiction, out of so many that are looked for.
_EACH, _SOME = 3, 100
#: Parts up to which it is asked what else a change of the graph would contradict.
FEW = 30
#: Disputed reports of one part up to which every choice of sides is tried.
_MOST_DISPUTED = 8


class Case(Enum):
    """Why an observation cannot hold; the value is what is said of it."""

    UNREACHABLE = "nothing that was moved leads there"
    CONTRADICTED = "what leads there contradicts it"


@dataclass(frozen=True)
class Contradiction:
    """Reports that cannot all be true on the circuit, whatever the weights."""

    #: Of these, any one may be true without the others.
    core: Core
    reports: tuple[Report, ...]
    case: Case
    #: The least repairs of each kind, by weight, each with how many other parts of the problem it
    #: would make inconsistent; None where that was not asked.
    repairs: tuple[tuple[Repair, int | None], ...]


@dataclass(frozen=True)
class Dispute:
    """A report of which papers disagree, and how each side fits with all else."""

    report: Report
    #: By direction: how many other observations would have to be doubted for it.
    cost: Mapping[Change, int]


@dataclass(frozen=True)
class Agreement:
    """How many observations can be true together."""

    low: int
    high: int
    of: int


@dataclass(frozen=True, eq=False)
class Together:
    """An answer; its parts are worked out when they are asked for."""

    posed: Posed
    weights: Weights = field(repr=False)

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """The independent parts of the problem, ready for questions."""
        edges = self.posed.bench.circuit.edges
        contested = {one for one, own in edges.items() if any(e.declared.contested for e in own)}
        parts = independent_parts(self.posed.problem)
        return tuple(Trial(part, self.weights, contested) for part in parts)

    @property
    def is_consistent(self) -> bool:
        """Whether everything can be true together."""
        return not self.contradictions

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Disjoint sets of reports that cannot be true together, in order of their conditions."""
        return tuple(one for trial in self.trials for one in self.contradictions_in(trial))

    def contradictions_in(self, trial: Trial) -> tuple[Contradiction, ...]:
        """Those of one part; looked for once."""
        if trial not in self._looked:
            self._looked[trial] = tuple(self._look(trial))
        return self._looked[trial]

    @property
    def found(self) -> tuple[Contradiction, ...]:
        """Contradictions of the parts that were looked at so far."""
        return tuple(one for trial in self.trials for one in self._looked.get(trial, ()))

    @property
    def looked(self) -> int:
        """How many parts were looked at so far."""
        return len(self._looked)

    @cached_property
    def _looked(self) -> dict[Trial, tuple[Contradiction, ...]]:
        return {}

    def _look(self, trial: Trial) -> Iterator[Contradiction]:
        if _holds(trial):
            return
        seen = dict(trial.seen)
        cores = []
        while core := trial.core(trial.assume(seen)):
            cores.append(core)
            if not core.observations:
                break
            for one in core.observations:
                del seen[one]
        for core in cores:
            own = {**seen, **{one: trial.seen[one] for one in core.observations}}
            yield Contradiction(
                core,
                tuple(self.posed.reports[one] for one in core.observations),
                self._case(trial, core),
                tuple(self._repairs(trial, own, _nodes(core))),
            )

    def _case(self, trial: Trial, core: Core) -> Case:
        conditions = {one.name: one for one in trial.part.conditions}
        moved = (
            (conditions[name], node)
            for name, node in core.observations
            if Change.SAME not in trial.seen[name, node]
        )
        # What both sides of a comparison share tells nothing of how they differ.
        if any(
            node not in _reached(conditions, replace(one, shift=None), trial.influences)
            for one, node in moved
        ):
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
        self,
        moves: frozenset[Move] = MOVES,
        limit: int = 5,
        time_limit: float | None = None,
        say: Say | None = None,
    ) -> Mending:
        """The least repairs of everything together."""
        return mend_all(self.trials, self.weights, moves, limit, time_limit, say)

    @cached_property
    def possible(self) -> Mapping[tuple[str, str], Change]:
        """Directions in which what was reported may move, whatever else was seen.

        Where all three are possible no report of it alone can be refuted, on any weights.
        """
        found: dict[tuple[str, str], Change] = {}
        for trial in self.trials:
            plain = trial.as_declared
            told = plain.follow(plain.assume(seen={}), trial.observations)
            found |= {one: told.get(one, Change.NOTHING) for one in trial.observations}
        return found

    @property
    def asks_what_follows(self) -> bool:
        """Whether there are few enough parts to ask what follows of each."""
        return len(self.trials) <= FEW

    @cached_property
    def follows(self) -> Mapping[tuple[str, str], Change]:
        """What follows for other nodes, by condition and node, if all that was reported is true.

        Directions that are left; nodes that are held, that nothing reaches or of which nothing
        follows are left out, and so are parts that contradict themselves. Asked of few parts only.
        """
        found: dict[tuple[str, str], Change] = {}
        for trial in self.trials if self.asks_what_follows else ():
            if self.contradictions_in(trial):
                continue
            plain = trial.as_declared
            conditions = {one.name: one for one in trial.part.conditions}
            reached = {
                name: _reached(conditions, one, trial.influences)
                for name, one in conditions.items()
            }
            for (name, node), change in plain.follow(plain.assume()).items():
                told = node in conditions[name].held or (name, node) in trial.seen
                if change is not Change.ANY and not told and node in reached[name]:
                    found[name, node] = change
        return found

    @property
    def refutable(self) -> tuple[tuple[str, str], ...]:
        """Observations that could have come out so that the circuit alone contradicts them."""
        return tuple(one for one, change in self.possible.items() if change is not Change.ANY)

    @cached_property
    def agreement(self) -> Agreement:
        """The fewest and the most observations that can be true together, over all sides."""
        lows, highs = [], []
        for _, own in self.by_side:
            lows.append(own.low)
            highs.append(own.high)
        return Agreement(min(lows), max(highs), own.of)

    @cached_property
    def by_side(self) -> tuple[tuple[Sides, Agreement], ...]:
        """How many can be true together, by the sides taken in open questions."""
        circuit = self.posed.bench.circuit
        found = []
        for sides in every_side(circuit.network, circuit.sides):
            steps = [
                remove(influence, self.weights)
                for influence, edges in circuit.edges.items()
                if not all(sides.get(edge.declared.contested, True) for edge in edges)
            ]
            parts = [self._upheld(trial, steps) for trial in self.trials]
            of = sum(len(trial.observations) for trial in self.trials)
            found.append((sides, Agreement(sum(p[0] for p in parts), sum(p[1] for p in parts), of)))
        return tuple(found)

    def _upheld(self, trial: Trial, steps: Sequence[Step]) -> tuple[int, int]:
        """The fewest and the most observations of a part that hold, over the sides of papers."""
        total = len(trial.observations)
        plain = trial.as_declared
        if not self._disputed(trial) and _holds(trial, steps):
            return total, total
        counts = [
            total - (plain.doubts(plain.assume(seen, steps=steps, free=_DOUBT)) or 0)
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

    @cached_property
    def disputes(self) -> tuple[Dispute, ...]:
        """Reports of which papers disagree."""
        found = []
        for trial in self.trials:
            for report in self._disputed(trial):
                at = (report.condition, report.node)
                plain = trial.as_declared
                without = {one: seen for one, seen in trial.seen.items() if one != at}
                least = plain.doubts(plain.assume(without, free=_DOUBT)) or 0
                cost = {
                    side: (plain.doubts(plain.assume({**without, at: side}, free=_DOUBT)) or 0)
                    - least
                    for side in report.sides
                }
                found.append(Dispute(report, cost))
        return tuple(found)


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


def _reached(
    conditions: Mapping[str, Condition], condition: Condition, influences: Sequence[Influence]
) -> set[str]:
    """Nodes to which something leads that was moved; in a comparison, in either of both."""
    names = [condition.name]
    if condition.shift is not None:
        names += [condition.shift.of, condition.shift.against]
    reached: set[str] = set()
    for name in names:
        own = conditions[name]
        here = (
            {
                node
                for moved in (own.held, own.pushed)
                for node, change in moved.items()
                if change & Change.CHANGED
            }
            | own.inputs
            | own.ambiguous
        )
        grown = True
        while grown:
            more = {
                one.target
                for one in influences
                if one.source in here
                and one.target not in here
                and one not in own.cut
                and one.target not in own.held
            }
            here |= more
            grown = bool(more)
        reached |= here
    return reached
