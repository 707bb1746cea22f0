"""Findings as experiments: what was given to which animals, and what the model says of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from raphe.finding import Finding, Regimen
from raphe.knowledge import Knowledge
from raphe.model import Model
from raphe.perturbation import Perturbation
from raphe.prediction import Prediction, predict_treatment
from raphe.propagation.response import Response, respond
from raphe.treatment import Treatment, administer
from raphe.units import Interval

#: How many of each are kept at a time; each holds every node in every draw. Ten times as many would
#: spare a sixth of the responses: most of what findings share stands side by side in
#: `experiment_order`.
_PREDICTIONS = 6
_RESPONSES = 6
_PERTURBATIONS = 4

Key = TypeVar("Key")
Kept = TypeVar("Kept")

#: Tells treatments apart: drugs at concentrations, condition, targets left out.
Group = tuple[frozenset[tuple[str, Interval]], str, tuple[str, ...]]
#: Tells experiments apart.
Experiment = tuple[Group, Group, Regimen]


class Predictions:
    """Predictions of one model; the latest are kept, so that findings of one experiment share.

    So are the responses of single groups of animals, which are compared with several others, and
    what a treatment does to the nodes, which is the same under every regimen.
    """

    def __init__(self, model: Model, knowledge: Knowledge) -> None:
        self.model = model
        self.knowledge = knowledge
        self._predictions: _Latest[Experiment, Prediction] = _Latest(_PREDICTIONS)
        self._responses: _Latest[tuple[Group, Regimen], Response] = _Latest(_RESPONSES)
        self._perturbations: _Latest[Group, Perturbation] = _Latest(_PERTURBATIONS)

    def of(self, finding: Finding, regimen: Regimen | None = None) -> Prediction:
        """What the model says of a finding's experiment, or of it under another regimen."""
        treatment, comparator = treatments(finding, self.knowledge)
        chosen = regimen or finding.regimen
        return self._predictions.of(
            (experiment_of(treatment), experiment_of(comparator), chosen),
            lambda: predict_treatment(
                self.model, treatment, chosen, comparator, fragility=False, respond=self.respond
            ),
        )

    def respond(self, treatment: Treatment, regimen: Regimen) -> tuple[Response, Perturbation]:
        """As `Model.respond`, but kept."""
        model, full = self.model, self._perturb(treatment)
        response = self._responses.of(
            (experiment_of(treatment), regimen),
            lambda: respond(
                model.network,
                model.ensemble,
                full,
                self._perturb(treatment.without_drugs),
                regimen,
            ),
        )
        return response, full

    def _perturb(self, treatment: Treatment) -> Perturbation:
        return self._perturbations.of(
            experiment_of(treatment), lambda: self.model.perturb(treatment)
        )


class _Latest(Generic[Key, Kept]):
    """Values by key; the latest few of them are kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def of(self, key: Key, make: Callable[[], Kept]) -> Kept:
        """The value of a key, made where it is not kept."""
        if key not in self._kept:
            made = make()
            self._kept[key] = made
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


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


def given_drugs(treatment: Treatment) -> Group:
    """What tells treatments apart but for how much was given."""
    names = {(one.drug.name, Interval(0.0, 0.0)) for one in treatment.administrations}
    condition = treatment.condition.name if treatment.condition else ""
    return frozenset(names), condition, treatment.without


def experiment_of(treatment: Treatment) -> Group:
    """What tells treatments apart."""
    given = {(one.drug.name, one.concentration) for one in treatment.administrations}
    condition = treatment.condition.name if treatment.condition else ""
    return frozenset(given), condition, treatment.without
