"""The bounded steady state against every choice of held nodes."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from raphe.propagation.plan import plan_reduction
from raphe.propagation.reduction import gains
from raphe.propagation.stability import assess_stability
from raphe.propagation.steady_state import settle
from strategies_networks import Sketch, matrix_of, pushes, sketches

Array = NDArray[np.float64]


def every_rest(matrix: Array, inputs: Array, lower: Array, upper: Array) -> list[Array]:
    """The definition: of all 3ⁿ ways to hold nodes, the states that fit what they assume."""
    size = len(matrix)
    found: list[Array] = []
    for held in product((-1, 0, 1), repeat=size):
        bound = np.where(np.array(held) > 0, upper, lower)
        free = np.array(held) == 0
        if not np.isfinite(bound[~free]).all():
            continue
        system = np.eye(size) - matrix * free[:, None]
        if abs(np.linalg.det(system)) < 1e-12:
            continue
        x = np.linalg.solve(system, np.where(free, inputs, np.where(free, 0.0, bound)))
        if np.allclose(x, np.clip(matrix @ x + inputs, lower, upper), atol=1e-8) and not any(
            np.allclose(x, other, atol=1e-6) for other in found
        ):
            found.append(x)
    return found


@given(st.data(), sketches(most_nodes=5, heaviest=3.0, arrows=("->", "-|")))
def test_where_stability_is_proved_it_is_the_only_rest_there_is(
    data: st.DataObject, sketch: Sketch
) -> None:
    network, model = sketch.network(), sketch.model()
    own = model.network.sign[:, None] * np.array([[one.low] for one in network.strengths]).reshape(
        -1, 1
    )
    verdict = assess_stability(network.source, network.target, network.slow, own, network.component)
    assume(verdict.proved.all())
    inputs = data.draw(pushes(network, most=3.0))
    lower = -np.array([tone.low for tone in network.tones])[:, None]
    upper = np.where(network.is_level[:, None], np.inf, 1 + lower)
    matrix = matrix_of(network, model.ensemble)
    rest = settle(network.full_plan, gains(network.full_plan, own), inputs, lower, upper)
    (x,) = every_rest(matrix, inputs[:, 0], lower[:, 0], upper[:, 0])
    assert rest.settled.all()
    np.testing.assert_allclose(rest.x[:, 0], x, atol=1e-10)


@given(st.data(), sketches(most_nodes=6, heaviest=4.0))
def test_whatever_the_network_no_activity_leaves_its_bounds(
    data: st.DataObject, sketch: Sketch
) -> None:
    """Stable or not: what has settled is a rest within the bounds."""
    network = sketch.network()
    own = network.sign[:, None] * np.array([[one.low] for one in network.strengths]).reshape(-1, 1)
    inputs = data.draw(pushes(network, most=3.0))
    lower = -np.array([tone.low for tone in network.tones])[:, None]
    upper = 1 + lower
    rest = settle(network.full_plan, gains(network.full_plan, own), inputs, lower, upper)
    assume(rest.settled.all())
    assert (rest.x >= lower - 1e-6).all()
    assert (rest.x <= upper + 1e-6).all()
    matrix = np.zeros((network.size, network.size))
    np.add.at(matrix, (network.target, network.source), own[:, 0])
    np.testing.assert_allclose(rest.x, np.clip(matrix @ rest.x + inputs, lower, upper), atol=1e-5)


@given(st.integers(0, 2**32), st.integers(2, 40))
@example(0, 30)
def test_each_draw_settles_as_if_it_were_alone(seed: int, draws: int) -> None:
    random = np.random.default_rng(seed)
    ends = np.array([(a, b) for a in range(5) for b in range(5) if a != b and (a + 2 * b) % 3])
    plan = plan_reduction(5, ends[:, 0], ends[:, 1], np.ones(len(ends), dtype=bool))
    own = random.uniform(-0.6, 0.6, (len(ends), draws))
    inputs = random.uniform(-2, 2, (5, draws)) * (random.random(draws) < 0.5)
    lower, upper = -random.uniform(0, 1, (5, draws)), random.uniform(0, 1, (5, draws))
    together = settle(plan, own, inputs, lower, upper)
    for draw in range(draws):
        one = slice(draw, draw + 1)
        alone = settle(plan, own[:, one], inputs[:, one], lower[:, one], upper[:, one])
        assert alone.x.tobytes() == together.x[:, one].tobytes()
        assert alone.settled[0] == together.settled[draw]


def test_integral_feedback_brings_a_node_back_exactly() -> None:
    """A self-loop of exactly 1 integrates, so the node that it watches ends where it began.

    T.-M. Yi et al., Proc. Natl. Acad. Sci. USA 97 (2000) 4649–4653. The first pivot is zero here.
    """
    plan = plan_reduction(2, np.array([0, 0, 1]), np.array([0, 1, 0]), np.ones(3, dtype=bool))
    wide = np.full((2, 1), 10.0)
    rest = settle(plan, np.array([[1.0], [-1.0], [1.0]]), np.array([[0.0], [0.7]]), -wide, wide)
    assert rest.settled.all()
    np.testing.assert_allclose(rest.x.ravel(), [0.7, 0.0], atol=1e-6)


def test_what_can_come_to_no_rest_is_said_to_be_unsettled() -> None:
    """A level without a ceiling that keeps all it gets and gets more: x = x + 0.5."""
    plan = plan_reduction(1, np.array([0]), np.array([0]), np.array([True]))
    one = np.ones((1, 1))
    rest = settle(plan, one, 0.5 * one, -one, np.inf * one)
    assert rest.settled.tolist() == [False]


def test_a_singular_draw_does_not_disturb_its_neighbours() -> None:
    plan = plan_reduction(2, np.array([0, 1]), np.array([1, 0]), np.ones(2, dtype=bool))
    own, push, wide = (
        np.array([[1.0, 0.5], [1.0, 0.5]]),
        np.array([[0.3, 0.3], [0.0, 0.0]]),
        np.ones((2, 2)),
    )
    rest = settle(plan, own, push, -wide, wide)
    np.testing.assert_allclose(rest.x[:, 1], [0.4, 0.2], atol=1e-12)
    np.testing.assert_allclose(rest.x[:, 0], [1.0, 1.0], atol=1e-6)
    assert rest.settled.all()


def test_newtons_method_needs_no_help_where_nodes_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ends of a negative loop reach a bound, one upper and one lower."""
    monkeypatch.delattr("raphe.propagation.steady_state._followed")
    plan = plan_reduction(3, np.array([0, 1, 2]), np.array([1, 2, 0]), np.ones(3, dtype=bool))
    bound = np.full((3, 1), 0.5)
    own, push = np.array([[2.0], [-2.0], [0.5]]), np.array([[1.0], [0.0], [0.0]])
    rest = settle(plan, own, push, -bound, bound)
    assert rest.x.ravel().tolist() == [0.5, 0.5, -0.5]


@given(st.data(), sketches(most_nodes=6, heaviest=3.0, arrows=("->", "-|")))
def test_what_drugs_leave_of_what_a_node_hears_scales_its_gains(
    data: st.DataObject, sketch: Sketch
) -> None:
    network = sketch.network()
    plan = network.full_plan
    own = network.sign[:, None] * np.array([[one.low] for one in network.strengths]).reshape(-1, 1)
    inputs = data.draw(pushes(network, most=3.0))
    left = 1 - np.abs(data.draw(pushes(network)))
    lower = -np.array([tone.low for tone in network.tones])[:, None]
    one = settle(plan, gains(plan, own), inputs, lower, 1 + lower, left)
    other = settle(plan, gains(plan, own * left[network.target]), inputs, lower, 1 + lower)
    assert one.settled.tolist() == other.settled.tolist()
    np.testing.assert_allclose(one.x, other.x, atol=1e-9)


def test_what_nothing_reaches_stays_where_it_is_even_where_it_is_singular() -> None:
    """A node that keeps all that it gets, and gets nothing."""
    plan = plan_reduction(2, np.array([0, 0]), np.array([0, 1]), np.ones(2, dtype=bool))
    rest = settle(
        plan, np.ones((2, 1)), np.array([[0.0], [0.3]]), -np.ones((2, 1)), np.ones((2, 1))
    )
    assert rest.settled.all()
    assert rest.x.ravel().tolist() == [0.0, 0.3]


def test_a_loop_upon_itself_alone_is_divided_out_and_then_bounded() -> None:
    plan = plan_reduction(1, np.array([0]), np.array([0]), np.array([True]))
    loops = np.array([[0.5, 0.5, -3.0, -3.0]])
    push = np.array([[0.3, 0.6, 0.8, -4.4]])
    bound = np.ones((1, 4))
    rest = settle(plan, loops, push, -bound, bound)
    np.testing.assert_allclose(rest.x, [[0.6, 1.0, 0.2, -1.0]], atol=1e-15)
    assert rest.settled.all()
