"""Diagonal Lyapunov functions: the search for scales D that make I − D⁻¹AD positive definite.

That is, its symmetric part: S, the symmetric part of D⁻¹AD, shall have no eigenvalue from 1 on.
Every D that is found is checked by elimination in each draw, which alone counts. Tried are, each
for the draws that are not proved by then,

1. the scales that balance what each node of a typical draw gets and gives, for all draws alike;
   then those that balance the draw itself. Exact for single loops of either sign;
2. for a typical draw, the analytic centre: Newton's method on φ = −log det(bound − S), while the
   bound comes down to 1; and from there to all draws at once, along the tangent (implicit function
   theorem): how the centre moves with each weight;
3. from there, some steps of each draw down its own φ, with the curvature of the typical draw; the
   slope needs the inverse at the edges only.

E. E. Osborne, "On pre-conditioning of matrices", J. ACM 7 (1960) 338–345 (balancing).
S. Boyd, L. El Ghaoui, E. Feron and V. Balakrishnan, Linear Matrix Inequalities in System and
Control Theory, SIAM 1994 (analytic centres).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from raphe.propagation.arrays import Floats, Mask
from raphe.propagation.loops import Loops

#: What has to be left of 1, so that rounding does not prove anything: the pivots' own errors are
#: some 1e-14. S. M. Rump, "Verification of positive definiteness", BIT 46 (2006) 433–452.
_MARGIN = 1e-10
#: Sweeps of balancing the typical draw, which no more sweeps change on circuits of a few hundred
#: nodes; and from there each draw, to prove which fewer do.
_SWEEPS = 20
_OWN_SWEEPS = 4
#: Draws that tell whether the others are worth balancing.
_SAMPLE = 64
#: A last shift that is small enough, in logarithms.
_EVEN = 0.01
#: Steps of Newton's method for the typical draw, halvings of each, a decrement that is near enough
#: the centre, a first step to where the bound may start, and a gap between bound and largest
#: eigenvalue where there is no getting on.
_NEWTON_STEPS = 40
_HALVINGS = 10
_NEAR = 0.1
_WIDE = 0.1
_NARROW = 0.01
#: Rounds for draws that are not proved at once, and the gap from which their bounds start: it is
#: halved after a step, and doubled where the bound is too low. On the monoamine circuit one draw in
#: fourteen needs them, and half of these get proved; more rounds prove hardly more.
_ROUNDS = 8
_GAP = 0.03
_CLOSER = 0.5
_FARTHER = 2.0
#: Bound of each step, in logarithms of scales.
_FARTHEST = 1.0
#: Multiplications that BLAS does without threads: OpenBLAS up to 64³.
_ALONE = 250_000
_TINY = 1e-12
_RIDGE = 1e-6


def find_scales(loops: Loops) -> tuple[Mask, Floats]:
    """For which draws scales were found that prove them stable, and the best that were found.

    Returns
    -------
    proved : Mask
        *d*.
    scale : Floats
        Logarithms of the scales, *n × d*.
    """
    typical = _typical(loops)
    common = _balanced(loops, np.abs(typical), np.zeros((loops.size, 1)), _SWEEPS)
    scale = np.repeat(common, loops.draws, axis=1)
    proved = _is_proved(loops, scale)
    left = np.flatnonzero(~proved)
    # Alone with its own loop, a node has no scale to be searched.
    if not len(left) or not len(loops.apart):
        return proved, scale
    # Where that of some draws by themselves proves none of them, it proves none of the others.
    for some in (left[:_SAMPLE], left[_SAMPLE:]):
        part = loops.take(some)
        scale[:, some] = _balanced(part, np.abs(part.weights), common, _OWN_SWEEPS)
        proved[some] = _is_proved(part, scale[:, some])
        if not proved[some].any():
            break
    left = np.flatnonzero(~proved)
    if len(left):
        part = loops.take(left)
        # Where weights of nothing take the loops apart, the barrier is flat and has no centre.
        with suppress(np.linalg.LinAlgError):
            centre = _centred(loops, typical[:, 0], common[:, 0])
            proved[left], scale[:, left] = _is_reached(part, centre, centre.scales(part.weights))
    return proved, scale


def _typical(loops: Loops) -> Floats:
    """The mean size of each weight with its usual sign, *m × 1*."""
    signs = np.where(loops.weights.mean(axis=1, keepdims=True) < 0, -1.0, 1.0)
    return np.asarray(signs * np.abs(loops.weights).mean(axis=1, keepdims=True))


def _is_proved(loops: Loops, scale: Floats) -> Mask:
    """Whether I minus the symmetric part is positive definite: whether all pivots are positive."""
    pivots, _ = loops.factored(scale, 1.0 - _MARGIN)
    return _is_positive(pivots)


def _is_positive(pivots: Floats) -> Mask:
    least = pivots.min(axis=0)
    return np.asarray(np.isfinite(least) & (least > _TINY))


def _balanced(loops: Loops, sizes: Floats, scale: Floats, sweeps: int) -> Floats:
    """Logarithms of the scales that even out what each node gets and gives, *n × d*.

    Parameters
    ----------
    sizes
        Of the weights, *m × d*.
    scale
        Where to start, *n × d* or *n × 1*.
    sweeps
        At most so many.
    """
    scale = np.repeat(scale, sizes.shape[1] // scale.shape[1], axis=1)
    source, target = loops.source[loops.apart], loops.target[loops.apart]
    if not len(source):
        return scale
    squares = np.maximum(sizes[loops.apart] ** 2, _TINY**2)
    moved = source[loops.by_source.firsts]
    for _ in range(sweeps):
        current = squares * np.exp(2 * (scale[source] - scale[target]))
        # In a strongly connected component, everything has both an input and an output.
        shift = np.log(loops.by_target.sums(current) / loops.by_source.sums(current)) / 8
        scale[moved] += shift
        if np.abs(shift).max(initial=0.0) < _EVEN:
            break
    return scale


@dataclass(frozen=True)
class _Centre:
    """The best scales of a typical draw, and how those of others differ."""

    #: Logarithms of the scales, *n*.
    scale: Floats
    #: Weights of the typical draw, *m*.
    weights: Floats
    #: How the best scales move with the weights, *n × m*.
    shift: Floats
    #: Inverse of the curvature, *n × n*.
    metric: Floats

    def scales(self, weights: Floats) -> Floats:
        """Scales of other draws, to first order, *n × d*."""
        moved = _product(self.shift, weights - self.weights[:, None])
        return self.scale[:, None] + np.clip(moved, -_FARTHEST, _FARTHEST)


def _centred(loops: Loops, weights: Floats, scale: Floats) -> _Centre:
    """The analytic centre of a typical draw, by Newton's method down a path of bounds."""
    source, target = loops.source, loops.target

    def scaled(scale: Floats) -> Floats:
        matrix = np.zeros((loops.size, loops.size))
        np.add.at(matrix, (target, source), weights * np.exp(scale[source] - scale[target]))
        return matrix

    matrix = scaled(scale)
    bound, gap = 1.0, _WIDE
    while not np.isfinite(value := _barrier(matrix, bound)):
        bound, gap = bound + gap, 2 * gap
    for _ in range(_NEWTON_STEPS):
        slope, curvature, inverse, _ = _derivatives(matrix, bound)
        step = -np.linalg.solve(curvature, slope)
        decrement = -float(slope @ step)
        step *= min(1.0, _FARTHEST / max(float(np.abs(step).max()), _TINY))
        for _ in range(_HALVINGS):
            trial = scaled(scale + step)
            reached = _barrier(trial, bound)
            if reached <= value:
                scale, matrix, value = scale + step, trial, reached
                break
            step /= 2
        else:
            break
        if decrement < _NEAR:
            # No eigenvalue of the inverse exceeds its norm: so far the bound may come down.
            gap = 1 / float(np.linalg.norm(inverse))
            if bound == 1.0 or gap < _NARROW:
                break
            lower = max(1.0, bound - gap / 2)
            value = _barrier(matrix, lower)
            if not np.isfinite(value):
                break
            bound = lower
    _, curvature, inverse, skewed = _derivatives(matrix, bound)
    metric: Floats = np.asarray(np.linalg.inv(curvature), dtype=np.float64)
    bend = _bend(loops, weights, scale, inverse, skewed)
    return _Centre(scale, weights, -_product(metric, bend), metric)


def _barrier(matrix: Floats, bound: float) -> float:
    """φ; infinite where the bound is too low."""
    try:
        factor = np.linalg.cholesky(bound * np.eye(len(matrix)) - (matrix + matrix.T) / 2)
    except np.linalg.LinAlgError:
        return np.inf
    return -2 * float(np.log(np.diagonal(factor)).sum())


def _derivatives(matrix: Floats, bound: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Slope and curvature of φ over the logarithms of scales, and Q and QK.

    With Q = (bound − S)⁻¹, B = D⁻¹AD, T = B ∘ Q and K = B − Bᵀ the slope is what each node gives of
    T minus what it gets. The curvature is (QK ∘ (QK)ᵀ + Q ∘ KᵀQK) / 2 plus the Laplacian of T; of
    this, what might be negative is left out.
    """
    size = len(matrix)
    inverse: Floats = np.asarray(
        np.linalg.inv(bound * np.eye(size) - (matrix + matrix.T) / 2), dtype=np.float64
    )
    flow = matrix * inverse
    skewed, framed = _framed(inverse, matrix - matrix.T)
    slope = flow.sum(axis=0) - flow.sum(axis=1)
    flow = np.maximum(flow, 0.0)
    flow = flow + flow.T
    curvature = (skewed * skewed.T + inverse * framed) / 2 - flow
    # All scales of a component together change nothing: hence the last term.
    curvature[np.diag_indices(size)] += flow.sum(axis=1) + _RIDGE
    return slope, curvature, inverse, skewed


def _framed(inverse: Floats, skew: Floats) -> tuple[Floats, Floats]:
    """QK and KᵀQK, by the few entries that K has."""
    columns, rows = np.nonzero(skew.T)
    values = skew[rows, columns]
    starts = np.flatnonzero(np.r_[len(columns) > 0, columns[1:] != columns[:-1]])
    skewed, framed = np.zeros_like(skew), np.zeros_like(skew)
    if len(starts):
        skewed[:, columns[starts]] = np.add.reduceat(inverse[:, rows] * values, starts, axis=1)
        framed[columns[starts]] = np.add.reduceat(skewed[rows] * values[:, None], starts, axis=0)
    return skewed, framed


def _product(left: Floats, right: Floats) -> Floats:
    """A matrix product in strips so narrow that BLAS takes no threads for them.

    To wait for its threads on a busy machine takes longer than everything else here.
    """
    product = np.empty((len(left), right.shape[1]))
    width = max(1, _ALONE // left.size)
    for start in range(0, right.shape[1], width):
        strip = slice(start, start + width)
        product[:, strip] = left @ right[:, strip]
    return product


def _bend(loops: Loops, weights: Floats, scale: Floats, inverse: Floats, skewed: Floats) -> Floats:
    """How the slope of φ changes with each weight, *n × m*."""
    source, target = loops.source, loops.target
    edges = np.arange(len(weights))
    bent = skewed[target] * inverse[source] + skewed[source] * inverse[target]
    bent /= 2
    bent[edges, source] += inverse[target, source]
    bent[edges, target] -= inverse[target, source]
    bent *= np.exp(scale[source] - scale[target])[:, None]
    return bent.T


def _is_reached(loops: Loops, centre: _Centre, scale: Floats) -> tuple[Mask, Floats]:
    """Which draws get proved where they are, or by some steps down their own φ; where they end."""
    proved, reached = _is_proved(loops, scale), scale.copy()
    left = np.flatnonzero(~proved)
    scale, gap = scale[:, left], np.full(len(left), _GAP)
    for _ in range(_ROUNDS):
        if not len(left):
            break
        part = loops.take(left)
        scale, gap = _stepped(part, centre, scale, gap)
        found = _is_proved(part, scale)
        proved[left] = found
        left, scale, gap = left[~found], scale[:, ~found], gap[~found]
    reached[:, left] = scale
    return proved, reached


def _stepped(loops: Loops, centre: _Centre, scale: Floats, gap: Floats) -> tuple[Floats, Floats]:
    """A step of each draw down its own φ, with the curvature of the typical draw, and new gaps."""
    pivots, rows = loops.factored(scale, 1.0 + gap)
    inside = _is_positive(pivots)
    gap = np.where(inside, gap * _CLOSER, gap * _FARTHER)
    some = np.flatnonzero(inside)
    if not len(some):
        return scale, gap
    pivots, rows = pivots[:, some], rows[:, some]
    loops.factorisation.invert(pivots, rows)
    flow = loops.take(some).scaled(scale[:, some])[loops.apart] * rows[loops.pair]
    # In a strongly connected component, everything has both an input and an output.
    slope = np.zeros_like(pivots)
    slope[loops.source[loops.apart][loops.by_source.firsts]] = loops.by_source.sums(
        flow
    ) - loops.by_target.sums(flow)
    step = _product(centre.metric, slope)
    size = np.sqrt(np.maximum((slope * step).sum(axis=0), 0.0))
    step /= 1 + size
    scale = scale.copy()
    scale[:, some] -= np.clip(step, -_FARTHEST, _FARTHEST)
    return scale, gap
