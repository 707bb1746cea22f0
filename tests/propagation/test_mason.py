"""Shares of paths against the dense inverse of the whole network."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from raphe.explanation.routes import Explanation
from raphe.finding import Regimen
from raphe.knowledge import load_knowledge
from raphe.model import Model, load_model
from raphe.prediction import predict_treatment
from raphe.propagation.components import strong_components
from raphe.propagation.mason import CANDIDATES, Arrivals, Gains, strongest_paths
from raphe.treatment import Treatment, administer

Array = NDArray[np.float64]


def arrivals_of(matrix: Array, goal: int) -> Arrivals:
    target, source = np.nonzero(matrix)
    gains = Gains.of(len(matrix), source, target, matrix[target, source])
    blocks = strong_components(len(matrix), zip(source.tolist(), target.tolist(), strict=True))
    return Arrivals(gains, [np.array(nodes) for nodes in blocks], goal)


def matrix_of(gains: Gains) -> Array:
    matrix = np.zeros((gains.size, gains.size))
    matrix[gains.target, gains.source] = gains.values
    return matrix


def assert_like_the_inverse(arrivals: Arrivals, imposed: Array) -> int:
    """Row and ratios against Jacobi's identity over the whole; how many paths there were."""
    matrix = matrix_of(arrivals.gains)
    inverse = np.linalg.inv(np.eye(len(matrix)) - matrix)
    np.testing.assert_allclose(arrivals.row, inverse[arrivals.goal], rtol=1e-9, atol=1e-9)
    nodes = set(np.flatnonzero(imposed).tolist())
    paths = strongest_paths(arrivals.gains, imposed, nodes, arrivals.goal)
    for path, gain in paths:
        assert path[-1] == arrivals.goal
        assert len(set(path)) == len(path)
        along = np.prod([matrix[two, one] for one, two in pairwise(path)])
        assert gain == pytest.approx(along, rel=1e-12)
        expected = float(np.linalg.det(inverse[np.ix_(path, path)]))
        assert arrivals.ratio(path) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    return len(paths)


@settings(max_examples=150)
@given(st.integers(1, 14), st.integers(0, 2**32), st.sampled_from([0.08, 0.15, 0.3]))
def test_rows_and_shares_are_those_of_the_dense_inverse(
    size: int, seed: int, density: float
) -> None:
    """Loops upon single nodes, several components, and nodes that nothing connects."""
    random = np.random.default_rng(seed)
    matrix = random.uniform(-0.9, 0.9, (size, size)) * (random.random((size, size)) < density)
    assume(abs(np.linalg.det(np.eye(size) - matrix)) > 1e-3)
    imposed = random.uniform(-1, 1, size)
    assert assert_like_the_inverse(arrivals_of(matrix, int(random.integers(size))), imposed)


def test_all_paths_are_found_and_their_shares_are_the_change() -> None:
    matrix = np.zeros((5, 5))
    for target, source, gain in ((1, 0, 0.5), (2, 1, -0.8), (1, 2, 0.6), (3, 2, 0.7), (3, 0, 0.2)):
        matrix[target, source] = gain
    arrivals, imposed = arrivals_of(matrix, 3), np.array([1.0, 0.0, 0.3, 0.0, 1.0])
    paths = strongest_paths(arrivals.gains, imposed, {0, 2, 4}, 3)
    assert sorted(path for path, _ in paths) == [[0, 1, 2, 3], [0, 3], [2, 3]]
    total = sum(imposed[path[0]] * gain * arrivals.ratio(path) for path, gain in paths)
    assert total == pytest.approx(np.linalg.solve(np.eye(5) - matrix, imposed)[3])
    assert arrivals.upstream == [True, True, True, True, False]


def test_strongest_first_and_no_more_than_are_looked_at() -> None:
    """A ladder of diamonds has 2⁷ paths; the strongest one takes the wide side of each."""
    size = 3 * 7 + 1
    matrix = np.zeros((size, size))
    for start in range(0, size - 1, 3):
        for side, gain in ((1, 0.9), (2, 0.5)):
            matrix[start + side, start] = gain
            matrix[start + 3, start + side] = 1.0
    imposed = np.zeros(size)
    imposed[0] = 1.0
    paths = strongest_paths(arrivals_of(matrix, size - 1).gains, imposed, {0}, size - 1)
    assert len(paths) == CANDIDATES
    assert paths[0][0] == [0] + [one for d in range(0, size - 1, 3) for one in (d + 1, d + 3)]
    sizes = [abs(gain) for _, gain in paths]
    assert sizes == sorted(sizes, reverse=True)


@pytest.fixture(scope="module")
def circuit() -> Model:
    return load_model(load_knowledge(), draws=20)


@pytest.mark.parametrize("regimen", list(Regimen))
def test_on_the_circuit_too(circuit: Model, regimen: Regimen) -> None:
    """With components of many nodes, bounds, and after washout two layers."""
    treatment = Treatment((administer(load_knowledge().drug("desipramine")),))
    prediction = predict_treatment(circuit, treatment, regimen, fragility=False)
    for node in prediction.readouts[::4]:
        explanation = Explanation.of(prediction, node)
        assert_like_the_inverse(explanation.arrivals, explanation.system.imposed)
        # What is imposed anywhere arrives as the change.
        arrived = float(np.array(explanation.arrivals.row) @ explanation.system.imposed)
        assert arrived == pytest.approx(explanation.total, abs=1e-9)
