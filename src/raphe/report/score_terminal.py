"""A score on the terminal: tables as journals set them, three rules and no more."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from raphe.consistency.scorecard import Scorecard
from raphe.report.score_layout import ScoreTable
from raphe.report.score_tables import scope, score_tables

#: Notes are read, not scanned: no longer lines than these.
_WIDEST_NOTE = 100


def show_score(card: Scorecard, console: Console) -> None:
    """Print a scorecard."""
    console.print(Text(scope(card), style="bright_black"), width=_note_width(console))
    for table in score_tables(card):
        console.print(Text(f"\n{table.title}", style="bold"))
        console.print(_table(table))
        if table.note:
            note = Padding(Text(table.note, style="bright_black"), (0, 0, 0, 1))
            console.print(note, width=_note_width(console))


def _note_width(console: Console) -> int:
    return min(console.width, _WIDEST_NOTE)


def _table(table: ScoreTable) -> Table:
    shown = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False, header_style="bold")
    for number, head in enumerate(table.head):
        shown.add_column(
            Text(head),
            justify="right" if number else "left",
            # A number is never broken over lines; a head or a name may be.
            min_width=max((len(row[number]) for row in table.rows), default=0) if number else None,
            vertical="bottom",
        )
    for row in table.rows:
        shown.add_row(*map(Text, row))
    return shown
