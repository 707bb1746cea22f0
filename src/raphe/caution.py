"""What two drugs may do together that no circuit computes, declared by mechanism, not by name."""

from __future__ import annotations

from pydantic import Field

from raphe.drug import Action
from raphe.evidence import Declared, EvidenceList


class Mechanism(Declared):
    """Something that a drug does at a target."""

    target: str
    actions: tuple[Action, ...] = Field(min_length=1)


class Caution(Declared):
    """A reason not to give two drugs together: one does the first thing, the other the second."""

    title: str
    between: tuple[Mechanism, Mechanism]
    #: Least share of each target that a drug must reach, at the upper end of its exposure.
    reach: float = Field(gt=0, lt=1)
    note: str = ""
    evidence: EvidenceList = Field(min_length=1)
