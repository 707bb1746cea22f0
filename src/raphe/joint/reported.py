"""Findings as observations: which experiments they are from, and what each says was seen there.

Findings of one experiment share a condition. A combination that was compared with one of its drugs
makes three: both against the healthy animal, and their difference. What cannot be put in signs is
left out, and listed with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType

from raphe.consistency.experiments import experiment_of, experiment_order, treatments
from raphe.consistency.verdicts import missing_for
from raphe.errors import InputError
from raphe.finding import Direction, Finding, Regimen
from raphe.joint.problem import Condition, Laws, Problem, Shift
from raphe.joint.treated import Bench, condition_of, difference_of
from raphe.knowledge import Knowledge
from raphe.model import is_untouched
from raphe.naming import capitalised, is_unusual
from raphe.prediction import treatment_title
from raphe.sign import Change
from raphe.treatment import Treatment

_CHANGES = {
    Direction.UP: Change.UP,
    Direction.DOWN: Change.DOWN,
    Direction.UNCHANGED: Change.SAME,
}


class Unchanged(Enum):
    """How a finding of «unchanged» is read."""

    #: The node stays where it is: what raises it and what lowers it balance, or nothing acts.
    EXACT = "exact"
    #: It says nothing of signs: a change may be too small to be seen.
    SMALL = "small"


@dataclass(frozen=True)
class Report:
    """What was reported of one node in one condition, by one paper or by several."""

    condition: str
    node: str
    #: The findings, by name, in order of names.
    findings: Mapping[str, Finding] = field(repr=False)

    @property
    def sides(self) -> Mapping[Change, tuple[str, ...]]:
        """Names of the findings that report each direction, from down to up."""
        found: dict[Change, tuple[str, ...]] = {}
        for one in (Change.DOWN, Change.SAME, Change.UP):
            names = tuple(n for n, f in self.findings.items() if change_of(f) is one)
            if names:
                found[one] = names
        return found

    @property
    def is_disputed(self) -> bool:
        """Whether papers report different directions."""
        return len(self.sides) > 1

    @property
    def change(self) -> Change:
        """The directions that at least one paper reports."""
        joined = Change.NOTHING
        for one in self.sides:
            joined |= one
        return joined


@dataclass(frozen=True, eq=False)
class Posed:
    """A joint question about findings, ready to be asked."""

    bench: Bench = field(repr=False)
    problem: Problem = field(repr=False)
    #: What was reported, by condition and node.
    reports: Mapping[tuple[str, str], Report] = field(repr=False)
    #: Why a finding takes no part, by its name.
    left_out: Mapping[str, str] = field(repr=False)
    unchanged: Unchanged = Unchanged.EXACT
    #: By condition, what was done in it; in a comparison, that of it which the other side had not.
    done: Mapping[str, Treatment] = field(default_factory=lambda: MappingProxyType({}), repr=False)


def change_of(finding: Finding) -> Change:
    """The direction that a finding reports; nothing where it reports no direction."""
    return _CHANGES.get(finding.direction, Change.NOTHING) if finding.direction else Change.NOTHING


def pose(
    bench: Bench,
    knowledge: Knowledge,
    findings: Mapping[str, Finding],
    laws: Laws | None = None,
    unchanged: Unchanged = Unchanged.EXACT,
) -> Posed:
    """The joint problem of some findings.

    Parameters
    ----------
    bench
        The circuit, and how occupancies are read.
    knowledge
        Where drugs and conditions are declared.
    findings
        By name.
    laws
        By default all but that of elementary paths.
    unchanged
        How findings of «unchanged» are read.
    """
    left_out: dict[str, str] = {}
    reported: dict[str, dict[str, dict[str, Finding]]] = {}
    lab = _Lab(bench)
    for name in sorted(findings, key=lambda one: (experiment_order(findings[one]), one)):
        finding = findings[name]
        if why := _why_not(finding, bench, knowledge):
            left_out[name] = why
            continue
        treatment, comparator = treatments(finding, knowledge)
        regimen = finding.regimen if finding.drugs else Regimen.CHRONIC
        try:
            where = lab.compare(treatment, comparator, regimen)
        except InputError as error:
            # A condition may act on what this circuit does not have.
            left_out[name] = " ".join(capitalised(problem.what) for problem in error.problems)
            continue
        reported.setdefault(where, {}).setdefault(finding.readout, {})[name] = finding
    reports = {
        (condition, node): Report(condition, node, MappingProxyType(dict(sorted(own.items()))))
        for condition in lab.conditions
        for node, own in sorted(reported.get(condition, {}).items())
    }
    conditions = []
    for name, condition in lab.conditions.items():
        seen = {
            node: _as_read(report.change, unchanged)
            for (where, node), report in reports.items()
            if where == name
        }
        told = {node: change for node, change in seen.items() if change is not Change.ANY}
        conditions.append(replace(condition, observed=told))
    problem = Problem(bench.circuit.graph, tuple(conditions), laws or Laws())
    return Posed(
        bench,
        problem,
        MappingProxyType(reports),
        MappingProxyType(dict(sorted(left_out.items()))),
        unchanged,
        MappingProxyType(lab.done),
    )


def _as_read(change: Change, unchanged: Unchanged) -> Change:
    return Change.ANY if unchanged is Unchanged.SMALL and Change.SAME in change else change


def _why_not(finding: Finding, bench: Bench, knowledge: Knowledge) -> str:
    """Why a finding cannot be put in signs; empty where it can."""
    if missing := missing_for(finding, bench.network, knowledge):
        return missing
    if finding.occupancy is not None:
        return "An occupancy is no change."
    if finding.direction is Direction.NORMALISED:
        return "What is normalised has the direction of what was moved before, not one of its own."
    return ""


class _Lab:
    """Conditions of experiments, each made once, in the order in which they are asked for."""

    def __init__(self, bench: Bench) -> None:
        self.conditions: dict[str, Condition] = {}
        self.done: dict[str, Treatment] = {}
        self._bench = bench
        self._names: dict[object, str] = {}

    def compare(self, treatment: Treatment, comparator: Treatment, regimen: Regimen) -> str:
        """Name of the condition in which a treatment is compared with another one."""
        own = self._against_baseline(treatment, regimen)
        if is_untouched(comparator):
            return own
        other = self._against_baseline(comparator, regimen)
        key = (own, other)
        if key not in self._names:
            name = f"{own} against {_title(comparator)}"
            self._names[key] = self._unique(name)
            others = comparator.administrations
            given = tuple(one for one in treatment.administrations if one not in others)
            self.done[self._names[key]] = replace(treatment, administrations=given)
            self.conditions[self._names[key]] = difference_of(
                self._bench, treatment, comparator, regimen, self._names[key], Shift(own, other)
            )
        return self._names[key]

    def _against_baseline(self, treatment: Treatment, regimen: Regimen) -> str:
        key = (experiment_of(treatment), regimen)
        if key not in self._names:
            parts = [_title(treatment), *([regimen.value] if treatment.administrations else [])]
            self._names[key] = self._unique(", ".join(parts))
            self.done[self._names[key]] = treatment
            self.conditions[self._names[key]] = condition_of(
                self._bench, treatment, regimen, self._names[key]
            )
        return self._names[key]

    def _unique(self, name: str) -> str:
        """The name, with a number where another condition has it."""
        taken = sum(one == name or one.startswith(f"{name} (") for one in self.conditions)
        return f"{name} ({taken + 1})" if taken else name


def _title(treatment: Treatment) -> str:
    """A treatment in words, with exposures that are not usual."""
    unusual = [
        f"{one.drug.title.lower()} at {one.exposure}"
        for one in treatment.administrations
        if is_unusual(one)
    ]
    return " · ".join([treatment_title(treatment), *unusual])
