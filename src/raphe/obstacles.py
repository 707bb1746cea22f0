"""What keeps a change from coming about: targets at which the drug stands in its own way.

Each target of the drug is left out in turn and the whole response computed again: what is said here
is a counterfactual, not a rule about the drawing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from raphe.binding import Contact
from raphe.calling import DECISIVE, WORTH_A_WORD, Call, Odds
from raphe.contrast import change_of
from raphe.explanation.routes import Route, median_draw, signs_along
from raphe.explanation.system import gains_of
from raphe.finding import Regimen
from raphe.network import Network
from raphe.perturbation import Perturbation, perturb
from raphe.prediction import Prediction
from raphe.propagation.mason import strongest_paths
from raphe.propagation.response import Response, respond
from raphe.treatment import Treatment

#: Draws that tell which targets are worth all draws, and the standard errors that they are given.
_SOME_DRAWS = 100
_ERRORS = 3.0


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
    fast = {*zip(network.fast_plan.source.tolist(), network.fast_plan.target.tolist(), strict=True)}
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
            slow=tuple(ends not in fast for ends in pairwise(path)),
        )
        return Blocked(route, network.names[met[0].node], met[0])
    return None


def obstacle(prediction: Prediction, node: str, wanted: Call) -> Obstacle | None:
    """The target at which the drug most keeps a node from going the wanted way.

    Each target is left out in turn and the whole response computed again: a counterfactual, not a
    rule about the drawing.

    Notes
    -----
    What is said is computed with all draws. Some draws alone, all targets side by side, tell which
    targets are worth that: those that could be the worst by three standard errors.
    """
    network = prediction.model.network
    away = _distances(network, network.index[node])
    sites: dict[str, list[int]] = {}
    for contact in prediction.perturbation.contacts:
        sites.setdefault(contact.target, []).append(contact.node)
    # What has no way to the node changes nothing there.
    bearing = [
        target for target, own in sites.items() if min(away[one] for one in own) < _far(away)
    ]
    here = prediction.reading(node).odds.probability(wanted)
    found: dict[str, tuple[float, Odds]] = {}
    most = WORTH_A_WORD
    for target, likely in _promising(prediction, node, wanted, bearing):
        if likely <= most:
            break
        odds = _without(prediction, node, target)
        gain = odds.probability(wanted) - here
        found[target] = gain, odds
        most = max(most, gain)
    worst = [target for target in bearing if target in found and found[target][0] >= most]
    if not worst or most <= WORTH_A_WORD:
        return None
    target = worst[0]
    gain, odds = found[target]
    nearest = min(sites[target], key=lambda one: (away[one], network.names[one]))
    occupancy = next(
        one.usual
        for one in prediction.perturbation.contacts
        if one.target == target and one.node == nearest
    )
    call = odds.call(prediction.model.criteria.bar)
    return Obstacle(target, call, odds, gain, network.names[nearest], occupancy)


def _without(prediction: Prediction, node: str, target: str) -> Odds:
    """Odds of a node without what drugs do at a target; the comparator stays as it is."""
    contrast, comparator = prediction.contrast, prediction.comparator

    def respond(treatment: Treatment, regimen: Regimen) -> tuple[Response, Perturbation]:
        if treatment is comparator and contrast.other is not None:
            return contrast.other, contrast.against
        return prediction.model.respond(treatment, regimen)

    spared = _spared(prediction, target)
    return change_of(
        prediction.model, spared, comparator, prediction.regimen, node, respond=respond
    )


def _spared(prediction: Prediction, target: str) -> Treatment:
    """The treatment with no drug at a target."""
    symbols = prediction.model.targets.symbols(target) or (target,)
    treatment = prediction.treatment
    return replace(treatment, without=(*treatment.without, *symbols))


def _promising(
    prediction: Prediction, node: str, wanted: Call, targets: Sequence[str]
) -> list[tuple[str, float]]:
    """Targets with how much likelier their absence may make a change, the most first."""
    if not targets:
        return []
    model, contrast = prediction.model, prediction.contrast
    some = np.arange(min(_SOME_DRAWS, model.ensemble.size))
    few, number = model.ensemble.take(some), model.network.index[node]
    side_by_side = few.take(np.tile(some, len(targets)))
    given = [
        perturb(model.network, few, _spared(prediction, target), model.targets)
        for target in targets
    ]
    vehicle = perturb(model.network, few, prediction.treatment.without_drugs, model.targets)
    response = respond(
        model.network,
        side_by_side,
        _joined(given),
        _joined([vehicle] * len(targets)),
        prediction.regimen,
    )
    change = response.x[number].reshape(len(targets), -1)
    settled = response.settled.reshape(change.shape) & contrast.settled[some]
    if contrast.other is not None:
        change = change - contrast.other.x[number, some]
    limit = float(model.criteria.theta * model.ranges[number])
    sign = 1 if wanted is Call.UP else -1
    gained = (sign * change > limit).astype(float)
    gained -= sign * contrast.change[number, some] > limit
    promising = []
    for target, gains, usable in zip(targets, gained, settled, strict=True):
        count = int(usable.sum())
        if not count:
            promising.append((target, 1.0))
            continue
        own = gains[usable]
        error = math.sqrt(float(own.var()) / count) + 1 / count
        promising.append((target, float(own.mean()) + _ERRORS * error))
    return sorted(promising, key=lambda one: -one[1])


def _joined(perturbations: Sequence[Perturbation]) -> Perturbation:
    """Draws of several treatments side by side."""
    return Perturbation(
        np.concatenate([one.gain for one in perturbations], axis=1),
        np.concatenate([one.inputs for one in perturbations], axis=1),
    )


def _far(away: list[int]) -> int:
    """What `_distances` gives where there is no way."""
    return len(away) + 1


def _distances(network: Network, goal: int) -> list[int]:
    """Edges from each node to a goal; more than there are nodes where there is no way."""
    heard: list[list[int]] = [[] for _ in range(network.size)]
    for source, target in zip(network.source.tolist(), network.target.tolist(), strict=True):
        heard[target].append(source)
    far = network.size + 1
    away = [far] * network.size
    away[goal] = 0
    layer = [goal]
    while layer:
        further = []
        for node in layer:
            for one in heard[node]:
                if away[one] == far:
                    away[one] = away[node] + 1
                    further.append(one)
        layer = further
    return away
