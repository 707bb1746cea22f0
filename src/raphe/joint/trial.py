"""One part of a problem, grounded once and asked many times.

What may be changed are choices of the solver, which the assumptions of a question fix: other
observations, other signs, and repairs need no grounding anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from importlib import resources
from typing import Any

from raphe.joint.encoding import NUMBERS, law
from raphe.joint.facts import SIGN_NUMBERS, facts_of, scope_of
from raphe.joint.problem import Influence, Problem
from raphe.joint.repair import Move, Repair, Step
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


@dataclass(frozen=True, slots=True)
class Fixed:
    """What an assumption fixes: that a step is taken, or is not."""

    move: Move
    condition: str = ""
    node: str = ""
    influence: Influence | None = None


def step_of(fixed: Fixed, costs: Costs) -> Step | None:
    """The step that would undo an assumption; none where the sign was unknown to begin with."""
    if fixed.move is Move.DOUBT:
        return doubt(fixed.condition, fixed.node, costs)
    if fixed.influence is None:
        return add(fixed.node, costs)
    if fixed.move is Move.REMOVE:
        return remove(fixed.influence, costs)
    return None if fixed.influence.sign is Sign.UNKNOWN else flip(fixed.influence, costs)


class Trial:
    """A part of a problem, ready for questions."""

    def __init__(self, part: Problem, costs: Costs = ALIKE) -> None:
        self.part = part
        self._costs = costs
        self._scope = scope_of(part)
        self.nodes, self.influences = self._scope.nodes, self._scope.influences
        self.observations = self._scope.observations

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
        """
        seen = self.seen if seen is None else seen
        chosen = list(steps)
        doubted = {(one.condition, one.node) for one in chosen if one.move is Move.DOUBT}
        opened = {one.node for one in chosen if one.move is Move.NEW_INFLUENCE}
        removed = {one.influence for one in chosen if one.move is Move.REMOVE}
        turned = {one.influence for one in chosen if one.move is Move.FLIP}
        literals = self._literals
        fixed: dict[int, Fixed] = {}
        for one in self.influences:
            if one in removed:
                fixed[literals.removed[one]] = Fixed(Move.REMOVE, influence=one)
            elif Move.REMOVE not in free:
                fixed[-literals.removed[one]] = Fixed(Move.REMOVE, influence=one)
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
        for node in sorted(self.nodes):
            if node in opened:
                fixed[literals.open[node]] = Fixed(Move.NEW_INFLUENCE, node=node)
            elif Move.NEW_INFLUENCE not in free:
                fixed[-literals.open[node]] = Fixed(Move.NEW_INFLUENCE, node=node)
        return fixed

    def holds(self, fixed: Iterable[int]) -> bool:
        """Whether some labelling obeys all laws."""
        self._mode("ignore")
        return bool(self._control.solve(assumptions=list(fixed)).satisfiable)

    def conflict(self, fixed: Mapping[int, Fixed]) -> list[int]:
        """Assumptions that cannot hold together, none of them to spare; none where all can.

        Notes
        -----
        Divide and conquer: U. Junker, "QuickXplain", Proc. AAAI 2004, 167-172. Observations are
        kept last, so that a conflict has as few of them as its influences allow.
        """
        loose = self._refuted(fixed)
        if loose is None:
            return []
        ordered = sorted(
            (one for one in loose if one in fixed),
            key=lambda one: (fixed[one].move is not Move.DOUBT, one),
        )
        return self._least(set(), ordered, grown=False)

    def _least(self, kept: set[int], rest: list[int], grown: bool) -> list[int]:
        """The part of the rest that is needed for a conflict with what is kept."""
        if grown and not self.holds(kept):
            return []
        if len(rest) == 1:
            return rest
        half = len(rest) // 2
        first, second = rest[:half], rest[half:]
        of_second = self._least(kept | set(first), second, bool(first))
        return self._least(kept | set(of_second), first, bool(of_second)) + of_second

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
        fixed = list(fixed)
        found = Change.NOTHING
        for single, number in NUMBERS.items():
            label = self._literals.label.get((condition, node, number))
            if label is not None and self.holds([*fixed, label]):
                found |= single
        return found

    def follow(self, fixed: Iterable[int]) -> dict[tuple[str, str], Change]:
        """Directions that each node may have, in each condition, all assumptions true.

        One that is left is a strong prediction, two are a weak one.
        """
        self._mode("ignore")
        fixed = list(fixed)
        singles = {number: single for single, number in NUMBERS.items()}
        found: dict[tuple[str, str], Change] = {}
        left = dict(self._literals.label)
        asked: list[int] = []
        while True:
            with self._control.solve(assumptions=[*fixed, *asked], yield_=True) as handle:
                for model in handle:
                    for condition, node, number in [
                        key for key, literal in left.items() if model.is_true(literal)
                    ]:
                        at = condition, node
                        found[at] = found.get(at, Change.NOTHING) | singles[number]
                        del left[condition, node, number]
                    break
            # What was asked for and did not come is never so.
            for key in [key for key, literal in left.items() if literal in asked]:
                del left[key]
            if not left:
                return found
            asked = [next(iter(left.values()))]

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

    @cached_property
    def _control(self) -> Any:
        import clingo

        control = clingo.Control(
            ["--warn=none", "--opt-strategy=usc", "--project=show"], logger=lambda *_: None
        )
        laws = self.part.laws
        names = [
            *("labelling", "influences", "subject", "shift"),
            *(one.name for one in fields(laws) if getattr(laws, one.name)),
        ]
        layer = resources.files("raphe.joint").joinpath("assumable.lp").read_text("utf-8")
        control.add(
            "base",
            [],
            "\n".join((*facts_of(self.part, self._scope, self._costs), *map(law, names), layer)),
        )
        control.ground([("base", [])])
        return control

    @cached_property
    def _literals(self) -> _Literals:
        return _Literals(self)


class _Literals:
    """What the solver calls the choices of a trial."""

    def __init__(self, trial: Trial) -> None:
        import clingo

        atoms = trial._control.symbolic_atoms

        def literal(name: str, *numbers: int) -> int:
            atom = atoms[clingo.Function(name, [clingo.Number(one) for one in numbers])]
            assert atom is not None
            return int(atom.literal)

        graph = trial.part.graph
        self.sign = {
            (one, number): literal("sign", place, number)
            for place, one in enumerate(trial.influences)
            for number in (-1, 1)
        }
        self.removed = {
            one: literal("removed", place) for place, one in enumerate(trial.influences)
        }
        self.forbid = {
            (one, number): literal("forbid", place, number)
            for place, one in enumerate(trial.observations)
            for number in (-1, 0, 1)
        }
        self.doubt = {one: literal("doubt", place) for place, one in enumerate(trial.observations)}
        self.open = {
            one: literal("open", place)
            for place, one in enumerate(graph.nodes)
            if one in trial.nodes
        }
        # Directions that are excluded have no label.
        where, numbers = list(trial.part.conditions), list(graph.nodes)
        self.label = {
            (where[own.number].name, numbers[node.number], sign.number): atom.literal
            for atom in atoms.by_signature("label", 3)
            for own, node, sign in [atom.symbol.arguments]
        }
