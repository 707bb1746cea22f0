"""What each draw does in the experiments of findings, beside what was reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from raphe.calling import Call
from raphe.consistency.experiments import Predictions
from raphe.consistency.score import classes_of
from raphe.consistency.variants import responses
from raphe.consistency.verdicts import missing_for
from raphe.finding import Direction, Finding
from raphe.knowledge import Knowledge
from raphe.model import Model
from raphe.reweighting import OUTCOMES, Codes, outcomes


@dataclass(frozen=True, eq=False)
class Observed:
    """Findings of a direction that are in scope, and what each draw does in their experiments."""

    model: Model
    #: By name, in order of names.
    findings: Mapping[str, Finding]
    #: What each draw does, and what was reported: numbers of `OUTCOMES`, *f × d* and *f*.
    codes: Codes = field(repr=False)
    reported: Codes = field(repr=False)
    #: Classes of the drugs on both sides, by finding.
    classes: Mapping[str, frozenset[str]] = field(repr=False)

    @cached_property
    def number(self) -> dict[str, int]:
        """Row of each finding."""
        return {name: row for row, name in enumerate(self.findings)}


def observe(model: Model, knowledge: Knowledge, findings: Mapping[str, Finding]) -> Observed:
    """What each draw does in the experiments of findings.

    Findings of normalisation or occupancy, and those out of scope, are left out: they report no
    direction of something that the circuit has.
    """
    predictions = Predictions(model, knowledge)
    own = {
        name: findings[name]
        for name in sorted(findings)
        if findings[name].direction not in (None, Direction.NORMALISED)
        and not missing_for(findings[name], predictions.model.network, predictions.knowledge)
    }
    network, theta = model.network, model.criteria.theta
    codes = np.empty((len(own), model.ensemble.size), dtype=np.int8)
    changes = responses(model, knowledge, own)
    for row, (name, finding) in enumerate(own.items()):
        change = changes[name][None]
        limit = theta * float(model.ranges[network.index[finding.readout]])
        codes[row] = outcomes(np.nan_to_num(change), limit, np.isfinite(change[0]))[0]
    reported = np.array(
        [OUTCOMES.index(Call(one.direction)) for one in own.values()], dtype=np.int8
    )
    classes = {name: _classes(finding, knowledge) for name, finding in own.items()}
    return Observed(model, own, codes, reported, classes)


def drugs_of(finding: Finding) -> frozenset[str]:
    """Drugs on both sides, by which findings share what is not known; or the condition alone."""
    if not finding.drugs:
        return frozenset({finding.condition})
    return frozenset({*finding.drugs, *finding.compared_with} - {"vehicle"})


def _classes(finding: Finding, knowledge: Knowledge) -> frozenset[str]:
    if not finding.drugs:
        return frozenset({finding.condition})
    return frozenset(one for name in drugs_of(finding) for one in classes_of(name, knowledge))
