"""What is said to be impossible, against all simple paths, and against draws."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.network import Network
from raphe.perturbation import Perturbation
from raphe.propagation.certainty import Ground, certainties
from raphe.propagation.response import respond
from raphe.sign import Change
from strategies_networks import ARROWS, FAST, Sketch, sketches, untouched

#: Two ways of opposite signs to one node, through nodes that are reached with one sign only.
DIAMOND = Sketch(
    dict.fromkeys("abcd", ("process", 0.5)),
    {"a -> b": 1.0, "b -> d": 1.0, "a -> c": 1.0, "c -| d": 1.0},
)
PUSHES = (Change.UP, Change.DOWN, Change.CHANGED)


def causes(network: Network) -> st.SearchStrategy[dict[int, Change]]:
    return st.dictionaries(st.integers(0, network.size - 1), st.sampled_from(PUSHES), max_size=3)


def by_enumeration(network: Network, inputs: dict[int, Change], slow: bool) -> list[Change]:
    """The definition: every simple path there is, each choice of parallel edges, times its push."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(network.size))
    for edge in range(len(network.source)):
        if slow or not network.slow[edge]:
            graph.add_edge(
                int(network.source[edge]), int(network.target[edge]), sign=int(network.sign[edge])
            )
    brought = [Change.NOTHING] * network.size
    for start, push in inputs.items():
        brought[start] |= push
        for goal in graph.nodes:
            for path in nx.all_simple_edge_paths(graph, start, goal) if goal != start else ():
                signs = [graph.edges[edge]["sign"] for edge in path]
                both = 0 in signs
                flip = np.prod([one for one in signs if one]) < 0
                arrived = Change.NOTHING
                for one in push:
                    arrived |= (Change.DOWN if one is Change.UP else Change.UP) if flip else one
                brought[goal] |= Change.CHANGED if both else arrived
    return brought


@given(st.data(), sketches(most_nodes=6, arrows=(*ARROWS, "-?")), st.booleans())
@example(None, Sketch({"a": ("process", 0.5)}, {"a -| a": 1.0}), False)
@example(None, DIAMOND, False)
def test_every_simple_path_counts_and_nothing_else(
    data: st.DataObject | None, sketch: Sketch, slow: bool
) -> None:
    network = sketch.network()
    inputs = data.draw(causes(network)) if data else {0: Change.UP}
    found = certainties(network, inputs, slow)
    for one, brought in zip(found, by_enumeration(network, inputs, slow), strict=True):
        assert one.possible == brought | Change.SAME
        assert (one.ground is Ground.BOTH) == (brought is Change.CHANGED)
        assert (one.ground is Ground.UNREACHED) == (brought is Change.NOTHING)
        assert one.is_certain == (brought is not Change.CHANGED)


@given(st.data(), sketches(most_nodes=5))
def test_more_edges_or_more_causes_never_make_it_more_certain(
    data: st.DataObject, sketch: Sketch
) -> None:
    network = sketch.network()
    assume(sketch.edges)
    fewer = dict(sketch.edges)
    del fewer[data.draw(st.sampled_from(sorted(fewer)))]
    inputs = data.draw(causes(network))
    more = certainties(network, inputs, slow=True)
    for before, after in zip(
        certainties(sketch.with_edges(fewer).network(), inputs, True), more, strict=True
    ):
        assert before.possible in after.possible
    added = {**inputs, 0: Change.CHANGED}
    for before, after in zip(more, certainties(network, added, True), strict=True):
        assert before.possible in after.possible


@given(st.data(), sketches(most_nodes=6), st.integers(0, 12))
def test_a_small_budget_leaves_open_and_never_says_anything_wrong(
    data: st.DataObject, sketch: Sketch, budget: int
) -> None:
    network = sketch.network()
    inputs = data.draw(causes(network))
    for short, full in zip(
        certainties(network, inputs, True, budget), certainties(network, inputs, True), strict=True
    ):
        assert full.possible in short.possible
        assert short == full or short.ground is Ground.OPEN


def test_one_negative_loop_beside_the_path_makes_walks_of_both_signs_and_takes_no_certainty() -> (
    None
):
    """a → b → c with c ⊣ b: walks to c have both signs, its only path has one."""
    sketch = Sketch(
        dict.fromkeys("abc", ("process", 0.5)), {"a -> b": 1.0, "b -> c": 1.0, "c -| b": 1.0}
    )
    network = sketch.network()
    found = certainties(network, {0: Change.UP}, slow=False)
    assert [one.ground for one in found] == [Ground.WALKS, Ground.PATHS, Ground.PATHS]
    assert [one.possible for one in found] == [Change.NOT_DOWN] * 3
    starved = certainties(network, {0: Change.UP}, slow=False, budget=0)
    assert [one.ground for one in starved] == [Ground.WALKS, Ground.OPEN, Ground.OPEN]


@settings(max_examples=60)
@given(
    st.data(),
    sketches(most_nodes=6, arrows=(*FAST, "~>", "~|", "-?")),
    st.sampled_from(("uniform", "loguniform", "contractive")),
    st.booleans(),
)
def test_no_draw_moves_in_a_direction_that_is_proved_impossible(
    data: st.DataObject, sketch: Sketch, prior: str, slow: bool
) -> None:
    """In draws whose stability is proved; with occupied nodes, and up to the bounds and beyond."""
    model = sketch.model(draws=40, prior=prior)
    try:
        ensemble = model.ensemble
    except InputError:
        assume(False)
    assume(ensemble.proved_share == 1)
    network = model.network
    inputs = data.draw(causes(network))
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    imposed = np.zeros((network.size, ensemble.size))
    for node, push in inputs.items():
        low, high = (Change.DOWN in push) * -2.0, (Change.UP in push) * 2.0
        imposed[node] = random.uniform(low, high, ensemble.size)
    gain = random.choice([0.0, 0.3, 1.0], imposed.shape)
    regimen = Regimen.CHRONIC if slow else Regimen.ACUTE
    found = respond(
        network, ensemble, Perturbation(gain, imposed), untouched(network, ensemble.size), regimen
    )
    assert found.settled.all()
    for node, one in enumerate(certainties(network, inputs, slow)):
        assert Change.UP in one.possible or not (found.x[node] > 1e-9).any()
        assert Change.DOWN in one.possible or not (found.x[node] < -1e-9).any()


@settings(max_examples=40)
@given(sketches(most_nodes=4, arrows=FAST, kinds=("firing",)), st.data())
def test_where_paths_of_both_signs_lead_some_weights_bring_about_each(
    sketch: Sketch, data: st.DataObject
) -> None:
    """«The weights decide» is not said too often: the paths of one sign can be made to win."""
    network = sketch.network()
    start = data.draw(st.integers(0, network.size - 1))
    found = certainties(network, {start: Change.UP}, slow=False)
    graph = nx.DiGraph(list(zip(network.source.tolist(), network.target.tolist(), strict=True)))
    sign = {
        (int(a), int(b)): int(s)
        for a, b, s in zip(network.source, network.target, network.sign, strict=True)
    }
    for goal, one in enumerate(found):
        if one.ground is not Ground.BOTH:
            continue
        seen = set()
        for path in nx.all_simple_paths(graph, start, goal):
            steps = list(pairwise(path))
            matrix = np.zeros((network.size, network.size))
            for a, b in sign:
                matrix[b, a] = sign[a, b] * (0.5 if (a, b) in steps else 1e-6)
            x = np.linalg.solve(np.eye(network.size) - matrix, np.eye(network.size)[start])
            seen.add(np.sign(x[goal]))
        assert seen == {-1.0, 1.0}
