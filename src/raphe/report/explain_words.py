"""An account of why a node changes, in sentences, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from raphe.calling import Call
from raphe.consistency.reasons import hindrance_text
from raphe.consistency.verdicts import Check, Verdict
from raphe.explanation.account import Account
from raphe.explanation.deciding import Decision, Factor
from raphe.explanation.loops import Loop, Role
from raphe.explanation.routes import Explanation, Route
from raphe.explanation.targets import Player, Share
from raphe.finding import Regimen
from raphe.questions import Explained
from raphe.report.citations import Citations
from raphe.report.content import Cited
from raphe.report.explain_phrases import (
    Phrases,
    edge_words,
    loop_words,
    numbers,
    unknown_words,
)
from raphe.report.readouts import node_name, region_of
from raphe.report.treatment_words import against_words, given_words
from raphe.report.wording import (
    amount,
    capital,
    joined,
    likely,
    percent,
    percent_signed,
    small,
)

#: What is told of: of all that targets do, of the whole change, and of the change a loop or a pair
#: of targets makes, at least this share.
_WORTH = 0.05
_WORTH_A_PATH = 0.10
#: Less of the whole change than this is no remainder worth telling.
_WORTH_A_REST = 0.02
#: How many are told at most.
_MOST_PATHS = 3
_MOST_TARGETS = 4
_MOST_BOUNDS = 2

_ROLES = {
    Role.DAMPS: "damps it",
    Role.AMPLIFIES: "amplifies it",
    Role.REVERSES: "reverses it",
    Role.HOLDS: "holds the circuit",
}
_BOUNDS = {"lowest": "at its lowest", "highest": "at its highest"}


@dataclass(frozen=True)
class Told:
    """A sentence, with the numbers of its sources in it."""

    #: What it is about: what, path, against, targets, bounds, loops, edges, decides, reported,
    #: given.
    about: str
    text: str


@dataclass(frozen=True)
class Story:
    """The sentences of an account, and the sources that they name by number."""

    sentences: tuple[Told, ...]
    references: tuple[Cited, ...]


def story_of(explained: Explained) -> Story:
    """The sentences of an answer to `raphe.explain`.

    Examples
    --------
    >>> from raphe.questions import explain
    >>> from raphe.settings import setting
    >>> answer = explain("desipramine", readout="LC.firing", within=setting(draws=50))
    >>> story_of(answer).sentences[0].about
    'what'
    """
    known = explained.answer.setting.knowledge.references
    story = Citations(known)
    return tell_account(explained.account, explained.checks, story, explained.checks_at_other_doses)


def tell_account(
    account: Account,
    checks: Sequence[Check],
    citations: Citations,
    elsewhere: Sequence[Check] = (),
) -> Story:
    """Why a node changes, in sentences.

    Parameters
    ----------
    checks
        Findings on the same treatment and the same readout.
    citations
        Collects what is cited.
    elsewhere
        Findings on the same drugs and readout at other doses.
    """
    teller = _Teller(account, citations)
    sentences = (
        *teller.tell(checks),
        ("reported", teller.reported_elsewhere(elsewhere)),
        ("given", teller.given()),
    )
    told = tuple(Told(about, text) for about, text in sentences if text)
    return Story(told, citations.references)


class _Teller:
    def __init__(self, account: Account, citations: Citations) -> None:
        self.account = account
        self.citations = citations
        self.prediction = account.prediction
        self.network = account.prediction.model.network
        self.pathway = self.network.pathway
        self.call = account.reading.call
        self.phrases = Phrases(account.prediction, citations)

    def tell(self, checks: Sequence[Check]) -> Iterator[tuple[str, str]]:
        account = self.account.by_target
        if account is None:
            untold = "some of its actions alone let no draw near the median come to rest"
            yield "what", f"{self._headline()}: {untold}, so they cannot be told apart."
            yield "reported", self._reported(checks)
            return
        if account.is_empty:
            yield "what", f"{self._headline()}: nothing that the treatment does moves it."
            yield "reported", self._reported(checks)
            return
        shares = account.shares
        main = self._main(shares)
        yield "what", self._what(shares, main)
        yield from (("path", text) for text in self._paths(main))
        yield "targets", self._others(shares, main)
        if not self._is_minor(shares):
            yield "interactions", self._interactions()
        yield "bounds", self._bounds()
        yield "loops", self._loops()
        yield "edges", self._edges()
        yield "decides", self._decides(self.account.decision)
        yield "reported", self._reported(checks)

    # -- what, and by which target ---------------------------------------------------------------

    def _headline(self) -> str:
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

    def _main(self, shares: Sequence[Share]) -> Share:
        """The player that makes most of the change, or of an unchanged one the most."""
        total = self.account.total
        if self.call in (Call.UP, Call.DOWN):
            along = [one for one in shares if one.share * total > 0]
            return max(along or shares, key=lambda one: abs(one.share))
        return shares[0]

    def _what(self, shares: Sequence[Share], main: Share) -> str:
        total = self.account.total
        if len(shares) == 1 and not main.player.sites:
            return f"{self._headline()}: all of that is what the condition itself does."
        if self.call in (Call.UP, Call.DOWN):
            part = main.share / total
            worth = f"this makes {amount(main.share)} of {amount(total)} ({percent(part)})"
            if part > 1.05:
                worth = (
                    f"this makes {amount(main.share)}, more than the whole change of "
                    f"{amount(total)}: the rest works against it"
                )
            else:
                worth += ", and as much by itself"
                if abs(main.alone - main.share) > _WORTH * abs(main.share):
                    worth = worth.removesuffix("as much by itself")
                    worth += f"{amount(main.alone)} by itself"
            return f"{self._headline()}, mainly because {self.phrases.doing(main.player)}: {worth}."
        said = [
            f"{self.phrases.gerund(one.player)} brings {amount(one.share)}"
            for one in self._telling(shares)[:_MOST_TARGETS]
        ]
        moved = f"{amount(total)}, {percent(self._of_range(total))} of its range"
        return f"{self._headline()}. The median change is {moved}: {joined(said)}."

    def _of_range(self, value: float) -> float:
        model = self.prediction.model
        return abs(value) / max(float(model.ranges[self.network.index[self.account.node]]), 1e-12)

    def _is_minor(self, shares: Sequence[Share]) -> bool:
        """Whether no binding by itself would make a change that counts."""
        theta = self.prediction.model.criteria.theta
        most = max((self._of_range(one.share) for one in shares), default=0.0)
        return self.call is Call.UNCHANGED and most < theta

    def _telling(self, shares: Sequence[Share]) -> list[Share]:
        """Shares that are worth a word."""
        all_of_them = sum(abs(one.share) for one in shares)
        return [one for one in shares if abs(one.share) >= _WORTH * all_of_them > 0]

    def _others(self, shares: Sequence[Share], main: Share) -> str:
        if self.call not in (Call.UP, Call.DOWN):
            return ""
        total = self.account.total
        others = [one for one in self._telling(shares) if one is not main]
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

    def _interactions(self) -> str:
        account = self.account.by_target
        if account is None or not account.interactions:
            return ""
        size = max(sum(abs(one.share) for one in account.shares), 1e-12)
        telling = [one for one in account.interactions if abs(one.value) >= 2 * _WORTH * size][:2]
        players = {one.player.name: one.player for one in account.shares}
        said = []
        for one in telling:
            both = joined(self.phrases.gerund(players[name]) for name in (one.one, one.other))
            said.append(f"{both} together bring {amount(one.value)} beyond what each brings alone")
        return f"{capital(joined(said))}." if said else ""

    # -- paths -----------------------------------------------------------------------------------

    def _paths(self, main: Share) -> Iterator[str]:
        total, trace = self.account.total, self.account.trace
        direct = self._brought_directly(main)
        if not direct:
            yield self._kept(main)
        told = [one for one in trace.routes if not one.bound and self._is_worth(one.share)]
        along = [one for one in told if one.share * total > 0]
        if direct:
            own = [one for one in along if self._sets_out(one, main.player)]
            along = [*own[:1], *(one for one in along if one not in own[:1])]
        against = [one for one in told if one.share * total < 0][:1]
        most = 1 if self._is_minor((main,)) else _MOST_PATHS
        for number, route in enumerate(along[:most]):
            first = "The strongest path" if direct and not number else "A further path"
            if not direct and not number:
                first = "The strongest path of what moves it at all"
            if self.call not in (Call.UP, Call.DOWN):
                first = "Upwards, a path" if route.share > 0 else "Downwards, a path"
            yield f"{first} carries {self._amount(route.share)}: {self.phrases.route(route)}."
        for route in against:
            first = "Against it, one"
            if self.call not in (Call.UP, Call.DOWN):
                first = "Upwards, a path" if route.share > 0 else "Downwards, a path"
            yield f"{first} carries {self._amount(route.share)}: {self.phrases.route(route)}."
        if most > 1 and abs(trace.remainder) > _WORTH_A_REST * abs(total):
            rest = trace.remainder
            yield f"All paths beyond the first {len(trace.routes)} carry {amount(rest)} together."

    def _is_worth(self, share: float) -> bool:
        whole = max(abs(self.account.total), *self._sizes)
        return abs(share) >= _WORTH_A_PATH * whole

    @property
    def _sizes(self) -> tuple[float, ...]:
        account = self.account.by_target
        return tuple(abs(one.share) for one in account.shares) if account else (0.0,)

    def _amount(self, share: float) -> str:
        if self.call not in (Call.UP, Call.DOWN) or not self.account.total:
            return amount(share)
        return f"{amount(share)} ({percent_signed(share / self.account.total)})"

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

    # -- bounds, loops, edges ----------------------------------------------------------------------

    def _bounds(self) -> str:
        causes = self.account.causes
        bounds = [one for one in causes.routes(most=200) if one.bound]
        said: dict[str, str] = {}
        firsts = {f"{route.nodes[0]} at its bound": route for route in reversed(bounds)}
        ranked = sorted(firsts, key=lambda one: (-abs(causes.origins[one]), one))
        for name in ranked[:_MOST_BOUNDS]:
            route, share = firsts[name], causes.origins[name]
            if not self._is_worth(share):
                continue
            when = ""
            if self.prediction.regimen is Regimen.WASHOUT:
                when = "after the drug " if route.later == 0 else "under the drug "
            if route.bound in _BOUNDS:
                said[name] = (
                    f"{capital(when)}{route.nodes[0]} is held {_BOUNDS[route.bound]}, whatever "
                    f"pushes it further{self._pushed_by(route)}; as an input of its own it brings "
                    f"{self._amount(share)}"
                )
            else:
                said[name] = (
                    f"In the comparison group {route.nodes[0]} is held at a bound, and here it is "
                    f"not: that brings {self._amount(share)}"
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

    def _loops(self) -> str:
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
            return loop.without is None or self._of_range(loop.without) >= theta
        return loop.without is None or abs(loop.effect) >= _WORTH * max(
            abs(loop.with_it), abs(loop.without)
        )

    def _edges(self) -> str:
        """The edge that the answer hangs on most, of those that papers or assumptions brought."""
        effects = [one for one in self.account.edges if one.without is not None]
        if not effects or self.call not in (Call.UP, Call.DOWN):
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

    # -- what decides ------------------------------------------------------------------------------

    def _decides(self, decision: Decision) -> str:
        first, second = decision.first.value, decision.second.value
        one, other = decision.counts
        if not decision.is_comparable:
            return ""
        groups = f"Whether it goes {first} ({one} draws) or {second} ({other})"
        if Call.UNCHANGED in (decision.first, decision.second):
            moves = first if decision.second is Call.UNCHANGED else second
            groups = f"Whether it goes {moves} or stays ({first} {one}, {second} {other} draws)"
        if decision.best is None:
            return ""
        parts = []
        if decision.factors:
            told = [self._factor(factor, decision) for factor in decision.factors[:2]]
            parts.append(f"{groups} is decided best by {'; then by '.join(told)}.")
        else:
            best = decision.best
            parts.append(
                f"{groups} no single one of {decision.asked} unknowns decides: the best, "
                f"{unknown_words(best.unknown)}, tells them apart with an AUC of only "
                f"{best.separation:.2f}."
            )
        if decision.combination is not None:
            names = joined(unknown_words(part) for part, _ in decision.combination.parts)
            parts.append(
                f"Together, {names} reach {decision.combination.separation:.2f} on draws that "
                "they were not fitted to."
            )
        return " ".join(parts)

    def _factor(self, factor: Factor, decision: Decision) -> str:
        cited = self.citations.cite(factor.unknown.evidence, unknown_words(factor.unknown))
        rests = numbers(cited) or " [assumed]"
        first = decision.first.value
        if factor.unknown.kind.is_yes_or_no:
            return (
                f"{unknown_words(factor.unknown)}{rests}: {first} in {percent(factor.above)} of "
                f"draws with it, in {percent(factor.below)} without (AUC {factor.separation:.2f})"
            )
        return (
            f"{unknown_words(factor.unknown)}{rests}: {first} in {percent(factor.above)} of draws "
            f"above {factor.boundary:.2g}, in {percent(factor.below)} below "
            f"(AUC {factor.separation:.2f})"
        )

    # -- what was reported -------------------------------------------------------------------------

    def reported_elsewhere(self, checks: Sequence[Check]) -> str:
        """What papers say of other doses, and what is predicted there."""
        said = self._verdicts(checks)
        if not said:
            return ""
        return f"At other doses, against what is predicted there: reported {joined(said)}."

    def given(self) -> str:
        """How much was given."""
        given = [
            f"{small(one.drug.title)} at {one.concentration} nM free ({one.exposure})"
            for one in self.prediction.treatment.administrations
        ]
        return f"Given: {joined(given)}." if given else ""

    def _reported(self, checks: Sequence[Check]) -> str:
        said = self._verdicts(checks)
        missed = dict.fromkeys(check.missed for check in checks if check.missed)
        hindered = [hindrance_text(self.prediction, self.account.node, one)[0] for one in missed]
        told = f"Reported: {joined(said)}." if said else ""
        return " ".join(filter(None, (told, *hindered)))

    def _verdicts(self, checks: Sequence[Check]) -> list[str]:
        alike: dict[tuple[str, Verdict], set[int]] = {}
        for check in checks:
            if check.verdict is not Verdict.OUT_OF_SCOPE:
                cited = self.citations.cite(check.declared.evidence, f"finding {check.finding}")
                alike.setdefault((check.reported, check.verdict), set()).update(cited)
        return [
            f"{reported}{numbers(tuple(sorted(cited)))} ({verdict.value})"
            for (reported, verdict), cited in alike.items()
        ]
