"""Which doses are asked for: factors of a drug's exposure, or free concentrations."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from raphe.binding import concentration_of
from raphe.errors import Problem
from raphe.prior import Ensemble
from raphe.propagation.arrays import Floats
from raphe.treatment import MOST_DOSES, Administration, Treatment
from raphe.units import Interval, parse_concentration

#: More doses on a curve than anyone can see.
MOST_POINTS = 1000
#: The lowest factor of a usual dose, and the least and the greatest free concentration in nM, that
#: are worth asking for.
LEAST_DOSES = 1e-6
_FREE = (1e-6, 1e9)
#: Doses that differ by less than this are the same.
_SAME = 1e-9


@dataclass(frozen=True)
class Dose:
    """A dose of the drug that is swept."""

    #: In units of its reference exposure (middle by middle).
    multiple: float
    #: Free concentration in nM, over the draws.
    free: Interval
    #: Whether it is the reference exposure itself.
    is_plain: bool = False


@dataclass(frozen=True, eq=False)
class DoseRange:
    """Doses of a drug, rising."""

    #: The drug at the exposure that counts as 1.
    reference: Administration
    #: What the unit is multiplied with: the reference exposure, or else 1 nM.
    times: Floats = field(repr=False)
    #: Whether each dose is a free concentration, the same in all draws.
    is_free: bool

    @property
    def doses(self) -> tuple[Dose, ...]:
        """From the lowest to the highest."""
        usual = self.reference.concentration
        if self.is_free:
            middle = usual.middle
            return tuple(
                Dose(times / middle if middle else math.inf, Interval(times, times))
                for times in self.times.tolist()
            )
        return tuple(
            Dose(times, Interval(usual.low * times, usual.high * times), times == 1.0)
            for times in self.times.tolist()
        )

    def opened(self, treatment: Treatment) -> Treatment:
        """The treatment with one unit of the drug."""
        given = tuple(
            self._unit if one.drug.name == self.reference.drug.name else one
            for one in treatment.administrations
        )
        return replace(treatment, administrations=given)

    def unit(self, ensemble: Ensemble) -> Floats:
        """Free concentration that a unit is in each draw, in nM."""
        return concentration_of(ensemble, self._unit)

    def reference_of(self, ensemble: Ensemble) -> Floats:
        """Free concentration at the reference exposure in each draw, in nM."""
        return concentration_of(ensemble, self.reference)

    @property
    def _unit(self) -> Administration:
        if not self.is_free:
            return self.reference
        return Administration(self.reference.drug, Interval(1.0, 1.0), "1 nM")


@dataclass(frozen=True)
class Ends:
    """Lowest and highest dose and their number, before it is known of which drug."""

    low: float
    high: float
    points: int
    is_free: bool

    def of(self, reference: Administration) -> DoseRange:
        """The doses of a drug, the plain one among them if it lies between the ends."""
        times = np.array(
            [
                self.low * (self.high / self.low) ** (place / (self.points - 1))
                for place in range(self.points)
            ]
        )
        times[-1] = self.high
        if not self.is_free and self.low <= 1 <= self.high:
            others = times[np.abs(times - 1) > _SAME]
            times = np.sort(np.append(others, 1.0))
        return DoseRange(reference, times, self.is_free)


def dose_range(start: str, end: str, points: int, problems: list[Problem]) -> Ends:
    """The doses from one to another, evenly spaced by ratio; notes what is wrong with them.

    Examples
    --------
    >>> found = []
    >>> dose_range("0.1x", "10x", 5, found)
    Ends(low=0.1, high=10.0, points=5, is_free=False)
    >>> dose_range("1 nM", "10 µM", 5, found).high, found
    (10000.0, [])
    """
    usual = Ends(0.01, 100.0, 2, is_free=False)
    before = len(problems)
    low, high = _end(start, "--from", problems), _end(end, "--to", problems)
    if not 2 <= points <= MOST_POINTS:
        problems.append(Problem(f"{points} points.", f"Ask for 2 to {MOST_POINTS}."))
    if low is None or high is None:
        return usual
    if low[1] != high[1]:
        what = f"from {start} to {end}: a factor and a concentration."
        problems.append(Problem(what, "Give both as factors ('0.1x'), or both in nM ('1 nM')."))
    elif not low[0] < high[0]:
        problems.append(Problem(f"from {start} to {end} is no way up.", "Give the lower first."))
    if len(problems) > before:
        return usual
    return Ends(low[0], high[0], points, low[1])


def _end(text: str, option: str, problems: list[Problem]) -> tuple[float, bool] | None:
    """A dose and whether it is a free concentration."""
    text = text.strip()
    factor = _number(text[:-1] if text[-1:] in ("x", "×") else text)
    if factor is not None:
        if LEAST_DOSES <= factor <= MOST_DOSES:
            return factor, False
        limits = f"Between {LEAST_DOSES:g}x and {MOST_DOSES:g}x."
        problems.append(Problem(f"'{option} {text}' is out of reach.", limits))
        return None
    try:
        found = parse_concentration(text)
    except ValueError:
        remedy = "Write a factor such as '0.1x', or a free concentration such as '1 nM'."
        problems.append(Problem(f"'{option} {text}' is no dose.", remedy))
        return None
    if not found.is_point or not _FREE[0] <= found.low <= _FREE[1]:
        problems.append(
            Problem(f"'{option} {text}' is no end of a range.", "Write one, such as '1 nM'.")
        )
        return None
    return found.low, True


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
