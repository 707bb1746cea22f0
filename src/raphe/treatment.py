"""What is given to the animal, and what is done to it: drugs at their doses, and a condition."""

from __future__ import annotations

import math
from dataclasses import dataclass

from raphe.condition import Condition
from raphe.drug import Drug
from raphe.errors import InputError, Problem, nearest
from raphe.units import Interval, parse_concentration

#: The largest multiple of a usual dose that is worth asking for.
MOST_DOSES = 1000.0


@dataclass(frozen=True)
class Administration:
    """A drug at a free concentration."""

    drug: Drug
    #: In nM.
    concentration: Interval
    #: How the exposure was named.
    exposure: str


@dataclass(frozen=True)
class Treatment:
    """Everything that is done to the animal, but for how long."""

    administrations: tuple[Administration, ...] = ()
    condition: Condition | None = None
    #: HGNC symbols at which no drug acts.
    without: tuple[str, ...] = ()

    @property
    def without_drugs(self) -> Treatment:
        """The same animal, given vehicle."""
        return Treatment((), self.condition)


def administer(drug: Drug, dose: str = "") -> Administration:
    """A drug at an exposure: one of its own by name, a concentration, or a factor of the usual.

    Raises
    ------
    InputError
        The text is none of these.

    Examples
    --------
    >>> drug = Drug.model_validate({"drug": "x", "title": "X",
    ...     "targets": {"HRH1": {"action": "antagonist", "Ki": "1 nM"}},
    ...     "exposure": {"therapeutic": {"free": "20 - 60 nM"}}})
    >>> administer(drug, "2x").concentration
    Interval(low=40.0, high=120.0)
    """
    dose = dose.strip()
    usual = drug.exposure[drug.usual_exposure].free
    if not dose:
        return Administration(drug, usual, drug.usual_exposure)
    if dose in drug.exposure:
        return Administration(drug, drug.exposure[dose].free, dose)
    if dose[-1:] in "x×" and _is_number(dose[:-1]):
        factor = float(dose[:-1])
        if 0 < factor <= MOST_DOSES:
            return Administration(drug, Interval(usual.low * factor, usual.high * factor), dose)
    try:
        return Administration(drug, parse_concentration(dose), dose)
    except ValueError:
        known = ", ".join(drug.exposure)
        remedy = nearest(dose, drug.exposure) or (
            f"Name an exposure of {drug.name} ({known}), a free concentration such as '60 nM', "
            "or a factor such as '2x'."
        )
        raise InputError([Problem(f"'{dose}' is not a dose of {drug.name}.", remedy)]) from None


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
