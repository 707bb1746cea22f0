"""IC50: the concentration of a competitor at which half of the binding it can displace is gone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

import numpy as np

from raphe.assay.drawing import fitted, interval_words, means, words
from raphe.assay.estimate import Estimate, negative_log, show
from raphe.assay.fitting import (
    SIGNIFICANCE,
    Array,
    Fit,
    compare,
    fit_curve,
    half_effect_grid,
    hill,
    hill_test,
)
from raphe.assay.picture import Guide, Legend, Picture, Points, Shade
from raphe.assay.replicates import by_level
from raphe.assay.report import Report, Series, by_group, count
from raphe.assay.setting import Setting, Settings
from raphe.assay.table import Column, Row, Table, Unit, distinct, placed
from raphe.errors import InputError, Problem

TITLE = "IC50 from a sigmoidal fit"
FORMULA = "B = bottom + (top − bottom) / (1 + (C / IC50)^h)"
CITATION = (
    "Four-parameter logistic: De Lean A, Munson PJ, Rodbard D (1978) Am J Physiol 235:E97 (cited "
    "from memory). The IC50 is the relative one, half-way between the plateaus, as the Assay "
    "Guidance Manual defines it (NIH, 'Data types … radioligand binding assays: inhibition mode')."
)
COLUMNS = (
    Column("compound", "competitor; may be empty on tubes shared by all compounds",
           numeric=False, required=False, may_be_empty=True),
    Column("concentration", "of the competitor, 0 for the control", Unit.MOLAR, minimum=0,
           may_be_empty=True),
    Column("bound", "counted in the tube, or any other response", Unit.ANY),
    Column("kind", "total (default) or nonspecific", numeric=False, required=False,
           may_be_empty=True, choices=("total", "nonspecific")),
)  # fmt: skip
SETTINGS = (
    Setting("hill", "Hill slope", None, positive=True),
    Setting("top", "plateau without competitor, in the unit of the fit", None),
    Setting("bottom", "plateau in excess of competitor, in the unit of the fit", None),
)

#: A plateau this share of the span away from every mean is extrapolated (our convention).
PLATEAU_GAP = 0.2


class Bracket(Enum):
    """Where the IC50 lies among the concentrations used; the value is what the report says."""

    INSIDE = "the concentrations lie on both sides of the IC50"
    ABOVE = (
        "The data do not bracket the IC50: the fit puts it above the highest concentration, so "
        "only a lower bound is given. Measure at higher concentrations."
    )
    BELOW = (
        "The data do not bracket the IC50: the fit puts it below the lowest concentration, so "
        "only an upper bound is given. Measure at lower concentrations."
    )
    NO_EFFECT = (
        "The response does not change with the concentration (extra sum of squares, p > 0.05): "
        "these data hold no IC50."
    )


#: What stands beside a parameter that has no value.
UNDETERMINED = "not determined by these data"

#: Parameters that cannot be told apart when the IC50 is not bracketed.
_UNDETERMINED: Mapping[Bracket, frozenset[str]] = {
    Bracket.INSIDE: frozenset(),
    Bracket.ABOVE: frozenset({"log_hill", "bottom"}),
    Bracket.BELOW: frozenset({"log_hill", "top"}),
    Bracket.NO_EFFECT: frozenset({"log_hill", "top", "bottom"}),
}


@dataclass(frozen=True, slots=True)
class Inhibition:
    """A sigmoid through a competition or inhibition experiment."""

    #: In the unit of the concentrations; a bound where the data do not bracket it.
    ic50: Estimate
    hill: Estimate
    top: Estimate
    bottom: Estimate
    bracket: Bracket
    #: Parameters ``top``, ``bottom``, ``log_ic50`` (natural) and ``log_hill``.
    fit: Fit
    remarks: tuple[str, ...]


def ic50(
    concentration: Sequence[float],
    response: Sequence[float],
    *,
    unit: str = "nM",
    response_unit: str = "",
    hill_slope: float | None = None,
    top: float | None = None,
    bottom: float | None = None,
) -> Inhibition:
    """The IC50 by least squares on the logarithm of the concentration.

    Four parameters are fitted: both plateaus, the Hill slope and log IC50. Each may be fixed but
    the last; `hill_slope=1` gives the classic curve of simple competition.

    Parameters
    ----------
    concentration
        Of the competitor, in `unit`; zero is the control without it.
    response
        Binding, uptake or any response, one number a tube; replicates repeat the concentration.
    unit, response_unit
        As shown.
    hill_slope, top, bottom
        Fixed values; fitted where none is given.

    Returns
    -------
    Inhibition
        With standard errors and 95 % intervals; those of IC50 and Hill slope come from their
        logarithms.

    Raises
    ------
    InputError
        Too few concentrations or tubes for the parameters, or numbers that make no sense.

    Notes
    -----
    The IC50 is the *relative* one, half-way between the fitted plateaus. A linear change of the
    response (dpm to per cent, subtraction of a blank) leaves it and its error as they are as
    long as both plateaus are free. `top` is the plateau without competitor: where the response
    rises it is the lower one, and the midpoint is an EC50.

    Examples
    --------
    >>> doses = [0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0]
    >>> curve = [100 / (1 + dose / 5.0) for dose in doses]
    >>> result = ic50(doses, curve)
    >>> round(result.ic50.value, 6), round(result.hill.value, 6)
    (5.0, 1.0)
    """
    fixed = {name: value for name, value in (("top", top), ("bottom", bottom)) if value is not None}
    if hill_slope is not None and hill_slope > 0:
        fixed["log_hill"] = math.log(hill_slope)
    _check(concentration, response, hill_slope, 4 - len(fixed), fixed)
    doses = np.asarray(concentration, dtype=np.float64)
    observed = np.asarray(response, dtype=np.float64)
    fit = _fit(doses, observed, fixed)
    bracket = _bracket(fit, doses, observed)
    found = fit.estimate_exp("log_ic50", "IC50", unit)
    remarks: list[str] = []
    if bracket is not Bracket.INSIDE:
        remarks.append(bracket.value)
        found = _bound(bracket, doses, unit)
    else:
        remarks += _doubts(fit, doses, observed, fixed, found)
    lost = _UNDETERMINED[bracket]
    estimates = {
        "log_hill": fit.estimate_exp("log_hill", "Hill slope"),
        "top": fit.estimate("top", "top", response_unit),
        "bottom": fit.estimate("bottom", "bottom", response_unit),
    }
    for name in lost.intersection(fit.free):
        undetermined = Estimate(estimates[name].quantity, math.nan, note=UNDETERMINED)
        estimates[name] = undetermined
    return Inhibition(
        ic50=found,
        hill=estimates["log_hill"],
        top=estimates["top"],
        bottom=estimates["bottom"],
        bracket=bracket,
        fit=fit,
        remarks=tuple(remarks),
    )


def predict_binding(values: Mapping[str, float], concentration: Array) -> Array:
    """The sigmoid of some parameters at any concentrations."""
    shape = hill(concentration, values["log_ic50"], math.exp(values["log_hill"]))
    return np.asarray(values["top"] + (values["bottom"] - values["top"]) * shape)


def report(table: Table, settings: Settings) -> Report:
    """The IC50 of each compound in a file.

    Where the file holds non-specific tubes their mean is subtracted, and where it holds controls
    (concentration 0) as well, binding is given in per cent of the specific binding of the controls.
    Non-specific tubes and controls without a compound are shared by all compounds.
    """
    problems: list[Problem] = []
    results: dict[str, Inhibition] = {}
    data: dict[str, tuple[list[float], list[float]]] = {}
    unit, shown = table.units["concentration"], ""
    for (name,), rows in _compounds(table).items():
        try:
            doses, bound, shown = _specific(table, rows)
            data[name] = (doses, bound)
            results[name] = ic50(
                doses, bound, unit=unit, response_unit=shown, hill_slope=settings["hill"],
                top=settings["top"], bottom=settings["bottom"],
            )  # fmt: skip
        except InputError as error:
            problems += placed(error, name, table, rows[0])
    if problems:
        raise InputError(dict.fromkeys(problems))
    return Report(
        calculation="ic50",
        title=TITLE,
        data="",
        size=f"{len(table.rows)} tubes, {count(len(results), 'curve')}",
        formula=FORMULA,
        citation=CITATION,
        settings=dict(settings),
        estimates=tuple(
            estimate.of(name)
            for name, one in results.items()
            for estimate in (one.ic50, negative_log(one.ic50), one.hill, one.top, one.bottom)
            if estimate is not None
        ),
        series=_series(results, data, unit, shown),
        remarks=by_group({name: one.remarks for name, one in results.items()}),
        picture=_picture(results, data, unit, shown),
    )


def _check(
    concentration: Sequence[float],
    response: Sequence[float],
    hill_slope: float | None,
    free: int,
    fixed: Mapping[str, float],
) -> None:
    problems = []
    if len(concentration) != len(response):
        what = f"{len(concentration)} concentrations and {len(response)} responses."
        raise InputError([Problem(what, "Give one response for each concentration.")])
    if not all(map(math.isfinite, [*concentration, *response])):
        problems.append(Problem("a number is missing or infinite.", "Leave out lost tubes."))
    if any(dose < 0 for dose in concentration):
        problems.append(Problem("a concentration is negative.", "Give it, not its logarithm."))
    if hill_slope is not None and not hill_slope > 0:
        problems.append(Problem(f"the Hill slope is {hill_slope:g}.", "It must be above 0."))
    if "top" in fixed and fixed["top"] == fixed.get("bottom"):
        problems.append(Problem("top and bottom are the same.", "Leave one of them free."))
    levels = distinct(concentration)
    positive = [dose for dose in levels if dose > 0]
    if len(levels) < free or len(positive) < 2:
        needed = max(free, 2)
        problems.append(
            Problem(
                f"{len(levels)} different concentrations are too few for {free} free parameters.",
                f"Measure at {needed} or more, or fix one, as in --set hill=1.",
            )
        )
    elif len(response) <= free:
        problems.append(
            Problem(
                f"{len(response)} tubes for {free} free parameters leave nothing for the error.",
                "Add replicates or concentrations, or fix one, as in --set hill=1.",
            )
        )
    if problems:
        raise InputError(problems)


def _fit(doses: Array, observed: Array, fixed: Mapping[str, float]) -> Fit:
    # Sorted, so that sums are taken in one order and rows may come in any.
    order = np.lexsort((observed, doses))
    doses, observed = doses[order], observed[order]
    slopes = () if "log_hill" in fixed else (-0.7, 0.0, 0.7)
    grid = half_effect_grid(doses, "log_ic50", {"log_hill": slopes} if slopes else {})
    predict = partial(predict_binding, concentration=doses)
    return fit_curve(predict, observed, ("top", "bottom"), grid, fixed)


def _bracket(fit: Fit, doses: Array, observed: Array) -> Bracket:
    spread = float(np.sum((observed - np.mean(observed)) ** 2))
    if "top" in fit.free and "bottom" in fit.free:
        flat = Fit({}, ("mean",), None, spread, len(observed) - 1)
        if spread <= 0 or compare(flat, fit)[1] > SIGNIFICANCE:
            return Bracket.NO_EFFECT
    log_ic50 = fit.values["log_ic50"]
    if log_ic50 > math.log(float(np.max(doses))):
        return Bracket.ABOVE
    if log_ic50 < math.log(float(np.min(doses[doses > 0]))):
        return Bracket.BELOW
    return Bracket.INSIDE


def _bound(bracket: Bracket, doses: Array, unit: str) -> Estimate:
    if bracket is Bracket.BELOW:
        return Estimate("IC50", float(np.min(doses[doses > 0])), unit, relation="<")
    if bracket is Bracket.ABOVE or bool(np.any(doses == 0)):
        return Estimate("IC50", float(np.max(doses)), unit, relation=">")
    return Estimate("IC50", math.nan, unit, note=UNDETERMINED)


def _doubts(
    fit: Fit, doses: Array, observed: Array, fixed: Mapping[str, float], found: Estimate
) -> list[str]:
    remarks = []
    top, bottom = fit.values["top"], fit.values["bottom"]
    measured = [level.mean for level in by_level(doses.tolist(), observed.tolist())]
    for name, value in (("top", top), ("bottom", bottom)):
        gap = min(abs(value - mean) for mean in measured)
        if name in fit.free and gap > PLATEAU_GAP * abs(top - bottom):
            remedy = " Fix it if a control gives it: --set bottom=0" if name == "bottom" else ""
            remarks.append(
                f"The {name} plateau ({show(value)}) is extrapolated: no mean comes within "
                f"{PLATEAU_GAP:.0%} of the span.{remedy}"
            )
    if bottom > top:
        remarks.append("The response rises with the concentration: the midpoint is an EC50.")
    if found.interval is None:
        remarks.append("These data do not determine all parameters; fix one, as in --set hill=1.")
    elif found.interval[1] > 100 * found.interval[0]:
        remarks.append("The 95 % interval of the IC50 spans more than two decades.")
    if "log_hill" in fit.free:
        remarks += _compare_slopes(fit, doses, observed, fixed)
    return remarks


def _compare_slopes(
    fit: Fit, doses: Array, observed: Array, fixed: Mapping[str, float]
) -> list[str]:
    classic = _fit(doses, observed, {**fixed, "log_hill": 0.0})
    test = hill_test(classic, fit, observed)
    if test is None:
        return []
    if test.differs:
        slope = math.exp(fit.values["log_hill"])
        return [f"The Hill slope, {slope:.2f}, differs from 1 ({test}): not simple competition."]
    other = show(math.exp(classic.values["log_ic50"]))
    return [f"A Hill slope of 1 fits as well ({test}); the IC50 would then be {other}."]


def _compounds(table: Table) -> dict[tuple[str, ...], list[Row]]:
    """The tubes of each compound, with those that all share."""
    if not table.has("compound"):
        return {("",): list(table.rows)}
    groups = table.groups("compound")
    shared = groups.pop(("",), [])
    wrong = [
        table.problem(row, "compound", "no compound.", "Only controls and blanks have none.")
        for row in shared
        if row.text("kind") != "nonspecific" and row.optional_number("concentration") != 0
    ]
    if wrong:
        raise InputError(wrong)
    return {name: [*rows, *shared] for name, rows in groups.items()} or {("",): shared}


def _specific(table: Table, rows: Sequence[Row]) -> tuple[list[float], list[float], str]:
    """Concentrations, binding and its unit, blanks subtracted and scaled to the controls."""
    unit = table.units["bound"]
    blanks = [row.number("bound") for row in rows if row.text("kind") == "nonspecific"]
    tubes = [row for row in rows if row.text("kind") != "nonspecific"]
    empty = [row for row in tubes if row.optional_number("concentration") is None]
    if empty:
        remedy = "Write 0 for a control; only non-specific tubes may have none."
        raise InputError(
            table.problem(row, "concentration", "no concentration.", remedy) for row in empty
        )
    doses = [row.number("concentration") for row in tubes]
    bound = [row.number("bound") for row in tubes]
    if not blanks:
        return doses, bound, unit
    blank = math.fsum(blanks) / len(blanks)
    bound = [value - blank for value in bound]
    controls = [value for dose, value in zip(doses, bound, strict=True) if dose == 0]
    if not controls:
        return doses, bound, unit
    control = math.fsum(controls) / len(controls)
    if control <= 0:
        what = "the controls bind no more than the non-specific tubes."
        raise InputError([Problem(what, "Check which tubes are which.")])
    return doses, [100 * value / control for value in bound], "% of control"


def _series(
    results: Mapping[str, Inhibition],
    data: Mapping[str, tuple[list[float], list[float]]],
    unit: str,
    shown: str,
) -> Series:
    rows = []
    for name, result in results.items():
        levels = by_level(*data[name])
        curve = predict_binding(result.fit.values, np.asarray([level.at for level in levels]))
        for level, predicted in zip(levels, curve.tolist(), strict=True):
            rows.append((name, level.at, level.mean, level.error, level.n, predicted))
    header = ("compound", f"concentration ({unit})", f"mean ({shown})", "sem", "n", "fitted")
    return Series(header, tuple(rows))


def _picture(
    results: Mapping[str, Inhibition],
    data: Mapping[str, tuple[list[float], list[float]]],
    unit: str,
    shown: str,
) -> Picture:
    doses = [dose for one, _ in data.values() for dose in one]
    positive = [dose for dose in doses if dose > 0]
    low, high = min(positive), max(positive)
    zero_at = low / 10**0.8 if min(doses) == 0 else None
    points, curves, guides, legends = [], [], [], []
    for group, (name, result) in enumerate(results.items()):
        levels = by_level(*data[name])
        spots = tuple(level.at if level.at > 0 else zero_at or low for level in levels)
        single = tuple(dose if dose > 0 else zero_at or low for dose in data[name][0])
        points.append(Points(group, single, tuple(data[name][1]), shade=Shade.FAINT))
        shifted = [replace(level, at=spot) for level, spot in zip(levels, spots, strict=True)]
        points.append(means(group, shifted))
        if result.bracket is Bracket.INSIDE:
            grid = np.geomspace(low / 2, high * 2, 200)
            curves.append(fitted(group, result.fit, predict_binding, grid))
        if result.bracket is Bracket.INSIDE and len(results) == 1:
            guides.append(Guide("x", result.ic50.value, "IC₅₀"))
        legends.append(Legend(group, name or "competitor", _lines(result, unit)))
    fixed = next(iter(results.values())).hill.note == "fixed"
    slope = next(iter(results.values())).hill.value
    kind = f"Hill slope fixed at {slope:g}" if fixed else "four-parameter logistic"
    return Picture(
        title="IC₅₀ from a sigmoidal fit",
        subtitle=f"{kind}; mean ± SEM, single tubes faint, 95 % confidence band",
        x_label=f"competitor ({unit})",
        y_label=f"specific binding ({shown})" if shown.startswith("%") else f"bound ({shown})",
        points=tuple(points),
        curves=tuple(curves),
        guides=tuple(guides),
        legends=tuple(legends),
        x_log=True,
        zero_at=zero_at,
    )


def _lines(result: Inhibition, unit: str) -> tuple[str, ...]:
    found, slope = result.ic50, result.hill
    if math.isnan(found.value):
        return ("IC₅₀ not determined",)
    if found.relation != "=":
        return (f"IC₅₀ {found.relation} {show(found.value)} {unit} (not bracketed)",)
    lines = (words(found, "IC₅₀"), *interval_words(found))
    return lines if slope.note == "fixed" else (*lines, words(slope))
