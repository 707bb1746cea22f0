"""Where a perturbed network comes to rest, bounds included.

With a drug, x = clip(g ∘ (A x) + u, lower, upper): activity stays between silent and full. The answer is
piecewise linear: once it is known which nodes are held at a bound, the rest is one linear solve.
The held set is found by Newton's method for piecewise linear equations, which ends in a few rounds;
where the diagonal Lyapunov function of `stability` exists, the answer is unique.

L. Qi and J. Sun, "A nonsmooth version of Newton's method", Math. Programming 58 (1993) 353–367.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.reduction import Floats, Plan, drive, solve

Mask = NDArray[np.bool_]

_ROUNDS = 30
_RELAXATIONS = 4000
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
    x, _ = solve(plan, pair_gains, inputs)
    heard = drive(plan, pair_gains, x) + inputs
    held = _beyond(heard, lower, upper)
    settled = np.isfinite(x).all(axis=0)
    x = np.where(settled, x, 0.0)
    held[:, ~settled] = 0
    open_draws = np.flatnonzero((held != 0).any(axis=0) | ~settled)
    for _ in range(_ROUNDS):
        if not len(open_draws):
            break
        part = held[:, open_draws]
        low, high = lower[:, open_draws], upper[:, open_draws]
        own_gains, own_inputs = pair_gains[:, open_draws], inputs[:, open_draws]
        free = part == 0
        at_bound = np.where(part > 0, high, low)
        trial, _ = solve(plan, own_gains * free[plan.target], np.where(free, own_inputs, at_bound))
        heard = drive(plan, own_gains, trial) + own_inputs
        beyond = _beyond(heard, low, high)
        finite = np.isfinite(trial).all(axis=0)
        done = finite & (beyond == part).all(axis=0)
        x[:, open_draws[done]] = trial[:, done]
        settled[open_draws] = done
        held[:, open_draws] = np.where(finite, beyond, 0)
        open_draws = open_draws[~done]
    if len(open_draws):
        _relax(plan, pair_gains, inputs, lower, upper, x, settled, held, open_draws)
    return Rest(x, settled, held)


def _beyond(heard: Floats, lower: Floats, upper: Floats) -> NDArray[np.int8]:
    above = heard > upper + _TOLERANCE
    below = heard < lower - _TOLERANCE
    return above.astype(np.int8) - below.astype(np.int8)


def _relax(
    plan: Plan,
    pair_gains: Floats,
    inputs: Floats,
    lower: Floats,
    upper: Floats,
    x: Floats,
    settled: Mask,
    held: NDArray[np.int8],
    draws: NDArray[np.intp],
) -> None:
    """Follow the differential equation itself where Newton's method went round in circles."""
    own_gains, own_inputs = pair_gains[:, draws], inputs[:, draws]
    low, high = lower[:, draws], upper[:, draws]
    state = np.clip(own_inputs, low, high)
    for _ in range(_RELAXATIONS):
        goal = np.clip(drive(plan, own_gains, state) + own_inputs, low, high)
        step = goal - state
        state = state + 0.2 * step
        if np.abs(step).max() < _TOLERANCE:
            break
    rest = np.abs(step).max(axis=0) < 1e-6
    x[:, draws] = state
    settled[draws] = rest
    held[:, draws] = _beyond(drive(plan, own_gains, state) + own_inputs, low, high)
