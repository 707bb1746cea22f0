"""Conditions: whether what they push, deplete or take away is there."""

from __future__ import annotations

from collections.abc import Iterator

from raphe.checks.library import Library
from raphe.checks.notice import Found
from raphe.condition import Condition
from raphe.errors import nearest
from raphe.formats.documents import Document


def check_condition(document: Document[Condition], library: Library) -> Iterator[Found]:
    """Nodes and cells that no circuit has."""
    condition, source = document.value, document.source
    for key, names in (("perturbs", condition.perturbs), ("depletes", condition.depletes)):
        for name in names:
            if wrong := library.no_node(name):
                yield source.problem((key, name), *wrong, at_key=True)
    if library.nodes is None:
        return
    for cell in condition.lesions:
        if cell not in library.cells:
            known = f"There are: {', '.join(sorted(library.cells))}."
            remedy = nearest(cell, library.cells) or known
            yield source.problem(("lesions",), f"no place has the cell '{cell}'.", remedy)
