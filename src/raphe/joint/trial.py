"""One part of a problem, grounded once and asked many times.

Only nodes from which something that was seen can be reached take part: whatever their labels, the
rest can be labelled, since with small enough weights every circuit has a steady state, and the
signs of a steady state obey the laws.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from raphe.joint.mend import Act, Alike, Costs, Mend, Step
from raphe.joint.problem import Condition, Influence, Problem
from raphe.sign import Change, Sign

if TYPE_CHECKING:
    import clingo

#: What was seen, by condition and node.
Seen = Mapping[tuple[str, str], Change]
#: Signs of influences that are not the declared ones.
Signs = Mapping[Influence, Sign]

_NUMBERS = {Change.DOWN: -1, Change.SAME: 0, Change.UP: 1}
_SIGNS = {Sign.POSITIVE: 1, Sign.NEGATIVE: -1}
_NONE: Mapping[Influence, Sign] = {}


@dataclass(frozen=True)
class Core:
    """What cannot hold together: take any one of these away and the rest can."""

    observations: tuple[tuple[str, str], ...]
    influences: tuple[Influence, ...]


class Trial:
    """A part of a problem, ready for questions."""

    def __init__(self, part: Problem, costs: Costs | None = None) -> None:
        self.part = part
        self.observations = tuple(
            (one.name, node) for one in part.conditions for node in one.observed
        )
        self._costs = costs or Alike()
        self.nodes = _upstream(part)
        self.influences = tuple(one for one in part.graph.influences if one.target in self.nodes)

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
        free: frozenset[Act] = frozenset(),
    ) -> dict[int, object]:
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
        doubted = {(one.condition, one.node) for one in chosen if one.act is Act.DOUBT}
        opened = {one.node for one in chosen if one.act is Act.ADD}
        told: dict[Influence, int | None] = {
            one: _SIGNS.get(signs.get(one, one.sign)) for one in self.influences
        }
        for one in chosen:
            if one.influence in told:
                own = told[one.influence]
                told[one.influence] = 0 if one.act is Act.REMOVE or own is None else -own
        literals = self._literals
        fixed: dict[int, object] = {}
        for influence, sign in told.items():
            if sign is not None and not free & {Act.REMOVE, Act.FLIP}:
                fixed[literals.sign[influence, sign]] = influence
                continue
            if Act.REMOVE not in free and sign != 0:
                fixed[-literals.sign[influence, 0]] = influence
            if Act.FLIP not in free and sign is not None:
                fixed[-literals.sign[influence, -sign or 1]] = influence
        for observation in self.observations:
            change = seen.get(observation, Change.ANY)
            for single, number in _NUMBERS.items():
                literal = literals.forbid[observation, number]
                fixed[-literal if single in change else literal] = observation
            if observation in doubted:
                fixed[literals.doubt[observation]] = observation
            elif Act.DOUBT not in free:
                fixed[-literals.doubt[observation]] = observation
        for node in self.nodes:
            if node in opened:
                fixed[literals.open[node]] = node
            elif Act.ADD not in free:
                fixed[-literals.open[node]] = node
        return fixed

    def holds(self, fixed: Iterable[int]) -> bool:
        """Whether some labelling obeys all laws."""
        self._mode("ignore")
        return bool(self._control.solve(assumptions=list(fixed)).satisfiable)

    def conflict(self, fixed: Iterable[int]) -> list[int] | None:
        """Some of the assumptions that cannot hold together; None where all can."""
        self._mode("ignore")
        with self._control.solve(assumptions=list(fixed), yield_=True) as handle:
            return None if handle.get().satisfiable else list(handle.core())

    def core(self, fixed: Mapping[int, object]) -> Core | None:
        """What cannot hold together, nothing of it to spare; None where all can.

        Of observations as few as can be found by leaving out one after the other, then of the
        influences whose presence and sign it takes.
        """
        found = self.conflict(fixed)
        if found is None:
            return None
        needed = set(found)
        for kind in (Influence, tuple):
            for thing in _things(needed, fixed, kind):
                fewer = [one for one in needed if fixed[one] != thing]
                smaller = self.conflict(fewer)
                if smaller is not None:
                    needed = set(smaller)
        return Core(
            tuple(_things(needed, fixed, tuple)), tuple(_things(needed, fixed, Influence))
        )

    def possible(self, condition: str, node: str, fixed: Iterable[int]) -> Change:
        """Directions in which a node may move."""
        fixed = list(fixed)
        found = Change.NOTHING
        for single, number in _NUMBERS.items():
            if self.holds([*fixed, self._literals.label[condition, node, number]]):
                found |= single
        return found

    def fewest(self, fixed: Iterable[int]) -> int | None:
        """How many changes it takes at least; None where no changes that are free suffice."""
        if self.holds(fixed):
            return 0
        import clingo

        self._control.assign_external(clingo.Function("weighted"), False)
        self._mode("opt")
        cost = None
        with self._control.solve(assumptions=list(fixed), yield_=True) as handle:
            for model in handle:
                (cost,) = model.cost
        return cost

    def mends(self, fixed: Iterable[int], limit: int = 10) -> list[Mend]:
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
        made = [Mend.of(steps, self._costs) for steps in found]
        return sorted(made, key=lambda one: [step.order for step in one.steps])

    def _steps(self, symbols: Iterable[clingo.Symbol]) -> tuple[Step, ...]:
        steps = []
        nodes = self.part.graph.nodes
        for symbol in symbols:
            number = symbol.arguments[0].number
            if symbol.name == "doubt":
                steps.append(Step(Act.DOUBT, *self.observations[number]))
            elif symbol.name == "open":
                steps.append(Step(Act.ADD, node=nodes[number]))
            else:
                act = Act.REMOVE if symbol.name == "gone" else Act.FLIP
                steps.append(Step(act, influence=self.influences[number]))
        return tuple(sorted(steps, key=lambda one: one.order))

    def _mode(self, mode: str) -> None:
        solve: Any = self._control.configuration.solve
        solve.opt_mode = mode
        solve.models = 0 if mode.startswith("opt") else 1

    @cached_property
    def _control(self) -> clingo.Control:
        import clingo

        control = clingo.Control(["--warn=none", "--opt-strategy=usc", "--project=show"])
        control.add("base", [], "\n".join(self._facts()))
        rules = files("raphe.joint").joinpath("trial.lp").read_text("utf-8")
        control.add(rules)
        laws = self.part.laws
        names = [
            name for name in ("explained", "unchanged_explained", "founded") if getattr(laws, name)
        ]
        control.ground([(name, []) for name in ("base", *names, "costs")])
        return control

    @cached_property
    def _literals(self) -> _Literals:
        return _Literals(self)

    def _facts(self) -> Iterator[str]:
        number = {name: place for place, name in enumerate(self.part.graph.nodes)}
        where = {one.name: place for place, one in enumerate(self.part.conditions)}
        nodes = sorted(self.nodes)
        costs = self._costs
        for name in nodes:
            yield f"openable({number[name]}). cost(o,{number[name]},{costs.of_addition()})."
        for place, one in enumerate(self.influences):
            yield f"edge({place},{number[one.source]},{number[one.target]})."
            yield f"cost(g,{place},{costs.of_removal(one)}). cost(f,{place},{costs.of_flip(one)})."
            if one.sign is not Sign.UNKNOWN:
                yield f"declared({place},{_SIGNS[one.sign]})."
        for place, (condition, node) in enumerate(self.observations):
            yield f"obs({place},{where[condition]},{number[node]})."
            yield f"cost(d,{place},{costs.of_doubt(condition, node)})."
        for condition in self.part.conditions:
            own = where[condition.name]
            yield from (f"node({own},{number[name]})." for name in nodes)
            for place, one in enumerate(self.influences):
                if one not in condition.cut:
                    yield f"in({own},{place})."
            yield from self._outside(condition, own, number)
            if condition.shift is not None:
                of, against = where[condition.shift.of], where[condition.shift.against]
                yield f"shift({own},{of},{against})."

    def _outside(
        self, condition: Condition, own: int, number: Mapping[str, int]
    ) -> Iterator[str]:
        """What holds, pushes and bounds the nodes of a condition."""
        for name, change in condition.held.items():
            if name in self.nodes:
                yield f"held({own},{number[name]})."
                yield from (f"hold({own},{number[name]},{_NUMBERS[one]})." for one in change)
        for name, change in condition.pushed.items():
            if name in self.nodes:
                yield from (f"pushes({own},{number[name]},{_NUMBERS[one]})." for one in change)
        for names, word in (
            (condition.inputs | condition.ambiguous, "input({},{})."),
            (condition.ambiguous, "ambiguous({},{})."),
            (condition.at_minimum - condition.held.keys(), "bound({},{},-1)."),
            (condition.at_maximum - condition.held.keys(), "bound({},{},1)."),
            # Two states may lie at the same bound, whatever would move the one from the other.
            (self.nodes if condition.shift else frozenset(), "stay({},{})."),
        ):
            yield from (word.format(own, number[one]) for one in sorted(names & self.nodes))


class _Literals:
    """What the solver calls the choices of a trial."""

    def __init__(self, trial: Trial) -> None:
        import clingo

        atoms = trial._control.symbolic_atoms

        def literal(name: str, *numbers: int) -> int:
            atom = atoms[clingo.Function(name, [clingo.Number(one) for one in numbers])]
            assert atom is not None
            return atom.literal

        graph = trial.part.graph
        self.sign = {
            (one, number): literal("sign", place, number)
            for place, one in enumerate(trial.influences)
            for number in (-1, 0, 1)
        }
        self.forbid = {
            (one, number): literal("forbid", place, number)
            for place, one in enumerate(trial.observations)
            for number in (-1, 0, 1)
        }
        self.doubt = {
            one: literal("doubt", place) for place, one in enumerate(trial.observations)
        }
        self.open = {
            one: literal("open", place)
            for place, one in enumerate(graph.nodes)
            if one in trial.nodes
        }
        self.label = {
            (condition.name, name, number): literal("label", own, place, number)
            for own, condition in enumerate(trial.part.conditions)
            for place, name in enumerate(graph.nodes)
            if name in trial.nodes
            for number in (-1, 0, 1)
        }


def _things(literals: set[int], fixed: Mapping[int, object], kind: type) -> list[Any]:
    """What some assumptions stand for, of one kind, each once and in order."""
    found = {fixed[one] for one in literals if isinstance(fixed[one], kind)}
    return sorted(found, key=lambda one: one.order if isinstance(one, Influence) else one)


def _upstream(part: Problem) -> frozenset[str]:
    """Nodes from which something that was seen can be reached."""
    hears: dict[str, list[str]] = {}
    for one in part.graph.influences:
        hears.setdefault(one.target, []).append(one.source)
    reached = {node for one in part.conditions for node in one.observed}
    waiting = sorted(reached)
    while waiting:
        for source in hears.get(waiting.pop(), ()):
            if source not in reached:
                reached.add(source)
                waiting.append(source)
    return frozenset(reached & set(part.graph.nodes))
