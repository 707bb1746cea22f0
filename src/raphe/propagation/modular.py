"""Exact integers by arithmetic modulo primes: adjugates and determinants of integer matrices.

Modulo a prime below 2³¹ every product fits into 64 bits, so that elimination runs on whole arrays
of machine integers. Hadamard's bound says how many primes determine the integers; the Chinese
remainder theorem puts them together. Nothing is random, and a matrix that is singular (modulo a
prime or altogether) needs no other way: of rank n − 1 its adjugate is the product of its two null
vectors, scaled by what elimination has kept; of lower rank it is nothing.

J. von zur Gathen and J. Gerhard, Modern Computer Algebra, Cambridge, chapter 5.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import count
from math import prod

import numpy as np
from numpy.typing import NDArray

from raphe.community import Integers

#: Whole numbers of any size.
Exact = NDArray[np.object_]

_LARGEST = 2**31 - 1
#: With these bases the test of Miller and Rabin is proved right below 3.2 × 10⁹ (Jaeschke 1993).
_WITNESSES = (2, 3, 5, 7)


def adjugate(matrix: Integers) -> tuple[Exact, int]:
    """The adjugate of an integer matrix, and its determinant.

    Parameters
    ----------
    matrix
        *n × n*, entries below 2³¹.

    Returns
    -------
    adjugate : Exact
        *n × n*; adj(A) A = det(A) I, and entry (i, j) is the cofactor of entry (j, i).
    determinant : int

    Notes
    -----
    *O(n³)* for each prime, of which it takes about n log₂(mean squared norm of a row) / 62.

    Examples
    --------
    >>> found, determinant = adjugate(np.array([[1, 2], [3, 4]]))
    >>> found.tolist(), determinant
    ([[4, -2], [-3, 1]], -2)
    >>> adjugate(np.array([[1, 2], [2, 4]]))[0].tolist()
    [[4, -2], [-2, 1]]
    """
    primes = enough_primes(matrix)
    residues = np.empty((len(primes), *matrix.shape), dtype=np.int64)
    determinants = np.empty((len(primes), 1), dtype=np.int64)
    for number, prime in enumerate(primes):
        residues[number], determinants[number] = adjugate_modulo(matrix, prime)
    return combined(residues, primes), int(combined(determinants, primes)[0])


def adjugate_modulo(matrix: Integers, prime: int) -> tuple[Integers, int]:
    """The adjugate and the determinant modulo a prime, by Gauss and Jordan's elimination.

    With RAC = (I b; 0 0), R regular and C a permutation of columns, adj(A) is C (−b; 1) times the
    last row of R, over det(R) det(C).
    """
    size = len(matrix)
    work = np.concatenate([matrix % prime, np.eye(size, dtype=np.int64)], axis=1)
    columns = np.arange(size)
    swaps, product = 0, 1
    rank = size
    for step in range(size):
        below = np.flatnonzero(work[step:, step])
        if not len(below):
            rows, further = np.nonzero(work[step:, step:size])
            if not len(rows):
                rank = step
                break
            other = step + int(further[0])
            work[:, [step, other]] = work[:, [other, step]]
            columns[[step, other]] = columns[[other, step]]
            swaps += 1
            below = rows[further == further[0]]
        row = step + int(below[0])
        if row != step:
            work[[step, row]] = work[[row, step]]
            swaps += 1
        pivot = int(work[step, step])
        product = product * pivot % prime
        work[step] = work[step] * pow(pivot, -1, prime) % prime
        factors = work[:, step].copy()
        factors[step] = 0
        touched = np.flatnonzero(factors)
        used = np.flatnonzero(work[step])
        part = np.ix_(touched, used)
        work[part] = (work[part] - factors[touched, None] * work[step, used]) % prime
    sign = -1 if swaps % 2 else 1
    own = np.zeros((size, size), dtype=np.int64)
    if rank == size:
        determinant = sign * product % prime
        own[columns] = work[:, size:] * determinant % prime
        return own, determinant
    if rank == size - 1:
        null = np.append(-work[:rank, rank], 1) % prime
        last = work[rank, size:] * (sign * product % prime) % prime
        own[columns] = null[:, None] * last % prime
    return own, 0


def enough_primes(matrix: Integers) -> tuple[int, ...]:
    """The largest primes below 2³¹ whose product is over twice any cofactor or determinant.

    By Hadamard's inequality none of these exceeds the product of the rows' Euclidean norms, those
    below 1 left out; nor that of the columns'.
    """
    squares = [
        [max(1, sum(one * one for one in row)) for row in side.tolist()]
        for side in (matrix, matrix.T)
    ]
    bound = min(map(prod, squares))
    found, whole = [], 1
    for number in count():
        if whole * whole > 4 * bound:
            break
        found.append(_prime(number))
        whole *= found[-1]
    return tuple(found)


def combined(residues: Integers, primes: tuple[int, ...]) -> Exact:
    """The integers least in size that have these residues, *primes × …*, by Garner's algorithm."""
    digits: list[Integers] = []
    for prime, residue in zip(primes, residues, strict=True):
        digit = residue % prime
        for earlier, known in zip(primes, digits, strict=False):
            digit = (digit - known) % prime * pow(earlier, -1, prime) % prime
        digits.append(digit)
    value: Exact = np.zeros(residues.shape[1:], dtype=object)
    for prime, digit in zip(reversed(primes), reversed(digits), strict=True):
        value = value * prime + digit.astype(object)
    whole = prod(primes)
    return np.where(value * 2 > whole, value - whole, value)


@lru_cache(maxsize=4096)
def _prime(number: int) -> int:
    """Primes below 2³¹, the largest first."""
    candidate = _LARGEST if number == 0 else _prime(number - 1) - 2
    while not _is_prime(candidate):
        candidate -= 2
    return candidate


def _is_prime(number: int) -> bool:
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in _WITNESSES:
        power = pow(base, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True
