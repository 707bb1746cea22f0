"""What a report says, in order, whatever it is written in: frozen values, no markup.

Texts are plain: whoever writes them into a format escapes them. Sources are numbers into
`Report.references`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from raphe.calling import Call, Odds
from raphe.consistency.verdicts import Verdict
from raphe.evidence import Reference
from raphe.sign import Change

#: Numbers of references, ascending.
Sources = tuple[int, ...]


@dataclass(frozen=True)
class Fact:
    """One line of what was asked: the drug and its exposure, the regimen, the comparator."""

    name: str
    text: str


@dataclass(frozen=True)
class Sentence:
    """A sentence of the summary."""

    text: str
    #: A word that is set off before it: up, down.
    head: str = ""


@dataclass(frozen=True)
class Readout:
    """What is predicted of one readout, and why."""

    node: str
    #: How it is called in running text; the node is what it is called in files.
    name: str
    call: Call
    odds: Odds
    #: Directions that some choice of weights brings about.
    possible: Change
    #: Whether it can move in one direction only, if it moves.
    is_certain: bool
    #: Whether possible directions are known; the search of paths may have ended before.
    is_decided: bool
    #: Built-in priors that would not make this call.
    fragile: tuple[str, ...]
    #: Whether every other built-in prior is among them.
    is_fragile_throughout: bool
    borderline: bool
    why: str
    #: What is cited for the edges of the paths that `why` names.
    sources: Sources

    @property
    def robustness(self) -> tuple[str, ...]:
        """Whether the call holds under other priors and thresholds, in a few words each."""
        words = []
        if self.is_fragile_throughout:
            words.append("fragile: all other priors")
        elif self.fragile:
            words.append(f"fragile: {', '.join(self.fragile)}")
        if self.borderline:
            words.append("borderline")
        return tuple(words) or ("robust",)


@dataclass(frozen=True)
class Region:
    """The readouts of one brain region, in the circuit's order."""

    name: str
    label: str
    readouts: tuple[Readout, ...]


@dataclass(frozen=True)
class Illustration:
    """A diagram that goes with a report."""

    #: What it is called; the key of its SVG, and how its files begin.
    name: str
    caption: str
    #: File names in the report's own folder: the same picture as SVG, PNG, DOT.
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class BindingRow:
    """One row of a drug's binding table, used or not."""

    action: str
    affinity: str
    efficacy: str
    species: str
    #: Why it takes no part in the computation; empty if it does.
    mark: str
    note: str
    sources: Sources


@dataclass(frozen=True)
class TargetRows:
    """All rows that a drug has at one target, and what it occupies there."""

    target: str
    #: The target in words, or the members of the family.
    name: str
    rows: tuple[BindingRow, ...]
    #: Median occupancy with its 90 % interval; empty where nothing is occupied.
    occupancy: str
    #: How many nodes of the circuit are reached, or why none is.
    reach: str


@dataclass(frozen=True)
class ExposureAccount:
    """A free concentration and how it was estimated."""

    name: str
    free: str
    note: str
    sources: Sources
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class DrugAccount:
    """A drug that was given, on either side of the comparison."""

    name: str
    title: str
    #: ``given``, or ``given to the comparison group``.
    role: str
    class_: str
    synonyms: tuple[str, ...]
    note: str
    targets: tuple[TargetRows, ...]
    exposure: ExposureAccount
    sources: Sources


@dataclass(frozen=True)
class ConditionRow:
    """One thing that a condition does to the baseline."""

    what: str
    does: str
    reason: str
    sources: Sources


@dataclass(frozen=True)
class ConditionAccount:
    """The condition of the animals."""

    title: str
    about: str
    rows: tuple[ConditionRow, ...]
    sources: Sources


@dataclass(frozen=True)
class FindingRow:
    """A reported finding against the prediction of its own experiment."""

    finding: str
    readout: str
    #: Drug, dose, duration, species and method, as the paper says them.
    experiment: str
    reported: str
    magnitude: str
    predicted: str
    probability: float | None
    verdict: Verdict
    #: The path behind the prediction, or what stands in its way; out of scope: what is missing.
    why: str
    disputed: bool
    note: str
    sources: Sources


@dataclass(frozen=True)
class Cited:
    """One entry of the list of references."""

    number: int
    id: str
    #: None where no file of references has the id.
    reference: Reference | None
    #: What it was cited for, each with the place in it and what it says.
    uses: tuple[str, ...]


@dataclass(frozen=True)
class Assumed:
    """Something that is taken to be so although no source was found."""

    text: str
    #: The claims that rest on it.
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """A drug's prediction, told to be printed; the fields stand in reading order."""

    title: str
    facts: tuple[Fact, ...]
    #: Sentences of one paragraph.
    summary: tuple[Sentence, ...]
    regions: tuple[Region, ...]
    illustrations: tuple[Illustration, ...]
    drugs: tuple[DrugAccount, ...]
    condition: ConditionAccount | None
    #: Findings that the circuit can speak to, those of one readout together.
    findings: tuple[FindingRow, ...]
    tally: Mapping[Verdict, int]
    #: What findings contradict each other in, as a sentence; empty if they do not.
    contradiction: str
    out_of_scope: tuple[FindingRow, ...]
    #: Targets that drugs bind and the circuit has no node for, as sentences.
    unplaced: tuple[str, ...]
    method: tuple[str, ...]
    references: tuple[Cited, ...]
    assumptions: tuple[Assumed, ...]
    limits: tuple[str, ...]
    #: What computes the same again.
    command: str
    version: str
