"""Which draws are stable.

The time constants of the nodes are not known, so a draw should be stable whatever they are. A
diagonal Lyapunov function proves just that. Let M = I − A, where a slow edge counts as what it is:
a relay, a node of its own that follows the source. If some positive diagonal P makes PM + MᵀP
positive definite, then

* T dx/dt = −Mx decays for every positive diagonal T, whether the adaptations take days or minutes;
* the same P serves with the gains of any nodes scaled down (by drugs, by bounds) and with any nodes
  held, since P G⁻¹ (I − GA) = P(G⁻¹ − A) and G⁻¹ ≥ I: hence the bounded steady state is unique;
* every principal minor of M is positive; so are those of the network without its adaptations, which
  is a part of it, and of that whose adaptations have caught up, which is a Schur complement of it.

None of this covers gains that a drug raises above 1, as a positive allosteric modulator does.

With P = D⁻² the condition reads: the symmetric part of D⁻¹AD has no eigenvalue from 1 on. D is
searched, and every D that is found is checked by elimination in each draw, which alone counts:
first one D for all draws, which balances what comes into each node against what goes out (exact for
single loops of either sign); then, for draws that it does not prove, descent on the largest
eigenvalue. What remains gets the plain test: fast part and adaptations each have all their
eigenvalues to the left of one (time constants far apart: Tikhonov).

E. Kaszkurewicz and A. Bhaya, Matrix Diagonal Stability in Systems and Computation, Birkhäuser 2000.
E. E. Osborne, "On pre-conditioning of matrices", J. ACM 7 (1960) 338–345 (the balancing).
B. T. Polyak, "Minimization of unsmooth functionals", USSR Comput. Math. Math. Phys. 9 (1969) 14–29
(the descent).
P. Kokotović, H. K. Khalil and J. O'Reilly, Singular Perturbation Methods in Control, SIAM 1999.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.reduction import Floats, Indices, Plan, least_pivot, plan_reduction

Mask = NDArray[np.bool_]

#: Sweeps of balancing; more change nothing on circuits of a few hundred nodes.
_SWEEPS = 20
#: A last shift that is small enough, in logarithms.
_EVEN = 0.01
#: Rounds of descent, each with a check, and steps of each; on the monoamine circuit 99 of 100 draws
#: get proved.
_ROUNDS = 6
_STEPS = 3
#: Where the largest eigenvalue should go: well below 1, for what is barely below may fail the
#: check.
_GOAL = 0.9
#: Bound of each step, in logarithms of scales.
_FARTHEST = 0.5
#: Degree of the Chebyshev polynomial that brings out the leading eigenvector, and eigenvalues that
#: it damps.
_DEGREE = 10
_DAMPED = (-3.0, 0.85)
_TINY = 1e-12


@dataclass(frozen=True)
class Stability:
    """Which draws are stable, and for which of them it is proved for all time constants."""

    stable: Mask
    proved: Mask


def assess_stability(
    source: Indices, target: Indices, slow: Mask, weights: Floats, component: Indices
) -> Stability:
    """Stability of each draw.

    Parameters
    ----------
    source, target, slow
        Ends of each edge, and whether it is an adaptation.
    weights
        Signed weight of each edge, *m × d*.
    component
        Strongly connected component of each node: only edges inside of one can matter.

    Examples
    --------
    >>> two = np.array([0, 1]), np.array([1, 0]), np.array([False, False])
    >>> weights = np.array([[2.0, 2.0], [-3.0, 0.6]])          # loops of −6 and +1.2
    >>> assess_stability(*two, weights, np.array([0, 0])).stable.tolist()
    [True, False]
    """
    draws = weights.shape[1]
    verdict = Stability(np.ones(draws, dtype=bool), np.ones(draws, dtype=bool))
    inside = component[source] == component[target]
    for number in np.unique(component[source[inside]]):
        own = np.flatnonzero(inside & (component[source] == number))
        part = _assess(_loops(source[own], target[own], slow[own], weights[own]))
        verdict = Stability(verdict.stable & part.stable, verdict.proved & part.proved)
    return verdict


def _assess(loops: _Loops) -> Stability:
    """Stability of one strongly connected component."""
    shared = _balanced(loops, np.abs(loops.weights).mean(axis=1, keepdims=True))
    proved = _is_proved(loops, shared)
    left = np.flatnonzero(~proved)
    scale = _balanced(loops, np.abs(loops.weights[:, left]))
    for number in range(_ROUNDS + 1):
        if not len(left):
            break
        part = loops.take(left)
        if number:
            scale = _descended(part, scale)
        found = _is_proved(part, scale)
        proved[left] = found
        left, scale = left[~found], scale[:, ~found]
    stable = proved.copy()
    stable[left] = _is_plainly_stable(loops.take(left))
    return Stability(stable, proved)


@dataclass(frozen=True)
class _Loops:
    """The edges of a strongly connected component, slow ones as two with a relay between."""

    size: int
    source: Indices
    target: Indices
    #: *Edges × d*.
    weights: Floats
    is_relay: Mask
    #: Unordered pairs of nodes with an edge between, and the edges of each.
    one: Indices
    other: Indices
    by_pair: _Groups
    plan: Plan

    def take(self, draws: NDArray[np.intp]) -> _Loops:
        """Some of the draws."""
        return replace(self, weights=self.weights[:, draws])

    def scaled(self, scale: Floats) -> Floats:
        """Entries of D⁻¹AD, *edges × d*."""
        return self.weights * np.exp(scale[self.source] - scale[self.target])

    def symmetric(self, scaled: Floats) -> Floats:
        """Entries of the symmetric part, one for each pair."""
        halves = np.where(self.source == self.target, 1.0, 0.5)[:, None] * scaled
        return self.by_pair.sums(halves)


def _loops(source: Indices, target: Indices, slow: Mask, weights: Floats) -> _Loops:
    late = np.flatnonzero(slow)
    names, numbers = np.unique(np.concatenate([source, target]), return_inverse=True)
    relays = len(names) + np.arange(len(late))
    starts, ends = numbers[: len(source)], numbers[len(source) :]
    starts, ends = np.concatenate([starts, starts[late]]), np.concatenate([ends, relays])
    starts[late] = relays
    size = len(names) + len(late)
    pairs, pair = np.unique(
        np.minimum(starts, ends) * size + np.maximum(starts, ends), return_inverse=True
    )
    one, other = pairs // size, pairs % size
    twice = one != other
    plan = plan_reduction(
        size,
        np.concatenate([one, other[twice]]),
        np.concatenate([other, one[twice]]),
        np.ones(len(one) + int(twice.sum()), dtype=bool),
    )
    return _Loops(
        size=size,
        source=starts,
        target=ends,
        weights=np.concatenate([weights, np.ones((len(late), weights.shape[1]))]),
        is_relay=np.arange(size) >= len(names),
        one=one,
        other=other,
        by_pair=_Groups.of(pair),
        plan=plan,
    )


def _is_proved(loops: _Loops, scale: Floats) -> Mask:
    """Whether I minus the symmetric part is positive definite: whether all pivots are positive."""
    half = loops.symmetric(loops.scaled(scale))
    least = least_pivot(loops.plan, np.concatenate([half, half[loops.one != loops.other]]))
    return np.asarray(np.isfinite(least) & (least > _TINY))


def _balanced(loops: _Loops, sizes: Floats) -> Floats:
    """Logarithms of the scales that even out what each node gets and gives, *n × d*.

    The sizes are those of the weights, *edges × d*.
    """
    off = np.flatnonzero(loops.source != loops.target)
    source, target = loops.source[off], loops.target[off]
    squares = np.maximum(sizes[off] ** 2, _TINY**2)
    scale = np.zeros((loops.size, sizes.shape[1]))
    if not len(off):
        return scale
    by_target, by_source = _Groups.of(target), _Groups.of(source)
    for _ in range(_SWEEPS):
        current = squares * np.exp(2 * (scale[source] - scale[target]))
        # In a strongly connected component, everything has both an input and an output.
        shift = np.log(by_target.sums(current) / by_source.sums(current)) / 8
        scale += shift
        if np.abs(shift).max(initial=0.0) < _EVEN:
            break
    return scale


def _descended(loops: _Loops, scale: Floats) -> Floats:
    """Better scales for each draw: some steps down the largest eigenvalue of the symmetric part.

    With unit eigenvector v, that eigenvalue changes with the logarithm of the scale of node k by
    what k gives minus what it gets, of the terms vᵢ (D⁻¹AD)ᵢⱼ vⱼ.
    """
    by_target, by_source = _Groups.of(loops.target), _Groups.of(loops.source)
    vector = np.ones_like(scale)
    for _ in range(_STEPS):
        scaled = loops.scaled(scale)
        vector = _leading(loops, loops.symmetric(scaled), vector)
        terms = scaled * vector[loops.source] * vector[loops.target]
        slope = by_source.sums(terms) - by_target.sums(terms)
        excess = np.maximum(terms.sum(axis=0) - _GOAL, 0.0)
        step = excess / np.maximum((slope**2).sum(axis=0), _TINY)
        scale = scale - np.clip(slope * step, -_FARTHEST, _FARTHEST)
    return scale


def _leading(loops: _Loops, half: Floats, vector: Floats) -> Floats:
    """Unit vectors near the leading ones of the symmetric parts, by a Chebyshev polynomial."""
    twice = loops.one != loops.other
    entries = np.concatenate([half, half[twice]])
    rows = np.concatenate([loops.one, loops.other[twice]])
    columns = np.concatenate([loops.other, loops.one[twice]])
    middle, radius = sum(_DAMPED) / 2, (_DAMPED[1] - _DAMPED[0]) / 2
    entries *= 2 / radius
    earlier = np.zeros_like(vector)
    # A node without an entry would lack a group; each gets a zero on the diagonal.
    by_row = _Groups.of(np.concatenate([rows, np.arange(loops.size)]))
    columns = np.concatenate([columns, np.arange(loops.size)])
    entries = np.concatenate([entries, np.zeros_like(vector)])
    for _ in range(_DEGREE):
        product = by_row.sums(entries * vector[columns])
        product -= (2 * middle / radius) * vector
        product -= earlier
        earlier, vector = vector, product
    return np.asarray(vector / np.sqrt((vector**2).sum(axis=0)))


@dataclass(frozen=True)
class _Groups:
    """Rows in groups, every group with at least one."""

    order: Indices
    starts: Indices

    @classmethod
    def of(cls, group: Indices) -> _Groups:
        """Rows by the number of their group."""
        order = np.argsort(group, kind="stable")
        ends = group[order]
        return cls(order, np.flatnonzero(np.r_[True, ends[1:] != ends[:-1]]))

    def sums(self, values: Floats) -> Floats:
        """Sum of each group's rows."""
        return np.asarray(np.add.reduceat(values[self.order], self.starts, axis=0))


def _is_plainly_stable(loops: _Loops) -> Mask:
    """Whether the fast part is stable by itself, and the adaptations upon it."""
    matrix = np.zeros((loops.weights.shape[1], loops.size, loops.size))
    for edge, weight in enumerate(loops.weights):
        matrix[:, loops.target[edge], loops.source[edge]] += weight
    early, late = np.flatnonzero(~loops.is_relay), np.flatnonzero(loops.is_relay)
    fast = matrix[:, early[:, None], early]
    stable = _left_of_one(fast)
    if len(late):
        some = np.flatnonzero(stable)
        to_late, from_late = (
            matrix[:, late[:, None], early][some],
            matrix[:, early[:, None], late][some],
        )
        brought = np.linalg.solve(np.eye(len(early)) - fast[some], from_late)
        stable[some] = _left_of_one(to_late @ brought)
    return stable


def _left_of_one(matrix: Floats) -> Mask:
    return np.asarray(np.linalg.eigvals(matrix).real.max(axis=1, initial=-np.inf) < 1 - _TINY)
