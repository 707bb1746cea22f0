"""What no choice of weights can change about a treatment: what it pushes, and where that leads."""

from __future__ import annotations

import numpy as np

from raphe.contrast import Contrast
from raphe.finding import Regimen
from raphe.model import Model, is_untouched
from raphe.network import SIGNS, Network
from raphe.perturbation import Perturbation, declared_push
from raphe.propagation.arrays import Floats
from raphe.propagation.certainty import Certainty, Ground, certainties
from raphe.sign import Change
from raphe.treatment import Treatment


def treatment_certainties(
    model: Model,
    contrast: Contrast,
    treatment: Treatment,
    comparator: Treatment,
    regimen: Regimen,
) -> tuple[Certainty, ...]:
    """Directions in which each node may move, whatever the weights, in the network's order."""
    sure = _proved(model, contrast, treatment, comparator, regimen)
    if (contrast.perturbation.gain > 1).any() or (contrast.against.gain > 1).any():
        # A modulator that amplifies is beyond what was proved stable.
        return tuple(_left_open(one) for one in sure)
    return sure


def _left_open(certainty: Certainty) -> Certainty:
    if certainty.ground in (Ground.UNREACHED, Ground.BOTH):
        return certainty
    return Certainty(Change.ANY, Ground.OPEN)


def _proved(
    model: Model,
    contrast: Contrast,
    treatment: Treatment,
    comparator: Treatment,
    regimen: Regimen,
) -> tuple[Certainty, ...]:
    network = model.network
    pushes = _pushes(network, contrast.perturbation, contrast.against, comparator)
    if regimen is Regimen.CHRONIC:
        return certainties(network, pushes, slow=True)
    # The animals themselves may differ; this is what pushes them before the drugs and after.
    lasting: dict[int, Change] = {}
    if treatment.condition != comparator.condition:
        ill = model.perturb(treatment.without_drugs)
        other = model.perturb(comparator.without_drugs)
        lasting = _pushes(network, ill, other, comparator)
    # Acutely, adaptations have followed the condition; in washout, when the drug is gone, the drug
    # too.
    is_over = regimen is Regimen.WASHOUT
    followed, now = (pushes, lasting) if is_over else (lasting, pushes)
    before = certainties(network, followed, slow=True)
    left = dict(now)
    for edge in np.flatnonzero(network.slow):
        source, target = int(network.source[edge]), int(network.target[edge])
        brought = (before[source].possible & Change.CHANGED).through(SIGNS[int(network.sign[edge])])
        left[target] = left.get(target, Change.NOTHING) | brought
    return certainties(network, left, slow=False)


def _pushes(
    network: Network, perturbation: Perturbation, against: Perturbation, comparator: Treatment
) -> dict[int, Change]:
    """Directions in which the treatment pushes nodes, beyond what the comparator does.

    The difference d of two treatments obeys d = G₂Ad + (u₂ − u₁) + (G₂ − G₁) A x₁: what a node
    hears under the comparator is let through more or less. The sign of A x₁ is taken as open,
    unless the comparator leaves everything at rest. What a drug does is read from the ranges that
    are declared, not from the draws: a draw more must not make anything less certain.
    """
    pushes: dict[int, Change] = {}
    difference = perturbation.inputs - against.inputs
    for node in np.flatnonzero(np.abs(difference).max(axis=1) > 0):
        pushes[int(node)] = _directions(difference[node])
    if is_untouched(comparator):
        for contact in perturbation.contacts:
            declared = declared_push(network, contact)
            pushes[contact.node] = pushes.get(contact.node, Change.NOTHING) | declared
        return pushes
    gated = perturbation.gain - against.gain
    for node in np.flatnonzero(np.abs(gated).max(axis=1) > 0):
        pushes[int(node)] = Change.CHANGED
    return pushes


def _directions(values: Floats) -> Change:
    found = Change.NOTHING
    if (values > 0).any():
        found |= Change.UP
    if (values < 0).any():
        found |= Change.DOWN
    return found
