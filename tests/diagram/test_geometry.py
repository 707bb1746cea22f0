"""Boxes, courses and crossings, against slow and plain ways to find them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raphe.diagram.geometry import (
    Point,
    Rect,
    around,
    course_of,
    crossings,
    points_in,
    read_drawing,
)
from raphe.diagram.svg import read_svg

PLACE = st.tuples(st.integers(-20, 20), st.integers(-20, 20))
BOX = Rect(-5.0, -5.0, 5.0, 5.0)

DRAWN = """<svg xmlns="http://www.w3.org/2000/svg"><g class="graph">
<g id="cluster-a" class="cluster"><title>a</title><polygon points="0,0 0,-50 90,-50 90,0 0,0"/></g>
<g id="pair-a" class="cluster"><title>p</title></g>
<g id="node-a" class="node receptor"><ellipse cx="10" cy="-10" rx="5" ry="4"/></g>
<g id="edge-a-b" class="edge"><path d="M0,0C0,10 10,20 20,20"/><polygon points="20,20 25,18"/></g>
</g></svg>"""


def test_a_drawing_is_read_by_ids() -> None:
    drawing = read_drawing(read_svg(DRAWN))
    assert drawing.nodes == {"node-a": Rect(5, -14, 15, -6)}
    assert drawing.clusters == {"cluster-a": Rect(0, -50, 90, 0)}
    assert drawing.edges["edge-a-b"][0] == (0, 0)
    assert drawing.edges["edge-a-b"][-1] == (20, 20)
    assert drawing.bounds == Rect(0, -50, 90, 20)


def test_an_edge_without_a_line_has_no_course() -> None:
    assert course_of(read_svg("<g/>")) == ()


def test_points_are_read_with_signs_and_exponents() -> None:
    assert points_in("M-0.5,1e-3 2,-3") == [(-0.5, 0.001), (2.0, -3.0)]


@given(PLACE, PLACE)
def test_a_line_cuts_a_box_as_its_points_say(start: Point, end: Point) -> None:
    steps = [share / 400 for share in range(401)]
    inside = any(
        -5 < start[0] + (end[0] - start[0]) * share < 5
        and -5 < start[1] + (end[1] - start[1]) * share < 5
        for share in steps
    )
    if inside:
        assert BOX.cut_by(start, end)
    elif BOX.cut_by(start, end):
        # Cut so near to a corner that no sampled point falls inside.
        assert not BOX.grown(-0.2).cut_by(start, end)


@given(PLACE, PLACE, PLACE, PLACE)
def test_crossing_is_mutual(one: Point, two: Point, three: Point, four: Point) -> None:
    assert crossings((one, two), (three, four)) == crossings((four, three), (two, one))


@pytest.mark.parametrize(
    ("second", "count"),
    [
        (((0, 4), (4, 0)), 1),
        (((5, 5), (9, 9)), 0),
        (((0, 1), (1, 0), (2, 3), (4, 3)), 3),
        (((4, 4), (8, 0)), 0),
    ],
)
def test_crossings_are_counted(second: tuple[Point, ...], count: int) -> None:
    assert crossings(((0, 0), (4, 4)), second) == count


@given(st.lists(PLACE, min_size=1, max_size=9))
def test_the_box_around_points_holds_them(points: list[Point]) -> None:
    box = around(points)
    assert all(box.holds(Rect(x, y, x, y)) for x, y in points)
