"""From top to bottom: which nodes stand on one line, which edges lead down, which one is the spine.

Graphviz ranks nodes well when the edges that rank them have no cycle and few of them matter. So
feedback does not rank (it would turn a cascade into a hairball), a membrane is one line, and the
story that the figure tells is drawn straight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from raphe.diagram.boxes import box
from raphe.diagram.clones import drug_edges
from raphe.diagram.figure import Cluster, Edge, Figure, Ground, Kind, Role

#: Widest membrane that is kept on one line, in points; a wider one is left to Graphviz.
BAND_WIDTH = 900.0

SPINE_WEIGHT = 20

#: How much it matters that what lies deeper in the cell stands lower in the figure.
COMPARTMENT_WEIGHT = 6.0


@dataclass(frozen=True, slots=True)
class Layers:
    """How a figure is ranked."""

    #: Nodes that share a line, each group in reading order.
    bands: tuple[tuple[str, ...], ...]
    #: Every node, from cause to effect as far as there is such an order.
    flow: tuple[str, ...]
    #: Edges that lead to a later rank, each with the pull that keeps it straight.
    weights: Mapping[Edge, int]
    #: Pairs that must stand one above the other though no edge says so.
    stacked: tuple[tuple[str, str], ...]


#: The order of compartments from the top of a figure to its bottom.
DEPTHS = {Ground.EXTRACELLULAR: 0, Ground.MEMBRANE: 1, Ground.CYTOSOL: 2, Ground.NUCLEUS: 3}


def layers(
    figure: Figure, is_banded: bool = True, is_folded: bool = False, is_stacked: bool = False
) -> Layers:
    """Ranks of a figure whose drugs are cloned.

    Parameters
    ----------
    figure
        What is shown.
    is_banded
        Whether the nodes of a membrane stand on one line.
    is_folded
        Whether a process stands on the line of the process that drives it in the same cell.
    is_stacked
        Whether the outermost clusters lie over each other.

    Examples
    --------
    The way back from product to enzyme closes a cycle, and does not rank:

    >>> from raphe.diagram.figure import Kind, Node
    >>> there, back = Edge("AC", "cAMP"), Edge("cAMP", "AC", role=Role.SILENCED)
    >>> nodes = (Node("AC", "AC", Kind.ENZYME), Node("cAMP", "cAMP", Kind.SECOND_MESSENGER))
    >>> ranked = layers(Figure("Loop", nodes=nodes, edges=(there, back)))
    >>> ranked.flow, back in ranked.weights
    (('AC', 'cAMP'), False)
    """
    bands = _bands(figure, is_banded, is_folded)
    leader = {name: band[0] for band in bands for name in band}
    ids = [node.id for node in figure.nodes]
    units = [name for name in ids if leader.get(name, name) == name]
    arcs: dict[tuple[str, str], float] = defaultdict(float)
    for edge in figure.edges:
        ends = (leader.get(edge.source, edge.source), leader.get(edge.target, edge.target))
        if ends[0] != ends[1]:
            arcs[ends] += _importance(edge)
    sunken = _sunken(figure)
    for above, below in sunken:
        ends = (leader.get(above, above), leader.get(below, below))
        if ends[0] != ends[1]:
            arcs[ends] += COMPARTMENT_WEIGHT
    place = {name: index for index, name in enumerate(flow_order(units, arcs))}
    positions = {name: place[leader.get(name, name)] for name in ids}
    block = _blocks(figure)
    if is_stacked:
        positions = _by_blocks(figure, block, positions)
    leading = [edge for edge in figure.edges if positions[edge.source] < positions[edge.target]]
    spine = _spine(leading, positions)
    weights = {edge: SPINE_WEIGHT if edge in spine else _pull(edge) for edge in leading}
    flow = sorted(ids, key=lambda name: (positions[name], ids.index(name)))
    stacked = dict.fromkeys(_needed(sunken, leading, positions, leader))
    if is_stacked:
        stacked |= dict.fromkeys(_between_blocks(figure, flow, block, leading))
    return Layers(bands, tuple(flow), weights, tuple(stacked))


def _blocks(figure: Figure) -> dict[str, str]:
    """The outermost cluster of each node; a loose node is its own block."""
    parents = {cluster.id: cluster.parent for cluster in figure.clusters}
    found = {}
    for node in figure.nodes:
        outer = node.cluster
        while parents.get(outer):
            outer = parents[outer]
        # Ids of nodes and clusters may be the same words.
        found[node.id] = f"cluster {outer}" if outer else f"node {node.id}"
    return found


def _by_blocks(
    figure: Figure, block: Mapping[str, str], positions: Mapping[str, int]
) -> dict[str, int]:
    """Positions by which a whole block comes before the next."""
    arcs: dict[tuple[str, str], float] = defaultdict(float)
    for edge in figure.edges:
        ends = (block[edge.source], block[edge.target])
        if ends[0] != ends[1]:
            arcs[ends] += _importance(edge)
    place = {
        one: index for index, one in enumerate(flow_order(dict.fromkeys(block.values()), arcs))
    }
    ranks = sorted({(place[block[name]], inner) for name, inner in positions.items()})
    return {name: ranks.index((place[block[name]], inner)) for name, inner in positions.items()}


def _between_blocks(
    figure: Figure, flow: Iterable[str], block: Mapping[str, str], leading: Iterable[Edge]
) -> list[tuple[str, str]]:
    """From the lowest nodes of a cluster to the highest of the next one."""
    members: dict[str, list[str]] = defaultdict(list)
    for name in flow:
        members[block[name]].append(name)
    within = [edge for edge in leading if block[edge.source] == block[edge.target]]
    beside = {(edge.source, edge.target) for edge in drug_edges(figure)}
    left = {edge.source for edge in within if (edge.source, edge.target) not in beside}
    entered = {edge.target for edge in within if (edge.source, edge.target) not in beside}
    clusters = [names for one, names in members.items() if one.startswith("cluster ")]
    return [
        (above, below)
        for upper, lower in pairwise(clusters)
        for above in upper
        if above not in left
        for below in lower
        if below not in entered
    ]


def _sunken(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of nodes in neighbouring compartments of one cell, the outer first."""
    clusters = {cluster.id: cluster for cluster in figure.clusters}
    pairs = []
    for outer in figure.clusters:
        inner = [
            one.id
            for one in figure.clusters
            if one.parent == outer.parent
            and outer.kind in DEPTHS
            and DEPTHS.get(one.kind, -1) > DEPTHS[outer.kind]
        ]
        above = [node.id for node in figure.nodes if node.cluster == outer.id]
        below = [node.id for node in figure.nodes if _encloses(clusters, inner, node.cluster)]
        pairs += [(first, second) for first in above for second in below]
    return pairs


def _encloses(clusters: Mapping[str, Cluster], outer: Iterable[str], inner: str) -> bool:
    while inner:
        if inner in outer:
            return True
        inner = clusters[inner].parent
    return False


def _needed(
    sunken: Iterable[tuple[str, str]],
    leading: Iterable[Edge],
    positions: Mapping[str, int],
    leader: Mapping[str, str],
) -> tuple[tuple[str, str], ...]:
    """Of the pairs in neighbouring compartments, those to tell Graphviz: one for each lower node.

    A node below that already hangs from an edge of its own compartment needs none.
    """
    below = {second for _, second in sunken}
    hung = {edge.target for edge in leading if edge.source in below}
    pairs: dict[tuple[str, str], None] = {}
    for above, under in sunken:
        if positions[above] < positions[under] and under not in hung:
            pairs[leader.get(above, above), leader.get(under, under)] = None
    return tuple(pairs)


def _bands(figure: Figure, is_banded: bool, is_folded: bool) -> tuple[tuple[str, ...], ...]:
    """Nodes of one membrane, and a drug with its target, joined where they overlap."""
    groups: list[list[str]] = []
    for cluster in figure.clusters:
        members = [node for node in figure.nodes if node.cluster == cluster.id]
        wide = sum(box(node).width + 26 for node in members)
        is_band = cluster.kind is Ground.EXTRACELLULAR or (
            cluster.kind is Ground.MEMBRANE and is_banded
        )
        if is_band and wide <= BAND_WIDTH:
            groups.append([node.id for node in members])
    groups += [[edge.source, edge.target] for edge in drug_edges(figure)]
    if is_folded:
        groups += _folds(figure)
    joined: list[set[str]] = []
    for group in groups:
        touching = [one for one in joined if one & set(group)]
        joined = [one for one in joined if one not in touching]
        joined.append(set(group).union(*touching))
    order = {node.id: index for index, node in enumerate(figure.nodes)}
    return tuple(
        sorted(
            (tuple(sorted(group, key=order.__getitem__)) for group in joined if len(group) > 1),
            key=lambda band: order[band[0]],
        )
    )


def _folds(figure: Figure) -> list[list[str]]:
    """Pairs of processes in one cell, such as firing and release, one of which drives the other."""
    membranes = {one.id for one in figure.clusters if one.kind is Ground.MEMBRANE}
    doing = {
        node.id: node.cluster
        for node in figure.nodes
        if node.kind in (Kind.FIRING, Kind.PROCESS) and node.cluster not in {"", *membranes}
    }
    return [
        [edge.source, edge.target]
        for edge in figure.edges
        if edge.source != edge.target and doing.get(edge.source, "") == doing.get(edge.target)
    ]


def _importance(edge: Edge) -> float:
    """How much it matters that an edge leads downwards."""
    if edge.role is Role.EXPLAINING:
        return 8.0
    if edge.role is Role.SILENCED:
        return 1.0
    if edge.role is Role.DRUG:
        return 3.0
    return 0.5 if edge.slow else 2.0


def _pull(edge: Edge) -> int:
    return 1 if edge.role is Role.SILENCED or edge.slow else 3


def flow_order(units: Iterable[str], arcs: Mapping[tuple[str, str], float]) -> list[str]:
    """An order against which little weight runs.

    Notes
    -----
    The greedy heuristic of Eades, Lin and Smyth (1993), with weights: peel off sinks to the end
    and sources to the front; where neither is left, the node that gives most and takes least.
    """
    left = list(units)
    front: list[str] = []
    back: list[str] = []
    while left:
        rest = set(left)
        out = dict.fromkeys(left, 0.0)
        into = dict.fromkeys(left, 0.0)
        for (source, target), weight in arcs.items():
            if source in rest and target in rest:
                out[source] += weight
                into[target] += weight
        # What has neither goes to the front: first come, first drawn.
        source_like = [name for name in left if into[name] == 0]
        sink_like = [name for name in left if out[name] == 0]
        if source_like:
            chosen = source_like[0]
            front.append(chosen)
        elif sink_like:
            chosen = sink_like[-1]
            back.append(chosen)
        else:
            # max takes the first of equals, in reading order.
            chosen = max(left, key=lambda name: out[name] - into[name])
            front.append(chosen)
        left.remove(chosen)
    return front + back[::-1]


def _spine(leading: Iterable[Edge], positions: Mapping[str, int]) -> frozenset[Edge]:
    """Edges of the story: those that explain, else one longest way down."""
    edges = sorted(leading, key=lambda edge: positions[edge.source])
    told = frozenset(edge for edge in edges if edge.role is Role.EXPLAINING)
    if told:
        return told
    longest: dict[str, tuple[Edge, ...]] = {}
    best: tuple[Edge, ...] = ()
    for edge in edges:
        if edge.role is Role.SILENCED or edge.slow:
            continue
        way = (*longest.get(edge.source, ()), edge)
        if len(way) > len(longest.get(edge.target, ())):
            longest[edge.target] = way
        if len(way) > len(best):
            best = way
    return frozenset(best)
