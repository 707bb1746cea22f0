"""What needs a word of explanation in a figure: only the marks that it uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from raphe.diagram.figure import Figure, Kind, Role, State
from raphe.diagram.shapes import KIND_WORDS, SHAPE_WORDS, SHAPES, Shape
from raphe.diagram.style import GLYPHS, HEAD_WORDS, STATE_WORDS, Head, head


class Extra(StrEnum):
    """Marks that belong to no other list."""

    SLOW = "slow"
    INDIRECT = "indirect"
    CORE = "core"


Mark: TypeAlias = State | Shape | Head | Role | Extra


@dataclass(frozen=True, slots=True)
class Key:
    """One mark of a figure and what it means."""

    mark: Mark
    words: str


def legend(figure: Figure) -> tuple[Key, ...]:
    """The marks that a figure uses: states or shapes first, then lines.

    Examples
    --------
    >>> from raphe.diagram.figure import Edge, Node
    >>> nodes = (Node("NE", "NA", Kind.TRANSMITTER, state=State.UP),
    ...          Node("a2", "α₂", Kind.RECEPTOR, state=State.BLOCKED))
    >>> edges = (Edge("NE", "a2", role=Role.SILENCED),)
    >>> [key.words for key in legend(Figure("Loop", nodes=nodes, edges=edges))]
    ['increase', 'blocked by drug', 'silenced', 'activates']
    """
    if figure.is_workflow:
        return ()
    return (*_of_nodes(figure), *_of_edges(figure))


def legend_text(key: Key) -> str:
    """A mark and its meaning in plain characters, for where nothing can be drawn.

    Examples
    --------
    >>> [legend_text(Key(mark, word)) for mark, word in
    ...  ((State.UP, "increase"), (Head.TEE, "inhibits"), (Shape.SQUARE, "receptor"))]
    ['▲ increase', '-| inhibits', 'square box: receptor']
    """
    if isinstance(key.mark, State):
        return f"{GLYPHS[key.mark]} {key.words}"
    if isinstance(key.mark, Head):
        return f"{_ARROWS[key.mark]} {key.words}"
    return f"{_LINES.get(key.mark, key.mark.value)}: {key.words}"


_ARROWS = {
    Head.NORMAL: "→",
    Head.TEE: "-|",
    Head.CIRCLE: "-○",
    Head.DIAMOND: "-◇",
    Head.OPEN: "->",
}

_LINES: dict[Mark, str] = {
    Role.EXPLAINING: "thick",
    Role.OPPOSING: "thick, in another colour",
    Role.SILENCED: "dashed",
    Extra.SLOW: "dotted",
    Extra.INDIRECT: "long dashes",
    Extra.CORE: "double border",
}


def _of_nodes(figure: Figure) -> Iterator[Key]:
    states = {node.state for node in figure.nodes}
    yield from (Key(state, STATE_WORDS[state]) for state in STATE_WORDS if state in states)
    if not figure.is_prediction:
        kinds = {node.kind for node in figure.nodes}
        for shape in SHAPE_WORDS:
            here = [KIND_WORDS[kind] for kind in Kind if kind in kinds and SHAPES[kind] is shape]
            if here:
                yield Key(shape, ", ".join(here) if len(here) < 3 else SHAPE_WORDS[shape])
    if figure.core:
        yield Key(Extra.CORE, "reported" if figure.is_contradiction else "core mechanism")


def _of_edges(figure: Figure) -> Iterator[Key]:
    roles = {edge.role for edge in figure.edges}
    if Role.EXPLAINING in roles:
        told = "makes the contradiction" if figure.is_contradiction else "explaining path"
        yield Key(Role.EXPLAINING, told)
    if Role.OPPOSING in roles:
        yield Key(Role.OPPOSING, "works against it")
    if Role.SILENCED in roles:
        yield Key(Role.SILENCED, "silenced")
    if any(edge.slow for edge in figure.edges):
        yield Key(Extra.SLOW, "slow adaptation")
    if any(edge.indirect and not edge.slow for edge in figure.edges):
        yield Key(Extra.INDIRECT, "by way of nodes not shown")
    heads = {head(edge) for edge in figure.edges}
    yield from (Key(one, HEAD_WORDS[one]) for one in Head if one in heads)
