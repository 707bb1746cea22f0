"""Figures as DOT text: plain labels, fixed sizes, everything sorted and escaped.

Plain labels only: the embedded Graphviz silently draws a node's name in place of an HTML-like
label. Bold, italics and small captions are the work of :mod:`raphe.diagram.finish`.
"""

from __future__ import annotations

from dataclasses import dataclass

import graphviz

from raphe.diagram.attributes import cluster_attributes, edge_attributes, node_attributes
from raphe.diagram.clones import clone_drugs, drug_edges
from raphe.diagram.figure import Edge, Figure, Node, Role
from raphe.diagram.labels import DOT_FONT, plain, title_lines
from raphe.diagram.layers import SPINE_WEIGHT, Layers, layers
from raphe.diagram.palette import Palette, Theme, palette
from raphe.diagram.rows_dot import rows_dot
from raphe.diagram.text import key
from raphe.diagram.workflow_dot import workflow_dot


@dataclass(frozen=True, slots=True)
class Layout:
    """What a layout may choose, since Graphviz finds good places only from some starts."""

    #: Copies of drugs that stand to the left of their target.
    left: frozenset[str] = frozenset()
    #: Whether nodes are told to Graphviz from the last to the first.
    is_reversed: bool = False
    #: Whether silenced edges have no say in the ranks.
    is_loose: bool = False
    #: Whether the nodes of a membrane stand on one line.
    is_banded: bool = True
    #: Whether what a cell does is told from left to right, not downwards.
    is_folded: bool = False
    #: Whether the outermost clusters lie over each other.
    is_stacked: bool = False
    #: Whether two targets in one membrane share a copy of their drug.
    is_shared: bool = True


def to_dot(figure: Figure, theme: Theme = Theme.LIGHT, layout: Layout | None = None) -> str:
    r"""The figure as DOT text that any Graphviz draws.

    Parameters
    ----------
    figure
        What is shown; drugs are cloned here.
    theme
        Which palette.
    layout
        Choices that :func:`raphe.diagram.arrange.arrange` has found to be good.

    Examples
    --------
    >>> from raphe.diagram.figure import Kind
    >>> ne = Node("NE", 'noradrenaline "NA"', Kind.TRANSMITTER)
    >>> print(to_dot(Figure("Loop", nodes=(ne,))).splitlines()[-2].strip()[:32])
    NE [label="noradrenaline \"NA\""
    """
    if figure.is_workflow:
        return workflow_dot(figure, palette(theme))
    if figure.rows:
        return rows_dot(clone_drugs(figure, is_shared=False), palette(theme))
    chosen = layout or Layout()
    return _pathway_dot(clone_drugs(figure, chosen.is_shared), palette(theme), chosen)


def _pathway_dot(figure: Figure, colors: Palette, layout: Layout) -> str:
    ranked = layers(figure, layout.is_banded, layout.is_folded, layout.is_stacked)
    graph = graphviz.Digraph(
        "figure",
        graph_attr={
            "bgcolor": colors.background,
            "compound": "true",
            "fontcolor": colors.muted,
            "fontname": DOT_FONT,
            "fontsize": "11",
            "label": plain(title_lines(figure), "\\l"),
            "labeljust": "l",
            "labelloc": "t",
            "newrank": "true",
            "nodesep": "0.34",
            "pad": "0.22",
            "rankdir": "TB",
            "ranksep": "0.42",
            "splines": "spline",
        },
        node_attr={"fixedsize": "true", "fontname": DOT_FONT, "fontsize": "11.5"},
        edge_attr={"arrowsize": "0.75", "fontname": DOT_FONT, "fontsize": "9"},
    )
    turn = -1 if layout.is_reversed else 1
    nodes = {node.id: node for node in figure.nodes}
    told = [nodes[name] for name in ranked.flow][::turn]
    _add_level(graph, figure, "", told, colors)
    for band in ranked.bands:
        with graph.subgraph() as line:
            line.attr(rank="same")
            for name in band:
                line.node(key(name))
    for above, below in ranked.stacked:
        graph.edge(key(above), key(below), style="invis", weight="0")
    for edge in figure.edges[::turn]:
        _add_edge(graph, edge, figure, ranked, colors, layout)
    return str(graph.source)


def _add_level(
    graph: graphviz.Digraph, figure: Figure, parent: str, told: list[Node], colors: Palette
) -> None:
    """Clusters within one cluster, then its own nodes."""
    for cluster in figure.clusters:
        if cluster.parent != parent:
            continue
        with graph.subgraph(name=f"cluster_{key(cluster.id)}") as inner:
            inner.attr(**cluster_attributes(cluster, colors))
            _add_level(inner, figure, cluster.id, told, colors)
    here = [node for node in told if node.cluster == parent]
    for node in here:
        graph.node(key(node.id), **node_attributes(node, figure, colors))
    for number, pair in enumerate(_pairs(figure, here)):
        # Graphviz keeps a cluster together, also one that is not seen.
        with graph.subgraph(name=f"cluster_pair_{number}_{key(parent)}") as unseen:
            # An id of its own, or it would inherit that of the cluster around it.
            unseen.attr(
                id=f"pair-{key(pair[0])}", label="", margin="0", peripheries="0", style="invis"
            )
            for name in pair:
                unseen.node(key(name))


def _pairs(figure: Figure, here: list[Node]) -> list[list[str]]:
    """Drugs and targets that stand side by side, joined where they share one of them."""
    names = {node.id for node in here}
    pairs: list[set[str]] = []
    for edge in drug_edges(figure):
        if edge.source in names:
            touching = [one for one in pairs if one & {edge.source, edge.target}]
            pairs = [one for one in pairs if one not in touching]
            pairs.append({edge.source, edge.target}.union(*touching))
    return sorted(sorted(pair) for pair in pairs)


def _add_edge(
    graph: graphviz.Digraph,
    edge: Edge,
    figure: Figure,
    ranked: Layers,
    colors: Palette,
    layout: Layout,
) -> None:
    attributes, head = edge_attributes(edge, figure, colors)
    if edge in drug_edges(figure) and not _points_right(edge, figure, layout):
        # Told backwards, since Graphviz puts the first of two on one line to the left.
        attributes |= {"arrowtail": head, "dir": "back", "weight": str(SPINE_WEIGHT)}
        graph.edge(key(edge.target), key(edge.source), **attributes)
        return
    attributes["arrowhead"] = head
    on_one_line = any(edge.source in band and edge.target in band for band in ranked.bands)
    is_idle = layout.is_loose and edge.role is Role.SILENCED
    if not on_one_line and (edge not in ranked.weights or is_idle):
        attributes["constraint"] = "false"
    elif edge in ranked.weights:
        attributes["weight"] = str(ranked.weights[edge])
    graph.edge(key(edge.source), key(edge.target), **attributes)


def _points_right(edge: Edge, figure: Figure, layout: Layout) -> bool:
    """Whether a drug stands to the left of this target; of two, it stands between them."""
    targets = [one.target for one in drug_edges(figure) if one.source == edge.source]
    is_second = len(targets) == 2 and edge.target == targets[1]
    return is_second != (edge.source in layout.left)
