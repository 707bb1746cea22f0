"""Why a node changes: the paths that carry the change, and the blocks that stand in its way.

In one draw the change x obeys x = A x + b, with A what drugs and bounds leave of the network: a
node at a bound
passes on the share of what it hears that it still can (the secant of the bound). By Mason's
formula it is the sum over simple paths P of b · gain(P) · det(I − A without P) / det(I − A); by
Jacobi's identity
that last ratio is the determinant of the block of (I − A)⁻¹ on the nodes of P, so that one inverse
serves all
paths.

S. J. Mason, Proc. IRE 44 (1956) 920–926. C. G. J. Jacobi's identity: R. A. Horn and C. R. Johnson,
Matrix Analysis, Cambridge 1985, section 0.8.4.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from raphe.calling import Call, Odds
from raphe.finding import Regimen
from raphe.network import Network
from raphe.perturbation import Contact, perturb
from raphe.prediction import Prediction, change_of
from raphe.propagation.reduction import Floats, Plan
from raphe.propagation.response import Response
from raphe.sign import Sign

#: Paths that are looked at, strongest gain first, before the one with the largest share is taken.
CANDIDATES = 40
#: How much likelier a direction must become for a target to count as what stood in its way.
_CLEARLY = 0.25
#: Median occupancy from which a node on a path counts as blocked.
_OCCUPIED = 0.2
#: Steps of that search.
_STEPS = 20_000


@dataclass(frozen=True)
class Route:
    """A simple path from what is imposed to a readout, and how much of its change it carries."""

    #: Names of the nodes, from what is perturbed to the readout.
    nodes: tuple[str, ...]
    #: Signs of the edges between them.
    signs: tuple[Sign, ...]
    #: Direction in which the first node is pushed: +1 or −1.
    push: int
    #: What it contributes to the readout's change, in units of full activity.
    share: float
    #: That, relative to the whole change.
    fraction: float
    #: What the drugs do to the first node, where it is a target.
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class Blocked:
    """A path that would carry a change, were it not for what the drug does on it."""

    route: Route
    #: The node on it at which a drug stands, and that drug's contact.
    node: str
    contact: Contact


@dataclass(frozen=True)
class Obstacle:
    """A target at which the drug itself keeps a change from coming about."""

    target: str
    #: What would be called without the drug's action there, and the odds of it.
    call: Call
    odds: Odds
    #: Median occupancy of the node that the change would have to pass, and that node.
    node: str
    occupancy: float


def main_route(prediction: Prediction, node: str, direction: int = 0) -> Route | None:
    """The path that carries most of a node's change in the draw of its median.

    Parameters
    ----------
    direction
        +1 or −1: the path that carries most of an increase or decrease; 0: of the net change.
    """
    routes = routes_to(prediction, node)
    if not routes:
        return None
    whole = float(np.median(prediction.change[prediction.model.network.index[node]]))
    wanted = direction or (1 if whole >= 0 else -1)
    along = [route for route in routes if route.share * wanted > 0]
    return max(along, key=lambda route: (abs(route.share), route.nodes)) if along else None


def blocked_route(prediction: Prediction, node: str, direction: int) -> Blocked | None:
    """The strongest path that would move a node in a direction, had a drug not blocked it midway.

    The network is taken as it was declared, nothing occupied and nothing at a bound; what the
    treatment imposes on
    its targets sets out from there.
    """
    network, contrast = prediction.model.network, prediction.contrast
    draw = _median_draw(prediction, node)
    slow = prediction.regimen is not Regimen.ACUTE
    plan = network.full_plan if slow else network.fast_plan
    gains = prediction.model.ensemble.full_gains if slow else prediction.model.ensemble.fast_gains
    matrix = _matrix(network.size, plan, gains[:, draw])
    imposed = contrast.perturbation.inputs[:, draw] - contrast.against.inputs[:, draw]
    at = {contact.node: contact for contact in contrast.perturbation.contacts}
    starts = {one for one in at if imposed[one]}
    for path, gain in _strongest(matrix, imposed, starts, network.index[node]):
        if imposed[path[0]] * gain * direction <= 0:
            continue
        met = [
            at[one] for one in path[1:] if one in at and np.median(at[one].occupancy) >= _OCCUPIED
        ]
        if met:
            worst = max(met, key=lambda contact: float(np.median(contact.occupancy)))
            route = _route(prediction, matrix, imposed, path, 0.0, 0.0)
            return Blocked(route, network.names[worst.node], worst)
    return None


def routes_to(prediction: Prediction, node: str) -> list[Route]:
    """The paths with the strongest gains to a node, in the draw of its median change."""
    network = prediction.model.network
    number = network.index[node]
    draw = _median_draw(prediction, node)
    matrix, imposed = _system(prediction, draw)
    total = float(prediction.contrast.change[number, draw])
    inverse = np.linalg.inv(np.eye(len(matrix)) - matrix)
    starts = np.flatnonzero(np.abs(imposed) > 1e-9 * max(np.abs(imposed).max(), 1e-12))
    # After washout the system has two layers, the later one behind: see `_system`.
    goal = number + len(matrix) - network.size
    routes = []
    for path, gain in _strongest(matrix, imposed, {int(start) for start in starts}, goal):
        block = inverse[np.ix_(path, path)]
        share = float(imposed[path[0]] * gain * np.linalg.det(block))
        fraction = share / total if total else 0.0
        routes.append(_route(prediction, matrix, imposed, path, share, fraction))
    return sorted(routes, key=lambda route: (-abs(route.share), route.nodes))


def _median_draw(prediction: Prediction, node: str) -> int:
    values = prediction.change[prediction.model.network.index[node]]
    middle = int(np.argsort(values, kind="stable")[(len(values) - 1) // 2])
    return int(np.flatnonzero(prediction.contrast.settled)[middle])


def _route(
    prediction: Prediction,
    matrix: Floats,
    imposed: Floats,
    path: list[int],
    share: float,
    fraction: float,
) -> Route:
    network = prediction.model.network
    signs = tuple(
        Sign.POSITIVE if matrix[later, earlier] > 0 else Sign.NEGATIVE
        for earlier, later in pairwise(path)
    )
    first = path[0] % network.size
    return Route(
        nodes=tuple(network.names[one % network.size] for one in path),
        signs=signs,
        push=1 if imposed[path[0]] > 0 else -1,
        share=share,
        fraction=fraction,
        contacts=tuple(one for one in prediction.perturbation.contacts if one.node == first),
    )


def _system(prediction: Prediction, draw: int) -> tuple[Floats, Floats]:
    """A and b of one draw: what is left of the network, and what is imposed on it directly.

    After washout there are two layers of nodes: the animal under the drug, and the animal without
    it, which hears the
    first through its adaptations.
    """
    model, contrast = prediction.model, prediction.contrast
    network, ensemble = model.network, model.ensemble
    fast = _matrix(network.size, network.fast_plan, ensemble.fast_gains[:, draw])
    slow = _matrix(network.size, network.full_plan, ensemble.full_gains[:, draw]) - fast
    gain, input_ = contrast.perturbation.gain[:, draw], contrast.perturbation.inputs[:, draw]
    other_gain, other_input = contrast.against.gain[:, draw], contrast.against.inputs[:, draw]
    change = contrast.change[:, draw]
    beside = contrast.other.x[:, draw] if contrast.other is not None else np.zeros(network.size)
    if prediction.regimen is Regimen.CHRONIC:
        heard = (fast + slow) @ beside
        imposed = input_ - other_input + (gain - other_gain) * heard
        return _secant((fast + slow) * gain[:, None], imposed, change)
    followed = _followed(contrast.treated, draw, network.size)
    other_followed = _followed(contrast.other, draw, network.size)
    if prediction.regimen is Regimen.ACUTE:
        heard, other_heard = fast @ beside + slow @ followed, fast @ beside + slow @ other_followed
        imposed = input_ - other_input + gain * heard - other_gain * other_heard
        return _secant(fast * gain[:, None], imposed, change)
    left = followed - other_followed
    imposed = input_ - other_input + (gain - other_gain) * ((fast + slow) @ other_followed)
    under, pushed = _secant((fast + slow) * gain[:, None], imposed, left)
    animal = perturb(network, ensemble, prediction.treatment.without_drugs, model.targets)
    other_animal = perturb(network, ensemble, prediction.comparator.without_drugs, model.targets)
    own, difference = animal.gain[:, draw], animal.gain[:, draw] - other_animal.gain[:, draw]
    lasting = animal.inputs[:, draw] - other_animal.inputs[:, draw]
    lasting += difference * (fast @ beside + slow @ other_followed)
    both, lasting = _secant(
        np.hstack([slow, fast]) * own[:, None], lasting, change, np.concatenate([left, change])
    )
    matrix = np.vstack([np.hstack([under, np.zeros_like(under)]), both])
    return matrix, np.concatenate([pushed, lasting])


def _followed(response: Response | None, draw: int, size: int) -> Floats:
    """What the adaptations of one side have followed; nothing in an untouched animal."""
    if response is None or response.adapted is None:
        return np.zeros(size)
    return response.adapted[:, draw]


def _matrix(size: int, plan: Plan, values: Floats) -> Floats:
    matrix = np.zeros((size, size))
    matrix[plan.target, plan.source] = values
    return matrix


def _secant(
    matrix: Floats, imposed: Floats, change: Floats, sources: Floats | None = None
) -> tuple[Floats, Floats]:
    """Scale what reaches a node at a bound to what it passes on.

    What reaches it comes from the nodes' own change unless other sources are given.
    """
    reaching = matrix @ (change if sources is None else sources) + imposed
    passed = np.divide(change, reaching, out=np.ones_like(change), where=np.abs(reaching) > 1e-12)
    passed = np.clip(passed, 0.0, 1.0)
    return matrix * passed[:, None], imposed * passed


def _strongest(
    matrix: Floats, imposed: Floats, starts: set[int], goal: int
) -> list[tuple[list[int], float]]:
    """Simple paths to a goal with the largest product of gains, built backwards from it."""
    size = len(matrix)
    heard = [np.flatnonzero(matrix[node]).tolist() for node in range(size)]
    best = _best_gains(matrix, imposed)
    found: list[tuple[list[int], float]] = []
    queue: list[tuple[float, tuple[int, ...], float]] = [(-best[goal], (goal,), 1.0)]
    for _ in range(_STEPS):
        if not queue or len(found) >= CANDIDATES:
            break
        promise, path, gain = heapq.heappop(queue)
        node = path[0]
        if promise == 0:
            break
        if node in starts:
            found.append((list(path), gain))
        for one in heard[node]:
            if one not in path and best[one] > 0:
                further = gain * float(matrix[node, one])
                heapq.heappush(queue, (-abs(further) * best[one], (one, *path), further))
    return found


def _best_gains(matrix: Floats, imposed: Floats) -> Floats:
    """For each node, an upper estimate of |b · gain| over the walks that end there."""
    size = np.minimum(np.abs(matrix), 1.0)
    best = np.abs(imposed)
    for _ in range(len(matrix)):
        better = np.maximum(best, (size * best[None, :]).max(axis=1))
        if (better == best).all():
            break
        best = better
    return best


def obstacle(prediction: Prediction, node: str, wanted: Call) -> Obstacle | None:
    """The target at which the drug most keeps a node from going the wanted way.

    Each target is left out in turn and the whole response computed again: a counterfactual, not a
    rule
    about the drawing. Only a target whose loss makes the wanted direction clearly likelier counts.
    """
    model, treatment = prediction.model, prediction.treatment
    here = prediction[node].odds.probability(wanted)
    worst: Obstacle | None = None
    gained = _CLEARLY
    for target in dict.fromkeys(contact.target for contact in prediction.perturbation.contacts):
        symbols = model.targets.symbols(target) or (target,)
        spared = replace(treatment, without=(*treatment.without, *symbols))
        odds = change_of(model, spared, prediction.comparator, prediction.regimen, node)
        gain = odds.probability(wanted) - here
        if gain > gained:
            gained = gain
            site, occupancy = _site(prediction, target, node)
            worst = Obstacle(target, odds.call(model.criteria.bar), odds, site, occupancy)
    return worst


def _site(prediction: Prediction, target: str, node: str) -> tuple[str, float]:
    """Of the nodes of a target, the one nearest upstream of a node, and its median occupancy."""
    network = prediction.model.network
    away = _distances(network, network.index[node])
    contacts = [one for one in prediction.perturbation.contacts if one.target == target]
    nearest = min(contacts, key=lambda one: (away[one.node], network.names[one.node]))
    return network.names[nearest.node], float(np.median(nearest.occupancy))


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
