"""Two versions of the knowledge, compared, for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from raphe.attribution import ChangedCall, Swap
from raphe.comparison import Comparison, Listing
from raphe.report.diff_words import attribution
from raphe.report.terminal import CALLS, VERDICTS
from raphe.report.wording import count, joined

#: What a screen has room for; all is in the JSON.
_MOST_NAMES, _MOST_DIFFERENCES, _MOST_CALLS, _MOST_VERDICTS = 4, 30, 40, 20


def show_comparison(made: Comparison, console: Console) -> None:
    """Print what changed between two versions: declared, called, checked."""
    console.print(Text(f"{made.earlier} → {made.later}", style="bold"))
    under = (
        f"{count(len(made.drugs), 'drug')} · {joined(one.value for one in made.regimens)} · "
        f"{count(len(made.readouts), 'readout')} · prior '{made.prior}', {made.draws} draws"
    )
    console.print(Text(under, style="bright_black"))
    for listing in made.listings:
        _show(console, _listing(listing))
    _section(console, "Declared differently, as far as predictions hang on it")
    for number, one in enumerate(made.differences[:_MOST_DIFFERENCES], start=1):
        _show(console, f"{number}. {one}")
    _more(console, len(made.differences), _MOST_DIFFERENCES)
    if not made.differences:
        _show(console, "Nothing.")
    _section(console, "Calls")
    _show(console, _tally(made))
    for call, several in _alike(made.calls)[:_MOST_CALLS]:
        _show_call(console, made, call, several)
    _more(console, len(_alike(made.calls)), _MOST_CALLS)
    for run in made.restless:
        which = made.later if run.rests_before else made.earlier
        _show(console, f"{run.drug}, {run.regimen.value}: no draw comes to rest in {which}.")
    _section(console, "Findings")
    for verdict in made.verdicts[:_MOST_VERDICTS]:
        glyph, style = VERDICTS[verdict.after]
        line = Text(f"{glyph} {verdict.finding}: {verdict.before.value} → {verdict.after.value}")
        line.stylize(style, 0, 1)
        _show(console, line)
    _more(console, len(made.verdicts), _MOST_VERDICTS)
    unchanged = made.findings - len(made.verdicts)
    _show(console, f"{count(unchanged, 'verdict')} as before.")


def _section(console: Console, title: str) -> None:
    console.print(Text(f"\n{title}", style="bold"))


def _show(console: Console, text: str | Text) -> None:
    console.print(Padding(Text(text) if isinstance(text, str) else text, (0, 0, 0, 1)))


def _more(console: Console, number: int, most: int) -> None:
    if number > most:
        _show(console, f"… and {number - most} more: '--json' has all.")


def _listing(listing: Listing) -> str:
    parts = [
        f"{len(names)} {what} ({_some(names)})"
        for what, names in (
            ("removed", listing.removed),
            ("added", listing.added),
            ("changed", listing.changed),
        )
        if names
    ]
    return f"{listing.kind}: {'; '.join(parts)}"


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return f"{shown}, …" if len(names) > _MOST_NAMES else shown


def _alike(calls: Sequence[ChangedCall]) -> list[tuple[ChangedCall, list[ChangedCall]]]:
    """Changed calls, those of one drug and regimen that the same differences made together."""
    groups: dict[tuple[object, ...], list[ChangedCall]] = {}
    for call in calls:
        key = (call.drug, call.regimen, call.alone, call.needed, call.suffices)
        groups.setdefault(key, []).append(call)
    return [(several[0], several) for several in groups.values()]


def _show_call(
    console: Console, made: Comparison, call: ChangedCall, several: list[ChangedCall]
) -> None:
    line = Text(f"{call.drug}, {call.regimen.value}", style="bold")
    for number, one in enumerate(several):
        line.append("   " if number else "  ", style="not bold")
        line.append(f"{one.readout} ", style="not bold")
        for arrow, part, of in (
            (" → ", one.before, one.odds_before),
            ("", one.after, one.odds_after),
        ):
            glyph, style = CALLS[part]
            line.append(glyph, style=f"not bold {style}")
            line.append(f" {of.probability(part):.2f}{arrow}", style="not bold")
    _show(console, line)
    said = attribution(call, len(made.swaps), lambda swap: _called(made, swap))
    console.print(Padding(Text(said, style="bright_black"), (0, 0, 0, 4)))


def _called(made: Comparison, swap: Swap) -> str:
    """A swap by the number under which it is listed, and what it is about."""
    if len(swap.differences) > 1:
        return str(swap)
    (one,) = swap.differences
    return f"{made.differences.index(one) + 1} ({one.what})"


def _tally(made: Comparison) -> str:
    """How many calls changed, and how many of them each difference did."""
    asked = len(made.drugs) * len(made.regimens) * len(made.readouts)
    if not made.calls:
        return f"None of {asked:,} changed."
    did = Counter(_called(made, call.did[0]) for call in made.calls if len(call.did) == 1)
    parts = [f"{number} by {name}" for name, number in did.most_common(_MOST_NAMES)]
    others = len(made.calls) - sum(did[name] for name, _ in did.most_common(_MOST_NAMES))
    parts += [f"{others} in other ways"] if others and parts else []
    return f"{len(made.calls)} of {asked:,} changed{': ' if parts else ''}{', '.join(parts)}."
