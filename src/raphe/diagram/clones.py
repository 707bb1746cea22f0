"""A drug is drawn beside each of its targets, not as one hub with long crossing arrows.

SBGN marks such copies of one thing as clones. Where the figure draws the outside of a membrane, the
copy waits there, above its target. A drug that the figure puts in a cluster stays there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from raphe.diagram.figure import Edge, Figure, Ground, Kind, Node, Role


def clone_drugs(figure: Figure, is_shared: bool = True) -> Figure:
    """The figure with a copy of each free drug in the cluster of each of its targets.

    Parameters
    ----------
    figure
        What is shown, each drug once.
    is_shared
        Whether two targets in one membrane share a copy, which then stands between them.

    Examples
    --------
    >>> drug = Node("mirtazapine", "mirtazapine", Kind.DRUG)
    >>> targets = (Node("LC.a2", "α₂", Kind.RECEPTOR), Node("DRN.a2", "α₂", Kind.RECEPTOR))
    >>> edges = tuple(Edge("mirtazapine", one.id, role=Role.DRUG) for one in targets)
    >>> cloned = clone_drugs(Figure("Two places", nodes=(drug, *targets), edges=edges))
    >>> [node.id for node in cloned.nodes if node.kind is Kind.DRUG]
    ['mirtazapine@DRN.a2', 'mirtazapine@LC.a2']
    """
    if figure.is_workflow:
        return figure  # There, a drug is a step.
    acted_on = {edge.target for edge in figure.edges}
    copied = [
        node
        for node in figure.nodes
        if _is_free(node) and node.id not in acted_on and _targets(figure, node)
    ]
    origins = {node.id for node in copied}
    nodes = [node for node in figure.nodes if node.id not in origins]
    edges = [edge for edge in figure.edges if edge.source not in origins]
    core = set(figure.core) - origins
    for drug in copied:
        for group in _groups(figure, drug, is_shared):
            home = group[0].cluster
            # Where rows are told, the copy stands beside its target.
            place = home if figure.rows else _outside(figure, home)
            copy = replace(drug, id=f"{drug.id}@{group[0].id}", cluster=place)
            nodes.append(copy)
            names = {node.id for node in group}
            edges += [
                replace(edge, source=copy.id)
                for edge in figure.edges
                if edge.source == drug.id and edge.target in names
            ]
            if drug.id in figure.core:
                core.add(copy.id)
    return replace(figure, nodes=tuple(nodes), edges=tuple(edges), core=frozenset(core))


def _is_free(node: Node) -> bool:
    return node.kind is Kind.DRUG and not node.cluster


def _targets(figure: Figure, drug: Node) -> list[Node]:
    names = {edge.target for edge in figure.edges if edge.source == drug.id}
    return [node for node in figure.nodes if node.id in names]


def _groups(figure: Figure, drug: Node, is_shared: bool) -> Iterator[list[Node]]:
    """Targets that have one copy: two of a membrane if they may share, else each alone."""
    membranes = {one.id for one in figure.clusters if one.kind is Ground.MEMBRANE}
    by_cluster: dict[str, list[Node]] = defaultdict(list)
    for target in _targets(figure, drug):
        by_cluster[target.cluster].append(target)
    for cluster, targets in by_cluster.items():
        size = 2 if is_shared and cluster in membranes else 1
        yield from (targets[first : first + size] for first in range(0, len(targets), size))


def _outside(figure: Figure, cluster: str) -> str:
    """The extracellular space beside a membrane, where one is drawn; else the cluster itself."""
    clusters = {one.id: one for one in figure.clusters}
    here = clusters.get(cluster)
    if here is None or here.kind is not Ground.MEMBRANE:
        return cluster
    beside = (one.id for one in figure.clusters if one.parent == here.parent)
    return next((one for one in beside if clusters[one].kind is Ground.EXTRACELLULAR), cluster)


def drug_edges(figure: Figure) -> tuple[Edge, ...]:
    """Edges from a drug to its target that lie beside it, not above it.

    Examples
    --------
    >>> drug_edges(Figure("Nothing"))
    ()
    """
    place = {node.id: node.cluster for node in figure.nodes}
    drugs = {node.id for node in figure.nodes if node.kind is Kind.DRUG}
    return tuple(
        edge
        for edge in figure.edges
        if edge.role is Role.DRUG
        and edge.source in drugs
        and place[edge.source] == place[edge.target]
    )
