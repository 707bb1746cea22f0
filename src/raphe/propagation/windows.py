"""The linear solution of a network with lags, over a window of time.

While the same nodes are at their bounds, the states are given at all times from h / 4 to h by
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

import numpy as np

from raphe.propagation.arrays import Floats, Indices
from raphe.propagation.contour import SPAN, Complex, resolvents, weights_at
from raphe.propagation.lagged import Lagged, Push, Regions
from raphe.propagation.reduction import solve_in_place

#: Fractions of a window at which bounds are looked at.
GRID: Floats = np.geomspace(1 / SPAN, 1.0, 6)
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
        """States of some draws within a bracket each, *(n + k) × inner points × draws*."""


def open_window(
    system: Lagged, push: Push, region: Regions, states: Floats, width: Floats, room: Room
) -> Window:
    """The solution from given states on, with some nodes held, up to a time *width* of each draw.

    It is there until the next one is opened in the same room.
    """
    if len(states) <= FEW:
        return _Squared(system, push, region, states, width)
    return _Resolved(system, push, region, states, width, room)


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


class Room:
    """Memory that is used for one window after the other: fresh pages cost more than arithmetic."""

    def __init__(self) -> None:
        self._held: dict[str, Floats] = {}

    def floats(self, name: str, *shape: int) -> Floats:
        """An array that holds anything."""
        size = int(np.prod(shape))
        if name not in self._held or self._held[name].size < size:
            self._held[name] = np.empty(size)
        return self._held[name][:size].reshape(shape)

    def numbers(self, name: str, *shape: int) -> Complex:
        """A complex array that holds anything."""
        *most, last = shape
        return self.floats(name, *most, 2 * last).view(np.complex128)


class _Resolved(Window):
    """By resolvents."""

    def __init__(
        self,
        system: Lagged,
        push: Push,
        region: Regions,
        states: Floats,
        width: Floats,
        room: Room,
    ) -> None:
        poles = resolvents().poles
        shape = (len(poles), len(width))
        columns = len(poles) * len(width)
        size, plan = system.size, system.plan
        s = poles[:, None] / width
        inverse = 1 / s
        free = region == 0
        heard_share = push.gain * free
        level = np.where(free, push.inputs, np.where(region > 0, system.upper, system.lower))
        started = system.lag * states[:size]
        x = room.numbers("x", size, columns).reshape(size, *shape)
        lagged = room.numbers("lagged", size, columns).reshape(size, *shape)
        np.multiply(s, system.lag[:, None], out=lagged)
        lagged += 1
        np.reciprocal(lagged, out=lagged)
        np.multiply(inverse, level[:, None], out=x)
        x += started[:, None]
        x *= lagged
        slow = np.flatnonzero(system.slow)
        late = 1 / (1 + s * system.pace[:, None])
        begun = late * (system.pace * states[size:])[:, None]
        table = room.numbers("table", plan.rows, columns)
        table[plan.pairs :] = 0
        factors = heard_share[system.target] * system.weights
        carried = np.empty(shape, dtype=np.complex128)
        filled = [False] * plan.pairs
        rows = list(table[: plan.pairs].reshape(plan.pairs, *shape))
        place = 0
        for edge, (row, target) in enumerate(
            zip(plan.row.tolist(), system.target.tolist(), strict=True)
        ):
            goal = carried if filled[row] else rows[row]
            np.multiply(lagged[target], factors[edge], out=goal)
            if system.slow[edge]:
                x[target] += goal * begun[place]
                goal *= late[place]
                place += 1
            if filled[row]:
                rows[row] += carried
            filled[row] = True
        solve_in_place(plan, table, x.reshape(size, columns))
        parts = room.floats("parts", size + len(slow), 2, *shape)
        parts[:size, 0], parts[:size, 1] = x.real, x.imag
        z = late
        z *= x[system.source[slow]]
        z += begun
        parts[size:, 0], parts[size:, 1] = z.real, z.imag
        self._parts = parts.reshape(len(parts), -1, len(width))
        self._width = width

    @property
    def grid(self) -> Floats:
        return np.asarray(np.matmul(_tables()[0], self._parts) / self._width)

    def at(self, fractions: Floats, draws: Indices, rows: Indices | None = None) -> Floats:
        weights = _real(weights_at(fractions)) / self._width[draws]
        parts = self._parts if rows is None else self._parts[rows]
        return np.asarray(np.einsum("rkd,kd->rd", parts[:, :, draws], weights))

    def inner(self, draws: Indices, brackets: Indices) -> Floats:
        weights = _tables()[1][brackets] / self._width[draws][:, None, None]
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
