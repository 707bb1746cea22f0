"""The layout that is chosen is the clearest of those tried, and really clear."""

from __future__ import annotations

import itertools

import pytest

from diagram.pictures import alpha2_loop, beta_gs, every
from raphe.diagram.arrange import arrange, cost
from raphe.diagram.clones import clone_drugs, drug_edges
from raphe.diagram.dot import Layout, to_dot
from raphe.diagram.draw import MOST_NODES, choose_layout, draw_svg
from raphe.diagram.engine import render_svg
from raphe.diagram.figure import Edge, Figure, Kind, Node
from raphe.diagram.geometry import Drawing, Rect, read_drawing
from raphe.diagram.grounds import widen_grounds
from raphe.diagram.labels import edge_id
from raphe.diagram.svg import read_svg
from raphe.diagram.text import key

PATHWAYS = [name for name, figure in every().items() if not figure.is_workflow]


def drawn(figure: Figure, layout: Layout) -> tuple[Figure, Drawing]:
    shown = clone_drugs(figure, layout.is_shared)
    raw = read_drawing(read_svg(render_svg(to_dot(figure, layout=layout))))
    return shown, widen_grounds(shown, raw)


@pytest.mark.parametrize("name", PATHWAYS)
def test_the_choice_is_no_worse_than_the_start(name: str) -> None:
    figure = every()[name]
    chosen = arrange(figure, render_svg)
    assert cost(*drawn(figure, chosen)) <= cost(*drawn(figure, Layout()))


@pytest.mark.parametrize("name", PATHWAYS)
def test_no_edge_runs_through_a_node(name: str) -> None:
    figure = every()[name]
    shown, drawing = drawn(figure, choose_layout(figure))
    for edge in shown.edges:
        course = drawing.edges[edge_id(edge, shown)]
        ends = {f"node-{key(edge.source)}", f"node-{key(edge.target)}"}
        for other, place in drawing.nodes.items():
            if other not in ends:
                assert not any(
                    place.grown(-1).cut_by(*piece) for piece in itertools.pairwise(course)
                )


@pytest.mark.parametrize("name", PATHWAYS)
def test_no_nodes_overlap(name: str) -> None:
    _, drawing = drawn(every()[name], choose_layout(every()[name]))
    boxes = list(drawing.nodes.values())
    assert not any(one.meets(two) for index, one in enumerate(boxes) for two in boxes[:index])


@pytest.mark.parametrize("name", PATHWAYS)
def test_every_drug_stands_next_to_its_target(name: str) -> None:
    figure = every()[name]
    shown, drawing = drawn(figure, choose_layout(figure))
    for edge in drug_edges(shown):
        drug, target = (drawing.nodes[f"node-{key(one)}"] for one in (edge.source, edge.target))
        assert max(drug.left, target.left) - min(drug.right, target.right) < 60
        assert abs(drug.center[1] - target.center[1]) < 1


def test_the_story_of_the_loop_runs_straight_and_uncrossed() -> None:
    svg = draw_svg(alpha2_loop())
    assert svg.count("paint-order") == 0  # No label lies on an edge.


def test_an_edge_through_a_node_costs_more_than_a_crossing() -> None:
    nodes = tuple(Node(one, one, Kind.PROTEIN) for one in "abc")
    figure = Figure("Three", nodes=nodes, edges=(Edge("a", "b"),))
    boxes = {"node-a": Rect(0, 0, 10, 10), "node-b": Rect(0, 80, 10, 90)}
    clear = Drawing({**boxes, "node-c": Rect(40, 40, 50, 50)}, {}, {"edge-a-b": ((5, 10), (5, 80))})
    blocked = Drawing({**boxes, "node-c": Rect(0, 40, 10, 50)}, {}, clear.edges)
    assert cost(figure, blocked) > cost(figure, clear) + 20


def test_a_huge_figure_is_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("raphe.diagram.draw.arrange", lambda *_: Layout(is_stacked=True))
    nodes = tuple(Node(f"n{index}", f"n{index}", Kind.PROTEIN) for index in range(MOST_NODES + 1))
    assert choose_layout(Figure("Huge", nodes=nodes)) == Layout()
    assert choose_layout(Figure("Large", nodes=nodes[1:])) == Layout(is_stacked=True)


def test_the_choice_can_be_kept() -> None:
    layout = choose_layout(beta_gs())
    assert draw_svg(beta_gs(), layout=layout) == draw_svg(beta_gs())
