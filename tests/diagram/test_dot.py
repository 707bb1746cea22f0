"""DOT text: golden, well formed, plain, escaped, and the same from shuffled parts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from diagram.pictures import alpha2_loop, beta_gs, circuit, every
from raphe.diagram.dot import Layout, to_dot
from raphe.diagram.engine import Placement, render_svg
from raphe.diagram.figure import Cluster, Edge, Figure, Ground, Kind, Node, State
from raphe.diagram.geometry import read_drawing
from raphe.diagram.labels import capitals, edge_id
from raphe.diagram.palette import Theme
from raphe.diagram.svg import groups, read_svg
from raphe.diagram.text import clean, key

GOLDEN = Path(__file__).with_name("golden")

#: Whatever a file may hold: quotes, backslashes, markup, directions, controls, half characters.
ANY = st.text(st.characters(categories=None, exclude_categories=()), max_size=25) | st.sampled_from(
    [
        "<b>bold</b>",
        "<script>alert(1)</script>",
        '"',
        "\\",
        "\\N",
        "a\\",
        '\\"',
        "{|}",
        "&lt;",
        "a\nb",
        "]]>",
        "node",
        "label=<b>",
        "digraph",
        "\x00",
        "\ud800",
        "α₂ → β",
    ]
)


def placement(figure: Figure) -> Placement:
    return Placement.FIXED if figure.is_workflow else Placement.RANKS


@pytest.mark.parametrize("name", sorted(every()))
def test_golden(name: str) -> None:
    # After a change that is meant, see write_golden.py
    assert to_dot(every()[name]) == (GOLDEN / f"{name}.dot").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(every()))
def test_shuffled_parts_give_the_same_bytes(name: str) -> None:
    figure = every()[name]
    random = Random(7)
    for _ in range(3):
        parts = {}
        for part in ("clusters", "nodes", "edges"):
            several = list(getattr(figure, part))
            random.shuffle(several)
            parts[part] = tuple(several)
        assert to_dot(replace(figure, **parts)) == to_dot(figure)


@pytest.mark.parametrize("name", sorted(every()))
def test_light_and_dark_differ_in_colours_only(name: str) -> None:
    light, dark = (to_dot(every()[name], theme) for theme in Theme)
    assert light != dark
    assert re.sub("#[0-9A-F]{6}", "", light) == re.sub("#[0-9A-F]{6}", "", dark)


@pytest.mark.parametrize("name", sorted(every()))
def test_no_label_is_html(name: str) -> None:
    assert not re.search(r"label\s*=\s*<", to_dot(every()[name]))


@pytest.mark.parametrize("name", sorted(every()))
def test_every_node_and_edge_is_drawn(name: str) -> None:
    figure = every()[name]
    drawing = read_drawing(read_svg(render_svg(to_dot(figure), placement=placement(figure))))
    shown = {key(node.id) for node in figure.nodes if node.kind is not Kind.DRUG}
    assert shown <= {one.removeprefix("node-") for one in drawing.nodes}
    assert len(drawing.edges) == len(figure.edges)


def outside_strings(dot: str) -> str:
    """The DOT text with the contents of its quoted strings taken out."""
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', dot, flags=re.DOTALL)


@settings(max_examples=150, deadline=None)
@given(ANY, ANY, ANY, ANY)
@example("<b>x</b>", "<i>y</i>", "<u>z</u>", "<table>")
@example('"]; evil [label=<b>', "\\", '\\"', "a\\")
def test_no_text_escapes_from_its_string(title: str, label: str, caption: str, name: str) -> None:
    figure = hostile(title, label, caption, name)
    dot = to_dot(figure)
    bare = outside_strings(dot)
    assert "<" not in bare
    assert bare.count("[") == bare.count("]") == dot_statements(bare)
    assert bare.count("{") == bare.count("}")
    drawing = read_drawing(read_svg(render_svg(dot)))
    assert set(drawing.nodes) == {f"node-{key(node.id)}" for node in figure.nodes}
    assert set(drawing.clusters) == {f"cluster-{key(one.id)}" for one in figure.clusters}
    assert set(drawing.edges) == {edge_id(edge, figure) for edge in figure.edges}


def dot_statements(bare: str) -> int:
    return sum(line.rstrip().endswith("]") for line in bare.splitlines())


def hostile(title: str, label: str, caption: str, name: str) -> Figure:
    """A figure with the same texts in every place that takes one."""
    other = "other" if name != "other" else "another"
    return Figure(
        title,
        caption,
        clusters=(Cluster(name or "place", label, Ground.NEURON, note=caption),),
        nodes=(
            Node(name, label, Kind.RECEPTOR, caption, name or "place", State.UP, tooltip=caption),
            Node(other, title, Kind.PHENOTYPE, label),
        ),
        edges=(Edge(name, other, tooltip=label),),
    )


@settings(max_examples=200, deadline=None)
@given(ANY)
def test_a_label_is_drawn_as_it_is_written(text: str) -> None:
    figure = Figure("", nodes=(Node("a", text or "a", Kind.PROTEIN),))
    (node,) = groups(read_svg(render_svg(to_dot(figure))), "node")
    words = "".join(one.text or "" for one in node.iter("text"))
    # Long names are broken into lines at spaces; Graphviz drops nothing of them.
    assert "".join((clean(text) or "a").split()) == "".join(words.split())


def test_a_second_border_marks_the_core() -> None:
    dot = to_dot(beta_gs())
    assert dot.count("peripheries=2") == len(beta_gs().core)


def test_feedback_has_no_say_in_ranks() -> None:
    (line,) = [one for one in to_dot(beta_gs()).splitlines() if one.strip().startswith("GRK2 ->")]
    assert "constraint=false" in line
    assert "style=dotted" in line


def test_each_target_has_its_drug_beside_it() -> None:
    dot = to_dot(circuit())
    assert dot.count('label=mirtazapine class="drug none"') == 4
    assert dot.count('label=desipramine class="drug none"') == 2


def test_a_membrane_is_one_rank() -> None:
    assert "rank=same\n\t\tAC\n\t\tGs\n\t\tbeta1\n" in to_dot(beta_gs())


def test_a_layout_may_change_the_side_of_a_drug() -> None:
    right, left = (
        to_dot(circuit()),
        to_dot(circuit(), layout=Layout(frozenset({"mirtazapine@VTA.5-HT2C"}))),
    )
    assert '"VTA.5-HT2C" -> "mirtazapine@VTA.5-HT2C"' in right
    assert '"mirtazapine@VTA.5-HT2C" -> "VTA.5-HT2C"' in left


def test_state_is_told_by_glyph_fill_and_line() -> None:
    lines = {
        one.strip().split(" ")[0]: one for one in to_dot(circuit()).splitlines() if "[label=" in one
    }
    assert 'label="◆ LC firing"' in lines['"LC.firing"']
    assert 'style="rounded,filled,dashed"' in lines['"LC.firing"']
    assert 'fillcolor="#FFF1B8"' in lines['"LC.firing"']


def test_edges_between_the_same_nodes_have_their_own_ids() -> None:
    figure = alpha2_loop()
    twice = replace(figure, edges=(*figure.edges, Edge("NE", "DRN.alpha1", slow=True)))
    ids = [edge_id(edge, twice) for edge in twice.edges]
    assert len(set(ids)) == len(ids)
    assert "edge-NE-DRN.alpha1-2" in ids


def test_greek_letters_are_not_made_capital() -> None:
    assert capitals("α₂ neuron, straße") == "α₂ NEURON, STRAßE"
