"""The shelf: every calculation by name, and the one way to run it on a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from types import MappingProxyType

from raphe.assay import (
    cheng_prusoff,
    ic50,
    occupancy,
    percent_of_baseline,
    saturation_binding,
    specific_binding,
)
from raphe.assay.reading import read_table
from raphe.assay.report import Report
from raphe.assay.setting import Setting, Settings, read_settings
from raphe.assay.table import Column, Table
from raphe.errors import InputError, Problem, nearest


@dataclass(frozen=True, slots=True)
class Calculation:
    """One calculation of an experimental protocol."""

    #: As on the command line and in a workflow file.
    name: str
    #: One line for a list.
    about: str
    columns: tuple[Column, ...]
    settings: tuple[Setting, ...]
    #: The calculation itself; the same signature for all.
    report: Callable[[Table, Settings], Report]
    formula: str
    citation: str


#: By name, in the order of the protocols: binding, microdialysis, PET.
CALCULATIONS: Mapping[str, Calculation] = MappingProxyType(
    {
        one.name: one
        for one in (
            Calculation(
                "specific_binding",
                "specific = total − non-specific binding, with the error of both",
                specific_binding.COLUMNS,
                specific_binding.SETTINGS,
                specific_binding.report,
                specific_binding.FORMULA,
                specific_binding.CITATION,
            ),
            Calculation(
                "ic50",
                "IC50 and Hill slope from a sigmoidal fit to competition or inhibition",
                ic50.COLUMNS,
                ic50.SETTINGS,
                ic50.report,
                ic50.FORMULA,
                ic50.CITATION,
            ),
            Calculation(
                "cheng_prusoff",
                "Ki from IC50, radioligand concentration and Kd",
                cheng_prusoff.COLUMNS,
                cheng_prusoff.SETTINGS,
                cheng_prusoff.report,
                cheng_prusoff.FORMULA,
                cheng_prusoff.CITATION,
            ),
            Calculation(
                "saturation_binding",
                "Bmax and Kd from saturation binding",
                saturation_binding.COLUMNS,
                saturation_binding.SETTINGS,
                saturation_binding.report,
                saturation_binding.FORMULA,
                saturation_binding.CITATION,
            ),
            Calculation(
                "percent_of_baseline",
                "microdialysis in per cent of each animal's baseline, with AUC",
                percent_of_baseline.COLUMNS,
                percent_of_baseline.SETTINGS,
                percent_of_baseline.report,
                percent_of_baseline.FORMULA,
                percent_of_baseline.CITATION,
            ),
            Calculation(
                "occupancy",
                "receptor occupancy from PET, with ED50 or Ki over doses",
                occupancy.COLUMNS,
                occupancy.SETTINGS,
                occupancy.report,
                occupancy.FORMULA,
                occupancy.CITATION,
            ),
        )
    }
)


def calculate(name: str, path: str | Path, settings: Mapping[str, str] | None = None) -> Report:
    """The report of a calculation on a data file.

    Parameters
    ----------
    name
        One of :data:`CALCULATIONS`; hyphens count as underscores.
    path
        A CSV file with the columns of the calculation.
    settings
        As the user wrote them: a number, or ``free``.

    Raises
    ------
    InputError
        The calculation, a setting or the file is wrong; holds every problem.
    UnavailableError
        scipy is not installed.
    """
    calculation = CALCULATIONS.get(name.replace("-", "_"))
    if calculation is None:
        known = f"Known: {', '.join(CALCULATIONS)}."
        raise InputError(
            [Problem(f"no calculation '{name}'.", nearest(name, CALCULATIONS) or known)]
        )
    chosen = read_settings(calculation.settings, settings or {})
    table = read_table(path, calculation.columns)
    report = calculation.report(table, chosen)
    remarks = (*report.remarks, *table.remarks)
    return replace(report, data=PurePath(path).name, remarks=remarks)


def describe(calculation: Calculation) -> str:
    """What a calculation does and needs, as text for ``--help`` and documentation.

    Examples
    --------
    >>> print(describe(CALCULATIONS["cheng_prusoff"]).splitlines()[0])
    cheng_prusoff: Ki from IC50, radioligand concentration and Kd
    """
    lines = [f"{calculation.name}: {calculation.about}", "", "Columns:"]
    width = max(len(column.header) for column in calculation.columns)
    for column in calculation.columns:
        optional = "" if column.required else " (optional)"
        lines.append(f"  {column.header.ljust(width)}  {column.meaning}{optional}")
    if calculation.settings:
        lines += ["", "Settings (--set NAME=VALUE, or NAME=free):"]
        for setting in calculation.settings:
            default = "free" if setting.default is None else f"{setting.default:g}"
            lines.append(f"  {setting.name}: {setting.meaning} (default: {default})")
    return "\n".join(
        [*lines, "", f"Formula: {calculation.formula}", f"Source: {calculation.citation}"]
    )
