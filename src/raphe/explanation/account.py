"""Everything that is said of why one node changes, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from raphe.explanation.deciding import Decision, what_decides
from raphe.explanation.edges import EdgeEffect, edge_effects
from raphe.explanation.loops import Loop, feedback_loops
from raphe.explanation.routes import Explanation, Route, Trace, median_draw
from raphe.explanation.targets import TargetAccount, account_of_targets
from raphe.prediction import Prediction, Reading

#: Paths that are named; what the rest carries is one remainder.
MOST_PATHS = 200
#: Loops that are told.
MOST_LOOPS = 10


@dataclass(frozen=True)
class Kept:
    """A receptor, enzyme or transporter that what moves it does not reach, since a drug is there.

    What a blocked target would have heard counts as well as what it did at rest: an antagonist at
    a silent receptor does nothing by itself, and keeps it silent when its transmitter comes.
    """

    node: str
    #: The node it would have heard most from.
    source: str
    #: What the readout is spared, along all paths from there, in units of its full activity.
    share: float


@dataclass(frozen=True, eq=False)
class Account:
    """Why a node changes: in one draw by target, path, loop and edge; over all, what decides."""

    prediction: Prediction
    node: str

    @cached_property
    def reading(self) -> Reading:
        """What the draws say of the node."""
        return self.prediction.reading(self.node)

    @cached_property
    def by_target(self) -> TargetAccount | None:
        """What each binding contributes; None where its coalitions do not come to rest."""
        return account_of_targets(self.prediction, self.node)

    @property
    def draw(self) -> int:
        """The draw that all is told of: that of the median change, or the nearest that will do."""
        account = self.by_target
        return account.draw if account else median_draw(self.prediction, self.node)

    @property
    def total(self) -> float:
        """The change in that draw."""
        return self.causes.total

    @cached_property
    def causes(self) -> Explanation:
        """What is imposed, what holds a node at a bound being an input of its own."""
        return Explanation.with_bounds(self.prediction, self.node, self.draw)

    @cached_property
    def pushes(self) -> Explanation:
        """What is imposed on the animal alone: a node at a bound passes on what it can."""
        return Explanation.with_secants(self.prediction, self.node, self.draw)

    @cached_property
    def trace(self) -> Trace:
        """The change as a sum over paths, and one remainder."""
        return self.causes.trace(MOST_PATHS)

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """The loops that do most."""
        return feedback_loops(self.causes, MOST_LOOPS)

    @cached_property
    def edges(self) -> tuple[EdgeEffect, ...]:
        """What each edge is worth, the most first."""
        return edge_effects(self.prediction, self.node, self.draw)

    @cached_property
    def decision(self) -> Decision:
        """What decides between the two likeliest answers."""
        return what_decides(self.prediction, self.node)

    def kept_from(self, target: str) -> tuple[Kept, ...]:
        """What a target is kept from hearing, by what the readout is spared, the most first."""
        system, arrivals = self.causes.system, self.causes.arrivals
        network, draw = self.prediction.model.network, self.draw
        left = self.prediction.perturbation.gain[:, draw]
        found = []
        for contact in self.prediction.perturbation.contacts:
            node = contact.node
            if contact.target != target or not 0 < left[node] < 1:
                continue
            # What comes through is scaled by what is left; what does not is the rest.
            heard = [
                (gain * system.change[source], source) for source, gain in system.gains.heard[node]
            ]
            heard = [(part, source) for part, source in heard if part]
            if not heard:
                continue
            withheld = sum(part for part, _ in heard) * (left[node] - 1) / left[node]
            _, source = max(heard, key=lambda one: (abs(one[0]), one[1]))
            share = arrivals.row[node] * float(withheld)
            found.append(Kept(network.names[node], network.names[source % network.size], share))
        return tuple(sorted(found, key=lambda one: (-abs(one.share), one.node)))

    def carried(self, routes: tuple[Route, ...]) -> dict[tuple[str, str], float]:
        """What some paths carry along each edge, relative to the whole change."""
        carried: dict[tuple[str, str], float] = {}
        for route in routes:
            for ends in pairwise(route.nodes):
                if ends[0] != ends[1] or len(route.nodes) == 2:
                    carried[ends] = carried.get(ends, 0.0) + route.fraction
        return carried
