import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raphe.units import (
    MOLAR_UNITS,
    Interval,
    parse_affinity,
    parse_concentration,
    parse_p_value,
    parse_range,
    parse_share,
)

#: As many digits as an interval prints.
POSITIVE = st.floats(1e-3, 1e6).map(lambda value: float(f"{value:g}"))
INTERVALS = st.tuples(POSITIVE, POSITIVE).map(lambda ends: Interval(min(ends), max(ends)))


@given(INTERVALS)
def test_what_is_printed_is_what_was_parsed(interval):
    assert parse_concentration(f"{interval} nM") == interval


@given(POSITIVE)
def test_an_open_end_is_printed_and_parsed(low):
    assert parse_affinity(f"{Interval(low, math.inf)} nM") == Interval(low, math.inf)


@given(POSITIVE, st.sampled_from(sorted(MOLAR_UNITS)))
def test_a_unit_scales(value, unit):
    assert parse_affinity(f"{value:g} {unit}").low == pytest.approx(value * MOLAR_UNITS[unit])


@given(st.floats(3, 13).map(lambda value: float(f"{value:.3g}")))
def test_a_pki_is_the_logarithm_of_a_ki(p_value):
    ki = parse_p_value(f"{p_value:g}")
    assert ki.is_point
    assert 9 - math.log10(ki.low) == pytest.approx(p_value)


def test_a_range_of_pki_turns_around():
    assert parse_p_value("7 - 9") == Interval(1.0, 100.0)


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("18 nM", Interval(18, 18)),
        ("18nM", Interval(18, 18)),
        ("0.4 - 4.2 nM", Interval(0.4, 4.2)),
        ("0.4–4.2 nM", Interval(0.4, 4.2)),
        ("0.4 to 4.2 nM", Interval(0.4, 4.2)),
        ("1,850 - 82,000 nM", Interval(1850, 82000)),
        ("1,234,567.5 pM", Interval(1234.5675, 1234.5675)),
        ("> 10 µM", Interval(1e4, math.inf)),
        ("> 10 μM", Interval(1e4, math.inf)),
        (">=10 uM", Interval(1e4, math.inf)),
        ("2.5e-3 mM", Interval(2500, 2500)),
        (".5 nM", Interval(0.5, 0.5)),
    ],
)
def test_the_ways_in_which_papers_write_an_affinity(text, interval):
    assert parse_affinity(text) == interval


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        (parse_affinity, "1,8 nM", "'1,8 nM' has a decimal comma; write a decimal point: '1.8 nM'"),
        (parse_affinity, "0,850 nM", "decimal comma"),
        (parse_affinity, "1,85 - 2 nM", "decimal comma"),
        (parse_affinity, "1.85 - 2,5 nM", "'1.85 - 2.5 nM'"),
        (parse_affinity, "1,8500 nM", "decimal comma"),
        (parse_share, "0,6 - 0,9", "'0.6 - 0.9'"),
        (parse_affinity, "18", "no unit"),
        (parse_affinity, "18 nm", "'nm' is not a unit of concentration"),
        (parse_affinity, "18 ± 2 nM", "is not a unit of concentration"),
        (parse_affinity, "about 18 nM", "'about 18 nM' is not a concentration"),
        (parse_affinity, "", "'' is not a concentration"),
        (parse_affinity, "-18 nM", "negative"),
        (parse_affinity, "0 nM", "zero"),
        (parse_affinity, "0 - 5 nM", "no lower end"),
        (parse_affinity, "< 10 nM", "no lower end"),
        (parse_affinity, "4.2 - 0.4 µM", "'4.2 - 0.4 µM' runs backwards"),
        (parse_affinity, "1e400 nM", "beyond all numbers"),
        (parse_concentration, "> 18 nM", "no upper end"),
        (parse_p_value, "2.9", "is not a pKi"),
        (parse_p_value, "13.1", "is not a pKi"),
        (parse_p_value, "7.7 nM", "is not a pKi"),
        (parse_p_value, "< 5", "is a bound"),
        (parse_share, "1.2", "is not a share"),
        (parse_share, "-0.1", "is not a share"),
        (parse_share, "101 %", "is not a share"),
        (parse_share, "half", "is not a share"),
    ],
)
def test_a_mistake_says_what_would_be_right(parse, text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        parse(text)


def test_the_limits_of_a_share_belong_to_it():
    assert parse_share("0 - 100 %") == Interval(0, 1)
    assert parse_share("0.25") == Interval(0.25, 0.25)


def test_an_interval_has_a_middle_on_its_own_scale():
    assert Interval(1, 100).middle == 10
    assert Interval(-1, 3).middle == 1
    assert Interval(0, 1).middle == 0.5


def test_an_interval_does_not_run_backwards():
    with pytest.raises(ValueError, match="runs backwards"):
        Interval(2, 1)


@given(st.text(max_size=20))
def test_any_text_is_parsed_or_refused_in_words(text):
    try:
        interval = parse_range(text, MOLAR_UNITS, "a concentration", "18 nM")
    except ValueError as error:
        assert str(error)  # noqa: PT017
    else:
        assert interval.low <= interval.high
