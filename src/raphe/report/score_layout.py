"""What the tables of a score are made of: a table as a value, and how its cells are written."""

from __future__ import annotations

from dataclasses import dataclass

from raphe.consistency.score import Score
from raphe.finding import Seen
from raphe.report.wording import percent

#: Groups of findings as the head of a column says them.
GROUPS: dict[Seen | str, str] = {
    "all": "all",
    Seen.TUNING: "tuned on",
    Seen.DEVELOPMENT: "looked at",
    Seen.NEVER: "never seen",
    "not stated": "not stated",
}
#: What stands where there is nothing to tell.
NOTHING = "–"


@dataclass(frozen=True)
class ScoreTable:
    """A table with a head over each column; all columns but the first hold numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    #: A breakdown of what another table says already.
    is_detail: bool = False


def table_markdown(table: ScoreTable) -> str:
    """One of them, with its title and note."""
    lines = [
        f"| {' | '.join(_cell(text) for text in table.head)} |",
        f"| {' | '.join(['---', *['---:'] * (len(table.head) - 1)])} |",
        *(f"| {' | '.join(_cell(text) for text in row)} |" for row in table.rows),
    ]
    parts = [f"**{table.title}**", "\n".join(lines)]
    return "\n\n".join([*parts, table.note] if table.note else parts)


def _cell(text: str) -> str:
    plain = text.strip().replace("|", "\\|").replace("<", "&lt;")
    return "&emsp;" * ((len(text) - len(text.lstrip())) // 2) + plain


def right(score: Score) -> str:
    """Share that is right."""
    return percent(score.accuracy) if score.total else NOTHING


def right_of(score: Score) -> str:
    """The same, and of how many."""
    return f"{percent(score.accuracy)} of {score.total}" if score.total else NOTHING


def between(ends: tuple[float, float]) -> str:
    """Two shares as a range.

    Examples
    --------
    >>> between((0.498, 0.701))
    '50 – 70 %'
    """
    low, high = ends
    return f"{100 * low:.0f} – {100 * high:.0f} %"


def tenth(share: float) -> str:
    """A small share, in tenths of a per cent.

    Examples
    --------
    >>> tenth(0.0241)
    '2.4 %'
    """
    return f"{100 * share:.1f} %"


def part_of(part: int, whole: int) -> str:
    """A count as a share of another."""
    return percent(part / whole) if whole else NOTHING


def points(difference: float) -> str:
    """A difference of two shares in points of a per cent, with a true minus sign.

    Examples
    --------
    >>> points(-0.082), points(0.01), points(-0.0001)
    ('−8.2', '+1.0', '0.0')
    """
    written = f"{abs(100 * difference):.1f}"
    if written == "0.0":
        return written
    return f"−{written}" if difference < 0 else f"+{written}"
