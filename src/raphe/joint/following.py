"""Directions that nodes may have in the labellings of a grounded program."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from raphe.joint.running import Clock, Model, StoppedError, run
from raphe.sign import Change

#: A condition and a node.
Place = tuple[str, str]
#: Literals of the directions at places.
Labels = Mapping[tuple[Place, Change], int]

#: Where many directions are asked for: each labelling has as many as it can that no one before it
#: had, which the solver is told by `told`. (What it would try by itself is the last labelling with
#: the least change, of which thousands are needed.)
FIRST = """
#external told(C,V,S) : condition(C), node(V), S = -1..1.
#heuristic label(C,V,S) : not told(C,V,S), condition(C), node(V), S = -1..1. [1,true]
"""


def directions(
    control: Any,
    fixed: Iterable[int],
    labels: Labels,
    clock: Clock,
    tell: Callable[[Place, Change], None] | None = None,
) -> dict[Place, Change]:
    """Directions that places may have, all assumptions true; none of a place that may have none.

    What one labelling has need not be asked for again; of what is left, at least one is asked for,
    until there is no such labelling. So all that is never so is refuted at once.

    Parameters
    ----------
    control
        A grounded program, configured for one model.
    fixed
        Assumptions.
    labels
        What is asked.
    clock
        When to stop.
    tell
        Told each direction that a labelling has, as soon as it is known.

    Raises
    ------
    StoppedError
        The time was up before everything was known.
    """
    fixed, left = list(fixed), dict(labels)
    found: dict[Place, Change] = {}
    goal: list[int] = []
    while left:
        fresh: list[tuple[Place, Change]] = []

        def on_model(
            model: Model,
            fresh: list[tuple[Place, Change]] = fresh,
        ) -> None:
            fresh += [key for key, literal in left.items() if model.is_true(literal)]

        holds, _ = run(control, [*fixed, *goal], clock, on_model)
        if holds is None:
            raise StoppedError
        if not holds:
            return found
        for place, single in fresh:
            found[place] = found.get(place, Change.NOTHING) | single
            del left[place, single]
            if tell is not None:
                tell(place, single)
        goal = [_one_of(control, left.values())]
    return found


def _one_of(control: Any, literals: Collection[int]) -> int:
    """A literal that, assumed, asks for at least one of these."""
    with control.backend() as backend:
        atom: int = backend.add_atom()
        backend.add_rule([atom], choice=True)
        backend.add_rule([], [atom, *(-one for one in literals)])
    return atom
