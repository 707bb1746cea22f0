"""The finished SVG: Graphviz's placement, our typography, names and words for every reader.

Graphviz knows where things stand. Everything that is read is set here: title, labels with their
glyphs and small captions, labels of clusters moved out of the way of edges, the legend.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from raphe.diagram.boxes import Box, box, line_step
from raphe.diagram.captions import GAP, LABEL_SIZE, Caption, place_caption
from raphe.diagram.cards import draw_card
from raphe.diagram.clones import clone_drugs, drug_edges
from raphe.diagram.dot import Layout
from raphe.diagram.edge_labels import label_edges
from raphe.diagram.ends import fit_head
from raphe.diagram.figure import Cluster, Edge, Figure, Ground, Node, Role
from raphe.diagram.font import CAP_HEIGHT, FAMILY, Face, measure
from raphe.diagram.geometry import Drawing, Rect, read_drawing
from raphe.diagram.grounds import cluster_id, widen_grounds
from raphe.diagram.labels import edge_id
from raphe.diagram.legend import legend
from raphe.diagram.legend_art import draw_legend
from raphe.diagram.outlines import outline
from raphe.diagram.pairs import part_pairs
from raphe.diagram.palette import Paint, Palette, Theme, palette
from raphe.diagram.shapes import SHAPES
from raphe.diagram.spoken import say_edge, say_node, tooltip
from raphe.diagram.style import border_width, is_dashed, paint, phase_paint
from raphe.diagram.svg import SVG_NAMESPACE, element, groups, number, read_svg, write_svg
from raphe.diagram.text import clean, key, wrap
from raphe.diagram.workflow import step_numbers

TITLE_SIZE = 17.0
SUBTITLE_SIZE = 10.5
MARGIN = 18.0
#: Narrowest line for title and legend, where the drawing itself is narrow.
LEAST_WIDTH = 380.0


def finish_svg(
    svg: str, figure: Figure, theme: Theme = Theme.LIGHT, layout: Layout | None = None
) -> str:
    """Set the words and the look of a drawing.

    Parameters
    ----------
    svg
        What Graphviz drew from the figure's DOT text.
    figure
        The same figure.
    theme
        The same theme.
    layout
        The same layout.

    Returns
    -------
    str
        One ``svg`` element, with ids ``node-…``, ``edge-…`` and ``cluster-…`` on its groups.
    """
    colors = palette(theme)
    shown = clone_drugs(figure, (layout or Layout()).is_shared)
    root = read_svg(svg)
    if figure.rows:
        part_pairs(shown, root)
    drawing = widen_grounds(shown, read_drawing(root))
    body = element(
        "g",
        {"class": "body"},
        *_clusters(shown, drawing, colors),
        *_edges(root, shown, drawing, colors),
        *_nodes(shown, drawing, colors),
        *label_edges(shown, drawing, colors),
    )
    return write_svg(_compose(body, drawing.bounds, shown, colors))


def _compose(body: Element, bounds: Rect, figure: Figure, colors: Palette) -> Element:
    """Title above, legend below, all on one left margin."""
    room = max(bounds.width, LEAST_WIDTH)
    header, top = _header(figure, room, colors)
    body.set("transform", f"translate({number(MARGIN - bounds.left)} {number(top - bounds.top)})")
    bottom = top + bounds.height
    parts = [*header, body]
    widths = [bounds.width, *(_text_width(one) for one in header)]
    keys = legend(figure)
    if keys:
        drawn, size = draw_legend(keys, room, colors)
        drawn.set("transform", f"translate({number(MARGIN)} {number(bottom + 14)})")
        parts.append(drawn)
        widths.append(size.width)
        bottom += 14 + size.height
    wide, high = max(widths) + 2 * MARGIN, bottom + MARGIN
    root = element(
        "svg",
        {
            "xmlns": SVG_NAMESPACE,
            "width": f"{number(wide)}pt",
            "height": f"{number(high)}pt",
            "viewBox": f"0 0 {number(wide)} {number(high)}",
            # A group, not an image: an image would hide what is in it from screen readers.
            "role": "group",
            "aria-label": ". ".join(
                words for words in (clean(figure.title), clean(figure.subtitle)) if words
            ),
            "class": "raphe",
        },
        element("title", {}, text=clean(figure.title)),
        element(
            "rect", {"width": wide, "height": high, "fill": colors.background, "class": "paper"}
        ),
    )
    root.extend(parts)
    return root


def _header(figure: Figure, room: float, colors: Palette) -> tuple[list[Element], float]:
    """Lines of title and subtitle, and where the drawing may begin."""
    lines: list[Element] = []
    baseline = MARGIN
    for text, size, face, color in (
        (figure.title, TITLE_SIZE, Face.BOLD, colors.text),
        (figure.subtitle, SUBTITLE_SIZE, Face.REGULAR, colors.muted),
    ):
        for line in wrap(text, room, size, face):
            baseline += size * (1.0 if not lines else 1.4)
            lines.append(_text(line, MARGIN, baseline, size, face, color))
    return lines, baseline + (14 if lines else 0)


def _clusters(figure: Figure, drawing: Drawing, colors: Palette) -> list[Element]:
    """Tinted grounds, outer ones first, then their labels, so that no ground covers a label."""
    grounds, labels = [], []
    for cluster in _outside_in(figure):
        place = drawing.clusters.get(cluster_id(cluster))
        if place is None:
            continue  # Graphviz draws no empty cluster.
        tint = _ground_paint(cluster, figure, colors)
        heavy = cluster.kind is Ground.MEMBRANE
        grounds.append(
            element(
                "rect",
                {
                    "id": cluster_id(cluster),
                    "class": f"cluster {cluster.kind}",
                    "x": place.left,
                    "y": place.top,
                    "width": place.width,
                    "height": place.height,
                    "rx": 2.0 if heavy else 10.0,
                    "fill": tint.fill,
                    "stroke": tint.border,
                    "stroke-width": 2.2 if heavy else 1.4,
                },
            )
        )
        inner = [
            drawing.clusters[cluster_id(one)]
            for one in figure.clusters
            if one.parent == cluster.id and cluster_id(one) in drawing.clusters
        ]
        labels.append(_caption(place_caption(cluster, place, drawing, inner), tint))
    return [*grounds, *labels]


def _outside_in(figure: Figure, parent: str = "") -> list[Cluster]:
    found = []
    for cluster in figure.clusters:
        if cluster.parent == parent:
            found += [cluster, *_outside_in(figure, cluster.id)]
    return found


def _ground_paint(cluster: Cluster, figure: Figure, colors: Palette) -> Paint:
    if cluster.kind is Ground.PHASE:
        return phase_paint(cluster, figure, colors)
    return colors.grounds[cluster.kind]


def _caption(caption: Caption, tint: Paint) -> Element:
    size = LABEL_SIZE * caption.scale
    made = _text(caption.label, caption.left, caption.baseline, size, caption.face, tint.text)
    made.set("class", "ground")
    if caption.note:
        note = element("tspan", {"font-weight": "normal", "dx": GAP * caption.scale})
        note.text = caption.note
        made.append(note)
    if not caption.is_clear:
        # Where an edge must run under the label, the ground shines through around the letters.
        made.attrib |= {
            "stroke": tint.fill,
            "stroke-width": "3",
            "stroke-linejoin": "round",
            "paint-order": "stroke",
        }
    return made


def _edges(root: Element, figure: Figure, drawing: Drawing, colors: Palette) -> list[Element]:
    drawn = {one.get("id", ""): one for one in groups(root, "edge")}
    shapes = {node.id: SHAPES[node.kind] for node in figure.nodes}
    beside = drug_edges(figure)
    made = []
    for edge in figure.edges:
        name = edge_id(edge, figure)
        if name not in drawn:
            continue
        marks = [one for one in drawn[name] if one.tag not in ("title", "text")]
        said = say_edge(edge, figure)
        attributes = {"id": name, "class": _edge_class(edge), "role": "img", "aria-label": said}
        attributes |= {"data-source": clean(edge.source), "data-target": clean(edge.target)}
        title = element("title", {}, text=tooltip(said, edge.tooltip))
        group = element("g", attributes, title, *marks)  # type: ignore[arg-type]
        if edge not in beside and edge.source != edge.target:
            place = drawing.nodes.get(f"node-{key(edge.target)}")
            if place is not None:
                fit_head(group, shapes[edge.target], place)
        for mark in marks:
            _finish_stroke(mark, edge, colors)
        made.append(group)
    return made


def _edge_class(edge: Edge) -> str:
    manners = {"slow": edge.slow, "indirect": edge.indirect}
    return " ".join(["edge", edge.role, *(name for name, is_so in manners.items() if is_so)])


def _finish_stroke(mark: Element, edge: Edge, colors: Palette) -> None:
    if mark.tag == "path":
        if edge.slow and "stroke-dasharray" in mark.attrib:
            mark.attrib |= {"stroke-dasharray": "0.1,4", "stroke-linecap": "round"}
            mark.set("stroke-width", "1.8")
        elif edge.indirect and edge.role is not Role.SILENCED:
            # Longer than the dashes of what is silenced.
            mark.set("stroke-dasharray", "8,3.2")
        return
    # Heads are never dashed, and hollow ones hide the line behind them.
    mark.attrib.pop("stroke-dasharray", None)
    if mark.get("fill") in ("none", None) and mark.tag in ("ellipse", "polygon"):
        mark.set("fill", colors.background)


def _nodes(figure: Figure, drawing: Drawing, colors: Palette) -> list[Element]:
    made = []
    numbers = step_numbers(figure) if figure.is_workflow else {}
    for node in figure.nodes:
        place = drawing.nodes[f"node-{key(node.id)}"]
        said = say_node(node)
        group = element(
            "g",
            {
                "id": f"node-{key(node.id)}",
                "class": " ".join(["node", node.kind, node.state, *_marks(node, figure)]),
                "role": "img",
                "aria-label": said,
                "data-node": clean(node.id),
            },
            element("title", {}, text=tooltip(said, node.tooltip)),
        )
        if figure.is_workflow:
            group.extend(draw_card(node, numbers[node.id], place, figure, colors))
        else:
            group.extend(_draw_node(node, place, figure, colors))
        made.append(group)
    return made


def _marks(node: Node, figure: Figure) -> list[str]:
    marks = {"explaining": node.explaining, "core": node.id in figure.core}
    return [name for name, is_set in marks.items() if is_set]


def _draw_node(node: Node, place: Rect, figure: Figure, colors: Palette) -> list[Element]:
    tint = paint(node, figure, colors)
    shape, width = SHAPES[node.kind], border_width(node)
    dashes = "5,3" if is_dashed(node) else ""
    drawn: list[Element] = []
    if node.id in figure.core:
        halo = Paint(colors.background, tint.border, tint.text)
        drawn += outline(shape, place, halo, 1.1)
        place = place.grown(-3.2)
    drawn += outline(shape, place, tint, width, dashes)
    return [*drawn, *_label(box(node), place, tint, colors)]


def _label(held: Box, place: Rect, tint: Paint, colors: Palette) -> list[Element]:
    x, middle = place.center
    baseline = middle - held.text_height / 2
    made = []
    for index, line in enumerate(held.lines):
        baseline += line_step(line) if index else CAP_HEIGHT * line.size
        # On a saturated ground, as a drug's, grey would not be read.
        color = colors.muted if line.is_caption and tint.text == colors.text else tint.text
        text = _text("", x, baseline, line.size, line.face, color)
        text.set("text-anchor", "middle")
        if index == 0 and held.glyph:
            glyph = {"fill": tint.border, "font-weight": "bold", "font-style": "normal"}
            text.append(element("tspan", dict(glyph), text=held.glyph))
            text.append(element("tspan", {"dx": 0.28 * line.size}, text=line.text))
        else:
            text.text = line.text
        made.append(text)
    return made


def _text(text: str, x: float, y: float, size: float, face: Face, color: str) -> Element:
    attributes: dict[str, str | float] = {
        "x": x,
        "y": y,
        "font-family": FAMILY,
        "font-size": size,
        "fill": color,
    }
    if face is Face.BOLD:
        attributes["font-weight"] = "bold"
    if face is Face.ITALIC:
        attributes["font-style"] = "italic"
    return element("text", attributes, text=text)


def _text_width(text: Element) -> float:
    face = Face.BOLD if text.get("font-weight") == "bold" else Face.REGULAR
    return measure(text.text or "", float(text.get("font-size", "0")), face)
