"""What a node is, where in the cell it stands, and by which process an edge acts."""

from __future__ import annotations

from enum import StrEnum


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

    @property
    def usual_compartment(self) -> Compartment:
        """Where such a node stands unless its file says otherwise."""
        return _USUAL_COMPARTMENT.get(self, Compartment.CYTOSOL)


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
