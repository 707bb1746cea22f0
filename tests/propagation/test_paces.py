"""Stability with adaptations far slower than the rest: against the eigenvalues themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from raphe.propagation import paces
from raphe.propagation.loops import Loops, find_loops
from raphe.propagation.plan import plan_reduction
from raphe.propagation.reduction import gains, reduce

Array = NDArray[np.float64]


def a_net(seed: int, size: int, draws: int, strength: float) -> Loops:
    """A ring with chords; some chords are adaptations."""
    random = np.random.default_rng(seed)
    ring = [(node, (node + 1) % size) for node in range(size)]
    chords = {
        (int(one), int(two))
        for one, two in random.integers(size, size=(size // 2, 2))
        if one != two and (int(one), int(two)) not in ring
    }
    ends = ring + sorted(chords)
    slow = np.array([False] * size + [number % 3 == 0 for number in range(len(chords))], dtype=bool)
    typical = strength * random.choice([-1.0, 1.0], len(ends)) * random.uniform(0.6, 1.2, len(ends))
    weights = typical[:, None] * random.uniform(0.7, 1.3, (len(ends), draws))
    source, target = np.array(ends).T
    (loops,) = find_loops(source, target, slow, weights, np.zeros(size, dtype=np.intp))
    return loops


def dense(loops: Loops) -> Array:
    matrix = np.zeros((loops.draws, loops.size, loops.size))
    for edge, weight in enumerate(loops.weights):
        matrix[:, loops.target[edge], loops.source[edge]] += weight
    return matrix


def by_eigenvalues(loops: Loops) -> list[bool]:
    """The definition."""
    early, late = np.flatnonzero(~loops.is_late), np.flatnonzero(loops.is_late)
    verdicts = []
    for matrix in dense(loops):
        fast = matrix[np.ix_(early, early)]
        upon = matrix[np.ix_(late, late)] + matrix[np.ix_(late, early)] @ np.linalg.solve(
            np.eye(len(early)) - fast, matrix[np.ix_(early, late)]
        )
        parts = [np.linalg.eigvals(one).real.max(initial=-np.inf) for one in (fast, upon)]
        verdicts.append(max(parts) < 1 - 1e-9)
    return verdicts


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(12, 26), st.floats(0.7, 1.3))
def test_verdicts_are_those_of_the_eigenvalues(seed: int, size: int, strength: float) -> None:
    loops = a_net(seed, size, 14, strength)
    scale = np.random.default_rng(seed).uniform(-0.2, 0.2, (loops.size, loops.draws))
    assert paces.is_plainly_stable(loops, scale).tolist() == by_eigenvalues(loops)


@pytest.mark.parametrize("strength", [0.8, 0.95, 1.1])
def test_a_function_is_never_found_where_there_is_none(strength: float) -> None:
    found = 0
    for seed in range(25):
        loops = a_net(seed, 20, 20, strength)
        nodes = np.flatnonzero(~loops.is_late)
        has = paces._has_function(loops, np.zeros((loops.size, loops.draws)), nodes)
        fast = dense(loops)[:, nodes[:, None], nodes]
        rightmost = np.linalg.eigvals(fast).real.max(axis=1)
        assert (rightmost[has] < 1).all()
        found += int(has.sum())
    assert found


@given(st.integers(0, 2**32), st.integers(1, 9))
def test_lyapunovs_equation_is_solved(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    matrix = np.eye(size) - random.uniform(-0.3, 0.3, (size, size))
    found = paces._lyapunov_matrix(matrix)
    if np.linalg.eigvals(matrix).real.min() < 0.05:
        return
    assert found is not None
    np.testing.assert_allclose(found @ matrix + matrix.T @ found, 2 * np.eye(size), atol=1e-7)


def test_what_is_not_stable_has_none() -> None:
    assert paces._lyapunov_matrix(np.array([[1.0, -2.0], [-2.0, 1.0]])) is None


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.integers(2, 9))
def test_what_is_left_of_a_network_is_its_schur_complement(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    matrix = random.uniform(-0.8, 0.8, (size, size)) * (random.random((size, size)) < 0.4)
    kept = np.flatnonzero(random.random(size) < 0.5)
    rest = np.setdiff1d(np.arange(size), kept)
    target, source = np.nonzero(matrix)
    everything = np.ones(len(source), dtype=bool)
    plan = plan_reduction(size, source, target, everything, frozenset(kept.tolist()))
    left, least = reduce(plan, gains(plan, matrix[target, source][:, None]))
    if least[0] < 0.05:
        return
    brought = np.linalg.solve(
        np.eye(len(rest)) - matrix[np.ix_(rest, rest)], matrix[np.ix_(rest, kept)]
    )
    expected = matrix[np.ix_(kept, kept)] + matrix[np.ix_(kept, rest)] @ brought
    np.testing.assert_allclose(left[0], expected, atol=1e-9)


def test_a_pivot_of_zero_on_the_way_decides_nothing() -> None:
    """a hears itself fully, which b undoes: eliminated first, a would divide by zero."""
    ends = [("a", "a", 1.0), ("b", "a", 2.0), ("a", "b", -2.0), ("z", "b", 0.5), ("a", "z", -1.0)]
    index = {"a": 0, "b": 1, "z": 2}
    source = np.array([index[one] for one, _, _ in ends])
    target = np.array([index[two] for _, two, _ in ends])
    slow = np.array([False, False, False, False, True])
    weights = np.array([[gain] for *_, gain in ends])
    (loops,) = find_loops(source, target, slow, weights, np.zeros(3, dtype=np.intp))
    scale = np.zeros((loops.size, 1))
    assert paces.is_plainly_stable(loops, scale).tolist() == by_eigenvalues(loops) == [True]
    # The other way round, the adaptation runs away.
    loops = replace(loops, weights=np.where(loops.weights == -1.0, 9.0, loops.weights))
    loops = replace(loops, weights=np.where(loops.weights == 0.5, 20.0, loops.weights))
    assert paces.is_plainly_stable(loops, scale).tolist() == by_eigenvalues(loops) == [False]
