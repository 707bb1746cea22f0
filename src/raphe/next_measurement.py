"""Which measurement would tell most of what is not known yet.

A measurement is a readout under a drug and a regimen; a question is a call. Both have an outcome in
each draw: up, down or unchanged. How much the one tells of the other, over the draws, is their
mutual information: by so much will the entropy of the question shrink, on average, once the
measurement is made (expected information gain).

D. V. Lindley, Ann. Math. Stat. 27 (1956) 986–1005.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from raphe.calling import Call
from raphe.consistency.experiments import experiment_of
from raphe.finding import Regimen
from raphe.information import Counts, Events, contingency, floor, information
from raphe.knowledge import Knowledge
from raphe.model import Model
from raphe.open_calls import Asked
from raphe.panel import Experiment, Panel
from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.reweighting import OUTCOMES, Codes
from raphe.unknowns import Drawn, drawn_unknowns, of_treatment, thirds

#: Measurements of which each tells this share of all that the other could tell are told of
#: together: making both would tell little more.
_ALIKE = 0.75
#: Measurements that are worked on at a time: few large products cost less than many small ones.
_BLOCK = 1000


@dataclass(frozen=True, eq=False)
class Tells:
    """What a measurement would tell of one question."""

    question: Asked
    #: Expected gain, in bits.
    bits: float
    #: Draws in which each outcome of the measurement (rows) and each of the question comes about.
    table: Counts

    @property
    def outcomes(self) -> dict[Call, float]:
        """Probability of each outcome of the measurement."""
        shares = self.table.sum(axis=1) / self.table.sum()
        return dict(zip(OUTCOMES, shares.tolist(), strict=True))

    def then(self, outcome: Call) -> dict[Call, float]:
        """Probability of each direction of the question, once the measurement came out so."""
        row = self.table[OUTCOMES.index(outcome)]
        return dict(zip(OUTCOMES, (row / max(row.sum(), 1)).tolist(), strict=True))

    def settles(self, bar: float) -> float:
        """Probability that a direction of the question can be called afterwards."""
        sizes = self.table.sum(axis=1)
        passes = self.table.max(axis=1) >= bar * np.maximum(sizes, 1)
        return float(sizes[passes].sum() / sizes.sum())


@dataclass(frozen=True, eq=False)
class Measurement:
    """Something to measure, and what it would tell."""

    drug: str
    regimen: Regimen
    node: str
    #: Expected gain over all questions, in bits.
    bits: float
    #: How much it tells of each question that it tells something of, the most first.
    tells: tuple[Tells, ...]
    #: The unknown on which both the measurement and its first question hang most.
    decides: Drawn | None
    #: Findings that report it already.
    reported: tuple[str, ...] = ()
    #: Measurements that tell nearly the same, the best first.
    alike: tuple[tuple[str, Regimen, str], ...] = ()
    #: Findings that report one of these.
    reported_alike: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Next:
    """What to measure next."""

    panel: Panel = field(repr=False)
    questions: tuple[Asked, ...]
    #: How much is not known, of each question in turn, in bits.
    open: tuple[float, ...]
    #: The best measurements that are not alike, the best first; and how many tell anything.
    measurements: tuple[Measurement, ...]
    telling: int
    #: Bits below which a measurement is taken to tell nothing of a question.
    floor: float

    @property
    def model(self) -> Model:
        """The circuit and its draws."""
        return self.panel.model

    @property
    def total(self) -> float:
        """How much is not known of all questions, each counted by itself, in bits."""
        return sum(self.open)


def rank_measurements(
    panel: Panel, knowledge: Knowledge, questions: Sequence[Asked], most: int = 10
) -> Next:
    """The measurements that tell most, of one question or of several.

    Parameters
    ----------
    panel
        What could be measured.
    knowledge
        Declares the drugs, for the unknowns that are decided.
    questions
        Calls in question. Of several, what a measurement tells of each is added up.
    most
        How many measurements are told of.

    Notes
    -----
    The measurement that is the question itself is left out where there is no other question; of
    course it would tell everything.
    """
    circuit = tuple(
        one for one in drawn_unknowns(panel.model, knowledge, ()) if np.isfinite(one.values).all()
    )
    return _Ranking(panel, tuple(questions), circuit).ranked(most)


@dataclass(frozen=True, eq=False)
class _Ranking:
    panel: Panel
    questions: tuple[Asked, ...]
    #: Unknowns of the circuit, which every draw has.
    circuit: tuple[Drawn, ...]

    @cached_property
    def parts_of_circuit(self) -> Codes:
        return thirds(self.circuit, len(self.usable))

    @cached_property
    def usable(self) -> Mask:
        """Draws in which every question came to rest."""
        return np.asarray(self.columns.min(axis=0) >= 0)

    @cached_property
    def columns(self) -> Codes:
        return np.stack([one.codes for one in self.questions])

    @cached_property
    def asked(self) -> Events:
        """The questions, in the draws that can be used."""
        return Events(self.columns).within(self.usable)

    @cached_property
    def pairs(self) -> int:
        """How many pairs are compared."""
        return self.panel.size * len(self.questions)

    @cached_property
    def least(self) -> float:
        """Bits below which nothing counts."""
        return floor(int(self.usable.sum()), self.pairs)

    def pair(self, experiment: Experiment, nodes: Indices | list[int]) -> tuple[Events, Events]:
        """Measurements of one experiment and all questions, in draws that both can be used in."""
        kept = experiment.settled[self.usable]
        rows = Events(experiment.codes[nodes]).within(self.usable).within(kept)
        return rows, self.asked.within(kept)

    @cached_property
    def gains(self) -> Floats:
        """What each measurement tells of all questions, *experiments × nodes*."""
        panel = self.panel
        found = np.zeros((len(panel.experiments), len(panel.nodes)))
        block: list[tuple[int, Indices]] = []
        for number, experiment in enumerate(panel.experiments):
            nodes = self._worth(experiment)
            if experiment.settled[self.usable].all():
                block.append((number, nodes))
            elif len(nodes):
                told = information(*self.pair(experiment, nodes), self.pairs)
                found[number, nodes] = told.bits.sum(axis=1)
            if sum(len(one) for _, one in block) >= _BLOCK or experiment is panel.experiments[-1]:
                self._fill(found, block)
                block = []
        return found

    def _worth(self, experiment: Experiment) -> Indices:
        """Measurements of which more is not known than must be told to count at all."""
        rows = Events(experiment.codes).within(self.usable & experiment.settled)
        worth = rows.entropy > self.least if rows.codes.size else np.zeros(len(rows.codes), bool)
        own = self.panel.number.get(self.questions[0].node)
        if own is not None and len(self.questions) == 1:
            worth[own] &= not _is_asked(experiment, self.questions[0])
        return np.flatnonzero(worth)

    def _fill(self, found: Floats, block: Sequence[tuple[int, Indices]]) -> None:
        """Measurements of several experiments, all of which came to rest, in one product."""
        if not sum(len(nodes) for _, nodes in block):
            return
        codes = [self.panel.experiments[number].codes[nodes] for number, nodes in block]
        rows = Events(np.concatenate(codes)).within(self.usable)
        bits = information(rows, self.asked, self.pairs).bits.sum(axis=1)
        start = 0
        for number, nodes in block:
            found[number, nodes] = bits[start : start + len(nodes)]
            start += len(nodes)

    def ranked(self, most: int) -> Next:
        panel = self.panel
        gains = np.round(self.gains, 9)
        order = [
            (int(number) // len(panel.nodes), int(number) % len(panel.nodes))
            for number in np.argsort(-gains, axis=None, kind="stable")
            if gains.flat[number] > 0
        ]
        kept: list[tuple[int, int]] = []
        alike: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for one in order:
            same = next((other for other in kept if self._is_alike(one, other)), None)
            if same is not None:
                alike[same].append(one)
            elif len(kept) < most:
                kept.append(one)
                alike[one] = []
            else:
                break
        return Next(
            panel,
            self.questions,
            tuple(self.asked.entropy.tolist()),
            tuple(self._measurement(one, alike[one]) for one in kept),
            len(order),
            self.least,
        )

    def _is_alike(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        """Whether two measurements tell of each other nearly all that either has to tell."""
        experiments = [self.panel.experiments[place[0]] for place in (one, other)]
        kept = self.usable & experiments[0].settled & experiments[1].settled
        first, second = (
            Events(experiment.codes[place[1] : place[1] + 1]).within(kept)
            for experiment, place in zip(experiments, (one, other), strict=True)
        )
        shared = float(information(first, second, self.pairs).bits[0, 0])
        return shared >= _ALIKE * max(float(first.entropy[0]), float(second.entropy[0]))

    def _measurement(
        self,
        place: tuple[int, int],
        alike: Sequence[tuple[int, int]],
    ) -> Measurement:
        panel = self.panel
        experiment, node = panel.experiments[place[0]], panel.nodes[place[1]]
        pair = self.pair(experiment, [place[1]])
        tables = contingency(*pair)
        bits = information(*pair, self.pairs).bits[0]
        order = sorted(range(len(bits)), key=lambda one: (-round(float(bits[one]), 9), one))
        tells = tuple(
            Tells(self.questions[one], float(bits[one]), tables[:, :, 0, one])
            for one in order
            if bits[one] > 0
        )
        same = tuple(
            (panel.experiments[one].drug, panel.experiments[one].regimen, panel.nodes[other])
            for one, other in alike
        )
        return Measurement(
            experiment.drug,
            experiment.regimen,
            node,
            float(bits.sum()),
            tells,
            self._decided(experiment, place[1], tells[0].question),
            panel.reported.get((experiment.drug, experiment.regimen, node), ()),
            same,
            tuple(name for one in same for name in panel.reported.get(one, ())),
        )

    def _decided(self, experiment: Experiment, node: int, question: Asked) -> Drawn | None:
        """The unknown that tells of both most: the lesser of what it tells of either."""
        model = self.panel.model
        drugs = {
            one.name: one
            for treatment in (experiment.treatment, question.treatment, question.comparator)
            for one in of_treatment(model, treatment)
            if np.ptp(one.values) > 0
        }
        own = (*self.circuit, *drugs.values())
        kept = self.usable & experiment.settled
        rows = Events(np.stack([experiment.codes[node], question.codes])[:, kept])
        parts = np.concatenate(
            [self.parts_of_circuit, thirds(list(drugs.values()), len(self.usable))]
        )
        told = information(rows, Events(parts[:, kept]), 2 * len(own)).bits.min(axis=0)
        best = int(np.round(told, 9).argmax())
        return own[best] if told[best] > 0 else None


def _is_asked(experiment: Experiment, question: Asked) -> bool:
    return (
        experiment_of(experiment.treatment) == experiment_of(question.treatment)
        and experiment.regimen is question.regimen
        and not question.comparator.administrations
    )
