"""From draws to a call: every threshold of raphe, in one place, with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from raphe.propagation.arrays import Floats
from raphe.sign import Change


@dataclass(frozen=True)
class Criteria:
    """What counts as a change, and when a direction is called."""

    #: A response below this share of the node's dynamic range is «unchanged». Relative, since an
    #: absolute threshold made accuracy fall from 86 to 75 of 100 findings between 0.03 and 0.10,
    #: and a relative one left it at 85 to 87 (trial on 101 findings).
    theta: float = 0.07
    #: A direction is called where its probability reaches this. At 0.5 nothing was ever left open;
    #: at 0.9, 20 of 101 findings were.
    bar: float = 0.6
    #: «Normalised», of a chronic finding, means that no more than this share of the acute change is
    #: left (or no more than θ). Of a condition it means that the drug moves back what the condition
    #: moved, by more than θ and not beyond.
    quarter: float = 0.25


CRITERIA = Criteria()

#: Lower end of a 90 % interval, median, and upper end.
QUANTILES = (0.05, 0.5, 0.95)

#: How much likelier a direction must become without the drug's action at a target for that target
#: to stand in its way, and how much for it to be worth a word. A quarter is what turns a call of
#: 0.6 into one of 0.35; a twentieth is three standard errors at 1,000 draws.
DECISIVE, WORTH_A_WORD = 0.25, 0.05
#: Occupancy below which a drug is not named beside one that does more at the same node: less than
#: the smallest change that counts.
VISIBLE = 0.05
#: And below which it is named only where nothing else can be: it would be written as 0 %.
NAMED = 0.01

#: Median occupancy from which a target counts as blocked in a picture, and its edges as silenced.
#: Below it most of what the target hears still comes through; struck out from 20 %, a target at
#: 32 % looked like one at 99 %.
BLOCKED = 0.4


class Call(Enum):
    """What is predicted of a node."""

    UP = "up"
    DOWN = "down"
    UNCHANGED = "unchanged"
    #: No direction passes the bar.
    AMBIGUOUS = "ambiguous"

    @property
    def change(self) -> Change:
        """The directions that it leaves open."""
        return _CHANGES[self]


_CHANGES = {
    Call.UP: Change.UP,
    Call.DOWN: Change.DOWN,
    Call.UNCHANGED: Change.SAME,
    Call.AMBIGUOUS: Change.ANY,
}


@dataclass(frozen=True)
class Odds:
    """Probabilities of the three directions of one node, over the draws."""

    up: float
    down: float
    unchanged: float
    #: Median and 90 % interval of the change, in units of full activity.
    median: float
    low: float
    high: float

    def call(self, bar: float = CRITERIA.bar) -> Call:
        """The direction whose probability passes the bar.

        Examples
        --------
        >>> Odds(0.55, 0.05, 0.4, 0.1, 0.0, 0.3).call()
        <Call.AMBIGUOUS: 'ambiguous'>
        """
        return _call(self.up, self.down, self.unchanged, bar)

    def probability(self, call: Call) -> float:
        """Probability of a call; of an ambiguous one, that of the likeliest direction."""
        shares = {Call.UP: self.up, Call.DOWN: self.down, Call.UNCHANGED: self.unchanged}
        return shares.get(call, max(shares.values()))


def odds(change: Floats, threshold: Floats, weights: Floats | None = None) -> list[Odds]:
    """Probabilities of up, down and unchanged of each node.

    Parameters
    ----------
    change
        *n × d*.
    threshold
        Below this a change does not count, *n*.
    weights
        How much each draw counts, *d*, with sum 1; all alike by default.
    """
    if weights is None:
        ordered = np.sort(change, axis=1)
        low, median, high = (_quantile(ordered, share) for share in QUANTILES)
    else:
        low, median, high = weighted_quantiles(change, weights).T
    return [
        Odds(*shares, float(m), float(lo), float(hi))
        for shares, m, lo, hi in zip(
            _shares(change, threshold, weights), median, low, high, strict=True
        )
    ]


def calls(
    change: Floats,
    threshold: Floats,
    bar: float = CRITERIA.bar,
    weights: Floats | None = None,
) -> list[Call]:
    """The calls that `odds` lead to, at less cost: without medians and intervals.

    Examples
    --------
    >>> calls(np.array([[0.3, 0.2, 0.1]]), np.array([0.15]))
    [<Call.UP: 'up'>]
    """
    return [_call(*shares, bar) for shares in _shares(change, threshold, weights)]


def weighted_quantiles(values: Floats, weights: Floats) -> Floats:
    """Quantiles `QUANTILES` of each row, *n × 3*, with draws that count for more or less.

    Each value stands in the middle of its weight; between neighbours in proportion. Of draws that
    count alike, these are Hazen's quantiles; those of `odds` differ by less than a draw.

    Parameters
    ----------
    values
        *n × d*.
    weights
        How much each draw counts, *d*, with sum 1.

    Examples
    --------
    >>> weighted_quantiles(np.array([[3.0, 1.0, 2.0]]), np.array([0.25, 0.5, 0.25]))
    array([[1.        , 1.66666667, 3.        ]])
    """
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    sorted_weights = weights[order]
    place = np.cumsum(sorted_weights, axis=1) - sorted_weights / 2
    found = np.empty((len(values), len(QUANTILES)))
    for row, (places, own) in enumerate(zip(place, ordered, strict=True)):
        found[row] = np.interp(QUANTILES, places, own)
    return found


def _quantile(ordered: Floats, share: float) -> Floats:
    """Of sorted rows, between neighbours in proportion.

    numpy's own finds each quantile by a selection of its own, which takes longer than sorting, and
    loads masked arrays.
    """
    place = share * (ordered.shape[1] - 1)
    below, above = ordered[:, math.floor(place)], ordered[:, math.ceil(place)]
    return np.asarray(below + (above - below) * (place - math.floor(place)))


def _shares(
    change: Floats, threshold: Floats, weights: Floats | None = None
) -> list[tuple[float, float, float]]:
    """Shares of the draws in which each node goes up, down and neither."""
    limit = threshold[:, None]
    if weights is None:
        up = (change > limit).mean(axis=1).tolist()
        down = (change < -limit).mean(axis=1).tolist()
    else:
        up = np.where(change > limit, weights, 0).sum(axis=1).tolist()
        down = np.where(change < -limit, weights, 0).sum(axis=1).tolist()
    return [(u, d, 1 - u - d) for u, d in zip(up, down, strict=True)]


def _call(up: float, down: float, unchanged: float, bar: float) -> Call:
    best, share = max(
        ((Call.UP, up), (Call.DOWN, down), (Call.UNCHANGED, unchanged)), key=lambda pair: pair[1]
    )
    return best if share >= bar else Call.AMBIGUOUS
