"""The question of a time course: when, how much, what comes and goes; and its answers."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import get_type_hints

import jsonschema
import numpy as np
import pytest

from raphe.calling import CRITERIA
from raphe.cli.main import run
from raphe.course import Course, course
from raphe.course_checks import check_course
from raphe.course_line import Line
from raphe.errors import InputError
from raphe.pathway import Edge, Node
from raphe.propagation.lags import draw_lags
from raphe.questions import predict
from raphe.report.answer_schemas import answer_schemas
from raphe.report.course_json import (
    CourseAnswer,
    CourseLine,
    CourseMoment,
    DosesGiven,
    HalfLifeFollowed,
    LeftOut,
    PassingChange,
    ReportedBack,
    ToldPoint,
    course_json,
)
from raphe.report.course_plot import course_svg
from raphe.settings import setting
from raphe.units import parse_time
from strategies_networks import Sketch

NODES = ["LC.firing", "DRN.firing", "cortex.NE", "cortex.beta1.density"]


@pytest.fixture(scope="module")
def within():
    return setting(draws=12)


@pytest.fixture(scope="module")
def desipramine(within) -> Course:
    return course("desipramine", readouts=NODES, followed=12, within=within)


def test_moments_are_told_from_the_first_hour_to_a_week_after_the_last_dose(desipramine):
    labels = [moment.label for moment in desipramine.told]
    assert labels == ["1 h", "6 h", "1 d", "3 d", "7 d", "14 d", "21 d", "+1 d off", "+7 d off"]
    assert all(len(line.told) == len(labels) for line in desipramine.lines)


def test_what_is_asked_for_is_followed_and_nothing_else(within):
    short = course("desipramine", readouts=["cortex.NE"], days=2, followed=2, within=within)
    assert [moment.label for moment in short.told] == ["1 h", "6 h", "1 d", "2 d"]
    assert [line.node for line in short.lines] == ["cortex.NE"]
    assert short.lines[0].rebound is None
    with pytest.raises(InputError, match="was not followed"):
        short["LC.firing"]


def test_a_readout_does_not_depend_on_which_others_are_followed(desipramine, within):
    alone = course("desipramine", readouts=["LC.firing"], followed=12, within=within)
    np.testing.assert_allclose(
        alone["LC.firing"].values, desipramine["LC.firing"].values, atol=1e-7
    )


def test_a_year_of_treatment_is_chronic(within):
    long = course("desipramine", readouts=NODES, days=365, followed=12, within=within)
    chronic = predict("desipramine", within=within).prediction.contrast.change
    index = within.model.network.index
    for line in long.lines:
        np.testing.assert_allclose(line.values[-1], chronic[index[line.node]], atol=1e-6)


def test_a_condition_moves_nothing_by_itself_and_a_drug_against_itself_neither(within):
    ill = course(
        "desipramine",
        readouts=NODES,
        condition="chronic_mild_stress",
        followed=3,
        days=2,
        within=within,
    )
    assert all(np.abs(line.values[0]).max() == 0 for line in ill.lines)
    same = course(
        "desipramine",
        readouts=NODES,
        compared_with="desipramine",
        dose={"desipramine": "2x"},
        followed=3,
        days=2,
        within=within,
    )
    assert all(np.abs(line.values).max() < 1e-12 for line in same.lines)


def line(*values: float, stopped: float) -> Line:
    """One draw, at one hour after the other."""
    hours = np.arange(len(values), dtype=float)
    column = np.array(values)[:, None]
    return Line("a", "a", "", 0.1, column, hours, stopped, (0,), CRITERIA)


@pytest.mark.parametrize(
    ("values", "stopped", "transient", "rebound"),
    [
        ((0.0, 0.5, 0.05), 2.0, "up", None),
        ((0.0, -0.8, -0.2), 2.0, "down", None),
        ((0.0, 0.5, 0.4), 2.0, None, None),
        ((0.0, 0.08, 0.0), 2.0, None, None),
        ((0.0, 0.5, 0.5, -0.3, 0.0), 2.0, None, "down"),
        ((0.0, 0.5, 0.5, 0.6, 0.0), 2.0, None, None),
        ((0.0, 0.0, 0.0, 0.3, 0.0), 2.0, None, "up"),
    ],
)
def test_what_comes_and_goes(values, stopped, transient, rebound):
    one = line(*values, stopped=stopped)
    assert (one.transient and one.transient.direction) == transient
    assert (one.rebound and one.rebound.direction) == rebound
    for found in filter(None, (one.transient, one.rebound)):
        assert found.share == 1.0
        assert values[int(found.hours)] == found.peak


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"drugs": ()}, "no drug to follow"),
        ({"days": -1.0}, "-1 days"),
        ({"days": 10.0, "stop": 11.0}, "stopped after 11 of 10 days"),
        ({"followed": 0}, "0 draws to follow"),
        ({"readouts": ["LC.fring"]}, "no node 'LC.fring'"),
    ],
)
def test_what_cannot_be_followed_is_said(within, asked, said):
    drugs = asked.pop("drugs", ("desipramine",))
    with pytest.raises(InputError) as caught:
        course(*drugs, within=within, **asked)
    assert any(said in problem.what for problem in caught.value.problems)


def test_all_mistakes_are_said_at_once(within):
    with pytest.raises(InputError) as caught:
        course("desipramin", "mirtazapine", days=-1, readouts=["x"], within=within)
    assert len(caught.value.problems) == 3


def reported(within, drug: str, node: str, **changed) -> tuple:
    """The checks of one course, with the line of one node changed."""
    found = course(drug, readouts=[node], followed=5, within=within)
    lines = tuple(replace(one, **{k: v(one) for k, v in changed.items()}) for one in found.lines)
    return check_course(replace(found, lines=lines), within.knowledge)


def test_what_was_reported_to_come_back_is_held_against_the_course(within):
    name = "f077-gepirone-drn-firing-chronic"
    (check,) = reported(within, "gepirone", "DRN.firing")
    assert (check.finding, check.hours) == (name, 14 * 24)
    assert check.declared.readout == "DRN.firing"

    def shaped(end: float):
        """Up by 1 within the first day, and from the 13th on where it ends."""
        return lambda one: np.repeat(
            np.where(one.hours < 24, 1.0, np.where(one.hours < 13 * 24, 0.6, end))[:, None], 5, 1
        )

    for end, predicted, verdict in (
        (0.2, "normalised", "agrees"),
        (0.5, "not normalised", "disagrees"),
    ):
        (check,) = reported(within, "gepirone", "DRN.firing", values=shaped(end))
        assert (check.predicted, check.verdict.value) == (predicted, verdict)
        assert check.share == 1.0
    (check,) = reported(
        within, "gepirone", "DRN.firing", values=lambda one: np.zeros_like(one.values)
    )
    assert (check.predicted, check.verdict.value) == ("not moved", "disagrees")
    assert reported(within, "gepirone", "LC.firing") == ()
    short = course("gepirone", readouts=["DRN.firing"], days=7, followed=2, within=within)
    assert check_course(short, within.knowledge) == ()


def test_the_json_is_as_its_schema_says(desipramine):
    answer = json.loads(json.dumps(course_json(desipramine)))
    jsonschema.validate(answer, answer_schemas()["course"])
    assert list(answer) == list(get_type_hints(CourseAnswer))
    assert answer == json.loads(json.dumps(course_json(desipramine)))
    assert len(answer["hours"]) == len(answer["lines"][0]["median"])
    broken = {**answer, "followed": 0}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, answer_schemas()["course"])


def test_the_page_on_json_names_every_key():
    text = (Path(__file__).parents[1] / "docs" / "json.md").read_text("utf-8")
    part = text.partition("## `raphe.course/1`")[2].partition("\n## ")[0]
    for kind in (
        CourseAnswer,
        CourseLine,
        CourseMoment,
        DosesGiven,
        HalfLifeFollowed,
        LeftOut,
        PassingChange,
        ReportedBack,
        ToldPoint,
    ):
        for key in get_type_hints(kind):
            assert re.search(rf"`{key}`", part), key


def test_the_picture_has_a_panel_for_each_readout(desipramine, within):
    for one in (desipramine, course("desipramine", readouts=NODES[:1], days=2, within=within)):
        root = ET.fromstring(course_svg(one))
        texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
        assert {line.node for line in one.lines} <= set(texts)
        assert "NaN" not in course_svg(one)
        assert "nan" not in course_svg(one)


def test_a_file_may_give_times_of_its_own():
    sketch = Sketch(
        {"a": ("process", 0.5), "b": ("process", 0.5)},
        {"a -> b": 0.5, "a ~> a": 0.5, "b ~> b": 0.5},
        extra={"a": {"time": "3 h"}, "b ~> b": {"time": "2 - 4 d"}},
    )
    model = sketch.model(draws=5)
    lags = draw_lags(model.network, model.ensemble)
    # What hears slow edges alone has no lag beside theirs; its time is that of the adaptation.
    assert (lags.node[0] == 0).all()
    assert (lags.edge[model.network.edge_names.index("a ~> a")] == 3.0).all()
    own = lags.edge[model.network.edge_names.index("b ~> b")]
    assert ((own >= 48) & (own <= 96)).all()
    assert (lags.node[1] > 0).all()


def test_times_have_units_and_fast_edges_have_none():
    assert parse_time("90 s").high == pytest.approx(0.025)
    assert Node(kind="process", time="2 - 10 min").time.low == pytest.approx(1 / 30)
    for text in ("3", "3 fortnights", "0 h", "> 3 h"):
        with pytest.raises(ValueError, match=r"time|unit"):
            parse_time(text)
    with pytest.raises(ValueError, match="fast edge 'a -> b'"):
        Edge.model_validate({"a -> b": {"time": "3 h"}})


def test_the_command_tells_draws_and_writes(tmp_path, capsys):
    asked = ["course", "mirtazapine", "LC.firing", "--days", "2", "--stop", "1", "--draws", "20"]
    asked += ["--followed", "2"]
    assert run([*asked, "-o", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "LC.firing" in told
    assert "constant from the first moment to 1 d" in told
    assert (tmp_path / "course.png").read_bytes()[:4] == b"\x89PNG"
    assert (tmp_path / "course.svg").read_text("utf-8").startswith("<svg")
    assert run([*asked, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["files"] == []
    assert answer["followed"] == 2
    assert run(["course", "LC.firing"]) == 2
    assert "no drug" in capsys.readouterr().err
    assert run(["course", "mirtazapin", "LC.fring"]) == 2
    said = capsys.readouterr().err
    assert "no drug 'mirtazapin'. Did you mean 'mirtazapine'?" in said
    assert "no node 'LC.fring'. Did you mean 'LC.firing'?" in said
