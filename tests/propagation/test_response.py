"""Regimens: each against the equations that define it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.model import Model
from raphe.perturbation import Perturbation
from raphe.prior import bounds
from raphe.propagation.arrays import Floats
from raphe.propagation.response import Response, respond
from strategies_networks import Sketch, imposed, matrix_of, pushes, sketches, untouched

SMALL = 0.01


def response(model: Model, inputs: Floats, regimen: Regimen) -> Response:
    network = model.network
    return respond(network, model.ensemble, imposed(inputs), untouched(network), regimen)


def drawn(sketch: Sketch) -> Model:
    """The model, where its one draw is stable."""
    model = sketch.model()
    try:
        _ = model.ensemble
    except InputError:
        assume(False)
    return model


roomy = sketches(kinds=("process", "firing"), heaviest=0.8).map(
    lambda sketch: Sketch(
        {name: (kind, 0.5) for name, (kind, _) in sketch.nodes.items()}, sketch.edges
    )
)


@given(st.data(), roomy, st.sampled_from(list(Regimen)))
def test_opposite_cause_opposite_effect_and_half_the_cause_half_the_effect(
    data: st.DataObject, sketch: Sketch, regimen: Regimen
) -> None:
    """Away from the bounds."""
    model = drawn(sketch)
    push = data.draw(pushes(model.network, most=SMALL))
    whole = response(model, push, regimen).x
    assume(np.abs(whole).max() < 0.4)
    np.testing.assert_allclose(response(model, -push, regimen).x, -whole, atol=1e-12)
    np.testing.assert_allclose(response(model, push / 2, regimen).x, whole / 2, atol=1e-12)


@given(st.data(), sketches(heaviest=3.0), st.sampled_from(list(Regimen)))
def test_no_activity_leaves_its_bounds(
    data: st.DataObject, sketch: Sketch, regimen: Regimen
) -> None:
    model = drawn(sketch)
    push = data.draw(pushes(model.network, most=3.0))
    found = response(model, push, regimen)
    assume(found.settled.all())
    for node, (kind, tone) in enumerate(sketch.nodes.values()):
        low, high = {
            "firing": (-1.0, np.inf),
            "transporter": (-2 * tone, 1 - tone),
            "process": (-tone, 1 - tone),
        }[kind]
        assert low - 1e-6 <= found.x[node, 0] <= high + 1e-6
    lower, upper = bounds(model.network, model.ensemble.tones)
    assert (lower <= 0).all()
    assert (upper >= 0).all()


@given(st.data(), roomy)
def test_each_regimen_solves_its_own_equation(data: st.DataObject, sketch: Sketch) -> None:
    """Acute (I − F)⁻¹u, chronic (I − F − S)⁻¹u, and from there, in washout, (I − F)⁻¹ S z."""
    model = drawn(sketch)
    push = data.draw(pushes(model.network, most=SMALL))
    fast = matrix_of(model.network, model.ensemble, slow=False)
    slow = matrix_of(model.network, model.ensemble, slow=True)
    one = np.eye(model.network.size)
    acute = np.linalg.solve(one - fast, push)
    chronic = np.linalg.solve(one - fast - slow, push)
    washout = np.linalg.solve(one - fast, slow @ chronic)
    assume(max(np.abs(x).max() for x in (acute, chronic, washout)) < 0.4)
    for regimen, expected in (
        (Regimen.ACUTE, acute),
        (Regimen.CHRONIC, chronic),
        (Regimen.WASHOUT, washout),
    ):
        np.testing.assert_allclose(response(model, push, regimen).x, expected, atol=1e-9)


@given(st.data(), roomy)
def test_an_acute_drug_meets_an_animal_that_has_adapted_to_its_condition(
    data: st.DataObject, sketch: Sketch
) -> None:
    model = drawn(sketch)
    network = model.network
    ill, drug = data.draw(pushes(network, most=SMALL)), data.draw(pushes(network, most=SMALL))
    left = data.draw(pushes(network)) ** 2
    found = respond(
        network, model.ensemble, Perturbation(left, ill + drug), imposed(ill), Regimen.ACUTE
    )
    fast = matrix_of(network, model.ensemble, slow=False)
    slow = matrix_of(network, model.ensemble, slow=True)
    one = np.eye(network.size)
    before = np.linalg.solve(one - fast - slow, ill)
    expected = np.linalg.solve(one - left * fast, ill + drug + left * (slow @ before))
    assume(max(np.abs(x).max() for x in (before, expected)) < 0.4)
    np.testing.assert_allclose(found.x, expected, atol=1e-9)


@pytest.mark.parametrize(
    ("kind", "lowest", "highest"),
    [("process", -0.4, 0.6), ("firing", -1.0, 5.0), ("transporter", -0.8, 0.6)],
)
def test_each_kind_of_node_has_bounds_of_its_own(kind: str, lowest: float, highest: float) -> None:
    """Silent to full; down to nothing and without a ceiling; and backwards as fast as forwards."""
    model = Sketch({"a": (kind, 0.4)}, {}).model()
    for push, expected in ((-5.0, lowest), (5.0, highest)):
        assert response(model, np.array([[push]]), Regimen.ACUTE).x[0, 0] == pytest.approx(expected)


@given(st.data(), sketches(), st.sampled_from(list(Regimen)))
def test_what_no_path_reaches_stays_where_it_is(
    data: st.DataObject, sketch: Sketch, regimen: Regimen
) -> None:
    model = drawn(sketch)
    network = model.network
    start = data.draw(st.integers(0, network.size - 1))
    push = np.zeros((network.size, 1))
    push[start] = 0.7
    reached = {start}
    for _ in range(network.size):
        reached |= {
            int(b) for a, b in zip(network.source, network.target, strict=True) if int(a) in reached
        }
    x = response(model, push, regimen).x
    assert all(x[node, 0] == 0 for node in range(network.size) if node not in reached)


@given(st.integers(5, 500).map(lambda w: w / 100), st.integers(-40, 40).map(lambda p: p / 100))
def test_adaptation_takes_back_its_share_and_never_turns_a_change_round(
    weight: float, push: float
) -> None:
    """A slow self-loop of weight w takes back w / (1 + w), and rebounds by that in washout."""
    model = Sketch({"a": ("process", 0.5)}, {"a ~| a": weight}).model()
    inputs = np.array([[push]])
    acute, chronic, washout = (response(model, inputs, regimen).x[0, 0] for regimen in Regimen)
    assert acute == pytest.approx(push)
    assert acute - chronic == pytest.approx(weight / (1 + weight) * acute)
    assert chronic * acute >= 0
    assert washout == pytest.approx(max(-0.5, min(0.5, -weight * chronic)))


@given(st.data(), sketches())
def test_a_node_that_is_blocked_hears_nothing_and_stays_where_it_is_put(
    data: st.DataObject, sketch: Sketch
) -> None:
    """A do-intervention: with gain 0, the node is what was imposed on it, whatever reaches it."""
    model = drawn(sketch)
    network = model.network
    inputs = data.draw(pushes(network))
    node = data.draw(st.integers(0, network.size - 1))
    gain = np.ones_like(inputs)
    gain[node] = 0
    found = respond(
        network, model.ensemble, Perturbation(gain, inputs), untouched(network), Regimen.ACUTE
    )
    assume(found.settled.all())
    lower, upper = bounds(network, model.ensemble.tones)
    assert found.x[node] == pytest.approx(np.clip(inputs[node], lower[node], upper[node]))


def test_a_press_on_a_food_chain_alternates_on_the_way_down() -> None:
    """More top predators: fewer of what they eat, more of what that eats (the trophic cascade).

    S. D. Fretwell, Perspect. Biol. Med. 20 (1977) 169–185; R. Levins, Ann. N. Y. Acad. Sci. 231
    (1974) 123–138.
    """
    names = "abcde"
    edges = {f"{one} -> {other}": 0.5 for one, other in pairwise(names)}
    edges |= {f"{other} -| {one}": 0.5 for one, other in pairwise(names)}
    model = Sketch(dict.fromkeys(names, ("process", 0.5)), edges).model()
    push = np.zeros((5, 1))
    push[4] = 0.1
    assert np.sign(response(model, push, Regimen.ACUTE).x[:, 0]).tolist() == [1, -1, 1, -1, 1]
    push[4], push[0] = 0, 0.1
    assert np.sign(response(model, push, Regimen.ACUTE).x[:, 0]).tolist() == [1, 1, 1, 1, 1]
