"""Why a node changes: the target that makes most of the change, and the paths that carry it.

In one draw the change x obeys x = A x + b, with A what drugs and bounds leave of the network: a
node at a bound passes on the share of what it hears that it still can (the secant of the bound).
By Mason's formula x is the sum over simple paths P of b · gain(P) · det(I − A without P) /
det(I − A); by Jacobi's identity that last ratio is the determinant of the block of (I − A)⁻¹ on
the nodes of P, so that one inverse serves all paths.

S. J. Mason, Proc. IRE 44 (1956) 920–926. C. G. J. Jacobi's identity: R. A. Horn and C. R. Johnson,
Matrix Analysis, Cambridge 1985, section 0.8.4.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from raphe.calling import VISIBLE
from raphe.finding import Regimen
from raphe.perturbation import Contact, perturb
from raphe.prediction import Prediction
from raphe.propagation.reduction import Floats, Plan
from raphe.propagation.response import Response
from raphe.sign import Sign

#: Paths that are looked at, strongest gain first, before the one with the largest share is taken.
CANDIDATES = 40
#: Steps of that search.
_STEPS = 20_000


@dataclass(frozen=True)
class Doing:
    """What sets a path out: a drug at its first node, or a drug that is missing there."""

    contact: Contact
    #: Whether the comparison group had it and the treated one has not.
    is_missing: bool = False


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
    #: What all paths that set out from the same target bring together, as relative.
    origin_fraction: float = 0.0
    #: What is done to the first node, where a drug does it.
    doings: tuple[Doing, ...] = ()

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The drugs at its first node."""
        return tuple(doing.contact for doing in self.doings)


def main_route(prediction: Prediction, node: str, direction: int = 0) -> Route | None:
    """The main path behind a node's change, in the draw of its median.

    First the target whose action makes most of the change, along all of its paths together: paths
    from one target may cancel, and a large one among them would mislead. Then its strongest path.

    Parameters
    ----------
    direction
        +1 or −1: what most raises or lowers the node; 0: what makes the net change.
    """
    system = _System.of(prediction, node)
    wanted = direction or (1 if system.total >= 0 else -1)
    origins = system.origins()
    for origin in sorted(origins, key=lambda one: (-wanted * origins[one], one)):
        if wanted * origins[origin] <= 0:
            break
        along = [one for one in system.routes(origin) if one.share * wanted > 0]
        if along:
            return max(along, key=lambda one: (abs(one.share), one.nodes))
    # No target pushes that way on the whole; one path of some target still may.
    along = [one for one in system.routes() if one.share * wanted > 0] if direction else []
    return max(along, key=lambda one: (abs(one.share), one.nodes)) if along else None


def routes_to(prediction: Prediction, node: str) -> list[Route]:
    """The paths with the strongest gains to a node, in the draw of its median change."""
    return _System.of(prediction, node).routes()


@dataclass(frozen=True)
class _System:
    """What moves one node in the draw of its median change: x = A x + b."""

    prediction: Prediction
    matrix: Floats
    imposed: Floats
    #: (I − A)⁻¹.
    inverse: Floats
    #: Number of the node in A: after washout there are two layers, the later one behind.
    goal: int
    #: Its change.
    total: float

    @classmethod
    def of(cls, prediction: Prediction, node: str) -> _System:
        """The system of a node."""
        network = prediction.model.network
        draw = median_draw(prediction, node)
        matrix, imposed = _system(prediction, draw)
        number = network.index[node]
        return cls(
            prediction,
            matrix,
            imposed,
            np.asarray(np.linalg.inv(np.eye(len(matrix)) - matrix), dtype=np.float64),
            number + len(matrix) - network.size,
            float(prediction.contrast.change[number, draw]),
        )

    def origins(self) -> dict[str, float]:
        """What each target, or else node, that something is imposed on brings along all paths."""
        brought: dict[str, float] = {}
        for start in self._starts():
            origin = self._origin(start)
            part = float(self.inverse[self.goal, start] * self.imposed[start])
            brought[origin] = brought.get(origin, 0.0) + part
        return brought

    def routes(self, origin: str = "") -> list[Route]:
        """The strongest paths, those with the largest shares first; from one origin or from all."""
        starts = {start for start in self._starts() if origin in ("", self._origin(start))}
        imposed = np.zeros_like(self.imposed)
        imposed[sorted(starts)] = self.imposed[sorted(starts)]
        brought = self.origins()
        routes = []
        for path, gain in strongest_paths(self.matrix, imposed, starts, self.goal):
            block = self.inverse[np.ix_(path, path)]
            share = float(self.imposed[path[0]] * gain * np.linalg.det(block))
            routes.append(self._route(path, share, brought[self._origin(path[0])]))
        return sorted(routes, key=lambda route: (-abs(route.share), route.nodes))

    def _route(self, path: list[int], share: float, brought: float) -> Route:
        names = self.prediction.model.network.names
        return Route(
            nodes=tuple(names[one % len(names)] for one in path),
            signs=signs_along(self.matrix, path),
            push=1 if self.imposed[path[0]] > 0 else -1,
            share=share,
            fraction=share / self.total if self.total else 0.0,
            origin_fraction=brought / self.total if self.total else 0.0,
            doings=self._doings(path[0]),
        )

    def _starts(self) -> list[int]:
        least = 1e-9 * max(np.abs(self.imposed).max(), 1e-12)
        return [int(start) for start in np.flatnonzero(np.abs(self.imposed) > least)]

    def _origin(self, start: int) -> str:
        doings = self._doings(start)
        if doings:
            return doings[0].contact.target
        names = self.prediction.model.network.names
        return names[start % len(names)]

    def _doings(self, start: int) -> tuple[Doing, ...]:
        """Drugs that are at a node, or missing there, the one that occupies most first."""
        size, contrast = self.prediction.model.network.size, self.prediction.contrast
        if start >= size:
            # After washout the drug is gone: what is imposed then is the animal's own.
            return ()
        here = {one.drug: one for one in contrast.perturbation.contacts if one.node == start}
        there = {one.drug: one for one in contrast.against.contacts if one.node == start}
        doings = [Doing(one) for name, one in here.items() if not _alike(one, there.get(name))]
        doings += [Doing(one, True) for name, one in there.items() if name not in here]
        visible = [one for one in doings if _share(one.contact) >= VISIBLE]
        ordered = sorted(
            visible or doings, key=lambda one: (-_share(one.contact), one.contact.drug)
        )
        return tuple(ordered)


def _share(contact: Contact) -> float:
    return float(np.median(contact.occupancy))


def _alike(contact: Contact, other: Contact | None) -> bool:
    return other is not None and abs(_share(contact) - _share(other)) < 0.01


def signs_along(matrix: Floats, path: list[int]) -> tuple[Sign, ...]:
    """Signs of the gains along a path."""
    return tuple(
        Sign.POSITIVE if matrix[later, earlier] > 0 else Sign.NEGATIVE
        for earlier, later in pairwise(path)
    )


def median_draw(prediction: Prediction, node: str) -> int:
    """Number of the draw in which a node's change is the median of all that came to rest."""
    values = prediction.change[prediction.model.network.index[node]]
    middle = int(np.argsort(values, kind="stable")[(len(values) - 1) // 2])
    return int(np.flatnonzero(prediction.contrast.settled)[middle])


def _system(prediction: Prediction, draw: int) -> tuple[Floats, Floats]:
    """A and b of one draw: what is left of the network, and what is imposed on it directly.

    After washout there are two layers of nodes: the animal under the drug, and the animal without
    it, which hears the first through its adaptations.
    """
    model, contrast = prediction.model, prediction.contrast
    network, ensemble = model.network, model.ensemble
    fast = gain_matrix(network.size, network.fast_plan, ensemble.fast_gains[:, draw])
    slow = gain_matrix(network.size, network.full_plan, ensemble.full_gains[:, draw]) - fast
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


def gain_matrix(size: int, plan: Plan, values: Floats) -> Floats:
    """The gains of one draw as a matrix, *n × n*: row hears column."""
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


def strongest_paths(
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
