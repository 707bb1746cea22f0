"""Each finding against the prediction of its own experiment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

import numpy as np

from raphe.calling import Call
from raphe.consistency.experiments import Predictions, experiment_order
from raphe.consistency.reasons import reason
from raphe.errors import NotFoundError
from raphe.finding import Direction, Finding, Regimen
from raphe.knowledge import Knowledge
from raphe.model import Model
from raphe.network import Network
from raphe.prediction import Prediction, Reading
from raphe.propagation.certainty import Certainty


class Verdict(Enum):
    """How a finding and its prediction stand to each other."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    #: The prediction leaves the direction open, which never counts as agreement.
    AMBIGUOUS = "ambiguous"
    #: The circuit lacks something that the finding is about.
    OUT_OF_SCOPE = "out of scope"


@dataclass(frozen=True, eq=False)
class Check:
    """One finding with its verdict; why is worked out when it is asked for."""

    finding: str
    declared: Finding = field(repr=False)
    verdict: Verdict
    #: In the words of the finding: up, down, unchanged, normalised, or a range of occupancy.
    reported: str
    #: In the same words; ``ambiguous`` where the direction is open, empty where out of scope.
    predicted: str = ""
    #: Of what is predicted; None where nothing is.
    probability: float | None = None
    #: What is predicted of the readout; None for an occupancy, and out of scope.
    row: Reading | None = field(default=None, repr=False)
    predictions: Predictions | None = field(default=None, repr=False)
    #: What is said before the reason, or in its place.
    said: str = field(default="", repr=False)
    #: The direction that did not come about.
    missed: Call | None = field(default=None, repr=False)

    @property
    def readout(self) -> str:
        """What was measured."""
        occupancy = self.declared.occupancy
        if occupancy is None:
            return self.declared.readout
        region = f", {occupancy.region}" if occupancy.region else ""
        return f"occupancy of {occupancy.target}{region}"

    @property
    def prediction(self) -> Prediction | None:
        """The prediction of the whole experiment; None where it is out of scope."""
        return self.predictions.of(self.declared) if self.predictions else None

    @cached_property
    def certainty(self) -> Certainty | None:
        """Directions in which the readout may move, whatever the weights.

        None where nothing is predicted of it, or no direction is.
        """
        prediction = self.prediction
        if self.row is None or self.row.call is Call.AMBIGUOUS or prediction is None:
            return None
        return prediction.certainties[prediction.model.network.index[self.row.node]]

    @cached_property
    def why(self) -> str:
        """The path that carries the change, or what stands in its way; or what is missing."""
        parts = [self.said]
        if self.row is not None and self.predictions is not None and self.predicted != "not moved":
            prediction = self.predictions.of(self.declared)
            parts.append(reason(prediction, self.declared.readout, self.missed))
        if self.declared.transient and self.row is not None:
            parts.append("That it passes is not tested: only where it leads is computed.")
        return " ".join(filter(None, parts))


def check_findings(
    model: Model,
    knowledge: Knowledge,
    findings: Mapping[str, Finding],
    reasons: bool = False,
    certainties: bool = False,
) -> Iterable[Check]:
    """The verdict on each finding, those of one experiment side by side.

    Parameters
    ----------
    model, knowledge
        What predicts, and what it is told of.
    findings
        By name.
    reasons, certainties
        Whether `Check.why` and `Check.certainty` are worked out at once, while the prediction of
        the experiment is at hand: later it is computed again.
    """
    predictions = Predictions(model, knowledge)
    for name in sorted(findings, key=lambda one: (experiment_order(findings[one]), one)):
        check = check_finding(name, findings[name], predictions)
        if reasons:
            _ = check.why
        if certainties:
            _ = check.certainty
        yield check


def check_finding(name: str, finding: Finding, predictions: Predictions) -> Check:
    """The verdict on one finding."""
    missing = missing_for(finding, predictions.model.network, predictions.knowledge)
    if missing:
        return Check(name, finding, Verdict.OUT_OF_SCOPE, _reported(finding), said=missing)
    if finding.occupancy is not None:
        return _check_occupancy(name, finding, predictions)
    prediction = predictions.of(finding)
    if finding.direction is Direction.NORMALISED:
        return _check_normalised(name, finding, predictions, prediction)
    row, reported = prediction.reading(finding.readout), Call(_reported(finding))
    verdict = _verdict(row.call, reported)
    return Check(
        name,
        finding,
        verdict,
        reported.value,
        row.call.value,
        row.odds.probability(row.call),
        row,
        predictions,
        missed=None if verdict is Verdict.AGREES else reported,
    )


def _verdict(call: Call, reported: Call) -> Verdict:
    if call is Call.AMBIGUOUS:
        return Verdict.AMBIGUOUS
    return Verdict.AGREES if call is reported else Verdict.DISAGREES


def _reported(finding: Finding) -> str:
    if finding.occupancy is not None and finding.occupancy.reported is not None:
        return _percent(finding.occupancy.reported.low, finding.occupancy.reported.high)
    return finding.direction.value if finding.direction else ""


def _percent(low: float, high: float) -> str:
    return f"{100 * low:.0f} – {100 * high:.0f} %"


def missing_for(finding: Finding, network: Network, knowledge: Knowledge) -> str:
    """What the knowledge base lacks for a finding, as a sentence; empty where it has all."""
    lacking = []
    if finding.occupancy is None and finding.readout not in network.index:
        lacking.append(f"circuit '{network.pathway.name}' has no node '{finding.readout}'")
    for name in (*finding.drugs, *(one for one in finding.compared_with if one != "vehicle")):
        try:
            knowledge.drug(name)
        except NotFoundError:
            lacking.append(f"there is no drug '{name}'")
    if finding.condition and finding.condition not in knowledge.names("conditions"):
        lacking.append(f"there is no condition '{finding.condition}'")
    if finding.outside:
        lacking.append(finding.outside)
    sentence = "; ".join(lacking)
    return sentence[:1].upper() + sentence[1:] + "." if sentence else ""


def _check_occupancy(name: str, finding: Finding, predictions: Predictions) -> Check:
    assert finding.occupancy is not None
    assert finding.occupancy.reported is not None
    prediction = predictions.of(finding)
    symbols = predictions.model.targets.symbols(finding.occupancy.target) or (
        finding.occupancy.target,
    )
    sites = set(predictions.model.network.sites(symbols))
    found = [
        contact.occupancy for contact in prediction.perturbation.contacts if contact.node in sites
    ]
    reported = finding.occupancy.reported
    text = _reported(finding)
    if not found:
        why = f"The drug does not bind {finding.occupancy.target} at any node of the circuit."
        return Check(name, finding, Verdict.OUT_OF_SCOPE, text, said=why)
    low, median, high = np.quantile(found[0], (0.05, 0.5, 0.95))
    inside = float(((found[0] >= reported.low) & (found[0] <= reported.high)).mean())
    if reported.low <= median <= reported.high:
        verdict = Verdict.AGREES
    elif low <= reported.high and high >= reported.low:
        verdict = Verdict.AMBIGUOUS
    else:
        verdict = Verdict.DISAGREES
    given = prediction.treatment.administrations[0]
    why = (
        f"{given.concentration} nM free against the declared affinities occupies "
        f"{100 * median:.0f} % of {finding.occupancy.target} "
        f"(90 % of draws: {_percent(low, high)})."
    )
    predicted = _percent(low, high)
    return Check(name, finding, verdict, text, predicted, inside, predictions=predictions, said=why)


def _check_normalised(
    name: str, finding: Finding, predictions: Predictions, prediction: Prediction
) -> Check:
    """Whether what a condition, or the acute drug, moved is moved back."""
    model = predictions.model
    number = model.network.index[finding.readout]
    limit = model.criteria.theta * model.ranges[number]
    if finding.condition:
        moved, whole = _moved_by_condition(finding, predictions, number)
        what = "the condition"
    else:
        acute = predictions.of(finding, Regimen.ACUTE)
        moved = _all_draws(acute)[number]
        whole = _all_draws(prediction)[number]
        what = "acute treatment"
    usable = np.isfinite(moved) & np.isfinite(whole)
    moved, whole = moved[usable], whole[usable]
    shifted = np.abs(moved) > limit
    if shifted.mean() < 1 - model.criteria.bar:
        why = f"In this circuit {what} does not move {finding.readout} to begin with."
        still = float(1 - shifted.mean())
        verdict, row = Verdict.DISAGREES, prediction.reading(finding.readout)
        return Check(
            name, finding, verdict, "normalised", "not moved", still, row, predictions, why
        )
    after = whole[shifted]
    before = moved[shifted]
    back = np.abs(after) <= np.maximum(limit, model.criteria.quarter * np.abs(before))
    if finding.condition:
        # Of a condition: the drug moves back what the condition moved, and not beyond.
        closer = (np.abs(after) < np.abs(before) - limit) & (after * np.sign(before) >= -limit)
        back |= closer
    share = float(back.mean())
    further = float((np.abs(after) > np.abs(before) + limit).mean())
    if share >= model.criteria.bar:
        predicted, verdict, probability = "normalised", Verdict.AGREES, share
    elif max(1 - share, further) >= model.criteria.bar:
        predicted, verdict, probability = "not normalised", Verdict.DISAGREES, 1 - share
    else:
        predicted, verdict, probability = "ambiguous", Verdict.AMBIGUOUS, max(share, 1 - share)
    wanted = Call.DOWN if np.median(before) > 0 else Call.UP
    moves = f"{what[0].upper()}{what[1:]} moves it {'up' if wanted is Call.DOWN else 'down'}."
    missed = None if verdict is Verdict.AGREES else wanted
    row = prediction.reading(finding.readout)
    return Check(
        name,
        finding,
        verdict,
        "normalised",
        predicted,
        probability,
        row,
        predictions,
        moves,
        missed,
    )


def _moved_by_condition(
    finding: Finding, predictions: Predictions, number: int
) -> tuple[
    np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    np.ndarray[tuple[int, ...], np.dtype[np.float64]],
]:
    """Deviation of a readout from the healthy animal: under the condition, and with the drug."""
    alone = finding.model_copy(update={"drugs": {}, "compared_with": ("vehicle",)})
    ill = _all_draws(predictions.of(alone, Regimen.CHRONIC))[number]
    treated = ill + _all_draws(predictions.of(finding))[number]
    return ill, treated


def _all_draws(prediction: Prediction) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Changes with a place for every draw, not a number where it did not come to rest."""
    full = np.full((prediction.change.shape[0], len(prediction.contrast.settled)), np.nan)
    full[:, prediction.contrast.settled] = prediction.change
    return full


def tally(checks: Iterable[Check]) -> dict[Verdict, int]:
    """How many findings have each verdict."""
    counted = Counter(check.verdict for check in checks)
    return {verdict: counted[verdict] for verdict in Verdict}
