"""Whether findings can be true together, on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from raphe.joint.mending import Mending
from raphe.joint.significance import Chance, Significance
from raphe.joint.together import Contradiction, Dispute, Stage, Together
from raphe.report.together_words import counted, goes, said_contradiction, said_repair, said_repairs
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
    console.print(_heading(together, stopped))
    for number, one in enumerate(together.found[:_MOST], start=1):
        _show_contradiction(together, number, one, console)
    if (more := len(together.found) - _MOST) > 0:
        console.print(Text(f"and {more} more ('--json' has all)", style=_FAINT))
    if not together.is_whole:
        said = f"\nStopped ({stopped}): {together.looked} of {len(together.trials)} independent "
        console.print(Text(f"{said}parts were looked at; nothing is said of the others."))
        for beside in significances:
            console.print(_significance(beside))
        return
    if mending is not None and together.found:
        _show_mending(together, mending, console)
    if together.follows:
        _show_follows(together, console)
    if together.disputes:
        console.print(Text("\nPapers disagree", style="bold"))
        for dispute in together.disputes[:_MOST]:
            console.print(Padding(_dispute(dispute), (0, 0, 0, 1)))
    for line in _figures(together):
        console.print(line)
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
    line.append(
        f"\n{counted(findings, 'finding')}, {counted(len(posed.reports), 'observation')}, "
        f"{counted(len(posed.problem.conditions), 'condition')} on circuit "
        f"'{posed.bench.network.pathway.name}', whatever the weights",
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
    also = "" if len(mending.repairs) == 1 else "; one of several"
    console.print(Padding(Text(f"weight {mending.bound}, {many}{also}:"), (0, 0, 0, 1)))
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


def _figures(together: Together) -> list[Text]:
    agreement, refutable = together.agreement, together.refutable
    lines = []
    if agreement is not None:
        spread = (
            f"{agreement.high}"
            if agreement.low == agreement.high
            else f"{agreement.low} to {agreement.high}"
        )
        told = f"\n{spread} of {agreement.of} observations can be true together"
        lines.append(Text(told, style="bold"))
        if agreement.low != agreement.high:
            told = ", by the side that is taken where papers disagree"
            lines[0].append(told, style="not bold")
        if not agreement.is_exact:
            told = "; they do so often that not every choice was tried, and some may have fewer"
            lines[0].append(told, style="not bold")
    if refutable is not None:
        of = sum(len(trial.observations) for trial in together.trials)
        told = f"Refutable by itself: {len(refutable)} of {of}."
        if len(refutable) < of:
            told += (
                " Of the others any direction is possible on some weights; only several together "
                "can be refuted."
            )
        lines.append(Text(told, style=_FAINT))
    return lines


def _significance(one: Significance) -> Text:
    dealt = {
        Chance.OBSERVATIONS: "observations dealt anew",
        Chance.SIGNS: "signs of the circuit dealt anew",
    }[one.chance]
    made = f"{len(one.dealt)} of {one.asked}" if len(one.dealt) < one.asked else f"{one.asked}"
    if one.mean is None or one.p_value is None:
        return Text(f"{dealt}: none of {counted(one.asked, 'time')} before it was stopped")
    return Text(
        f"{dealt}, {made} times: {one.agreements} agreements and {one.repairs} "
        f"repairs against {one.of - one.mean:.1f} and {one.mean:.1f} on the mean, "
        f"p = {one.p_value:.2g}"
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
