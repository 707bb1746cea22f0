"""Everything that was drawn, by name, with its evidence; and how far weights of the draws move it.

What is not known of an edge, a tone, a drug or a condition has a value in every draw. Where draws
count for more or less (`raphe.reweighting`), the values that they hold are learnt about: the
marginal prior of an unknown becomes a posterior.

P. H. Westfall, S. S. Young, "Resampling-Based Multiple Testing", 1993 (the greatest of all shifts).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from raphe.calling import weighted_quantiles
from raphe.composition import PlacedEdge
from raphe.condition import Condition
from raphe.consistency.experiments import treatments
from raphe.errors import NotFoundError
from raphe.evidence import EvidenceList
from raphe.finding import Finding
from raphe.knowledge import Knowledge
from raphe.model import Model
from raphe.perturbation import (
    Administration,
    Treatment,
    Unknown,
    exposure_of,
    source_of,
    unknown_of_condition,
    unknowns_of_row,
)
from raphe.prior import uniforms
from raphe.propagation.reduction import Floats
from raphe.reweighting import Codes

#: Weights dealt anew among the draws, to see how far an unknown moves that nothing is learnt of.
_DEALS = 199
#: In this share of the deals, no unknown moves as far as it takes to be told of.
_SURE = 0.95

#: Unknowns are cut into three classes of equally many draws.
_PARTS = 3


class Kind(StrEnum):
    """What is not known."""

    WEIGHT = "weight"
    SIGN = "sign"
    SIDE = "side"
    TONE = "tone"
    EXPOSURE = "exposure"
    AFFINITY = "affinity"
    OCCUPANCY = "occupancy"
    EFFICACY = "efficacy"
    SOURCE = "source"
    CONDITION = "condition"


@dataclass(frozen=True, eq=False)
class Drawn:
    """One unknown and its values."""

    name: str
    kind: Kind
    #: In each draw, *d*: a weight without its sign, a tone, an affinity or exposure in nM; of a
    #: side 1 for yes, of a sign 1 for activation, of a source the number of its row. Not a number
    #: in draws that do not have it.
    values: Floats = field(repr=False)
    evidence: EvidenceList = ()
    #: Whether it was drawn on a logarithmic scale, on which it is measured then.
    logarithmic: bool = False

    @property
    def scaled(self) -> Floats:
        """The values on the scale on which they were drawn."""
        return np.log(self.values) if self.logarithmic else self.values


@dataclass(frozen=True, eq=False)
class Moved:
    """An unknown before and after."""

    unknown: Drawn
    #: How far the mean moved, in standard deviations of the prior.
    shift: float
    #: Lower end of the 90 % interval, median and upper end; before and after.
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    #: Means; of a side or a sign, the probability of yes.
    means: tuple[float, float]


def drawn_unknowns(
    model: Model, knowledge: Knowledge, findings: Iterable[Finding]
) -> tuple[Drawn, ...]:
    """All unknowns of a circuit, and of what was given in some findings.

    Those that have the same value in every draw are left out.
    """
    found: dict[str, Drawn] = {}
    for one in (*_of_circuit(model), *_of_findings(model, knowledge, findings)):
        known = one.values[np.isfinite(one.values)]
        if one.name not in found and len(known) and np.ptp(known) > 0:
            found[one.name] = one
    return tuple(found.values())


def _of_circuit(model: Model) -> Iterator[Drawn]:
    network, ensemble = model.network, model.ensemble
    edges = network.pathway.edges
    for number, (name, edge) in enumerate(zip(network.edge_names, edges, strict=True)):
        weights = ensemble.weights[number]
        if network.contested[number]:
            # Where the edge is not there, it has no weight to be learnt about.
            weights = np.where(weights == 0, np.nan, weights)
        if network.sign[number] == 0:
            positive = np.where(np.isnan(weights), np.nan, weights > 0)
            yield Drawn(f"sign of {name}", Kind.SIGN, positive, edge.evidence)
        yield Drawn(name, Kind.WEIGHT, np.abs(weights), edge.evidence)
    for question in network.questions:
        yield _side(model, question)
    for number, (name, node) in enumerate(network.pathway.nodes.items()):
        yield Drawn(f"tone of {name}", Kind.TONE, ensemble.tones[number], node.evidence)


def _side(model: Model, question: str) -> Drawn:
    network, ensemble = model.network, model.ensemble
    own: list[PlacedEdge] = []
    there = np.zeros(ensemble.size, dtype=bool)
    for number, edge in enumerate(network.pathway.edges):
        if network.contested[number] == question:
            own.append(edge)
            there |= ensemble.weights[number] != 0
    evidence = tuple(dict.fromkeys(item for edge in own for item in edge.evidence))
    return Drawn(f"side of {question}", Kind.SIDE, there.astype(float), evidence)


def _of_findings(
    model: Model, knowledge: Knowledge, findings: Iterable[Finding]
) -> Iterator[Drawn]:
    for finding in findings:
        try:
            given = treatments(finding, knowledge)
        except NotFoundError:
            continue
        for treatment in given:
            yield from of_treatment(model, treatment)


def of_treatment(model: Model, treatment: Treatment) -> Iterator[Drawn]:
    """Unknowns of drugs and condition."""
    for given in treatment.administrations:
        yield from _of_drug(model, given)
    if treatment.condition is not None:
        yield from _of_condition(model, treatment.condition)


def _of_drug(model: Model, given: Administration) -> Iterator[Drawn]:
    drug = given.drug
    usual = drug.exposure.get(given.exposure)
    evidence = usual.evidence if usual else ()
    yield _drawn(model, exposure_of(given), Kind.EXPOSURE, evidence)
    for target, every in drug.targets.items():
        if not model.network.sites(model.targets.symbols(target) or (target,)):
            continue
        rows = tuple(row for row in every if row.is_used)
        for number, row in enumerate(rows):
            bound, efficacy = unknowns_of_row(drug.name, target, number, row)
            kind = Kind.AFFINITY if row.occupancy is None else Kind.OCCUPANCY
            yield _drawn(model, bound, kind, row.evidence)
            yield _drawn(model, efficacy, Kind.EFFICACY, row.evidence)
        if len(rows) > 1:
            unknown = source_of(drug.name, target, rows)
            which = np.minimum(np.floor(model.ensemble.draw(*unknown)), len(rows) - 1)
            told = tuple(item for row in rows for item in row.evidence)
            yield Drawn(unknown.name, Kind.SOURCE, which, told)


def _of_condition(model: Model, condition: Condition) -> Iterator[Drawn]:
    sizes = {name: shift.strength for name, shift in condition.perturbs.items()}
    for name, size in (*sizes.items(), *condition.depletes.items()):
        unknown = unknown_of_condition(condition, name, size)
        yield _drawn(model, unknown, Kind.CONDITION, condition.evidence)


def _drawn(model: Model, unknown: Unknown, kind: Kind, evidence: EvidenceList) -> Drawn:
    values = model.ensemble.draw(*unknown)
    logarithmic = unknown.logarithmic and unknown.interval.low > 0
    return Drawn(unknown.name, kind, values, evidence, logarithmic)


def standardised(unknowns: Sequence[Drawn]) -> Floats:
    """Values of all unknowns in units of their standard deviation, about their mean, *u × d*.

    A draw that does not have an unknown stands at its mean, where it says nothing.
    """
    if not unknowns:
        return np.empty((0, 1))
    values = np.stack([one.scaled for one in unknowns])
    values = values - np.nanmean(values, axis=1, keepdims=True)
    return np.asarray(np.nan_to_num(values / np.nanstd(values, axis=1, keepdims=True)))


def chance_shift(values: Floats, weights: Floats, seed: int) -> float:
    """How far the farthest of all unknowns moves where there is nothing to be learnt.

    Parameters
    ----------
    values
        See `standardised`, *u × d*.
    weights
        Of the draws, *d*.
    seed
        Of the deals.

    Notes
    -----
    The weights are dealt anew among the draws 199 times; in 95 % of the deals, no unknown moves
    farther. Where nothing is to be learnt, one body of findings in twenty has one that does.
    """
    dealt = np.stack(
        [
            weights[np.argsort(uniforms(seed, f"deal {number}", len(weights)), kind="stable")]
            for number in range(_DEALS)
        ],
        axis=1,
    )
    farthest = np.sort(np.abs(values @ dealt).max(axis=0))
    return float(farthest[round(_SURE * (_DEALS + 1)) - 1])


def moved_unknowns(
    unknowns: Sequence[Drawn], values: Floats, weights: Floats, least: float
) -> tuple[Moved, ...]:
    """The unknowns that weights of the draws move by so much or more, the farthest first."""
    shifts: list[float] = (values @ weights).tolist()
    found = []
    order = sorted(range(len(unknowns)), key=lambda one: (-round(abs(shifts[one]), 9), one))
    alike = np.full(len(weights), 1 / len(weights))
    for number in order:
        if abs(shifts[number]) < least:
            break
        unknown = unknowns[number]
        known = np.isfinite(unknown.values)
        before, after = (
            weighted_quantiles(unknown.values[None, known], own[known])[0].tolist()
            for own in (alike, weights)
        )
        held = weights[known] / weights[known].sum()
        means = float(unknown.values[known].mean()), float(unknown.values[known] @ held)
        found.append(Moved(unknown, shifts[number], tuple(before), tuple(after), means))
    return tuple(found)


def thirds(unknowns: Sequence[Drawn], draws: int) -> Codes:
    """Which third of the draws each value lies in, *u × d*; of few values, which of them it is."""
    found = np.empty((len(unknowns), draws), dtype=np.int8)
    for row, unknown in enumerate(unknowns):
        order = np.argsort(unknown.values, kind="stable")
        rises = np.flatnonzero(unknown.values[order][1:] != unknown.values[order][:-1]) + 1
        if len(rises) >= _PARTS:
            size = len(order)
            rises = np.array([size * part // _PARTS for part in range(1, _PARTS)])
        parts = np.zeros(len(order), dtype=np.int8)
        parts[rises] = 1
        found[row, order] = np.cumsum(parts)
    return found
