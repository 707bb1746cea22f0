"""Figures that name their rows, as DOT text in which everything but the edges has its place."""

from __future__ import annotations

import graphviz

from raphe.diagram.attributes import cluster_attributes, edge_attributes, node_attributes
from raphe.diagram.figure import Figure
from raphe.diagram.labels import DOT_FONT, dot_corners, dot_point, plain, title_lines
from raphe.diagram.palette import Palette
from raphe.diagram.rows import Places, place_rows
from raphe.diagram.text import key


def rows_dot(figure: Figure, colors: Palette) -> str:
    """DOT text of a figure with rows, its drugs cloned; Graphviz leads the edges round the nodes.

    Examples
    --------
    >>> from raphe.diagram.figure import Kind, Node
    >>> from raphe.diagram.palette import Theme, palette
    >>> figure = Figure("One", nodes=(Node("NE", "NA", Kind.TRANSMITTER),), rows=(("NE",),))
    >>> 'layout=nop' in rows_dot(figure, palette(Theme.LIGHT))
    True
    """
    places = place_rows(figure)
    graph = graphviz.Digraph(
        "figure",
        graph_attr={
            "bgcolor": colors.background,
            # Ways keep this far from the nodes that they pass.
            "esep": "+7",
            "fontcolor": colors.muted,
            "fontname": DOT_FONT,
            "label": plain(title_lines(figure), "\\l"),
            "labeljust": "l",
            "labelloc": "t",
            "layout": "nop",
            "sep": "+9",
            "splines": "spline",
        },
        node_attr={"fixedsize": "true", "fontname": DOT_FONT, "fontsize": "11.5"},
        edge_attr={"arrowsize": "0.75", "fontname": DOT_FONT, "fontsize": "9"},
    )
    _add_level(graph, figure, "", places, colors)
    for edge in figure.edges:
        attributes, head = edge_attributes(edge, figure, colors)
        graph.edge(key(edge.source), key(edge.target), arrowhead=head, **attributes)
    return str(graph.source)


def _add_level(
    graph: graphviz.Digraph, figure: Figure, parent: str, places: Places, colors: Palette
) -> None:
    for cluster in figure.clusters:
        if cluster.parent != parent or cluster.id not in places.clusters:
            continue
        with graph.subgraph(name=f"cluster_{key(cluster.id)}") as inner:
            box = places.clusters[cluster.id]
            inner.attr(bb=dot_corners(box), **cluster_attributes(cluster, colors))
            _add_level(inner, figure, cluster.id, places, colors)
    for node in figure.nodes:
        if node.cluster == parent:
            look = node_attributes(node, figure, colors)
            graph.node(key(node.id), pos=dot_point(places.nodes[node.id].center), **look)
