"""A contradiction between reports and a circuit, why it is one, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from raphe.joint.repair import Repair
from raphe.joint.reported import Report
from raphe.joint.trial import Core


class Case(Enum):
    """Why an observation cannot hold; the value is what is said of it."""

    UNREACHABLE = "nothing that was moved leads there"
    CONTRADICTED = "what leads there contradicts it"


@dataclass(frozen=True)
class Contradiction:
    """Reports that cannot all be true on the circuit, whatever the weights."""

    #: Of these, any one may be true without the others.
    core: Core
    reports: tuple[Report, ...]
    case: Case
    #: The least repairs of each kind, by weight, each with how many other parts of the problem it
    #: would make inconsistent; None where that was not asked.
    repairs: tuple[tuple[Repair, int | None], ...]
    #: Whether there was time to look for all of these.
    is_searched: bool = True
