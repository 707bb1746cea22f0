"""An account of why a node changes, for the terminal: sentences first, then the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from raphe.consistency.reasons import arrows
from raphe.explanation.account import Account
from raphe.explanation.routes import Route
from raphe.naming import title_of
from raphe.questions import Explained
from raphe.report.content import Cited
from raphe.report.explain_phrases import loop_words, unknown_words
from raphe.report.explain_words import Story, story_of
from raphe.report.one_line import sentence
from raphe.report.read_words import kind_words
from raphe.report.terminal import CALLS
from raphe.report.wording import amount, percent, percent_signed, probability

#: Rows of each table.
_MOST_TARGETS = 9
_MOST_PAIRS = 4
_MOST_LOOPS = 6
_MOST_EDGES = 8


def show_explained(explained: Explained, console: Console, most_paths: int) -> None:
    """Print an account.

    Parameters
    ----------
    most_paths
        Paths that are named; the others are one remainder.
    """
    account, story = explained.account, story_of(explained)
    console.print(_heading(account))
    _show_sentences(story, console)
    if account.by_target is None or account.by_target.is_empty:
        return
    console.print(_note(account))
    _show_targets(account, console)
    _show_paths(account, console, most_paths)
    _show_loops(account, console)
    _show_edges(account, console)
    _show_factors(account, console)
    _show_references(story, console)


def show_story(explained: Explained, console: Console) -> None:
    """Print the sentences of an account and their sources, and no table."""
    story = story_of(explained)
    _show_sentences(story, console)
    _show_references(story, console)


def _show_sentences(story: Story, console: Console) -> None:
    listed = Table.grid(padding=(0, 1))
    for told in story.sentences:
        listed.add_row("•", Text(told.text))
    console.print(listed)


def _show_references(story: Story, console: Console) -> None:
    if not story.references:
        return
    console.print(Text("\nReferences", style="bold"))
    listed = Table.grid(padding=(0, 1))
    listed.add_column(justify="right")
    for cited in story.references:
        listed.add_row(f"{cited.number}.", Text(_reference(cited), style="bright_black"))
    console.print(listed)


def _heading(account: Account) -> Text:
    reading = account.reading
    glyph, style = CALLS[reading.call]
    line = Text(f"{title_of(account.prediction)} → {account.node}  ", style="bold")
    odds = reading.odds
    line.append(f"{glyph} {reading.call.value}", style=style)
    line.append(
        f"  up {probability(odds.up)} · down {probability(odds.down)} · unchanged "
        f"{probability(odds.unchanged)}\nmedian change {amount(odds.median)} of full activity, "
        f"90 % of draws {amount(odds.low)} to {amount(odds.high)} · prior "
        f"'{account.prediction.prior}', {account.prediction.drawn} draws\n",
        style="not bold bright_black",
    )
    return line


def _note(account: Account) -> Text:
    reading = account.reading
    said = "of the median change"
    if abs(account.total - reading.odds.median) > 1e-3 * max(abs(reading.odds.median), 1e-9):
        said = f"near the median change, of {amount(account.total)}"
    return Text(f"\nAll sums below are exact, in the draw {said}.", style="bright_black")


def _table(console: Console, title: str, head: Sequence[str], note: str = "") -> Table:
    console.print(Text(f"\n{title}", style="bold"))
    if note:
        console.print(Text(f" {note}", style="bright_black"))
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False, header_style="bold")
    for number, name in enumerate(head):
        table.add_column(Text(name), justify="left" if not number else "right", overflow="fold")
    return table


def _show_targets(account: Account, console: Console) -> None:
    told = account.by_target
    assert told is not None
    table = _table(
        console,
        "By target",
        ("", "occupied", "share", "of the whole", "alone", "last", "same way"),
        "share: Shapley value; alone: nothing else is done; last: all else is done already; "
        "same way: of other draws.",
    )
    for one in told.shares[:_MOST_TARGETS]:
        if max(abs(one.share), abs(one.alone), abs(one.last)) < 5e-5:
            continue
        player = one.player
        table.add_row(
            f"{'no ' if player.is_missing else ''}{player.name}",
            percent(player.usual) if player.contacts else "–",
            amount(one.share),
            _of(one.share, told.total),
            amount(one.alone),
            amount(one.last),
            percent(one.steadiness),
        )
    table.add_row("sum", "", amount(told.total), _of(told.total, told.total), "", "", "")
    console.print(table)
    telling = [one for one in told.interactions if abs(one.value) > 5e-5][:_MOST_PAIRS]
    for pair in telling:
        words = f" {pair.one} with {pair.other}: {amount(pair.value)} beyond each alone"
        console.print(Text(words, style="bright_black"))


def _show_paths(account: Account, console: Console, most: int) -> None:
    trace = account.causes.trace(most)
    table = _table(console, "By path", ("", "share", "of the whole"))
    for route in trace.routes:
        table.add_row(path_words(route), amount(route.share), _of(route.share, trace.total))
    if not trace.is_complete:
        name = f"all paths beyond these {len(trace.routes)}"
        table.add_row(name, amount(trace.remainder), _of(trace.remainder, trace.total))
    table.add_row("sum", amount(trace.total), _of(trace.total, trace.total))
    console.print(table)


def path_words(route: Route) -> str:
    """A path, with what sets it out."""
    who = ", ".join(f"{'no ' if one.is_missing else ''}{one.contact.drug}" for one in route.doings)
    bounds = {
        "lowest": "held at its lowest",
        "highest": "held at its highest",
        "other": "free of its bound",
    }
    what = bounds.get(route.bound, who)
    return f"{what}: {arrows(route)}" if what else arrows(route)


def _show_loops(account: Account, console: Console) -> None:
    if not account.loops:
        return
    table = _table(
        console,
        "By loop",
        ("", "gain", "without it", "it adds", ""),
        "the change without the loop alone, all other ways as they are",
    )
    for loop in account.loops[:_MOST_LOOPS]:
        without = "no rest" if loop.without is None else amount(loop.without)
        adds = "–" if loop.without is None else amount(loop.effect)
        table.add_row(loop_words(loop), amount(loop.gain), without, adds, loop.role.value)
    console.print(table)


def _show_edges(account: Account, console: Console) -> None:
    if not account.edges:
        return
    table = _table(console, "By edge", ("", "without it", "it adds", ""))
    names = account.prediction.model.network.edge_names
    for one in account.edges[:_MOST_EDGES]:
        without = "no rest" if one.without is None else amount(one.without)
        adds = "–" if one.without is None else amount(one.effect)
        table.add_row(names[one.edge], without, adds, "moves bounds" if one.moves_bounds else "")
    console.print(table)


def _show_factors(account: Account, console: Console) -> None:
    decision = account.decision
    if not decision.factors:
        return
    first = decision.first.value
    table = _table(
        console,
        f"What decides between {first} and {decision.second.value}",
        ("", "AUC", "boundary", f"{first} below", f"{first} above"),
    )
    for one in decision.factors:
        table.add_row(
            unknown_words(one.unknown),
            f"{one.separation:.2f}",
            f"{one.boundary:.2g}",
            percent(one.below),
            percent(one.above),
        )
    console.print(table)


def _of(share: float, total: float) -> str:
    return percent_signed(share / total) if abs(total) > 1e-9 else "–"


def _reference(cited: Cited) -> str:
    known = cited.reference
    if known is None:
        return f"{cited.id}, which no file of references has."
    where = " ".join(filter(None, (known.journal, known.doi and f"doi:{known.doi}")))
    if known.pmid and not known.doi:
        where = f"{where} PMID {known.pmid}".strip()
    title = known.title.rstrip(".")
    who = f"{known.citation}. {title}" if known.authors else known.citation
    kind = kind_words(known)
    return f"{sentence(who)}{f' {where}' if where else ''}{f' [{kind}]' if kind else ''}"
