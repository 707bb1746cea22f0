"""A network with the lags of its nodes and adaptations, and what is done to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.plan import Plan

#: The bound at which each node is held: −1 lower, +1 upper, 0 none.
Regions = NDArray[np.int8]


@dataclass(frozen=True)
class Push:
    """What is done to each node: gain and input, *n × d*."""

    gain: Floats
    inputs: Floats

    def take(self, draws: Indices) -> Push:
        """Some of the draws."""
        return Push(self.gain[:, draws], self.inputs[:, draws])


@dataclass(frozen=True, eq=False)
class Lagged:
    """A network with its lags, in *d* draws: *n* nodes, *m* edges, *k* of them slow."""

    plan: Plan
    source: Indices
    target: Indices
    slow: Mask
    #: Signed weight of each edge, *m × d*.
    weights: Floats
    #: Time constant of each node, 0 where it has none of its own, *n × d*; and of each slow edge,
    #: *k × d*.
    lag: Floats
    pace: Floats
    #: Bounds, *n × d*.
    lower: Floats
    upper: Floats

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.lag)

    def take(self, draws: Indices) -> Lagged:
        """Some of the draws."""
        names = ("weights", "lag", "pace", "lower", "upper")
        return replace(self, **{name: getattr(self, name)[:, draws] for name in names})

    @cached_property
    def heard(self) -> Indices:
        """What each edge carries: a node, or, from *n* on, the state of a slow edge."""
        rows = self.source.copy()
        rows[self.slow] = self.size + np.arange(int(self.slow.sum()))
        return rows

    @cached_property
    def by_target(self) -> tuple[Indices, Indices]:
        """Edges in order of the nodes that they reach, and where each of these begins."""
        order = np.argsort(self.target, kind="stable")
        ends = self.target[order]
        return order, np.flatnonzero(np.r_[len(ends) > 0, ends[1:] != ends[:-1]])

    def drive(self, states: Floats, push: Push) -> Floats:
        """What each node hears, *n × … × d*, of states, *(n + k) × … × d*."""
        heard = np.zeros((self.size, *states.shape[1:]))
        order, starts = self.by_target
        middle = (slice(None), *(None,) * (states.ndim - 2), slice(None))
        if len(order):
            carried = states[self.heard[order]]
            carried *= self.weights[order][middle]
            heard[self.target[order[starts]]] = np.add.reduceat(carried, starts, axis=0)
        return np.asarray(heard * push.gain[middle] + push.inputs[middle])


@dataclass(frozen=True)
class Stage:
    """A stretch of time with the same treatment."""

    push: Push
    #: In the unit of the lags.
    length: float
