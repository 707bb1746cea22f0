"""Where a perturbed network comes to rest, bounds included.

With a drug, x = clip(g ∘ (A x) + u, lower, upper): activity stays between silent and full. The
answer is piecewise linear: once it is known which nodes are held at a bound, the rest is one linear
solve. The held set is found by Newton's method for piecewise linear equations, which ends in a few
rounds; where the diagonal Lyapunov function of `stability` exists, the answer is unique.

L. Qi and J. Sun, "A nonsmooth version of Newton's method", Math. Programming 58 (1993) 353–367.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.reduction import Floats, Plan, drive, gain_table, solve_in_place

Mask = NDArray[np.bool_]

_ROUNDS = 30
#: Share of draws that must have come to rest before they are left out of the next round.
_WORTH = 0.4
#: Times that the differential equation is followed before a state is tried, and steps of each.
_TRIALS = 20
_RELAXATIONS = 60
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Rest:
    """States at rest, and which draws got there."""

    #: Deviation from baseline activity, *n × d*.
    x: Floats
    #: Whether each draw came to rest, *d*.
    settled: Mask
    #: Which nodes are held at a bound: −1 lower, +1 upper, 0 free; *n × d*.
    held: NDArray[np.int8]


def settle(plan: Plan, pair_gains: Floats, inputs: Floats, lower: Floats, upper: Floats) -> Rest:
    """The bounded steady state x = clip(A x + b, lower, upper) of every draw.

    Parameters
    ----------
    plan
        Structure of A.
    pair_gains
        Gain of each pair, with what drugs leave of it, *pairs × d*.
    inputs
        b, *n × d*.
    lower, upper
        Bounds, *n × d*; lower ≤ 0 ≤ upper.

    Examples
    --------
    What comes in is three times what the node can take:

    >>> from raphe.propagation.reduction import plan_reduction
    >>> plan = plan_reduction(2, np.array([0]), np.array([1]), np.array([True]))
    >>> one = np.ones((2, 1))
    >>> settle(plan, np.array([[2.0]]), np.array([[1.5], [0.0]]), -one, one).x.ravel().tolist()
    [1.0, 1.0]
    """
    room = np.empty(plan.rows * inputs.shape[1])
    x = inputs.copy()
    solve_in_place(plan, gain_table(plan, pair_gains, room), x)
    settled: Mask = np.asarray(np.isfinite(x).all(axis=0))
    # What a free node hears is where it is, so that only held ones are asked what they hear.
    held = _beyond(x, lower, upper)
    at_rest = settled & ~held.any(axis=0)
    draws = np.flatnonzero(~at_rest) if at_rest.mean() > _WORTH else np.arange(len(at_rest))
    guess = held.take(draws, axis=1)
    part = _Part(pair_gains, inputs, lower, upper).take(draws)
    for number in range(_ROUNDS if len(draws) else 0):
        trial, beyond = part.round(plan, guess, room)
        done = np.isfinite(trial).all(axis=0) & (beyond == guess).all(axis=0)
        guess = beyond
        # A draw that is done stays where it is; it is carried along until leaving it out is worth
        # the copying.
        if done.all() or done.mean() > _WORTH or number == _ROUNDS - 1:
            x[:, draws], held[:, draws], settled[draws] = trial, beyond, done
            left = np.flatnonzero(~done)
            draws, guess, part = draws[left], guess.take(left, axis=1), part.take(left)
        if not len(draws):
            break
    if len(draws):
        x[:, draws], held[:, draws], settled[draws] = _followed(plan, part, room)
    return Rest(x, settled, held)


@dataclass(frozen=True)
class _Part:
    """The equations of those draws that are still open."""

    pair_gains: Floats
    inputs: Floats
    lower: Floats
    upper: Floats

    def take(self, draws: NDArray[np.intp]) -> _Part:
        """Some of these draws; itself if all."""
        if len(draws) == self.inputs.shape[1]:
            return self
        return _Part(
            self.pair_gains.take(draws, axis=1),
            self.inputs.take(draws, axis=1),
            self.lower.take(draws, axis=1),
            self.upper.take(draws, axis=1),
        )

    def round(
        self, plan: Plan, guess: NDArray[np.int8], room: Floats
    ) -> tuple[Floats, NDArray[np.int8]]:
        """Where the nodes come to rest with some of them held, and which should be held then."""
        nodes = np.flatnonzero(guess.any(axis=1))
        held = guess[nodes]
        trial = self.inputs.copy()
        bound = np.where(held > 0, self.upper[nodes], self.lower[nodes])
        trial[nodes] = np.where(held == 0, self.inputs[nodes], bound)
        table = gain_table(plan, self.pair_gains, room)
        cut = np.flatnonzero(np.isin(plan.target, nodes))
        table[cut] *= guess[plan.target[cut]] == 0
        solve_in_place(plan, table, trial)
        beyond = _beyond(trial, self.lower, self.upper)
        heard = drive(plan, self.pair_gains, trial, nodes) + self.inputs[nodes]
        beyond[nodes] = _beyond(heard, self.lower[nodes], self.upper[nodes])
        return trial, beyond


def _beyond(heard: Floats, lower: Floats, upper: Floats) -> NDArray[np.int8]:
    """The bound that each node would leave, −1 lower, +1 upper, 0 none; few ever come near."""
    beyond = np.zeros(heard.shape, dtype=np.int8)
    above = np.flatnonzero((heard > upper).any(axis=1))
    beyond[above] += heard[above] > upper[above] + _TOLERANCE
    below = np.flatnonzero((heard < lower).any(axis=1))
    beyond[below] -= heard[below] < lower[below] - _TOLERANCE
    return beyond


def _followed(plan: Plan, part: _Part, room: Floats) -> tuple[Floats, NDArray[np.int8], Mask]:
    """Follow the differential equation itself where Newton's method went round in circles.

    Now and then the nodes that are at a bound by then are tried as the held set, so that slow
    approaches need not be waited for.
    """
    state = np.clip(part.inputs, part.lower, part.upper)
    found = state.copy()
    held = np.zeros(state.shape, dtype=np.int8)
    settled = np.zeros(state.shape[1], dtype=bool)
    for _ in range(_TRIALS):
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(_RELAXATIONS):
                heard = drive(plan, part.pair_gains, state) + part.inputs
                step = np.clip(heard, part.lower, part.upper) - state
                state = state + 0.2 * step
        guess = _beyond(heard, part.lower, part.upper)
        trial, beyond = part.round(plan, guess, room)
        fits = np.isfinite(trial).all(axis=0) & (beyond == guess).all(axis=0) & ~settled
        found[:, fits], held[:, fits] = trial[:, fits], guess[:, fits]
        # A singular system has no trial, and yet may have come to rest.
        rests = (np.abs(step).max(axis=0, initial=0.0) < _TOLERANCE) & ~settled & ~fits
        found[:, rests], held[:, rests] = state[:, rests], guess[:, rests]
        settled |= fits | rests
        if settled.all():
            break
    found[:, ~settled] = np.nan_to_num(state[:, ~settled])
    return found, held, settled
