"""Agreement of reports: pairs and cells counted anew; its ceiling held against mixtures."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_reports import MANY, finding, have_other_papers, measure_the_same, others, reports, scored
from raphe.calling import Call
from raphe.consistency.agreement import ENOUGH_CELLS, Agreement, Pair, agreement_of, ceiling
from raphe.consistency.interval import wilson
from raphe.consistency.reports import is_same_class, is_same_treatment
from raphe.finding import Finding


def same(own: dict[str, Finding]) -> Agreement:
    return agreement_of(reports(own), is_same_treatment)


def doses(one: Finding) -> dict[str, str]:
    """What each drug of both groups was given at; a comparator not given too is at its usual."""
    usual = dict.fromkeys(others(one), "usual")
    return usual | {name: dosing.exposure or "usual" for name, dosing in one.drugs.items()}


def repeats(one: Finding, other: Finding) -> bool:
    return (
        measure_the_same(one, other)
        and set(one.drugs) == set(other.drugs)
        and others(one) == others(other)
        and doses(one) == doses(other)
    )


def pairs_of(own: dict[str, Finding]) -> set[frozenset[str]]:
    return {
        frozenset((one, other))
        for one, other in combinations(own, 2)
        if repeats(own[one], own[other]) and have_other_papers(own[one], own[other])
    }


@given(MANY)
def test_every_pair_of_other_papers_on_the_same_experiment_is_counted_once(
    own: dict[str, Finding],
) -> None:
    found = same(own)
    assert len(found.pairs) == found.total
    assert {frozenset(pair.findings) for pair in found.pairs} == pairs_of(own)
    directions = {name: one.direction for name, one in own.items()}
    told = [[str(directions[name]) for name in pair.findings] for pair in found.pairs]
    assert found.agreeing == sum(one == other for one, other in told)
    assert found.opposite == sum(sorted(both) == ["down", "up"] for both in told)
    marked = [any(own[name].disputed for name in pair.findings) for pair in found.pairs]
    assert found.undisputed.total == marked.count(False)


@given(MANY)
def test_an_experiment_is_the_same_where_all_of_it_is(own: dict[str, Finding]) -> None:
    for one in reports(own):
        for other in reports(own):
            expected = repeats(own[one.finding], own[other.finding])
            assert is_same_treatment(one, other) is expected


def test_a_cell_of_many_pairs_weighs_no_more_than_one_of_few() -> None:
    found = cells_of((6, 6), (1, 0))
    assert (found.total, found.agreeing, found.cells, found.share) == (7, 6, 2, 0.5)


@given(MANY, st.sampled_from([is_same_treatment, is_same_class]))
def test_cells_are_what_pairs_link_and_weigh_the_same(own: dict[str, Finding], alike: Any) -> None:
    found = agreement_of(reports(own), alike)
    graph = nx.Graph(pair.findings for pair in found.pairs)
    cells = list(nx.connected_components(graph))
    assert found.cells == len(cells)
    assert found.findings == set(graph)
    shares = []
    for cell in cells:
        inside = [pair for pair in found.pairs if pair.findings[0] in cell]
        agree = [own[one].direction == own[other].direction for one, other in
                 (pair.findings for pair in inside)]  # fmt: skip
        shares.append(Fraction(sum(agree), len(agree)))
    mean = sum(shares, Fraction(0)) / max(len(shares), 1)
    assert found.share == pytest.approx(float(mean))


@given(MANY, st.sets(st.integers(0, 13)))
def test_a_group_has_the_pairs_that_one_of_its_findings_is_in(
    own: dict[str, Finding], chosen: set[int]
) -> None:
    group = {f"f{number:02}" for number in chosen}
    found = same(own)
    kept = found.among(scored(own).among(group))
    assert [pair for pair in found.pairs if set(pair.findings) & group] == list(kept.pairs)
    assert found.among(scored(own)) == found


def test_the_exposure_tells_experiments_apart_only_where_it_differs() -> None:
    own = {
        "a": finding("x1", papers=("one",)),
        "b": finding("x1", papers=("two",), exposure="usual"),
        "c": finding("x1", papers=("three",), exposure="high"),
    }
    (pair,) = same(own).pairs
    assert pair.findings == ("a", "b")


def test_a_condition_alone_can_be_reported_twice() -> None:
    own = {
        "a": finding(condition="ill", papers=("one",)),
        "b": finding(condition="ill", papers=("two",), direction="down"),
    }
    assert (same(own).total, same(own).opposite) == (1, 1)
    assert not agreement_of(reports(own), is_same_class).pairs


def cells_of(*sizes: tuple[int, int]) -> Agreement:
    """Cells of so many pairs, of which so many agree."""
    made = []
    for cell, (size, agreeing) in enumerate(sizes):
        for number in range(size):
            other = Call.UP if number < agreeing else Call.DOWN
            made.append(Pair((f"{cell} {number}", f"{cell}"), (Call.UP, other), cell))
    return Agreement(tuple(made))


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 4)), min_size=1, max_size=40),
       st.integers(2, 9))  # fmt: skip
def test_more_pairs_of_the_same_cells_make_nothing_surer(
    drawn: list[tuple[int, int]], times: int
) -> None:
    sizes = [(size, min(size, agreeing)) for size, agreeing in drawn]
    once = cells_of(*sizes)
    often = cells_of(*((times * size, times * agreeing) for size, agreeing in sizes))
    assert often.interval == pytest.approx(once.interval)
    low, high = once.interval
    assert low - 1e-12 <= once.share <= high + 1e-12
    # As if every pair were on its own, it would be narrower.
    alone = wilson(once.share, often.total)
    assert high - low > alone[1] - alone[0]


def test_below_enough_cells_no_ceiling_is_told() -> None:
    few = cells_of(*[(3, 2)] * (ENOUGH_CELLS - 1))
    assert (few.ceiling, few.ceiling_interval) == (None, None)
    enough = cells_of(*[(3, 2)] * ENOUGH_CELLS)
    assert enough.ceiling == ceiling(2 / 3)
    low, high = enough.interval
    assert enough.ceiling_interval == (ceiling(low)[0], ceiling(high)[1])
    assert Agreement(()).interval == (0, 1)


shares = st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda own: sum(own) > 0.01)


@given(st.lists(shares, min_size=1, max_size=6))
def test_whatever_the_cells_are_the_best_rule_lies_between_the_ends(
    cells: list[list[float]],
) -> None:
    """Cells with any shares of the three directions, and who always says the commonest."""
    directions = np.array(cells) / np.sum(cells, axis=1, keepdims=True)
    agreement = float((directions**2).sum(axis=1).mean())
    accuracy = float(directions.max(axis=1).mean())
    low, high = ceiling(agreement)
    assert low - 1e-12 <= accuracy <= high + 1e-12


@given(st.floats(1 / 3, 1))
def test_both_ends_are_reached(first: float) -> None:
    # One direction, and the others equally rare: the upper end.
    even = np.array([first, (1 - first) / 2, (1 - first) / 2])
    assert ceiling(float((even**2).sum()))[1] == pytest.approx(first)
    # Cells of one mind among cells of none: the lower end.
    agreement = first * 1 + (1 - first) / 3
    assert ceiling(agreement)[0] == pytest.approx(first * 1 + (1 - first) / 3)


def test_reports_that_are_drawn_agree_as_their_shares_say() -> None:
    """Ten thousand cells of two reports each: what is estimated leads to what is true."""
    random = np.random.default_rng(1)
    true = np.array([0.7, 0.2, 0.1])
    drawn = random.choice(3, p=true, size=(10_000, 2))
    words = (Call.UP, Call.DOWN, Call.UNCHANGED)
    found = Agreement(
        tuple(
            Pair((f"{cell}a", f"{cell}b"), (words[one], words[other]), cell)
            for cell, (one, other) in enumerate(drawn.tolist())
        )
    )
    assert found.share == pytest.approx(float((true**2).sum()), abs=0.02)
    assert found.ceiling is not None
    low, high = found.ceiling
    assert low < 0.7 < high + 0.02
