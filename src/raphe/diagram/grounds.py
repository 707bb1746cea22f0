"""Grounds drawn to a common width, so that compartments lie over each other like bands.

Graphviz shrinks each cluster to its nodes; a cell then looks like a staircase with empty corners.
A cluster is widened as far as the one around it reaches, or until something stands in the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from raphe.diagram.figure import Cluster, Figure, Ground
from raphe.diagram.geometry import Drawing, Rect, around
from raphe.diagram.labels import edge_id
from raphe.diagram.text import key

#: Between a ground and the one around it.
INSET = 12.0
#: Between a widened ground and what stands beside it.
CLEARANCE = 9.0
#: Layers of one cell; these have no width of their own.
_LAYERS = (Ground.EXTRACELLULAR, Ground.MEMBRANE, Ground.CYTOSOL)


def cluster_id(cluster: Cluster) -> str:
    """Its id in the drawing.

    Examples
    --------
    >>> cluster_id(Cluster("LC", "locus coeruleus", Ground.NEURON))
    'cluster-LC'
    """
    return f"cluster-{key(cluster.id)}"


def widen_grounds(figure: Figure, drawing: Drawing) -> Drawing:
    """The drawing with its clusters widened, outer ones first."""
    places = dict(drawing.clusters)
    _widen_level(figure, drawing, places, "", _bounds(drawing))
    return replace(drawing, clusters=places)


def _bounds(drawing: Drawing) -> Rect:
    """What all clusters take together, without loose nodes: these may stand between them."""
    return around(
        corner
        for box in drawing.clusters.values()
        for corner in ((box.left, box.top), (box.right, box.bottom))
    )


def _widen_level(
    figure: Figure, drawing: Drawing, places: dict[str, Rect], parent: str, room: Rect
) -> None:
    for cluster in figure.clusters:
        name = cluster_id(cluster)
        if cluster.parent != parent or name not in places or cluster.kind is Ground.PHASE:
            continue
        was = places[name]
        left, right = was.left, was.right
        # Where rows are told, cells are as wide as they are meant to be; their layers are not.
        if not figure.rows or cluster.kind in (*_LAYERS, Ground.NUCLEUS):
            others = _strangers(cluster, figure, drawing, places)
            left, right = _limits(was, room, others)
        places[name] = here = replace(was, left=left, right=right)
        inner = replace(here, left=left + INSET, right=right - INSET)
        _widen_level(figure, drawing, places, cluster.id, inner)


def _limits(was: Rect, room: Rect, strangers: Iterable[Rect]) -> tuple[float, float]:
    """How far a ground may reach to both sides before it comes near to something."""
    left, right = min(was.left, room.left), max(was.right, room.right)
    for one in strangers:
        if one.top >= was.bottom + CLEARANCE or one.bottom <= was.top - CLEARANCE:
            continue
        # What already reaches into the ground, or closer to it than that, is no reason.
        if one.left >= was.right:
            right = min(right, max(was.right, one.left - CLEARANCE))
        elif one.right <= was.left:
            left = max(left, min(was.left, one.right + CLEARANCE))
    return left, right


def _strangers(
    cluster: Cluster, figure: Figure, drawing: Drawing, places: Mapping[str, Rect]
) -> Iterator[Rect]:
    """What must stay outside a ground: other grounds, nodes, and edges that only pass by."""
    own = _within(figure, cluster.id)
    kept = {one.id for one in _above(figure, cluster)} | own
    for other in figure.clusters:
        if other.id not in kept and cluster_id(other) in places:
            yield places[cluster_id(other)]
    inside = {node.id for node in figure.nodes if node.cluster in own}
    for node in figure.nodes:
        name = f"node-{key(node.id)}"
        if node.id not in inside and name in drawing.nodes:
            yield drawing.nodes[name]
    if _is_layer(cluster, figure):
        return  # Edges between the layers of a cell belong to the cell.
    for edge in figure.edges:
        if edge.source not in inside and edge.target not in inside:
            course = drawing.edges.get(edge_id(edge, figure), ())
            yield from (around(piece) for piece in pairwise(course))


def _is_layer(cluster: Cluster, figure: Figure) -> bool:
    """Whether a cluster has no width of its own; a nucleus has, where it lies in a cytosol."""
    if cluster.kind is Ground.NUCLEUS:
        return all(one.kind is not Ground.CYTOSOL for one in _above(figure, cluster))
    return cluster.kind in _LAYERS


def _within(figure: Figure, outermost: str) -> set[str]:
    """A cluster and all that it encloses."""
    found = {outermost}
    for _ in figure.clusters:
        found |= {one.id for one in figure.clusters if one.parent in found}
    return found


def _above(figure: Figure, cluster: Cluster) -> list[Cluster]:
    clusters = {one.id: one for one in figure.clusters}
    found = []
    while cluster.parent:
        cluster = clusters[cluster.parent]
        found.append(cluster)
    return found
