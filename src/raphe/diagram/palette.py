"""The colours of both themes; which thing has which of them is said in `style`.

The colours of the prediction are tints of Okabe and Ito's vermillion, blue and yellow, which stay
apart under red-green colour blindness (tests simulate it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from raphe.diagram.figure import Ground, State
from raphe.diagram.shapes import Shape


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
