"""What a figure file declares: a cut of a circuit, with or without a prediction on it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from raphe.evidence import Declared, EvidenceList
from raphe.finding import Regimen
from raphe.pathway import NAME, Names


class Grounds(StrEnum):
    """What the boxes around the nodes of a picture are."""

    #: Each place with its membrane; a place alone is drawn as a cell.
    PLACES = "places"
    #: One cell from outside in, whatever the places of its nodes.
    CELL = "cell"
    #: Each place with its membrane, in its region.
    NESTED = "nested"
    #: Each region with its cells and terminals, without membranes.
    AREAS = "areas"
    #: Each region with all that lies in it.
    REGIONS = "regions"


class View(Declared):
    """Which part of a circuit a picture shows, and which prediction is drawn on it."""

    figure: str = Field(pattern=NAME)
    title: str
    subtitle: str = ""
    circuit: str = "monoamine"
    #: The nodes that are shown, where ``*`` stands for any letters; or else, ``rows``, ``around``
    #: and ``hops``, or ``path``.
    nodes: tuple[str, ...] = ()
    #: The nodes that are shown, row by row and where they stand; ``.`` leaves a place empty.
    rows: tuple[str, ...] = ()
    around: str = ""
    hops: int = Field(default=2, ge=0, le=20)
    path: tuple[str, ...] = Field(default=(), max_length=2)
    #: Draw an edge for what passes between two shown nodes through hidden ones of the same place,
    #: or of the same region.
    contract: bool | Literal["region"] = False
    grounds: Grounds = Grounds.PLACES
    drugs: Names = ()
    regimen: Regimen | None = None
    evidence: EvidenceList = ()

    @property
    def name(self) -> str:
        """Its own name."""
        return self.figure

    @property
    def grid(self) -> tuple[tuple[str, ...], ...]:
        """The names in each row, empty where nothing stands."""
        return tuple(
            tuple("" if name == "." else name for name in row.split()) for row in self.rows
        )

    @model_validator(mode="after")
    def _chooses_one_cut(self) -> Self:
        if sum(map(bool, (self.nodes, self.rows, self.around, self.path))) != 1:
            raise ValueError(
                "a figure shows 'nodes' or 'rows', or 'around' a node, or a 'path'; choose one"
            )
        if self.path and len(self.path) != 2:
            raise ValueError("a path has two ends; write 'path: [A, B]'")
        return self
