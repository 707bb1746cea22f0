"""What the equations do, the laws of signs allow: the translation of treatments is sound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, currently_in_test_context, given, settings
from hypothesis import strategies as st
from joint_oracle import broken
from strategies_networks import Sketch, given_drug, sketches, treatments

from raphe.finding import Regimen
from raphe.joint.circuit import signed_circuit
from raphe.joint.problem import Laws, Problem, Shift
from raphe.joint.treated import LITERAL, Bench, Reading, added, condition_of, difference_of
from raphe.model import Model
from raphe.perturbation import Treatment
from raphe.propagation.stability import assess_stability
from raphe.sign import Change

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
    model = sketch.model()
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
    other = Treatment(other.administrations, one.condition)
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
    # Two states may lie at one bound, whatever would move the one from the other.
    problem = Problem(bench.circuit.graph, conditions, Laws(unchanged_explained=False))
    x, y = (states(model, treatment, regimen) for treatment in (one, other))
    names = model.network.names
    seen = {"one": signs(x, names), "other": signs(y, names), "both": signs(x - y, names)}
    assert broken(problem, seen) == []


def test_a_loop_that_only_others_hold_back_need_not_be_founded() -> None:
    # Excitation that raises itself more than by its own size, held by inhibition: what drives the
    # inhibition lowers both (Tsodyks et al., J. Neurosci. 17 (1997) 4382-4388). No stability
    # whatever the time constants is proved of it, and founded it is not.
    sketch = Sketch(
        {"e": ("firing", 1.0), "i": ("firing", 1.0), "r": ("process", 0.5)},
        {"e -> e": 1.3, "e -> i": 1.5, "i -| e": 1.5, "r -> i": 0.4},
    )
    model = sketch.model()
    assert not is_proved(model)
    treatment = Treatment((given_drug({"T.r": {"action": "agonist"}}),))
    seen = signs(states(model, treatment, Regimen.ACUTE), model.network.names)
    assert seen == {"e": Change.DOWN, "i": Change.DOWN, "r": Change.UP}
    bench = bench_of(model)
    condition = condition_of(bench, treatment, Regimen.ACUTE, "t")
    graph = bench.circuit.graph
    assert broken(Problem(graph, (condition,), Laws(founded=False)), {"t": seen}) == []
    assert [what.split()[1] for what in broken(Problem(graph, (condition,)), {"t": seen})] == [
        "e",
        "i",
    ]


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
