"""What a pathway file declares: nodes, signed edges, and cascades that it includes."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from raphe.evidence import Declared, EvidenceList
from raphe.grades import STRENGTHS, TONES, Reserve, Strength, Time, Tone, admissible
from raphe.kinds import Compartment, NodeKind, Process
from raphe.sign import Sign
from raphe.units import Interval

#: Arrows as they are written, with their sign and whether they are slow.
ARROWS = {
    "->": (Sign.POSITIVE, False),
    "-|": (Sign.NEGATIVE, False),
    "-?": (Sign.UNKNOWN, False),
    "~>": (Sign.POSITIVE, True),
    "~|": (Sign.NEGATIVE, True),
    "~?": (Sign.UNKNOWN, True),
}

NAME = r"^[^\W\d_][\w'+-]*(\.[\w'+-]+)*$|^\d[\w'+-]*[^\W\d_][\w'+-]*(\.[\w'+-]+)*$"
_EDGE = re.compile(r"^(\S+)\s+([-~][>|?])\s+(\S+)$")


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


#: One text or a list of them.
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_tuple),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Node(Declared):
    """A node as declared.

    Examples
    --------
    >>> node = Node(kind=NodeKind.RECEPTOR, target="ADRA2A", tone="moderate")
    >>> node.tone, node.resting_tone
    (Interval(low=0.3, high=0.6), Interval(low=0.3, high=0.6))
    """

    kind: NodeKind
    #: How it is drawn and named in answers; the last part of its name if empty.
    label: str = ""
    #: A small second line in drawings.
    caption: str = ""
    #: What a drug binds here: HGNC symbols or their synonyms.
    target: Names = ()
    #: Basal activity, 0 to 1; None where the kind decides.
    tone: Tone = None
    #: Receptor reserve R: a partial agonist of efficacy ε acts here with ε (1 + R) / (1 + ε R).
    reserve: Reserve = 0.0
    #: Whether its own transmitter holds it at rest, so that a drug has to compete with it.
    occupied: bool = False
    compartment: Compartment | None = None
    #: Why this tone.
    reason: str = ""
    #: Time in which it goes 63 % of its way to where it is driven; None where the kind decides. Of
    #: a node that hears slow edges alone, that of the adaptation.
    time: Time = None
    xrefs: Names = ()
    about: str = ""
    evidence: EvidenceList = ()

    @property
    def resting_tone(self) -> Interval:
        """The declared tone, or that of its kind: transporters run fully, signals rest halfway."""
        if self.tone is not None:
            return self.tone
        if self.kind is NodeKind.TRANSPORTER or self.kind.is_level:
            return TONES["full"]
        return Interval(0.5, 0.5)

    @property
    def where(self) -> Compartment:
        """The declared compartment, or the usual one of its kind."""
        return self.compartment or self.kind.usual_compartment


class Edge(Declared):
    """A signed, directed influence as declared.

    Examples
    --------
    >>> edge = Edge.model_validate({"alpha2A -| firing": {"strength": "strong"}})
    >>> edge.source, edge.sign, edge.target, edge.slow
    ('alpha2A', <Sign.NEGATIVE: '-'>, 'firing', False)
    >>> str(edge)
    'alpha2A -| firing'
    """

    #: What the arrow says; in a file these are no keys of their own.
    written_as_arrow: ClassVar[tuple[str, ...]] = ("source", "sign", "slow", "target")

    source: str
    sign: Sign
    #: Whether it is an adaptation that only a sustained change (days) brings about.
    slow: bool
    target: str
    strength: Strength = STRENGTHS["moderate"]
    #: Why this strength.
    reason: str = ""
    mechanism: str = ""
    process: Process | None = None
    #: SBGN's necessary stimulation: what removes the source, as a lesion, removes the target too.
    necessary: bool = False
    #: The open question on which it hangs whether this edge is there at all: reports disagree.
    contested: str = ""
    #: Of a slow edge: time in which it goes 63 % of its way; None where the usual one is meant.
    time: Time = None
    evidence: EvidenceList = ()

    @property
    def weights(self) -> Interval:
        """The range of its weight."""
        return admissible(self.strength, self.necessary)

    @model_validator(mode="after")
    def _only_slow_edges_take_time(self) -> Self:
        if self.time is not None and not self.slow:
            raise ValueError(
                f"a time for the fast edge '{self}'; give it to its target, or draw it slow (~)"
            )
        return self

    @model_validator(mode="before")
    @classmethod
    def _from_arrow(cls, data: Any) -> Any:
        attributes: Any = {}
        if isinstance(data, dict):
            if "sign" in data:
                return data
            if len(data) != 1:
                raise ValueError(_misplaced(data))
            ((data, attributes),) = data.items()
        if not isinstance(data, str) or not isinstance(attributes, dict | None):
            return data
        if not (found := _EDGE.match(data.strip())):
            raise ValueError(f"'{data}' is not an edge; {_HOW_TO_WRITE_AN_EDGE}")
        source, arrow, target = found.groups()
        sign, slow = ARROWS[arrow]
        ends = {"source": source, "sign": sign, "slow": slow, "target": target}
        return {**(attributes or {}), **ends}

    @property
    def arrow(self) -> str:
        """The arrow as it is written."""
        return next(arrow for arrow, meaning in ARROWS.items() if meaning == (self.sign, self.slow))

    def __str__(self) -> str:
        return f"{self.source} {self.arrow} {self.target}"

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the form in which edges are written: an arrow, or an arrow with attributes."""
        written_out = handler(schema)
        body = handler.resolve_ref_schema(written_out)
        for name in cls.written_as_arrow:
            body["properties"].pop(name)
        body.pop("required", None)
        arrow = {"type": "string", "pattern": r"^\S+\s+[-~][>|?]\s+\S+$"}
        return {
            "anyOf": [
                arrow,
                {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": 1,
                    "patternProperties": {
                        arrow["pattern"]: {"anyOf": [written_out, {"type": "null"}]}
                    },
                    "additionalProperties": False,
                },
            ]
        }


_HOW_TO_WRITE_AN_EDGE = (
    "write 'A -> B' (activates), 'A -| B' (inhibits) or 'A -? B' (unknown), or with ~ in place of "
    "- for a slow adaptation, and white space around the arrow"
)


def _misplaced(data: dict[Any, Any]) -> str:
    """What is wrong with a mapping of several keys that stands for one edge."""
    for key in data:
        if isinstance(key, str) and _EDGE.match(key.strip()):
            return f"attributes stand beside '{key}', not under it; indent them by two more spaces"
    return f"not an edge; {_HOW_TO_WRITE_AN_EDGE}"


class Include(Declared):
    """A cascade instantiated at a place."""

    #: Name of the cascade.
    use: str
    #: Prefix of the names of its nodes; none if empty.
    prefix: str = Field(default="", alias="as", pattern=f"^$|{NAME}")
    #: What each of its parameters stands for.
    bind: dict[str, Names] = Field(default_factory=dict, alias="with")


class Pathway(Declared):
    """What cascades and circuits have in common."""

    title: str
    about: str = ""
    #: Evidence of each node and edge that states none of its own.
    evidence: EvidenceList = ()
    nodes: dict[Annotated[str, Field(pattern=NAME)], Node] = Field(default_factory=dict)
    edges: tuple[Edge, ...] = ()
    include: tuple[Include, ...] = ()


class Cascade(Pathway):
    """A module with parameters, to be instantiated at several places."""

    pathway: str = Field(pattern=NAME)
    #: What each parameter means, by name.
    parameters: dict[str, str] = Field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its own name."""
        return self.pathway


class Place(Declared):
    """A brain region, neuron or terminal."""

    label: str
    #: The kind of neuron whose cell this is; a lesion of these cells takes the place along.
    cell: str = ""


class Circuit(Pathway):
    """Places, wired from modules; what drugs are tried on."""

    circuit: str = Field(pattern=NAME)
    places: dict[str, Place] = Field(default_factory=dict)
    #: What an answer shows first, in this order.
    readouts: tuple[str, ...] = ()
    #: Other words for a place, or for the last part of a node's name: ``noradrenaline: NE``.
    synonyms: dict[str, str] = Field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its own name."""
        return self.circuit
