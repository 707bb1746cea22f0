"""Cascades and circuits: whether they fit together, and everything in them takes part."""

from __future__ import annotations

from collections.abc import Iterator

from raphe.checks.library import Library
from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.flat_pathway import FlatPathway
from raphe.formats.documents import Document
from raphe.pathway import Cascade, Circuit

#: Longer texts are broken badly in a drawing, or widen it.
MAX_LABEL = 30
MAX_CAPTION = 40


def check_cascade(document: Document[Cascade], library: Library) -> Iterator[Found]:
    """Loose ends of a cascade, and whether anything includes it."""
    cascade = document.value
    _, problems = library.compose(document)
    yield from problems
    yield from _nodes(document, library)
    if cascade.name not in library.included:
        problem = document.source.problem(
            ("pathway",),
            f"nothing includes cascade '{cascade.name}'.",
            "Include it in a circuit, or remove it.",
        )
        yield NamedWarning(WarningName.UNUSED_CASCADE, problem)


def check_circuit(document: Document[Circuit], library: Library) -> Iterator[Found]:
    """Loose ends of a circuit, and what stands in it without taking part."""
    flat, problems = library.compose(document)
    yield from problems
    yield from _nodes(document, library)
    if flat is not None:
        yield from _orphans(flat)
        yield from _places(document, flat)


def _nodes(document: Document[Circuit] | Document[Cascade], library: Library) -> Iterator[Found]:
    for name, node in document.value.nodes.items():
        for target in node.target:
            if wrong := library.no_target(target):
                yield document.source.problem(("nodes", name, "target"), *wrong)
        for field, text, limit in (
            ("label", node.label, MAX_LABEL),
            ("caption", node.caption, MAX_CAPTION),
        ):
            if len(text) > limit:
                problem = document.source.problem(
                    ("nodes", name, field),
                    f"the {field} of '{name}' has {len(text)} characters.",
                    f"More than {limit} are hard to draw; shorten it.",
                )
                yield NamedWarning(WarningName.LABEL_TOO_LONG, problem)


def _orphans(flat: FlatPathway) -> Iterator[Found]:
    ends = {end for edge in flat.edges for end in (edge.source, edge.target)}
    for name, node in flat.nodes.items():
        if name not in ends:
            problem = node.origin.problem(
                f"node '{name}' has no edges.", "Connect it, or remove it."
            )
            yield NamedWarning(WarningName.ORPHAN_NODE, problem)


def _places(document: Document[Circuit], flat: FlatPathway) -> Iterator[Found]:
    if flat.places:
        for name, node in flat.nodes.items():
            if not node.place:
                problem = node.origin.problem(
                    f"node '{name}' stands in none of the places.",
                    "Begin its name with the name of a place, or declare its place.",
                )
                yield NamedWarning(WarningName.UNPLACED_NODE, problem)
    for place in flat.places:
        if not any(name.startswith(f"{place}.") for name in flat.nodes):
            problem = document.source.problem(
                ("places", place),
                f"place '{place}' has no nodes.",
                "The names of its nodes begin with its own and a dot.",
                at_key=True,
            )
            yield NamedWarning(WarningName.EMPTY_PLACE, problem)
