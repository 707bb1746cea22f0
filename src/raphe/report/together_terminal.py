"""Whether findings can be true together, on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from raphe.joint.agreement import Dispute
from raphe.joint.contradiction import Contradiction
from raphe.joint.mending import Mending
from raphe.joint.significance import Chance, Significance
from raphe.joint.together import FEW, Stage, Together
from raphe.report.joint_words import counted
from raphe.report.together_words import goes, said_contradiction, said_repair, said_repairs
from raphe.sign import Change

#: What is listed in full; of more, what is shown is counted.
_MOST, _MOST_FOLLOWS = 40, 6
_FAINT = "bright_black"


def show_together(
    together: Together,
    mending: Mending | None,
    significances: list[Significance],
    console: Console,
) -> None:
    """Print what contradicts what, how it could be mended, and how far that may be trusted.

    Where it was stopped, what was found until then is shown, and what was not searched is named.
    """
    posed, stopped = together.posed, together.clock.stopped
    is_whole = together.is_whole
    console.print(_heading(together, stopped))
    for line in _agreement(together) if is_whole else ():
        console.print(line)
    for number, one in enumerate(together.found[:_MOST], start=1):
        _show_contradiction(together, number, one, console)
    if (more := len(together.found) - _MOST) > 0:
        console.print(Text(f"and {more} more ('--json' has all)", style=_FAINT))
    if not is_whole:
        said = f"\nStopped ({stopped}): {together.looked} of {len(together.trials)} independent "
        console.print(
            Text(f"{said}parts were searched to the end; in the others there may be more.")
        )
        for beside in significances:
            console.print(_significance(beside))
        return
    if mending is not None and together.found:
        _show_mending(together, mending, console)
    if not together.asks_what_follows:
        said = f"that is done for up to {FEW} independent parts, and these are "
        said = f"\nWhat follows on any weights was not searched: {said}{len(together.trials)}."
        console.print(Text(said, style=_FAINT))
    elif together.follows:
        _show_follows(together, console)
    if together.disputes:
        console.print(Text("\nPapers disagree", style="bold"))
        for dispute in together.disputes[:_MOST]:
            console.print(Padding(_dispute(dispute), (0, 0, 0, 1)))
    for beside in significances:
        console.print(_significance(beside))
    if posed.left_out:
        total = len(posed.left_out)
        console.print(Text(f"{counted(total, 'finding')} left out:", style=_FAINT))
        for name, why in list(posed.left_out.items())[:5]:
            console.print(Padding(Text(f"{name}: {why}", style=_FAINT), (0, 0, 0, 1)))
        if total > 5:
            console.print(Text(f" and {total - 5} more ('--json' has all)", style=_FAINT))
    if stopped:
        console.print(Text(_unsearched(together, mending)))


def _heading(together: Together, stopped: str) -> Text:
    posed, count = together.posed, len(together.found)
    if stopped and not count:
        line = Text("◆ No contradiction was found in time")
    elif count:
        line = Text(f"✗ Not all of it can be true: {counted(count, 'contradiction')}", "red")
    else:
        line = Text("✓ All of it can be true together", "green")
    line.stylize("bold")
    findings = sum(len(one.findings) for one in posed.reports.values())
    tried = len(dict.fromkeys(condition for condition, _ in posed.reports))
    conditions = len(posed.problem.conditions)
    told = f"{counted(findings, 'finding')} {'makes' if findings == 1 else 'make'} "
    told += f"{counted(len(posed.reports), 'observation')} (a node in an experiment) in "
    told += counted(tried, "experiment")
    if conditions > tried:
        told += f"; with both sides of each comparison, {conditions} conditions"
    line.append(
        f"\n{told} on circuit '{posed.bench.network.pathway.name}', whatever the weights",
        style="not bold default",
    )
    return line


def _show_contradiction(
    together: Together, number: int, one: Contradiction, console: Console
) -> None:
    posed = together.posed
    line = Text(f"\n{number}. ", style="bold")
    line.append(said_contradiction(posed, one), style="not bold")
    console.print(line)
    console.print(Padding(Text(said_repairs(posed, one), style=_FAINT), (0, 0, 0, 3)))


def _show_mending(together: Together, mending: Mending, console: Console) -> None:
    console.print(Text("\nThe least repair of all of it", style="bold"))
    if not mending.is_proved:
        what = f"not found in time; proved so far: it weighs at least {mending.bound}"
        console.print(Padding(Text(what), (0, 0, 0, 1)))
        return
    steps = len(mending.repairs[0].steps)
    many = counted(steps, "step")
    also = "" if len(mending.repairs) == 1 else "; one of several of this weight"
    proved = "proved: none weighs less"
    console.print(Padding(Text(f"weight {mending.bound}, {many} ({proved}{also}):"), (0, 0, 0, 1)))
    first = mending.repairs[0]
    for step in first.steps:
        alone = type(first)((step,))
        console.print(Padding(Text(f"· {said_repair(together.posed, alone)}"), (0, 0, 0, 1)))


def _show_follows(together: Together, console: Console) -> None:
    """What must be so besides, the nodes next to what was reported first."""
    console.print(Text("\nIf that is so, it follows on any weights", style="bold"))
    near = {
        one.source
        for one in together.posed.problem.graph.influences
        if one.target in {node for _, node in together.posed.reports}
    }
    by_condition: dict[str, list[tuple[str, Change]]] = {}
    for (condition, node), change in together.follows.items():
        by_condition.setdefault(condition, []).append((node, change))
    for condition, rows in by_condition.items():
        rows.sort(key=lambda one: (one[0] not in near, not one[1].is_single, one[0]))
        shown = ", ".join(f"{node} {goes(change)}" for node, change in rows[:_MOST_FOLLOWS])
        more = f" and {len(rows) - _MOST_FOLLOWS} more" if len(rows) > _MOST_FOLLOWS else ""
        console.print(Padding(Text(f"{condition}: {shown}{more}"), (0, 0, 0, 1)))


def _dispute(dispute: Dispute) -> Text:
    report = dispute.report
    parts = []
    for side, names in report.sides.items():
        cost = dispute.cost.get(side)
        fits = "fits" if not cost else f"takes {counted(cost, 'more doubt')}"
        if cost is None:
            fits = "cannot be, whatever else is doubted"
        papers = counted(len(names), "finding")
        parts.append(f"{_WORDS[side]} ({papers}) {fits}")
    return Text(f"{report.node}, {report.condition}: {'; '.join(parts)}")


_WORDS = {Change.DOWN: "down", Change.SAME: "unchanged", Change.UP: "up"}


def _agreement(together: Together) -> list[Text]:
    """How many can be true together, beside how many could have been refuted at all."""
    agreement, refutable = together.agreement, together.refutable
    lines = []
    if agreement is not None:
        low, high = agreement.low, agreement.high
        spread = f"{high}" if low == high else f"{low} to {high}"
        line = Text(f"{spread} of {agreement.of} observations can be true together", style="bold")
        if low != high:
            line.append(", by the side that is taken where papers disagree", style="not bold")
        if not agreement.is_exact:
            often = "; they do so often that not every choice was tried, and some may have fewer"
            line.append(often, style="not bold")
        lines.append(line)
    if refutable is not None:
        many, of = len(refutable), sum(len(trial.observations) for trial in together.trials)
        told = f"Refutable by itself: {many} of {of}"
        others = "direction is possible on some weights; only several together can be refuted."
        if not many:
            told += f", so that agreement alone says nothing. Any {others}"
        elif many < of:
            told += f". Of the others any {others}"
        else:
            told += "."
        lines.append(Text(told))
    return lines


def _significance(one: Significance) -> Text:
    dealt = {
        Chance.OBSERVATIONS: "observations dealt anew",
        Chance.SIGNS: "signs of the circuit dealt anew",
    }[one.chance]
    if one.mean is None or one.p_value is None or one.agreements is None or one.repairs is None:
        return Text(f"\n{dealt}: none of {counted(one.asked, 'time')} before it was stopped")
    made = f"{len(one.dealt)} of " if len(one.dealt) < one.asked else ""
    return Text(
        f"\n{dealt}, {made}{counted(one.asked, 'time')}: {counted(one.agreements, 'agreement')} "
        f"and {counted(one.repairs, 'repair')} against {one.of - one.mean:.1f} and {one.mean:.1f} "
        f"on the mean, p = {one.p_value:.2g}"
    )


def _unsearched(together: Together, mending: Mending | None) -> str:
    """What the time did not suffice for."""
    names = [_STAGES[one] for one in together.not_searched]
    if mending is not None and not mending.is_proved:
        names.insert(0, "the least repair")
    told = f"\nStopped ({together.clock.stopped})"
    return f"{told}; not searched to the end: {', '.join(names)}." if names else f"{told}."


_STAGES = {
    Stage.CONTRADICTIONS: "contradictions",
    Stage.AGREEMENT: "how many can be true together",
    Stage.REFUTABLE: "which are refutable by themselves",
    Stage.DISPUTES: "which side of what papers dispute fits",
    Stage.PREDICTIONS: "what follows",
}
