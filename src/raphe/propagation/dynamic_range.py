"""How far each node can be moved: the yardstick for «unchanged».

Half a unit of cAMP and half a unit of extracellular serotonin are not the same amount of change. So
each node is measured by its own dynamic range: its largest median response to any single full
reference perturbation, that is, one molecular target wholly blocked or wholly activated, acutely or
for long. It is computed once per circuit from the network alone; no finding is used.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from raphe.network import Network
from raphe.prior import Ensemble, join_ensembles
from raphe.propagation.arrays import Floats
from raphe.propagation.plan import Plan
from raphe.propagation.steady_state import settle

#: Draws that the median is taken over; more move no range by more than a few percent.
REFERENCE_DRAWS = 24
#: Draws times perturbations that are solved side by side: what the processor's cache holds.
_WIDTH = 3000


def dynamic_ranges(
    network: Network, ensembles: Sequence[Ensemble], draws: int = REFERENCE_DRAWS
) -> tuple[Floats, ...]:
    """Largest median response of each node to any single full reference perturbation.

    Parameters
    ----------
    network
        *n* nodes.
    ensembles
        Of its draws; one, or those of several priors.
    draws
        How many of each the median is taken over, at most.

    Returns
    -------
    tuple of Floats
        For each ensemble, *n*.

    Notes
    -----
    Many perturbations run side by side, and so do the ensembles, as if they were draws.
    """
    sizes = [min(draws, ensemble.size) for ensemble in ensembles]
    own = join_ensembles(
        [one.take(np.arange(size)) for one, size in zip(ensembles, sizes, strict=True)]
    )
    imposed = _reference_inputs(network, own)
    largest = tuple(np.zeros((len(sizes), network.size)))
    many = max(1, _WIDTH // own.size)
    for plan, gains in ((network.fast_plan, own.fast_gains), (network.full_plan, own.full_gains)):
        for start in range(0, len(imposed), many):
            responses = _responses(plan, gains, own, imposed[start : start + many])
            parts = np.split(responses, np.cumsum(sizes)[:-1], axis=2)
            for one, part in zip(largest, parts, strict=True):
                np.maximum(one, _median(part).max(axis=1), out=one)
    return largest


def _responses(plan: Plan, gains: Floats, ensemble: Ensemble, imposed: list[Imposed]) -> Floats:
    """How far each node moves under each of some perturbations, *n × perturbations × d*."""
    count, size = len(imposed), plan.size
    inputs = np.zeros((size, count, ensemble.size))
    left = np.ones_like(inputs)
    for number, (nodes, pushed) in enumerate(imposed):
        inputs[nodes, number] = pushed
        left[nodes, number] = 0
    bounds = _tiled(ensemble.lower, count), _tiled(ensemble.upper, count)
    flat = inputs.reshape(size, -1), *bounds, left.reshape(size, -1)
    rest = settle(plan, _tiled(gains, count), *flat)
    rest.x[:, ~rest.settled] = 0
    return np.asarray(np.abs(rest.x, out=rest.x).reshape(inputs.shape))


def _tiled(values: Floats, count: int) -> Floats:
    """The same columns again and again; `np.tile` takes longer."""
    tiled = np.empty((len(values), count, values.shape[1]))
    tiled[:] = values[:, None]
    return tiled.reshape(len(values), count * values.shape[1])


def _median(values: Floats) -> Floats:
    """Along the last axis; sorting a few numbers is faster than a selection."""
    ordered, last = np.sort(values, axis=-1), values.shape[-1] - 1
    return np.asarray((ordered[..., last // 2] + ordered[..., (last + 1) // 2]) / 2)


#: Nodes that are held, and where in each draw.
Imposed = tuple[list[int], Floats]


def _reference_inputs(network: Network, ensemble: Ensemble) -> list[Imposed]:
    """What blocking and activating each molecular target wholly imposes, and on which nodes.

    Blocking what is silent, or activating what runs fully, moves nothing and is left out.
    """
    symbols = sorted({symbol for several in network.symbols for symbol in several})
    imposed = []
    for nodes in sorted({network.sites((symbol,)) for symbol in symbols}):
        tones = ensemble.tones[list(nodes)]
        imposed += [(list(nodes), pushed) for pushed in (-tones, 1 - tones) if pushed.any()]
    return imposed
