"""Replicates at the same level: their mean and standard error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """The replicates at one concentration, dose or time."""

    at: float
    mean: float
    #: Standard error of the mean; not a number for a single replicate.
    error: float
    n: int


def by_level(at: Sequence[float], values: Sequence[float]) -> tuple[Level, ...]:
    """Mean ± SEM at each level, ascending; sums are exact, so the order of rows is immaterial.

    Examples
    --------
    >>> by_level([1.0, 0.0, 1.0], [4.0, 9.0, 6.0])
    (Level(at=0.0, mean=9.0, error=nan, n=1), Level(at=1.0, mean=5.0, error=1.0, n=2))
    """
    groups: dict[float, list[float]] = {}
    for level, value in zip(at, values, strict=True):
        groups.setdefault(level, []).append(value)
    return tuple(_summarise(level, groups[level]) for level in sorted(groups))


def _summarise(at: float, values: list[float]) -> Level:
    n = len(values)
    mean = math.fsum(values) / n
    if n == 1:
        return Level(at, mean, math.nan, 1)
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    return Level(at, mean, math.sqrt(variance / n), n)
