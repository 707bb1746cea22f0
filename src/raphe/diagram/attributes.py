"""How nodes, grounds and edges look, in attributes of DOT; where they stand is not said here."""

from __future__ import annotations

from raphe.diagram.boxes import Box, box
from raphe.diagram.figure import Cluster, Edge, Figure, Ground, Node
from raphe.diagram.labels import DOT_FONT, cluster_words, edge_id, inches, plain
from raphe.diagram.palette import Palette
from raphe.diagram.shapes import GRAPHVIZ_SHAPE, SHAPES, Shape
from raphe.diagram.style import border_width, is_dashed, paint, stroke
from raphe.diagram.text import key


def cluster_attributes(cluster: Cluster, colors: Palette) -> dict[str, str]:
    """How a ground looks."""
    tint = colors.grounds[cluster.kind]
    is_membrane = cluster.kind is Ground.MEMBRANE
    return {
        "class": cluster.kind.value,
        "color": tint.border,
        "fillcolor": tint.fill,
        "fontcolor": tint.text,
        "fontname": f"{DOT_FONT}-Bold",
        # Larger than it is drawn: our capitals are wider, and a label needs room to step aside.
        "fontsize": "10.5",
        "id": f"cluster-{key(cluster.id)}",
        "label": plain(["   ".join(word for word in cluster_words(cluster) if word)]),
        "labeljust": "l",
        "labelloc": "b" if is_membrane else "t",
        "margin": "9" if is_membrane else "12",
        "penwidth": "2.2" if is_membrane else "1.4",
        "style": "filled" if is_membrane else "rounded,filled",
    }


def node_attributes(node: Node, figure: Figure, colors: Palette) -> dict[str, str]:
    """How a node looks, and how large it is."""
    shape = SHAPES[node.kind]
    tint = paint(node, figure, colors)
    styles = ["rounded"] if shape is Shape.ROUNDED else []
    styles += ["filled", "dashed"] if is_dashed(node) else ["filled"]
    held = box(node)
    attributes = {
        "class": " ".join([node.kind, *([node.state] if figure.is_prediction else [])]),
        "color": tint.border,
        "fillcolor": tint.fill,
        "fontcolor": tint.text,
        "height": inches(held.height),
        "id": f"node-{key(node.id)}",
        "label": _node_label(held),
        "penwidth": f"{border_width(node):g}",
        "shape": GRAPHVIZ_SHAPE[shape],
        "style": ",".join(styles),
        "width": inches(held.width),
    }
    if node.id in figure.core:
        attributes["peripheries"] = "2"
    return attributes


def _node_label(held: Box) -> str:
    first, *rest = (line.text for line in held.lines)
    return plain([f"{held.glyph} {first}" if held.glyph else first, *rest])


def edge_attributes(edge: Edge, figure: Figure, colors: Palette) -> tuple[dict[str, str], str]:
    """How an edge looks, and its head: which end has it depends on the layout."""
    drawn = stroke(edge, figure, colors)
    manners = (name for name in ("slow", "indirect") if getattr(edge, name))
    attributes = {
        "class": " ".join([edge.role, *manners]),
        "color": drawn.color,
        "id": edge_id(edge, figure),
        "penwidth": f"{drawn.width:g}",
    }
    if drawn.line != "solid":
        attributes["style"] = drawn.line
    if edge.label:
        attributes["xlabel"] = plain([edge.label])
    return attributes, drawn.head
