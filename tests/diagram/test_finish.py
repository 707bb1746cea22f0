"""The finished SVG: safe, spoken, deterministic, and with every word inside its shape."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from random import Random
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagram.pictures import alpha2_loop, beta_gs, circuit, every
from raphe.diagram.boxes import box
from raphe.diagram.clones import clone_drugs
from raphe.diagram.dot import Layout, to_dot
from raphe.diagram.draw import draw_svg
from raphe.diagram.engine import render_svg
from raphe.diagram.figure import Cluster, Edge, Figure, Ground, Kind, Node, Role, State
from raphe.diagram.finish import finish_svg
from raphe.diagram.font import Face, measure
from raphe.diagram.geometry import Rect, box_of, points_in
from raphe.diagram.outlines import POINT
from raphe.diagram.palette import Theme, palette
from raphe.diagram.style import GLYPHS
from raphe.diagram.svg import read_svg
from raphe.diagram.text import clean, key

DRAWN = {name: draw_svg(figure) for name, figure in every().items()}


def group(svg: str, name: str) -> Element:
    return next(one for one in read_svg(svg).iter("g") if one.get("id") == name)


def quick(figure: Figure, theme: Theme = Theme.LIGHT) -> str:
    """The finished SVG of the first layout, not of the best."""
    return finish_svg(render_svg(to_dot(figure, theme)), figure, theme)


def face_of(text: Element) -> Face:
    if text.get("font-weight") == "bold":
        return Face.BOLD
    return Face.ITALIC if text.get("font-style") == "italic" else Face.REGULAR


def text_box(text: Element) -> Rect:
    """What a line of text takes, its two halves together."""
    size = float(text.get("font-size", "0"))
    wide = measure(text.text or "", size, face_of(text))
    for part in text:
        wide += measure(
            part.text or "", size, Face.BOLD if part.get("font-weight") == "bold" else face_of(text)
        ) + float(part.get("dx", "0"))
    left = float(text.get("x", "0")) - (wide / 2 if text.get("text-anchor") == "middle" else 0)
    base = float(text.get("y", "0"))
    return Rect(left, base - 0.73 * size, left + wide, base)


def rect_of(one: Element) -> Rect:
    x, y, wide, high = (float(one.get(name, "0")) for name in ("x", "y", "width", "height"))
    return Rect(x, y, x + wide, y + high)


def place_of(node: Element) -> Rect:
    rects = [rect_of(one) for one in node.iter("rect")]
    return rects[0] if rects else box_of(node)


@pytest.mark.parametrize("name", sorted(every()))
def test_the_same_bytes_twice_and_from_shuffled_parts(name: str) -> None:
    figure = every()[name]
    parts = {}
    for part in ("clusters", "nodes", "edges"):
        several = list(getattr(figure, part))
        Random(3).shuffle(several)
        parts[part] = tuple(several)
    assert draw_svg(figure) == DRAWN[name] == draw_svg(replace(figure, **parts))


@pytest.mark.parametrize("name", sorted(every()))
def test_light_and_dark_have_one_structure(name: str) -> None:
    bare = [re.sub("#[0-9A-Fa-f]{6}", "", draw_svg(every()[name], theme)) for theme in Theme]
    assert bare[0] == bare[1]
    assert palette(Theme.DARK).background in draw_svg(every()[name], Theme.DARK)


@pytest.mark.parametrize("name", sorted(every()))
def test_ids_are_there_once(name: str) -> None:
    ids = [one.get("id") for one in fromstring(DRAWN[name]).iter() if one.get("id")]
    assert len(set(ids)) == len(ids)
    figure = every()[name]
    assert {f"cluster-{key(one.id)}" for one in figure.clusters} <= set(ids)
    shown = {f"node-{key(one.id)}" for one in figure.nodes if one.kind is not Kind.DRUG}
    assert shown <= set(ids)


@pytest.mark.parametrize("name", sorted(every()))
def test_the_svg_is_a_group_with_a_name_and_spoken_parts(name: str) -> None:
    root = fromstring(DRAWN[name])
    assert root.get("role") == "group"
    assert clean(every()[name].title) in (root.get("aria-label") or "")
    parts = [one for one in root.iter() if one.get("role") == "img"]
    assert len(parts) > len(every()[name].edges)
    assert all(
        one.get("aria-label") and (one[0].text or "").startswith(one.get("aria-label") or "")
        for one in parts
    )


def test_a_node_says_its_state_and_probability() -> None:
    node = group(DRAWN["alpha2_loop"], "node-LC.firing")
    assert node.get("aria-label") == "LC firing, up, probability 0.93"
    assert node.get("class") == "node firing up explaining"


def test_an_edge_says_what_it_does() -> None:
    said = group(DRAWN["alpha2_loop"], "edge-LC.alpha2A-LC.release").get("aria-label")
    assert said == "α₂A-AR inhibits NA release, silenced"


def test_a_tooltip_adds_what_the_figure_tells() -> None:
    node = Node("NE", "NA", Kind.TRANSMITTER, state=State.UP, tooltip="Seen by Szabo & Blier")
    title = group(quick(Figure("One", nodes=(node,))), "node-NE").find("title")
    assert title is not None
    assert title.text == "NA, up\nSeen by Szabo & Blier"


@pytest.mark.parametrize("name", sorted(every()))
def test_text_stays_in_its_node(name: str) -> None:
    for node in read_svg(DRAWN[name]).iter("g"):
        if (node.get("class") or "").startswith("node "):
            place = place_of(node)
            for text in node.iter("text"):
                assert place.grown(-2).holds(text_box(text)), (node.get("id"), text_box(text))


@pytest.mark.parametrize("name", sorted(every()))
def test_labels_of_clusters_stay_in_them_and_off_nodes(name: str) -> None:
    root = read_svg(DRAWN[name])
    grounds = [
        rect_of(one) for one in root.iter("rect") if (one.get("class") or "").startswith("cluster ")
    ]
    nodes = [
        place_of(one) for one in root.iter("g") if (one.get("class") or "").startswith("node ")
    ]
    labels = [text_box(one) for one in root.iter("text") if one.get("class") == "ground"]
    assert len(labels) == len(grounds) == len(every()[name].clusters)
    for label, ground in zip(labels, grounds, strict=True):
        assert ground.holds(label)
        assert not any(label.meets(node) for node in nodes)
    assert not any(one.meets(two) for index, one in enumerate(labels) for two in labels[:index])


@pytest.mark.parametrize("name", sorted(every()))
def test_nothing_lies_outside_the_paper(name: str) -> None:
    root = read_svg(DRAWN[name])
    _, _, wide, high = (float(one) for one in (root.get("viewBox") or "").split())
    body = next(one for one in root.iter("g") if one.get("class") == "body")
    dx, dy = (float(one) for one in re.findall(r"-?[\d.]+", body.get("transform") or ""))
    for part in body.iter("g"):
        # Arcs, of the store's cylinder only, are not lists of points.
        if part.get("role") == "img" and not any("A" in one.get("d", "") for one in part):
            place = box_of(part) if not list(part.iter("rect")) else place_of(part)
            assert 0 <= place.left + dx <= place.right + dx <= wide
            assert 0 <= place.top + dy <= place.bottom + dy <= high


def test_the_title_is_bold_and_the_subtitle_small() -> None:
    title, subtitle = list(read_svg(DRAWN["beta_gs"]).findall("text"))[:2]
    assert (title.text, title.get("font-weight")) == (beta_gs().title, "bold")
    assert subtitle.text == beta_gs().subtitle
    assert float(subtitle.get("font-size", "0")) < float(title.get("font-size", "0"))


def test_gene_symbols_are_italic_and_other_captions_are_not() -> None:
    style = {
        text.text: text.get("font-style")
        for name in ("beta_gs", "alpha2_loop")
        for text in read_svg(DRAWN[name]).iter("text")
    }
    assert style["ADRB1"] == style["PRKACA"] == "italic"
    assert style["autoreceptor"] is None


def test_genes_are_italic() -> None:
    (name,) = group(DRAWN["beta_gs"], "node-BDNF").iter("text")
    assert name.get("font-style") == "italic"


@pytest.mark.parametrize("state", [one for one in State if one is not State.NONE])
@pytest.mark.parametrize("theme", Theme)
def test_each_state_has_fill_and_glyph(state: State, theme: Theme) -> None:
    node = Node("NE", "NA", Kind.PROTEIN, state=state)
    drawn = group(quick(Figure("One", nodes=(node,)), theme), "node-NE")
    tint = palette(theme).states[state]
    outline = next(iter(drawn.iter("rect")))
    assert (outline.get("fill"), outline.get("stroke")) == (tint.fill, tint.border)
    glyph = next(iter(drawn.iter("tspan")))
    assert (glyph.text, glyph.get("fill")) == (GLYPHS[state], tint.border)
    assert (outline.get("stroke-dasharray") is not None) == (
        state in (State.AMBIGUOUS, State.BLOCKED)
    )


def test_the_story_is_thick_and_what_is_silenced_is_dashed() -> None:
    for edge in alpha2_loop().edges:
        if edge.role in (Role.EXPLAINING, Role.SILENCED):
            name = f"edge-{key(edge.source)}-{key(edge.target)}"
            path = next(group(DRAWN["alpha2_loop"], name).iter("path"))
            told = edge.role is Role.EXPLAINING
            assert float(path.get("stroke-width", "1")) == (2.4 if told else 1.4)
            assert (path.get("stroke-dasharray") is None) == told


def test_arrows_touch_the_outline_that_is_drawn() -> None:
    place = box_of(group(DRAWN["alpha2_loop"], "node-nausea"))
    for source in ("5-HT2", "5-HT3"):
        edge = group(DRAWN["alpha2_loop"], f"edge-{source}-nausea")
        head = [one for part in edge.iter("polygon") for one in points_in(part.get("points", ""))]
        (path,) = edge.iter("path")
        end = points_in(path.get("d", ""))[-1]
        x, y = max(head, key=lambda point: math.dist(point, end))
        # The top of the hexagon is flat but for its points, which fall to half its height.
        fall = max(0.0, 1 - min(x - place.left, place.right - x) / POINT) * place.height / 2
        assert y == pytest.approx(place.top + fall, abs=0.1)


def test_heads_are_not_dashed() -> None:
    for edge in read_svg(DRAWN["circuit"]).iter("g"):
        if (edge.get("class") or "").startswith("edge "):
            heads = [one for one in edge if one.tag in ("polygon", "polyline", "ellipse")]
            assert heads
            assert all(one.get("stroke-dasharray") is None for one in heads)


HOSTILE = st.text(st.characters(categories=None, exclude_categories=()), max_size=20) | (
    st.sampled_from(
        ["<script>alert(1)</script>", "]]>", "&#60;", '" onload="x', "</title>", "\x00"]
    )
)


@settings(max_examples=60, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_texts_stay_texts(one: str, two: str, three: str) -> None:
    figure = Figure(
        one,
        two,
        clusters=(Cluster("c", three, Ground.MEMBRANE, note=one),),
        nodes=(
            Node("a", one, Kind.RECEPTOR, two, "c", State.UP, 0.5, tooltip=three),
            Node(f"b{one}", three, Kind.PHENOTYPE, one),
        ),
        edges=(Edge("a", f"b{one}", tooltip=two),),
    )
    root = fromstring(quick(figure))
    allowed = {
        "svg",
        "g",
        "title",
        "text",
        "tspan",
        "rect",
        "path",
        "polygon",
        "ellipse",
        "circle",
        "line",
        "polyline",
    }
    assert {part.tag.rpartition("}")[2] for part in root.iter()} <= allowed
    assert not any(name.startswith("on") for part in root.iter() for name in part.attrib)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(list(Kind)[:-1]), min_size=1, max_size=6), st.sampled_from(list(State))
)
def test_any_kinds_can_be_drawn(kinds: list[Kind], state: State) -> None:
    nodes = tuple(
        Node(f"n{index}", f"{kind} {index}", kind, "caption", state=state)
        for index, kind in enumerate(kinds)
    )
    edges = tuple(Edge(one.id, two.id) for one in nodes for two in nodes)
    drawn = read_svg(quick(Figure("Any", nodes=nodes, edges=edges)))
    names = {one.get("data-node") for one in drawn.iter("g")}
    assert len(names - {None}) == len(clone_drugs(Figure("Any", nodes=nodes, edges=edges)).nodes)


def test_an_empty_figure_is_a_picture_too() -> None:
    assert fromstring(quick(Figure("Nothing"))).get("role") == "group"


def test_an_empty_cluster_is_left_out() -> None:
    figure = Figure(
        "One",
        clusters=(Cluster("a", "a", Ground.NEURON),),
        nodes=(Node("NE", "NA", Kind.TRANSMITTER),),
    )
    assert 'id="cluster-a"' not in quick(figure)


def test_drugs_are_drawn_in_the_layout_that_was_drawn() -> None:
    figure, layout = alpha2_loop(), Layout(is_shared=False)
    svg = finish_svg(render_svg(to_dot(figure, layout=layout)), figure, layout=layout)
    assert svg.count(">mirtazapine</text>") == 4


def test_the_core_has_two_borders() -> None:
    assert len(list(group(DRAWN["beta_gs"], "node-PKA").iter("rect"))) == 2
    assert len(list(group(DRAWN["beta_gs"], "node-PDE4").iter("rect"))) == 1


def test_boxes_grow_with_their_words() -> None:
    small, large = (box(Node("a", label, Kind.PROTEIN)) for label in ("PKA", "protein kinase A"))
    assert small.width < large.width
    assert circuit().is_prediction
