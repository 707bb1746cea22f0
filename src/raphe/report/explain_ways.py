"""Along which ways a change comes: paths, bounds, loops and edges, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from raphe.calling import Call
from raphe.explanation.loops import Loop, Role
from raphe.explanation.routes import Explanation, Route
from raphe.explanation.targets import Player, Share
from raphe.finding import Regimen
from raphe.report.explain_phrases import edge_words, loop_words
from raphe.report.explain_weight import WORTH, Weighed
from raphe.report.wording import amount, capital, joined

#: Less of the whole change than this is no remainder worth telling.
_WORTH_A_REST = 0.02
#: How many are told at most.
_MOST_PATHS = 3
_MOST_BOUNDS = 2

_ROLES = {
    Role.DAMPS: "damps it",
    Role.AMPLIFIES: "amplifies it",
    Role.REVERSES: "reverses it",
    Role.HOLDS: "holds the circuit",
}
_BOUNDS = {"lowest": "at its lowest", "highest": "at its highest"}


class WayWords(Weighed):
    """Sentences on the ways that a change takes through the circuit."""

    def paths(self, main: Share) -> Iterator[str]:
        """The strongest paths, and what the others carry together."""
        total, trace = self.account.total, self.account.trace
        direct = self._brought_directly(main)
        if not direct:
            yield self._kept(main)
        told = [one for one in trace.routes if not one.bound and self.is_worth(one.share)]
        along = [one for one in told if one.share * total > 0]
        if direct:
            own = [one for one in along if self._sets_out(one, main.player)]
            along = [*own[:1], *(one for one in along if one not in own[:1])]
        against = [one for one in told if one.share * total < 0][:1]
        most = 1 if self.is_minor((main,)) else _MOST_PATHS
        for number, route in enumerate(along[:most]):
            first = "The strongest path" if direct and not number else "A further path"
            if not direct and not number:
                first = "The strongest path of what moves it at all"
            if not self.is_moved:
                first = "Upwards, a path" if route.share > 0 else "Downwards, a path"
            yield f"{first} carries {self.amount(route.share)}: {self.phrases.route(route)}."
        for route in against:
            first = "Against it, one"
            if not self.is_moved:
                first = "Upwards, a path" if route.share > 0 else "Downwards, a path"
            yield f"{first} carries {self.amount(route.share)}: {self.phrases.route(route)}."
        if most > 1 and abs(trace.remainder) > _WORTH_A_REST * abs(total):
            rest = trace.remainder
            yield f"All paths beyond the first {len(trace.routes)} carry {amount(rest)} together."

    def _sets_out(self, route: Route, player: Player) -> bool:
        if not player.sites:
            return not route.doings and not route.bound
        own = {(one.contact.drug, one.contact.target) for one in route.doings}
        return bool(own.intersection(player.sites))

    def _brought_directly(self, main: Share) -> bool:
        """Whether what the target does at rest brings at least half of its share by itself."""
        if not main.player.sites:
            return True
        targets = {target for _, target in main.player.sites}
        brought = sum(
            value for name, value in self.account.pushes.origins.items() if name in targets
        )
        return brought * main.share > 0 and abs(brought) >= abs(main.share) / 2

    def _kept(self, main: Share) -> str:
        """Of a target that acts by what it does not hear any more."""
        for _, target in main.player.sites:
            kept = [one for one in self.account.kept_from(target) if one.share * main.share > 0]
            if kept:
                first = kept[0]
                return (
                    f"It does so less by what {first.node} did at rest than by what it no longer "
                    f"hears of {first.source}: that would have brought {amount(-first.share)}."
                )
        return ""

    def bounds(self) -> str:
        """Nodes that a bound holds, and what that brings."""
        causes = self.account.causes
        bounds = [one for one in causes.routes(most=200) if one.bound]
        said: dict[str, str] = {}
        firsts = {f"{route.nodes[0]} at its bound": route for route in reversed(bounds)}
        ranked = sorted(firsts, key=lambda one: (-abs(causes.origins[one]), one))
        for name in ranked[:_MOST_BOUNDS]:
            route, share = firsts[name], causes.origins[name]
            if not self.is_worth(share):
                continue
            when = ""
            if self.prediction.regimen is Regimen.WASHOUT:
                when = "after the drug " if route.later == 0 else "under the drug "
            if route.bound in _BOUNDS:
                said[name] = (
                    f"{capital(when)}{route.nodes[0]} is held {_BOUNDS[route.bound]}, whatever "
                    f"pushes it further{self._pushed_by(route)}; as an input of its own it brings "
                    f"{self.amount(share)}"
                )
            else:
                said[name] = (
                    f"In the comparison group {route.nodes[0]} is held at a bound, and here it is "
                    f"not: that brings {self.amount(share)}"
                )
        return f"{'. '.join(said.values())}." if said else ""

    def _pushed_by(self, route: Route) -> str:
        """What brought a node to its bound."""
        is_later = self.prediction.regimen is not Regimen.WASHOUT or route.later == 0
        pushing = Explanation.with_secants(
            self.prediction, route.nodes[0], self.account.draw, is_later
        ).main_route()
        if pushing is None:
            return ""
        if len(pushing.nodes) == 1:
            drugs = joined(one.contact.drug for one in pushing.doings)
            return f" ({drugs} acts there itself)" if drugs else ""
        return f" (it came there mainly by {self.phrases.route(pushing)})"

    def loops(self) -> str:
        """The loops that the answer hangs on most."""
        telling = [one for one in self.account.loops if self._loop_matters(one)]
        chosen: list[Loop] = []
        for role in (Role.REVERSES, Role.HOLDS, Role.DAMPS, Role.AMPLIFIES):
            chosen += [one for one in telling if one.role is role][:1]
        said = []
        for loop in chosen[:2]:
            words = loop_words(loop)
            kind = "adaptation" if "~" in words else "loop"
            line = f"the {kind} {words} (gain {amount(loop.gain)}) {_ROLES[loop.role]}"
            end = (
                "nothing would come to rest without it"
                if loop.without is None
                else f"without it {amount(loop.without)} instead of {amount(loop.with_it)}"
            )
            said.append(f"{line}: {end}")
        return f"{capital('; '.join(said))}." if said else ""

    def _loop_matters(self, loop: Loop) -> bool:
        if self.call is Call.UNCHANGED:
            # What stays may be held there; that a loop changes next to nothing says nothing.
            theta = self.prediction.model.criteria.theta
            return loop.without is None or self.of_range(loop.without) >= theta
        return loop.without is None or abs(loop.effect) >= WORTH * max(
            abs(loop.with_it), abs(loop.without)
        )

    def edges(self) -> str:
        """The edge that the answer hangs on most, of those that papers or assumptions brought."""
        effects = [one for one in self.account.edges if one.without is not None]
        if not effects or not self.is_moved:
            return ""
        first = effects[0]
        assert first.without is not None
        edge = self.pathway.edges[first.edge]
        name = edge_words(edge.source, edge.target, edge.declared)
        rests = self.phrases.rests(edge.source, edge.target, edge.declared.slow)
        return (
            f"It hangs most on the edge {name}{rests}: without it the change would be "
            f"{amount(first.without)}."
        )
