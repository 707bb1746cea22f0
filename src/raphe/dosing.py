"""Doses and half-lives: what is there of a drug, as a multiple of its usual exposure.

Each dose is there at once and leaves exponentially, and doses add up:

    C(t) = A Σ exp(−k (t − tⱼ))   over the doses so far,      k = ln 2 / half-life

What is stated of an exposure is taken for its average over an interval between doses once that has
come to a steady state (A = k × interval); of a single dose, for its peak (A = 1). Absorption and
distribution are not followed, nor are active metabolites other than by the half-life that is given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from raphe.drug import Drug
from raphe.errors import InputError, Problem, nearest
from raphe.prior import Ensemble, Unknown
from raphe.propagation.arrays import Floats, Indices
from raphe.treatment import Treatment
from raphe.units import Interval, parse_time

#: A dose every so many hours at the most often, and so many doses at the most.
LEAST_INTERVAL, MOST_DOSES = 1.0, 400


@dataclass(frozen=True)
class KnownHalfLife:
    """The half-life that is followed, and where it is from."""

    #: In hours.
    time: Interval
    #: ``as asked``, or the species of which the drug file says so.
    source: str


@dataclass(frozen=True)
class Dosing:
    """When doses are given, and how fast each drug leaves."""

    #: Hours from one dose to the next; None: there is one.
    every: float | None
    #: By drug.
    half_lives: Mapping[str, KnownHalfLife]

    def doses(self, stop: float) -> int:
        """How many are given before a moment, in hours after the first."""
        if self.every is None:
            return 1
        return max(1, math.ceil(stop / self.every - 1e-9))

    def ends(self, stop: float, whole: float) -> Floats:
        """When the stretch after each dose ends, ascending; in hours after the first."""
        count = self.doses(stop)
        starts = np.arange(1, count) * (self.every or 0.0)
        return np.asarray(np.append(starts, whole))

    def left(self, half_life: Floats, dose: Indices, hours: Floats) -> Floats:
        """What is there, as a multiple of the usual exposure.

        Parameters
        ----------
        half_life
            In hours.
        dose
            Which dose was the last one; the first is 0.
        hours
            Since the first dose.

        Examples
        --------
        An hour after a single dose, at a half-life of an hour:

        >>> one = np.ones(1)
        >>> Dosing(None, {}).left(one, np.zeros(1, dtype=int), one).round(6).tolist()
        [0.5]
        """
        rate = math.log(2) / half_life
        if self.every is None:
            return np.asarray(np.exp(-rate * hours))
        since = hours - dose * self.every
        # The sum over all doses so far is a geometric one.
        share = np.expm1(-rate * self.every * (dose + 1)) / np.expm1(-rate * self.every)
        return np.asarray(rate * self.every * np.exp(-rate * since) * share)


def half_life_unknown(drug: str, time: Interval) -> Unknown:
    """How fast a drug leaves."""
    return Unknown(f"half-life of {drug}", time, True)


def drawn_half_lives(ensemble: Ensemble, dosing: Dosing) -> dict[str, Floats]:
    """Half-life of each drug in each draw, in hours."""
    return {
        name: ensemble.draw(*half_life_unknown(name, known.time))
        for name, known in dosing.half_lives.items()
    }


def dosing_of(
    treatments: Sequence[Treatment],
    every: str,
    single: bool,
    half_life: str | Mapping[str, str],
    problems: list[Problem],
) -> Dosing | None:
    """How the drugs of treatments are dosed; None where they are there all the time.

    Parameters
    ----------
    treatments
        Treatment and comparator.
    every
        Time between doses, as ``24 h``; empty: no repeated doses.
    single
        Whether there is one dose.
    half_life
        A time, or the species of which the drug file says it, for all drugs or by drug; empty: the
        first that the drug file states.
    problems
        What is wrong is added here.
    """
    drugs = {given.drug.name: given.drug for one in treatments for given in one.administrations}
    asked = dict.fromkeys(drugs, half_life) if isinstance(half_life, str) else dict(half_life)
    for name in asked:
        if name not in drugs:
            remedy = nearest(name, drugs) or "Name a drug of the treatment or the comparator."
            problems.append(Problem(f"a half-life of '{name}', which is not given.", remedy))
    if not every and not single:
        if any(asked.values()):
            what = "a half-life, and no doses: the drug is there all the time."
            problems.append(Problem(what, "Add '--every 24h' or '--single'."))
        return None
    if every and single:
        what = "doses every so often, and a single one."
        problems.append(Problem(what, "Leave '--every' or '--single' away."))
    interval = _interval(every, problems) if every else None
    known = {}
    for name, drug in sorted(drugs.items()):
        try:
            known[name] = known_half_life(drug, asked.get(name, ""))
        except InputError as error:
            problems += error.problems
    return Dosing(interval, known)


def known_half_life(drug: Drug, asked: str = "") -> KnownHalfLife:
    """The half-life of a drug: as asked, or as its file states it.

    Parameters
    ----------
    asked
        A time, or a species; empty: the first that the file states.

    Raises
    ------
    InputError
        The file states none, or none of that species; or the time cannot be read.
    """
    asked = asked.strip()
    stated = {one.species or "unstated species": one for one in drug.half_life}
    if not asked and stated:
        species, one = next(iter(stated.items()))
        return KnownHalfLife(one.time, species)
    if asked in stated:
        return KnownHalfLife(stated[asked].time, asked)
    if asked:
        try:
            return KnownHalfLife(parse_time(asked), "as asked")
        except ValueError:
            known = f" or a species ({', '.join(stated)})" if stated else ""
            what = f"'{asked}' is no half-life of {drug.name}."
            raise InputError([Problem(what, f"Give a time such as '3 h'{known}.")]) from None
    what = f"no half-life of {drug.name} is known, so that its doses cannot be followed."
    remedy = (
        f"Give one, as in '--half-life {drug.name}=3h', or leave '--every' and '--single' away."
    )
    raise InputError([Problem(what, remedy)])


def _interval(every: str, problems: list[Problem]) -> float | None:
    try:
        interval = parse_time(every)
    except ValueError as error:
        problems.append(Problem(f"{error}.", "Give the time between doses, as in '--every 24h'."))
        return None
    if not interval.is_point or interval.low < LEAST_INTERVAL:
        what = f"a dose every '{every}'."
        problems.append(Problem(what, f"Give one time, of {LEAST_INTERVAL:g} h or more."))
        return None
    return interval.low
