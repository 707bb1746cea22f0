"""What each edge is worth: the change without it, of all edges at once.

Taking an edge away changes one entry of I − A; of a layered system (an animal that adapted, and
what became of it) one in each layer. The inverse after such a change is a rank-one, or rank-few,
update of the inverse before: no edge needs a solve of its own. What the update cannot know is that
a node leaves its bound or reaches it; so the edges that matter most are settled anew side by side,
and where nodes are held, all that have a way to the readout. What is said of these is what came
out.

J. Sherman, W. J. Morrison, Ann. Math. Statist. 21 (1950) 124–127; M. A. Woodbury, Memorandum Report
42, Statistical Research Group, Princeton 1950.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from raphe.explanation.system import followed, told_size
from raphe.finding import Regimen
from raphe.perturbation import Perturbation
from raphe.prediction import Prediction
from raphe.prior import Ensemble
from raphe.propagation.arrays import Floats, Indices
from raphe.propagation.reduction import gains
from raphe.propagation.response import respond

#: Edges that are settled anew, and how many where nodes are held at bounds.
MOST_SETTLED = 60
_MOST_WHERE_HELD = 400
#: What a node must hear beyond a bound to count as held there.
_BEYOND = 1e-9


@dataclass(frozen=True)
class EdgeEffect:
    """What an edge is worth for a change."""

    #: Its number in the network.
    edge: int
    #: The change without it, by the update of the inverse: exact while bounds hold whom they held.
    #: None where nothing would come to rest.
    updated: float | None
    #: The change without it, settled anew; None where it was not, or nothing came to rest.
    settled: float | None
    was_settled: bool
    #: The change with it.
    total: float

    @property
    def without(self) -> float | None:
        """The change without it, as well as it is known."""
        return self.settled if self.was_settled else self.updated

    @property
    def effect(self) -> float:
        """What it adds to the change; infinite where nothing comes to rest without it."""
        return float("inf") if self.without is None else self.total - self.without

    @property
    def moves_bounds(self) -> bool:
        """Whether without it other nodes are held at their bounds."""
        if not self.was_settled or self.updated is None or self.settled is None:
            return False
        return abs(self.settled - self.updated) > 1e-7


@dataclass(frozen=True, eq=False)
class _Part:
    """One side of a comparison in one draw: x = A x + b over its layers, bounds held."""

    matrix: Floats
    x: Floats
    #: Gain of each edge in each layer or between layers: edge, row, column, gain.
    entries: tuple[tuple[Indices, Indices, Indices, Floats], ...]
    has_held: bool


def edge_effects(
    prediction: Prediction, node: str, draw: int, most_settled: int = MOST_SETTLED
) -> tuple[EdgeEffect, ...]:
    """What each edge is worth for a node's change in one draw, the most first.

    Edges without which it is as before are left out. Stores and cells that need an edge
    (`necessary`) keep what it brings them: only the signal along it is taken away.
    """
    model, contrast = prediction.model, prediction.contrast
    network = model.network
    number = network.index[node]
    total = float(contrast.change[number, draw])
    change = np.zeros(len(network.edge_names))
    has_held, moves = False, np.zeros(network.size, dtype=bool)
    for part, sign in _parts(prediction, draw):
        change += sign * _updates(part, number, len(network.edge_names), network.size)
        has_held = has_held or part.has_held
        moves |= (part.x.reshape(-1, network.size) != 0).any(axis=0)
    matters = ~np.isfinite(change) | (np.abs(change) > 1e-12)
    if has_held and most_settled:
        # What ends at a held node is worth nothing, unless it is what holds it there.
        matters |= moves[network.source] & network.reaching(number)[network.target]
        most_settled = max(most_settled, _MOST_WHERE_HELD)
    moved = np.flatnonzero(matters)
    names = network.edge_names
    order = sorted(moved.tolist(), key=lambda one: (-_size(float(change[one])), names[one]))
    anew = _settled_without(prediction, number, draw, np.array(order[:most_settled], dtype=np.intp))
    effects = []
    for place, edge in enumerate(order):
        updated = total + float(change[edge]) if np.isfinite(change[edge]) else None
        was_settled = place < len(anew)
        settled = float(anew[place]) if was_settled and np.isfinite(anew[place]) else None
        effect = EdgeEffect(edge, updated, settled, was_settled, total)
        if effect.without is None or abs(effect.effect) > 1e-12:
            effects.append(effect)
    return tuple(sorted(effects, key=lambda one: (-told_size(one.effect), names[one.edge])))


def _size(change: float) -> float:
    return abs(change) if np.isfinite(change) else np.inf


def _updates(part: _Part, goal: int, edges: int, size: int) -> Floats:
    """What taking each edge away adds to the goal's state, in its last layer."""
    inverse = np.linalg.inv(np.eye(len(part.matrix)) - part.matrix)
    row = inverse[goal + len(part.matrix) - size]
    found = np.zeros(edges)
    counted = np.zeros(edges, dtype=np.intp)
    for edge, *_ in part.entries:
        counted[edge] += 1
    for edge, rows, columns, values in part.entries:
        alone = counted[edge] == 1
        e, i, j, a = edge[alone], rows[alone], columns[alone], values[alone]
        left = 1 + a * inverse[j, i]
        with np.errstate(divide="ignore", invalid="ignore"):
            update = -a * row[i] * part.x[j] / left
        found[e] = np.where(left > 1e-9, update, np.where(a * row[i] == 0, 0.0, np.nan))
    several: dict[int, list[tuple[int, int, float]]] = {}
    for edge, rows, columns, values in part.entries:
        for one in np.flatnonzero(counted[edge] > 1):
            entry = (int(rows[one]), int(columns[one]), float(values[one]))
            several.setdefault(int(edge[one]), []).append(entry)
    for number, listed in several.items():
        i, j = np.array([e[0] for e in listed]), np.array([e[1] for e in listed])
        a = np.array([e[2] for e in listed])
        matrix = np.eye(len(listed)) + inverse[np.ix_(j, i)] * a
        if np.linalg.det(matrix) <= 1e-9:
            found[number] = np.nan
        else:
            found[number] = -float((a * row[i]) @ np.linalg.solve(matrix, part.x[j]))
    return found


def _parts(prediction: Prediction, draw: int) -> Iterator[tuple[_Part, int]]:
    """The treated side, and the other one unless nothing moves it."""
    contrast, model = prediction.contrast, prediction.model
    sides = [(contrast.treated, contrast.perturbation, prediction.treatment, 1)]
    if contrast.other is not None:
        sides.append((contrast.other, contrast.against, prediction.comparator, -1))
    size = model.network.size
    for response, perturbation, treatment, sign in sides:
        x = response.x[:, draw]
        own = _column(perturbation, draw)
        animal = _column(model.perturb(treatment.without_drugs), draw)
        before = followed(response, draw, size)
        if prediction.regimen is Regimen.CHRONIC:
            layers = [(own, x, True)]
        elif prediction.regimen is Regimen.ACUTE:
            layers = [(own, x, False)]
            if response.adapted is not None:
                layers = [(animal, before, True), (own, x, False)]
        else:
            layers = [(own, before, True), (animal, x, False)]
        yield _part(prediction, draw, layers), sign


def _column(perturbation: Perturbation, draw: int) -> tuple[Floats, Floats]:
    return perturbation.gain[:, draw], perturbation.inputs[:, draw]


def _part(
    prediction: Prediction,
    draw: int,
    layers: list[tuple[tuple[Floats, Floats], Floats, bool]],
) -> _Part:
    network, ensemble = prediction.model.network, prediction.model.ensemble
    size = network.size
    weights = ensemble.weights[:, draw]
    bounds = ensemble.lower[:, draw], ensemble.upper[:, draw]
    entries = []
    has_held = False
    before: Floats | None = None
    for number, ((left, inputs), x, has_slow) in enumerate(layers):
        edges = np.arange(len(weights)) if has_slow else np.flatnonzero(~network.slow)
        own = network.source[edges], network.target[edges], weights[edges]
        heard = _heard(size, *own, x)
        slow = np.flatnonzero(network.slow)
        if before is not None:
            heard = heard + _heard(
                size, network.source[slow], network.target[slow], weights[slow], before
            )
        heard = inputs + left * heard
        free = (heard <= bounds[1] + _BEYOND) & (heard >= bounds[0] - _BEYOND)
        passed = np.where(free, left, 0.0)
        has_held = has_held or not free.all()
        shift = number * size
        source, target, values = own
        entries.append((edges, target + shift, source + shift, passed[target] * values))
        if before is not None:
            source, target = network.source[slow], network.target[slow]
            values = passed[target] * weights[slow]
            entries.append((slow, target + shift, source + shift - size, values))
        before = x
    matrix = np.zeros((size * len(layers),) * 2)
    for _, rows, columns, values in entries:
        np.add.at(matrix, (rows, columns), values)
    return _Part(matrix, np.concatenate([x for _, x, _ in layers]), tuple(entries), has_held)


def _heard(size: int, source: Indices, target: Indices, weights: Floats, x: Floats) -> Floats:
    heard = np.zeros(size)
    np.add.at(heard, target, weights * x[source])
    return heard


def _settled_without(
    prediction: Prediction, goal: int, draw: int, edges: Indices
) -> NDArray[np.float64]:
    """The change of the goal without each of some edges, settled side by side."""
    if not len(edges):
        return np.zeros(0)
    model, contrast = prediction.model, prediction.contrast
    columns = np.full(len(edges), draw)
    ensemble = _without(model.ensemble.take(columns), edges, prediction)
    change = np.zeros(len(edges))
    sides = [(contrast.perturbation, prediction.treatment, 1)]
    if contrast.other is not None:
        sides.append((contrast.against, prediction.comparator, -1))
    for perturbation, treatment, sign in sides:
        vehicle = model.perturb(treatment.without_drugs)
        response = respond(
            model.network,
            ensemble,
            Perturbation(perturbation.gain[:, columns], perturbation.inputs[:, columns]),
            Perturbation(vehicle.gain[:, columns], vehicle.inputs[:, columns]),
            prediction.regimen,
        )
        change += sign * np.where(response.settled, response.x[goal], np.nan)
    return change


def _without(ensemble: Ensemble, edges: Indices, prediction: Prediction) -> Ensemble:
    """The same draw once for each edge, without it."""
    network = prediction.model.network
    weights = ensemble.weights.copy()
    weights[edges, np.arange(len(edges))] = 0.0
    return replace(
        ensemble,
        weights=weights,
        fast_gains=gains(network.fast_plan, weights),
        full_gains=gains(network.full_plan, weights),
    )
