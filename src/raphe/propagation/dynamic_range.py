"""How far each node can be moved: the yardstick for «unchanged».

Half a unit of cAMP and half a unit of extracellular serotonin are not the same amount of change. So
each node is measured by its own dynamic range: its largest median response to any single full
reference perturbation, that is, one molecular target wholly blocked or wholly activated, acutely or
for long. It is computed once per circuit from the network alone; no finding is used.
"""

from __future__ import annotations

import numpy as np

from raphe.network import Network
from raphe.prior import Ensemble
from raphe.propagation.reduction import Floats, Plan
from raphe.propagation.steady_state import settle

#: Draws that the median is taken over; more move no range by more than a few percent.
REFERENCE_DRAWS = 24
#: Draws times perturbations that are solved side by side: what the processor's cache holds.
_WIDTH = 2000


def dynamic_ranges(network: Network, ensemble: Ensemble, draws: int = REFERENCE_DRAWS) -> Floats:
    """Largest median response of each node to any single full reference perturbation, *n*.

    Parameters
    ----------
    network
        *n* nodes.
    ensemble
        Its draws.
    draws
        How many of them the median is taken over, at most.

    Notes
    -----
    Many perturbations run side by side, as if they were draws.
    """
    own = ensemble.take(np.arange(min(draws, ensemble.size)))
    imposed = _reference_inputs(network, own)
    largest = np.zeros(network.size)
    many = max(1, _WIDTH // own.size)
    for plan, gains in ((network.fast_plan, own.fast_gains), (network.full_plan, own.full_gains)):
        for start in range(0, len(imposed), many):
            sizes = _sizes(plan, gains, own, imposed[start : start + many])
            np.maximum(largest, sizes, out=largest)
    return largest


def _sizes(plan: Plan, gains: Floats, ensemble: Ensemble, imposed: list[Imposed]) -> Floats:
    """Largest median response of each node to any of some perturbations, *n*."""
    count, size = len(imposed), plan.size
    inputs = np.zeros((size, count, ensemble.size))
    left = np.ones_like(inputs)
    for number, (nodes, pushed) in enumerate(imposed):
        inputs[nodes, number] = pushed
        left[nodes, number] = 0
    bounds = np.tile(ensemble.lower, count), np.tile(ensemble.upper, count)
    flat = inputs.reshape(size, -1), *bounds, left.reshape(size, -1)
    rest = settle(plan, np.tile(gains, count), *flat)
    rest.x[:, ~rest.settled] = 0
    response = np.abs(rest.x, out=rest.x).reshape(inputs.shape)
    return np.asarray(np.median(response, axis=2, overwrite_input=True).max(axis=1))


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
