"""Doses side by side are what each dose is by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.knowledge import load_knowledge
from raphe.model import Model, load_model
from raphe.propagation.sweep import Titration
from raphe.treatment import Administration, Treatment, administer
from raphe.units import Interval
from strategies_networks import Sketch, a_drug, given_drug, sketches, treatments

TIMES = np.array([0.0, 0.03, 0.7, 1.0, 40.0])


def titration(model: Model, treatment: Treatment, regimen: Regimen, drug: str) -> Titration:
    return Titration(model.network, model.ensemble, model.targets, treatment, regimen, drug)


def at_dose(treatment: Treatment, drug: str, times: float) -> Treatment:
    """The same treatment written out at a dose; at none, without the drug."""
    given = []
    for one in treatment.administrations:
        own = one.concentration
        if one.drug.name != drug:
            given.append(one)
        elif times:
            dose = Interval(own.low * times, own.high * times)
            given.append(Administration(one.drug, dose, f"{times}x"))
    return replace(treatment, administrations=tuple(given))


def assert_same(model: Model, treatment: Treatment, regimen: Regimen, drug: str) -> None:
    size = model.ensemble.size
    draws, columns = np.tile(np.arange(size), len(TIMES)), np.repeat(TIMES, size)
    nodes = np.arange(model.network.size)
    x, settled = titration(model, treatment, regimen, drug).states(draws, columns, nodes)
    for number, times in enumerate(TIMES):
        part = slice(number * size, (number + 1) * size)
        alone, _ = model.respond(at_dose(treatment, drug, float(times)), regimen)
        assert (settled[part] == alone.settled).all()
        np.testing.assert_allclose(
            x[:, part][:, alone.settled], alone.x[:, alone.settled], rtol=0, atol=1e-9
        )


@given(st.data(), sketches(most_nodes=7, heaviest=2.5), st.sampled_from(Regimen))
def test_every_dose_of_any_circuit_is_what_it_is_alone(
    data: st.DataObject, sketch: Sketch, regimen: Regimen
) -> None:
    model = sketch.model(draws=7, prior=data.draw(st.sampled_from(("classes", "uniform"))))
    try:
        assert model.ensemble.size
    except InputError:
        assume(False)
    treatment = data.draw(treatments(model.network))
    assume(treatment.administrations)
    assert_same(model, treatment, regimen, treatment.administrations[-1].drug.name)


@pytest.fixture(scope="module")
def library() -> tuple[object, Model]:
    knowledge = load_knowledge()
    return knowledge, load_model(knowledge, draws=60)


@pytest.mark.parametrize("regimen", Regimen)
@pytest.mark.parametrize("name", ["mirtazapine", "buspirone", "desipramine", "befloxatone"])
def test_every_dose_of_a_drug_of_the_library_is_what_it_is_alone(library, name, regimen):
    knowledge, model = library
    treatment = Treatment((administer(knowledge.drug(name)),))
    assert_same(model, treatment, regimen, name)


def test_other_drugs_and_a_condition_stay_as_they_are(library):
    knowledge, model = library
    treatment = Treatment(
        (administer(knowledge.drug("fluoxetine")), administer(knowledge.drug("buspirone"), "2x")),
        knowledge.condition("chronic_mild_stress"),
        ("ADRA2A",),
    )
    for name in ("fluoxetine", "buspirone"):
        assert_same(model, treatment, Regimen.ACUTE, name)


def test_columns_may_come_in_any_order_and_number(library):
    knowledge, model = library
    treatment = Treatment((administer(knowledge.drug("clonidine")),))
    swept = titration(model, treatment, Regimen.CHRONIC, "clonidine")
    random = np.random.default_rng(5)
    draws = random.integers(0, model.ensemble.size, 6000)
    times = 10 ** random.uniform(-2, 2, 6000)
    nodes = np.array([model.network.index[name] for name in ("LC.firing", "cortex.5-HT")])
    x, settled = swept.states(draws, times, nodes)
    assert settled.all()
    some = random.permutation(6000)[:200]
    again, _ = swept.states(draws[some], times[some], nodes)
    np.testing.assert_allclose(again, x[:, some], rtol=0, atol=1e-12)


def held(draw: float, **binding: object) -> tuple[float, float]:
    """Gain and input of a receptor with tone 0.5 at ten times the dose."""
    sketch = Sketch({"r": ("receptor", 0.5), "s": ("process", 0.5)}, {"r -> s": 0.5})
    model = sketch.model()
    treatment = Treatment((given_drug({"T.r": {"action": "antagonist", **binding}}),))
    (found,) = titration(model, treatment, Regimen.ACUTE, "drug").solve(
        np.array([0]), np.array([draw])
    )
    return float(found.perturbation.gain[0, 0]), float(found.perturbation.inputs[0, 0])


def test_a_stated_occupancy_follows_the_dose_as_an_affinity_does():
    # 0.8 is 4 parts of 5, so that ten times the dose is 40 of 41; 9 nM at 2.25 nM is the same.
    for times in (0.0, 0.1, 1.0, 10.0):
        told, worked_out = held(times, occupancy="0.8"), held(times, Ki="2.25 nM")
        assert told == pytest.approx(worked_out)
        assert told[0] == pytest.approx(1 / (1 + 4 * times))


def test_a_stated_occupancy_is_that_of_the_usual_exposure():
    drug = a_drug({"T.r": {"action": "antagonist", "occupancy": "0.8"}})
    sketch = Sketch({"r": ("receptor", 0.5), "s": ("process", 0.5)}, {"r -> s": 0.5})
    model = sketch.model()
    for dose, share in (("", 0.8), ("2x", 8 / 9), ("9 nM", 0.8), ("4.5 nM", 2 / 3)):
        found = model.perturb(Treatment((administer(drug, dose),)))
        assert found.contacts[0].usual == pytest.approx(share)
