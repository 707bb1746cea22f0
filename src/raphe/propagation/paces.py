"""Stability where adaptations are far slower than all the rest.

Plainly stable is what comes to rest with one time constant for everything fast and another, far
larger one for what adapts: the fast part has all its eigenvalues to the left of one, and so have
the adaptations upon it (Tikhonov).

For the fast part most of these eigenvalues need not be computed. If any positive definite P makes
PM + MᵀP positive definite, M = I − A, then A has none from 1 on (Lyapunov). In the scales that come
nearest to a diagonal P, the sum of the identity and of a typical draw's own Lyapunov matrix serves
nearly all other draws too; elimination in each draw decides. Eigenvalues are left for the rest.

P. Kokotović, H. K. Khalil and J. O'Reilly, Singular Perturbation Methods in Control, SIAM 1999.
R. A. Smith, "Matrix equation XA + BX = C", SIAM J. Appl. Math. 16 (1968) 198–201 (doubling).
"""

from __future__ import annotations

import numpy as np

from raphe.propagation.components import strong_components
from raphe.propagation.loops import Loops, Mask
from raphe.propagation.reduction import Floats, Indices, gains, plan_reduction, reduce

#: How far to the left of one an eigenvalue has to be, and what is left of the pivots so that
#: rounding does not prove anything.
_LEFT = 1e-12
_MARGIN = 1e-9
#: Share of the typical draw's matrix in P, and doublings of the sum that it is.
_SHARE = 0.3
_DOUBLINGS = 10
#: Least pivot up to which elimination goes without pivoting.
_SAFE = 1e-3
#: Fewer nodes, or fewer draws, have their eigenvalues sooner than a P.
_FEW_NODES = 12
_FEW_DRAWS = 12


def is_plainly_stable(loops: Loops, scale: Floats) -> Mask:
    """Whether the fast part is stable by itself, and the adaptations upon it.

    Parameters
    ----------
    loops
        *n* nodes, *d* draws.
    scale
        Logarithms of the scales in which each draw is nearest to being diagonally stable, *n × d*;
        they make it fast, and decide nothing.
    """
    is_fast = ~(loops.is_late[loops.source] | loops.is_late[loops.target])
    ends = zip(loops.source[is_fast].tolist(), loops.target[is_fast].tolist(), strict=True)
    stable = np.ones(loops.draws, dtype=bool)
    # The eigenvalues of the whole are those of its strongly connected components.
    for component in strong_components(loops.size, ends):
        nodes = np.array(component)
        open_ = stable.copy()
        if len(nodes) >= _FEW_NODES and loops.draws >= _FEW_DRAWS:
            open_ &= ~_has_function(loops, scale, nodes)
        stable[open_] = _left_of_one(_among(loops.take(open_), nodes, nodes))
    late = np.flatnonzero(loops.is_late)
    some = np.flatnonzero(stable)
    if len(late) and len(some):
        stable[some] = _is_stable_upon(loops.take(some), scale[:, some], late)
    return stable


def _is_stable_upon(loops: Loops, scale: Floats, late: Indices) -> Mask:
    """Whether the adaptations come to rest when all the rest follows them at once."""
    everything = np.ones(len(loops.source), dtype=bool)
    kept = frozenset(late.tolist())
    plan = plan_reduction(loops.size, loops.source, loops.target, everything, kept)
    left, least = reduce(plan, gains(plan, loops.scaled(scale)))
    # Stable as it is, the fast part may still have a pivot near zero in this order.
    for draw in np.flatnonzero(~(least > _SAFE)):
        left[draw] = _schur_complement(loops.take(np.array([draw])), scale[:, [draw]], late)
    symmetric = np.eye(len(late)) * (1 - _MARGIN) - (left + left.transpose(0, 2, 1)) / 2
    stable = np.array([_is_positive(one) for one in symmetric])
    stable[~stable] = _left_of_one(left[~stable])
    return stable


def _schur_complement(loops: Loops, scale: Floats, late: Indices) -> Floats:
    """What the adaptations of one draw hear of each other, with pivoting."""
    early = np.flatnonzero(~loops.is_late)
    (fast,) = _among(loops, early, early, scale)
    (from_late,) = _among(loops, early, late, scale)
    (to_late,) = _among(loops, late, early, scale)
    (among_late,) = _among(loops, late, late, scale)
    brought = np.linalg.solve(np.eye(len(early)) - fast, from_late)
    return np.asarray(among_late + to_late @ brought)


def _among(loops: Loops, hear: Indices, heard: Indices, scale: Floats | None = None) -> Floats:
    """What some nodes hear of some, *d × hear × heard*."""
    row, column = np.full((2, loops.size), -1)
    row[hear], column[heard] = np.arange(len(hear)), np.arange(len(heard))
    weights = loops.weights if scale is None else loops.scaled(scale)
    matrix = np.zeros((loops.draws, len(hear), len(heard)))
    for edge in np.flatnonzero((row[loops.target] >= 0) & (column[loops.source] >= 0)):
        matrix[:, row[loops.target[edge]], column[loops.source[edge]]] += weights[edge]
    return matrix


def _has_function(loops: Loops, scale: Floats, nodes: Indices) -> Mask:
    """In which draws some fast nodes among themselves have a Lyapunov function like the typical."""
    size = len(nodes)
    place = np.full(loops.size, -1)
    place[nodes] = np.arange(size)
    edges = np.flatnonzero((place[loops.source] >= 0) & (place[loops.target] >= 0))
    source, target = place[loops.source[edges]], place[loops.target[edges]]
    weights = loops.scaled(scale)[edges]
    typical = np.eye(size)
    np.subtract.at(typical, (target, source), weights.mean(axis=1))
    own = _lyapunov_matrix(typical)
    if own is None:
        return np.zeros(loops.draws, dtype=bool)
    function = (1 - _SHARE) * np.eye(size) + _SHARE * own
    # Row j of BᵀP is the sum of P's rows i, each by what i hears of j.
    heard = np.zeros((loops.draws, size, size))
    for one, other, weight in zip(source.tolist(), target.tolist(), weights, strict=True):
        heard[:, one] += weight[:, None] * function[other]
    fixed = 2 * function - _MARGIN * np.eye(size)
    return np.array([_is_positive(fixed - own - own.T) for own in heard])


def _lyapunov_matrix(matrix: Floats) -> Floats | None:
    """P with PM + MᵀP twice the identity, which is positive definite; None if M is not stable.

    By Cayley's transform the sum of powers P = Σ (Uᵀ)ᵏ Q Uᵏ, of which each doubling adds as many
    terms as there are.
    """
    identity = np.eye(len(matrix))
    try:
        inverse = np.linalg.inv(identity + matrix)
    except np.linalg.LinAlgError:
        return None
    power = inverse @ (identity - matrix)
    total = 4 * inverse.T @ inverse
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(_DOUBLINGS):
            total = total + power.T @ total @ power
            power = power @ power
        total = (total + total.T) / 2
    return total if _is_positive(total) else None


def _is_positive(matrix: Floats) -> bool:
    if not np.isfinite(matrix).all():
        return False
    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return False
    return True


def _left_of_one(matrix: Floats) -> Mask:
    if not len(matrix):
        return np.ones(0, dtype=bool)
    if matrix.shape[-1] == 1:
        return np.asarray(matrix[:, 0, 0] < 1 - _LEFT)
    return np.asarray(np.linalg.eigvals(matrix).real.max(axis=1, initial=-np.inf) < 1 - _LEFT)
