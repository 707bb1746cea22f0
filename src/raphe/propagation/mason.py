"""Shares of paths in one draw: what sets out at a node, passes along a path, and arrives.

In x = A x + b the change of a node is the sum over simple paths P to it of
b · gain(P) · det(I − A without P) / det(I − A) (Mason). By Jacobi's identity that last ratio is the
determinant of the block of (I − A)⁻¹ on the nodes of P. No path returns to a strongly connected
component that it has left, and I − A is triangular in components: so the ratio is a product over
the components that P passes, and no inverse is larger than one of them.

S. J. Mason, Proc. IRE 44 (1956) 920–926. C. G. J. Jacobi's identity: R. A. Horn and C. R. Johnson,
Matrix Analysis, Cambridge 1985, section 0.8.4.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from raphe.propagation.arrays import Floats, Indices

#: Paths that are looked at, strongest gain first, before the one with the largest share is taken.
CANDIDATES = 40
#: Steps of that search.
_STEPS = 20_000


@dataclass(frozen=True, eq=False)
class Gains:
    """A of one draw, by the gains that it has: in order of the nodes that hear, then of sources."""

    size: int
    source: Indices
    target: Indices
    values: Floats

    @classmethod
    def of(cls, size: int, source: Indices, target: Indices, values: Floats) -> Gains:
        """In any order, at most one from each node to each."""
        order = np.argsort(target * size + source)
        return cls(size, source[order], target[order], values[order])

    def scaled(self, by: Floats) -> Gains:
        """Each node hears a multiple of what it heard."""
        return Gains(self.size, self.source, self.target, self.values * by[self.target])

    def drive(self, x: Floats) -> Floats:
        """What nodes hear, A x."""
        heard = np.zeros(self.size)
        np.add.at(heard, self.target, self.values * x[self.source])
        return heard

    @cached_property
    def heard(self) -> list[list[tuple[int, float]]]:
        """For each node, whom it hears, and the gain; gains of zero are left out."""
        heard: list[list[tuple[int, float]]] = [[] for _ in range(self.size)]
        ends = zip(self.source.tolist(), self.target.tolist(), self.values.tolist(), strict=True)
        for source, target, value in ends:
            if value:
                heard[target].append((source, value))
        return heard

    @cached_property
    def by_ends(self) -> dict[tuple[int, int], float]:
        """The gains by source and target."""
        ends = zip(self.source.tolist(), self.target.tolist(), strict=True)
        return dict(zip(ends, self.values.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Arrivals:
    """What of everything that is imposed anywhere arrives at one node, along which paths."""

    gains: Gains
    #: Strongly connected components, or unions of some, what hears others behind these.
    blocks: Sequence[Indices]
    goal: int

    @property
    def row(self) -> list[float]:
        """Row of the goal in (I − A)⁻¹: change of the goal for each unit imposed on each node."""
        return self._reached[0]

    @property
    def upstream(self) -> list[bool]:
        """Whether each node may have a way to the goal."""
        return self._reached[1]

    @cached_property
    def _reached(self) -> tuple[list[float], list[bool]]:
        row, upstream = [0.0] * self.gains.size, [False] * self.gains.size
        row[self.goal], upstream[self.goal] = 1.0, True
        heard = self.gains.heard
        for number in reversed(range(len(self.blocks))):
            nodes = self._members[number]
            if not any(upstream[node] for node in nodes):
                continue
            inverse = self._inverse(number)
            if inverse is not None:
                inside = np.array([row[node] for node in nodes]) @ inverse
                for node, value in zip(nodes, inside.tolist(), strict=True):
                    row[node], upstream[node] = value, True
            for node in nodes:
                for source, gain in heard[node]:
                    if self._block_of[source] != number:
                        row[source] += row[node] * gain
                        upstream[source] = upstream[source] or upstream[node]
        return row, upstream

    def ratio(self, path: Sequence[int]) -> float:
        """det(I − A without a simple path) / det(I − A)."""
        ratio, start = 1.0, 0
        while start < len(path):
            number, end = self._block_of[path[start]], start + 1
            while end < len(path) and self._block_of[path[end]] == number:
                end += 1
            inverse = self._inverse(number)
            if inverse is not None:
                places = [self._place[node] for node in path[start:end]]
                part = inverse[np.ix_(places, places)]
                ratio *= float(part[0, 0] if len(places) == 1 else np.linalg.det(part))
            start = end
        return ratio

    def among(self, nodes: Sequence[int]) -> Floats:
        """The block of (I − A)⁻¹ on some nodes of one component."""
        inverse = self._inverse(self._block_of[nodes[0]])
        if inverse is None:
            return np.eye(len(nodes))
        places = [self._place[node] for node in nodes]
        return np.asarray(inverse[np.ix_(places, places)])

    def determinant_sign(self, node: int) -> float:
        """Sign of det(I − A) of a node's component."""
        inverse = self._inverse(self._block_of[node])
        return 1.0 if inverse is None else float(np.sign(np.linalg.det(inverse)))

    def are_together(self, one: int, other: int) -> bool:
        """Whether two nodes are of the same component."""
        return self._block_of[one] == self._block_of[other]

    @cached_property
    def _members(self) -> list[list[int]]:
        return [nodes.tolist() for nodes in self.blocks]

    @cached_property
    def _block_of(self) -> list[int]:
        block_of = [0] * self.gains.size
        for number, nodes in enumerate(self._members):
            for node in nodes:
                block_of[node] = number
        return block_of

    @cached_property
    def _place(self) -> list[int]:
        place = [0] * self.gains.size
        for nodes in self._members:
            for own, node in enumerate(nodes):
                place[node] = own
        return place

    @cached_property
    def _inverses(self) -> dict[int, Floats | None]:
        return {}

    def _inverse(self, number: int) -> Floats | None:
        """The block of a component in (I − A)⁻¹; None for a node that does not hear itself."""
        if number not in self._inverses:
            nodes = self._members[number]
            matrix, hears = np.eye(len(nodes)), False
            for own, node in enumerate(nodes):
                for source, gain in self.gains.heard[node]:
                    if self._block_of[source] == number:
                        matrix[own, self._place[source]] -= gain
                        hears = True
            inverse = np.asarray(np.linalg.inv(matrix), dtype=np.float64) if hears else None
            self._inverses[number] = inverse
        return self._inverses[number]


def strongest_paths(
    gains: Gains, imposed: Floats, starts: set[int], goal: int, most: int = CANDIDATES
) -> list[tuple[list[int], float]]:
    """Simple paths to a goal with the largest product of gains, built backwards from it.

    Parameters
    ----------
    gains
        Of *n* nodes.
    imposed
        b, *n*: gains of paths are compared after they are multiplied with it.
    starts
        Where paths may set out.
    goal
        Where they end.
    most
        How many are looked for.

    Returns
    -------
    list of (list of int, float)
        Nodes of each path and the product of its gains.
    """
    best = _best_gains(gains, imposed)
    found: list[tuple[list[int], float]] = []
    queue: list[tuple[float, tuple[int, ...], float]] = [(-best[goal], (goal,), 1.0)]
    for _ in range(_STEPS):
        if not queue or len(found) >= most:
            break
        promise, path, gain = heapq.heappop(queue)
        node = path[0]
        if promise == 0:
            break
        if node in starts:
            found.append((list(path), gain))
        for one, own in gains.heard[node]:
            if best[one] > 0 and one not in path:
                further = gain * own
                heapq.heappush(queue, (-abs(further) * best[one], (one, *path), further))
    return found


def _best_gains(gains: Gains, imposed: Floats) -> list[float]:
    """For each node, an upper estimate of |b · gain| over the walks that end there."""
    size = np.minimum(np.abs(gains.values), 1.0)
    best = np.abs(imposed)
    if len(size):
        firsts = np.flatnonzero(np.r_[True, gains.target[1:] != gains.target[:-1]])
        reached = gains.target[firsts]
        for _ in range(gains.size):
            further = np.maximum.reduceat(size * best[gains.source], firsts)
            better = np.maximum(best[reached], further)
            if (better == best[reached]).all():
                break
            best[reached] = better
    found: list[float] = best.tolist()
    return found
