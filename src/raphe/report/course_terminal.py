"""A time course on the terminal: readouts by moments, and what comes and goes."""

from __future__ import annotations

from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from raphe.consistency.verdicts import Verdict
from raphe.course import Course
from raphe.course_checks import CourseCheck
from raphe.course_line import Line, Passing, duration
from raphe.pace import DAY
from raphe.prediction import treatment_title
from raphe.report.course_words import accounted, ending, exposed, passing_sentence
from raphe.report.terminal import CALLS, VERDICTS
from raphe.report.wording import likely, signed

_WIDEST_NOTE = 100


def show_course(course: Course, checks: Iterable[CourseCheck], console: Console) -> None:
    """Print a course: medians at telling times, what passes or rebounds, what it rests on."""
    line = Text(treatment_title(course.treatment).capitalize(), style="bold")
    line.append(f"  {duration(course.stop * DAY)}", style="not bold")
    if course.days > course.stop:
        line.append(f", then {duration((course.days - course.stop) * DAY)} off", style="not bold")
    line.append(f" · against {treatment_title(course.comparator)}\n", style="not bold")
    console.print(line)
    console.print(_table(course))
    for title, found in (
        ("Comes and goes under treatment", [(one, one.transient) for one in course.lines]),
        (f"After {ending(course)}", [(one, one.rebound) for one in course.lines]),
    ):
        told = [(one, passing) for one, passing in found if passing is not None]
        if told:
            console.print(Text(title, style="bold"))
            for one, passing in told:
                console.print(Padding(_passing(course, one, passing), (0, 0, 0, 1)))
            console.print()
    if held := list(checks):
        console.print(Text("Reported to come back, or to pass", style="bold"))
        for check in held:
            glyph, style = VERDICTS[check.verdict]
            text = Text(f"{glyph} ", style=style)
            text.append(check_sentence(check, course.followed), style="not bold default")
            console.print(Padding(text, (0, 0, 0, 1)))
        console.print()
    width = min(console.width, _WIDEST_NOTE)
    for note in (exposed(course), accounted(course)):
        console.print(Text(note, style="bright_black"), width=width)


def check_sentence(check: CourseCheck, draws: int) -> str:
    """What was found of a report in so many draws, and why no more is said."""
    if check.verdict is Verdict.OUT_OF_SCOPE:
        return f"{check.finding}: {check.reason}"
    when = f" on day {check.hours / DAY:g}" if check.declared.direction == "normalised" else ""
    said = f"{check.finding}: {check.predicted}{when} ({likely(check.share, draws)})"
    return f"{said}; {check.reason}" if check.reason else said


def _table(course: Course) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    # A name may be cut short, a number never.
    table.add_column("median change", no_wrap=True, vertical="bottom")
    for moment in course.told:
        table.add_column(moment.label, justify="right", min_width=6, vertical="bottom")
    for line in course.lines:
        cells = []
        for one in line.told:
            glyph, style = CALLS[one.call(line.criteria.bar)]
            cells.append(Text(f"{glyph}{signed(one.median)}", style=style, no_wrap=True))
        table.add_row(Text(line.node), *cells)
    return table


def _passing(course: Course, line: Line, passing: Passing) -> Text:
    glyph, style = next(
        (glyph, style) for call, (glyph, style) in CALLS.items() if call.value == passing.direction
    )
    text = Text(f"{glyph} ", style=style)
    text.append(passing_sentence(course, line, passing), style="not bold default")
    return text
