"""Ki: the formula, its error and the worked number of a textbook page."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.simulated import potencies
from raphe.assay.cheng_prusoff import COLUMNS, cheng_prusoff, report
from raphe.assay.reading import parse_table
from raphe.errors import InputError


def test_the_worked_example_of_the_unmc_receptor_tutorial() -> None:
    """Prazosin at alpha-2B against [3H]RX821002: IC50 10 nM, Kd 890 pM, Ki 5.4 nM.

    University of Nebraska Medical Center, receptor tutorial, 'Competition: sample experiment'.
    The concentration of radioligand is given as counts: three times 'total added' in cpm, in 1 ml,
    at an efficiency of 0.36, with 59 Ci/mmol and 2.2e12 dpm/Ci.
    """
    cpm = (36317 + 36365 + 33589) / 3
    millimoles = cpm / 0.36 / 2.2e12 / 59
    nanomolar = millimoles * 1e6 / 1e-3  # in 1 ml
    assert nanomolar == pytest.approx(0.758, abs=0.0005)
    assert round(cheng_prusoff(10.0, nanomolar, 0.890).ki.value, 1) == 5.4


@settings(deadline=None)
@given(potencies, potencies, potencies)
def test_the_inverse_gives_the_ic50_back(ki: float, radioligand: float, kd: float) -> None:
    found = cheng_prusoff(ki * (1 + radioligand / kd), radioligand, kd)
    assert found.ki.value == pytest.approx(ki, rel=1e-12)


@settings(deadline=None)
@given(potencies, potencies)
def test_no_radioligand_no_shift(ic50: float, kd: float) -> None:
    assert cheng_prusoff(ic50, 0.0, kd).ki.value == ic50
    assert cheng_prusoff(ic50, kd, kd).ki.value == ic50 / 2


@settings(deadline=None)
@given(potencies, potencies, potencies, st.floats(1e-3, 1e3))
def test_the_unit_is_immaterial(ic50: float, radioligand: float, kd: float, factor: float) -> None:
    errors = {"ic50_error": ic50 / 10, "radioligand_error": radioligand / 20, "kd_error": kd / 5}
    one = cheng_prusoff(ic50, radioligand, kd, **errors).ki
    scaled = {name: value * factor for name, value in errors.items()}
    other = cheng_prusoff(ic50 * factor, radioligand * factor, kd * factor, **scaled).ki
    assert other.value == pytest.approx(one.value * factor)
    assert other.standard_error == pytest.approx(one.standard_error * factor)


def test_the_error_equals_that_of_a_simulation() -> None:
    rng = np.random.default_rng(7)
    n = 400_000
    drawn = rng.normal(10.0, 0.3, n) / (1 + rng.normal(2.0, 0.05, n) / rng.normal(0.8, 0.03, n))
    found = cheng_prusoff(10.0, 2.0, 0.8, ic50_error=0.3, radioligand_error=0.05, kd_error=0.03)
    assert found.ki.standard_error == pytest.approx(float(np.std(drawn)), rel=0.01)
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert found.ki.interval == pytest.approx((low, high), rel=0.01)


@pytest.mark.parametrize(
    ("name", "share"), [("ic50_error", 1.0), ("radioligand_error", 0.6), ("kd_error", 0.6)]
)
def test_each_error_enters_by_its_own_weight(name: str, share: float) -> None:
    """At [L] = 1.5 Kd the radioligand holds 60 % of the receptors."""
    sizes = {"ic50_error": 4.0, "radioligand_error": 1.5, "kd_error": 1.0}
    found = cheng_prusoff(4.0, 1.5, 1.0, **{name: 0.01 * sizes[name]}).ki
    assert found.standard_error / found.value == pytest.approx(0.01 * share)


def test_missing_errors_are_said() -> None:
    assert cheng_prusoff(1, 1, 1).ki.standard_error is None
    assert cheng_prusoff(1, 1, 1).remarks == ("No standard errors were given, so Ki has none.",)
    assert cheng_prusoff(1, 1, 1, ic50_error=0.1).remarks == ("Counted as exact: radioligand, Kd.",)


def test_columns_in_different_units_are_converted() -> None:
    text = "IC50_uM,radioligand_pM,Kd_nM,Kd_se_pM,IC50_se_nM\n0.01,758,0.89,90,1200\n"
    found = report(parse_table(text, COLUMNS), {}).estimates
    assert found[0].unit == "µM"
    same = cheng_prusoff(0.01, 758e-6, 0.89e-3, ic50_error=1.2, kd_error=90e-6).ki
    assert found[0].value == pytest.approx(same.value)
    assert found[0].standard_error == pytest.approx(same.standard_error)
    assert found[1].value == pytest.approx(-math.log10(same.value * 1e-6))


def test_impossible_numbers_are_refused_together() -> None:
    with pytest.raises(InputError) as caught:
        cheng_prusoff(0.0, -1.0, math.nan, ic50_error=-2.0)
    assert [problem.what for problem in caught.value.problems] == [
        "the IC50 is 0.",
        "the radioligand is -1.",
        "the Kd is nan.",
        "the standard error of the IC50 is -2.",
    ]
