"""Cautions between drugs, for programs: part of the answers that tell of combinations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from raphe.contraindication import Contraindication


class CautionItem(TypedDict):
    """Two drugs that are declared not to be given together, by what they do."""

    caution: Annotated[str, Field(description="name of the caution in targets.yaml")]
    title: Annotated[str, Field(description="what the two may cause")]
    drugs: Annotated[list[str], Field(description="names of the two drugs' files")]
    targets: Annotated[list[str], Field(description="at which each of them acts")]
    references: Annotated[list[str], Field(description="ids of what speaks for it")]


def caution_items(found: Iterable[Contraindication]) -> list[CautionItem]:
    """Cautions as documented dictionaries."""
    return [
        {
            "caution": one.name,
            "title": one.caution.title,
            "drugs": [given.drug.name for given in one.drugs],
            "targets": [mechanism.target for mechanism in one.caution.between],
            "references": list(one.references),
        }
        for one in found
    ]
