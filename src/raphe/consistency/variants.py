"""Circuits that differ from the declared one in signs or strengths, all tried side by side.

Each variant takes some columns of one ensemble, so that two hundred circuits cost no more than one
with as many draws. Tones, affinities and exposures are the same in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from raphe.calling import Call
from raphe.consistency.experiments import (
    Predictions,
    experiment_of,
    experiment_order,
    treatments,
)
from raphe.contrast import Contrast, contrast_treatments
from raphe.errors import InputError
from raphe.finding import Finding
from raphe.knowledge import Knowledge
from raphe.model import FRAGILITY_DRAWS, Model
from raphe.prior import PRIORS, Ensemble
from raphe.propagation.arrays import Floats, Indices
from raphe.propagation.reduction import gains

#: What the numbers of `called` mean.
CALLS = (Call.UP, Call.DOWN, Call.UNCHANGED, Call.AMBIGUOUS)
Calls = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Redrawn(Model):
    """A model whose draws were made elsewhere."""

    given: Ensemble | None = field(default=None, repr=False)

    @cached_property
    def ensemble(self) -> Ensemble:
        """The draws that were given."""
        assert self.given is not None
        return self.given


def redrawn(model: Model, draws: Indices, weights: Floats | None = None) -> Redrawn:
    """A model with some of its draws, in any order and any number of times.

    Parameters
    ----------
    model
        Whose tones, affinities and exposures are kept.
    draws
        Which of its draws, *d*.
    weights
        Signed weights to put in place of its own, *m × d*.
    """
    own, network = model.ensemble, model.network
    if weights is None:
        weights = own.weights[:, draws]
    ensemble = replace(
        own.take(draws),
        weights=weights,
        fast_gains=gains(network.fast_plan, weights),
        full_gains=gains(network.full_plan, weights),
    )
    return Redrawn(**{one.name: getattr(model, one.name) for one in fields(Model)}, given=ensemble)


def responses(
    model: Model, knowledge: Knowledge, findings: Mapping[str, Finding]
) -> dict[str, Floats]:
    """Change of the readout of each finding in each draw; not a number where it came to no rest.

    Parameters
    ----------
    model
        Circuit and draws, *d* of them.
    knowledge
        Holds drugs and conditions.
    findings
        Of one readout each, all of them in scope.
    """
    found: dict[str, Floats] = {}
    latest: tuple[object, Contrast] | None = None
    # What several experiments share, such as the animals that they are compared with, is kept.
    respond = Predictions(model, knowledge).respond
    for name in sorted(findings, key=lambda one: (experiment_order(findings[one]), one)):
        finding = findings[name]
        treatment, comparator = treatments(finding, knowledge)
        key = (experiment_of(treatment), experiment_of(comparator), finding.regimen)
        if latest is None or latest[0] != key:
            contrast = contrast_treatments(model, treatment, comparator, finding.regimen, respond)
            latest = (key, contrast)
        contrast = latest[1]
        node = model.network.index[finding.readout]
        found[name] = np.where(contrast.settled, contrast.change[node], np.nan)
    return found


def called(change: Floats, limit: Floats | float, bar: float) -> Calls:
    """What each variant calls, as a number of `CALLS`; ambiguous where none of its draws rests.

    Parameters
    ----------
    change
        A row for each variant, a column for each of its draws.
    limit
        Below it a change does not count; one for all, or one for each variant.
    bar
        See `raphe.calling.Criteria`.

    Examples
    --------
    >>> rises, open_, nowhere = [1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [np.nan] * 3
    >>> [CALLS[one].value for one in called(np.array([rises, open_, nowhere]), 0.5, 0.6)]
    ['up', 'ambiguous', 'ambiguous']
    """
    edge = np.broadcast_to(np.asarray(limit, dtype=float), change.shape[:1])[:, None]
    count = np.isfinite(change).sum(axis=1)
    up = (change > edge).sum(axis=1) / np.maximum(count, 1)
    down = (change < -edge).sum(axis=1) / np.maximum(count, 1)
    shares = np.stack([up, down, 1 - up - down])
    best = shares.argmax(axis=0)
    passes = (shares.max(axis=0) >= bar) & (count > 0)
    return np.where(passes, best, CALLS.index(Call.AMBIGUOUS))


@dataclass(frozen=True, eq=False)
class Tried:
    """What findings' readouts do in a model; thresholds can then be chosen at no cost."""

    model: Model
    #: The readout of each finding, and what it does in each draw.
    readouts: Mapping[str, str]
    changes: Mapping[str, Floats]

    def calls(self, theta: float, bar: float) -> dict[str, Call]:
        """The call of each finding under these thresholds (`raphe.calling.Criteria`)."""
        network, ranges = self.model.network, self.model.ranges
        nodes = [network.index[readout] for readout in self.readouts.values()]
        change = np.stack([self.changes[name] for name in self.readouts])
        found = called(change, theta * ranges[nodes], bar)
        return {name: CALLS[call] for name, call in zip(self.readouts, found, strict=True)}


def try_model(model: Model, knowledge: Knowledge, findings: Mapping[str, Finding]) -> Tried:
    """What findings' readouts do in a model."""
    readouts = {name: finding.readout for name, finding in findings.items()}
    return Tried(model, readouts, responses(model, knowledge, findings))


def try_priors(
    model: Model, knowledge: Knowledge, findings: Mapping[str, Finding]
) -> tuple[Tried, ...]:
    """The same under every built-in prior that has a stable draw, the model's own first.

    With as many draws as for the mark of fragile calls (`raphe.model.FRAGILITY_DRAWS`).
    """
    draws = min(model.draws, FRAGILITY_DRAWS)
    names = (model.prior, *(name for name in PRIORS if name != model.prior))
    tried = []
    for name in names:
        with suppress(InputError):
            tried.append(try_model(replace(model, prior=name, draws=draws), knowledge, findings))
    return tuple(tried)
