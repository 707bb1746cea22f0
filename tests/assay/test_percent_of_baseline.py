"""Microdialysis: each animal is its own control."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import trapezoid

from raphe.assay.percent_of_baseline import COLUMNS, percent_of_baseline, report, summarise
from raphe.assay.reading import parse_table
from raphe.errors import InputError

BEFORE = (-60, -40, -20)
AFTER = (20, 40, 60, 80)
levels = st.lists(st.floats(0.1, 100.0), min_size=7, max_size=7)


def fractions(values: list[float]) -> list[tuple[float, float, bool]]:
    return [(time, value, time < 0) for time, value in zip((*BEFORE, *AFTER), values, strict=True)]


@settings(deadline=None)
@given(levels)
def test_the_baseline_is_100_per_cent(values: list[float]) -> None:
    rat = percent_of_baseline("1", fractions(values))
    assert statistics.fmean(rat.percent[:3]) == pytest.approx(100)
    assert rat.baseline == pytest.approx(statistics.fmean(values[:3]))


@settings(deadline=None)
@given(levels, st.floats(0.01, 100.0))
def test_the_unit_and_the_recovery_of_the_probe_are_immaterial(values, factor) -> None:
    one = percent_of_baseline("1", fractions(values))
    other = percent_of_baseline("1", fractions([value * factor for value in values]))
    assert other.percent == pytest.approx(one.percent)
    assert other.area == pytest.approx(one.area, abs=1e-6)


@settings(deadline=None)
@given(levels)
def test_the_area_equals_scipys_trapezoid(values: list[float]) -> None:
    rat = percent_of_baseline("1", fractions(values))
    change = np.array([100.0, *rat.percent[3:]]) - 100
    assert rat.area == pytest.approx(trapezoid(change, [0, *AFTER]), rel=1e-9, abs=1e-6)


def test_no_change_has_no_area_and_a_constant_one_a_rectangle() -> None:
    flat = percent_of_baseline("1", fractions([5.0] * 7))
    assert flat.area == 0
    # Doubled at once: a triangle to the first fraction (20 min), then a rectangle of 60 min.
    doubled = percent_of_baseline("1", fractions([5.0] * 3 + [10.0] * 4))
    assert doubled.area == pytest.approx(100 * (20 / 2 + 60))


@settings(deadline=None)
@given(st.lists(levels, min_size=2, max_size=6))
def test_means_are_over_animals(rats: list[list[float]]) -> None:
    animals = [percent_of_baseline(str(i), fractions(values)) for i, values in enumerate(rats)]
    course = summarise(animals)
    at_40 = [100 * values[4] / statistics.fmean(values[:3]) for values in rats]
    level = next(one for one in course.levels if one.at == 40)
    assert level.mean == pytest.approx(statistics.fmean(at_40))
    assert level.error == pytest.approx(
        statistics.stdev(at_40) / len(rats) ** 0.5, rel=1e-6, abs=1e-6
    )
    assert course.area.value == pytest.approx(
        statistics.fmean(one.area for one in animals), rel=1e-9, abs=1e-6
    )


def test_an_animal_with_more_fractions_does_not_weigh_more() -> None:
    one = percent_of_baseline("1", [(-20, 1.0, True), (20, 2.0, False)])
    other = percent_of_baseline(
        "2", [(-20, 1.0, True), (20, 4.0, False), (40, 4.0, False), (60, 4.0, False)]
    )
    course = summarise([one, other])
    assert course.response.value == pytest.approx(300)
    assert any("missing in 1" in remark for remark in course.remarks)


def test_unstable_and_single_baselines_are_named() -> None:
    shaky = percent_of_baseline("7", [(-40, 1.0, True), (-20, 2.0, True), (20, 2.0, False)])
    single = percent_of_baseline("8", [(-20, 1.0, True), (20, 2.0, False)])
    remarks = " ".join(summarise([shaky, single]).remarks)
    assert "Unstable baseline (CV above 20%): 7 (47%)." in remarks
    assert "Baseline of a single fraction: 8." in remarks


def test_the_farthest_mean_is_a_peak_or_a_trough() -> None:
    rise = summarise([percent_of_baseline("1", fractions([1, 1, 1, 2, 4, 3, 2]))])
    fall = summarise([percent_of_baseline("1", fractions([1, 1, 1, 0.9, 0.4, 0.6, 1.2]))])
    assert (rise.extreme.quantity, rise.extreme.value) == ("peak", 400)
    assert fall.extreme.quantity == "trough"
    assert fall.extreme.value == pytest.approx(40)
    assert rise.extreme.note.startswith("at 40 min")


def test_the_same_name_in_two_treatments_is_two_animals() -> None:
    text = "treatment,animal,time_min,dialysate_nM\n" + "".join(
        f"{treatment},1,{time},{level}\n"
        for treatment, high in (("vehicle", 1), ("desipramine", 3))
        for time, level in ((-20, 1), (20, high))
    )
    found = report(parse_table(text, COLUMNS), {})
    values = {(one.group, one.quantity): one.value for one in found.estimates}
    assert values["vehicle", "peak"] == 100
    assert values["desipramine", "peak"] == 300


def test_a_fraction_at_zero_needs_its_phase() -> None:
    rows = "animal,time_min,dialysate_nM\n1,-20,1\n1,0,3\n1,20,2\n"
    with pytest.raises(InputError, match="a fraction at time 0 may be of the baseline or of the"):
        report(parse_table(rows, COLUMNS), {})
    for phase, baseline, response in (("baseline", 2.0, 100.0), ("drug", 1.0, 250.0)):
        text = "animal,time_min,dialysate_nM,phase\n1,-20,1,\n1,0,3,{}\n1,20,2,\n"
        found = report(parse_table(text.format(phase), COLUMNS), {}).estimates
        assert (found[0].value, found[1].value) == (baseline, response)


def test_hours_and_minutes_give_the_same_percentages() -> None:
    minutes = "animal,time_min,dialysate_nM\n1,-60,2\n1,60,3\n1,120,4\n"
    hours = "animal,time_h,dialysate_nM\n1,-1,2\n1,1,3\n1,2,4\n"
    one, other = (report(parse_table(text, COLUMNS), {}).estimates for text in (minutes, hours))
    assert one[1].value == other[1].value == 175
    assert (one[3].unit, other[3].unit) == ("%·min", "%·h")
    assert one[3].value == pytest.approx(60 * other[3].value)
