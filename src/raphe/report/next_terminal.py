"""What to measure next, on the terminal: one measurement a paragraph, the best first."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from raphe.next_measurement import Next
from raphe.report.next_words import (
    alike_words,
    decides_words,
    measurement_words,
    question_words,
    reason,
)
from raphe.report.wording import count, probability
from raphe.reweighting import OUTCOMES

#: Text is read, not scanned: no longer lines than these.
_WIDEST = 100


def show_next(found: Next, console: Console) -> None:
    """Print what to measure next."""
    width = min(console.width, _WIDEST)
    console.print(_heading(found), width=width)
    for number, one in enumerate(found.measurements, 1):
        line = Text(f"{number:>2}  {one.bits:.2f} bits  ")
        line.append(measurement_words(one), style="bold")
        console.print(line)
        below = [reason(one)]
        if one.decides is not None:
            below.append(f"It turns on {decides_words(one.decides)}.")
        if one.reported:
            names = " ".join(one.reported)
            below.append(f"Reported already: 'raphe given {names}' takes it in.")
        if alike := alike_words(one):
            below.append(f"Much the same: {alike}.")
        if one.reported_alike:
            names = " ".join(one.reported_alike)
            below.append(f"Of those, reported already: 'raphe given {names}'.")
        console.print(
            Padding(Text("\n".join(below), style="bright_black"), (0, 0, 0, 4)), width=width
        )
    if not found.measurements:
        console.print(Text("No measurement tells anything of it that could not be chance."))


def _heading(found: Next) -> Text:
    model = found.model
    if len(found.questions) == 1:
        asked = found.questions[0]
        shares = " · ".join(
            f"{call.value} {probability(share)}"
            for call, share in zip(OUTCOMES, asked.shares, strict=True)
        )
        line = Text(question_words(asked), style="bold")
        line.append(f"  {shares} · {found.total:.2f} bits open\n", style="not bold")
    else:
        line = Text(f"{count(len(found.questions), 'open call')}", style="bold")
        line.append(
            f"  {found.total:.1f} bits open, each call counted by itself\n", style="not bold"
        )
    drugs = len({one.drug for one in found.panel.experiments})
    line.append(
        f"{found.telling} of {found.panel.size} measurements tell something: "
        f"{count(len(found.panel.nodes), 'readout')} under {count(drugs, 'drug')}, alone, at usual "
        f"exposure, against vehicle. What tells less than {found.floor:.3f} bits of a call could "
        f"be chance. Prior '{model.prior}', {model.draws} draws.\n",
        style="not bold bright_black",
    )
    return line
