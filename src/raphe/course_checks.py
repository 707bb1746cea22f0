"""Findings that something comes back although the drug stays, against the course of just that.

`raphe check` compares the two ends, acute and chronic. Here the readout has to have moved at some
time, and to be back on the very day of the report. Only findings of sustained treatment are held
against it: of a change that passes after a single dose, no course at a constant concentration can
tell whether the network or the elimination of the drug made it pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from raphe.consistency.experiments import experiment_of, treatments
from raphe.consistency.verdicts import Verdict
from raphe.course import Course, Line
from raphe.errors import NotFoundError
from raphe.finding import Direction, Finding
from raphe.knowledge import Knowledge
from raphe.pace import DAY
from raphe.units import parse_time


@dataclass(frozen=True)
class CourseCheck:
    """A finding of normalisation with its verdict."""

    finding: str
    declared: Finding = field(repr=False)
    #: When it was reported, in hours since the first dose.
    hours: float
    verdict: Verdict
    #: ``normalised``, ``not normalised``, ``not moved`` or ``ambiguous``.
    predicted: str
    #: Share of the draws: of ``not moved``, those in which nothing moved; else, of those in which
    #: it did, of what is predicted.
    share: float


def check_course(course: Course, knowledge: Knowledge) -> tuple[CourseCheck, ...]:
    """Verdicts on the findings about just this treatment, of readouts that were followed."""
    asked = experiment_of(course.treatment), experiment_of(course.comparator)
    names = {given.drug.name for given in course.treatment.administrations}
    lines = {line.node: line for line in course.lines}
    found = []
    for name, finding in sorted(knowledge.findings.items()):
        if (
            finding.direction is not Direction.NORMALISED
            or finding.condition
            or set(finding.drugs) != names
            or finding.readout not in lines
        ):
            continue
        try:
            own, other = treatments(finding, knowledge)
        except NotFoundError:
            continue
        hours = _reported_at(finding, course)
        if (experiment_of(own), experiment_of(other)) == asked and hours is not None:
            found.append(_check(name, finding, lines[finding.readout], hours))
    return tuple(found)


def _reported_at(finding: Finding, course: Course) -> float | None:
    """When a finding was made; None where the course does not get there with the drug."""
    stopped = course.stop * DAY
    times = []
    for dosing in finding.drugs.values():
        try:
            times.append(parse_time(dosing.duration).high)
        except ValueError:
            times.append(stopped)
    return max(times) if max(times) <= stopped else None


def _check(name: str, finding: Finding, line: Line, hours: float) -> CourseCheck:
    criteria = line.criteria
    until = line.values[line.hours <= hours]
    peak, last = np.abs(until).max(axis=0), np.abs(until[-1])
    moved = peak > line.threshold
    if moved.mean() < 1 - criteria.bar:
        still = float(1 - moved.mean())
        return CourseCheck(name, finding, hours, Verdict.DISAGREES, "not moved", still)
    back = last[moved] <= np.maximum(line.threshold, criteria.quarter * peak[moved])
    share = float(back.mean())
    if share >= criteria.bar:
        return CourseCheck(name, finding, hours, Verdict.AGREES, "normalised", share)
    if 1 - share >= criteria.bar:
        return CourseCheck(name, finding, hours, Verdict.DISAGREES, "not normalised", 1 - share)
    return CourseCheck(name, finding, hours, Verdict.AMBIGUOUS, "ambiguous", max(share, 1 - share))
