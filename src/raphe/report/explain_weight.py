"""Which parts of an account are worth a word."""

from __future__ import annotations

from collections.abc import Sequence

from raphe.calling import Call
from raphe.explanation.account import Account
from raphe.explanation.targets import Share
from raphe.report.explain_phrases import Phrases
from raphe.report.wording import amount, percent_signed

#: What is told of: of all that targets do, of the whole change, and of the change a loop or a pair
#: of targets makes, at least this share.
WORTH = 0.05
WORTH_A_PATH = 0.10


class Weighed:
    """An account whose parts are weighed against the whole, with the phrases to tell of them."""

    def __init__(self, account: Account, phrases: Phrases) -> None:
        self.account = account
        self.phrases = phrases
        self.prediction = account.prediction
        self.network = account.prediction.model.network
        self.pathway = self.network.pathway
        self.call = account.reading.call

    @property
    def is_moved(self) -> bool:
        """Whether the node is called up or down."""
        return self.call in (Call.UP, Call.DOWN)

    def of_range(self, value: float) -> float:
        """A change as a share of the node's dynamic range."""
        model = self.prediction.model
        return abs(value) / max(float(model.ranges[self.network.index[self.account.node]]), 1e-12)

    def is_minor(self, shares: Sequence[Share]) -> bool:
        """Whether no binding by itself would make a change that counts."""
        theta = self.prediction.model.criteria.theta
        most = max((self.of_range(one.share) for one in shares), default=0.0)
        return self.call is Call.UNCHANGED and most < theta

    def telling(self, shares: Sequence[Share]) -> list[Share]:
        """Shares that are worth a word."""
        all_of_them = sum(abs(one.share) for one in shares)
        return [one for one in shares if abs(one.share) >= WORTH * all_of_them > 0]

    def is_worth(self, share: float) -> bool:
        """Whether a path or bound carries enough to be told of."""
        account = self.account.by_target
        sizes = [abs(one.share) for one in account.shares] if account else [0.0]
        return abs(share) >= WORTH_A_PATH * max(abs(self.account.total), *sizes)

    def amount(self, share: float) -> str:
        """A part of the change, and what share of it that is."""
        if not self.is_moved or not self.account.total:
            return amount(share)
        return f"{amount(share)} ({percent_signed(share / self.account.total)})"
