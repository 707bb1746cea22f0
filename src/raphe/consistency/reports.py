"""Findings as reports: which are of the same treatment, and which of other drugs of its classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, permutations

from raphe.calling import Call
from raphe.consistency.experiments import Experiment, experiment_of, treatments
from raphe.consistency.score import Score
from raphe.drug_class import drug_classes
from raphe.finding import Finding, Regimen
from raphe.knowledge import Knowledge

#: Whether two reports stand in some relation; the order of the two makes no difference.
Relation = Callable[["Report", "Report"], bool]


@dataclass(frozen=True)
class Setting:
    """What was measured of which animals: two reports speak to each other only if it is the same.

    Species and method are not looked at.
    """

    readout: str
    regimen: Regimen
    condition: str


@dataclass(frozen=True)
class Given:
    """A drug of a report: who got it, and what it is."""

    name: str
    #: Whether the treated animals got it, and whether those did that they were compared with.
    sides: tuple[bool, bool]
    #: Without subclasses; none where its file names none.
    classes: frozenset[str]


@dataclass(frozen=True)
class Report:
    """What one finding says was seen, and in which papers."""

    finding: str
    direction: Call
    setting: Setting
    #: Drugs of both groups of animals, by name; none where a condition alone was looked at.
    drugs: tuple[Given, ...]
    #: What a circuit is told of it: reports of one experiment are called alike by any circuit.
    experiment: Experiment
    #: Ids of all references that the finding cites.
    papers: frozenset[str]
    #: Marked so, because another paper says otherwise.
    is_disputed: bool = False

    @property
    def treatment(self) -> frozenset[str]:
        """Names of the drugs that the treated animals got."""
        return frozenset(one.name for one in self.drugs if one.sides[0])


def read_reports(
    knowledge: Knowledge, findings: Mapping[str, Finding], score: Score
) -> tuple[Report, ...]:
    """The findings of a score as reports, in its order."""
    return tuple(
        _report(row.finding, row.reported, findings[row.finding], knowledge) for row in score.rows
    )


def _report(name: str, direction: Call, finding: Finding, knowledge: Knowledge) -> Report:
    treated = {knowledge.drug(one).name for one in finding.drugs}
    others = (one for one in finding.compared_with if one != "vehicle")
    # Where no drug was given, the comparison is with animals without the condition.
    compared = {knowledge.drug(one).name for one in others} if treated else set()
    treatment, comparator = treatments(finding, knowledge)
    return Report(
        name,
        direction,
        Setting(finding.readout, finding.regimen, finding.condition),
        tuple(
            Given(
                drug,
                (drug in treated, drug in compared),
                frozenset(drug_classes(knowledge.drug(drug).class_)),
            )
            for drug in sorted(treated | compared)
        ),
        (experiment_of(treatment), experiment_of(comparator), finding.regimen),
        frozenset(one.ref for one in finding.evidence if one.ref),
        finding.disputed,
    )


def are_independent(one: Report, other: Report) -> bool:
    """Whether two reports share no paper.

    Reports that cite none are independent of nothing: nobody can tell where they come from.
    """
    return bool(one.papers and other.papers) and not one.papers & other.papers


def is_same_treatment(one: Report, other: Report) -> bool:
    """Whether the same was measured after the same drugs, against the same comparator.

    The exposure must be the same too: what a circuit is told apart may well differ.
    """
    return one.setting == other.setting and one.experiment == other.experiment


def is_same_class(one: Report, other: Report) -> bool:
    """Whether the same was measured after other drugs of the same classes.

    No drug that the treated animals of one report got may be among those of the other. Drugs of
    both groups of animals must pair off, each with one that was given to the same groups and shares
    a class with it. So combinations have the same classes on either side, and a drug against
    vehicle is not compared with a drug against another one. Exposures are not looked at: those of
    different drugs have no common measure.
    """
    if one.setting != other.setting or len(one.drugs) != len(other.drugs):
        return False
    if not one.treatment or one.treatment & other.treatment:
        return False
    return any(
        all(
            own.sides == its.sides and own.classes & its.classes
            for own, its in zip(one.drugs, order, strict=True)
        )
        for order in permutations(other.drugs)
    )


def independent_pairs(
    reports: Iterable[Report], relation: Relation
) -> Iterator[tuple[Report, Report]]:
    """All pairs of reports in a relation that share no paper, each pair once."""
    settings: dict[Setting, list[Report]] = {}
    for one in reports:
        settings.setdefault(one.setting, []).append(one)
    for own in settings.values():
        for one, other in combinations(own, 2):
            if are_independent(one, other) and relation(one, other):
                yield one, other
