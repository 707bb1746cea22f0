"""The search for scales: its derivatives against differences, its findings against eigenvalues."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from raphe.propagation import lyapunov
from raphe.propagation.loops import Loops, find_loops
from strategies_networks import Sketch, sketches

Array = NDArray[np.float64]
STEP = 1e-6


def ring(size: int, gain: float) -> list[Loops]:
    """A negative loop of equals with a chord."""
    names = "abcdefgh"[:size]
    edges = {f"{one} -> {other}": 1.0 for one, other in pairwise(names)}
    edges |= {f"{names[-1]} -| a": 1.0, "c -> b": 0.4}
    return loops_of(Sketch(dict.fromkeys(names, ("process", 0.5)), edges), gain)


def loops_of(sketch: Sketch, gain: float = 1.0) -> list[Loops]:
    network = sketch.network()
    low = np.array([one.low for one in network.strengths]).reshape(-1, 1)
    weights = gain * network.sign[:, None] * low
    ends = network.source, network.target, network.slow
    return list(find_loops(*ends, weights, network.component))


def matrix_of(loops: Loops, scale: Array, weights: Array) -> Array:
    matrix = np.zeros((loops.size, loops.size))
    sizes = weights * np.exp(scale[loops.source] - scale[loops.target])
    np.add.at(matrix, (loops.target, loops.source), sizes)
    return matrix


def barrier(loops: Loops, scale: Array, weights: Array, bound: float) -> float:
    """The definition."""
    matrix = matrix_of(loops, scale, weights)
    system = bound * np.eye(loops.size) - (matrix + matrix.T) / 2
    assert np.linalg.eigvalsh(system)[0] > 0
    return -float(np.log(np.linalg.det(system)))


def differences(function: Callable[[Array], Any], at: Array) -> Array:
    """Central differences, along the last axis."""
    moves = STEP * np.eye(len(at))
    return np.stack([(function(at + m) - function(at - m)) / (2 * STEP) for m in moves], axis=-1)


def slope_of(loops: Loops, scale: Array, weights: Array, bound: float) -> Array:
    return lyapunov._derivatives(matrix_of(loops, scale, weights), bound)[0]


@settings(max_examples=40)
@given(st.integers(3, 6), st.integers(0, 2**32))
def test_slope_and_bend_are_the_derivatives_of_the_barrier(size: int, seed: int) -> None:
    (loops,) = ring(size, 0.9)
    random = np.random.default_rng(seed)
    scale, bound = random.uniform(-0.3, 0.3, size), 2.5
    weights = loops.weights[:, 0] * random.uniform(0.7, 1.3, len(loops.weights))
    matrix = matrix_of(loops, scale, weights)
    assume(np.linalg.eigvalsh((matrix + matrix.T) / 2)[-1] < 2)
    slope, _, inverse, skewed = lyapunov._derivatives(matrix, bound)
    np.testing.assert_allclose(
        slope, differences(lambda s: barrier(loops, s, weights, bound), scale), atol=1e-7
    )
    np.testing.assert_allclose(
        lyapunov._bend(loops, weights, scale, inverse, skewed),
        differences(lambda w: slope_of(loops, scale, w, bound), weights),
        atol=1e-7,
    )
    assert lyapunov._barrier(matrix, bound) == pytest.approx(barrier(loops, scale, weights, bound))


def test_the_curvature_is_that_of_the_barrier_where_nothing_is_left_out() -> None:
    """With positive weights alone, no term is negative."""
    names = "abcd"
    edges = {f"{one} -> {other}": 0.3 for one in names for other in names if one != other}
    (loops,) = loops_of(Sketch(dict.fromkeys(names, ("process", 0.5)), edges), 0.8)
    scale, weights = np.array([0.1, -0.2, 0.3, 0.0]), loops.weights[:, 0]
    _, curvature, *_ = lyapunov._derivatives(matrix_of(loops, scale, weights), 1.2)
    expected = differences(lambda s: slope_of(loops, s, weights, 1.2), scale)
    np.testing.assert_allclose(curvature, expected, atol=1e-5)


@given(sketches(heaviest=2.5, least_nodes=2, most_nodes=6))
def test_what_is_proved_has_scales_that_prove_it(sketch: Sketch) -> None:
    """A necessary condition by eigenvalues: the loops stay stable when scaled down at random."""
    random = np.random.default_rng(5)
    for loops in loops_of(sketch):
        if lyapunov.find_scales(loops)[0]:
            matrix = matrix_of(loops, np.zeros(loops.size), loops.weights[:, 0])
            for _ in range(30):
                left = random.uniform(0, 1, loops.size)
                pace = 10 ** random.uniform(-2, 2, loops.size)
                moving = pace[:, None] * (left[:, None] * matrix - np.eye(loops.size))
                assert np.linalg.eigvals(moving).real.max() < 1e-9


@pytest.mark.parametrize("size", [3, 4, 5, 6])
def test_the_centre_of_a_typical_draw_proves_it_where_the_secant_says_so(size: int) -> None:
    names = "abcdefgh"[:size]
    edges = {f"{one} -> {other}": 1.0 for one, other in pairwise(names)}
    edges[f"{names[-1]} -| a"] = 1.0
    for factor, proved in ((0.99, True), (1.01, False)):
        sketch = Sketch(dict.fromkeys(names, ("process", 0.5)), edges)
        (loops,) = loops_of(sketch, factor / np.cos(np.pi / size))
        # Unequal gains of the same product, which the scales have to even out.
        weights = loops.weights[:, 0] * np.array([4.0, 0.25, *[1.0] * (size - 2)])
        centre = lyapunov._centred(loops, weights, np.zeros(size))
        matrix = matrix_of(loops, centre.scale, weights)
        assert (np.linalg.eigvalsh((matrix + matrix.T) / 2)[-1] < 1) is np.bool_(proved)
