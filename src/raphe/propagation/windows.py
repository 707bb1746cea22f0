"""The linear solution of a network with lags, over a window of time.

While the same nodes are at their bounds, the states are given at all times from h / 8 to h by
resolvents: of each draw at each pole s,

    (1 + s τᵢ) x̂ᵢ = τᵢ xᵢ(0) + cᵢ / s + gᵢ (Σ wⱼᵢ x̂ⱼ + Σ wₑ (τₑ zₑ(0) + x̂) / (1 + s τₑ))

which is the equation of a steady state with other gains, and is solved as one, by elimination, all
draws and poles side by side. A small network is solved by scaling and squaring instead, which asks
nothing of its eigenvalues.

C. Moler and C. Van Loan, "Nineteen dubious ways to compute the exponential of a matrix,
twenty-five years later", SIAM Review 45 (2003) 3–49 (scaling and squaring).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from raphe.propagation.contour import SPAN, resolvents
from raphe.propagation.reduction import Floats, Indices, solve_in_place

if TYPE_CHECKING:
    from raphe.propagation.time_course import Lagged, Push, Regions

#: Fractions of a window at which bounds are looked at.
GRID: Floats = np.geomspace(1 / SPAN, 1.0, 9)
#: Points between two of them, as shares of the way in logarithms (Chebyshev's, with both ends).
INNER: Floats = (1 - np.cos(np.pi * np.arange(9) / 8)) / 2
#: States up to which scaling and squaring is used.
FEW = 40
#: Terms of the exponential series, for a norm of at most one half.
_TERMS = 14


class Window(ABC):
    """States within a window, of *n* nodes and *k* slow edges in *d* draws."""

    @property
    @abstractmethod
    def grid(self) -> Floats:
        """States at each of `GRID`, *(n + k) × times × d*."""

    @abstractmethod
    def at(self, fractions: Floats, draws: Indices, rows: Indices | None = None) -> Floats:
        """States of some draws, each at a fraction of its own, *rows × draws*."""

    @abstractmethod
    def inner(self, draws: Indices, brackets: Indices) -> Floats:
        """States of some draws at the inner points of a bracket each, *(n + k) × points × draws*."""


def open_window(
    system: Lagged, push: Push, region: Regions, states: Floats, width: Floats
) -> Window:
    """The solution from given states on, with some nodes held, up to a time *width* of each draw."""
    if len(states) <= FEW:
        return _Squared(system, push, region, states, width)
    return _Resolved(system, push, region, states, width)


def _inside(brackets: Indices) -> Floats:
    """Fractions of the inner points of brackets, *brackets × points*."""
    start, end = GRID[brackets, None], GRID[brackets + 1, None]
    return np.asarray(start * (end / start) ** INNER)


@lru_cache(maxsize=1)
def _tables() -> tuple[Floats, Floats]:
    """Weights at the grid, *times × 2k*, and at the inner points, *brackets × points × 2k*."""
    grid = _real(resolvents().weights(GRID)).T
    fractions = _inside(np.arange(len(GRID) - 1))
    inner = _real(resolvents().weights(fractions.ravel())).T
    return grid, inner.reshape(*fractions.shape, -1)


def _real(weights: np.ndarray[tuple[int, ...], np.dtype[np.complex128]]) -> Floats:
    """Weights of the real and of the imaginary parts of resolvents, below each other."""
    return 2 * np.concatenate([weights.real, -weights.imag])


class _Resolved(Window):
    """By resolvents."""

    def __init__(
        self, system: Lagged, push: Push, region: Regions, states: Floats, width: Floats
    ) -> None:
        poles = resolvents().poles
        shape = (len(poles), len(width))
        s = poles[:, None] / width
        size, plan = system.size, system.plan
        free = (region == 0)[:, None]
        lagged = 1 / (1 + s * system.lag[:, None])
        # What is heard, with the gain and the lag of who hears it; the held hear nothing.
        factor = lagged * (push.gain * (region == 0))[:, None]
        bound = np.where(region > 0, system.upper, system.lower)
        level = np.where(region == 0, push.inputs, bound)
        x = level[:, None] / s
        x += (system.lag * states[:size])[:, None]
        x *= lagged
        late = 1 / (1 + s * system.pace[:, None])
        slow = np.flatnonzero(system.slow)
        started = late * (system.pace * states[size:])[:, None]
        table = np.zeros((plan.rows, *shape), dtype=np.complex128)
        slot = np.cumsum(system.slow) - 1
        for edge, row in enumerate(plan.row.tolist()):
            carried = factor[system.target[edge]] * system.weights[edge]
            if system.slow[edge]:
                if free[system.target[edge]].any():
                    x[system.target[edge]] += carried * started[slot[edge]]
                carried = carried * late[slot[edge]]
            table[row] += carried
        flat = x.reshape(size, -1)
        solve_in_place(plan, table.reshape(plan.rows, -1), flat)
        x = flat.reshape(size, *shape)
        z = started + late * x[system.source[slow]]
        parts = np.empty((size + len(slow), 2, *shape))
        parts[:size, 0], parts[:size, 1] = x.real, x.imag
        parts[size:, 0], parts[size:, 1] = z.real, z.imag
        parts /= width
        self._parts = parts.reshape(len(parts), -1, len(width))

    @property
    def grid(self) -> Floats:
        return np.asarray(np.matmul(_tables()[0], self._parts))

    def at(self, fractions: Floats, draws: Indices, rows: Indices | None = None) -> Floats:
        weights = _real(resolvents().weights(fractions))
        parts = self._parts if rows is None else self._parts[rows]
        return np.asarray(np.einsum("rkd,kd->rd", parts[:, :, draws], weights))

    def inner(self, draws: Indices, brackets: Indices) -> Floats:
        weights = _tables()[1][brackets]
        return np.asarray(np.einsum("rkd,dpk->rpd", self._parts[:, :, draws], weights))


class _Squared(Window):
    """By scaling and squaring of the dense matrix, with the constant input as one more state."""

    def __init__(
        self, system: Lagged, push: Push, region: Regions, states: Floats, width: Floats
    ) -> None:
        draws, count, size = len(width), len(states), system.size
        slow = np.flatnonzero(system.slow)
        matrix = np.zeros((draws, count + 1, count + 1))
        free = region == 0
        for edge, heard in enumerate(system.heard.tolist()):
            target = system.target[edge]
            matrix[:, target, heard] += (push.gain * free)[target] * system.weights[edge]
        every = np.arange(count)
        matrix[:, every, every] -= 1
        late = size + np.arange(len(slow))
        matrix[:, late, system.source[slow]] += 1
        bound = np.where(region > 0, system.upper, system.lower)
        matrix[:, :size, count] = np.where(free, push.inputs, bound).T
        lag = np.concatenate([system.lag, system.pace]).T
        # A node without a lag is what it hears: put that in its place.
        instant = np.flatnonzero((lag == 0).any(axis=0))
        told = matrix[:, instant].copy()
        told[:, np.arange(len(instant)), instant] = 0
        for place, node in enumerate(instant):
            share = matrix[:, :, node].copy()
            matrix[:, :, node] = 0
            matrix += share[:, :, None] * told[:, None, place]
        matrix[:, instant] = 0
        moving = np.where(lag == 0, 1.0, lag)
        matrix[:, :count] /= moving[:, :, None]
        self._matrix, self._width = matrix, width
        self._instant, self._told = instant, told
        self._states = np.concatenate([states, np.ones((1, draws))])

    @property
    def grid(self) -> Floats:
        draws = np.arange(len(self._width))
        return self._values(np.repeat(GRID[:, None], len(draws), axis=1), draws)

    def at(self, fractions: Floats, draws: Indices, rows: Indices | None = None) -> Floats:
        values = self._values(fractions[None], draws)[:, 0]
        return values if rows is None else values[rows]

    def inner(self, draws: Indices, brackets: Indices) -> Floats:
        return self._values(_inside(brackets).T, draws)

    def _values(self, fractions: Floats, draws: Indices) -> Floats:
        """States at fractions, *times × draws*."""
        time = (fractions * self._width[draws])[:, :, None, None]
        grown = _exponential_less_one(self._matrix[draws] * time)
        states = self._states[:, draws].T
        moved = states + np.einsum("tdij,dj->tdi", grown, states)
        moved[..., self._instant] = np.einsum("dpj,tdj->tdp", self._told[draws], moved)
        return np.asarray(moved[..., :-1].transpose(2, 0, 1))


def _exponential_less_one(matrix: Floats) -> Floats:
    """exp(A) − I; squared as 2F + F², so that what moves slowly keeps its digits."""
    norm = np.abs(matrix).sum(axis=-1).max(initial=0.0)
    halvings = max(0, int(np.ceil(np.log2(max(norm, 1e-300)))) + 1)
    scaled = matrix / 2.0**halvings
    total = scaled.copy()
    term = scaled
    for order in range(2, _TERMS + 1):
        term = term @ scaled / order
        total = total + term
    for _ in range(halvings):
        total = 2 * total + total @ total
    return np.asarray(total)
