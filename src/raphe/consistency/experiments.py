"""Findings as experiments: what was given to which animals, and what the model says of it."""

from __future__ import annotations

from collections import OrderedDict

from raphe.finding import Finding, Regimen
from raphe.knowledge import Knowledge
from raphe.perturbation import Treatment, administer
from raphe.prediction import Model, Prediction, predict_treatment

#: Predictions that are kept at a time; each holds every node in every draw.
_KEPT = 6

#: Tells experiments apart.
Experiment = tuple[object, object, Regimen]


class Predictions:
    """Predictions of one model; the latest are kept, so that findings of one experiment share."""

    def __init__(self, model: Model, knowledge: Knowledge) -> None:
        self.model = model
        self.knowledge = knowledge
        self._latest: OrderedDict[Experiment, Prediction] = OrderedDict()

    def of(self, finding: Finding, regimen: Regimen | None = None) -> Prediction:
        """What the model says of a finding's experiment, or of it under another regimen."""
        treatment, comparator = treatments(finding, self.knowledge)
        chosen = regimen or finding.regimen
        key = (experiment_of(treatment), experiment_of(comparator), chosen)
        if key not in self._latest:
            self._latest[key] = predict_treatment(
                self.model, treatment, chosen, comparator, fragility=False
            )
            if len(self._latest) > _KEPT:
                self._latest.popitem(last=False)
        self._latest.move_to_end(key)
        return self._latest[key]


def experiment_order(finding: Finding) -> tuple[str, ...]:
    """A key that puts findings of one experiment side by side."""
    drugs = " ".join(f"{name}={dosing.exposure}" for name, dosing in sorted(finding.drugs.items()))
    return drugs, finding.condition, " ".join(finding.compared_with), finding.regimen.value


def treatments(finding: Finding, knowledge: Knowledge) -> tuple[Treatment, Treatment]:
    """What the animals of a finding were given, and those that they were compared with."""
    condition = knowledge.condition(finding.condition) if finding.condition else None
    given = tuple(
        administer(knowledge.drug(name), dosing.exposure) for name, dosing in finding.drugs.items()
    )
    treatment = Treatment(given, condition)
    if not finding.drugs:
        return treatment, Treatment()
    others = [name for name in finding.compared_with if name != "vehicle"]
    own = {one.drug.name: one for one in given}
    compared = [knowledge.drug(name) for name in others]
    against = tuple(own.get(drug.name) or administer(drug) for drug in compared)
    return treatment, Treatment(against, condition)


def experiment_of(treatment: Treatment) -> object:
    """What tells treatments apart: drugs at concentrations, condition, targets left out."""
    given = {(one.drug.name, one.concentration) for one in treatment.administrations}
    condition = treatment.condition.name if treatment.condition else ""
    return frozenset(given), condition, treatment.without
