"""Minimal inconsistent cores: the fewest nodes whose laws cannot hold together with what was seen.

A core is a set of nodes such that no labelling fits all observations and obeys the laws at all
nodes of the set, while for every smaller set there is one (Gebser, Schaub, Thiele, Veber, TPLP
2011, 11:323). The laws of two nodes bear on each other only where both hear, or are, a node whose
direction is open, so that the nodes fall into groups that are searched one by one. In a group, a
largest set is tried that is neither known to be consistent nor to hold a core, and so on until
there is none (Liffiton, Previti, Malik, Marques-Silva, Constraints 2016).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from raphe.joint.encoding import nodes_of
from raphe.joint.problem import Problem
from raphe.joint.reach import Sighting, restrict
from raphe.joint.running import Clock, grounded
from raphe.joint.solving import Solver
from raphe.sign import Change, Sign


@dataclass(frozen=True)
class Cores:
    """Minimal inconsistent cores, sorted by size, and whether these are all."""

    cores: tuple[tuple[Sighting, ...], ...]
    complete: bool
    #: The one of these that is no core by itself: nodes that nothing can explain, where cores are
    #: told with all that they lead to.
    inexplicable: tuple[Sighting, ...] = ()
    #: How many minimal cores are in none of these.
    left_out: int = 0


def find_cores(problem: Problem, most: int | None, clock: Clock) -> Cores:
    """Minimal inconsistent cores of all conditions together, up to so many, or all.

    An empty core says that what was seen and declared contradicts itself, whatever the laws.
    """
    # Where not all nodes are asked to obey the laws, a change need not come from an input; then a
    # node further on, that nothing observed hears, may be in a core.
    laws = problem.laws
    small = problem if laws.founded or laws.elementary_path else restrict(problem)
    search = _Search(Solver(small, cores=True), clock)
    found: list[tuple[Sighting, ...]] = []
    if search.conflict(frozenset()) is not None:
        return Cores((), complete=False) if clock.expired else Cores(((),), complete=True)
    complete = True
    for group in _groups(small, search.subjects):
        for core in search.cores_of(group):
            if len(found) == most:
                complete = False
                break
            found.append(search.named(core))
            clock.say(f"{len(found)} cores")
        if not complete or clock.expired:
            break
    every = sorted(found, key=lambda core: (len(core), core))
    return Cores(tuple(every), complete and not clock.expired)


class _Search:
    def __init__(self, solver: Solver, clock: Clock) -> None:
        self.solver = solver
        self.clock = clock
        self.observed = solver.assume()
        self.subjects = solver.subjects()
        self._keys = {literal: key for key, literal in self.subjects.items()}

    def named(self, core: frozenset[int]) -> tuple[Sighting, ...]:
        made = self.solver.encoding
        keys = (self._keys[literal] for literal in core)
        return tuple(
            sorted(Sighting(made.conditions[one].name, made.nodes[node]) for one, node in keys)
        )

    def conflict(self, subjects: frozenset[int]) -> frozenset[int] | None:
        """Some of these subjects that cannot hold together; nothing if all can."""
        core = self.solver.core([*self.observed, *sorted(subjects)], self.clock)
        return None if core is None else frozenset(core) & subjects

    def cores_of(self, group: Sequence[int]) -> Iterator[frozenset[int]]:
        """All minimal cores within a group of subjects."""
        if (found := self.conflict(frozenset(group))) is None:
            return
        unexplored = _Unexplored(group)
        while not self.clock.expired:
            seed = unexplored.largest() if found is None else found
            if seed is None:
                return
            found = self.conflict(seed)
            if self.clock.expired:
                return
            if found is None:
                unexplored.leave(frozenset(group) - seed, wanted=True)
                continue
            core = self._shrink(found)
            if self.clock.expired:
                return
            yield core
            unexplored.leave(core, wanted=False)
            found = None

    def _shrink(self, core: frozenset[int]) -> frozenset[int]:
        """A minimal core within a core, by leaving out one subject at a time.

        What cannot be left out is in every conflict of what remains.
        """
        for one in sorted(core):
            if one in core and not self.clock.expired:
                core = self.conflict(core - {one}) or core
        return core


class _Unexplored:
    """Sets of subjects that are neither known to be consistent nor to hold a known core."""

    def __init__(self, group: Sequence[int]) -> None:
        self._group = group
        # Deciding first, and for, gives sets to which nothing can be added.
        program = "{in(1..n)}. #heuristic in(X) : X=1..n. [1,true]"
        self._control = grounded(f"#const n={len(group)}.{program}", "--heuristic=Domain")
        atoms = self._control.symbolic_atoms.by_signature("in", 1)
        numbers = {atom.symbol.arguments[0].number: atom.literal for atom in atoms}
        self._literals = {one: numbers[rank] for rank, one in enumerate(group, 1)}

    def largest(self) -> frozenset[int] | None:
        """A set to which nothing can be added; nothing if all are explored."""
        found: list[frozenset[int]] = []

        def on_model(model: Any) -> None:
            true = (one for one, literal in self._literals.items() if model.is_true(literal))
            found.append(frozenset(true))

        self._control.solve(on_model=on_model)
        return found[0] if found else None

    def leave(self, subjects: frozenset[int], wanted: bool) -> None:
        """From now on, at least one of these is in every set; or at least one is not."""
        with self._control.backend() as backend:
            backend.add_rule(
                [], [-self._literals[one] if wanted else self._literals[one] for one in subjects]
            )


def _groups(problem: Problem, subjects: Mapping[tuple[int, int], int]) -> list[list[int]]:
    """Subjects that may bear on each other, by literal; independent ones fall into other groups."""
    together = _Together()
    made = nodes_of(problem)
    is_global = problem.laws.elementary_path or (
        problem.laws.founded and any(one.sign is Sign.UNKNOWN for one in problem.graph.influences)
    )
    for number, condition in enumerate(problem.conditions):
        open_nodes = {
            node
            for node in made
            if not condition.observed.get(node, Change.ANY).is_single
            and not condition.held.get(node, Change.ANY).is_single
        }
        if is_global:
            together.join(*((number, node) for node in made.values()), ("all", number))
        for edge in problem.graph.influences:
            subject = ("law", number, made[edge.target])
            if edge.source in open_nodes:
                together.join(subject, (number, made[edge.source]))
            if edge.sign is Sign.UNKNOWN:
                together.join(subject, ("sign", edge))
            if is_global:
                together.join(subject, ("all", number))
        for node in sorted(open_nodes):
            together.join(("law", number, made[node]), (number, made[node]))
        if condition.shift:
            names = [one.name for one in problem.conditions]
            of, against = map(names.index, (condition.shift.of, condition.shift.against))
            for each in made.values():
                together.join((number, each), (of, each), (against, each))
    groups: dict[Any, list[int]] = {}
    for key, literal in sorted(subjects.items()):
        groups.setdefault(together.root(("law", *key)), []).append(literal)
    return list(groups.values())


class _Together:
    """Disjoint sets."""

    def __init__(self) -> None:
        self._parents: dict[Any, Any] = {}

    def root(self, one: Any) -> Any:
        parents = self._parents
        while (parent := parents.setdefault(one, one)) != one:
            parents[one] = one = parents[parent]
        return one

    def join(self, first: Any, *others: Any) -> None:
        for other in others:
            self._parents[self.root(other)] = self.root(first)
