"""What a finding file declares: changes that papers report, with their conditions."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from raphe.condition import Loss as Reported
from raphe.evidence import Declared, EvidenceList
from raphe.pathway import Names


class Regimen(StrEnum):
    """How long a drug has acted."""

    ACUTE = "acute"
    CHRONIC = "chronic"
    WASHOUT = "washout"


class Direction(StrEnum):
    """What a paper says happened to its readout."""

    UP = "up"
    DOWN = "down"
    UNCHANGED = "unchanged"
    #: What a condition, or the acute drug, moved is back.
    NORMALISED = "normalised"


class Seen(StrEnum):
    """Whether those who wrote the circuit had a finding in view while they did."""

    #: Strengths, tones and thresholds were tuned until findings like this one came out.
    TUNING = "tuning"
    #: What came out for it was looked at while the circuit was written.
    DEVELOPMENT = "development"
    #: Nobody looked at what comes out for it: only such findings tell how good the circuit is.
    NEVER = "never"


class Dosing(Declared):
    """How a drug was given, as the paper says it."""

    dose: str = ""
    duration: str = ""
    washout: str = ""
    #: Name of an exposure of the drug, a concentration, or a factor such as ``2x``.
    exposure: str = ""


class Occupancy(Declared):
    """A receptor occupancy, as positron emission tomography reports it."""

    target: str
    reported: Reported
    region: str = ""


def _drugs(value: Any) -> Any:
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list | tuple):
        return {name: {} for name in value}
    if isinstance(value, dict):
        return {name: dosing or {} for name, dosing in value.items()}
    return value


Drugs = Annotated[dict[str, Dosing], BeforeValidator(_drugs)]


class Finding(Declared):
    """A change of one readout that a paper reports.

    Examples
    --------
    >>> finding = Finding.model_validate({
    ...     "drugs": "desipramine", "regimen": "chronic", "readout": "LC.firing",
    ...     "direction": "down", "evidence": [{"assumption": "an example"}]})
    >>> finding.compared_with
    ('vehicle',)
    """

    drugs: Drugs = Field(default_factory=dict)
    regimen: Regimen
    readout: str = ""
    direction: Direction | None = None
    occupancy: Occupancy | None = None
    magnitude: str = ""
    #: ``vehicle``, or the names of the drugs that the comparison group was given.
    compared_with: Names = ("vehicle",)
    #: The condition of the animals of both groups.
    condition: str = ""
    species: str = ""
    method: str = ""
    #: Reported to pass.
    transient: bool = False
    disputed: bool = False
    #: Whether those who wrote the circuit had it in view; None where nobody says.
    seen: Seen | None = None
    #: Why no circuit can speak to it, where that is known: its verdict is «out of scope».
    outside: str = ""
    note: str = ""
    evidence: EvidenceList = ()

    @model_validator(mode="after")
    def _reports_one_thing(self) -> Self:
        if self.occupancy is None and (not self.readout or self.direction is None):
            raise ValueError(
                "nothing is reported; write 'readout:' with 'direction:' up, down, unchanged or "
                "normalised, or 'occupancy:'"
            )
        if self.occupancy is not None and (self.readout or self.direction):
            raise ValueError("both a readout and an occupancy; make two findings of them")
        if self.direction is Direction.NORMALISED and not self._may_be_normalised:
            raise ValueError(
                "nothing was moved before that could be normalised; give a condition with drugs, "
                "or a chronic regimen"
            )
        if not self.drugs and not self.condition:
            raise ValueError("neither drugs nor a condition; say what brought the change about")
        return self

    @property
    def _may_be_normalised(self) -> bool:
        """Whether a condition, or acute treatment, came before the drugs."""
        return bool(self.drugs) and (bool(self.condition) or self.regimen is not Regimen.ACUTE)


class Findings(Declared):
    """A file of findings, by id."""

    findings: dict[str, Finding]
