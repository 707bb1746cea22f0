"""A circuit of the knowledge base as a signed graph, with what each influence stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from raphe.flat_pathway import PlacedEdge
from raphe.joint.problem import Influence, SignedGraph
from raphe.network import Network

#: Sides taken in questions on which the literature disagrees.
Sides = Mapping[str, bool]


@dataclass(frozen=True, eq=False)
class SignedCircuit:
    """A circuit as a signed graph: each edge that is believed is an influence.

    Edges of one sign between the same nodes, a fast and a slow one, are one influence.
    """

    network: Network = field(repr=False)
    #: Answers to open questions; an edge that hangs on a question without an answer is there.
    sides: Sides
    #: The edges that each influence stands for.
    edges: Mapping[Influence, tuple[PlacedEdge, ...]] = field(repr=False)

    @cached_property
    def graph(self) -> SignedGraph:
        """Nodes and influences."""
        return SignedGraph.of(self.edges, self.network.names)

    @cached_property
    def slow(self) -> frozenset[Influence]:
        """Influences that are adaptations, and absent where adaptations stay put."""
        return frozenset(
            one for one, several in self.edges.items() if all(e.declared.slow for e in several)
        )

    @cached_property
    def adapting(self) -> frozenset[Influence]:
        """Influences that are adaptations, alone or beside an edge that acts at once."""
        return frozenset(
            one for one, several in self.edges.items() if any(e.declared.slow for e in several)
        )


def signed_circuit(network: Network, sides: Sides) -> SignedCircuit:
    """The signed graph of a circuit.

    Parameters
    ----------
    network
        Compiled.
    sides
        Answers to questions on which the literature disagrees: an edge that hangs on a question
        that is answered with no is left out.

    Examples
    --------
    >>> from raphe.settings import setting
    >>> circuit = signed_circuit(setting().model.network, {})
    >>> [str(one) for one in circuit.slow if one.target == "LC.alpha2A.function"]
    ['LC.alpha2A -| LC.alpha2A.function']
    """
    edges: dict[Influence, tuple[PlacedEdge, ...]] = {}
    for edge in network.pathway.edges:
        if sides.get(edge.declared.contested, True):
            influence = Influence(edge.source, edge.target, edge.declared.sign)
            edges[influence] = (*edges.get(influence, ()), edge)
    return SignedCircuit(network, dict(sorted(sides.items())), edges)


def every_side(network: Network, sides: Sides) -> Iterator[Sides]:
    """All ways to answer the questions that are open, those that are answered kept.

    Examples
    --------
    >>> from raphe.settings import setting
    >>> network = setting().model.network
    >>> len(list(every_side(network, {}))) == 2 ** len(network.questions)
    True
    """
    open_ones = [one for one in network.questions if one not in sides]
    for answers in product((True, False), repeat=len(open_ones)):
        yield {**sides, **dict(zip(open_ones, answers, strict=True))}
