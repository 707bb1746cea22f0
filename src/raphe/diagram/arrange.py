"""The best of a few layouts, chosen by looking at the drawings.

Graphviz finds a good drawing only from some starts, and which one cannot be told from the graph.
It draws in hundredths of a second, so some starts are tried and each drawing is judged as a reader
would: edges through boxes and labels, crossings, long ways, empty corners.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, pairwise, product

from raphe.diagram.captions import place_caption
from raphe.diagram.clones import clone_drugs, drug_edges
from raphe.diagram.dot import Layout, to_dot
from raphe.diagram.figure import Edge, Figure, Ground, Role
from raphe.diagram.geometry import Drawing, Point, crossings, length, read_drawing
from raphe.diagram.grounds import cluster_id, widen_grounds
from raphe.diagram.labels import edge_id
from raphe.diagram.svg import read_svg
from raphe.diagram.text import key

#: What a reader minds, against each other. Chosen by eye on the figures of the tests.
THROUGH_NODE = 60.0
THROUGH_LABEL = 14.0
CROSSING = 12.0
PER_100_POINTS = 2.0
EMPTY = 45.0
BAD_ASPECT = 30.0
THICK_MEMBRANE = 30.0
#: For each drug that does not stand next to its target.
APART = 40.0
#: For each edge that must bow over a neighbour on its own line.
BOW = 14.0
#: For each 100 points beyond WIDE.
TOO_WIDE = 18.0

#: Longest edge between two that stand side by side, in points.
NEAR = 60.0

#: Widest drawing that is read at full size, in points.
WIDE = 1010.0

#: Height of a membrane with its nodes on one line, in points.
THIN = 80.0

#: Ratios of width to height that fit a page or a screen.
ASPECTS = (0.8, 1.7)


def arrange(figure: Figure, render: Callable[[str], str]) -> Layout:
    """The layout whose drawing is the clearest.

    Parameters
    ----------
    figure
        What is shown.
    render
        Draws DOT text as SVG.

    Notes
    -----
    Three switches in all combinations, then the other three and each drug's side one at a
    time: with *d* copies of drugs, 12 + *d* drawings at most. Of equal layouts the first is taken.
    """

    def judge(layout: Layout) -> float:
        shown = clone_drugs(figure, layout.is_shared)
        drawing = read_drawing(read_svg(render(to_dot(figure, layout=layout))))
        return cost(shown, widen_grounds(shown, drawing))

    starts = [
        Layout(is_stacked=one, is_banded=not two, is_reversed=three)
        for one, two, three in product((False, True), repeat=3)
    ]
    least, index = min((judge(layout), index) for index, layout in enumerate(starts))
    best = starts[index]
    for change in (_fold, _loosen, _part):
        least, best = min((least, best), (judge(change(best)), change(best)), key=_first)
    for drugs in _sides(clone_drugs(figure, best.is_shared)):
        other = replace(best, left=best.left ^ drugs)
        least, best = min((least, best), (judge(other), other), key=_first)
    return best


def cost(figure: Figure, drawing: Drawing) -> float:
    """How much a reader would mind a drawing; 0 is perfect.

    Parameters
    ----------
    figure
        What is shown, its drugs cloned.
    drawing
        Where it stands.
    """
    courses = {
        edge: drawing.edges[name]
        for edge in figure.edges
        if (name := edge_id(edge, figure)) in drawing.edges
    }
    return (
        THROUGH_NODE * sum(_nodes_hit(edge, course, drawing) for edge, course in courses.items())
        + THROUGH_LABEL * _labels_hit(figure, drawing)
        + CROSSING * sum(_crossings(courses))
        + PER_100_POINTS * sum(_care(edge) * length(way) for edge, way in courses.items()) / 100
        + EMPTY * _empty_share(drawing)
        + THICK_MEMBRANE * sum(_thickness(figure, drawing))
        + APART * sum(length(courses[edge]) > NEAR for edge in drug_edges(figure))
        + BOW * sum(_care(edge) * _bows(edge, course, drawing) for edge, course in courses.items())
        + TOO_WIDE * max(0.0, drawing.bounds.width - WIDE) / 100
        + BAD_ASPECT * _bad_aspect(drawing)
    )


def _fold(layout: Layout) -> Layout:
    return replace(layout, is_folded=not layout.is_folded)


def _loosen(layout: Layout) -> Layout:
    return replace(layout, is_loose=not layout.is_loose)


def _part(layout: Layout) -> Layout:
    return replace(layout, is_shared=not layout.is_shared)


def _first(judged: tuple[float, Layout]) -> float:
    return judged[0]


def _sides(figure: Figure) -> list[frozenset[str]]:
    """All drugs beside their targets, then each alone."""
    drugs = sorted({edge.source for edge in drug_edges(figure)})
    every = [frozenset(drugs)] if len(drugs) > 1 else []
    return [*every, *(frozenset((drug,)) for drug in drugs)]


def _care(edge: Edge) -> float:
    return 2.0 if edge.role is Role.EXPLAINING else 1.0


def _nodes_hit(edge: Edge, course: tuple[Point, ...], drawing: Drawing) -> int:
    ends = {f"node-{key(edge.source)}", f"node-{key(edge.target)}"}
    return sum(
        any(box.cut_by(*piece) for piece in pairwise(course))
        for name, box in drawing.nodes.items()
        if name not in ends
    )


def _bows(edge: Edge, course: tuple[Point, ...], drawing: Drawing) -> bool:
    """Whether an edge joins two nodes of one line that do not stand next to each other."""
    one, two = (drawing.nodes[f"node-{key(name)}"] for name in (edge.source, edge.target))
    return one != two and abs(one.center[1] - two.center[1]) < 1 and length(course) > NEAR


def _labels_hit(figure: Figure, drawing: Drawing) -> int:
    hits = 0
    for cluster in figure.clusters:
        box = drawing.clusters.get(cluster_id(cluster))
        if box is not None:
            inner = [
                drawing.clusters[cluster_id(one)]
                for one in figure.clusters
                if one.parent == cluster.id and cluster_id(one) in drawing.clusters
            ]
            hits += not place_caption(cluster, box, drawing, inner).is_clear
    return hits


def _crossings(courses: dict[Edge, tuple[Point, ...]]) -> Iterator[float]:
    """Crossings of edges that do not share an end, which may meet there."""
    for (one, first), (two, second) in combinations(courses.items(), 2):
        if not {one.source, one.target} & {two.source, two.target}:
            yield crossings(first, second) * max(_care(one), _care(two))


def _empty_share(drawing: Drawing) -> float:
    """Share of the picture that is neither cluster nor node, as far as outer boxes tell."""
    bounds = drawing.bounds
    boxes = [*drawing.clusters.values(), *drawing.nodes.values()]
    outer = [
        box
        for box in boxes
        if not any(box != other and other.grown(0.5).holds(box) for other in boxes)
    ]
    covered = sum(box.width * box.height for box in outer)
    return max(0.0, 1 - covered / max(bounds.width * bounds.height, 1.0))


def _thickness(figure: Figure, drawing: Drawing) -> Iterator[float]:
    """How many times thicker than a line of nodes each membrane is, less one."""
    for cluster in figure.clusters:
        box = drawing.clusters.get(cluster_id(cluster))
        if cluster.kind is Ground.MEMBRANE and box is not None:
            yield max(0.0, box.height / THIN - 1)


def _bad_aspect(drawing: Drawing) -> float:
    bounds = drawing.bounds
    ratio = max(bounds.width, 1.0) / max(bounds.height, 1.0)
    low, high = ASPECTS
    return abs(math.log(ratio / min(max(ratio, low), high)))
