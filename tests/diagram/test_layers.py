"""Ranks: no cycle, membranes in one line, the story straight, compartments in depth."""

from __future__ import annotations

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagram.pictures import alpha2_loop, beta_gs, every
from raphe.diagram.clones import clone_drugs
from raphe.diagram.figure import Cluster, Edge, Figure, Ground, Kind, Node, Role
from raphe.diagram.layers import SPINE_WEIGHT, flow_order, layers

PATHWAYS = [name for name, figure in every().items() if not figure.is_workflow]


@pytest.mark.parametrize("name", PATHWAYS)
@pytest.mark.parametrize("is_banded", [True, False])
@pytest.mark.parametrize("is_folded", [True, False])
@pytest.mark.parametrize("is_stacked", [True, False])
def test_what_ranks_has_no_cycle(
    name: str, is_banded: bool, is_folded: bool, is_stacked: bool
) -> None:
    ranked = layers(clone_drugs(every()[name]), is_banded, is_folded, is_stacked)
    leader = {one: band[0] for band in ranked.bands for one in band}
    pairs = [(edge.source, edge.target) for edge in ranked.weights] + list(ranked.stacked)
    graph = networkx.DiGraph((leader.get(one, one), leader.get(two, two)) for one, two in pairs)
    assert networkx.is_directed_acyclic_graph(graph)


def test_the_story_is_the_spine() -> None:
    ranked = layers(clone_drugs(alpha2_loop()))
    assert {edge for edge, weight in ranked.weights.items() if weight == SPINE_WEIGHT} == {
        edge for edge in alpha2_loop().edges if edge.role is Role.EXPLAINING
    }


def test_without_a_story_the_longest_way_is_the_spine() -> None:
    ranked = layers(clone_drugs(beta_gs()))
    spine = {edge.target for edge, weight in ranked.weights.items() if weight == SPINE_WEIGHT}
    assert {"cAMP", "PKA", "CREB", "BDNF", "BDNF.mRNA", "plasticity"} <= spine


def test_feedback_does_not_rank() -> None:
    ranked = layers(clone_drugs(beta_gs()))
    (feedback,) = [edge for edge in beta_gs().edges if edge.source == "GRK2"]
    assert feedback not in ranked.weights


def test_a_membrane_is_one_line() -> None:
    bands = layers(clone_drugs(beta_gs())).bands
    assert {"beta1", "Gs", "AC"} in [set(band) for band in bands]


def test_a_layout_may_break_a_membrane_but_not_part_drug_and_target() -> None:
    bands = [set(band) for band in layers(clone_drugs(beta_gs()), is_banded=False).bands]
    assert {"rolipram@PDE4", "PDE4"} in bands
    assert not any({"beta1", "Gs"} <= band for band in bands)


def test_a_wide_membrane_is_left_to_graphviz() -> None:
    nodes = tuple(
        Node(f"receptor {index}", "a receptor", Kind.RECEPTOR, cluster="m") for index in range(20)
    )
    membrane = Cluster("m", "membrane", Ground.MEMBRANE)
    assert layers(Figure("Wide", clusters=(membrane,), nodes=nodes)).bands == ()
    assert layers(Figure("Thin", clusters=(membrane,), nodes=nodes[:5])).bands != ()


def test_what_is_deeper_stands_lower() -> None:
    ranked = layers(clone_drugs(beta_gs()))
    order = {name: index for index, name in enumerate(ranked.flow)}
    place = {node.id: node.cluster for node in beta_gs().nodes}
    outside = [order[name] for name, cluster in place.items() if cluster == "outside"]
    membrane = [order[name] for name, cluster in place.items() if cluster == "membrane"]
    inside = [order[name] for name, cluster in place.items() if cluster in ("cytosol", "nucleus")]
    assert max(outside) < min(membrane)
    assert max(membrane) < min(inside)


NAMES = st.sampled_from("abcdefg")


@given(st.sets(st.tuples(NAMES, NAMES), max_size=20))
def test_the_order_of_an_acyclic_graph_follows_its_arcs(pairs: set[tuple[str, str]]) -> None:
    arcs = {(one, two): 1.0 for one, two in pairs if one < two}
    place = {name: index for index, name in enumerate(flow_order("gfedcba", arcs))}
    assert all(place[one] < place[two] for one, two in arcs)


@given(st.sets(st.tuples(NAMES, NAMES), max_size=20))
def test_at_most_half_of_a_cyclic_graph_runs_back(pairs: set[tuple[str, str]]) -> None:
    # Eades, Lin and Smyth prove less than half for unit weights and no loops.
    arcs = {pair: 1.0 for pair in pairs if pair[0] != pair[1]}
    place = {name: index for index, name in enumerate(flow_order("abcdefg", arcs))}
    back = sum(place[one] > place[two] for one, two in arcs)
    assert back <= len(arcs) / 2


def test_a_slow_edge_gives_way_to_a_fast_one() -> None:
    nodes = (Node("a", "a", Kind.PROTEIN), Node("b", "b", Kind.PROTEIN))
    fast, slow = Edge("b", "a"), Edge("a", "b", slow=True)
    assert list(layers(Figure("Two", nodes=nodes, edges=(fast, slow))).weights) == [fast]
