"""How far each node can be moved: the yardstick for «unchanged».

Half a unit of cAMP and half a unit of extracellular serotonin are not the same amount of change. So each
node is measured by its own dynamic range: its largest median response to any single full reference
perturbation, that is, one molecular target wholly blocked or wholly activated, acutely or for long. It is computed once per
circuit from the network alone; no finding is used.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from raphe.finding import Regimen
from raphe.network import Network
from raphe.perturbation import Perturbation
from raphe.prior import Ensemble
from raphe.propagation.reduction import Floats
from raphe.propagation.response import respond

#: Draws that the median is taken over; more move no range by more than a few percent.
REFERENCE_DRAWS = 40


def dynamic_ranges(network: Network, ensemble: Ensemble) -> Floats:
    """Largest median response of each node to any single full reference perturbation, *n*.

    Notes
    -----
    All perturbations run side by side, as if they were draws.
    """
    own = _first(ensemble, REFERENCE_DRAWS)
    symbols = sorted({symbol for several in network.symbols for symbol in several})
    sites = sorted({network.sites((symbol,)) for symbol in symbols})
    if not sites:
        return np.zeros(network.size)
    count = 2 * len(sites)
    wide = _tiled(own, count)
    gain = np.ones((network.size, count, own.size))
    inputs = np.zeros_like(gain)
    for number, nodes in enumerate(sites):
        for node in nodes:
            gain[node, 2 * number : 2 * number + 2] = 0
            inputs[node, 2 * number] = -own.tones[node]
            inputs[node, 2 * number + 1] = 1 - own.tones[node]
    perturbation = Perturbation(gain.reshape(network.size, -1), inputs.reshape(network.size, -1))
    nothing = Perturbation(np.ones_like(perturbation.gain), np.zeros_like(perturbation.inputs))
    largest = np.zeros(network.size)
    for regimen in (Regimen.ACUTE, Regimen.CHRONIC):
        response = respond(network, wide, perturbation, nothing, regimen)
        size = np.abs(np.where(response.settled, response.x, 0.0))
        medians = np.median(size.reshape(network.size, count, own.size), axis=2)
        largest = np.maximum(largest, medians.max(axis=1))
    return largest


def _first(ensemble: Ensemble, draws: int) -> Ensemble:
    part = slice(0, draws)
    return replace(
        ensemble,
        kept=ensemble.kept[part],
        weights=ensemble.weights[:, part],
        tones=ensemble.tones[:, part],
        fast_gains=ensemble.fast_gains[:, part],
        full_gains=ensemble.full_gains[:, part],
    )


def _tiled(ensemble: Ensemble, times: int) -> Ensemble:
    return replace(
        ensemble,
        kept=np.tile(ensemble.kept, times),
        weights=np.tile(ensemble.weights, times),
        tones=np.tile(ensemble.tones, times),
        fast_gains=np.tile(ensemble.fast_gains, times),
        full_gains=np.tile(ensemble.full_gains, times),
    )
