"""What keeps a change from coming about: targets at which the drug stands in its own way.

Each target of the drug is left out in turn and the whole response computed again: what is said here
is a counterfactual, not a rule about the drawing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from raphe.calling import DECISIVE, WORTH_A_WORD, Call, Odds
from raphe.explanation import Route, gains_of, median_draw, signs_along
from raphe.finding import Regimen
from raphe.network import Network
from raphe.perturbation import Contact
from raphe.prediction import Prediction, change_of
from raphe.propagation.mason import strongest_paths


@dataclass(frozen=True)
class Blocked:
    """The strongest path that would carry a change, weakened by what the drug does on it."""

    route: Route
    #: The node on it at which a drug stands, and that drug's contact.
    node: str
    contact: Contact


@dataclass(frozen=True)
class Obstacle:
    """A target at which the drug itself makes a change less likely."""

    target: str
    #: What would be called without the drug's action there, and the odds of it.
    call: Call
    odds: Odds
    #: How much likelier the change would be.
    gain: float
    #: The node of that target nearest to the readout, and its median occupancy.
    node: str
    occupancy: float

    @property
    def is_decisive(self) -> bool:
        """Whether it alone stands in the way."""
        return self.gain >= DECISIVE


def blocked_route(prediction: Prediction, node: str, direction: int, target: str) -> Blocked | None:
    """The strongest path that would move a node in a direction, if it passes a target of the drug.

    The network is taken as it was declared, nothing occupied and nothing at a bound; what the
    treatment imposes on its targets sets out from there. None where the strongest path is free.
    """
    network, contrast = prediction.model.network, prediction.contrast
    draw = median_draw(prediction, node)
    slow = prediction.regimen is not Regimen.ACUTE
    plan = network.full_plan if slow else network.fast_plan
    gains = prediction.model.ensemble.full_gains if slow else prediction.model.ensemble.fast_gains
    declared = gains_of(network, plan, gains[:, draw])
    imposed = contrast.perturbation.inputs[:, draw] - contrast.against.inputs[:, draw]
    at = {contact.node: contact for contact in contrast.perturbation.contacts}
    starts = {one for one in at if imposed[one]}
    for path, gain in strongest_paths(declared, imposed, starts, network.index[node]):
        if imposed[path[0]] * gain * direction <= 0:
            continue
        met = [at[one] for one in path[1:] if one in at and at[one].target == target]
        if not met:
            return None
        route = Route(
            nodes=tuple(network.names[one] for one in path),
            signs=signs_along(declared, path),
            push=1 if imposed[path[0]] > 0 else -1,
            share=0.0,
            fraction=0.0,
        )
        return Blocked(route, network.names[met[0].node], met[0])
    return None


def obstacle(prediction: Prediction, node: str, wanted: Call) -> Obstacle | None:
    """The target at which the drug most keeps a node from going the wanted way.

    Each target is left out in turn and the whole response computed again: a counterfactual, not a
    rule about the drawing.
    """
    model, treatment = prediction.model, prediction.treatment
    here = prediction.reading(node).odds.probability(wanted)
    worst: Obstacle | None = None
    gained = WORTH_A_WORD
    for target in dict.fromkeys(contact.target for contact in prediction.perturbation.contacts):
        symbols = model.targets.symbols(target) or (target,)
        spared = replace(treatment, without=(*treatment.without, *symbols))
        odds = change_of(model, spared, prediction.comparator, prediction.regimen, node)
        gain = odds.probability(wanted) - here
        if gain > gained:
            gained = gain
            site, occupancy = _site(prediction, target, node)
            call = odds.call(model.criteria.bar)
            worst = Obstacle(target, call, odds, gain, site, occupancy)
    return worst


def _site(prediction: Prediction, target: str, node: str) -> tuple[str, float]:
    """Of the nodes of a target, the one nearest upstream of a node, and its median occupancy."""
    network = prediction.model.network
    away = _distances(network, network.index[node])
    contacts = [one for one in prediction.perturbation.contacts if one.target == target]
    nearest = min(contacts, key=lambda one: (away[one.node], network.names[one.node]))
    return network.names[nearest.node], nearest.usual


def _distances(network: Network, goal: int) -> list[int]:
    """Edges from each node to a goal; more than there are nodes where there is no way."""
    far = network.size + 1
    away = [far] * network.size
    away[goal] = 0
    layer, distance = {goal}, 0
    while layer:
        distance += 1
        heard = {
            int(one)
            for one, other in zip(network.source, network.target, strict=True)
            if int(other) in layer
        }
        layer = {one for one in heard if away[one] == far}
        for one in layer:
            away[one] = distance
    return away
