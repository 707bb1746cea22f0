"""Signal-flow graph reduction: exact solution of x = A x + b for many draws at once.

A node is eliminated by routing each of its inputs straight to each of its outputs, its own loop as a
factor 1 / (1 − loop): Mason's reduction of a signal-flow graph, and Gaussian elimination of I − A by
another name. Which node goes when (the one with the fewest routes first, Markowitz 1957) depends on the
structure alone, so the plan is made once; the arithmetic then runs over all draws side by side,
along the contiguous axis. Chains and trees cost nothing extra, and only loops fill in: the strongly
connected components are solved in order without being looked for.

S. J. Mason, "Feedback theory: some properties of signal flow graphs", Proc. IRE 41 (1953) 1144–1156.
H. M. Markowitz, "The elimination form of the inverse", Management Science 3 (1957) 255–269.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Step:
    """Elimination of one node: rows are positions in the array of gains."""

    node: int
    #: Row of the node's own loop, or −1.
    loop: int
    #: Nodes that it still hears, and the rows of these gains.
    heard: Indices
    gains: Indices
    #: For each node that still hears it: that node, the row of that gain, and the rows into which
    #: its new routes go, aligned with `heard`.
    outputs: tuple[tuple[int, int, Indices], ...]


@dataclass(frozen=True)
class Plan:
    """How to solve x = A x + b for every A of one structure."""

    size: int
    #: Ends of each distinct gain: one row for all edges between the same two nodes.
    source: Indices
    target: Indices
    #: Row of each edge; −1 for an edge that does not take part.
    row: Indices
    #: Rows with those that elimination adds.
    rows: int
    steps: tuple[Step, ...] = field(repr=False)

    @property
    def pairs(self) -> int:
        """Number of distinct gains."""
        return len(self.source)


def plan_reduction(size: int, source: Indices, target: Indices, used: NDArray[np.bool_]) -> Plan:
    """The order in which to eliminate the nodes of a graph.

    Parameters
    ----------
    size
        Number of nodes *n*.
    source, target
        Ends of each edge.
    used
        Which edges take part.

    Notes
    -----
    Greedy minimum of inputs × outputs, ties to the lower number: *O(n²)* plus the fill.
    """
    rows: dict[tuple[int, int], int] = {}
    row = np.full(len(source), -1, dtype=np.intp)
    for edge in np.flatnonzero(used):
        pair = (int(source[edge]), int(target[edge]))
        row[edge] = rows.setdefault(pair, len(rows))
    ends = np.array(sorted(rows, key=rows.__getitem__), dtype=np.intp).reshape(-1, 2)
    hears: list[set[int]] = [set() for _ in range(size)]
    tells: list[set[int]] = [set() for _ in range(size)]
    for one, other in rows:
        if one != other:
            hears[other].add(one)
            tells[one].add(other)
    remaining = set(range(size))
    steps: list[Step] = []
    while remaining:
        node = min(remaining, key=lambda i: (len(hears[i]) * len(tells[i]), i))
        remaining.discard(node)
        heard = sorted(hears[node])
        outputs: list[tuple[int, int, Indices]] = []
        for further in sorted(tells[node]):
            routes = [rows.setdefault((one, further), len(rows)) for one in heard]
            outputs.append((further, rows[node, further], np.array(routes, dtype=np.intp)))
            hears[further].discard(node)
            hears[further].update(one for one in heard if one != further)
        for one in heard:
            tells[one].discard(node)
            tells[one].update(further for further in tells[node] if further != one)
        steps.append(
            Step(
                node=node,
                loop=rows.get((node, node), -1),
                heard=np.array(heard, dtype=np.intp),
                gains=np.array([rows[one, node] for one in heard], dtype=np.intp),
                outputs=tuple(outputs),
            )
        )
    return Plan(size, ends[:, 0], ends[:, 1], row, len(rows), tuple(steps))


def gains(plan: Plan, weights: Floats) -> Floats:
    """The gain of each pair of nodes: the sum of its edges' signed weights.

    Parameters
    ----------
    weights
        Signed weight of each edge in each draw, *m × d*.

    Returns
    -------
    Floats
        *pairs × d*.
    """
    total = np.zeros((plan.pairs, weights.shape[1]))
    for edge, row in enumerate(plan.row):
        if row >= 0:
            total[row] += weights[edge]
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
    draws = inputs.shape[1]
    table = np.zeros((plan.rows, draws))
    table[: plan.pairs] = pair_gains
    x = inputs.copy()
    least = np.ones(draws)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for step in plan.steps:
            if step.loop >= 0:
                pivot = 1.0 - table[step.loop]
                np.minimum(least, pivot, out=least)
                x[step.node] /= pivot
                for row in step.gains:
                    table[row] /= pivot
            for further, gain, routes in step.outputs:
                factor = table[gain]
                x[further] += factor * x[step.node]
                for route, row in zip(routes, step.gains, strict=True):
                    table[route] += factor * table[row]
        for step in reversed(plan.steps):
            total = x[step.node]
            for one, row in zip(step.heard, step.gains, strict=True):
                total += table[row] * x[one]
    return x, least


def drive(plan: Plan, pair_gains: Floats, x: Floats) -> Floats:
    """What each node hears, A x, *n × d*."""
    heard = np.zeros_like(x)
    for row, (one, other) in enumerate(zip(plan.source, plan.target, strict=True)):
        heard[other] += pair_gains[row] * x[one]
    return heard
