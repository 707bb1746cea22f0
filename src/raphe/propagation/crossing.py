"""Where a function of one number crosses zero, for many functions side by side.

T. R. Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear
function without using derivatives", Advances in Engineering Software 28 (1997) 145–149: inverse
quadratic interpolation where three points allow it, else bisection. It never leaves the bracket.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from raphe.propagation.arrays import Floats, Indices

#: What functions give: at the functions of these numbers, the values at these places.
Functions = Callable[[Indices, Floats], Floats]

#: Width of a bracket that counts as a point, and a value that counts as zero.
TOLERANCE = 1e-10
ZERO = 1e-11
#: Bisection alone takes 40 rounds from a bracket of width 100.
_ROUNDS = 100


def crossings(
    functions: Functions, low: Floats, high: Floats, at_low: Floats, at_high: Floats
) -> Floats:
    """A place at which each function crosses zero.

    Parameters
    ----------
    functions
        Continuous; what is still open is asked for all at once.
    low, high
        Brackets, *f*.
    at_low, at_high
        Values there, of opposite signs or zero, *f*.

    Returns
    -------
    Floats
        *f*, to within `TOLERANCE`, or where the value is within `ZERO` of zero; not a number where
        a value was none.

    Examples
    --------
    >>> power = np.array([1.0, 3.0])
    >>> low, high = np.zeros(2), np.full(2, 4.0)
    >>> found = crossings(lambda one, x: x ** power[one] - 2, low, high, low - 2, high ** power - 2)
    >>> (found ** power).round(9).tolist()
    [2.0, 2.0]
    """
    # One end is the newest point, the other the far side of the bracket; the third came before.
    newest, other = high.astype(float), low.astype(float)
    f_newest, f_other = at_high.astype(float), at_low.astype(float)
    root = np.where(np.abs(f_newest) < np.abs(f_other), newest, other)
    # First along the chord; brackets are narrow as a rule.
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.clip(f_newest / (f_newest - f_other), 0.05, 0.95)
    waiting = np.flatnonzero((f_newest != 0) & (f_other != 0))
    for _ in range(_ROUNDS):
        if not len(waiting):
            break
        new = newest[waiting] + share[waiting] * (other[waiting] - newest[waiting])
        value = functions(waiting, new)
        same = np.sign(value) == np.sign(f_newest[waiting])
        third = np.where(same, newest[waiting], other[waiting])
        f_third = np.where(same, f_newest[waiting], f_other[waiting])
        other[waiting] = np.where(same, other[waiting], newest[waiting])
        f_other[waiting] = np.where(same, f_other[waiting], f_newest[waiting])
        newest[waiting], f_newest[waiting] = new, value
        nearer = np.abs(value) < np.abs(f_other[waiting])
        root[waiting] = np.where(nearer, new, other[waiting])
        root[waiting[~np.isfinite(value)]] = np.nan
        width = np.abs(other[waiting] - new)
        still = np.isfinite(value) & (np.abs(value) > ZERO) & (width > TOLERANCE)
        share[waiting] = _next_share(
            new, other[waiting], third, value, f_other[waiting], f_third, width
        )
        waiting = waiting[still]
    return root


@np.errstate(divide="ignore", invalid="ignore", over="ignore")
def _next_share(
    a: Floats, b: Floats, c: Floats, f_a: Floats, f_b: Floats, f_c: Floats, width: Floats
) -> Floats:
    """How far from the newest point towards the other end to look next."""
    xi = (a - b) / (c - b)
    phi = (f_a - f_b) / (f_c - f_b)
    fits = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
    share = f_a / (f_b - f_a) * f_c / (f_b - f_c)
    share += (c - a) / (b - a) * f_a / (f_c - f_a) * f_b / (f_c - f_b)
    share = np.where(fits & np.isfinite(share), share, 0.5)
    # A step is never shorter than half the tolerance, so that the bracket closes from both sides.
    least = np.minimum(0.5, 0.5 * TOLERANCE / np.maximum(width, TOLERANCE))
    return np.asarray(np.clip(share, least, 1 - least))
