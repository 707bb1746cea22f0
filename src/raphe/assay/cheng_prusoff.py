"""Ki from IC50: the inhibition constant that an experiment with any radioligand would give."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from raphe.assay.estimate import Estimate, log_interval, negative_log, normal, show
from raphe.assay.picture import Legend, Picture, Points, Shade
from raphe.assay.report import Report, Series, count
from raphe.assay.setting import Setting, Settings
from raphe.assay.table import Column, Row, Table, Unit
from raphe.errors import InputError, Problem

TITLE = "Ki from IC50 (Cheng–Prusoff)"
FORMULA = "Ki = IC50 / (1 + [L] / Kd)"
CITATION = (
    "Cheng Y, Prusoff WH (1973) Relationship between the inhibition constant (KI) and the "
    "concentration of inhibitor which causes 50 per cent inhibition (I50) of an enzymatic "
    "reaction. Biochem Pharmacol 22:3099. Its limits: Munson PJ, Rodbard D (1988) J Recept Res "
    "8:533, doi:10.3109/10799898809049010."
)
COLUMNS = (
    Column("compound", "competitor", numeric=False, required=False),
    Column("IC50", "of the competitor", Unit.MOLAR, minimum=0, above_minimum=True),
    Column("IC50_se", "its standard error", Unit.MOLAR, required=False, may_be_empty=True,
           minimum=0),
    Column("radioligand", "free concentration in the assay", Unit.MOLAR, minimum=0),
    Column("radioligand_se", "its standard error", Unit.MOLAR, required=False, may_be_empty=True,
           minimum=0),
    Column("Kd", "of the radioligand", Unit.MOLAR, minimum=0, above_minimum=True),
    Column("Kd_se", "its standard error", Unit.MOLAR, required=False, may_be_empty=True,
           minimum=0),
)  # fmt: skip
SETTINGS: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class InhibitionConstant:
    """The affinity of a competitor, freed from the radioligand it competed with."""

    #: In the unit of the IC50.
    ki: Estimate
    #: By how much the radioligand raised the IC50: 1 + [L]/Kd.
    shift: float
    #: Which errors went in.
    remarks: tuple[str, ...]


def cheng_prusoff(
    ic50: float,
    radioligand: float,
    kd: float,
    *,
    ic50_error: float | None = None,
    radioligand_error: float | None = None,
    kd_error: float | None = None,
    unit: str = "nM",
) -> InhibitionConstant:
    """Ki = IC50 / (1 + [L]/Kd), with its error.

    Parameters
    ----------
    ic50
        Concentration of competitor that halves specific binding.
    radioligand
        Free concentration of the radioligand, [L].
    kd
        Dissociation constant of the radioligand.
    ic50_error, radioligand_error, kd_error
        Standard errors; one that is not given counts as exact.
    unit
        Of all of them.

    Raises
    ------
    InputError
        IC50 or Kd is not above zero, or anything is negative.

    Notes
    -----
    Holds for simple competition at equilibrium (Hill slope 1) when receptors are so few that
    neither ligand is depleted; otherwise the error can be several-fold (Munson & Rodbard 1988,
    who give the exact rule).

    Errors are propagated on the logarithm (delta method, independent errors), with f = [L]/([L] +
    Kd) the share of receptors that the radioligand would occupy alone:
    (s_Ki/Ki)² = (s_IC50/IC50)² + f² ((s_L/[L])² + (s_Kd/Kd)²).
    The 95 % interval is exp(ln Ki ± 1.96 s).

    Examples
    --------
    Prazosin at α₂B: IC50 10 nM against 0.758 nM of a radioligand whose Kd is 0.89 nM:

    >>> print(cheng_prusoff(10.0, 0.758, 0.89, ic50_error=1.2, kd_error=0.09).ki)
    Ki = 5.40 ± 0.70 nM (95 % CI 4.20 to 6.95)
    """
    numbers = {"IC50": ic50, "radioligand": radioligand, "Kd": kd}
    errors = {"IC50": ic50_error, "radioligand": radioligand_error, "Kd": kd_error}
    problems = [
        Problem(f"the {name} is {value:g}.", "It must be a number above 0.")
        for name, value in numbers.items()
        if not (math.isfinite(value) and (value > 0 or (name == "radioligand" and value == 0)))
    ]
    problems += [
        Problem(f"the standard error of the {name} is {error:g}.", "It cannot be below 0.")
        for name, error in errors.items()
        if error is not None and not (math.isfinite(error) and error >= 0)
    ]
    if problems:
        raise InputError(problems)
    shift = 1 + radioligand / kd
    value = ic50 / shift
    known = [name for name, error in errors.items() if error is not None]
    if not known:
        remark = "No standard errors were given, so Ki has none."
        return InhibitionConstant(Estimate("Ki", value, unit), shift, (remark,))
    occupied = radioligand / (radioligand + kd)
    relative = math.hypot(
        (ic50_error or 0.0) / ic50,
        (radioligand_error or 0.0) / (radioligand + kd),
        occupied * (kd_error or 0.0) / kd,
    )
    missing = [name for name in errors if name not in known]
    remarks = (f"Counted as exact: {', '.join(missing)}.",) if missing else ()
    interval = log_interval(value, relative, normal())
    return InhibitionConstant(
        Estimate("Ki", value, unit, value * relative, interval), shift, remarks
    )


def report(table: Table, settings: Settings) -> Report:
    """The Ki of each line of a file, in the unit of its IC50."""
    unit = table.units["IC50"]
    results = [(row.text("compound"), row, _of_row(table, row)) for row in table.rows]
    by_remark: dict[str, list[str]] = {}
    for number, (name, _, one) in enumerate(results, start=1):
        for remark in one.remarks:
            by_remark.setdefault(remark, []).append(name or f"line {number}")
    everything = {remark for remark, names in by_remark.items() if len(names) == len(results)}
    return Report(
        calculation="cheng_prusoff",
        title=TITLE,
        data="",
        size=count(len(results), "compound"),
        formula=FORMULA,
        citation=CITATION,
        settings=dict(settings),
        estimates=tuple(
            estimate.of(name)
            for name, _, one in results
            for estimate in (one.ki, negative_log(one.ki))
            if estimate is not None
        ),
        series=Series(
            ("compound", f"IC50 ({unit})", "1 + [L]/Kd", f"Ki ({unit})"),
            tuple(
                (name, row.number("IC50"), one.shift, one.ki.value) for name, row, one in results
            ),
        ),
        remarks=tuple(
            remark if remark in everything else f"{', '.join(names)}: {remark}"
            for remark, names in by_remark.items()
        ),
        picture=_picture(results, table, unit),
    )


def _of_row(table: Table, row: Row) -> InhibitionConstant:
    unit = table.units["IC50"]

    def number(column: str) -> float | None:
        value = row.optional_number(column)
        return None if value is None else value * table.factor(column, unit)

    return cheng_prusoff(
        row.number("IC50"),
        row.number("radioligand") * table.factor("radioligand", unit),
        row.number("Kd") * table.factor("Kd", unit),
        ic50_error=number("IC50_se"),
        radioligand_error=number("radioligand_se"),
        kd_error=number("Kd_se"),
        unit=unit,
    )


def _picture(
    results: Sequence[tuple[str, Row, InhibitionConstant]], table: Table, unit: str
) -> Picture:
    at = tuple(float(index) for index in range(len(results)))
    above, below = tuple(y - 0.1 for y in at), tuple(y + 0.1 for y in at)
    ic50s = tuple(row.number("IC50") for _, row, _ in results)
    before = tuple(_ic50_interval(table, row) for _, row, _ in results)
    after = tuple(one.ki.interval or (one.ki.value, one.ki.value) for _, _, one in results)
    lines = tuple(
        f"{name or '–'}: {str(replace(one.ki, interval=None, quantity='Kᵢ')).partition('= ')[2]}"
        for name, _, one in results[:10]
    )
    shifts = sorted(one.shift for _, _, one in results)
    spread = " to ".join(dict.fromkeys((show(shifts[0]), show(shifts[-1]))))
    return Picture(
        title="Kᵢ from IC₅₀ (Cheng–Prusoff)",
        subtitle=f"Kᵢ = IC₅₀ / (1 + [L]/Kd); here 1 + [L]/Kd = {spread}; bars: 95 % CI",
        x_label=f"concentration ({unit})",
        y_label="",
        points=(
            Points(0, ic50s, above, x_interval=(tuple(low for low, _ in before),
                                                tuple(high for _, high in before)),
                   shade=Shade.OPEN),
            Points(0, tuple(one.ki.value for _, _, one in results), below,
                   x_interval=(tuple(low for low, _ in after), tuple(high for _, high in after))),
        ),
        legends=(Legend(0, "IC₅₀ (measured)", shade=Shade.OPEN), Legend(0, "Kᵢ ± SE", lines)),
        x_log=True,
        y_names=tuple(name or f"line {row.line}" for name, row, _ in results),
    )  # fmt: skip


def _ic50_interval(table: Table, row: Row) -> tuple[float, float]:
    value, error = row.number("IC50"), row.optional_number("IC50_se")
    if error is None:
        return value, value
    relative = error * table.factor("IC50_se", table.units["IC50"]) / value
    return log_interval(value, relative, normal())
