"""How much one outcome tells of another, over the draws: mutual information, in bits.

An estimate from *d* draws is above zero even where there is nothing to be told; of thousands of
estimates the greatest are far above. So from each the usual excess is taken off, and only what
chance would not bring about in any of the pairs that were compared counts at all.

C. E. Shannon, Bell Syst. Tech. J. 27 (1948) 379–423, 623–656.
G. A. Miller, in "Information Theory in Psychology", 1955 (the excess).
S. S. Wilks, Ann. Math. Stat. 9 (1938) 60–62 (distribution of 2 d times the estimate, in nats).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.arrays import Floats, Mask
from raphe.reweighting import OUTCOMES, Codes

Counts = NDArray[np.int64]

#: How many outcomes there are, and in how many ways two of them may depend on each other.
_OUTCOMES = len(OUTCOMES)
_WAYS = (_OUTCOMES - 1) ** 2
#: Probability that chance alone brings any pair above the floor.
_CHANCE = 0.05
_STEPS = 60


@dataclass(frozen=True, eq=False)
class Information:
    """How much each outcome of one list tells of each of another, in bits, *a × b*."""

    #: Estimate from the draws as they are.
    plain: Floats = field(repr=False)
    #: Without its usual excess, and nothing where that is below the floor.
    bits: Floats = field(repr=False)


@dataclass(frozen=True, eq=False)
class Events:
    """Outcomes in the same draws, all of which came to rest."""

    #: Numbers of outcomes, *a × d*.
    codes: Codes = field(repr=False)

    @cached_property
    def counts(self) -> Counts:
        """In how many draws each row has each outcome, *a × 3*."""
        return np.stack([(self.codes == one).sum(axis=1) for one in range(_OUTCOMES)], axis=1)

    @cached_property
    def entropy(self) -> Floats:
        """How much is not known of each row, in bits, *a*; as it is, without correction.

        Examples
        --------
        >>> Events(np.array([[0, 0, 1, 2], [0, 0, 0, 0]], dtype=np.int8)).entropy.tolist()
        [1.5, 0.0]
        """
        size = self.codes.shape[1]
        table = _logarithms(size)
        return np.asarray((table[size] - table[self.counts].sum(axis=1)) / max(size, 1))

    @cached_property
    def indicators(self) -> tuple[NDArray[np.float32], ...]:
        """Whether each row has each outcome but the last, *a × d* each."""
        return tuple((self.codes == one).astype(np.float32) for one in range(_OUTCOMES - 1))

    def take(self, rows: NDArray[np.intp] | Sequence[int]) -> Events:
        """Some of the rows."""
        return Events(self.codes[rows])

    def within(self, draws: Mask) -> Events:
        """The same in some of the draws."""
        return self if draws.all() else Events(self.codes[:, draws])


def contingency(rows: Events, columns: Events) -> Counts:
    """In how many draws each pair of outcomes comes together, *3 × 3 × a × b*.

    Indicators of all but the last outcome are multiplied, all pairs at once; the last follows from
    the totals. Products of counts below 2²⁴ are exact in single precision.

    Examples
    --------
    >>> same = Events(np.array([[0, 0, 1, 2]], dtype=np.int8))
    >>> contingency(same, same)[:, :, 0, 0].tolist()
    [[2, 0, 0], [0, 1, 0], [0, 0, 1]]
    """
    last = _OUTCOMES - 1
    found = np.empty((_OUTCOMES, _OUTCOMES, len(rows.codes), len(columns.codes)), dtype=np.int64)
    for one, first in enumerate(rows.indicators):
        for other, second in enumerate(columns.indicators):
            found[one, other] = first @ second.T
        found[one, last] = rows.counts[:, one, None] - found[one, :last].sum(axis=0)
    found[last] = columns.counts.T[:, None, :] - found[:last].sum(axis=0)
    return found


def information(rows: Events, columns: Events, pairs: int) -> Information:
    """How much outcomes tell of each other, in bits, *a × b*.

    Parameters
    ----------
    rows, columns
        *a* and *b* of them, in the same draws.
    pairs
        How many pairs are compared in all, here and elsewhere.

    Notes
    -----
    I = Σ n log₂(n d / (row · column)) / d; its usual excess is (r − 1)(c − 1) / (2 d ln 2), with r
    and c the outcomes that occur at all (Miller). Where there is nothing to be told, 2 d I ln 2
    follows a χ² of (r − 1)(c − 1) degrees of freedom, four at most (Wilks).

    Examples
    --------
    >>> half = Events(np.array([[0] * 500 + [1] * 500], dtype=np.int8))
    >>> information(half, half, 1).plain.tolist()
    [[1.0]]
    """
    size = rows.codes.shape[1]
    table = _logarithms(size)
    tables = contingency(rows, columns)
    plain = np.zeros(tables.shape[2:])
    for cells in tables.reshape(-1, *tables.shape[2:]):
        plain += np.take(table, cells)
    plain -= table[rows.counts].sum(axis=1)[:, None]
    plain -= table[columns.counts].sum(axis=1)
    plain += table[size]
    plain /= size
    ways = ((rows.counts > 0).sum(axis=1) - 1)[:, None] * ((columns.counts > 0).sum(axis=1) - 1)
    corrected = plain - ways / (2 * size * math.log(2))
    bits = np.where((plain > floor(size, pairs)) & (corrected > 0), corrected, 0)
    return Information(np.maximum(plain, 0), bits)


def floor(draws: int, pairs: int) -> float:
    """Bits that no pair reaches by chance, but for one body of draws in twenty.

    Parameters
    ----------
    draws
        How many of them.
    pairs
        How many pairs are compared.

    Examples
    --------
    >>> round(floor(1000, 1), 4), round(floor(1000, 10_000), 4)
    (0.0068, 0.0216)
    """
    # Of four degrees of freedom, χ² lies above x with probability exp(−x/2) (1 + x/2).
    assert _WAYS == 4
    wanted = math.log(_CHANCE / max(pairs, 1))
    half = -wanted
    for _ in range(_STEPS):
        half = -wanted + math.log1p(half)
    return half / (draws * math.log(2))


def _logarithms(most: int) -> Floats:
    """N log₂ n of all counts up to the most."""
    numbers = np.arange(most + 1, dtype=float)
    return np.asarray(numbers * np.log2(np.maximum(numbers, 1)))
