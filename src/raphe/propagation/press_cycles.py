"""The cycles behind the replies to one press, component by component.

A path from the pressed node to another enters and leaves each strongly connected component once,
and what it leaves aside falls apart into components. So the net number of cycles at a node is made
of what stands between it and the press alone: of each component the adjugate, times what comes in,
times the determinants of those components that the other inputs have passed and this one has not.
No number is ever divided, so that singular parts are no exception. With permanents in place of
determinants the same sum counts all cycles.

What does not stand between the press and a node would multiply net and number alike; it is left
out, and counts only for whether the system is stable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from raphe.community import Community
from raphe.propagation.components import strong_components
from raphe.propagation.matchings import MOST_STEPS, count_all_terms, count_terms
from raphe.propagation.modular import Exact, adjugate

#: Nodes of one component that anything is worked out for: elimination with whole numbers grows with
#: the fourth power, and takes some ten seconds here.
MOST_EXACT = 400

#: The replies of nodes, by number; those that nothing reaches are not among them, and None is what
#: was too much to work out.
Replies = dict[int, int | None]


@dataclass(frozen=True, eq=False)
class _Part:
    """A strongly connected component: what passes through it."""

    nodes: tuple[int, ...]
    graph: Community
    most: int

    @cached_property
    def place(self) -> dict[int, int]:
        return {node: place for place, node in enumerate(self.nodes)}

    @cached_property
    def _exact(self) -> tuple[Exact, int] | None:
        if len(self.nodes) > MOST_EXACT:
            return None
        return adjugate(-self.graph.matrix)

    def determinant(self) -> int | None:
        return self._exact[1] if self._exact else None

    def adjugate(self, press: int) -> list[int] | None:
        """Net number of cycles from one of its nodes to each."""
        if self._exact is None:
            return None
        column: list[int] = self._exact[0][:, self.place[press]].tolist()
        return column

    def permanent(self) -> int | None:
        if len(self.nodes) > MOST_EXACT:
            return None
        return count_all_terms(self.graph, self.most)

    def terms(self, press: int, entered: int) -> list[int] | None:
        """Number of all cycles from one of its nodes to each; so many of them are asked for."""
        if len(self.nodes) > MOST_EXACT:
            return None
        counted = count_terms(self.graph, self.place[press], self.most // entered)
        return None if counted is None else list(counted)


@dataclass(frozen=True, eq=False)
class PressCycles:
    """What a press on some nodes reaches, taken apart."""

    graph: Community
    #: +1 or −1 by number of the pressed node.
    presses: Mapping[int, int]
    #: Steps that the counts of one component may take.
    most: int = MOST_STEPS

    @cached_property
    def net(self) -> Replies:
        """Cycles that say up less those that say down."""
        return self._passed(
            lambda part: part.determinant(),
            lambda part, node, _: part.adjugate(node),
            dict(self.presses),
            self.graph.sign.tolist(),
        )

    @cached_property
    def cycles(self) -> Replies:
        """All of them."""
        return self._passed(
            lambda part: part.permanent(),
            lambda part, node, entered: part.terms(node, entered),
            dict.fromkeys(self.presses, 1),
            [1] * len(self.graph.sign),
        )

    @cached_property
    def determinant(self) -> int | None:
        """det(−A) of what is reached; None if it is too much to work out."""
        whole = 1
        for part in self._parts:
            own = part.determinant()
            if own is None:
                return None
            whole *= own
        return whole

    @cached_property
    def _parts(self) -> tuple[_Part, ...]:
        """The components that are reached, in the order of signals."""
        reached = self._reached
        ends = zip(self.graph.source.tolist(), self.graph.target.tolist(), strict=True)
        parts = [one for one in strong_components(self.graph.size, ends) if one[0] in reached]
        return tuple(_Part(one, _within(self.graph, one), self.most) for one in parts)

    @cached_property
    def _reached(self) -> set[int]:
        further: dict[int, list[int]] = {}
        for source, target in zip(
            self.graph.source.tolist(), self.graph.target.tolist(), strict=True
        ):
            further.setdefault(source, []).append(target)
        reached, waiting = set(self.presses), list(self.presses)
        while waiting:
            for node in further.get(waiting.pop(), ()):
                if node not in reached:
                    reached.add(node)
                    waiting.append(node)
        return reached

    @cached_property
    def _entering(self) -> list[list[tuple[int, int, int]]]:
        """For each component the edges from others that are reached: number, source, target."""
        component = {node: own for own, part in enumerate(self._parts) for node in part.nodes}
        entering: list[list[tuple[int, int, int]]] = [[] for _ in self._parts]
        ends = zip(self.graph.source.tolist(), self.graph.target.tolist(), strict=True)
        for edge, (source, target) in enumerate(ends):
            own = component.get(target)
            if own is not None and component.get(source, own) != own:
                entering[own].append((edge, source, target))
        return entering

    def _passed(
        self,
        whole: Callable[[_Part], int | None],
        through: Callable[[_Part, int, int], list[int] | None],
        pushed: Mapping[int, int],
        signs: list[int],
    ) -> Replies:
        """What arrives at each node, every component with what it passes from node to node."""
        replies: Replies = {}
        component = {node: own for own, part in enumerate(self._parts) for node in part.nodes}
        factors = [whole(part) for part in self._parts]
        #: Components before each one, as bits; those with a factor of 1 make no difference.
        before: list[int] = []
        for own, part in enumerate(self._parts):
            sources = {component[source] for _, source, _ in self._entering[own]}
            passed = 0
            for one in sources:
                passed |= before[one] | ((1 << one) if factors[one] != 1 else 0)
            before.append(passed)
            coming: dict[int, int | None] = {}
            for node in part.nodes:
                if node in pushed:
                    aside = _product(factors, passed)
                    coming[node] = None if aside is None else pushed[node] * aside
            for edge, source, target in self._entering[own]:
                one = component[source]
                missed = passed & ~(before[one] | 1 << one)
                aside, value = _product(factors, missed), replies[source]
                known = coming.get(target, 0)
                if aside is None or value is None or known is None:
                    coming[target] = None
                else:
                    coming[target] = known + signs[edge] * value * aside
            replies |= _out(part, coming, through)
        return replies


def _out(
    part: _Part,
    coming: Mapping[int, int | None],
    through: Callable[[_Part, int, int], list[int] | None],
) -> Replies:
    """What leaves a component at each of its nodes."""
    total = [0] * len(part.nodes)
    for node, value in coming.items():
        column = through(part, node, len(coming))
        if column is None or value is None:
            return dict.fromkeys(part.nodes)
        total = [one + value * more for one, more in zip(total, column, strict=True)]
    return dict(zip(part.nodes, total, strict=True))


def _product(factors: list[int | None], chosen: int) -> int | None:
    values = [factors[place] for place in _bits(chosen)]
    return None if None in values else prod(value for value in values if value is not None)


def _bits(number: int) -> Iterator[int]:
    while number:
        yield (number & -number).bit_length() - 1
        number &= number - 1


def _within(graph: Community, nodes: tuple[int, ...]) -> Community:
    """The graph of some nodes alone."""
    chosen = np.array(nodes, dtype=np.intp)
    inside = np.isin(graph.source, chosen) & np.isin(graph.target, chosen)
    return Community(
        tuple(graph.names[node] for node in nodes),
        np.searchsorted(chosen, graph.source[inside]),
        np.searchsorted(chosen, graph.target[inside]),
        graph.sign[inside],
    )
