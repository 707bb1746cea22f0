"""Strongly connected components against networkx."""

from __future__ import annotations

import networkx
from hypothesis import example, given
from hypothesis import strategies as st

from raphe.propagation.components import strong_components

ends = st.integers(0, 7)


@given(st.integers(8, 10), st.lists(st.tuples(ends, ends), max_size=24))
@example(8, [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3), (5, 5)])
@example(9, [(3, 2), (2, 1), (1, 3), (1, 0), (0, 8), (8, 0)])
def test_components_are_those_of_networkx_and_signals_run_forwards(
    size: int, edges: list[tuple[int, int]]
) -> None:
    graph = networkx.DiGraph(edges)
    graph.add_nodes_from(range(size))
    found = strong_components(size, edges)
    assert sorted(found) == sorted(
        tuple(sorted(nodes)) for nodes in networkx.strongly_connected_components(graph)
    )
    place = {node: number for number, nodes in enumerate(found) for node in nodes}
    assert all(place[source] <= place[target] for source, target in edges)


def test_a_chain_longer_than_the_stack_of_calls() -> None:
    size = 5000
    chain = [(node, node + 1) for node in range(size - 1)]
    assert strong_components(size, chain) == tuple((node,) for node in range(size))
    assert strong_components(size, [*chain, (size - 1, 0)]) == (tuple(range(size)),)


def test_nothing_has_no_components() -> None:
    assert strong_components(0, []) == ()
