"""Whatever all draws agree on, and whatever is certain, can be true together here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.joint.circuit import signed_circuit
from raphe.joint.problem import Condition, Problem
from raphe.joint.treated import LITERAL, Bench, condition_of
from raphe.joint.trial import Trial
from raphe.model import Model
from raphe.prediction import Prediction, predict_treatment
from raphe.questions import predict
from raphe.settings import setting
from raphe.sign import Change
from strategies_networks import sketches, treatments


def agreed(prediction: Prediction) -> dict[str, Change]:
    """Directions that all draws have, and those that are certain."""
    names = prediction.model.network.names
    change = np.where(np.abs(prediction.change) < 1e-9, 0, prediction.change)
    found = {}
    for number, name in enumerate(names):
        signs = set(np.sign(change[number]).astype(int).tolist())
        if len(signs) == 1:
            found[name] = {-1: Change.DOWN, 0: Change.SAME, 1: Change.UP}[signs.pop()]
    for name, certainty in zip(names, prediction.certainties, strict=True):
        if certainty.is_certain:
            found[name] = found.get(name, Change.ANY) & certainty.possible
    return {name: change for name, change in found.items() if change is not Change.ANY}


def holds(bench: Bench, condition: Condition, observed: dict[str, Change]) -> bool:
    seen = {name: change for name, change in observed.items() if change}
    part = Problem(bench.circuit.graph, (replace(condition, observed=seen),))
    trial = Trial(part)
    return trial.holds(trial.assume())


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.data())
def test_what_all_draws_agree_on_is_consistent(data: st.DataObject) -> None:
    sketch = data.draw(sketches(least_nodes=2))
    # Classes in place of weights, so that draws differ.
    words = {
        arrow: data.draw(st.sampled_from(("0.05 - 0.3", "0.3 - 0.7"))) for arrow in sketch.edges
    }
    network = replace(
        sketch, extra={arrow: {"strength": word} for arrow, word in words.items()}
    ).network()
    model = Model(network, sketch.model().targets, draws=30)
    treatment = data.draw(treatments(network))
    regimen = data.draw(st.sampled_from(list(Regimen)))
    try:
        prediction = predict_treatment(model, treatment, regimen, fragility=False)
    except InputError:
        assume(False)
    assume(prediction.comparator.condition is None)
    bench = Bench(signed_circuit(network, {}), model.targets, LITERAL)
    condition = condition_of(bench, treatment, regimen, "treated")
    assert holds(bench, condition, agreed(prediction))


#: Drugs of each kind: blockers, agonists, releasers, modulators.
DRUGS = ("mirtazapine", "desipramine", "clozapine", "clonidine", "amphetamine", "diazepam")


@pytest.mark.parametrize("regimen", list(Regimen))
@pytest.mark.parametrize("drug", DRUGS)
def test_so_is_what_the_library_predicts(drug: str, regimen: Regimen) -> None:
    within = setting(draws=60)
    prediction = predict(drug, regimen=regimen.value, within=within).prediction
    bench = Bench(signed_circuit(within.model.network, {}), within.knowledge.targets, LITERAL)
    condition = condition_of(bench, prediction.treatment, regimen, "treated")
    observed = agreed(prediction)
    assert len(observed) > 20
    assert holds(bench, condition, observed)
