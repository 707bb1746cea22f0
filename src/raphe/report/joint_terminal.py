"""Joint consistency in the terminal: sentences, then tables."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape

from raphe.joint.answer import Answer
from raphe.joint.downstream import CoresAs
from raphe.report.joint_words import (
    SYMBOLS,
    absent_sentence,
    counted,
    parts,
    size_sentence,
    step_sentence,
)
from raphe.sign import Change

#: Names in a sentence, and steps of a repair, before it says how many more.
_NAMES = 12
_STEPS = 12
_CORES = 10
#: Nodes that are named for each direction that is predicted.
_PREDICTED = 20


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
    plain = counted(len(graph.nodes) - len(graph.joint), "node")
    influences = counted(len(graph.influences), "influence")
    what = f"{counted(seen, 'observation')} on {plain}, {influences}"
    if graph.joint:
        what += f", {counted(len(graph.joint), 'more node')} for what acts together"
    if found.consistent is None:
        yield f"Not known whether all can be true together ({what})."
    elif found.consistent:
        yield f"All can be true together: {what}."
    else:
        yield f"Not all can be true together ({what}): {size_sentence(found.size)}."
    places = found.places
    if places.absent:
        yield absent_sentence(found, _NAMES)
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
    console.print(f"\n{counted(len(repairs), 'minimal repair').capitalize()}{told}:")
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
    sets = counted(len(cores), "set" if downstream else "minimal set")
    console.print(f"\nNodes whose laws cannot hold together{what} ({sets}{told}):")
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
    """What every node does, by direction; of many, the first."""
    known = set(found.problem.graph.nodes)
    several = len(found.problem.conditions) > 1
    console.print("\nPredicted, whatever the minimal repair:")
    for one in found.problem.conditions:
        row = found.predictions.directions[one.name]
        if several:
            console.print(escape(f"  {one.name}"))
        for change, symbol in SYMBOLS.items():
            names = [
                node
                for node, way in row.items()
                if way is change and (node in known or node in one.observed)
            ]
            if not names or change is Change.NOTHING:
                continue
            told = "open" if change is Change.ANY else symbol
            listed = ", ".join(names[:_PREDICTED])
            more = len(names) - _PREDICTED
            ending = f" and {more:,} more ('--json' has all)" if more > 0 else ""
            if change is Change.ANY:
                console.print(f"  {told}: {counted(len(names), 'node')}")
            else:
                console.print(escape(f"  {told} ({len(names):,}): {listed}{ending}"))
