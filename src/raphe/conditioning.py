"""What findings teach: draws weighed by what was reported, and everything predicted anew.

Each finding that is accepted is right with probability 1 − ε; a wrong one reports one of the other
two directions, either with ε/2. Findings are taken as independent, which those of one paper or
about one mechanism are not; raising the likelihood to a power below 1 (`raphe.reweighting`) also
discounts that.

What was learnt is tried on what was left out: each finding is predicted from the others alone, from
those that share no drug with it, and from those that share no drug class with it. Since weights are
sums of logarithms, a finding is left out by subtraction, and nothing is solved again.

A. E. Gelfand, D. K. Dey, H. Chang, in "Bayesian Statistics 4", 1992 (left out by importance
weights).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from raphe.calling import Call
from raphe.consistency.observed import Observed, drugs_of
from raphe.errors import InputError, Problem
from raphe.finding import Finding, Seen
from raphe.knowledge import Knowledge
from raphe.model import Model
from raphe.propagation.arrays import Floats
from raphe.reweighting import (
    OUTCOMES,
    Reweighted,
    Tolerance,
    log_likelihoods,
    require_tolerance,
    reweight,
    tempered_weights,
    weighted_shares,
)
from raphe.unknowns import Moved, chance_shift, drawn_unknowns, moved_unknowns, standardised

#: What is left out together with a finding when it is predicted from the others.
LEFT_OUT = ("finding", "drug", "class")
#: How many findings are named that moved an unknown; and the least correlation of one of them with
#: the unknown, in standard errors of a correlation of 0.
_MOST_CAUSES, _LEAST_CAUSE = 2, 4.0


@dataclass(frozen=True)
class Expected:
    """What is said of one finding, before and after."""

    finding: str
    declared: Finding = field(repr=False)
    reported: Call
    #: Probability of up, down and unchanged; and the call.
    before: tuple[float, float, float]
    called_before: Call
    after: tuple[float, float, float]
    called_after: Call

    @property
    def is_changed(self) -> bool:
        """Whether it is called otherwise after."""
        return self.called_before is not self.called_after

    def gained(self, wrong: float) -> float:
        """By how many bits what was reported is likelier after than before."""
        place = OUTCOMES.index(self.reported)
        return _bits(self.before[place], wrong) - _bits(self.after[place], wrong)


@dataclass(frozen=True)
class Measures:
    """How well findings are predicted."""

    findings: int
    right: float
    called: float
    opposite: float
    #: Bits by which what was reported surprises, on average; log₂3 = 1.58 is guessing.
    surprise: float


@dataclass(frozen=True, eq=False)
class Given:
    """What accepted findings teach."""

    observed: Observed = field(repr=False)
    tolerance: Tolerance
    #: Names of the findings that were accepted and of those that could not be.
    accepted: tuple[str, ...]
    unused: tuple[str, ...]
    reweighted: Reweighted
    #: Those of the accepted findings that all draws agree on: no weight can hang on them.
    mute: int
    #: Unknowns that moved, the farthest first; how many there are, and how far the farthest of
    #: them moves by chance.
    moved: tuple[Moved, ...]
    unknowns: int
    by_chance: float
    #: Findings that moved each of `moved` most, by its name.
    causes: Mapping[str, tuple[str, ...]]
    _log_likelihoods: Floats = field(repr=False)

    @property
    def model(self) -> Model:
        """The circuit and its draws."""
        return self.observed.model

    @property
    def weights(self) -> Floats:
        """How much each draw counts, *d*."""
        return self.reweighted.weights

    @cached_property
    def others(self) -> tuple[Expected, ...]:
        """The findings that were not accepted, predicted with what was learnt."""
        shares = weighted_shares(self.observed.codes, self.weights)
        kept = set(self.accepted)
        names = [name for name in self.observed.findings if name not in kept]
        return self._expected(names, shares[[self.observed.number[name] for name in names]])

    @cached_property
    def fitted(self) -> tuple[Expected, ...]:
        """The accepted findings, predicted with what was learnt from them too."""
        rows = self._rows
        return self._expected(
            self.accepted, weighted_shares(self.observed.codes[rows], self.weights)
        )

    @cached_property
    def left_out(self) -> Mapping[str, tuple[Expected, ...]]:
        """The accepted findings, each predicted without itself, its drugs, or their classes.

        The power of the likelihood is chosen anew for each, without what is left out.
        """
        return {what: self._expected(self.accepted, self._without(what)) for what in LEFT_OUT}

    def measure(self, expected: Sequence[Expected], after: bool = True) -> Measures:
        """How well some findings are predicted, with what was learnt or without."""
        wrong = self.tolerance.wrong
        calls = [one.called_after if after else one.called_before for one in expected]
        shares = [one.after if after else one.before for one in expected]
        pairs = list(zip(expected, calls, strict=True))
        bits = [
            _bits(share[OUTCOMES.index(one.reported)], wrong)
            for one, share in zip(expected, shares, strict=True)
        ]
        count = max(len(expected), 1)
        return Measures(
            len(expected),
            sum(call is one.reported for one, call in pairs) / count,
            sum(call is not Call.AMBIGUOUS for call in calls) / count,
            sum({call, one.reported} == {Call.UP, Call.DOWN} for one, call in pairs) / count,
            math.fsum(bits) / count,
        )

    def of(self, expected: Iterable[Expected], seen: Seen) -> tuple[Expected, ...]:
        """Those that the circuit's authors had in view in one way."""
        return tuple(one for one in expected if one.declared.seen is seen)

    @property
    def _rows(self) -> list[int]:
        return [self.observed.number[name] for name in self.accepted]

    def _expected(self, names: Sequence[str], shares: Floats) -> tuple[Expected, ...]:
        observed, bar = self.observed, self.model.criteria.bar
        rows = [observed.number[name] for name in names]
        alike = np.full(observed.codes.shape[1], 1 / observed.codes.shape[1])
        before = weighted_shares(observed.codes[rows], alike)
        return tuple(
            Expected(
                name,
                observed.findings[name],
                OUTCOMES[observed.reported[row]],
                tuple(old),
                _called(old, bar),
                tuple(new),
                _called(new, bar),
            )
            for name, row, old, new in zip(
                names, rows, before.tolist(), shares.tolist(), strict=True
            )
        )

    def _without(self, what: str) -> Floats:
        """Shares of the accepted findings from the others that share no finding, drug or class."""
        keys = [self._key(name, what) for name in self.accepted]
        distinct = sorted(set(keys), key=sorted)
        place = {key: number for number, key in enumerate(distinct)}
        shared = np.array([[bool(key & other) for other in keys] for key in distinct])
        total = self._log_likelihoods.sum(axis=0)
        rest = total - shared.astype(float) @ self._log_likelihoods
        weights, _ = tempered_weights(rest, self.tolerance.least)
        codes = self.observed.codes[self._rows]
        return weighted_shares(codes, weights[[place[key] for key in keys]])

    def _key(self, name: str, what: str) -> frozenset[str]:
        if what == "finding":
            return frozenset({name})
        if what == "drug":
            return drugs_of(self.observed.findings[name])
        return self.observed.classes[name]


def _bits(probability: float, wrong: float) -> float:
    """Surprise at a report of something that has this probability, allowing for wrong reports."""
    return -math.log2((1 - wrong) * probability + wrong / 2 * (1 - probability))


def _called(shares: Sequence[float], bar: float) -> Call:
    best = max(range(len(OUTCOMES)), key=lambda one: shares[one])
    return OUTCOMES[best] if shares[best] >= bar else Call.AMBIGUOUS


def condition_on(
    observed: Observed, knowledge: Knowledge, accepted: Iterable[str], tolerance: Tolerance
) -> Given:
    """What accepted findings teach.

    Parameters
    ----------
    observed
        Findings, and what each draw does in their experiments.
    knowledge
        Declares what was given.
    accepted
        Names of findings; those that are not among the observed report nothing that can be used.
    tolerance
        How often findings are wrong, and how many effective draws have to be left.

    Raises
    ------
    InputError
        None of the findings can be used, or there are too few draws to learn anything.
    """
    require_tolerance(tolerance, observed.model.ensemble.size)
    wanted = sorted(set(accepted))
    names = tuple(name for name in wanted if name in observed.number)
    if not names:
        what = "none of these findings reports a direction of something that is in the circuit."
        raise InputError([Problem(what, "'raphe check' says what is out of scope, and why.")])
    rows = [observed.number[name] for name in names]
    codes = observed.codes[rows]
    likelihoods = log_likelihoods(codes, observed.reported[rows], tolerance.wrong)
    reweighted = reweight(likelihoods.sum(axis=0), tolerance.least)
    model = observed.model
    unknowns = drawn_unknowns(model, knowledge, (observed.findings[name] for name in names))
    values = standardised(unknowns)
    by_chance = chance_shift(values, reweighted.weights, model.seed) if unknowns else 0.0
    moved = moved_unknowns(unknowns, values, reweighted.weights, by_chance)
    place = {one.name: number for number, one in enumerate(unknowns)}
    far = [place[one.unknown.name] for one in moved]
    return Given(
        observed,
        tolerance,
        names,
        tuple(name for name in wanted if name not in observed.number),
        reweighted,
        int((np.ptp(likelihoods, axis=1) == 0).sum()),
        moved,
        len(unknowns),
        by_chance,
        _causes(names, likelihoods, moved, values[far]),
        likelihoods,
    )


def _causes(
    names: Sequence[str], likelihoods: Floats, moved: Sequence[Moved], values: Floats
) -> dict[str, tuple[str, ...]]:
    """Findings that moved unknowns most: to first order, by the covariance of likelihood and value.

    Parameters
    ----------
    names, likelihoods
        Of the accepted findings; *a × d*.
    moved, values
        Unknowns, and their standardised values, *m × d*.
    """
    draws = likelihoods.shape[1]
    centred = likelihoods - likelihoods.mean(axis=1, keepdims=True)
    pull = centred @ values.T / draws
    spread = centred.std(axis=1)
    least = _LEAST_CAUSE / math.sqrt(draws) * spread
    found = {}
    for number, one in enumerate(moved):
        along = pull[:, number] * np.sign(one.shift)
        order = sorted(
            range(len(names)), key=lambda row: (-round(float(along[row]), 9), names[row])
        )
        kept = [row for row in order[:_MOST_CAUSES] if along[row] > least[row]]
        found[one.unknown.name] = tuple(names[row] for row in kept)
    return found
