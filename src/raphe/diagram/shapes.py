"""The shape of each kind of node: what it is, whatever becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from raphe.diagram.figure import Kind


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
