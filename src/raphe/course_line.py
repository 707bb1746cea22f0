"""One readout over time: its draws, when it is told, and what comes and goes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from raphe.calling import Criteria, Odds, odds
from raphe.pace import DAY
from raphe.propagation.arrays import Floats


@dataclass(frozen=True)
class Moment:
    """When a readout is told."""

    #: Hours since the first dose.
    hours: float
    #: Hours since the last dose; None while the drug is there.
    off: float | None

    @property
    def label(self) -> str:
        """As a column is headed.

        Examples
        --------
        >>> Moment(6.0, None).label, Moment(72.0, None).label, Moment(528.0, 24.0).label
        ('6 h', '3 d', '+1 d off')
        """
        if self.off is None:
            return duration(self.hours)
        return f"+{duration(self.off)} off"


def duration(hours: float) -> str:
    """Hours as they are spoken of.

    Examples
    --------
    >>> duration(1), duration(36), duration(504), duration(0.5)
    ('1 h', '36 h', '21 d', '30 min')
    """
    if hours < 1:
        return f"{60 * hours:.3g} min"
    return f"{hours / DAY:g} d" if hours >= DAY and hours % DAY == 0 else f"{hours:.3g} h"


@dataclass(frozen=True)
class Passing:
    """A change that comes and goes, and its share of the draws."""

    #: ``up`` or ``down``.
    direction: str
    share: float
    #: When it is largest, in hours, and how large: of the median.
    hours: float
    peak: float


@dataclass(frozen=True, eq=False)
class Line:
    """One node over time."""

    node: str
    label: str
    place: str
    #: Below this a change does not count.
    threshold: float
    #: Change of each followed draw at each time of the course, *times × draws*.
    values: Floats = field(repr=False)
    #: Hours since the first dose of each time, those of the last dose, and the rows that are told.
    hours: Floats = field(repr=False)
    stopped: float = field(repr=False)
    rows: tuple[int, ...] = field(repr=False)
    criteria: Criteria = field(repr=False)

    @cached_property
    def odds(self) -> list[Odds]:
        """At each time: probabilities, median and 90 % interval."""
        return odds(self.values, np.full(len(self.values), self.threshold))

    @property
    def told(self) -> list[Odds]:
        """At the moments that are told."""
        return [self.odds[row] for row in self.rows]

    @cached_property
    def transient(self) -> Passing | None:
        """A change during treatment that is gone when the drug is stopped.

        In most draws, that is: one that counted, and of which no more is left than counts, or than
        a quarter.
        """
        is_on = self.hours <= self.stopped
        during, hours, quarter = self.values[is_on], self.hours[is_on], self.criteria.quarter
        found = []
        for name, sign in (("up", 1.0), ("down", -1.0)):
            peak, last = (sign * during).max(axis=0), np.abs(during[-1])
            passes = (peak > self.threshold) & (last <= np.maximum(self.threshold, quarter * peak))
            found.append(self._passing(name, sign, float(passes.mean()), during, hours))
        return self._called(found)

    @cached_property
    def rebound(self) -> Passing | None:
        """A change after the last dose that was not there at that dose."""
        after = self.hours > self.stopped
        if not after.any():
            return None
        last = self.values[~after][-1]
        found = []
        for name, sign in (("up", 1.0), ("down", -1.0)):
            peak = (sign * self.values[after]).max(axis=0)
            is_new = (peak > self.threshold) & (sign * last <= self.threshold)
            share = float(is_new.mean())
            found.append(self._passing(name, sign, share, self.values[after], self.hours[after]))
        return self._called(found)

    def _passing(
        self, name: str, sign: float, share: float, values: Floats, hours: Floats
    ) -> Passing:
        middle = np.median(values, axis=1)
        at = int((sign * middle).argmax())
        return Passing(name, share, float(hours[at]), float(middle[at]))

    def _called(self, found: list[Passing]) -> Passing | None:
        best = max(found, key=lambda one: one.share)
        return best if best.share >= self.criteria.bar else None
