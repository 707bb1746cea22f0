"""PET: the share of receptors that a drug holds, from binding with and without it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from raphe.assay.drawing import fitted, interval_words, means, words
from raphe.assay.estimate import Estimate, mean_estimate, show
from raphe.assay.fitting import Array, Fit, fit_curve, half_effect_grid, hill
from raphe.assay.picture import Legend, Picture, Points, Shade
from raphe.assay.replicates import by_level
from raphe.assay.report import Report, Series, count
from raphe.assay.setting import Setting, Settings
from raphe.assay.table import Column, Row, Table, Unit, distinct
from raphe.errors import InputError, Problem

TITLE = "Receptor occupancy (PET)"
FORMULA = "occupancy = 1 − BP_drug / BP_baseline; over doses: maximum × D / (ED50 + D)"
CITATION = (
    "Binding potential: Innis RB et al (2007) Consensus nomenclature for in vivo imaging of "
    "reversibly binding radioligands. J Cereb Blood Flow Metab 27:1533 (cited from memory). Target "
    "occupancy by PET: guideline of the EANM Drug Development Committee, PMC5047931."
)
COLUMNS = (
    Column("subject", "person or animal", numeric=False, required=False),
    Column("region", "of interest in the brain", numeric=False),
    Column("dose", "given; or free", Unit.ANY, required=False, minimum=0, above_minimum=True),
    Column("free", "free concentration of the drug; or dose", Unit.MOLAR, required=False, minimum=0,
           above_minimum=True),
    Column("BP_baseline", "binding potential without drug", minimum=0, above_minimum=True),
    Column("BP_drug", "binding potential with drug"),
    Column("BP_baseline_se", "its standard error", required=False, may_be_empty=True, minimum=0),
    Column("BP_drug_se", "its standard error", required=False, may_be_empty=True, minimum=0),
)  # fmt: skip
SETTINGS = (Setting("maximum", "highest occupancy, in %", 100.0, positive=True),)

#: Fewer different doses than this are listed, not fitted.
MINIMUM_DOSES = 3


@dataclass(frozen=True, slots=True)
class DoseOccupancy:
    """Occupancy of one region over doses."""

    #: ED50 in the unit of the dose; Ki where free concentrations were given. A bound where the data
    #: do not bracket it.
    half: Estimate
    #: In per cent.
    maximum: Estimate
    #: Parameters ``maximum`` (%) and ``log_half`` (natural).
    fit: Fit
    remarks: tuple[str, ...]


def occupancy(
    bp_drug: float,
    bp_baseline: float,
    *,
    bp_drug_error: float | None = None,
    bp_baseline_error: float | None = None,
) -> Estimate:
    """1 − BP_drug / BP_baseline, in per cent.

    Parameters
    ----------
    bp_drug, bp_baseline
        Binding potential of the same region of the same subject, with and without drug.
    bp_drug_error, bp_baseline_error
        Standard errors of these; both or none.

    Raises
    ------
    InputError
        The baseline is not above zero.

    Notes
    -----
    Assumes that the drug changes neither the non-displaceable uptake nor the number and affinity of
    the receptors, and that the tracer occupies few. With r = BP_drug/BP_baseline the standard
    error is 100 √(s_drug² + r² s_baseline²)/BP_baseline (delta method). Noise may take an occupancy
    below 0 or above 100 %; it is not cut off, which would bias the mean.

    Examples
    --------
    >>> print(occupancy(0.36, 1.80, bp_drug_error=0.04, bp_baseline_error=0.09))
    occupancy = 80.0 ± 2.4 %
    """
    if not (math.isfinite(bp_baseline) and bp_baseline > 0 and math.isfinite(bp_drug)):
        what = f"BP_baseline is {bp_baseline:g} and BP_drug {bp_drug:g}."
        raise InputError([Problem(what, "The baseline must be above 0.")])
    ratio = bp_drug / bp_baseline
    if bp_drug_error is None or bp_baseline_error is None:
        return Estimate("occupancy", 100 * (1 - ratio), "%")
    error = 100 * math.hypot(bp_drug_error, ratio * bp_baseline_error) / bp_baseline
    return Estimate("occupancy", 100 * (1 - ratio), "%", error)


def fit_occupancy(
    dose: Sequence[float],
    percent: Sequence[float],
    *,
    maximum: float | None = 100.0,
    unit: str = "mg",
    quantity: str = "ED50",
) -> DoseOccupancy:
    """ED50 (or Ki) by a hyperbola through occupancies at several doses.

    Parameters
    ----------
    dose
        Of each scan, or the free concentration of the drug.
    percent
        Occupancy of each scan.
    maximum
        Highest occupancy in per cent; None fits it.
    unit, quantity
        Of the result, as shown.

    Raises
    ------
    InputError
        Fewer than three different doses, or a dose that is not above zero.

    Examples
    --------
    >>> doses = [2.0, 5.0, 10.0, 20.0, 40.0]
    >>> result = fit_occupancy(doses, [100 * dose / (8.0 + dose) for dose in doses])
    >>> round(result.half.value, 6)
    8.0
    """
    problems = []
    levels = distinct(dose)
    if any(not (math.isfinite(one) and one > 0) for one in dose):
        problems.append(Problem("a dose is not above zero.", "Leave scans without drug out."))
    if len(dose) != len(percent) or not all(map(math.isfinite, percent)):
        problems.append(Problem("doses and occupancies do not match.", "Give one for each scan."))
    if len(levels) < MINIMUM_DOSES:
        what = f"{len(levels)} different doses are too few for a fit."
        problems.append(Problem(what, f"Scan at {MINIMUM_DOSES} or more."))
    if problems:
        raise InputError(problems)
    pairs = sorted(zip(dose, percent, strict=True))
    doses = np.array([one for one, _ in pairs], dtype=np.float64)
    observed = np.array([value for _, value in pairs], dtype=np.float64)
    fixed = {} if maximum is None else {"maximum": maximum}

    def predict(values: Mapping[str, float]) -> Array:
        return hyperbola(values, doses)

    fit = fit_curve(predict, observed, ("maximum",), half_effect_grid(doses, "log_half", {}), fixed)
    half = fit.estimate_exp("log_half", quantity, unit)
    remarks = []
    if half.value > levels[-1]:
        remarks.append(_beyond(half, "above the highest"))
        half = Estimate(quantity, levels[-1], unit, relation=">")
    elif half.value < levels[0]:
        remarks.append(_beyond(half, "below the lowest"))
        half = Estimate(quantity, levels[0], unit, relation="<")
    return DoseOccupancy(half, fit.estimate("maximum", "maximum", "%"), fit, tuple(remarks))


def hyperbola(values: Mapping[str, float], dose: Array) -> Array:
    """Occupancy of some parameters at any doses, in per cent."""
    return values["maximum"] * hill(dose, values["log_half"], 1.0)


def report(table: Table, settings: Settings) -> Report:
    """The occupancy of each region in a file, over doses where there are several."""
    if table.has("dose") and table.has("free"):
        what = "both a dose and a free concentration."
        raise InputError([table.problem(None, "dose", what, "Keep the one to fit against.")])
    exposure = next((name for name in ("dose", "free") if table.has(name)), "")
    problems = _check_rows(table, exposure)
    if problems:
        raise InputError(problems)
    unit = table.units.get(exposure, "")
    regions: dict[str, list[tuple[float, Estimate]]] = {}
    for (region,), rows in table.groups("region").items():
        scans = [(row.number(exposure) if exposure else 0.0, _of_row(row)) for row in rows]
        regions[region] = sorted(scans, key=lambda scan: (scan[0], scan[1].value))
    fits: dict[str, DoseOccupancy] = {}
    remarks: list[str] = []
    for region, scans in regions.items():
        doses = [dose for dose, _ in scans]
        if len(distinct(doses)) >= MINIMUM_DOSES:
            fits[region] = fit_occupancy(
                doses,
                [one.value for _, one in scans],
                maximum=settings["maximum"],
                unit=unit,
                quantity="Ki" if exposure == "free" else "ED50",
            )
            remarks += [f"{region}: {remark}" for remark in fits[region].remarks]
    remarks += _doubts(table, regions, fits, exposure)
    return Report(
        calculation="occupancy",
        title=TITLE,
        data="",
        size=f"{len(table.rows)} pairs of scans, {count(len(regions), 'region')}",
        formula=FORMULA,
        citation=CITATION,
        settings=dict(settings),
        estimates=_estimates(regions, fits, unit),
        series=_series(table, exposure, unit),
        remarks=tuple(remarks),
        picture=_picture(regions, fits, exposure, unit),
    )


def _beyond(half: Estimate, side: str) -> str:
    return (
        f"The data do not bracket the {half.quantity}: the fit puts it {side} dose "
        f"({show(half.value)} {half.unit}), so only a bound is given."
    )


def _of_row(row: Row) -> Estimate:
    return occupancy(
        row.number("BP_drug"),
        row.number("BP_baseline"),
        bp_drug_error=row.optional_number("BP_drug_se"),
        bp_baseline_error=row.optional_number("BP_baseline_se"),
    )


def _check_rows(table: Table, exposure: str) -> list[Problem]:
    problems = []
    seen: dict[tuple[str, str, float], int] = {}
    for row in table.rows:
        if not table.has("subject"):
            break
        dose = row.number(exposure) if exposure else 0.0
        key = (row.text("subject"), row.text("region"), dose)
        if key in seen:
            what = f"{key[0]}, {key[1]} stands in line {seen[key]} already."
            problems.append(
                table.problem(row, "region", what, "Keep one line for each pair of scans.")
            )
        seen.setdefault(key, row.line)
    return problems


def _doubts(
    table: Table,
    regions: Mapping[str, Sequence[tuple[float, Estimate]]],
    fits: Mapping[str, DoseOccupancy],
    exposure: str,
) -> list[str]:
    remarks = []
    values = [one.value for scans in regions.values() for _, one in scans]
    outside = sum(not 0 <= value <= 100 for value in values)
    if outside:
        were = "occupancy is" if outside == 1 else "occupancies are"
        remarks.append(f"{outside} {were} below 0 or above 100 %: kept, as noise goes both ways.")
    if exposure == "free" and fits:
        remarks.append("Ki is apparent: it holds if the concentration is that beside the receptor.")
    if exposure and len(fits) < len(regions):
        which = ", ".join(region for region in regions if region not in fits)
        remarks.append(f"Fewer than {MINIMUM_DOSES} doses, so no fit: {which}.")
    if not table.has("subject"):
        remarks.append("No column 'subject': every line counts as a subject of its own.")
    return remarks


def _estimates(
    regions: Mapping[str, Sequence[tuple[float, Estimate]]],
    fits: Mapping[str, DoseOccupancy],
    unit: str,
) -> tuple[Estimate, ...]:
    found: list[Estimate] = []
    for region, scans in regions.items():
        for dose in distinct(dose for dose, _ in scans):
            same = [one for at, one in scans if at == dose]
            label = f"{region}, {show(dose)} {unit}" if unit else region
            mean = mean_estimate("occupancy", [one.value for one in same], "%", "scans")
            if len(same) == 1 and same[0].standard_error is not None:
                mean = replace(
                    mean, standard_error=same[0].standard_error, note="error of one scan"
                )
            found.append(mean.of(label))
        if region in fits:
            found += [fits[region].half.of(region), fits[region].maximum.of(region)]
    return tuple(found)


def _series(table: Table, exposure: str, unit: str) -> Series:
    header = ("subject", "region", f"{exposure} ({unit})" if exposure else "dose",
              "BP_baseline", "BP_drug", "occupancy (%)", "se (%)")  # fmt: skip
    rows = []
    for row in table.rows:
        one = _of_row(row)
        rows.append(
            (row.text("subject"), row.text("region"), row.number(exposure) if exposure else None,
             row.number("BP_baseline"), row.number("BP_drug"), one.value, one.standard_error)
        )  # fmt: skip
    return Series(header, tuple(rows))


def _picture(
    regions: Mapping[str, Sequence[tuple[float, Estimate]]],
    fits: Mapping[str, DoseOccupancy],
    exposure: str,
    unit: str,
) -> Picture:
    if fits:
        return _picture_of_fits(regions, fits, exposure, unit)
    points, legends = [], []
    doses = distinct(dose for scans in regions.values() for dose, _ in scans)
    for group, dose in enumerate(doses):
        lines = []
        for at, (region, scans) in enumerate(regions.items()):
            values = [one.value for where, one in scans if where == dose]
            if not values:
                continue
            x = at + (group - (len(doses) - 1) / 2) * 0.2
            level = by_level([x] * len(values), values)[0]
            beside = tuple(x - 0.06 for _ in values)
            points.append(Points(group, beside, tuple(values), shade=Shade.FAINT))
            points.append(Points(group, (x,), (level.mean,), (level.error,)))
            spread = "" if math.isnan(level.error) else f" ± {level.error:.1f}"
            lines.append(f"{region}: {level.mean:.1f}{spread} %")
        name = f"{show(dose)} {unit}" if exposure else "occupancy"
        legends.append(Legend(group, name, tuple(lines[:8])))
    return Picture(
        title=TITLE,
        subtitle="1 − BP(drug)/BP(baseline); mean ± SEM over subjects, single scans beside it",
        x_label="",
        y_label="occupancy (%)",
        points=tuple(points),
        legends=tuple(legends),
        x_names=tuple(regions),
    )


def _picture_of_fits(
    regions: Mapping[str, Sequence[tuple[float, Estimate]]],
    fits: Mapping[str, DoseOccupancy],
    exposure: str,
    unit: str,
) -> Picture:
    points, curves, legends = [], [], []
    highest = max(dose for scans in regions.values() for dose, _ in scans)
    grid = np.linspace(0.0, highest * 1.03, 200)
    symbol = "Kᵢ" if exposure == "free" else "ED₅₀"
    for group, (region, scans) in enumerate(regions.items()):
        doses = [dose for dose, _ in scans]
        values = [one.value for _, one in scans]
        levels = by_level(doses, values)
        points.append(Points(group, tuple(doses), tuple(values), shade=Shade.FAINT))
        points.append(means(group, levels))
        if region not in fits:
            legends.append(Legend(group, region, ("too few doses for a fit",)))
            continue
        result = fits[region]
        curves.append(fitted(group, result.fit, hyperbola, grid))
        lines = (words(result.half, symbol), *interval_words(result.half), words(result.maximum))
        legends.append(Legend(group, region, lines))
    of = "free concentration" if exposure == "free" else "dose"
    return Picture(
        title=TITLE,
        subtitle="1 − BP(drug)/BP(baseline); mean ± SEM, single scans faint, 95 % confidence band",
        x_label=f"{of} ({unit})",
        y_label="occupancy (%)",
        points=tuple(points),
        curves=tuple(curves),
        legends=tuple(legends),
    )
