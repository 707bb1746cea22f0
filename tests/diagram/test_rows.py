"""Where rows are told, everything stands in its row and column, and in its own ground."""

from __future__ import annotations

from dataclasses import replace

import pytest

from raphe.diagram.clones import clone_drugs
from raphe.diagram.dot import to_dot
from raphe.diagram.draw import draw_svg
from raphe.diagram.engine import Placement, render_svg
from raphe.diagram.figure import Cluster, Edge, Figure, Ground, Kind, Node, Role
from raphe.diagram.geometry import read_drawing
from raphe.diagram.rows import place_rows
from raphe.diagram.svg import read_svg
from raphe.errors import InputError
from raphe.sign import Sign

CELL = Cluster("cell", "noradrenergic neuron", Ground.NEURON, note="locus coeruleus")
MEMBRANE = Cluster("membrane", "membrane", Ground.MEMBRANE, parent="cell")
NODES = (
    Node("NE", "noradrenaline", Kind.TRANSMITTER),
    Node("a2", "α₂A", Kind.RECEPTOR, cluster="membrane"),
    Node("GIRK", "GIRK", Kind.CHANNEL, cluster="membrane"),
    Node("firing", "firing", Kind.FIRING, cluster="cell"),
)
EDGES = (
    Edge("NE", "a2"),
    Edge("a2", "GIRK"),
    Edge("GIRK", "firing", Sign.NEGATIVE),
    Edge("firing", "NE"),
)
FIGURE = Figure(
    "Loop",
    clusters=(CELL, MEMBRANE),
    nodes=NODES,
    edges=EDGES,
    rows=(("NE", ""), ("a2", "GIRK"), ("", "firing")),
)


def test_rows_and_columns_are_straight() -> None:
    nodes = place_rows(FIGURE).nodes
    assert nodes["NE"].center[0] == nodes["a2"].center[0]
    assert nodes["GIRK"].center[0] == nodes["firing"].center[0]
    assert nodes["a2"].center[1] == nodes["GIRK"].center[1]
    assert nodes["a2"].right < nodes["GIRK"].left


def test_grounds_hold_what_is_theirs_and_nothing_else() -> None:
    placed = place_rows(FIGURE)
    for node in FIGURE.nodes:
        for name, place in placed.clusters.items():
            inside = node.cluster == name or (name == "cell" and node.cluster == "membrane")
            assert place.holds(placed.nodes[node.id]) == inside
            assert place.meets(placed.nodes[node.id]) == inside
    assert placed.clusters["cell"].holds(placed.clusters["membrane"])


def test_a_drug_stands_left_of_its_target_and_takes_its_room() -> None:
    drugged = replace(
        FIGURE,
        nodes=(*NODES, Node("drug", "mirtazapine", Kind.DRUG)),
        edges=(*EDGES, Edge("drug", "GIRK", Sign.NEGATIVE, role=Role.DRUG)),
    )
    nodes = place_rows(clone_drugs(drugged, is_shared=False)).nodes
    assert nodes["a2"].right < nodes["drug@GIRK"].left
    assert nodes["drug@GIRK"].right < nodes["GIRK"].left
    assert nodes["drug@GIRK"].center[1] == nodes["GIRK"].center[1]


def test_graphviz_leaves_nodes_where_they_were_put() -> None:
    placed = place_rows(FIGURE).nodes
    drawn = read_drawing(read_svg(render_svg(to_dot(FIGURE), placement=Placement.ROUTED))).nodes
    aside = {
        (
            round(drawn[f"node-{name}"].center[0] - place.center[0]),
            round(drawn[f"node-{name}"].center[1] - place.center[1]),
        )
        for name, place in placed.items()
    }
    assert len(aside) == 1


def test_a_lone_ground_is_wide_enough_for_its_label() -> None:
    from raphe.diagram.captions import label_width

    node = Node("firing", "firing", Kind.FIRING, cluster="cell")
    (place,) = place_rows(
        Figure("One", clusters=(CELL,), nodes=(node,), rows=(("firing",),))
    ).clusters.values()
    assert place.width > label_width("NORADRENERGIC NEURON", "locus coeruleus")


def test_edges_there_and_back_do_not_coincide() -> None:
    both = Figure(
        "Pair",
        nodes=(*NODES[:1], Node("store", "store", Kind.STORE)),
        edges=(Edge("NE", "store"), Edge("store", "NE", Sign.NEGATIVE)),
        rows=(("NE",), ("store",)),
    )
    there, back = read_drawing(read_svg(draw_svg(both))).edges.values()
    assert {round(x) for x, _ in there}.isdisjoint(round(x) for x, _ in back)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((("NE", "a2"), ("GIRK",)), "rows: node 'firing' has no place. Name it in a row."),
        (
            (("NE", "a2", "NE"), ("GIRK", "firing")),
            "rows: node 'NE' stands twice. Give it one place.",
        ),
        (
            (("NE", "a2", "GIRKS"), ("GIRK", "firing")),
            "rows: no node 'GIRKS' in the figure. Did you mean 'GIRK'?",
        ),
    ],
)
def test_rows_name_each_node_once(rows: tuple[tuple[str, ...], ...], said: str) -> None:
    with pytest.raises(InputError) as raised:
        replace(FIGURE, rows=rows)
    assert str(raised.value) == said
