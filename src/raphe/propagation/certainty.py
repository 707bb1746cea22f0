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
from functools import lru_cache

from raphe.network import SIGNS, Network
from raphe.propagation.components import strong_components
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
    pushes = {
        node: (push & Change.CHANGED).value
        for node, push in sorted(inputs.items())
        if push & Change.CHANGED
    }
    out, behind = _onward(network, slow)
    walks = _walks(out, pushes)
    paths = _Paths(out, behind, walks, budget)
    paths.search(pushes)
    return tuple(
        _certainty(Change(walk), Change(seen), paths.complete)
        for walk, seen in zip(walks, paths.seen, strict=True)
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


#: Changes are the bits of integers here, since operations on flags would take most of the time.
#: What an edge of each sign makes of each set of directions.
_THROUGH = {
    sign: tuple(Change(bits).through(sign).value for bits in range(Change.ANY.value + 1))
    for sign in Sign
}
_NOTHING, _CHANGED = Change.NOTHING.value, Change.CHANGED.value

#: For each node, what it tells and what the edge makes of a change.
Successors = list[list[tuple[int, tuple[int, ...]]]]


def _successors(network: Network, slow: bool) -> Successors:
    out: Successors = [[] for _ in range(network.size)]
    for edge in range(len(network.edge_names)):
        if slow or not network.slow[edge]:
            through = _THROUGH[SIGNS[int(network.sign[edge])]]
            out[int(network.source[edge])].append((int(network.target[edge]), through))
    return out


@lru_cache(maxsize=4)
def _onward(network: Network, slow: bool) -> tuple[Successors, list[int]]:
    """What each node tells, and what it reaches: the same for every treatment."""
    out = _successors(network, slow)
    return out, _behind(out)


def _walks(out: Successors, pushes: Mapping[int, int]) -> list[int]:
    """Directions that some walk brings to each node: reachability on the signed double cover."""
    reached = [_NOTHING] * len(out)
    queue = []
    for node, push in pushes.items():
        reached[node] |= push
        queue.append(node)
    while queue:
        node = queue.pop()
        for further, through in out[node]:
            brought = through[reached[node]]
            if brought & ~reached[further]:
                reached[further] |= brought
                queue.append(further)
    return reached


class _Paths:
    """Depth-first search of simple paths that stops where nothing new can be learnt."""

    def __init__(self, out: Successors, behind: list[int], walks: list[int], budget: int) -> None:
        self.seen = [_NOTHING] * len(out)
        self.complete = True
        self._out = out
        self._left = budget
        # Sets of nodes as bits of an integer: those still open, and those behind each node.
        self._open = sum(1 << node for node, walk in enumerate(walks) if walk == _CHANGED)
        self._behind = behind

    def search(self, pushes: Mapping[int, int]) -> None:
        for node, push in pushes.items():
            self._from(node, push)

    def _from(self, start: int, push: int) -> None:
        # Two million steps for all findings: nothing is called, and nothing looked up, in here.
        out, behind, seen, open_, left = self._out, self._behind, self.seen, self._open, self._left
        on_path = [False] * len(out)
        on_path[start] = True
        seen[start] |= push
        if seen[start] == _CHANGED:
            open_ &= ~(1 << start)
        stack = [(start, push, iter(out[start]))]
        while stack and left >= 0:
            node, change, onward = stack[-1]
            for further, through in onward:
                if on_path[further] or not behind[further] & open_:
                    continue
                left -= 1
                if left < 0:
                    self.complete = False
                    break
                on_path[further] = True
                brought = through[change]
                seen[further] |= brought
                if seen[further] == _CHANGED:
                    open_ &= ~(1 << further)
                stack.append((further, brought, iter(out[further])))
                break
            else:
                stack.pop()
                on_path[node] = False
        self._open, self._left = open_, left


def _behind(out: Successors) -> list[int]:
    """Nodes that each node reaches, itself included, as bits."""
    behind = [0] * len(out)
    edges = [(node, further) for node, told in enumerate(out) for further, _ in told]
    for nodes in reversed(strong_components(len(out), edges)):
        reached = sum(1 << node for node in nodes)
        for node in nodes:
            for further, _ in out[node]:
                reached |= behind[further]
        for node in nodes:
            behind[node] = reached
    return behind
