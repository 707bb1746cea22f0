"""A time course for programs; see `raphe.report.answer_json`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.course import Course
from raphe.course_checks import CourseCheck
from raphe.course_line import Line, Passing
from raphe.pace import DAY
from raphe.report.answer_json import CallWord, DrugGiven, Share, VerdictWord, drugs_given
from raphe.report.json_numbers import rounded
from raphe.version import __version__

COURSE_SCHEMA: Literal["raphe.course/1"] = "raphe.course/1"


class PassingChange(TypedDict):
    """A change that comes and goes."""

    direction: Literal["up", "down"]
    share: Annotated[Share, Field(description="of the draws in which it does")]
    hours: Annotated[float, Field(description="since the first dose, when the median is largest")]
    peak: Annotated[float, Field(description="the median then")]


class CourseMoment(TypedDict):
    """When readouts are told."""

    label: Annotated[str, Field(description="as the table heads it")]
    hours: Annotated[float, Field(description="since the first dose")]
    off: Annotated[float | None, Field(description="hours since the last dose; null before")]


class ToldPoint(TypedDict):
    """A readout at one of the moments that are told."""

    call: CallWord
    p_up: Share
    p_down: Share
    p_unchanged: Share
    median: float
    interval: Annotated[tuple[float, float], Field(description="90 % of the draws: low, high")]


class CourseLine(TypedDict):
    """A readout over time."""

    node: str
    label: str
    place: str
    threshold: Annotated[float, Field(ge=0, description="below this a change does not count")]
    told: Annotated[list[ToldPoint], Field(description="at each of `moments`")]
    median: Annotated[list[float], Field(description="at each of `hours`")]
    low: Annotated[list[float], Field(description="5 % of the draws lie below")]
    high: Annotated[list[float], Field(description="5 % of the draws lie above")]
    transient: Annotated[
        PassingChange | None, Field(description="comes and goes under treatment; null if none")
    ]
    rebound: Annotated[
        PassingChange | None, Field(description="new after the last dose; null if none")
    ]


class HalfLifeFollowed(TypedDict):
    """How fast a drug leaves."""

    drug: str
    hours: Annotated[tuple[float, float], Field(description="range that it is drawn from")]
    source: Annotated[str, Field(description="`as asked`, or the species")]


class DosesGiven(TypedDict):
    """When doses are given."""

    every: Annotated[float | None, Field(description="hours between doses; null: a single one")]
    doses: Annotated[int, Field(ge=1)]
    half_lives: list[HalfLifeFollowed]


class ReportedBack(TypedDict):
    """A finding that a readout comes back, or that its change passes, with its verdict."""

    finding: Annotated[str, Field(description="id of the finding")]
    readout: str
    hours: Annotated[float, Field(description="of the report, since the first dose")]
    predicted: Literal[
        "normalised", "not normalised", "passes", "stays", "not moved", "ambiguous", "not followed"
    ]
    share: Annotated[Share, Field(description="of draws: of what is predicted; 0 if not followed")]
    verdict: VerdictWord
    reason: Annotated[str, Field(description="why it is not followed, or a caveat; may be empty")]


class LeftOut(TypedDict):
    """Draws that were looked at and are not part of the answer."""

    unstable: Annotated[int, Field(description="under their time constants")]
    undamped: Annotated[int, Field(description="swing for too long to be followed")]
    incomplete: Annotated[int, Field(description="did not reach the end")]


class CourseAnswer(TypedDict):
    """Answer of ``raphe course --json``."""

    schema: Literal["raphe.course/1"]
    version: Annotated[str, Field(description="of raphe")]
    drugs: list[DrugGiven]
    compared_with: Annotated[list[DrugGiven], Field(description="empty: vehicle")]
    condition: Annotated[str, Field(description="of the animals; may be empty")]
    without: Annotated[list[str], Field(description="targets at which no drug acts")]
    days: Annotated[float, Field(description="length of the course")]
    stop: Annotated[float, Field(description="day after which the drugs are stopped")]
    dosing: Annotated[
        DosesGiven | None, Field(description="null: the drugs are there all the time")
    ]
    circuit: str
    prior: Annotated[str, Field(description="what edge weights were drawn from")]
    seed: int
    sides: Annotated[dict[str, bool], Field(description="taken in open questions, by question")]
    followed: Annotated[int, Field(ge=1, description="draws that the answer is of")]
    left_out: LeftOut
    moments: list[CourseMoment]
    hours: Annotated[list[float], Field(description="of the curves, since the first dose")]
    lines: list[CourseLine]
    reported: Annotated[
        list[ReportedBack], Field(description="to come back, or to pass, of this treatment")
    ]
    files: Annotated[list[str], Field(description="that were written")]


def course_json(course: Course, checks: Iterable[CourseCheck] = ()) -> dict[str, Any]:
    """A course, with findings that were held against it, as a `CourseAnswer`."""
    model, treatment = course.model, course.treatment
    made: CourseAnswer = {
        "schema": COURSE_SCHEMA,
        "version": __version__,
        "drugs": drugs_given(treatment),
        "compared_with": drugs_given(course.comparator),
        "condition": treatment.condition.name if treatment.condition else "",
        "without": list(treatment.without),
        "days": rounded(course.days),
        "stop": rounded(course.stop),
        "dosing": _dosing(course),
        "circuit": model.network.pathway.name,
        "prior": model.prior,
        "seed": model.seed,
        "sides": dict(model.sides),
        "followed": course.followed,
        "left_out": {
            "unstable": course.unstable,
            "undamped": course.undamped,
            "incomplete": course.incomplete,
        },
        "moments": [
            {
                "label": moment.label,
                "hours": rounded(moment.hours),
                "off": None if moment.off is None else rounded(moment.off),
            }
            for moment in course.told
        ],
        "hours": [rounded(hours) for hours in course.hours.tolist()],
        "lines": [_line(line) for line in course.lines],
        "reported": [
            {
                "finding": check.finding,
                "readout": check.declared.readout,
                "hours": rounded(check.hours),
                "predicted": check.predicted,  # type: ignore[typeddict-item]
                "share": rounded(check.share),
                "verdict": check.verdict.value,
                "reason": check.reason,
            }
            for check in checks
        ],
        "files": [],
    }
    return {**made}


def _dosing(course: Course) -> DosesGiven | None:
    dosing = course.dosing
    if dosing is None:
        return None
    return {
        "every": None if dosing.every is None else rounded(dosing.every),
        "doses": dosing.doses(course.stop * DAY),
        "half_lives": [
            {
                "drug": name,
                "hours": (rounded(known.time.low), rounded(known.time.high)),
                "source": known.source,
            }
            for name, known in sorted(dosing.half_lives.items())
        ],
    }


def _line(line: Line) -> CourseLine:
    return {
        "node": line.node,
        "label": line.label,
        "place": line.place,
        "threshold": rounded(line.threshold),
        "told": [
            {
                "call": one.call(line.criteria.bar).value,
                "p_up": rounded(one.up),
                "p_down": rounded(one.down),
                "p_unchanged": rounded(one.unchanged),
                "median": _steady(one.median),
                "interval": (_steady(one.low), _steady(one.high)),
            }
            for one in line.told
        ],
        "median": [_steady(one.median) for one in line.odds],
        "low": [_steady(one.low) for one in line.odds],
        "high": [_steady(one.high) for one in line.odds],
        "transient": _passing(line.transient),
        "rebound": _passing(line.rebound),
    }


def _passing(found: Passing | None) -> PassingChange | None:
    if found is None:
        return None
    return {
        "direction": "up" if found.direction == "up" else "down",
        "share": rounded(found.share),
        "hours": rounded(found.hours),
        "peak": _steady(found.peak),
    }


def _steady(value: float) -> float:
    """To six decimals: what is exact to some 1e-9 is then alike on every machine."""
    return rounded(round(value, 6))
