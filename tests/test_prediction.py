"""Whole predictions: laws that hold for every circuit and every treatment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given, reject, settings
from hypothesis import strategies as st

from raphe.calling import CRITERIA, Call, calls, odds
from raphe.contrast import Contrast, change_of, contrast_treatments
from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.model import FRAGILITY_REFERENCE_DRAWS, Model
from raphe.perturbation import Perturbation
from raphe.prediction import Prediction, predict_treatment
from raphe.prior import PRIORS, draw_ensemble
from raphe.propagation.certainty import Ground
from raphe.propagation.dynamic_range import dynamic_ranges
from raphe.propagation.response import Response
from raphe.sign import Change
from raphe.target import Targets
from raphe.treatment import Treatment
from strategies_networks import Sketch, a_condition, given_drug, sketches, treatments

regimens = st.sampled_from(list(Regimen))


def stable(model: Model) -> Model:
    """The model, where it has stable draws."""
    try:
        _ = model.ensemble
    except InputError:
        assume(False)
    return model


@st.composite
def experiments(
    draw: st.DrawFn, draws: int = 1, prior: str = "classes", heaviest: float = 1.5
) -> tuple[Model, Treatment, Treatment | None, Regimen]:
    """A model, what is given, what it is compared with, for how long."""
    model = stable(draw(sketches(heaviest=heaviest)).model(draws, prior))
    treatment = draw(treatments(model.network))
    against = draw(st.sampled_from(("vehicle", "untouched", "other")))
    comparator = {
        "vehicle": None,
        "untouched": Treatment(),
        "other": replace(draw(treatments(model.network))),
    }[against]
    return model, treatment, comparator, draw(regimens)


@settings(max_examples=300)
@given(experiments(draws=25, prior="loguniform"))
def test_no_draw_moves_in_a_direction_that_is_proved_impossible(
    experiment: tuple[Model, Treatment, Treatment | None, Regimen],
) -> None:
    model, treatment, comparator, regimen = experiment
    assume(model.ensemble.proved_share == 1)
    prediction = predict_treatment(model, treatment, regimen, comparator, fragility=False)
    for node, row in enumerate(prediction):
        if Change.UP not in row.certainty.possible:
            assert prediction.change[node].max() <= 1e-9, (row.node, row.certainty)
            assert row.call is not Call.UP
        if Change.DOWN not in row.certainty.possible:
            assert prediction.change[node].min() >= -1e-9, (row.node, row.certainty)
            assert row.call is not Call.DOWN
        if row.certainty.ground is Ground.UNREACHED:
            assert row.call is Call.UNCHANGED
            assert row.odds.unchanged == 1


@given(experiments())
def test_a_treatment_against_itself_changes_nothing(
    experiment: tuple[Model, Treatment, Treatment | None, Regimen],
) -> None:
    model, treatment, _, regimen = experiment
    prediction = predict_treatment(model, treatment, regimen, treatment, fragility=False)
    assert not prediction.change.any()
    assert {row.call for row in prediction} == {Call.UNCHANGED}


@given(experiments())
def test_comparators_are_paired_draw_by_draw(
    experiment: tuple[Model, Treatment, Treatment | None, Regimen],
) -> None:
    """Treatment against comparator is treatment less comparator, each against nothing."""
    model, treatment, comparator, regimen = experiment
    assume(comparator is not None)
    assert comparator is not None
    contrast = contrast_treatments(model, treatment, comparator, regimen)
    one = contrast_treatments(model, treatment, Treatment(), regimen)
    other = contrast_treatments(model, comparator, Treatment(), regimen)
    np.testing.assert_allclose(contrast.change, one.change - other.change, atol=1e-12)
    back = contrast_treatments(model, comparator, treatment, regimen)
    np.testing.assert_allclose(back.change, -contrast.change, atol=1e-12)


@given(sketches(), regimens, st.randoms(use_true_random=False))
def test_the_order_of_declaration_is_immaterial(
    sketch: Sketch, regimen: Regimen, random: object
) -> None:
    nodes, edges = list(sketch.nodes.items()), list(sketch.edges.items())
    random.shuffle(nodes)  # type: ignore[attr-defined]
    random.shuffle(edges)  # type: ignore[attr-defined]
    shuffled = Sketch(dict(nodes), dict(edges))
    one, other = (stable(each.model(20, "uniform")) for each in (sketch, shuffled))
    assert one.ensemble.weights.tobytes() == other.ensemble.weights.tobytes()
    assert one.ensemble.tones.tobytes() == other.ensemble.tones.tobytes()
    treatment = Treatment((given_drug({"T.a": {"action": "agonist"}}),))
    answers = [
        predict_treatment(each, treatment, regimen, fragility=False) for each in (one, other)
    ]
    assert answers[0].change.tobytes() == answers[1].change.tobytes()
    assert list(answers[0]) == list(answers[1])


@given(st.data(), sketches(least_nodes=2), regimens)
@example(
    None, Sketch({"a": ("process", 0.5), "b": ("process", 0.5)}, {"a -> b": 0.5}), Regimen.ACUTE
)
def test_names_are_immaterial(data: st.DataObject | None, sketch: Sketch, regimen: Regimen) -> None:
    """With given weights; drawn ones are seeded by names."""
    names = list(sketch.nodes)
    others = data.draw(st.permutations(names)) if data else names[::-1]
    new = dict(zip(names, others, strict=True))
    renamed = Sketch(
        {new[name]: node for name, node in sketch.nodes.items()},
        {
            " ".join(new.get(word, word) for word in arrow.split()): w
            for arrow, w in sketch.edges.items()
        },
    )
    one, other = stable(sketch.model()), stable(renamed.model())
    given_to = [
        Treatment((given_drug({f"T.{name}": {"action": "agonist"}}),)) for name in ("a", new["a"])
    ]
    before = predict_treatment(one, given_to[0], regimen, fragility=False)
    after = predict_treatment(other, given_to[1], regimen, fragility=False)
    for name in names:
        here, there = (
            before.change[one.network.index[name]],
            after.change[other.network.index[new[name]]],
        )
        np.testing.assert_allclose(here, there, atol=1e-7)
        assert before[name].certainty == after[new[name]].certainty


@settings(max_examples=50)
@given(st.data(), sketches())
def test_a_new_edge_never_makes_a_prediction_more_certain(
    data: st.DataObject, sketch: Sketch
) -> None:
    model = stable(sketch.model())
    treatment = data.draw(treatments(model.network))
    ends = data.draw(
        st.tuples(st.sampled_from(list(sketch.nodes)), st.sampled_from(list(sketch.nodes)))
    )
    added = {f"{ends[0]} -> {ends[1]}": 0.1}
    network_edges = {tuple(arrow.split()[::2]) for arrow in sketch.edges}
    assume(ends not in network_edges)
    wider = stable(sketch.with_edges({**sketch.edges, **added}).model())
    for regimen in Regimen:
        try:
            before = predict_treatment(model, treatment, regimen, fragility=False)
            after = predict_treatment(wider, treatment, regimen, fragility=False)
        except InputError:
            # Stable as a whole, with a part that runs away while the rest is held at its bounds.
            reject()
        for one, other in zip(before, after, strict=True):
            assert one.certainty.possible in other.certainty.possible


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=40), st.floats(0.001, 0.5))
def test_odds_are_shares_of_draws_and_a_call_needs_the_bar(
    values: list[float], threshold: float
) -> None:
    (found,) = odds(np.array([values]), np.array([threshold]))
    up = sum(value > threshold for value in values) / len(values)
    down = sum(value < -threshold for value in values) / len(values)
    assert (found.up, found.down) == (pytest.approx(up), pytest.approx(down))
    assert found.up + found.down + found.unchanged == pytest.approx(1)
    assert found.low <= found.median <= found.high
    passing = [
        call
        for call in (Call.UP, Call.DOWN, Call.UNCHANGED)
        if found.probability(call) >= CRITERIA.bar
    ]
    assert found.call() is (passing[0] if passing else Call.AMBIGUOUS)


def balanced(draws: int = 400) -> Model:
    """Two ways to c of opposite signs and like strength."""
    nodes = dict.fromkeys("abc", ("process", 0.5))
    edges = {"a -> b": 1.0, "b -| c": 0.5, "a -> c": 0.5}
    extra = {"b -| c": {"strength": "moderate"}, "a -> c": {"strength": "moderate"}}
    return Model(Sketch(nodes, edges, extra=extra).network(), Targets(), draws=draws)


def on_a(
    regimen: Regimen = Regimen.ACUTE, model: Model | None = None, fragility: bool = False
) -> Prediction:
    drug = given_drug({"T.a": {"action": "agonist"}})
    return predict_treatment(model or balanced(), Treatment((drug,)), regimen, fragility=fragility)


def test_where_the_weights_decide_it_is_ambiguous_and_says_so() -> None:
    rows = on_a().rows
    assert rows["c"].call is Call.AMBIGUOUS
    assert rows["c"].certainty.ground is Ground.BOTH
    assert rows["b"].call is Call.UP
    assert rows["b"].certainty.possible is Change.NOT_DOWN


def test_a_call_that_another_prior_would_not_make_is_marked_with_its_name() -> None:
    nodes = dict.fromkeys("abc", ("process", 0.5))
    sketch = Sketch(nodes, {"a -> b": 1.0, "b -> c": 0.9, "a -| c": 0.5})
    model = Model(sketch.network(), Targets(), draws=100)
    row = on_a(model=model, fragility=True)["c"]
    assert row.call is Call.UP
    assert row.fragile == ("uniform", "loguniform", "contractive")
    assert row.is_fragile
    assert not on_a(model=model, fragility=True)["a"].is_fragile


@pytest.mark.parametrize(
    ("weight", "borderline"), [(0.05, True), (0.09, True), (0.02, False), (0.5, False)]
)
def test_a_call_is_borderline_where_half_or_twice_the_threshold_changes_it(
    weight: float, borderline: bool
) -> None:
    """b's range is 0.5, for itself activated; so it has to move by 0.07 × 0.5 = 0.035."""
    sketch = Sketch({"a": ("process", 0.5), "b": ("process", 0.5)}, {"a -> b": weight})
    row = on_a(model=sketch.model())["b"]
    moved = 0.45 * weight
    assert row.odds.median == pytest.approx(moved)
    assert row.call is (Call.UP if moved > 0.035 else Call.UNCHANGED)
    assert row.borderline is borderline


def test_an_unknown_node_is_refused_with_the_nearest_name() -> None:
    nodes = {"LC.firing": ("firing", 1.0)}
    model = Sketch(nodes, {}).model()
    prediction = predict_treatment(model, Treatment(), Regimen.ACUTE, fragility=False)
    with pytest.raises(InputError, match=r"LC\.fring"):
        prediction["LC.fring"]
    assert [row.call for row in prediction] == [Call.UNCHANGED]


def test_one_node_asked_alone_has_the_odds_that_it_has_among_all() -> None:
    model = balanced()
    prediction = on_a(model=model)
    for row in prediction:
        alone = change_of(model, prediction.treatment, Treatment(), Regimen.ACUTE, row.node)
        assert alone == row.odds


def test_the_same_seed_gives_the_same_prediction_to_the_last_bit() -> None:
    one, again = on_a(), on_a()
    assert one.change.tobytes() == again.change.tobytes()
    assert list(one) == list(again)
    other = on_a(model=replace(balanced(), seed=2))
    assert one.change.tobytes() != other.change.tobytes()


def test_a_drug_in_an_ill_animal_is_held_against_the_ill_animal() -> None:
    nodes = {"a": ("process", 0.5), "b": ("process", 0.5)}
    model = Sketch(nodes, {"a -> b": 0.5}).model()
    ill = a_condition(perturbs={"a": {"direction": "up", "strength": "0.2"}})
    drug = given_drug({"T.a": {"action": "antagonist"}})
    prediction = predict_treatment(model, Treatment((drug,), ill), Regimen.CHRONIC, fragility=False)
    assert prediction.comparator == Treatment((), ill)
    # The antagonist takes 0.9 × 0.5 of tone; what the condition imposes stays.
    assert prediction.change[:, 0] == pytest.approx([-0.45, -0.225])
    assert draw_ensemble(model.network, draws=1).size == 1


def test_what_blocks_a_way_that_the_comparator_uses_is_not_said_to_do_nothing() -> None:
    """A silent receptor: its antagonist imposes nothing by itself, but takes away what comes in."""
    nodes = {"n": ("process", 0.5), "r": ("receptor", 0.0), "s": ("process", 0.5)}
    model = Sketch(nodes, {"n -> r": 0.5, "r -> s": 0.5}).model()
    more = given_drug({"T.n": {"action": "agonist"}}, name="more")
    blocker = given_drug({"T.r": {"action": "antagonist"}}, name="blocker")
    prediction = predict_treatment(
        model, Treatment((more, blocker)), Regimen.ACUTE, Treatment((more,)), fragility=False
    )
    assert [row.call for row in prediction] == [Call.UNCHANGED, Call.DOWN, Call.DOWN]
    assert [Change.DOWN in row.certainty.possible for row in prediction] == [False, True, True]


@given(experiments(draws=7, prior="loguniform"))
def test_a_reading_is_what_the_row_says_of_the_draws(
    experiment: tuple[Model, Treatment, Treatment | None, Regimen],
) -> None:
    model, treatment, comparator, regimen = experiment
    prediction = predict_treatment(model, treatment, regimen, comparator, fragility=False)
    for row in prediction:
        reading = prediction.reading(row.node)
        own = vars(row)
        assert vars(reading) == {name: own[name] for name in vars(reading)}
    with pytest.raises(InputError):
        prediction.reading("nowhere")


@settings(max_examples=40)
@given(experiments(draws=30))
def test_other_priors_asked_all_at_once_say_what_each_says_alone(
    experiment: tuple[Model, Treatment, Treatment | None, Regimen],
) -> None:
    model, treatment, comparator, regimen = experiment
    prediction = predict_treatment(model, treatment, regimen, comparator)
    names = [name for name in PRIORS if name != model.prior]
    expected: dict[str, list[str]] = {row.node: [] for row in prediction}
    for name in names:
        alone = stable(replace(model, prior=name))
        contrast = contrast_treatments(alone, treatment, prediction.comparator, regimen)
        (ranges,) = dynamic_ranges(alone.network, [alone.ensemble], FRAGILITY_REFERENCE_DRAWS)
        for node, row in enumerate(prediction):
            values = contrast.change[[node]][:, contrast.settled]
            threshold = CRITERIA.theta * ranges[[node]]
            if not values.size or odds(values, threshold)[0].call() is not row.call:
                expected[row.node].append(name)
    assert {row.node: list(row.fragile) for row in prediction} == expected


def test_draws_that_did_not_come_to_rest_on_both_sides_are_left_out() -> None:
    x = np.arange(8.0).reshape(2, 4)
    one = Response(x, np.array([True, True, False, True]))
    other = Response(2 * x, np.array([True, False, True, True]))
    nothing = Perturbation(np.ones((2, 4)), np.zeros((2, 4)))
    both = Contrast(one, other, nothing, nothing)
    assert both.of_settled(slice(1, 2)).tolist() == [[-4.0, -7.0]]
    assert Contrast(one, None, nothing, nothing).of_settled(slice(0, 1)).tolist() == [[0, 1, 3]]
    model = Sketch(dict.fromkeys("ab", ("process", 0.5)), {}).model(draws=4)
    prediction = Prediction(Treatment(), Regimen.ACUTE, Treatment(), model, both)
    assert prediction.unsettled_share == 0.5
    assert prediction.change.tolist() == [[0.0, -3.0], [-4.0, -7.0]]


def test_a_modulator_that_amplifies_is_beyond_what_was_proved_stable() -> None:
    nodes = {"a": ("receptor", 0.5), "b": ("process", 0.5), "c": ("process", 0.5)}
    model = Sketch(nodes, {"a -> b": 0.5, "b -> c": 0.5, "c -| b": 0.5}).model()
    for action, ground in (("NAM", Ground.PATHS), ("PAM", Ground.OPEN)):
        drug = given_drug({"T.a": {"action": action}})
        prediction = predict_treatment(model, Treatment((drug,)), Regimen.ACUTE, fragility=False)
        assert prediction["c"].certainty.ground is ground


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=40))
def test_medians_and_intervals_are_quantiles(values: list[float]) -> None:
    (found,) = odds(np.array([values]), np.array([0.1]))
    expected = np.quantile(values, (0.05, 0.5, 0.95))
    np.testing.assert_allclose([found.low, found.median, found.high], expected, atol=1e-12)
    assert calls(np.array([values]), np.array([0.1])) == [found.call()]


def test_what_runs_away_is_told_by_its_draw_and_by_no_warning() -> None:
    """A part with a loop of gain one has no rest; the suite turns every warning into an error."""
    nodes = {"a": ("process", 0.5), **dict.fromkeys("bcd", ("process", 0.0)), "e": ("firing", 0.0)}
    edges = dict.fromkeys(
        ("a -> a", "a -> b", "a -> c", "a -> d", "a -| e", "a ~> b", "b -> a", "b -> b", "c -> a"),
        0.1,
    )
    model = Sketch(nodes, {**edges, "e -> a": 0.45, "e -> e": 1.0}).model()
    assert np.isfinite(model.ranges).all()
