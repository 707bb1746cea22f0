"""Findings: whether everything that they name is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from raphe.checks.library import Library, plain_names
from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.errors import InputError, nearest
from raphe.finding import Finding, Findings
from raphe.formats.documents import Document
from raphe.formats.yaml_text import Path, Source
from raphe.treatment import administer


def check_findings(document: Document[Findings], library: Library) -> Iterator[Found]:
    """Unknown drugs, doses, conditions and targets; readouts that are not in a circuit."""
    yield from check_findings_source(document.source, library)
    for name, finding in document.value.findings.items():
        yield from _doses(document.source, library, finding, ("findings", name))


def check_findings_source(source: Source, library: Library) -> Iterator[Found]:
    """Unknown names in plain values, whatever else is wrong with them."""
    findings = source.data.get("findings") if isinstance(source.data, dict) else None
    for name, finding in findings.items() if isinstance(findings, dict) else ():
        if isinstance(finding, dict):
            yield from _names(source, library, finding, ("findings", name))


def _names(
    source: Source, library: Library, finding: dict[str, Any], path: Path
) -> Iterator[Found]:
    for name in plain_names(finding.get("drugs")):
        if wrong := library.no_drug(name):
            yield source.problem((*path, "drugs", name), *wrong, at_key=True)
    for name in plain_names(finding.get("compared_with")):
        if name != "vehicle" and (wrong := library.no_drug(name, ["vehicle"])):
            yield source.problem((*path, "compared_with"), *wrong)
    conditions = library.names("conditions")
    condition = _text(finding, "condition")
    if condition and condition not in conditions:
        remedy = nearest(condition, conditions) or "'raphe list conditions' names them all."
        yield source.problem((*path, "condition"), f"no condition '{condition}'.", remedy)
    occupancy = finding.get("occupancy")
    target = _text(occupancy, "target") if isinstance(occupancy, dict) else ""
    if target and (wrong := library.no_target(target)):
        yield source.problem((*path, "occupancy", "target"), *wrong)
    readout = _text(finding, "readout")
    if readout and (unknown := library.no_node(readout)):
        what, remedy = unknown
        if not remedy.startswith("Did you mean"):
            remedy = "Its verdict will be 'out of scope'."
        problem = source.problem((*path, "readout"), what, remedy)
        yield NamedWarning(WarningName.UNKNOWN_READOUT, problem)


def _text(values: dict[str, Any], key: str) -> str:
    value = values.get(key)
    return value.strip() if isinstance(value, str) else ""


def _doses(source: Source, library: Library, finding: Finding, path: Path) -> Iterator[Found]:
    for name, dosing in finding.drugs.items():
        if (drug := library.drug(name)) and dosing.exposure:
            try:
                administer(drug, dosing.exposure)
            except InputError as error:
                where = (*path, "drugs", name, "exposure")
                yield from (source.problem(where, one.what, one.remedy) for one in error.problems)
