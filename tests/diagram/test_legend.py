"""The legend explains what the figure uses, and nothing else."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from diagram.pictures import alpha2_loop, every, microdialysis
from raphe.diagram.figure import Edge, Figure, Kind, Node, Role, State
from raphe.diagram.font import measure
from raphe.diagram.legend import Extra, legend, legend_text
from raphe.diagram.legend_art import SIZE, draw_legend
from raphe.diagram.palette import Theme, palette
from raphe.diagram.shapes import SHAPES, Shape
from raphe.diagram.style import Head, head
from raphe.diagram.svg import write_svg

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", [one for one, fig in every().items() if not fig.is_workflow])
def test_only_what_is_used_and_all_of_it(name: str) -> None:
    figure = every()[name]
    marks = {key.mark for key in legend(figure)}
    states = {node.state for node in figure.nodes} - {State.NONE}
    assert {mark for mark in marks if isinstance(mark, State)} == states
    assert {mark for mark in marks if isinstance(mark, Head)} == {head(one) for one in figure.edges}
    shapes = {SHAPES[node.kind] for node in figure.nodes}
    assert {mark for mark in marks if isinstance(mark, Shape)} == (
        set() if figure.is_prediction else shapes
    )
    told = {Role.EXPLAINING, Role.OPPOSING, Role.SILENCED}
    roles = {edge.role for edge in figure.edges} & told
    assert {mark for mark in marks if isinstance(mark, Role)} == roles
    assert (Extra.SLOW in marks) == any(edge.slow for edge in figure.edges)
    assert (Extra.CORE in marks) == bool(figure.core)


def test_a_workflow_explains_itself() -> None:
    assert legend(microdialysis()) == ()


def test_no_mark_stands_twice() -> None:
    for figure in every().values():
        marks = [(type(key.mark), key.mark) for key in legend(figure)]
        assert len(set(marks)) == len(marks)


def test_the_words_of_a_shape_are_the_kinds_it_has_here() -> None:
    nodes = (Node("a", "a", Kind.ENZYME), Node("b", "b", Kind.KINASE))
    assert [key.words for key in legend(Figure("Two", nodes=nodes))] == ["enzyme, kinase"]


def test_one_state_more_is_one_key_more() -> None:
    nodes = (Node("a", "a", Kind.FIRING, state=State.UP), Node("b", "b", Kind.FIRING))
    figure = Figure("Two", nodes=nodes, edges=(Edge("a", "b"),))
    assert [legend_text(key) for key in legend(figure)] == ["▲ increase", "→ activates"]


@pytest.mark.parametrize("width", [200.0, 400.0, 900.0])
def test_the_drawn_legend_holds_its_words(width: float) -> None:
    keys = legend(alpha2_loop())
    drawn, size = draw_legend(keys, width, palette(Theme.LIGHT))
    texts = [
        one for one in fromstring(write_svg(drawn)).iter("text") if one.get("text-anchor") is None
    ]
    assert [one.text for one in texts] == [key.words for key in keys]
    for one in texts:
        assert float(one.get("x", "0")) + measure(one.text or "", SIZE) <= size.width
        assert float(one.get("y", "0")) <= size.height
    assert size.width <= width
