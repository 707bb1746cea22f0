"""Stability with three paces: at once, soon, and after days.

Plainly stable is what comes to rest with one time constant for what binds and gates (receptors,
transporters, channels, G proteins: milliseconds to a second), another, far larger one for all else
that is fast, and a third, far larger still, for what adapts: what follows at once has all its
eigenvalues to the left of one, so has the fast part upon it, and so have the adaptations upon both
(Tikhonov).

That time constants differ is no detail. Of a negative loop of n lags equal ones are the worst case,
which bears a gain of sec(π/n)ⁿ; one pace for all would let a cascade seem to oscillate the sooner
the more steps of it are written out.

For the fast part most of these eigenvalues need not be computed. If any positive definite P makes
PM + MᵀP positive definite, M = I − A, then A has none from 1 on (Lyapunov). In the scales that come
nearest to a diagonal P, the sum of the identity and of a typical draw's own Lyapunov matrix serves
nearly all other draws too; elimination in each draw decides. Eigenvalues are left for the rest.

J. J. Tyson and H. G. Othmer, "The dynamics of feedback control circuits in biochemical pathways",
Prog. Theor. Biol. 5 (1978) 1–62. P. Kokotović, H. K. Khalil and J. O'Reilly, Singular Perturbation
Methods in Control, SIAM 1999. R. A. Smith, "Matrix equation XA + BX = C", SIAM J. Appl. Math. 16
(1968) 198–201 (doubling).
"""

from __future__ import annotations

import numpy as np

from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.components import strong_components
from raphe.propagation.loops import Loops, connect
from raphe.propagation.plan import Plan, plan_reduction
from raphe.propagation.reduction import gains, reduce

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
    """Whether what is prompt is stable by itself, the rest upon it, and adaptations upon both.

    Parameters
    ----------
    loops
        *n* nodes, *d* draws.
    scale
        Logarithms of the scales in which each draw is nearest to being diagonally stable, *n × d*;
        they make it fast, and decide nothing.
    """
    stable = np.ones(loops.draws, dtype=bool)
    if loops.is_prompt.any():
        stable = _are_stable(loops, scale, loops.is_prompt)
        loops, scale = _followed(loops.take(stable), scale[:, stable])
    some = np.flatnonzero(stable)
    stable[some] = _are_stable(loops, scale, ~loops.is_late)
    late, still = np.flatnonzero(loops.is_late), stable[some]
    if len(late) and still.any():
        stable[some[still]] = _is_stable_upon(loops.take(still), scale[:, still], late)
    return stable


def _are_stable(loops: Loops, scale: Floats, among: Mask) -> Mask:
    """Whether some nodes are stable among themselves, with one time constant for all of them."""
    inside = among[loops.source] & among[loops.target]
    ends = zip(loops.source[inside].tolist(), loops.target[inside].tolist(), strict=True)
    stable = np.ones(loops.draws, dtype=bool)
    # The eigenvalues of the whole are those of its strongly connected components.
    for component in strong_components(loops.size, ends):
        nodes = np.array(component)
        if not among[nodes[0]]:
            continue
        open_ = stable.copy()
        if len(nodes) >= _FEW_NODES and loops.draws >= _FEW_DRAWS:
            open_ &= ~_has_function(loops, scale, nodes)
        stable[open_] = _left_of_one(_among(loops.take(open_), nodes, nodes))
    return stable


def _followed(loops: Loops, scale: Floats) -> tuple[Loops, Floats]:
    """The loops that are left where what is prompt has followed; in their scales, which are now 0.

    Structure is that of the routes through what is prompt.
    """
    kept = np.flatnonzero(~loops.is_prompt)
    left, plan = _left(loops, scale, kept)
    place = {int(node): number for number, node in enumerate(kept)}
    routes = sorted((place[one], place[two]) for one, two in plan.ends if {one, two} <= set(place))
    source, target = np.array(routes, dtype=np.intp).reshape(-1, 2).T
    followed = connect(
        source, target, left[:, target, source].T, loops.is_late[kept], loops.is_prompt[kept]
    )
    return followed, np.zeros((len(kept), loops.draws))


def _left(loops: Loops, scale: Floats, kept: Indices) -> tuple[Floats, Plan]:
    """What some nodes hear of each other when all others have followed, *d × kept × kept*."""
    everything = np.ones(len(loops.source), dtype=bool)
    plan = plan_reduction(
        loops.size, loops.source, loops.target, everything, frozenset(kept.tolist())
    )
    left, least = reduce(plan, gains(plan, loops.scaled(scale)))
    # Stable as they are, the others may still have a pivot near zero in this order.
    for draw in np.flatnonzero(~(least > _SAFE)):
        left[draw] = _schur_complement(loops.take(np.array([draw])), scale[:, [draw]], kept)
    return left, plan


def _is_stable_upon(loops: Loops, scale: Floats, late: Indices) -> Mask:
    """Whether the adaptations come to rest when all the rest follows them at once."""
    left, _ = _left(loops, scale, late)
    symmetric = np.eye(len(late)) * (1 - _MARGIN) - (left + left.transpose(0, 2, 1)) / 2
    stable = np.array([_is_positive(one) for one in symmetric])
    stable[~stable] = _left_of_one(left[~stable])
    return stable


def _schur_complement(loops: Loops, scale: Floats, kept: Indices) -> Floats:
    """What some nodes of one draw hear of each other, with pivoting."""
    others = np.setdiff1d(np.arange(loops.size), kept)
    (fast,) = _among(loops, others, others, scale)
    (from_kept,) = _among(loops, others, kept, scale)
    (to_kept,) = _among(loops, kept, others, scale)
    (among_kept,) = _among(loops, kept, kept, scale)
    brought = np.linalg.solve(np.eye(len(others)) - fast, from_kept)
    return np.asarray(among_kept + to_kept @ brought)


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
