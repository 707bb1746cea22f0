"""A plain signed graph: names and signed arrows, without strengths, drugs or bounds.

What loop analysis reads. Its matrix is the community matrix of ecology, with the effect of the
column's node on the row's node: a_ij is what j does to i.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Community:
    """A signed directed graph of *n* nodes and *m* edges.

    From a node to another there may be an edge of either sign: what both together do hangs on their
    strengths.
    """

    names: tuple[str, ...]
    #: Numbers of the ends of each edge, and its sign, +1 or −1; in order of target and source.
    source: Indices = field(repr=False)
    target: Indices = field(repr=False)
    sign: Integers = field(repr=False)

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.names)

    @cached_property
    def index(self) -> dict[str, int]:
        """Number of a node, by name."""
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def matrix(self) -> Integers:
        """The community matrix, *n × n*: what the column's node does to the row's, net."""
        return self.part(np.arange(self.size))

    def part(self, nodes: Indices) -> Integers:
        """The community matrix of some nodes, in ascending order."""
        matrix = np.zeros((len(nodes), len(nodes)), dtype=np.int64)
        inside = np.isin(self.source, nodes) & np.isin(self.target, nodes)
        rows = np.searchsorted(nodes, self.target[inside])
        columns = np.searchsorted(nodes, self.source[inside])
        np.add.at(matrix, (rows, columns), self.sign[inside])
        return matrix

    @cached_property
    def edge_names(self) -> tuple[str, ...]:
        """The arrow of each edge, by which its draws are seeded."""
        return tuple(
            f"{source} {'->' if sign > 0 else '-|'} {target}" for source, sign, target in self.edges
        )

    @property
    def edges(self) -> Iterator[tuple[str, int, str]]:
        """Source, sign and target of each edge."""
        for source, sign, target in zip(
            self.source.tolist(), self.sign.tolist(), self.target.tolist(), strict=True
        ):
            yield self.names[source], sign, self.names[target]

    @property
    def unlimited(self) -> tuple[str, ...]:
        """Nodes without a negative loop upon themselves."""
        own = set(self.source[(self.source == self.target) & (self.sign < 0)].tolist())
        return tuple(name for number, name in enumerate(self.names) if number not in own)

    def self_limited(self) -> Community:
        """The same where every node limits itself, by a negative loop where it has none.

        Examples
        --------
        >>> community([("V", 1, "H"), ("H", -1, "V")]).self_limited().matrix.tolist()
        [[-1, 1], [-1, -1]]
        """
        return community([*self.edges, *((name, -1, name) for name in self.unlimited)])


def community(edges: Iterable[tuple[str, int, str]]) -> Community:
    """The graph of signed edges, its nodes in order of names.

    Parameters
    ----------
    edges
        Source, sign (+1 or −1) and target; none of them twice.

    Examples
    --------
    >>> community([("V", 1, "H"), ("H", -1, "V")]).matrix.tolist()
    [[0, 1], [-1, 0]]
    """
    listed = list(edges)
    names = tuple(sorted({end for source, _, target in listed for end in (source, target)}))
    index = {name: number for number, name in enumerate(names)}
    rows = sorted((index[target], index[source], sign) for source, sign, target in listed)
    target, source, sign = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Community(names, source.astype(np.intp), target.astype(np.intp), sign)
