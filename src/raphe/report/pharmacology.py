"""What the animals were given: every binding row of each drug, exposures, the condition."""

from __future__ import annotations

import math

import numpy as np

from raphe.drug import Binding, Drug
from raphe.perturbation import Perturbation
from raphe.prediction import Prediction
from raphe.report.citations import Citations
from raphe.report.content import (
    BindingRow,
    ConditionAccount,
    ConditionRow,
    DrugAccount,
    ExposureAccount,
    TargetRows,
)
from raphe.report.wording import concentration, count, joined, percent, span
from raphe.target import Targets
from raphe.treatment import Administration, Treatment
from raphe.units import Interval


def tell_drugs(prediction: Prediction, citations: Citations) -> tuple[DrugAccount, ...]:
    """The drugs of both sides of the comparison, each once."""
    contrast = prediction.contrast
    own = {given.drug.name for given in prediction.treatment.administrations}
    accounts = [
        _drug(prediction, given, prediction.treatment, contrast.perturbation, "given", citations)
        for given in prediction.treatment.administrations
    ]
    role = "given to the comparison group"
    accounts += [
        _drug(prediction, given, prediction.comparator, contrast.against, role, citations)
        for given in prediction.comparator.administrations
        if given.drug.name not in own
    ]
    return tuple(accounts)


def tell_condition(prediction: Prediction, citations: Citations) -> ConditionAccount | None:
    """The condition that the animals were under."""
    condition = prediction.treatment.condition
    if condition is None:
        return None
    rows = [
        ConditionRow(
            name,
            f"pushed {shift.direction} by {span(shift.strength)}",
            shift.reason,
            citations.cite(shift.evidence, f"{condition.name}: {name} {shift.direction}"),
        )
        for name, shift in condition.perturbs.items()
    ]
    rows += [ConditionRow(cell, "lost with all its nodes", "", ()) for cell in condition.lesions]
    rows += [
        ConditionRow(name, f"{percent(loss.low)} to {percent(loss.high)} lost", "", ())
        for name, loss in condition.depletes.items()
    ]
    sources = citations.cite(condition.evidence, f"{condition.name} as a whole")
    return ConditionAccount(condition.title, condition.about, tuple(rows), sources)


def _drug(
    prediction: Prediction,
    given: Administration,
    treatment: Treatment,
    perturbation: Perturbation,
    role: str,
    citations: Citations,
) -> DrugAccount:
    drug = given.drug
    targets = prediction.model.targets
    groups = tuple(
        TargetRows(
            target=target,
            name=_target_name(targets, target),
            rows=tuple(_row(drug, target, row, citations) for row in rows),
            occupancy=_occupancy(perturbation, drug, target),
            reach=_reach(prediction, treatment, perturbation, drug, target),
        )
        for target, rows in drug.targets.items()
    )
    return DrugAccount(
        name=drug.name,
        title=drug.title,
        role=role,
        class_=drug.class_,
        synonyms=drug.synonyms,
        note=drug.note,
        targets=groups,
        exposure=_exposure(given, citations),
        sources=citations.cite(drug.evidence, f"{drug.name} as a whole"),
    )


def _row(drug: Drug, target: str, row: Binding, citations: Citations) -> BindingRow:
    quantity = concentration(row.affinity) if row.affinity else "not specified"
    written = f"{row.constant} {quantity}"
    if row.pKi is not None:
        written += f" (pKi {span(Interval(_p_value(row.pKi.high), _p_value(row.pKi.low)))})"
    if row.occupancy is not None:
        shares = row.occupancy
        measured = f"{percent(shares.low)} to {percent(shares.high)}"
        written = f"occupancy {percent(shares.low) if shares.is_point else measured}"
    return BindingRow(
        action=row.action.value,
        affinity=written,
        efficacy=span(row.efficacy) if row.efficacy else "",
        species=row.species,
        mark=row.why_unused,
        note=row.note,
        sources=citations.cite(row.evidence, f"{drug.name} at {target}"),
    )


def _p_value(nanomolar: float) -> float:
    return 9 - math.log10(nanomolar)


def _target_name(targets: Targets, name: str) -> str:
    if name in targets.families:
        family = targets.families[name]
        members = joined(family.members)
        return f"{family.name}: {members}" if family.name else members
    symbols = targets.symbols(name)
    return targets.targets[symbols[0]].name if symbols and symbols[0] in targets.targets else ""


def _occupancy(perturbation: Perturbation, drug: Drug, target: str) -> str:
    own = [one for one in perturbation.contacts if (one.drug, one.target) == (drug.name, target)]
    if not own:
        return ""
    shares = np.concatenate([contact.occupancy for contact in own])
    low, median, high = np.quantile(shares, (0.05, 0.5, 0.95))
    if percent(low) == percent(high):
        return percent(median)
    between = " to " if ">" in percent(high) else " – "
    return f"{percent(median)} ({percent(low).removesuffix(' %')}{between}{percent(high)})"


def _reach(
    prediction: Prediction,
    treatment: Treatment,
    perturbation: Perturbation,
    drug: Drug,
    target: str,
) -> str:
    """At how many nodes the drug meets a target; where at none, why."""
    own = [one for one in perturbation.contacts if (one.drug, one.target) == (drug.name, target)]
    if own:
        return count(len(own), "node")
    if not any(row.is_used for row in drug.targets[target]):
        return "not computed with"
    symbols = prediction.model.targets.symbols(target) or (target,)
    if not prediction.model.network.sites(symbols):
        return "no node in the circuit"
    if set(symbols) <= set(treatment.without):
        return "left out, as was asked"
    return "a more specific row counts"


def _exposure(given: Administration, citations: Citations) -> ExposureAccount:
    """The exposure that was computed with, and the one of the drug's file that it comes from."""
    drug, name = given.drug, given.exposure
    free = concentration(given.concentration)
    is_factor = name[-1:] in ("x", "×") and name not in drug.exposure
    source = drug.usual_exposure if is_factor else name
    if source not in drug.exposure:
        asked = "A free concentration, taken as it was asked for."
        return ExposureAccount("as asked for", free, asked, (), ())
    declared = drug.exposure[source]
    note = declared.note
    if is_factor:
        note = f"{name} the {source} exposure of {concentration(declared.free)}"
        note += f"; that is {declared.note}" if declared.note else ""
    return ExposureAccount(
        name=name,
        free=free,
        note=note,
        sources=citations.cite(declared.evidence, f"{drug.name}, {source} exposure"),
        assumptions=tuple(item.assumption for item in declared.evidence if item.assumption),
    )
