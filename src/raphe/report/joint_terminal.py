"""Joint consistency in the terminal: sentences, then tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from raphe.errors import nearest
from raphe.joint.answer import Answer
from raphe.joint.downstream import CoresAs
from raphe.report.joint_words import SYMBOLS, parts, size_sentence, step_sentence
from raphe.sign import Change

#: Names in a sentence, and steps of a repair, before it says how many more.
_NAMES = 12
_STEPS = 12
_CORES = 10


def show_answer(found: Answer, console: Console) -> None:
    """Print what was found, and what was not proved."""
    for line in sentences(found):
        console.print(escape(line))
    if found.consistent is False:
        _show_repairs(found, console)
        _show_cores(found, console)
    if found.predictions.complete:
        _show_predictions(found, console)


def sentences(found: Answer) -> Iterator[str]:
    """What was found, in sentences."""
    problem = found.problem
    seen = sum(len(one.observed) for one in problem.conditions)
    graph = problem.graph
    what = (
        f"{seen:,} observations on {len(graph.nodes):,} nodes, {len(graph.influences):,} influences"
    )
    if found.consistent is None:
        yield f"Not known whether all can be true together ({what})."
    elif found.consistent:
        yield f"All can be true together: {what}."
    else:
        yield f"Not all can be true together ({what}): {size_sentence(found.size)}."
    places = found.places
    if places.absent:
        near = nearest(places.absent[0].node, graph.nodes)
        yield (
            f"Absent from the network, {len(places.absent)}: "
            f"{parts(problem, places.absent, _NAMES)}. {near}"
        ).strip()
    if places.unreachable:
        named = parts(problem, places.unreachable, _NAMES)
        yield f"Changed, yet no input leads there, {len(places.unreachable)}: {named}."
    if found.contradicted:
        named = parts(problem, found.contradicted, _NAMES)
        ending = "" if found.predictions.complete else ", at least"
        yield f"Contradicted, {len(found.contradicted)}{ending}: {named}."
    if found.stopped:
        yield f"Stopped ({found.stopped}): what is not said to be proved is not."


def _show_repairs(found: Answer, console: Console) -> None:
    several = len(found.problem.conditions) > 1
    repairs = found.repairs.repairs
    if not repairs:
        return
    shared = set(repairs[0].steps).intersection(*(one.steps for one in repairs[1:]))
    told = "" if found.repairs.complete else ", among others"
    console.print(f"\nMinimal repairs ({len(repairs)}{told}):")
    if len(repairs) > 1 and shared:
        same = [step_sentence(step, several) for step in repairs[0].steps if step in shared]
        console.print(escape(f"  in all of these: {_some(same)}"))
    for number, one in enumerate(repairs, 1):
        own = [step for step in one.steps if len(repairs) == 1 or step not in shared]
        told = _some([step_sentence(step, several) for step in own]) or "nothing else"
        console.print(escape(f"  {number}. {told}"))


def _some(steps: list[str]) -> str:
    more = f"; and {len(steps) - _STEPS} more" if len(steps) > _STEPS else ""
    return "; ".join(steps[:_STEPS]) + more


def _show_cores(found: Answer, console: Console) -> None:
    cores = found.cores.cores
    if not cores and not found.cores.left_out:
        return
    told = "" if found.cores.complete else ", among others"
    downstream = found.cores_as is CoresAs.DOWNSTREAM
    what = ", with all that they lead to" if downstream else ""
    sets = "sets" if downstream else "minimal sets"
    console.print(f"\nNodes whose laws cannot hold together{what} ({len(cores)} {sets}{told}):")
    for core in cores[:_CORES]:
        named = parts(found.problem, core, _NAMES) or "none: what was seen contradicts itself"
        if core == found.cores.inexplicable:
            named = f"nothing can explain these, each by itself: {named}"
        console.print(escape(f"  {named}"))
    if len(cores) > _CORES:
        console.print(f"  and {len(cores) - _CORES} more")
    if found.cores.left_out:
        console.print(
            f"  Minimal sets that are in none of these, {found.cores.left_out}: see "
            "'--cores-as minimal'."
        )


def _show_predictions(found: Answer, console: Console) -> None:
    table = Table(title="predicted, whatever the minimal repair", title_justify="left")
    words = ("+", "-", "0", "notPlus", "notMinus", "changed")
    for heading in ("condition", *words, "open"):
        table.add_column(heading, justify="left" if heading == "condition" else "right")
    for name, row in found.predictions.directions.items():
        counts = Counter(SYMBOLS[change] for change in row.values())
        numbers = [*(counts[word] for word in words), counts[SYMBOLS[Change.ANY]]]
        table.add_row(escape(name), *(f"{number:,}" for number in numbers))
    console.print()
    console.print(table)
