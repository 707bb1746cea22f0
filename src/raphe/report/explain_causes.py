"""What moves a node, target by target, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from raphe.calling import Call
from raphe.explanation.targets import Share
from raphe.finding import Regimen
from raphe.report.explain_weight import WORTH, Weighed
from raphe.report.readouts import node_name, region_of
from raphe.report.treatment_words import against_words, given_words
from raphe.report.wording import amount, capital, joined, likely, percent

#: How many targets are told of at most.
_MOST_TARGETS = 4


class CauseWords(Weighed):
    """Sentences on what happens, and by which target."""

    def headline(self) -> str:
        """What was done, and which way the node goes."""
        node = self.pathway.nodes[self.account.node]
        region = self.pathway.places.get(region_of(node.place))
        where = f", {region.label or region_of(node.place)}" if region else ""
        what = f"{self.account.node} ({node_name(self.pathway, node)}{where})"
        who = capital(given_words(self.prediction.treatment))
        odds = self.account.reading.odds
        sure = likely(odds.probability(self.call))
        against = against_words(self.prediction)
        beside = "" if against == "vehicle" else f", compared with {against}"
        gone = self.prediction.regimen is Regimen.WASHOUT
        verbs = {
            Call.UP: "leaves behind a raised" if gone else "raises",
            Call.DOWN: "leaves behind a lowered" if gone else "lowers",
        }
        if self.call in verbs:
            return f"{who} {verbs[self.call]} {what}{beside} ({sure})"
        if self.call is Call.UNCHANGED:
            return f"{who} leaves {what} unchanged{beside} ({sure})"
        open_ = f"up {percent(odds.up)}, down {percent(odds.down)}, "
        open_ += f"unchanged {percent(odds.unchanged)} of the draws"
        return f"Where {what} goes under {given_words(self.prediction.treatment)} is open ({open_})"

    def main(self, shares: Sequence[Share]) -> Share:
        """The player that makes most of the change, or of an unchanged one the most."""
        total = self.account.total
        if self.is_moved:
            along = [one for one in shares if one.share * total > 0]
            return max(along or shares, key=lambda one: abs(one.share))
        return shares[0]

    def what(self, shares: Sequence[Share], main: Share) -> str:
        """Which target makes the change, and how much of it."""
        total = self.account.total
        if len(shares) == 1 and not main.player.sites:
            return f"{self.headline()}: all of that is what the condition itself does."
        if self.is_moved:
            part = main.share / total
            worth = f"this makes {amount(main.share)} of {amount(total)} ({percent(part)})"
            if part > 1.05:
                worth = (
                    f"this makes {amount(main.share)}, more than the whole change of "
                    f"{amount(total)}: the rest works against it"
                )
            else:
                worth += ", and as much by itself"
                if abs(main.alone - main.share) > WORTH * abs(main.share):
                    worth = worth.removesuffix("as much by itself")
                    worth += f"{amount(main.alone)} by itself"
            return f"{self.headline()}, mainly because {self.phrases.doing(main.player)}: {worth}."
        said = [
            f"{self.phrases.gerund(one.player)} brings {amount(one.share)}"
            for one in self.telling(shares)[:_MOST_TARGETS]
        ]
        moved = f"{amount(total)}, {percent(self.of_range(total))} of its range"
        return f"{self.headline()}. The median change is {moved}: {joined(said)}."

    def others(self, shares: Sequence[Share], main: Share) -> str:
        """What the other targets do, along with the main one or against it."""
        if not self.is_moved:
            return ""
        total = self.account.total
        others = [one for one in self.telling(shares) if one is not main]
        along = [one for one in others if one.share * total > 0][: _MOST_TARGETS - 1]
        against = [one for one in others if one.share * total < 0][: _MOST_TARGETS - 1]
        parts = []
        if along:
            adds = "adds" if len(along) == 1 else "add"
            parts.append(f"{capital(self._listed(along))} {adds} to it")
        if against:
            listed = self._listed(against) if along else capital(self._listed(against))
            parts.append(f"{listed} {'works' if len(against) == 1 else 'work'} against it")
        unsteady = [one for one in (main, *others) if one.steadiness < 0.8]
        tail = ""
        if unsteady:
            names = joined(self.phrases.player(one.player) for one in unsteady)
            tail = f" Which way {names} {'pushes' if len(unsteady) == 1 else 'push'} differs from"
            tail += " draw to draw."
        return f"{'; '.join(parts)}.{tail}" if parts else tail.strip()

    def _listed(self, shares: Sequence[Share]) -> str:
        return joined(f"{self.phrases.gerund(one.player)} ({amount(one.share)})" for one in shares)

    def interactions(self) -> str:
        """What targets do together beyond what each does alone."""
        account = self.account.by_target
        if account is None or not account.interactions:
            return ""
        size = max(sum(abs(one.share) for one in account.shares), 1e-12)
        telling = [one for one in account.interactions if abs(one.value) >= 2 * WORTH * size][:2]
        players = {one.player.name: one.player for one in account.shares}
        said = []
        for one in telling:
            both = joined(self.phrases.gerund(players[name]) for name in (one.one, one.other))
            said.append(f"{both} together bring {amount(one.value)} beyond what each brings alone")
        return f"{capital(joined(said))}." if said else ""
