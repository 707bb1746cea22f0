"""What a treatment holds and pushes: from drugs, doses and conditions to the laws of signs.

Of a perturbation, x = clip(g ∘ (A x) + u), only signs are kept. Where nothing of what a node hears
comes through (g = 0), the sign of u is that of the node: it is held. Elsewhere u is one more
influence on it: it is pushed. A drug that occupies most of its target is read as if it occupied
all of it, and one that occupies next to nothing as if it were not there (`Reading`); without these
two readings nothing here is stricter than the equations, and no draw of weights can break a law.

Of the difference of two treatments, d = G₂ A d + (u₂ − u₁) + (G₂ − G₁) A x₁ (see `raphe.certain`),
a node at which both do the same is neither held nor pushed, and one whose gain differs may be
pushed either way, by what it hears already.

Adaptations: acutely they are where the condition has left them, and in washout where the drug has.
What they bring to a node is then a push from outside, in any direction in which some path of the
chronic state leads there; two such pushes are not known to be of one piece.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from raphe.consistency.experiments import Group, experiment_of
from raphe.finding import Regimen
from raphe.joint.circuit import SignedCircuit
from raphe.joint.problem import Condition, Influence, Shift
from raphe.network import Network
from raphe.perturbation import Perturbation, declared_push, perturb
from raphe.prior import Ensemble, draw_unknowns
from raphe.propagation.arrays import Floats
from raphe.propagation.certainty import certainties
from raphe.sign import Change
from raphe.target import Targets
from raphe.treatment import Treatment

#: Draws of tones, affinities and exposures from which occupancies are read.
_DRAWS = 100
#: Treatments that are kept at a time; findings come in the order of their experiments.
_KEPT = 8


@dataclass(frozen=True)
class Reading:
    """When a drug counts as holding its target, and when as not being there."""

    #: Median occupancy from which what a target hears no longer counts.
    held: float = 0.5
    #: Median occupancy below which a drug does nothing: `raphe.calling.VISIBLE`.
    least: float = 0.05


#: Nothing is read into an occupancy: what comes through comes through, however little.
LITERAL = Reading(held=1.0, least=0.0)


@dataclass(frozen=True, eq=False)
class Bench:
    """A circuit on which treatments are tried, and what is drawn of their pharmacology."""

    circuit: SignedCircuit
    targets: Targets = field(repr=False)
    reading: Reading = Reading()

    @property
    def network(self) -> Network:
        """The circuit's network."""
        return self.circuit.network

    @cached_property
    def unknowns(self) -> Ensemble:
        """Draws of tones, affinities and exposures."""
        return draw_unknowns(self.network, _DRAWS)

    def perturb(self, treatment: Treatment) -> Perturbation:
        """What a treatment does to the nodes; the latest are kept."""
        key = experiment_of(treatment)
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            made = perturb(self.network, self.unknowns, treatment, self.targets)
            self._kept[key] = made
        return self._kept[key]

    @cached_property
    def _kept(self) -> dict[Group, Perturbation]:
        return {}


def condition_of(bench: Bench, treatment: Treatment, regimen: Regimen, name: str) -> Condition:
    """A treatment against the healthy animal, without anything observed.

    Parameters
    ----------
    regimen
        How long the drugs have acted; a condition is always there for long.
    """
    network = bench.network
    at_minimum, at_maximum = _at_bounds(network)
    if regimen is Regimen.CHRONIC or not treatment.administrations:
        held, pushed = _moved(bench, treatment)
        cut: frozenset[Influence] = frozenset()
    else:
        is_over = regimen is Regimen.WASHOUT
        now, followed = treatment, treatment.without_drugs
        if is_over:
            now, followed = followed, now
        held, pushed = _moved(bench, now)
        _add(pushed, _held_over(bench, _joined(*_moved(bench, followed))))
        cut = bench.circuit.slow
    return Condition(
        name,
        held=held,
        pushed={node: push for node, push in pushed.items() if node not in held},
        at_minimum=at_minimum,
        at_maximum=at_maximum,
        cut=cut,
    )


def difference_of(
    bench: Bench,
    treatment: Treatment,
    comparator: Treatment,
    regimen: Regimen,
    name: str,
    shift: Shift,
) -> Condition:
    """A treatment against another one in animals of the same condition, nothing observed.

    Bounds are those of the comparator's state, which is not known: none are told.
    """
    held, pushed = _differing(bench, treatment, comparator)
    cut = frozenset() if regimen is Regimen.CHRONIC else bench.circuit.slow
    if regimen is Regimen.WASHOUT:
        # The drugs of both are gone; what differs is what the adaptations have followed.
        pushed, held = _held_over(bench, _joined(held, pushed)), {}
    return Condition(name, held=held, pushed=pushed, cut=cut, shift=shift)


def _at_bounds(network: Network) -> tuple[frozenset[str], frozenset[str]]:
    """Nodes that rest at their lowest and at their highest level, whatever is drawn of them."""
    silent = {
        name
        for name, tone, is_level in zip(network.names, network.tones, network.is_level, strict=True)
        if tone.high <= 0 and not is_level
    }
    full = {
        name
        for name, tone, is_level in zip(network.names, network.tones, network.is_level, strict=True)
        if tone.low >= 1 and not is_level
    }
    return frozenset(silent), frozenset(full)


def _moved(bench: Bench, treatment: Treatment) -> tuple[dict[str, Change], dict[str, Change]]:
    """What a treatment holds, and what it pushes besides, with the directions."""
    if not treatment.administrations and treatment.condition is None:
        return {}, {}
    names = bench.network.names
    seen = _seen(bench, treatment)
    pushes = _pushes(bench.network, seen)
    usual, most = np.median(seen.gain, axis=1), seen.gain.max(axis=1)
    held, pushed = {}, {}
    for node in np.flatnonzero(most < 1).tolist():
        if most[node] <= 0 or 1 - usual[node] >= bench.reading.held:
            held[names[node]] = pushes.get(node, Change.NOTHING) or Change.SAME
    for node, push in pushes.items():
        if names[node] not in held and push:
            pushed[names[node]] = push
    return held, pushed


def _pushes(network: Network, seen: Perturbation) -> dict[int, Change]:
    """Directions of the inputs, by the draws and by the ranges that are declared."""
    pushes = {
        int(node): _directions(seen.inputs[node])
        for node in np.flatnonzero(np.abs(seen.inputs).max(axis=1) > 0)
    }
    declared: dict[int, Change] = {}
    for contact in seen.contacts:
        if seen.gain[contact.node].max() > 0:
            before = declared.get(contact.node, Change.SAME)
            push = declared_push(network, contact) or Change.SAME
            declared[contact.node] = added(before, push)
    for node, push in declared.items():
        pushes[node] = pushes.get(node, Change.NOTHING) | push
    # What may go either way may also come to nothing: a drug against a condition, say.
    return {
        node: Change.ANY if Change.CHANGED in push else push
        for node, push in pushes.items()
        if push is not Change.SAME
    }


def _differing(
    bench: Bench, treatment: Treatment, comparator: Treatment
) -> tuple[dict[str, Change], dict[str, Change]]:
    """What is held and pushed in the difference of two treatments."""
    names, drawn = bench.network.names, bench.unknowns
    one, other = _seen(bench, treatment), _seen(bench, comparator)
    held_one, _ = _moved(bench, treatment)
    held_other, _ = _moved(bench, comparator)
    there = {contact.node for contact in other.contacts}
    gated = one.gain - other.gain
    # By how much the one would move a node beyond the other if what it hears brought it to its
    # lowest or to its highest level; in between it is in between.
    by = one.inputs - other.inputs
    silent = by + gated * drawn.lower
    driven = by + np.multiply(gated, drawn.upper, where=gated != 0, out=np.zeros_like(gated))
    differs = np.abs(gated).max(axis=1) > 0
    held: dict[str, Change] = {}
    pushed: dict[str, Change] = {}
    for node, name in enumerate(names):
        push = _directions(silent[node]) | (
            _directions(driven[node]) if differs[node] else Change.NOTHING
        )
        if differs[node]:
            # Where drugs of both groups are, and not alike, nothing is known beyond those ends.
            push = Change.ANY if node in there else _between(push)
        if name in held_one or name in held_other:
            held[name] = push or Change.SAME
        elif push:
            pushed[name] = push
    return held, pushed


def _between(ends: Change) -> Change:
    return Change.ANY if Change.CHANGED in ends else ends | Change.SAME


def _seen(bench: Bench, treatment: Treatment) -> Perturbation:
    """What a treatment does, without drugs at targets that they hardly occupy."""
    full = bench.perturb(treatment)
    least = bench.reading.least
    spared = {one.node for one in full.contacts if one.usual < least}
    spared -= {one.node for one in full.contacts if one.usual >= least}
    if not spared:
        return full
    untouched = bench.perturb(treatment.without_drugs)
    gain, inputs = full.gain.copy(), full.inputs.copy()
    nodes = sorted(spared)
    gain[nodes], inputs[nodes] = untouched.gain[nodes], untouched.inputs[nodes]
    contacts = tuple(one for one in full.contacts if one.node not in spared)
    return Perturbation(gain, inputs, contacts, full.unplaced)


def _held_over(bench: Bench, moved: Mapping[str, Change]) -> dict[str, Change]:
    """What slow edges bring to their targets while they stay where a lasting state left them."""
    network = bench.network
    before = certainties(
        network, {network.index[name]: push for name, push in moved.items()}, slow=True
    )
    brought: dict[str, Change] = {}
    for influence in sorted(bench.circuit.adapting, key=lambda one: one.order):
        possible = before[network.index[influence.source]].possible
        if possible & Change.CHANGED:
            _add(brought, {influence.target: possible.through(influence.sign)})
    return brought


def _joined(held: Mapping[str, Change], pushed: Mapping[str, Change]) -> dict[str, Change]:
    return {**pushed, **held}


def _add(into: dict[str, Change], more: Mapping[str, Change]) -> None:
    for name, push in more.items():
        into[name] = added(into.get(name, Change.SAME), push)


def added(one: Change, other: Change) -> Change:
    """Directions in which two pushes together may go.

    Examples
    --------
    >>> added(Change.DOWN, Change.NOT_UP)
    <Change.DOWN: 1>
    >>> added(Change.DOWN, Change.UP)
    <Change.ANY: 7>
    """
    found = Change.NOTHING
    for a in one:
        for b in other:
            if a is Change.SAME or a is b:
                found |= b
            else:
                found |= a if b is Change.SAME else Change.ANY
    return found


def _directions(values: Floats) -> Change:
    found = Change.NOTHING
    if (values > 0).any():
        found |= Change.UP
    if (values < 0).any():
        found |= Change.DOWN
    return found
