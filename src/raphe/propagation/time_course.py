"""How the states of a network move after a treatment begins, changes or ends.

    τᵢ dxᵢ/dt = −xᵢ + clip(gᵢ (Σ wⱼᵢ xⱼ + Σ wₑ zₑ) + uᵢ, lowerᵢ, upperᵢ)      dzₑ/dt = (x − zₑ)/τₑ

Each slow edge has a state z that follows its source. A node that hears nothing but slow edges has
no lag beside theirs: what it has adapted to is where it is (see `loops`). As long as it stays the
same which nodes are at a bound, this is linear, and is solved by exponentials, not by steps. So
from one moment at which a bound is reached or left to the next:

1. a *window* (`windows`) gives the linear solution at all times up to some h, however stiff it is;
2. where what a node hears crosses a bound within it, the first such moment is searched for on that
   solution, and a new window starts there with the node held or free;
3. where nothing does, the next window starts at its end, and is longer.

The drive of a node goes through its bounds without a jump, so that a crossing that is found a
little late changes hardly anything: an error ε of the drive moves no state by more than what ε
held at this node would. Draws run side by side, each at its own time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.contour import SPAN
from raphe.propagation.crossings import crossings, region_of
from raphe.propagation.lagged import Lagged, Push, Stage
from raphe.propagation.windows import GRID, Room, Window, open_window

#: How far beyond a bound a drive is taken to be there; well above the error of a window.
TOLERANCE = 1e-8
#: The first window ends after so much of the shortest lag, and none is shorter than so much of it.
_FIRST, _SHORTEST = 0.5, 1e-5
#: A window is so much longer than the time that has passed since the last change of the treatment.
_AHEAD = 0.5
#: Windows after which a draw is given up: on the monoamine circuit most need some forty.
_MOST_WINDOWS = 2000
#: Draws that go side by side: more would not fit into the cache.
_SIDE_BY_SIDE = 50


@dataclass(frozen=True)
class Course:
    """States over time."""

    #: Of the nodes that were asked for, *times × nodes × d*.
    x: Floats
    #: All states at the end, *(n + k) × d*.
    states: Floats
    #: Draws that were followed to the end, *d*.
    complete: Mask
    #: How many windows each draw took, *d*.
    windows: NDArray[np.intp] = field(repr=False)


def follow(
    system: Lagged, states: Floats, stages: list[Stage], times: Floats, nodes: Indices
) -> Course:
    """The course of some nodes, from given states, through stages of treatment.

    Parameters
    ----------
    system
        *n* nodes, *k* slow edges, *d* draws.
    states
        Where nodes and slow edges start, *(n + k) × d*; a node without a lag is where it is driven.
    stages
        One after the other.
    times
        Ascending, from 0 on: when the nodes are asked for. At a change of treatment, a node is
        where it was just before.
    nodes
        Which nodes.

    Examples
    --------
    A node with a time constant of 2 is pushed by 1:

    >>> from raphe.propagation.plan import plan_reduction
    >>> none, one = np.zeros(0, dtype=np.intp), np.ones((1, 1))
    >>> plan = plan_reduction(1, none, none, np.zeros(0, dtype=bool))
    >>> system = Lagged(plan, none, none, np.zeros(0, dtype=bool), np.zeros((0, 1)), 2 * one,
    ...     np.zeros((0, 1)), -one, 9 * one)
    >>> stage = Stage(Push(one, one), 10.0)
    >>> course = follow(system, 0 * one, [stage], np.array([2.0]), np.array([0]))
    >>> bool(abs(course.x[0, 0, 0] - (1 - np.exp(-1))) < 1e-9)
    True
    """
    run = _Run(system, stages, states, times, nodes)
    run.to_end()
    return Course(run.x, run.states, run.stage == len(stages), run.windows)


class _Run:
    """Draws that each are at a time, and a stage, of their own."""

    def __init__(
        self, system: Lagged, stages: list[Stage], states: Floats, times: Floats, nodes: Indices
    ) -> None:
        self.system, self.nodes, self.times = system, nodes, times
        self.gain = np.stack([one.push.gain for one in stages])
        self.inputs = np.stack([one.push.inputs for one in stages])
        ends = np.cumsum([one.length for one in stages])
        #: When each stage begins and ends; the last one twice, for draws that are done.
        self.begins, self.ends = np.r_[0.0, ends], np.r_[ends, ends[-1]]
        draws = states.shape[1]
        self.x = np.zeros((len(times), len(nodes), draws))
        self.x[times <= 0] = states[nodes]
        self.states, self.region = states.copy(), np.zeros(system.lag.shape, dtype=np.int8)
        self.stage, self.windows = np.zeros((2, draws), dtype=np.intp)
        #: How far each draw has come, and when its present linear solution began.
        self.now, self.origin, self.ahead = np.zeros((3, draws))
        positive = np.where(system.lag > 0, system.lag, np.inf)
        shortest = np.minimum(
            positive.min(axis=0, initial=np.inf), system.pace.min(axis=0, initial=np.inf)
        )
        self.shortest = np.where(np.isfinite(shortest), shortest, ends[-1])
        self.least = _SHORTEST * self.shortest
        self.room = Room()
        self._begin(np.arange(draws))

    def push(self, draws: Indices) -> Push:
        """What is done to some draws, each in its stage."""
        stage = np.minimum(self.stage[draws], len(self.gain) - 1)
        return Push(self.gain[stage, :, draws].T, self.inputs[stage, :, draws].T)

    def _begin(self, draws: Indices) -> None:
        """Enter a stage: what has no lag is at once where it is driven."""
        system, push = self.system.take(draws), self.push(draws)
        states = self.states[:, draws]
        instant = system.lag == 0
        driven = np.clip(system.drive(states, push), system.lower, system.upper)
        states[: system.size][instant] = driven[instant]
        self.states[:, draws] = states
        drives = system.drive(states, push)
        self.region[:, draws] = region_of(drives, system.lower, system.upper, 0.0)
        self.ahead[draws] = _FIRST * self.shortest[draws]

    def to_end(self) -> None:
        """Follow all draws to the end of the last stage."""
        while True:
            left = np.flatnonzero((self.stage < len(self.gain)) & (self.windows < _MOST_WINDOWS))[
                :_SIDE_BY_SIDE
            ]
            if not len(left):
                return
            self._advance(left)
            self.windows[left] += 1

    def _advance(self, draws: Indices) -> None:
        """One window of some draws."""
        system, push = self.system.take(draws), self.push(draws)
        region, width = self.region[:, draws], self._width(draws)
        window = open_window(system, push, region, self.states[:, draws], width, self.room)
        lower, upper = system.lower[:, None], system.upper[:, None]
        drives = system.drive(window.grid, push)
        beyond = region_of(drives, lower, upper, TOLERANCE, region[:, None]) != region[:, None]
        crossed = beyond.any(axis=0)
        first = np.where(crossed.any(axis=0), crossed.argmax(axis=0), len(GRID))
        # What happens before the earliest time of a window is looked at through a shorter one.
        # (Where the window goes on from one before, that has seen it already.)
        early = (first == 0) & (width > self.least[draws])
        reached = width.copy()
        flips = np.zeros_like(region, dtype=bool)
        at_once = (first == 0) & ~early
        reached[at_once] = width[at_once] * GRID[0]
        flips[:, at_once] = beyond[:, 0, at_once]
        within = np.flatnonzero((first > 0) & (first < len(GRID)))
        if len(within):
            moment, flipped = crossings(system, push, region, window, beyond, first, within)
            reached[within] = width[within] * moment
            flips[:, within] = flipped
        reached[early] = 0.0
        self._note(draws, window, width, reached)
        going = np.flatnonzero(~early)
        if len(going):
            self._move(draws, going, window, push, flips, reached, width)
        self.ahead[draws[early]] = width[early] / SPAN

    def _width(self, draws: Indices) -> Floats:
        """The end of each window, from the origin.

        Not beyond the stage, nor so late that something asked for lies before its earliest time.
        """
        now, origin = self.now[draws], self.origin[draws]
        width = np.minimum(self.ahead[draws], self.ends[self.stage[draws]] - origin)
        if len(self.times):
            following = np.searchsorted(self.times, now, side="right")
            upcoming = self.times[np.minimum(following, len(self.times) - 1)] - origin
            asked = (following < len(self.times)) & (upcoming < width / SPAN)
            width = np.where(asked, upcoming * SPAN, width)
        return np.asarray(width)

    def _note(self, draws: Indices, window: Window, width: Floats, reached: Floats) -> None:
        """Write down what was asked for within the windows."""
        now, origin = self.now[draws], self.origin[draws]
        passed = (self.times[:, None] > now) & (self.times[:, None] <= origin + reached)
        time, column = np.nonzero(passed)
        if len(time):
            fractions = np.minimum((self.times[time] - origin[column]) / width[column], 1.0)
            values = window.at(fractions, column, self.nodes)
            self.x[time, :, draws[column]] = values.T

    def _move(
        self,
        draws: Indices,
        going: Indices,
        window: Window,
        push: Push,
        flips: Mask,
        reached: Floats,
        width: Floats,
    ) -> None:
        """Take draws to the ends of their windows, or to where a bound is reached or left."""
        own = draws[going]
        end = self.ends[self.stage[own]]
        # The last window ends with the stage, whatever rounding makes of the sum.
        whole = reached[going] == width[going]
        ended = whole & (width[going] >= end - self.origin[own])
        self.now[own] = np.where(ended, end, self.origin[own] + reached[going])
        turned = flips[:, going].any(axis=0)
        # As long as nothing is reached or left, the same solution goes on, from the same origin.
        self.ahead[own] = SPAN * width[going]
        arrived = np.flatnonzero(turned | ended)
        if not len(arrived):
            return
        going, own = going[arrived], own[arrived]
        system = self.system.take(own)
        states = window.at(reached[going] / width[going], going)
        drives = system.drive(states, push.take(going))
        instant = system.lag == 0
        states[: system.size][instant] = np.clip(drives, system.lower, system.upper)[instant]
        region, flipped = self.region[:, own], flips[:, going]
        upward = drives > (system.lower + system.upper) / 2
        side = np.where(np.isinf(system.upper), -1, np.where(upward, 1, -1))
        region[flipped] = np.where(region == 0, side, 0)[flipped]
        self.region[:, own], self.states[:, own] = region, states
        self.origin[own] = self.now[own]
        since = self.now[own] - self.begins[self.stage[own]]
        self.ahead[own] = np.maximum(_AHEAD * since, SPAN * self.least[own])
        over = own[ended[arrived]]
        self.stage[over] += 1
        if len(over):
            self._begin(over)
