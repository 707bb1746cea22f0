"""Bmax and Kd: how many receptors there are, and how tightly they hold the radioligand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from raphe.assay.drawing import fitted, interval_words, means, words
from raphe.assay.estimate import Estimate
from raphe.assay.fitting import Array, Fit, fit_curve, half_effect_grid, hill, hill_test
from raphe.assay.picture import Legend, Picture, Shade
from raphe.assay.replicates import by_level
from raphe.assay.report import Report, Series, by_group, count
from raphe.assay.setting import Setting, Settings
from raphe.assay.table import Column, Row, Table, Unit, distinct, placed
from raphe.errors import InputError, Problem

TITLE = "Saturation binding"
FORMULA = "specific = Bmax [L]^h / (Kd^h + [L]^h); non-specific = slope [L]; total = both"
CITATION = (
    "IUPAC Gold Book, 'binding isotherm', doi:10.1351/goldbook.14112 (Pure Appl Chem 2011, "
    "83:1129), for h = 1; with h: Hill AV (1910) J Physiol 40:iv (cited from memory)."
)
COLUMNS = (
    Column("sample", "tissue or treatment", numeric=False, required=False),
    Column("ligand", "free concentration of the radioligand", Unit.MOLAR, minimum=0),
    Column("bound", "bound in the tube", Unit.ANY),
    Column("kind", "specific (default), total or nonspecific", numeric=False, required=False,
           may_be_empty=True, choices=("specific", "total", "nonspecific")),
)  # fmt: skip
SETTINGS = (Setting("hill", "Hill slope", 1.0, positive=True),)

#: Below this share of Bmax at the highest concentration the plateau is a guess (our convention:
#: 80 % is reached at four times Kd).
REACHED = 0.8


@dataclass(frozen=True, slots=True)
class Saturation:
    """Receptors of one sample."""

    #: In the unit of binding.
    bmax: Estimate
    #: In the unit of the ligand.
    kd: Estimate
    hill: Estimate
    #: Non-specific binding per concentration; none where only specific binding was given.
    nonspecific_slope: Estimate | None
    #: Parameters ``bmax``, ``slope``, ``log_kd`` (natural) and ``log_hill``.
    fit: Fit
    remarks: tuple[str, ...]


def saturation_binding(
    ligand: Sequence[float],
    specific: Sequence[float] = (),
    *,
    total: Sequence[float] = (),
    nonspecific_ligand: Sequence[float] = (),
    nonspecific: Sequence[float] = (),
    hill_slope: float | None = 1.0,
    unit: str = "nM",
    bound_unit: str = "",
) -> Saturation:
    """Bmax and Kd from specific binding, or from total and non-specific binding together.

    Give either `specific`, or `total`, with `nonspecific` or without. Total and non-specific
    binding are fitted at once and share the non-specific slope, which is better than subtracting
    one noisy number from another.

    Parameters
    ----------
    ligand
        Free concentration of radioligand in each tube of `specific` or `total`.
    specific, total
        Bound in each tube.
    nonspecific_ligand, nonspecific
        The same for the tubes with a competitor in excess.
    hill_slope
        Fixed Hill slope; None fits it.
    unit, bound_unit
        As shown.

    Raises
    ------
    InputError
        Too few concentrations or tubes, or numbers that make no sense.

    Notes
    -----
    Holds where the free concentration is known: if more than about a tenth of the ligand is bound,
    what was added is not what is free. Kd is fitted as its logarithm, so its interval is
    asymmetric.
    A Scatchard plot is not drawn, because it distorts the errors.

    Examples
    --------
    >>> doses = [0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
    >>> result = saturation_binding(doses, [73.3 * dose / (0.1 + dose) for dose in doses])
    >>> round(result.bmax.value, 6), round(result.kd.value, 6)
    (73.3, 0.1)
    """
    observed_total = specific or total
    with_slope = not specific
    free = 2 + (hill_slope is None) + with_slope
    _check(ligand, observed_total, nonspecific_ligand, nonspecific, hill_slope, free)
    main = sorted(zip(ligand, observed_total, strict=True))
    blank = sorted(zip(nonspecific_ligand, nonspecific, strict=True))
    doses = np.array([dose for dose, _ in [*main, *blank]], dtype=np.float64)
    observed = np.array([value for _, value in [*main, *blank]], dtype=np.float64)
    saturable = np.array([1.0] * len(main) + [0.0] * len(blank))
    fixed = {} if with_slope else {"slope": 0.0}
    if hill_slope is not None:
        fixed["log_hill"] = math.log(hill_slope)

    def predict(values: Mapping[str, float]) -> Array:
        return saturable * specific_curve(values, doses) + values["slope"] * doses

    slopes = {} if hill_slope is not None else {"log_hill": (-0.7, 0.0, 0.7)}
    grid = half_effect_grid(doses[saturable > 0], "log_kd", slopes)
    fit = fit_curve(predict, observed, ("bmax", "slope"), grid, fixed)
    bmax = fit.estimate("bmax", "Bmax", bound_unit)
    kd = fit.estimate_exp("log_kd", "Kd", unit)
    slope = fit.estimate("slope", "non-specific slope", f"{bound_unit or '1'}/{unit}")
    return Saturation(
        bmax=bmax,
        kd=kd,
        hill=fit.estimate_exp("log_hill", "Hill slope"),
        nonspecific_slope=slope if with_slope else None,
        fit=fit,
        remarks=tuple(_doubts(fit, doses, observed, saturable, kd)),
    )


def specific_curve(values: Mapping[str, float], ligand: Array) -> Array:
    """Specific binding of some parameters at any concentrations."""
    return values["bmax"] * hill(ligand, values["log_kd"], math.exp(values["log_hill"]))


def report(table: Table, settings: Settings) -> Report:
    """Bmax and Kd of each sample in a file."""
    unit, bound = table.units["ligand"], table.units["bound"]
    problems: list[Problem] = []
    results: dict[str, Saturation] = {}
    data: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for (name,), rows in table.groups("sample").items():
        kinds = _by_kind(rows)
        if "specific" in kinds and len(kinds) > 1:
            what = "specific binding beside total or nonspecific."
            remedy = "Give the one that was measured; raphe subtracts."
            first = next(row for row in rows if (row.text("kind") or "specific") == "specific")
            problems.append(table.problem(first, "kind", what, remedy))
            continue
        if set(kinds) == {"nonspecific"}:
            what = f"{name or 'the file'} has no total binding."
            problems.append(table.problem(rows[0], "kind", what, "Add tubes without competitor."))
            continue
        data[name] = kinds
        main = kinds.get("specific") or kinds["total"]
        blank = kinds.get("nonspecific", [])
        values = [value for _, value in main]
        try:
            results[name] = saturation_binding(
                [dose for dose, _ in main],
                values if "specific" in kinds else (),
                total=values if "total" in kinds else (),
                nonspecific_ligand=[dose for dose, _ in blank],
                nonspecific=[value for _, value in blank],
                hill_slope=settings["hill"],
                unit=unit,
                bound_unit=bound,
            )
        except InputError as error:
            problems += placed(error, name, table, rows[0])
    if problems:
        raise InputError(problems)
    return Report(
        calculation="saturation_binding",
        title=TITLE,
        data="",
        size=f"{len(table.rows)} tubes, {count(len(results), 'sample')}",
        formula=FORMULA,
        citation=CITATION,
        settings=dict(settings),
        estimates=tuple(
            estimate.of(name)
            for name, one in results.items()
            for estimate in (one.bmax, one.kd, one.hill, one.nonspecific_slope)
            if estimate is not None
        ),
        series=_series(results, data, unit, bound),
        remarks=by_group({name: one.remarks for name, one in results.items()}),
        picture=_picture(results, data, unit, bound),
    )


def _check(
    ligand: Sequence[float],
    bound: Sequence[float],
    nonspecific_ligand: Sequence[float],
    nonspecific: Sequence[float],
    hill_slope: float | None,
    free: int,
) -> None:
    problems = []
    if len(ligand) != len(bound) or len(nonspecific_ligand) != len(nonspecific):
        what = "concentrations and tubes differ in number."
        raise InputError([Problem(what, "Give one binding for each concentration.")])
    if not all(map(math.isfinite, [*ligand, *bound, *nonspecific_ligand, *nonspecific])):
        problems.append(Problem("a number is missing or infinite.", "Leave out lost tubes."))
    if any(dose < 0 for dose in [*ligand, *nonspecific_ligand]):
        problems.append(Problem("a concentration is negative.", "Give it, not its logarithm."))
    if hill_slope is not None and not hill_slope > 0:
        problems.append(Problem(f"the Hill slope is {hill_slope:g}.", "It must be above 0."))
    positive = [dose for dose in distinct(ligand) if dose > 0]
    if len(positive) < max(free, 3):
        what = f"{len(positive)} different concentrations are too few for {free} free parameters."
        problems.append(Problem(what, f"Measure at {max(free, 3)} or more, around the Kd."))
    elif len(bound) + len(nonspecific) <= free:
        tubes = len(bound) + len(nonspecific)
        what = f"{tubes} tubes for {free} free parameters leave nothing for the error."
        problems.append(Problem(what, "Add replicates or concentrations."))
    if problems:
        raise InputError(problems)


def _doubts(fit: Fit, doses: Array, observed: Array, saturable: Array, kd: Estimate) -> list[str]:
    remarks = []
    highest = float(np.max(doses[saturable > 0]))
    if fit.values["bmax"] <= 0:
        return ["No specific binding: the fitted Bmax is not above zero."]
    reached = float(specific_curve(fit.values, np.array([highest]))[0]) / fit.values["bmax"]
    if kd.value > highest:
        remarks.append(
            "The data do not bracket Kd: the fit puts it above the highest concentration; neither "
            "it nor Bmax can be trusted. Measure at higher concentrations."
        )
    elif reached < REACHED:
        remarks.append(
            f"The highest concentration reaches {reached:.0%} of Bmax; the rest is extrapolated."
        )
    if kd.value < float(np.min(doses[(saturable > 0) & (doses > 0)])):
        remarks.append(
            "The data do not bracket Kd: the fit puts it below the lowest concentration."
        )
    if kd.interval is None:
        remarks.append("These data do not determine all parameters; fix one, as in --set hill=1.")
    if not np.any(saturable == 0) and "slope" in fit.free:
        remarks.append(
            "No non-specific tubes: the slope rests on the shape of total binding alone."
        )
    if "log_hill" in fit.free:
        remarks += _compare_slopes(fit, doses, observed, saturable)
    return remarks


def _compare_slopes(fit: Fit, doses: Array, observed: Array, saturable: Array) -> list[str]:
    def predict(values: Mapping[str, float]) -> Array:
        return saturable * specific_curve(values, doses) + values["slope"] * doses

    fixed = {"log_hill": 0.0, **({} if "slope" in fit.free else {"slope": 0.0})}
    grid = half_effect_grid(doses[saturable > 0], "log_kd", {})
    classic = fit_curve(predict, observed, ("bmax", "slope"), grid, fixed)
    test = hill_test(classic, fit, observed)
    if test is None:
        return []
    if test.differs:
        return [f"The Hill slope differs from 1 ({test}): not one class of independent sites."]
    return [f"A Hill slope of 1 fits as well ({test})."]


def _by_kind(rows: Sequence[Row]) -> dict[str, list[tuple[float, float]]]:
    kinds: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        pair = (row.number("ligand"), row.number("bound"))
        kinds.setdefault(row.text("kind") or "specific", []).append(pair)
    return kinds


def _series(
    results: Mapping[str, Saturation],
    data: Mapping[str, Mapping[str, Sequence[tuple[float, float]]]],
    unit: str,
    bound: str,
) -> Series:
    rows: list[tuple[float | int | str | None, ...]] = []
    for name, result in results.items():
        for kind, pairs in data[name].items():
            for level in by_level([dose for dose, _ in pairs], [value for _, value in pairs]):
                fitted = _curve(result.fit.values, np.array([level.at]), kind)[0]
                rows.append((name, kind, level.at, level.mean, level.error, level.n, float(fitted)))
    header = ("sample", "kind", f"ligand ({unit})", f"mean ({bound})", "sem", "n", "fitted")
    return Series(header, tuple(rows))


def _curve(values: Mapping[str, float], ligand: Array, kind: str) -> Array:
    blank = values["slope"] * ligand
    if kind == "nonspecific":
        return blank
    return specific_curve(values, ligand) + (blank if kind == "total" else 0.0)


def _picture(
    results: Mapping[str, Saturation],
    data: Mapping[str, Mapping[str, Sequence[tuple[float, float]]]],
    unit: str,
    bound: str,
) -> Picture:
    points, curves, legends = [], [], []
    highest = max(dose for kinds in data.values() for pairs in kinds.values() for dose, _ in pairs)
    grid = np.linspace(0.0, highest * 1.02, 200)
    for group, (name, result) in enumerate(results.items()):
        kinds = data[name]
        drawn = {"specific": Shade.FULL} if "specific" in kinds else {"total": Shade.FULL}
        if "nonspecific" in kinds:
            drawn["nonspecific"] = Shade.OPEN
        for kind, shade in drawn.items():
            pairs = kinds[kind]
            levels = by_level([dose for dose, _ in pairs], [value for _, value in pairs])
            points.append(means(group, levels, shade))
            curves.append(fitted(group, result.fit, partial(_curve, kind=kind), grid, shade))
        lines = [
            words(result.bmax, "Bₘₐₓ"),
            words(result.kd),
            *interval_words(result.kd, "Kd"),
        ]
        if result.hill.note != "fixed":
            lines.append(words(result.hill))
        legends.append(Legend(group, name or "binding", tuple(lines)))
    both = any("nonspecific" in kinds for kinds in data.values())
    what = "filled: total, open: non-specific" if both else "specific binding"
    return Picture(
        title="Saturation binding",
        subtitle=f"{what}; mean ± SEM, fitted curve with 95 % confidence band",
        x_label=f"free radioligand ({unit})",
        y_label=f"bound ({bound})",
        points=tuple(points),
        curves=tuple(curves),
        legends=tuple(legends),
    )
