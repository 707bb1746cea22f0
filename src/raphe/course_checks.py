"""Findings that something comes back, or that a change passes, against the course of just that.

`raphe check` compares the two ends, acute and chronic. Of a readout that is normalised although the
drug stays, the course has to have moved at some time, and to be back on the very day of the report.
Of a change that passes after a single dose, it has to have moved that way, and to be back at the
end of the course of that dose. At a constant concentration nothing can be said of these: whether
the network or the elimination of the drug makes a change pass depends on the half-life.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from raphe.consistency.experiments import experiment_of, treatments
from raphe.consistency.verdicts import Verdict
from raphe.course import Course
from raphe.course_line import Line
from raphe.errors import NotFoundError
from raphe.finding import Direction, Finding
from raphe.knowledge import Knowledge
from raphe.pace import DAY
from raphe.propagation.arrays import Floats
from raphe.units import parse_time

#: A dose takes some minutes to arrive, in hours; what happens before is left out.
_ARRIVED = 1 / 6


@dataclass(frozen=True)
class CourseCheck:
    """A finding of normalisation, or of a change that passes, with its verdict."""

    finding: str
    declared: Finding = field(repr=False)
    #: When it was reported, in hours since the first dose.
    hours: float
    verdict: Verdict
    #: ``normalised``, ``not normalised``, ``passes``, ``stays``, ``not moved``, ``ambiguous`` or
    #: ``not followed``.
    predicted: str
    #: Share of the draws: of ``not moved``, those in which nothing moved; else, of those in which
    #: it did, of what is predicted.
    share: float
    #: Why it is not followed, or what speaks against the comparison; may be empty.
    reason: str = ""


def check_course(course: Course, knowledge: Knowledge) -> tuple[CourseCheck, ...]:
    """Verdicts on the findings about just this treatment, of readouts that were followed."""
    asked = experiment_of(course.treatment), experiment_of(course.comparator)
    names = {given.drug.name for given in course.treatment.administrations}
    lines = {line.node: line for line in course.lines}
    found = []
    for name, finding in sorted(knowledge.findings.items()):
        if (
            not (finding.direction is Direction.NORMALISED or finding.transient)
            or finding.condition
            or set(finding.drugs) != names
            or finding.readout not in lines
        ):
            continue
        try:
            own, other = treatments(finding, knowledge)
        except NotFoundError:
            continue
        if (experiment_of(own), experiment_of(other)) != asked:
            continue
        if finding.direction is not Direction.NORMALISED:
            found.append(_check_passing(name, finding, lines[finding.readout], course))
        elif (hours := _reported_at(finding, course)) is not None:
            found.append(_check(name, finding, lines[finding.readout], hours))
    return tuple(found)


def _check_passing(name: str, finding: Finding, line: Line, course: Course) -> CourseCheck:
    """Of a change that passes, by the course of a single dose."""
    end = float(line.hours[-1])
    if course.dosing is None or course.dosing.every is not None:
        given = (*course.treatment.administrations, *course.comparator.administrations)
        missing = sorted({one.drug.name for one in given if not one.drug.half_life})
        why = (
            f"no half-life of {' and '.join(missing)} is known; '--single --half-life' takes one"
            if missing
            else "'--single' follows it"
        )
        reason = f"whether it passes depends on the half-life: {why}"
        return CourseCheck(name, finding, end, Verdict.OUT_OF_SCOPE, "not followed", 0.0, reason)
    if finding.direction not in (Direction.UP, Direction.DOWN):
        reason = f"'{finding.direction}' is no change that could pass"
        return CourseCheck(name, finding, end, Verdict.OUT_OF_SCOPE, "not followed", 0.0, reason)
    sign = 1.0 if finding.direction is Direction.UP else -1.0
    other = sorted(
        f"{drug} in {known.source}"
        for drug, known in course.dosing.half_lives.items()
        if known.source not in (finding.species, "as asked")
    )
    reason = f"found in {finding.species}, half-life of {' and '.join(other)}" if other else ""
    peak = (sign * line.values[line.hours >= _ARRIVED]).max(axis=0, initial=0.0)
    share = float((peak > line.threshold).mean())
    if 1 - line.criteria.bar <= share < line.criteria.bar:
        # Whether it moves that way at all is open.
        return CourseCheck(name, finding, end, Verdict.AMBIGUOUS, "ambiguous", share, reason)
    last = np.abs(line.values[-1])
    return _verdict(name, finding, line, end, peak, last, ("passes", "stays"), reason)


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
    until = line.values[line.hours <= hours]
    peak, last = np.abs(until).max(axis=0), np.abs(until[-1])
    return _verdict(name, finding, line, hours, peak, last, ("normalised", "not normalised"))


def _verdict(
    name: str,
    finding: Finding,
    line: Line,
    hours: float,
    peak: Floats,
    last: Floats,
    words: tuple[str, str],
    reason: str = "",
) -> CourseCheck:
    """Whether what was largest at *peak* is back at *last*, each of all draws."""

    def made(verdict: Verdict, predicted: str, share: float) -> CourseCheck:
        return CourseCheck(name, finding, hours, verdict, predicted, share, reason)

    criteria = line.criteria
    moved = peak > line.threshold
    if moved.mean() < 1 - criteria.bar:
        still = float(1 - moved.mean())
        return made(Verdict.DISAGREES, "not moved", still)
    back = last[moved] <= np.maximum(line.threshold, criteria.quarter * peak[moved])
    share = float(back.mean())
    if share >= criteria.bar:
        return made(Verdict.AGREES, words[0], share)
    if 1 - share >= criteria.bar:
        return made(Verdict.DISAGREES, words[1], 1 - share)
    return made(Verdict.AMBIGUOUS, "ambiguous", max(share, 1 - share))
