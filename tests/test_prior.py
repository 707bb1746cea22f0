"""Draws: reproducible, independent of each other, within what was declared."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from raphe.errors import InputError
from raphe.prior import PRIORS, Ensemble, draw_ensemble, join_ensembles, uniforms
from raphe.units import Interval
from strategies_networks import Sketch, sketches

PAIR = Sketch({"a": ("process", 0.5), "b": ("process", 0.5)}, {"a -> b": 0.5, "b -| a": 0.4})


def bytes_of(ensemble: Ensemble) -> bytes:
    arrays = (
        ensemble.kept,
        ensemble.weights,
        ensemble.tones,
        ensemble.fast_gains,
        ensemble.full_gains,
    )
    return b"".join(array.tobytes() for array in arrays)


@pytest.mark.parametrize("prior", PRIORS)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(prior: str) -> None:
    network = PAIR.network()
    one, again, other = (draw_ensemble(network, prior, 50, seed) for seed in (1, 1, 2))
    assert bytes_of(one) == bytes_of(again)
    assert prior == "classes" or bytes_of(one) != bytes_of(other)


def test_the_first_numbers_of_a_stream_are_these_for_ever() -> None:
    """Other numbers would change every answer that was ever given."""
    assert uniforms(1, "NE -> beta1", 3).tolist() == [
        0.9149185319663058,
        0.4471649806894991,
        0.0299340112631033,
    ]


#: First 12 digits of the SHA-256 of the bytes; from a processor with and one without AVX-512.
DIGESTS = {
    "classes": "41a78a4c6d75",
    "uniform": "4c7a8e60c1c0",
    "loguniform": "203d103e291b",
    "contractive": "8fbf4af93352",
}


@pytest.mark.parametrize("prior", PRIORS)
def test_every_machine_and_version_draws_these_bytes(prior: str) -> None:
    ensemble = draw_ensemble(PAIR.network(), prior, 500)
    affinity = ensemble.draw("mirtazapine at HRH1", Interval(0.14, 7.0), logarithmic=True)
    digest = hashlib.sha256(bytes_of(ensemble) + affinity.tobytes()).hexdigest()
    assert digest[:12] == DIGESTS[prior]


def test_numbers_are_uniform_and_streams_are_independent() -> None:
    one, other = uniforms(1, "one", 20_000), uniforms(1, "other", 20_000)
    assert 0 < one.min() < one.max() < 1
    grid = (np.arange(20_000) + 0.5) / 20_000
    assert np.abs(np.sort(one) - grid).max() < 1.63 / np.sqrt(20_000)  # Kolmogorov–Smirnov, 1 %
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.02
    assert abs(np.corrcoef(one[1:], one[:-1])[0, 1]) < 0.02


@given(st.integers(-5, 5), st.text(max_size=5), st.integers(1, 30), st.integers(1, 30))
def test_more_draws_continue_fewer(seed: int, name: str, few: int, more: int) -> None:
    few, more = sorted((few, more))
    assert uniforms(seed, name, more)[:few].tobytes() == uniforms(seed, name, few).tobytes()


@given(sketches(), st.sampled_from(("uniform", "loguniform", "classes")))
def test_a_new_edge_or_node_leaves_all_other_draws_as_they_were(sketch: Sketch, prior: str) -> None:
    network = sketch.network()
    nodes = {**sketch.nodes, "z": ("process", 0.2)}
    wider = Sketch(nodes, {"a -> z": 0.3, **sketch.edges}).network()
    try:
        before, after = draw_ensemble(network, prior, 20), draw_ensemble(wider, prior, 20)
    except InputError:
        assume(False)
    for edge, name in enumerate(network.edge_names):
        there = wider.edge_names.index(name)
        assert before.weights[edge].tobytes() == after.weights[there].tobytes()
    for node, name in enumerate(network.names):
        assert before.tones[node].tobytes() == after.tones[wider.index[name]].tobytes()
    assert (
        before.draw("exposure", Interval(1, 9), True).tobytes()
        == after.draw("exposure", Interval(1, 9), True).tobytes()
    )


@given(st.data(), sketches(most_nodes=5, heaviest=5.0))
def test_the_contractive_prior_is_always_stable_and_proved(
    data: st.DataObject, sketch: Sketch
) -> None:
    """However many edges: complete graphs among them."""
    names = tuple(sketch.nodes)
    arrow = data.draw(st.sampled_from(("->", "-|", "-?")))
    edges = (
        {f"{one} {arrow} {other}": 1.0 for one in names for other in names}
        if data.draw(st.booleans())
        else sketch.edges
    )
    network = sketch.with_edges(edges).network()
    ensemble = draw_ensemble(network, "contractive", 100, data.draw(st.integers(0, 99)))
    assert ensemble.rejected_share == 0
    assert ensemble.proved_share == 1
    reaching = np.zeros((network.size, 100))
    np.add.at(reaching, network.target, np.abs(ensemble.weights))
    assert (reaching < 1).all()


def test_weights_stay_within_the_declared_range_and_have_its_sign() -> None:
    sketch = Sketch(
        {"a": ("process", 0.5), "b": ("process", 0.5)},
        {"a -> b": 0.5, "a ~| b": 0.5},
        extra={
            "a -> b": {"strength": "weak"},
            "a ~| b": {"strength": "dominant"},
            "a": {"tone": "0.2 - 0.4"},
        },
    )
    ensemble = draw_ensemble(sketch.network(), "classes", 4000)
    fast, slow = ensemble.weights
    assert 0.05 <= fast.min() < 0.051 < 0.299 < fast.max() <= 0.3
    assert -2.0 <= slow.min() < -1.99 < -1.11 < slow.max() <= -1.1
    assert 0.2 <= ensemble.tones[0].min() < 0.21 < 0.39 < ensemble.tones[0].max() <= 0.4
    assert set(ensemble.tones[1]) == {0.5}


def test_a_log_uniform_draw_is_uniform_in_the_logarithm() -> None:
    ensemble = draw_ensemble(PAIR.network(), "loguniform", 4000)
    for values, low, high in (
        (np.abs(ensemble.weights[0]), 0.01, 1.0),
        (ensemble.draw("Ki", Interval(0.5, 50.0), logarithmic=True), 0.5, 50.0),
    ):
        share = np.log(values / low) / np.log(high / low)
        assert 0 <= share.min() < 0.01
        assert 0.99 < share.max() <= 1
        assert abs(share.mean() - 0.5) < 0.02


def test_an_unknown_sign_falls_both_ways() -> None:
    sketch = Sketch({"a": ("process", 0.5), "b": ("process", 0.5)}, {"a -? b": 0.5})
    values, counts = np.unique(
        draw_ensemble(sketch.network(), "classes", 2000).weights, return_counts=True
    )
    assert values.tolist() == [-0.5, 0.5]
    assert abs(counts[0] / 2000 - 0.5) < 0.05


def test_unstable_draws_are_left_out_and_counted() -> None:
    sketch = Sketch(
        {"a": ("process", 0.5)}, {"a -> a": 1.0}, extra={"a -> a": {"strength": "0.5 - 1.5"}}
    )
    ensemble = draw_ensemble(sketch.network(), "classes", 1000)
    raw = 0.5 + uniforms(1, "a -> a", 1000)
    assert ensemble.kept.tolist() == np.flatnonzero(raw < 1).tolist()
    assert ensemble.weights[0].tolist() == raw[raw < 1].tolist()
    assert ensemble.rejected_share == 1 - (raw < 1).mean()


def test_where_every_draw_is_unstable_it_says_what_to_do() -> None:
    network = Sketch({"a": ("process", 0.5)}, {"a -> a": 1.5}).network()
    with pytest.raises(InputError) as caught:
        draw_ensemble(network, "classes", 10)
    assert "none of 10 draws of prior 'classes' is stable." in str(caught.value)
    assert "contractive" in str(caught.value)


def test_a_misspelt_prior_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        draw_ensemble(PAIR.network(), "unifrom")
    assert "no prior 'unifrom'" in str(caught.value)
    assert "'uniform'" in str(caught.value)


@pytest.mark.parametrize("draws", [0, -1, 1_000_001])
def test_too_few_or_too_many_draws_are_refused(draws: int) -> None:
    with pytest.raises(InputError, match=f"{draws} draws"):
        draw_ensemble(PAIR.network(), draws=draws)


def test_a_network_without_edges_has_an_ensemble() -> None:
    ensemble = draw_ensemble(Sketch({"a": ("process", 0.5)}, {}).network(), "contractive", 7)
    assert (ensemble.size, ensemble.proved_share, ensemble.weights.shape) == (7, 1.0, (0, 7))


def test_the_seed_of_a_stream_is_documented() -> None:
    digest = hashlib.sha256(b"1\nx").digest()
    raw = np.random.Philox(key=int.from_bytes(digest[:16], "little")).random_raw(1)[0]
    assert uniforms(1, "x", 1)[0] == ((int(raw) >> 11) + 0.5) / 2**53


def test_ensembles_side_by_side_hold_the_draws_of_each_and_draw_on_as_each_would() -> None:
    one, other = (draw_ensemble(PAIR.network(), prior, 9) for prior in ("uniform", "loguniform"))
    both = join_ensembles([one, other])
    assert both.size == one.size + other.size
    interval = Interval(1.0, 2.0)
    for part, own in ((slice(0, 9), one), (slice(9, 18), other)):
        taken = both.take(np.arange(both.size)[part])
        for name in ("kept", "weights", "tones", "lower", "upper", "fast_gains", "full_gains"):
            assert getattr(taken, name).tobytes() == getattr(own, name).tobytes()
        assert both.draw("Ki", interval)[part].tolist() == own.draw("Ki", interval).tolist()
    assert join_ensembles([one]) is one
