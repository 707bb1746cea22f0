"""Quantities as papers print them: concentrations, affinities, ranges, shares, durations."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

#: Nanomoles per litre in one unit. The micro sign and the Greek letter are both in use.
MOLAR_UNITS = {"pM": 1e-3, "nM": 1.0, "µM": 1e3, "μM": 1e3, "uM": 1e3, "mM": 1e6, "M": 1e9}

#: A comma sets thousands off. As a decimal sign it is refused: 1,8 nM must not become 18 nM.
_NUMBER = r"[+-]?(?:\d+(?:,\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"

#: Outside of this, in nM, no equilibrium constant of a drug at its target was ever reported: a slip
#: of units. Below: femtomolar; the tightest reversible receptor ligands are picomolar. Above:
#: millimolar.
PLAUSIBLE_NANOMOLAR = (1e-4, 1e6)

_WITH_COMMAS = re.compile(r"\d+(?:,\d+)+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_RANGE = re.compile(rf"^({_NUMBER})\s*(?:-|–|to)\s*({_NUMBER})\s*(.*)$")
_SINGLE = re.compile(rf"^([<>]?)=?\s*({_NUMBER})\s*(.*)$")


@dataclass(frozen=True, slots=True)
class Interval:
    """A value that is known to lie between two ends; a point where they are equal.

    Examples
    --------
    >>> Interval(0.4, 4.2).middle
    1.2961481396815722
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"the range runs backwards: {self.low:g} is above {self.high:g}")

    @property
    def is_point(self) -> bool:
        """Whether both ends are the same."""
        return self.low == self.high

    @property
    def middle(self) -> float:
        """Geometric middle of a positive range (affinities are log-normal), else the mean."""
        if self.low > 0:
            return math.sqrt(self.low * self.high)
        return (self.low + self.high) / 2

    def __str__(self) -> str:
        if self.is_point:
            return f"{self.low:g}"
        if math.isinf(self.high):
            return f"> {self.low:g}"
        return f"{self.low:g} – {self.high:g}"


def parse_range(text: str, units: dict[str, float], what: str, example: str) -> Interval:
    """The interval that a text like ``0.4 - 4.2 nM``, ``18 nM`` or ``> 1000 nM`` declares.

    Raises
    ------
    ValueError
        With a sentence for the user, when the text cannot be read.
    """
    text = text.strip()
    if not all(_THOUSANDS.fullmatch(number) for number in _WITH_COMMAS.findall(text)):
        raise ValueError(
            f"'{text}' has a decimal comma; write a decimal point: '{text.replace(',', '.')}'"
        )
    if found := _RANGE.match(text):
        low, high, unit = found.groups()
        factor = _factor(unit.strip(), units, text, what, example)
        if _number(low) > _number(high):
            raise ValueError(f"'{text}' runs backwards; write the lower end first")
        return Interval(_number(low) * factor, _number(high) * factor)
    if found := _SINGLE.match(text):
        bound, number, unit = found.groups()
        value = _number(number) * _factor(unit.strip(), units, text, what, example)
        if bound == ">":
            return Interval(value, math.inf)
        return Interval(0.0 if bound == "<" else value, value)
    raise ValueError(f"'{text}' is not {what}; write it as in '{example}'")


def parse_concentration(text: str) -> Interval:
    """The concentration in nM that a text declares.

    Examples
    --------
    >>> parse_concentration("18 nM")
    Interval(low=18.0, high=18.0)
    >>> parse_concentration("0.4 - 4.2 µM")
    Interval(low=400.0, high=4200.0)
    >>> parse_concentration("18")
    Traceback (most recent call last):
    ValueError: '18' has no unit; write it as in '18 nM' (pM, nM, µM or mM)
    """
    interval = parse_affinity(text)
    if math.isinf(interval.high):
        raise ValueError(f"'{text}' has no upper end; write a range, as in '20 - 60 nM'")
    return interval


def parse_affinity(text: str) -> Interval:
    """The equilibrium constant in nM that a text declares; its upper end may be open.

    Examples
    --------
    >>> parse_affinity("> 10 µM")
    Interval(low=10000.0, high=inf)
    """
    interval = parse_range(text, MOLAR_UNITS, "a concentration", "18 nM")
    if interval.low < 0:
        raise ValueError(f"'{text}' is negative; a concentration lies above 0, as in '18 nM'")
    if interval.high == 0:
        raise ValueError(f"'{text}' is zero; a concentration lies above 0, as in '18 nM'")
    if interval.low == 0:
        raise ValueError(f"'{text}' has no lower end; write a range, as in '0.1 - 10 nM'")
    return interval


#: Hours in one unit of time.
HOURS = {
    "s": 1 / 3600,
    "min": 1 / 60,
    "h": 1.0,
    "d": 24.0,
    "day": 24.0,
    "days": 24.0,
    "wk": 168.0,
    "weeks": 168.0,
}


def parse_time(text: str) -> Interval:
    """The time in hours that a text like ``3 h``, ``10 - 30 s`` or ``2 - 10 d`` declares.

    Examples
    --------
    >>> parse_time("2 - 10 d")
    Interval(low=48.0, high=240.0)
    """
    found = _SINGLE.match(text.strip()) or _RANGE.match(text.strip())
    if found and found.groups()[-1].strip() not in {*HOURS, ""} and not _RANGE.match(text.strip()):
        unit = found.groups()[-1].strip()
        raise ValueError(f"'{unit}' is not a unit of time; use s, min, h or d")
    try:
        interval = parse_range(text, HOURS, "a time", "2 - 10 d")
    except ValueError as error:
        if "has no unit" not in str(error):
            raise
        raise ValueError(f"'{text}' has no unit; write it as in '2 - 10 d'") from None
    if not 0 < interval.low <= interval.high < math.inf:
        raise ValueError(f"'{text}' is not a time; it lies above 0 and has an end")
    return interval


def parse_p_value(text: str) -> Interval:
    """The concentration in nM behind a negative decadic logarithm (pKi, pIC50).

    Examples
    --------
    >>> parse_p_value("9")
    Interval(low=1.0, high=1.0)
    """
    text = text.strip()
    if text.startswith(("<", ">")):
        raise ValueError(f"'{text}' is a bound; write it as 'Ki: \"> 10 µM\"'")
    interval = parse_range(text, {"": 1.0}, "a pKi", "7.7")
    if not _MIN_P_VALUE <= interval.low <= interval.high <= _MAX_P_VALUE:
        raise ValueError(
            f"'{text}' is not a pKi; these lie between {_MIN_P_VALUE:g} and {_MAX_P_VALUE:g}, "
            "as in '7.7'"
        )
    return Interval(_nanomolar(interval.high), _nanomolar(interval.low))


def parse_share(text: str) -> Interval:
    """The share, 0 to 1, that a text like ``0.6 - 0.9`` or ``74 - 96 %`` declares.

    Examples
    --------
    >>> parse_share("74 - 96 %")
    Interval(low=0.74, high=0.96)
    """
    interval = parse_range(text, {"": 1.0, "%": 0.01}, "a share", "0.6 - 0.9")
    if not 0 <= interval.low <= interval.high <= 1:
        raise ValueError(f"'{text}' is not a share; it lies between 0 and 1, or 0 and 100 %")
    return interval


#: The same limits as those of affinities.
_MAX_P_VALUE, _MIN_P_VALUE = (9 - math.log10(limit) for limit in PLAUSIBLE_NANOMOLAR)


def _nanomolar(p_value: float) -> float:
    return float(f"{10 ** (9 - p_value):.12g}")


def _number(text: str) -> float:
    value = float(text.replace(",", ""))
    if math.isinf(value):
        raise ValueError(f"'{text}' is beyond all numbers; check the exponent")
    return value


def _factor(unit: str, units: dict[str, float], text: str, what: str, example: str) -> float:
    if unit in units:
        return units[unit]
    if not unit:
        raise ValueError(f"'{text}' has no unit; write it as in '{example}' (pM, nM, µM or mM)")
    if what == "a concentration":
        raise ValueError(f"'{unit}' is not a unit of concentration; use pM, nM, µM or mM")
    raise ValueError(f"'{text}' is not {what}; write it as in '{example}'")
