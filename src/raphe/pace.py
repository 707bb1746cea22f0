"""How fast the things in a pathway move: time constants, by kind of node, with their reasons.

What a time constant is: the time in which a node has gone 63 % of its way to where it is driven.
They are ranges of orders of magnitude, drawn log-uniformly. None of them was fitted to a finding,
and all that a file does not override are assumptions; what each rests on stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from raphe.kinds import NodeKind
from raphe.units import Interval

SECOND, MINUTE, HOUR, DAY = 1 / 3600, 1 / 60, 1.0, 24.0


@dataclass(frozen=True)
class Pace:
    """A range of time constants, in hours, and why."""

    time: Interval
    #: As it is written.
    text: str
    reason: str


def _pace(low: float, high: float, unit: float, name: str, reason: str) -> Pace:
    return Pace(Interval(low * unit, high * unit), f"{low:g} - {high:g} {name}", reason)


#: Of what hears fast edges. Every one is an assumption with its reason: text-book orders of
#: magnitude, no measurement in this circuit.
PACES: Mapping[NodeKind, Pace] = MappingProxyType(
    {
        NodeKind.CHANNEL: _pace(0.01, 1, SECOND, "s", "opens within milliseconds to a second"),
        NodeKind.RECEPTOR: _pace(0.1, 10, SECOND, "s", "activity follows its ligand in seconds"),
        NodeKind.TRANSPORTER: _pace(1, 10, SECOND, "s", "a cycle of uptake takes about a second"),
        NodeKind.FIRING: _pace(0.1, 10, SECOND, "s", "rates settle within seconds of their input"),
        NodeKind.G_PROTEIN: _pace(1, 30, SECOND, "s", "GTP is hydrolysed within seconds"),
        NodeKind.PROCESS: _pace(1, 60, SECOND, "s", "release and the like follow within a minute"),
        NodeKind.ENZYME: _pace(10, 300, SECOND, "s", "activated within minutes at most"),
        NodeKind.SECOND_MESSENGER: _pace(10, 300, SECOND, "s", "made and degraded in minutes"),
        NodeKind.TRANSMITTER: _pace(
            10, 600, SECOND, "s", "tonic extracellular levels, cleared within minutes"
        ),
        NodeKind.KINASE: _pace(1, 30, MINUTE, "min", "phosphorylation in minutes"),
        NodeKind.TRANSCRIPTION_FACTOR: _pace(10, 120, MINUTE, "min", "active for an hour or so"),
        NodeKind.GENE: _pace(10, 120, MINUTE, "min", "transcription starts within the hour"),
        NodeKind.MRNA: _pace(1, 6, HOUR, "h", "half-lives of regulated messages are hours"),
        NodeKind.STORE: _pace(1, 12, HOUR, "h", "vesicles are emptied and filled within hours"),
        NodeKind.PROTEIN: _pace(6, 72, HOUR, "h", "turnover of proteins takes hours to days"),
        NodeKind.FUNCTION: _pace(1, 60, MINUTE, "min", "uncoupling that is no slow edge: minutes"),
        NodeKind.DENSITY: _pace(1, 7, DAY, "d", "receptors are replaced within days"),
        NodeKind.PHENOTYPE: _pace(1, 7, DAY, "d", "behaviour changes over days"),
    }
)

#: Of slow edges: adaptations are there after two to three weeks of treatment and not on its first
#: day, which is what a slow edge means in this library.
ADAPTATION = _pace(2, 10, DAY, "d", "adaptations take days, and are there after three weeks")
