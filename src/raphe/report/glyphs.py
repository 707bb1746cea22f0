"""The signs that stand for calls and verdicts; a word always stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from raphe.calling import Call
from raphe.consistency.verdicts import Verdict
from raphe.diagram.figure import State
from raphe.diagram.style import GLYPHS
from raphe.sign import Change

#: Those of the diagrams.
CALLS: Mapping[Call, str] = MappingProxyType({call: GLYPHS[State(call.value)] for call in Call})

VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.AGREES: "✓",
        Verdict.DISAGREES: "×",
        Verdict.AMBIGUOUS: GLYPHS[State.AMBIGUOUS],
        Verdict.OUT_OF_SCOPE: "–",
    }
)

_DIRECTIONS = {Change.DOWN: Call.DOWN, Change.SAME: Call.UNCHANGED, Change.UP: Call.UP}


def directions(possible: Change) -> str:
    """The directions in a set, from down to up.

    Examples
    --------
    >>> directions(Change.NOT_DOWN)
    '= ▲'
    """
    return " ".join(CALLS[call] for one, call in _DIRECTIONS.items() if one in possible)
