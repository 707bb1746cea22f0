"""What a drug file declares: what it binds, what it does there, and at which exposure."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from raphe.errors import PartError
from raphe.evidence import Declared, EvidenceList
from raphe.pathway import NAME, Names
from raphe.units import (
    PLAUSIBLE_NANOMOLAR,
    Interval,
    parse_affinity,
    parse_concentration,
    parse_p_value,
    parse_range,
    parse_share,
    parse_time,
)


class Action(StrEnum):
    """What a drug does at a target, in the words of the IUPHAR/BPS Guide to Pharmacology."""

    AGONIST = "agonist"
    PARTIAL_AGONIST = "partial agonist"
    INVERSE_AGONIST = "inverse agonist"
    ANTAGONIST = "antagonist"
    INHIBITOR = "inhibitor"
    BLOCKER = "blocker"
    OPENER = "opener"
    ACTIVATOR = "activator"
    PAM = "PAM"
    NAM = "NAM"
    RELEASER = "releaser"

    @property
    def efficacy(self) -> Interval:
        """Activity of the bound target, in units of its full activity, unless the drug says more.

        A releaser turns its transporter around: as much flows out as full reuptake takes in.
        """
        return _EFFICACIES[self]

    @property
    def is_allosteric(self) -> bool:
        """Whether it leaves the site of the ligand free."""
        return self in (Action.PAM, Action.NAM)


_EFFICACIES = {
    Action.AGONIST: Interval(1.0, 1.0),
    Action.OPENER: Interval(1.0, 1.0),
    Action.ACTIVATOR: Interval(1.0, 1.0),
    Action.PARTIAL_AGONIST: Interval(0.3, 0.7),
    Action.INVERSE_AGONIST: Interval(-0.5, -0.1),
    Action.ANTAGONIST: Interval(0.0, 0.0),
    Action.INHIBITOR: Interval(0.0, 0.0),
    Action.BLOCKER: Interval(0.0, 0.0),
    Action.RELEASER: Interval(-1.0, -1.0),
    Action.PAM: Interval(0.5, 0.5),
    Action.NAM: Interval(-1.0, -1.0),
}


def _affinity(value: Any) -> Interval | None:
    if value is None or isinstance(value, Interval):
        return value
    if str(value).strip().casefold() == "not specified":
        return None
    interval = parse_affinity(str(value))
    _refuse_implausible(value, interval)
    return interval


def _p_affinity(value: Any) -> Interval | None:
    if value is None or isinstance(value, Interval):
        return value
    return parse_p_value(str(value))


def _concentration(value: Any) -> Interval:
    return value if isinstance(value, Interval) else parse_concentration(str(value))


def _share(value: Any) -> Interval | None:
    return value if value is None or isinstance(value, Interval) else parse_share(str(value))


def _efficacy(value: Any) -> Interval | None:
    if value is None or isinstance(value, Interval):
        return value
    interval = parse_range(str(value), {"": 1.0}, "an efficacy", "0.3 - 0.5")
    if not -1 <= interval.low <= interval.high <= 1:
        raise ValueError(f"'{value}' is not an efficacy; it lies between -1 and 1")
    return interval


def _refuse_implausible(value: Any, interval: Interval) -> None:
    low, high = PLAUSIBLE_NANOMOLAR
    if interval.low < low or (interval.high > high and math.isfinite(interval.high)):
        raise ValueError(
            f"'{value}' is out of the range of any drug at its target; "
            "check the unit: affinities are mostly between 0.01 nM and 100 µM"
        )


def _time(value: Any) -> Interval:
    return value if isinstance(value, Interval) else parse_time(str(value))


def _text(example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": ["string", "number"], "examples": [example]})


Affinity = Annotated[Interval | None, PlainValidator(_affinity), _text("18 nM")]
PAffinity = Annotated[Interval | None, PlainValidator(_p_affinity), _text("7.7")]
Concentration = Annotated[Interval, PlainValidator(_concentration), _text("60 nM")]
Share = Annotated[Interval | None, PlainValidator(_share), _text("0.6 - 0.9")]
Time = Annotated[Interval, PlainValidator(_time), _text("20 - 40 h")]
Efficacy = Annotated[Interval | None, PlainValidator(_efficacy), _text("0.3 - 0.5")]


class Binding(Declared):
    """One row of a binding table: what a drug does at a target, and how tightly it binds."""

    action: Action
    Ki: Affinity = None
    pKi: PAffinity = None  # noqa: N815 - as it is written everywhere
    Kd: Affinity = None
    IC50: Affinity = None
    #: Share of the target that is occupied at the usual exposure, where no affinity is known.
    occupancy: Share = None
    #: Overrides the efficacy of the action, for partial and inverse agonists.
    efficacy: Efficacy = None
    species: str = ""
    #: Kept and shown, but not computed with.
    disputed: bool = False
    note: str = ""
    evidence: EvidenceList = ()

    @model_validator(mode="before")
    @classmethod
    def _states_an_action_and_an_affinity(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        quantities = [key for key in ("Ki", "pKi", "Kd", "IC50", "occupancy") if key in data]
        if "action" not in data:
            raise ValueError(
                f"{' and '.join(quantities) or 'the row'} without an action; "
                f"an affinity is not a direction: add 'action:' {', '.join(Action)}"
            )
        empty = [key for key in quantities if data[key] is None]
        if empty:
            raise ValueError(f"'{empty[0]}' is empty; write 'Ki: 18 nM', or 'Ki: not specified'")
        told = [key for key in quantities if str(data[key]).strip().casefold() != "not specified"]
        if len(told) > 1:
            raise ValueError(
                f"{' and '.join(told)} in one row, and only one can be computed with; "
                "make a row of each"
            )
        if not quantities:
            raise ValueError("no affinity; write 'Ki: 18 nM', or 'Ki: not specified'")
        return data

    @model_validator(mode="after")
    def _efficacy_fits_the_action(self) -> Self:
        if self.efficacy is not None and self.action.efficacy == Interval(0.0, 0.0):
            raise ValueError(
                f"an efficacy for the action '{self.action}', which has none; "
                "say 'partial agonist' or 'inverse agonist', or leave the efficacy away"
            )
        return self

    @property
    def affinity(self) -> Interval | None:
        """Equilibrium constant in nM; None where it is not specified."""
        return self.Ki or self.pKi or self.Kd or self.IC50

    @property
    def constant(self) -> str:
        """Which constant was measured: Ki, Kd or IC50."""
        if self.Kd is not None:
            return "Kd"
        return "IC50" if self.IC50 is not None else "Ki"

    @property
    def is_bound_only(self) -> bool:
        """Whether all that is known is that it binds more weakly than a limit."""
        return self.affinity is not None and math.isinf(self.affinity.high)

    @property
    def is_used(self) -> bool:
        """Whether it takes part in the computation."""
        if self.disputed or self.is_bound_only:
            return False
        return self.affinity is not None or self.occupancy is not None

    @property
    def why_unused(self) -> str:
        """Why it does not take part in the computation; empty if it does."""
        if self.disputed:
            return "disputed"
        if self.is_bound_only:
            return "not reached"
        return "" if self.is_used else "no affinity"


class Exposure(Declared):
    """A free concentration at the target."""

    free: Concentration
    note: str = ""
    evidence: EvidenceList = ()


class HalfLife(Declared):
    """In which time half of a drug is gone."""

    #: In hours once it is read.
    time: Time
    species: str = ""
    note: str = ""
    evidence: EvidenceList = ()


def _rows(value: Any) -> Any:
    return [value] if isinstance(value, dict | Binding | HalfLife) else value


HalfLives = Annotated[tuple[HalfLife, ...], BeforeValidator(_rows)]
Rows = Annotated[tuple[Binding, ...], BeforeValidator(_rows)]


class Drug(Declared):
    """A drug: its bindings by target name, and its exposures by name, the usual one first.

    Examples
    --------
    >>> drug = Drug.model_validate({
    ...     "drug": "idazoxan", "title": "Idazoxan",
    ...     "targets": {"alpha2": {"action": "antagonist", "Ki": "5 nM"}},
    ...     "exposure": {"experimental": {"free": "100 nM"}}})
    >>> drug.targets["alpha2"][0].affinity
    Interval(low=5.0, high=5.0)
    """

    drug: str = Field(pattern=NAME)
    title: str
    class_: str = Field(default="", alias="class")
    synonyms: Names = ()
    targets: dict[str, Rows] = Field(min_length=1)
    exposure: dict[str, Exposure] = Field(min_length=1)
    #: One a species, the usual one first; none where none is known.
    half_life: HalfLives = ()
    #: False: not, or hardly, from the blood; None: nobody says. Exposures are those in the brain.
    enters_brain: bool | None = None
    note: str = ""
    evidence: EvidenceList = ()

    @property
    def name(self) -> str:
        """Its own name."""
        return self.drug

    @property
    def usual_exposure(self) -> str:
        """Name of the exposure that is used unless another is asked for."""
        return next(iter(self.exposure))

    @model_validator(mode="after")
    def _one_half_life_a_species(self) -> Self:
        seen = [one.species for one in self.half_life]
        twice = sorted({species for species in seen if seen.count(species) > 1})
        if twice:
            told = " and ".join(species or "no species" for species in twice)
            raise PartError(
                f"two half-lives of {told}; where sources disagree, write the range of both",
                "half_life",
            )
        return self

    @model_validator(mode="after")
    def _units_fit_each_other(self) -> Self:
        for target, rows in self.targets.items():
            known = [row.affinity for row in rows if row.affinity and not row.disputed]
            known = [one for one in known if math.isfinite(one.high)]
            if len(known) > 1:
                middles = sorted(one.middle for one in known)
                if middles[-1] / middles[0] >= _SLIP:
                    raise PartError(
                        f"the affinities at {target} are {middles[-1] / middles[0]:,.0f}-fold "
                        "apart; check their units, and if the sources do disagree, mark one "
                        "'disputed: true'",
                        "targets",
                        target,
                    )
        used = (row for rows in self.targets.values() for row in rows if row.is_used)
        tightest = min((row.affinity.low for row in used if row.affinity), default=None)
        for name, exposure in self.exposure.items():
            if tightest is not None and tightest >= _SLIP * exposure.free.high:
                raise PartError(
                    f"exposure '{name}' ({exposure.free} nM) is "
                    f"{tightest / exposure.free.high:,.0f} times below the tightest affinity "
                    f"({tightest:g} nM), so the drug would reach nothing; check the units",
                    "exposure",
                    name,
                    "free",
                )
        return self


#: A factor that looks like nM taken for µM rather than like a difference between laboratories.
_SLIP = 500
