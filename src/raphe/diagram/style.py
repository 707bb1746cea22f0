"""How things look: paint, glyph and border of each node, head and stroke of each arrow.

Shape says what a node is, fill and glyph say where it goes, the arrowhead says what an edge does;
no meaning hangs on colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from raphe.diagram.figure import Cluster, Edge, Figure, Ground, Kind, Node, Process, Role, State
from raphe.diagram.font import Face
from raphe.diagram.palette import Paint, Palette
from raphe.diagram.shapes import SHAPES, Shape
from raphe.sign import Sign

#: Each state has a glyph beside its fill. They are in the bundled font (a test looks).
GLYPHS: Mapping[State, str] = MappingProxyType(
    {
        State.NONE: "",
        State.UP: "▲",
        State.DOWN: "▼",
        State.AMBIGUOUS: "◆",
        State.UNCHANGED: "=",
        State.BLOCKED: "×",
    }
)

STATE_WORDS: Mapping[State, str] = MappingProxyType(
    {
        State.UP: "increase",
        State.DOWN: "decrease",
        State.AMBIGUOUS: "ambiguous",
        State.UNCHANGED: "no change",
        State.BLOCKED: "blocked by drug",
    }
)


class Head(StrEnum):
    """Arrowheads, by their Graphviz names."""

    NORMAL = "normal"
    TEE = "tee"
    CIRCLE = "odot"
    DIAMOND = "odiamond"
    OPEN = "vee"


HEAD_WORDS: Mapping[Head, str] = MappingProxyType(
    {
        Head.NORMAL: "activates",
        Head.TEE: "inhibits",
        Head.CIRCLE: "catalyses",
        Head.DIAMOND: "sign unknown",
        Head.OPEN: "expresses",
    }
)

_HEAD_OF_PROCESS: Mapping[Process, Head] = MappingProxyType(
    {
        Process.CATALYSIS: Head.CIRCLE,
        Process.PHOSPHORYLATION: Head.CIRCLE,
        Process.TRANSCRIPTION: Head.OPEN,
        Process.TRANSLATION: Head.OPEN,
    }
)


@dataclass(frozen=True, slots=True)
class Stroke:
    """How an edge is drawn."""

    color: str
    width: float
    #: Graphviz line style: solid, dashed or dotted.
    line: str
    head: Head


def head(edge: Edge) -> Head:
    """Arrowhead of an edge: its sign decides; only what activates is told apart by process.

    Examples
    --------
    >>> head(Edge("PDE4", "cAMP", Sign.NEGATIVE, process=Process.DEGRADATION))
    <Head.TEE: 'tee'>
    >>> head(Edge("AC", "cAMP", process=Process.CATALYSIS))
    <Head.CIRCLE: 'odot'>
    """
    if edge.sign is Sign.NEGATIVE:
        return Head.TEE
    if edge.sign is Sign.UNKNOWN:
        return Head.DIAMOND
    return _HEAD_OF_PROCESS.get(edge.process, Head.NORMAL) if edge.process else Head.NORMAL


def stroke(edge: Edge, figure: Figure, colors: Palette) -> Stroke:
    """How an edge is drawn: its role gives colour and width, slowness its dots, a detour dashes.

    Examples
    --------
    >>> from raphe.diagram.palette import Theme, palette
    >>> stroke(Edge("NE", "a2", role=Role.SILENCED), Figure("Loop"), palette(Theme.LIGHT)).line
    'dashed'
    """
    line = "dotted" if edge.slow else "dashed" if edge.indirect else "solid"
    if edge.role is Role.EXPLAINING:
        return Stroke(colors.explaining, 1.2 + 2.4 * edge.weight, line, head(edge))
    if edge.role is Role.OPPOSING:
        return Stroke(colors.opposing, 1.2 + 2.4 * edge.weight, line, head(edge))
    if edge.role is Role.SILENCED:
        return Stroke(colors.silenced, 1.4, "dashed", head(edge))
    if edge.role is Role.DRUG:
        return Stroke(colors.drug_line, 2.2, line, head(edge))
    # Beside a prediction, what does not explain it steps back.
    color = colors.faint_line if figure.is_prediction else colors.line
    return Stroke(color, 1.5, line, head(edge))


def paint(node: Node, figure: Figure, colors: Palette) -> Paint:
    """Colours of a node: of its state in a prediction, else of its kind.

    Examples
    --------
    >>> from raphe.diagram.palette import Theme, palette
    >>> ne = Node("NE", "NA", Kind.TRANSMITTER)
    >>> paint(ne, Figure("Cascade", nodes=(ne,)), palette(Theme.LIGHT)).fill
    '#FFF3C4'
    """
    if node.kind is Kind.DRUG:
        return colors.drug if figure.is_prediction else colors.mechanism[Shape.OCTAGON]
    if figure.is_prediction:
        return colors.states[node.state]
    return colors.mechanism[SHAPES[node.kind]]


def phase_paint(cluster: Cluster, figure: Figure, colors: Palette) -> Paint:
    """Tint of a phase: the tints take turns in reading order."""
    phases = [one.id for one in figure.clusters if one.kind is Ground.PHASE]
    return colors.phases[phases.index(cluster.id) % len(colors.phases)]


def border_width(node: Node) -> float:
    """Width of the border in points: what sits in a membrane and binds drugs is heavier."""
    if node.state is State.BLOCKED or SHAPES[node.kind] in (Shape.SQUARE, Shape.PORE):
        return 2.0
    return 1.5 if node.explaining else 1.3


def is_dashed(node: Node) -> bool:
    """Whether the border is broken: nothing certain, or nothing coming through."""
    return node.state in (State.AMBIGUOUS, State.BLOCKED)


def name_face(node: Node) -> Face:
    """The font of a node's name.

    Examples
    --------
    >>> name_face(Node("bdnf", "BDNF", Kind.GENE))
    <Face.ITALIC: 'Italic'>
    """
    if node.kind is Kind.GENE:
        return Face.ITALIC
    if node.kind in (Kind.RECEPTOR, Kind.TRANSPORTER, Kind.CHANNEL, Kind.STEP):
        return Face.BOLD
    return Face.REGULAR
