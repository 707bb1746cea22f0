"""The loops of a network as one matrix, slow edges as the lags that they are.

A slow edge stands for a state of its own that follows its source within days: a relay between its
two ends. A node that hears nothing but slow edges needs none: it has no other state than what it
has adapted to, so it is itself what follows, with one time constant for all that it hears. (Its
activity is the weighted sum of what the slow edges carry; if these follow at one pace, so does the
sum, and at that pace.) So a density that adapts to its receptor closes a loop of two lags with it,
not of three.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.factorisation import Factorisation, plan_factorisation

#: Nodes of the components that are judged together, unless one alone has more.
_MOST = 120


@dataclass(frozen=True)
class Groups:
    """Rows in groups, every group with at least one."""

    order: Indices
    starts: Indices

    @classmethod
    def of(cls, group: Indices) -> Groups:
        """Rows by the number of their group."""
        order = np.argsort(group, kind="stable")
        ends = group[order]
        return cls(order, np.flatnonzero(np.r_[len(ends) > 0, ends[1:] != ends[:-1]]))

    @property
    def firsts(self) -> Indices:
        """First row of each group."""
        return self.order[self.starts]

    def sums(self, values: Floats) -> Floats:
        """Sum of each group's rows."""
        return np.asarray(np.add.reduceat(values[self.order], self.starts, axis=0))


@dataclass(frozen=True)
class Loops:
    """The edges of strongly connected components, relays included; *n* nodes, *m* edges."""

    size: int
    source: Indices
    target: Indices
    #: Signed weight of each edge, *m × d*.
    weights: Floats
    #: What days move, and nothing faster: relays, and nodes that hear slow edges alone.
    is_late: Mask
    #: What follows at once whatever it hears: binding, gating.
    is_prompt: Mask
    #: Edges that are loops upon one node, and those between different nodes, with the distinct
    #: pairs of the latter.
    own: Indices
    apart: Indices
    pair: Indices
    by_pair: Groups
    #: Of the symmetric matrices that have an entry for each of these pairs.
    factorisation: Factorisation

    @property
    def draws(self) -> int:
        """Number of draws *d*."""
        return int(self.weights.shape[1])

    def take(self, draws: Indices | Mask) -> Loops:
        """Some of the draws."""
        return replace(self, weights=self.weights[:, draws])

    def scaled(self, scale: Floats) -> Floats:
        """Entries of D⁻¹AD, *m × d*; D is given by the logarithms of its diagonal, *n × d*."""
        return self.weights * np.exp(scale[self.source] - scale[self.target])

    def factored(self, scale: Floats, bound: Floats | float) -> tuple[Floats, Floats]:
        """Pivots and factors of the bound times I minus the symmetric part of D⁻¹AD."""
        scaled = self.scaled(scale)
        rows = np.zeros((self.factorisation.pairs, scale.shape[1]))
        rows[: len(self.by_pair.starts)] = self.by_pair.sums(scaled[self.apart])
        rows *= -0.5
        pivots = np.empty_like(scale)
        pivots[:] = bound
        for edge in self.own:
            pivots[self.source[edge]] -= scaled[edge]
        self.factorisation.factor(pivots, rows)
        return pivots, rows

    @cached_property
    def by_source(self) -> Groups:
        """Edges between different nodes, by source."""
        return Groups.of(self.source[self.apart])

    @cached_property
    def by_target(self) -> Groups:
        """Edges between different nodes, by target."""
        return Groups.of(self.target[self.apart])


def find_loops(
    source: Indices,
    target: Indices,
    slow: Mask,
    weights: Floats,
    component: Indices,
    prompt: Mask | None = None,
) -> Iterator[Loops]:
    """The loops of a network, in portions that have nothing to do with each other.

    Parameters
    ----------
    source, target, slow
        Ends of each edge, and whether it is an adaptation.
    weights
        Signed weight of each edge, *edges × d*.
    component
        Strongly connected component of each node.
    prompt
        Which nodes follow at once, but for those that hear adaptations alone; none, if not given.
    """
    waits = _waits(target, slow, len(component))
    at_once = np.zeros_like(waits) if prompt is None else prompt & ~waits
    for own in _portions(source, component[source] == component[target], component):
        yield _loops(source[own], target[own], slow[own], weights[own], waits, at_once)


def _portions(source: Indices, inside: Mask, component: Indices) -> Iterator[Indices]:
    """Edges to be judged together: of some components, as many as fit.

    Components side by side are a matrix in blocks, and cost little more than one of them alone.
    """
    edges = np.flatnonzero(inside)
    sizes = np.bincount(component).tolist()
    own: dict[int, list[int]] = {}
    for edge, number in zip(edges.tolist(), component[source[edges]].tolist(), strict=True):
        own.setdefault(number, []).append(edge)
    chosen: list[int] = []
    room = _MOST
    for number in sorted(own, key=lambda one: (sizes[one], one)):
        if chosen and sizes[number] > room:
            yield np.array(sorted(chosen), dtype=np.intp)
            chosen, room = [], _MOST
        chosen += own[number]
        room -= sizes[number]
    if chosen:
        yield np.array(sorted(chosen), dtype=np.intp)


def _waits(target: Indices, slow: Mask, size: int) -> Mask:
    """Which nodes hear adaptations and nothing else: these are themselves what adapts."""
    waits = np.zeros(size, dtype=bool)
    waits[target[slow]] = True
    waits[target[~slow]] = False
    return waits


def _loops(
    source: Indices, target: Indices, slow: Mask, weights: Floats, waits: Mask, prompt: Mask
) -> Loops:
    relayed = np.flatnonzero(slow & ~waits[target])
    names, numbers = np.unique(np.concatenate([source, target]), return_inverse=True)
    relays = len(names) + np.arange(len(relayed))
    starts, ends = numbers[: len(source)], numbers[len(source) :]
    starts, ends = np.concatenate([starts, starts[relayed]]), np.concatenate([ends, relays])
    starts[relayed] = relays
    return connect(
        starts,
        ends,
        np.concatenate([weights, np.ones((len(relayed), weights.shape[1]))]),
        is_late=np.concatenate([waits[names], np.ones(len(relayed), dtype=bool)]),
        is_prompt=np.concatenate([prompt[names], np.zeros(len(relayed), dtype=bool)]),
    )


def connect(
    starts: Indices, ends: Indices, weights: Floats, is_late: Mask, is_prompt: Mask
) -> Loops:
    """Edges as loops, with what is worked out once for all draws of one structure.

    Parameters
    ----------
    starts, ends
        Ends of each edge.
    weights
        Signed weight of each edge, *m × d*.
    is_late, is_prompt
        Pace of each node, *n*.
    """
    size = len(is_late)
    apart = np.flatnonzero(starts != ends)
    pairs, pair = np.unique(
        np.minimum(starts, ends)[apart] * size + np.maximum(starts, ends)[apart],
        return_inverse=True,
    )
    return Loops(
        size=size,
        source=starts,
        target=ends,
        weights=weights,
        is_late=is_late,
        is_prompt=is_prompt,
        own=np.flatnonzero(starts == ends),
        apart=apart,
        pair=pair,
        by_pair=Groups.of(pair),
        factorisation=plan_factorisation(size, pairs // size, pairs % size),
    )
