"""Exponentials of stable matrices as sums of resolvents, uniformly over a wedge and a span of time.

With poles sₖ above the real axis and weights wₖ(f) that do not depend on the matrix,

    exp(f z) ≈ 2 Re Σ wₖ(f) / (sₖ − z)      wherever |arg(−z)| ≤ 58°, for every f from 1/4 to 1,

so one solve for each pole gives a linear system at *all* times from h/4 to h, however stiff it is:
there is no step that the fastest node sets. The poles lie on a hyperbola around the wedge; the
weights are the least-squares fit on its edge. By the maximum principle the error inside is no
larger than on the edge; `WORST` is what tests/propagation/test_contour.py holds it to.

J. A. C. Weideman and L. N. Trefethen, "Parabolic and hyperbolic contours for computing the
Bromwich integral", Math. Comp. 76 (2007) 1341–1356.
M. López-Fernández, C. Palencia and A. Schädle, "A spectral order method for inverting sectorial
Laplace transforms", SIAM J. Numer. Anal. 44 (2006) 1332–1350.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.arrays import Floats

Complex = NDArray[np.complex128]

#: Half the opening of the wedge in which the eigenvalues lie, in degrees.
WEDGE = 58.0
#: The latest time of a window over its earliest.
SPAN = 4.0
#: Largest error of an exponential within the wedge.
WORST = 1e-9
#: Poles above the real axis; the hyperbola's angle, scale and end.
_POLES = 24
_ANGLE, _SCALE, _END = np.radians(20.0), 12.0, 3.5
#: Where on the edge of the wedge the weights are fitted: moduli, and how many.
_NEAREST, _FARTHEST, _SAMPLES = 1e-3, 1e5, 500


@dataclass(frozen=True)
class Resolvents:
    """Poles, and what turns values of a function on the wedge's edge into weights."""

    #: *k*.
    poles: Complex
    #: Points on the edge, *p*.
    edge: Complex
    #: Orthogonal and triangular factor of what the poles give there, and the size of its columns.
    #: Factors, not a pseudo-inverse: its entries are so large that they would cancel.
    orthogonal: Floats
    triangular: Floats
    size: Floats

    def weights(self, fractions: Floats) -> Complex:
        """Weights of each pole at each fraction of the window, *k × fractions*."""
        values = np.exp(self.edge[:, None] * fractions)
        seen = self.orthogonal.T @ np.concatenate([values.real, values.imag])
        parts = np.linalg.solve(self.triangular, seen) / self.size[:, None]
        count = len(self.poles)
        return np.asarray(parts[:count] + 1j * parts[count:])


#: Points in the logarithm of the fraction through which weights are interpolated.
_POINTS = 40


@lru_cache(maxsize=1)
def _table() -> tuple[Floats, Floats, Complex]:
    """Chebyshev's points, their barycentric factors, and the weights there, *points × k*."""
    angle = np.pi * np.arange(_POINTS) / (_POINTS - 1)
    factor = np.where(np.arange(_POINTS) % 2, -1.0, 1.0)
    factor[[0, -1]] /= 2
    fractions = SPAN ** ((np.cos(angle) - 1) / 2)
    return np.cos(angle), factor, np.ascontiguousarray(resolvents().weights(fractions).T)


def weights_at(fractions: Floats) -> Complex:
    """Weights at any fractions of a window, *k × fractions*, interpolated from a table."""
    points, factor, table = _table()
    place = 1 + 2 * np.log(np.clip(fractions, 1 / SPAN, 1.0)) / np.log(SPAN)
    gap = place[:, None] - points
    exact = gap == 0
    share = factor / np.where(exact, 1.0, gap)
    hit = exact.any(axis=1)
    share[hit] = exact[hit]
    share /= share.sum(axis=1, keepdims=True)
    return np.asarray((share @ table).T)


@lru_cache(maxsize=1)
def resolvents() -> Resolvents:
    """The poles and weights; worked out when they are first needed.

    Examples
    --------
    >>> one = resolvents()
    >>> z, w = -3.0, one.weights(np.array([0.5]))[:, 0]
    >>> abs(2 * (w / (one.poles - z)).sum().real - np.exp(0.5 * z)) < WORST
    np.True_
    """
    turn = (np.arange(_POLES) + 0.5) * _END / _POLES
    poles = _SCALE * (1 + np.sin(1j * turn - _ANGLE))
    moduli = np.geomspace(_NEAREST, _FARTHEST, _SAMPLES)
    edge = np.concatenate([[0.0], -moduli * np.exp(-1j * np.radians(WEDGE)), -moduli[::4]])
    near = 1 / (poles - edge[:, None])
    far = 1 / (poles.conj() - edge[:, None])
    terms = np.concatenate([near + far, 1j * (near - far)], axis=1)
    matrix = np.concatenate([terms.real, terms.imag])
    size = np.linalg.norm(matrix, axis=0)
    orthogonal, triangular = np.linalg.qr(matrix / size)
    return Resolvents(poles, edge, orthogonal, triangular, size)
