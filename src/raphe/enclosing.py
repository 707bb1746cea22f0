"""The grounds of a picture: which cells, compartments and regions stand around its nodes."""

from __future__ import annotations

from collections.abc import Mapping

from raphe.diagram.figure import Cluster, Ground
from raphe.flat_pathway import FlatPathway, PlacedNode
from raphe.kinds import Compartment
from raphe.pathway import Place
from raphe.view import Grounds

_BANDS = {
    Compartment.EXTRACELLULAR: (Ground.EXTRACELLULAR, "extracellular"),
    Compartment.MEMBRANE: (Ground.MEMBRANE, "membrane"),
    Compartment.CYTOSOL: (Ground.CYTOSOL, "cytosol"),
    Compartment.NUCLEUS: (Ground.NUCLEUS, "nucleus"),
}
#: Grounds in which cells and terminals stand in their region.
_NESTING = (Grounds.NESTED, Grounds.AREAS)
#: Grounds that are regions with all that is in them, not cells.
_WHOLE = (Grounds.AREAS, Grounds.REGIONS)


def enclosing_clusters(
    pathway: FlatPathway, shown: list[PlacedNode], grounds: Grounds
) -> dict[str, Cluster]:
    """The clusters around the nodes that are shown, by id.

    Places stand with their membranes; what is in a single place, in compartments from outside in.
    """
    places = sorted({_ground_of(node.place, grounds) for node in shown if node.place})
    clusters: dict[str, Cluster] = {}
    if grounds is Grounds.CELL or (grounds is Grounds.PLACES and len(places) <= 1):
        for order, (compartment, (ground, label)) in enumerate(_BANDS.items()):
            if any(node.declared.where is compartment for node in shown):
                clusters[compartment.value] = Cluster(compartment.value, label, ground, order=order)
        return clusters
    order_of = {name: number for number, name in enumerate(pathway.places)}
    for place in places:
        region = place.partition(".")[0]
        parent = region if grounds in _NESTING and region != place and region in places else ""
        clusters |= _place_cluster(pathway, place, order_of, parent, grounds in _WHOLE)
        members = [node for node in shown if node.place == place]
        has_membrane = grounds in (Grounds.PLACES, Grounds.NESTED)
        if has_membrane and any(node.declared.where is Compartment.MEMBRANE for node in members):
            clusters[f"{place} membrane"] = Cluster(
                f"{place} membrane", "membrane", Ground.MEMBRANE, place, order=0
            )
    return clusters


def cluster_around(
    pathway: FlatPathway, node: PlacedNode, clusters: Mapping[str, Cluster], grounds: Grounds
) -> str:
    """The id of the cluster that a node stands in; empty outside all."""
    compartment = node.declared.where
    region = node.place.partition(".")[0]
    if node.place not in clusters:
        return next((one for one in (compartment.value, region) if one in clusters), "")
    membrane = f"{node.place} membrane"
    if compartment is Compartment.MEMBRANE and membrane in clusters:
        return membrane
    # What is outside a cell stands beside it, unless the place is a whole region.
    is_cell = bool(pathway.places[node.place].cell) and grounds not in _WHOLE
    if compartment is Compartment.EXTRACELLULAR and is_cell:
        return ""
    return node.place


def _place_cluster(
    pathway: FlatPathway, place: str, order_of: Mapping[str, int], parent: str, is_whole: bool
) -> dict[str, Cluster]:
    region, _, inner = place.partition(".")
    declared = pathway.places[place]
    where = pathway.places[region].label if region in pathway.places else region
    if parent:
        label, note = _kind_of_part(declared), ""
    elif inner:
        label, note = declared.cell or declared.label, where
        if declared.cell:
            note = f"{declared.label}, {where}"
        if is_whole:
            label, note = where, declared.label
    else:
        label, note = declared.label, ""
        if declared.cell and not is_whole:
            label, note = declared.cell, declared.label
    ground = Ground.NEURON if inner or declared.cell else Ground.REGION
    if "terminal" in inner:
        ground = Ground.TERMINAL
    return {place: Cluster(place, label, ground, parent, note, order_of[place])}


def _kind_of_part(declared: Place) -> str:
    """A terminal or cell as it is called within its region, such as "noradrenergic terminal"."""
    kind = "" if "cell" in declared.label else declared.cell.removesuffix(" neuron")
    return f"{kind} {declared.label}".strip()


def _ground_of(place: str, grounds: Grounds) -> str:
    return place.partition(".")[0] if grounds is Grounds.REGIONS else place
