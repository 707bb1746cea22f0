"""SVG as a tree: read what Graphviz wrote, build what we add, write both with the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring, tostring

SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def read_svg(text: str) -> Element:
    """The tree of an SVG that Graphviz drew, its tags and attributes freed of namespaces.

    Bare names are written back as they are read; ElementTree would else need a table of prefixes
    that all of the process shares.

    Examples
    --------
    >>> read_svg('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>')[0].tag
    'g'
    """
    root = fromstring(text)
    for one in root.iter():
        one.tag = _bare(one.tag)
        for name in list(one.attrib):
            if name.startswith("{"):
                del one.attrib[name]
    return root


def write_svg(root: Element) -> str:
    r"""The tree as text, ready to stand in a file or in a page.

    Examples
    --------
    >>> write_svg(element("g", {"id": "a"}, element("title", {}, text="x < y")))
    '<g id="a"><title>x &lt; y</title></g>\n'
    """
    return tostring(root, encoding="unicode") + "\n"


def element(
    tag: str, attributes: dict[str, str | float], *children: Element, text: str = ""
) -> Element:
    r"""An element with its children; numbers are written short.

    Examples
    --------
    >>> write_svg(element("line", {"x1": 1.0, "x2": 2.126}))
    '<line x1="1" x2="2.13" />\n'
    """
    made = Element(tag, {name: _written(value) for name, value in attributes.items()})
    made.text = text or None
    made.extend(children)
    return made


def groups(root: Element, kind: str) -> Iterator[Element]:
    """The groups that Graphviz made of nodes, edges or clusters, in its order.

    Examples
    --------
    >>> tree = read_svg('<svg><g class="graph"><g class="node up" id="n"/></g></svg>')
    >>> [one.get("id") for one in groups(tree, "node")]
    ['n']
    """
    return (one for one in root.iter("g") if one.get("class", "").split(" ")[0] == kind)


def number(value: float) -> str:
    """A coordinate with two decimals at most.

    Examples
    --------
    >>> number(2.0), number(-0.001), number(1.236)
    ('2', '0', '1.24')
    """
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]
