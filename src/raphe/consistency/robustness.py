"""How much a score rests on what was curated: strengths moved by a class, and other priors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from raphe.calling import Call
from raphe.consistency.score import Score
from raphe.consistency.variants import CALLS, Tried, called, redrawn, responses
from raphe.finding import Finding
from raphe.grades import STRENGTHS, UNIT, admissible
from raphe.knowledge import Knowledge
from raphe.model import Model
from raphe.prior import USUAL_PRIOR, uniforms
from raphe.propagation.arrays import Floats, Indices
from raphe.propagation.stability import assess_stability
from raphe.units import Interval

#: Circuits with every strength moved, and draws of each.
MOVES, DRAWS_EACH = 200, 3


@dataclass(frozen=True)
class Moved:
    """How circuits score in which every strength is a class higher or lower, at random."""

    #: Mean accuracy of the same circuits in the same few draws, with the strengths as declared.
    declared: float
    #: Accuracy of each circuit that has a stable draw.
    accuracies: tuple[float, ...]
    #: Circuits of which no draw is stable, and share of all draws that are unstable.
    unstable: int
    rejected_share: float

    @property
    def mean(self) -> float:
        """Mean accuracy."""
        return float(np.mean(self.accuracies)) if self.accuracies else 0.0

    @property
    def range90(self) -> tuple[float, float]:
        """The range in which 90 % of the accuracies lie."""
        if not self.accuracies:
            return 0.0, 0.0
        low, high = np.quantile(self.accuracies, (0.05, 0.95))
        return float(low), float(high)

    @property
    def loss(self) -> float:
        """How much accuracy is lost on average."""
        return self.declared - self.mean


@dataclass(frozen=True, eq=False)
class Moves:
    """Which findings are called right by circuits with every strength moved a class."""

    #: With the strengths as declared, and moved: of each finding, whether each circuit is right.
    right: Mapping[str, NDArray[np.bool_]]
    #: Whether each circuit has a stable draw.
    usable: NDArray[np.bool_]
    #: Share of all draws that are unstable.
    rejected_share: float

    def among(self, score: Score) -> Moved:
        """How they score on some of the findings: in the same circuits, and in the same draws."""
        hits = np.zeros((2, len(self.usable)))
        for row in score.rows:
            hits += self.right[row.finding]
        declared, accuracies = hits[:, self.usable] / max(score.total, 1)
        return Moved(
            float(declared.mean()) if self.usable.any() else 0.0,
            tuple(accuracies.tolist()),
            int((~self.usable).sum()),
            self.rejected_share,
        )


@dataclass(frozen=True)
class UnderPrior:
    """How the findings score when weights are drawn from one of the built-in priors."""

    prior: str
    draws: int
    score: Score


def move_strengths(
    model: Model,
    knowledge: Knowledge,
    findings: Mapping[str, Finding],
    score: Score,
    moves: int = MOVES,
) -> Moves:
    """What circuits call right in which every strength is moved one class up or down, at random.

    Notes
    -----
    Classes are those of `raphe.pathway.STRENGTHS`. A range that was declared in numbers belongs to
    the class whose middle is nearest, and is scaled as the middles are; so is what is weak and
    becomes weaker, or is dominant and becomes stronger. What defines a unit is no strength and
    stays, and what is necessary gets no stronger than the whole (`raphe.pathway.admissible`).
    Unstable draws are left out, as always.
    """
    # Draws of the declared strengths, whatever prior the model itself has.
    plain = replace(model, prior=USUAL_PRIOR)
    # Other draws for each circuit, so that what is lost does not hang on a few of them.
    draws = np.arange(moves * DRAWS_EACH) % plain.ensemble.size
    weights = moved_weights(plain, draws, moves)
    network = model.network
    stable = assess_stability(
        network.source,
        network.target,
        network.slow,
        weights,
        network.component,
        network.is_prompt,
    ).stable
    kept = np.flatnonzero(stable)
    # The yardstick stays that of the declared strengths: with those of each circuit the mean moved
    # by 0.3 points, and they cost twice the time.
    own = {row.finding: findings[row.finding] for row in score.rows}
    limits = {
        name: model.criteria.theta * float(plain.ranges[network.index[finding.readout]])
        for name, finding in own.items()
    }
    # In pairs: what is left out of one side is left out of the other.
    before = responses(redrawn(plain, draws[kept]), knowledge, own)
    after = responses(redrawn(plain, draws[kept], weights[:, kept]), knowledge, own)
    right: dict[str, NDArray[np.bool_]] = {}
    for row in score.rows:
        values = np.full((2, len(draws)), np.nan)
        values[:, kept] = before[row.finding], after[row.finding]
        calls = called(
            values.reshape(2 * moves, -1), limits[row.finding], model.criteria.bar
        ).reshape(2, moves)
        right[row.finding] = calls == CALLS.index(row.reported)
    usable = np.asarray(stable.reshape(moves, -1).any(axis=1))
    return Moves(right, usable, float(1 - stable.mean()))


def moved_weights(model: Model, draws: Indices, moves: int) -> Floats:
    """Weights of each circuit in its own draws, side by side, *m × moves · draws*."""
    network, ensemble = model.network, model.ensemble
    streams = [
        uniforms(model.seed, name, model.draws)[ensemble.kept] for name in network.edge_names
    ]
    uniform = np.stack(streams)[:, draws].reshape(len(streams), moves, -1)
    low, high = np.empty((2, len(streams), moves))
    declared = [edge.declared.strength for edge in network.pathway.edges]
    for number in range(moves):
        upward = uniforms(model.seed, f"move {number + 1}", len(streams)) < 0.5
        ranges = [
            admissible(moved(own, up), bool(necessary))
            for own, up, necessary in zip(declared, upward, network.necessary, strict=True)
        ]
        low[:, number] = [one.low for one in ranges]
        high[:, number] = [one.high for one in ranges]
    magnitudes = low[:, :, None] + (high - low)[:, :, None] * uniform
    return np.asarray(np.sign(ensemble.weights[:, draws]) * magnitudes.reshape(len(streams), -1))


def moved(strength: Interval, upward: bool) -> Interval:
    """A strength one class up or down.

    Examples
    --------
    >>> moved(STRENGTHS["moderate"], True) == STRENGTHS["strong"]
    True
    >>> moved(STRENGTHS["weak"], False).high < STRENGTHS["weak"].high
    True
    >>> moved(UNIT, True) == UNIT
    True
    """
    if strength == UNIT:
        return UNIT
    middles = sorted(map(_middle, STRENGTHS.values()))
    own = min(range(len(middles)), key=lambda place: abs(middles[place] - _middle(strength)))
    goal = own + (1 if upward else -1)
    if 0 <= goal < len(middles):
        if strength in STRENGTHS.values():
            return next(one for one in STRENGTHS.values() if _middle(one) == middles[goal])
        factor = middles[goal] / middles[own]
    else:
        # Beyond either end of the classes, the last step once more.
        factor = middles[own] / middles[own - (1 if upward else -1)]
    return Interval(strength.low * factor, strength.high * factor)


def _middle(strength: Interval) -> float:
    return (strength.low + strength.high) / 2


def under_priors(score: Score, tried: Sequence[Tried]) -> tuple[UnderPrior, ...]:
    """The score under each built-in prior, all with the same few draws, the model's own first."""
    return tuple(
        UnderPrior(
            one.model.prior,
            one.model.draws,
            score.called_as(one.calls(one.model.criteria.theta, one.model.criteria.bar)),
        )
        for one in tried
    )


def fragile(score: Score, priors: Sequence[UnderPrior]) -> Score:
    """Those calls that at least one of the other priors would not make.

    Parameters
    ----------
    score
        With the calls in question.
    priors
        The same findings under every prior, the score's own first.
    """
    return Score(
        tuple(
            row
            for number, row in enumerate(score.rows)
            if row.called is not Call.AMBIGUOUS
            and any(one.score.rows[number].called is not row.called for one in priors[1:])
        )
    )
