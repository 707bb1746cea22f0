"""What a time course says, in sentences."""

from __future__ import annotations

from raphe.course import Course, Line, Passing, duration
from raphe.pace import DAY
from raphe.report.wording import joined, likely, signed


def passing_sentence(course: Course, line: Line, passing: Passing) -> str:
    """What comes and goes, when it is largest, and how likely it is."""
    stopped = course.stop * DAY
    if passing.hours > stopped:
        when = f"largest {_about(passing.hours - stopped)} the last dose"
    else:
        when = f"largest {_about(passing.hours)} the first dose"
    size = f"median {signed(passing.peak)}"
    return f"{line.node} {passing.direction}: {when} ({size}, {likely(passing.share)})"


def _about(hours: float) -> str:
    """A time on a curve, with the digits that a curve deserves."""
    if hours >= 2 * DAY:
        return f"{hours / DAY:.0f} d after"
    if hours >= 2:
        return f"{hours:.0f} h after"
    # Curves begin with the first minute.
    return f"{60 * hours:.0f} min after" if hours > 1.5 / 60 else "within a minute of"


def exposed(course: Course) -> str:
    """What was given, and that it was there all the time."""
    given = joined(
        f"{one.drug.title} {one.concentration} nM free ({one.exposure})"
        for one in course.treatment.administrations
    )
    return (
        f"{given}, constant from the first moment to {duration(course.stop * DAY)}, then nothing: "
        "doses and half-lives are not followed."
    )


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
