"""The signed adjoint is exact, cycles are counted exactly, and the pieces make the whole."""

from fractions import Fraction
from itertools import permutations
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.peers import PEERS, needs_peers

from raphe.community import community
from raphe.propagation.loop_analysis import analyse_loops, weighted_feedback
from raphe.propagation.matchings import count_all_terms, count_terms
from raphe.propagation.modular import adjugate, enough_primes
from raphe.propagation.press_cycles import PressCycles


def determinant(rows):
    """By elimination in fractions: no modulus, no bound."""
    rows = [[Fraction(one) for one in row] for row in rows]
    sign, size = 1, len(rows)
    for step in range(size):
        pivot = next((row for row in range(step, size) if rows[row][step]), None)
        if pivot is None:
            return 0
        if pivot != step:
            rows[step], rows[pivot] = rows[pivot], rows[step]
            sign = -sign
        for row in range(step + 1, size):
            factor = rows[row][step] / rows[step][step]
            rows[row] = [a - factor * b for a, b in zip(rows[row], rows[step], strict=True)]
    return sign * prod((rows[one][one] for one in range(size)), start=Fraction(1))


def minor(rows, row, column):
    return [[*one[:column], *one[column + 1 :]] for n, one in enumerate(rows) if n != row]


def cofactors(rows):
    size = range(len(rows))
    return [[(-1) ** (i + j) * determinant(minor(rows, j, i)) for j in size] for i in size]


def permanent(rows):
    return sum(
        prod(rows[row][column] for row, column in enumerate(order))
        for order in permutations(range(len(rows)))
    )


@st.composite
def integer_matrices(draw, largest=3):
    size = draw(st.integers(1, 6))
    entries = st.integers(-largest, largest) | st.just(0)
    row = st.lists(entries, min_size=size, max_size=size)
    rows = draw(st.lists(row, min_size=size, max_size=size))
    # Half of them singular, by one or two rows that are others again.
    for _ in range(draw(st.integers(0, 2))):
        rows[draw(st.integers(0, size - 1))] = list(rows[draw(st.integers(0, size - 1))])
    return rows


@st.composite
def signed_graphs(draw, most=6):
    size = draw(st.integers(1, most))
    node = st.integers(0, size - 1)
    edge = st.tuples(node, st.sampled_from([1, -1]), node)
    edges = draw(st.sets(edge, min_size=1, max_size=3 * size))
    return community((f"n{source}", sign, f"n{target}") for source, sign, target in sorted(edges))


@given(integer_matrices())
@settings(max_examples=300, deadline=None)
def test_an_adjugate_is_the_matrix_of_cofactors_singular_or_not(rows):
    found, whole = adjugate(np.array(rows))
    assert found.tolist() == cofactors(rows)
    assert whole == determinant(rows)


@given(integer_matrices(largest=2**31 - 1))
@settings(max_examples=50, deadline=None)
def test_large_entries_are_as_exact(rows):
    assert adjugate(np.array(rows))[0].tolist() == cofactors(rows)


@pytest.mark.parametrize("size", [1, 2, 16, 60])
def test_the_largest_determinants_there_are_fit(size):
    """Sylvester's matrices meet Hadamard's bound: one prime too few would show."""
    matrix = np.array([[1]])
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    found, whole = adjugate(matrix)
    order = len(matrix)
    assert abs(whole) == order ** (order // 2) or order == 1
    # The inverse of such a matrix is its transpose over its order.
    assert (found * order == matrix.T.astype(object) * whole).all()


def test_there_are_no_more_primes_than_needed():
    assert len(enough_primes(np.eye(50, dtype=np.int64))) == 1


@given(signed_graphs())
@settings(max_examples=200, deadline=None)
def test_cycles_are_counted_as_the_permanent_counts_them(graph):
    edges = np.zeros((graph.size, graph.size), dtype=int)
    np.add.at(edges, (graph.target, graph.source), 1)
    rows = edges.tolist()
    assert count_all_terms(graph) == permanent(rows)
    for press in range(graph.size):
        expected = [permanent(minor(rows, press, node)) for node in range(graph.size)]
        assert list(count_terms(graph, press)) == expected


@given(signed_graphs(8), st.data())
@settings(max_examples=300, deadline=None)
def test_component_by_component_gives_the_whole_adjoint(graph, data):
    """What stands aside of a press multiplies net and number, and nothing else does."""
    whole = analyse_loops(graph)
    presses = data.draw(
        st.dictionaries(st.integers(0, graph.size - 1), st.sampled_from([1, -1]), min_size=1)
    )
    found = PressCycles(graph, presses)
    terms = whole.terms()
    for node in range(graph.size):
        net = sum(sign * whole.adjoint[node, press] for press, sign in presses.items())
        cycles = sum(terms[node, press] for press in presses)
        if node not in found.net:
            assert net == 0
            assert cycles == 0
            continue
        aside, around = aside_of(graph, presses, node)
        assert net == found.net[node] * aside
        assert cycles == found.cycles[node] * around


def aside_of(graph, presses, node):
    """Determinant and permanent of what does not stand between a press and a node."""
    import networkx

    drawn = networkx.DiGraph()
    drawn.add_nodes_from(range(graph.size))
    drawn.add_edges_from(zip(graph.source.tolist(), graph.target.tolist(), strict=True))
    below = set(presses).union(*(networkx.descendants(drawn, press) for press in presses))
    between = below & ({node} | networkx.ancestors(drawn, node))
    rest = np.array(sorted(set(range(graph.size)) - between), dtype=np.intp)
    edges = np.zeros((graph.size, graph.size), dtype=int)
    np.add.at(edges, (graph.target, graph.source), 1)
    return determinant((-graph.part(rest)).tolist()), permanent(edges[np.ix_(rest, rest)].tolist())


@given(signed_graphs())
@settings(max_examples=100, deadline=None)
def test_no_more_cycles_agree_than_there_are(graph):
    shares = analyse_loops(graph).weighted()
    known = shares[~np.isnan(shares)]
    assert ((known >= 0) & (known <= 1)).all()


def test_where_nothing_leads_there_is_no_weight():
    found = analyse_loops(community([("a", -1, "a"), ("b", -1, "b")]))
    assert np.isnan(found.weighted()[0, 1])


def test_what_takes_too_long_is_not_guessed():
    edges = [(f"n{i}", 1, f"n{j}") for i in range(18) for j in range(18)]
    graph = community(edges)
    assert count_terms(graph, 0, most=1000) is None
    assert count_all_terms(graph, most=1000) is None
    assert analyse_loops(graph).weighted(most=1000) is None
    found = PressCycles(graph, {0: 1}, most=1000)
    assert set(found.cycles.values()) == {None}
    assert None not in found.net.values()


def printed_matrices():
    """The three matrices of five nodes that R printed: the community, its adjoint, the weights."""
    text = (PEERS / "answers" / "loopanalyst_examples.txt").read_text("utf-8")
    rows = [line.split() for line in text.splitlines()]
    numbers = [[float(one) for one in row[1:]] for row in rows if row[:1] and row[0] in "12345"]
    rows_of_five = [row for row in numbers if len(row) == 5]
    return np.array(rows_of_five[:15]).reshape(3, 5, 5)


@needs_peers
def test_dambacher_2002_comes_out_as_loopanalyst_prints_it():
    """LoopAnalyst's matrices are read as ours: the column's node acts on the row's.

    It rounds the weights to one digit. Reading its rows as what acts would transpose all three.
    """
    matrix, adjoint, weights = printed_matrices()
    edges = [
        (str(column), int(matrix[row, column]), str(row))
        for row in range(5)
        for column in range(5)
        if matrix[row, column]
    ]
    found = analyse_loops(community(edges))
    assert found.adjoint.tolist() == adjoint.tolist()
    assert np.round(found.weighted(), 1).tolist() == weights.tolist()
    # What the brute force says of all digits.
    terms = np.array(
        [[permanent(minor(np.abs(matrix).tolist(), j, i)) for j in range(5)] for i in range(5)]
    )
    exact = weighted_feedback(np.array(adjoint, dtype=object), terms.astype(object))
    assert found.weighted().tolist() == exact.tolist()
