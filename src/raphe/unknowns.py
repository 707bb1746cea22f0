"""Everything that was drawn, by name, with its evidence; and how far weights of the draws move it.

What is not known of an edge, a tone, a drug or a condition has a value in every draw. Where draws
count for more or less (`raphe.reweighting`), the values that they hold are learnt about: the
marginal prior of an unknown becomes a posterior.

P. H. Westfall, S. S. Young, "Resampling-Based Multiple Testing", 1993 (the greatest of all shifts).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from raphe.binding import exposure_of, source_of, unknowns_of_row
from raphe.calling import weighted_quantiles
from raphe.condition import Condition
from raphe.consistency.experiments import treatments
from raphe.drug import Binding
from raphe.errors import NotFoundError
from raphe.evidence import EvidenceList
from raphe.finding import Finding
from raphe.flat_pathway import PlacedEdge
from raphe.knowledge import Knowledge
from raphe.losses import unknown_of_condition
from raphe.model import Model
from raphe.network import Network
from raphe.prior import Unknown, uniforms
from raphe.propagation.arrays import Floats
from raphe.reweighting import Codes
from raphe.treatment import Administration, Treatment

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

    @property
    def is_yes_or_no(self) -> bool:
        """Whether it has but the values 1 for yes and 0 for no."""
        return self in (Kind.SIDE, Kind.SIGN, Kind.SOURCE)


@dataclass(frozen=True, eq=False)
class Drawn:
    """One unknown and its values."""

    name: str
    kind: Kind
    #: In each draw, *d*: a weight without its sign, a tone, an affinity or exposure in nM; of a
    #: side 1 for yes, of a sign 1 for activation, of a source 1 where it is believed. Not a
    #: number in draws that do not have it.
    values: Floats = field(repr=False)
    evidence: EvidenceList = ()
    #: Whether it was drawn on a logarithmic scale, on which it is measured then.
    logarithmic: bool = False
    #: Ends of the edges that it is of, numbers of nodes; of a tone or a condition, its node twice.
    ends: tuple[tuple[int, int], ...] = ()
    #: Target that it is of, as the drug's file names it; empty where it is of no binding.
    target: str = ""

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
    for one in (*of_circuit(model), *_of_findings(model, knowledge, findings)):
        known = one.values[np.isfinite(one.values)]
        if one.name not in found and len(known) and np.ptp(known) > 0:
            found[one.name] = one
    return tuple(found.values())


def of_circuit(model: Model) -> Iterator[Drawn]:
    """Unknowns of edges, of the sides that may be taken, and of resting activity."""
    network, ensemble = model.network, model.ensemble
    edges = network.pathway.edges
    for number, (name, edge) in enumerate(zip(network.edge_names, edges, strict=True)):
        weights = ensemble.weights[number]
        ends = (_ends(network, number),)
        if network.contested[number]:
            # Where the edge is not there, it has no weight to be learnt about.
            weights = np.where(weights == 0, np.nan, weights)
        if network.sign[number] == 0:
            positive = np.where(np.isnan(weights), np.nan, weights > 0)
            yield Drawn(f"sign of {name}", Kind.SIGN, positive, edge.evidence, ends=ends)
        yield Drawn(name, Kind.WEIGHT, np.abs(weights), edge.evidence, ends=ends)
    for question in network.questions:
        yield _side(model, question)
    for number, (name, node) in enumerate(network.pathway.nodes.items()):
        tones, ends = ensemble.tones[number], ((number, number),)
        yield Drawn(f"tone of {name}", Kind.TONE, tones, node.evidence, ends=ends)


def _ends(network: Network, edge: int) -> tuple[int, int]:
    return int(network.source[edge]), int(network.target[edge])


def _side(model: Model, question: str) -> Drawn:
    network, ensemble = model.network, model.ensemble
    own: list[PlacedEdge] = []
    ends: list[tuple[int, int]] = []
    there = np.zeros(ensemble.size, dtype=bool)
    for number, edge in enumerate(network.pathway.edges):
        if network.contested[number] == question:
            own.append(edge)
            ends.append(_ends(network, number))
            there |= ensemble.weights[number] != 0
    evidence = tuple(dict.fromkeys(item for edge in own for item in edge.evidence))
    return Drawn(f"side of {question}", Kind.SIDE, there.astype(float), evidence, ends=tuple(ends))


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
            for unknown, its in ((bound, kind), (efficacy, Kind.EFFICACY)):
                found = _drawn(model, unknown, its, row.evidence, target=target)
                # Rows are told apart where there are several.
                plain = unknown.name.removesuffix(f", row {number}")
                name = f"{plain}, source {number + 1}" if len(rows) > 1 else plain
                yield replace(found, name=name)
        if len(rows) > 1:
            yield from _of_sources(model, drug.name, target, rows)


def _of_sources(model: Model, drug: str, target: str, rows: tuple[Binding, ...]) -> Iterator[Drawn]:
    """Whether each of several sources is believed; of two, the one is what the other is not."""
    believed = np.floor(model.ensemble.draw(*source_of(drug, target, rows)))
    believed = np.minimum(believed, len(rows) - 1)
    for number, row in enumerate(rows[: len(rows) if len(rows) > 2 else 1]):
        values = (believed == number).astype(float)
        name = f"source {number + 1} of {drug} at {target}"
        yield Drawn(name, Kind.SOURCE, values, row.evidence, target=target)


def _of_condition(model: Model, condition: Condition) -> Iterator[Drawn]:
    sizes = {name: shift.strength for name, shift in condition.perturbs.items()}
    for name, size in (*sizes.items(), *condition.depletes.items()):
        unknown = unknown_of_condition(condition, name, size)
        number = model.network.index[name]
        ends = ((number, number),)
        yield _drawn(model, unknown, Kind.CONDITION, condition.evidence, ends)


def _drawn(
    model: Model,
    unknown: Unknown,
    kind: Kind,
    evidence: EvidenceList,
    ends: tuple[tuple[int, int], ...] = (),
    target: str = "",
) -> Drawn:
    values = model.ensemble.draw(*unknown)
    logarithmic = unknown.logarithmic and unknown.interval.low > 0
    return Drawn(unknown.name, kind, values, evidence, logarithmic, ends, target)


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
