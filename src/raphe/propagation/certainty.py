"""What no choice of weights can change: the directions that are possible at all.

The response of j is a sum over inputs i and simple paths P from i to j of
uᵢ · gain(P) · det(I − A without P) / det(I − A) (Mason). Where every principal minor of I − A is
positive, the sign of each term is the sign of its input times its path, so that the direction is
certain where all of them agree; and only there, for weights can be chosen that leave nothing of all
paths but one. A bound that is reached only scales a node's gain and input down (clip has a secant
slope between 0 and 1), as drugs do. Where a diagonal Lyapunov function exists (see `stability`;
the contractive prior: always), that keeps every minor positive. It says nothing of draws that are
stable without one, nor of gains that a modulator raises above 1.

Walks that all agree need less. What lies on them is then made of whole strongly connected
components without a negative loop, a nonnegative matrix up to signs of nodes, and its stability
alone makes its inverse nonnegative (Perron and Frobenius). But walks seldom agree: one negative
loop makes every node behind it reachable by walks of both signs.

So: first the signed double cover (linear time; whatever no *walk* reaches, no path does), then
simple paths within a budget of steps; a node whose paths were not all seen is left open.

S. J. Mason, Proc. IRE 44 (1956) 920–926 (the formula).
A. Berman and R. J. Plemmons, Nonnegative Matrices in the Mathematical Sciences, SIAM 1994, ch. 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from raphe.network import SIGNS, Network
from raphe.sign import Change, Sign

#: Steps of path search, all inputs together, before what is left stays open.
BUDGET = 60_000


class Ground(Enum):
    """What a statement of certainty rests on; the value is the sentence that reports print."""

    UNREACHED = "no path leads here from anything that was perturbed"
    WALKS = "every walk from what was perturbed has the same sign"
    PATHS = (
        "every simple path from what was perturbed has the same sign, and every subsystem is stable"
    )
    BOTH = "paths of both signs lead here: the weights decide"
    OPEN = "not all simple paths were seen within the budget: undetermined"


@dataclass(frozen=True)
class Certainty:
    """Directions in which a node may move, and why no others."""

    possible: Change
    ground: Ground

    @property
    def is_certain(self) -> bool:
        """Whether it can move in one direction only, if it moves."""
        return self.ground in (Ground.UNREACHED, Ground.WALKS, Ground.PATHS)


def certainties(
    network: Network, inputs: Mapping[int, Change], slow: bool, budget: int = BUDGET
) -> tuple[Certainty, ...]:
    """Directions in which each node may move, whatever the weights.

    Parameters
    ----------
    network
        *n* nodes.
    inputs
        Directions in which nodes are pushed.
    slow
        Whether adaptations take part.
    budget
        Steps of path search; deciding the parities of simple paths is NP-hard in general.

    Returns
    -------
    tuple of Certainty
        In order of ``network.names``. ``possible`` includes `Change.SAME`: how small a change may
        be is for the draws to say.
    """
    inputs = {node: push for node, push in inputs.items() if push & Change.CHANGED}
    out = _successors(network, slow)
    walks = _walks(network.size, out, inputs)
    paths = _Paths(network.size, out, walks, budget)
    paths.search(inputs)
    return tuple(
        _certainty(walks[node], paths.seen[node], paths.complete) for node in range(network.size)
    )


def _certainty(walks: Change, paths: Change, complete: bool) -> Certainty:
    if walks is Change.NOTHING:
        return Certainty(Change.SAME, Ground.UNREACHED)
    if walks is not Change.CHANGED:
        return Certainty(walks | Change.SAME, Ground.WALKS)
    if paths is Change.CHANGED:
        return Certainty(Change.ANY, Ground.BOTH)
    if complete:
        return Certainty(paths | Change.SAME, Ground.PATHS)
    return Certainty(Change.ANY, Ground.OPEN)


def _successors(network: Network, slow: bool) -> list[list[tuple[int, Sign]]]:
    out: list[list[tuple[int, Sign]]] = [[] for _ in range(network.size)]
    for edge in range(len(network.edge_names)):
        if slow or not network.slow[edge]:
            out[int(network.source[edge])].append(
                (int(network.target[edge]), SIGNS[int(network.sign[edge])])
            )
    return out


def _walks(
    size: int, out: list[list[tuple[int, Sign]]], inputs: Mapping[int, Change]
) -> list[Change]:
    """Directions that some walk brings to each node: reachability on the signed double cover."""
    reached = [Change.NOTHING] * size
    queue = []
    for node, push in sorted(inputs.items()):
        reached[node] |= push & Change.CHANGED
        queue.append(node)
    while queue:
        node = queue.pop()
        for further, sign in out[node]:
            brought = reached[node].through(sign)
            if brought & ~reached[further]:
                reached[further] |= brought
                queue.append(further)
    return reached


class _Paths:
    """Depth-first search of simple paths that stops where nothing new can be learnt."""

    def __init__(
        self, size: int, out: list[list[tuple[int, Sign]]], walks: list[Change], budget: int
    ) -> None:
        self.seen = [Change.NOTHING] * size
        self.complete = True
        self._out = out
        self._left = budget
        # Sets of nodes as bits of an integer: those still open, and those behind each node.
        self._open = sum(1 << node for node, walk in enumerate(walks) if walk is Change.CHANGED)
        self._behind = _behind(size, out)

    def search(self, inputs: Mapping[int, Change]) -> None:
        for node, push in sorted(inputs.items()):
            self._from(node, push & Change.CHANGED)

    def _from(self, start: int, push: Change) -> None:
        on_path = [False] * len(self._out)
        stack = [(start, push, 0)]
        on_path[start] = True
        self._see(start, push)
        while stack:
            node, change, position = stack.pop()
            if position < len(self._out[node]):
                stack.append((node, change, position + 1))
                further, sign = self._out[node][position]
                if on_path[further] or not self._behind[further] & self._open:
                    continue
                self._left -= 1
                if self._left < 0:
                    self.complete = False
                    return
                on_path[further] = True
                brought = change.through(sign)
                self._see(further, brought)
                stack.append((further, brought, 0))
            else:
                on_path[node] = False

    def _see(self, node: int, change: Change) -> None:
        self.seen[node] |= change
        if self.seen[node] is Change.CHANGED:
            self._open &= ~(1 << node)


def _behind(size: int, out: list[list[tuple[int, Sign]]]) -> list[int]:
    """Nodes that each node reaches, itself included, as bits."""
    behind = [1 << node for node in range(size)]
    heard: list[list[int]] = [[] for _ in range(size)]
    for node, edges in enumerate(out):
        for further, _ in edges:
            heard[further].append(node)
    queue = list(range(size))
    while queue:
        node = queue.pop()
        for earlier in heard[node]:
            if behind[node] & ~behind[earlier]:
                behind[earlier] |= behind[node]
                queue.append(earlier)
    return behind
