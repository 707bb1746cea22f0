"""Sizes of nodes in points, from the words in them."""

from __future__ import annotations

from dataclasses import dataclass

from raphe.diagram.figure import Kind, Node
from raphe.diagram.font import CAP_HEIGHT, Face, measure
from raphe.diagram.shapes import SHAPES, Shape
from raphe.diagram.style import GLYPHS, name_face
from raphe.diagram.text import clean, is_gene_symbol, wrap

NAME_SIZE = 11.5
DRUG_SIZE = 10.5
CAPTION_SIZE = 8.5
#: From baseline to baseline, in units of the size of the lower line.
LEADING = 1.22
#: Longest line of a name, and of a caption, before it is broken: nodes stand side by side, and a
#: wide one makes a wide figure.
NAME_WIDTH = 124.0
CAPTION_WIDTH = 84.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in a node."""

    text: str
    size: float
    face: Face
    #: Whether it is the lighter, second text.
    is_caption: bool = False

    @property
    def width(self) -> float:
        """Width in points."""
        return measure(self.text, self.size, self.face)


@dataclass(frozen=True, slots=True)
class Box:
    """A node's words and the size that holds them; width and height in points."""

    glyph: str
    lines: tuple[Line, ...]
    width: float
    height: float

    @property
    def text_height(self) -> float:
        """From the top of the first line's capitals to the last baseline."""
        return text_height(self.lines)


def text_height(lines: tuple[Line, ...]) -> float:
    """From the top of the first line's capitals to the last baseline."""
    return CAP_HEIGHT * lines[0].size + sum(line_step(line) for line in lines[1:])


def line_step(line: Line) -> float:
    """From the baseline above to the baseline of this line."""
    return LEADING * line.size + (1.5 if line.is_caption else 0.0)


def box(node: Node) -> Box:
    """The words of a node in lines, and how large it must be for them.

    Examples
    --------
    >>> small = box(Node("NE", "NA", Kind.TRANSMITTER))
    >>> large = box(Node("a2", "α₂A-AR", Kind.RECEPTOR, caption="autoreceptor"))
    >>> [line.text for line in large.lines]
    ['α₂A-AR', 'autoreceptor']
    >>> small.height < large.height
    True
    """
    lines = _lines(node)
    glyph = GLYPHS[node.state]
    mark = measure(f"{glyph} ", lines[0].size) if glyph else 0.0
    width = max([lines[0].width + mark, *(line.width for line in lines[1:])])
    height = text_height(lines)
    wide, high = _outline(SHAPES[node.kind], width, height)
    return Box(glyph, lines, round(wide, 1), round(high, 1))


def _lines(node: Node) -> tuple[Line, ...]:
    face = name_face(node)
    size = DRUG_SIZE if node.kind is Kind.DRUG else NAME_SIZE
    # A node with no name is still a node: its id stands in, so that nothing is drawn empty.
    names = wrap(node.label, NAME_WIDTH, size, face) or (clean(node.id) or "?",)
    caption = clean(node.caption)
    small = Face.ITALIC if is_gene_symbol(caption) else Face.REGULAR
    return (
        *(Line(text, size, face) for text in names),
        *(
            Line(text, CAPTION_SIZE, small, is_caption=True)
            for text in wrap(caption, CAPTION_WIDTH, CAPTION_SIZE, small)
        ),
    )


def _outline(shape: Shape, width: float, height: float) -> tuple[float, float]:
    """Width and height of a shape around a text of this size."""
    if shape is Shape.ELLIPSE:
        high = max(height + 20, 30.0)
        # The ellipse must be as wide as the text at the height of the text's corners.
        share = (1 - (height / high) ** 2) ** 0.5
        return max(width / share + 17, 52.0), high
    if shape is Shape.OCTAGON:
        return width + 22, max(height + 14, 23.0)
    if shape is Shape.HEXAGON:
        return max(width + 34, 62.0), max(height + 20, 32.0)
    if shape is Shape.WIDE_HEXAGON:
        return width + 40, max(height + 20, 31.0)
    if shape is Shape.PARALLELOGRAM:
        return width + 44, max(height + 20, 30.0)
    if shape is Shape.CYLINDER:
        return width + 22, max(height + 28, 38.0)
    if shape is Shape.PORE:
        return max(width + 28, 52.0), max(height + 20, 32.0)
    return max(width + 20, 46.0), max(height + 20, 31.0)
