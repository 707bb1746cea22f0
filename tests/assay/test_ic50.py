"""IC50: known curves come back, and R, scipy and raphe agree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from assay.simulated import Competition, close, competitions
from raphe.assay.ic50 import Bracket, ic50
from raphe.errors import InputError

CURVE = Competition(ic50=5.0, hill=1.0, top=100.0, bottom=2.0)


@settings(deadline=None)
@given(competitions())
def test_a_noiseless_curve_gives_its_parameters_back(truth: Competition) -> None:
    found = ic50(truth.concentrations, truth.responses)
    assert close(found.ic50.value, truth.ic50)
    assert close(found.hill.value, truth.hill)
    assert close(found.top.value, truth.top)
    assert math.isclose(found.bottom.value, truth.bottom, abs_tol=1e-6 * truth.top)
    assert found.bracket is Bracket.INSIDE


@settings(deadline=None)
@given(competitions(), st.integers(0, 10_000))
@example(CURVE, 0)
def test_a_fixed_slope_gives_the_classic_curve(truth: Competition, seed: int) -> None:
    doses, responses = truth.noisy(seed)
    free, fixed = ic50(doses, responses), ic50(doses, responses, hill_slope=1.0)
    assert fixed.hill.value == 1.0
    assert fixed.hill.note == "fixed"
    assert fixed.hill.standard_error is None
    assert fixed.fit.degrees_of_freedom == free.fit.degrees_of_freedom + 1
    assert fixed.fit.residual_sum >= free.fit.residual_sum * (1 - 1e-9)


@settings(deadline=None)
@given(competitions(), st.integers(0, 10_000))
@example(CURVE, 0)
def test_values_and_errors_equal_those_of_scipy(truth: Competition, seed: int) -> None:
    doses, responses = truth.noisy(seed)

    def logistic(log_dose, top, bottom, log_ic50, slope):
        return bottom + (top - bottom) / (1 + np.exp(slope * (log_dose - log_ic50)))

    def slopes(log_dose, top, bottom, log_ic50, slope):
        share = 1 / (1 + np.exp(slope * (log_dose - log_ic50)))
        steep = (top - bottom) * share * (1 - share)
        return np.column_stack([share, 1 - share, slope * steep, steep * (log_ic50 - log_dose)])

    start = (truth.top, truth.bottom, math.log(truth.ic50), truth.hill)
    tight = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15, "maxfev": 10_000}
    values, covariance = curve_fit(logistic, np.log(doses), responses, start, jac=slopes, **tight)
    errors = np.sqrt(np.diag(covariance))
    found = ic50(doses, responses)
    assert found.fit.values["log_ic50"] == pytest.approx(values[2], abs=1e-5)
    assert found.hill.value == pytest.approx(values[3], rel=1e-5)
    assert found.fit.standard_error("log_ic50") == pytest.approx(errors[2], rel=1e-3)
    assert found.hill.standard_error == pytest.approx(errors[3], rel=1e-3)
    assert found.top.standard_error == pytest.approx(errors[0], rel=1e-3)
    assert found.bottom.standard_error == pytest.approx(errors[1], rel=1e-3)


@settings(deadline=None)
@given(competitions(), st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_tubes_is_immaterial(truth, seed, random) -> None:
    doses, responses = truth.noisy(seed)
    pairs = list(zip(doses, responses, strict=True))
    random.shuffle(pairs)
    shuffled = ic50([dose for dose, _ in pairs], [value for _, value in pairs])
    assert shuffled == ic50(doses, responses)


@settings(deadline=None)
@given(competitions(), st.integers(0, 10_000))
def test_the_unit_of_concentration_is_immaterial(truth: Competition, seed: int) -> None:
    doses, responses = truth.noisy(seed)
    nano = ic50(doses, responses)
    micro = ic50([dose / 1000 for dose in doses], responses, unit="µM")
    assert micro.ic50.value * 1000 == pytest.approx(nano.ic50.value, rel=1e-6)
    assert micro.ic50.standard_error * 1000 == pytest.approx(nano.ic50.standard_error, rel=1e-4)


@settings(deadline=None)
@given(competitions(), st.integers(0, 10_000), st.floats(0.01, 100.0), st.floats(-50.0, 50.0))
def test_the_scale_of_the_response_is_immaterial(truth, seed, factor, shift) -> None:
    doses, responses = truth.noisy(seed)
    plain = ic50(doses, responses)
    span = truth.top - truth.bottom
    moved = ic50(doses, [factor * (value + shift * span / 100) for value in responses])
    assert moved.ic50.value == pytest.approx(plain.ic50.value, rel=1e-5)
    assert moved.ic50.standard_error == pytest.approx(plain.ic50.standard_error, rel=1e-3)


def test_the_interval_covers_the_truth_95_times_in_100() -> None:
    covered = {"ic50": 0, "hill": 0, "top": 0}
    for seed in range(400):
        found = ic50(*CURVE.noisy(seed, share=0.04, replicates=2))
        for name, truth in (("ic50", 5.0), ("hill", 1.0), ("top", 100.0)):
            low, high = getattr(found, name).interval
            covered[name] += low <= truth <= high
    # 95 % of 400 is 380; three standard deviations of the binomial are 13.
    assert all(367 <= count <= 393 for count in covered.values()), covered


def test_the_standard_error_is_the_scatter_of_repeated_experiments() -> None:
    results = [ic50(*CURVE.noisy(seed, share=0.03)).ic50 for seed in range(300)]
    scatter = float(np.std([one.value for one in results], ddof=1))
    told = float(np.mean([one.standard_error for one in results]))
    assert told == pytest.approx(scatter, rel=0.12)


@pytest.mark.parametrize(
    ("range_of_doses", "bracket", "relation", "bound"),
    [
        ((0.001, 1.0), Bracket.ABOVE, ">", 1.0),
        ((20.0, 20000.0), Bracket.BELOW, "<", 20.0),
        ((0.05, 500.0), Bracket.INSIDE, "=", 5.0),
    ],
)
def test_data_that_do_not_bracket_the_ic50_give_a_bound(
    range_of_doses: tuple[float, float], bracket: Bracket, relation: str, bound: float
) -> None:
    doses = np.geomspace(*range_of_doses, 10).tolist()
    rng = np.random.default_rng(3)
    responses = [2 + 98 / (1 + dose / 5.0) + rng.normal(0, 0.2) for dose in doses]
    found = ic50(doses, responses, hill_slope=1.0)
    assert found.bracket is bracket
    assert found.ic50.relation == relation
    assert found.ic50.value == pytest.approx(bound, rel=0.05)
    assert (found.ic50.interval is None) == (relation != "=")
    assert any("do not bracket" in remark for remark in found.remarks) == (relation != "=")


def test_no_effect_is_said_and_not_fitted() -> None:
    rng = np.random.default_rng(5)
    doses = np.geomspace(0.1, 1000, 9).tolist()
    flat = ic50([0.0, *doses], rng.normal(100, 3, 10).tolist())
    assert flat.bracket is Bracket.NO_EFFECT
    assert str(flat.ic50) == "IC50 > 1000 nM"
    without_control = ic50(doses, [100.0] * 9)
    assert math.isnan(without_control.ic50.value)
    assert without_control.ic50.note == "not determined by these data"


def test_controls_without_competitor_count_as_the_top() -> None:
    doses = [0.0, 0.0, *CURVE.concentrations]
    found = ic50(doses, [100.0, 100.0, *CURVE.responses])
    assert close(found.ic50.value, 5.0)


def test_a_rising_response_has_an_ec50() -> None:
    doses = CURVE.concentrations
    found = ic50(doses, [10 + 90 * dose / (dose + 5.0) for dose in doses])
    assert close(found.ic50.value, 5.0)
    assert found.top.value < found.bottom.value
    assert "The response rises with the concentration: the midpoint is an EC50." in found.remarks


def test_a_plateau_out_of_sight_is_mentioned() -> None:
    doses = np.geomspace(0.05, 8.0, 12).tolist()
    rng = np.random.default_rng(1)
    responses = [100 / (1 + dose / 5.0) + rng.normal(0, 0.4) for dose in doses]
    found = ic50(doses, responses, hill_slope=1.0)
    assert any("bottom plateau" in one and "extrapolated" in one for one in found.remarks)
    assert not ic50(doses, responses, hill_slope=1.0, bottom=0.0).remarks


def test_the_slope_is_tested_against_one() -> None:
    steep = Competition(5.0, 2.0, 100.0, 0.0)
    assert any("differs from 1" in one for one in ic50(*steep.noisy(1)).remarks)
    assert any("of 1 fits as well" in one for one in ic50(*CURVE.noisy(1)).remarks)


#: R's DNase data, run 1 (ELISA; ng/ml against optical density).
DNASE = (
    [0.04882812, 0.1953125, 0.390625, 0.78125, 1.5625, 3.125, 6.25, 12.5],
    [(0.017, 0.018), (0.121, 0.124), (0.206, 0.215), (0.377, 0.374), (0.614, 0.609),
     (1.019, 1.001), (1.334, 1.364), (1.73, 1.71)],
)  # fmt: skip


def dnase() -> tuple[list[float], list[float]]:
    doses = [dose for dose in DNASE[0] for _ in range(2)]
    return doses, [value for pair in DNASE[1] for value in pair]


def test_r_finds_the_same_four_parameters_in_the_dnase_data() -> None:
    """R's own reference output, tests/Examples/datasets-Ex.Rout.save: SSfpl(log(conc), …)."""
    found = ic50(*dnase())
    # R's A and B are the plateaus at low and high concentration, xmid = ln EC50, scal = 1/slope.
    assert found.top.value == pytest.approx(-0.007897, abs=5e-7)
    assert found.top.standard_error == pytest.approx(0.017200, abs=5e-7)
    assert found.bottom.value == pytest.approx(2.377239, abs=5e-7)
    assert found.bottom.standard_error == pytest.approx(0.109516, abs=5e-7)
    assert found.fit.values["log_ic50"] == pytest.approx(1.507403, abs=5e-7)
    assert found.fit.standard_error("log_ic50") == pytest.approx(0.102080, abs=5e-7)
    assert 1 / found.hill.value == pytest.approx(1.062579, abs=5e-7)
    # The standard error of 1/h is that of ln h over h.
    assert found.fit.standard_error("log_hill") / found.hill.value == pytest.approx(
        0.056996, abs=5e-7
    )
    assert found.fit.residual_sd == pytest.approx(0.01981, abs=5e-6)
    assert found.fit.degrees_of_freedom == 12


def test_r_finds_the_same_three_parameters_with_a_plateau_at_zero() -> None:
    """R's tests/Examples/stats-Ex.Rout.save: SSlogis on the same data."""
    found = ic50(*dnase(), top=0.0)
    assert found.bottom.value == pytest.approx(2.3452, abs=5e-5)
    assert found.bottom.standard_error == pytest.approx(0.078154, abs=5e-7)
    assert found.fit.values["log_ic50"] == pytest.approx(1.4831, abs=5e-5)
    assert found.fit.standard_error("log_ic50") == pytest.approx(0.081353, abs=5e-7)
    assert found.fit.residual_sum == pytest.approx(0.0047896, abs=5e-8)


@pytest.mark.parametrize(
    ("doses", "responses", "options", "message"),
    [
        ([1, 2, 3], [1, 2], {}, "3 concentrations and 2 responses. Give one response"),
        ([1, 2, 3], [3, 2, 1], {}, "3 different concentrations are too few for 4 free parameters."),
        ([1, 2, 3, 4], [4, 3, 2, 1], {}, "4 tubes for 4 free parameters leave nothing"),
        ([1, 2, 3, 4, -5], [4, 3, 2, 1, 1], {}, "a concentration is negative. Give it, not"),
        ([1, 2, 3, 4, 5], [4, 3, math.nan, 1, 1], {}, "a number is missing or infinite."),
        ([1, 2, 3, 4, 5], [4, 3, 2, 1, 1], {"hill_slope": 0}, "the Hill slope is 0."),
        ([1, 2, 3, 4, 5], [4, 3, 2, 1, 1], {"top": 1, "bottom": 1}, "top and bottom are the same."),
    ],
)  # fmt: skip
def test_impossible_numbers_are_refused(doses, responses, options, message) -> None:
    with pytest.raises(InputError) as caught:
        ic50(doses, responses, **options)
    assert message in str(caught.value)
