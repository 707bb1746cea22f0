"""What a score must beat: the commonest class, the nearest signed walk, and signs dealt anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from raphe.calling import VISIBLE, Call
from raphe.consistency.experiments import experiment_of, experiment_order, treatments
from raphe.consistency.score import CLASSES, Score, Scored
from raphe.consistency.variants import CALLS, Calls, called, redrawn, responses
from raphe.finding import Finding, Regimen
from raphe.knowledge import Knowledge
from raphe.model import Model, is_untouched
from raphe.network import Network
from raphe.perturbation import perturb
from raphe.prior import uniforms
from raphe.propagation.arrays import Floats
from raphe.propagation.dynamic_range import REFERENCE_DRAWS, dynamic_ranges

#: Circuits with shuffled signs, and draws of each.
SHUFFLES, DRAWS_EACH = 200, 3
#: What reaches a node sums to no more than this in the comparison of shuffled circuits: below 1,
#: every dealing of signs comes to rest, and to one rest only (the map is a contraction).
MOST_HEARD = 0.95

Signs = Mapping[int, frozenset[int]]


def majority_class(score: Score) -> Score:
    """What always saying the commonest thing would reach.

    Examples
    --------
    >>> majority_class(Score(())).accuracy
    0.0
    """
    commonest = max(CLASSES, key=score.reported)
    return score.called_as({row.finding: commonest for row in score.rows})


def nearest_walk(
    model: Model, knowledge: Knowledge, findings: Mapping[str, Finding], score: Score
) -> Score:
    """What the sign of the shortest walk from what the treatment holds would reach.

    Notes
    -----
    A node is held where the median input that the treatment adds to it is one to be seen
    (`raphe.calling.VISIBLE`). A walk's sign is that of the input times those of its edges. Shortest
    walks of both signs leave the direction open; a readout that no walk reaches is unchanged. Slow
    edges take part in chronic treatment. After washout the drug is gone, and only walks that pass
    at least one slow edge count.
    """
    few = redrawn(model, np.arange(min(REFERENCE_DRAWS, model.ensemble.size)))
    calls: dict[str, Call] = {}
    latest: tuple[object, Signs] | None = None
    names = [row.finding for row in score.rows]
    for name in sorted(names, key=lambda one: (experiment_order(findings[one]), one)):
        finding = findings[name]
        treatment, comparator = treatments(finding, knowledge)
        key = (experiment_of(treatment), experiment_of(comparator), finding.regimen)
        if latest is None or latest[0] != key:
            pushes = perturb(few.network, few.ensemble, treatment, few.targets).inputs
            if not is_untouched(comparator):
                against = perturb(few.network, few.ensemble, comparator, few.targets)
                pushes = pushes - against.inputs
            latest = key, nearest_signs(model.network, np.median(pushes, axis=1), finding.regimen)
        signs = latest[1].get(model.network.index[finding.readout], frozenset())
        calls[name] = _call_of(signs)
    return score.called_as(calls)


def nearest_signs(network: Network, push: Floats, regimen: Regimen) -> Signs:
    """Signs of the shortest walks that lead to each node; 0 where an edge of them has none.

    Parameters
    ----------
    network
        *n* nodes.
    push
        Input of each node, *n*.
    regimen
        Which edges take part.
    """
    edges = list(
        zip(
            network.source.tolist(),
            network.target.tolist(),
            network.sign.tolist(),
            network.slow.tolist(),
            strict=True,
        )
    )
    is_gone = regimen is Regimen.WASHOUT
    # Where a walk is: at a node, and after washout whether a slow edge was passed on the way.
    here: dict[tuple[int, bool], set[int]] = {
        (int(node), False): {int(np.sign(push[node]))}
        for node in np.flatnonzero(np.abs(push) >= VISIBLE)
    }
    seen = dict(here)
    while here:
        further: dict[tuple[int, bool], set[int]] = {}
        for source, target, sign, slow in edges:
            if slow and regimen is Regimen.ACUTE:
                continue
            for passed in (False, True):
                there = (target, is_gone and (passed or slow))
                if (source, passed) in here and there not in seen:
                    brought = {sign * own for own in here[source, passed]}
                    further.setdefault(there, set()).update(brought)
        seen |= further
        here = further
    return {node: frozenset(own) for (node, passed), own in seen.items() if passed is is_gone}


def _call_of(signs: frozenset[int]) -> Call:
    if not signs:
        return Call.UNCHANGED
    if len(signs) > 1 or 0 in signs:
        return Call.AMBIGUOUS
    return Call.UP if 1 in signs else Call.DOWN


@dataclass(frozen=True)
class Dealt:
    """How circuits score whose signs were dealt anew among their edges."""

    #: Accuracy with the signs in place, under the same limits and with the same draws.
    in_place: float
    #: Accuracy, and share of opposite calls, of each shuffled circuit.
    accuracies: tuple[float, ...]
    opposites: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean accuracy of the shuffled circuits."""
        return float(np.mean(self.accuracies))

    @property
    def best(self) -> float:
        """Accuracy of the best of them."""
        return max(self.accuracies)

    @property
    def opposite(self) -> float:
        """Mean share of opposite calls of the shuffled circuits."""
        return float(np.mean(self.opposites))

    @property
    def p_value(self) -> float:
        """How likely a shuffled circuit does as well: (1 + as good) / (1 + all), never zero.

        B. Phipson and G. K. Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39.
        """
        as_good = sum(one >= self.in_place for one in self.accuracies)
        return (1 + as_good) / (1 + len(self.accuracies))


@dataclass(frozen=True, eq=False)
class Shuffles:
    """What circuits with shuffled signs call; the first is the circuit with its signs in place."""

    #: A row of calls for each finding, a column for each circuit.
    calls: Mapping[str, Calls]

    def among(self, score: Score) -> Dealt:
        """How they score on some of the findings."""
        right = np.mean([_is(row, row.reported, self.calls) for row in score.rows], axis=0)
        opposite = np.mean(
            [_is(row, _OPPOSITE.get(row.reported), self.calls) for row in score.rows], 0
        )
        return Dealt(float(right[0]), tuple(right[1:].tolist()), tuple(opposite[1:].tolist()))


_OPPOSITE = {Call.UP: Call.DOWN, Call.DOWN: Call.UP}


def _is(row: Scored, call: Call | None, calls: Mapping[str, Calls]) -> NDArray[np.float64]:
    number = CALLS.index(call) if call is not None else -1
    return np.asarray(calls[row.finding] == number, dtype=float)


def shuffle_signs(
    model: Model,
    knowledge: Knowledge,
    findings: Mapping[str, Finding],
    score: Score,
    shuffles: int = SHUFFLES,
) -> Shuffles:
    """What circuits call whose signs were dealt anew among their edges.

    Topology, magnitudes, tones and drugs stay as they are, and are the same in all circuits.

    Notes
    -----
    With signs dealt anew a circuit of this size has runaway loops: none of its draws is stable, and
    nothing could be said of them. So what reaches each node is limited to `MOST_HEARD`, its edges
    scaled down alike, in the circuit with its signs in place too: the comparison is of signs alone.
    """
    network = model.network
    draws = np.arange(min(DRAWS_EACH, model.ensemble.size))
    magnitudes = limited(network, np.abs(model.ensemble.weights[:, draws]))
    signs = np.stack(
        [_dealt(network, number, model.seed) for number in range(shuffles + 1)], axis=1
    )
    weights = (signs[:, :, None] * magnitudes[:, None, :]).reshape(len(signs), -1)
    tried = redrawn(model, np.tile(draws, shuffles + 1), weights)
    (ranges,) = dynamic_ranges(network, [tried.ensemble], len(draws))
    own = {row.finding: findings[row.finding] for row in score.rows}
    limits = model.criteria.theta * ranges
    return Shuffles(
        {
            name: called(
                change.reshape(shuffles + 1, -1),
                float(limits[network.index[own[name].readout]]),
                model.criteria.bar,
            )
            for name, change in responses(tried, knowledge, own).items()
        }
    )


def limited(network: Network, magnitudes: Floats) -> Floats:
    """Magnitudes that sum to no more than `MOST_HEARD` at any node, *m × d*.

    Edges to one node are scaled down alike, and only where they sum to more.
    """
    heard = np.zeros((network.size, magnitudes.shape[1]))
    np.add.at(heard, network.target, magnitudes)
    return np.asarray(magnitudes / np.maximum(1, heard / MOST_HEARD)[network.target])


def _dealt(network: Network, number: int, seed: int) -> NDArray[np.float64]:
    """Signs of the edges in the order of a shuffle; the first leaves them where they are."""
    # An edge without a sign counts as positive, in every circuit.
    signs = np.where(network.sign == 0, 1.0, network.sign.astype(float))
    if number == 0:
        return signs
    order = np.argsort(uniforms(seed, f"shuffle {number}", len(signs)), kind="stable")
    return np.asarray(signs[order])
