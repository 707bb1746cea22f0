"""Repairs: what may be changed in a problem, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from raphe.joint.problem import Influence


class Act(Enum):
    """Ways to change a problem, those that leave the circuit alone first."""

    DOUBT = "doubt"
    REMOVE = "remove"
    ADD = "add"
    FLIP = "flip"


ACTS = frozenset(Act)


@dataclass(frozen=True)
class Step:
    """One change of a problem."""

    act: Act
    #: Where what is doubted was seen; empty for changes of the graph, which go for all conditions.
    condition: str = ""
    #: The node that was seen, or on which something is added.
    node: str = ""
    #: The influence that is removed or turned around in sign.
    influence: Influence | None = None

    @property
    def order(self) -> tuple[int, str, str, str]:
        """What steps are sorted by."""
        return list(Act).index(self.act), self.condition, self.node, str(self.influence or "")


@dataclass(frozen=True)
class Mend:
    """Changes that together make a problem consistent."""

    steps: tuple[Step, ...]
    weight: int

    @classmethod
    def of(cls, steps: Iterable[Step], costs: Costs) -> Mend:
        """Steps in order, with what they cost together."""
        ordered = tuple(sorted(steps, key=lambda one: one.order))
        return cls(ordered, sum(cost_of(one, costs) for one in ordered))


class Costs(Protocol):
    """What each change costs, a whole number."""

    def of_doubt(self, condition: str, node: str) -> int:
        """Doubting what was seen of a node in a condition."""

    def of_removal(self, influence: Influence) -> int:
        """Leaving an influence out."""

    def of_flip(self, influence: Influence) -> int:
        """Believing the opposite sign of it."""

    def of_addition(self) -> int:
        """One more influence on a node."""


class Alike:
    """Every change costs one: repairs are counted, not weighed."""

    def of_doubt(self, condition: str, node: str) -> int:
        """Doubting what was seen of a node in a condition."""
        return 1

    def of_removal(self, influence: Influence) -> int:
        """Leaving an influence out."""
        return 1

    def of_flip(self, influence: Influence) -> int:
        """Believing the opposite sign of it."""
        return 1

    def of_addition(self) -> int:
        """One more influence on a node."""
        return 1


def cost_of(step: Step, costs: Costs) -> int:
    """What a step costs."""
    if step.act is Act.DOUBT:
        return costs.of_doubt(step.condition, step.node)
    if step.act is Act.ADD:
        return costs.of_addition()
    assert step.influence is not None
    if step.act is Act.REMOVE:
        return costs.of_removal(step.influence)
    return costs.of_flip(step.influence)
