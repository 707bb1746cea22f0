"""Bmax and Kd: known curves come back, and R, scipy and raphe agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from assay.simulated import close, hyperbola, potencies
from raphe.assay.saturation_binding import saturation_binding
from raphe.errors import InputError

SHAPE = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

#: R's Puromycin data (ppm against counts/min²); a velocity follows the same hyperbola as binding.
CONCENTRATIONS = [0.02, 0.02, 0.06, 0.06, 0.11, 0.11, 0.22, 0.22, 0.56, 0.56, 1.10, 1.10]
TREATED = [76, 47, 97, 107, 123, 139, 159, 152, 191, 201, 207, 200]
UNTREATED = [67, 51, 84, 86, 98, 115, 131, 124, 144, 158, 160]


@settings(deadline=None)
@given(st.floats(1.0, 4.0).map(lambda power: 10.0**power), potencies)
def test_noiseless_specific_binding_gives_its_parameters_back(bmax: float, kd: float) -> None:
    doses = [kd * one for one in SHAPE]
    found = saturation_binding(doses, [hyperbola(dose, bmax, kd) for dose in doses])
    assert close(found.bmax.value, bmax)
    assert close(found.kd.value, kd)
    assert found.nonspecific_slope is None
    assert not found.remarks


@settings(deadline=None)
@given(st.floats(10.0, 1000.0), potencies, st.floats(0.01, 0.5), st.floats(0.6, 1.8))
def test_total_and_nonspecific_together(bmax: float, kd: float, slope: float, hill: float) -> None:
    doses = [kd * one for one in (0.05, *SHAPE, 20.0)]
    blank = [slope * bmax / kd * dose for dose in doses]
    specific = [bmax * dose**hill / (kd**hill + dose**hill) for dose in doses]
    total = [one + other for one, other in zip(blank, specific, strict=True)]
    found = saturation_binding(
        doses, total=total, nonspecific_ligand=doses, nonspecific=blank, hill_slope=None
    )
    assert close(found.bmax.value, bmax, 1e-5)
    assert close(found.kd.value, kd, 1e-5)
    assert close(found.hill.value, hill, 1e-5)
    assert close(found.nonspecific_slope.value, slope * bmax / kd, 1e-5)


@pytest.mark.parametrize(
    ("velocities", "bmax", "bmax_error", "kd", "kd_error"),
    [
        (TREATED, 212.68377326, 6.947156912, 0.06412133, 0.008280955),
        (UNTREATED, 160.28001082, 6.480242918, 0.04770813, 0.007781868),
    ],
)
def test_r_finds_the_same_in_the_puromycin_data(
    velocities: list[float], bmax: float, bmax_error: float, kd: float, kd_error: float
) -> None:
    """Output of R's nls on a course page of Johns Hopkins (Statistics for Laboratory Scientists).

    The data are those of Bates & Watts (1988), who give the same values.
    """
    found = saturation_binding(CONCENTRATIONS[: len(velocities)], velocities, unit="ppm")
    assert found.bmax.value == pytest.approx(bmax, rel=1e-6)
    assert found.bmax.standard_error == pytest.approx(bmax_error, rel=1e-5)
    assert found.kd.value == pytest.approx(kd, rel=1e-5)
    assert found.kd.standard_error == pytest.approx(kd_error, rel=1e-5)


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_values_and_errors_equal_those_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    doses = np.repeat(SHAPE, 3)
    total = hyperbola(doses, 80.0, 1.0) + 2.0 * doses + rng.normal(0, 2, len(doses))
    blank = 2.0 * doses + rng.normal(0, 1, len(doses))

    def both(x, bmax, kd, slope):
        half = len(x) // 2
        return np.concatenate([bmax * x[:half] / (kd + x[:half]), 0 * x[half:]]) + slope * x

    values, covariance = curve_fit(
        both, np.concatenate([doses, doses]), np.concatenate([total, blank]), (80, 1, 2),
        ftol=1e-13, xtol=1e-13,
    )  # fmt: skip
    found = saturation_binding(
        doses.tolist(), total=total.tolist(), nonspecific_ligand=doses.tolist(),
        nonspecific=blank.tolist(),
    )  # fmt: skip
    errors = np.sqrt(np.diag(covariance))
    for one, value, error in zip(
        (found.bmax, found.kd, found.nonspecific_slope), values, errors, strict=True
    ):
        assert one.value == pytest.approx(value, rel=1e-5)
        assert one.standard_error == pytest.approx(error, rel=1e-3)


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_tubes_is_immaterial(random) -> None:
    pairs = list(zip(CONCENTRATIONS, TREATED, strict=True))
    random.shuffle(pairs)
    shuffled = saturation_binding([dose for dose, _ in pairs], [value for _, value in pairs])
    assert shuffled == saturation_binding(CONCENTRATIONS, TREATED)


def test_a_curve_that_does_not_saturate_is_not_trusted() -> None:
    doses = [0.01, 0.02, 0.05, 0.1, 0.2]
    steep = saturation_binding(doses, [hyperbola(dose, 100, 5.0) for dose in doses])
    assert "do not bracket Kd" in steep.remarks[0]
    doses = [0.1, 0.3, 1.0, 2.0]
    short = saturation_binding(doses, [hyperbola(dose, 100, 1.0) for dose in doses])
    assert short.remarks == (
        "The highest concentration reaches 67% of Bmax; the rest is extrapolated.",
    )


def test_total_binding_alone_is_fitted_with_a_warning() -> None:
    doses = [*SHAPE, 20.0, 40.0]
    found = saturation_binding(doses, total=[hyperbola(one, 50, 1.0) + 0.5 * one for one in doses])
    assert close(found.bmax.value, 50.0, 1e-5)
    assert any("No non-specific tubes" in remark for remark in found.remarks)


def test_the_slope_is_tested_against_one() -> None:
    rng = np.random.default_rng(2)
    doses = np.repeat(SHAPE, 3).tolist()
    steep = [80 * dose**2 / (1 + dose**2) + rng.normal(0, 1) for dose in doses]
    plain = [hyperbola(dose, 80, 1.0) + rng.normal(0, 1) for dose in doses]
    differs = saturation_binding(doses, steep, hill_slope=None).remarks
    fits = saturation_binding(doses, plain, hill_slope=None).remarks
    assert any("differs from 1" in remark for remark in differs)
    assert any("of 1 fits as well" in remark for remark in fits)


def test_too_few_concentrations_are_refused() -> None:
    with pytest.raises(InputError, match="2 different concentrations are too few"):
        saturation_binding([1.0, 1.0, 2.0], [1.0, 1.1, 1.5])
