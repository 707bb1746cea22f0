"""What a figure file declares: a cut of a circuit, with or without a prediction on it."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from raphe.evidence import Declared, EvidenceList
from raphe.finding import Regimen
from raphe.pathway import NAME, Names


class View(Declared):
    """Which part of a circuit a picture shows, and which prediction is drawn on it."""

    figure: str = Field(pattern=NAME)
    title: str
    subtitle: str = ""
    circuit: str = "monoamine"
    #: The nodes that are shown; or else, ``around`` and ``hops``, or ``path``.
    nodes: tuple[str, ...] = ()
    around: str = ""
    hops: int = Field(default=2, ge=0, le=20)
    path: tuple[str, ...] = Field(default=(), max_length=2)
    #: Draw an edge for what passes between two shown nodes through hidden ones of the same place.
    contract: bool = False
    drugs: Names = ()
    regimen: Regimen | None = None
    evidence: EvidenceList = ()

    @property
    def name(self) -> str:
        """Its own name."""
        return self.figure

    @model_validator(mode="after")
    def _chooses_one_cut(self) -> Self:
        if sum(map(bool, (self.nodes, self.around, self.path))) != 1:
            raise ValueError("a figure shows 'nodes', or 'around' a node, or a 'path'; choose one")
        if self.path and len(self.path) != 2:
            raise ValueError("a path has two ends; write 'path: [A, B]'")
        return self
