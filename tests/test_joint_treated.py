"""What the equations do, the laws of signs allow: the translation of treatments is sound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, currently_in_test_context, given, settings
from hypothesis import strategies as st

from joint_oracle import broken
from raphe.finding import Regimen
from raphe.joint.circuit import signed_circuit
from raphe.joint.problem import Problem, Shift
from raphe.joint.treated import LITERAL, Bench, Reading, added, condition_of, difference_of
from raphe.model import Model
from raphe.propagation.stability import assess_stability
from raphe.sign import Change
from raphe.treatment import Treatment
from strategies_networks import Sketch, given_drug, sketches, treatments

SLOWEST = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


def signs(values: np.ndarray, names: tuple[str, ...]) -> dict[str, Change]:
    """Signs of numbers; what rounding leaves of nothing is nothing."""
    values = np.where(np.abs(values) < 1e-9, 0, values)
    return {
        name: Change.UP if one > 0 else Change.DOWN if one < 0 else Change.SAME
        for name, one in zip(names, values.tolist(), strict=True)
    }


def states(model: Model, treatment: Treatment, regimen: Regimen) -> np.ndarray:
    response, _ = model.respond(treatment, regimen)
    if currently_in_test_context():
        assume(response.settled.all())
    return response.x[:, 0]


def is_proved(model: Model) -> bool:
    network = model.network
    stable = assess_stability(
        network.source, network.target, network.slow, model.ensemble.weights, network.component
    )
    return bool(stable.proved.all())


def model_of(sketch: Sketch) -> Model:
    # Weights that are equal to the last digit may cancel to nothing; no drawn ones do.
    uneven = {
        arrow: round(weight * (1 + 0.0137 * number), 6)
        for number, (arrow, weight) in enumerate(sorted(sketch.edges.items()), start=1)
    }
    model = sketch.with_edges(uneven).model()
    try:
        _ = model.ensemble
    except Exception:
        assume(False)
    return model


def bench_of(model: Model, reading: Reading = LITERAL) -> Bench:
    return Bench(signed_circuit(model.network, {}), model.targets, reading)


@SLOWEST
@given(st.data())
def test_the_signs_of_a_steady_state_obey_the_laws(data: st.DataObject) -> None:
    model = model_of(data.draw(sketches(least_nodes=2)))
    assume(is_proved(model))
    treatment = data.draw(treatments(model.network))
    regimen = data.draw(st.sampled_from(list(Regimen)))
    bench = bench_of(model)
    condition = condition_of(bench, treatment, regimen, "treated")
    problem = Problem(bench.circuit.graph, (condition,))
    seen = signs(states(model, treatment, regimen), model.network.names)
    assert broken(problem, {"treated": seen}) == []


@SLOWEST
@given(st.data())
def test_so_do_the_signs_of_a_difference(data: st.DataObject) -> None:
    model = model_of(data.draw(sketches(least_nodes=2)))
    assume(is_proved(model))
    one = data.draw(treatments(model.network))
    other = data.draw(treatments(model.network, condition=False))
    # A drug is known by its name.
    renamed = tuple(
        replace(one, drug=one.drug.model_copy(update={"drug": f"other {one.drug.name}"}))
        for one in other.administrations
    )
    other = Treatment(renamed, one.condition)
    if data.draw(st.booleans()):
        # A combination against one of its drugs.
        other = Treatment(one.administrations[:1], one.condition)
    regimen = data.draw(st.sampled_from(list(Regimen)))
    bench = bench_of(model)
    conditions = (
        condition_of(bench, one, regimen, "one"),
        condition_of(bench, other, regimen, "other"),
        difference_of(bench, one, other, regimen, "both", Shift("one", "other")),
    )
    problem = Problem(bench.circuit.graph, conditions)
    x, y = (states(model, treatment, regimen) for treatment in (one, other))
    names = model.network.names
    seen = {"one": signs(x, names), "other": signs(y, names), "both": signs(x - y, names)}
    assert broken(problem, seen) == []


@pytest.mark.parametrize("one", list(Change.ANY))
@pytest.mark.parametrize("other", list(Change.ANY))
def test_pushes_add_up_as_numbers_do(one: Change, other: Change) -> None:
    sizes = {Change.DOWN: (-2, -1), Change.SAME: (0,), Change.UP: (1, 2)}
    sums = {int(np.sign(a + b)) for a in sizes[one] for b in sizes[other]}
    found = Change.NOTHING
    for number, direction in ((-1, Change.DOWN), (0, Change.SAME), (1, Change.UP)):
        if number in sums:
            found |= direction
    assert added(one, other) is found


def test_drugs_of_both_groups_at_one_receptor_leave_its_difference_open() -> None:
    # A partial agonist against a full one at half of the receptors: which does more hangs on how
    # much of its own transmitter is there.
    model = Sketch({"r": ("process", 0.3)}, {}).model()
    partial = given_drug({"T.r": {"action": "partial agonist", "efficacy": "0.5", "Ki": "1 nM"}})
    full = given_drug({"T.r": {"action": "agonist", "Ki": "9 nM"}}, name="full")
    one, other = Treatment((partial,)), Treatment((full,))
    bench = bench_of(model)
    found = difference_of(bench, one, other, Regimen.ACUTE, "d", Shift("one", "other"))
    assert found.pushed["r"] is Change.ANY
    alone = difference_of(bench, one, Treatment(), Regimen.ACUTE, "d", Shift("one", "none"))
    assert alone.pushed["r"] is Change.ANY
    blocked = Treatment((given_drug({"T.r": {"action": "antagonist"}}, name="blocker"),))
    down = difference_of(bench, blocked, Treatment(), Regimen.ACUTE, "d", Shift("one", "none"))
    assert down.pushed["r"] is Change.NOT_UP
