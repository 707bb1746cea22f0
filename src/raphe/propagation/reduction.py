"""Signal-flow graph reduction: exact solution of x = A x + b for many draws at once.

A node is eliminated by routing each of its inputs straight to each of its outputs, its own loop as
a factor 1 / (1 − loop): Mason's reduction of a signal-flow graph, and Gaussian elimination of I − A
by another name. Which node goes when (the one with the fewest routes first, Markowitz 1957) depends
on the structure alone, so the plan is made once; the arithmetic then runs over all draws side by
side, along the contiguous axis. Chains and trees cost nothing extra, and only loops fill in.

S. J. Mason, "Feedback theory: some properties of signal flow graphs", Proc. IRE 41 (1953)
1144–1156. H. M. Markowitz, "The elimination form of the inverse", Management Science 3 (1957)
255–269.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.components import strong_components

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
#: Real, or complex where gains are transfer functions.
Numbers = NDArray[np.float64] | NDArray[np.complex128]


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
    used: NDArray[np.bool_],
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


def gains(plan: Plan, weights: Floats) -> Floats:
    """The gain of each pair of nodes: the sum of its edges' signed weights.

    Parameters
    ----------
    plan
        Made for the structure of A.
    weights
        Signed weight of each edge in each draw, *m × d*.

    Returns
    -------
    Floats
        *pairs × d*.
    """
    used = np.flatnonzero(plan.row >= 0)
    _, first = np.unique(plan.row[used], return_index=True)
    total = weights[used[first]]
    for edge in np.delete(used, first):
        total[plan.row[edge]] += weights[edge]
    return total


def solve(plan: Plan, pair_gains: Floats, inputs: Floats) -> tuple[Floats, Floats]:
    """The steady state x = A x + b of every draw.

    Parameters
    ----------
    plan
        Made for the structure of A.
    pair_gains
        Gain of each pair, *pairs × d*.
    inputs
        b, *n × d*.

    Returns
    -------
    x : Floats
        *n × d*; not finite where the system is singular.
    least : Floats
        Least pivot of each draw, *d*: the return difference 1 − loop of the worst node. All are
        positive exactly when the leading minors of I − A in the plan's order are.

    Examples
    --------
    A loop with gain −1 halves what comes in:

    >>> import numpy as np
    >>> plan = plan_reduction(2, np.array([0, 1]), np.array([1, 0]), np.array([True, True]))
    >>> x, _ = solve(plan, np.array([[1.0], [-1.0]]), np.array([[1.0], [0.0]]))
    >>> x.ravel().tolist()
    [0.5, 0.5]
    """
    x = inputs.copy()
    least = solve_in_place(plan, gain_table(plan, pair_gains), x)
    return x, least


def solve_in_place(plan: Plan, table: Numbers, x: Numbers) -> Floats:
    """Turn inputs into the steady state, and use up the table of gains; the least pivots.

    Parameters
    ----------
    plan
        Made for the structure of A.
    table
        As `gain_table` makes it, *rows × d*.
    x
        Inputs, which become the steady state, *n × d*; complex where the gains are.
    """
    rows, states = list(table), list(x)
    product: Numbers = np.empty_like(x, shape=x.shape[1])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        least = _eliminate(plan, product, rows, states)
        for step in reversed(plan.steps):
            total = states[step.node]
            for one, row in zip(step.heard, step.gains, strict=True):
                np.multiply(rows[row], states[one], out=product)
                np.add(total, product, out=total)
    return least


def gain_table(plan: Plan, pair_gains: Floats, room: Floats | None = None) -> Floats:
    """The gains that there are, and zeros for those that elimination adds, *rows × d*.

    Parameters
    ----------
    plan
        Made for the structure of A.
    pair_gains
        Gain of each pair, *pairs × d*.
    room
        A flat array to build it in: memory that was used before is already mapped and in the cache.
    """
    draws = pair_gains.shape[1]
    if room is None:
        room = np.empty(plan.rows * draws)
    table = room[: plan.rows * draws].reshape(plan.rows, draws)
    table[: plan.pairs] = pair_gains
    table[plan.pairs :] = 0.0
    return table


def _eliminate(plan: Plan, product: Numbers, rows: list[Numbers], states: list[Numbers]) -> Floats:
    """Route around one node after the other, in place; the least pivot of each draw.

    Nothing is allocated inside of the loops: at a thousand draws an operation takes a microsecond,
    and half of that would be bookkeeping.
    """
    least = np.ones(len(product))
    for step in plan.steps:
        if step.loop >= 0:
            pivot = 1.0 - rows[step.loop]
            np.minimum(least, pivot.real, out=least)
            for row in step.gains:
                np.divide(rows[row], pivot, out=rows[row])
            np.divide(states[step.node], pivot, out=states[step.node])
        for further, gain, routes in step.outputs:
            factor = rows[gain]
            np.multiply(factor, states[step.node], out=product)
            np.add(states[further], product, out=states[further])
            for route, row in zip(routes, step.gains, strict=True):
                np.multiply(factor, rows[row], out=product)
                np.add(rows[route], product, out=rows[route])
    return least


def reduce(plan: Plan, pair_gains: Floats) -> tuple[Floats, Floats]:
    """What is left of A between the nodes that are kept, once all others are routed around.

    Parameters
    ----------
    plan
        Of *n* nodes, *k* of which are kept.
    pair_gains
        Gain of each pair, *pairs × d*.

    Returns
    -------
    left : Floats
        *d × k × k*, the kept nodes in ascending order.
    least : Floats
        Least pivot of each draw, *d*; where it is not well above zero, rounding may have spoilt
        what is left.
    """
    kept = {node: place for place, node in enumerate(sorted(plan.kept))}
    draws = pair_gains.shape[1]
    rows = list(gain_table(plan, pair_gains))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        least = _eliminate(plan, np.empty(draws), rows, list(np.zeros((plan.size, draws))))
    left = np.zeros((draws, len(kept), len(kept)))
    for (source, target), row in plan.ends.items():
        if source in kept and target in kept:
            left[:, kept[target], kept[source]] = rows[row]
    return left, least


def drive(plan: Plan, pair_gains: Floats, x: Floats, nodes: Indices | None = None) -> Floats:
    """What nodes hear, A x.

    Parameters
    ----------
    plan
        Made for the structure of A.
    pair_gains
        Gain of each pair, *pairs × d*.
    x
        State of each node, *n × d*.
    nodes
        Which nodes, in ascending order; all by default.

    Returns
    -------
    Floats
        A row for each of the nodes.
    """
    rows = plan.by_target
    if nodes is None:
        nodes = np.arange(plan.size)
    else:
        is_asked = np.zeros(plan.size, dtype=bool)
        is_asked[nodes] = True
        rows = rows[is_asked[plan.target[rows]]]
    heard = np.zeros((len(nodes), x.shape[1]))
    if len(rows):
        routes = pair_gains[rows]
        routes *= x[plan.source[rows]]
        ends = plan.target[rows]
        starts = np.flatnonzero(np.r_[True, ends[1:] != ends[:-1]])
        heard[np.searchsorted(nodes, ends[starts])] = np.add.reduceat(routes, starts, axis=0)
    return heard
