"""An edge may stand for what passes through hidden nodes, and says no more than they."""

from raphe.composition import compose
from raphe.cut import links_between, nodes_like
from raphe.flat_pathway import FlatPathway
from raphe.formats.documents import parse_document
from raphe.pathway import Circuit
from raphe.sign import Sign

NODES = ("LC.firing", "LC.NE", "LC.cell.GABA", "DRN.NE", "DRN.alpha1", "DRN.firing", "VTA.firing")


def pathway(*edges: str) -> FlatPathway:
    places = "{LC: {label: LC}, LC.cell: {label: cell}, DRN: {label: DRN}, VTA: {label: VTA}}"
    lines = [
        "circuit: own",
        "title: Own",
        f"places: {places}",
        "evidence: [{assumption: a test}]",
        "nodes:",
        *(f"  {name}: {{kind: process}}" for name in NODES),
        "edges:",
        *(f"  - {edge}" for edge in edges),
    ]
    document = parse_document("\n".join(lines) + "\n", Circuit, "own.yaml")
    return compose(document, {}.__getitem__)


def told(links):
    return [(link.source, link.sign, link.target, len(link.hidden)) for link in links]


ENDS = ("LC.firing", "DRN.firing")
LONG = ("LC.firing -> DRN.NE", "DRN.NE -> DRN.alpha1", "DRN.alpha1 -| DRN.firing")


def test_a_path_through_hidden_nodes_has_the_product_of_their_signs():
    assert told(links_between(pathway(*LONG), ENDS)) == []
    assert told(links_between(pathway(*LONG), ENDS, contract=True)) == [
        ("LC.firing", Sign.NEGATIVE, "DRN.firing", 2)
    ]


def test_a_region_reaches_further_than_a_place():
    own = pathway("DRN.firing -> LC.NE", "LC.NE -> LC.cell.GABA", "LC.cell.GABA -| LC.firing")
    assert told(links_between(own, ENDS, contract=True)) == []
    assert told(links_between(own, ENDS, contract="region")) == [
        ("DRN.firing", Sign.NEGATIVE, "LC.firing", 2)
    ]


def test_what_passes_through_a_third_region_is_not_told():
    own = pathway("LC.firing -> VTA.firing", "VTA.firing -> DRN.firing")
    assert told(links_between(own, ENDS, contract="region")) == []


def test_paths_that_differ_in_sign_have_none():
    own = pathway(*LONG, "LC.firing -> LC.NE", "LC.NE -> DRN.firing")
    (link,) = links_between(own, ENDS, contract=True)
    assert link.sign is Sign.UNKNOWN


def test_a_path_against_an_edge_is_told_beside_it():
    for direct, links in (("LC.firing -> DRN.firing", 2), ("LC.firing -| DRN.firing", 1)):
        assert len(links_between(pathway(*LONG, direct), ENDS, contract=True)) == links


def test_what_has_a_fast_way_is_not_slow():
    slow = ("LC.firing -> LC.NE", "LC.NE ~| DRN.firing")
    (link,) = links_between(pathway(*slow), ENDS, contract=True)
    assert any(edge.declared.slow for edge in link.edges)
    (link,) = links_between(pathway(*slow, *LONG), ENDS, contract=True)
    assert not any(edge.declared.slow for edge in link.edges)


def test_a_star_stands_for_any_letters():
    assert nodes_like(NODES, ["DRN.*", "LC.NE"]) == (
        "LC.NE",
        "DRN.NE",
        "DRN.alpha1",
        "DRN.firing",
    )
