"""Symmetric matrices of one sparse structure, factored for many draws side by side.

LDLᵀ by elimination in the order that `reduction` plans; and of the inverse, the entries at the
places of the structure, without the rest of it.

K. Takahashi, J. Fagan and M.-S. Chin, Proc. 8th PICA Conf. (1973) 63–69 (the inverse at the edges).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from raphe.propagation.arrays import Floats, Indices
from raphe.propagation.plan import plan_reduction


@dataclass(frozen=True)
class Step:
    """Elimination of one node from a symmetric matrix."""

    node: int
    #: Nodes that it is tied to by then, and the pairs with these.
    tied: tuple[int, ...]
    ties: tuple[int, ...]
    #: For each of these nodes, the pairs with those before it.
    before: tuple[tuple[int, ...], ...]
    #: For each of these nodes, the pairs with all others, and the places of these others.
    among: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True)
class Factorisation:
    """How to factor every symmetric matrix of one structure."""

    size: int
    #: Distinct pairs of different nodes, with those that elimination adds.
    pairs: int
    steps: tuple[Step, ...]

    def factor(self, pivots: Floats, rows: Floats) -> None:
        """Turn diagonals and pairs into pivots and factors, in place.

        Parameters
        ----------
        pivots
            Diagonal, *n × d*; becomes D, which is positive exactly where the matrix is positive
            definite (rounding aside), and anything after the first pivot that is not.
        rows
            Off the diagonal, *pairs × d*; becomes L.
        """
        own, pair = list(pivots), list(rows)
        factor, product = np.empty((2, pivots.shape[1]))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
            for step in self.steps:
                pivot = own[step.node]
                for one, tie, before in zip(step.tied, step.ties, step.before, strict=True):
                    row = pair[tie]
                    np.divide(row, pivot, out=factor)
                    np.multiply(factor, row, out=product)
                    np.subtract(own[one], product, out=own[one])
                    # The ties of earlier places are divided already; factor × pivot is the tie.
                    for earlier, filled in zip(step.ties, before, strict=False):
                        np.multiply(pair[earlier], row, out=product)
                        np.subtract(pair[filled], product, out=pair[filled])
                    row[:] = factor

    def invert(self, pivots: Floats, rows: Floats) -> None:
        """Turn pivots and factors into the entries of the inverse at the same places, in place."""
        own, pair = list(pivots), list(rows)
        product = np.empty(pivots.shape[1])
        for step in reversed(self.steps):
            factors = [pair[tie].copy() for tie in step.ties]
            diagonal = own[step.node]
            np.divide(1.0, diagonal, out=diagonal)
            for place, one in enumerate(step.tied):
                total = pair[step.ties[place]]
                np.multiply(own[one], factors[place], out=total)
                for further, row in step.among[place]:
                    np.multiply(pair[row], factors[further], out=product)
                    np.add(total, product, out=total)
                np.negative(total, out=total)
            for factor, tie in zip(factors, step.ties, strict=True):
                np.multiply(factor, pair[tie], out=product)
                np.subtract(diagonal, product, out=diagonal)


def plan_factorisation(size: int, one: Indices, other: Indices) -> Factorisation:
    """The order in which to factor symmetric matrices of one structure.

    Parameters
    ----------
    size
        Number of nodes *n*.
    one, other
        Ends of each distinct pair, the smaller number first: their entries come first among the
        rows.
    """
    plan = plan_reduction(
        size,
        np.concatenate([one, other]),
        np.concatenate([other, one]),
        np.ones(2 * len(one), dtype=bool),
    )
    rows = {pair: row for row, pair in enumerate(zip(one.tolist(), other.tolist(), strict=True))}

    def row(first: int, second: int) -> int:
        return rows.setdefault((min(first, second), max(first, second)), len(rows))

    steps = []
    for step in plan.steps:
        tied = step.heard
        ties = tuple(row(step.node, one) for one in tied)
        among = tuple(
            tuple((place, row(one, other)) for place, other in enumerate(tied) if other != one)
            for one in tied
        )
        before = tuple(
            tuple(pair for _, pair in others[:place]) for place, others in enumerate(among)
        )
        steps.append(Step(step.node, tied, ties, before, among))
    return Factorisation(size, len(rows), tuple(steps))
