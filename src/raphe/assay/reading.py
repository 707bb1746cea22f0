"""A CSV file of data from the bench: units in its header, read strictly, all problems at once.

The file is UTF-8 (a byte order mark is allowed), columns are separated by commas, numbers have a
decimal point. Lines that begin with ``#`` and empty lines are skipped. A header cell is
``name_UNIT``, as in ``concentration_nM``; ``_per_`` in a unit means a slash
(``bound_fmol_per_mg_protein``).

Semicolons and decimal commas are refused, not guessed at: where a comma is a decimal sign, a
point may be a thousands separator, and a value that is wrong by a factor of 1000 looks as good as
a right one.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from raphe.assay.csv_text import SEPARATORS, decode, separator_of, split
from raphe.assay.table import TIME_UNITS, Cell, Column, Row, Table, Unit
from raphe.errors import InputError, Problem, nearest
from raphe.units import MOLAR_UNITS

#: A table of an experiment has hundreds of rows; above this the file is something else.
MAXIMUM_BYTES = 10_000_000

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?")


def read_table(path: str | Path, columns: Sequence[Column]) -> Table:
    """The table in a CSV file.

    Raises
    ------
    InputError
        The file cannot be read as described above; holds every problem found.
    """
    file = str(path)
    try:
        with Path(path).open("rb") as handle:
            content = handle.read(MAXIMUM_BYTES + 1)
    except FileNotFoundError:
        raise InputError([Problem("no such file.", "Check its name and folder.", file)]) from None
    except IsADirectoryError:
        raise InputError([Problem("this is a folder.", "Name a CSV file in it.", file)]) from None
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise InputError(
            [Problem(f"the file cannot be read: {reason}.", "Check its permissions.", file)]
        ) from None
    if len(content) > MAXIMUM_BYTES:
        what = f"the file is larger than {MAXIMUM_BYTES // 1_000_000} MB."
        raise InputError([Problem(what, "Give the table of one experiment.", file)])
    return parse_table(decode(content, file), columns, file)


def parse_table(text: str, columns: Sequence[Column], file: str = "") -> Table:
    r"""The table in a text.

    Raises
    ------
    InputError
        With every problem found.

    Examples
    --------
    >>> columns = [Column("dose", "given", Unit.ANY, minimum=0), Column("region", "of interest",
    ...            numeric=False)]
    >>> table = parse_table("dose_mg,region\n7.5,cortex\n", columns)
    >>> table.units, table.rows[0].number("dose")
    ({'dose': 'mg', 'region': ''}, 7.5)
    >>> parse_table("dose_mg\n7.5\n-1\n", columns, "pet.csv")
    Traceback (most recent call last):
    raphe.errors.InputError: pet.csv:1: no column 'region'. The header is: dose_UNIT,region
    pet.csv:3:1: dose is -1. It cannot be below 0.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    used = [
        (number, line)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    example = ",".join(column.header for column in columns if column.required)
    if not used:
        raise InputError([Problem("the file is empty.", f"Its first line is: {example}", file)])
    problems: list[Problem] = []
    header_line, header = used[0]
    separator = separator_of(header)
    if separator != ",":
        what = f"the columns are separated by {SEPARATORS[separator]}."
        remedy = "Separate them by commas, and write numbers with a point: 1.5"
        problems.append(Problem(what, remedy, file, header_line))
    try:
        cells = split(header, separator)
    except csv.Error:
        raise InputError([_bad_quotes(file, header_line)]) from None
    found, units, remarks = _match_header(cells, columns, file, header_line, problems)
    rows = []
    for number, line in used[1:]:
        row = _read_row(line, number, separator, found, len(cells), file, problems)
        if row is not None:
            rows.append(row)
    if len(used) == 1:
        what = "the file has a header and no data."
        problems.append(Problem(what, "Write one measurement a line below it.", file, header_line))
    if problems:
        raise InputError(problems)
    return Table(file, header_line, tuple(rows), units, tuple(remarks))


def show_unit(unit: str) -> str:
    """A unit as a reader writes it.

    Examples
    --------
    >>> show_unit("fmol_per_mg_protein"), show_unit("percent"), show_unit("uM")
    ('fmol/mg protein', '%', 'µM')
    """
    if unit in ("uM", "\u03bcM"):  # the ASCII spelling, and the Greek letter for the micro sign
        return "µM"
    return "%" if unit in ("percent", "%") else unit.replace("_per_", "/").replace("_", " ")


def _bad_quotes(file: str, line: int) -> Problem:
    return Problem("the quotes do not match.", 'A quoted cell is "like this".', file, line)


def _match_header(
    cells: Sequence[tuple[str, int]],
    columns: Sequence[Column],
    file: str,
    line: int,
    problems: list[Problem],
) -> tuple[dict[int, Column], dict[str, str], list[str]]:
    """Which column each cell of the header names; what is missing, doubled or unknown."""
    found: dict[int, Column] = {}
    units: dict[str, str] = {}
    remarks: list[str] = []
    unknown: list[str] = []
    # The longest name first: IC50_se_nM is the standard error, not an IC50 in 'se_nM'.
    by_length = sorted(columns, key=lambda column: len(column.name), reverse=True)
    for index, (cell, place) in enumerate(cells):
        column = next((one for one in by_length if _names(cell, one)), None)
        if column is None:
            unknown.append(cell)
            continue
        unit = cell[len(column.name) + 1 :]
        if column.name in units:
            what = f"a second column '{column.name}'."
            problems.append(Problem(what, "Keep one, in one unit.", file, line, place))
            continue
        if complaint := _unit_complaint(cell, unit, column):
            problems.append(Problem(*complaint, file, line, place))
        found[index] = column
        units[column.name] = show_unit(unit)
    missing = [column for column in columns if column.required and column.name not in units]
    for column in missing:
        meant = [cell for cell in unknown if nearest(cell, [column.header, column.name])]
        remedy = (
            f"Is '{meant[0]}' meant?"
            if meant
            else f"The header is: {','.join(one.header for one in columns if one.required)}"
        )
        problems.append(Problem(f"no column '{column.header}'.", remedy, file, line))
    for cell in unknown:
        guess = nearest(cell, [one.header for one in columns if one.name not in units])
        remarks.append(f"Column '{cell}' is not used. {guess}".strip())
    return found, units, remarks


def _names(cell: str, column: Column) -> bool:
    folded, name = cell.casefold(), column.name.casefold()
    return folded == name or (column.unit is not Unit.NONE and folded.startswith(name + "_"))


def _unit_complaint(cell: str, unit: str, column: Column) -> tuple[str, str] | None:
    if column.unit is Unit.NONE:
        return None
    if not unit:
        example = {Unit.ANY: "dpm"}.get(column.unit, column.unit.value)
        return f"column '{cell}' has no unit.", f"Write it as in '{column.name}_{example}'."
    allowed = {Unit.MOLAR: MOLAR_UNITS, Unit.TIME: TIME_UNITS}.get(column.unit)
    if allowed is not None and unit not in allowed:
        kind = "concentration" if column.unit is Unit.MOLAR else "time"
        shown = sorted({show_unit(one) for one in allowed}, key=lambda one: _scale(one, allowed))
        return f"'{unit}' is not a unit of {kind}.", f"Use {', '.join(shown[:-1])} or {shown[-1]}."
    return None


def _scale(unit: str, allowed: Mapping[str, float]) -> float:
    return allowed[unit]


def _read_row(
    line: str,
    number: int,
    separator: str,
    found: Mapping[int, Column],
    width: int,
    file: str,
    problems: list[Problem],
) -> Row | None:
    try:
        cells = split(line, separator)
    except csv.Error:
        problems.append(_bad_quotes(file, number))
        return None
    if len(cells) != width:
        what = f"{len(cells)} cells, where the header has {width}."
        remedy = "Write one cell for each column"
        more = len(cells) > width
        remedy += "; is a comma a decimal sign here? Write 1.5, not 1,5." if more else "."
        problems.append(Problem(what, remedy, file, number))
        return None
    values: dict[str, Cell] = {}
    places: dict[str, int] = {}
    right = True
    for index, column in found.items():
        text, place = cells[index]
        value, complaint = _read_cell(text, column)
        if complaint:
            problems.append(Problem(*complaint, file, number, place))
            right = False
        values[column.name] = value
        places[column.name] = place
    return Row(number, values, places) if right else None


def _read_cell(text: str, column: Column) -> tuple[Cell, tuple[str, str] | None]:
    if not text:
        if column.may_be_empty:
            return None, None
        remedy = "Leave a lost sample out, line and all." if column.numeric else "Write its name."
        return None, (f"no {column.name} in this line.", remedy)
    if not column.numeric:
        return _read_word(text, column)
    if _DECIMAL_COMMA.fullmatch(text):
        return None, (f"'{text}' has a decimal comma.", f"Write {text.replace(',', '.')}")
    if not _NUMBER.fullmatch(text):
        return None, (
            f"{column.name}: '{text}' is not a number.",
            "Write it as in 12.5 or 1e-9, or leave the line out.",
        )
    value = float(text)
    if math.isinf(value):
        return None, (f"{column.name}: {text} is too large a number.", "Check its exponent.")
    if column.minimum is not None:
        low = column.minimum
        if value < low:
            return None, (f"{column.name} is {text}.", f"It cannot be below {low:g}.")
        if column.above_minimum and value == low:
            return None, (f"{column.name} is {text}.", f"It must be above {low:g}.")
    return value, None


def _read_word(text: str, column: Column) -> tuple[Cell, tuple[str, str] | None]:
    word = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not column.choices:
        return word, None
    plain = word.casefold().replace("-", "").replace(" ", "")
    if plain in column.choices:
        return plain, None
    guess = nearest(plain, column.choices)
    return None, (
        f"{column.name}: '{word}' is not known.",
        guess or f"Use {' or '.join(column.choices)}.",
    )
