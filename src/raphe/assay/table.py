"""Data from the bench: columns with units, rows with numbers and names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from raphe.errors import InputError, Problem
from raphe.units import MOLAR_UNITS

#: Minutes in one unit of time.
TIME_UNITS = {"s": 1 / 60, "min": 1.0, "h": 60.0}

Cell = float | str | None


class Unit(Enum):
    """Which units a column may be in; the value says it in the header's own form."""

    #: No unit: names, kinds, ratios.
    NONE = ""
    #: A concentration, converted by :data:`raphe.units.MOLAR_UNITS`.
    MOLAR = "nM"
    #: A time, converted by :data:`TIME_UNITS`.
    TIME = "min"
    #: Any unit; kept as it is written and shown beside each result.
    ANY = "UNIT"


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a data file holds."""

    #: The part of the header before the unit.
    name: str
    #: What stands in it, as a phrase.
    meaning: str
    #: Which units it may be in.
    unit: Unit = Unit.NONE
    #: Whether it holds numbers; otherwise names.
    numeric: bool = True
    #: Whether the file must have it.
    required: bool = True
    #: Whether its cells may be empty.
    may_be_empty: bool = False
    #: Lowest number allowed; none where any is.
    minimum: float | None = None
    #: Whether the lowest number itself is refused.
    above_minimum: bool = False
    #: The words allowed, where it holds one of few.
    choices: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        """How the column is written in the header.

        Examples
        --------
        >>> Column("concentration", "of the competitor", Unit.MOLAR).header
        'concentration_nM'
        """
        return f"{self.name}_{self.unit.value}" if self.unit.value else self.name


@dataclass(frozen=True, slots=True)
class Row:
    """One line of data."""

    #: Line in the file, from 1.
    line: int
    #: Value by column name; only the columns that the file has.
    values: Mapping[str, Cell]
    #: Where each cell begins in its line, from 1.
    places: Mapping[str, int]

    def number(self, column: str) -> float:
        """The number in a column that is never empty."""
        value = self.values[column]
        if not isinstance(value, float):
            raise TypeError(f"column {column!r} holds {value!r}, not a number")
        return value

    def optional_number(self, column: str) -> float | None:
        """The number in a column, none where the column or the cell is missing."""
        return None if self.values.get(column) is None else self.number(column)

    def text(self, column: str, default: str = "") -> str:
        """The name in a column, the default where the column or the cell is missing."""
        value = self.values.get(column)
        return value if isinstance(value, str) else default


@dataclass(frozen=True, slots=True)
class Table:
    """A data file that was read without a problem."""

    #: As the user named it.
    file: str
    #: Line of the header.
    line: int
    #: In the order of the file.
    rows: tuple[Row, ...]
    #: Unit by column name, as it is shown: ``nM``, ``fmol/mg protein``.
    units: Mapping[str, str]
    #: What was in the file and is not used, as sentences.
    remarks: tuple[str, ...] = ()

    def has(self, column: str) -> bool:
        """Whether the file has a column."""
        return column in self.units

    def factor(self, column: str, to: str) -> float:
        """By what a column's numbers are multiplied to be in another unit of concentration."""
        return MOLAR_UNITS[self.units[column]] / MOLAR_UNITS[to]

    def problem(self, row: Row | None, column: str, what: str, remedy: str = "") -> Problem:
        """A problem at a cell; at the header where no row is given."""
        if row is None:
            return Problem(what, remedy, self.file, self.line)
        return Problem(what, remedy, self.file, row.line, row.places.get(column, 0))

    def groups(self, *columns: str) -> dict[tuple[str, ...], list[Row]]:
        """The rows by the names in some columns, in order of first appearance."""
        found: dict[tuple[str, ...], list[Row]] = {}
        for row in self.rows:
            found.setdefault(tuple(row.text(column) for column in columns), []).append(row)
        return found


def placed(error: InputError, group: str, table: Table, row: Row) -> list[Problem]:
    """The problems of a calculation on one group of rows, with the group and its first line."""
    return [
        problem
        if problem.file
        else replace(
            problem,
            what=f"{group}: {problem.what}" if group else problem.what,
            file=table.file,
            line=row.line,
        )
        for problem in error.problems
    ]


def distinct(values: Iterable[float]) -> tuple[float, ...]:
    """The different numbers, ascending."""
    return tuple(sorted(set(values)))
