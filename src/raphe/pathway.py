"""What a pathway file declares: nodes, signed edges, and cascades that it includes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from raphe.evidence import Declared, EvidenceList
from raphe.sign import Sign
from raphe.units import Interval, parse_range, parse_time

#: Weight of an edge: change of the target, in units of its full activity, per full change of the
#: source. The classes are those of design: curated, and wide on purpose.
STRENGTHS = {
    "weak": Interval(0.05, 0.3),
    "moderate": Interval(0.3, 0.7),
    "strong": Interval(0.7, 1.1),
    "dominant": Interval(1.1, 2.0),
}
#: A strength that is a definition: one end is measured in units of the other. Where a node hears
#: one other alone, or is heard by one alone, its unit is free, and only a product is unknown.
UNIT = Interval(1.0, 1.0)

#: Receptor reserve R, receptors that stand by for each that a full effect needs. It turns an
#: efficacy of 0.5 into 0.67, 0.8 and 0.91 (Furchgott 1966); large is that of the somatodendritic
#: 5-HT1A receptor, where partial agonists silence the cells.
RESERVES = {"small": 1.0, "moderate": 3.0, "large": 9.0}
_MOST_RESERVE = 100

#: Basal activity as a share of full activity.
TONES = {
    "silent": Interval(0.0, 0.0),
    "low": Interval(0.02, 0.15),
    "moderate": Interval(0.3, 0.6),
    "high": Interval(0.6, 0.9),
    "full": Interval(1.0, 1.0),
}

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


class NodeKind(StrEnum):
    """What a node is; decides its shape in drawings, its bounds and its usual compartment."""

    RECEPTOR = "receptor"
    TRANSPORTER = "transporter"
    CHANNEL = "channel"
    G_PROTEIN = "g-protein"
    ENZYME = "enzyme"
    KINASE = "kinase"
    SECOND_MESSENGER = "second-messenger"
    TRANSMITTER = "transmitter"
    TRANSCRIPTION_FACTOR = "transcription-factor"
    GENE = "gene"
    MRNA = "mrna"
    PROTEIN = "protein"
    FIRING = "firing"
    PROCESS = "process"
    DENSITY = "density"
    FUNCTION = "function"
    STORE = "store"
    PHENOTYPE = "phenotype"

    @property
    def is_level(self) -> bool:
        """Whether the node is an amount: it may fall to nothing and has no ceiling."""
        return self in _LEVELS

    @property
    def is_prompt(self) -> bool:
        """Whether it follows what it hears at once: binding and gating take up to a second."""
        return self in _PROMPT


_PROMPT = frozenset({NodeKind.RECEPTOR, NodeKind.TRANSPORTER, NodeKind.CHANNEL, NodeKind.G_PROTEIN})
_LEVELS = frozenset(
    {
        NodeKind.TRANSMITTER,
        NodeKind.FIRING,
        NodeKind.MRNA,
        NodeKind.PROTEIN,
        NodeKind.DENSITY,
        NodeKind.FUNCTION,
        NodeKind.STORE,
    }
)


class Compartment(StrEnum):
    """Where in the cell a node stands; orders the bands of a drawing from outside to inside."""

    EXTRACELLULAR = "extracellular"
    MEMBRANE = "membrane"
    CYTOSOL = "cytosol"
    NUCLEUS = "nucleus"


_USUAL_COMPARTMENT = {
    NodeKind.RECEPTOR: Compartment.MEMBRANE,
    NodeKind.TRANSPORTER: Compartment.MEMBRANE,
    NodeKind.CHANNEL: Compartment.MEMBRANE,
    NodeKind.G_PROTEIN: Compartment.MEMBRANE,
    NodeKind.TRANSMITTER: Compartment.EXTRACELLULAR,
    NodeKind.TRANSCRIPTION_FACTOR: Compartment.NUCLEUS,
    NodeKind.GENE: Compartment.NUCLEUS,
    NodeKind.MRNA: Compartment.NUCLEUS,
}


class Process(StrEnum):
    """How the source of an edge brings about its effect; sets the arrowhead."""

    BINDING = "binding"
    CATALYSIS = "catalysis"
    PHOSPHORYLATION = "phosphorylation"
    TRANSCRIPTION = "transcription"
    TRANSLATION = "translation"
    RELEASE = "release"
    REUPTAKE = "reuptake"
    DEGRADATION = "degradation"
    TRANSPORT = "transport"


def _strength(value: Any) -> Interval:
    if isinstance(value, Interval):
        return value
    if isinstance(value, str) and value in STRENGTHS:
        return STRENGTHS[value]
    if value == "unit":
        return UNIT
    try:
        interval = parse_range(str(value), {"": 1.0}, "a strength", "0.2 - 0.4")
    except ValueError:
        raise ValueError(
            f"'{value}' is not a strength; use {_or([*STRENGTHS, 'unit'])}, "
            "or a range as in '0.2 - 0.4'"
        ) from None
    if not 0 < interval.low <= interval.high <= 5:
        raise ValueError(f"'{value}' is not a strength; a range lies above 0 and below 5")
    return interval


def _reserve(value: Any) -> float:
    if value is None or isinstance(value, bool):
        return RESERVES["large"] if value else 0.0
    if isinstance(value, str) and value in RESERVES:
        return RESERVES[value]
    try:
        size = float(value)
    except (TypeError, ValueError):
        size = -1.0
    if not 0 <= size <= _MOST_RESERVE:
        raise ValueError(
            f"'{value}' is not a receptor reserve; use {_or(RESERVES)}, or a number from 0 to "
            f"{_MOST_RESERVE}: how many receptors stand by for one that a full effect needs"
        )
    return size


def admissible(strength: Interval, necessary: bool) -> Interval:
    """What a strength may be: loss of what is necessary takes all that there is, and no more.

    Examples
    --------
    >>> admissible(STRENGTHS["strong"], necessary=True)
    Interval(low=0.7, high=1.0)
    """
    if not necessary:
        return strength
    return Interval(min(strength.low, 1.0), min(strength.high, 1.0))


def _tone(value: Any) -> Interval | None:
    if value is None or isinstance(value, Interval):
        return value
    if isinstance(value, str) and value in TONES:
        return TONES[value]
    try:
        interval = parse_range(str(value), {"": 1.0}, "a tone", "0.05 - 0.2")
    except ValueError:
        raise ValueError(
            f"'{value}' is not a tone; use {_or(TONES)}, or a share as in '0.4' or '0.05 - 0.2'"
        ) from None
    if not 0 <= interval.low <= interval.high <= 1:
        raise ValueError(f"'{value}' is not a tone; it lies between 0 (silent) and 1 (full)")
    return interval


def _time(value: Any) -> Interval | None:
    return value if value is None or isinstance(value, Interval) else parse_time(str(value))


def _or(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Reserve = Annotated[
    float,
    PlainValidator(_reserve),
    WithJsonSchema({"anyOf": [{"enum": list(RESERVES)}, {"type": ["boolean", "number"]}]}),
]
Strength = Annotated[
    Interval,
    PlainValidator(_strength),
    WithJsonSchema({"anyOf": [{"enum": [*STRENGTHS, "unit"]}, {"type": ["string", "number"]}]}),
]
Tone = Annotated[
    Interval | None,
    PlainValidator(_tone),
    WithJsonSchema({"anyOf": [{"enum": list(TONES)}, {"type": ["string", "number"]}]}),
]
#: A time constant, in hours once it is read.
Time = Annotated[
    Interval | None,
    PlainValidator(_time),
    WithJsonSchema({"type": "string", "examples": ["2 - 10 d"]}),
]
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
        return self.compartment or _USUAL_COMPARTMENT.get(self.kind, Compartment.CYTOSOL)


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
