"""How the states of a network move after a treatment begins, changes or ends.

    τᵢ dxᵢ/dt = −xᵢ + clip(gᵢ (Σ wⱼᵢ xⱼ + Σ wₑ zₑ) + uᵢ, lowerᵢ, upperᵢ)      dzₑ/dt = (x − zₑ)/τₑ

Each slow edge has a state z that follows its source. A node that hears nothing but slow edges has
no lag beside theirs: what it has adapted to is where it is (see `loops`). As long as it stays the
same which nodes are at a bound, this is linear, and is solved by exponentials, not by steps. So
from one moment at which a bound is reached or left to the next:

1. a *window* (`windows`) gives the linear solution at all times up to some h, whatever the stiffness;
2. where what a node hears crosses a bound within it, the first such moment is searched for on that
   solution, and a new window starts there with the node held or free;
3. where nothing does, the next window starts at its end, and is longer.

The drive of a node goes through its bounds without a jump, so that a crossing that is found a
little late changes hardly anything: an error ε of the drive moves no state by more than what ε
held at this node would. Draws run side by side, each at its own time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.contour import SPAN
from raphe.propagation.reduction import Floats, Indices, Plan
from raphe.propagation.windows import GRID, INNER, Window, open_window

Mask = NDArray[np.bool_]
Regions = NDArray[np.int8]

#: How far beyond a bound a drive is taken to be there; well above the error of a window.
TOLERANCE = 1e-8
#: The first window ends after so much of the shortest lag, and none is shorter than so much of it.
_FIRST, _SHORTEST = 0.5, 1e-5
#: A window is so much longer than the time that has passed since the last change of the treatment.
_AHEAD = 2.0
#: Windows after which a draw is given up: on the monoamine circuit most need some forty.
_MOST_WINDOWS = 2000
#: Draws that go side by side: more would not fit into the cache.
_SIDE_BY_SIDE = 50
_HALVINGS = 50


@dataclass(frozen=True, eq=False)
class Lagged:
    """A network with its lags, in *d* draws: *n* nodes, *m* edges, *k* of them slow."""

    plan: Plan
    source: Indices
    target: Indices
    slow: Mask
    #: Signed weight of each edge, *m × d*.
    weights: Floats
    #: Time constant of each node, 0 where it has none of its own, *n × d*; of each slow edge, *k × d*.
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
    def _by_target(self) -> tuple[Indices, Indices]:
        order = np.argsort(self.target, kind="stable")
        ends = self.target[order]
        return order, np.flatnonzero(np.r_[len(ends) > 0, ends[1:] != ends[:-1]])

    def drive(self, states: Floats, push: Push) -> Floats:
        """What each node hears, *n × … × d*, of states, *(n + k) × … × d*."""
        heard = np.zeros((self.size, *states.shape[1:]))
        order, starts = self._by_target
        middle = (slice(None), *(None,) * (states.ndim - 2), slice(None))
        if len(order):
            carried = states[self.heard[order]]
            carried *= self.weights[order][middle]
            heard[self.target[order[starts]]] = np.add.reduceat(carried, starts, axis=0)
        return np.asarray(heard * push.gain[middle] + push.inputs[middle])


@dataclass(frozen=True)
class Push:
    """What is done to each node: gain and input, *n × d*."""

    gain: Floats
    inputs: Floats

    def take(self, draws: Indices) -> Push:
        """Some of the draws."""
        return Push(self.gain[:, draws], self.inputs[:, draws])


@dataclass(frozen=True)
class Stage:
    """A stretch of time with the same treatment."""

    push: Push
    #: In the unit of the lags.
    length: float


@dataclass(frozen=True)
class Course:
    """States over time."""

    #: Of the nodes that were asked for, *times × nodes × d*.
    x: Floats
    #: All states at the end, *(n + k) × d*.
    states: Floats
    #: Draws that were followed to the end, *d*.
    complete: Mask
    #: How many windows each draw took, *d*.
    windows: NDArray[np.intp] = field(repr=False)


def follow(
    system: Lagged, states: Floats, stages: list[Stage], times: Floats, nodes: Indices
) -> Course:
    """The course of some nodes, from given states, through stages of treatment.

    Parameters
    ----------
    system
        *n* nodes, *k* slow edges, *d* draws.
    states
        Where nodes and slow edges start, *(n + k) × d*; a node without a lag is where it is driven.
    stages
        One after the other.
    times
        Ascending, from 0 on: when the nodes are asked for. At a change of treatment, a node is
        where it was just before.
    nodes
        Which nodes.

    Examples
    --------
    A node with a time constant of 2 is pushed by 1:

    >>> from raphe.propagation.reduction import plan_reduction
    >>> none, one = np.zeros(0, dtype=np.intp), np.ones((1, 1))
    >>> plan = plan_reduction(1, none, none, np.zeros(0, dtype=bool))
    >>> system = Lagged(plan, none, none, np.zeros(0, dtype=bool), np.zeros((0, 1)), 2 * one,
    ...     np.zeros((0, 1)), -one, 9 * one)
    >>> stage = Stage(Push(one, one), 10.0)
    >>> course = follow(system, 0 * one, [stage], np.array([2.0]), np.array([0]))
    >>> abs(float(course.x[0, 0, 0]) - (1 - np.exp(-1))) < 1e-9
    True
    """
    draws = states.shape[1]
    parts = []
    for first in range(0, draws, _SIDE_BY_SIDE):
        own = np.arange(first, min(first + _SIDE_BY_SIDE, draws))
        side = [replace(stage, push=stage.push.take(own)) for stage in stages]
        parts.append(_followed(system.take(own), states[:, own].copy(), side, times, nodes))
    return Course(
        x=np.concatenate([one.x for one in parts], axis=-1),
        states=np.concatenate([one.states for one in parts], axis=-1),
        complete=np.concatenate([one.complete for one in parts]),
        windows=np.concatenate([one.windows for one in parts]),
    )


def _followed(
    system: Lagged, states: Floats, stages: list[Stage], times: Floats, nodes: Indices
) -> Course:
    draws = states.shape[1]
    x = np.zeros((len(times), len(nodes), draws))
    complete, windows = np.ones(draws, dtype=bool), np.zeros(draws, dtype=np.intp)
    start = 0.0
    x[times <= 0] = states[nodes]
    for stage in stages:
        inside = np.flatnonzero((times > start) & (times <= start + stage.length))
        run = _Run(system, stage, states, times[inside] - start, nodes, x, inside)
        complete &= run.to_end()
        windows += run.windows
        states = run.states
        start += stage.length
    return Course(x, states, complete, windows)


class _Run:
    """One stage, of draws that each are at a time of their own."""

    def __init__(
        self,
        system: Lagged,
        stage: Stage,
        states: Floats,
        times: Floats,
        nodes: Indices,
        x: Floats,
        rows: Indices,
    ) -> None:
        self.system, self.stage = system, stage
        self.times, self.nodes, self.x, self.rows = times, nodes, x, rows
        draws = states.shape[1]
        self.states = states
        # What has no lag is at once where it is driven.
        driven = system.drive(states, stage.push)
        instant = system.lag == 0
        self.states[: system.size][instant] = np.clip(driven, system.lower, system.upper)[instant]
        self.region = _region(system.drive(states, stage.push), system.lower, system.upper, 0.0)
        self.now = np.zeros(draws)
        positive = np.where(system.lag > 0, system.lag, np.inf)
        shortest = np.minimum(
            positive.min(axis=0, initial=np.inf), system.pace.min(axis=0, initial=np.inf)
        )
        shortest = np.where(np.isfinite(shortest), shortest, stage.length)
        self.least = _SHORTEST * shortest
        self.ahead = _FIRST * shortest
        self.windows = np.zeros(draws, dtype=np.intp)

    def to_end(self) -> Mask:
        """Follow all draws to the end of the stage; which of them got there."""
        length = self.stage.length
        while True:
            left = np.flatnonzero((self.now < length) & (self.windows < _MOST_WINDOWS))
            if not len(left):
                return np.asarray(self.now >= length)
            self._advance(left)
            self.windows[left] += 1

    def _advance(self, draws: Indices) -> None:
        """One window of some draws."""
        system, push = self.system.take(draws), self.stage.push.take(draws)
        now, region = self.now[draws], self.region[:, draws]
        width = self._width(draws)
        window = open_window(system, push, region, self.states[:, draws], width)
        lower, upper = system.lower[:, None], system.upper[:, None]
        drives = system.drive(window.grid, push)
        beyond = _region(drives, lower, upper, TOLERANCE, region[:, None]) != region[:, None]
        crossed = beyond.any(axis=0)
        first = np.where(crossed.any(axis=0), crossed.argmax(axis=0), len(GRID))
        # What happens before the earliest time of a window is looked at through a shorter one.
        early = (first == 0) & (width > self.least[draws])
        reached = width.copy()
        flips = np.zeros_like(region, dtype=bool)
        at_once = (first == 0) & ~early
        reached[at_once] = width[at_once] * GRID[0]
        flips[:, at_once] = beyond[:, 0, at_once]
        within = np.flatnonzero((first > 0) & (first < len(GRID)))
        if len(within):
            moment, flipped = _crossings(system, push, region, window, beyond, first, within)
            reached[within] = width[within] * moment
            flips[:, within] = flipped
        reached[early] = 0.0
        self._note(draws, window, now, width, reached)
        going = np.flatnonzero(~early)
        if len(going):
            self._move(draws, going, window, push, flips, reached, width)
        self.ahead[draws[early]] = width[early] / SPAN

    def _width(self, draws: Indices) -> Floats:
        """The end of each window: not beyond the stage, nor later than what is asked for next."""
        now = self.now[draws]
        width = np.minimum(self.ahead[draws], self.stage.length - now)
        if len(self.times):
            following = np.searchsorted(self.times, now, side="right")
            upcoming = self.times[np.minimum(following, len(self.times) - 1)] - now
            asked = (following < len(self.times)) & (upcoming < width / SPAN)
            width = np.where(asked, upcoming * SPAN, width)
        return width

    def _note(
        self, draws: Indices, window: Window, now: Floats, width: Floats, reached: Floats
    ) -> None:
        """Write down what was asked for within the windows."""
        passed = (self.times[:, None] > now) & (self.times[:, None] <= now + reached)
        time, column = np.nonzero(passed)
        if len(time):
            fractions = np.minimum((self.times[time] - now[column]) / width[column], 1.0)
            values = window.at(fractions, column, self.nodes)
            self.x[self.rows[time], :, draws[column]] = values.T

    def _move(
        self,
        draws: Indices,
        going: Indices,
        window: Window,
        push: Push,
        flips: Mask,
        reached: Floats,
        width: Floats,
    ) -> None:
        """Take draws to the ends of their windows, or to where a bound is reached or left."""
        system = self.system.take(draws[going])
        states = window.at(reached[going] / width[going], going)
        drives = system.drive(states, push.take(going))
        instant = system.lag == 0
        clipped = np.clip(drives, system.lower, system.upper)
        states[: system.size][instant] = clipped[instant]
        own = draws[going]
        region, flipped = self.region[:, own], flips[:, going]
        upward = drives > (system.lower + system.upper) / 2
        side = np.where(np.isinf(system.upper), -1, np.where(upward, 1, -1))
        region[flipped] = np.where(region == 0, side, 0)[flipped]
        self.region[:, own] = region
        self.states[:, own] = states
        arrived = self.now[own] + reached[going]
        # The last window ends with the stage, whatever rounding makes of the sum.
        ended = (reached[going] == width[going]) & (
            width[going] >= self.stage.length - self.now[own]
        )
        self.now[own] = np.where(ended, self.stage.length, arrived)
        self.ahead[own] = np.maximum(_AHEAD * self.now[own], SPAN * self.least[own])


def _region(
    drive: Floats, lower: Floats, upper: Floats, tolerance: float, held: Regions | None = None
) -> Regions:
    """The bound beyond which each drive is: −1 lower, +1 upper, 0 none.

    With a tolerance, what is held counts as free only where it is so much inside of its bound, and
    what is free as held only where it is so much outside.
    """
    above, below = drive > upper, drive < lower
    if held is not None:
        slack = np.where(held == 0, tolerance, -tolerance)
        above, below = drive > upper + slack, drive < lower - slack
    return above.astype(np.int8) - below.astype(np.int8)


def _crossings(
    system: Lagged,
    push: Push,
    region: Regions,
    window: Window,
    beyond: Mask,
    first: Indices,
    draws: Indices,
) -> tuple[Floats, Mask]:
    """When the first bound is crossed, as a fraction of the window, and which nodes cross then.

    Between two points of the grid, drives are polynomials through `INNER` further points: rounding
    is larger than what these leave out.
    """
    brackets = first[draws] - 1
    inner = window.inner(draws, brackets)
    part, own = system.take(draws), push.take(draws)
    drives = part.drive(inner, own)
    node, column = np.nonzero(beyond[:, first[draws], draws])
    held = region[node, draws[column]]
    lower, upper = part.lower[node, column], part.upper[node, column]
    values = drives[node, :, column]
    last = values[:, -1]
    bound = np.where(held != 0, np.where(held > 0, upper, lower), np.where(last > upper, upper, lower))
    # Positive where the node is still where it was.
    left = np.where(last > bound, -1.0, 1.0)[:, None] * (values - bound[:, None])
    low, high = np.zeros(len(node)), np.ones(len(node))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        stays = _interpolated(left, middle) > 0
        low, high = np.where(stays, middle, low), np.where(stays, high, middle)
    earliest = np.full(len(draws), np.inf)
    np.minimum.at(earliest, column, high)
    flips = np.zeros((system.size, len(draws)), dtype=bool)
    together = high <= earliest[column] + 1e-12
    flips[node[together], column[together]] = True
    start, end = GRID[brackets], GRID[brackets + 1]
    return np.asarray(start * (end / start) ** earliest), flips


def _interpolated(values: Floats, place: Floats) -> Floats:
    """Polynomials through values at the inner points, each at a place of its own (barycentric)."""
    gap = place[:, None] - INNER
    sign = np.where(np.arange(len(INNER)) % 2, -1.0, 1.0)
    sign[[0, -1]] /= 2
    exact = gap == 0
    share = sign / np.where(exact, 1.0, gap)
    share[exact.any(axis=1)] = exact[exact.any(axis=1)]
    return np.asarray((share * values).sum(axis=1) / share.sum(axis=1))
