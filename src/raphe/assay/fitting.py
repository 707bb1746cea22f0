"""Nonlinear least squares with standard errors, for curves of a few parameters.

Every measurement is one point of equal weight; replicates are not averaged first. Standard errors
are asymptotic: s² (JᵀJ)⁻¹, with J the derivatives at the optimum and s² the residual sum of
squares over its degrees of freedom [1]_. Concentrations at half effect are fitted as logarithms,
because their errors are closer to normal there; their intervals are therefore asymmetric [2]_.

References
----------
.. [1] Bates DM, Watts DG (1988) Nonlinear Regression Analysis and Its Applications. Wiley.
.. [2] Christopoulos A (1998) Assessing the distribution of parameters in models of
   ligand-receptor interaction: to log or not to log. Trends Pharmacol Sci 19:351.
   (Both cited from memory; not looked up.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from raphe.assay.estimate import Estimate, log_interval, student
from raphe.assay.extra import require

Array = NDArray[np.float64]
#: What a curve predicts at the points of the experiment, for one set of parameters.
Predict = Callable[[Mapping[str, float]], Array]

#: A probability above this speaks for the simpler of two curves.
SIGNIFICANCE = 0.05

#: Singular values of the scaled derivatives below this share of the largest count as nothing.
_RANK_TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True)
class Fit:
    """A curve at its least sum of squares."""

    #: Every parameter, fitted and fixed.
    values: Mapping[str, float]
    #: The fitted ones, in the order of the covariance.
    free: tuple[str, ...]
    #: Covariance of the fitted ones; none where the data do not determine them all.
    covariance: tuple[tuple[float, ...], ...] | None
    #: Residual sum of squares, in squared units of the measurement.
    residual_sum: float
    #: Points less fitted parameters.
    degrees_of_freedom: int

    @property
    def residual_sd(self) -> float:
        """Standard deviation of the points about the curve."""
        return math.sqrt(self.residual_sum / self.degrees_of_freedom)

    def standard_error(self, name: str) -> float | None:
        """Of a fitted parameter; none where it is fixed or not determined."""
        if self.covariance is None or name not in self.free:
            return None
        index = self.free.index(name)
        return math.sqrt(max(self.covariance[index][index], 0.0))

    def estimate(self, name: str, quantity: str, unit: str = "") -> Estimate:
        """A parameter, with a symmetric interval."""
        value, error = self.values[name], self.standard_error(name)
        if error is None:
            return Estimate(quantity, value, unit, note=self._without_error(name))
        half = student(self.degrees_of_freedom) * error
        return Estimate(quantity, value, unit, error, (value - half, value + half))

    def estimate_exp(self, name: str, quantity: str, unit: str = "") -> Estimate:
        """The number whose natural logarithm was fitted, with an asymmetric interval.

        The standard error is that of the logarithm times the value (delta method).
        """
        value, error = math.exp(self.values[name]), self.standard_error(name)
        if error is None:
            return Estimate(quantity, value, unit, note=self._without_error(name))
        interval = log_interval(value, error, student(self.degrees_of_freedom))
        return Estimate(quantity, value, unit, value * error, interval)

    def band(self, predict: Predict) -> tuple[Array, Array, Array] | None:
        """The curve elsewhere with its 95 % confidence band: middle, low, high."""
        if self.covariance is None:
            return None
        middle = predict(self.values)
        jacobian = _derivatives(predict, self.values, self.free)
        variance = np.einsum("ij,jk,ik->i", jacobian, np.asarray(self.covariance), jacobian)
        half = student(self.degrees_of_freedom) * np.sqrt(np.maximum(variance, 0.0))
        return middle, middle - half, middle + half

    def _without_error(self, name: str) -> str:
        return "error not determined" if name in self.free else "fixed"


def fit_curve(
    predict: Predict,
    observed: Array,
    linear: Sequence[str],
    grid: Iterable[Mapping[str, float]],
    fixed: Mapping[str, float],
) -> Fit:
    """The curve nearest to the points.

    Searches a grid of the nonlinear parameters, where the linear ones have a closed form, and
    refines the best point by a trust region. No starting values are asked of anyone.

    Parameters
    ----------
    predict
        The curve at the points of the experiment.
    observed
        Measured at these points.
    linear
        Parameters in which the curve is linear.
    grid
        Starting values of the others.
    fixed
        Parameters that are given; they override the grid and are not fitted.

    Notes
    -----
    The measurements are scaled to 1 first, so dpm and mol give the same digits.
    """
    scale = float(np.max(np.abs(observed))) or 1.0
    target = observed / scale
    free_linear = [name for name in linear if name not in fixed]

    def scaled(values: Mapping[str, float]) -> Array:
        real = {name: value * scale if name in linear else value for name, value in values.items()}
        return predict(real) / scale

    given = {name: value / scale if name in linear else value for name, value in fixed.items()}
    start = _best_start(scaled, target, free_linear, grid, given)
    free = tuple(name for name in start if name not in fixed)
    if free:
        optimize = require("scipy.optimize")

        def residuals(point: Array) -> Array:
            return scaled({**start, **dict(zip(free, point.tolist(), strict=True))}) - target

        with np.errstate(all="ignore"):
            found = optimize.least_squares(
                residuals,
                [start[name] for name in free],
                jac="3-point",
                x_scale="jac",
                ftol=1e-15,
                xtol=1e-15,
                gtol=1e-15,
                max_nfev=500,
            )
        best = {**start, **dict(zip(free, map(float, found.x), strict=True))}
    else:
        best = start
    with np.errstate(all="ignore"):
        residual_sum = float(np.sum((scaled(best) - target) ** 2))
        covariance = _covariance(scaled, best, free, residual_sum, len(target) - len(free))
    size = {name: scale if name in linear else 1.0 for name in best}
    return Fit(
        values={name: value * size[name] for name, value in best.items()},
        free=free,
        covariance=None
        if covariance is None
        else tuple(
            tuple(float(covariance[i, j]) * size[one] * size[other] for j, other in enumerate(free))
            for i, one in enumerate(free)
        ),
        residual_sum=residual_sum * scale**2,
        degrees_of_freedom=len(target) - len(free),
    )


def compare(simple: Fit, full: Fit) -> tuple[float, float]:
    """F and its probability under the simpler of two nested curves (extra sum of squares).

    Small probabilities speak for the fuller curve. Not a number where both are exact.
    """
    extra = simple.degrees_of_freedom - full.degrees_of_freedom
    if full.residual_sum <= 0:
        return math.nan, math.nan
    gain = max(simple.residual_sum - full.residual_sum, 0.0) / extra
    ratio = gain / (full.residual_sum / full.degrees_of_freedom)
    probability = require("scipy.special").fdtrc(extra, full.degrees_of_freedom, ratio)
    return ratio, float(probability)


@dataclass(frozen=True, slots=True)
class HillTest:
    """Whether the data ask for a Hill slope other than 1."""

    ratio: float
    probability: float
    degrees_of_freedom: int

    @property
    def differs(self) -> bool:
        """Whether a slope of 1 is unlikely (p ≤ 0.05)."""
        return self.probability <= SIGNIFICANCE

    def __str__(self) -> str:
        p = "< 0.001" if self.probability < 0.001 else f"= {self.probability:.3f}"
        return f"F(1, {self.degrees_of_freedom}) = {self.ratio:.2f}, p {p}"


def hill_test(classic: Fit, full: Fit, observed: Array) -> HillTest | None:
    """Extra sum of squares of a free Hill slope; none where the data hold no noise to judge by."""
    if full.residual_sum <= 1e-20 * float(np.sum(observed**2)):
        return None
    return HillTest(*compare(classic, full), full.degrees_of_freedom)


def hill(concentration: Array, log_half: float, slope: float) -> Array:
    """Share of the effect at each concentration: cˢ / (hˢ + cˢ), zero at c = 0.

    Parameters
    ----------
    concentration
        From zero, in the unit of the half-effect concentration.
    log_half
        Natural logarithm of the concentration of half effect.
    slope
        Hill slope.

    Examples
    --------
    >>> hill(np.array([0.0, 1.0, 10.0, 100.0]), math.log(10.0), 1.0).round(4).tolist()
    [0.0, 0.0909, 0.5, 0.9091]
    """
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        shift = np.clip(slope * (np.log(concentration) - log_half), -700.0, 700.0)
    share = 1.0 / (1.0 + np.exp(-shift))
    zero = 0.0 if slope > 0 else 1.0
    return np.where(concentration > 0, share, zero).astype(np.float64)


def half_effect_grid(
    concentration: Array, log_half: str, slopes: Mapping[str, Sequence[float]]
) -> list[dict[str, float]]:
    """Starting points that cover the concentrations used and a decade on either side."""
    positive = concentration[concentration > 0]
    low, high = math.log(float(np.min(positive))), math.log(float(np.max(positive)))
    steps = np.linspace(low - math.log(10), high + math.log(10), 41)
    points: list[dict[str, float]] = [{log_half: float(step)} for step in steps]
    for name, values in slopes.items():
        points = [{**point, name: value} for point in points for value in values]
    return points


def _best_start(
    predict: Predict,
    observed: Array,
    linear: Sequence[str],
    grid: Iterable[Mapping[str, float]],
    fixed: Mapping[str, float],
) -> dict[str, float]:
    best: dict[str, float] = {}
    least = math.inf
    for point in grid:
        base = {**point, **dict.fromkeys(linear, 0.0), **fixed}
        offset = predict(base)
        trial = dict(base)
        if linear:
            design = np.column_stack([predict({**base, name: 1.0}) - offset for name in linear])
            solution = np.linalg.lstsq(design, observed - offset, rcond=None)[0]
            trial.update(zip(linear, map(float, solution), strict=True))
        error = float(np.sum((predict(trial) - observed) ** 2))
        if error < least:
            best, least = trial, error
    return best


def _covariance(
    predict: Predict,
    values: Mapping[str, float],
    free: Sequence[str],
    residual_sum: float,
    degrees_of_freedom: int,
) -> Array | None:
    if not free or degrees_of_freedom < 1:
        return None
    jacobian = _derivatives(predict, values, free)
    size = np.linalg.norm(jacobian, axis=0)
    if not np.all(np.isfinite(size)) or np.any(size < _RANK_TOLERANCE):
        return None
    _, singular, rotation = np.linalg.svd(jacobian / size, full_matrices=False)
    if singular[-1] < _RANK_TOLERANCE * singular[0]:
        return None
    inverse = (rotation.T / singular**2) @ rotation / np.outer(size, size)
    return np.asarray(inverse * residual_sum / degrees_of_freedom, dtype=np.float64)


def _derivatives(predict: Predict, values: Mapping[str, float], free: Sequence[str]) -> Array:
    """Central differences: exact to about ten digits for these curves."""
    columns = []
    for name in free:
        step = 6e-6 * max(abs(values[name]), 1e-3)
        above = predict({**values, name: values[name] + step})
        below = predict({**values, name: values[name] - step})
        columns.append((above - below) / (2 * step))
    return np.column_stack(columns)
