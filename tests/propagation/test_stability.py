"""Verdicts of stability against eigenvalues; and what «proved» promises."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import cos, pi

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from raphe.network import Network
from raphe.propagation.arrays import Floats
from raphe.propagation.stability import Stability, assess_stability
from strategies_networks import Sketch, sketches


def weights_of(network: Network) -> Floats:
    low = np.array([one.low for one in network.strengths]).reshape(-1, 1)
    return np.asarray(network.sign[:, None] * low, dtype=float)


def assessed(network: Network, weights: Floats) -> Stability:
    return assess_stability(
        network.source, network.target, network.slow, weights, network.component
    )


def waiting(network: Network) -> NDArray[np.bool_]:
    """Which nodes hear slow edges and nothing else."""
    slow = set(network.target[network.slow].tolist())
    fast = set(network.target[~network.slow].tolist())
    return np.array([node in slow and node not in fast for node in range(network.size)], dtype=bool)


def with_relays(network: Network, weights: Floats) -> NDArray[np.float64]:
    """A with a node more for every slow edge, which follows its source.

    What hears nothing but slow edges needs none.
    """
    late = np.flatnonzero(network.slow & ~waiting(network)[network.target])
    size = network.size + len(late)
    matrix = np.zeros((size, size))
    for edge, weight in enumerate(weights[:, 0]):
        source, target = network.source[edge], network.target[edge]
        if edge in late:
            relay = network.size + int(np.searchsorted(late, edge))
            matrix[relay, source] = 1.0
            matrix[target, relay] += weight
        else:
            matrix[target, source] += weight
    return matrix


def rightmost(matrix: NDArray[np.float64]) -> float:
    return float(np.linalg.eigvals(matrix).real.max(initial=-np.inf))


@given(sketches(heaviest=2.5))
@example(Sketch({"a": ("process", 0.5)}, {"a -> a": 1.2, "a ~| a": 1.0}))
@example(Sketch({"a": ("process", 0.5)}, {}))
def test_stable_is_where_the_fast_part_and_the_adaptations_upon_it_are(sketch: Sketch) -> None:
    network = sketch.network()
    weights = weights_of(network)
    whole = with_relays(network, weights)
    late = np.concatenate([waiting(network), np.ones(len(whole) - network.size, dtype=bool)])
    fast = whole[np.ix_(~late, ~late)]
    expected = rightmost(fast)
    if expected < 1:
        brought = np.linalg.inv(np.eye(len(fast)) - fast) @ whole[np.ix_(~late, late)]
        upon = whole[np.ix_(late, late)] + whole[np.ix_(late, ~late)] @ brought
        expected = max(expected, rightmost(upon))
    assume(abs(expected - 1) > 1e-6)
    verdict = assessed(network, weights)
    assert verdict.stable.tolist() == [expected < 1]
    assert not (verdict.proved & ~verdict.stable).any()


@settings(max_examples=60)
@given(sketches(heaviest=2.5, least_nodes=2), st.integers(0, 2**32))
def test_proved_means_for_all_time_constants_and_all_held_or_damped_nodes(
    sketch: Sketch, seed: int
) -> None:
    network = sketch.network()
    weights = weights_of(network)
    assume(assessed(network, weights).proved.all())
    whole = with_relays(network, weights)
    size = len(whole)
    random = np.random.default_rng(seed)
    for count in range(1, size + 1):
        for some in combinations(range(size), count):
            own = whole[np.ix_(some, some)]
            assert rightmost(own) < 1
            assert np.linalg.det(np.eye(count) - own) > 0
    for _ in range(20):
        speed = 10 ** random.uniform(-3, 3, size)
        left = random.uniform(0, 1, size) * random.integers(0, 2, size)
        assert rightmost(speed[:, None] * (whole * left[:, None] - np.eye(size))) < 1e-9
    quasi = (
        whole[: network.size, : network.size]
        + whole[: network.size, network.size :] @ whole[network.size :, : network.size]
    )
    for count in range(1, network.size + 1):
        for some in combinations(range(network.size), count):
            assert np.linalg.det(np.eye(count) - quasi[np.ix_(some, some)]) > 0


@pytest.mark.parametrize("size", [3, 4, 5, 6])
def test_a_negative_loop_of_equals_is_stable_up_to_the_secant(size: int) -> None:
    """γ < sec(π/n)ⁿ: J. J. Tyson and H. G. Othmer, Prog. Theor. Biol. 5 (1978) 1–62."""
    names = "abcdef"[:size]
    limit = 1 / cos(pi / size)
    for factor, stable in ((0.97, True), (1.03, False)):
        edges = {f"{one} -> {other}": 1.0 for one, other in pairwise(names)}
        network = Sketch(
            dict.fromkeys(names, ("process", 0.5)), {**edges, f"{names[-1]} -| a": 1.0}
        ).network()
        verdict = assessed(network, weights_of(network) * limit * factor)
        assert verdict.stable.tolist() == verdict.proved.tolist() == [stable]


def test_a_negative_loop_of_two_is_stable_however_strong_and_a_positive_one_below_one() -> None:
    network = Sketch(
        {"a": ("process", 0.5), "b": ("process", 0.5)}, {"a -> b": 1.0, "b -| a": 1.0}
    ).network()
    up = np.array([[1.0] * 4, [-5.0, -500.0, 0.99, 1.01]])
    verdict = assessed(network, up)
    assert verdict.stable.tolist() == verdict.proved.tolist() == [True, True, True, False]


@pytest.mark.parametrize("gain", [3.0, 8.0, 16.0, 400.0])
def test_what_only_adapts_closes_a_loop_of_two_lags_however_strong(gain: float) -> None:
    nodes = {"receptor": ("process", 0.5), "function": ("function", 0.5)}
    edges = {"receptor ~| function": 1.0, "function -> receptor": 1.0}
    network = Sketch(nodes, edges).network()
    weights = weights_of(network) * gain
    verdict = assessed(network, weights)
    assert verdict.stable.tolist() == verdict.proved.tolist() == [True]


@pytest.mark.parametrize(("gain", "proved"), [(7.8, True), (8.2, False)])
def test_what_hears_something_else_too_adapts_through_a_relay(gain: float, proved: bool) -> None:
    """Three lags: the secant limit is 8. Time constants far apart, it is stable all the same."""
    nodes = dict.fromkeys(("receptor", "density", "other"), ("process", 0.5))
    edges = {"receptor ~| density": 1.0, "density -> receptor": 1.0, "other -> density": 1.0}
    network = Sketch(nodes, edges).network()
    verdict = assessed(network, weights_of(network) * gain**0.5)
    assert (verdict.stable.tolist(), verdict.proved.tolist()) == ([True], [proved])


def test_an_adaptation_does_not_rescue_what_is_unstable_without_it() -> None:
    """Quasi-statically the loop is 1.2 − 0.5 < 1; but days pass before the −0.5 is there."""
    network = Sketch({"a": ("process", 0.5)}, {"a -> a": 1.2, "a ~| a": 0.5}).network()
    assert assessed(network, weights_of(network)).stable.tolist() == [False]


def test_each_draw_is_judged_as_if_it_were_alone() -> None:
    names = "abcdef"
    edges = {f"{one} -> {other}": 1.0 for one in names for other in names if one < other}
    edges |= {f"{other} -| {one}": 1.0 for one in names for other in names if one < other}
    network = Sketch(dict.fromkeys(names, ("process", 0.5)), edges).network()
    weights = np.random.default_rng(3).uniform(-0.7, 0.7, (len(edges), 300))
    together = assessed(network, weights)
    for draw in range(300):
        matrix = np.zeros((6, 6))
        matrix[network.target, network.source] = weights[:, draw]
        assert together.stable[draw] == (rightmost(matrix) < 1)
    assert 0 < together.proved.sum() <= together.stable.sum() < 300


def test_the_search_for_scales_proves_together_most_of_what_it_proves_alone() -> None:
    """Every two nodes in a negative loop; balancing alone would prove half as many."""
    names = "abcdef"
    pairs = list(combinations(names, 2))
    edges = {f"{one} -> {other}": 1.0 for one, other in pairs}
    edges |= {f"{other} -| {one}": 1.0 for one, other in pairs}
    network = Sketch(dict.fromkeys(names, ("process", 0.5)), edges).network()
    size = np.random.default_rng(3).uniform(0.2, 2.0, (len(edges), 300))
    weights = network.sign[:, None] * size
    verdict = assessed(network, weights)
    assert not (verdict.proved & ~verdict.stable).any()
    alone = sum(assessed(network, weights[:, [draw]]).proved[0] for draw in range(300))
    assert 200 < alone < verdict.stable.sum()
    assert verdict.proved.sum() > 0.8 * alone


def test_components_that_are_judged_together_are_judged_each_for_itself() -> None:
    """Forty loops of three, stable below a gain of 8; one that is not fails its draw."""
    names = [f"{number}{end}" for number in range(40) for end in "abc"]
    edges = {}
    for number in range(40):
        a, b, c = (f"{number}{end}" for end in "abc")
        edges |= {f"{a} -> {b}": 1.0, f"{b} -> {c}": 1.0, f"{c} -| {a}": 1.0}
    network = Sketch(dict.fromkeys(names, ("process", 0.5)), edges).network()
    weights = np.repeat(network.sign[:, None] * 1.9, 4, axis=1)
    arrows = [f"{network.names[one]}" for one in network.source]
    weights[arrows.index("7a"), 1] = 2.3
    weights[arrows.index("39c"), 2] = -2.3
    verdict = assessed(network, weights)
    assert verdict.stable.tolist() == verdict.proved.tolist() == [True, False, False, True]


def test_a_draw_that_one_component_fails_is_not_rescued_by_the_next() -> None:
    """A long loop that is unstable; then a short one that is stable, though that is not proved."""
    ring = [f"a{number:02}" for number in range(99)]
    edges = {f"{one} -> {other}": 1.0 for one, other in pairwise([*ring, ring[0]])}
    edges |= {"x ~| y": 1.0, "y -> x": 1.0, "z -> y": 1.0}
    nodes = dict.fromkeys([*ring, "x", "y", "z"], ("process", 0.5))
    network = Sketch(nodes, edges).network()
    weights = weights_of(network)
    weights[network.slow] *= 9
    verdict = assessed(network, weights * np.array([[0.99, 1.01]]))
    assert verdict.stable.tolist() == [True, False]
    assert verdict.proved.tolist() == [False, False]


def test_several_slow_edges_into_what_only_adapts_are_one_lag() -> None:
    """With one pace for all of them, the node's activity is their sum and needs no other state."""
    nodes = dict.fromkeys(("one", "two", "density"), ("process", 0.5))
    edges = {"one ~| density": 1.0, "two ~| density": 1.0}
    edges |= {"density -> one": 1.0, "density -> two": 1.0}
    network = Sketch(nodes, edges).network()
    weights = weights_of(network) * 9
    assert assessed(network, weights).proved.all()
    fast, slow = np.zeros((2, 3, 3))
    for edge, weight in enumerate(weights[:, 0]):
        (slow if network.slow[edge] else fast)[network.target[edge], network.source[edge]] = weight
    # States: what each slow edge carries, all at one pace; the others at any pace.
    source, target = network.source[network.slow], network.target[network.slow]
    for pace in (0.01, 1.0, 100.0):
        size = 3 + len(source)
        whole = np.zeros((size, size))
        density = network.index["density"]
        for number, (one, other) in enumerate(zip(source, target, strict=True)):
            whole[3 + number, one] = pace
            whole[3 + number, 3 + number] = -pace
            # The density itself is no state: what hears it hears the sum of what is carried.
            whole[:3, 3 + number] += fast[:, density] * slow[other, one]
        whole[:3, :3] -= np.eye(3)
        assert np.linalg.eigvals(whole).real.max() < 1e-9


def with_prompt(matrix: NDArray[np.float64], prompt: NDArray[np.bool_]) -> bool:
    """The definition: what is prompt by itself, and the rest once that has followed."""
    at_once = matrix[np.ix_(prompt, prompt)]
    if rightmost(at_once) >= 1:
        return False
    brought = np.linalg.solve(np.eye(len(at_once)) - at_once, matrix[np.ix_(prompt, ~prompt)])
    return (
        rightmost(matrix[np.ix_(~prompt, ~prompt)] + matrix[np.ix_(~prompt, prompt)] @ brought) < 1
    )


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.integers(3, 16), st.floats(0.3, 2.0), st.integers(1, 30))
def test_what_is_prompt_follows_before_the_rest_moves(
    seed: int, size: int, strength: float, draws: int
) -> None:
    random = np.random.default_rng(seed)
    pairs = [(one, (one + 1) % size) for one in range(size)]
    pairs += [(int(one), int(two)) for one, two in random.integers(size, size=(size, 2))]
    source, target = np.array(sorted(set(pairs))).T
    weights = strength * random.uniform(-1, 1, (len(source), draws))
    prompt = random.random(size) < 0.5
    slow, component = np.zeros(len(source), dtype=bool), np.zeros(size, dtype=np.intp)
    verdict = assess_stability(source, target, slow, weights, component, prompt)
    plain = assess_stability(source, target, slow, weights, component)
    assert verdict.proved.tolist() == plain.proved.tolist()
    for draw in range(draws):
        matrix = np.zeros((size, size))
        np.add.at(matrix, (target, source), weights[:, draw])
        assert verdict.stable[draw] == with_prompt(matrix, prompt)


@pytest.mark.parametrize("steps", [1, 3, 8])
def test_how_finely_a_prompt_cascade_is_written_out_decides_nothing(steps: int) -> None:
    """A level that is held back through a cascade: two lags however many steps, never unstable."""
    names = ["level", *(f"step{number}" for number in range(steps)), "firing"]
    edges = {f"{one} -> {other}": 1.0 for one, other in pairwise(names)}
    nodes = dict.fromkeys(names, ("process", 0.5))
    network = Sketch(nodes, {**edges, "firing -| level": 1.0}).network()
    prompt = np.array([name.startswith("step") for name in network.names])
    weights = weights_of(network) * 3.0
    ends = network.source, network.target, network.slow, weights, network.component
    assert assess_stability(*ends, prompt).stable.tolist() == [True]
    assert assess_stability(*ends).stable.tolist() == [steps == 0]


def test_what_only_adapts_is_not_judged_among_what_is_fast() -> None:
    """An adaptation upon itself, of just one, and another that holds it back: stable in the end."""
    edges = {"c -> a": 0.05, "c ~> c": 1.0, "a ~| c": 0.05}
    network = Sketch(dict.fromkeys("ac", ("process", 0.5)), edges).network()
    assert assessed(network, weights_of(network)).stable.tolist() == [True]
