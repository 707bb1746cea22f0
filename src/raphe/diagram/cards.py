"""Steps of a workflow as cards: a large number, what is done in bold, how in grey."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from raphe.diagram.figure import Figure, Kind, Node
from raphe.diagram.font import CAP_HEIGHT, FAMILY, Face, measure
from raphe.diagram.geometry import Rect
from raphe.diagram.outlines import outline
from raphe.diagram.palette import Paint, Palette
from raphe.diagram.shapes import Shape
from raphe.diagram.style import phase_paint
from raphe.diagram.svg import element
from raphe.diagram.text import clean, wrap

NUMBER_SIZE = 20.0
TITLE_SIZE = 12.0
DETAIL_SIZE = 9.0
#: Where the words of a card are broken.
TEXT_WIDTH = 128.0
LEAST_WIDTH = 92.0
PADDING = 12.0

#: Steps from baseline to baseline; to the first title line and the first detail a little more.
_TITLE_STEP, _DETAIL_STEP = 15.0, 12.0
_TITLE_GAP, _DETAIL_GAP = 22.0, 17.0


@dataclass(frozen=True, slots=True)
class Card:
    """The words of a step in lines, and the size that holds them, in points."""

    title: tuple[str, ...]
    detail: tuple[str, ...]
    width: float
    height: float


def card(node: Node) -> Card:
    """The words of a step, and how large its card must be.

    Examples
    --------
    >>> card(Node("drug", "Drug administration", Kind.DRUG, caption="i.p.")).title
    ('Drug administration',)
    """
    title = wrap(node.label, TEXT_WIDTH, TITLE_SIZE, Face.BOLD) or (clean(node.id) or "?",)
    detail = wrap(node.caption, TEXT_WIDTH, DETAIL_SIZE)
    width = max(
        *(measure(line, TITLE_SIZE, Face.BOLD) for line in title),
        *(measure(line, DETAIL_SIZE) for line in detail),
        LEAST_WIDTH - 2 * PADDING,
    )
    height = NUMBER_SIZE * CAP_HEIGHT + _TITLE_GAP + _TITLE_STEP * (len(title) - 1)
    height += _DETAIL_GAP + _DETAIL_STEP * (len(detail) - 1) if detail else 0.0
    return Card(title, detail, round(width + 2 * PADDING, 1), round(height + 2 * PADDING, 1))


def card_paint(node: Node, figure: Figure, colors: Palette) -> Paint:
    """Colours of a card; its text colour is that of the number, by phase."""
    if node.kind is Kind.DRUG:
        return colors.drug_card
    phase = next((one for one in figure.clusters if one.id == node.cluster), None)
    tint = colors.phases[0] if phase is None else phase_paint(phase, figure, colors)
    return Paint(colors.card.fill, tint.border, tint.text)


def draw_card(
    node: Node, number: str, place: Rect, figure: Figure, colors: Palette
) -> list[Element]:
    """The card with its words, centred."""
    held = card(node)
    tint = card_paint(node, figure, colors)
    x = place.center[0]
    # Numbers and titles of one row stand on common lines, however long the details are.
    baseline = place.top + PADDING + CAP_HEIGHT * NUMBER_SIZE
    drawn = [
        *outline(Shape.CARD, place, tint, 1.1),
        _line(number, x, baseline, NUMBER_SIZE, tint.text, is_bold=True),
    ]
    for index, line in enumerate(held.title):
        baseline += _TITLE_STEP if index else _TITLE_GAP
        drawn.append(_line(line, x, baseline, TITLE_SIZE, colors.text, is_bold=True))
    for index, line in enumerate(held.detail):
        baseline += _DETAIL_STEP if index else _DETAIL_GAP
        drawn.append(_line(line, x, baseline, DETAIL_SIZE, colors.muted))
    return drawn


def _line(text: str, x: float, y: float, size: float, color: str, is_bold: bool = False) -> Element:
    attributes: dict[str, str | float] = {
        "x": x,
        "y": y,
        "text-anchor": "middle",
        "font-family": FAMILY,
        "font-size": size,
        "fill": color,
    }
    if is_bold:
        attributes["font-weight"] = "bold"
    return element("text", attributes, text=text)
