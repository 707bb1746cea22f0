"""What a condition file declares: disease models, lesions and depletions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from raphe.evidence import Declared, EvidenceList
from raphe.grades import STRENGTHS, Strength
from raphe.pathway import NAME, Names
from raphe.units import Interval, parse_share


class Shift(Declared):
    """A lasting push on one node."""

    direction: Literal["up", "down"]
    strength: Strength = STRENGTHS["moderate"]
    reason: str = ""
    evidence: EvidenceList = ()


def _share(value: Any) -> Interval:
    return value if isinstance(value, Interval) else parse_share(str(value))


Loss = Annotated[Interval, PlainValidator(_share), WithJsonSchema({"type": ["string", "number"]})]


class Condition(Declared):
    """A perturbation of the baseline, under which drugs are tried too.

    Examples
    --------
    >>> Condition.model_validate({
    ...     "condition": "lesion", "title": "Lesion", "lesions": "serotonergic neuron"}).lesions
    ('serotonergic neuron',)
    """

    condition: str = Field(pattern=NAME)
    title: str
    about: str = ""
    species: str = ""
    perturbs: dict[str, Shift] = Field(default_factory=dict)
    #: Cells that are gone: every node of every place with such a cell.
    lesions: Names = ()
    #: Share of a node's activity that is lost, by node.
    depletes: dict[str, Loss] = Field(default_factory=dict)
    evidence: EvidenceList = ()

    @property
    def name(self) -> str:
        """Its own name."""
        return self.condition
