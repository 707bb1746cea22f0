"""How far each node can be moved: the yardstick for «unchanged».

Half a unit of cAMP and half a unit of extracellular serotonin are not the same amount of change. So
each node is measured by its own dynamic range: its largest median response to any single full
reference perturbation, that is, one molecular target wholly blocked or wholly activated, acutely or
for long. It is computed once per circuit from the network alone; no finding is used.
"""

from __future__ import annotations

import numpy as np

from raphe.finding import Regimen
from raphe.network import Network
from raphe.perturbation import Perturbation
from raphe.prior import Ensemble
from raphe.propagation.reduction import Floats
from raphe.propagation.response import respond

#: Draws that the median is taken over; more move no range by more than a few percent.
REFERENCE_DRAWS = 24


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
    All perturbations run side by side, as if they were draws.
    """
    own = ensemble.take(np.arange(min(draws, ensemble.size)))
    imposed = _reference_inputs(network, own)
    if not imposed:
        return np.zeros(network.size)
    count = len(imposed)
    inputs = np.zeros((network.size, count, own.size))
    gain = np.ones_like(inputs)
    for number, (nodes, pushed) in enumerate(imposed):
        inputs[nodes, number] = pushed
        gain[nodes, number] = 0
    perturbation = Perturbation(gain.reshape(network.size, -1), inputs.reshape(network.size, -1))
    nothing = Perturbation(np.zeros((0, 0)), np.zeros((0, 0)))
    wide = own.take(np.tile(np.arange(own.size), count))
    largest = np.zeros(network.size)
    for regimen in (Regimen.ACUTE, Regimen.CHRONIC):
        response = respond(network, wide, perturbation, nothing, regimen)
        response.x[:, ~response.settled] = 0
        size = np.abs(response.x, out=response.x).reshape(network.size, count, own.size)
        largest = np.maximum(largest, np.median(size, axis=2, overwrite_input=True).max(axis=1))
    return largest


def _reference_inputs(network: Network, ensemble: Ensemble) -> list[tuple[list[int], Floats]]:
    """What blocking and activating each molecular target wholly imposes, and on which nodes.

    Blocking what is silent, or activating what runs fully, moves nothing and is left out.
    """
    symbols = sorted({symbol for several in network.symbols for symbol in several})
    imposed = []
    for nodes in sorted({network.sites((symbol,)) for symbol in symbols}):
        tones = ensemble.tones[list(nodes)]
        imposed += [(list(nodes), pushed) for pushed in (-tones, 1 - tones) if pushed.any()]
    return imposed
