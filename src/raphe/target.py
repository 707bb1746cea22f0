"""Molecular targets, what else they are called, and the families that they form."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from raphe.caution import Caution
from raphe.evidence import Declared
from raphe.pathway import Names


class TargetClass(StrEnum):
    """IUPHAR's classes of targets, as far as they matter here."""

    GPCR = "gpcr"
    ION_CHANNEL = "ion channel"
    TRANSPORTER = "transporter"
    ENZYME = "enzyme"
    NUCLEAR_RECEPTOR = "nuclear receptor"
    CATALYTIC_RECEPTOR = "catalytic receptor"
    OTHER = "other"


class Target(Declared):
    """A molecular target under its HGNC symbol."""

    name: str
    class_: TargetClass = Field(default=TargetClass.OTHER, alias="class")
    #: The G protein that it couples to first, for a GPCR.
    couples: str = ""
    synonyms: Names = ()
    xrefs: Names = ()
    note: str = ""


class Family(Declared):
    """Targets that a drug, or a paper, does not tell apart."""

    members: tuple[str, ...] = Field(min_length=1)
    name: str = ""
    synonyms: Names = ()
    note: str = ""


class Targets(Declared):
    """The file ``targets.yaml``."""

    targets: dict[str, Target] = Field(default_factory=dict)
    families: dict[str, Family] = Field(default_factory=dict)
    #: Why two drugs should not be given together, by what they do at their targets.
    cautions: dict[str, Caution] = Field(default_factory=dict)

    def symbols(self, name: str) -> tuple[str, ...]:
        """HGNC symbols behind a symbol, a synonym or a family; empty where nobody knows the name.

        Examples
        --------
        >>> targets = Targets.model_validate({
        ...     "targets": {"ADRA2A": {"name": "α2A", "synonyms": ["alpha2A"]},
        ...                 "ADRA2C": {"name": "α2C"}},
        ...     "families": {"alpha2": {"members": ["ADRA2A", "ADRA2C"]}}})
        >>> targets.symbols("alpha2A"), targets.symbols("alpha2"), targets.symbols("beta")
        (('ADRA2A',), ('ADRA2A', 'ADRA2C'), ())
        """
        if name in self.targets:
            return (name,)
        if name in self.families:
            return self.families[name].members
        for symbol, target in self.targets.items():
            if name in target.synonyms:
                return (symbol,)
        for family in self.families.values():
            if name in family.synonyms:
                return family.members
        return ()

    def extended_by(self, other: Targets) -> Targets:
        """These and the others; of namesakes the others'."""
        return Targets(
            targets={**self.targets, **other.targets},
            families={**self.families, **other.families},
            cautions={**self.cautions, **other.cautions},
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which a target or family may be asked for."""
        synonyms = [word for target in self.targets.values() for word in target.synonyms]
        synonyms += [word for family in self.families.values() for word in family.synonyms]
        return (*self.targets, *self.families, *synonyms)
