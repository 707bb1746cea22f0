"""Drugs, exposures and conditions to what they do to the nodes: gains and inputs.

All drugs at one target compete (Gaddum 1937): ρₖ = (Cₖ/Kₖ) / (1 + Σ C/K). What is occupied hears
its ligand
no more, g = 1 − Σρ, and has the activity of what occupies it, u = Σ ρₖ (εₖ − t), with tone t and
efficacy ε. One formula serves receptors, transporters, enzymes and channels. Where the resting
activity of a receptor is declared to be that of its own transmitter (`occupied`), the transmitter
is one of those that compete: Σ C/K then counts t / (1 − t) for it, and a drug occupies less than
at a receptor that is free (Cheng and Prusoff 1973).

J. H. Gaddum, "The quantitative effects of antagonistic drugs", J. Physiol. 89 (1937) 7P–9P.
Y. Cheng, W. H. Prusoff, Biochem. Pharmacol. 22 (1973) 3099–3108 (what a competitor costs).
R. F. Furchgott, Adv. Drug Res. 3 (1966) 21–55 (receptor reserve).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from raphe.condition import Condition
from raphe.drug import Binding, Drug
from raphe.errors import InputError, Problem, nearest
from raphe.kinds import Compartment
from raphe.network import Network
from raphe.prior import Ensemble
from raphe.propagation.reduction import Floats
from raphe.sign import Change
from raphe.target import Targets
from raphe.units import Interval, parse_concentration

#: Share that the own transmitter may hold of an occupied receptor, lest no drug got in.
MOST_HELD = 0.99

#: The largest multiple of a usual dose that is worth asking for.
MOST_DOSES = 1000.0

#: Every drug at the concentration that it is given at.
AS_GIVEN: Mapping[str, Floats] = MappingProxyType({})


@dataclass(frozen=True)
class Administration:
    """A drug at a free concentration."""

    drug: Drug
    #: In nM.
    concentration: Interval
    #: How the exposure was named.
    exposure: str


@dataclass(frozen=True)
class Treatment:
    """Everything that is done to the animal, but for how long."""

    administrations: tuple[Administration, ...] = ()
    condition: Condition | None = None
    #: HGNC symbols at which no drug acts.
    without: tuple[str, ...] = ()

    @property
    def without_drugs(self) -> Treatment:
        """The same animal, given vehicle."""
        return Treatment((), self.condition)


#: A drug and one of its targets, as its file names it.
Site = tuple[str, str]
#: In which draws each binding is there, where not in all: *d* each.
Presence = Mapping[Site, NDArray[np.bool_]]


@dataclass(frozen=True)
class Contact:
    """What one drug does at one node."""

    drug: str
    node: int
    target: str
    rows: tuple[Binding, ...]
    #: Share occupied in each draw, *d*; of an allosteric drug, the share that it is bound to.
    occupancy: Floats = field(repr=False)

    @property
    def action(self) -> str:
        """What it does there."""
        return self.rows[0].action.value

    @cached_property
    def usual(self) -> float:
        """Median of the occupancy."""
        return float(np.median(self.occupancy))


@dataclass(frozen=True, eq=False)
class Perturbation:
    """What a treatment does to the nodes of a network in each draw."""

    #: What is left of what each node hears, *n × d*.
    gain: Floats = field(repr=False)
    #: What is imposed on each node, *n × d*.
    inputs: Floats = field(repr=False)
    contacts: tuple[Contact, ...] = ()
    #: Targets that the drugs bind and the network has no node for, by drug.
    unplaced: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def administer(drug: Drug, dose: str = "") -> Administration:
    """A drug at an exposure: one of its own by name, a concentration, or a factor of the usual.

    Raises
    ------
    InputError
        The text is none of these.

    Examples
    --------
    >>> drug = Drug.model_validate({"drug": "x", "title": "X",
    ...     "targets": {"HRH1": {"action": "antagonist", "Ki": "1 nM"}},
    ...     "exposure": {"therapeutic": {"free": "20 - 60 nM"}}})
    >>> administer(drug, "2x").concentration
    Interval(low=40.0, high=120.0)
    """
    dose = dose.strip()
    usual = drug.exposure[drug.usual_exposure].free
    if not dose:
        return Administration(drug, usual, drug.usual_exposure)
    if dose in drug.exposure:
        return Administration(drug, drug.exposure[dose].free, dose)
    if dose[-1:] in "x×" and _is_number(dose[:-1]):
        factor = float(dose[:-1])
        if 0 < factor <= MOST_DOSES:
            return Administration(drug, Interval(usual.low * factor, usual.high * factor), dose)
    try:
        return Administration(drug, parse_concentration(dose), dose)
    except ValueError:
        known = ", ".join(drug.exposure)
        remedy = nearest(dose, drug.exposure) or (
            f"Name an exposure of {drug.name} ({known}), a free concentration such as '60 nM', "
            "or a factor such as '2x'."
        )
        raise InputError([Problem(f"'{dose}' is not a dose of {drug.name}.", remedy)]) from None


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def perturb(
    network: Network,
    ensemble: Ensemble,
    treatment: Treatment,
    targets: Targets,
    times: Mapping[str, Floats] = AS_GIVEN,
) -> Perturbation:
    """What a treatment does to the nodes, in each draw of an ensemble.

    Parameters
    ----------
    times
        By drug, what its concentration is multiplied with in each draw, *d*; zero: it is not given.

    Notes
    -----
    Where several rows of a drug reach one node, the most specific target name counts (a receptor
    before its family), and of several undisputed sources each draw takes one.
    """
    return perturb_partly(network, ensemble, [(treatment, {})], treatment.condition, targets, times)


def perturb_partly(
    network: Network,
    ensemble: Ensemble,
    parts: Sequence[tuple[Treatment, Presence]],
    condition: Condition | None,
    targets: Targets,
    times: Mapping[str, Floats] = AS_GIVEN,
) -> Perturbation:
    """What the bindings of treatments do to the nodes, each in the draws in which it is there.

    Parameters
    ----------
    parts
        Treatments, of which the drugs count, and in which draws each of their bindings is there.
    condition
        Of the animals.
    times
        See `perturb`.
    """
    tones = ensemble.tones
    contacts: list[Contact] = []
    shares, unplaced = bound_by(network, ensemble, parts, targets, times)
    # C/K of all that competes at a node.
    load: dict[int, Floats] = {}
    for contact, ratio, _ in shares:
        node = contact.node
        if not contact.rows[0].action.is_allosteric:
            load[node] = load.get(node, held_at_rest(network, tones, node)) + ratio
    gain = np.ones((network.size, ensemble.size))
    inputs = np.zeros((network.size, ensemble.size))
    for contact, ratio, efficacy in sorted(
        shares, key=lambda one: one[0].rows[0].action.is_allosteric
    ):
        node = contact.node
        if contact.rows[0].action.is_allosteric:
            # It scales the activity that the node has by then, orthosteric drugs included.
            occupancy = ratio / (1 + ratio)
            factor = 1 + occupancy * efficacy
            gain[node] *= factor
            inputs[node] = factor * inputs[node] + (factor - 1) * tones[node]
        else:
            occupancy = ratio / (1 + load[node])
            efficacy = with_reserve(efficacy, float(network.reserve[node]))
            gain[node] -= occupancy
            inputs[node] += occupancy * (efficacy - tones[node])
        contacts.append(Contact(contact.drug, node, contact.target, contact.rows, occupancy))
    if condition is not None:
        _require_known(network, condition)
    left = shares_left(network, ensemble, condition, inputs)
    if condition is not None:
        shift(network, ensemble, condition, inputs)
    for node, share in sorted(left.items()):
        gain[node] *= share
        inputs[node] = share * inputs[node] - (1 - share) * tones[node]
    return Perturbation(gain, inputs, tuple(contacts), unplaced)


#: A contact, C/K of it and its efficacy in each draw, *d*.
Bound = tuple[Contact, Floats, Floats]


def bound_by(
    network: Network,
    ensemble: Ensemble,
    parts: Sequence[tuple[Treatment, Presence]],
    targets: Targets,
    times: Mapping[str, Floats] = AS_GIVEN,
) -> tuple[list[Bound], dict[str, tuple[str, ...]]]:
    """What drugs meet, before they compete; and, by drug, which of its targets have no node.

    Parameters
    ----------
    parts, times
        See `perturb_partly`.
    """
    unplaced: dict[str, tuple[str, ...]] = {}
    shares: list[Bound] = []
    administered = [
        (given, treatment.without, presence)
        for treatment, presence in parts
        for given in treatment.administrations
    ]
    for given, without, presence in administered:
        concentration = concentration_of(ensemble, given, times)
        own, missing = _contacts(network, ensemble, given.drug, concentration, without, targets)
        unplaced[given.drug.name] = missing
        for node, target, rows, declared, efficacy in own:
            present = presence.get((given.drug.name, target))
            ratio = declared if present is None else declared * present
            contact = Contact(given.drug.name, node, target, rows, np.zeros(0))
            shares.append((contact, ratio, efficacy))
    return shares, unplaced


def held_at_rest(network: Network, tones: Floats, node: int) -> Floats | float:
    """The own transmitter at rest: L/K, of which tone = (L/K) / (1 + L/K) is occupied."""
    if not network.is_occupied[node]:
        return 0.0
    return np.asarray(tones[node] / (1 - np.minimum(tones[node], MOST_HELD)))


class Unknown(NamedTuple):
    """One more thing that is drawn: what `Ensemble.draw` takes."""

    name: str
    interval: Interval
    logarithmic: bool = False


def exposure_of(given: Administration) -> Unknown:
    """The free concentration of a drug."""
    return Unknown(f"exposure of {given.drug.name}", given.concentration, True)


def unknowns_of_row(drug: str, target: str, number: int, row: Binding) -> tuple[Unknown, Unknown]:
    """Affinity, or occupancy where no affinity is known, and efficacy of a row that is used."""
    name = f"{drug} at {target}, row {number}"
    efficacy = Unknown(f"efficacy of {name}", row.efficacy or row.action.efficacy)
    if row.occupancy is not None:
        return Unknown(f"occupancy of {name}", row.occupancy), efficacy
    assert row.affinity is not None
    return Unknown(f"affinity of {name}", row.affinity, True), efficacy


def unknown_of_condition(condition: Condition, node: str, size: Interval) -> Unknown:
    """How strongly a condition acts on a node."""
    return Unknown(f"{condition.name} on {node}", size)


def source_of(drug: str, target: str, rows: tuple[Binding, ...]) -> Unknown:
    """Which of several sources a draw believes: the number of a row, once its fraction is cut."""
    return Unknown(f"source of {drug} at {target}", Interval(0.0, float(len(rows))))


def declared_push(network: Network, contact: Contact) -> Change:
    """Directions in which a drug may push a node, whatever the draws: ε above or below the tone."""
    tone = network.tones[contact.node]
    found = Change.NOTHING
    for row in contact.rows:
        if row.action.is_allosteric and tone.high <= 0:
            # It scales an activity that is not there.
            continue
        efficacy = row.efficacy or row.action.efficacy
        low, high, rest = efficacy.low, efficacy.high, tone
        if row.action.is_allosteric:
            rest = Interval(0.0, 0.0)
        else:
            low, high = with_reserve(np.array([low, high]), float(network.reserve[contact.node]))
        if high > rest.low:
            found |= Change.UP
        if low < rest.high:
            found |= Change.DOWN
    return found


def with_reserve(efficacy: Floats, reserve: float) -> Floats:
    """What an efficacy comes to where receptors are spared: ε (1 + R) / (1 + ε R).

    R. F. Furchgott, Adv. Drug Res. 3 (1966) 21–55. An inverse agonist gains nothing by spare
    receptors.

    Examples
    --------
    >>> with_reserve(np.array([-0.3, 0.0, 0.5, 1.0]), 9.0).round(2).tolist()
    [-0.3, 0.0, 0.91, 1.0]
    """
    positive = np.maximum(efficacy, 0)
    return np.minimum(efficacy, 0) + positive * (1 + reserve) / (1 + positive * reserve)


def _contacts(
    network: Network,
    ensemble: Ensemble,
    drug: Drug,
    concentration: Floats,
    without: tuple[str, ...],
    targets: Targets,
) -> tuple[list[tuple[int, str, tuple[Binding, ...], Floats, Floats]], tuple[str, ...]]:
    chosen: dict[int, tuple[int, str]] = {}
    missing: list[str] = []
    for target, rows in drug.targets.items():
        if not any(row.is_used for row in rows):
            continue
        symbols = targets.symbols(target) or (target,)
        sites = network.sites(tuple(symbol for symbol in symbols if symbol not in without))
        if not network.sites(symbols):
            missing.append(target)
        for node in sites:
            if node not in chosen or len(symbols) < chosen[node][0]:
                chosen[node] = (len(symbols), target)
    found: list[tuple[int, str, tuple[Binding, ...], Floats, Floats]] = []
    # A target stands in many places, and binds alike in all of them.
    drawn: dict[str, tuple[tuple[Binding, ...], Floats, Floats]] = {}
    for node, (_, target) in sorted(chosen.items()):
        if target not in drawn:
            rows = tuple(row for row in drug.targets[target] if row.is_used)
            drawn[target] = rows, *_drawn_row(ensemble, drug, target, rows, concentration)
        found.append((node, target, *drawn[target]))
    return found, tuple(missing)


def concentration_of(
    ensemble: Ensemble, given: Administration, times: Mapping[str, Floats] = AS_GIVEN
) -> Floats:
    """Free concentration of a drug in each draw, in nM."""
    name = given.drug.name
    drawn = ensemble.draw(*exposure_of(given))
    return drawn * times[name] if name in times else drawn


def _drawn_row(
    ensemble: Ensemble, drug: Drug, target: str, rows: tuple[Binding, ...], concentration: Floats
) -> tuple[Floats, Floats]:
    """C/K and efficacy in each draw; where sources disagree, each draw believes one of them."""
    ratios, efficacies = [], []
    for number, row in enumerate(rows):
        bound, efficacy = unknowns_of_row(drug.name, target, number, row)
        if row.occupancy is not None:
            # It is what the usual exposure occupies, from which K follows in units of it.
            share = np.minimum(ensemble.draw(*bound), 0.999)
            ratios.append(share / (1 - share) * _of_usual(ensemble, drug, concentration))
        else:
            ratios.append(concentration / ensemble.draw(*bound))
        efficacies.append(ensemble.draw(*efficacy))
    if len(rows) == 1:
        return ratios[0], efficacies[0]
    which = ensemble.draw(*source_of(drug.name, target, rows)).astype(np.intp)
    which = np.minimum(which, len(rows) - 1)
    draws = np.arange(ensemble.size)
    return np.stack(ratios)[which, draws], np.stack(efficacies)[which, draws]


def _of_usual(ensemble: Ensemble, drug: Drug, concentration: Floats) -> Floats:
    """A concentration as a multiple of that at the drug's usual exposure, in each draw."""
    usual = concentration_of(ensemble, administer(drug))
    return np.divide(concentration, usual, out=np.ones_like(usual), where=usual > 0)


def _require_known(network: Network, condition: Condition) -> None:
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
        lost = {
            name
            for name, place in network.pathway.places.items()
            if {name, place.cell}.intersection(condition.lesions)
        }
        for node, placed in enumerate(network.pathway.nodes.values()):
            # What is outside the cell is not part of it: it goes where it cannot be without the
            # cell.
            if placed.place in lost and placed.declared.where is not Compartment.EXTRACELLULAR:
                left[node] = np.zeros(ensemble.size)
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
