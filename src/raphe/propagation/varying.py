"""How the states of a network move while what is done to it changes all the time.

    τᵢ dxᵢ/dt = −xᵢ + clip(gᵢ(t) (Σ wⱼᵢ xⱼ + Σ wₑ zₑ) + uᵢ(t), lowerᵢ, upperᵢ)    τₑ dzₑ/dt = x − zₑ

Where gains change with time, not even the course between two bounds has a closed form, so that this
takes steps: of a diagonally implicit Runge-Kutta method of order three, L-stable and stiffly
accurate. What is much faster than a step comes out at rest given everything else, and what has no
lag (see `time_course`) is exactly where it is driven. Within a stage of a step,

    x = (1 − α) x₀ + α clip(g (A x) + u),      α = hγ / (τ + hγ),

is the equation of a steady state with weaker gains and is solved as one, by elimination; which
nodes are at a bound is found by solving again until nothing changes. Draws run side by side, each
with its own time and its own steps. The error of a step is what it differs by from an embedded
method of order two; less by 1 − α in a node that is fast against the step, and less again in one
that is fast against the time until a state is asked for: what such a node was is forgotten by then.

R. Alexander, "Diagonally implicit Runge-Kutta methods for stiff O.D.E.'s", SIAM J. Numer. Anal. 14
(1977) 1006–1021 (the method).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.crossings import region_of
from raphe.propagation.lagged import Lagged, Push, Regions
from raphe.propagation.reduction import gains, solve

#: What is done in some draws: in which stretch each of them is, at which time, and which they are.
PushAt = Callable[[Indices, Floats, Indices], Push]

#: Largest error of a step, in units of full activity: courses are then right to some 1e-3, which
#: tests/propagation/test_varying.py holds them to.
TOLERANCE = 3e-4
_GAMMA = 0.435866521508459
_LATER = (1 + _GAMMA) / 2
_B1 = -(6 * _GAMMA**2 - 16 * _GAMMA + 1) / 4
_B2 = (6 * _GAMMA**2 - 20 * _GAMMA + 5) / 4
#: What each stage takes of the slopes before it, and its time as a share of the step.
_STAGES = (((), _GAMMA), ((_LATER - _GAMMA,), _LATER), ((_B1, _B2), 1.0))
#: The embedded method of order two uses the first two slopes.
_E1 = (0.5 - _LATER) / (_GAMMA - _LATER)
_ERROR = (_B1 - _E1, _B2 - (1 - _E1), _GAMMA)
#: The first step of all, and the shortest, in units of the shortest lag; and the first of a later
#: stretch, as a share of it: what is faster comes to rest within it.
_FIRST, _SHORTEST, _AGAIN = 0.5, 1e-6, 1e-3
_GROWTH, _SHRINK, _CAREFUL = 8.0, 0.15, 0.85
#: Solutions of one stage, after which the step is halved; and steps after which a draw is given up.
_MOST_SOLUTIONS, _MOST_STEPS = 12, 20000


@dataclass(frozen=True)
class VaryingCourse:
    """States over time."""

    #: Of the nodes that were asked for, *times × nodes × d*.
    x: Floats
    #: Draws that were followed to the end, *d*.
    complete: Mask
    #: How many steps each draw took, those that were taken again included, *d*.
    steps: NDArray[np.intp] = field(repr=False)


def follow_varying(
    system: Lagged,
    states: Floats,
    push: PushAt,
    ends: Floats,
    times: Floats,
    nodes: Indices,
    tolerance: float = TOLERANCE,
) -> VaryingCourse:
    """The course of some nodes, from given states, while what is done to them changes.

    Parameters
    ----------
    system
        *n* nodes, *k* slow edges, *d* draws.
    states
        Where nodes and slow edges start, *(n + k) × d*.
    push
        What is done; within a stretch it changes without a jump.
    ends
        When each stretch ends, ascending; what is done may jump there.
    times
        Ascending, from 0 on: when the nodes are asked for. At the end of a stretch, a node is where
        it was just before.
    nodes
        Which nodes.
    tolerance
        Largest error of a step.

    Examples
    --------
    A node with a time constant of 2 hears an input that fades with a time constant of 1:

    >>> from raphe.propagation.plan import plan_reduction
    >>> none, one = np.zeros(0, dtype=np.intp), np.ones((1, 1))
    >>> plan = plan_reduction(1, none, none, np.zeros(0, dtype=bool))
    >>> system = Lagged(plan, none, none, np.zeros(0, dtype=bool), np.zeros((0, 1)), 2 * one,
    ...     np.zeros((0, 1)), -one, 9 * one)
    >>> fading = lambda stretch, time, draws: Push(one, np.exp(-time)[None])
    >>> end = np.array([3.0])
    >>> found = follow_varying(system, 0 * one, fading, end, end, np.array([0])).x[0, 0, 0]
    >>> bool(abs(found - (np.exp(-1.5) - np.exp(-3))) < 1e-4)
    True
    """
    run = _Run(system, states, push, ends, times, nodes, tolerance)
    run.to_end()
    return VaryingCourse(run.x, run.stretch == len(ends), run.steps)


class _Run:
    """Draws that each are at a time, and in a stretch, of their own."""

    def __init__(
        self,
        system: Lagged,
        states: Floats,
        push: PushAt,
        ends: Floats,
        times: Floats,
        nodes: Indices,
        tolerance: float,
    ) -> None:
        self.system, self.push, self.nodes, self.tolerance = system, push, nodes, tolerance
        self.times = times
        self.ends = np.r_[ends, ends[-1]]
        draws = states.shape[1]
        self.states = states.copy()
        self.region = np.zeros(system.lag.shape, dtype=np.int8)
        self.x = np.zeros((len(times), len(nodes), draws))
        self.x[times <= 0] = states[nodes]
        self.stretch, self.steps = np.zeros((2, draws), dtype=np.intp)
        #: How many of the times that are asked for lie behind each draw.
        self.passed = np.full(draws, int((times <= 0).sum()))
        self.now = np.zeros(draws)
        lags = np.concatenate([system.lag, system.pace])
        shortest = np.where(lags > 0, lags, np.inf).min(axis=0, initial=np.inf)
        self.shortest = np.where(np.isfinite(shortest), shortest, ends[-1])
        self.length = _FIRST * self.shortest
        self._taken: tuple[bytes, Lagged] = (b"", system)

    def to_end(self) -> None:
        """Follow all draws to the end of the last stretch."""
        count = len(self.ends) - 1
        while True:
            left = np.flatnonzero((self.stretch < count) & (self.steps < _MOST_STEPS))
            if not len(left):
                return
            self._advance(left)
            self.steps[left] += 1

    def _part(self, draws: Indices) -> Lagged:
        """The system in some draws; the same ones are mostly asked for again."""
        key = draws.tobytes()
        if self._taken[0] != key:
            self._taken = key, self.system.take(draws)
        return self._taken[1]

    def _advance(self, draws: Indices) -> None:
        """One step of some draws."""
        now, end = self.now[draws], self.ends[self.stretch[draws]]
        asked = np.full(len(draws), self.ends[-1])
        if len(self.times):
            upcoming = self.times[np.minimum(self.passed[draws], len(self.times) - 1)]
            asked = np.where(self.passed[draws] < len(self.times), upcoming, asked)
        goal = np.minimum(asked, end)
        left, wished = goal - now, self.length[draws]
        # Two steps of half the way rather than one and a tiny one.
        reaches = wished >= left
        length = np.where(reaches, left, np.where(wished > left / 2, left / 2, wished))
        states, region, error, settled = self._step(draws, now, length, asked - now - length)
        scaled = np.where(settled, error / self.tolerance, np.inf)
        least = length <= _SHORTEST * self.shortest[draws]
        taken = settled & ((scaled <= 1) | least)
        with np.errstate(divide="ignore"):
            factor = np.clip(_CAREFUL * scaled ** (-1 / 3), _SHRINK, _GROWTH)
        longer = length * factor
        # A step that was cut short by a time that is asked for says little of longer ones.
        self.length[draws] = np.where(taken & (length < wished), np.maximum(longer, wished), longer)
        if not taken.any():
            return
        own = draws[taken]
        self.states[:, own], self.region[:, own] = states[:, taken], region[:, taken]
        arrived = reaches[taken]
        self.now[own] = np.where(arrived, goal[taken], now[taken] + length[taken])
        self._note(own[arrived])

    def _note(self, draws: Indices) -> None:
        """Write down what was asked for, and begin the next stretch where one has ended."""
        if len(self.times):
            asked = draws[self.passed[draws] < len(self.times)]
            hit = asked[self.times[self.passed[asked]] == self.now[asked]]
            self.x[self.passed[hit], :, hit] = self.states[self.nodes][:, hit].T
            self.passed[hit] += 1
        over = draws[self.now[draws] >= self.ends[self.stretch[draws]]]
        self.stretch[over] += 1
        ahead = self.ends[self.stretch[over]] - self.now[over]
        first = np.maximum(_FIRST * self.shortest[over], _AGAIN * ahead)
        self.length[over] = np.minimum(self.length[over], first)

    def _step(
        self, draws: Indices, now: Floats, length: Floats, ahead: Floats
    ) -> tuple[Floats, Regions, Floats, Mask]:
        """States and bounds after a step, its error, and whether its stages were solved."""
        system, start = self._part(draws), self.states[:, draws]
        region, settled = self.region[:, draws], np.ones(len(draws), dtype=bool)
        reach = _GAMMA * length
        lag = np.concatenate([system.lag, system.pace])
        share = reach / (lag + reach)
        slopes: list[Floats] = []
        error = np.zeros_like(start)
        found = start
        for before, at in _STAGES:
            base = start
            for weight, slope in zip(before, slopes, strict=True):
                base = base + weight * slope
            push = self.push(self.stretch[draws], now + at * length, draws)
            found, region, own = _solved(system, push, base, share, region)
            settled &= own
            # h times the slope; what has no lag has none.
            slopes.append(np.where(lag > 0, (found - base) / _GAMMA, 0.0))
        for weight, slope in zip(_ERROR, slopes, strict=True):
            error += weight * slope
        # 1 − share, and 1 / (1 + ahead / lag).
        error *= lag**2 / np.where(lag > 0, (lag + reach) * (lag + ahead), 1.0)
        return found, region, np.abs(error).max(axis=0, initial=0.0), settled


def _solved(
    system: Lagged, push: Push, base: Floats, share: Floats, region: Regions
) -> tuple[Floats, Regions, Mask]:
    """Where nodes and slow edges are at the end of a stage, and at which bounds; and if found."""
    size = system.size
    slow = np.flatnonzero(system.slow)
    own, late = share[:size], share[size:]
    weights = system.weights.copy()
    weights[slow] *= late
    kept = (1 - late) * base[size:]
    rest = (1 - own) * base[:size]
    # What each node hears of where the adaptations were.
    held = np.zeros_like(rest)
    np.add.at(held, system.target[slow], system.weights[slow] * kept)
    x, region = np.empty_like(rest), region.copy()
    todo = np.arange(rest.shape[1])
    everything = gains(system.plan, weights)
    for _ in range(_MOST_SOLUTIONS):
        free = region[:, todo] == 0
        gain, inputs = push.gain[:, todo], push.inputs[:, todo]
        lower, upper = system.lower[:, todo], system.upper[:, todo]
        bound = np.where(region[:, todo] > 0, upper, lower)
        told = np.where(free, gain * held[:, todo] + inputs, bound)
        pairs = everything[:, todo] * (own[:, todo] * free * gain)[system.plan.target]
        x[:, todo], _ = solve(system.plan, pairs, rest[:, todo] + own[:, todo] * told)
        heard = _heard(system, weights[:, todo], x[:, todo]) + held[:, todo]
        drive = gain * heard + inputs
        new = region_of(drive, lower, upper, 1e-9, region[:, todo])
        turned = (new != region[:, todo]).any(axis=0)
        region[:, todo] = new
        todo = todo[turned]
        if not len(todo):
            break
    settled: Mask = np.asarray(np.isfinite(x).all(axis=0))
    settled[todo] = False
    z = kept + late * x[system.source[slow]]
    return np.concatenate([x, z]), region, settled


def _heard(system: Lagged, weights: Floats, x: Floats) -> Floats:
    order, starts = system.by_target
    heard = np.zeros_like(x)
    if len(order):
        carried = x[system.source[order]]
        carried *= weights[order]
        heard[system.target[order[starts]]] = np.add.reduceat(carried, starts, axis=0)
    return heard
