"""What is wished of nodes: that they move, or do not, and in which draws it comes true."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from raphe.errors import Problem, nearest
from raphe.model import Model
from raphe.propagation.arrays import Floats, Indices, Mask


class Aim(Enum):
    """What is wished of a node."""

    UP = "up"
    DOWN = "down"
    NOT_UP = "not up"
    NOT_DOWN = "not down"

    def holds(self, change: Floats, limit: Floats) -> Mask:
        """In which draws it holds; within the limit a node is unchanged."""
        if self is Aim.UP:
            return np.asarray(change > limit)
        if self is Aim.DOWN:
            return np.asarray(change < -limit)
        return np.asarray(change <= limit if self is Aim.NOT_UP else change >= -limit)

    @property
    def is_gain(self) -> bool:
        """Whether something has to move for it."""
        return self in (Aim.UP, Aim.DOWN)


#: What no draw can fulfil together.
_CONTRARY = ({Aim.UP, Aim.DOWN}, {Aim.UP, Aim.NOT_UP}, {Aim.DOWN, Aim.NOT_DOWN})


@dataclass(frozen=True)
class Desire:
    """What is wished of one node."""

    node: str
    aim: Aim


def desire_problems(model: Model, desires: Sequence[Desire]) -> list[Problem]:
    """What is wrong with wishes: nodes that are not there, what nothing can fulfil."""
    index = model.network.index
    problems = []
    known = list(dict.fromkeys(desire.node for desire in desires))
    for node in known:
        aims = {desire.aim for desire in desires if desire.node == node}
        if node not in index:
            remedy = nearest(node, index) or "'raphe list nodes' names those that there are."
            problems.append(Problem(f"no node '{node}'.", remedy))
        elif any(pair <= aims for pair in _CONTRARY):
            problems.append(Problem(f"'{node}' cannot go both ways.", "Wish for one of them."))
    if not any(desire.aim.is_gain for desire in desires):
        remedy = "Say what shall move, with '--up NODE' or '--down NODE'."
        problems.append(Problem("nothing to be gained is wished for.", remedy))
    return problems


def desire_rows(model: Model, desires: Iterable[Desire]) -> Indices:
    """Numbers of the wished nodes, in the order of the wishes."""
    index = model.network.index
    return np.array([index[desire.node] for desire in desires], dtype=np.intp)


def joint_share(desires: Sequence[Desire], change: Floats, limits: Floats) -> float:
    """Share of the draws in which all wishes hold; none of no draws."""
    held = np.ones(change.shape[1], dtype=bool)
    for desire, own, limit in zip(desires, change, limits, strict=True):
        held &= desire.aim.holds(own, limit)
    return float(held.mean()) if len(held) else 0.0
