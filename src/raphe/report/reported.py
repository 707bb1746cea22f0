"""Reported findings against the prediction: one row each, those of a readout together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from raphe.consistency.verdicts import Check, Verdict, tally
from raphe.finding import Direction, Dosing, Finding
from raphe.questions import Answer
from raphe.report.citations import Citations
from raphe.report.content import FindingRow
from raphe.report.readouts import place_name
from raphe.report.wording import joined


@dataclass(frozen=True)
class Held:
    """The findings of an answer, told apart by whether the circuit can speak to them."""

    rows: tuple[FindingRow, ...]
    out_of_scope: tuple[FindingRow, ...]
    tally: Mapping[Verdict, int]
    contradiction: str


def tell_findings(answer: Answer, citations: Citations) -> Held:
    """Every finding that the answer was held against, in the order of the circuit's readouts."""
    order = {node: number for number, node in enumerate(answer.prediction.readouts)}
    checks = sorted(
        answer.checks,
        key=lambda check: (
            order.get(check.declared.readout, len(order)),
            check.readout,
            check.finding,
        ),
    )
    rows = [(check.verdict, _row(answer, check, citations)) for check in checks]
    return Held(
        rows=tuple(row for verdict, row in rows if verdict is not Verdict.OUT_OF_SCOPE),
        out_of_scope=tuple(row for verdict, row in rows if verdict is Verdict.OUT_OF_SCOPE),
        tally=tally(checks),
        contradiction=_contradiction(checks),
    )


def _row(answer: Answer, check: Check, citations: Citations) -> FindingRow:
    finding = check.declared
    return FindingRow(
        finding=check.finding,
        readout=_readout(answer, check),
        experiment=_experiment(finding),
        reported=check.reported,
        magnitude="" if finding.occupancy else finding.magnitude,
        predicted=check.predicted,
        probability=check.probability,
        verdict=check.verdict,
        why=_why(answer, check),
        disputed=finding.disputed,
        note=finding.note,
        sources=citations.cite(finding.evidence, f"finding {check.finding}"),
    )


def _why(answer: Answer, check: Check) -> str:
    """The reason; of a finding that agrees, no more than was said of its readout already."""
    readout = check.declared.readout
    if check.verdict is Verdict.AGREES and readout in answer.prediction.readouts:
        told = answer.why(readout)
        return check.why.replace(told, f"As told of {readout} above.")
    return check.why


def _readout(answer: Answer, check: Check) -> str:
    pathway = answer.prediction.model.network.pathway
    node = pathway.nodes.get(check.declared.readout)
    return place_name(pathway, node) if node else check.readout


def _experiment(finding: Finding) -> str:
    given = [_dosing(name, dosing) for name, dosing in finding.drugs.items()]
    details = (" + ".join(given), finding.species, finding.method)
    return "; ".join(text for text in details if text)


def _dosing(name: str, dosing: Dosing) -> str:
    stated = "" if dosing.dose in ("", "not stated") else dosing.dose
    washout = f"then {dosing.washout} without" if dosing.washout else ""
    return ", ".join(filter(None, (f"{name} {stated}".strip(), dosing.duration, washout)))


def _contradiction(checks: Iterable[Check]) -> str:
    """In which readouts findings report different directions, so that they cannot all agree."""
    directions: dict[str, set[Direction]] = {}
    for check in checks:
        if check.declared.direction is not None:
            directions.setdefault(check.declared.readout, set()).add(check.declared.direction)
    torn = [readout for readout, found in directions.items() if len(found) > 1]
    if not torn:
        return ""
    return (
        f"Reports contradict each other on {joined(torn)}: whatever is predicted there, "
        "some of them disagree with it."
    )
