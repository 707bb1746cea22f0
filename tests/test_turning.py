"""Turning points against a walk along each curve, and half effects against Hill's equation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from raphe.calling import Call
from raphe.propagation.arrays import Floats, Indices
from raphe.turning import half_effects, turning_points

TIMES = 10.0 ** np.linspace(-2, 2, 9)
LOGS = np.log10(TIMES)
WAYS = {1: (Call.DOWN, Call.UP), -1: (Call.UP, Call.DOWN)}


def walk(curve: list[float], threshold: float) -> dict[int, tuple[int, int]]:
    """By direction, the doses between which a curve first loses its old sign; by definition."""
    found: dict[int, tuple[int, int]] = {}
    last, since = 0, 0
    for dose, value in enumerate(curve):
        now = 0 if abs(value) <= threshold else (1 if value > 0 else -1)
        if now and last and now != last and now not in found:
            lost = next(n for n in range(since, dose + 1) if curve[n] * last <= 0)
            found[now] = (lost - 1, lost)
        if now:
            last, since = now, dose
    return found


@given(
    arrays.arrays(
        float, (2, len(TIMES), 3), elements=st.integers(-10, 10).map(lambda tenths: tenths / 10)
    )
)
def test_a_turn_is_where_the_first_walk_along_the_curve_finds_it(change: Floats) -> None:
    thresholds = np.array([0.25, 0.55])

    def exact(rows: Indices, draws: Indices, times: Floats) -> Floats:
        """Straight lines between the doses."""
        return np.array(
            [
                np.interp(np.log10(own), LOGS, change[row, :, draw])
                for row, draw, own in zip(rows, draws, times, strict=True)
            ]
        )

    found = turning_points(change, thresholds, TIMES, exact)
    for row, threshold in enumerate(thresholds):
        told = {
            (ends, int(draw)): float(np.log10(place))
            for ends, draws, places in found[row]
            for draw, place in zip(draws, places, strict=True)
        }
        expected = {
            (WAYS[way], draw): between
            for draw in range(3)
            for way, between in walk(change[row, :, draw].tolist(), threshold).items()
        }
        assert told.keys() == expected.keys()
        for one, (before, after) in expected.items():
            assert LOGS[before] - 1e-9 <= told[one] <= LOGS[after] + 1e-9
            value = np.interp(told[one], LOGS, change[row, :, one[1]])
            assert value == pytest.approx(0.0, abs=1e-7)


def test_what_stays_below_the_threshold_never_turns():
    change = np.array([[[0.3], [0.1], [-0.1], [-0.2], [0.0], [0.1], [0.2], [0.2], [0.2]]])

    def never(*_: object) -> Floats:
        return np.zeros(0)

    (found,) = turning_points(change, np.array([0.25]), TIMES, never)
    assert all(not len(draws) for _, draws, _ in found)


@given(
    st.floats(0.6, 3.0),
    st.floats(-1.0, 1.0),
    st.floats(0.2, 1.0),
    st.sampled_from((-1, 1)),
    st.floats(-0.5, 0.5),
)
def test_half_of_an_effect_is_where_hill_s_equation_has_it(slope, log, most, way, base):
    times = 10.0 ** np.linspace(-3, 3, 76)
    middle = 10.0**log
    effect = times**slope / (times**slope + middle**slope)
    curve = base + way * most * np.concatenate([[0.0], effect])
    found = half_effects(curve[:, None], 0.07, times)
    assert found.monotone_share == 1.0
    (down, up) = found.by_direction
    mine, other = (up, down) if way > 0 else (down, up)
    assert not len(other[1])
    # Of the largest effect in reach, not of the one at an infinite dose.
    half = effect[-1] / 2
    exact = middle * (half / (1 - half)) ** (1 / slope)
    assert mine[2] == pytest.approx([exact], rel=0.01)


def test_what_is_taken_back_is_not_monotone_and_what_is_too_small_has_no_half():
    times = 10.0 ** np.linspace(-2, 2, 41)
    rise = times / (1 + times)
    columns = [rise, rise - 2 * times / (40 + times), 0.05 * rise, -rise]
    change = np.vstack([np.zeros(4), np.stack(columns, axis=1)])
    found = half_effects(change, 0.07, times)
    assert found.monotone_share == 0.75
    (down, up) = found.by_direction
    assert (down[0], down[1].tolist()) == (Call.DOWN, [3])
    assert (up[0], up[1].tolist()) == (Call.UP, [0])


@pytest.mark.parametrize(("middle", "levels"), [(0.1, True), (30.0, False)])
def test_a_curve_levels_off_where_its_end_is_flat(middle, levels):
    times = 10.0 ** np.linspace(-2, 2, 50)
    change = np.concatenate([[0.0], times / (times + middle)])[:, None]
    assert half_effects(change, 0.07, times).by_direction[1][3] is levels
