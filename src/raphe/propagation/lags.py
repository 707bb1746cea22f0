"""Draws of time constants, and the part of a network that a course needs.

Every node and every adaptation has a random stream of its own. A node that hears slow edges alone
has no lag beside theirs (see `loops`); these share one pace unless a file gives them their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from raphe.network import Network
from raphe.pace import ADAPTATION, PACES
from raphe.prior import Ensemble
from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.components import strong_components
from raphe.propagation.contour import WEDGE
from raphe.propagation.lagged import Lagged
from raphe.propagation.plan import plan_reduction

#: What is left of the wedge for the modes that drugs and bounds make of the untouched ones.
_MARGIN = 1.0


@dataclass(frozen=True, eq=False)
class Lags:
    """Time constants in hours, 0 where there is none: of nodes, *n × d*, and edges, *m × d*."""

    node: Floats
    edge: Floats


def draw_lags(network: Network, ensemble: Ensemble) -> Lags:
    """Time constants of a network in each draw of an ensemble, log-uniform in their ranges."""
    waits = waiting(network)
    node = np.zeros((network.size, ensemble.size))
    for number, (name, placed) in enumerate(network.pathway.nodes.items()):
        if not waits[number]:
            time = placed.declared.time or PACES[placed.declared.kind].time
            node[number] = ensemble.draw(f"lag of {name}", time, logarithmic=True)
    edge = np.zeros((len(network.source), ensemble.size))
    nodes = tuple(network.pathway.nodes.values())
    for number in np.flatnonzero(network.slow).tolist():
        target = int(network.target[number])
        own = network.pathway.edges[number].declared.time
        name, time = f"pace of {network.names[target]}", ADAPTATION.time
        if own is not None:
            name, time = f"pace of {network.edge_names[number]}", own
        elif not waits[target]:
            name = f"pace of {network.edge_names[number]}"
        else:
            time = nodes[target].declared.time or time
        edge[number] = ensemble.draw(name, time, logarithmic=True)
    return Lags(node, edge)


def waiting(network: Network) -> Mask:
    """Which nodes hear slow edges and nothing else: these are themselves what adapts."""
    waits = np.zeros(network.size, dtype=bool)
    waits[network.target[network.slow]] = True
    waits[network.target[~network.slow]] = False
    return waits


def lagged_part(
    network: Network, ensemble: Ensemble, lags: Lags, pushed: Mask, asked: Indices
) -> tuple[Lagged, Indices]:
    """The part of a network that is reached from what is pushed and reaches what is asked for.

    Returns
    -------
    system : Lagged
        With nodes and edges numbered anew.
    nodes : Indices
        Their numbers in the network, ascending; what was asked for is among them.
    """
    wanted = np.zeros(network.size, dtype=bool)
    wanted[asked] = True
    inside = _closed(pushed, network.source, network.target)
    inside &= _closed(wanted, network.target, network.source)
    inside[asked] = True
    nodes = np.flatnonzero(inside)
    edges = np.flatnonzero(inside[network.source] & inside[network.target])
    source = np.searchsorted(nodes, network.source[edges])
    target = np.searchsorted(nodes, network.target[edges])
    slow = network.slow[edges]
    system = Lagged(
        plan=plan_reduction(len(nodes), source, target, np.ones(len(edges), dtype=bool)),
        source=source,
        target=target,
        slow=slow,
        weights=ensemble.weights[edges],
        lag=lags.node[nodes],
        pace=lags.edge[edges[slow]],
        lower=ensemble.lower[nodes],
        upper=ensemble.upper[nodes],
    )
    return system, nodes


def _closed(start: Mask, source: Indices, target: Indices) -> Mask:
    """Everything that edges lead to from a start, the start included."""
    reached = start.copy()
    while True:
        new = reached.copy()
        new[target[reached[source]]] = True
        if (new == reached).all():
            return reached
        reached = new


@dataclass(frozen=True, eq=False)
class Modes:
    """What the eigenvalues of each draw say of its motion, *d*."""

    #: Whether everything dies away.
    stable: Mask
    #: Whether nothing swings for so long that `contour` could not follow it.
    damped: Mask


def modes(network: Network, ensemble: Ensemble, lags: Lags, gain: Floats | None = None) -> Modes:
    """Eigenvalues of the untouched network under its time constants, slow edges included.

    Parameters
    ----------
    gain
        What is left of what each node hears, *n × d*; all of it by default.
    """
    slow = np.flatnonzero(network.slow)
    size = network.size
    relay = np.full(len(network.source), -1)
    relay[slow] = size + np.arange(len(slow))
    heard = np.where(network.slow, relay, network.source)
    source = np.concatenate([heard, network.source[slow]])
    target = np.concatenate([network.target, relay[slow]])
    weights = ensemble.weights if gain is None else ensemble.weights * gain[network.target]
    weights = np.concatenate([weights, np.ones((len(slow), ensemble.size))])
    lag = np.concatenate([lags.node, lags.edge[slow]])
    angle = np.zeros(ensemble.size)
    ends = list(zip(source.tolist(), target.tolist(), strict=True))
    for component in strong_components(size + len(slow), ends):
        nodes = np.array(component)
        place = np.full(size + len(slow), -1)
        place[nodes] = np.arange(len(nodes))
        inside = np.flatnonzero((place[source] >= 0) & (place[target] >= 0))
        if not len(inside):
            continue
        matrix = np.zeros((ensemble.size, len(nodes), len(nodes)))
        for edge in inside.tolist():
            matrix[:, place[target[edge]], place[source[edge]]] += weights[edge]
        values = _eigenvalues(matrix, lag[nodes])
        found = np.abs(np.angle(-values))
        np.maximum(angle, np.degrees(found.max(axis=1, initial=0.0)), out=angle)
    return Modes(angle < 90.0, angle <= WEDGE - _MARGIN)


def _eigenvalues(
    matrix: Floats, lag: Floats
) -> np.ndarray[tuple[int, ...], np.dtype[np.complex128]]:
    """Of T⁻¹(A − I), each *d × n × n*; what has no lag of its own is put in where it is heard."""
    instant = np.flatnonzero((lag == 0).any(axis=1))
    moving = np.flatnonzero((lag > 0).all(axis=1))
    rows, columns = moving[:, None], moving
    left = matrix[:, rows, columns]
    if len(instant):
        told = matrix[:, instant[:, None], moving]
        left = left + matrix[:, rows, instant] @ told
    left = left - np.eye(len(moving))
    return np.asarray(np.linalg.eigvals(left / lag[moving].T[:, :, None]).astype(np.complex128))
