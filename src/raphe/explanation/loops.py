"""What each feedback loop does to an answer: the answer without it, by Mason's determinants.

In Mason's formula a loop stands in the determinant of the graph and in those of its paths. Leaving
out the terms of one loop L, whose gain is γ, leaves every path and every other loop as it was:

    x without L = (x + γ r y) / (1 + γ r),    r = det(I − A without L's nodes) / det(I − A),

where y is the answer of the network without the nodes of L (nothing, if the readout is one of
them). r is the determinant of the block of (I − A)⁻¹ on L's nodes (Jacobi), y the Schur complement
on the others: both come from the inverse that the paths have used already. Where 1 + γ r is not
positive, nothing would come to rest without the loop.

S. J. Mason, Proc. IRE 44 (1956) 920–926.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import numpy as np

from raphe.explanation.routes import Explanation, signs_along
from raphe.explanation.system import told_size
from raphe.finding import Regimen
from raphe.sign import Sign

#: Steps of the search for loops, strongest gain first.
_STEPS = 6000
#: Loops that are looked at.
_CANDIDATES = 400


class Role(Enum):
    """What a loop does to the answer."""

    DAMPS = "damps"
    AMPLIFIES = "amplifies"
    REVERSES = "reverses"
    #: Without it the circuit would run away.
    HOLDS = "holds"


@dataclass(frozen=True)
class Loop:
    """A feedback loop, and the answer without it."""

    #: Names of its nodes in order, each once, the first in order of names first.
    nodes: tuple[str, ...]
    #: Signs and speeds of the edges from each node to the next, the last back to the first.
    signs: tuple[Sign, ...]
    slow: tuple[bool, ...]
    gain: float
    #: The change of the readout with the loop, and without it; None where nothing would come to
    #: rest then.
    with_it: float
    without: float | None
    #: Whether it is meant after washout, the drug gone.
    is_later: bool = False

    @property
    def effect(self) -> float:
        """What the loop adds to the change; infinite where it holds the circuit."""
        return float("inf") if self.without is None else self.with_it - self.without

    @property
    def role(self) -> Role:
        """What it does to the answer."""
        if self.without is None:
            return Role.HOLDS
        if self.with_it * self.without < 0:
            return Role.REVERSES
        return Role.DAMPS if abs(self.with_it) < abs(self.without) else Role.AMPLIFIES


def feedback_loops(explanation: Explanation, most: int) -> tuple[Loop, ...]:
    """The loops that do most to a change, of the strongest ones that reach the readout.

    Parameters
    ----------
    explanation
        With bounds as inputs: a held node passes nothing on, and cuts the loops through it.
    most
        How many.
    """
    found = [loop_effect(explanation, cycle) for cycle in _strongest_cycles(explanation)]
    moving = [one for one in found if one.without is None or abs(one.effect) > 1e-12]
    return tuple(sorted(moving, key=lambda one: (-told_size(one.effect), one.nodes))[:most])


def loop_effect(explanation: Explanation, cycle: Sequence[int]) -> Loop:
    """What one simple cycle does, its nodes given in order, each once."""
    arrivals, change = explanation.arrivals, explanation.system.change
    gains = arrivals.gains.by_ends
    closed = [*cycle, cycle[0]]
    gain = float(np.prod([gains[ends] for ends in pairwise(closed)]))
    block = arrivals.among(cycle)
    ratio, apart = float(np.linalg.det(block)), 0.0
    if arrivals.goal not in cycle:
        # r y is the determinant of the block with a border: defined where y alone is not.
        row = np.array([arrivals.row[one] for one in cycle])
        border = np.block(
            [[np.array([[explanation.total]]), row[None]], [change[list(cycle), None], block]]
        )
        apart = float(np.linalg.det(border))
    left = 1 + gain * ratio
    comes_to_rest = left * arrivals.determinant_sign(cycle[0]) > 1e-9
    without = (explanation.total + gain * apart) / left if comes_to_rest else None
    model = explanation.prediction.model.network
    return Loop(
        nodes=tuple(model.names[one % model.size] for one in cycle),
        signs=signs_along(arrivals.gains, closed),
        slow=tuple(explanation.is_slow(*ends) for ends in pairwise(closed)),
        gain=gain,
        with_it=explanation.total,
        without=without,
        is_later=(explanation.prediction.regimen is Regimen.WASHOUT and cycle[0] >= model.size),
    )


def _strongest_cycles(explanation: Explanation) -> Iterator[tuple[int, ...]]:
    """Simple cycles that have a way to the readout, those of the largest gain first.

    Each is found once, from its least node.
    """
    arrivals = explanation.arrivals
    onward: dict[int, list[tuple[int, float]]] = {}
    gains = arrivals.gains
    ends = zip(gains.source.tolist(), gains.target.tolist(), gains.values.tolist(), strict=True)
    for source, target, value in ends:
        if (
            value
            and arrivals.upstream[source]
            and arrivals.upstream[target]
            and arrivals.are_together(source, target)
        ):
            onward.setdefault(source, []).append((target, value))
    queue: list[tuple[float, tuple[int, ...]]] = [(-1.0, (one,)) for one in sorted(onward)]
    heapq.heapify(queue)
    found = 0
    for _ in range(_STEPS):
        if not queue or found >= _CANDIDATES:
            return
        strength, path = heapq.heappop(queue)
        for target, value in onward.get(path[-1], ()):
            if target == path[0]:
                found += 1
                yield path
            elif target > path[0] and target not in path:
                heapq.heappush(queue, (strength * abs(value), (*path, target)))
