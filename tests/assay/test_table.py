"""Reading data: every kind of bad file, and what may vary in a good one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from raphe.assay.catalogue import CALCULATIONS, calculate
from raphe.assay.reading import parse_table, read_table, show_unit
from raphe.assay.report import to_json, to_text
from raphe.assay.table import Column, Unit
from raphe.errors import InputError, Problem

INVALID = Path(__file__).parent / "invalid"
COLUMNS = (
    Column("compound", "name", numeric=False, required=False),
    Column("concentration", "of it", Unit.MOLAR, minimum=0),
    Column("bound", "counted", Unit.ANY),
)


@pytest.mark.parametrize("path", sorted(INVALID.glob("*.csv")), ids=lambda path: path.stem)
def test_each_bad_file_gives_the_message_beside_it(path: Path) -> None:
    """The part of the name before the first point is the calculation."""
    with pytest.raises(InputError) as caught:
        calculate(path.name.partition(".")[0], path)
    told = str(caught.value).replace(str(path), path.name)
    assert told + "\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_bad_file_has_its_message_and_every_calculation_a_bad_file() -> None:
    assert {path.stem for path in INVALID.glob("*.csv")} == {
        path.stem for path in INVALID.glob("*.txt")
    }
    assert {path.name.partition(".")[0] for path in INVALID.glob("*.csv")} == set(CALCULATIONS)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: no such file\. Check its name and folder\."):
        read_table(tmp_path / "none.csv", COLUMNS)
    with pytest.raises(InputError, match="this is a folder"):
        read_table(tmp_path, COLUMNS)


def test_a_file_that_is_far_too_large(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    path.write_bytes(b"#" * 10_000_001)
    with pytest.raises(InputError, match="larger than 10 MB"):
        read_table(path, COLUMNS)


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes("\ufeffconcentration_µM,bound_dpm\r\n1,2\r\n".encode())
    table = read_table(path, COLUMNS)
    assert table.units == {"concentration": "µM", "bound": "dpm"}
    assert table.rows[0].number("concentration") == 1
    assert parse_table("\ufeffconcentration_nM,bound_dpm\n1,2\n", COLUMNS).rows == table.rows


def test_comments_empty_lines_spaces_and_quotes_are_read() -> None:
    text = '# simulated\n\n concentration_nM , bound_dpm ,compound\n# more\n 1 , 2.5e3 ,"a, b"\n'
    row = parse_table(text, COLUMNS).rows[0]
    assert row.line == 5
    assert (row.number("concentration"), row.number("bound")) == (1, 2500)
    assert row.text("compound") == "a, b"
    assert row.places == {"concentration": 2, "bound": 6, "compound": 13}


def test_an_unknown_column_is_mentioned_with_its_likely_meaning() -> None:
    table = parse_table("concentration_nM,bound_dpm,plate,compund\n1,2,3,x\n", COLUMNS)
    assert table.remarks == (
        "Column 'plate' is not used.",
        "Column 'compund' is not used. Did you mean 'compound'?",
    )


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("bound_fmol_per_mg_protein", "fmol/mg protein"),
        ("bound_%", "%"),
        ("bound_percent", "%"),
        ("Bound_dpm", "dpm"),
    ],
)
def test_units_are_shown_as_they_are_read(header: str, shown: str) -> None:
    assert parse_table(f"concentration_nM,{header}\n1,2\n", COLUMNS).units["bound"] == shown


def test_both_letters_mu_are_the_same_unit() -> None:
    assert show_unit("uM") == show_unit("\u00b5M") == show_unit("\u03bcM") == "\u00b5M"


@settings(deadline=None)
@given(st.text(max_size=200))
@example('concentration_nM,bound_dpm\n0",1')
@example('concentration_nM,bound_dpm\n"0""",1')
def test_any_text_is_read_or_refused(text: str) -> None:
    problems, table = outcome(lambda: parse_table(text, COLUMNS, "any.csv"))
    assert bool(problems) != bool(table and table.rows)
    assert all(problem.file == "any.csv" and problem.remedy for problem in problems)


@settings(deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes, tmp_path_factory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    for calculation in CALCULATIONS:
        problems, report = outcome(lambda calculation=calculation: calculate(calculation, path))
        assert problems or report


cells = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.integers(-5, 10**6).map(str),
    st.sampled_from(["", "0", "total", "nonspecific", "specific", "baseline", "a", "$x$", "1,5"]),
)


@settings(deadline=None)
@given(st.data(), st.sampled_from(sorted(CALCULATIONS)))
def test_any_numbers_under_the_right_header_are_reported_or_refused(data, name) -> None:
    """No traceback, whatever stands in the cells."""
    calculation = CALCULATIONS[name]
    header = [column.header.replace("UNIT", "dpm") for column in calculation.columns]
    width = len(header)
    rows = data.draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=14))
    text = "\n".join([",".join(header), *(",".join(row) for row in rows)])
    settings = {setting.name: setting.default for setting in calculation.settings}
    problems, report = outcome(
        lambda: calculation.report(parse_table(text, calculation.columns, "x.csv"), settings)
    )
    assert problems or (to_text(report) and to_json(report))


def outcome(act: Callable[[], object]) -> tuple[tuple[Problem, ...], Any]:
    """The problems that were found, or the result."""
    try:
        return (), act()
    except InputError as error:
        return error.problems, None
