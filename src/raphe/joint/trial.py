"""One part of a problem, grounded once and asked many times.

What may be changed are choices of the solver, which the assumptions of a question fix: other
observations, other signs, and repairs need no grounding anew. Each choice costs time in every
question, so that a part can be grounded with fewer of them too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from importlib import resources
from itertools import product
from typing import Any

from raphe.joint.choices import Choices, Fixed
from raphe.joint.conflict import least_conflict
from raphe.joint.encoding import NUMBERS, law, nodes_of
from raphe.joint.facts import SIGN_NUMBERS, facts_of, scope_of
from raphe.joint.following import FIRST, directions
from raphe.joint.problem import Influence, Problem
from raphe.joint.repair import Move, Repair, Step
from raphe.joint.running import Clock, Model, StoppedError, grounded, run
from raphe.joint.weight import ALIKE, Costs, add, doubt, flip, remove
from raphe.sign import Change, Sign

#: What was seen, by condition and node.
Seen = Mapping[tuple[str, str], Change]
#: Signs of influences that are not the declared ones.
Signs = Mapping[Influence, Sign]

_NONE: Mapping[Influence, Sign] = {}


@dataclass(frozen=True)
class Core:
    """What cannot hold together: take any one of these away and the rest can."""

    observations: tuple[tuple[str, str], ...]
    influences: tuple[Influence, ...]


#: Kinds of changes that a question may make of a graph.
_EDITS = frozenset((Move.REMOVE, Move.FLIP, Move.NEW_INFLUENCE))


class Trial:
    """A part of a problem, ready for questions.

    Parameters
    ----------
    part
        Conditions on a graph.
    costs
        Of changes.
    contested
        Influences that a question may leave out even where others stay as they are declared.
    edits
        Kinds of changes of the graph that a question may make, everywhere.
    clock
        When to stop. Where that is before a question is answered, it raises `StoppedError`.

    Raises
    ------
    ValueError
        The laws ask for elementary paths.
    """

    def __init__(
        self,
        part: Problem,
        costs: Costs = ALIKE,
        contested: Collection[Influence] = (),
        edits: frozenset[Move] = _EDITS,
        clock: Clock | None = None,
    ) -> None:
        if part.laws.elementary_path:
            raise ValueError("elementary paths lead outside of what a part is grounded for.")
        self.part = part
        self._clock = clock or Clock()
        self._costs = costs
        self._contested = contested
        self._edits = edits
        self._scope = scope_of(part)
        self.nodes, self.influences = self._scope.nodes, self._scope.influences
        self.observations = self._scope.observations
        self._removable = tuple(
            one for one in self.influences if Move.REMOVE in edits or one in contested
        )

    @cached_property
    def as_declared(self) -> Trial:
        """The same for questions that doubt observations or leave out what is contested."""
        return self._with(frozenset())

    @cached_property
    def with_signs(self) -> Trial:
        """The same for questions that change signs, too."""
        return self._with(frozenset((Move.FLIP,)))

    def _with(self, edits: frozenset[Move]) -> Trial:
        return Trial(self.part, self._costs, self._contested, edits, self._clock)

    def touched_by(self, steps: Iterable[Step]) -> frozenset[Step]:
        """Those of some steps that change something here."""
        return frozenset(
            one
            for one in steps
            if (one.influence in self._acting if one.influence else False)
            or (one.condition, one.node) in self._sightings
            or (not one.condition and one.node in self.nodes)
        )

    @cached_property
    def _acting(self) -> frozenset[Influence]:
        """Influences that act in some condition."""
        return frozenset(
            one
            for one in self.influences
            if any(one not in c.cut and one.target not in c.held for c in self.part.conditions)
        )

    @cached_property
    def _sightings(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.observations)

    @property
    def seen(self) -> Seen:
        """What was seen, as the problem has it."""
        return {
            (one.name, node): change
            for one in self.part.conditions
            for node, change in one.observed.items()
        }

    def assume(
        self,
        seen: Seen | None = None,
        signs: Signs = _NONE,
        steps: Iterable[Step] = (),
        free: frozenset[Move] = frozenset(),
        sure: Collection[tuple[str, str]] = (),
    ) -> dict[int, Fixed]:
        """What is fixed in a question: literals of the solver, and what each stands for.

        Parameters
        ----------
        seen
            What was seen; by default what the problem says. What is not told is open.
        signs
            Signs of influences other than those that are declared.
        steps
            Changes that are made.
        free
            Kinds of changes that the solver may make as it likes.
        sure
            Observations that it may not doubt even so.

        Raises
        ------
        ValueError
            It was not grounded for such a question.
        """
        chosen = list(steps)
        self._require_grounded(signs, chosen, free)
        seen = self.seen if seen is None else seen
        doubted = {(one.condition, one.node) for one in chosen if one.move is Move.DOUBT}
        opened = {one.node for one in chosen if one.move is Move.NEW_INFLUENCE}
        removed = {one.influence for one in chosen if one.move is Move.REMOVE}
        turned = {one.influence for one in chosen if one.move is Move.FLIP}
        literals = self._literals
        fixed: dict[int, Fixed] = {}
        for one in self._removable:
            if one in removed:
                fixed[literals.removed[one]] = Fixed(Move.REMOVE, influence=one)
            elif Move.REMOVE not in free:
                fixed[-literals.removed[one]] = Fixed(Move.REMOVE, influence=one)
        for one in self.influences if Move.FLIP in self._edits else ():
            sign = SIGN_NUMBERS.get(signs.get(one, one.sign))
            if sign is not None and one in turned:
                fixed[literals.sign[one, -sign]] = Fixed(Move.FLIP, influence=one)
            elif sign is not None and Move.FLIP not in free:
                fixed[literals.sign[one, sign]] = Fixed(Move.FLIP, influence=one)
        for observation in self.observations:
            change = seen.get(observation, Change.ANY)
            told = Fixed(Move.DOUBT, *observation)
            for single, number in NUMBERS.items():
                literal = literals.forbid[observation, number]
                fixed[-literal if single in change else literal] = told
            if observation in doubted:
                fixed[literals.doubt[observation]] = told
            elif Move.DOUBT not in free or observation in sure:
                fixed[-literals.doubt[observation]] = told
        for node in sorted(self.nodes) if Move.NEW_INFLUENCE in self._edits else ():
            if node in opened:
                fixed[literals.open[node]] = Fixed(Move.NEW_INFLUENCE, node=node)
            elif Move.NEW_INFLUENCE not in free:
                fixed[-literals.open[node]] = Fixed(Move.NEW_INFLUENCE, node=node)
        return fixed

    def holds(self, fixed: Iterable[int]) -> bool:
        """Whether some labelling obeys all laws."""
        return self._ask("ignore", fixed)

    def weigh(self, fixed: Iterable[int], among: Iterable[int]) -> tuple[bool, frozenset[int]]:
        """Whether assumptions hold together, and what shows it.

        Returns
        -------
        bool, frozenset[int]
            Where they do, all of some others that hold too; where not, those that cannot.
        """
        shown: list[int] = []

        def on_model(model: Model) -> None:
            shown.extend(one for one in among if model.is_true(one))

        core: list[int] = []
        holds = self._ask("ignore", fixed, on_model, core=core)
        return holds, frozenset(shown if holds else core)

    def conflict(self, fixed: Mapping[int, Fixed]) -> list[int]:
        """Assumptions that cannot hold together, none of them to spare; none where all can.

        Observations are kept last, so that a conflict has as few of them as its influences allow.
        """
        known = frozenset(fixed)
        if known not in self._conflicts:
            self._conflicts[known] = self._find_conflict(fixed)
        return self._conflicts[known]

    @cached_property
    def _conflicts(self) -> dict[frozenset[int], list[int]]:
        return {}

    def _find_conflict(self, fixed: Mapping[int, Fixed]) -> list[int]:
        loose = self._refuted(fixed)
        if loose is None:
            return []
        ordered = sorted(
            (one for one in loose if one in fixed),
            key=lambda one: (fixed[one].move is not Move.DOUBT, one),
        )
        return least_conflict(ordered, self.weigh)

    def _refuted(self, fixed: Iterable[int]) -> list[int] | None:
        """Some assumptions that cannot hold together, many of them to spare."""
        core: list[int] = []
        return None if self._ask("ignore", fixed, core=core) else core

    def core(self, fixed: Mapping[int, Fixed]) -> Core | None:
        """What cannot hold together, nothing of it to spare; None where all can."""
        needed = set(self.conflict(fixed))
        if not needed:
            return None
        things = [fixed[one] for one in needed]
        influences = {one.influence for one in things if one.influence is not None}
        return Core(
            tuple(sorted({(one.condition, one.node) for one in things if one.condition})),
            tuple(sorted(influences, key=lambda one: one.order)),
        )

    def possible(self, condition: str, node: str, fixed: Iterable[int]) -> Change:
        """Directions in which a node may move."""
        return self.follow(fixed, [(condition, node)]).get((condition, node), Change.NOTHING)

    def follow(
        self, fixed: Iterable[int], at: Iterable[tuple[str, str]] | None = None
    ) -> dict[tuple[str, str], Change]:
        """Directions that nodes may have, in each condition, all assumptions true.

        One that is left is a strong prediction, two are a weak one.

        Parameters
        ----------
        fixed
            What is fixed in the question.
        at
            Conditions and nodes; all of them by default.
        """
        if at is not None:
            self._mode(self._control, "ignore")
            return directions(self._control, fixed, self._labels(self._control, at), self._clock)
        control = self._telling
        self._mode(control, "ignore")
        names = dict(self._chosen(self._control))
        literals = {symbol: literal for literal, symbol in self._chosen(control)}
        same = [literals[names[abs(one)]] * (1 if one > 0 else -1) for one in fixed]
        where, numbers = self._numbers

        def tell(place: tuple[str, str], single: Change) -> None:
            _note(control, True, where[place[0]], numbers[place[1]], NUMBERS[single])

        every = product(where, sorted(self.nodes))
        labels = self._labels(control, every)
        for (condition, node), single in labels:
            _note(control, False, where[condition], numbers[node], NUMBERS[single])
        return directions(control, same, labels, self._clock, tell)

    @staticmethod
    def _chosen(control: Any) -> Iterable[tuple[int, Any]]:
        """Literals of what a question may fix, and what they are called."""
        for name, arity in (("removed", 1), ("sign", 2), ("forbid", 2), ("doubt", 1), ("open", 1)):
            for atom in control.symbolic_atoms.by_signature(name, arity):
                yield atom.literal, atom.symbol

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(nodes_of(self.part))

    @cached_property
    def _numbers(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Numbers of conditions and of nodes."""
        where = {one.name: place for place, one in enumerate(self.part.conditions)}
        return where, nodes_of(self.part)

    def _labels(
        self, control: Any, at: Iterable[tuple[str, str]]
    ) -> dict[tuple[tuple[str, str], Change], int]:
        """Literals of directions; those that are excluded have none."""
        import clingo

        where, numbers = self._numbers
        found = {}
        for condition, node in at:
            for single, number in NUMBERS.items():
                key = where[condition], numbers[node], number
                atom = control.symbolic_atoms[clingo.Function("label", [*map(clingo.Number, key)])]
                if atom is not None:
                    found[(condition, node), single] = atom.literal
        return found

    def doubts(self, fixed: Iterable[int]) -> int | None:
        """How many observations must be doubted at least, where doubt is free.

        None where that does not suffice.
        """
        doubted: list[int] = []

        def on_model(model: Model) -> None:
            doubted.append(sum(one.name == "doubt" for one in model.symbols(shown=True)))

        self._weigh_by_evidence(False)
        return doubted[-1] if self._ask("opt", fixed, on_model) else None

    def repairs(
        self,
        fixed: Iterable[int],
        limit: int = 10,
        on_bound: Callable[[int], None] | None = None,
    ) -> list[Repair]:
        """The changes of least weight that make it consistent, so many of them, in order.

        Parameters
        ----------
        fixed
            What is fixed in the question.
        limit
            How many are looked for.
        on_bound
            Told what the least repair is proved to weigh at least, whenever that is more.
        """
        found: set[tuple[Step, ...]] = set()

        def on_model(model: Model) -> bool:
            if model.optimality_proven:
                found.add(self._steps(model.symbols(shown=True)))
            return len(found) < limit

        def on_unsat(bound: Iterable[int]) -> None:
            if on_bound is not None:
                on_bound(next(iter(bound), 0))

        self._weigh_by_evidence(True)
        self._ask("optN", fixed, on_model, on_unsat)
        return [Repair(one) for one in sorted(found, key=lambda steps: [s.order for s in steps])]

    def _weigh_by_evidence(self, weighted: bool) -> None:
        import clingo

        self._control.assign_external(clingo.Function("weighted"), weighted)

    def _ask(
        self,
        mode: str,
        fixed: Iterable[int],
        on_model: Callable[[Model], Any] | None = None,
        on_unsat: Callable[[Iterable[int]], None] | None = None,
        core: list[int] | None = None,
    ) -> bool:
        """Whether there is a model; it raises where that or the best one was not known in time."""
        self._mode(self._control, mode)
        fixed = list(fixed)
        holds, exhausted = run(self._control, fixed, self._clock, on_model, on_unsat, core=core)
        if holds is None or (mode != "ignore" and not exhausted and self._clock.stopped):
            raise StoppedError
        return holds

    def _steps(self, symbols: Iterable[Any]) -> tuple[Step, ...]:
        steps = []
        for symbol in symbols:
            number = int(symbol.arguments[0].number)
            if symbol.name == "doubt":
                steps.append(doubt(*self.observations[number], self._costs))
            elif symbol.name == "open":
                steps.append(add(self._names[number], self._costs))
            elif symbol.name == "removed":
                steps.append(remove(self.influences[number], self._costs))
            else:
                steps.append(flip(self.influences[number], self._costs))
        return tuple(sorted(steps, key=lambda one: one.order))

    @staticmethod
    def _mode(control: Any, mode: str) -> None:
        solve: Any = control.configuration.solve
        solve.opt_mode = mode
        solve.models = 0 if mode.startswith("opt") else 1

    def _require_grounded(self, signs: Signs, steps: list[Step], free: frozenset[Move]) -> None:
        """Refuse questions that would be answered as if they had not been asked."""
        moves = {one.move for one in steps} | free
        fixed = {Move.FLIP, Move.NEW_INFLUENCE} - self._edits
        removed = {one.influence for one in steps if one.move is Move.REMOVE}
        if (
            (signs and Move.FLIP in fixed)
            or moves & fixed
            or (Move.REMOVE in free and Move.REMOVE not in self._edits)
            or (removed & set(self.influences)) - set(self._removable)
        ):
            raise ValueError("this changes what was not grounded as something that may change.")

    @cached_property
    def _program(self) -> str:
        laws = self.part.laws
        names = [
            *("labelling", "influences", "subject", "shift"),
            *(one.name for one in fields(laws) if getattr(laws, one.name)),
        ]
        layer = resources.files("raphe.joint").joinpath("assumable.lp").read_text("utf-8")
        facts = facts_of(self.part, self._scope, self._costs, self._removable, self._edits)
        return "\n".join((*facts, *map(law, names), layer))

    @cached_property
    def _control(self) -> Any:
        if self._clock.expired:
            raise StoppedError
        return grounded(self._program, "--project=show")

    @cached_property
    def _telling(self) -> Any:
        """The same, made to tell many directions."""
        if self._clock.expired:
            raise StoppedError
        return grounded(self._program + FIRST, "--project=show", "--heuristic=Domain")

    @cached_property
    def _literals(self) -> Choices:
        atoms, nodes = self._control.symbolic_atoms, self._names
        return Choices(atoms, self.influences, nodes, self.observations)


def _note(control: Any, known: bool, *key: int) -> None:
    """Tell the solver whether a labelling is known that has a direction."""
    import clingo

    control.assign_external(clingo.Function("told", [*map(clingo.Number, key)]), known)
