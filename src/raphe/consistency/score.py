"""How often predictions and findings agree: counts, and what they are broken down by."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import Enum

from raphe.calling import Call
from raphe.consistency.interval import wilson
from raphe.consistency.verdicts import Check, Verdict
from raphe.drug_class import drug_classes
from raphe.finding import Direction, Finding, Regimen, Seen
from raphe.knowledge import Knowledge
from raphe.prediction import Reading
from raphe.propagation.certainty import Ground

#: The three classes of a finding, in the order of a table.
CLASSES = (Call.UP, Call.DOWN, Call.UNCHANGED)
_CLASS_OF = {
    Direction.UP: Call.UP,
    Direction.DOWN: Call.DOWN,
    Direction.UNCHANGED: Call.UNCHANGED,
}
#: Calls made with this probability, or a greater one, should be right this often, or more often.
CONFIDENT = 0.9
#: Lower ends of the classes of probability in which calls are counted. The lowest is no call's:
#: what is not called lies below the bar.
BANDS = (0.99, 0.9, 0.8, 0.7, 0.6, 0.0)

COMBINATION, CONDITION_ALONE, UNCLASSIFIED = "combination", "condition alone", "unclassified"


class Certainty(Enum):
    """How sure a call is of itself."""

    #: No weights can reverse it, or nothing leads to the readout.
    PROVED = "proved certain"
    CONFIDENT = "p ≥ 0.9"
    LIKELY = "p < 0.9"
    OPEN = "ambiguous"


@dataclass(frozen=True)
class Scored:
    """One finding of a direction, as it was called."""

    finding: str
    reported: Call
    called: Call
    #: Of the call; of an ambiguous one, that of the likeliest direction.
    probability: float
    regimen: Regimen
    #: Full name of the outermost place of the readout.
    region: str
    #: Of one drug its class, else `COMBINATION` or `CONDITION_ALONE`.
    drug_class: str
    #: Classes of all drugs on either side; the condition's name where there are none.
    classes: frozenset[str]
    certainty: Certainty
    seen: Seen | None

    @property
    def is_right(self) -> bool:
        """Whether the call is what was reported; an ambiguous one never is."""
        return self.called is self.reported

    @property
    def is_opposite(self) -> bool:
        """Whether up was called of what went down, or the other way round."""
        return {self.called, self.reported} == {Call.UP, Call.DOWN}


@dataclass(frozen=True)
class Apart:
    """A finding that reports no single direction: scored, but in no confusion matrix."""

    finding: str
    #: ``normalised`` or ``occupancy``.
    kind: str
    agrees: bool
    seen: Seen | None


@dataclass(frozen=True)
class Score:
    """Counts over findings of a direction that are in scope, and those that stand apart."""

    rows: tuple[Scored, ...]
    apart: tuple[Apart, ...] = ()
    #: Findings about something that the circuit lacks, and those of them that say themselves why
    #: no circuit can speak to them.
    out_of_scope: int = 0
    outside: int = 0

    @property
    def total(self) -> int:
        """How many were scored."""
        return len(self.rows)

    @property
    def right(self) -> int:
        """How many calls are what was reported."""
        return sum(row.is_right for row in self.rows)

    @property
    def accuracy(self) -> float:
        """Share that is right in three classes; ambiguous calls count as wrong."""
        return _share(row.is_right for row in self.rows)

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the accuracy, as if findings were independent.

        Examples
        --------
        >>> Score(()).interval
        (0.0, 1.0)
        """
        return wilson(self.accuracy, self.total)

    @property
    def coverage(self) -> float:
        """Share of which a direction was called at all."""
        return _share(row.called is not Call.AMBIGUOUS for row in self.rows)

    @property
    def opposite(self) -> float:
        """Share that was called the opposite: up of what went down, or down of what went up."""
        return _share(row.is_opposite for row in self.rows)

    @property
    def confident(self) -> Score:
        """Those that were called at `CONFIDENT` or above."""
        return self.within(CONFIDENT, math.inf)

    def within(self, low: float, high: float) -> Score:
        """Those that were called with a probability from `low` on and below `high`."""
        return Score(tuple(row for row in self.answered.rows if low <= row.probability < high))

    @property
    def bands(self) -> tuple[tuple[float, float, Score], ...]:
        """Calls by classes of probability: lower end, upper end (1 is in), and those within.

        The greatest probabilities first; all of `BANDS`, empty ones too.
        """
        ends = zip(BANDS, (math.inf, *BANDS), strict=False)
        return tuple((low, min(high, 1.0), self.within(low, high)) for low, high in ends)

    @property
    def mean_probability(self) -> float:
        """Mean probability of all; 0 where there are none."""
        return sum(row.probability for row in self.rows) / max(self.total, 1)

    def reported(self, direction: Call) -> int:
        """How many reported a direction."""
        return sum(row.reported is direction for row in self.rows)

    def count(self, reported: Call, called: Call) -> int:
        """How many that reported one thing were called another."""
        return sum(row.reported is reported and row.called is called for row in self.rows)

    def agreed(self, kind: str) -> tuple[int, int]:
        """Of the findings of a kind that stand apart: how many agree, and how many there are."""
        own = [one.agrees for one in self.apart if one.kind == kind]
        return sum(own), len(own)

    def of(self, seen: Seen | None) -> Score:
        """Those that the circuit's authors had in view in one way."""
        return Score(
            tuple(row for row in self.rows if row.seen is seen),
            tuple(one for one in self.apart if one.seen is seen),
        )

    def by(self, key: Callable[[Scored], str]) -> dict[str, Score]:
        """The same, for each value of a key, the commonest first."""
        groups: dict[str, list[Scored]] = {}
        for row in self.rows:
            groups.setdefault(key(row), []).append(row)
        ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        return {name: Score(tuple(rows)) for name, rows in ordered}

    def only(self, other: Score) -> Score:
        """Those that another score has too."""
        return self.among({row.finding for row in other.rows})

    def among(self, names: Set[str]) -> Score:
        """Those of the findings with these names."""
        return Score(tuple(row for row in self.rows if row.finding in names))

    @property
    def answered(self) -> Score:
        """Those of which a direction was called at all."""
        return Score(tuple(row for row in self.rows if row.called is not Call.AMBIGUOUS))

    def called_as(self, calls: Mapping[str, Call]) -> Score:
        """The same findings, called by another rule, which gives no probabilities."""
        return Score(
            tuple(replace(row, called=calls[row.finding], probability=0.0) for row in self.rows)
        )


#: What a score is broken down by.
BREAKDOWNS: Mapping[str, Callable[[Scored], str]] = {
    "regimen": lambda row: row.regimen.value,
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
    rows, apart = [], []
    for check in sorted(checks, key=lambda one: one.finding):
        row, declared = check.row, check.declared
        if check.verdict is Verdict.OUT_OF_SCOPE:
            continue
        agrees = check.verdict is Verdict.AGREES
        if row is None or declared.direction is None:
            apart.append(Apart(check.finding, "occupancy", agrees, declared.seen))
        elif declared.direction is Direction.NORMALISED:
            apart.append(Apart(check.finding, "normalised", agrees, declared.seen))
        else:
            rows.append(
                Scored(
                    finding=check.finding,
                    reported=_CLASS_OF[declared.direction],
                    called=row.call,
                    probability=row.odds.probability(row.call),
                    regimen=declared.regimen,
                    region=row.place.partition(".")[0],
                    drug_class=_drug_class(declared, knowledge),
                    classes=_classes(declared, knowledge),
                    certainty=_certainty(check, row),
                    seen=declared.seen,
                )
            )
    missing = [check for check in checks if check.verdict is Verdict.OUT_OF_SCOPE]
    outside = sum(bool(check.declared.outside) for check in missing)
    return Score(tuple(rows), tuple(apart), len(missing), outside)


def classes_of(drug: str, knowledge: Knowledge) -> tuple[str, ...]:
    """The classes of a drug, without subclasses, the one first that it is told under."""
    return drug_classes(knowledge.drug(drug).class_) or (UNCLASSIFIED,)


def _drug_class(finding: Finding, knowledge: Knowledge) -> str:
    names = list(finding.drugs)
    if len(names) > 1:
        return COMBINATION
    return classes_of(names[0], knowledge)[0] if names else CONDITION_ALONE


def _classes(finding: Finding, knowledge: Knowledge) -> frozenset[str]:
    if not finding.drugs:
        return frozenset({finding.condition})
    names = (*finding.drugs, *(one for one in finding.compared_with if one != "vehicle"))
    return frozenset(one for name in names for one in classes_of(name, knowledge))


def _certainty(check: Check, row: Reading) -> Certainty:
    if row.call is Call.AMBIGUOUS:
        return Certainty.OPEN
    sure = check.certainty
    if sure is not None:
        is_still = row.call is Call.UNCHANGED
        if sure.is_certain and (not is_still or sure.ground is Ground.UNREACHED):
            return Certainty.PROVED
    probability = row.odds.probability(row.call)
    return Certainty.CONFIDENT if probability >= CONFIDENT else Certainty.LIKELY


def _share(holds: Iterable[bool]) -> float:
    values = list(holds)
    return sum(values) / len(values) if values else 0.0
