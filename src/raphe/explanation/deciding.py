"""Which unknowns decide between two answers: weights, tones, affinities and exposures.

Where some draws go up and others down, the unknowns that the draws differ in decide. Of each it is
asked how well it alone tells the two groups apart: by the area under the curve, the chance that of
one draw of either group the one that goes up has more of it (Hanley and McNeil 1982), and by the
boundary that tells most apart (Youden 1950). Unknowns are drawn independently of each other, so
what separates also decides, but for what the rejection of unstable draws ties together. Of a few
together, Fisher's linear discriminant is asked, fitted on every other draw and judged on the rest.

J. A. Hanley, B. J. McNeil, Radiology 143 (1982) 29–36. W. J. Youden, Cancer 3 (1950) 32–35.
R. A. Fisher, Annals of Eugenics 7 (1936) 179–188.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from raphe.calling import Call
from raphe.prediction import Prediction
from raphe.propagation.arrays import Floats, Mask
from raphe.unknowns import Drawn, Kind, of_circuit, of_treatment

#: Draws that either group must have for the two to be compared.
FEWEST = 20
#: What one unknown must reach to be said to decide; and what chance reaches once in a thousand
#: times among all unknowns that are asked.
SEPARATES = 0.6
_CHANCE = 1e-3
#: Unknowns that are looked at closely, those that differ most in the mean first.
_CANDIDATES = 60
#: Unknowns that may be combined, the best by themselves; how many are at most, and what one more
#: must add.
_COMBINABLE = 20
_COMBINED = 3
_WORTH_ADDING = 0.02


@dataclass(frozen=True)
class Factor:
    """How well one unknown tells two answers apart."""

    unknown: Drawn
    #: Chance that of one draw of either group, the one with more of it is of the first answer.
    area: float
    #: Boundary that tells most apart, the share of the first answer below it and above it, and how
    #: many draws lie above.
    boundary: float
    below: float
    above: float
    draws_above: int

    @property
    def separation(self) -> float:
        """The area, whichever answer more of it leads to: 0.5 nothing, 1 all."""
        return max(self.area, 1 - self.area)


@dataclass(frozen=True)
class Combination:
    """A few unknowns together."""

    #: With the weight of each, in its standard deviations; the first has weight 1 or −1.
    parts: tuple[tuple[Drawn, float], ...]
    #: The separation that it reaches on draws that it was not fitted to.
    separation: float


@dataclass(frozen=True)
class Decision:
    """What decides between the two likeliest answers."""

    first: Call
    second: Call
    #: Draws of each.
    counts: tuple[int, int]
    #: How many unknowns were asked, and those that separate, best first.
    asked: int
    factors: tuple[Factor, ...]
    #: The best one, whether it separates or not; None where there are too few draws of one.
    best: Factor | None
    combination: Combination | None

    @property
    def is_comparable(self) -> bool:
        """Whether there are enough draws of both."""
        return min(self.counts) >= FEWEST


def what_decides(prediction: Prediction, node: str, most: int = 5) -> Decision:
    """Which unknowns decide between the two likeliest answers for a node.

    Parameters
    ----------
    most
        How many are told at most.
    """
    model, contrast = prediction.model, prediction.contrast
    number = model.network.index[node]
    change = contrast.change[number]
    limit = float(model.criteria.theta * model.ranges[number])
    groups = {
        Call.UP: contrast.settled & (change > limit),
        Call.DOWN: contrast.settled & (change < -limit),
        Call.UNCHANGED: contrast.settled & (np.abs(change) <= limit),
    }
    first, second = sorted(groups, key=lambda one: -int(groups[one].sum()))[:2]
    # Up before unchanged before down, so that more of an unknown reads as leading upwards.
    order = (Call.UP, Call.UNCHANGED, Call.DOWN)
    first, second = sorted((first, second), key=order.index)
    counts = int(groups[first].sum()), int(groups[second].sum())
    unknowns = tuple(_unknowns(prediction, number))
    if min(counts) < FEWEST or not unknowns:
        return Decision(first, second, counts, len(unknowns), (), None, None)
    chosen = np.flatnonzero(groups[first] | groups[second])
    is_first = groups[first][chosen]
    values = np.stack([one.values[chosen] for one in unknowns])
    best = _most_different(values, is_first)
    factors = [factor_of(unknowns[one], values[one], is_first) for one in best]
    bar = max(SEPARATES, 0.5 + _beyond_chance(counts, len(unknowns)))
    ranked = sorted(
        zip(factors, best, strict=True),
        key=lambda pair: (-pair[0].separation, pair[0].unknown.name),
    )
    own = [(unknowns[one], values[one]) for _, one in ranked[:_COMBINABLE]]
    return Decision(
        first,
        second,
        counts,
        len(unknowns),
        tuple(factor for factor, _ in ranked[:most] if factor.separation >= bar),
        ranked[0][0] if ranked else None,
        _combined(own, is_first),
    )


def factor_of(unknown: Drawn, values: Floats, is_first: Mask) -> Factor:
    """How well one unknown tells two groups of draws apart.

    Parameters
    ----------
    values
        Of each draw.
    is_first
        Whether each draw is of the first group.

    Examples
    --------
    >>> values = np.array([0.1, 0.2, 0.3, 0.4])
    >>> one = Drawn("a -> b", Kind.WEIGHT, values)
    >>> found = factor_of(one, values, values > 0.25)
    >>> found.area, found.boundary, found.below, found.above
    (1.0, 0.25, 0.0, 1.0)
    """
    order = np.argsort(values, kind="stable")
    ordered, firsts = values[order], is_first[order].astype(float)
    count, total = len(ordered), float(firsts.sum())
    # Of draws with the same value, half are taken to have more.
    _, starts, sizes = np.unique(ordered, return_index=True, return_counts=True)
    ranks = np.repeat(starts + (sizes + 1) / 2, sizes)
    area = (float(ranks @ firsts) - total * (total + 1) / 2) / (total * (count - total))
    # Between two values, not within draws that have the same.
    cuts = starts[1:]
    if not len(cuts):
        share = total / count
        return Factor(unknown, area, float(ordered[0]), share, share, 0)
    before = np.cumsum(firsts)[cuts - 1]
    apart = np.abs(before / total - (cuts - before) / (count - total))
    best = int(np.argmax(apart))
    cut = int(cuts[best])
    return Factor(
        unknown,
        area,
        float((ordered[cut - 1] + ordered[cut]) / 2),
        float(before[best] / cut),
        float((total - before[best]) / (count - cut)),
        count - cut,
    )


def _beyond_chance(counts: tuple[int, int], asked: int) -> float:
    """How far from a half the area of one of many useless unknowns hardly ever is.

    The area's standard error where nothing separates, times the normal deviate of the share of
    chance that falls to each.
    """
    one, other = counts
    error = math.sqrt((one + other + 1) / (12 * one * other))
    # Chernoff's bound of the normal tail: never too small a deviate.
    return error * math.sqrt(2 * math.log(2 * max(asked, 1) / _CHANCE))


def _most_different(values: Floats, is_first: Mask) -> list[int]:
    """Unknowns whose means differ most between the groups, in their standard deviations."""
    spread = values.std(axis=1)
    apart = np.abs(values[:, is_first].mean(axis=1) - values[:, ~is_first].mean(axis=1))
    score = np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 1e-12)
    order = np.argsort(-score, kind="stable")[:_CANDIDATES]
    return [one for one in order.tolist() if score[one] > 0]


def _combined(ranked: Sequence[tuple[Drawn, Floats]], is_first: Mask) -> Combination | None:
    """Fisher's discriminant of a few unknowns, each added only if it helps on the other draws."""
    fitted = np.arange(len(is_first)) % 2 == 0
    judged = ~fitted
    if any(part.all() or not part.any() for part in (is_first[fitted], is_first[judged])):
        return None
    spread = [values.std() for _, values in ranked]
    scaled = [values / one for (_, values), one in zip(ranked, spread, strict=True)]
    chosen: list[int] = []
    reached, weights = 0.0, np.zeros(0)
    while len(chosen) < _COMBINED:
        trials = []
        for one in range(len(ranked)):
            if one not in chosen:
                several = np.stack([scaled[own] for own in (*chosen, one)])
                own_weights = _discriminant(several[:, fitted], is_first[fitted])
                score = own_weights @ several
                trials.append((_area(score[fitted], is_first[fitted]), one, own_weights, score))
        if not trials:
            break
        # Chosen by the draws that it is fitted to, and kept if it helps on the others.
        _, one, own_weights, score = max(trials, key=lambda trial: trial[0])
        separation = _area(score[judged], is_first[judged])
        if separation < reached + _WORTH_ADDING:
            break
        reached, weights = separation, own_weights
        chosen.append(one)
    if len(chosen) < 2 or reached < SEPARATES:
        return None
    scale = float(np.abs(weights[0]))
    parts = [
        (ranked[one][0], float(weight / scale)) for one, weight in zip(chosen, weights, strict=True)
    ]
    return Combination(tuple(parts), reached)


def _area(values: Floats, is_first: Mask) -> float:
    return factor_of(Drawn("", Kind.WEIGHT, values), values, is_first).area


def _discriminant(values: Floats, is_first: Mask) -> Floats:
    """Weights of Fisher's discriminant of two groups."""
    one, other = values[:, is_first], values[:, ~is_first]
    apart = one.mean(axis=1) - other.mean(axis=1)
    if min(one.shape[1], other.shape[1]) < 3:
        return np.asarray(np.sign(apart))
    within = np.atleast_2d(np.cov(one)) + np.atleast_2d(np.cov(other))
    return np.asarray(np.linalg.solve(within + 1e-9 * np.eye(len(values)), apart))


def _unknowns(prediction: Prediction, goal: int) -> Iterator[Drawn]:
    """What is drawn and may bear on a node: what lies on a way to it."""
    model = prediction.model
    bearing = _bearing(prediction, goal)
    contacts = (*prediction.perturbation.contacts, *prediction.contrast.against.contacts)
    reaching = {one.target for one in contacts if bearing[one.node]}
    given = [
        one
        for treatment in (prediction.treatment, prediction.comparator)
        for one in of_treatment(model, treatment)
    ]
    seen: set[str] = set()
    for one in (*of_circuit(model), *given):
        if one.name in seen:
            continue
        seen.add(one.name)
        if one.ends and not any(bearing[source] and bearing[end] for source, end in one.ends):
            continue
        # Of an edge on which papers disagree it is asked whether it is there.
        known = bool(np.isfinite(one.values).all())
        if known and np.ptp(one.values) > 0 and (not one.target or one.target in reaching):
            yield one


def _bearing(prediction: Prediction, goal: int) -> Mask:
    """Nodes that move and have a way to the goal, or set what such nodes hear."""
    network, contrast = prediction.model.network, prediction.contrast
    moves = np.abs(contrast.treated.x).max(axis=1) > 0
    if contrast.treated.adapted is not None:
        moves |= np.abs(contrast.treated.adapted).max(axis=1) > 0
    if contrast.other is not None:
        moves |= np.abs(contrast.other.x).max(axis=1) > 0
    return np.asarray(network.reaching(goal) & moves)
