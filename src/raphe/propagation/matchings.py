"""How many terms a cofactor has: permanents of a sparse matrix without one row and one column.

The permanent has no fast way (Valiant 1979: #P-complete). Rows are taken one by one, each choosing
a column that is free; ways that leave the same columns free are counted together, and a column that
no later row has is forgotten. So the work grows with how many columns are open at a time (little in
sparse graphs, and in the order of their strongly connected components), not with the number of
terms. Where even that is too much, nothing is said.

L. G. Valiant, "The complexity of computing the permanent", Theor. Comput. Sci. 8 (1979) 189–201.
"""

from __future__ import annotations

from collections.abc import Iterable

from raphe.community import Community
from raphe.propagation.components import strong_components

#: Steps that a count may take: a second or two.
MOST_STEPS = 1_000_000
#: That no column has been left out yet.
_NONE = -1


def count_terms(graph: Community, press: int, most: int = MOST_STEPS) -> tuple[int, ...] | None:
    """Terms of the cofactors that say what a press on one node does to each node.

    Parameters
    ----------
    graph
        *n* nodes.
    press
        Number of the pressed node.
    most
        Steps after which it is given up.

    Returns
    -------
    tuple of int, or None
        For each node *i* the permanent of the matrix of edge numbers without the row of the
        pressed node and without the column of *i*; None if it takes too long.

    Examples
    --------
    >>> from raphe.community import community
    >>> count_terms(community([("a", -1, "a"), ("a", 1, "b"), ("b", -1, "b")]), 0)
    (1, 1)
    """
    counted = _counted(graph, press, most)
    if counted is None:
        return None
    return tuple(counted.get(column, 0) for column in range(graph.size))


def count_all_terms(graph: Community, most: int = MOST_STEPS) -> int | None:
    """Terms of the determinant: the permanent of the matrix of edge numbers; None as above.

    Examples
    --------
    >>> from raphe.community import community
    >>> count_all_terms(community([("a", -1, "a"), ("a", 1, "b"), ("b", -1, "b"), ("b", 1, "a")]))
    2
    """
    counted = _counted(graph, _NONE, most)
    return None if counted is None else counted.get(_NONE, 0)


def _counted(graph: Community, left_out: int, most: int) -> dict[int, int] | None:
    """Ways to give each row but one a column of its own, by the column that is left over."""
    rows = _order(graph, left_out)
    heard = _heard(graph)
    last = {column: place for place, row in enumerate(rows) for column in heard[row]}
    # Of columns that no row has, one may be left over.
    never = [column for column in range(graph.size) if column not in last]
    if len(never) > graph.size - len(rows):
        return {}
    states: dict[tuple[int, int], int] = {(0, never[0] if never else _NONE): 1}
    # With every row in use none may be left over.
    may_leave = len(rows) < graph.size
    steps = 0
    for place, row in enumerate(rows):
        dying = {column for column in heard[row] if last[column] == place}
        following: dict[tuple[int, int], int] = {}
        for (used, omitted), ways in states.items():
            for column in heard[row]:
                bit = 1 << column
                if used & bit:
                    continue
                state = _without(used | bit, omitted, dying)
                if state is not None and (may_leave or state[1] == _NONE):
                    following[state] = following.get(state, 0) + ways
        steps += len(states) * len(heard[row])
        if steps > most:
            return None
        states = following
    return {omitted: ways for (_, omitted), ways in states.items()}


def _without(used: int, omitted: int, dying: Iterable[int]) -> tuple[int, int] | None:
    """The state without columns that no later row has; None if two of them were left out."""
    for column in dying:
        bit = 1 << column
        if used & bit:
            used ^= bit
        elif omitted == _NONE:
            omitted = column
        else:
            return None
    return used, omitted


def _heard(graph: Community) -> list[list[int]]:
    heard: list[list[int]] = [[] for _ in range(graph.size)]
    for source, target in zip(graph.source.tolist(), graph.target.tolist(), strict=True):
        heard[target].append(source)
    return heard


def _order(graph: Community, left_out: int) -> list[int]:
    """Rows but one, by component; first which opens fewest columns and closes most."""
    heard = _heard(graph)
    users: list[set[int]] = [set() for _ in range(graph.size)]
    for row, columns in enumerate(heard):
        if row != left_out:
            for column in columns:
                users[column].add(row)
    ends = zip(graph.source.tolist(), graph.target.tolist(), strict=True)
    opened: set[int] = set()
    order: list[int] = []
    for nodes in strong_components(graph.size, ends):
        waiting = set(nodes) - {left_out}
        while waiting:
            best = min(
                waiting,
                key=lambda row: (
                    sum(column not in opened for column in heard[row])
                    - sum(len(users[column]) == 1 for column in heard[row]),
                    row,
                ),
            )
            waiting.remove(best)
            order.append(best)
            opened.update(heard[best])
            for column in heard[best]:
                users[column].discard(best)
    return order
