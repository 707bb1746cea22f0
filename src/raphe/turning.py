"""What a sweep shows of a readout: where its direction turns, and where half of it is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from raphe.calling import Call
from raphe.propagation.arrays import Floats, Indices
from raphe.propagation.crossing import crossings

#: Changes of rows in draws at doses, a value each: rows, draws and doses side by side.
Exact = Callable[[Indices, Indices, Floats], Floats]
#: From what to what, in which draws, at which dose of each.
Turned = tuple[tuple[Call, Call], Indices, Floats]

_ENDS = {1: (Call.DOWN, Call.UP), -1: (Call.UP, Call.DOWN)}
#: What is rounding noise beside a change.
_NOISE = 1e-9
#: A change levels off where the last third of a decade brings less than this share of it.
_LEVEL = 0.1
_THIRD = 10 ** (1 / 3)


def turning_points(
    change: Floats, thresholds: Floats, times: Floats, exact: Exact
) -> list[tuple[Turned, ...]]:
    """Where each draw of each row turns: from a visible change to a visible one of other sign.

    A visible change is larger than the threshold. Between the two, the change itself passes through
    zero; that is the dose, found by solving the circuit again at doses between those of the sweep.
    Of several turns of a draw in one direction the lowest counts.

    Parameters
    ----------
    change
        *rows × doses × d*.
    thresholds
        *rows*.
    times
        Doses, rising.
    exact
        The change itself, at any dose.

    Returns
    -------
    list
        For each row, turns from down to up and from up to down.
    """
    rows, draws, before, rising = _brackets(change, thresholds)
    logs = np.log10(times)

    def at(waiting: Indices, log: Floats) -> Floats:
        return exact(rows[waiting], draws[waiting], 10.0**log)

    found = 10.0 ** crossings(
        at,
        logs[before],
        logs[before + 1],
        change[rows, before, draws],
        change[rows, before + 1, draws],
    )
    own = np.isfinite(found)
    return [
        tuple(
            (ends, draws[chosen], found[chosen])
            for way, ends in _ENDS.items()
            for chosen in (np.flatnonzero(own & (rows == row) & (rising == way)),)
        )
        for row in range(len(change))
    ]


def _brackets(change: Floats, thresholds: Floats) -> tuple[Indices, Indices, Indices, Indices]:
    """Row, draw, dose before the sign changes, and direction of each first turn of a kind."""
    rows, doses, draws = change.shape
    visible = np.sign(change) * (np.abs(change) > thresholds[:, None, None])
    last = np.zeros((rows, draws))
    since = np.zeros((rows, draws), dtype=np.intp)
    seen = {1: np.zeros((rows, draws), dtype=bool), -1: np.zeros((rows, draws), dtype=bool)}
    parts: list[tuple[Indices, Indices, Indices, Indices]] = []
    for dose in range(doses):
        now = visible[:, dose]
        for way, done in seen.items():
            row, draw = np.nonzero((now == way) & (last == -way) & ~done)
            done[row, draw] = True
            if len(row):
                # The last dose at which the change had its old sign.
                own = np.sign(change[row, : dose + 1, draw]) == -way
                own &= np.arange(dose + 1) >= since[row, draw][:, None]
                lost = np.argmin(own | (np.arange(dose + 1) < since[row, draw][:, None]), axis=1)
                parts.append((row, draw, lost - 1, np.full(len(row), way)))
        since = np.where(now != 0, dose, since)
        last = np.where(now != 0, now, last)
    nothing = np.zeros((4, 0), dtype=np.intp)
    joined = np.concatenate([nothing, *(np.stack(one) for one in parts)], axis=1)
    return joined[0], joined[1], joined[2], joined[3]


@dataclass(frozen=True)
class Halves:
    """Half of the largest effect, in the draws in which more drug never takes back anything."""

    monotone_share: float
    #: Down and up: the draws, their doses, and whether the change levels off.
    by_direction: tuple[tuple[Call, Indices, Floats, bool], ...]


def half_effects(change: Floats, threshold: float, times: Floats) -> Halves:
    """The dose that brings half of what the highest dose brings, where the change is monotone.

    Parameters
    ----------
    change
        *doses × d*, the first without the drug.
    threshold
        What the highest dose has to bring, at least, for half of it to mean anything.
    times
        Doses without the first, rising.

    Notes
    -----
    Read off between two doses by interpolation over the logarithm of the dose. Draws that have
    half of it at the lowest dose already are left out.

    Examples
    --------
    >>> times = 10 ** np.linspace(-2, 2, 41)
    >>> hill = np.concatenate([[0.0], times / (1 + times)])[:, None]
    >>> _, up = half_effects(hill, 0.07, times).by_direction
    >>> up[0].value, up[2].round(2).tolist(), up[3]
    ('up', [0.98], True)
    """
    effect = change - change[0]
    steps = np.diff(effect, axis=0)
    found = []
    monotone = np.zeros(change.shape[1], dtype=bool)
    for way, direction in ((-1, Call.DOWN), (1, Call.UP)):
        never_back = (way * steps >= -_NOISE).all(axis=0)
        monotone |= never_back
        most = way * effect[-1]
        draws = np.flatnonzero(never_back & (most > threshold) & (way * effect[1] < most / 2))
        reached = way * effect[1:, draws] / most[draws]
        above = np.argmax(reached >= 0.5, axis=0)
        columns = np.arange(len(draws))
        low, high = reached[above - 1, columns], reached[above, columns]
        logs = np.log10(times)
        log = logs[above - 1] + (logs[above] - logs[above - 1]) * (0.5 - low) / (high - low)
        before = int(np.searchsorted(times, times[-1] / _THIRD * (1 + _NOISE))) - 1
        levels = bool(len(draws)) and bool(np.median(reached[before]) > 1 - _LEVEL)
        found.append((direction, draws, 10.0**log, levels))
    return Halves(float(monotone.mean()), tuple(found))
