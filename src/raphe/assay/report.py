"""What a calculation hands over: a table, a dictionary for JSON, a picture, files."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from raphe.assay.estimate import Estimate, show, show_error
from raphe.assay.picture import Picture
from raphe.assay.plot import render_png, render_svg
from raphe.errors import UnavailableError

#: Version of the dictionary that :func:`to_dict` gives; raised when a field changes its meaning.
SCHEMA = "raphe.assay/1"

Value = float | int | str | None


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers derived from the data on the way, one record a row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one calculation on one file."""

    #: Name of the calculation, as on the command line.
    calculation: str
    title: str
    #: File name of the data, without its folder.
    data: str
    #: How much there was to work with: ``33 tubes``.
    size: str
    #: Formula in plain text.
    formula: str
    #: Where the formula comes from.
    citation: str
    #: Values that were fixed or left free.
    settings: Mapping[str, float | None]
    estimates: tuple[Estimate, ...]
    series: Series
    #: What a reader should know before believing the numbers, as sentences.
    remarks: tuple[str, ...]
    picture: Picture


def count(number: int, thing: str) -> str:
    """A number of things, in the right grammatical number.

    Examples
    --------
    >>> count(1, "curve"), count(3, "curve")
    ('1 curve', '3 curves')
    """
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def by_group(remarks: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The remarks on each group, with its name before them.

    Examples
    --------
    >>> by_group({"cortex": ["One scan."], "": ["No dose."]})
    ('cortex: One scan.', 'No dose.')
    """
    return tuple(
        f"{group}: {remark}" if group else remark
        for group, those in remarks.items()
        for remark in those
    )


def to_text(report: Report) -> str:
    """The report as a table for the terminal.

    Columns are aligned by spaces; the last lines are remarks, formula and source.
    """
    header = ("", "quantity", "value", "SE", "95 % CI", "unit", "")
    rows = [header, *(_text_row(estimate) for estimate in report.estimates)]
    kept = [index for index in range(len(header)) if any(row[index] for row in rows)]
    widths = [max(len(row[index]) for row in rows) for index in kept]
    lines = [report.title, f"{report.data}: {report.size}", ""]
    for row in rows:
        cells = (row[index].ljust(width) for index, width in zip(kept, widths, strict=True))
        lines.append("  ".join(cells).rstrip())
    lines.append("")
    lines += [f"Note: {remark}" for remark in report.remarks]
    lines += [f"Formula: {report.formula}", f"Source: {report.citation}"]
    return "\n".join(lines) + "\n"


def to_dict(report: Report) -> dict[str, object]:
    """The report as a dictionary that :mod:`json` takes; the picture is left out."""
    return {
        "schema": SCHEMA,
        "calculation": report.calculation,
        "title": report.title,
        "data": report.data,
        "size": report.size,
        "settings": dict(report.settings),
        "estimates": [
            {
                "group": estimate.group,
                "quantity": estimate.quantity,
                "relation": estimate.relation,
                "value": _finite(estimate.value),
                "standard_error": _finite(estimate.standard_error),
                "interval_95": None
                if estimate.interval is None
                else [_finite(end) for end in estimate.interval],
                "unit": estimate.unit,
                "note": estimate.note,
            }
            for estimate in report.estimates
        ],
        "series": {
            "columns": list(report.series.columns),
            "rows": [[_finite(value) for value in row] for row in report.series.rows],
        },
        "remarks": list(report.remarks),
        "formula": report.formula,
        "citation": report.citation,
    }


def to_json(report: Report) -> str:
    """The report as JSON text, fields in the order of :func:`to_dict`."""
    return json.dumps(to_dict(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_csv(report: Report) -> str:
    """The estimates as CSV, unrounded."""
    columns = ("group", "quantity", "relation", "value", "standard_error", "ci95_low", "ci95_high")
    rows: list[tuple[Value, ...]] = []
    for estimate in report.estimates:
        low, high = estimate.interval or (None, None)
        rows.append(
            (estimate.group, estimate.quantity, estimate.relation, estimate.value,
             estimate.standard_error, low, high, estimate.unit, estimate.note)
        )  # fmt: skip
    return _csv((*columns, "unit", "note"), rows)


def series_to_csv(report: Report) -> str:
    """The derived numbers as CSV, unrounded."""
    return _csv(report.series.columns, report.series.rows)


def write_report(report: Report, directory: str | Path) -> tuple[Path, ...]:
    """The files of a report, written whole or not at all.

    ``STEM.CALCULATION`` with the endings ``.txt``, ``.csv`` (estimates), ``.series.csv`` (derived
    numbers), ``.json``, ``.svg`` and ``.png``. Same data, same bytes.

    Raises
    ------
    UnavailableError
        The directory cannot be written to, or matplotlib is missing.
    """
    stem = f"{PurePath(report.data).stem or 'data'}.{report.calculation}"
    contents = {
        ".txt": to_text(report).encode(),
        ".csv": to_csv(report).encode(),
        ".series.csv": series_to_csv(report).encode(),
        ".json": to_json(report).encode(),
        ".svg": render_svg(report.picture).encode(),
        ".png": render_png(report.picture),
    }
    folder = Path(directory)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, content in contents.items():
            path = folder / f"{stem}{ending}"
            _write_whole(path, content)
            written.append(path)
    except OSError as error:
        what = f"{folder} cannot be written to: {(error.strerror or 'unknown reason').lower()}."
        raise UnavailableError(what, "Name another folder with -o.") from None
    return tuple(written)


def _write_whole(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".raphe-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _text_row(estimate: Estimate) -> tuple[str, ...]:
    error, interval = estimate.standard_error, estimate.interval
    relation = "" if estimate.relation == "=" else f"{estimate.relation} "
    return (
        estimate.group,
        estimate.quantity,
        relation + show(estimate.value, error),
        "" if error is None else show_error(estimate.value, error),
        "" if interval is None else f"{show(interval[0], error)} to {show(interval[1], error)}",
        estimate.unit,
        estimate.note,
    )


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_safe(_finite(value)) for value in row])
    return buffer.getvalue()


def _safe(value: Value) -> Value:
    """Text that no spreadsheet takes for a formula."""
    risky = isinstance(value, str) and len(value) > 1 and value[0] in "=+-@"
    return f"'{value}" if risky else value


def _finite(value: Value) -> Value:
    return None if isinstance(value, float) and not math.isfinite(value) else value
