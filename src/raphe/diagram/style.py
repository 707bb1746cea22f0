"""How things look: the palettes, the shape of each kind, the head of each arrow. Nowhere else.

Shape says what a node is, fill and glyph say where it goes, the arrowhead says what an edge does;
no meaning hangs on colour alone. The colours of the prediction are tints of Okabe and Ito's
vermillion, blue and yellow, which stay apart under red-green colour blindness (tests simulate it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from raphe.diagram.figure import Cluster, Edge, Figure, Ground, Kind, Node, Process, Role, State
from raphe.diagram.font import Face
from raphe.sign import Sign


class Theme(StrEnum):
    """Which palette a picture is drawn in."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours of one thing."""

    fill: str
    border: str
    text: str


class Shape(StrEnum):
    """Outlines, as Graphviz names them."""

    SQUARE = "square box"
    ROUNDED = "rounded box"
    PORE = "pore"
    ELLIPSE = "ellipse"
    HEXAGON = "hexagon"
    OCTAGON = "octagon"
    PARALLELOGRAM = "parallelogram"
    CYLINDER = "cylinder"
    WIDE_HEXAGON = "wide hexagon"
    PLAIN = "plain box"
    CARD = "card"


#: Nearest shape that Graphviz has; the finished SVG refines some of them.
GRAPHVIZ_SHAPE: Mapping[Shape, str] = MappingProxyType(
    {
        Shape.SQUARE: "box",
        Shape.ROUNDED: "box",
        Shape.PORE: "box",
        Shape.ELLIPSE: "ellipse",
        Shape.HEXAGON: "hexagon",
        Shape.OCTAGON: "octagon",
        Shape.PARALLELOGRAM: "parallelogram",
        Shape.CYLINDER: "cylinder",
        Shape.WIDE_HEXAGON: "hexagon",
        Shape.PLAIN: "box",
        Shape.CARD: "box",
    }
)

#: SBGN's conventions where it has one: ellipse for simple chemicals, hexagon for phenotypes.
SHAPES: Mapping[Kind, Shape] = MappingProxyType(
    {
        Kind.RECEPTOR: Shape.SQUARE,
        Kind.TRANSPORTER: Shape.PORE,
        Kind.CHANNEL: Shape.PORE,
        Kind.G_PROTEIN: Shape.HEXAGON,
        Kind.ENZYME: Shape.ROUNDED,
        Kind.KINASE: Shape.ROUNDED,
        Kind.SECOND_MESSENGER: Shape.ELLIPSE,
        Kind.TRANSMITTER: Shape.ELLIPSE,
        Kind.TRANSCRIPTION_FACTOR: Shape.ROUNDED,
        Kind.GENE: Shape.PLAIN,
        Kind.MRNA: Shape.PARALLELOGRAM,
        Kind.PROTEIN: Shape.ROUNDED,
        Kind.FIRING: Shape.ROUNDED,
        Kind.PROCESS: Shape.ROUNDED,
        Kind.DENSITY: Shape.ROUNDED,
        Kind.FUNCTION: Shape.ROUNDED,
        Kind.STORE: Shape.CYLINDER,
        Kind.PHENOTYPE: Shape.WIDE_HEXAGON,
        Kind.DRUG: Shape.OCTAGON,
        Kind.STEP: Shape.CARD,
    }
)

#: What a shape stands for, in the words of a legend.
SHAPE_WORDS: Mapping[Shape, str] = MappingProxyType(
    {
        Shape.SQUARE: "receptor",
        Shape.PORE: "transporter, channel",
        Shape.ELLIPSE: "transmitter, messenger",
        Shape.HEXAGON: "G protein",
        Shape.ROUNDED: "protein, process",
        Shape.CYLINDER: "store",
        Shape.PLAIN: "gene",
        Shape.PARALLELOGRAM: "mRNA",
        Shape.WIDE_HEXAGON: "phenotype",
        Shape.OCTAGON: "drug",
    }
)

#: How a kind is called in a legend.
KIND_WORDS: Mapping[Kind, str] = MappingProxyType(
    {
        kind: {Kind.G_PROTEIN: "G protein", Kind.MRNA: "mRNA"}.get(kind, kind.replace("-", " "))
        for kind in Kind
    }
)

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


@dataclass(frozen=True, slots=True)
class Palette:
    """All colours of a theme."""

    background: str
    text: str
    muted: str
    rule: str
    line: str
    faint_line: str
    explaining: str
    opposing: str
    silenced: str
    drug_line: str
    mechanism: Mapping[Shape, Paint]
    states: Mapping[State, Paint]
    drug: Paint
    grounds: Mapping[Ground, Paint]
    #: Tints of the phases of a workflow, in turn.
    phases: tuple[Paint, ...]
    card: Paint
    drug_card: Paint


def palette(theme: Theme) -> Palette:
    """The colours of a theme.

    Examples
    --------
    >>> palette(Theme.LIGHT).states[State.UP].fill
    '#FBDCC4'
    """
    return _LIGHT if theme is Theme.LIGHT else _DARK


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


def _mechanism(
    other: Paint, receptor: Paint, ligand: Paint, g_protein: Paint, drug: Paint
) -> Mapping[Shape, Paint]:
    special = {
        Shape.SQUARE: receptor,
        Shape.PORE: receptor,
        Shape.ELLIPSE: ligand,
        Shape.HEXAGON: g_protein,
        Shape.OCTAGON: drug,
    }
    return MappingProxyType({shape: special.get(shape, other) for shape in Shape})


_LIGHT = Palette(
    background="#FFFFFF",
    text="#1B2430",
    muted="#5B6470",
    rule="#D5DAE0",
    line="#3A4653",
    faint_line="#66717D",
    explaining="#B04A00",
    opposing="#00736B",
    silenced="#8E97A3",
    drug_line="#6F3C97",
    mechanism=_mechanism(
        other=Paint("#FFFFFF", "#3A4653", "#1B2430"),
        receptor=Paint("#CFE3F5", "#1F5F93", "#1B2430"),
        ligand=Paint("#FFF3C4", "#B98900", "#1B2430"),
        g_protein=Paint("#DDF0E4", "#2E7D4F", "#1B2430"),
        drug=Paint("#EADCF4", "#6F3C97", "#4A2368"),
    ),
    states=MappingProxyType(
        {
            State.NONE: Paint("#FFFFFF", "#8A94A0", "#1B2430"),
            State.UP: Paint("#FBDCC4", "#B04A00", "#1B2430"),
            State.DOWN: Paint("#D3E6F7", "#0B5FA5", "#1B2430"),
            State.AMBIGUOUS: Paint("#FFF1B8", "#8A6D00", "#1B2430"),
            State.UNCHANGED: Paint("#F3F5F7", "#8A94A0", "#1B2430"),
            State.BLOCKED: Paint("#FFFFFF", "#4A2368", "#1B2430"),
        }
    ),
    drug=Paint("#6F3C97", "#4A2368", "#FFFFFF"),
    grounds=MappingProxyType(
        {
            Ground.NEURON: Paint("#F5F8FC", "#9FB0CF", "#5B6470"),
            Ground.TERMINAL: Paint("#F6FAF7", "#9DB8A3", "#5B6470"),
            Ground.GLIA: Paint("#FBF6F8", "#CDB0BC", "#5B6470"),
            Ground.REGION: Paint("#FAF9F6", "#C9C3B2", "#5B6470"),
            Ground.MEMBRANE: Paint("#EFE4CE", "#B79F6E", "#6B5A2C"),
            Ground.EXTRACELLULAR: Paint("#F3F8FC", "#D3E0EA", "#5B6470"),
            Ground.CYTOSOL: Paint("#FBFBF8", "#DEDED2", "#5B6470"),
            Ground.NUCLEUS: Paint("#ECEFF7", "#A9B2CC", "#5B6470"),
            Ground.PHASE: Paint("#F3F5F7", "#C6CDD5", "#5B6470"),
        }
    ),
    phases=(
        Paint("#EAF2F9", "#B7CFE3", "#1F5F93"),
        Paint("#EAF5EE", "#B3D3BE", "#2E7D4F"),
        Paint("#FBF3E4", "#E2CFA3", "#9A5B00"),
        Paint("#F1F1F8", "#C3C6DF", "#4C5191"),
    ),
    card=Paint("#FFFFFF", "#D5DAE0", "#1B2430"),
    drug_card=Paint("#EADCF4", "#B795D0", "#6F3C97"),
)

_DARK = Palette(
    background="#10151C",
    text="#EDF1F5",
    muted="#B4BEC9",
    rule="#333C47",
    line="#B8C2CD",
    faint_line="#98A3AF",
    explaining="#FF9A4D",
    opposing="#4FD1C1",
    silenced="#7F8A97",
    drug_line="#B98AE0",
    mechanism=_mechanism(
        other=Paint("#1A222C", "#9AA7B5", "#EDF1F5"),
        receptor=Paint("#173A58", "#6FB7F2", "#EDF1F5"),
        ligand=Paint("#463A10", "#E0B93A", "#EDF1F5"),
        g_protein=Paint("#173D28", "#6CC493", "#EDF1F5"),
        drug=Paint("#3D2556", "#C79BEA", "#EAD9F8"),
    ),
    states=MappingProxyType(
        {
            State.NONE: Paint("#1A222C", "#7F8A97", "#EDF1F5"),
            State.UP: Paint("#4F2208", "#FF9A4D", "#EDF1F5"),
            State.DOWN: Paint("#123A5C", "#6FB7F2", "#EDF1F5"),
            State.AMBIGUOUS: Paint("#504808", "#E6C84A", "#EDF1F5"),
            State.UNCHANGED: Paint("#252D38", "#7F8A97", "#EDF1F5"),
            State.BLOCKED: Paint("#10151C", "#C79BEA", "#EDF1F5"),
        }
    ),
    drug=Paint("#7A45A6", "#C79BEA", "#FFFFFF"),
    grounds=MappingProxyType(
        {
            Ground.NEURON: Paint("#151D2B", "#6F86B3", "#A9B3BE"),
            Ground.TERMINAL: Paint("#14211B", "#688F74", "#A9B3BE"),
            Ground.GLIA: Paint("#231A20", "#96707F", "#A9B3BE"),
            Ground.REGION: Paint("#1C1C19", "#837D6B", "#A9B3BE"),
            Ground.MEMBRANE: Paint("#3A3222", "#B79F6E", "#D8C595"),
            Ground.EXTRACELLULAR: Paint("#141C24", "#3C4E5D", "#A9B3BE"),
            Ground.CYTOSOL: Paint("#191B1A", "#454A44", "#A9B3BE"),
            Ground.NUCLEUS: Paint("#1C2135", "#6672A0", "#A9B3BE"),
            Ground.PHASE: Paint("#1A2029", "#3F4954", "#A9B3BE"),
        }
    ),
    phases=(
        Paint("#152535", "#33546F", "#7DBBEE"),
        Paint("#15281D", "#345C43", "#7FCB9D"),
        Paint("#2C2414", "#665327", "#E9B65F"),
        Paint("#1F2036", "#474B7C", "#A7ACEB"),
    ),
    card=Paint("#10151C", "#333C47", "#EDF1F5"),
    drug_card=Paint("#3D2556", "#7D57A0", "#D5B3F0"),
)
