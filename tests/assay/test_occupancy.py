"""Occupancy: the ratio, its error, and the hyperbola over doses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from assay.simulated import close, hyperbola, potencies
from raphe.assay.occupancy import COLUMNS, fit_occupancy, occupancy, report
from raphe.assay.reading import parse_table
from raphe.errors import InputError

DOSES = (1.0, 3.0, 7.5, 15.0, 30.0)


@settings(deadline=None)
@given(st.floats(0.1, 10.0), st.floats(0.0, 1.0), st.floats(0.1, 10.0))
def test_the_scale_of_binding_potential_is_immaterial(bp, share, factor) -> None:
    found = occupancy(bp * share, bp)
    assert found.value == pytest.approx(100 * (1 - share), abs=1e-9)
    assert occupancy(bp * share * factor, bp * factor).value == pytest.approx(found.value, abs=1e-9)


def test_the_ends_of_the_scale() -> None:
    assert occupancy(2.0, 2.0).value == 0
    assert occupancy(0.0, 2.0).value == 100
    assert occupancy(2.2, 2.0).value == pytest.approx(-10)


def test_the_error_equals_that_of_a_simulation() -> None:
    rng = np.random.default_rng(13)
    drawn = 100 * (1 - rng.normal(0.6, 0.03, 400_000) / rng.normal(2.0, 0.05, 400_000))
    found = occupancy(0.6, 2.0, bp_drug_error=0.03, bp_baseline_error=0.05)
    assert found.standard_error == pytest.approx(float(np.std(drawn)), rel=0.01)


@settings(deadline=None)
@given(potencies, st.floats(30.0, 100.0))
def test_noiseless_doses_give_ed50_and_maximum_back(ed50: float, maximum: float) -> None:
    doses = [ed50 * one for one in (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)]
    percent = [hyperbola(dose, maximum, ed50) for dose in doses]
    found = fit_occupancy(doses, percent, maximum=None)
    assert close(found.half.value, ed50)
    assert close(found.maximum.value, maximum)


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_values_and_errors_equal_those_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    doses = np.repeat(DOSES, 3)
    percent = hyperbola(doses, 100.0, 4.0) + rng.normal(0, 4, len(doses))
    values, covariance = curve_fit(lambda x, half: 100 * x / (half + x), doses, percent, (4,))
    found = fit_occupancy(doses.tolist(), percent.tolist()).half
    assert found.value == pytest.approx(values[0], rel=1e-5)
    assert found.standard_error == pytest.approx(np.sqrt(covariance[0, 0]), rel=1e-3)


def test_doses_on_one_side_give_a_bound() -> None:
    high = fit_occupancy([50, 100, 200], [hyperbola(one, 100, 5) for one in (50, 100, 200)])
    assert str(high.half) == "ED50 < 50 mg"
    low = fit_occupancy([0.1, 0.2, 0.4], [hyperbola(one, 100, 5) for one in (0.1, 0.2, 0.4)])
    assert str(low.half) == "ED50 > 0.4 mg"
    assert "do not bracket the ED50" in low.remarks[0]


def scans(exposure: str, doses: tuple[float, ...]) -> str:
    lines = [f"subject,region,{exposure},BP_baseline,BP_drug"]
    for number, dose in enumerate(doses):
        lines.append(f"S{number},cortex,{dose},2.0,{2.0 * 4 / (4 + dose)}")
    return "\n".join(lines)


def test_free_concentrations_give_a_ki_in_any_unit() -> None:
    nano = report(parse_table(scans("free_nM", DOSES), COLUMNS), {"maximum": 100.0})
    ki = next(one for one in nano.estimates if one.quantity == "Ki")
    assert (round(ki.value, 6), ki.unit) == (4.0, "nM")
    assert any("Ki is apparent" in remark for remark in nano.remarks)


def test_few_doses_are_listed_and_not_fitted() -> None:
    found = report(parse_table(scans("dose_mg", (7.5, 15.0)), COLUMNS), {"maximum": 100.0})
    assert [one.group for one in found.estimates] == ["cortex, 7.5 mg", "cortex, 15 mg"]
    assert "Fewer than 3 doses, so no fit: cortex." in found.remarks


def test_dose_and_concentration_together_are_refused() -> None:
    text = "region,dose_mg,free_nM,BP_baseline,BP_drug\ncortex,1,1,2,1\n"
    with pytest.raises(InputError, match="both a dose and a free concentration"):
        report(parse_table(text, COLUMNS), {"maximum": 100.0})


def test_a_baseline_of_zero_is_refused() -> None:
    with pytest.raises(InputError, match=r"BP_baseline is 0 and BP_drug 1\."):
        occupancy(1.0, 0.0)
