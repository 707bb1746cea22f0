"""The response to a treatment under a regimen: acute, chronic, or after washout.

A slow edge carries a state z that follows its source within days. Acutely z is what it was without
the drug; chronically it has caught up with the drug; after washout the drug is gone and z still is
where chronic treatment left it: that is what rebound and lasting down-regulation are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from raphe.finding import Regimen
from raphe.network import Network
from raphe.perturbation import Perturbation
from raphe.prior import Ensemble
from raphe.propagation.arrays import Floats, Mask
from raphe.propagation.steady_state import Rest, settle


@dataclass(frozen=True)
class Response:
    """Where each draw comes to rest, as the deviation from untouched baseline."""

    #: *n × d*.
    x: Floats
    #: Draws that came to rest, *d*.
    settled: Mask
    #: What the adaptations have followed, *n × d*: the animal before an acute drug or before
    #: washout; None where they follow the response itself, or nothing.
    adapted: Floats | None = None


def respond(
    network: Network,
    ensemble: Ensemble,
    perturbation: Perturbation,
    vehicle: Perturbation,
    regimen: Regimen,
    chronic: Response | None = None,
) -> Response:
    """The response to a treatment.

    Parameters
    ----------
    network
        *n* nodes.
    ensemble
        Its draws, *d* of them.
    perturbation
        Drugs and condition.
    vehicle
        The condition alone: what the animal was before the drug, and is after it.
    regimen
        How long the drug has acted; a condition is always there for long.
    chronic
        The response to the same treatment for long, where it is at hand: washout starts from it.
    """
    if regimen is Regimen.CHRONIC:
        return _response(_rest(network, ensemble, perturbation, slow=True))
    if regimen is Regimen.ACUTE:
        before = _long_before(network, ensemble, vehicle)
        rest = _rest(
            network, ensemble, perturbation, slow=False, adapted=before.x if before else None
        )
        return _response(rest, before)
    after = chronic or _rest(network, ensemble, perturbation, slow=True)
    rest = _rest(network, ensemble, vehicle, slow=False, adapted=after.x)
    return _response(rest, after)


def _long_before(network: Network, ensemble: Ensemble, vehicle: Perturbation) -> Rest | None:
    if not vehicle.inputs.any():
        return None
    return _rest(network, ensemble, vehicle, slow=True)


def _rest(
    network: Network,
    ensemble: Ensemble,
    perturbation: Perturbation,
    slow: bool,
    adapted: Floats | None = None,
) -> Rest:
    plan = network.full_plan if slow else network.fast_plan
    own = ensemble.full_gains if slow else ensemble.fast_gains
    inputs = perturbation.inputs
    if adapted is not None:
        inputs = inputs + perturbation.gain * adaptation(network, ensemble, adapted)
    return settle(plan, own, inputs, ensemble.lower, ensemble.upper, perturbation.gain)


def adaptation(network: Network, ensemble: Ensemble, adapted: Floats) -> Floats:
    """What the slow edges bring to each node while their states stay put."""
    brought = np.zeros_like(adapted)
    for edge in np.flatnonzero(network.slow):
        brought[network.target[edge]] += ensemble.weights[edge] * adapted[network.source[edge]]
    return brought


def _response(rest: Rest, earlier: Rest | Response | None = None) -> Response:
    settled = rest.settled if earlier is None else rest.settled & earlier.settled
    return Response(rest.x, settled, earlier.x if earlier else None)
