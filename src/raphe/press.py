"""A press on a plain signed graph: what a sustained push on some nodes does to all others.

Two answers stand side by side. From the signs alone: the net number of feedback cycles, exactly,
and how far they agree (`raphe.propagation.loop_analysis`). From draws of the strengths: in which
share of the stable systems each node rises or falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from raphe.community import Community
from raphe.errors import InputError, Problem, nearest
from raphe.prior import MOST_DRAWS, USUAL_DRAWS, USUAL_SEED, uniforms
from raphe.propagation.community_draws import NOISE, find_stable, solve_press
from raphe.propagation.components import strong_components
from raphe.propagation.press_cycles import PressCycles

#: Draws times the cubed sizes of components that are solved: half a minute.
MOST_WORK = 2_000_000_000


@dataclass(frozen=True)
class Reply:
    """What a press does to one node."""

    node: str
    #: Cycles that say up less those that say down, of what stands between the press and the node;
    #: None where that is too much to work out.
    net: int | None
    #: All of them; None where counting takes too long.
    cycles: int | None
    #: Shares of the stable draws in which it rises and falls; None without a stable draw, and where
    #: drawing is too much.
    up: float | None
    down: float | None

    @property
    def weighted(self) -> float | None:
        """Weighted feedback: how far the cycles agree, 0 to 1; None where there is none."""
        if self.net is None or not self.cycles:
            return None
        return abs(self.net) / self.cycles

    @property
    def is_certain(self) -> bool:
        """Whether all cycles agree: then no strengths of a stable system can reverse it."""
        return bool(self.net) and abs(self.net or 0) == self.cycles


@dataclass(frozen=True)
class Press:
    """The replies of all nodes to a press."""

    graph: Community = field(repr=False)
    #: What is pushed up, and what down.
    up: tuple[str, ...]
    down: tuple[str, ...]
    #: det(−A) of what the press reaches, with all strengths alike; None where that is too much to
    #: work out.
    determinant: int | None
    draws: int
    seed: int
    #: Draws that are stable; None where finding out is too much.
    stable: int | None
    #: By node, in order of names.
    replies: tuple[Reply, ...] = field(repr=False)

    def __getitem__(self, node: str) -> Reply:
        """The reply of a node."""
        return self.replies[_number(self.graph, node)]


def press(
    graph: Community,
    up: Sequence[str] = (),
    down: Sequence[str] = (),
    draws: int = USUAL_DRAWS,
    seed: int = USUAL_SEED,
) -> Press:
    """What a sustained push on some nodes of a signed graph does to all nodes.

    Parameters
    ----------
    graph
        Every node needs a loop that limits it, of its own or through others; see
        `Community.self_limited`.
    up, down
        Nodes that are pushed.
    draws, seed
        Strengths are uniform from 0 to 1, each edge from a stream of its own; unstable draws are
        left out and counted. One pass is made and no more, however few are stable.

    Raises
    ------
    InputError
        A node that is not there or is pushed twice, nothing to push, or too many draws.

    Examples
    --------
    >>> from raphe.community import community
    >>> hares = community([("V", -1, "V"), ("V", 1, "H"), ("H", -1, "V"), ("H", -1, "H")])
    >>> reply = press(hares, up=["V"])["H"]
    >>> reply.net, reply.cycles, reply.is_certain, reply.up
    (1, 1, True, 1.0)
    """
    presses = _presses(graph, up, down)
    if not 1 <= draws <= MOST_DRAWS:
        raise InputError([Problem(f"{draws} draws.", f"Ask for 1 to {MOST_DRAWS}.")])
    exact = PressCycles(graph, presses)
    rises, falls, stable = (
        ([], [], None) if _is_too_much(graph, draws) else _drawn(graph, presses, draws, seed)
    )
    replies = tuple(
        Reply(
            name,
            exact.net.get(node, 0),
            exact.cycles.get(node, 0),
            rises[node] if stable else None,
            falls[node] if stable else None,
        )
        for node, name in enumerate(graph.names)
    )
    return Press(graph, tuple(up), tuple(down), exact.determinant, draws, seed, stable, replies)


def _presses(graph: Community, up: Sequence[str], down: Sequence[str]) -> dict[int, int]:
    problems = [
        Problem(f"no node '{name}'.", nearest(name, graph.index))
        for name in (*up, *down)
        if name not in graph.index
    ]
    twice = {name for name in (*up, *down) if (*up, *down).count(name) > 1}
    problems += [Problem(f"'{name}' is pushed twice.", "Push it once.") for name in sorted(twice)]
    if not up and not down:
        problems.append(Problem("nothing is pushed.", "Name a node."))
    if problems:
        raise InputError(problems)
    signs = [(name, 1) for name in up] + [(name, -1) for name in down]
    return {graph.index[name]: sign for name, sign in signs}


def _number(graph: Community, node: str) -> int:
    if node not in graph.index:
        raise InputError([Problem(f"no node '{node}'.", nearest(node, graph.index))])
    return graph.index[node]


def _is_too_much(graph: Community, draws: int) -> bool:
    """Whether the eigenvalues of all draws would take minutes."""
    ends = zip(graph.source.tolist(), graph.target.tolist(), strict=True)
    return draws * sum(len(one) ** 3 for one in strong_components(graph.size, ends)) > MOST_WORK


def _drawn(
    graph: Community, presses: dict[int, int], draws: int, seed: int
) -> tuple[list[float], list[float], int]:
    """Shares of the stable draws in which each node rises and falls, and how many these are."""
    weights = np.stack([uniforms(seed, name, draws) for name in graph.edge_names])
    weights *= graph.sign[:, None]
    kept = find_stable(graph, weights)
    imposed = np.zeros(graph.size)
    imposed[list(presses)] = list(presses.values())
    response = solve_press(graph, weights[:, kept], imposed)
    if not kept.any():
        return [], [], 0
    least = NOISE * np.abs(response).max(axis=0)
    rises, falls = (response > least).mean(axis=1), (response < -least).mean(axis=1)
    return rises.tolist(), falls.tolist(), int(kept.sum())
