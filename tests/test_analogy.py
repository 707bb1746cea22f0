"""Analogy: by hand, and against all pairs of findings matched as a graph would be."""

from __future__ import annotations

from statistics import multimode

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_reports import (
    MANY,
    classes,
    finding,
    have_other_papers,
    measure_the_same,
    others,
    reports,
    scored,
)
from raphe.calling import Call
from raphe.consistency.analogy import by_analogy
from raphe.consistency.reports import is_same_class
from raphe.finding import Direction, Finding


def calls(own: dict[str, Finding]) -> dict[str, Call]:
    return {row.finding: row.called for row in by_analogy(scored(own), reports(own)).rows}


def sides(one: Finding) -> dict[str, tuple[bool, bool]]:
    return {name: (name in one.drugs, name in others(one)) for name in {*one.drugs, *others(one)}}


def pair_off(one: Finding, other: Finding) -> bool:
    """Whether a perfect matching of the drugs exists, edges being a class and the same groups."""
    left, right = sides(one), sides(other)
    if len(left) != len(right):
        return False
    graph = nx.Graph()
    graph.add_nodes_from((0, name) for name in left)
    graph.add_nodes_from((1, name) for name in right)
    for own, role in left.items():
        for its, part in right.items():
            if role == part and classes(own) & classes(its):
                graph.add_edge((0, own), (1, its))
    return len(nx.max_weight_matching(graph, maxcardinality=True)) == len(left)


def are_analogous(one: Finding, other: Finding) -> bool:
    return (
        measure_the_same(one, other)
        and bool(one.drugs)
        and not set(one.drugs) & set(other.drugs)
        and pair_off(one, other)
    )


@given(MANY)
def test_analogy_is_the_majority_of_all_that_may_be_heard(own: dict[str, Finding]) -> None:
    found = calls(own)
    for name, one in own.items():
        heard = [
            other.direction
            for its, other in own.items()
            if its != name and are_analogous(one, other) and have_other_papers(one, other)
        ]
        modes = multimode(heard)
        expected = Call(modes[0]) if len(modes) == 1 else Call.AMBIGUOUS
        assert found[name] is expected


@given(MANY)
def test_reports_are_alike_where_their_drugs_pair_off(own: dict[str, Finding]) -> None:
    made = reports(own)
    for one in made:
        assert not is_same_class(one, one)
        for other in made:
            expected = are_analogous(own[one.finding], own[other.finding])
            assert is_same_class(one, other) is expected


@given(MANY, st.data())
def test_what_its_own_drug_or_paper_says_is_not_heard(
    own: dict[str, Finding], data: st.DataObject
) -> None:
    """Whatever is reported of a finding's own drugs, or in its own papers, its call stays."""
    name = data.draw(st.sampled_from(sorted(own)))
    one = own[name]
    turned = {
        its: other.model_copy(update={"direction": data.draw(st.sampled_from(list(Direction)[:3]))})
        if set(other.drugs) & set(one.drugs) or not have_other_papers(one, other)
        else other
        for its, other in own.items()
    }
    assert calls(turned)[name] is calls(own)[name]


HEARD = finding("x1", papers=("two",))


@pytest.mark.parametrize(
    "other",
    [
        finding("x2", papers=("two",)),
        finding("x2", papers=("two", "three")),
        finding("x2", papers=()),
        finding("x1"),
        finding("y1"),
        finding("n1"),
        finding("x2", readout="s"),
        finding("x2", regimen="chronic"),
        finding("x2", condition="ill"),
        finding("x2", compared_with=["y1"]),
        finding("x2", "y1"),
        finding("x2", "x3"),
    ],
    ids=["same paper", "a paper of two", "no paper", "same drug", "other class", "no class",
         "other readout", "other regimen", "other condition", "other comparator", "one more drug",
         "one twice"],
)  # fmt: skip
def test_nothing_is_said_where_something_is_not_alike(other: Finding) -> None:
    assert set(calls({"a": HEARD, "b": other}).values()) == {Call.AMBIGUOUS}


def test_drugs_without_a_class_are_not_alike() -> None:
    own = {"a": finding("n1"), "b": finding("n2", papers=("two",))}
    assert set(calls(own).values()) == {Call.AMBIGUOUS}


def test_a_drug_of_two_classes_is_like_those_of_either() -> None:
    own = {"a": finding("x1"), "b": finding("xy1", direction="down", papers=("two",))}
    own["c"] = finding("y1", papers=("three",))
    found = calls(own)
    assert (found["a"], found["b"], found["c"]) == (Call.DOWN, Call.UP, Call.DOWN)


def test_combinations_have_the_same_classes_on_both_sides() -> None:
    own = {
        "a": finding("x1", "y1", compared_with=["x1"]),
        "b": finding("y2", "x2", compared_with=["x2"], papers=("two",), direction="down"),
        # As «a», though the one that comes first by name is of the other class.
        "e": finding("a1", "x3", compared_with=["x3"], papers=("five",), direction="down"),
        # What was added here is of the other class.
        "c": finding("x3", "xy1", compared_with=["xy1"], papers=("three",)),
        "d": finding("x3", "n1", compared_with=["x3"], papers=("four",)),
    }
    found = calls(own)
    assert found["a"] is Call.DOWN
    assert found["d"] is Call.AMBIGUOUS
    assert calls({name: own[name] for name in "ae"})["a"] is Call.DOWN


def test_of_as_many_voices_for_two_directions_none_is_taken() -> None:
    own = {
        "a": finding("x1"),
        "b": finding("x2", papers=("two",)),
        "c": finding("x3", papers=("three",), direction="down"),
    }
    found = calls(own)
    assert found["a"] is Call.AMBIGUOUS
    own["d"] = finding("xy1", papers=("four",), direction="down")
    assert calls(own)["a"] is Call.DOWN
