"""Pharmacology: what drugs and conditions do to nodes, and its laws in whole responses."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.model import Model
from raphe.pathway import Node
from raphe.perturbation import declared_push, perturb
from raphe.prior import draw_ensemble
from raphe.propagation.arrays import Floats
from raphe.sign import Change
from raphe.target import Targets
from raphe.treatment import Treatment, administer
from strategies_networks import Sketch, a_condition, a_drug, given_drug, sketches

shares = st.integers(0, 100).map(lambda h: h / 100)
ratios = st.integers(1, 10_000).map(lambda h: h / 100)


def one_receptor(tone: float, **extra: object) -> Sketch:
    return Sketch(
        {"r": ("receptor", tone), "s": ("process", 0.5)},
        {"r -> s": 0.5},
        extra={"r": extra} if extra else {},
    )


def moved(
    model: Model, *given: object, condition: object = None, regimen: Regimen = Regimen.ACUTE
) -> Floats:
    treatment = Treatment(given, condition)  # type: ignore[arg-type]
    return model.respond(treatment, regimen)[0].x[:, 0]


def inputs_of(model: Model, treatment: Treatment) -> tuple[Floats, Floats]:
    found = perturb(model.network, model.ensemble, treatment, model.targets)
    return found.gain[:, 0], found.inputs[:, 0]


@given(ratios, shares, shares)
def test_one_drug_follows_the_law_of_mass_action(
    ratio: float, tone: float, efficacy: float
) -> None:
    model = one_receptor(tone).model()
    drug = given_drug(
        {"T.r": {"action": "partial agonist", "efficacy": str(efficacy)}}, f"{ratio} nM"
    )
    gain, inputs = inputs_of(model, Treatment((drug,)))
    occupancy = ratio / (1 + ratio)
    assert gain.tolist() == pytest.approx([1 - occupancy, 1])
    assert inputs.tolist() == pytest.approx([occupancy * (efficacy - tone), 0])


@given(st.lists(st.tuples(ratios, shares), min_size=2, max_size=3), shares)
def test_drugs_at_one_target_compete_as_gaddum_says(
    drugs: list[tuple[float, float]], tone: float
) -> None:
    """ρₖ = (Cₖ/Kₖ) / (1 + Σ C/K): J. H. Gaddum, J. Physiol. 89 (1937) 7P–9P."""
    model = one_receptor(tone).model()
    given = tuple(
        given_drug(
            {"T.r": {"action": "partial agonist", "efficacy": str(efficacy)}},
            f"{ratio} nM",
            f"drug{number}",
        )
        for number, (ratio, efficacy) in enumerate(drugs)
    )
    total = 1 + sum(ratio for ratio, _ in drugs)
    gain, inputs = inputs_of(model, Treatment(given))
    assert gain[0] == pytest.approx(1 / total)
    assert inputs[0] == pytest.approx(
        sum(ratio / total * (efficacy - tone) for ratio, efficacy in drugs)
    )
    backwards = inputs_of(model, Treatment(given[::-1]))
    assert backwards[0] == pytest.approx(gain)
    assert backwards[1] == pytest.approx(inputs)


@given(ratios, shares)
def test_two_half_doses_of_one_thing_are_one_dose(ratio: float, tone: float) -> None:
    model = one_receptor(tone).model()
    bindings = {"T.r": {"action": "antagonist"}}
    halves = tuple(given_drug(bindings, f"{ratio / 2} nM", name) for name in ("one", "other"))
    whole = given_drug(bindings, f"{ratio} nM")
    both, single = inputs_of(model, Treatment(halves)), inputs_of(model, Treatment((whole,)))
    assert both[0] == pytest.approx(single[0])
    assert both[1] == pytest.approx(single[1])


@given(st.sampled_from(["antagonist", "agonist", "inverse agonist", "PAM", "NAM"]))
def test_without_occupancy_it_is_vehicle(action: str) -> None:
    model = one_receptor(0.4).model()
    drug = a_drug({"T.r": {"action": action, "occupancy": "0"}})
    gain, inputs = inputs_of(model, Treatment((administer(drug),)))
    assert gain.tolist() == [1, 1]
    assert inputs.tolist() == [0, 0]


def test_a_block_of_a_silent_receptor_does_nothing_alone_and_yet_blocks_what_would_have_come() -> (
    None
):
    sketch = Sketch(
        {"n": ("process", 0.5), "r": ("receptor", 0.0), "s": ("process", 0.5)},
        {"n -> r": 0.5, "r -> s": 0.5},
    )
    model = sketch.model()
    blocker = given_drug({"T.r": {"action": "antagonist"}}, name="blocker")
    more = given_drug({"T.n": {"action": "agonist"}}, name="more")
    assert moved(model, blocker).tolist() == [0, 0, 0]
    alone = moved(model, more)
    assert alone == pytest.approx([0.45, 0.225, 0.1125])
    # 9 of 10 receptors are occupied: a tenth of what was heard is still heard.
    assert moved(model, more, blocker) == pytest.approx([0.45, 0.0225, 0.01125])


@pytest.mark.parametrize(("tone", "direction"), [(0.2, 1), (0.4, 0), (0.8, -1)])
def test_the_direction_of_a_partial_agonist_depends_on_tone(tone: float, direction: int) -> None:
    drug = given_drug({"T.r": {"action": "partial agonist", "efficacy": "0.4"}})
    assert np.sign(moved(one_receptor(tone).model(), drug)).tolist() == [direction, direction]


def test_reserve_makes_a_partial_agonist_nearly_full_and_leaves_the_others_as_they_are() -> None:
    """ε (1 + R) / (1 + ε R), R = 9: R. F. Furchgott, Adv. Drug Res. 3 (1966) 21–55."""
    model = one_receptor(0.0, reserve=True).model()
    for efficacy, expected in (("0.5", 10 / 11), ("1", 1), ("0", 0), ("-0.3", -0.3)):
        drug = given_drug({"T.r": {"action": "partial agonist", "efficacy": efficacy}})
        assert inputs_of(model, Treatment((drug,)))[1][0] == pytest.approx(0.9 * expected)


def test_spare_receptors_decide_what_is_certain_of_a_partial_agonist() -> None:
    """Below the tone by efficacy, above it where receptors are spared, whatever the draws."""
    drug = given_drug({"T.r": {"action": "partial agonist", "efficacy": "0.3"}})
    for reserve, expected in ((0.0, Change.DOWN), (9.0, Change.UP)):
        model = one_receptor(0.5, reserve=reserve).model()
        (contact,) = model.perturb(Treatment((drug,))).contacts
        assert declared_push(model.network, contact) is expected


@given(st.floats(0, 100), st.floats(0, 100), shares)
def test_a_larger_reserve_makes_a_partial_agonist_fuller_and_never_more_than_full(
    one: float, other: float, efficacy: float
) -> None:
    """Stimulus is efficacy times receptors; half of the full effect takes 1 / (2 + R) of it."""
    less, more = sorted((one, other))
    drug = given_drug({"T.r": {"action": "partial agonist", "efficacy": str(efficacy)}})
    made = [
        inputs_of(one_receptor(0.0, reserve=size).model(), Treatment((drug,)))[1][0] / 0.9
        for size in (0.0, less, more, 100.0)
    ]
    assert made[0] == pytest.approx(efficacy)
    assert all(first <= second + 1e-12 for first, second in pairwise(made))
    assert made[-1] <= 1 + 1e-12
    assert made[2] == pytest.approx(efficacy * (1 + more) / (1 + efficacy * more))


@pytest.mark.parametrize(
    ("said", "size"),
    [(True, 9.0), (False, 0.0), ("small", 1.0), ("moderate", 3.0), ("large", 9.0), ("2.5", 2.5)],
)
def test_a_reserve_is_a_word_or_a_number(said: object, size: float) -> None:
    assert one_receptor(0.0, reserve=said).network().reserve[0] == size


@pytest.mark.parametrize("said", ["huge", -1, 101, [3]])
def test_what_is_no_reserve_is_refused(said: object) -> None:
    with pytest.raises(ValueError, match="not a receptor reserve; use small, moderate or large"):
        Node.model_validate({"kind": "receptor", "reserve": said})


@given(shares.filter(lambda share: share < 1), ratios)
def test_a_drug_has_to_displace_the_transmitter_that_holds_a_receptor(
    tone: float, ratio: float
) -> None:
    """Gaddum 1937, two ligands: [A]/KA / (1 + [A]/KA + [B]/KB), each in turn."""
    model = one_receptor(tone, occupied=True).model()
    own = tone / (1 - tone)
    drug, left = ratio / (1 + ratio + own), own / (1 + ratio + own)
    for action, efficacy in (("antagonist", 0.0), ("agonist", 1.0)):
        gain, inputs = inputs_of(
            model, Treatment((given_drug({"T.r": {"action": action}}, f"{ratio} nM"),))
        )
        assert gain[0] == pytest.approx(1 - drug)
        # What is active: what the transmitter still holds, and the drug's share times its efficacy.
        assert tone + inputs[0] == pytest.approx(left + efficacy * drug)


def test_a_receptor_that_is_wholly_held_lets_a_drug_in() -> None:
    gain, _ = inputs_of(
        one_receptor(1.0, occupied=True).model(),
        Treatment((given_drug({"T.r": {"action": "antagonist"}}, "1000 nM"),)),
    )
    assert 0 < gain[0] < 1


@given(shares, ratios)
def test_a_modulator_scales_what_the_ligand_does_and_leaves_its_site_free(
    tone: float, ratio: float
) -> None:
    model = one_receptor(tone).model()
    bound = ratio / (1 + ratio)
    for action, factor in (("PAM", 0.5), ("NAM", -1.0)):
        modulator = given_drug({"T.r": {"action": action}}, f"{ratio} nM")
        gain, inputs = inputs_of(model, Treatment((modulator,)))
        assert gain[0] == pytest.approx(1 + factor * bound)
        assert inputs[0] == pytest.approx(factor * bound * tone)
        # An orthosteric drug beside it competes for the ligand's site as if it were alone there.
        for order in (1, -1):
            drugs = (modulator, given_drug({"T.r": {"action": "agonist"}}, name="agonist"))[::order]
            found = perturb(model.network, model.ensemble, Treatment(drugs), model.targets)
            occupancies = {one.drug: one.occupancy[0] for one in found.contacts}
            assert occupancies == pytest.approx({"drug": bound, "agonist": 0.9})
            scaled = 1 + factor * bound
            assert found.gain[0, 0] == pytest.approx(0.1 * scaled)
            assert found.inputs[0, 0] == pytest.approx(scaled * (0.1 * tone + 0.9) - tone)


def lesioned() -> Sketch:
    """A transporter on its terminal takes up what firing releases."""
    nodes = {
        "t.firing": ("firing", 1.0),
        "t.uptake": ("transporter", 1.0),
        "x": ("transmitter", 1.0),
    }
    edges = {"t.firing -> x": 0.5, "t.uptake -| x": 0.5}
    extra = {"t.uptake": {"target": "SLC"}, "t.firing": {"target": "F"}}
    return Sketch(nodes, edges, cells={"t.firing": "t"}, extra=extra)


def test_after_a_lesion_of_the_cells_their_drug_does_nothing() -> None:
    model = lesioned().model()
    inhibitor = given_drug({"SLC": {"action": "inhibitor"}})
    lesion = a_condition(lesions=["t cell"])
    assert moved(model, inhibitor)[2] == pytest.approx(0.45)
    without = moved(model, condition=lesion, regimen=Regimen.CHRONIC)
    assert without == pytest.approx([-1, -1, 0])
    assert (
        moved(model, inhibitor, condition=lesion, regimen=Regimen.CHRONIC).tolist()
        == without.tolist()
    )


@given(shares, shares)
def test_depletion_scales_what_reaches_a_node_and_its_own_tone(loss: float, tone: float) -> None:
    model = one_receptor(tone).model()
    condition = a_condition(depletes={"r": str(loss)})
    gain, inputs = inputs_of(model, Treatment((), condition))
    assert gain[0] == pytest.approx(1 - loss)
    assert inputs[0] == pytest.approx(-loss * tone)
    drug = given_drug({"T.r": {"action": "agonist"}})
    drugged, pushed = inputs_of(model, Treatment((drug,), condition))
    # What is left of it is 0.9 occupied: activity (1 − loss) (tone + 0.9 (1 − tone)), from tone.
    assert drugged[0] == pytest.approx(0.1 * (1 - loss))
    assert pushed[0] == pytest.approx((1 - loss) * (tone + 0.9 * (1 - tone)) - tone)


@given(shares, shares)
def test_shares_multiply_along_necessary_edges(one: float, other: float) -> None:
    nodes = {"a": ("store", 1.0), "b": ("store", 1.0), "c": ("store", 1.0)}
    edges = {"a -> b": 0.5, "b -> c": 0.5}
    model = Sketch(nodes, edges, extra={arrow: {"necessary": True} for arrow in edges}).model()
    gain, inputs = inputs_of(
        model, Treatment((), a_condition(depletes={"a": str(one), "b": str(other)}))
    )
    left = [1 - one, (1 - one) * (1 - other), (1 - one) * (1 - other)]
    assert gain == pytest.approx(left)
    assert inputs == pytest.approx([share - 1 for share in left])


def test_an_inhibitor_of_synthesis_depletes_what_needs_it() -> None:
    nodes = {"e": ("enzyme", 1.0), "s": ("store", 1.0)}
    model = Sketch(nodes, {"e -> s": 0.5}, extra={"e -> s": {"necessary": True}}).model()
    gain, inputs = inputs_of(model, Treatment((given_drug({"T.e": {"action": "inhibitor"}}),)))
    assert gain == pytest.approx([0.1 * 0.1, 0.1])
    assert inputs[1] == pytest.approx(-0.9)


@given(sketches(kinds=("process", "receptor")))
def test_no_drug_pushes_a_node_out_of_its_bounds(sketch: Sketch) -> None:
    model = Model(sketch.network(), Targets(), "contractive", 20)
    for action in ("agonist", "antagonist", "inverse agonist", "NAM"):
        drug = given_drug({f"T.{name}": {"action": action} for name in sketch.nodes})
        found = perturb(model.network, model.ensemble, Treatment((drug,)), model.targets)
        tones = model.ensemble.tones
        assert (found.gain >= -1e-12).all()
        assert (found.inputs <= 1 - tones + 1e-12).all()
        assert (found.inputs >= -tones - (0.5 if action == "inverse agonist" else 1e-12)).all()


def test_the_more_specific_target_counts() -> None:
    targets = Targets.model_validate(
        {
            "targets": {"A": {"name": "A"}, "B": {"name": "B"}},
            "families": {"AB": {"members": ["A", "B"]}},
        }
    )
    sketch = Sketch(
        {"a": ("receptor", 0.5), "b": ("receptor", 0.5)},
        {},
        extra={"a": {"target": "A"}, "b": {"target": "B"}},
    )
    model = replace(sketch.model(), targets=targets)
    drug = given_drug({"AB": {"action": "antagonist"}, "A": {"action": "agonist"}})
    assert moved(model, drug) == pytest.approx([0.45, -0.45])
    spared = Treatment((drug,), without=("B",))
    assert inputs_of(model, spared)[1] == pytest.approx([0.45, 0])


def test_where_sources_disagree_each_draw_believes_one_of_them() -> None:
    model = Model(one_receptor(0.5).network(), Targets(), "classes", 2000)
    drug = a_drug({"T.r": {"action": "antagonist", "Ki": "1 nM"}})
    rows = drug.targets["T.r"]
    other = rows[0].model_copy(update={"Ki": type(rows[0].Ki)(81.0, 81.0)})  # type: ignore[call-arg, misc]
    both = drug.model_copy(update={"targets": {"T.r": (rows[0], other)}})
    found = perturb(model.network, model.ensemble, Treatment((administer(both),)), model.targets)
    values, counts = np.unique(found.contacts[0].occupancy.round(9), return_counts=True)
    assert values.tolist() == pytest.approx([0.1, 0.9])
    assert abs(counts[0] / 2000 - 0.5) < 0.05


def test_what_a_drug_binds_and_the_network_lacks_is_named() -> None:
    model = one_receptor(0.5).model()
    drug = given_drug({"T.r": {"action": "agonist"}, "HRH1": {"action": "antagonist"}})
    found = perturb(model.network, model.ensemble, Treatment((drug,)), model.targets)
    assert found.unplaced == {"drug": ("HRH1",)}


def test_a_condition_that_names_what_is_not_there_is_refused_with_the_nearest_name() -> None:
    model = lesioned().model()
    with pytest.raises(InputError) as caught:
        perturb(
            model.network,
            model.ensemble,
            Treatment(
                (), a_condition(perturbs={"t.fring": {"direction": "up"}}, lesions=["t cel"])
            ),
            model.targets,
        )
    text = str(caught.value)
    assert "'t.fring', which is no node" in text
    assert "t.firing" in text
    assert "t cell" in text


def test_a_dose_can_be_a_name_a_concentration_or_a_factor_and_nothing_else() -> None:
    drug = a_drug({"T.r": {"action": "agonist"}}, free="20 - 60 nM")
    assert administer(drug).concentration == administer(drug, "usual").concentration
    assert administer(drug, "2x").concentration.high == 120
    assert administer(drug, "5 nM").concentration.low == 5
    for wrong in ("usul", "-2x", "0x", "lots"):
        with pytest.raises(InputError, match="not a dose of drug"):
            administer(drug, wrong)


def test_an_ensemble_of_the_sketch_has_its_weights() -> None:
    network = one_receptor(0.3).network()
    ensemble = draw_ensemble(network, draws=2)
    assert ensemble.weights.tolist() == [[0.5, 0.5]]
    assert ensemble.tones.tolist() == [[0.3, 0.3], [0.5, 0.5]]
