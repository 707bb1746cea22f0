"""What findings teach, on the terminal: how much, how well it carries over, and what moved."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from raphe.calling import Call
from raphe.conditioning import Expected, Given, Measures
from raphe.finding import Seen
from raphe.prediction import Prediction, treatment_title
from raphe.report.score_layout import GROUPS
from raphe.report.wording import capital, count, percent, probability
from raphe.unknowns import Moved

#: Text is read, not scanned: no longer lines than these.
_WIDEST = 100
#: What a screen has room for.
_MOST_CHANGED, _MOST_MOVED = 12, 15
_WAYS = {
    "finding": "without itself",
    "drug": "without its drugs",
    "class": "without their classes",
}


def show_given(
    learnt: Given,
    predicted: tuple[Prediction, Prediction] | None,
    nodes: Sequence[str],
    console: Console,
) -> None:
    """Print what findings teach."""
    width = min(console.width, _WIDEST)
    console.print(Text(told_words(learnt)), width=width)
    if predicted is not None:
        console.print(_predicted(predicted, nodes))
    console.print(Text("\nHow well findings are predicted", style="bold"))
    console.print(_rules(learnt))
    console.print(Text(_RULES_NOTE, style="bright_black"), width=width)
    _show_changed(learnt, console, width)
    _show_moved(learnt, console, width)


_RULES_NOTE = (
    "Right: called as reported; an ambiguous call is wrong. Surprise: bits by which what was "
    "reported surprises; less is better, and 1.58 is guessing. What was learnt is worth what is "
    "left of it in findings that it was not learnt from."
)


def told_words(learnt: Given) -> str:
    """How much the findings say, and how much of it was taken, as sentences."""
    weighed, model = learnt.reweighted, learnt.model
    size, wrong = model.ensemble.size, learnt.tolerance.wrong
    sentences = [
        f"{capital(count(len(learnt.accepted), 'finding'))} accepted, each right with p = "
        f"{1 - wrong:g}; {size} draws of prior '{model.prior}'."
    ]
    if learnt.unused:
        verb = "reports" if len(learnt.unused) == 1 else "report"
        sentences.append(f"{len(learnt.unused)} more {verb} no direction in scope.")
    if learnt.mute:
        sentences.append(f"On {learnt.mute} of them no draw differs from another.")
    if weighed.is_tempered:
        sentences.append(
            f"Taken as they are, they would leave {weighed.untempered:.1f} effective draws: more "
            f"is said than {size} draws can hold. So each counts as {weighed.power:.2g} of a "
            f"finding, which leaves {weighed.effective:.0f} effective draws ('--least', "
            "'--draws'). What is shown here is that part of what they teach."
        )
    else:
        sentences.append(f"They leave {weighed.effective:.0f} effective draws.")
    return " ".join(sentences)


def _rules(learnt: Given) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False, header_style="bold")
    for name in ("", "findings", "right", "called", "opposite", "surprise"):
        table.add_column(Text(name), justify="right" if name else "left", no_wrap=True)
    ways = {"fitted, itself too": learnt.fitted}
    ways |= {_WAYS[what]: found for what, found in learnt.left_out.items()}
    for seen in (None, *Seen):
        own = {
            name: found if seen is None else learnt.of(found, seen) for name, found in ways.items()
        }
        fitted = own["fitted, itself too"]
        if not fitted or (seen is not None and len(fitted) == len(learnt.accepted)):
            continue
        group = "accepted" if seen is None else f"accepted, {GROUPS[seen]}"
        _row(table, group, learnt.measure(fitted, after=False))
        for name, found in own.items():
            _row(table, f"  {name}", learnt.measure(found))
    if learnt.others:
        _row(table, "all others", learnt.measure(learnt.others, after=False))
        _row(table, "  with what was learnt", learnt.measure(learnt.others))
    return table


def _row(table: Table, name: str, measures: Measures) -> None:
    table.add_row(
        name,
        str(measures.findings),
        f"{100 * measures.right:.1f} %",
        percent(measures.called),
        percent(measures.opposite),
        f"{measures.surprise:.3f}",
    )


def _show_changed(learnt: Given, console: Console, width: int) -> None:
    """Verdicts that changed: of the other findings, or of accepted ones, left out themselves."""
    pool, what = learnt.others, "of findings that were not accepted"
    if not pool:
        pool, what = learnt.left_out["drug"], "of accepted findings, each without its drugs"
    changed = [one for one in pool if one.is_changed]
    console.print(Text(f"\nCalls that changed ({len(changed)} {what})", style="bold"))
    order = sorted(
        changed,
        key=lambda one: (-round(abs(one.gained(learnt.tolerance.wrong)), 9), one.finding),
    )
    for one in order[:_MOST_CHANGED]:
        console.print(_changed(one), width=width)
    if len(changed) > _MOST_CHANGED:
        console.print(Text(f"… and {len(changed) - _MOST_CHANGED} more: '--json' has all."))


def _changed(one: Expected) -> Text:
    better = one.called_after is one.reported
    worse = one.called_before is one.reported
    mark, style = ("✓", "green") if better else ("✗", "red") if worse else ("·", "bright_black")
    line = Text(f"{mark} {one.finding}")
    line.stylize(style, 0, 1)
    line.append(
        f"  {one.declared.readout}: reported {one.reported.value}, called "
        f"{_said(one.called_before, one.before)} → {_said(one.called_after, one.after)}"
    )
    return line


def _said(call: Call, shares: Sequence[float]) -> str:
    return f"{call.value} {probability(max(shares))}"


def _show_moved(learnt: Given, console: Console, width: int) -> None:
    console.print(
        Text(f"\nWhat was learnt of {learnt.unknowns} unknowns ({len(learnt.moved)})", style="bold")
    )
    for one in learnt.moved[:_MOST_MOVED]:
        console.print(_moved(learnt, one), width=width)
    if len(learnt.moved) > _MOST_MOVED:
        console.print(Text(f"… and {len(learnt.moved) - _MOST_MOVED} more: '--json' has all."))
    note = (
        "Shift of the mean, in standard deviations; median and 90 % interval, before and after. "
        f"By chance one moves by {learnt.by_chance:.2f}; what moves less is not shown."
    )
    console.print(Text(note, style="bright_black"), width=width)


def _moved(learnt: Given, one: Moved) -> Text:
    sign = "+" if one.shift > 0 else "−"
    line = Text(f"{sign}{abs(one.shift):.2f}  ")
    line.append(one.unknown.name, style="bold")
    if one.unknown.kind.is_yes_or_no:
        # Of yes and no, the median says less than the share.
        line.append(f"  {one.unknown.kind}: yes with p {one.means[0]:.2f} → {one.means[1]:.2f}")
    else:
        before, after = (_interval(ends) for ends in (one.before, one.after))
        line.append(f"  {one.unknown.kind} {before} → {after}")
    causes = learnt.causes[one.unknown.name]
    told = list(dict.fromkeys(item.ref or "assumption" for item in one.unknown.evidence))
    if causes:
        line.append(f"\n       because of {', '.join(causes)}", style="bright_black")
    line.append(f"\n       rests on {', '.join(told) or 'nothing'}", style="bright_black")
    return line


def _interval(ends: tuple[float, float, float]) -> str:
    low, median, high = ends
    return f"{median:.3g} ({low:.3g} – {high:.3g})"


def _predicted(predicted: tuple[Prediction, Prediction], nodes: Sequence[str]) -> Table:
    before, after = predicted
    treatment = capital(treatment_title(before.treatment))
    table = Table(
        title=f"\n{treatment}, {before.regimen}, against {treatment_title(before.comparator)}",
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1),
        pad_edge=False,
        header_style="bold",
    )
    for name in ("readout", "before", "after", "median before", "after"):
        table.add_column(Text(name), no_wrap=True)
    for node in nodes:
        old, new = before.reading(node), after.reading(node)
        mark = "" if old.call is new.call else "  *"
        table.add_row(
            node,
            f"{old.call.value} {probability(old.odds.probability(old.call))}",
            f"{new.call.value} {probability(new.odds.probability(new.call))}{mark}",
            f"{old.odds.median:+.2f}".replace("-", "−"),
            f"{new.odds.median:+.2f}".replace("-", "−"),
        )
    return table
