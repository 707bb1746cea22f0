"""What accounts and reasons say: arrows of adaptations, times, occupancies, sources."""

from __future__ import annotations

import re

import pytest

from raphe.consistency.reasons import LATER, arrows, reason
from raphe.explanation.account import Account
from raphe.explanation.routes import Explanation, main_route
from raphe.finding import Regimen
from raphe.prediction import Prediction, predict_treatment
from raphe.report.citations import Citations
from raphe.report.explain_words import Story, tell_account
from raphe.treatment import Treatment
from strategies_networks import Sketch, given_drug


def predicted(sketch: Sketch, regimen: Regimen, **targets: dict[str, str]) -> Prediction:
    drug = given_drug({f"T.{name}": own for name, own in targets.items()})
    return predict_treatment(sketch.model(), Treatment((drug,)), regimen, fragility=False)


def told(prediction: Prediction, node: str) -> Story:
    return tell_account(Account(prediction, node), (), Citations({}))


def said(prediction: Prediction, node: str, about: str) -> str:
    return " ".join(one.text for one in told(prediction, node).sentences if one.about == about)


DENSITY = Sketch(
    {"l": ("process", 0.5), "r": ("process", 0.5), "s": ("process", 0.5)},
    {"l -> r": 0.6, "r -> s": 0.5, "r ~| r": 1.0},
)


def test_an_adaptation_is_drawn_as_one_and_what_comes_later_is_told() -> None:
    """Under the drug and after it a node is not the same thing twice."""
    prediction = predicted(DENSITY, Regimen.WASHOUT, r={"action": "antagonist"})
    route = main_route(prediction, "s")
    assert route is not None
    assert route.nodes == ("r", "r", "s")
    assert route.slow == (True, False)
    assert route.later == 1
    assert arrows(route) == f"r ~| {LATER} r → s"
    assert f"r ~| {LATER} r → s" in reason(prediction, "s")
    assert f"r ↓ ~| {LATER} r ↑ [assumed] → s ↑ [assumed]" in said(prediction, "s", "path")


def test_a_chronic_path_along_an_adaptation_says_so_and_has_one_time() -> None:
    nodes = {"a": ("process", 0.0), "b": ("process", 0.5), "c": ("firing", 1.0)}
    sketch = Sketch(nodes, {"a ~| b": 0.5, "b -> c": 0.5})
    route = main_route(predicted(sketch, Regimen.CHRONIC, a={"action": "agonist"}), "c")
    assert route is not None
    assert arrows(route) == "a ~| b → c"
    assert route.later is None


def test_beside_a_fast_edge_a_slow_one_does_not_make_an_arrow_slow() -> None:
    nodes = {"a": ("process", 0.0), "b": ("firing", 1.0)}
    sketch = Sketch(nodes, {"a -> b": 0.5, "a ~| b": 0.1})
    route = main_route(predicted(sketch, Regimen.CHRONIC, a={"action": "agonist"}), "b")
    assert route is not None
    assert arrows(route) == "a → b"


def test_a_drug_that_occupies_next_to_nothing_is_not_named_beside_one_that_does() -> None:
    """Both receptors raise s, the weakly bound one by the stronger edge; x lowers it more."""
    nodes = dict.fromkeys("wvx", ("process", 0.5)) | {"s": ("firing", 1.0), "y": ("firing", 1.0)}
    sketch = Sketch(nodes, {"w -| s": 5.0, "x -> s": 0.5, "x -| y": 0.5, "y -> s": 0.4})
    targets = {
        "w": {"action": "antagonist", "Ki": "20000 nM"},
        "x": {"action": "antagonist"},
    }
    prediction = predicted(sketch, Regimen.ACUTE, **targets)
    origins = Explanation.of(prediction, "s").origins
    assert origins["T.w"] > 0 > origins["T.x"]
    upwards = main_route(prediction, "s", +1)
    assert upwards is not None
    assert upwards.nodes == ("x", "y", "s")


def test_where_only_such_a_drug_leads_the_reason_says_how_little_it_is() -> None:
    nodes = {"w": ("process", 0.5), "s": ("firing", 1.0), "k": ("process", 0.0)}
    sketch = Sketch(nodes, {"w -> s": 0.5, "k -> s": 0.5})
    prediction = predicted(sketch, Regimen.ACUTE, w={"action": "antagonist", "Ki": "2000 nM"})
    assert prediction.reading("s").call.value == "unchanged"
    assert reason(prediction, "s") == "The treatment occupies less than 1 % of whatever leads here."
    assert "0 %" not in reason(prediction, "s")


@pytest.mark.parametrize("regimen", list(Regimen))
def test_every_sentence_of_a_small_circuit_is_there(regimen: Regimen) -> None:
    nodes = {"n": ("process", 0.0), "r": ("receptor", 0.0), "s": ("firing", 1.0)}
    sketch = Sketch(nodes, {"n -> r": 0.5, "r -| s": 0.9, "n -> s": 0.2, "s ~| s": 0.4})
    prediction = predicted(sketch, regimen, n={"action": "agonist"}, r={"action": "antagonist"})
    about = {one.about for one in told(prediction, "s").sentences}
    assert {"what", "path", "edges"} <= about if regimen is not Regimen.WASHOUT else "what" in about
    if regimen is Regimen.ACUTE:
        what = said(prediction, "s", "what")
        assert what.startswith("Drug raises s (s) (p > 0.99), mainly because it blocks T.r (90 %")
        assert "what it no longer hears of n" in said(prediction, "s", "path")
        together = said(prediction, "s", "interactions")
        assert "beyond what each brings alone" in together


def test_beside_the_drug_that_drives_it_a_block_is_a_push_of_its_own() -> None:
    """The comparison group has what x sends to r; the treated one has it blocked."""
    nodes = {"x": ("process", 0.0), "r": ("receptor", 0.0), "s": ("firing", 1.0)}
    sketch = Sketch(nodes, {"x -> r": 1.0, "r -| s": 0.9})
    one = given_drug({"T.x": {"action": "agonist"}}, name="one")
    two = given_drug({"T.r": {"action": "antagonist"}}, name="two")
    prediction = predict_treatment(
        sketch.model(), Treatment((one, two)), Regimen.ACUTE, Treatment((one,)), fragility=False
    )
    assert prediction.reading("s").call.value == "up"
    path = said(prediction, "s", "path")
    assert path == "The strongest path carries +0.73 (100 %): r ↓ ⊣ s ↑ [assumed]."


def test_what_nothing_reaches_is_said_to_be_so() -> None:
    sketch = Sketch({"a": ("process", 0.0), "b": ("process", 0.5)}, {})
    prediction = predicted(sketch, Regimen.CHRONIC, a={"action": "agonist"})
    sentence, given = told(prediction, "b").sentences
    assert sentence.text.endswith("nothing that the treatment does moves it.")
    assert re.fullmatch(r"Given: \w+ at .+ nM free \(.+\)\.", given.text)
