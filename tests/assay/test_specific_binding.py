"""Specific binding: differences, their errors, and what is said of them."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from raphe.assay.reading import parse_table
from raphe.assay.specific_binding import COLUMNS, report, specific_binding
from raphe.errors import InputError

tubes = st.lists(st.floats(10.0, 5000.0), min_size=2, max_size=6)


@settings(deadline=None)
@given(tubes, tubes)
def test_value_error_and_interval_equal_welch(total: list[float], blank: list[float]) -> None:
    found = specific_binding(total, blank, "dpm").specific
    assert found.value == pytest.approx(statistics.fmean(total) - statistics.fmean(blank), abs=1e-6)
    spread = statistics.variance(total) / len(total) + statistics.variance(blank) / len(blank)
    assert found.standard_error == pytest.approx(math.sqrt(spread), abs=1e-6)
    if spread > 1e-6:
        # Welch (1947) and Satterthwaite (1946), written out.
        parts = [(statistics.variance(one) / len(one), len(one) - 1) for one in (total, blank)]
        freedom = spread**2 / sum(part**2 / n for part, n in parts)
        half = stats.t.ppf(0.975, freedom) * math.sqrt(spread)
        assert found.interval[1] - found.value == pytest.approx(half, rel=1e-6)
        assert found.value - found.interval[0] == pytest.approx(half, rel=1e-6)


def test_the_error_of_the_share_equals_that_of_a_simulation() -> None:
    rng = np.random.default_rng(11)
    total, blank = [4000.0, 4200.0, 4100.0], [500.0, 560.0, 530.0]
    found = specific_binding(total, blank)
    drawn = 100 * (
        1 - rng.normal(530.0, found.nonspecific.standard_error, 200_000)
        / rng.normal(4100.0, found.total.standard_error, 200_000)
    )  # fmt: skip
    assert found.share.value == pytest.approx(100 * 3570 / 4100)
    assert found.share.standard_error == pytest.approx(float(np.std(drawn)), rel=0.01)


def test_single_tubes_have_no_error() -> None:
    found = specific_binding([4000.0], [500.0])
    assert found.specific.value == 3500.0
    assert found.specific.standard_error is None
    assert found.remarks[0].startswith("Single tubes have no standard error")


def test_no_specific_binding_is_said() -> None:
    found = specific_binding([500.0, 520.0, 480.0], [505.0, 495.0, 490.0])
    assert found.remarks == ("Specific binding is not distinguishable from zero (95 % CI).",)
    assert "not below total" in specific_binding([5.0], [6.0]).remarks[1]


def test_blanks_without_a_sample_are_shared() -> None:
    text = (
        "sample,kind,bound_dpm\ncortex,total,1000\ncortex,total,1020\nraphe,total,400\n"
        "raphe,total,420\n,Non-specific,100\n,nonspecific,110\n"
    )
    found = report(parse_table(text, COLUMNS), {})
    values = {(one.group, one.quantity): one.value for one in found.estimates}
    assert values["cortex", "specific"] == pytest.approx(905)
    assert values["raphe", "specific"] == pytest.approx(305)


def test_missing_kinds_are_refused_together() -> None:
    text = "sample,kind,bound_dpm\ncortex,total,1000\nraphe,nonspecific,400\n"
    with pytest.raises(InputError) as caught:
        report(parse_table(text, COLUMNS, "binding.csv"), {})
    assert str(caught.value) == (
        "binding.csv:2 cortex: no nonspecific binding. Give at least one tube of nonspecific "
        "binding.\nbinding.csv:3 raphe: no total binding. Give at least one tube of total binding."
    ).replace("csv:2 ", "csv:2: ").replace("csv:3 ", "csv:3: ")
