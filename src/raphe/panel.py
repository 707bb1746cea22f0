"""What could be measured: readouts that a laboratory can measure, under drugs that it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from raphe.consistency.experiments import experiment_of, treatments
from raphe.errors import NotFoundError
from raphe.finding import Finding, Regimen
from raphe.knowledge import Knowledge
from raphe.model import Model
from raphe.propagation.arrays import Indices, Mask
from raphe.propagation.response import Response, respond
from raphe.reweighting import Codes, outcomes
from raphe.treatment import Treatment, administer


@dataclass(frozen=True, eq=False)
class Experiment:
    """A drug under a regimen, and what each draw does at what can be measured."""

    drug: str
    treatment: Treatment
    regimen: Regimen
    #: *n × d*, of the nodes that can be measured.
    codes: Codes = field(repr=False)
    settled: Mask = field(repr=False)


@dataclass(frozen=True, eq=False)
class Panel:
    """Everything that could be measured."""

    model: Model
    #: Nodes that can be measured, by name.
    nodes: tuple[str, ...]
    experiments: tuple[Experiment, ...]
    #: Findings that report a measurement already, by drug, regimen and readout.
    reported: Mapping[tuple[str, Regimen, str], tuple[str, ...]] = field(repr=False)

    @cached_property
    def number(self) -> dict[str, int]:
        """Row of each node."""
        return {name: number for number, name in enumerate(self.nodes)}

    @property
    def size(self) -> int:
        """How many measurements there are."""
        return len(self.nodes) * len(self.experiments)


def measurable(model: Model, findings: Mapping[str, Finding]) -> tuple[str, ...]:
    """Nodes that can be measured, by name.

    Amounts (transmitter, firing, mRNA, protein, density, function, store), readouts of the circuit,
    and whatever a finding reports.
    """
    pathway = model.network.pathway
    known = {*pathway.readouts, *(finding.readout for finding in findings.values())}
    return tuple(
        name for name, node in pathway.nodes.items() if name in known or node.declared.kind.is_level
    )


def drugs_of_findings(knowledge: Knowledge) -> tuple[str, ...]:
    """Drugs that were given in the findings: those that laboratories have."""
    known = set(knowledge.names("drugs"))
    given = {drug for finding in knowledge.findings.values() for drug in finding.drugs}
    return tuple(sorted(given & known))


def make_panel(
    model: Model,
    knowledge: Knowledge,
    drugs: Sequence[str],
    regimens: Sequence[Regimen] = tuple(Regimen),
) -> Panel:
    """What could be measured: every measurable node, under each drug and regimen.

    Drugs are given alone, at their usual exposure, to healthy animals, and compared with vehicle.
    What binds nothing in the circuit is left out.
    """
    findings = knowledge.findings
    nodes = measurable(model, findings)
    numbers = np.array([model.network.index[name] for name in nodes], dtype=np.intp)
    found = [
        one
        for name in drugs
        for one in _experiments(model, knowledge, knowledge.drug(name).name, regimens, numbers)
    ]
    return Panel(model, nodes, tuple(found), _reported(knowledge, findings))


def _experiments(
    model: Model,
    knowledge: Knowledge,
    drug: str,
    regimens: Sequence[Regimen],
    numbers: Indices,
) -> Iterator[Experiment]:
    treatment = Treatment((administer(knowledge.drug(drug)),))
    perturbation = model.perturb(treatment)
    if not perturbation.contacts:
        return
    limits = model.criteria.theta * model.ranges[numbers]
    chronic: Response | None = None
    # Washout starts from what chronic treatment left.
    for regimen in sorted(regimens, key=lambda one: one is not Regimen.CHRONIC):
        found = respond(
            model.network, model.ensemble, perturbation, model.nothing, regimen, chronic
        )
        chronic = found if regimen is Regimen.CHRONIC else chronic
        codes = outcomes(found.x[numbers], limits, found.settled)
        yield Experiment(drug, treatment, regimen, codes, found.settled)


def _reported(
    knowledge: Knowledge, findings: Mapping[str, Finding]
) -> dict[tuple[str, Regimen, str], tuple[str, ...]]:
    """Findings on one drug at its usual exposure, against vehicle, in healthy animals."""
    found: dict[tuple[str, Regimen, str], tuple[str, ...]] = {}
    for name, finding in findings.items():
        if len(finding.drugs) != 1 or finding.condition or finding.outside or not finding.readout:
            continue
        try:
            given, against = treatments(finding, knowledge)
        except NotFoundError:
            continue
        usual = Treatment((administer(given.administrations[0].drug),))
        if experiment_of(given) == experiment_of(usual) and not against.administrations:
            key = (usual.administrations[0].drug.name, finding.regimen, finding.readout)
            found[key] = (*found.get(key, ()), name)
    return found
