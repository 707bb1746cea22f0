"""How often independent reports agree, and how well anything could do that predicts them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from raphe.calling import Call
from raphe.consistency.interval import wilson
from raphe.consistency.reports import Relation, Report, independent_pairs
from raphe.consistency.score import CLASSES, Score

#: With fewer cells than this no ceiling is told: its interval would be wider than a third.
ENOUGH_CELLS = 30


@dataclass(frozen=True)
class Pair:
    """Two reports that share no paper."""

    findings: tuple[str, str]
    directions: tuple[Call, Call]
    #: Number of its cell.
    cell: int
    #: Whether either is marked as disputed.
    is_disputed: bool = False

    @property
    def agrees(self) -> bool:
        """Whether both have the same direction."""
        return self.directions[0] is self.directions[1]

    @property
    def is_opposite(self) -> bool:
        """Whether one is up and the other down."""
        return set(self.directions) == {Call.UP, Call.DOWN}


@dataclass(frozen=True)
class Agreement:
    """Pairs of independent reports of the same thing, in cells.

    Reports that are linked by pairs make a cell. What is said of pairs within one hangs together,
    so one cell is one unit, however many pairs it has.
    """

    pairs: tuple[Pair, ...]

    def among(self, score: Score) -> Agreement:
        """Those pairs in which at least one of the findings of a score stands."""
        own = {row.finding for row in score.rows}
        return Agreement(tuple(pair for pair in self.pairs if not own.isdisjoint(pair.findings)))

    @property
    def total(self) -> int:
        """How many pairs there are."""
        return len(self.pairs)

    @property
    def agreeing(self) -> int:
        """How many of them agree."""
        return sum(pair.agrees for pair in self.pairs)

    @property
    def opposite(self) -> int:
        """How many of them are up in one report and down in the other."""
        return sum(pair.is_opposite for pair in self.pairs)

    @property
    def undisputed(self) -> Agreement:
        """Those pairs of which neither is marked as disputed.

        The mark is set where papers are known to disagree: without these pairs hardly any can.
        """
        return Agreement(tuple(pair for pair in self.pairs if not pair.is_disputed))

    @property
    def findings(self) -> frozenset[str]:
        """Names of all that stand in a pair."""
        return frozenset(name for pair in self.pairs for name in pair.findings)

    @property
    def cells(self) -> int:
        """How many independent units the pairs make."""
        return len({pair.cell for pair in self.pairs})

    @property
    def share(self) -> float:
        """Share of agreeing pairs of a cell, in the mean over cells; 0 where there are none."""
        own: dict[int, list[bool]] = {}
        for pair in self.pairs:
            own.setdefault(pair.cell, []).append(pair.agrees)
        shares = [sum(agree) / len(agree) for agree in own.values()]
        return math.fsum(shares) / len(shares) if shares else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share: Wilson's, with as many observations as there are cells.

        A cell's share lies between 0 and 1, so its variance is no greater than that of a single
        yes or no with the same mean. The interval is therefore rather too wide than too narrow.
        """
        return wilson(self.share, self.cells)

    @property
    def ceiling(self) -> tuple[float, float] | None:
        """Least and greatest accuracy that fits the share; None with too few cells to tell."""
        return ceiling(self.share) if self.cells >= ENOUGH_CELLS else None

    @property
    def ceiling_interval(self) -> tuple[float, float] | None:
        """The same with the 95 % interval of the share: between its lower and its upper end."""
        if self.cells < ENOUGH_CELLS:
            return None
        low, high = self.interval
        return ceiling(low)[0], ceiling(high)[1]


def ceiling(agreement: float) -> tuple[float, float]:
    r"""The accuracy of whoever always says what most reports of a thing say: its least, its most.

    Parameters
    ----------
    agreement
        How often two reports of one thing have the same direction, 0 to 1.

    Notes
    -----
    Let reports of one thing (one cell) be drawn independently, with probabilities :math:`q_k` of
    the :math:`K = 3` directions. Two of them agree with probability :math:`a = \sum_k q_k^2`; who
    knows the commonest direction is right with probability :math:`m = \max_k q_k`, and nobody can
    be right more often. What *m* can be for a given *a*:

    * at most :math:`(1 + \sqrt{(K - 1)(K a - 1)})/K`, where the other directions are equally rare.
      This is concave in *a*, so by Jensen's inequality it bounds the mean over cells that differ;
    * at least *a*, since :math:`\sum_k q_k^2 \le \max_k q_k`. A mixture of cells on which all
      reports agree and of cells on which any direction is equally likely attains it.

    It is assumed that cells with several reports are like those with one, that reports of one cell
    are independent, and that what the cells do not tell apart (species, method, mostly the dose) is
    not told to whoever predicts: who is told of it may do better. Of pairs of *different* drugs of
    a class, *q* is that of a drug of the class taken at random: the ceiling is that of whoever
    takes all drugs of a class for alike.

    Chance agreement is :math:`a = 1/K`; what lies below it by accident counts as that.

    Examples
    --------
    >>> ceiling(1.0), ceiling(0.2) == (1 / 3, 1 / 3)
    ((1.0, 1.0), True)
    >>> [round(end, 2) for end in ceiling(0.75)]
    [0.75, 0.86]
    """
    number = len(CLASSES)
    own = max(agreement, 1 / number)
    most = (1 + math.sqrt((number - 1) * max(number * own - 1, 0.0))) / number
    return own, most


def agreement_of(reports: Sequence[Report], relation: Relation) -> Agreement:
    """Agreement of all pairs of reports in a relation that share no paper.

    Parameters
    ----------
    reports
        See `raphe.consistency.reports.read_reports`.
    relation
        `raphe.consistency.reports.is_same_treatment` or `is_same_class`.
    """
    found = list(independent_pairs(reports, relation))
    cell = {one.finding: number for number, one in enumerate(reports)}
    for one, other in found:
        kept, gone = sorted((cell[one.finding], cell[other.finding]))
        if kept != gone:
            cell = {name: kept if own == gone else own for name, own in cell.items()}
    return Agreement(
        tuple(
            Pair(
                (one.finding, other.finding),
                (one.direction, other.direction),
                cell[one.finding],
                one.is_disputed or other.is_disputed,
            )
            for one, other in found
        )
    )
