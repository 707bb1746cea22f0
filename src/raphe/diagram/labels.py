"""Words, names and numbers as they stand in DOT text: plain labels, titles, ids, sizes."""

from __future__ import annotations

from collections.abc import Iterable

import graphviz

from raphe.diagram.figure import Cluster, Edge, Figure, Ground
from raphe.diagram.geometry import Point, Rect
from raphe.diagram.legend import legend, legend_text
from raphe.diagram.svg import number
from raphe.diagram.text import clean, key

#: A font that Graphviz measures by its own tables; the sizes of nodes do not depend on it.
DOT_FONT = "Helvetica"


def plain(lines: Iterable[str], end: str = "\\n") -> str:
    r"""Lines of text as a plain label, with nothing left that DOT would interpret.

    Examples
    --------
    >>> plain(["a\\N & b", "<b>"])
    'a\\\\N &amp; b\\n<b>'
    """
    # Backslashes start escapes such as \N, ampersands start entities; quotes are seen to by the
    # graphviz package. nohtml keeps a text in angle brackets from being taken for an HTML label.
    safe = [line.replace("\\", "\\\\").replace("&", "&amp;") for line in lines]
    safe_text: str = graphviz.nohtml(end.join(safe) + (end if end != "\\n" else ""))
    return safe_text


def capitals(text: str) -> str:
    """Latin letters as capitals; Greek ones stay, since a capital alpha reads as an A.

    Examples
    --------
    >>> capitals("α₂ terminal")
    'α₂ TERMINAL'
    """
    return "".join(one.upper() if one < "\u0250" and one != "ß" else one for one in text)


def cluster_words(cluster: Cluster) -> tuple[str, str]:
    """The two halves of a cluster's label as they are drawn; membranes are not shouted.

    Examples
    --------
    >>> cluster_words(Cluster("LC", "noradrenergic neuron", Ground.NEURON, note="LC"))
    ('NORADRENERGIC NEURON', 'LC')
    """
    label = clean(cluster.label)
    return (label if cluster.kind is Ground.MEMBRANE else capitals(label), clean(cluster.note))


def title_lines(figure: Figure) -> tuple[str, ...]:
    """Title, subtitle and legend as plain lines."""
    key_line = "   ".join(legend_text(one) for one in legend(figure))
    return tuple(line for line in (clean(figure.title), clean(figure.subtitle), key_line) if line)


def inches(points: float) -> str:
    """A length in the unit of DOT's sizes.

    Examples
    --------
    >>> inches(36)
    '0.5'
    """
    return f"{points / 72:.4f}".rstrip("0").rstrip(".")


def dot_point(point: Point) -> str:
    """A point in DOT, where y grows upwards.

    Examples
    --------
    >>> dot_point((1.0, 2.5))
    '1,-2.5'
    """
    return f"{number(point[0])},{number(-point[1])}"


def dot_corners(box: Rect) -> str:
    """The lower left and the upper right corner of a box."""
    return f"{dot_point((box.left, box.bottom))},{dot_point((box.right, box.top))}"


def edge_id(edge: Edge, figure: Figure) -> str:
    """The id of an edge in the drawing; edges between the same nodes are numbered."""
    alike = [one for one in figure.edges if (one.source, one.target) == (edge.source, edge.target)]
    number = f"-{alike.index(edge) + 1}" if len(alike) > 1 else ""
    return f"edge-{key(edge.source)}-{key(edge.target)}{number}"
