"""What a question fixes of a grounded part: the choices of the solver, and what each stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from raphe.joint.problem import Influence
from raphe.joint.repair import Move, Step
from raphe.joint.weight import Costs, add, doubt, flip, remove
from raphe.sign import Sign


@dataclass(frozen=True, slots=True)
class Fixed:
    """What an assumption fixes: that a step is taken, or is not."""

    move: Move
    condition: str = ""
    node: str = ""
    influence: Influence | None = None


def step_of(fixed: Fixed, costs: Costs) -> Step | None:
    """The step that would undo an assumption; none where the sign was unknown to begin with."""
    if fixed.move is Move.DOUBT:
        return doubt(fixed.condition, fixed.node, costs)
    if fixed.influence is None:
        return add(fixed.node, costs)
    if fixed.move is Move.REMOVE:
        return remove(fixed.influence, costs)
    return None if fixed.influence.sign is Sign.UNKNOWN else flip(fixed.influence, costs)


class Choices:
    """Literals of all that a question may fix.

    Parameters
    ----------
    atoms
        Those of the grounded program.
    influences, nodes, observations
        What their numbers stand for.
    """

    def __init__(
        self,
        atoms: Any,
        influences: Sequence[Influence],
        nodes: Sequence[str],
        observations: Sequence[tuple[str, str]],
    ) -> None:
        def every(name: str, arity: int) -> dict[tuple[int, ...], int]:
            return {
                tuple(one.number for one in atom.symbol.arguments): atom.literal
                for atom in atoms.by_signature(name, arity)
            }

        self.sign = {
            (influences[one], number): own for (one, number), own in every("sign", 2).items()
        }
        self.removed = {influences[one]: own for (one,), own in every("removed", 1).items()}
        self.forbid = {
            (observations[one], number): own for (one, number), own in every("forbid", 2).items()
        }
        self.doubt = {observations[one]: own for (one,), own in every("doubt", 1).items()}
        self.open = {nodes[one]: own for (one,), own in every("open", 1).items()}
