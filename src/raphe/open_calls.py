"""Calls that are in question, with what each draw says of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from raphe.calling import Call
from raphe.finding import Regimen
from raphe.information import Events
from raphe.panel import Panel
from raphe.prediction import Prediction
from raphe.reweighting import Codes, outcomes
from raphe.treatment import Treatment


@dataclass(frozen=True, eq=False)
class Asked:
    """A call that is in question."""

    treatment: Treatment
    regimen: Regimen
    comparator: Treatment
    node: str
    call: Call
    #: Probability of up, down and unchanged.
    shares: tuple[float, float, float]
    #: What each draw does, *d*.
    codes: Codes = field(repr=False)


def ask(prediction: Prediction, node: str) -> Asked:
    """A call of a prediction as a question.

    Raises
    ------
    InputError
        The circuit has no such node.
    """
    model, contrast = prediction.model, prediction.contrast
    reading = prediction.reading(node)
    number = model.network.index[node]
    limit = model.criteria.theta * float(model.ranges[number])
    return Asked(
        prediction.treatment,
        prediction.regimen,
        prediction.comparator,
        node,
        reading.call,
        (reading.odds.up, reading.odds.down, reading.odds.unchanged),
        outcomes(contrast.change[number][None], limit, contrast.settled)[0],
    )


def open_questions(panel: Panel, regimen: Regimen, drugs: Collection[str]) -> tuple[Asked, ...]:
    """Calls of the circuit's readouts that are ambiguous, under drugs of the panel."""
    bar = panel.model.criteria.bar
    found = []
    for experiment in panel.experiments:
        if experiment.regimen is not regimen or experiment.drug not in drugs:
            continue
        events = Events(experiment.codes[:, experiment.settled])
        shares = (events.counts / max(events.codes.shape[1], 1)).tolist()
        for node in panel.model.network.pathway.readouts:
            number = panel.number[node]
            if max(shares[number]) < bar:
                found.append(
                    Asked(
                        experiment.treatment,
                        regimen,
                        Treatment(),
                        node,
                        Call.AMBIGUOUS,
                        tuple(shares[number]),
                        experiment.codes[number],
                    )
                )
    return tuple(found)
