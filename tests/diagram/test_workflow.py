"""Workflows: numbered, in rows that fit, with arrows that run through no card."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from diagram.pictures import microdialysis, protocol, radioligand
from raphe.diagram.cards import PADDING, TEXT_WIDTH, card
from raphe.diagram.draw import draw_svg
from raphe.diagram.figure import Edge, Figure, Kind, Node
from raphe.diagram.geometry import Rect, points_in
from raphe.diagram.palette import Theme, palette
from raphe.diagram.routes import is_free, rounded, shortened, straight
from raphe.diagram.svg import read_svg
from raphe.diagram.workflow import ROW_WIDTH, Grid, place_steps, step_numbers

WIDEST = "Administration of the compound"


def chain(*lengths: int) -> Figure:
    """A workflow of phases of so many steps, with the widest cards."""
    return protocol(
        "Chain",
        [(f"Phase {index}", [(WIDEST, "d")] * count) for index, count in enumerate(lengths)],
    )


def fits(grid: Grid) -> bool:
    boxes = (*grid.phases.values(), *grid.cards.values())
    return max(one.right for one in boxes) - min(one.left for one in boxes) <= ROW_WIDTH


def test_steps_are_numbered_in_order() -> None:
    assert list(step_numbers(microdialysis()).values()) == list("12345678")


def test_parallel_steps_share_a_number() -> None:
    numbers = step_numbers(radioligand())
    assert [numbers[one] for one in ("total", "blank", "competition")] == ["3a", "3b", "3c"]
    assert numbers["filtration"] == "4"


def test_a_way_back_is_not_a_stage() -> None:
    nodes = tuple(Node(one, one, Kind.STEP, order=index) for index, one in enumerate("abc"))
    edges = (Edge("a", "b"), Edge("b", "c"), Edge("c", "a"))
    assert step_numbers(Figure("Loop", nodes=nodes, edges=edges)) == {"a": "1", "b": "2", "c": "3"}


def test_parallel_steps_stand_over_each_other() -> None:
    cards = place_steps(radioligand()).cards
    branches = [cards[one] for one in ("total", "blank", "competition")]
    assert len({one.left for one in branches}) == 1
    assert all(one.bottom < two.top for one, two in pairwise(branches))


def test_eight_steps_are_broken_into_rows() -> None:
    grid = place_steps(microdialysis())
    assert fits(grid)
    assert len({one.top for one in grid.cards.values()}) == 2


def test_a_short_workflow_stays_on_one_row() -> None:
    grid = place_steps(protocol("Short", [("A", [("a", ""), ("b", "")]), ("B", [("c", "")])]))
    assert len({one.top for one in grid.cards.values()}) == 1


@pytest.mark.parametrize("lengths", [(1,), (8,), (13,), (2, 3, 3), (9, 1), (1, 9, 1), (3, 3, 3, 3)])
def test_no_row_is_too_wide(lengths: tuple[int, ...]) -> None:
    assert fits(place_steps(chain(*lengths)))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=4),
    st.sets(st.tuples(st.integers(0, 23), st.integers(0, 23)), max_size=5),
)
@example([2, 4, 2], {(0, 6)})  # Past a row in which cards stand elsewhere.
@example([3, 4, 4], {(9, 1)})  # Back to an earlier row.
def test_nothing_overlaps_and_arrows_keep_clear(
    lengths: list[int], more: set[tuple[int, int]]
) -> None:
    plain = chain(*lengths)
    names = [node.id for node in plain.nodes]
    extra = {
        Edge(names[one], names[two])
        for one, two in more
        if max(one, two) < len(names) and two not in (one, one + 1)
    }
    figure = Figure("Any", "", plain.clusters, plain.nodes, (*plain.edges, *extra))
    grid = place_steps(figure)
    cards = list(grid.cards.values())
    assert fits(grid)
    assert not any(one.meets(two) for index, one in enumerate(cards) for two in cards[:index])
    grounds = list(grid.phases.values())
    assert not any(one.meets(two) for index, one in enumerate(grounds) for two in grounds[:index])
    for node in figure.nodes:
        assert grid.phases[node.cluster].holds(grid.cards[node.id])
    for edge, way in grid.ways.items():
        others = [
            box.grown(-1)
            for name, box in grid.cards.items()
            if name not in (edge.source, edge.target)
        ]
        assert is_free(way, others)


def test_text_stays_in_its_card() -> None:
    for node in (*microdialysis().nodes, *radioligand().nodes, *chain(2).nodes):
        assert card(node).width <= TEXT_WIDTH + 2 * PADDING


def test_the_drug_is_purple_and_nothing_else() -> None:
    root = read_svg(draw_svg(microdialysis()))
    purple = palette(Theme.LIGHT).drug_card.fill
    marked = [
        one.get("aria-label")
        for one in root.iter("g")
        if any(part.get("fill") == purple for part in one)
    ]
    assert marked == ["Drug administration, s.c. / i.p. · acute or chronic, drug"]


def test_numbers_titles_and_details_differ() -> None:
    root = read_svg(draw_svg(microdialysis()))
    first = next(one for one in root.iter("g") if one.get("data-node") == "step 01")
    number, title, detail = first.iter("text")
    assert (number.text, title.text) == ("1", "Stereotaxic surgery")
    assert float(number.get("font-size", "0")) > float(title.get("font-size", "0"))
    assert title.get("font-weight") == "bold"
    assert detail.get("fill") == palette(Theme.LIGHT).muted


def test_the_drawing_stands_where_the_grid_says() -> None:
    grid = place_steps(radioligand())
    root = read_svg(draw_svg(radioligand()))
    rect = next(
        part for one in root.iter("g") if one.get("id") == "node-Ki" for part in one.iter("rect")
    )
    assert float(rect.get("width", "0")) == pytest.approx(grid.cards["Ki"].width, abs=0.1)
    place = next(
        part for one in root.iter("g") if one.get("id") == "node-fit" for part in one.iter("rect")
    )
    step = float(rect.get("y", "0")) - float(place.get("y", "0"))
    assert step == pytest.approx(grid.cards["Ki"].top - grid.cards["fit"].top, abs=0.1)


def test_a_way_keeps_its_ends() -> None:
    for way in (straight((0, 0), (50, 20)), rounded(((0, 0), (0, 40), (90, 40), (90, 80)))):
        assert (len(way) - 1) % 3 == 0
        assert shortened(way)[0] == way[0] == (0, 0)
        assert shortened(way)[-1] != way[-1]


def test_a_way_is_blocked_by_a_card() -> None:
    assert not is_free([(0.0, 0.0), (100.0, 0.0)], [Rect(40, -5, 60, 5)])
    assert points_in("1,2") == [(1.0, 2.0)]
