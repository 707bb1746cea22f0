"""Numbers as they stand in answers for programs."""

from __future__ import annotations

import math


def rounded(value: float) -> float:
    """Four significant digits; what is only rounding noise is nothing, and there is no −0.

    Examples
    --------
    >>> rounded(0.123456), rounded(-1e-14)
    (0.1235, 0.0)
    """
    return float(f"{round(value, 10):.4g}") + 0.0


def rounded_or_none(value: float | None) -> float | None:
    """The same; None for what is not known or not a number."""
    return None if value is None or math.isnan(value) else rounded(value)
