"""A drug stands beside each of its targets."""

from __future__ import annotations

from diagram.pictures import beta_gs, circuit, every, radioligand
from raphe.diagram.clones import clone_drugs, drug_edges
from raphe.diagram.figure import Edge, Figure, Kind, Node, Role


def test_no_copy_serves_two_places() -> None:
    figure = clone_drugs(circuit())
    place = {node.id: node.cluster for node in figure.nodes}
    for edge in figure.edges:
        if edge.role is Role.DRUG:
            assert place[edge.source] == place[edge.target]


def test_every_target_keeps_its_drugs() -> None:
    for figure in every().values():
        names = {node.id: node.label for node in figure.nodes}
        before = {(names[one.source], one.target) for one in figure.edges}
        cloned = clone_drugs(figure)
        names = {node.id: node.label for node in cloned.nodes}
        assert {(names[one.source], one.target) for one in cloned.edges} == before


def test_two_targets_in_a_membrane_may_share_a_copy() -> None:
    shared = clone_drugs(every()["alpha2_loop"])
    single = clone_drugs(every()["alpha2_loop"], is_shared=False)
    count = [sum(node.kind is Kind.DRUG for node in one.nodes) for one in (shared, single)]
    assert count == [3, 4]


def test_a_drug_waits_outside_where_the_outside_is_drawn() -> None:
    cloned = clone_drugs(beta_gs())
    clusters = {node.label: node.cluster for node in cloned.nodes if node.kind is Kind.DRUG}
    assert clusters == {"propranolol": "outside", "isoprenaline": "outside", "rolipram": "cytosol"}
    assert [edge.target for edge in drug_edges(cloned)] == ["PDE4"]


def test_cloning_twice_adds_nothing() -> None:
    for figure in (circuit(), beta_gs(), radioligand()):
        assert clone_drugs(clone_drugs(figure)) == clone_drugs(figure)


def test_a_drug_that_something_acts_on_is_not_copied() -> None:
    nodes = tuple(Node(one, one, Kind.DRUG) for one in ("levodopa", "carbidopa"))
    edges = (Edge("carbidopa", "levodopa", role=Role.DRUG), Edge("levodopa", "levodopa"))
    cloned = clone_drugs(Figure("Two drugs", nodes=nodes, edges=edges))
    assert {node.id for node in cloned.nodes} == {"levodopa", "carbidopa@levodopa"}


def test_in_a_workflow_a_drug_is_a_step() -> None:
    nodes = (Node("drug", "Drug", Kind.DRUG), Node("wait", "Wait", Kind.STEP))
    figure = Figure("Protocol", nodes=nodes, edges=(Edge("drug", "wait"),))
    assert clone_drugs(figure) == figure
