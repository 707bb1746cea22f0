"""Crossings against scipy's, one function at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from raphe.propagation.arrays import Floats, Indices
from raphe.propagation.crossing import TOLERANCE, crossings

unit = st.floats(0.01, 0.99)


def pieces(kink: float, left: float, right: float, bend: float, x: float) -> float:
    """Rises through zero somewhere, with a kink and a bend: like a node that meets its bound."""
    slope = left if x < kink else right
    return float(slope * (x - kink) + bend * (x**3 - kink**3) + 0.1 * (x - 0.5))


@given(st.lists(st.tuples(unit, unit, st.floats(0.0, 40.0), unit), min_size=1, max_size=6))
def test_every_crossing_is_where_a_bisection_finds_it(shapes):
    def value(one: int, x: float) -> float:
        return pieces(*shapes[one], x)

    def at(waiting: Indices, x: Floats) -> Floats:
        return np.array([value(one, own) for one, own in zip(waiting, x, strict=True)])

    count = len(shapes)
    low, high = np.full(count, -1.0), np.full(count, 2.0)
    every = np.arange(count)
    found = crossings(at, low, high, at(every, low), at(every, high))
    for one in range(count):
        exact = brentq(lambda x, one=one: value(one, x), -1.0, 2.0, xtol=1e-14)
        assert found[one] == pytest.approx(exact, abs=2 * TOLERANCE)


def test_it_never_looks_outside_of_the_bracket_and_takes_few_rounds():
    seen: list[float] = []

    def at(_: Indices, x: Floats) -> Floats:
        seen.extend(x.tolist())
        return np.arctan(50 * (x - 0.3))

    (root,) = crossings(at, np.array([-1.0]), np.array([5.0]), np.array([-1.5]), np.array([1.5]))
    assert root == pytest.approx(0.3, abs=TOLERANCE)
    assert -1 < min(seen) < max(seen) < 5
    assert len(seen) < 20


def test_an_end_may_be_the_crossing_itself():
    def never(_: Indices, __: Floats) -> Floats:
        raise AssertionError

    low, high = np.array([1.0, 1.0]), np.array([2.0, 2.0])
    found = crossings(never, low, high, np.array([0.0, -3.0]), np.array([3.0, 0.0]))
    assert found.tolist() == [1.0, 2.0]


def test_what_has_no_value_has_no_crossing():
    def lost(waiting: Indices, x: Floats) -> Floats:
        return np.where(waiting == 0, np.nan, x - 0.25)

    ends = np.zeros(2), np.ones(2), np.full(2, -0.25), np.full(2, 0.75)
    found = crossings(lost, *ends)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(0.25)


def test_nothing_has_no_crossings():
    empty = np.zeros(0)
    assert len(crossings(lambda _, x: x, empty, empty, empty, empty)) == 0
