"""Workflows: whether their steps follow each other, and their calculations exist."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from raphe.assay.catalogue import CALCULATIONS
from raphe.checks.library import Library
from raphe.checks.notice import Found
from raphe.errors import nearest
from raphe.formats.documents import Document
from raphe.formats.yaml_text import Path
from raphe.workflow import Workflow


def check_workflow(document: Document[Workflow], library: Library) -> Iterator[Found]:
    """Steps of the same id, steps that follow nothing or themselves, unknown calculations."""
    del library
    workflow, source = document.value, document.source
    places: dict[str, Path] = {}
    for number, phase in enumerate(workflow.phases):
        for name in phase.steps:
            path: Path = ("phases", number, "steps", name)
            first = places.setdefault(name, path)
            if first != path:
                line = source.keys[first][0]
                what = f"step '{name}' stands here a second time."
                remedy = f"The first is in line {line}; rename one."
                yield source.problem(path, what, remedy, at_key=True)
    yield from _order(document, places)
    for name in workflow.calculations:
        if name not in CALCULATIONS:
            remedy = nearest(name, CALCULATIONS) or f"There are: {', '.join(CALCULATIONS)}."
            yield source.problem(("calculations",), f"no calculation '{name}'.", remedy)


def _order(document: Document[Workflow], places: dict[str, Path]) -> Iterator[Found]:
    workflow, source = document.value, document.source
    order = {name: number for number, name in enumerate(places)}
    for phase in workflow.phases:
        for name, step in phase.steps.items():
            for earlier in step.after:
                path = (*places[name], "after")
                if earlier not in places:
                    remedy = nearest(earlier, places) or f"There are: {', '.join(places)}."
                    yield source.problem(path, f"no step '{earlier}'.", remedy)
                # Steps follow the one before them; every loop has an `after` that looks ahead.
                elif order[earlier] >= order[name] and (way := _way(workflow, name, earlier)):
                    what = f"the steps loop: {' -> '.join((*way, name))}."
                    yield source.problem(path, what, "Let it follow an earlier step.")


def _way(workflow: Workflow, start: str, goal: str) -> tuple[str, ...]:
    """The shortest way from a step to one that follows from it, if it does."""
    following: dict[str, list[str]] = {}
    for earlier, later in workflow.links:
        following.setdefault(earlier, []).append(later)
    queue: deque[tuple[str, ...]] = deque([(start,)])
    seen = {start}
    while queue:
        way = queue.popleft()
        if way[-1] == goal:
            return way
        for step in following.get(way[-1], ()):
            if step not in seen:
                seen.add(step)
                queue.append((*way, step))
    return ()
