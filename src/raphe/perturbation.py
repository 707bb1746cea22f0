"""Drugs, exposures and conditions to what they do to the nodes: gains and inputs.

All drugs at one target compete (Gaddum 1937): ρₖ = (Cₖ/Kₖ) / (1 + Σ C/K). What is occupied hears
its ligand no more, g = 1 − Σρ, and has the activity of what occupies it, u = Σ ρₖ (εₖ − t), with
tone t and efficacy ε. One formula serves receptors, transporters, enzymes and channels. Where the
resting activity of a receptor is declared to be that of its own transmitter (`occupied`), the
transmitter is one of those that compete: Σ C/K then counts t / (1 − t) for it, and a drug occupies
less than at a receptor that is free (Cheng and Prusoff 1973).

J. H. Gaddum, "The quantitative effects of antagonistic drugs", J. Physiol. 89 (1937) 7P–9P.
Y. Cheng, W. H. Prusoff, Biochem. Pharmacol. 22 (1973) 3099–3108 (what a competitor costs).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from raphe.binding import AS_GIVEN, Contact, Presence, bound_by, held_at_rest, with_reserve
from raphe.condition import Condition
from raphe.losses import require_known, shares_left, shift
from raphe.network import Network
from raphe.prior import Ensemble
from raphe.propagation.arrays import Floats
from raphe.sign import Change
from raphe.target import Targets
from raphe.treatment import Treatment
from raphe.units import Interval


@dataclass(frozen=True, eq=False)
class Perturbation:
    """What a treatment does to the nodes of a network in each draw."""

    #: What is left of what each node hears, *n × d*.
    gain: Floats = field(repr=False)
    #: What is imposed on each node, *n × d*.
    inputs: Floats = field(repr=False)
    contacts: tuple[Contact, ...] = ()
    #: Targets that the drugs bind and the network has no node for, by drug.
    unplaced: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def perturb(
    network: Network,
    ensemble: Ensemble,
    treatment: Treatment,
    targets: Targets,
    times: Mapping[str, Floats] = AS_GIVEN,
) -> Perturbation:
    """What a treatment does to the nodes, in each draw of an ensemble.

    Parameters
    ----------
    times
        By drug, what its concentration is multiplied with in each draw, *d*; zero: it is not given.
    """
    return perturb_partly(network, ensemble, [(treatment, {})], treatment.condition, targets, times)


def perturb_partly(
    network: Network,
    ensemble: Ensemble,
    parts: Sequence[tuple[Treatment, Presence]],
    condition: Condition | None,
    targets: Targets,
    times: Mapping[str, Floats] = AS_GIVEN,
) -> Perturbation:
    """What the bindings of treatments do to the nodes, each in the draws in which it is there.

    Parameters
    ----------
    parts
        Treatments, of which the drugs count, and in which draws each of their bindings is there.
    condition
        Of the animals.
    times
        See `perturb`.
    """
    tones = ensemble.tones
    contacts: list[Contact] = []
    shares, unplaced = bound_by(network, ensemble, parts, targets, times)
    # C/K of all that competes at a node.
    load: dict[int, Floats] = {}
    for contact, ratio, _ in shares:
        node = contact.node
        if not contact.rows[0].action.is_allosteric:
            load[node] = load.get(node, held_at_rest(network, tones, node)) + ratio
    gain = np.ones((network.size, ensemble.size))
    inputs = np.zeros((network.size, ensemble.size))
    for contact, ratio, efficacy in sorted(
        shares, key=lambda one: one[0].rows[0].action.is_allosteric
    ):
        node = contact.node
        if contact.rows[0].action.is_allosteric:
            # It scales the activity that the node has by then, orthosteric drugs included.
            occupancy = ratio / (1 + ratio)
            factor = 1 + occupancy * efficacy
            gain[node] *= factor
            inputs[node] = factor * inputs[node] + (factor - 1) * tones[node]
        else:
            occupancy = ratio / (1 + load[node])
            efficacy = with_reserve(efficacy, float(network.reserve[node]))
            gain[node] -= occupancy
            inputs[node] += occupancy * (efficacy - tones[node])
        contacts.append(Contact(contact.drug, node, contact.target, contact.rows, occupancy))
    if condition is not None:
        require_known(network, condition)
    left = shares_left(network, ensemble, condition, inputs)
    if condition is not None:
        shift(network, ensemble, condition, inputs)
    for node, share in sorted(left.items()):
        gain[node] *= share
        inputs[node] = share * inputs[node] - (1 - share) * tones[node]
    return Perturbation(gain, inputs, tuple(contacts), unplaced)


def declared_push(network: Network, contact: Contact) -> Change:
    """Directions in which a drug may push a node, whatever the draws: ε above or below the tone."""
    tone = network.tones[contact.node]
    found = Change.NOTHING
    for row in contact.rows:
        if row.action.is_allosteric and tone.high <= 0:
            # It scales an activity that is not there.
            continue
        efficacy = row.efficacy or row.action.efficacy
        low, high, rest = efficacy.low, efficacy.high, tone
        if row.action.is_allosteric:
            rest = Interval(0.0, 0.0)
        else:
            low, high = with_reserve(np.array([low, high]), float(network.reserve[contact.node]))
        if high > rest.low:
            found |= Change.UP
        if low < rest.high:
            found |= Change.DOWN
    return found
