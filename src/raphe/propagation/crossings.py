"""Which nodes are at a bound, and when one is reached or left."""

from __future__ import annotations

import numpy as np

from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.lagged import Lagged, Push, Regions
from raphe.propagation.windows import GRID, INNER, Window

#: Halvings of a bracket in the search for a crossing.
_HALVINGS = 36


def region_of(
    drive: Floats, lower: Floats, upper: Floats, tolerance: float, held: Regions | None = None
) -> Regions:
    """The bound beyond which each drive is: −1 lower, +1 upper, 0 none.

    With a tolerance, what is held counts as free only where it is so much inside of its bound, and
    what is free as held only where it is so much outside.
    """
    above, below = drive > upper, drive < lower
    if held is not None:
        slack = np.where(held == 0, tolerance, -tolerance)
        above, below = drive > upper + slack, drive < lower - slack
    return above.astype(np.int8) - below.astype(np.int8)


def crossings(
    system: Lagged,
    push: Push,
    region: Regions,
    window: Window,
    beyond: Mask,
    first: Indices,
    draws: Indices,
) -> tuple[Floats, Mask]:
    """When the first bound is crossed, as a fraction of the window, and which nodes cross then.

    Between two points of the grid, drives are polynomials through `INNER` further points: rounding
    is larger than what these leave out.
    """
    brackets = first[draws] - 1
    inner = window.inner(draws, brackets)
    part, own = system.take(draws), push.take(draws)
    drives = part.drive(inner, own)
    node, column = np.nonzero(beyond[:, first[draws], draws])
    held = region[node, draws[column]]
    lower, upper = part.lower[node, column], part.upper[node, column]
    values = drives[node, :, column]
    last = values[:, -1]
    bound = np.where(
        held != 0, np.where(held > 0, upper, lower), np.where(last > upper, upper, lower)
    )
    # Positive where the node is still where it was.
    left = np.where(last > bound, -1.0, 1.0)[:, None] * (values - bound[:, None])
    low, high = np.zeros(len(node)), np.ones(len(node))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        stays = _interpolated(left, middle) > 0
        low, high = np.where(stays, middle, low), np.where(stays, high, middle)
    earliest = np.full(len(draws), np.inf)
    np.minimum.at(earliest, column, high)
    flips = np.zeros((system.size, len(draws)), dtype=bool)
    together = high <= earliest[column] + 1e-12
    flips[node[together], column[together]] = True
    start, end = GRID[brackets], GRID[brackets + 1]
    return np.asarray(start * (end / start) ** earliest), flips


def _interpolated(values: Floats, place: Floats) -> Floats:
    """Polynomials through values at the inner points, each at a place of its own (barycentric)."""
    gap = place[:, None] - INNER
    sign = np.where(np.arange(len(INNER)) % 2, -1.0, 1.0)
    sign[[0, -1]] /= 2
    exact = gap == 0
    share = sign / np.where(exact, 1.0, gap)
    share[exact.any(axis=1)] = exact[exact.any(axis=1)]
    return np.asarray((share * values).sum(axis=1) / share.sum(axis=1))
