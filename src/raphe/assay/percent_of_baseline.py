"""Microdialysis: each animal's fractions in per cent of its own pre-drug baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from raphe.assay.drawing import means, words
from raphe.assay.estimate import Estimate, mean_estimate
from raphe.assay.picture import Guide, Legend, Picture
from raphe.assay.replicates import Level, by_level
from raphe.assay.report import Report, Series, by_group, count
from raphe.assay.setting import Setting, Settings
from raphe.assay.table import Column, Row, Table, Unit, placed
from raphe.errors import InputError, Problem

TITLE = "Microdialysis, per cent of baseline"
FORMULA = "% = 100 × fraction / mean of the animal's baseline fractions; mean ± SEM over animals"
CITATION = (
    "Protocol: Chefer VI, Thompson AC, Zapata A, Shippenberg TS (2009) Overview of brain "
    "microdialysis. Curr Protoc Neurosci, unit 7.1, doi:10.1002/0471142301.ns0701s47; the "
    "normalisation as in raphe's source document on desipramine. AUC: trapezoidal rule."
)
COLUMNS = (
    Column("treatment", "drug and dose, or vehicle", numeric=False, required=False),
    Column("animal", "its name or number", numeric=False),
    Column("time", "of the fraction from the drug; before it negative", Unit.TIME),
    Column("dialysate", "amount or concentration in the fraction", Unit.ANY, minimum=0),
    Column("phase", "baseline or drug; needed only for a fraction at time 0", numeric=False,
           required=False, may_be_empty=True, choices=("baseline", "drug")),
)  # fmt: skip
SETTINGS: tuple[Setting, ...] = ()

#: A baseline that scatters more than this is called unstable (our convention; laboratories
#: commonly ask for 10 to 20 %).
UNSTABLE = 0.2


@dataclass(frozen=True, slots=True)
class Animal:
    """One animal's response."""

    name: str
    #: Mean of its baseline fractions, in the unit of the dialysate.
    baseline: float
    #: Coefficient of variation of these; not a number for a single fraction.
    variation: float
    #: Times of all fractions, ascending.
    times: tuple[float, ...]
    #: Fractions in per cent of baseline.
    percent: tuple[float, ...]
    #: Area between the response and 100 % from the drug to the last fraction, per cent × time.
    area: float
    #: Mean of the fractions after the drug, in per cent.
    response: float


@dataclass(frozen=True, slots=True)
class TimeCourse:
    """A treatment's response."""

    animals: tuple[Animal, ...]
    #: Mean ± SEM over animals at each time, in per cent.
    levels: tuple[Level, ...]
    #: Baseline in the unit of the dialysate, mean over animals.
    baseline: Estimate
    #: Mean of all fractions after the drug.
    response: Estimate
    #: Highest or lowest mean after the drug, whichever is farther from 100 %.
    extreme: Estimate
    area: Estimate
    remarks: tuple[str, ...]


def percent_of_baseline(name: str, fractions: Sequence[tuple[float, float, bool]]) -> Animal:
    """One animal's fractions in per cent of the mean of its baseline fractions.

    Parameters
    ----------
    name
        Of the animal.
    fractions
        Time, dialysate, and whether the fraction is of the baseline; in any order.

    Raises
    ------
    InputError
        There is no baseline, nothing after it, or the baseline is zero.

    Notes
    -----
    The area is taken by the trapezoidal rule over (per cent − 100), from the drug (time 0, where
    the response is 100 % by definition) to the last fraction: zero without an effect, negative for
    a fall.

    Examples
    --------
    >>> rat = percent_of_baseline("1", [(-40, 0.9, True), (-20, 1.1, True), (20, 2.0, False),
    ...                                 (40, 3.0, False)])
    >>> [round(value, 6) for value in rat.percent], round(rat.area, 6)
    ([90.0, 110.0, 200.0, 300.0], 4000.0)
    """
    before = [value for _, value, is_baseline in fractions if is_baseline]
    after = [(time, value) for time, value, is_baseline in fractions if not is_baseline]
    problems = []
    if not before:
        problems.append(Problem(f"animal {name} has no baseline.", "Add its pre-drug fractions."))
    elif math.fsum(before) == 0:
        what = f"the baseline of animal {name} is zero."
        problems.append(
            Problem(what, "Below detection there is no per cent; leave the animal out.")
        )
    if not after:
        problems.append(
            Problem(f"animal {name} has no fraction after the drug.", "Add them, or leave it out.")
        )
    if problems:
        raise InputError(problems)
    level = by_level([0.0] * len(before), before)[0]
    spread = level.error * math.sqrt(level.n)
    ordered = sorted((time, value) for time, value, _ in fractions)
    curve = [(0.0, 100.0)] if min(time for time, _ in after) > 0 else []
    curve += sorted((time, 100 * value / level.mean) for time, value in after)
    return Animal(
        name=name,
        baseline=level.mean,
        variation=spread / level.mean,
        times=tuple(float(time) for time, _ in ordered),
        percent=tuple(100 * value / level.mean for _, value in ordered),
        area=_area(curve),
        response=100 * math.fsum(value for _, value in after) / len(after) / level.mean,
    )


def summarise(animals: Sequence[Animal], unit: str = "", time_unit: str = "min") -> TimeCourse:
    """Mean ± SEM over animals: at each time, of the baseline, of the response and of the area.

    Every animal weighs the same, however many fractions it gave.
    """
    times = [time for animal in animals for time in animal.times]
    values = [value for animal in animals for value in animal.percent]
    levels = by_level(times, values)
    baseline = mean_estimate("baseline", [one.baseline for one in animals], unit, "animals")
    response = mean_estimate("mean response", [one.response for one in animals], "%", "animals")
    area = mean_estimate("AUC", [one.area for one in animals], f"%·{time_unit}", "animals")
    after = [level for level in levels if level.at > 0] or list(levels[-1:])
    far = max(after, key=lambda level: abs(level.mean - 100))
    at_far = [
        value
        for animal in animals
        for time, value in zip(animal.times, animal.percent, strict=True)
        if time == far.at
    ]
    name = "peak" if far.mean >= 100 else "trough"
    extreme = mean_estimate(name, at_far, "%", "animals")
    extreme = replace(extreme, note=f"at {far.at:g} {time_unit}, {extreme.note}")
    return TimeCourse(
        tuple(animals), levels, baseline, response, extreme, area, tuple(_doubts(animals))
    )


def report(table: Table, settings: Settings) -> Report:
    """The time course of each treatment in a file."""
    unit, clock = table.units["dialysate"], table.units["time"]
    problems: list[Problem] = _check_rows(table)
    courses: dict[str, list[Animal]] = {}
    for (treatment, name), rows in table.groups("treatment", "animal").items():
        fractions = [
            (row.number("time"), row.number("dialysate"), _is_baseline(row)) for row in rows
        ]
        try:
            courses.setdefault(treatment, []).append(percent_of_baseline(name, fractions))
        except InputError as error:
            problems += placed(error, treatment, table, rows[0])
    if problems:
        raise InputError(problems)
    # Animals by name, so that the order of rows does not change a digit.
    results = {
        treatment: summarise(sorted(those, key=lambda one: one.name), unit, clock)
        for treatment, those in courses.items()
    }
    number = sum(len(one.animals) for one in results.values())
    return Report(
        calculation="percent_of_baseline",
        title=TITLE,
        data="",
        size=f"{len(table.rows)} fractions, {count(number, 'animal')}",
        formula=FORMULA,
        citation=CITATION,
        settings=dict(settings),
        estimates=tuple(
            estimate.of(treatment)
            for treatment, one in results.items()
            for estimate in (one.baseline, one.response, one.extreme, one.area)
        ),
        series=Series(
            ("treatment", f"time ({clock})", "mean (% of baseline)", "sem", "n"),
            tuple(
                (treatment, level.at, level.mean, level.error, level.n)
                for treatment, one in results.items()
                for level in one.levels
            ),
        ),
        remarks=by_group({treatment: one.remarks for treatment, one in results.items()}),
        picture=_picture(results, clock),
    )


def _area(curve: Sequence[tuple[float, float]]) -> float:
    return math.fsum(
        (later - earlier) * ((one - 100) + (other - 100)) / 2
        for (earlier, one), (later, other) in pairwise(curve)
    )


def _is_baseline(row: Row) -> bool:
    phase = row.text("phase")
    return phase == "baseline" if phase else row.number("time") < 0


def _check_rows(table: Table) -> list[Problem]:
    problems = []
    seen: dict[tuple[str, str, float], int] = {}
    for row in table.rows:
        time, phase = row.number("time"), row.text("phase")
        if time == 0 and not phase:
            what = "a fraction at time 0 may be of the baseline or of the drug."
            remedy = "Say which in a column 'phase': baseline or drug."
            problems.append(table.problem(row, "time", what, remedy))
        if (phase == "drug" and time < 0) or (phase == "baseline" and time > 0):
            what = f"phase '{phase}' at time {time:g}."
            remedy = "Times count from the drug: negative before it, positive after."
            problems.append(table.problem(row, "phase", what, remedy))
        key = (row.text("treatment"), row.text("animal"), time)
        if key in seen:
            what = f"animal {key[1]} has a fraction at {time:g} in line {seen[key]} already."
            problems.append(table.problem(row, "time", what, "Keep one."))
        seen.setdefault(key, row.line)
    return problems


def _doubts(animals: Sequence[Animal]) -> list[str]:
    remarks = []
    shaky = [f"{one.name} ({one.variation:.0%})" for one in animals if one.variation > UNSTABLE]
    if shaky:
        remarks.append(f"Unstable baseline (CV above {UNSTABLE:.0%}): {', '.join(shaky)}.")
    single = [one.name for one in animals if math.isnan(one.variation)]
    if single:
        remarks.append(f"Baseline of a single fraction: {', '.join(single)}.")
    every = {time for one in animals for time in one.times}
    lacking = [one.name for one in animals if set(one.times) != every]
    if lacking:
        remarks.append(
            f"Fractions are missing in {', '.join(lacking)}: means at these times are of fewer "
            "animals, and areas bridge or stop at the gap."
        )
    if len(animals) == 1:
        remarks.append("One animal: no standard error.")
    return remarks


def _picture(results: Mapping[str, TimeCourse], clock: str) -> Picture:
    points, legends = [], []
    for group, (treatment, course) in enumerate(results.items()):
        points.append(means(group, course.levels, joined=True))
        when = course.extreme.note.partition(",")[0]
        lines = (
            f"n = {len(course.animals)}",
            _brief(course.baseline),
            f"{_brief(course.extreme)} {when}",
            _brief(course.area),
        )
        legends.append(Legend(group, treatment or "animals", lines))
    return Picture(
        title=TITLE,
        subtitle="each animal against its own pre-drug mean; mean ± SEM over animals",
        x_label=f"time from drug ({clock})",
        y_label="dialysate (% of baseline)",
        points=tuple(points),
        guides=(Guide("y", 100.0), Guide("x", 0.0, "drug", drug=True)),
        legends=tuple(legends),
        x_steps=(1, 2, 5, 10, 20, 30, 60, 120, 240, 480),
    )


def _brief(estimate: Estimate) -> str:
    return words(replace(estimate, note=""))
