"""Findings: whether everything that they name is known."""

from __future__ import annotations

from collections.abc import Iterator

from raphe.checks.library import Library
from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.errors import InputError, nearest
from raphe.finding import Finding, Findings
from raphe.formats.documents import Document
from raphe.formats.yaml_text import Path
from raphe.perturbation import administer


def check_findings(document: Document[Findings], library: Library) -> Iterator[Found]:
    """Unknown drugs, doses, conditions and targets; readouts that are not in a circuit."""
    for name, finding in document.value.findings.items():
        path: Path = ("findings", name)
        yield from _treatment(document, library, finding, path)
        if finding.occupancy and (wrong := library.no_target(finding.occupancy.target)):
            yield document.source.problem((*path, "occupancy", "target"), *wrong)
        if finding.readout and (unknown := library.no_node(finding.readout)):
            what, remedy = unknown
            if not remedy.startswith("Did you mean"):
                remedy = "Its verdict will be 'out of scope'."
            problem = document.source.problem((*path, "readout"), what, remedy)
            yield NamedWarning(WarningName.UNKNOWN_READOUT, problem)


def _treatment(
    document: Document[Findings], library: Library, finding: Finding, path: Path
) -> Iterator[Found]:
    source = document.source
    for name, dosing in finding.drugs.items():
        if wrong := library.no_drug(name):
            yield source.problem((*path, "drugs", name), *wrong, at_key=True)
        elif (drug := library.drug(name)) and dosing.exposure:
            try:
                administer(drug, dosing.exposure)
            except InputError as error:
                where = (*path, "drugs", name, "exposure")
                yield from (source.problem(where, one.what, one.remedy) for one in error.problems)
    for name in finding.compared_with:
        if name != "vehicle" and (wrong := library.no_drug(name, ["vehicle"])):
            yield source.problem((*path, "compared_with"), *wrong)
    conditions = library.names("conditions")
    if finding.condition and finding.condition not in conditions:
        remedy = nearest(finding.condition, conditions) or "'raphe list conditions' names them all."
        yield source.problem((*path, "condition"), f"no condition '{finding.condition}'.", remedy)
