"""One draw as a linear system: what is left of the network, and what is imposed on it.

In one draw the change obeys x = A x + b. Under washout there are two layers of nodes: the animal
under the drug, and the animal without it, which hears the first through its adaptations. Bounds
can be written in two ways, both exact: by secants, where a node at a bound passes on the share of
what it hears that it still can, and causes stay what drugs and conditions impose; or by inputs,
where what holds a node at its bound is an input of its own, and nothing that it hears counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from raphe.finding import Regimen
from raphe.network import Network
from raphe.perturbation import Perturbation
from raphe.prediction import Prediction
from raphe.prior import Ensemble
from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.mason import Gains
from raphe.propagation.plan import Plan
from raphe.propagation.response import Response

#: What a node must hear beyond a bound to count as held there.
_BEYOND = 1e-9


@dataclass(frozen=True, eq=False)
class System:
    """x = A x + b of one draw, in one layer of *n* nodes or in two."""

    #: Of all layers.
    gains: Gains
    #: b, all of it; and the part of it that bounds impose.
    imposed: Floats
    of_bounds: Floats
    #: x.
    change: Floats
    #: Strongly connected components, what hears others behind these.
    blocks: Sequence[Indices]


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a comparison in one layer: what each node hears, and where it is."""

    left: Floats
    inputs: Floats
    x: Floats
    #: What adaptations bring that stay put, before `left`.
    lasting: Floats

    def heard(self, gains: Gains) -> Floats:
        """What would move each node, were there no bounds."""
        return self.inputs + self.left * (gains.drive(self.x) + self.lasting)


@dataclass(frozen=True, eq=False)
class _Layer:
    """The difference of two sides, before bounds are written in."""

    gains: Gains
    #: What reaches it from the layer before.
    entering: Gains | None
    imposed: Floats
    change: Floats
    #: Nodes that the treated side holds at a bound, and what the other side's bounds cut off.
    held: Mask
    cut_off: Floats
    blocks: Sequence[Indices]


def secant_system(prediction: Prediction, draw: int) -> System:
    """The system of a draw where nodes at a bound pass on what they can."""
    return _stacked([_by_secant(*pair) for pair in _with_before(_layers(prediction, draw))])


def held_system(prediction: Prediction, draw: int) -> System:
    """The system of a draw where what holds a node at a bound is an input of its own."""
    return _stacked([_by_inputs(one) for one in _layers(prediction, draw)])


def told_size(value: float) -> float:
    """The size of a value by which it is put in order: what rounding adds does not count."""
    return float(f"{abs(value):.6g}")


def gains_of(network: Network, plan: Plan, values: Floats) -> Gains:
    """The gains of one draw, a row of values for each pair of a plan."""
    return Gains.of(network.size, plan.source, plan.target, values)


def slow_gains(network: Network, ensemble: Ensemble, draw: int) -> Gains:
    """What the adaptations carry."""
    slow = np.flatnonzero(network.slow)
    weights = ensemble.weights[slow, draw]
    return Gains.of(network.size, network.source[slow], network.target[slow], weights)


def followed(response: Response | None, draw: int, size: int) -> Floats:
    """What the adaptations of one side have followed; nothing in an untouched animal."""
    if response is None or response.adapted is None:
        return np.zeros(size)
    return response.adapted[:, draw]


def _layers(prediction: Prediction, draw: int) -> list[_Layer]:
    model, contrast = prediction.model, prediction.contrast
    network, ensemble = model.network, model.ensemble
    fast = gains_of(network, network.fast_plan, ensemble.fast_gains[:, draw])
    full = gains_of(network, network.full_plan, ensemble.full_gains[:, draw])
    slow = slow_gains(network, ensemble, draw)
    bounds = ensemble.lower[:, draw], ensemble.upper[:, draw]
    blocks = [block.nodes for block in network.full_plan.blocks]
    fast_blocks = [block.nodes for block in network.fast_plan.blocks]
    nothing = np.zeros(network.size)
    x = contrast.treated.x[:, draw]
    other = contrast.other.x[:, draw] if contrast.other is not None else nothing
    before = followed(contrast.treated, draw, network.size)
    other_before = followed(contrast.other, draw, network.size)
    given, beside = contrast.perturbation, contrast.against
    if prediction.regimen is Regimen.CHRONIC:
        own, against = _side(given, draw, x, nothing), _side(beside, draw, other, nothing)
        return [_layer(full, own, against, bounds, blocks)]
    lasting, other_lasting = slow.drive(before), slow.drive(other_before)
    if prediction.regimen is Regimen.ACUTE:
        own = _side(given, draw, x, lasting)
        against = _side(beside, draw, other, other_lasting)
        return [_layer(fast, own, against, bounds, fast_blocks)]
    under = _layer(
        full,
        _side(given, draw, before, nothing),
        _side(beside, draw, other_before, nothing),
        bounds,
        blocks,
    )
    animal = model.perturb(prediction.treatment.without_drugs)
    other_animal = model.perturb(prediction.comparator.without_drugs)
    later = _layer(
        fast,
        _side(animal, draw, x, lasting),
        _side(other_animal, draw, other, other_lasting),
        bounds,
        fast_blocks,
        slow,
        under.change,
    )
    return [under, later]


def _side(perturbation: Perturbation, draw: int, x: Floats, lasting: Floats) -> Side:
    return Side(perturbation.gain[:, draw], perturbation.inputs[:, draw], x, lasting)


def _layer(
    gains: Gains,
    own: Side,
    against: Side,
    bounds: tuple[Floats, Floats],
    blocks: Sequence[Indices],
    entering: Gains | None = None,
    before: Floats | None = None,
) -> _Layer:
    lower, upper = bounds
    heard, other_heard = own.heard(gains), against.heard(gains)
    scaled, change = gains.scaled(own.left), own.x - against.x
    held = (heard > upper + _BEYOND) | (heard < lower - _BEYOND)
    imposed = own.inputs - against.inputs
    imposed = imposed + (own.left - against.left) * (gains.drive(against.x) + against.lasting)
    if entering is None or before is None:
        imposed = imposed + own.left * (own.lasting - against.lasting)
    else:
        # What the adaptations bring is what enters from the layer before.
        entering = entering.scaled(own.left)
    cut_off = other_heard - against.x
    cut_off = np.where(np.abs(cut_off) > _BEYOND, cut_off, 0.0)
    return _Layer(scaled, entering, imposed, change, held, cut_off, blocks)


def _with_before(layers: Sequence[_Layer]) -> list[tuple[_Layer, Floats]]:
    """Each layer with the change of the one before it."""
    before = [np.zeros_like(layers[0].change), *(one.change for one in layers)]
    return list(zip(layers, before, strict=False))


def _by_secant(layer: _Layer, before: Floats) -> tuple[_Layer, Floats]:
    """Scale what reaches a node at a bound to what it passes on."""
    change = layer.change
    reaching = layer.gains.drive(change) + layer.imposed
    entering = layer.entering
    if entering is not None:
        reaching = reaching + entering.drive(before)
    passed = np.divide(change, reaching, out=np.ones_like(change), where=np.abs(reaching) > 1e-12)
    passed = np.clip(passed, 0.0, 1.0)
    scaled = _Layer(
        layer.gains.scaled(passed),
        entering.scaled(passed) if entering is not None else None,
        layer.imposed * passed,
        change,
        layer.held,
        layer.cut_off,
        layer.blocks,
    )
    return scaled, np.zeros_like(change)


def _by_inputs(layer: _Layer) -> tuple[_Layer, Floats]:
    """Cut what reaches a held node; put its change in as an input."""
    free = np.where(layer.held, 0.0, 1.0)
    # Where the other side holds a node at its bound, what a drug does there counts from that bound
    # on: by itself it would seem to push the node beyond.
    freed = np.where(layer.cut_off == 0, 0.0, layer.imposed + layer.cut_off)
    of_bounds = np.where(layer.held, layer.change, freed)
    cut = _Layer(
        layer.gains.scaled(free),
        layer.entering.scaled(free) if layer.entering is not None else None,
        np.where(layer.held, layer.change, layer.imposed + layer.cut_off),
        layer.change,
        layer.held,
        layer.cut_off,
        layer.blocks,
    )
    return cut, of_bounds


def _stacked(layers: Sequence[tuple[_Layer, Floats]]) -> System:
    (first, of_bounds), *rest = layers
    if not rest:
        return System(first.gains, first.imposed, of_bounds, first.change, first.blocks)
    ((later, later_of_bounds),) = rest
    size = first.gains.size
    parts = [(first.gains, 0, 0), (later.gains, size, size)]
    if later.entering is not None:
        parts.append((later.entering, 0, size))
    return System(
        Gains.of(
            2 * size,
            np.concatenate([one.source + source for one, source, _ in parts]),
            np.concatenate([one.target + target for one, _, target in parts]),
            np.concatenate([one.values for one, _, _ in parts]),
        ),
        np.concatenate([first.imposed, later.imposed]),
        np.concatenate([of_bounds, later_of_bounds]),
        np.concatenate([first.change, later.change]),
        [*first.blocks, *(nodes + size for nodes in later.blocks)],
    )
