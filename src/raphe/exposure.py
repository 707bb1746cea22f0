"""What a treatment does at any multiple of its concentrations, asked for again and again.

`raphe.perturbation` draws affinities and finds sites, and does it once for one concentration. Here
this is done once for all concentrations, so that a dose that fades costs little at each moment.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from raphe.binding import bound_by, held_at_rest, with_reserve
from raphe.losses import shares_left, shift
from raphe.network import Network
from raphe.prior import Ensemble
from raphe.propagation.arrays import Floats
from raphe.propagation.lagged import Push
from raphe.target import Targets
from raphe.treatment import Treatment


class Exposure:
    """A treatment whose drugs are there at multiples of the concentrations that it states.

    Parameters
    ----------
    network, ensemble, treatment, targets
        As `raphe.perturbation.perturb` takes them.
    """

    def __init__(
        self, network: Network, ensemble: Ensemble, treatment: Treatment, targets: Targets
    ) -> None:
        self._network, self._ensemble, self._condition = network, ensemble, treatment.condition
        shares, _ = bound_by(network, ensemble, [(treatment, {})], targets)
        tones = ensemble.tones
        rivals = [one for one in shares if not one[0].rows[0].action.is_allosteric]
        rivals.sort(key=lambda one: one[0].node)
        self._allosteric = [one for one in shares if one[0].rows[0].action.is_allosteric]
        nodes = np.array([contact.node for contact, _, _ in rivals], dtype=np.intp)
        self._drugs = [given.drug.name for given in treatment.administrations]
        self._drug = np.array(
            [self._drugs.index(contact.drug) for contact, _, _ in rivals], dtype=np.intp
        )
        #: Nodes that drugs compete for, where the contacts of each begin, and the node of each.
        self._sites, self._starts, self._site = np.unique(
            nodes, return_index=True, return_inverse=True
        )
        draws = ensemble.size
        self._ratio = np.array([ratio for _, ratio, _ in rivals]).reshape(-1, draws)
        self._push = np.array(
            [
                with_reserve(efficacy, float(network.reserve[contact.node])) - tones[contact.node]
                for contact, _, efficacy in rivals
            ]
        ).reshape(-1, draws)
        held = [held_at_rest(network, tones, node) for node in self._sites.tolist()]
        self._held = np.array([np.broadcast_to(one, draws) for one in held]).reshape(-1, draws)
        touched = {*self._sites.tolist(), *(contact.node for contact, _, _ in self._allosteric)}
        needed = {int(network.source[edge]) for edge in np.flatnonzero(network.necessary)}
        #: Whether something may be lost that others cannot be without.
        self._spreads = self._condition is not None or bool(touched & needed)
        self._tones = tones

    @property
    def drugs(self) -> tuple[str, ...]:
        """Names of the drugs."""
        return tuple(self._drugs)

    def at(self, times: Mapping[str, Floats]) -> Push:
        """What is done to each node where the concentration of each drug is multiplied, *n × d*.

        Parameters
        ----------
        times
            By drug, what its concentration is multiplied with in each draw, *d*.
        """
        network, draws = self._network, self._ensemble.size
        gain, inputs = np.ones((network.size, draws)), np.zeros((network.size, draws))
        if len(self._sites):
            ratio = self._ratio * np.stack([times[name] for name in self._drugs])[self._drug]
            load = 1 + self._held + np.add.reduceat(ratio, self._starts, axis=0)
            ratio /= load[self._site]
            gain[self._sites] -= np.add.reduceat(ratio, self._starts, axis=0)
            ratio *= self._push
            inputs[self._sites] = np.add.reduceat(ratio, self._starts, axis=0)
        for contact, bound, efficacy in self._allosteric:
            ratio = bound * times[contact.drug]
            factor = 1 + ratio / (1 + ratio) * efficacy
            node = contact.node
            gain[node] *= factor
            inputs[node] = factor * inputs[node] + (factor - 1) * self._tones[node]
        if self._spreads:
            left = shares_left(network, self._ensemble, self._condition, inputs)
            if self._condition is not None:
                shift(network, self._ensemble, self._condition, inputs)
            for node, share in sorted(left.items()):
                gain[node] *= share
                inputs[node] = share * inputs[node] - (1 - share) * self._tones[node]
        return Push(gain, inputs)
