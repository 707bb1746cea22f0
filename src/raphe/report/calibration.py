"""Of calls by how probable they were: how many turned out right."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from raphe.consistency.score import BANDS, Score


@dataclass(frozen=True)
class CalibrationBand:
    """Calls of about the same probability."""

    #: Probabilities of the calls: from `low` to below `high`, which is infinite for the last.
    low: float
    high: float
    calls: int
    mean_probability: float
    #: Share of the calls that were right.
    right: float

    @property
    def is_last(self) -> bool:
        """Whether no call is too probable for it."""
        return self.high == math.inf


def calibration_bands(score: Score) -> Iterator[CalibrationBand]:
    """Bands with calls in them, the most probable first."""
    for high, low in zip((math.inf, *BANDS), BANDS, strict=False):
        own = score.within(low, high)
        if own.total:
            mean = sum(row.probability for row in own.rows) / own.total
            yield CalibrationBand(low, high, own.total, mean, own.accuracy)
