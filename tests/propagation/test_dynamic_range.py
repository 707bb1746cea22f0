"""The yardstick of «unchanged» against every reference perturbation by itself."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, settings

from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.perturbation import Perturbation
from raphe.propagation.dynamic_range import REFERENCE_DRAWS, dynamic_ranges
from raphe.propagation.response import respond
from strategies_networks import Sketch, sketches, untouched


@settings(max_examples=40)
@given(sketches())
@example(Sketch({"a": ("process", 0.3), "b": ("process", 0.5)}, {"a ~> b": 0.5, "b -> b": 0.4}))
def test_it_is_the_largest_median_response_to_any_target_blocked_or_activated(
    sketch: Sketch,
) -> None:
    model = sketch.model(draws=REFERENCE_DRAWS, prior="uniform")
    try:
        ensemble = model.ensemble
    except InputError:
        assume(False)
    network = model.network
    expected = np.zeros(network.size)
    for node in range(network.size):
        for level in (0.0, 1.0):
            for regimen in (Regimen.ACUTE, Regimen.CHRONIC):
                gain = np.ones((network.size, ensemble.size))
                gain[node] = 0
                inputs = np.zeros_like(gain)
                inputs[node] = level - ensemble.tones[node]
                found = respond(
                    network,
                    ensemble,
                    Perturbation(gain, inputs),
                    untouched(network, ensemble.size),
                    regimen,
                )
                size = np.median(np.abs(np.where(found.settled, found.x, 0)), axis=1)
                expected = np.maximum(expected, size)
    np.testing.assert_allclose(dynamic_ranges(network, [ensemble])[0], expected, atol=1e-12)


def test_a_chain_by_hand() -> None:
    """Activating a adds 0.7 to its tone of 0.3; half arrives at b, and a tenth of that at c."""
    nodes = {"a": ("process", 0.3), "b": ("process", 0.5), "c": ("process", 0.5)}
    sketch = Sketch(
        nodes, {"a -> b": 0.5, "b -| c": 0.1}, extra={"b": {"target": []}, "c": {"target": []}}
    )
    model = sketch.model(draws=3)
    np.testing.assert_allclose(model.ranges, [0.7, 0.35, 0.035])


def test_a_circuit_without_targets_has_no_range() -> None:
    sketch = Sketch({"a": ("process", 0.3)}, {}, extra={"a": {"target": []}})
    assert sketch.model().ranges.tolist() == [0.0]


def test_what_only_adaptation_moves_has_the_range_of_a_chronic_treatment() -> None:
    nodes = {"a": ("process", 0.3), "b": ("process", 0.5)}
    sketch = Sketch(nodes, {"a ~> b": 0.5}, extra={"b": {"target": []}})
    np.testing.assert_allclose(sketch.model(draws=3).ranges, [0.7, 0.35])


@pytest.mark.parametrize("width", [1, 24, 60])
def test_in_how_many_portions_it_is_solved_is_immaterial(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    names = "abcdefg"
    edges = {f"{one} -> {other}": 0.4 for one, other in pairwise(names)} | {"g -| a": 0.7}
    sketch = Sketch(dict.fromkeys(names, ("process", 0.3)), edges)
    ensembles = [sketch.model(40, prior).ensemble for prior in ("uniform", "contractive")]
    network = sketch.network()
    expected = [dynamic_ranges(network, [one])[0] for one in ensembles]
    monkeypatch.setattr("raphe.propagation.dynamic_range._WIDTH", width)
    for found, alone in zip(dynamic_ranges(network, ensembles), expected, strict=True):
        np.testing.assert_allclose(found, alone, atol=1e-12)
