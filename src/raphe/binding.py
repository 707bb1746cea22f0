"""What drugs meet in the circuit, and how strongly they bind there, in each draw.

Where several rows of a drug reach one node, the most specific target name counts (a receptor before
its family), and of several undisputed sources each draw takes one. What comes of it once all that
is bound competes is worked out in `raphe.perturbation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np

from raphe.drug import Binding, Drug
from raphe.network import Network
from raphe.prior import Ensemble, Unknown
from raphe.propagation.arrays import Floats, Mask
from raphe.target import Targets
from raphe.treatment import Administration, Treatment, administer
from raphe.units import Interval

#: Share that the own transmitter may hold of an occupied receptor, lest no drug got in.
MOST_HELD = 0.99

#: Every drug at the concentration that it is given at.
AS_GIVEN: Mapping[str, Floats] = MappingProxyType({})


#: A drug and one of its targets, as its file names it.
Site = tuple[str, str]
#: In which draws each binding is there, where not in all: *d* each.
Presence = Mapping[Site, Mask]


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


def source_of(drug: str, target: str, rows: tuple[Binding, ...]) -> Unknown:
    """Which of several sources a draw believes: the number of a row, once its fraction is cut."""
    return Unknown(f"source of {drug} at {target}", Interval(0.0, float(len(rows))))


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
