"""Figures: whether what they are to show is there."""

from __future__ import annotations

from collections.abc import Iterator

from raphe.checks.library import Library
from raphe.checks.notice import Found
from raphe.cut import nodes_like
from raphe.errors import nearest
from raphe.formats.documents import Document
from raphe.formats.yaml_text import Path
from raphe.view import View


def check_figure(document: Document[View], library: Library) -> Iterator[Found]:
    """Circuits, nodes and drugs that nobody declares."""
    view, source = document.value, document.source
    for name in view.drugs:
        if wrong := library.no_drug(name):
            yield source.problem(("drugs",), *wrong)
    circuits = library.names("circuits")
    if view.circuit not in circuits:
        remedy = nearest(view.circuit, circuits) or "'raphe list circuits' names them all."
        yield source.problem(("circuit",), f"no circuit '{view.circuit}'.", remedy)
    if view.circuit not in library.circuits:
        return
    nodes = library.circuits[view.circuit].nodes
    for path, name in _shown(view):
        if name not in nodes and not (path[0] == "nodes" and nodes_like(nodes, [name])):
            remedy = nearest(name, nodes) or "'raphe list nodes' names them all."
            yield source.problem(path, f"no node '{name}' in '{view.circuit}'.", remedy)

    placed = [(number, name) for number, row in enumerate(view.grid) for name in row if name]
    for number, name in placed:
        first = next(row for row, other in placed if other == name)
        if first != number:
            yield source.problem(
                ("rows", number), f"'{name}' stands in a row above.", "Give it one place."
            )


def _shown(view: View) -> Iterator[tuple[Path, str]]:
    yield from ((("nodes", number), name) for number, name in enumerate(view.nodes))
    yield from (
        (("rows", number), name) for number, row in enumerate(view.grid) for name in row if name
    )
    yield from ((("path", number), name) for number, name in enumerate(view.path))
    if view.around:
        yield ("around",), view.around
