"""An account of why a node changes, in sentences, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from raphe.calling import Call
from raphe.consistency.reasons import hindrance_text
from raphe.consistency.verdicts import Check, Verdict
from raphe.explanation.account import Account
from raphe.explanation.deciding import Decision, Factor
from raphe.questions import Explained
from raphe.report.citations import Citations
from raphe.report.content import Cited
from raphe.report.explain_causes import CauseWords
from raphe.report.explain_phrases import Phrases, numbers, unknown_words
from raphe.report.explain_ways import WayWords
from raphe.report.wording import joined, percent, small


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
        phrases = Phrases(account.prediction, citations)
        self.causes = CauseWords(account, phrases)
        self.ways = WayWords(account, phrases)

    def tell(self, checks: Sequence[Check]) -> Iterator[tuple[str, str]]:
        account = self.account.by_target
        if account is None:
            untold = "some of its actions alone let no draw near the median come to rest"
            yield "what", f"{self.causes.headline()}: {untold}, so they cannot be told apart."
            yield "reported", self._reported(checks)
            return
        if account.is_empty:
            yield "what", f"{self.causes.headline()}: nothing that the treatment does moves it."
            yield "reported", self._reported(checks)
            return
        shares = account.shares
        main = self.causes.main(shares)
        yield "what", self.causes.what(shares, main)
        yield from (("path", text) for text in self.ways.paths(main))
        yield "targets", self.causes.others(shares, main)
        if not self.causes.is_minor(shares):
            yield "interactions", self.causes.interactions()
        yield "bounds", self.ways.bounds()
        yield "loops", self.ways.loops()
        yield "edges", self.ways.edges()
        yield "decides", self._decides(self.account.decision)
        yield "reported", self._reported(checks)

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
