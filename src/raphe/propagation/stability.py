"""Which draws are stable.

The time constants of the nodes are not known, so a draw should be stable whatever they are. A
diagonal Lyapunov function proves just that. Let M = I − A, where a slow edge counts as what it is:
a relay, a node of its own that follows the source. A node that hears nothing but slow edges needs
none: it is itself what follows within days, and a density or function that adapts to its receptor
closes a loop of two lags, not three, with what it acts on. If some positive diagonal P makes
PM + MᵀP positive definite, then

* T dx/dt = −Mx decays for every positive diagonal T, whether the adaptations take days or minutes;
* the same P serves with the gains of any nodes scaled down (by drugs, by bounds) and with any nodes
  held, since P G⁻¹ (I − GA) = P(G⁻¹ − A) and G⁻¹ ≥ I: hence the bounded steady state is unique;
* every principal minor of M is positive; so are those of the network without its adaptations, which
  is a part of it, and of that whose adaptations have caught up, which is a Schur complement of it.

None of this covers gains that a drug raises above 1, as a positive allosteric modulator does.

With P = D⁻² the condition reads: the symmetric part S of D⁻¹AD has no eigenvalue from 1 on. D is
searched, and every D that is found is checked by elimination in each draw, which alone counts:

1. for a typical draw, the analytic centre: Newton's method on −log det(bound − S), while the bound
   comes down to 1;
2. from there to all draws at once, along the tangent (implicit function theorem): how the centre
   moves with each weight;
3. for what is not proved by then, some steps of each draw down its own −log det, with the curvature
   of the typical draw; the slope needs the inverse at the edges only.

What remains gets the plain test: fast part and adaptations each have all their eigenvalues to the
left of one (time constants far apart: Tikhonov).

E. Kaszkurewicz and A. Bhaya, Matrix Diagonal Stability in Systems and Computation, Birkhäuser 2000.
E. E. Osborne, "On pre-conditioning of matrices", J. ACM 7 (1960) 338–345 (where Newton starts).
S. Boyd, L. El Ghaoui, E. Feron and V. Balakrishnan, Linear Matrix Inequalities in System and
Control Theory, SIAM 1994 (analytic centres).
K. Takahashi, J. Fagan and M.-S. Chin, Proc. 8th PICA Conf. (1973) 63–69 (the inverse at the edges).
P. Kokotović, H. K. Khalil and J. O'Reilly, Singular Perturbation Methods in Control, SIAM 1999.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.reduction import Floats, Indices, plan_reduction

Mask = NDArray[np.bool_]

#: Sweeps of balancing; more change nothing on circuits of a few hundred nodes.
_SWEEPS = 20
#: A last shift that is small enough, in logarithms.
_EVEN = 0.01
#: Steps of Newton's method for the typical draw, halvings of each, a decrement that is near enough
#: the centre, and gaps between bound and largest eigenvalue at the start and where there is no
#: getting on.
_NEWTON_STEPS = 40
_HALVINGS = 10
_NEAR = 0.1
_WIDE = 0.1
_NARROW = 0.01
#: Rounds for draws that are not proved at once, and the gap from which their bounds start: it is
#: halved after a step, and doubled where the bound is too low.
_ROUNDS = 12
_GAP = 0.03
#: The same from a draw's own balance, which is farther away.
_LAST_ROUNDS = 8
_WIDE_GAP = 0.3
_CLOSER = 0.5
_FARTHER = 2.0
#: Bound of each step, in logarithms of scales.
_FARTHEST = 1.0
_TINY = 1e-12
_RIDGE = 1e-6
#: Up to so many nodes a component is small.
_FEW = 12


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
    waits = _waits(target, slow, len(component))
    for own in _portions(source, inside, component):
        part = _assess(_loops(source[own], target[own], slow[own], weights[own], waits))
        verdict = Stability(verdict.stable & part.stable, verdict.proved & part.proved)
    return verdict


def _portions(source: Indices, inside: Mask, component: Indices) -> Iterator[Indices]:
    """Edges to be judged together: of one large component, or of all small ones.

    Small ones side by side are a matrix in blocks, and cost as much as one of them alone.
    """
    edges = np.flatnonzero(inside)
    count = np.bincount(component, minlength=len(component))[component[source[edges]]]
    few = edges[(count > 1) & (count <= _FEW)]
    if len(few):
        yield few
    rest = edges[(count == 1) | (count > _FEW)]
    for number in np.unique(component[source[rest]]):
        yield rest[component[source[rest]] == number]


def _assess(loops: _Loops) -> Stability:
    """Stability of strongly connected components, all together."""
    centre = _centred(loops)
    # Alone with its own loop, a node has no scale to be searched.
    rounds = _ROUNDS if loops.size > 1 else 0
    proved = _is_reached(loops, centre, centre.scales(loops.weights), _GAP, rounds)
    left = np.flatnonzero(~proved)
    if rounds and len(left):
        # Draws far from the typical one are better off with their own balance.
        part = loops.take(left)
        proved[left] = _is_reached(
            part, centre, _balanced(part, np.abs(part.weights)), _WIDE_GAP, _LAST_ROUNDS
        )
        left = np.flatnonzero(~proved)
    stable = proved.copy()
    stable[left] = _is_plainly_stable(loops.take(left))
    return Stability(stable, proved)


def _is_reached(loops: _Loops, centre: _Centre, scale: Floats, gap: float, rounds: int) -> Mask:
    """Which draws get proved where they are, or by some steps from there."""
    proved = np.zeros(scale.shape[1], dtype=bool)
    left, gaps = np.arange(len(proved)), np.full(len(proved), gap)
    for number in range(rounds + 1):
        if not len(left):
            break
        part = loops.take(left)
        if number:
            scale, gaps = _stepped(part, centre, scale, gaps)
        found = _is_proved(part, scale)
        proved[left] = found
        left, scale, gaps = left[~found], scale[:, ~found], gaps[~found]
    return proved


def _waits(target: Indices, slow: Mask, size: int) -> Mask:
    """Which nodes hear adaptations and nothing else: these are themselves what adapts."""
    waits = np.zeros(size, dtype=bool)
    waits[target[slow]] = True
    waits[target[~slow]] = False
    return waits


@dataclass(frozen=True)
class _Loops:
    """The edges of strongly connected components, relays included."""

    size: int
    source: Indices
    target: Indices
    #: *Edges × d*.
    weights: Floats
    #: Relays and nodes that wait: what days move, and nothing faster.
    is_late: Mask
    #: Edges that are own loops, and those between different nodes, with the pairs of the latter.
    own: Indices
    apart: Indices
    pair: Indices
    by_pair: _Groups
    elimination: _Elimination

    def take(self, draws: NDArray[np.intp]) -> _Loops:
        """Some of the draws."""
        return replace(self, weights=self.weights[:, draws])

    def scaled(self, scale: Floats) -> Floats:
        """Entries of D⁻¹AD, *edges × d*."""
        return self.weights * np.exp(scale[self.source] - scale[self.target])

    def factored(self, scale: Floats, bound: Floats | float) -> tuple[Floats, Floats]:
        """Pivots and factors of the bound times I minus the symmetric part, *n × d*."""
        scaled = self.scaled(scale)
        rows = np.zeros((self.elimination.pairs, scale.shape[1]))
        rows[: len(self.by_pair.starts)] = self.by_pair.sums(scaled[self.apart])
        rows *= -0.5
        pivots = np.empty_like(scale)
        pivots[:] = bound
        for edge in self.own:
            pivots[self.source[edge]] -= scaled[edge]
        self.elimination.factored(pivots, rows)
        return pivots, rows

    @cached_property
    def by_source(self) -> _Groups:
        """Edges between different nodes, by source."""
        return _Groups.of(self.source[self.apart])

    @cached_property
    def by_target(self) -> _Groups:
        """Edges between different nodes, by target."""
        return _Groups.of(self.target[self.apart])


def _loops(source: Indices, target: Indices, slow: Mask, weights: Floats, waits: Mask) -> _Loops:
    """The edges of one component; an adaptation of what waits for nothing else needs no relay."""
    relayed = np.flatnonzero(slow & ~waits[target])
    names, numbers = np.unique(np.concatenate([source, target]), return_inverse=True)
    relays = len(names) + np.arange(len(relayed))
    starts, ends = numbers[: len(source)], numbers[len(source) :]
    starts, ends = np.concatenate([starts, starts[relayed]]), np.concatenate([ends, relays])
    starts[relayed] = relays
    size = len(names) + len(relayed)
    apart = np.flatnonzero(starts != ends)
    pairs, pair = np.unique(
        np.minimum(starts, ends)[apart] * size + np.maximum(starts, ends)[apart],
        return_inverse=True,
    )
    return _Loops(
        size=size,
        source=starts,
        target=ends,
        weights=np.concatenate([weights, np.ones((len(relayed), weights.shape[1]))]),
        is_late=np.concatenate([waits[names], np.ones(len(relayed), dtype=bool)]),
        own=np.flatnonzero(starts == ends),
        apart=apart,
        pair=pair,
        by_pair=_Groups.of(pair),
        elimination=_Elimination.of(size, pairs // size, pairs % size),
    )


@dataclass(frozen=True)
class _Elimination:
    """LDLᵀ of symmetric matrices of one structure, all draws side by side."""

    #: Distinct pairs of different nodes, with those that elimination adds.
    pairs: int
    #: Per step: the node, those that it is tied to by then, the pairs with these, and the pairs
    #: among these, row by row up to the diagonal.
    steps: tuple[tuple[int, tuple[int, ...], tuple[int, ...], tuple[tuple[int, ...], ...]], ...]

    @classmethod
    def of(cls, size: int, one: Indices, other: Indices) -> _Elimination:
        """For a structure that is given by its pairs."""
        plan = plan_reduction(
            size,
            np.concatenate([one, other]),
            np.concatenate([other, one]),
            np.ones(2 * len(one), dtype=bool),
        )
        rows = {
            pair: row for row, pair in enumerate(zip(one.tolist(), other.tolist(), strict=True))
        }

        def row(first: int, second: int) -> int:
            return rows.setdefault((min(first, second), max(first, second)), len(rows))

        steps = tuple(
            (
                step.node,
                step.heard,
                tuple(row(step.node, one) for one in step.heard),
                tuple(
                    tuple(row(one, other) for other in step.heard[:place])
                    for place, one in enumerate(step.heard)
                ),
            )
            for step in plan.steps
        )
        return cls(len(rows), steps)

    def factored(self, pivots: Floats, rows: Floats) -> None:
        """Turn diagonals and pairs into pivots and factors, in place.

        Parameters
        ----------
        pivots
            Diagonal, *n × d*; becomes D.
        rows
            Off the diagonal, *pairs × d*; becomes L.
        """
        own, pair = list(pivots), list(rows)
        factor, product = np.empty((2, pivots.shape[1]))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
            for node, tied, with_node, among in self.steps:
                for place, (one, tie) in enumerate(zip(tied, with_node, strict=True)):
                    np.divide(pair[tie], own[node], out=factor)
                    np.multiply(factor, pair[tie], out=product)
                    np.subtract(own[one], product, out=own[one])
                    # The ties of earlier places are divided already; factor × pivot is the tie.
                    for earlier, row in zip(with_node, among[place], strict=False):
                        np.multiply(pair[earlier], pair[tie], out=product)
                        np.subtract(pair[row], product, out=pair[row])
                    pair[tie][:] = factor

    def inverted(self, pivots: Floats, rows: Floats) -> None:
        """Turn pivots and factors into the entries of the inverse at the same places, in place."""
        own, pair = list(pivots), list(rows)
        product = np.empty(pivots.shape[1])
        for node, tied, with_node, among in reversed(self.steps):
            factors = [pair[tie].copy() for tie in with_node]
            np.divide(1.0, own[node], out=own[node])
            for place, (one, tie) in enumerate(zip(tied, with_node, strict=True)):
                total = pair[tie]
                np.multiply(own[one], factors[place], out=total)
                for further in range(len(tied)):
                    if further != place:
                        low, high = sorted((further, place))
                        np.multiply(pair[among[high][low]], factors[further], out=product)
                        np.add(total, product, out=total)
                np.negative(total, out=total)
            for factor, tie in zip(factors, with_node, strict=True):
                np.multiply(factor, pair[tie], out=product)
                np.subtract(own[node], product, out=own[node])


@dataclass(frozen=True)
class _Centre:
    """The best scales of a typical draw, and how those of others differ."""

    #: Logarithms of the scales, *n*.
    scale: Floats
    #: Weights of the typical draw, *edges*.
    weights: Floats
    #: How the best scales move with the weights, *n × edges*.
    shift: Floats
    #: Inverse of the curvature, *n × n*.
    metric: Floats

    def scales(self, weights: Floats) -> Floats:
        """Scales of other draws, to first order, *n × d*."""
        moved = self.shift @ (weights - self.weights[:, None])
        return self.scale[:, None] + np.clip(moved, -_FARTHEST, _FARTHEST)


def _centred(loops: _Loops) -> _Centre:
    """The analytic centre of a typical draw, by Newton's method down a path of bounds.

    Minimised is φ = −log det(bound − S), S the symmetric part, over the logarithms of scales. With
    Q = (bound − S)⁻¹, B = D⁻¹AD, T = B ∘ Q and K = B − Bᵀ its slope is what each node gives of T
    minus what it gets; of its curvature, what might be negative is left out.
    """
    source, target, size = loops.source, loops.target, loops.size
    signs = np.where(loops.weights.mean(axis=1) < 0, -1.0, 1.0)
    weights = signs * np.abs(loops.weights).mean(axis=1)
    scale = _balanced(loops, np.abs(weights)[:, None])[:, 0]
    one = np.eye(size)

    def scaled(scale: Floats) -> Floats:
        matrix = np.zeros((size, size))
        np.add.at(matrix, (target, source), weights * np.exp(scale[source] - scale[target]))
        return matrix

    matrix = scaled(scale)
    top = _top(matrix)
    bound = max(1.0, top + _WIDE)
    for _ in range(_NEWTON_STEPS):
        slope, curvature, *_ = _derivatives(matrix, bound)
        step = -np.linalg.solve(curvature, slope)
        decrement = -float(slope @ step)
        length = min(1.0, _FARTHEST / max(float(np.abs(step).max()), _TINY))
        value = -np.linalg.slogdet(bound * one - (matrix + matrix.T) / 2)[1]
        for _ in range(_HALVINGS):
            trial = scaled(scale + length * step)
            reached = _top(trial)
            if reached < bound and (
                -np.linalg.slogdet(bound * one - (trial + trial.T) / 2)[1] <= value
            ):
                scale, matrix, top = scale + length * step, trial, reached
                break
            length /= 2
        if decrement < _NEAR:
            if bound == 1.0 or bound - top < _NARROW:
                break
            bound = max(1.0, (bound + top) / 2)
    _, curvature, inverse, skewed = _derivatives(matrix, bound)
    bent = skewed[target] * inverse[source] + skewed[source] * inverse[target]
    edges = np.arange(len(source))
    bent /= 2
    bent[edges, source] += inverse[target, source]
    bent[edges, target] -= inverse[target, source]
    bent *= np.exp(scale[source] - scale[target])[:, None]
    metric: Floats = np.asarray(np.linalg.inv(curvature), dtype=np.float64)
    return _Centre(scale, weights, -metric @ bent.T, metric)


def _derivatives(matrix: Floats, bound: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Slope and curvature of φ, and Q and QK."""
    size = len(matrix)
    inverse: Floats = np.asarray(
        np.linalg.inv(bound * np.eye(size) - (matrix + matrix.T) / 2), dtype=np.float64
    )
    flow = matrix * inverse
    skew = matrix - matrix.T
    skewed = inverse @ skew
    slope = flow.sum(axis=0) - flow.sum(axis=1)
    flow = np.maximum(flow, 0.0)
    flow = flow + flow.T
    curvature = (skewed * skewed.T + inverse * (skew.T @ skewed)) / 2 - flow
    # All scales of a component together change nothing: hence the last term.
    curvature[np.diag_indices(size)] += flow.sum(axis=1) + _RIDGE
    return slope, curvature, inverse, skewed


def _top(matrix: Floats) -> float:
    return float(np.linalg.eigvalsh((matrix + matrix.T) / 2)[-1])


def _is_proved(loops: _Loops, scale: Floats) -> Mask:
    """Whether I minus the symmetric part is positive definite: whether all pivots are positive."""
    pivots, _ = loops.factored(scale, 1.0)
    return _is_positive(pivots)


def _is_positive(pivots: Floats) -> Mask:
    least = pivots.min(axis=0)
    return np.asarray(np.isfinite(least) & (least > _TINY))


def _stepped(loops: _Loops, centre: _Centre, scale: Floats, gap: Floats) -> tuple[Floats, Floats]:
    """A step of each draw down its own φ, with the curvature of the typical draw, and new gaps."""
    bound = 1.0 + gap
    pivots, rows = loops.factored(scale, bound)
    inside = _is_positive(pivots)
    gap = np.where(inside, gap * _CLOSER, gap * _FARTHER)
    if not inside.any():
        return scale, gap
    some = np.flatnonzero(inside)
    pivots, rows = pivots[:, some], rows[:, some]
    loops.elimination.inverted(pivots, rows)
    scaled = loops.take(some).scaled(scale[:, some])[loops.apart]
    flow = scaled * rows[loops.pair]
    # In a strongly connected component, everything has both an input and an output.
    slope = loops.by_source.sums(flow) - loops.by_target.sums(flow)
    step = centre.metric @ slope
    size = np.sqrt(np.maximum((slope * step).sum(axis=0), 0.0))
    step /= 1 + size
    scale = scale.copy()
    scale[:, some] -= np.clip(step, -_FARTHEST, _FARTHEST)
    return scale, gap


def _balanced(loops: _Loops, sizes: Floats) -> Floats:
    """Logarithms of the scales that even out what each node gets and gives, *n × d*.

    The sizes are those of the weights, *edges × d*. Exact for single loops of either sign.
    """
    scale = np.zeros((loops.size, sizes.shape[1]))
    source, target = loops.source[loops.apart], loops.target[loops.apart]
    squares = np.maximum(sizes[loops.apart] ** 2, _TINY**2)
    for _ in range(_SWEEPS if len(source) else 0):
        current = squares * np.exp(2 * (scale[source] - scale[target]))
        # In a strongly connected component, everything has both an input and an output.
        shift = np.log(loops.by_target.sums(current) / loops.by_source.sums(current)) / 8
        scale += shift
        if np.abs(shift).max(initial=0.0) < _EVEN:
            break
    return scale


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
        return cls(order, np.flatnonzero(np.r_[len(ends) > 0, ends[1:] != ends[:-1]]))

    def sums(self, values: Floats) -> Floats:
        """Sum of each group's rows."""
        return np.asarray(np.add.reduceat(values[self.order], self.starts, axis=0))


def _is_plainly_stable(loops: _Loops) -> Mask:
    """Whether the fast part is stable by itself, and the adaptations upon it."""
    matrix = np.zeros((loops.weights.shape[1], loops.size, loops.size))
    for edge, weight in enumerate(loops.weights):
        matrix[:, loops.target[edge], loops.source[edge]] += weight
    early, late = np.flatnonzero(~loops.is_late), np.flatnonzero(loops.is_late)
    fast = matrix[:, early[:, None], early]
    stable = _left_of_one(fast)
    if len(late):
        some = np.flatnonzero(stable)
        to_late, from_late = (
            matrix[:, late[:, None], early][some],
            matrix[:, early[:, None], late][some],
        )
        brought = np.linalg.solve(np.eye(len(early)) - fast[some], from_late)
        among_late = matrix[:, late[:, None], late][some]
        stable[some] = _left_of_one(among_late + to_late @ brought)
    return stable


def _left_of_one(matrix: Floats) -> Mask:
    return np.asarray(np.linalg.eigvals(matrix).real.max(axis=1, initial=-np.inf) < 1 - _TINY)
