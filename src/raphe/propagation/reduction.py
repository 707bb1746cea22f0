"""Signal-flow graph reduction: exact solution of x = A x + b for many draws at once.

A node is eliminated by routing each of its inputs straight to each of its outputs, its own loop as
a factor 1 / (1 − loop): Mason's reduction of a signal-flow graph, and Gaussian elimination of I − A
by another name. Which node goes when is planned once (`raphe.propagation.plan`); the arithmetic
then runs over all draws side by side, along the contiguous axis. Chains and trees cost nothing
extra, and only loops fill in.

S. J. Mason, "Feedback theory: some properties of signal flow graphs", Proc. IRE 41 (1953)
1144–1156.
"""

from __future__ import annotations

import numpy as np

from raphe.propagation.arrays import Floats, Indices, Numbers
from raphe.propagation.plan import Plan


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
    >>> from raphe.propagation.plan import plan_reduction
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
