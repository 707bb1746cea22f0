"""The readouts of an answer, by region, each with its reason and what is cited for it."""

from __future__ import annotations

from collections.abc import Iterable

from raphe.calling import Call
from raphe.consistency.reasons import arrow
from raphe.explanation.routes import Route, main_route
from raphe.flat_pathway import FlatPathway, PlacedEdge, PlacedNode
from raphe.prediction import Prediction, Row
from raphe.prior import PRIORS
from raphe.propagation.certainty import Ground
from raphe.questions import Answer
from raphe.report.citations import Citations
from raphe.report.content import Readout, Region, Sources
from raphe.sign import Sign


def tell_readouts(answer: Answer, citations: Citations) -> tuple[Region, ...]:
    """The circuit's readouts by region, in its order."""
    pathway = answer.prediction.model.network.pathway
    regions: dict[str, list[Readout]] = {}
    for row in answer.readouts:
        sources = _sources(answer.prediction, row, citations)
        told = tell_row(answer.prediction, row, answer.why(row.node), sources)
        regions.setdefault(region_of(row.place), []).append(told)
    return tuple(
        Region(name, _label(pathway, name), tuple(readouts)) for name, readouts in regions.items()
    )


def region_of(place: str) -> str:
    """The outermost place: that of ``cortex.NE_terminal`` is ``cortex``."""
    return place.partition(".")[0]


def node_name(pathway: FlatPathway, node: PlacedNode) -> str:
    """A node in running text, with the node that it belongs to where it is nothing without it.

    ``LC.alpha2A.function`` is labelled «function», and called «α₂A function».
    """
    owner = pathway.nodes.get(node.name.rpartition(".")[0])
    if owner is None or owner.label in node.label:
        return node.label
    return f"{owner.label} {node.label}"


def place_name(pathway: FlatPathway, node: PlacedNode) -> str:
    """A node with its region: «noradrenaline, prefrontal cortex»."""
    label = _label(pathway, region_of(node.place))
    name = node_name(pathway, node)
    return f"{name}, {label}" if label else name


def _label(pathway: FlatPathway, region: str) -> str:
    return pathway.places[region].label or region if region in pathway.places else region


def tell_row(prediction: Prediction, row: Row, why: str = "", sources: Sources = ()) -> Readout:
    """What is predicted of one node."""
    pathway = prediction.model.network.pathway
    others = [name for name in PRIORS if name != prediction.prior]
    return Readout(
        node=row.node,
        name=node_name(pathway, pathway.nodes[row.node]),
        call=row.call,
        odds=row.odds,
        possible=row.certainty.possible,
        is_certain=row.certainty.is_certain,
        is_decided=row.certainty.ground is not Ground.OPEN,
        fragile=row.fragile,
        is_fragile_throughout=bool(others) and set(row.fragile) == set(others),
        borderline=row.borderline,
        why=why,
        sources=sources,
    )


def _sources(prediction: Prediction, row: Row, citations: Citations) -> Sources:
    """What is cited for the edges of the paths that the reason names."""
    directions = (1, -1) if row.call is Call.AMBIGUOUS else (0,)
    numbers: set[int] = set()
    for route in (main_route(prediction, row.node, direction) for direction in directions):
        for edge in _edges(prediction, route) if route else ():
            claim = f"{edge.source} {arrow(edge.declared.sign, edge.declared.slow)} {edge.target}"
            numbers.update(citations.cite(edge.evidence, claim))
    return tuple(sorted(numbers))


def _edges(prediction: Prediction, route: Route) -> Iterable[PlacedEdge]:
    steps = set(zip(route.nodes, route.nodes[1:], route.signs, strict=False))
    order = {
        step: number for number, step in enumerate(zip(route.nodes, route.nodes[1:], strict=False))
    }
    found = [
        edge
        for edge in prediction.model.network.pathway.edges
        if (edge.source, edge.target) in order
        # An edge of unknown sign has one in each draw.
        and (
            edge.declared.sign is Sign.UNKNOWN
            or (edge.source, edge.target, edge.declared.sign) in steps
        )
    ]
    return sorted(found, key=lambda edge: order[edge.source, edge.target])
