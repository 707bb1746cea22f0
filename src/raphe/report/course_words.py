"""What a time course says, in sentences."""

from __future__ import annotations

from raphe.course import Course
from raphe.course_line import Line, Passing, duration
from raphe.pace import DAY
from raphe.report.wording import joined, likely, signed
from raphe.units import Interval


def passing_sentence(course: Course, line: Line, passing: Passing) -> str:
    """What comes and goes, when it is largest, and how likely it is."""
    stopped = course.stop * DAY
    if passing.hours > stopped:
        when = f"largest {_about(passing.hours - stopped)} {ending(course)}"
    else:
        when = f"largest {_about(passing.hours)} the first dose"
    size = f"median {signed(passing.peak)}, {likely(passing.share, course.followed)}"
    return f"{line.node} {passing.direction}: {when} ({size})"


def ending(course: Course) -> str:
    """What the last moment of treatment is called.

    With doses, it is when the next one would have come.
    """
    return "the end of treatment" if course.dosing else "the last dose"


def _about(hours: float) -> str:
    """A time on a curve, with the digits that a curve deserves."""
    if hours >= 2 * DAY:
        return f"{hours / DAY:.0f} d after"
    if hours >= 2:
        return f"{hours:.0f} h after"
    # Curves begin with the first minute.
    return f"{60 * hours:.0f} min after" if hours > 1.5 / 60 else "within a minute of"


def exposed(course: Course) -> str:
    """What was given, and what was there of it over time."""
    given = course.treatment.administrations
    told = joined(f"{one.drug.title} {one.concentration} nM free ({one.exposure})" for one in given)
    dosing = course.dosing
    if dosing is None:
        known = [
            f"{one.drug.name} {half_life_words(one.drug.half_life[0].time)}"
            for one in given
            if one.drug.half_life
        ]
        hint = f" ('--every 24h' follows them: {joined(known)})" if known else ""
        return (
            f"{told}, constant from the first moment to {duration(course.stop * DAY)}, then "
            f"nothing: doses and half-lives are not followed{hint}."
        )
    names = [one.drug.name for one in given]
    leaves = joined(
        f"{name + ' ' if len(names) > 1 else ''}{half_life_words(dosing.half_lives[name].time)} "
        f"({dosing.half_lives[name].source})"
        for name in names
    )
    if dosing.every is None:
        when = "at the peak of a single dose"
    else:
        count = dosing.doses(course.stop * DAY)
        when = (
            f"on average between doses once these have come to a steady state; {count} doses, one "
            f"every {dosing.every:g} h"
        )
    return (
        f"{told} {when}; half-life {leaves}. Each dose is there at once: absorption, distribution "
        "and active metabolites are not followed. In steps, right to some 0.001 of full activity."
    )


def half_life_words(time: Interval) -> str:
    """A half-life in hours or days.

    Examples
    --------
    >>> half_life_words(Interval(20.0, 40.0)), half_life_words(Interval(96.0, 96.0))
    ('20 – 40 h', '4 d')
    """
    unit, name = (DAY, "d") if time.low >= 3 * DAY else (1.0, "h")
    return f"{Interval(time.low / unit, time.high / unit)} {name}"


def accounted(course: Course) -> str:
    """Of how many draws it is, and which were left out."""
    model = course.model
    text = (
        f"Medians of {course.followed} draws, prior '{model.prior}', seed {model.seed}. Time "
        "constants are assumed orders of magnitude (docs/course.md), and drawn."
    )
    left = [
        f"{number} of {course.looked_at} draws left out: {why}."
        for number, why in (
            (course.unstable, "unstable under their time constants"),
            (course.undamped, "they swing for too long to be followed"),
            (course.incomplete, "they did not reach the end"),
        )
        if number
    ]
    return " ".join([text, *left])
