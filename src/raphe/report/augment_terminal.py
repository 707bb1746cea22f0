"""Drugs that were added to others, for the terminal: a table, then why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from raphe.augmentation import Addition, Augmentation, Outcome
from raphe.contraindication import Contraindication, told_cautions, told_peripheral
from raphe.desire import Aim, Desire
from raphe.prediction import treatment_title
from raphe.report.augment_json import NOT_JUDGED
from raphe.report.wording import count, joined, likely, percent, probability, signed, small

#: Shown where no drug fulfils all wishes: those that come nearest.
_NEAREST = 3
_GLYPHS = {Aim.UP: "▲", Aim.DOWN: "▼", Aim.NOT_UP: "not ▲", Aim.NOT_DOWN: "not ▼"}


def show_augmentation(made: Augmentation, most: int, explained: int, console: Console) -> None:
    """Print the best drugs to add, and why they are."""
    console.print(_heading(made))
    found = made.found
    shown = found[:most] if found else made.additions[:_NEAREST]
    if not found:
        bar = probability(made.alone.model.criteria.bar)
        what = f"No drug of the library fulfils all wishes in at least {bar} of the draws."
        console.print(Text(f"{what}{' The nearest:' if shown else ''}"))
    if shown:
        console.print(_table(made, shown))
    for addition in shown[:explained]:
        for line in _reasons(addition):
            console.print(line)
    for remark in _remarks(made, shown):
        console.print(Text(remark, style="bright_black"))


def _heading(made: Augmentation) -> Text:
    alone = made.alone
    title = treatment_title(alone.treatment)
    line = Text(f"What to add to {title}", style="bold")
    line.append(f"  {alone.regimen} · against {title} alone", style="not bold")
    under = (
        f"prior '{alone.prior}', {alone.drawn} draws, {count(len(made.additions), 'drug')} tried, "
        "each at its usual exposure"
    )
    line.append(f"\n{under}", style="not bold bright_black")
    for desire in made.desires:
        reading = alone.reading(desire.node)
        call = f"{reading.call.value}, {likely(reading.odds.probability(reading.call))}"
        line.append(f"\n{_GLYPHS[desire.aim]} {desire.node}", style="not bold")
        line.append(f"  by {title} alone: {call}", style="not bold bright_black")
    return line


def _table(made: Augmentation, shown: tuple[Addition, ...]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False, header_style="bold")
    table.add_column("added", overflow="fold")
    table.add_column("all wishes" if len(made.desires) > 1 else "p", justify="right")
    for desire in made.desires:
        table.add_column(f"{_GLYPHS[desire.aim]} {desire.node}", justify="right", overflow="fold")
    table.add_column("through", overflow="fold")
    for addition in shown:
        marks = ("!" if addition.fragile else "") + ("~" if addition.is_borderline else "")
        table.add_row(
            addition.drug.title + (" †" if made.cautions_with(addition.given) else ""),
            f"{probability(addition.share)}{marks}",
            *(_odds(outcome) for outcome in addition.outcomes),
            ", ".join(_through(addition)),
        )
    return table


def _odds(outcome: Outcome) -> str:
    return f"{signed(outcome.odds.median)}, {likely(outcome.share)}"


def _through(addition: Addition) -> list[str]:
    """Targets that make most of what shall move, at most two a wish."""
    named: list[str] = []
    for outcome in addition.outcomes:
        if outcome.desire.aim.is_gain:
            makers = [one.target for one in addition.carriers(outcome.desire) if one.share > 0]
            named += [one for one in makers[:2] if one not in named]
    return named


def _reasons(addition: Addition) -> Iterator[Text | Padding]:
    yield Text(addition.drug.title, style="bold")
    for outcome in addition.outcomes:
        yield Padding(Text(_reason(addition, outcome.desire), style="bright_black"), (0, 0, 0, 2))


def _reason(addition: Addition, desire: Desire) -> str:
    against = [one for one in addition.carriers(desire) if one.share < 0]
    text = f"{desire.node}: {addition.why(desire)}"
    if against:
        working = joined(f"{one.target} ({percent(-one.share)})" for one in reversed(against))
        text += f" Against it: {working}."
    return text


def _remarks(made: Augmentation, shown: tuple[Addition, ...]) -> Iterator[str]:
    yield ""
    marks = [
        sentence
        for sentence, holds in (
            ("! another built-in prior would not call it so", any(one.fragile for one in shown)),
            ("~ hangs on the threshold", any(one.is_borderline for one in shown)),
        )
        if holds
    ]
    if marks:
        yield " · ".join(marks)
    if len(made.found) > len(shown):
        yield f"{len(made.found)} drugs fulfil all wishes; '--most' shows more, '--json' has all."
    given = {one.drug.name for one in made.alone.treatment.administrations}
    told = [one for one in made.cautions if all(name in given for name in _names(one))]
    yield from told_cautions(told)
    kept = [one for addition in shown for one in made.cautions_with(addition.given)]
    if kept:
        yield f"† contraindicated together with what is given: {_by_title(kept, given)}."
    if made.cautioned:
        left = [one for one in made.cautions if set(_names(one)) & set(made.cautioned)]
        what = _by_title(left, given)
        yield f"Left out, contraindicated together: {what}. That list is not complete."
    yield from told_peripheral(
        (*made.alone.treatment.administrations, *(one.given for one in shown))
    )
    if made.peripheral:
        yield f"Left out, since they do not enter the brain: {joined(_titles(made))}."
    if made.unplaced:
        yield f"Left out, since they bind nothing in this circuit: {joined(made.unplaced)}."
    if made.restless:
        yield f"Left out, since no draw comes to rest with them: {joined(made.restless)}."
    yield NOT_JUDGED


def _titles(made: Augmentation) -> list[str]:
    """Drugs that were left out since they do not enter the brain, as they are written."""
    knowledge = made.answer.setting.knowledge
    return sorted(small(knowledge.drug(name).title) for name in made.peripheral)


def _names(found: Contraindication) -> tuple[str, ...]:
    return tuple(one.drug.name for one in found.drugs)


def _by_title(found: Iterable[Contraindication], given: set[str]) -> str:
    """Added drugs by what they may cause with those that are given, with the references."""
    drugs: dict[str, list[str]] = {}
    references: dict[str, list[str]] = {}
    for one in found:
        title = one.caution.title
        drugs.setdefault(title, []).extend(
            small(other.drug.title) for other in one.drugs if other.drug.name not in given
        )
        references.setdefault(title, []).extend(one.references)
    return "; ".join(
        f"{joined(sorted(set(names)))} ({title} [{', '.join(dict.fromkeys(references[title]))}])"
        for title, names in drugs.items()
    )
