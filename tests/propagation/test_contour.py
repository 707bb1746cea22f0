"""One set of poles for every stable matrix in the wedge, and every time in the span."""

from __future__ import annotations

import numpy as np
import pytest

from raphe.propagation.contour import SPAN, WEDGE, WORST, resolvents, weights_at

FRACTIONS = np.geomspace(1 / SPAN, 1.0, 41)


def points(angle: float) -> np.ndarray:
    return np.concatenate([[0], -np.geomspace(1e-6, 1e7, 3000) * np.exp(-1j * np.radians(angle))])


@pytest.mark.parametrize("angle", [0.0, 20.0, 40.0, 50.0, WEDGE])
@pytest.mark.parametrize("weigh", [resolvents().weights, weights_at])
def test_the_error_is_no_larger_than_is_said(angle, weigh):
    z = points(angle)
    one = resolvents()
    weights = weigh(FRACTIONS)
    near, far = 1 / (one.poles - z[:, None]), 1 / (one.poles.conj() - z[:, None])
    found = near @ weights + far @ weights.conj()
    assert np.abs(found - np.exp(z[:, None] * FRACTIONS)).max() < WORST


def test_beyond_the_wedge_it_is_larger():
    z = points(85.0)
    one = resolvents()
    found = (1 / (one.poles - z[:, None])) @ one.weights(FRACTIONS)
    found += (1 / (one.poles.conj() - z[:, None])) @ one.weights(FRACTIONS).conj()
    assert np.abs(found - np.exp(z[:, None] * FRACTIONS)).max() > 1e-3
