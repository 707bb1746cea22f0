"""Factors and the inverse at the edges against dense matrices."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st

from raphe.propagation.factorisation import plan_factorisation

pairs = st.sets(
    st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] < pair[1]),
    max_size=12,
)


@given(st.integers(7, 8), pairs, st.integers(0, 2**32))
@example(7, {(0, 1), (1, 2), (2, 3), (0, 3), (0, 4), (4, 5), (3, 5)}, 0)
def test_pivots_tell_what_is_positive_definite_and_the_inverse_is_that_of_numpy(
    size: int, structure: set[tuple[int, int]], seed: int
) -> None:
    ends = np.array(sorted(structure), dtype=np.intp).reshape(-1, 2)
    plan = plan_factorisation(size, ends[:, 0], ends[:, 1])
    draws = 5
    random = np.random.default_rng(seed)
    matrices = np.zeros((draws, size, size))
    rows = np.zeros((plan.pairs, draws))
    rows[: len(ends)] = random.uniform(-0.6, 0.6, (len(ends), draws))
    for (one, other), row in zip(ends, rows, strict=False):
        matrices[:, one, other] = matrices[:, other, one] = row
    pivots = random.uniform(0.4, 1.5, (size, draws))
    matrices[:, np.arange(size), np.arange(size)] = pivots.T
    least = np.linalg.eigvalsh(matrices)[:, 0]
    assume(np.abs(least).min() > 1e-6)
    plan.factor(pivots, rows)
    assert (pivots.min(axis=0) > 0).tolist() == (least > 0).tolist()
    good = least > 0
    determinants = np.linalg.det(matrices[good])
    np.testing.assert_allclose(pivots[:, good].prod(axis=0), determinants, rtol=1e-8)
    plan.invert(pivots, rows)
    inverses = np.linalg.inv(matrices)
    np.testing.assert_allclose(
        pivots[:, good], np.diagonal(inverses, axis1=1, axis2=2).T[:, good], rtol=1e-6
    )
    for (one, other), row in zip(ends, rows, strict=False):
        np.testing.assert_allclose(row[good], inverses[good, one, other], rtol=1e-6, atol=1e-9)
