"""Where a perturbed network comes to rest, bounds included.

With a drug, x = clip(g ∘ (A x) + u, lower, upper): activity stays between silent and full. The
strongly connected components are taken in order, so that each hears what is final; what nothing
reaches stays at rest. Outside of loops the bound is taken at once. Within a loop the answer is
piecewise linear: once it is known which nodes are held at a bound, the rest is one linear solve.
The held set is found by Newton's method for piecewise linear equations, which ends in a few rounds;
where the diagonal Lyapunov function of `stability` exists, the answer is unique.

L. Qi and J. Sun, "A nonsmooth version of Newton's method", Math. Programming 58 (1993) 353–367.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.arrays import Floats, Mask
from raphe.propagation.plan import Block, Plan
from raphe.propagation.reduction import drive, gain_table, solve_in_place

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


# What runs away is told by its draw not coming to rest, not by warnings.
@np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore")
def settle(
    plan: Plan,
    pair_gains: Floats,
    inputs: Floats,
    lower: Floats,
    upper: Floats,
    left: Floats | None = None,
) -> Rest:
    """The bounded steady state x = clip(g ∘ (A x) + u, lower, upper) of every draw.

    Parameters
    ----------
    plan
        Structure of A.
    pair_gains
        Gain of each pair, *pairs × d*.
    inputs
        u, *n × d*.
    lower, upper
        Bounds, *n × d*; lower ≤ 0 ≤ upper.
    left
        g, what is left of what each node hears, *n × d*; all of it by default.

    Examples
    --------
    What comes in is three times what the node can take:

    >>> from raphe.propagation.plan import plan_reduction
    >>> plan = plan_reduction(2, np.array([0]), np.array([1]), np.array([True]))
    >>> one = np.ones((2, 1))
    >>> settle(plan, np.array([[2.0]]), np.array([[1.5], [0.0]]), -one, one).x.ravel().tolist()
    [1.0, 1.0]
    """
    x = inputs.copy()
    is_moved: list[bool] = np.asarray(x.any(axis=1)).tolist()
    settled = np.ones(x.shape[1], dtype=bool)
    product, heard = np.empty((2, x.shape[1]))
    for block in plan.blocks:
        for node, gains in block.entering:
            moving = [(row, source) for row, source in gains if is_moved[source]]
            if not moving:
                continue
            is_moved[node] = True
            heard[:] = 0.0
            for row, source in moving:
                np.multiply(pair_gains[row], x[source], out=product)
                np.add(heard, product, out=heard)
            if left is not None:
                np.multiply(heard, left[node], out=heard)
            np.add(x[node], heard, out=x[node])
        nodes = block.nodes.tolist()
        if any(is_moved[node] for node in nodes):
            for node in nodes:
                is_moved[node] = True
            _settle_block(block, pair_gains, x, lower, upper, left, settled)
    # A zero may have got a sign on its way, or not where nothing moves in any draw.
    x += 0.0
    return Rest(x, settled)


def _settle_block(
    block: Block,
    pair_gains: Floats,
    x: Floats,
    lower: Floats,
    upper: Floats,
    left: Floats | None,
    settled: Mask,
) -> None:
    """Turn what comes into one component into where it comes to rest, in place."""
    nodes = block.nodes
    own = pair_gains[block.inside]
    if left is not None:
        own *= left[nodes[block.plan.target]]
    if len(nodes) == 1 and (own < 1).all():
        # Alone, with or without a loop upon itself, which then stays below 1.
        node = nodes[0]
        if len(own):
            np.divide(x[node], 1.0 - own[0], out=x[node])
        np.maximum(x[node], lower[node], out=x[node])
        np.minimum(x[node], upper[node], out=x[node])
        return
    x[nodes], done = _newton(block.plan, _Part(own, x[nodes], lower[nodes], upper[nodes]))
    settled &= done


def _newton(plan: Plan, part: _Part) -> tuple[Floats, Mask]:
    """Where the nodes of a component come to rest, and in which draws they do."""
    room = np.empty(plan.rows * part.inputs.shape[1])
    x = part.inputs.copy()
    solve_in_place(plan, gain_table(plan, part.pair_gains, room), x)
    settled: Mask = np.asarray(np.isfinite(x).all(axis=0))
    # What a free node hears is where it is, so that only held ones are asked what they hear.
    guess = _beyond(x, part.lower, part.upper)
    at_rest = settled & ~guess.any(axis=0)
    draws = np.flatnonzero(~at_rest) if at_rest.mean() > _WORTH else np.arange(len(at_rest))
    guess, part = guess.take(draws, axis=1), part.take(draws)
    for number in range(_ROUNDS if len(draws) else 0):
        trial, beyond = part.round(plan, guess, room)
        done = np.isfinite(trial).all(axis=0) & (beyond == guess).all(axis=0)
        guess = beyond
        # A draw that is done stays where it is; it is carried along until leaving it out is worth
        # the copying.
        if done.all() or done.mean() > _WORTH or number == _ROUNDS - 1:
            x[:, draws], settled[draws] = trial, done
            rest = np.flatnonzero(~done)
            draws, guess, part = draws[rest], guess.take(rest, axis=1), part.take(rest)
        if not len(draws):
            break
    if len(draws):
        x[:, draws], settled[draws] = _followed(plan, part, room)
    return x, settled


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
        is_held = np.zeros(plan.size, dtype=bool)
        is_held[nodes] = True
        cut = np.flatnonzero(is_held[plan.target])
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


def _followed(plan: Plan, part: _Part, room: Floats) -> tuple[Floats, Mask]:
    """Follow the differential equation itself where Newton's method went round in circles.

    Now and then the nodes that are at a bound by then are tried as the held set, so that slow
    approaches need not be waited for.
    """
    state = np.clip(part.inputs, part.lower, part.upper)
    found = state.copy()
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
        found[:, fits] = trial[:, fits]
        # A singular system has no trial, and yet may have come to rest.
        rests = (np.abs(step).max(axis=0, initial=0.0) < _TOLERANCE) & ~settled & ~fits
        found[:, rests] = state[:, rests]
        settled |= fits | rests
        if settled.all():
            break
    found[:, ~settled] = np.nan_to_num(state[:, ~settled])
    return found, settled
