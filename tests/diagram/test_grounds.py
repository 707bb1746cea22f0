"""Clusters are widened to common bands, and never over what is not theirs."""

from __future__ import annotations

import pytest

from diagram.pictures import alpha2_gi, alpha2_loop, circuit, every
from raphe.diagram.clones import clone_drugs
from raphe.diagram.dot import Layout, to_dot
from raphe.diagram.engine import render_svg
from raphe.diagram.figure import Figure
from raphe.diagram.geometry import Drawing, read_drawing
from raphe.diagram.grounds import cluster_id, widen_grounds
from raphe.diagram.svg import read_svg
from raphe.diagram.text import key

PATHWAYS = [name for name, figure in every().items() if not figure.is_workflow]


def placed(figure: Figure, layout: Layout | None = None) -> tuple[Figure, Drawing]:
    return clone_drugs(figure), read_drawing(read_svg(render_svg(to_dot(figure, layout=layout))))


def ancestors(figure: Figure, cluster: str) -> set[str]:
    parents = {one.id: one.parent for one in figure.clusters}
    found = set()
    while cluster:
        found.add(cluster)
        cluster = parents[cluster]
    return found


@pytest.mark.parametrize("name", PATHWAYS)
@pytest.mark.parametrize("is_stacked", [True, False])
def test_a_ground_covers_its_own_and_nothing_else(name: str, is_stacked: bool) -> None:
    figure, drawing = placed(every()[name], Layout(is_stacked=is_stacked))
    wide = widen_grounds(figure, drawing)
    for cluster in figure.clusters:
        ground = wide.clusters[cluster_id(cluster)]
        assert ground.holds(drawing.clusters[cluster_id(cluster)])
        for node in figure.nodes:
            box = drawing.nodes[f"node-{key(node.id)}"]
            if cluster.id in ancestors(figure, node.cluster):
                assert ground.holds(box)
            else:
                assert not ground.meets(box)
        for other in figure.clusters:
            inner = wide.clusters[cluster_id(other)]
            if cluster.id in ancestors(figure, other.id):
                assert ground.holds(inner)
            elif other.id not in ancestors(figure, cluster.id):
                assert not ground.meets(inner)


def test_compartments_of_a_cell_become_bands_of_one_width() -> None:
    wide = widen_grounds(*placed(alpha2_gi()))
    ends = {(round(one.left, 2), round(one.right, 2)) for one in wide.clusters.values()}
    assert len(ends) == 1


def test_cells_over_each_other_become_bands_of_one_width() -> None:
    figure, drawing = placed(alpha2_loop(), Layout(is_stacked=True))
    wide = widen_grounds(figure, drawing)
    outer = [wide.clusters[cluster_id(one)] for one in figure.clusters if not one.parent]
    assert len({round(one.width, 2) for one in outer}) == 1


def test_a_ground_does_not_reach_over_an_edge_that_passes_by() -> None:
    figure, drawing = placed(circuit(), Layout(is_stacked=True))
    wide = widen_grounds(figure, drawing)
    for cluster in figure.clusters:
        if cluster.parent:
            continue
        inside = {one.id for one in figure.nodes if cluster.id in ancestors(figure, one.cluster)}
        before, after = (one.clusters[cluster_id(cluster)] for one in (drawing, wide))
        for edge in figure.edges:
            if not {edge.source, edge.target} & inside:
                name = f"edge-{key(edge.source)}-{key(edge.target)}"
                for piece in zip(drawing.edges[name], drawing.edges[name][1:], strict=False):
                    assert after.cut_by(*piece) <= before.grown(20).cut_by(*piece)
