"""The paths behind a change: what sets out at a target, along which nodes, and what it brings.

What each path carries is Mason's formula: see `raphe.propagation.mason`. What is sought first is
the target that makes most of the change; then the paths that carry it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from raphe.binding import Contact
from raphe.calling import NAMED, VISIBLE
from raphe.explanation.system import System, followed, held_system, secant_system, told_size
from raphe.finding import Regimen
from raphe.prediction import Prediction
from raphe.propagation.mason import CANDIDATES, Arrivals, Gains, strongest_paths
from raphe.sign import Sign

#: Of what is imposed anywhere, this share is nothing.
_LEAST = 1e-12
#: Paths that are looked at, strongest gain first, before those with the largest shares are named.
_LOOKED_AT = 200


@dataclass(frozen=True)
class Doing:
    """What sets a path out: a drug at its first node, or a drug that is missing there."""

    contact: Contact
    #: Whether the comparison group had it and the treated one has not.
    is_missing: bool = False


@dataclass(frozen=True)
class Route:
    """A simple path from what is imposed to a readout, and how much of its change it carries."""

    #: Names of the nodes, from what is perturbed to the readout. After washout a node may stand
    #: twice: under the drug, and later without it.
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
    #: Whether each edge is an adaptation.
    slow: tuple[bool, ...] = ()
    #: Place of the first node that is meant after washout; None where all are of one time.
    later: int | None = None
    #: Where a bound is the input: ``lowest`` or ``highest``, ``other`` of the comparison group.
    bound: str = ""

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The drugs at its first node."""
        return tuple(doing.contact for doing in self.doings)

    @property
    def occupied(self) -> float:
        """The most that any drug occupies of its first node; 1 where no drug sets it out."""
        return max((one.contact.usual for one in self.doings), default=1.0)


@dataclass(frozen=True)
class Trace:
    """The change of a node as a sum over simple paths."""

    #: Strongest share first.
    routes: tuple[Route, ...]
    #: What all other paths carry together.
    remainder: float
    total: float
    #: Whether there are no others.
    is_complete: bool


@dataclass(frozen=True)
class _Cause:
    """Something that is imposed on a node."""

    start: int
    amount: float
    is_bound: bool = False


def main_route(prediction: Prediction, node: str, direction: int = 0) -> Route | None:
    """The main path behind a node's change; see `Explanation.main_route`."""
    return Explanation.of(prediction, node).main_route(direction)


@dataclass(frozen=True, eq=False)
class Explanation:
    """What moves one node in one draw: x = A x + b."""

    prediction: Prediction
    draw: int
    system: System
    #: What arrives at the node; after washout there are two layers, and it is in the later one.
    arrivals: Arrivals
    #: Its change.
    total: float

    @classmethod
    def of(cls, prediction: Prediction, node: str) -> Explanation:
        """In the draw of its median change, causes being what is imposed on the animal."""
        draw = median_draw(prediction, node)
        return cls.with_secants(prediction, node, draw)

    @classmethod
    def with_secants(
        cls, prediction: Prediction, node: str, draw: int, is_later: bool = True
    ) -> Explanation:
        """In one draw, a node at a bound passing on the share of what it hears that it can.

        Parameters
        ----------
        is_later
            Whether, of an animal that was treated, the node is meant after washout, or before.
        """
        return cls._of(prediction, node, draw, secant_system(prediction, draw), is_later)

    @classmethod
    def with_bounds(cls, prediction: Prediction, node: str, draw: int) -> Explanation:
        """In one draw, what holds a node at a bound being an input of its own."""
        return cls._of(prediction, node, draw, held_system(prediction, draw))

    @classmethod
    def _of(
        cls,
        prediction: Prediction,
        node: str,
        draw: int,
        system: System,
        is_later: bool = True,
    ) -> Explanation:
        network = prediction.model.network
        goal = network.index[node] + (system.gains.size - network.size if is_later else 0)
        arrivals = Arrivals(system.gains, system.blocks, goal)
        return cls(prediction, draw, system, arrivals, float(system.change[goal]))

    def main_route(self, direction: int = 0) -> Route | None:
        """The main path behind the change.

        First the target whose action makes most of the change, along all of its paths together:
        paths from one target may cancel, and a large one among them would mislead. Then its
        strongest path. A target of which drugs occupy next to nothing is named only where there is
        no other.

        Parameters
        ----------
        direction
            +1 or −1: what most raises or lowers the node; 0: what makes the net change.
        """
        wanted = direction or (1 if self.total >= 0 else -1)
        for least in (VISIBLE, NAMED, 0.0):
            found = self._main_route(wanted, bool(direction), least)
            if found is not None:
                return found
        return None

    def _main_route(self, wanted: int, is_asked: bool, least: float) -> Route | None:
        def along(origin: str = "") -> list[Route]:
            return [
                one
                for one in self.routes(origin)
                if one.share * wanted > 0 and one.occupied >= least
            ]

        origins = self.origins
        found: list[Route] = []
        for origin in sorted(origins, key=lambda one: (-wanted * origins[one], one)):
            if wanted * origins[origin] <= 0:
                break
            if found := along(origin):
                break
        # No target pushes that way on the whole; one path of some target still may.
        found = found or (along() if is_asked else [])
        return max(found, key=lambda one: (abs(one.share), one.nodes)) if found else None

    @cached_property
    def origins(self) -> dict[str, float]:
        """What each target, or else node, that something is imposed on brings along all paths."""
        brought: dict[str, float] = {}
        for cause in self._causes:
            origin = self._origin(cause)
            part = self.arrivals.row[cause.start] * cause.amount
            brought[origin] = brought.get(origin, 0.0) + part
        return brought

    @cached_property
    def sites(self) -> dict[str, dict[str, float]]:
        """What each origin brings along all paths from each of its nodes."""
        brought: dict[str, dict[str, float]] = {}
        names = self.prediction.model.network.names
        for cause in self._causes:
            own = brought.setdefault(self._origin(cause), {})
            name = names[cause.start % len(names)]
            part = self.arrivals.row[cause.start] * cause.amount
            own[name] = own.get(name, 0.0) + part
        return brought

    def routes(self, origin: str = "", most: int = CANDIDATES) -> list[Route]:
        """The strongest paths, those with the largest shares first; from one origin or from all."""
        causes: dict[int, list[_Cause]] = {}
        for cause in self._causes:
            if origin in ("", self._origin(cause)):
                causes.setdefault(cause.start, []).append(cause)
        imposed = np.zeros_like(self.system.imposed)
        for start, several in causes.items():
            imposed[start] = max(abs(one.amount) for one in several)
        arrivals = self.arrivals
        routes = []
        for path, gain in strongest_paths(
            arrivals.gains, imposed, set(causes), arrivals.goal, most
        ):
            passed = gain * arrivals.ratio(path)
            routes += [self._route(path, cause, cause.amount * passed) for cause in causes[path[0]]]
        return sorted(routes, key=lambda route: (-told_size(route.share), route.nodes, route.bound))

    def trace(self, most: int) -> Trace:
        """The whole change as a sum over paths, at most so many of them, and one remainder."""
        looked_at = max(most, _LOOKED_AT)
        found = self.routes(most=looked_at)
        routes = tuple(found[:most])
        remainder = self.total - sum(one.share for one in routes)
        return Trace(routes, remainder, self.total, len(found) < looked_at and len(found) <= most)

    def _route(self, path: list[int], cause: _Cause, share: float) -> Route:
        names = self.prediction.model.network.names
        brought = self.origins[self._origin(cause)]
        later = next((own for own, one in enumerate(path) if one >= len(names)), None)
        return Route(
            nodes=tuple(names[one % len(names)] for one in path),
            signs=signs_along(self.arrivals.gains, path),
            push=1 if cause.amount > 0 else -1,
            share=share,
            fraction=share / self.total if self.total else 0.0,
            origin_fraction=brought / self.total if self.total else 0.0,
            doings=() if cause.is_bound else self._doings(path[0]),
            slow=tuple(self.is_slow(*ends) for ends in pairwise(path)),
            later=later,
            bound=self._bound(path[0]) if cause.is_bound else "",
        )

    def is_slow(self, source: int, target: int) -> bool:
        """Whether nothing but an adaptation leads from one node to the next."""
        size = self.prediction.model.network.size
        if (source < size) != (target < size):
            return True
        is_full = self.prediction.regimen is Regimen.CHRONIC or (
            self.prediction.regimen is Regimen.WASHOUT and source < size
        )
        return is_full and (source % size, target % size) not in self._fast_ends

    @cached_property
    def _fast_ends(self) -> set[tuple[int, int]]:
        plan = self.prediction.model.network.fast_plan
        return set(zip(plan.source.tolist(), plan.target.tolist(), strict=True))

    @cached_property
    def _causes(self) -> tuple[_Cause, ...]:
        """What is imposed anywhere that has a way to the node."""
        imposed, bounds = self.system.imposed, self.system.of_bounds
        least = _LEAST * max(np.abs(imposed).max(initial=0.0), 1.0)
        pushed, upstream = imposed - bounds, self.arrivals.upstream
        causes = []
        for values, is_bound in ((pushed, False), (bounds, True)):
            for start in np.flatnonzero(np.abs(values) > least).tolist():
                if upstream[start]:
                    causes.append(_Cause(start, float(values[start]), is_bound))
        return tuple(causes)

    def _origin(self, cause: _Cause) -> str:
        names = self.prediction.model.network.names
        own = names[cause.start % len(names)]
        if cause.is_bound:
            return f"{own} at its bound"
        doings = self._doings(cause.start)
        return doings[0].contact.target if doings else own

    def _bound(self, start: int) -> str:
        """Which bound it is that a node is held at."""
        contrast, ensemble = self.prediction.contrast, self.prediction.model.ensemble
        size = self.prediction.model.network.size
        number, is_later = start % size, start >= size
        x = contrast.treated.x[:, self.draw]
        if self.prediction.regimen is Regimen.WASHOUT and not is_later:
            x = followed(contrast.treated, self.draw, size)
        if abs(x[number] - ensemble.lower[number, self.draw]) < 1e-9:
            return "lowest"
        return "highest" if abs(x[number] - ensemble.upper[number, self.draw]) < 1e-9 else "other"

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
