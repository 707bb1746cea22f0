"""What a score must beat: simpler rules on the circuit, and the circuit with shuffled signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from raphe.calling import Call, odds
from raphe.consistency.score import CLASSES, Score
from raphe.consistency.verdicts import Check
from raphe.finding import Direction, Regimen
from raphe.network import Network
from raphe.prediction import Model, Prediction, contrast_treatments
from raphe.prior import Ensemble, uniforms
from raphe.propagation.reduction import Floats, gains

#: Circuits with shuffled signs, and draws of each.
SHUFFLES, DRAWS_EACH = 200, 5


@dataclass(frozen=True)
class Shuffled:
    """How circuits score whose signs were dealt anew among their edges."""

    accuracies: tuple[float, ...]
    opposites: tuple[float, ...]
    p_value: float

    @property
    def mean(self) -> float:
        """Mean accuracy."""
        return float(np.mean(self.accuracies))

    @property
    def best(self) -> float:
        """Accuracy of the best of them."""
        return max(self.accuracies)


def nearest_walk_accuracy(checks: Sequence[Check]) -> float:
    """Share that the sign of the shortest walk from a drug's targets gets right.

    Walks of equal length and different sign leave the direction open; a readout that no walk
    reaches is unchanged. A target counts as pushed where the treatment's median input to it is
    not zero.
    """
    right = total = 0
    for check in _directed(checks):
        assert check.prediction is not None
        total += 1
        right += _nearest_walk(check.prediction, check.declared.readout).value == check.reported
    return right / max(total, 1)


def _nearest_walk(prediction: Prediction, readout: str) -> Call:
    network = prediction.model.network
    contrast = prediction.contrast
    push = np.median(contrast.perturbation.inputs - contrast.against.inputs, axis=1)
    signs = {int(node): {int(np.sign(push[node]))} for node in np.flatnonzero(np.abs(push) > 1e-6)}
    goal = network.index[readout]
    seen = set(signs)
    while signs and goal not in signs:
        signs = _step(network, signs, prediction.regimen is not Regimen.ACUTE, seen)
        seen |= set(signs)
    found = signs.get(goal)
    if not found:
        return Call.UNCHANGED
    if len(found) > 1 or 0 in found:
        return Call.AMBIGUOUS
    return Call.UP if 1 in found else Call.DOWN


def _step(
    network: Network, signs: dict[int, set[int]], slow: bool, seen: set[int]
) -> dict[int, set[int]]:
    further: dict[int, set[int]] = {}
    for edge, source in enumerate(network.source.tolist()):
        target = int(network.target[edge])
        if source in signs and target not in seen and (slow or not network.slow[edge]):
            for sign in signs[source]:
                further.setdefault(target, set()).add(sign * int(network.sign[edge]))
    return further


def shuffled_circuits(model: Model, checks: Sequence[Check], score: Score) -> Shuffled:
    """The scores of circuits whose signs were dealt anew, and how often they reach this one.

    Notes
    -----
    All shuffled circuits run side by side, as draws of one ensemble: `SHUFFLES` × `DRAWS_EACH`.
    The p-value is (1 + circuits at least as good) / (1 + circuits), which is never zero (Phipson
    and Smyth 2010).
    """
    ensemble = _shuffled_ensemble(model)
    wide = _WithEnsemble(model.network, model.targets, model.prior, ensemble.drawn, model.seed)
    wide.__dict__["ensemble"] = ensemble
    wide.__dict__["ranges"] = model.ranges
    right = np.zeros(SHUFFLES)
    opposite = np.zeros(SHUFFLES)
    total = 0
    for check in _directed(checks):
        assert check.prediction is not None
        total += 1
        prediction = check.prediction
        contrast = contrast_treatments(
            wide, prediction.treatment, prediction.comparator, prediction.regimen
        )
        node = model.network.index[check.declared.readout]
        limit = model.criteria.theta * model.ranges[node : node + 1]
        values = np.where(contrast.settled, contrast.change[node], 0.0).reshape(
            SHUFFLES, DRAWS_EACH
        )
        for number in range(SHUFFLES):
            call = odds(values[number : number + 1], limit)[0].call(model.criteria.bar)
            right[number] += call.value == check.reported
            opposite[number] += {call.value, check.reported} == {"up", "down"}
    accuracies = right / max(total, 1)
    reached = int((accuracies >= score.accuracy).sum())
    return Shuffled(
        tuple(float(one) for one in accuracies),
        tuple(float(one) for one in opposite / max(total, 1)),
        (1 + reached) / (1 + SHUFFLES),
    )


class _WithEnsemble(Model):
    """A model whose draws were made elsewhere."""


def _shuffled_ensemble(model: Model) -> Ensemble:
    """Draws whose signs are those of the circuit, dealt anew for each `DRAWS_EACH` of them."""
    own, network = model.ensemble, model.network
    count = SHUFFLES * DRAWS_EACH
    take = np.arange(count) % own.size
    magnitudes = np.abs(own.weights[:, take])
    signs = np.empty((len(network.edge_names), SHUFFLES))
    for number in range(SHUFFLES):
        order = np.argsort(
            uniforms(model.seed, f"shuffle {number}", len(network.edge_names)), kind="stable"
        )
        signs[:, number] = np.where(network.sign == 0, 1, network.sign)[order]
    weights = magnitudes * np.repeat(signs, DRAWS_EACH, axis=1)
    return replace(
        own,
        drawn=own.drawn,
        kept=own.kept[take],
        weights=weights,
        tones=own.tones[:, take],
        fast_gains=_gains(network, weights, slow=False),
        full_gains=_gains(network, weights, slow=True),
    )


def _gains(network: Network, weights: Floats, slow: bool) -> Floats:
    return gains(network.full_plan if slow else network.fast_plan, weights)


def _directed(checks: Sequence[Check]) -> list[Check]:
    """Findings of one of the three directions that are in scope."""
    words = {one.value for one in CLASSES}
    return [
        check
        for check in checks
        if check.row is not None
        and check.declared.direction not in (None, Direction.NORMALISED)
        and check.reported in words
    ]
