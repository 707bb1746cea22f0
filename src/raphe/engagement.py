"""Which targets a drug occupies at each dose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from raphe.binding import Contact
from raphe.network import Network
from raphe.propagation.arrays import Floats
from raphe.spread import Spread, spread_of


@dataclass(frozen=True)
class Engagement:
    """How much of a target a drug occupies, dose by dose."""

    target: str
    action: str
    #: Nodes of the circuit that it stands for.
    nodes: tuple[str, ...]
    #: Whether the target's own transmitter competes with the drug there.
    is_held: bool
    #: Over draws and nodes, at each dose.
    occupancies: tuple[Spread, ...]


@dataclass
class Sites:
    """Collects the occupancies of one drug, some doses at a time."""

    network: Network
    drug: str
    #: Draws *d*.
    draws: int
    _actions: dict[tuple[str, bool], str] = field(default_factory=dict)
    _nodes: dict[tuple[str, bool], list[str]] = field(default_factory=dict)
    _spreads: dict[tuple[str, bool], list[Spread]] = field(default_factory=dict)

    def note(self, contacts: Iterable[Contact]) -> None:
        """Take in what the drug occupies at some further doses."""
        groups: dict[tuple[str, bool], list[Contact]] = {}
        for one in contacts:
            if one.drug == self.drug:
                held = bool(self.network.is_occupied[one.node]) and not _is_allosteric(one)
                groups.setdefault((one.target, held), []).append(one)
        for key, several in groups.items():
            self._actions[key] = several[0].action
            self._nodes[key] = [self.network.names[one.node] for one in several]
            pooled = np.stack(_distinct([one.occupancy for one in several]))
            by_dose = pooled.reshape(len(pooled), -1, self.draws)
            self._spreads.setdefault(key, []).extend(
                spread_of(by_dose[:, dose].ravel()) for dose in range(by_dose.shape[1])
            )

    def engagements(self, skip: int = 0) -> tuple[Engagement, ...]:
        """What was collected, without the first doses; what is occupied most at the last first."""
        found = [
            Engagement(
                target, self._actions[key], tuple(self._nodes[key]), held, tuple(spreads[skip:])
            )
            for key, spreads in self._spreads.items()
            for target, held in (key,)
        ]
        middle = len(found[0].occupancies) // 2 if found else 0
        return tuple(
            sorted(
                found, key=lambda one: (-one.occupancies[middle].median, one.target, one.is_held)
            )
        )


def _is_allosteric(contact: Contact) -> bool:
    return contact.rows[0].action.is_allosteric


def _distinct(arrays: list[Floats]) -> list[Floats]:
    """Most sites of a target are alike."""
    found: list[Floats] = []
    for one in arrays:
        if not any(np.array_equal(one, other) for other in found):
            found.append(one)
    return found
