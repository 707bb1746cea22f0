"""Which calls changed between two versions of the knowledge, and which difference did it.

Every declared difference is swapped by itself, both ways: into the earlier version, does it bring
the later call about alone? Out of the later version, does the call come about without it? Each
answer is a full computation in the same draws, no estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from raphe.calling import Call, Odds, odds
from raphe.consistency.verdicts import Verdict, check_findings
from raphe.contrast import contrast_treatments
from raphe.difference import Difference, Version, find_differences, load_version, swapped
from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.model import Model
from raphe.network import compile_network
from raphe.perturbation import Treatment, administer
from raphe.prior import UNDECIDED, USUAL_DRAWS, USUAL_PRIOR, USUAL_SEED
from raphe.revision import Revision

#: Differences that are swapped one by one; of more, those of one pathway or drug go together.
MOST_SWAPS = 40

#: A drug, a regimen and a readout.
Question = tuple[str, Regimen, str]
#: Says what is being worked on.
Said = Callable[[str], None]


@dataclass(frozen=True)
class Swap:
    """Differences that are swapped together: one, unless there are too many."""

    differences: tuple[Difference, ...]

    @property
    def drug(self) -> str:
        """The drug that they concern alone; empty if the circuit or the targets differ."""
        return self.differences[0].where if self.differences[0].is_of_a_drug else ""

    def __str__(self) -> str:
        first = self.differences[0]
        if len(self.differences) == 1:
            return str(first)
        return f"all {len(self.differences)} differences of {first.where}"


@dataclass(frozen=True)
class ChangedCall:
    """One readout of one drug that the later version calls otherwise."""

    drug: str
    regimen: Regimen
    readout: str
    before: Call
    after: Call
    odds_before: Odds = field(repr=False)
    odds_after: Odds = field(repr=False)
    #: Swaps each of which brings the later call about alone.
    alone: tuple[Swap, ...] = ()
    #: Swaps without any one of which the later call does not come about.
    needed: tuple[Swap, ...] = ()
    #: Whether those that are needed bring it about together; None where that says nothing new.
    suffices: bool | None = None

    @property
    def did(self) -> tuple[Swap, ...]:
        """The one that did it, where there is one: enough, and needed."""
        return tuple(swap for swap in self.alone if swap in self.needed)


@dataclass(frozen=True)
class Restless:
    """A drug with which no draw of one version comes to rest, and some of the other do."""

    drug: str
    regimen: Regimen
    rests_before: bool


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


@dataclass(frozen=True)
class Draws:
    """What both versions are computed with."""

    prior: str = USUAL_PRIOR
    draws: int = USUAL_DRAWS
    seed: int = USUAL_SEED
    sides: Mapping[str, bool] = field(default_factory=lambda: UNDECIDED)


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
    before, after = (_Answers(each, draws, readouts) for each in (one, other))
    changed, restless = _changed(before, after, questions)
    swaps = tuple(swap for swap in _swaps(differences) if not swap.drug or swap.drug in chosen)
    calls = _attributed(_Swapping(one, other, draws, readouts), changed, swaps, said)
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
    problems, found = [], []
    for name in names:
        try:
            own = [each.knowledge.drug(name).name for each in (earlier, later)]
        except InputError as error:
            problems += [one for one in error.problems if one not in problems]
            continue
        found += own[:1]
    if problems:
        raise InputError(problems)
    return sorted(set(found))


class _Answers:
    """Odds of all readouts under one version; its model is drawn once."""

    def __init__(self, version: Version, draws: Draws, readouts: Sequence[str]) -> None:
        self.version = version
        self._draws = draws
        self._readouts = readouts

    @cached_property
    def model(self) -> Model:
        draws = self._draws
        network = compile_network(self.version.flat, self.version.targets)
        sides = {name: side for name, side in draws.sides.items() if name in network.questions}
        return Model(
            network, self.version.targets, draws.prior, draws.draws, draws.seed, sides=sides
        )

    def of(self, drug: str, regimen: Regimen, version: Version | None = None) -> dict[str, Odds]:
        """Odds by readout; none where no draw comes to rest.

        Parameters
        ----------
        version
            The version whose drug is tried; its own by default.
        """
        model = self.model
        treatment = Treatment((administer((version or self.version).drugs[drug]),))
        contrast = contrast_treatments(model, treatment, Treatment(), regimen)
        if not contrast.settled.any():
            return {}
        rows = [model.network.index[name] for name in self._readouts]
        limits = model.criteria.theta * model.ranges[rows]
        found = odds(contrast.change[rows][:, contrast.settled], limits)
        return dict(zip(self._readouts, found, strict=True))

    def calls(self, drug: str, regimen: Regimen, version: Version | None = None) -> dict[str, Call]:
        """Calls by readout."""
        bar = self.model.criteria.bar
        return {name: one.call(bar) for name, one in self.of(drug, regimen, version).items()}


def _changed(
    before: _Answers, after: _Answers, questions: Iterable[tuple[str, Regimen]]
) -> tuple[list[ChangedCall], tuple[Restless, ...]]:
    changed: list[ChangedCall] = []
    restless: list[Restless] = []
    for drug, regimen in questions:
        own, its = before.of(drug, regimen), after.of(drug, regimen)
        if bool(own) is not bool(its):
            restless.append(Restless(drug, regimen, bool(own)))
        for name in own.keys() & its.keys():
            was = own[name].call(before.model.criteria.bar)
            now = its[name].call(after.model.criteria.bar)
            if was is not now:
                changed.append(ChangedCall(drug, regimen, name, was, now, own[name], its[name]))
    order = {name: place for place, name in enumerate(after.version.flat.readouts)}
    regimens = list(Regimen)
    changed.sort(key=lambda one: (one.drug, regimens.index(one.regimen), order[one.readout]))
    return changed, tuple(restless)


def _swaps(differences: Sequence[Difference]) -> list[Swap]:
    """One by one; or by pathway and drug, where these are too many."""
    if len(differences) <= MOST_SWAPS:
        return [Swap((one,)) for one in differences]
    groups: dict[tuple[bool, str], list[Difference]] = {}
    for one in differences:
        groups.setdefault((one.is_of_a_drug, one.where), []).append(one)
    return [Swap(tuple(group)) for group in groups.values()]


@dataclass(frozen=True)
class _Swapping:
    """Calls of the earlier version with swaps in it, and of the later one with swaps taken out."""

    one: Version
    other: Version
    draws: Draws
    readouts: tuple[str, ...]

    def calls(
        self, swaps: Sequence[Swap], questions: Iterable[tuple[str, Regimen]], into: bool
    ) -> Iterator[tuple[Question, Call]]:
        """Calls with some things as the other version has them.

        Parameters
        ----------
        into
            Of the earlier version, with the swaps as the later has them; or the other way round.
        """
        base, source = (self.one, self.other) if into else (self.other, self.one)
        version = swapped(base, source, (one for swap in swaps for one in swap.differences))
        try:
            answers = _Answers(version, self.draws, self.readouts)
            assert answers.model.ensemble.size
        except InputError:
            # No draw is stable: nothing is called.
            return
        for drug, regimen in questions:
            for readout, call in answers.calls(drug, regimen).items():
                yield (drug, regimen, readout), call


def _attributed(
    swapping: _Swapping, changed: Sequence[ChangedCall], swaps: Sequence[Swap], said: Said
) -> tuple[ChangedCall, ...]:
    wanted = {(one.drug, one.regimen, one.readout): one.after for one in changed}
    alone: dict[Question, list[Swap]] = {key: [] for key in wanted}
    needed: dict[Question, list[Swap]] = {key: [] for key in wanted}
    for number, swap in enumerate(swaps, start=1):
        said(f"swapping difference {number} of {len(swaps)}")
        asked = sorted({key[:2] for key in wanted if not swap.drug or key[0] == swap.drug})
        if not asked:
            continue
        for key, call in swapping.calls([swap], asked, into=True):
            if key in wanted and call is wanted[key]:
                alone[key].append(swap)
        came = dict(swapping.calls([swap], asked, into=False))
        for key in wanted:
            if key[:2] in asked and came.get(key) is not wanted[key]:
                needed[key].append(swap)
    together = _together(swapping, wanted, alone, needed)
    return tuple(
        ChangedCall(
            one.drug,
            one.regimen,
            one.readout,
            one.before,
            one.after,
            one.odds_before,
            one.odds_after,
            tuple(alone[key]),
            tuple(needed[key]),
            together.get(key),
        )
        for key, one in zip(wanted, changed, strict=True)
    )


def _together(
    swapping: _Swapping,
    wanted: Mapping[Question, Call],
    alone: Mapping[Question, Sequence[Swap]],
    needed: Mapping[Question, Sequence[Swap]],
) -> dict[Question, bool]:
    """Whether all swaps that a call needs, of which none is enough, are enough together."""
    groups: dict[tuple[Swap, ...], list[Question]] = {}
    for key in wanted:
        if len(needed[key]) > 1 and not alone[key]:
            groups.setdefault(tuple(needed[key]), []).append(key)
    found: dict[Question, bool] = {}
    for swaps, keys in groups.items():
        asked = sorted({key[:2] for key in keys})
        came = dict(swapping.calls(swaps, asked, into=True))
        found |= {key: came.get(key) is wanted[key] for key in keys}
    return found


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
