"""Strongly connected components: where everything reaches everything, in the order of signals.

R. E. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972) 146–160.
"""

from __future__ import annotations

from collections.abc import Iterable


def strong_components(size: int, edges: Iterable[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """The strongly connected components of a graph, sources first.

    Parameters
    ----------
    size
        Number of nodes *n*.
    edges
        Source and target of each edge, *m* of them.

    Returns
    -------
    tuple of tuple of int
        Nodes of each component in ascending order; what a component hears from outside of it comes
        from components before it.

    Notes
    -----
    Linear time, *O(n + m)*; without recursion, since chains may be longer than Python's stack.

    Examples
    --------
    >>> strong_components(4, [(3, 0), (0, 1), (1, 0), (1, 2)])
    ((3,), (0, 1), (2,))
    """
    heard: list[list[int]] = [[] for _ in range(size)]
    for source, target in edges:
        heard[target].append(source)
    number = [0] * size  # In order of discovery, from 1; 0 is undiscovered.
    earliest = [0] * size
    is_open = [False] * size
    path: list[int] = []
    found: list[tuple[int, ...]] = []
    count = 0
    for start in range(size):
        if number[start]:
            continue
        stack = [(start, 0)]
        while stack:
            node, place = stack.pop()
            if place == 0:
                count += 1
                number[node] = earliest[node] = count
                is_open[node] = True
                path.append(node)
            else:
                earliest[node] = min(earliest[node], earliest[heard[node][place - 1]])
            while place < len(heard[node]):
                further = heard[node][place]
                place += 1
                if not number[further]:
                    stack += [(node, place), (further, 0)]
                    break
                if is_open[further]:
                    earliest[node] = min(earliest[node], number[further])
            else:
                if earliest[node] == number[node]:
                    found.append(tuple(sorted(_taken(path, node))))
                    for one in found[-1]:
                        is_open[one] = False
    return tuple(found)


def _taken(path: list[int], last: int) -> list[int]:
    """Nodes from the end of a path, which they leave, up to the last one."""
    taken = [path.pop()]
    while taken[-1] != last:
        taken.append(path.pop())
    return taken
