"""Community matrices with drawn strengths: which are stable, and how each responds to a press.

Everything goes by strongly connected components, all draws side by side. Nodes need not limit
themselves, so that no order of elimination is safe beforehand: components are solved with pivoting.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from raphe.community import Community, Indices
from raphe.propagation.arrays import Floats, Mask
from raphe.propagation.components import strong_components

#: Numbers of a batch of dense matrices: 64 megabytes.
_BATCH = 8_000_000
#: What is so much smaller than the draw's largest response is the noise of rounding.
NOISE = 1e-9


def find_stable(graph: Community, weights: Floats) -> Mask:
    """Draws whose community matrix has only eigenvalues with negative real parts, *d*.

    Parameters
    ----------
    graph
        *m* edges.
    weights
        Signed weight of each edge, *m × d*.

    Examples
    --------
    >>> from raphe.community import community
    >>> graph = community([("a", -1, "a"), ("b", 1, "b")])
    >>> find_stable(graph, np.array([[-1.0, -1.0], [1.0, -0.5]])).tolist()
    [False, True]
    """
    stable = np.ones(weights.shape[1], dtype=bool)
    for nodes in sorted(_components(graph), key=len):
        left = np.flatnonzero(stable)
        for draws in _batches(left, len(nodes)):
            if len(nodes) == 1:
                own = np.flatnonzero((graph.source == nodes[0]) & (graph.target == nodes[0]))
                fine = weights[np.ix_(own, draws)].sum(axis=0) < 0
            else:
                values = np.linalg.eigvals(_dense(graph, nodes, weights, draws))
                fine = values.real.max(axis=1) < 0
            stable[draws] = fine
    return stable


def solve_press(graph: Community, weights: Floats, imposed: Floats) -> Floats:
    """The response −A⁻¹ b of each node in each draw, *n × d*; exactly 0 where nothing leads.

    Parameters
    ----------
    graph
        *n* nodes, *m* edges.
    weights
        Signed weight of each edge, *m × d*; no draw may be singular.
    imposed
        b, what is imposed on each node, *n*.
    """
    number = weights.shape[1]
    heard = np.repeat(imposed[:, None], number, axis=1)
    is_moved = (imposed != 0).tolist()
    response = np.zeros_like(heard)
    entering: list[list[tuple[int, int]]] = [[] for _ in range(graph.size)]
    component = np.empty(graph.size, dtype=np.intp)
    blocks = _components(graph)
    for place, nodes in enumerate(blocks):
        component[nodes] = place
    crossing = component[graph.source] != component[graph.target]
    for edge in np.flatnonzero(crossing).tolist():
        entering[graph.target[edge]].append((edge, int(graph.source[edge])))
    limits = np.zeros_like(heard)
    loops = graph.source == graph.target
    np.subtract.at(limits, graph.source[loops], weights[loops])
    for nodes in blocks:
        for node in nodes.tolist():
            for edge, source in entering[node]:
                if is_moved[source]:
                    heard[node] += weights[edge] * response[source]
                    is_moved[node] = True
        if not any(is_moved[node] for node in nodes.tolist()):
            continue
        for node in nodes.tolist():
            is_moved[node] = True
        if len(nodes) == 1:
            node = int(nodes[0])
            response[node] = heard[node] / limits[node]
            continue
        for draws in _batches(np.arange(number), len(nodes)):
            dense = _dense(graph, nodes, weights, draws)
            right = heard[np.ix_(nodes, draws)].T[:, :, None]
            response[np.ix_(nodes, draws)] = np.linalg.solve(-dense, right)[:, :, 0].T
    return response


def _components(graph: Community) -> list[Indices]:
    ends = zip(graph.source.tolist(), graph.target.tolist(), strict=True)
    return [np.array(nodes, dtype=np.intp) for nodes in strong_components(graph.size, ends)]


def _batches(draws: Indices, size: int) -> Iterator[Indices]:
    most = max(1, _BATCH // (size * size))
    for start in range(0, len(draws), most):
        yield draws[start : start + most]


def _dense(graph: Community, nodes: Indices, weights: Floats, draws: Indices) -> Floats:
    """The part of the community matrix between some nodes, *draws × nodes × nodes*."""
    inside = np.flatnonzero(np.isin(graph.source, nodes) & np.isin(graph.target, nodes))
    dense = np.zeros((len(draws), len(nodes), len(nodes)))
    rows = np.searchsorted(nodes, graph.target[inside])
    columns = np.searchsorted(nodes, graph.source[inside])
    # Of two edges between the same nodes each adds its own.
    for edge, row, column in zip(inside.tolist(), rows.tolist(), columns.tolist(), strict=True):
        dense[:, row, column] += weights[edge, draws]
    return dense
