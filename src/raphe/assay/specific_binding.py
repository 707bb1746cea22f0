"""Specific binding: what a saturating competitor takes away from total binding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from raphe.assay.estimate import Estimate, mean_estimate, show, show_error, student
from raphe.assay.picture import Legend, Picture, Points, Shade
from raphe.assay.replicates import by_level
from raphe.assay.report import Report, Series, by_group, count
from raphe.assay.setting import Setting, Settings
from raphe.assay.table import Column, Row, Table, Unit, placed
from raphe.errors import InputError, Problem

TITLE = "Specific binding"
FORMULA = "specific = mean total − mean non-specific; SE = √(SE_total² + SE_non-specific²)"
CITATION = (
    "Hulme EC, Trevethick MA (2010) Ligand binding assays at equilibrium: validation and "
    "interpretation. Br J Pharmacol 161:1219 (definition; cited from memory). Degrees of freedom: "
    "Welch BL (1947) Biometrika 34:28; Satterthwaite FE (1946) Biometrics Bull 2:110 (from memory)."
)
COLUMNS = (
    Column("sample", "what was incubated; may be empty on tubes shared by all samples",
           numeric=False, required=False, may_be_empty=True),
    Column("kind", "total or nonspecific", numeric=False, choices=("total", "nonspecific")),
    Column("bound", "counted in the tube", Unit.ANY, minimum=0),
)  # fmt: skip
SETTINGS: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class SpecificBinding:
    """Binding in the presence and absence of a saturating competitor."""

    total: Estimate
    nonspecific: Estimate
    specific: Estimate
    #: Specific as a share of total, in per cent.
    share: Estimate
    remarks: tuple[str, ...]


def specific_binding(
    total: Sequence[float], nonspecific: Sequence[float], unit: str = ""
) -> SpecificBinding:
    """Total less non-specific binding, with the error of both.

    Parameters
    ----------
    total
        Bound in each tube with radioligand alone.
    nonspecific
        Bound in each tube that also holds a competitor in excess.
    unit
        Of both, as shown.

    Returns
    -------
    SpecificBinding
        Means with standard errors; intervals by Student's *t* with the degrees of freedom of
        Welch and Satterthwaite. Without replicates of both kinds there is no error.

    Raises
    ------
    InputError
        One kind has no tube, or mean total binding is not above zero.

    Notes
    -----
    Specific = T − N and its variance is the sum of the variances of the means. The share 1 − N/T
    has the standard error √(s_N²/T² + N² s_T²/T⁴) by the delta method.

    Examples
    --------
    >>> result = specific_binding([4012.0, 4130.0, 3950.0], [512.0, 498.0, 530.0], "dpm")
    >>> print(result.specific)
    specific = 3517 ± 54 dpm (95 % CI 3299 to 3736)
    >>> print(result.share)
    specific share = 87.26 ± 0.28 %
    """
    problems = [
        Problem(f"no {kind} binding.", f"Give at least one tube of {kind} binding.")
        for kind, tubes in (("total", total), ("nonspecific", nonspecific))
        if not tubes
    ]
    if problems:
        raise InputError(problems)
    whole = mean_estimate("total", total, unit, "tubes")
    blank = mean_estimate("non-specific", nonspecific, unit, "tubes")
    if whole.value <= 0:
        raise InputError([Problem("mean total binding is zero.", "Subtract nothing beforehand.")])
    difference = whole.value - blank.value
    share = 100 * difference / whole.value
    one, other = whole.standard_error, blank.standard_error
    if one is None or other is None:
        remarks = ["Single tubes have no standard error; count at least two of each kind."]
        specific = Estimate("specific", difference, unit)
        part = Estimate("specific share", share, "%")
    else:
        remarks = []
        error = math.hypot(one, other)
        half = student(_welch(one, len(total), other, len(nonspecific))) * error if error else 0.0
        specific = Estimate(
            "specific", difference, unit, error, (difference - half, difference + half)
        )
        ratio = math.hypot(other / whole.value, blank.value * one / whole.value**2)
        part = Estimate("specific share", share, "%", 100 * ratio)
    if specific.interval is not None and specific.interval[0] <= 0:
        remarks.append("Specific binding is not distinguishable from zero (95 % CI).")
    elif difference <= 0:
        remarks.append("Non-specific binding is not below total binding.")
    return SpecificBinding(whole, blank, specific, part, tuple(remarks))


def report(table: Table, settings: Settings) -> Report:
    """Specific binding of each sample in a file.

    Non-specific tubes without a sample name are shared by all samples.
    """
    unit = table.units["bound"]
    shared = [row for row in table.rows if _is_shared(row, table)]
    results: dict[str, SpecificBinding] = {}
    tubes: dict[str, tuple[list[float], list[float]]] = {}
    problems: list[Problem] = []
    for (name,), rows in table.groups("sample").items():
        own = [row for row in rows if not _is_shared(row, table)]
        if not own:
            continue
        total = [row.number("bound") for row in own if row.text("kind") == "total"]
        blank = [row.number("bound") for row in [*own, *shared] if row.text("kind") != "total"]
        tubes[name] = (total, blank)
        try:
            results[name] = specific_binding(total, blank, unit)
        except InputError as error:
            problems += placed(error, name, table, own[0])
    if not results and not problems:
        problems.append(
            table.problem(
                None, "kind", "no tube of total binding.", "Add tubes without competitor."
            )
        )
    if problems:
        raise InputError(problems)
    return Report(
        calculation="specific_binding",
        title=TITLE,
        data="",
        size=f"{len(table.rows)} tubes, {count(len(results), 'sample')}",
        formula=FORMULA,
        citation=CITATION,
        settings=dict(settings),
        estimates=tuple(
            estimate.of(name)
            for name, one in results.items()
            for estimate in (one.total, one.nonspecific, one.specific, one.share)
        ),
        series=_series(tubes),
        remarks=by_group({name: one.remarks for name, one in results.items()}),
        picture=_picture(results, tubes, unit),
    )


def _is_shared(row: Row, table: Table) -> bool:
    return table.has("sample") and not row.text("sample") and row.text("kind") == "nonspecific"


def _welch(one: float, n: int, other: float, m: int) -> float:
    return (one**2 + other**2) ** 2 / (one**4 / (n - 1) + other**4 / (m - 1))


def _series(tubes: dict[str, tuple[list[float], list[float]]]) -> Series:
    return Series(
        ("sample", "kind", "mean", "sem", "n"),
        tuple(
            (name, kind, level.mean, level.error, level.n)
            for name, pair in tubes.items()
            for kind, values in zip(("total", "nonspecific"), pair, strict=True)
            for level in by_level([0.0] * len(values), values)
        ),
    )


def _picture(
    results: dict[str, SpecificBinding],
    tubes: dict[str, tuple[list[float], list[float]]],
    unit: str,
) -> Picture:
    points: list[Points] = []
    kinds = ("total", "non-specific", "specific")
    for index, (name, result) in enumerate(results.items()):
        measured: tuple[list[float], ...] = (*tubes[name], [])
        for group, (values, estimate) in enumerate(
            zip(measured, (result.total, result.nonspecific, result.specific), strict=True)
        ):
            at = index + (group - 1) * 0.22
            spots = tuple(at - 0.075 for _ in values)
            points.append(Points(group, spots, tuple(values), shade=Shade.FAINT))
            error = estimate.standard_error
            bar = (math.nan if error is None else error,)
            points.append(Points(group, (at,), (estimate.value,), bar))
    lines: list[str] = []
    for name, result in list(results.items())[:8]:
        error = result.share.standard_error
        label = f"{name}: " if name else ""
        spread = "" if error is None else f" ± {show_error(result.share.value, error)}"
        lines.append(f"{label}{show(result.share.value, error)}{spread} %")
    legends = [Legend(group, kind) for group, kind in enumerate(kinds)]
    legends[-1] = Legend(2, "specific (share of total)", tuple(lines))
    return Picture(
        title=TITLE,
        subtitle="total − non-specific; mean ± SEM over tubes, single tubes beside it",
        x_label="",
        y_label=f"bound ({unit})",
        points=tuple(points),
        legends=tuple(legends),
        x_names=tuple(name or "sample" for name in results),
    )
