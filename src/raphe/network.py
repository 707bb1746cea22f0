"""A flat pathway, compiled: integers and arrays, sorted once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from raphe.flat_pathway import FlatPathway
from raphe.kinds import NodeKind
from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.plan import Plan, plan_reduction
from raphe.sign import Sign
from raphe.target import Targets
from raphe.units import Interval

#: What the numbers of `Network.sign` mean.
SIGNS = {1: Sign.POSITIVE, -1: Sign.NEGATIVE, 0: Sign.UNKNOWN}
_SIGN_VALUES = {sign: value for value, sign in SIGNS.items()}


@dataclass(frozen=True, eq=False)
class Network:
    """A directed signed graph of *n* nodes and *m* edges, in order of names.

    The arrays are what the numerical stages read; the flat pathway that they came from stays
    attached, since every answer has to name its evidence.
    """

    pathway: FlatPathway
    names: tuple[str, ...]
    #: Number of a node, by name.
    index: dict[str, int] = field(repr=False)
    #: Per edge: numbers of its ends, sign (+1, −1, 0 unknown), whether slow, whether necessary.
    source: Indices = field(repr=False)
    target: Indices = field(repr=False)
    sign: NDArray[np.int8] = field(repr=False)
    slow: Mask = field(repr=False)
    necessary: Mask = field(repr=False)
    #: Per edge: the open question on which it hangs whether it is there, or nothing.
    contested: tuple[str, ...] = field(repr=False)
    #: Per edge: the declared range of its weight.
    strengths: tuple[Interval, ...] = field(repr=False)
    #: Per edge: the arrow between full names, by which its draws are seeded.
    edge_names: tuple[str, ...] = field(repr=False)
    #: Per node: the range of its tone.
    tones: tuple[Interval, ...] = field(repr=False)
    #: Per node: whether it is an amount, without a ceiling.
    is_level: Mask = field(repr=False)
    #: Per node: whether it can run backwards (transporters).
    is_reversible: Mask = field(repr=False)
    #: Per node: whether it follows at once what it hears (receptors, channels).
    is_prompt: Mask = field(repr=False)
    #: Per node: receptor reserve, 0 where there is none.
    reserve: Floats = field(repr=False)
    #: Per node: whether its own transmitter holds it at rest, in the share that is its tone.
    is_occupied: Mask = field(repr=False)
    #: Per node: HGNC symbols of what a drug binds there.
    symbols: tuple[tuple[str, ...], ...] = field(repr=False)

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.names)

    @cached_property
    def fast_plan(self) -> Plan:
        """Order of elimination of the network without its adaptations."""
        fast = ~self.slow
        return plan_reduction(self.size, self.source, self.target, fast)

    @cached_property
    def full_plan(self) -> Plan:
        """Order of elimination of the network with its adaptations."""
        return plan_reduction(self.size, self.source, self.target, np.ones_like(self.slow))

    @cached_property
    def component(self) -> Indices:
        """Strongly connected component of each node, slow edges included, as its least node."""
        component = np.zeros(self.size, dtype=np.intp)
        for block in self.full_plan.blocks:
            component[block.nodes] = block.nodes[0]
        return component

    @cached_property
    def _nodes_of(self) -> dict[str, list[int]]:
        nodes: dict[str, list[int]] = {}
        for node, symbols in enumerate(self.symbols):
            for symbol in symbols:
                nodes.setdefault(symbol, []).append(node)
        return nodes

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Questions on which the literature disagrees, each of which decides on some edges."""
        return tuple(sorted({question for question in self.contested if question}))

    def reaching(self, goal: int) -> Mask:
        """Which nodes have a way to one, itself included."""
        heard: dict[int, list[int]] = {}
        for source, target in zip(self.source.tolist(), self.target.tolist(), strict=True):
            heard.setdefault(target, []).append(source)
        reaching = np.zeros(self.size, dtype=bool)
        reaching[goal] = True
        waiting = [goal]
        while waiting:
            for source in heard.get(waiting.pop(), ()):
                if not reaching[source]:
                    reaching[source] = True
                    waiting.append(source)
        return reaching

    def sites(self, symbols: tuple[str, ...]) -> tuple[int, ...]:
        """Nodes that stand for any of these targets."""
        return tuple(sorted({node for one in symbols for node in self._nodes_of.get(one, ())}))


def compile_network(pathway: FlatPathway, targets: Targets) -> Network:
    """The network of a flat pathway.

    Parameters
    ----------
    pathway
        Flat; its nodes and edges are in order of names already.
    targets
        Translate the targets that nodes name to HGNC symbols; a name that is not there stands for
        itself (`raphe validate` reports it).
    """
    names = tuple(pathway.nodes)
    index = {name: number for number, name in enumerate(names)}
    nodes = tuple(pathway.nodes.values())
    edges = pathway.edges
    return Network(
        pathway=pathway,
        names=names,
        index=index,
        source=np.array([index[edge.source] for edge in edges], dtype=np.intp),
        target=np.array([index[edge.target] for edge in edges], dtype=np.intp),
        sign=np.array([_SIGN_VALUES[edge.declared.sign] for edge in edges], dtype=np.int8),
        slow=np.array([edge.declared.slow for edge in edges], dtype=bool),
        necessary=np.array([edge.declared.necessary for edge in edges], dtype=bool),
        contested=tuple(edge.declared.contested for edge in edges),
        strengths=tuple(edge.declared.weights for edge in edges),
        edge_names=tuple(map(str, edges)),
        tones=tuple(node.declared.resting_tone for node in nodes),
        is_level=np.array([node.declared.kind.is_level for node in nodes], dtype=bool),
        is_reversible=np.array(
            [node.declared.kind is NodeKind.TRANSPORTER for node in nodes], dtype=bool
        ),
        is_prompt=np.array([node.declared.kind.is_prompt for node in nodes], dtype=bool),
        reserve=np.array([node.declared.reserve for node in nodes], dtype=float),
        is_occupied=np.array([node.declared.occupied for node in nodes], dtype=bool),
        symbols=tuple(
            tuple(
                dict.fromkeys(
                    symbol
                    for name in node.declared.target
                    for symbol in targets.symbols(name) or (name,)
                )
            )
            for node in nodes
        ),
    )
