"""A sweep of doses for the terminal: a strip of calls for each readout, and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from raphe.calling import Call
from raphe.dose_curve import Curve
from raphe.dose_range import Dose
from raphe.dose_response import DoseResponse
from raphe.report.dose_words import (
    chosen_doses,
    circumstances,
    factor,
    free,
    free_range,
    heading,
    short_words,
    site_name,
    summary,
    told,
)
from raphe.report.terminal import CALLS
from raphe.report.wording import percent, probability, signed

#: What the first line above the strips is called.
_TIMES = "times the usual"
#: Readouts that are shown dose by dose; of more, a strip and a sentence each.
MOST_IN_FULL = 3
#: Doses in a table, and glyphs in a strip.
_ROWS = 13
_STRIP = 51
_COLUMNS = 7
_LEAST_STRIP = 11
#: What the label of the last dose may stick out.
_LABEL = 7
#: Columns between two labels of a strip.
_GAP = 2


def show_dose_response(found: DoseResponse, console: Console) -> None:
    """Print what each dose does."""
    console.print(_heading(found))
    console.print(_strips(found, console.width))
    console.print(_key())
    in_full = len(found.curves) <= MOST_IN_FULL
    for curve in found.curves if in_full else ():
        console.print(Text(f"\n{curve.node}", style="bold"))
        console.print(_table(found, curve))
    told_of = [curve for curve in found.curves if in_full or told(curve)]
    if told_of:
        what = "Where it turns, and half of the effect" if in_full else "Where it turns"
        console.print(Text(f"\n{what}", style="bold"))
    for curve in told_of:
        line = Text(f"{curve.node}  {summary(curve)}.")
        line.stylize("bold", 0, len(curve.node))
        console.print(Padding(line, (0, 0, 0, 1)))
    if found.engagements:
        console.print(Text(f"\nOccupied by {found.drug.title.lower()}", style="bold"))
        console.print(_engagements(found))
        if any(one.is_held for one in found.engagements):
            what = " held: the target's own transmitter competes there"
            console.print(Text(what, style="bright_black"))
    for drug, targets in found.unplaced.items():
        if targets:
            what = f" {drug} also binds {', '.join(targets)}: no node of the circuit."
            console.print(Text(what, style="bright_black"))


def _heading(found: DoseResponse) -> Text:
    model = found.model
    line = Text(heading(found), style="bold")
    line.append(f"  dose of {found.drug.title.lower()} swept", style="not bold")
    under = (
        f"{circumstances(found)}\nprior '{model.prior}', {model.ensemble.drawn} draws, "
        f"{100 * model.ensemble.rejected_share:.1f} % unstable"
    )
    if found.unsettled_share:
        under += f", {100 * found.unsettled_share:.1f} % without rest at some dose"
    for question, side in model.sides.items():
        under += f" · {question}: {'yes' if side else 'no'}"
    line.append(f"\n{under}\n", style="not bold bright_black")
    return line


def _strips(found: DoseResponse, width: int) -> Table:
    names = max(len(_TIMES), *(len(curve.node) for curve in found.curves))
    notes = max(len(short_words(curve)) for curve in found.curves)
    room = width - names - notes - 6 - _LABEL
    shown = chosen_doses(found.doses, max(_LEAST_STRIP, min(_STRIP, room)))
    doses = [found.doses[number] for number in shown]
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=True)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    for label, axis in _axes(doses):
        table.add_row(Text(label, style="bright_black"), Text(axis, style="bright_black"), "")
    for curve in found.curves:
        table.add_row(curve.node, _strip(curve, shown), short_words(curve))
    return table


def _strip(curve: Curve, shown: Sequence[int]) -> Text:
    text = Text()
    for number in shown:
        glyph, style = CALLS[curve.calls[number]]
        text.append(glyph, style=style)
    return text


def _axes(doses: Sequence[Dose]) -> Iterable[tuple[str, str]]:
    """Two lines of labels above the strips, each beginning above the dose that it names."""
    yield _TIMES, _axis(doses, lambda dose: factor(dose.multiple))
    yield "free", _axis(doses, lambda dose: free(dose.free.middle))


def _axis(doses: Sequence[Dose], written: Callable[[Dose], str]) -> str:
    plain = next((place for place, dose in enumerate(doses) if dose.is_plain), None)
    line = [" "] * (len(doses) + _LABEL)
    places = [0, len(doses) - 1, *([plain] if plain is not None else [])]
    places += range(0, len(doses), max(1, (len(doses) - 1) // 4))
    for place in places:
        label = written(doses[place])
        end = place + len(label)
        around = line[max(0, place - _GAP) : end + _GAP]
        if end <= len(line) and all(one == " " for one in around):
            line[place:end] = label
    return "".join(line).rstrip()


def _key() -> Text:
    words = {
        Call.UP: "up",
        Call.DOWN: "down",
        Call.AMBIGUOUS: "ambiguous",
        Call.UNCHANGED: "unchanged",
    }
    text = Text("\n ")
    for call, word in words.items():
        glyph, style = CALLS[call]
        text.append(glyph, style=style)
        text.append(f" {word}   ", style="bright_black")
    text.append("½ half of the effect   ▲▼ turns (share of the draws)", style="bright_black")
    return text


def _table(found: DoseResponse, curve: Curve) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="bright_black")
    for name in ("dose", "free", "", "P(up)", "P(down)", "median", "90 %"):
        table.add_column(name, no_wrap=True, justify="right" if name else "left")
    for number in chosen_doses(found.doses, _ROWS):
        dose, odds = found.doses[number], curve.odds[number]
        glyph, style = CALLS[curve.calls[number]]
        table.add_row(
            factor(dose.multiple),
            free_range(dose),
            Text(glyph, style=style),
            probability(odds.up),
            probability(odds.down),
            signed(odds.median),
            f"{signed(odds.low)} to {signed(odds.high)}",
            style="bold" if dose.is_plain else "",
        )
    return table


def _engagements(found: DoseResponse) -> Table:
    shown = chosen_doses(found.doses, _COLUMNS)
    table = Table(box=None, padding=(0, 1), header_style="bright_black")
    table.add_column("target", no_wrap=True)
    table.add_column("", no_wrap=True, style="bright_black")
    for number in shown:
        table.add_column(factor(found.doses[number].multiple), no_wrap=True, justify="right")
    for one in found.engagements:
        table.add_row(
            site_name(one, found.engagements),
            one.action,
            *(percent(one.occupancies[number].median) for number in shown),
        )
    return table
