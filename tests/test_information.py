"""Information: held against counting by hand, plain formulas, and noise."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raphe.information import Events, contingency, floor, information


@st.composite
def pairs_of_events(draw: st.DrawFn) -> tuple[Events, Events]:
    draws = draw(st.integers(1, 12))
    outcome = st.lists(st.integers(0, 2), min_size=draws, max_size=draws)
    rows, columns = (draw(st.lists(outcome, min_size=1, max_size=3)) for _ in range(2))
    return Events(np.array(rows, dtype=np.int8)), Events(np.array(columns, dtype=np.int8))


def bits_of(counted: Counter[object]) -> float:
    total = sum(counted.values())
    return -sum(n / total * math.log2(n / total) for n in counted.values())


@given(pairs_of_events())
def test_pairs_are_counted_as_a_hand_would(pair: tuple[Events, Events]) -> None:
    rows, columns = pair
    tables = contingency(rows, columns)
    for i, row in enumerate(rows.codes):
        for j, column in enumerate(columns.codes):
            counted = Counter(zip(row.tolist(), column.tolist(), strict=True))
            for one in range(3):
                for other in range(3):
                    assert tables[one, other, i, j] == counted[one, other]


@given(pairs_of_events())
def test_information_is_what_entropies_leave(pair: tuple[Events, Events]) -> None:
    rows, columns = pair
    plain = information(rows, columns, 1).plain
    for i, row in enumerate(rows.codes.tolist()):
        for j, column in enumerate(columns.codes.tolist()):
            own, other = bits_of(Counter(row)), bits_of(Counter(column))
            both = bits_of(Counter(zip(row, column, strict=True)))
            assert plain[i, j] == pytest.approx(own + other - both, abs=1e-9)
            assert plain[i, j] <= min(own, other) + 1e-9
            assert rows.entropy[i] == pytest.approx(own, abs=1e-9)
    np.testing.assert_allclose(plain, information(columns, rows, 1).plain.T, atol=1e-9)


def test_the_floor_is_the_tail_of_chi_square() -> None:
    stats = pytest.importorskip("scipy.stats")
    for draws in (50, 1000):
        for pairs in (1, 30, 60_000, 23_000_000):
            limit = stats.chi2.isf(0.05 / pairs, 4) / (2 * draws * math.log(2))
            assert floor(draws, pairs) == pytest.approx(float(limit), rel=1e-6)


def noise(seed: int, size: int, shares: tuple[float, ...], draws: int = 1000) -> Events:
    random = np.random.default_rng(seed)
    return Events(random.choice(3, (size, draws), p=shares).astype(np.int8))


@pytest.mark.parametrize("shares", [(0.3, 0.3, 0.4), (0.5, 0.0, 0.5), (0.02, 0.01, 0.97)])
def test_noise_among_thousands_does_not_rank(shares: tuple[float, ...]) -> None:
    """At most one body of draws in twenty should have a pair above the floor; here of forty."""
    above, plain = 0, []
    for seed in range(40):
        rows, columns = noise(seed, 300, shares), noise(seed + 1000, 10, (0.4, 0.3, 0.3))
        told = information(rows, columns, 3000)
        above += bool((told.bits > 0).any())
        plain.append(told.plain.max())
    # Seven of forty or more come about with p < 0.01 where each has p = 0.05.
    assert above <= 6
    # Without the floor, the greatest would stand at the top of every list.
    assert min(plain) > 0.003


def test_the_usual_excess_is_taken_off() -> None:
    rows, columns = noise(1, 300, (0.3, 0.3, 0.4)), noise(2, 20, (0.4, 0.3, 0.3))
    told = information(rows, columns, 1)
    # Four ways to depend, so many draws: 4 / (2 · 1000 · ln 2) bits.
    assert told.plain.mean() == pytest.approx(0.00289, rel=0.1)


def test_what_is_there_is_found_and_measured() -> None:
    """A copy that is wrong in one of ten draws: 1 − H(0.1) = 0.531 bits."""
    random = np.random.default_rng(3)
    coin = random.integers(0, 2, 20_000)
    copy = np.where(random.random(20_000) < 0.1, 1 - coin, coin)
    told = information(Events(coin[None].astype(np.int8)), Events(copy[None].astype(np.int8)), 1000)
    expected = 1 + 0.1 * math.log2(0.1) + 0.9 * math.log2(0.9)
    assert told.bits[0, 0] == pytest.approx(expected, abs=0.02)
