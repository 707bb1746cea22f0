"""What decides: areas and boundaries against scipy and exhaustion, planted causes, and noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from raphe.calling import Call
from raphe.explanation.deciding import FEWEST, factor_of, what_decides
from raphe.finding import Regimen
from raphe.model import Model
from raphe.prediction import Prediction, predict_treatment
from raphe.target import Targets
from raphe.treatment import Treatment
from raphe.unknowns import Drawn, Kind
from strategies_networks import Sketch, given_drug

SOME = Drawn("a -> b", Kind.WEIGHT, np.zeros(1))


@settings(max_examples=100)
@given(st.integers(4, 60), st.integers(0, 2**32), st.booleans())
def test_the_area_is_that_of_mann_and_whitney_and_the_boundary_the_best_there_is(
    count: int, seed: int, has_ties: bool
) -> None:
    random = np.random.default_rng(seed)
    values = random.integers(0, 5, count) / 4 if has_ties else random.normal(size=count)
    is_first = random.random(count) < 0.4
    assume(0 < is_first.sum() < count)
    found = factor_of(SOME, values, is_first)
    one, other = values[is_first], values[~is_first]
    statistic = mannwhitneyu(one, other).statistic
    assert found.area == pytest.approx(statistic / (len(one) * len(other)))
    if len(set(values.tolist())) == 1:
        assert found.draws_above == 0
        return

    def apart(boundary: float) -> float:
        return abs((one > boundary).mean() - (other > boundary).mean())

    assert apart(found.boundary) == pytest.approx(max(apart(one) for one in values))
    above = values > found.boundary
    assert found.draws_above == above.sum()
    assert found.above == pytest.approx(is_first[above].mean())
    assert found.below == pytest.approx(is_first[~above].mean())


def predicted(sketch: Sketch, draws: int, targets: dict[str, dict[str, str]]) -> Prediction:
    model = Model(sketch.network(), Targets(), draws=draws)
    treatment = Treatment((given_drug(targets),))
    return predict_treatment(model, treatment, Regimen.ACUTE, fragility=False)


def ranged(edges: dict[str, str]) -> Sketch:
    nodes = dict.fromkeys("bcdz", ("firing", 1.0)) | {"a": ("process", 0.0)}
    return Sketch(
        nodes, dict.fromkeys(edges, 0.5), extra={a: {"strength": s} for a, s in edges.items()}
    )


AGONIST = {"T.a": {"action": "agonist", "Ki": "0.01 nM"}}


def test_the_weight_that_decides_is_found_with_its_boundary() -> None:
    """z rises by a -> z and falls by 0.5 · (b -| z): the sign turns where these are equal."""
    sketch = ranged(
        {"a -> z": "0.2 - 0.8", "a -> b": "0.5", "b -| z": "1.0", "a -> c": "0.1 - 0.9"}
    )
    prediction = predicted(sketch, 600, AGONIST)
    found = what_decides(prediction, "z")
    assert (found.first, found.second) == (Call.UP, Call.DOWN)
    assert min(found.counts) > 200
    assert found.asked == 1  # a -> c leads nowhere, the others are known.
    (factor,) = found.factors
    assert factor.unknown.name == "a -> z"
    assert factor.separation == 1
    assert factor.boundary == pytest.approx(0.5, abs=0.03)
    assert (factor.below, factor.above) == (0, 1)
    assert found.combination is None


def test_two_that_decide_together_are_found_together() -> None:
    sketch = ranged(
        {"a -> z": "0.2 - 0.8", "a -> b": "1.0", "b -| z": "0.2 - 0.8", "b -> c": "0.1 - 0.9"}
    )
    sketch = sketch.with_edges({**sketch.edges, "c -> z": 0.05})
    found = what_decides(predicted(sketch, 1000, AGONIST), "z")
    names = {factor.unknown.name for factor in found.factors}
    assert names == {"a -> z", "b -| z"}
    assert all(0.7 < factor.separation < 0.95 for factor in found.factors)
    assert found.combination is not None
    weights = {part.name: weight for part, weight in found.combination.parts}
    assert set(weights) == names
    assert weights["a -> z"] * weights["b -| z"] < 0
    assert found.combination.separation > 0.97


def test_where_nothing_separates_nothing_is_said_to() -> None:
    """z goes up or down by a tone that is hidden behind many others: none is blamed."""
    names = [f"n{number:03d}" for number in range(100)]
    nodes = {"a": ("process", 0.0), "z": ("firing", 1.0)} | dict.fromkeys(names, ("firing", 1.0))
    edges = {f"a -> {name}": "0.05 - 0.95" for name in names}
    signs = ["->" if number % 2 else "-|" for number in range(100)]
    edges |= {f"{name} {sign} z": "0.5" for name, sign in zip(names, signs, strict=True)}
    sketch = Sketch(
        nodes, dict.fromkeys(edges, 0.5), extra={a: {"strength": s} for a, s in edges.items()}
    )
    found = what_decides(predicted(sketch, 400, AGONIST), "z")
    assert min(found.counts) >= FEWEST
    assert found.asked == 100
    assert found.factors == ()
    assert found.best is not None
    assert found.best.separation < 0.65


def test_where_hardly_a_draw_differs_nothing_is_compared() -> None:
    found = what_decides(predicted(ranged({"a -> z": "0.2 - 0.8"}), 100, AGONIST), "z")
    assert not found.is_comparable
    assert found.factors == ()
    assert found.best is None


def test_affinities_and_exposures_decide_too() -> None:
    sketch = ranged({"a -> z": "0.5"})
    targets = {"T.a": {"action": "agonist", "Ki": "1 - 10000 nM"}}
    found = what_decides(predicted(sketch, 500, targets), "z")
    (factor,) = found.factors
    assert (factor.unknown.kind, factor.unknown.name) == ("affinity", "affinity of drug at T.a")
    # The weaker it binds, the less often z rises.
    assert factor.area < 0.01
