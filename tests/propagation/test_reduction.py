"""Elimination against dense solutions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from raphe.propagation.plan import plan_reduction
from raphe.propagation.reduction import drive, gains, solve
from strategies_networks import Sketch, matrix_of, pushes, sketches


@given(st.data(), sketches(most_nodes=7))
@example(None, Sketch({"a": ("process", 0.5)}, {}))
@example(None, Sketch({"a": ("process", 0.5)}, {"a -| a": 1.0}))
@example(
    None, Sketch({"a": ("process", 0.5), "b": ("process", 0.5)}, {"a -> b": 0.3, "a ~> b": 0.2})
)
def test_solves_as_a_dense_matrix_does(data: st.DataObject | None, sketch: Sketch) -> None:
    network = sketch.network()
    inputs = data.draw(pushes(network)) if data else np.ones((network.size, 1))
    weights = network.sign[:, None] * np.array([[one.low] for one in network.strengths]).reshape(
        -1, 1
    )
    for plan, used in (
        (network.full_plan, np.ones_like(network.slow)),
        (network.fast_plan, ~network.slow),
    ):
        matrix = np.zeros((network.size, network.size))
        np.add.at(matrix, (network.target[used], network.source[used]), weights[used, 0])
        system = np.eye(network.size) - matrix
        minors = [np.linalg.det(system[np.ix_(some, some)]) for some in _leading(plan.steps)]
        assume(all(abs(minor) > 1e-6 for minor in minors))
        x, least = solve(plan, gains(plan, weights), inputs)
        np.testing.assert_allclose(
            x[:, 0], np.linalg.solve(system, inputs[:, 0]), rtol=1e-6, atol=1e-9
        )
        assert (least[0] > 0) == all(minor > 0 for minor in minors)
        np.testing.assert_allclose(drive(plan, gains(plan, weights), x), matrix @ x, atol=1e-9)
        some = np.arange(0, network.size, 2)
        np.testing.assert_allclose(
            drive(plan, gains(plan, weights), x, some), (matrix @ x)[some], atol=1e-9
        )


def _leading(steps: tuple) -> list[list[int]]:  # type: ignore[type-arg]
    order = [step.node for step in steps]
    return [order[:count] for count in range(1, len(order) + 1)]


@given(sketches(most_nodes=6), st.integers(1, 5))
def test_each_draw_is_solved_as_if_it_were_alone(sketch: Sketch, draws: int) -> None:
    network = sketch.network()
    plan = network.full_plan
    weights = np.linspace(-0.9, 0.9, len(network.source) * draws).reshape(-1, draws)
    inputs = np.linspace(-1, 1, network.size * draws).reshape(-1, draws)
    together, _ = solve(plan, gains(plan, weights), inputs)
    for draw in range(draws):
        one = slice(draw, draw + 1)
        alone, _ = solve(plan, gains(plan, weights[:, one]), inputs[:, one])
        assert alone.tobytes() == together[:, one].tobytes()


@given(sketches(most_nodes=7))
def test_the_node_with_the_fewest_routes_goes_first(sketch: Sketch) -> None:
    """The queue gives the order of the definition: least inputs × outputs, then least number."""
    network = sketch.network()
    edges = {
        (int(a), int(b)) for a, b in zip(network.source, network.target, strict=True) if a != b
    }
    left = set(range(network.size))
    for step in network.full_plan.steps:
        heard = {node: sum(b == node for _, b in edges) for node in left}
        told = {node: sum(a == node for a, _ in edges) for node in left}
        assert step.node == min((heard[node] * told[node], node) for node in left)[1]
        left.remove(step.node)
        ins, outs = {a for a, b in edges if b == step.node}, {b for a, b in edges if a == step.node}
        edges |= {(a, b) for a in ins for b in outs if a != b}
        edges = {(a, b) for a, b in edges if step.node not in (a, b)}


def test_parallel_edges_add_up_and_unused_ones_do_not() -> None:
    ends = np.array([0, 0, 1]), np.array([1, 1, 0])
    plan = plan_reduction(2, *ends, np.array([True, True, False]))
    assert gains(plan, np.array([[0.5], [-0.2], [9.0]])).tolist() == [[0.3]]


def test_a_singular_system_has_no_finite_answer() -> None:
    plan = plan_reduction(2, np.array([0, 1]), np.array([1, 0]), np.array([True, True]))
    x, _ = solve(plan, np.array([[1.0, 0.5], [1.0, 0.5]]), np.ones((2, 2)))
    assert np.isfinite(x).all(axis=0).tolist() == [False, True]


@pytest.mark.parametrize("size", [0, 1, 3])
def test_a_network_without_edges_is_where_it_is_put(size: int) -> None:
    none = np.zeros(0, dtype=np.intp)
    plan = plan_reduction(size, none, none, np.zeros(0, dtype=bool))
    x, least = solve(plan, gains(plan, np.zeros((0, 2))), np.ones((size, 2)))
    assert x.tolist() == [[1.0, 1.0]] * size
    assert least.tolist() == [1.0, 1.0]


def test_the_predator_prey_chain_of_loop_analysis() -> None:
    """Three trophic levels, each damping itself: the adjoint that Dambacher et al. 2002 print, over
    3.

    J. M. Dambacher, H. W. Li and P. A. Rossignol, Ecology 83 (2002) 1372–1385.
    """
    sketch = Sketch(
        dict.fromkeys("abc", ("process", 0.5)),
        {"a -> b": 1.0, "b -| a": 1.0, "b -> c": 1.0, "c -| b": 1.0},
    )
    network = sketch.network()
    own = gains(network.full_plan, matrix_weights(network))
    table = np.hstack([solve(network.full_plan, own, push[:, None])[0] for push in np.eye(3)])
    np.testing.assert_allclose(3 * table, [[2, -1, 1], [1, 1, -1], [1, 1, 2]], atol=1e-12)


def matrix_weights(network) -> np.ndarray:  # type: ignore[no-untyped-def, type-arg]
    return network.sign[:, None] * np.array([[one.low] for one in network.strengths])


def test_matrix_of_is_written_like_the_definition() -> None:
    sketch = Sketch({"a": ("process", 0.5), "b": ("process", 0.5)}, {"a -> b": 0.4, "b ~| a": 0.3})
    model = sketch.model()
    assert matrix_of(model.network, model.ensemble).tolist() == [[0.0, -0.3], [0.4, 0.0]]
    assert matrix_of(model.network, model.ensemble, slow=False).tolist() == [[0.0, 0.0], [0.4, 0.0]]


@given(sketches(most_nodes=6))
def test_blocks_hold_every_gain_once_and_stand_in_order(sketch: Sketch) -> None:
    network = sketch.network()
    plan = network.full_plan
    seen: set[int] = set()
    rows: list[int] = []
    for block in plan.blocks:
        nodes = block.nodes.tolist()
        for node, heard in block.entering:
            assert node in nodes
            for row, source in heard:
                assert (plan.source[row], plan.target[row]) == (source, node)
                assert source in seen
                rows.append(row)
        np.testing.assert_array_equal(block.nodes[block.plan.source], plan.source[block.inside])
        np.testing.assert_array_equal(block.nodes[block.plan.target], plan.target[block.inside])
        rows += block.inside.tolist()
        seen.update(nodes)
    assert sorted(rows) == list(range(plan.pairs))
    assert sorted(seen) == list(range(network.size))
