"""Which draws are stable.

The time constants of the nodes are not known, so a draw should be stable whatever they are. A diagonal
Lyapunov function proves just that: where some positive diagonal D makes D⁻¹AD's symmetric part smaller
than one, the system is stable for all time constants, with any of its nodes held or damped, and its
bounded steady state is unique; every principal minor of I − A is positive besides. The scaling that
balances what comes into a node against what goes out is tried; it is exact for single loops of every
sign. Draws without that proof get the plain test: all eigenvalues of A to the left of one.

E. Kaszkurewicz and A. Bhaya, Matrix Diagonal Stability in Systems and Computation, Birkhäuser 2000.
E. E. Osborne, "On pre-conditioning of matrices", J. ACM 7 (1960) 338–345 (the balancing).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.reduction import Floats, Indices, Plan, plan_reduction, solve

Mask = NDArray[np.bool_]

#: Sweeps of balancing; more change nothing on circuits of a few hundred nodes.
_SWEEPS = 12
_TINY = 1e-12


@dataclass(frozen=True)
class Stability:
    """Which draws are stable, and for which of them it is proved for all time constants."""

    stable: Mask
    proved: Mask


def assess_stability(plan: Plan, pair_gains: Floats, component: Indices) -> Stability:
    """Stability of each draw.

    Parameters
    ----------
    plan
        Structure of A.
    pair_gains
        *pairs × d*.
    component
        Strongly connected component of each node: only gains inside of one can matter.

    Examples
    --------
    >>> plan = plan_reduction(2, np.array([0, 1]), np.array([1, 0]), np.array([True, True]))
    >>> gains = np.array([[2.0, 2.0], [-3.0, 0.6]])          # loops of −6 and +1.2
    >>> assess_stability(plan, gains, np.array([0, 0])).stable.tolist()
    [True, False]
    """
    inside = component[plan.source] == component[plan.target]
    source, target, inner = plan.source[inside], plan.target[inside], pair_gains[inside]
    if not len(source):
        everything = np.ones(pair_gains.shape[1], dtype=bool)
        return Stability(everything, everything)
    proved = _diagonally_stable(plan.size, source, target, inner)
    stable = proved.copy()
    for draw in np.flatnonzero(~proved):
        stable[draw] = _eigenvalues_left_of_one(source, target, inner[:, draw])
    return Stability(stable, proved)


def _diagonally_stable(size: int, source: Indices, target: Indices, inner: Floats) -> Mask:
    off = source != target
    squares = inner[off] ** 2
    scale = _balance(size, source[off], target[off], squares)
    # Symmetric part of D⁻¹AD on unordered pairs, by the elimination that solves for steady states:
    # its pivots are all positive exactly where I minus it is positive definite.
    low, high = np.minimum(source, target), np.maximum(source, target)
    ends, pair = np.unique(low * size + high, return_inverse=True)
    one, other = ends // size, ends % size
    half = np.zeros((len(ends), inner.shape[1]))
    scaled = inner * np.exp(scale[source] - scale[target])
    np.add.at(half, pair, scaled / 2)
    loops = one == other
    half[loops] *= 2
    plan = plan_reduction(
        size,
        np.concatenate([one, other[~loops]]),
        np.concatenate([other, one[~loops]]),
        np.ones(len(one) + int((~loops).sum()), dtype=bool),
    )
    _, least = solve(plan, np.concatenate([half, half[~loops]]), np.zeros((size, inner.shape[1])))
    return np.asarray(np.isfinite(least) & (least > _TINY))


def _balance(size: int, source: Indices, target: Indices, squares: Floats) -> Floats:
    """Logarithms of the scales that even out what each node gets and gives, *n × d*."""
    scale = np.zeros((size, squares.shape[1]))
    by_target, by_source = np.argsort(target, kind="stable"), np.argsort(source, kind="stable")
    for _ in range(_SWEEPS):
        current = squares * np.exp(2 * (scale[source] - scale[target]))
        comes = _sums(current[by_target], target[by_target], size)
        goes = _sums(current[by_source], source[by_source], size)
        both = (comes > 0) & (goes > 0)
        scale += np.where(both, np.log(np.where(both, comes, 1.0) / np.where(both, goes, 1.0)), 0.0) / 8
    return scale


def _sums(values: Floats, group: Indices, size: int) -> Floats:
    """Sums of consecutive rows of the same group."""
    total = np.zeros((size, values.shape[1]))
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    total[group[starts]] = np.add.reduceat(values, starts, axis=0)
    return total


def _eigenvalues_left_of_one(source: Indices, target: Indices, values: Floats) -> bool:
    nodes, ends = np.unique(np.concatenate([source, target]), return_inverse=True)
    matrix = np.zeros((len(nodes), len(nodes)))
    np.add.at(matrix, (ends[len(source) :], ends[: len(source)]), values)
    return bool(np.linalg.eigvals(matrix).real.max() < 1 - _TINY)
