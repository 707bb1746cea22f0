"""Accounts against brute force: all paths and loops, edges deleted, coalitions solved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise, permutations

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from raphe.errors import InputError
from raphe.explanation.account import Account
from raphe.explanation.edges import edge_effects
from raphe.explanation.loops import feedback_loops, loop_effect
from raphe.explanation.routes import Explanation
from raphe.explanation.targets import (
    MOST_PLAYERS,
    account_of_targets,
    shapley_taylor,
    shapley_values,
)
from raphe.finding import Regimen
from raphe.prediction import Prediction, predict_treatment
from raphe.treatment import Treatment
from strategies_networks import Sketch, a_condition, given_drug, matrix_of, sketches, treatments

Array = NDArray[np.float64]
ALL_PATHS = 3000


def predicted(
    sketch: Sketch, treatment: Treatment, regimen: Regimen, comparator: Treatment | None = None
) -> Prediction:
    """A prediction from the weights as given, where they are stable and come to rest."""
    try:
        return predict_treatment(sketch.model(), treatment, regimen, comparator, fragility=False)
    except InputError:
        assume(False)
        raise


def dense(explanation: Explanation) -> tuple[Array, Array]:
    """A and b of an explanation, written out."""
    gains = explanation.arrivals.gains
    matrix = np.zeros((gains.size, gains.size))
    matrix[gains.target, gains.source] = gains.values
    return matrix, explanation.system.imposed


def own_system(prediction: Prediction) -> tuple[Array, Array]:
    """A and b of the treated side against an untouched one, worked out from nothing but the model.

    What a bound holds is an input of its own; under washout both layers are written out.
    """
    model, contrast = prediction.model, prediction.contrast
    network, ensemble = model.network, model.ensemble
    fast, slow = (matrix_of(network, ensemble, slow=one) for one in (False, True))
    lower, upper = ensemble.lower[:, 0], ensemble.upper[:, 0]
    gain, inputs = contrast.perturbation.gain[:, 0], contrast.perturbation.inputs[:, 0]

    def layer(
        matrix: Array, left: Array, pushed: Array, x: Array, more: Array
    ) -> tuple[Array, Array, Array]:
        heard = left * (matrix @ x + more) + pushed
        held = (heard > upper + 1e-9) | (heard < lower - 1e-9)
        free = np.where(held, 0.0, left)
        return free[:, None] * matrix, np.where(held, x, pushed), free

    x = contrast.treated.x[:, 0]
    nothing = np.zeros(network.size)
    if prediction.regimen is Regimen.CHRONIC:
        return layer(fast + slow, gain, inputs, x, nothing)[:2]
    if prediction.regimen is Regimen.ACUTE:
        return layer(fast, gain, inputs, x, nothing)[:2]
    assert contrast.treated.adapted is not None
    before = contrast.treated.adapted[:, 0]
    under, pushed, _ = layer(fast + slow, gain, inputs, before, nothing)
    later, held, free = layer(fast, np.ones_like(gain), nothing, x, slow @ before)
    whole = np.block([[under, np.zeros_like(under)], [free[:, None] * slow, later]])
    return whole, np.concatenate([pushed, held])


def graph_of(matrix: Array) -> nx.DiGraph:
    graph = nx.DiGraph([(int(j), int(i)) for i, j in zip(*np.nonzero(matrix), strict=True)])
    graph.add_nodes_from(range(len(matrix)))
    return graph


def determinant(matrix: Array, without: set[int]) -> float:
    """det(I − A) of a network from which nodes are deleted."""
    rest = [one for one in range(len(matrix)) if one not in without]
    return float(np.linalg.det(np.eye(len(rest)) - matrix[np.ix_(rest, rest)]))


def path_terms(matrix: Array, b: Array, goal: int) -> dict[tuple[int, ...], float]:
    """b · gain · det(I − A without the path) / det(I − A) of every simple path, by networkx."""
    graph, whole = graph_of(matrix), determinant(matrix, set())
    found = {}
    for start in np.flatnonzero(b).tolist():
        paths = [[start]] if start == goal else nx.all_simple_paths(graph, start, goal)
        for path in paths:
            gain = float(np.prod([matrix[two, one] for one, two in pairwise(path)]))
            found[tuple(path)] = b[start] * gain * determinant(matrix, set(path)) / whole
    return found


@settings(max_examples=120, deadline=None)
@given(st.data(), sketches(least_nodes=2, most_nodes=12), st.sampled_from(list(Regimen)))
def test_paths_are_those_of_brute_force_and_sum_to_the_change(
    data: st.DataObject, sketch: Sketch, regimen: Regimen
) -> None:
    """Loops, bounds, gains and three regimens, in networks of up to twelve nodes."""
    network = sketch.network()
    treatment = data.draw(treatments(network, condition=False))
    assume(treatment.administrations)
    prediction = predicted(sketch, treatment, regimen)
    node = data.draw(st.sampled_from(network.names))
    explanation = Explanation.with_bounds(prediction, node, 0)
    matrix, b = own_system(prediction)
    goal = network.index[node] + len(matrix) - network.size
    terms = path_terms(matrix, b, goal)
    whole = prediction.contrast.change[network.index[node], 0]
    assert sum(terms.values()) == pytest.approx(whole, abs=1e-9)
    trace = explanation.trace(ALL_PATHS)
    assert trace.is_complete
    assert trace.remainder == pytest.approx(0, abs=1e-9)
    names = network.names
    found: dict[tuple[str, ...], float] = {}
    for route in trace.routes:
        found[route.nodes] = found.get(route.nodes, 0.0) + route.share
    expected: dict[tuple[str, ...], float] = {}
    for path, share in terms.items():
        key = tuple(names[one % len(names)] for one in path)
        expected[key] = expected.get(key, 0.0) + share
    for key in found.keys() | expected.keys():
        assert found.get(key, 0.0) == pytest.approx(expected.get(key, 0.0), abs=1e-9), key


@settings(max_examples=120, deadline=None)
@given(st.data(), sketches(most_nodes=8), st.sampled_from(list(Regimen)))
def test_against_any_comparator_few_paths_and_a_remainder_sum_to_the_change(
    data: st.DataObject, sketch: Sketch, regimen: Regimen
) -> None:
    """Other drugs, other animals; what is not named is one remainder."""
    network = sketch.network()
    treatment = data.draw(treatments(network))
    comparator = data.draw(st.one_of(st.none(), st.just(Treatment()), treatments(network)))
    prediction = predicted(sketch, treatment, regimen, comparator)
    most = data.draw(st.integers(1, 4))
    for number, node in enumerate(network.names):
        change = prediction.contrast.change[number, 0]
        explanation = Explanation.with_bounds(prediction, node, 0)
        assert sum(explanation.origins.values()) == pytest.approx(change, abs=1e-9)
        full, few = explanation.trace(ALL_PATHS), explanation.trace(most)
        assert sum(one.share for one in full.routes) == pytest.approx(change, abs=1e-9)
        assert len(few.routes) <= most
        named = sum(one.share for one in few.routes)
        assert named + few.remainder == pytest.approx(change, abs=1e-12)
        left_out = sum(one.share for one in full.routes) - named
        assert few.remainder == pytest.approx(left_out, abs=1e-9)
        assert few.is_complete == (len(full.routes) <= most)


def cycle_sets(cycles: list[tuple[int, ...]]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Sets of cycles of which no two touch, the empty one included."""
    yield ()
    for count in range(1, len(cycles) + 1):
        found = False
        for several in combinations(cycles, count):
            if len({node for one in several for node in one}) == sum(map(len, several)):
                found = True
                yield several
        if not found:
            return


def least_first(cycle: tuple[int, ...]) -> tuple[int, ...]:
    start = cycle.index(min(cycle))
    return cycle[start:] + cycle[:start]


def mason(matrix: Array, b: Array, goal: int, cycles: list[tuple[int, ...]]) -> tuple[float, float]:
    """Numerator and determinant of Mason's formula, of some of the cycles only."""

    def gain(cycle: tuple[int, ...]) -> float:
        ends = pairwise([*cycle, cycle[0]])
        return float(np.prod([matrix[two, one] for one, two in ends]))

    def beside(path: set[int]) -> float:
        apart = [one for one in cycles if not path.intersection(one)]
        return float(sum(np.prod([-gain(one) for one in several]) for several in cycle_sets(apart)))

    graph, top = graph_of(matrix), 0.0
    for start in np.flatnonzero(b).tolist():
        for path in [[start]] if start == goal else nx.all_simple_paths(graph, start, goal):
            along = np.prod([matrix[two, one] for one, two in pairwise(path)])
            top += b[start] * along * beside(set(path))
    return top, beside(set())


@settings(max_examples=80, deadline=None)
@given(st.data(), sketches(least_nodes=2, most_nodes=6), st.sampled_from(list(Regimen)))
def test_without_a_loop_the_answer_is_masons_formula_without_its_terms(
    data: st.DataObject, sketch: Sketch, regimen: Regimen
) -> None:
    network = sketch.network()
    treatment = data.draw(treatments(network))
    prediction = predicted(sketch, treatment, regimen)
    node = data.draw(st.sampled_from(network.names))
    explanation = Explanation.with_bounds(prediction, node, 0)
    matrix, b = dense(explanation)
    # Where a bound holds what would have damped a loop, the draw may rest where nothing rests.
    assume(determinant(matrix, set()) > 1e-6)
    cycles = [least_first(tuple(one)) for one in nx.simple_cycles(graph_of(matrix))]
    assume(0 < len(cycles) <= 9)
    goal = explanation.arrivals.goal
    upstream = explanation.arrivals.upstream
    expected = set()
    for cycle in cycles:
        if not all(upstream[one] for one in cycle):
            continue
        loop = loop_effect(explanation, cycle)
        top, bottom = mason(matrix, b, goal, [one for one in cycles if one != cycle])
        if loop.without is None:
            assert bottom <= 1e-6
        else:
            assert loop.without == pytest.approx(top / bottom, rel=1e-6, abs=1e-8)
        if loop.without is None or abs(loop.effect) > 1e-11:
            expected.add((loop.nodes, loop.is_later))
    # The search finds them all, each once.
    found = [(loop.nodes, loop.is_later) for loop in feedback_loops(explanation, 100)]
    assert len(set(found)) == len(found)
    assert expected <= set(found)


@settings(max_examples=120, deadline=None)
@given(st.data(), sketches(least_nodes=2, most_nodes=6), st.sampled_from(list(Regimen)))
def test_an_edge_is_worth_what_its_deletion_changes(
    data: st.DataObject, sketch: Sketch, regimen: Regimen
) -> None:
    """By the update where bounds stay as they were, and by settling anew wherever."""
    network = sketch.network()
    assume(len(network.edge_names))
    treatment = data.draw(treatments(network))
    comparator = data.draw(st.one_of(st.none(), treatments(network)))
    prediction = predicted(sketch, treatment, regimen, comparator)
    node = data.draw(st.sampled_from(network.names))
    number = network.index[node]
    effects = {one.edge: one for one in edge_effects(prediction, node, 0)}
    total = prediction.contrast.change[number, 0]
    for edge, name in enumerate(network.edge_names):
        cut = {arrow: weight for arrow, weight in sketch.edges.items() if arrow != name}
        assert len(cut) == len(sketch.edges) - 1
        try:
            other = predict_treatment(
                sketch.with_edges(cut).model(), treatment, regimen, comparator, fragility=False
            )
        except InputError:
            # Runs away without it, or does not come to rest: nothing to compare with.
            continue
        change = other.contrast.change[number, 0]
        if edge in effects:
            found = effects[edge]
            assert found.total == pytest.approx(total, abs=1e-9)
            if found.without is not None:
                assert found.without == pytest.approx(change, abs=1e-6)
            if found.updated is not None and not found.moves_bounds and found.was_settled:
                assert found.updated == pytest.approx(change, abs=1e-6)
        else:
            assert change == pytest.approx(total, abs=1e-9)


def test_the_update_alone_says_what_settling_says_where_nothing_is_at_a_bound() -> None:
    nodes = {"a": ("process", 0.5)} | dict.fromkeys("bcd", ("firing", 1.0))
    edges = {"a -> b": 0.6, "b -| c": 0.5, "c -> a": 0.7, "b -> d": 0.4, "c ~| d": 0.3}
    drug = given_drug({"T.a": {"action": "agonist", "Ki": "9 nM"}})
    for regimen in Regimen:
        prediction = predicted(Sketch(nodes, edges), Treatment((drug,)), regimen)
        by_update = {one.edge: one.without for one in edge_effects(prediction, "d", 0, 0)}
        anew = {one.edge: one.without for one in edge_effects(prediction, "d", 0)}
        assert len(by_update) > 3
        assert by_update == pytest.approx(anew, abs=1e-12)


def brute_shapley(worth: Array) -> Array:
    """The definition: what each adds when it joins, over all orders."""
    count = len(worth).bit_length() - 1
    orders = list(permutations(range(count)))
    values = np.zeros(count)
    for order in orders:
        there = 0
        for player in order:
            values[player] += worth[there | 1 << player] - worth[there]
            there |= 1 << player
    return values / len(orders)


@given(st.integers(1, 5), st.integers(0, 2**32))
def test_shares_are_shapleys_and_interactions_sum_with_what_is_brought_alone(
    count: int, seed: int
) -> None:
    worth = np.random.default_rng(seed).normal(size=2**count)
    values, pairs = shapley_values(worth), shapley_taylor(worth)
    np.testing.assert_allclose(values, brute_shapley(worth), atol=1e-12)
    total = worth[-1] - worth[0]
    assert values.sum() == pytest.approx(total)
    alone = np.array([worth[1 << one] - worth[0] for one in range(count)])
    assert alone.sum() + pairs.sum() / 2 == pytest.approx(total)
    np.testing.assert_allclose(values, alone + pairs.sum(axis=1) / 2, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.data(), sketches(least_nodes=2, most_nodes=6), st.sampled_from(list(Regimen)))
def test_what_some_bindings_bring_is_what_the_drug_without_the_others_does(
    data: st.DataObject, sketch: Sketch, regimen: Regimen
) -> None:
    """Alone and last, by leaving targets out of the treatment itself."""
    network = sketch.network()
    treatment = data.draw(treatments(network))
    assume(treatment.administrations)
    prediction = predicted(sketch, treatment, regimen)
    node = data.draw(st.sampled_from(network.names))
    number = network.index[node]
    account = account_of_targets(prediction, node)
    assume(account is not None)
    assert account is not None
    assert account.total == pytest.approx(prediction.contrast.change[number, 0], abs=1e-9)
    assert sum(one.share for one in account.shares) == pytest.approx(account.total, abs=1e-9)
    targets = {target for one in account.shares for _, target in one.player.sites}
    everywhere = {one.target for one in prediction.perturbation.contacts}

    def change_without(left_out: set[str]) -> float:
        spared = replace(treatment, without=tuple(sorted(left_out)))
        model = prediction.model
        response, _ = model.respond(spared, regimen)
        other = prediction.contrast.other
        assume(bool(response.settled.all()))
        return float(response.x[number, 0] - (other.x[number, 0] if other else 0.0))

    by_target = {
        target: sum(target in {t for _, t in one.player.sites} for one in account.shares)
        for target in targets
    }
    for one in account.shares:
        ((_, target),) = one.player.sites
        if by_target[target] > 1:
            continue  # Two drugs there: leaving the target out leaves out both.
        assert one.last == pytest.approx(account.total - change_without({target}), abs=1e-9)
        nothing = change_without(everywhere)
        alone = change_without(everywhere - {target}) - nothing
        assert one.alone == pytest.approx(alone, abs=1e-9)


def test_the_shares_of_a_combination_are_those_of_what_it_adds() -> None:
    """Against one of its drugs: the other one, a drug that is missing, and a condition."""
    nodes = {"a": ("process", 0.5), "b": ("process", 0.5), "c": ("firing", 1.0)}
    sketch = Sketch(nodes, {"a -> c": 0.5, "b -| c": 0.4, "c ~| a": 0.3})
    one = given_drug({"T.a": {"action": "antagonist"}}, name="one")
    two = given_drug({"T.b": {"action": "agonist"}}, name="two")
    ill = a_condition(perturbs={"c": {"direction": "up", "strength": "0.2"}})
    for treatment, comparator, names in (
        (Treatment((one, two)), Treatment((one,)), {"two at T.b": False}),
        (Treatment((two,)), Treatment((one,)), {"two at T.b": False, "one at T.a": True}),
        (Treatment((two,), ill), Treatment(), {"two at T.b": False, "Condition": False}),
    ):
        for regimen in Regimen:
            prediction = predicted(sketch, treatment, regimen, comparator)
            account = account_of_targets(prediction, "c")
            assert account is not None
            assert {s.player.name: s.player.is_missing for s in account.shares} == names
            change = prediction.contrast.change[prediction.model.network.index["c"], 0]
            assert account.total == pytest.approx(change, abs=1e-12)
            assert sum(s.share for s in account.shares) == pytest.approx(change, abs=1e-12)


def test_many_targets_are_a_few_and_the_rest_and_still_sum() -> None:
    names = [f"n{number:02d}" for number in range(MOST_PLAYERS + 4)]
    nodes = dict.fromkeys(names, ("process", 0.5)) | {"z": ("firing", 1.0)}
    edges = {f"{name} -> z": 0.05 + 0.02 * number for number, name in enumerate(names)}
    drug = given_drug({f"T.{name}": {"action": "antagonist"} for name in names})
    prediction = predicted(Sketch(nodes, edges), Treatment((drug,)), Regimen.ACUTE)
    account = account_of_targets(prediction, "z")
    assert account is not None
    assert len(account.shares) == MOST_PLAYERS
    rest = next(one.player for one in account.shares if len(one.player.sites) > 1)
    assert rest.name == "5 other bindings"
    change = prediction.contrast.change[prediction.model.network.index["z"], 0]
    assert sum(one.share for one in account.shares) == pytest.approx(change, abs=1e-9)


def test_a_silent_receptor_s_block_is_nothing_alone_and_something_with_its_transmitter() -> None:
    """The antagonist at r does nothing at rest, and keeps from s what the drug at n sends it."""
    nodes = {"n": ("process", 0.0), "r": ("receptor", 0.0), "s": ("firing", 1.0)}
    sketch = Sketch(nodes, {"n -> r": 0.5, "r -| s": 0.5, "n -> s": 0.2})
    drug = given_drug({"T.n": {"action": "agonist"}, "T.r": {"action": "antagonist"}})
    prediction = predicted(sketch, Treatment((drug,)), Regimen.ACUTE)
    account = Account(prediction, "s")
    shares = {one.player.sites[0][1]: one for one in account.by_target.shares}  # type: ignore[union-attr]
    assert shares["T.r"].alone == 0
    assert shares["T.r"].last == pytest.approx(0.9 * 0.9 * 0.25)
    (pair,) = account.by_target.interactions  # type: ignore[union-attr]
    assert pair.value == pytest.approx(0.9 * 0.9 * 0.25)
    (kept,) = account.kept_from("T.r")
    assert (kept.node, kept.source) == ("r", "n")
    assert kept.share == pytest.approx(0.9 * 0.9 * 0.25)


def test_a_held_node_is_an_input_and_cuts_what_reaches_it() -> None:
    nodes = {"a": ("process", 0.0), "b": ("process", 0.8), "c": ("firing", 1.0)}
    sketch = Sketch(nodes, {"a -> b": 1.0, "b -> c": 0.5, "a -> c": 0.1})
    drug = given_drug({"T.a": {"action": "agonist"}})
    prediction = predicted(sketch, Treatment((drug,)), Regimen.ACUTE)
    trace = Explanation.with_bounds(prediction, "c", 0).trace(10)
    told = {(route.nodes, route.bound): route.share for route in trace.routes}
    assert told == pytest.approx({(("b", "c"), "highest"): 0.1, (("a", "c"), ""): 0.09})
    by_secant = Explanation.with_secants(prediction, "c", 0).trace(10)
    assert {route.nodes for route in by_secant.routes} == {("a", "b", "c"), ("a", "c")}
    assert sum(route.share for route in by_secant.routes) == pytest.approx(0.19)
