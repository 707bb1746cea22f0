"""Workflows as DOT text with every position in it, for Graphviz's layout ``nop2``."""

from __future__ import annotations

import graphviz

from raphe.diagram.cards import card, card_paint
from raphe.diagram.figure import Cluster, Figure, Ground
from raphe.diagram.labels import (
    DOT_FONT,
    cluster_words,
    dot_corners,
    dot_point,
    edge_id,
    inches,
    plain,
    title_lines,
)
from raphe.diagram.palette import Palette
from raphe.diagram.routes import shortened
from raphe.diagram.style import phase_paint
from raphe.diagram.text import key
from raphe.diagram.workflow import Grid, place_steps, step_numbers


def workflow_dot(figure: Figure, colors: Palette) -> str:
    """The workflow as DOT text; a layout other than ``nop2`` would place the steps anew."""
    grid = place_steps(figure)
    graph = graphviz.Digraph(
        "figure",
        graph_attr={
            "bgcolor": colors.background,
            "fontcolor": colors.muted,
            "fontname": DOT_FONT,
            "label": plain(title_lines(figure), "\\l"),
            "labeljust": "l",
            "labelloc": "t",
            "layout": "nop2",
            "rankdir": "LR",
        },
        node_attr={"fixedsize": "true", "fontname": DOT_FONT, "fontsize": "11", "shape": "box"},
        edge_attr={"arrowsize": "0.8", "color": colors.line, "penwidth": "1.6"},
    )
    for cluster in figure.clusters:
        if cluster.id in grid.phases:
            _add_phase(graph, cluster, figure, grid, colors)
    _add_steps(graph, "", figure, grid, colors)
    for edge in figure.edges:
        way = grid.ways[edge]
        graph.edge(
            key(edge.source),
            key(edge.target),
            id=edge_id(edge, figure),
            pos=f"e,{dot_point(way[-1])} {' '.join(map(dot_point, shortened(way)))}",
        )
    return str(graph.source)


def _add_phase(
    graph: graphviz.Digraph, cluster: Cluster, figure: Figure, grid: Grid, colors: Palette
) -> None:
    tint = (
        phase_paint(cluster, figure, colors)
        if cluster.kind is Ground.PHASE
        else colors.grounds[cluster.kind]
    )
    with graph.subgraph(name=f"cluster_{key(cluster.id)}") as inner:
        inner.attr(
            bb=dot_corners(grid.phases[cluster.id]),
            color=tint.border,
            fillcolor=tint.fill,
            fontcolor=tint.text,
            id=f"cluster-{key(cluster.id)}",
            label=plain([" ".join(word for word in cluster_words(cluster) if word)]),
            labeljust="l",
            style="rounded,filled",
        )
        _add_steps(inner, cluster.id, figure, grid, colors)


def _add_steps(
    graph: graphviz.Digraph, cluster: str, figure: Figure, grid: Grid, colors: Palette
) -> None:
    numbers = step_numbers(figure)
    for node in figure.nodes:
        if node.cluster != cluster:
            continue
        place, held = grid.cards[node.id], card(node)
        tint = card_paint(node, figure, colors)
        graph.node(
            key(node.id),
            **{"class": node.kind.value},
            color=tint.border,
            fillcolor=tint.fill,
            fontcolor=colors.text,
            height=inches(place.height),
            id=f"node-{key(node.id)}",
            label=plain([numbers[node.id], *held.title, *held.detail]),
            pos=dot_point(place.center),
            style="rounded,filled",
            width=inches(place.width),
        )
