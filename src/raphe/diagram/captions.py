"""Where the label of a cluster goes: on a strip along its border that no edge runs through."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from raphe.diagram.figure import Cluster, Ground
from raphe.diagram.font import Face, measure
from raphe.diagram.geometry import Drawing, Point, Rect
from raphe.diagram.labels import cluster_words

LABEL_SIZE = 8.5
#: Between the label and the border of its cluster.
INSET = 10.0
#: Between the two halves of a label.
GAP = 7.0


@dataclass(frozen=True, slots=True)
class Caption:
    """A cluster's label, placed."""

    label: str
    note: str
    face: Face
    #: Start of the baseline.
    left: float
    baseline: float
    #: 1, or less where the cluster is narrower than its label.
    scale: float
    #: Whether nothing runs under it.
    is_clear: bool


def place_caption(cluster: Cluster, box: Rect, drawing: Drawing, inner: Iterable[Rect]) -> Caption:
    """The first free place for a cluster's label: along its own edge from the left, then opposite.

    Parameters
    ----------
    cluster
        Whose label it is.
    box
        The cluster's place.
    drawing
        Where nodes and edges are.
    inner
        Places of the clusters within it.
    """
    label, note = cluster_words(cluster)
    room = box.width - 2 * INSET
    face = Face.REGULAR if cluster.kind is Ground.MEMBRANE else Face.BOLD
    wide = label_width(label, note, face)
    scale = min(1.0, max(room, 1.0) / wide) if wide else 1.0
    obstacles = [*drawing.nodes.values(), *inner]
    best: tuple[int, float, float] | None = None
    for baseline in _baselines(cluster, box):
        for left in _starts(box.left + INSET, box.right - INSET - wide * scale):
            place = Rect(left, baseline - LABEL_SIZE, left + wide * scale, baseline + 2)
            hits = _hits(_with_air(place), drawing.edges.values(), obstacles)
            if best is None or hits < best[0]:
                best = (hits, left, baseline)
            if hits == 0:
                return Caption(label, note, face, left, baseline, scale, is_clear=True)
    hits, left, baseline = best or (0, box.left + INSET, box.top + INSET)
    return Caption(label, note, face, left, baseline, scale, is_clear=False)


def label_width(label: str, note: str, face: Face = Face.BOLD) -> float:
    """Width of both halves of a label in points.

    Examples
    --------
    >>> label_width("NEURON", "") < label_width("NEURON", "LC")
    True
    """
    first = measure(label, LABEL_SIZE, face)
    return first + (GAP + measure(note, LABEL_SIZE) if note else 0.0)


def _baselines(cluster: Cluster, box: Rect) -> tuple[float, ...]:
    top, bottom = box.top + 14.5, box.bottom - 6.5
    return (bottom, top) if cluster.kind is Ground.MEMBRANE else (top, bottom)


def _starts(first: float, last: float) -> Iterator[float]:
    """Places from the left end of the strip to its right end."""
    steps = max(int((last - first) // 6), 0)
    yield from (first + 6 * step for step in range(steps + 1))
    if last > first:
        yield last


def _with_air(place: Rect) -> Rect:
    """A line beside a word disturbs more than one above it."""
    return Rect(place.left - 5, place.top - 2, place.right + 5, place.bottom + 2)


def _hits(place: Rect, edges: Iterable[tuple[Point, ...]], obstacles: Iterable[Rect]) -> int:
    """How many edges run through a place; what covers it counts for many."""
    runs = sum(
        any(place.cut_by(*piece) for piece in itertools.pairwise(course)) for course in edges
    )
    return runs + 10 * sum(place.meets(one) for one in obstacles)
