"""Why a node changes: the target that makes most of the change, and the paths that carry it.

In one draw the change x obeys x = A x + b, with A what drugs and bounds leave of the network: a
node at a bound passes on the share of what it hears that it still can (the secant of the bound).
What each path carries of it is Mason's formula: see `raphe.propagation.mason`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from raphe.calling import VISIBLE
from raphe.finding import Regimen
from raphe.network import Network
from raphe.perturbation import Contact
from raphe.prediction import Prediction
from raphe.prior import Ensemble
from raphe.propagation.mason import Arrivals, Gains, strongest_paths
from raphe.propagation.reduction import Floats, Indices, Plan
from raphe.propagation.response import Response
from raphe.propagation.steady_state import Mask
from raphe.sign import Sign


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
    """The main path behind a node's change; see `Explanation.main_route`."""
    return Explanation.of(prediction, node).main_route(direction)


def routes_to(prediction: Prediction, node: str) -> list[Route]:
    """The paths with the strongest gains to a node, in the draw of its median change."""
    return Explanation.of(prediction, node).routes()


@dataclass(frozen=True, eq=False)
class Explanation:
    """What moves one node in the draw of its median change: x = A x + b."""

    prediction: Prediction
    imposed: Floats
    #: What arrives at the node; after washout there are two layers, and it is in the later one.
    arrivals: Arrivals
    #: Its change.
    total: float

    @classmethod
    def of(cls, prediction: Prediction, node: str) -> Explanation:
        """The explanation of a node."""
        network = prediction.model.network
        draw = median_draw(prediction, node)
        gains, imposed = _system(prediction, draw)
        number = network.index[node]
        return cls(
            prediction,
            imposed,
            Arrivals(gains, _blocks(prediction), number + gains.size - network.size),
            float(prediction.contrast.change[number, draw]),
        )

    def main_route(self, direction: int = 0) -> Route | None:
        """The main path behind the change.

        First the target whose action makes most of the change, along all of its paths together:
        paths from one target may cancel, and a large one among them would mislead. Then its
        strongest path.

        Parameters
        ----------
        direction
            +1 or −1: what most raises or lowers the node; 0: what makes the net change.
        """
        wanted = direction or (1 if self.total >= 0 else -1)
        origins = self.origins
        for origin in sorted(origins, key=lambda one: (-wanted * origins[one], one)):
            if wanted * origins[origin] <= 0:
                break
            along = [one for one in self.routes(origin) if one.share * wanted > 0]
            if along:
                return max(along, key=lambda one: (abs(one.share), one.nodes))
        # No target pushes that way on the whole; one path of some target still may.
        along = [one for one in self.routes() if one.share * wanted > 0] if direction else []
        return max(along, key=lambda one: (abs(one.share), one.nodes)) if along else None

    @cached_property
    def origins(self) -> dict[str, float]:
        """What each target, or else node, that something is imposed on brings along all paths."""
        brought: dict[str, float] = {}
        for start in self._starts:
            origin = self._origin(start)
            part = self.arrivals.row[start] * float(self.imposed[start])
            brought[origin] = brought.get(origin, 0.0) + part
        return brought

    def routes(self, origin: str = "") -> list[Route]:
        """The strongest paths, those with the largest shares first; from one origin or from all."""
        starts = {start for start in self._starts if origin in ("", self._origin(start))}
        imposed = np.zeros_like(self.imposed)
        imposed[sorted(starts)] = self.imposed[sorted(starts)]
        arrivals = self.arrivals
        routes = []
        for path, gain in strongest_paths(arrivals.gains, imposed, starts, arrivals.goal):
            share = float(self.imposed[path[0]]) * gain * arrivals.ratio(path)
            routes.append(self._route(path, share))
        return sorted(routes, key=lambda route: (-abs(route.share), route.nodes))

    def _route(self, path: list[int], share: float) -> Route:
        names = self.prediction.model.network.names
        brought = self.origins[self._origin(path[0])]
        return Route(
            nodes=tuple(names[one % len(names)] for one in path),
            signs=signs_along(self.arrivals.gains, path),
            push=1 if self.imposed[path[0]] > 0 else -1,
            share=share,
            fraction=share / self.total if self.total else 0.0,
            origin_fraction=brought / self.total if self.total else 0.0,
            doings=self._doings(path[0]),
        )

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        """Where something is imposed that has a way to the node."""
        least = 1e-9 * max(np.abs(self.imposed).max(), 1e-12)
        upstream = self.arrivals.upstream
        imposed = np.flatnonzero(np.abs(self.imposed) > least).tolist()
        return tuple(start for start in imposed if upstream[start])

    def _origin(self, start: int) -> str:
        doings = self._doings(start)
        if doings:
            return doings[0].contact.target
        names = self.prediction.model.network.names
        return names[start % len(names)]

    @cached_property
    def _known_doings(self) -> dict[int, tuple[Doing, ...]]:
        return {}

    def _doings(self, start: int) -> tuple[Doing, ...]:
        """Drugs that are at a node, or missing there, the one that occupies most first."""
        if start >= self.prediction.model.network.size:
            # After washout the drug is gone: what is imposed then is the animal's own.
            return ()
        if start not in self._known_doings:
            self._known_doings[start] = _doings_at(self.prediction, start)
        return self._known_doings[start]


def _doings_at(prediction: Prediction, start: int) -> tuple[Doing, ...]:
    contrast = prediction.contrast
    here = {one.drug: one for one in contrast.perturbation.contacts if one.node == start}
    there = {one.drug: one for one in contrast.against.contacts if one.node == start}
    doings = [Doing(one) for name, one in here.items() if not _alike(one, there.get(name))]
    doings += [Doing(one, True) for name, one in there.items() if name not in here]
    visible = [one for one in doings if one.contact.usual >= VISIBLE]
    return tuple(sorted(visible or doings, key=lambda one: (-one.contact.usual, one.contact.drug)))


def _alike(contact: Contact, other: Contact | None) -> bool:
    return other is not None and abs(contact.usual - other.usual) < 0.01


def signs_along(gains: Gains, path: list[int]) -> tuple[Sign, ...]:
    """Signs of the gains along a path."""
    return tuple(
        Sign.POSITIVE if gains.by_ends[ends] > 0 else Sign.NEGATIVE for ends in pairwise(path)
    )


def median_draw(prediction: Prediction, node: str) -> int:
    """Number of the draw in which a node's change is the median of all that came to rest."""
    number = prediction.model.network.index[node]
    (values,) = prediction.contrast.of_settled(slice(number, number + 1))
    middle = int(np.argsort(values, kind="stable")[(len(values) - 1) // 2])
    return int(np.flatnonzero(prediction.contrast.settled)[middle])


def gains_of(network: Network, plan: Plan, values: Floats) -> Gains:
    """The gains of one draw, a row of values for each pair of a plan."""
    return Gains.of(network.size, plan.source, plan.target, values)


def _blocks(prediction: Prediction) -> Sequence[Indices]:
    """The strongly connected components of what `_system` gives."""
    network = prediction.model.network
    full = [block.nodes for block in network.full_plan.blocks]
    if prediction.regimen is Regimen.CHRONIC:
        return full
    fast = [block.nodes for block in network.fast_plan.blocks]
    if prediction.regimen is Regimen.ACUTE:
        return fast
    return [*full, *(nodes + network.size for nodes in fast)]


def _system(prediction: Prediction, draw: int) -> tuple[Gains, Floats]:
    """A and b of one draw: what is left of the network, and what is imposed on it directly.

    After washout there are two layers of nodes: the animal under the drug, and the animal without
    it, which hears the first through its adaptations.
    """
    model, contrast = prediction.model, prediction.contrast
    network, ensemble = model.network, model.ensemble
    size = network.size
    fast = gains_of(network, network.fast_plan, ensemble.fast_gains[:, draw])
    full = gains_of(network, network.full_plan, ensemble.full_gains[:, draw])
    slow = _slow_gains(network, ensemble, draw)
    gain, input_ = contrast.perturbation.gain[:, draw], contrast.perturbation.inputs[:, draw]
    other_gain, other_input = contrast.against.gain[:, draw], contrast.against.inputs[:, draw]
    change = contrast.change[:, draw]
    beside = contrast.other.x[:, draw] if contrast.other is not None else np.zeros(size)
    if prediction.regimen is Regimen.CHRONIC:
        imposed = input_ - other_input + (gain - other_gain) * full.drive(beside)
        return _secant(full.scaled(gain), imposed, change)
    followed = _followed(contrast.treated, draw, size)
    other_followed = _followed(contrast.other, draw, size)
    if prediction.regimen is Regimen.ACUTE:
        heard = fast.drive(beside)
        other_heard = heard + slow.drive(other_followed)
        heard = heard + slow.drive(followed)
        imposed = input_ - other_input + gain * heard - other_gain * other_heard
        return _secant(fast.scaled(gain), imposed, change)
    left = followed - other_followed
    imposed = input_ - other_input + (gain - other_gain) * full.drive(other_followed)
    under, pushed = _secant(full.scaled(gain), imposed, left)
    animal = model.perturb(prediction.treatment.without_drugs)
    other_animal = model.perturb(prediction.comparator.without_drugs)
    own, difference = animal.gain[:, draw], animal.gain[:, draw] - other_animal.gain[:, draw]
    lasting = animal.inputs[:, draw] - other_animal.inputs[:, draw]
    lasting += difference * (fast.drive(beside) + slow.drive(other_followed))
    later = _joined(
        2 * size,
        (under, 0, 0),
        (slow.scaled(own), 0, size),
        (fast.scaled(own), size, size),
    )
    # The first layer has been scaled already.
    return _secant(
        later,
        np.concatenate([pushed, lasting]),
        np.concatenate([left, change]),
        np.arange(2 * size) >= size,
    )


def _slow_gains(network: Network, ensemble: Ensemble, draw: int) -> Gains:
    """What the adaptations carry."""
    slow = np.flatnonzero(network.slow)
    weights = ensemble.weights[slow, draw]
    return Gains.of(network.size, network.source[slow], network.target[slow], weights)


def _joined(size: int, *parts: tuple[Gains, int, int]) -> Gains:
    """Gains of several layers as one, each with what is added to its sources and its targets."""
    return Gains.of(
        size,
        np.concatenate([one.source + source for one, source, _ in parts]),
        np.concatenate([one.target + target for one, _, target in parts]),
        np.concatenate([one.values for one, _, _ in parts]),
    )


def _followed(response: Response | None, draw: int, size: int) -> Floats:
    """What the adaptations of one side have followed; nothing in an untouched animal."""
    if response is None or response.adapted is None:
        return np.zeros(size)
    return response.adapted[:, draw]


def _secant(
    gains: Gains, imposed: Floats, change: Floats, where: Mask | None = None
) -> tuple[Gains, Floats]:
    """Scale what reaches a node at a bound to what it passes on; everywhere, or only somewhere."""
    reaching = gains.drive(change) + imposed
    passed = np.divide(change, reaching, out=np.ones_like(change), where=np.abs(reaching) > 1e-12)
    passed = np.clip(passed, 0.0, 1.0)
    if where is not None:
        passed[~where] = 1.0
    return gains.scaled(passed), imposed * passed
