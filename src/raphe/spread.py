"""How draws spread: a median and the 90 % interval around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from raphe.propagation.arrays import Floats


@dataclass(frozen=True)
class Spread:
    """Median and 90 % interval of some draws."""

    median: float
    low: float
    high: float


def spread_of(values: Floats) -> Spread:
    """The spread of some draws, one at least.

    Examples
    --------
    >>> spread_of(np.array([1.0, 3.0, 2.0])).median
    2.0
    """
    ordered = np.sort(values)
    return Spread(*(_quantile(ordered, share) for share in (0.5, 0.05, 0.95)))


def _quantile(ordered: Floats, share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (place - below))
