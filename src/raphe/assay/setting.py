"""Choices a calculation leaves to its user: a parameter that is fixed or left free."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from raphe.errors import InputError, Problem, nearest

#: Value by name; none where the parameter is free.
Settings = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Setting:
    """One parameter of a fit."""

    name: str
    meaning: str
    #: Used when the user says nothing; none means free.
    default: float | None
    #: Whether only positive numbers make sense.
    positive: bool = False


def read_settings(known: Sequence[Setting], given: Mapping[str, str]) -> dict[str, float | None]:
    """The settings that a user wrote as ``name=value``; ``free`` leaves a parameter to the fit.

    Raises
    ------
    InputError
        A name is unknown or a value is neither a number nor ``free``.

    Examples
    --------
    >>> read_settings([Setting("hill", "Hill slope", 1.0, positive=True)], {"hill": "free"})
    {'hill': None}
    >>> read_settings([Setting("hill", "Hill slope", 1.0, positive=True)], {"hil": "2"})
    Traceback (most recent call last):
    raphe.errors.InputError: no setting 'hil'. Did you mean 'hill'?
    """
    values = {setting.name: setting.default for setting in known}
    positive = {setting.name for setting in known if setting.positive}
    problems = []
    for name, text in given.items():
        if name not in values:
            others = f"Known: {', '.join(values)}." if values else "This calculation has none."
            problems.append(Problem(f"no setting '{name}'.", nearest(name, values) or others))
            continue
        value = None if text.strip().casefold() == "free" else _number(text)
        if value is not None and (math.isnan(value) or (name in positive and value <= 0)):
            kind = "a number above 0" if name in positive else "a number"
            problems.append(
                Problem(f"{name}: '{text}' is not {kind}.", f"Write {name}=1 or {name}=free.")
            )
            continue
        values[name] = value
    if problems:
        raise InputError(problems)
    return values


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
