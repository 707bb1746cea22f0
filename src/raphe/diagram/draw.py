"""The whole way from a figure to a picture."""

from __future__ import annotations

from raphe.diagram.arrange import arrange
from raphe.diagram.dot import Layout, to_dot
from raphe.diagram.engine import Engine, Placement, render_svg
from raphe.diagram.figure import Figure
from raphe.diagram.finish import finish_svg
from raphe.diagram.palette import Theme

#: Largest figure for which several layouts are tried. No larger one is easily read.
MOST_NODES = 80


def draw_svg(
    figure: Figure,
    theme: Theme = Theme.LIGHT,
    engine: Engine = Engine.EMBEDDED,
    layout: Layout | None = None,
) -> str:
    """The finished SVG of a figure.

    Parameters
    ----------
    figure
        What is shown.
    theme
        Which palette; light and dark have the same layout.
    engine
        Which Graphviz draws.
    layout
        As found before by :func:`choose_layout`; else it is looked for.

    Raises
    ------
    UnavailableError
        The engine is not installed.

    Examples
    --------
    >>> from raphe.diagram.figure import Kind, Node
    >>> ne = Node("NE", "NA", Kind.TRANSMITTER)
    >>> 'aria-label="NA"' in draw_svg(Figure("One node", nodes=(ne,)))
    True
    """
    chosen = layout or choose_layout(figure, engine)
    placement = Placement.ROUTED if figure.rows else Placement.RANKS
    placement = Placement.FIXED if figure.is_workflow else placement
    drawn = render_svg(to_dot(figure, theme, chosen), engine, placement)
    return finish_svg(drawn, figure, theme, chosen)


def choose_layout(figure: Figure, engine: Engine = Engine.EMBEDDED) -> Layout:
    """The layout in which a figure is drawn; pass it to ``to_dot`` for the same picture.

    Examples
    --------
    >>> choose_layout(Figure("Nothing")) == Layout()
    True
    """
    if figure.rows:
        return Layout(is_shared=False)
    if figure.is_workflow or not 2 <= len(figure.nodes) <= MOST_NODES:
        return Layout()
    return arrange(figure, lambda dot: render_svg(dot, engine))
