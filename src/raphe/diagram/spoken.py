"""A figure in words: what a screen reader says, and what a tooltip shows."""

from __future__ import annotations

from collections.abc import Mapping

from raphe.diagram.figure import Edge, Figure, Kind, Node, Role, State
from raphe.diagram.style import HEAD_WORDS, head
from raphe.diagram.text import clean

_STATES: Mapping[State, str] = {
    State.NONE: "",
    State.UP: "up",
    State.DOWN: "down",
    State.AMBIGUOUS: "ambiguous",
    State.UNCHANGED: "unchanged",
    State.BLOCKED: "blocked",
}


def say_node(node: Node) -> str:
    """A node with what is predicted of it.

    Examples
    --------
    >>> say_node(Node("LC", "LC firing", Kind.FIRING, state=State.UP, probability=0.93))
    'LC firing, up, probability 0.93'
    """
    name = clean(node.label) or clean(node.id)
    probability = "" if node.probability is None else f"probability {node.probability:.2f}"
    kind = "drug" if node.kind is Kind.DRUG else ""
    parts = (name, clean(node.caption), kind, _STATES[node.state], probability)
    return ", ".join(part for part in parts if part)


def say_edge(edge: Edge, figure: Figure) -> str:
    """An edge as a sentence without its full stop.

    Examples
    --------
    >>> nodes = (Node("NE", "NA", Kind.TRANSMITTER), Node("a2", "α₂A-AR", Kind.RECEPTOR))
    >>> edge = Edge("NE", "a2", role=Role.SILENCED)
    >>> say_edge(edge, Figure("Loop", nodes=nodes, edges=(edge,)))
    'NA activates α₂A-AR, silenced'
    """
    names = {node.id: clean(node.label) or clean(node.id) for node in figure.nodes}
    if figure.is_workflow:
        return f"{names[edge.source]}, then {names[edge.target]}"
    does = HEAD_WORDS[head(edge)]
    middle = "acts with unknown sign on" if does == "sign unknown" else does
    said = f"{names[edge.source]} {'slowly ' if edge.slow else ''}{middle} {names[edge.target]}"
    role = {
        Role.SILENCED: ", silenced",
        Role.EXPLAINING: ", on the explaining path",
        Role.OPPOSING: ", against the change",
    }
    by_way = ", by way of nodes that are not shown" if edge.indirect else ""
    label = f", {clean(edge.label)}" if edge.label else ""
    return said + by_way + role.get(edge.role, "") + label


def tooltip(said: str, more: str) -> str:
    r"""What is said, then what the figure adds, on lines of their own.

    Examples
    --------
    >>> tooltip("NA, up", "See Szabo 2001.")
    'NA, up\nSee Szabo 2001.'
    """
    return "\n".join(line for line in (said, clean(more)) if line)
