"""What a sweep of doses shows of one readout."""

from __future__ import annotations

from dataclasses import dataclass

from raphe.calling import Call, Odds
from raphe.spread import Spread


@dataclass(frozen=True)
class At:
    """A dose that each draw has for itself."""

    #: Of the draws that came to rest, how many have it.
    share: float
    #: In units of the drug's reference exposure, and as a free concentration in nM.
    multiple: Spread
    free: Spread


@dataclass(frozen=True)
class Turn:
    """Where a readout that visibly moved one way begins to move the other."""

    #: Up or down: the direction below the dose, and above it.
    below: Call
    above: Call
    at: At


@dataclass(frozen=True)
class HalfEffect:
    """The dose of half of the change that the highest dose brings, of draws without a way back."""

    #: Up or down.
    direction: Call
    at: At
    #: Whether the last third of a decade brings less than a tenth of the change.
    levels_off: bool


@dataclass(frozen=True)
class Curve:
    """What a sweep does to one readout."""

    node: str
    label: str
    place: str
    #: Changes below this are unchanged.
    threshold: float
    #: Against the comparator, without the drug and at each dose.
    without: Odds
    call_without: Call
    odds: tuple[Odds, ...]
    calls: tuple[Call, ...]
    #: Down to up and up to down, each where any draw has it.
    turns: tuple[Turn, ...]
    #: Share of the draws in which more drug never takes back what less of it did.
    monotone_share: float
    #: By direction, where enough draws are monotone and reach it.
    half: HalfEffect | None
