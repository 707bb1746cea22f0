"""Which calls changed between two versions, and which of their differences did it.

Every declared difference is swapped by itself, both ways: into the earlier version, does it bring
the later call about alone? Out of the later version, does the call come about without it? Each
answer is a full computation in the same draws, no estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from raphe.calling import Call, Odds, odds
from raphe.contrast import contrast_treatments
from raphe.difference import Difference, Version, swapped
from raphe.errors import InputError
from raphe.finding import Regimen
from raphe.model import Model
from raphe.network import compile_network
from raphe.prior import UNDECIDED, USUAL_DRAWS, USUAL_PRIOR, USUAL_SEED
from raphe.treatment import Treatment, administer

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
class Draws:
    """What both versions are computed with."""

    prior: str = USUAL_PRIOR
    draws: int = USUAL_DRAWS
    seed: int = USUAL_SEED
    sides: Mapping[str, bool] = field(default_factory=lambda: UNDECIDED)


class Answers:
    """Odds of all readouts under one version; its model is drawn once."""

    def __init__(self, version: Version, draws: Draws, readouts: Sequence[str]) -> None:
        self.version = version
        self._draws = draws
        self._readouts = readouts

    @cached_property
    def model(self) -> Model:
        """The circuit of the version, drawn."""
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


def changed_calls(
    before: Answers, after: Answers, questions: Iterable[tuple[str, Regimen]]
) -> tuple[list[ChangedCall], tuple[Restless, ...]]:
    """Calls that differ, by drug, regimen and readout; and drugs that rest in one version only."""
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


def list_swaps(differences: Sequence[Difference]) -> list[Swap]:
    """Differences to be swapped: one by one; or by pathway and drug, where these are too many."""
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
            answers = Answers(version, self.draws, self.readouts)
            assert answers.model.ensemble.size
        except InputError:
            # No draw is stable: nothing is called.
            return
        for drug, regimen in questions:
            for readout, call in answers.calls(drug, regimen).items():
                yield (drug, regimen, readout), call


def attribute_calls(
    one: Version,
    other: Version,
    draws: Draws,
    readouts: Sequence[str],
    changed: Sequence[ChangedCall],
    swaps: Sequence[Swap],
    said: Said,
) -> tuple[ChangedCall, ...]:
    """Changed calls with what did them.

    Every swap is tried into the earlier version and out of the later one; where several are needed
    and none is enough, these together.
    """
    swapping = _Swapping(one, other, draws, tuple(readouts))
    wanted = {(call.drug, call.regimen, call.readout): call.after for call in changed}
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
        replace(
            call,
            alone=tuple(alone[key]),
            needed=tuple(needed[key]),
            suffices=together.get(key),
        )
        for key, call in zip(wanted, changed, strict=True)
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
