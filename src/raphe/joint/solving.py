"""The solver: grounds a problem once, and answers many questions about it within a time limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from raphe.joint.encoding import CHANGES, NUMBERS, Encoding, assumed, encode
from raphe.joint.problem import Condition, Problem
from raphe.joint.repair import Permitted, Repair
from raphe.joint.running import Clock, Model, grounded, run
from raphe.sign import Change

#: Seconds that are spent, when the time is up, on finding any repair at all.
_GRACE = 2.0

#: Labellings that are looked at before the search for others is changed.
_PATIENCE = 500

#: Directions by condition and node.
Labels = dict[str, dict[str, Change]]


@dataclass(frozen=True)
class Bounds:
    """What is proved of the cost of the least repair."""

    #: No repair costs less: proved.
    lower: int
    #: Cost of the best repair that was found; none: none was found.
    upper: int | None
    #: Whether there is no repair of the permitted kind at all: proved.
    impossible: bool = False

    @property
    def proved(self) -> bool:
        """Whether the least cost is known."""
        return self.impossible or self.lower == self.upper


class Solver:
    """A problem in the memory of the solver.

    Parameters
    ----------
    problem, permitted
        What is asked; without moves of a repair, the laws as they are.
    cores
        Whether it can be chosen of which nodes the laws are asked.
    labels
        Whether directions are read from it, not repairs alone.
    fixed
        Whether the observations are part of it, which is faster, or are assumed for each question.
    """

    def __init__(
        self,
        problem: Problem,
        permitted: Permitted | None = None,
        cores: bool = False,
        labels: bool = False,
        fixed: bool = True,
    ) -> None:
        self._permitted = permitted
        self._fixed = fixed
        self.encoding: Encoding = encode(problem, permitted, cores, fixed)
        self.control = grounded(self.encoding.program + _SHOWN + (_LABELS if labels else ""))
        self._literals: dict[tuple[int, int, int], int] = {}

    def assume(self, conditions: Sequence[Condition] | None = None) -> list[int]:
        """Literals of all observations that no repair may touch; none if they are fixed.

        Parameters
        ----------
        conditions
            In place of those of the problem, with other observations of the same nodes.
        """
        literals: list[int] = []
        if self._fixed:
            return literals
        for number, one in enumerate(conditions or self.encoding.conditions):
            for node, seen in assumed(one, self._permitted).items():
                literals += self._label(number, self.encoding.node_numbers[node], seen)
        return literals

    def satisfiable(self, assumptions: Sequence[int], clock: Clock) -> bool | None:
        """Whether the laws and the assumptions hold together; none: not known in time."""
        self._configure("ignore", "auto", 1)
        return run(self.control, assumptions, clock)[0]

    def least(self, assumptions: Sequence[int], clock: Clock) -> Bounds:
        """Cost of the least repair."""
        found: list[int] = []
        lower = [0]

        def on_model(model: Model) -> None:
            found.append(model.cost[0] if model.cost else 0)
            clock.say(f"a repair of size {found[-1]} is known")

        def on_unsat(bound: Sequence[int]) -> None:
            lower[0] = max(lower[0], bound[0])
            clock.say(f"no repair is smaller than {lower[0]}")

        self._configure("opt", "auto", 0)
        holds, exhausted = run(self.control, assumptions, clock, on_model, on_unsat)
        if holds is False:
            return Bounds(0, None, impossible=True)
        best = min(found, default=None)
        if exhausted:
            return Bounds(best or 0, best)
        if best is None:
            # Models that are not compared with each other come without their cost.
            self._configure("ignore", "auto", 1)
            made: list[Model] = []
            run(self.control, assumptions, Clock(_GRACE), last_model=made.append)
            best = self._repair(made[0]).cost if made else None
        return Bounds(lower[0], best)

    def repairs(
        self, assumptions: Sequence[int], most: int, clock: Clock
    ) -> tuple[tuple[Repair, ...], bool]:
        """Least repairs, sorted, and whether these are all."""
        found: list[Repair] = []

        def on_model(model: Model) -> bool:
            # Where no repair can be made there is nothing to be optimal in.
            if model.optimality_proven or not model.cost:
                found.append(self._repair(model))
                clock.say(f"{len(found)} minimal repairs")
            return len(found) <= most

        self._configure("optN", "auto", 0, project=True)
        holds, exhausted = run(self.control, assumptions, clock, on_model)
        complete = holds is not None and exhausted and len(found) <= most
        every = sorted(found, key=lambda one: [step.order for step in one.steps])
        return tuple(every[:most]), complete

    def possible(self, assumptions: Sequence[int], clock: Clock) -> tuple[Labels, Repair, bool]:
        """Directions that nodes have, and steps that are made, in least repairs; whether all.

        Only of a solver with labels.

        Returns
        -------
        Labels, Repair, bool
            The 'repair' is the union of all least ones.
        """
        self._configure("optN", "brave", 0)
        last: list[Model] = []
        seen = [0]

        def on_model(_: Model) -> bool:
            seen[0] += 1
            clock.say(f"{seen[0]} minimal repairs looked at")
            return seen[0] != _PATIENCE

        holds, exhausted = run(self.control, assumptions, clock, on_model, last_model=last.append)
        if not exhausted and not clock.expired:
            # With very much open, what was not seen yet is found soonest if it is decided first;
            # with little open, that only costs time.
            solver: Any = self.control.configuration.solver
            solver.heuristic, solver.dom_mod = "Domain", "true,show"
            last.clear()
            holds, exhausted = run(
                self.control, assumptions, clock, on_model, last_model=last.append
            )
        labels: Labels = {one.name: {} for one in self.encoding.conditions}
        if not last:
            return labels, Repair(()), False
        names, nodes = [one.name for one in self.encoding.conditions], self.encoding.nodes
        for symbol in last[0].symbols(shown=True):
            if symbol.name == "label":
                number, node, sign = (one.number for one in symbol.arguments)
                of = labels[names[number]]
                of[nodes[node]] = of.get(nodes[node], Change.NOTHING) | CHANGES[sign]
        return labels, self._repair(last[0]), holds is not None and exhausted

    def subjects(self) -> dict[tuple[int, int], int]:
        """Literals that ask the laws of a node in a condition; only with cores."""
        return {
            (atom.symbol.arguments[0].number, atom.symbol.arguments[1].number): atom.literal
            for atom in self.control.symbolic_atoms.by_signature("subject", 2)
        }

    def core(self, assumptions: Sequence[int], clock: Clock) -> list[int] | None:
        """Assumptions that cannot hold together; nothing if all can, empty if time is up."""
        self._configure("ignore", "auto", 1)
        found: list[int] = []
        holds, _ = run(self.control, assumptions, clock, core=found)
        return None if holds else found

    def _label(self, condition: int, node: int, seen: Change) -> Iterator[int]:
        if seen.is_single:
            yield self._literal(condition, node, NUMBERS[seen])
            return
        for change, number in NUMBERS.items():
            if change not in seen:
                yield -self._literal(condition, node, number)

    def _literal(self, condition: int, node: int, sign: int) -> int:
        key = (condition, node, sign)
        if key not in self._literals:
            import clingo

            atom = self.control.symbolic_atoms[clingo.Function("label", [*map(clingo.Number, key)])]
            # A direction that grounding has ruled out is a literal that is never true.
            self._literals[key] = atom.literal if atom else self._never()
        return self._literals[key]

    def _never(self) -> int:
        import clingo

        atom = self.control.symbolic_atoms[clingo.Function("never")]
        assert atom is not None
        literal: int = atom.literal
        return literal

    def _repair(self, model: Model) -> Repair:
        steps = []
        for symbol in model.symbols(shown=True):
            if symbol.name == "step":
                what, cost = symbol.arguments
                arguments = tuple(one.number for one in what.arguments)
                steps.append(self.encoding.step(what.name, arguments, cost.number))
        return Repair(tuple(sorted(steps, key=lambda step: step.order)))

    def _configure(self, optimum: str, kind: str, models: int, project: bool = False) -> None:
        solve: Any = self.control.configuration.solve
        solve.opt_mode, solve.enum_mode, solve.models = optimum, kind, models
        solve.project = "show" if project else "no"


#: What two repairs differ in. The atom that is never true stands for directions that cannot be.
_SHOWN = """
#external never.
#show step/2.
"""
#: What predictions are read from.
_LABELS = """
#show label/3.
"""
