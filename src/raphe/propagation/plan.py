"""In which order the nodes of a graph are eliminated, and which routes that adds.

Which node goes when (the one with the fewest routes first, Markowitz 1957) depends on the structure
alone, so the plan is made once for all draws; `raphe.propagation.reduction` does the arithmetic.

H. M. Markowitz, "The elimination form of the inverse", Management Science 3 (1957) 255–269.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush

import numpy as np

from raphe.propagation.arrays import Indices, Mask
from raphe.propagation.components import strong_components


@dataclass(frozen=True)
class Step:
    """Elimination of one node: rows are positions in the array of gains."""

    node: int
    #: Row of the node's own loop, or −1.
    loop: int
    #: Nodes that it still hears, and the rows of these gains.
    heard: tuple[int, ...]
    gains: tuple[int, ...]
    #: For each node that still hears it: that node, the row of that gain, and the rows into which
    #: its new routes go, aligned with `heard`.
    outputs: tuple[tuple[int, int, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Plan:
    """How to solve x = A x + b for every A of one structure."""

    size: int
    #: Ends of each distinct gain: one row for all edges between the same two nodes.
    source: Indices
    target: Indices
    #: Row of each edge; −1 for an edge that does not take part.
    row: Indices
    #: Nodes that are not eliminated: what is left between them is their Schur complement.
    kept: frozenset[int] = frozenset()

    @property
    def pairs(self) -> int:
        """Number of distinct gains."""
        return len(self.source)

    @property
    def rows(self) -> int:
        """Number of distinct gains, with those that elimination adds."""
        return len(self._elimination[0])

    @property
    def steps(self) -> tuple[Step, ...]:
        """The elimination of each node, in order."""
        return self._elimination[1]

    @property
    def ends(self) -> Mapping[tuple[int, int], int]:
        """Rows by source and target, with those that elimination adds."""
        return self._elimination[0]

    @cached_property
    def by_target(self) -> Indices:
        """The distinct gains in order of the nodes that they reach."""
        return np.argsort(self.target, kind="stable")

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The strongly connected components, those that hear nothing of others first."""
        ends = list(zip(self.source.tolist(), self.target.tolist(), strict=True))
        components = strong_components(self.size, ends)
        number = {node: own for own, nodes in enumerate(components) for node in nodes}
        inside: list[list[int]] = [[] for _ in components]
        entering: dict[int, list[tuple[int, int]]] = {}
        for row, (source, target) in enumerate(ends):
            if number[source] == number[target]:
                inside[number[target]].append(row)
            else:
                entering.setdefault(target, []).append((row, source))
        return tuple(
            self._block(nodes, rows, entering)
            for nodes, rows in zip(components, inside, strict=True)
        )

    def _block(
        self, nodes: tuple[int, ...], rows: list[int], entering: dict[int, list[tuple[int, int]]]
    ) -> Block:
        own, inside = np.array(nodes, dtype=np.intp), np.array(rows, dtype=np.intp)
        local = Plan(
            size=len(own),
            source=np.searchsorted(own, self.source[inside]),
            target=np.searchsorted(own, self.target[inside]),
            row=np.arange(len(inside)),
        )
        heard = tuple((node, tuple(entering[node])) for node in nodes if node in entering)
        return Block(own, local, inside, heard)

    @cached_property
    def _elimination(self) -> tuple[dict[tuple[int, int], int], tuple[Step, ...]]:
        return _eliminated(self)


@dataclass(frozen=True)
class Block:
    """A strongly connected component: what has to be solved for all at once."""

    #: In ascending order.
    nodes: Indices
    #: Its own structure, nodes and gains numbered anew.
    plan: Plan
    #: Rows, of the whole structure, of the gains between its nodes.
    inside: Indices
    #: Which of its nodes hear others: row and source of each gain.
    entering: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]


def plan_reduction(
    size: int,
    source: Indices,
    target: Indices,
    used: Mask,
    kept: frozenset[int] = frozenset(),
) -> Plan:
    """The structure of a graph, and with it the order in which to eliminate its nodes.

    Parameters
    ----------
    size
        Number of nodes *n*.
    source, target
        Ends of each edge.
    used
        Which edges take part.
    kept
        Nodes that stay, with what the others pass on between them.
    """
    rows: dict[tuple[int, int], int] = {}
    row = np.full(len(source), -1, dtype=np.intp)
    for edge in np.flatnonzero(used):
        pair = (int(source[edge]), int(target[edge]))
        row[edge] = rows.setdefault(pair, len(rows))
    ends = np.array(list(rows), dtype=np.intp).reshape(-1, 2)
    return Plan(size, ends[:, 0], ends[:, 1], row, kept)


def _eliminated(plan: Plan) -> tuple[dict[tuple[int, int], int], tuple[Step, ...]]:
    """Rows by their ends with those that are added, and the steps.

    Greedy minimum of inputs × outputs, ties to the lower number: *O(n log n)* plus the fill.
    """
    ends = zip(plan.source.tolist(), plan.target.tolist(), strict=True)
    rows = {pair: row for row, pair in enumerate(ends)}
    size = plan.size
    hears: list[set[int]] = [set() for _ in range(size)]
    tells: list[set[int]] = [set() for _ in range(size)]
    for one, other in rows:
        if one != other:
            hears[other].add(one)
            tells[one].add(other)
    steps: list[Step] = []
    remaining = [node not in plan.kept for node in range(size)]
    queue = [(len(hears[node]) * len(tells[node]), node) for node in range(size) if remaining[node]]
    heapify(queue)
    while queue:
        routes_through, node = heappop(queue)
        if not remaining[node] or routes_through != len(hears[node]) * len(tells[node]):
            continue  # Its neighbours have changed since; it stands in the queue again.
        remaining[node] = False
        heard = sorted(hears[node])
        outputs: list[tuple[int, int, tuple[int, ...]]] = []
        for further in sorted(tells[node]):
            routes = tuple(rows.setdefault((one, further), len(rows)) for one in heard)
            outputs.append((further, rows[node, further], routes))
            hears[further].discard(node)
            hears[further].update(one for one in heard if one != further)
        for one in heard:
            tells[one].discard(node)
            tells[one].update(further for further in tells[node] if further != one)
        for one in hears[node] | tells[node]:
            heappush(queue, (len(hears[one]) * len(tells[one]), one))
        steps.append(
            Step(
                node=node,
                loop=rows.get((node, node), -1),
                heard=tuple(heard),
                gains=tuple(rows[one, node] for one in heard),
                outputs=tuple(outputs),
            )
        )
    return rows, tuple(steps)
