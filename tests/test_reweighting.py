"""Weights of draws: held against replicated draws, brute force and a plain search."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raphe.calling import Call, calls, odds, weighted_quantiles
from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.prediction import predict_treatment
from raphe.reweighting import (
    OUTCOMES,
    Tolerance,
    effective_size,
    log_likelihoods,
    outcomes,
    require_tolerance,
    reweight,
    tempered_weights,
    weighted_shares,
)
from raphe.treatment import Treatment
from strategies_networks import Sketch, given_drug

VALUES = st.sampled_from((-1.0, -0.3, -0.1, 0.0, 0.1, 0.3, 1.0))


@given(st.lists(st.tuples(VALUES, st.integers(0, 3)), min_size=1, max_size=12), st.data())
def test_a_weight_counts_as_so_many_draws(
    drawn: list[tuple[float, int]], data: st.DataObject
) -> None:
    values = np.array([value for value, _ in drawn])
    times = np.array([count for _, count in drawn])
    times[data.draw(st.integers(0, len(times) - 1))] += 1
    repeated = np.repeat(values, times)[None]
    weights = times / times.sum()
    limit = np.array([0.2])
    (weighed,), (plain,) = odds(values[None], limit, weights), odds(repeated, limit)
    for one in (Call.UP, Call.DOWN, Call.UNCHANGED):
        assert weighed.probability(one) == pytest.approx(plain.probability(one), abs=1e-12)
    shares = weighted_shares(outcomes(values[None], 0.2, np.ones(len(values), bool)), weights)[0]
    assert shares == pytest.approx([plain.up, plain.down, plain.unchanged], abs=1e-12)
    # At a share that lies on the bar, rounding decides.
    if abs(max(shares) - 0.6) > 1e-9:
        assert calls(values[None], limit, 0.6, weights) == calls(repeated, limit, 0.6)
    assert values.min() <= weighed.low <= weighed.median <= weighed.high <= values.max()


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=30))
def test_draws_that_count_alike_have_quantiles_of_numpy(values: list[float]) -> None:
    alike = np.full(len(values), 1 / len(values))
    found = weighted_quantiles(np.array([values]), alike)[0]
    expected = np.quantile(values, (0.05, 0.5, 0.95), method="hazen")
    assert found == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 1)), min_size=2, max_size=30))
def test_quantiles_of_the_mirror_image_are_mirrored(drawn: list[tuple[float, float]]) -> None:
    values, weights = np.array(drawn).T
    weights = weights / weights.sum()
    found = weighted_quantiles(values[None], weights)[0]
    mirrored = weighted_quantiles(-values[None, ::-1], weights[::-1])[0]
    assert found == pytest.approx(-mirrored[::-1], abs=1e-9)
    # What has nearly all weight is the median, wherever it stands.
    heavy = np.full(len(values), 1e-9)
    heavy[0] = 1
    middle = weighted_quantiles(values[None], heavy / heavy.sum())[0, 1]
    assert middle == pytest.approx(values[0], abs=1e-6)


def test_a_weighed_prediction_is_that_of_the_draws_that_count() -> None:
    sketch = Sketch(
        dict.fromkeys("abc", ("process", 0.5)),
        {"a -> c": 0.5, "a -> b": 0.8, "b -| c": 0.5},
        extra={"a -> c": {"strength": "0.1 - 1"}, "b -| c": {"strength": "0.1 - 1"}},
    )
    model = sketch.model(draws=40)
    treatment = Treatment((given_drug({"T.a": {"action": "agonist"}}),))
    kept = np.arange(40) % 3 == 0
    whole = predict_treatment(model, treatment, Regimen.ACUTE, fragility=False)
    own = whole.change[model.network.index["c"], kept]
    weighed = replace(whole, weights=kept / kept.sum()).reading("c").odds
    limit = model.criteria.theta * model.ranges[model.network.index["c"]]
    assert weighed.up == pytest.approx((own > limit).mean())
    assert weighed.down == pytest.approx((own < -limit).mean())
    # Weights need not sum to 1.
    scaled = replace(whole, weights=5.0 * kept).reading("c").odds
    assert scaled.up == pytest.approx(weighed.up)
    made = predict_treatment(
        model, treatment, Regimen.ACUTE, fragility=False, weights=kept / kept.sum()
    )
    assert made.reading("c").odds == weighed


@given(
    st.lists(st.sampled_from((-1, 0, 1, 2)), min_size=1, max_size=8),
    st.integers(0, 2),
    st.floats(0.01, 0.6),
)
def test_a_finding_is_as_likely_as_the_model_of_errors_says(
    codes: list[int], reported: int, wrong: float
) -> None:
    found = log_likelihoods(
        np.array([codes], dtype=np.int8), np.array([reported], dtype=np.int8), wrong
    )[0]
    for code, one in zip(codes, found, strict=True):
        expected = 1 / 3 if code < 0 else 1 - wrong if code == reported else wrong / 2
        assert math.exp(one) == pytest.approx(expected)
    # Whatever a draw does, the three reports that there can be have probabilities that sum to 1.
    total = sum(
        np.exp(log_likelihoods(np.array([codes], np.int8), np.array([one], np.int8), wrong))
        for one in range(len(OUTCOMES))
    )
    assert total == pytest.approx(np.ones((1, len(codes))))


@given(st.lists(st.floats(-30, 30), min_size=4, max_size=40), st.floats(1.5, 3.9), st.booleans())
def test_no_more_is_taken_off_than_has_to_be(
    likelihoods: list[float], least: float, is_flat: bool
) -> None:
    values = np.zeros(len(likelihoods)) if is_flat else np.array(likelihoods)
    found = reweight(values, least)
    assert found.weights.sum() == pytest.approx(1)
    assert found.effective >= least - 1e-6
    assert found.untempered <= found.effective + 1e-9
    weights = np.exp(values - values.max())
    whole = weights.sum() ** 2 / (weights**2).sum()
    assert found.untempered == pytest.approx(whole)
    if whole >= least:
        assert found.power == 1
        assert not found.is_tempered
    else:
        # A plain search: of powers on a grid, those below leave enough, those above do not.
        for power in np.linspace(0, 1, 50):
            own = np.exp(power * (values - values.max()))
            size = own.sum() ** 2 / (own**2).sum()
            if power < found.power - 1e-6:
                assert size >= least - 1e-6
            elif power > found.power + 1e-6:
                assert size <= least + 1e-6


def test_several_bodies_of_findings_are_weighed_as_each_alone() -> None:
    values = np.random.default_rng(1).normal(0, 9, (5, 300))
    weights, powers = tempered_weights(values, 30)
    for row in range(5):
        alone = reweight(values[row], 30)
        assert powers[row] == alone.power
        np.testing.assert_allclose(weights[row], alone.weights, rtol=1e-12)


@given(st.lists(st.floats(0.01, 9), min_size=1, max_size=20))
def test_the_effective_size_lies_between_one_and_all(weights: list[float]) -> None:
    size = float(effective_size(np.array(weights)))
    assert 1 - 1e-9 <= size <= len(weights) + 1e-9


@pytest.mark.parametrize(
    ("tolerance", "draws", "said"),
    [
        (Tolerance(wrong=0), 1000, "above 0"),
        (Tolerance(wrong=0.7), 1000, "below 2/3"),
        (Tolerance(least=1), 1000, "2 or more"),
        (Tolerance(), 150, "'--draws'"),
    ],
)
def test_what_cannot_be_told_is_refused(tolerance: Tolerance, draws: int, said: str) -> None:
    with pytest.raises(InputError, match=said):
        require_tolerance(tolerance, draws)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as raised:
        require_tolerance(Tolerance(wrong=2, least=0), 10)
    assert len(raised.value.problems) == 2
