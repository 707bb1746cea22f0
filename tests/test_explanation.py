"""Explanations: Mason's formula, summed over all simple paths, is the change."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from raphe.calling import WORTH_A_WORD, Call
from raphe.contrast import change_of
from raphe.errors import InputError
from raphe.explanation.routes import Explanation, Route, main_route
from raphe.finding import Regimen
from raphe.model import Model
from raphe.obstacles import obstacle
from raphe.prediction import Prediction, predict_treatment
from raphe.propagation.mason import CANDIDATES
from raphe.sign import Sign
from raphe.target import Targets
from raphe.treatment import Treatment
from strategies_networks import (
    FAST,
    Sketch,
    a_condition,
    given_drug,
    matrix_of,
    sketches,
    treatments,
)


def routes_to(prediction: Prediction, node: str) -> list[Route]:
    return Explanation.of(prediction, node).routes()


SIGNS = {Sign.POSITIVE: 1, Sign.NEGATIVE: -1}


def predicted(
    sketch: Sketch, treatment: Treatment, regimen: Regimen, comparator: Treatment | None = None
) -> Prediction:
    """A prediction from the weights as given, where they are stable and come to rest."""
    try:
        return predict_treatment(sketch.model(), treatment, regimen, comparator, fragility=False)
    except InputError:
        assume(False)
        raise


def assert_paths_add_up(prediction: Prediction) -> None:
    for node, row in enumerate(prediction):
        routes = routes_to(prediction, row.node)
        if len(routes) < CANDIDATES:  # all that there are
            total = sum(route.share for route in routes)
            assert total == pytest.approx(prediction.change[node, 0], abs=1e-7), row.node


@settings(max_examples=150)
@given(st.data(), sketches(most_nodes=7, heaviest=1.2), st.sampled_from(list(Regimen)))
def test_the_shares_of_all_simple_paths_add_up_to_the_change(
    data: st.DataObject, sketch: Sketch, regimen: Regimen
) -> None:
    """At bounds and away from them, against vehicle, other drugs, other animals."""
    network = sketch.network()
    treatment = data.draw(treatments(network))
    comparator = data.draw(st.one_of(st.none(), st.just(Treatment()), treatments(network)))
    assert_paths_add_up(predicted(sketch, treatment, regimen, comparator))


UP = {"direction": "up", "strength": "0.4"}


@pytest.mark.parametrize("regimen", list(Regimen))
@pytest.mark.parametrize(
    "comparator", [None, Treatment(), Treatment((given_drug({"T.b": {"action": "antagonist"}}),))]
)
@pytest.mark.parametrize("ill", [False, True])
def test_they_add_up_in_a_drugged_and_ill_animal_that_adapts(
    regimen: Regimen, comparator: Treatment | None, ill: bool
) -> None:
    """Bounds are reached at c; slow edges start from what the condition moves."""
    nodes = {
        "a": ("process", 0.5),
        "b": ("process", 0.3),
        "c": ("process", 0.8),
        "d": ("firing", 1.0),
    }
    edges = {
        "a -> b": 1.2,
        "b -> c": 1.4,
        "c -| a": 0.5,
        "a ~| d": 1.3,
        "d ~> b": 0.4,
        "b ~| b": 0.3,
        "c -> d": 0.2,
    }
    condition = a_condition(perturbs={"a": UP}, depletes={"b": "0.3"}) if ill else None
    drug = given_drug(
        {"T.a": {"action": "agonist"}, "T.b": {"action": "antagonist", "Ki": "20 nM"}}
    )
    prediction = predicted(Sketch(nodes, edges), Treatment((drug,), condition), regimen, comparator)
    assert_paths_add_up(prediction)
    if comparator is None or comparator.administrations:
        assert prediction.change.any()


@settings(max_examples=60)
@given(st.data(), sketches(most_nodes=6, arrows=FAST, heaviest=0.7, kinds=("firing",)))
def test_each_share_is_masons_term(data: st.DataObject, sketch: Sketch) -> None:
    """b · gain(P) · det(I − A without P) / det(I − A), with the simple paths of networkx."""
    assume(sketch.edges)
    start = data.draw(st.sampled_from(list(sketch.nodes)))
    push = (
        {"action": "partial agonist", "efficacy": "1"}
        if data.draw(st.booleans())
        else {"action": "antagonist"}
    )
    sketch = Sketch(dict.fromkeys(sketch.nodes, ("firing", 0.5)), sketch.edges)
    prediction = predicted(sketch, Treatment((given_drug({f"T.{start}": push}),)), Regimen.ACUTE)
    model = prediction.model
    assume(np.abs(prediction.change).max() < 0.99)
    matrix = matrix_of(model.network, model.ensemble)
    matrix[model.network.index[start]] *= 0.1
    b = 0.45 if "efficacy" in push else -0.45
    names = model.network.names
    graph = nx.DiGraph([(names[j], names[i]) for i, j in zip(*np.nonzero(matrix), strict=True)])
    graph.add_nodes_from(names)
    size = len(names)
    whole = np.linalg.det(np.eye(size) - matrix)
    for node in names:
        paths = [[start]] if node == start else list(nx.all_simple_paths(graph, start, node))
        found = {route.nodes: route for route in routes_to(prediction, node)}
        assume(len(paths) < CANDIDATES)
        assert set(found) == {tuple(path) for path in paths}
        for path in paths:
            rest = [number for number in range(size) if names[number] not in path]
            gain = np.prod([matrix[names.index(j), names.index(i)] for i, j in pairwise(path)])
            beside = np.linalg.det(np.eye(len(rest)) - matrix[np.ix_(rest, rest)])
            route = found[tuple(path)]
            assert route.share == pytest.approx(b * gain * beside / whole, abs=1e-10)
            assert np.prod([SIGNS[sign] for sign in route.signs]) == pytest.approx(np.sign(gain))
            assert route.push == np.sign(b)


def test_after_washout_a_path_runs_through_an_adaptation() -> None:
    """The antagonist is gone; the receptors that came up meanwhile are still there."""
    nodes = {"l": ("process", 0.5), "r": ("process", 0.5), "s": ("process", 0.5)}
    sketch = Sketch(nodes, {"l -> r": 0.6, "r -> s": 0.5, "r ~| r": 1.0})
    prediction = predicted(
        sketch, Treatment((given_drug({"T.r": {"action": "antagonist"}}),)), Regimen.WASHOUT
    )
    route = main_route(prediction, "s")
    assert route is not None
    assert route.nodes == ("r", "r", "s")
    assert route.share == pytest.approx(prediction.change[2, 0])
    assert prediction["s"].call is Call.UP


def test_a_node_held_only_by_what_it_heard_slowly_passes_on_what_it_can() -> None:
    """After washout, d hears nothing but an adaptation, and lies at its bottom."""
    nodes = {"a": ("process", 0.2), "d": ("process", 0.3), "e": ("firing", 1.0)}
    sketch = Sketch(nodes, {"a ~| d": 2.0, "d -> e": 0.5})
    prediction = predicted(
        sketch, Treatment((given_drug({"T.a": {"action": "agonist"}}),)), Regimen.WASHOUT
    )
    assert prediction.change[:, 0] == pytest.approx([0, -0.3, -0.15])
    assert_paths_add_up(prediction)


def test_the_main_route_is_the_one_that_carries_most_in_the_wanted_direction() -> None:
    nodes = dict.fromkeys("abcd", ("firing", 1.0))
    nodes["a"] = ("process", 0.0)
    sketch = Sketch(
        nodes, {"a -> b": 0.8, "b -> d": 0.8, "a -> d": 0.3, "a -| c": 0.5, "c -> d": 0.5}
    )
    prediction = predicted(
        sketch, Treatment((given_drug({"T.a": {"action": "agonist"}}),)), Regimen.ACUTE
    )
    strongest, against = main_route(prediction, "d"), main_route(prediction, "d", -1)
    assert strongest is not None
    assert against is not None
    assert (strongest.nodes, against.nodes) == (("a", "b", "d"), ("a", "c", "d"))
    assert strongest.share == pytest.approx(0.9 * 0.64)
    assert strongest.fraction == pytest.approx(0.64 / 0.69)
    assert [contact.drug for contact in strongest.contacts] == ["drug"]
    assert main_route(prediction, "a", -1) is None


def test_the_main_route_starts_where_most_of_the_change_comes_from() -> None:
    """The strongest paths set out from a and cancel; what happens is due to b."""
    nodes = dict.fromkeys("xyd", ("firing", 1.0)) | dict.fromkeys("ab", ("process", 0.0))
    edges = {"a -> x": 1.0, "x -> d": 0.9, "a -> y": 1.0, "y -| d": 0.8, "b -> d": 0.4}
    targets = {"T.a": {"action": "agonist"}, "T.b": {"action": "agonist"}}
    prediction = predicted(Sketch(nodes, edges), Treatment((given_drug(targets),)), Regimen.ACUTE)
    main = main_route(prediction, "d")
    assert main is not None
    assert main.nodes == ("b", "d")
    assert main.origin_fraction == pytest.approx(0.4 / 0.5)


@given(sketches(least_nodes=2))
@example(Sketch({"a": ("process", 0.0), "b": ("process", 0.5)}, {}))
def test_no_path_no_route(sketch: Sketch) -> None:
    cut = {arrow: weight for arrow, weight in sketch.edges.items() if not arrow.startswith("a ")}
    prediction = predicted(
        sketch.with_edges(cut),
        Treatment((given_drug({"T.a": {"action": "agonist"}}),)),
        Regimen.CHRONIC,
    )
    assert all(main_route(prediction, name) is None for name in sketch.nodes if name != "a")


def test_the_obstacle_is_the_target_without_which_it_would_go_the_wanted_way() -> None:
    """The drug drives n, and blocks the receptor through which n would move s."""
    nodes = {"n": ("process", 0.0), "r": ("receptor", 0.0), "s": ("process", 0.5)}
    model = Model(Sketch(nodes, {"n -> r": 1.0, "r -> s": 1.0}).network(), Targets(), draws=5)
    drug = given_drug(
        {"T.n": {"action": "agonist"}, "T.r": {"action": "antagonist", "Ki": "0.1 nM"}}
    )
    prediction = predict_treatment(model, Treatment((drug,)), Regimen.ACUTE, fragility=False)
    assert prediction["s"].call is Call.UNCHANGED
    found = obstacle(prediction, "s", Call.UP)
    assert found is not None
    assert (found.target, found.node, found.call) == ("T.r", "r", Call.UP)
    assert found.occupancy == pytest.approx(90 / 91)
    assert obstacle(prediction, "s", Call.DOWN) is None


def exhaustive(prediction: Prediction, node: str, wanted: Call) -> tuple[str, float] | None:
    """Every target left out with all draws: the definition."""
    here = prediction.reading(node).odds.probability(wanted)
    worst, gained = None, WORTH_A_WORD
    for target in dict.fromkeys(one.target for one in prediction.perturbation.contacts):
        spared = replace(prediction.treatment, without=(target,))
        odds = change_of(prediction.model, spared, prediction.comparator, prediction.regimen, node)
        if odds.probability(wanted) - here > gained:
            gained = odds.probability(wanted) - here
            worst = target, gained
    return worst


@settings(max_examples=40, deadline=None)
@given(st.data(), sketches(least_nodes=2, most_nodes=6), st.sampled_from(list(Regimen)))
@pytest.mark.parametrize("draws", [40, 400])
def test_the_obstacle_is_the_worst_of_all_targets(
    draws: int, data: st.DataObject, sketch: Sketch, regimen: Regimen
) -> None:
    """Whether all draws were looked at for each target, or some told which are worth it."""
    model = Model(sketch.network(), Targets(), draws=draws)
    treatment = data.draw(treatments(model.network))
    comparator = data.draw(st.one_of(st.none(), treatments(model.network)))
    try:
        prediction = predict_treatment(model, treatment, regimen, comparator, fragility=False)
    except InputError:
        assume(False)
        raise
    for node in sketch.nodes:
        for wanted in (Call.UP, Call.DOWN):
            found, expected = (
                obstacle(prediction, node, wanted),
                exhaustive(prediction, node, wanted),
            )
            if expected is None:
                assert found is None
            else:
                assert found is not None
                assert (found.target, found.gain) == pytest.approx(expected)
                assert found.odds.probability(wanted) == pytest.approx(
                    prediction.reading(node).odds.probability(wanted) + found.gain
                )


@pytest.mark.parametrize("affinity", [f"{low} - 1000 nM" for low in (1, 2, 4, 8, 15, 30, 60)])
@pytest.mark.parametrize("regimen", list(Regimen))
def test_the_obstacle_is_found_where_draws_differ(affinity: str, regimen: Regimen) -> None:
    """Two receptors stand in the way, in some draws more and in some less."""
    nodes = {"n": ("process", 0.0), "s": ("process", 0.5)}
    nodes |= dict.fromkeys(("p", "q", "r"), ("receptor", 0.0))
    edges = {"n -> p": 1.0, "n -> q": 1.0, "n -> r": 1.0}
    edges |= {"p -> s": 0.08, "q -> s": 0.1, "r -| s": 0.08, "s ~| n": 0.5}
    targets = {
        "T.n": {"action": "agonist"},
        "T.p": {"action": "antagonist", "Ki": affinity},
        "T.q": {"action": "antagonist", "Ki": "40 - 160 nM"},
        "T.r": {"action": "antagonist", "Ki": "10 - 5000 nM"},
    }
    model = Model(Sketch(nodes, edges).network(), Targets(), draws=1000)
    prediction = predict_treatment(
        model, Treatment((given_drug(targets),)), regimen, fragility=False
    )
    for node, wanted in product(("n", "s"), (Call.UP, Call.DOWN)):
        found, expected = obstacle(prediction, node, wanted), exhaustive(prediction, node, wanted)
        assert (found and (found.target, found.gain)) == expected, (node, wanted, expected)
