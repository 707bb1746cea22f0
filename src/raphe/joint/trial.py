"""One part of a problem, grounded once and asked many times.

What may be changed are choices of the solver, which the assumptions of a question fix: other
observations, other signs, and repairs need no grounding anew. Each choice costs time in every
question, so that a part can be grounded with fewer of them too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from importlib import resources
from itertools import product
from typing import Any

from raphe.joint.choices import Choices, Fixed
from raphe.joint.conflict import least_conflict
from raphe.joint.encoding import NUMBERS, law
from raphe.joint.facts import SIGN_NUMBERS, facts_of, scope_of
from raphe.joint.problem import Influence, Problem
from raphe.joint.repair import Move, Repair, Step
from raphe.joint.solving import grounded
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
    """

    def __init__(
        self,
        part: Problem,
        costs: Costs = ALIKE,
        contested: Collection[Influence] = (),
        edits: frozenset[Move] = _EDITS,
    ) -> None:
        self.part = part
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
        return Trial(self.part, self._costs, self._contested, edits)

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
            elif Move.DOUBT not in free:
                fixed[-literals.doubt[observation]] = told
        for node in sorted(self.nodes) if Move.NEW_INFLUENCE in self._edits else ():
            if node in opened:
                fixed[literals.open[node]] = Fixed(Move.NEW_INFLUENCE, node=node)
            elif Move.NEW_INFLUENCE not in free:
                fixed[-literals.open[node]] = Fixed(Move.NEW_INFLUENCE, node=node)
        return fixed

    def holds(self, fixed: Iterable[int]) -> bool:
        """Whether some labelling obeys all laws."""
        self._mode("ignore")
        return bool(self._control.solve(assumptions=list(fixed)).satisfiable)

    def weigh(self, fixed: Iterable[int], among: Iterable[int]) -> tuple[bool, frozenset[int]]:
        """Whether assumptions hold together, and what shows it.

        Returns
        -------
        bool, frozenset[int]
            Where they do, all of some others that hold too; where not, those that cannot.
        """
        self._mode("ignore")
        with self._control.solve(assumptions=list(fixed), yield_=True) as handle:
            for model in handle:
                return True, frozenset(one for one in among if model.is_true(one))
            return False, frozenset(handle.core())

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
        self._mode("ignore")
        with self._control.solve(assumptions=list(fixed), yield_=True) as handle:
            return None if handle.get().satisfiable else list(handle.core())

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
        self._mode("ignore")
        fixed = list(fixed)
        found: dict[tuple[str, str], Change] = {}
        left = self._labels(at)
        asked: list[int] = []
        while True:
            with self._control.solve(assumptions=[*fixed, *asked], yield_=True) as handle:
                for model in handle:
                    for key in [key for key, one in left.items() if model.is_true(one)]:
                        place, single = key
                        found[place] = found.get(place, Change.NOTHING) | single
                        del left[key]
                    break
            # What was asked for and did not come is never so.
            for key in [key for key, literal in left.items() if literal in asked]:
                del left[key]
            if not left:
                return found
            asked = [next(iter(left.values()))]

    def _labels(
        self, at: Iterable[tuple[str, str]] | None
    ) -> dict[tuple[tuple[str, str], Change], int]:
        """Literals of directions; those that are excluded have none."""
        import clingo

        where = {one.name: place for place, one in enumerate(self.part.conditions)}
        numbers = {name: place for place, name in enumerate(self.part.graph.nodes)}
        every = at if at is not None else product(where, sorted(self.nodes))
        atoms = self._control.symbolic_atoms
        found = {}
        for condition, node in every:
            for single, number in NUMBERS.items():
                key = where[condition], numbers[node], number
                atom = atoms[clingo.Function("label", [*map(clingo.Number, key)])]
                if atom is not None:
                    found[(condition, node), single] = atom.literal
        return found

    def doubts(self, fixed: Iterable[int]) -> int | None:
        """How many observations must be doubted at least, where doubt is free.

        None where that does not suffice.
        """
        import clingo

        self._control.assign_external(clingo.Function("weighted"), False)
        self._mode("opt")
        doubted = None
        with self._control.solve(assumptions=list(fixed), yield_=True) as handle:
            for model in handle:
                doubted = sum(one.name == "doubt" for one in model.symbols(shown=True))
        return doubted

    def repairs(self, fixed: Iterable[int], limit: int = 10) -> list[Repair]:
        """The changes of least weight that make it consistent, so many of them, in order."""
        import clingo

        self._control.assign_external(clingo.Function("weighted"), True)
        self._mode("optN")
        found: set[tuple[Step, ...]] = set()
        with self._control.solve(assumptions=list(fixed), yield_=True) as handle:
            for model in handle:
                if model.optimality_proven:
                    found.add(self._steps(model.symbols(shown=True)))
                    if len(found) >= limit:
                        break
        return [Repair(one) for one in sorted(found, key=lambda steps: [s.order for s in steps])]

    def _steps(self, symbols: Iterable[Any]) -> tuple[Step, ...]:
        steps = []
        for symbol in symbols:
            number = int(symbol.arguments[0].number)
            if symbol.name == "doubt":
                steps.append(doubt(*self.observations[number], self._costs))
            elif symbol.name == "open":
                steps.append(add(self.part.graph.nodes[number], self._costs))
            elif symbol.name == "removed":
                steps.append(remove(self.influences[number], self._costs))
            else:
                steps.append(flip(self.influences[number], self._costs))
        return tuple(sorted(steps, key=lambda one: one.order))

    def _mode(self, mode: str) -> None:
        solve: Any = self._control.configuration.solve
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
    def _control(self) -> Any:
        laws = self.part.laws
        names = [
            *("labelling", "influences", "subject", "shift"),
            *(one.name for one in fields(laws) if getattr(laws, one.name)),
        ]
        layer = resources.files("raphe.joint").joinpath("assumable.lp").read_text("utf-8")
        facts = facts_of(self.part, self._scope, self._costs, self._removable, self._edits)
        return grounded("\n".join((*facts, *map(law, names), layer)), "--project=show")

    @cached_property
    def _literals(self) -> Choices:
        atoms, nodes = self._control.symbolic_atoms, self.part.graph.nodes
        return Choices(atoms, self.influences, nodes, self.observations)
