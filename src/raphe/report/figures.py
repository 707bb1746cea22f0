"""Diagrams inside a page: their own ids, both themes in one picture, nothing that acts or loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from raphe.diagram.svg import read_svg, write_svg
from raphe.report.markup import Markup

#: What a diagram is made of. Anything else, such as scripts and links, is left out.
_DRAWN = frozenset(
    {
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polygon",
        "polyline",
        "text",
        "tspan",
    }
    | {"title", "desc", "defs", "marker", "clipPath", "linearGradient", "stop"}
)
#: Attributes in which the themes differ.
_COLOURS = ("fill", "stroke")


@dataclass(frozen=True)
class Inlined:
    """A diagram, ready to stand in a page."""

    svg: Markup
    #: Id within the page of each node that it shows.
    anchors: Mapping[str, str]
    #: Whether it knows the dark theme too.
    has_dark: bool


@dataclass(frozen=True)
class Paints:
    """Pairs of colours, light and dark, each a variable of the page's style."""

    pairs: tuple[tuple[str, str], ...]

    def css(self, theme: int) -> str:
        """Declarations of all variables for a theme: 0 light, 1 dark."""
        return "".join(f"--paint-{number}:{pair[theme]};" for number, pair in enumerate(self.pairs))


def inline_figures(
    diagrams: Mapping[str, str], dark: Mapping[str, str]
) -> tuple[dict[str, Inlined], Paints]:
    """Diagrams by name, and the colours that they are painted with.

    Parameters
    ----------
    diagrams
        SVG of each diagram in the light theme.
    dark
        The same in the dark theme, where it was drawn; layouts are alike, so that the page keeps
        one drawing and changes its colours.

    Raises
    ------
    ValueError
        A diagram is not XML.
    """
    pairs: dict[tuple[str, str], int] = {}
    made = {}
    for name, text in diagrams.items():
        root = _drawing(name, text)
        other = _drawing(name, dark[name]) if name in dark else None
        is_paired = other is not None and _pair(root, other, pairs)
        anchors = _own_ids(root, name)
        _fit(root)
        made[name] = Inlined(Markup(write_svg(root)), anchors, is_paired)
    return made, Paints(tuple(pairs))


def _drawing(name: str, text: str) -> Element:
    try:
        root = read_svg(text)
    except ParseError as error:
        raise ValueError(f"diagram '{name}' is not XML: {error}") from None
    _purge(root)
    return root


def _purge(element: Element) -> None:
    """Leave out what does more than draw."""
    for attribute, value in list(element.attrib.items()):
        loads = "url(" in value and not value.startswith("url(#")
        if attribute.startswith("on") or attribute in ("href", "style") or loads:
            del element.attrib[attribute]
    for child in list(element):
        if child.tag in _DRAWN:
            _purge(child)
        else:
            element.remove(child)


def _pair(root: Element, other: Element, pairs: dict[tuple[str, str], int]) -> bool:
    """Make variables of the colours that differ; whether the drawings are alike otherwise."""
    here, there = list(root.iter()), list(other.iter())
    if [one.tag for one in here] != [one.tag for one in there]:
        return False
    for one, two in zip(here, there, strict=True):
        styles = []
        for attribute in _COLOURS:
            light, dim = one.get(attribute), two.get(attribute)
            if light and dim and light != dim and _is_colour(light) and _is_colour(dim):
                number = pairs.setdefault((light, dim), len(pairs))
                styles.append(f"{attribute}:var(--paint-{number})")
        if styles:
            one.set("style", ";".join(styles))
    return True


def _is_colour(text: str) -> bool:
    return text.startswith("#") and text[1:].isalnum() and text.isascii()


def _own_ids(root: Element, name: str) -> dict[str, str]:
    """Put the diagram's name before its ids, since two diagrams may show the same node."""
    anchors: dict[str, str] = {}
    own = {one.get("id", "") for one in root.iter()} - {""}
    for one in root.iter():
        for attribute, value in list(one.attrib.items()):
            if attribute == "id":
                one.set("id", f"{name}--{value}")
            elif value.startswith("url(#") and value[5:-1] in own:
                one.set(attribute, f"url(#{name}--{value[5:]}")
        if (node := one.get("data-node")) and "id" in one.attrib:
            anchors.setdefault(node, one.attrib["id"])
    return anchors


def _fit(root: Element) -> None:
    """As wide as it was drawn, or as the page; its own title would be a tooltip all over it."""
    width = root.attrib.pop("width", "")
    root.attrib.pop("height", None)
    if width.removesuffix("pt").replace(".", "", 1).isdigit():
        root.set("style", f"max-width:{width}")
    for child in _titles(root):
        root.remove(child)


def _titles(root: Element) -> Sequence[Element]:
    return [child for child in root if child.tag == "title"]
