"""Claims and what they rest on: references, assumptions, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from raphe.checks.citations import citations
from raphe.checks.drugs import row_path
from raphe.checks.library import Library
from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.condition import Condition
from raphe.drug import Drug
from raphe.evidence import Checked, EvidenceList
from raphe.finding import Findings
from raphe.formats.documents import Document
from raphe.formats.validation import closest
from raphe.formats.yaml_text import Path, Source
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
    #: At least one reference of which something was read.
    cited: int = 0
    #: No reference, but an assumption with its reason.
    assumed: int = 0
    #: Only references that nobody has read.
    unread: int = 0

    @property
    def unsupported(self) -> int:
        """How many rest on nothing."""
        return self.total - self.cited - self.assumed - self.unread


@dataclass(frozen=True, slots=True)
class UnreadClaim:
    """A claim that rests only on references that nobody has read, and where it stands."""

    #: As the user would name it.
    file: str
    line: int
    what: str
    references: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} ({', '.join(self.references)})"


@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """What the claims of some files rest on."""

    #: By kind of claim, in the order of `ClaimKind`.
    support: tuple[tuple[ClaimKind, Support], ...]
    #: How many references, declared there or cited, were read how far.
    references: tuple[tuple[Checked, int], ...]
    #: What rests only on references that nobody has read, in the order of the files.
    unread: tuple[UnreadClaim, ...] = ()

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
            for number, row in enumerate(rows):
                path = row_path(document.source, target, number)
                yield Claim(ClaimKind.AFFINITY, path, f"affinity at '{target}'", row.evidence)
        for name, exposure in value.exposure.items():
            what = f"exposure '{name}'"
            yield Claim(ClaimKind.EXPOSURE, ("exposure", name), what, exposure.evidence)
        for one in value.half_life:
            what = f"half-life in {one.species}" if one.species else "half-life"
            yield Claim(ClaimKind.EXPOSURE, ("half_life",), what, one.evidence)
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
    yield from check_citations(document.source, library)


def check_citations(source: Source, library: Library) -> Iterator[Found]:
    """Citations of what nobody defines, whatever else is wrong with the plain values."""
    known = library.reference_ids
    if known is None:
        return
    for path, ref in citations(source):
        if ref not in known:
            add = "dd it to references/TOPIC.yaml, or state {assumption: …}."
            close = closest(ref, sorted(known))
            remedy = f"{close} If not, a{add}" if close else f"A{add}"
            yield source.problem(path, f"no reference '{ref}'.", remedy)


def summarise_evidence(documents: Iterable[Document[Any]], library: Library) -> EvidenceSummary:
    """What the claims of some files rest on, in numbers."""
    tally = {kind: [0, 0, 0, 0] for kind in ClaimKind}
    used: set[str] = set()
    unread: list[UnreadClaim] = []
    references = library.references

    def is_unread(ref: str) -> bool:
        return ref in references and references[ref].checked is Checked.NO

    for document in documents:
        used.update(ref for _, ref in citations(document.source))
        used.update(getattr(document.value, "references", ()))
        for claim in claims(document):
            counts = tally[claim.kind]
            counts[0] += 1
            refs = tuple(dict.fromkeys(one.ref for one in claim.evidence if one.ref))
            if refs and all(map(is_unread, refs)):
                counts[3] += 1
                line = document.source.problem(claim.path, "", at_key=True).line
                unread.append(UnreadClaim(document.file, line, claim.what, refs))
            elif refs:
                counts[1] += 1
            elif claim.evidence:
                counts[2] += 1
    read = [references[ref].checked for ref in sorted(used) if ref in references]
    return EvidenceSummary(
        support=tuple((kind, Support(*counts)) for kind, counts in tally.items()),
        references=tuple((checked, read.count(checked)) for checked in Checked),
        unread=tuple(unread),
    )
