"""How often predictions and findings agree: counts, and what they are broken down by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from raphe.calling import Call
from raphe.consistency.verdicts import Check, Verdict
from raphe.finding import Direction
from raphe.knowledge import Knowledge

#: The three classes of a finding, in the order of a table.
CLASSES = (Call.UP, Call.DOWN, Call.UNCHANGED)
_CLASS_OF = {
    Direction.UP: Call.UP,
    Direction.DOWN: Call.DOWN,
    Direction.UNCHANGED: Call.UNCHANGED,
}
#: Calls are expected to be right this often, or more, when they are made with this probability.
CONFIDENT = 0.9


class Certainty(Enum):
    """How sure a call is of itself."""

    PROVED = "proved"
    CONFIDENT = "p ≥ 0.9"
    LIKELY = "p < 0.9"


@dataclass(frozen=True)
class Scored:
    """One finding of a direction, as it was called."""

    finding: str
    reported: Call
    called: Call
    probability: float
    regimen: str
    region: str
    drug_class: str
    certainty: Certainty
    disputed: bool

    @property
    def is_right(self) -> bool:
        """Whether the call is what was reported; an ambiguous one never is."""
        return self.called is self.reported

    @property
    def is_opposite(self) -> bool:
        """Whether up was called of what went down, or the other way round."""
        return {self.called, self.reported} == {Call.UP, Call.DOWN}


@dataclass(frozen=True)
class Score:
    """Counts over findings of a direction that are in scope."""

    rows: tuple[Scored, ...]
    #: Findings of the circuit's scope that report no single direction: agreed, and all.
    normalised: tuple[int, int] = (0, 0)
    out_of_scope: int = 0

    @property
    def total(self) -> int:
        """How many were scored."""
        return len(self.rows)

    @property
    def accuracy(self) -> float:
        """Share that is right in three classes; ambiguous calls count as wrong."""
        return _share(row.is_right for row in self.rows)

    @property
    def coverage(self) -> float:
        """Share of which a direction was called at all."""
        return _share(row.called is not Call.AMBIGUOUS for row in self.rows)

    @property
    def opposite(self) -> float:
        """Share with the opposite sign."""
        return _share(row.is_opposite for row in self.rows)

    @property
    def majority(self) -> float:
        """Share of the commonest class: what always saying the same thing would reach."""
        return max((self.reported(one) for one in CLASSES), default=0) / max(self.total, 1)

    def reported(self, direction: Call) -> int:
        """How many reported a direction."""
        return sum(row.reported is direction for row in self.rows)

    def count(self, reported: Call, called: Call) -> int:
        """How many that reported one thing were called another."""
        return sum(row.reported is reported and row.called is called for row in self.rows)

    def confident(self, bar: float = CONFIDENT) -> tuple[int, int]:
        """Of the calls made with this probability or more: how many are right, and of how many."""
        made = [
            row for row in self.rows if row.called is not Call.AMBIGUOUS and row.probability >= bar
        ]
        return sum(row.is_right for row in made), len(made)

    def by(self, key: Callable[[Scored], str]) -> Mapping[str, Score]:
        """The same, for each value of a key, the commonest first."""
        groups: dict[str, list[Scored]] = {}
        for row in self.rows:
            groups.setdefault(key(row), []).append(row)
        ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        return {name: Score(tuple(rows)) for name, rows in ordered}


#: What a score is broken down by.
BREAKDOWNS: Mapping[str, Callable[[Scored], str]] = {
    "regimen": lambda row: row.regimen,
    "region": lambda row: row.region,
    "drug class": lambda row: row.drug_class,
    "certainty": lambda row: row.certainty.value,
}


def score_checks(checks: Sequence[Check], knowledge: Knowledge) -> Score:
    """The score of checked findings.

    Parameters
    ----------
    checks
        With their predictions.
    knowledge
        Names the classes of drugs.
    """
    rows, normalised = [], []
    for check in checks:
        row, direction = check.row, check.declared.direction
        if row is None or direction is None:
            continue
        if direction is Direction.NORMALISED:
            normalised.append(check.predicted == "normalised")
            continue
        rows.append(
            Scored(
                finding=check.finding,
                reported=_CLASS_OF[direction],
                called=row.call,
                probability=row.odds.probability(row.call),
                regimen=check.declared.regimen.value,
                region=row.place.partition(".")[0],
                drug_class=_drug_class(check, knowledge),
                certainty=_certainty(row.certainty.is_certain, row.odds.probability(row.call)),
                disputed=check.declared.disputed,
            )
        )
    missing = sum(check.verdict is Verdict.OUT_OF_SCOPE for check in checks)
    return Score(tuple(rows), (sum(normalised), len(normalised)), missing)


def _certainty(is_proved: bool, probability: float) -> Certainty:
    if is_proved:
        return Certainty.PROVED
    return Certainty.CONFIDENT if probability >= CONFIDENT else Certainty.LIKELY


def _drug_class(check: Check, knowledge: Knowledge) -> str:
    names = list(check.declared.drugs)
    if not names:
        return "condition alone"
    if len(names) > 1:
        return "combination"
    return knowledge.drug(names[0]).class_ or "unclassified"


def _share(holds: Iterable[bool]) -> float:
    values = list(holds)
    return sum(values) / len(values) if values else 0.0
