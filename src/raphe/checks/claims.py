"""Claims and what they rest on: references, assumptions, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from raphe.checks.citations import citations
from raphe.checks.library import Library
from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.condition import Condition
from raphe.drug import Drug
from raphe.errors import nearest
from raphe.evidence import Checked, EvidenceList
from raphe.finding import Findings
from raphe.formats.documents import Document
from raphe.formats.yaml_text import Path
from raphe.pathway import Pathway


class ClaimKind(StrEnum):
    """What is claimed; in the words of a summary."""

    EDGE = "edges"
    TONE = "tones"
    AFFINITY = "affinities"
    EXPOSURE = "exposures"
    CONDITION = "conditions"
    FINDING = "findings"


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a file, with the evidence that it states or inherits."""

    kind: ClaimKind
    path: Path
    what: str
    evidence: EvidenceList


@dataclass(frozen=True, slots=True)
class Support:
    """How many claims of a kind rest on what."""

    total: int = 0
    #: At least one reference.
    cited: int = 0
    #: No reference, but an assumption with its reason.
    assumed: int = 0

    @property
    def unsupported(self) -> int:
        """How many rest on nothing."""
        return self.total - self.cited - self.assumed


@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """What the claims of some files rest on."""

    #: By kind of claim, in the order of `ClaimKind`.
    support: tuple[tuple[ClaimKind, Support], ...]
    #: How many references, declared there or cited, were read how far.
    references: tuple[tuple[Checked, int], ...]

    @property
    def checked_share(self) -> float:
        """Share of the references of which at least the record was seen; 1 where there are none."""
        total = sum(number for _, number in self.references)
        unchecked = dict(self.references).get(Checked.NO, 0)
        return (total - unchecked) / total if total else 1.0


def claims(document: Document[Any]) -> Iterator[Claim]:
    """What a file claims, in the order of its sections."""
    value = document.value
    if isinstance(value, Pathway):
        for name, node in value.nodes.items():
            if node.tone is not None:
                evidence = node.evidence or value.evidence
                yield Claim(ClaimKind.TONE, ("nodes", name), f"tone of '{name}'", evidence)
        for number, edge in enumerate(value.edges):
            evidence = edge.evidence or value.evidence
            yield Claim(ClaimKind.EDGE, ("edges", number), f"edge '{edge}'", evidence)
    elif isinstance(value, Drug):
        for target, rows in value.targets.items():
            path: Path = ("targets", target)
            is_list = isinstance(document.source.data["targets"][target], list)
            for number, row in enumerate(rows):
                own = (*path, number) if is_list else path
                yield Claim(ClaimKind.AFFINITY, own, f"affinity at '{target}'", row.evidence)
        for name, exposure in value.exposure.items():
            what = f"exposure '{name}'"
            yield Claim(ClaimKind.EXPOSURE, ("exposure", name), what, exposure.evidence)
    elif isinstance(value, Condition):
        for name, shift in value.perturbs.items():
            evidence = shift.evidence or value.evidence
            yield Claim(ClaimKind.CONDITION, ("perturbs", name), f"push on '{name}'", evidence)
        for name in value.depletes:
            what = f"depletion of '{name}'"
            yield Claim(ClaimKind.CONDITION, ("depletes", name), what, value.evidence)
        for cell in value.lesions:
            what = f"lesion of '{cell}'"
            yield Claim(ClaimKind.CONDITION, ("lesions",), what, value.evidence)
    elif isinstance(value, Findings):
        for name, finding in value.findings.items():
            what = f"finding '{name}'"
            yield Claim(ClaimKind.FINDING, ("findings", name), what, finding.evidence)


def check_claims(document: Document[Any], library: Library) -> Iterator[Found]:
    """Claims without evidence, and citations of what nobody defines."""
    for claim in claims(document):
        if not claim.evidence:
            remedy = "Cite a reference, or state an assumption with its reason."
            problem = document.source.problem(
                claim.path, f"no evidence for the {claim.what}.", remedy, at_key=True
            )
            yield NamedWarning(WarningName.NO_EVIDENCE, problem)
    if not library.is_whole("references"):
        return
    for path, ref in citations(document.source):
        if ref not in library.references:
            remedy = nearest(ref, library.references) or "Declare it in a file under references/."
            yield document.source.problem(path, f"no reference '{ref}'.", remedy)


def summarise_evidence(documents: Iterable[Document[Any]], library: Library) -> EvidenceSummary:
    """What the claims of some files rest on, in numbers."""
    tally = {kind: [0, 0, 0] for kind in ClaimKind}
    used: set[str] = set()
    for document in documents:
        used.update(ref for _, ref in citations(document.source))
        used.update(getattr(document.value, "references", ()))
        for claim in claims(document):
            counts = tally[claim.kind]
            counts[0] += 1
            if any(one.ref for one in claim.evidence):
                counts[1] += 1
            elif claim.evidence:
                counts[2] += 1
    read = [library.references[ref].checked for ref in sorted(used) if ref in library.references]
    return EvidenceSummary(
        support=tuple((kind, Support(*counts)) for kind, counts in tally.items()),
        references=tuple((checked, read.count(checked)) for checked in Checked),
    )
