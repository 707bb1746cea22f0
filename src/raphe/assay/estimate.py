"""A number with its unit and its error, and how it is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Literal

import numpy as np

from raphe.assay.extra import require
from raphe.units import MOLAR_UNITS

#: Share of confidence of every interval in this room.
CONFIDENCE = 0.95

#: Below this share of the value a standard error is rounding, not measurement.
NEGLIGIBLE = 1e-9

#: How the value stands to the truth; as in ChEMBL's ``standard_relation``.
Relation = Literal["=", ">", "<"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What was estimated, in its unit, with its error.

    Examples
    --------
    >>> print(Estimate("Ki", 2.3456, "nM", 0.31, (1.8, 3.05)))
    Ki = 2.35 ± 0.31 nM (95 % CI 1.80 to 3.05)
    >>> print(Estimate("IC50", 10000.0, "nM", relation=">"))
    IC50 > 10000 nM
    """

    #: Its name in the field: ``IC50``, ``Bmax``.
    quantity: str
    value: float
    #: As it is shown; empty for ratios and slopes.
    unit: str = ""
    #: Standard error; none where the data do not determine it, or where the value was given.
    standard_error: float | None = None
    #: 95 % confidence interval; none where there is no standard error.
    interval: tuple[float, float] | None = None
    #: ``>`` and ``<`` where the data give only a bound.
    relation: Relation = "="
    #: What it belongs to: a compound, a sample, a treatment, a region.
    group: str = ""
    #: A few words on how it came about: ``fixed``, ``n = 6 animals``.
    note: str = ""

    def of(self, group: str) -> Estimate:
        """The same, belonging to a group."""
        return replace(self, group=group)

    def __str__(self) -> str:
        text = f"{self.quantity} {self.relation} {show(self.value, self.standard_error)}"
        if self.standard_error is not None:
            text += f" ± {show_error(self.value, self.standard_error)}"
        text += f" {self.unit}" if self.unit else ""
        if self.interval is not None:
            low, high = (show(end, self.standard_error) for end in self.interval)
            text += f" (95 % CI {low} to {high})"
        return f"{text} ({self.note})" if self.note and self.standard_error is None else text


def show(value: float, error: float | None = None) -> str:
    """A number rounded to the second digit of its error; to four digits without one.

    Examples
    --------
    >>> show(2.3456, 0.31), show(73.31, 4.6), show(12345.6, 230.0), show(0.000123456)
    ('2.35', '73.3', '12350', '0.0001235')
    >>> show(-0.3, 12.0)
    '0'
    """
    if not math.isfinite(value):
        return "–"
    if error is None or not math.isfinite(error) or error <= abs(value) * NEGLIGIBLE:
        return _plain(float(f"{value:.4g}"))
    # No more than two extra digits where the error is far larger than the value.
    digits = 1 - math.floor(math.log10(error))
    return _plain(round(value, digits), max(digits, 0)) if abs(digits) < 12 else f"{value:.4g}"


def show_error(value: float, error: float) -> str:
    """A standard error to two digits.

    Examples
    --------
    >>> show_error(2.3456, 0.3149), show_error(12345.6, 230.4), show_error(5.0, 1e-14)
    ('0.31', '230', '0')
    """
    if error <= abs(value) * NEGLIGIBLE:
        return "0"
    return show(error, error)


def student(degrees_of_freedom: float) -> float:
    """Quantile of Student's *t* for a two-sided 95 % interval.

    Examples
    --------
    >>> round(student(10), 4)
    2.2281
    """
    special = require("scipy.special")
    return float(special.stdtrit(degrees_of_freedom, (1 + CONFIDENCE) / 2))


def normal() -> float:
    """Quantile of the normal distribution for a two-sided 95 % interval.

    Examples
    --------
    >>> round(normal(), 4)
    1.96
    """
    return NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


def mean_estimate(quantity: str, values: Sequence[float], unit: str, of: str = "") -> Estimate:
    """Mean with its standard error (SD/√n) and Student's interval.

    Examples
    --------
    >>> print(mean_estimate("AUC", [1.0, 2.0, 3.0], "% h", "animals"))
    AUC = 2.00 ± 0.58 % h (95 % CI -0.48 to 4.48)
    """
    n = len(values)
    mean = math.fsum(values) / n
    note = f"n = {n} {of}".strip()
    if n == 1:
        return Estimate(quantity, mean, unit, note=note)
    error = float(np.std(np.asarray(values), ddof=1)) / math.sqrt(n)
    half = student(n - 1) * error
    return Estimate(quantity, mean, unit, error, (mean - half, mean + half), note=note)


def log_interval(value: float, relative_error: float, quantile: float) -> tuple[float, float]:
    """Interval of a positive number whose logarithm has a normal error.

    Examples
    --------
    >>> low, high = log_interval(10.0, 0.1, 2.0)
    >>> round(low, 3), round(high, 3)
    (8.187, 12.214)
    """
    # exp(700) is near the largest float: an undetermined value has an interval without end.
    half = min(quantile * relative_error, 700.0)
    high = value * math.exp(half)
    return value * math.exp(-half), high


def negative_log(found: Estimate) -> Estimate | None:
    """The negative decadic logarithm of a molar concentration: pIC50 of an IC50, pKi of a Ki.

    None where the concentration is only a bound or its unit is not molar.

    Examples
    --------
    >>> print(negative_log(Estimate("Ki", 10.0, "nM", 1.0, (8.0, 12.5))))
    pKi = 8.000 ± 0.043 (95 % CI 7.903 to 8.097)
    """
    if found.relation != "=" or found.unit not in MOLAR_UNITS or not found.value > 0:
        return None
    molar = MOLAR_UNITS[found.unit] * 1e-9
    name, value = f"p{found.quantity}", -math.log10(found.value * molar)
    if found.standard_error is None or found.interval is None:
        return Estimate(name, value, note=found.note, group=found.group)
    low, high = (-math.log10(max(end * molar, 1e-300)) for end in reversed(found.interval))
    error = found.standard_error / found.value / math.log(10)
    return Estimate(name, value, "", error, (low, high), group=found.group)


def _plain(value: float, digits: int | None = None) -> str:
    if value != 0 and not 1e-4 <= abs(value) < 1e7:
        return f"{value:.3g}"
    if digits is not None:
        return f"{value + 0.0:.{digits}f}"  # + 0.0: a rounded -0.3 is 0, not -0
    return f"{value:.10f}".rstrip("0").rstrip(".")
