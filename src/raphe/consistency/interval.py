"""How exactly a share is known that was counted among a few."""

from __future__ import annotations

import math

#: Standard normal deviate of a 95 % interval.
_DEVIATE = 1.959964


def wilson(share: float, total: int) -> tuple[float, float]:
    """95 % interval of a share of independent observations.

    E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(0.8, 10)]
    [0.49, 0.943]
    >>> wilson(0.0, 0)
    (0.0, 1.0)
    """
    if not total:
        return 0.0, 1.0
    square = _DEVIATE**2 / total
    centre = (share + square / 2) / (1 + square)
    spread = math.sqrt(square * (share * (1 - share) + square / 4))
    return max(centre - spread / (1 + square), 0.0), min(centre + spread / (1 + square), 1.0)
