"""What conditions do to nodes: they push, deplete and lesion them, and what needs them goes too."""

from __future__ import annotations

import numpy as np

from raphe.condition import Condition
from raphe.errors import InputError, Problem, nearest
from raphe.flat_pathway import FlatPathway
from raphe.kinds import Compartment
from raphe.network import Network
from raphe.prior import Ensemble, Unknown
from raphe.propagation.arrays import Floats
from raphe.units import Interval


def unknown_of_condition(condition: Condition, node: str, size: Interval) -> Unknown:
    """How strongly a condition acts on a node."""
    return Unknown(f"{condition.name} on {node}", size)


def require_known(network: Network, condition: Condition) -> None:
    """Refuse a condition that acts on what is not there.

    Raises
    ------
    InputError
        With every node, place and cell that the circuit does not have.
    """
    problems = [
        Problem(
            f"condition '{condition.name}' acts on '{name}', which is no node.",
            nearest(name, network.index),
        )
        for name in (*condition.perturbs, *condition.depletes)
        if name not in network.index
    ]
    places = network.pathway.places
    cells = {place.cell for place in places.values() if place.cell} | set(places)
    problems += [
        Problem(
            f"condition '{condition.name}' lesions '{cell}', no place and no place's cell.",
            nearest(cell, cells) or f"There are {', '.join(sorted(cells - set(places)))}.",
        )
        for cell in condition.lesions
        if cell not in cells
    ]
    if problems:
        raise InputError(problems)


def lesioned(pathway: FlatPathway, condition: Condition) -> tuple[str, ...]:
    """Nodes that go with the cells that a condition takes, in the circuit's order.

    What is outside a cell is no part of it: it goes only where it cannot be without the cell.
    """
    lost = {
        name
        for name, place in pathway.places.items()
        if {name, place.cell}.intersection(condition.lesions)
    }
    return tuple(
        name
        for name, node in pathway.nodes.items()
        if node.place in lost and node.declared.where is not Compartment.EXTRACELLULAR
    )


def shift(network: Network, ensemble: Ensemble, condition: Condition, inputs: Floats) -> None:
    """Add what a condition pushes, *n × d*."""
    for name, shift in condition.perturbs.items():
        size = ensemble.draw(*unknown_of_condition(condition, name, shift.strength))
        inputs[network.index[name]] += size if shift.direction == "up" else -size


def shares_left(
    network: Network, ensemble: Ensemble, condition: Condition | None, inputs: Floats
) -> dict[int, Floats]:
    """What lesions, depletions and blocked enzymes leave of each node that they reach.

    The share that is left of a node passes along necessary edges; it scales what the node hears and
    its own basal activity. A node that is wholly gone hears nothing and lies at the bottom of its
    range. A push that a condition gives to a node is no loss of it, and travels as activity does.
    """
    left: dict[int, Floats] = {}
    if condition is not None:
        for name, loss in condition.depletes.items():
            left[network.index[name]] = 1 - ensemble.draw(
                *unknown_of_condition(condition, name, loss)
            )
        for name in lesioned(network.pathway, condition):
            left[network.index[name]] = np.zeros(ensemble.size)
    necessary = [edge for edge in range(len(network.edge_names)) if network.necessary[edge]]
    for edge in necessary:
        source = int(network.source[edge])
        tone = ensemble.tones[source]
        if source not in left and (inputs[source] < 0).any() and (tone > 0).any():
            share = 1 + np.minimum(inputs[source], 0) / np.where(tone > 0, tone, 1)
            left[source] = np.clip(share, 0, 1)
    _spread(network, necessary, left)
    return left


def _spread(network: Network, necessary: list[int], left: dict[int, Floats]) -> None:
    """Pass shares down the necessary edges, each node from all that it needs, loops cut."""
    own = dict(left)
    for _ in range(network.size):
        new = dict(own)
        for edge in necessary:
            source, target = int(network.source[edge]), int(network.target[edge])
            if source in left:
                new[target] = new.get(target, np.ones_like(left[source])) * left[source]
        if new.keys() == left.keys() and all((new[node] == left[node]).all() for node in new):
            return
        left.clear()
        left.update(new)
