"""Two versions of the knowledge, compared: declared, called, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from raphe.attribution import (
    Answers,
    ChangedCall,
    Draws,
    Restless,
    Said,
    Swap,
    attribute_calls,
    changed_calls,
    list_swaps,
)
from raphe.consistency.verdicts import Verdict, check_findings
from raphe.difference import Difference, Version, find_differences, load_version
from raphe.errors import InputError, Problem, noting
from raphe.finding import Regimen
from raphe.model import Model
from raphe.revision import Revision


@dataclass(frozen=True)
class ChangedVerdict:
    """A finding with which the later version's prediction stands otherwise."""

    finding: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True)
class Listing:
    """Names of one kind of thing that one version has and the other has not."""

    kind: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    #: Declared otherwise, in whatever way.
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two versions of the knowledge, compared."""

    earlier: str
    later: str
    prior: str
    draws: int
    seed: int
    #: Drugs and regimens whose calls were compared, and readouts that both versions have.
    drugs: tuple[str, ...]
    regimens: tuple[Regimen, ...]
    readouts: tuple[str, ...]
    listings: tuple[Listing, ...]
    #: Declared differences that a prediction can hang on.
    differences: tuple[Difference, ...]
    #: What was swapped to find out what did it.
    swaps: tuple[Swap, ...]
    calls: tuple[ChangedCall, ...]
    restless: tuple[Restless, ...]
    #: Findings that both versions have.
    findings: int
    verdicts: tuple[ChangedVerdict, ...]


def compare_revisions(
    earlier: Revision,
    later: Revision,
    circuit: str,
    drugs: Sequence[str] = (),
    regimens: Sequence[Regimen] = tuple(Regimen),
    draws: Draws | None = None,
    said: Said = lambda _: None,
) -> Comparison:
    """What changed between two versions, and what of it changed which calls.

    Parameters
    ----------
    earlier, later
        See `raphe.revision.open_revision`.
    circuit
        The circuit that drugs are tried on.
    drugs
        Names of drugs, or synonyms; all that both versions have by default.
    regimens
        Under which each drug is tried.
    draws
        What is drawn, alike for both.
    said
        Is told what is being worked on.

    Raises
    ------
    InputError
        A version is wrong, or has not what was asked for.
    """
    draws = draws or Draws()
    one, other = (load_version(each.knowledge, circuit) for each in (earlier, later))
    both = sorted(set(one.drugs) & set(other.drugs))
    chosen = _chosen(drugs, earlier, later) if drugs else both
    known = set(one.flat.readouts)
    readouts = tuple(name for name in other.flat.readouts if name in known)
    differences = find_differences(one, other)
    # Where the circuit is the same, so is all that is said of drugs that are the same.
    own = {one.where for one in differences if one.is_of_a_drug}
    moved = any(not one.is_of_a_drug for one in differences)
    touched = [drug for drug in chosen if moved or drug in own]
    questions = [(drug, regimen) for drug in touched for regimen in regimens]
    said("calling under both versions")
    before, after = (Answers(each, draws, readouts) for each in (one, other))
    changed, restless = changed_calls(before, after, questions)
    swaps = tuple(swap for swap in list_swaps(differences) if not swap.drug or swap.drug in chosen)
    calls = attribute_calls(one, other, draws, readouts, changed, swaps, said)
    said("checking findings under both versions")
    findings = _shared_findings(earlier, later, chosen if drugs else ())
    same = [] if moved else _untouched(findings, own, earlier, later)
    asked = [name for name in findings if name not in same]
    verdicts = _verdicts(earlier, later, before.model, after.model, asked) if asked else ()
    return Comparison(
        earlier.name,
        later.name,
        draws.prior,
        draws.draws,
        draws.seed,
        tuple(chosen),
        tuple(regimens),
        readouts,
        tuple(_listings(earlier, later, one, other)),
        differences,
        swaps,
        calls,
        restless,
        len(findings),
        verdicts,
    )


def _chosen(names: Sequence[str], earlier: Revision, later: Revision) -> list[str]:
    problems: list[Problem] = []
    found: list[str] = []
    for name in names:
        with noting(problems):
            own = [each.knowledge.drug(name).name for each in (earlier, later)]
            found += own[:1]
    if problems:
        raise InputError(problems)
    return sorted(set(found))


def _shared_findings(earlier: Revision, later: Revision, drugs: Sequence[str]) -> list[str]:
    """Findings that both versions have; of some drugs, or of all."""
    own, its = earlier.knowledge.findings, later.knowledge.findings
    return [
        name
        for name, finding in its.items()
        if name in own and (not drugs or not set(drugs).isdisjoint(finding.drugs))
    ]


def _untouched(
    findings: Iterable[str], drugs: set[str], earlier: Revision, later: Revision
) -> list[str]:
    """Findings that nothing differs for, while circuit and targets are the same."""
    own, its = earlier.knowledge.findings, later.knowledge.findings
    conditions = [_documents(each, "conditions") for each in (earlier, later)]
    known = [set(each.knowledge.names("drugs")) for each in (earlier, later)]
    untouched = []
    for name in findings:
        finding = its[name]
        named = {*finding.drugs, *finding.compared_with}
        if (
            own[name] == finding
            and named.isdisjoint(drugs)
            and named & known[0] == named & known[1]
            and conditions[0].get(finding.condition) == conditions[1].get(finding.condition)
        ):
            untouched.append(name)
    return untouched


def _verdicts(
    earlier: Revision, later: Revision, one: Model, other: Model, findings: Sequence[str]
) -> tuple[ChangedVerdict, ...]:
    """Findings whose verdict changed."""
    sides = []
    for model, revision in ((one, earlier), (other, later)):
        picked = {name: revision.knowledge.findings[name] for name in findings}
        made = check_findings(model, revision.knowledge, picked)
        sides.append({check.finding: check.verdict for check in made})
    return tuple(
        ChangedVerdict(name, sides[0][name], sides[1][name])
        for name in sorted(findings)
        if sides[0][name] is not sides[1][name]
    )


def _listings(
    earlier: Revision, later: Revision, one: Version, other: Version
) -> Iterator[Listing]:
    """What came and went, by kind; only kinds of which something did."""
    own_edges, its_edges = ({str(edge) for edge in side.flat.edges} for side in (one, other))
    pairs: list[tuple[str, Mapping[str, object], Mapping[str, object]]] = [
        ("drugs", one.drugs, other.drugs),
        ("nodes", dict.fromkeys(one.flat.nodes), dict.fromkeys(other.flat.nodes)),
        ("edges", dict.fromkeys(own_edges), dict.fromkeys(its_edges)),
        ("readouts", dict.fromkeys(one.flat.readouts), dict.fromkeys(other.flat.readouts)),
        ("findings", earlier.knowledge.findings, later.knowledge.findings),
        ("references", earlier.knowledge.references, later.knowledge.references),
    ]
    for kind in ("conditions", "workflows", "figures"):
        pairs.append((kind, _documents(earlier, kind), _documents(later, kind)))
    for kind, own, its in pairs:
        listing = Listing(
            kind,
            tuple(sorted(own.keys() - its.keys())),
            tuple(sorted(its.keys() - own.keys())),
            tuple(sorted(name for name in own.keys() & its.keys() if own[name] != its[name])),
        )
        if listing.removed or listing.added or listing.changed:
            yield listing


def _documents(revision: Revision, kind: str) -> dict[str, object]:
    knowledge = revision.knowledge
    return {name: knowledge.document(kind, name).value for name in knowledge.names(kind)}
