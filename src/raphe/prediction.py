"""The main question: what goes up and what goes down under a treatment, against a comparator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from types import MappingProxyType

import numpy as np

from raphe.calling import Call, Odds, calls, odds
from raphe.certain import treatment_certainties
from raphe.contrast import Contrast, Responder, contrast_treatments
from raphe.errors import InputError, Problem
from raphe.finding import Regimen
from raphe.model import Model
from raphe.perturbation import Perturbation
from raphe.propagation.arrays import Floats
from raphe.propagation.certainty import Certainty
from raphe.treatment import Treatment


@dataclass(frozen=True)
class Reading:
    """What the draws say of one node."""

    node: str
    label: str
    place: str
    call: Call
    odds: Odds
    #: The call changes when the threshold is halved or doubled.
    borderline: bool


@dataclass(frozen=True)
class Row(Reading):
    """What is predicted of one node: what the draws say, and how far that may be trusted."""

    certainty: Certainty
    #: Another built-in prior would not make this call; which ones.
    fragile: tuple[str, ...]

    @property
    def is_fragile(self) -> bool:
        """Whether another built-in prior would not make this call."""
        return bool(self.fragile)


@dataclass(frozen=True, eq=False)
class Prediction:
    """What goes up and what goes down; a mapping from nodes to rows.

    What is asked of one node alone, `reading`, is worked out for that node alone. The rows, with
    what is certain and what is fragile, are worked out for all nodes when the first is asked for.
    """

    treatment: Treatment
    regimen: Regimen
    comparator: Treatment
    model: Model = field(repr=False)
    contrast: Contrast = field(repr=False)
    #: Whether the rows tell what other priors make of it.
    fragility: bool = True
    #: How much each draw counts, *d*; None: all alike.
    weights: Floats | None = field(default=None, repr=False)

    def __getitem__(self, node: str) -> Row:
        """What is predicted of a node.

        Raises
        ------
        InputError
            The circuit has no such node.
        """
        return self.rows[self.model.network.pathway.find(node)]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows.values())

    def __len__(self) -> int:
        return self.model.network.size

    def reading(self, node: str) -> Reading:
        """What the draws say of a node.

        Raises
        ------
        InputError
            The circuit has no such node.
        """
        number = self._number(node)
        (reading,) = self._readings(slice(number, number + 1))
        return reading

    @cached_property
    def certainties(self) -> tuple[Certainty, ...]:
        """Directions in which each node may move, whatever the weights, in the network's order."""
        return treatment_certainties(
            self.model, self.contrast, self.treatment, self.comparator, self.regimen
        )

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """What is predicted of each node, by name."""
        readings = self._readings(slice(None))
        doubted = _doubts(self, [one.call for one in readings])
        return MappingProxyType(
            {
                one.node: Row(
                    one.node,
                    one.label,
                    one.place,
                    one.call,
                    one.odds,
                    one.borderline,
                    certainty=self.certainties[number],
                    fragile=doubted[number],
                )
                for number, one in enumerate(readings)
            }
        )

    @property
    def prior(self) -> str:
        """Name of the prior that the draws come from."""
        return self.model.prior

    @property
    def seed(self) -> int:
        """Seed of the draws."""
        return self.model.seed

    @property
    def drawn(self) -> int:
        """How many draws were made."""
        return self.model.ensemble.drawn

    @property
    def rejected_share(self) -> float:
        """Share of draws that were unstable."""
        return self.model.ensemble.rejected_share

    @property
    def unsettled_share(self) -> float:
        """Share of the stable draws that did not come to rest."""
        return float(1 - self.contrast.settled.mean())

    @property
    def readouts(self) -> tuple[str, ...]:
        """Nodes that are shown first."""
        return self.model.network.pathway.readouts

    @property
    def title(self) -> str:
        """What was done, as a heading."""
        return f"{treatment_title(self.treatment)}, {self.regimen}"

    @property
    def unplaced(self) -> Mapping[str, tuple[str, ...]]:
        """Targets that drugs bind and the circuit has no node for, by drug."""
        return self.perturbation.unplaced

    @property
    def perturbation(self) -> Perturbation:
        """What the treatment does to the nodes, in each draw."""
        return self.contrast.perturbation

    @cached_property
    def change(self) -> Floats:
        """Change of each node in each draw that came to rest, *n × d*."""
        return self.contrast.of_settled(slice(None))

    @property
    def _weights(self) -> Floats | None:
        """How much each draw that came to rest counts."""
        if self.weights is None:
            return None
        own = self.weights[self.contrast.settled]
        return np.asarray(own / own.sum())

    def _number(self, node: str) -> int:
        network = self.model.network
        return network.index[network.pathway.find(node)]

    def _readings(self, part: slice) -> list[Reading]:
        """What the draws say of some nodes."""
        model = self.model
        change = self.contrast.of_settled(part)
        weights = self._weights
        threshold = model.criteria.theta * model.ranges[part]
        bar = model.criteria.bar
        return [
            Reading(
                node=name,
                label=node.label,
                place=node.place,
                call=share.call(bar),
                odds=share,
                borderline=not share.call(bar) == halved == doubled,
            )
            for (name, node), share, halved, doubled in zip(
                islice(model.network.pathway.nodes.items(), part.start, part.stop),
                odds(change, threshold, weights),
                calls(change, threshold / 2, bar, weights),
                calls(change, threshold * 2, bar, weights),
                strict=True,
            )
        ]


def treatment_title(treatment: Treatment) -> str:
    """A treatment in words.

    Examples
    --------
    >>> treatment_title(Treatment())
    'vehicle'
    """
    names = " + ".join(given.drug.title.lower() for given in treatment.administrations) or "vehicle"
    if treatment.condition is not None:
        names += f" under {treatment.condition.title.lower()}"
    if treatment.without:
        names += f" without {', '.join(treatment.without)}"
    return names


def predict_treatment(
    model: Model,
    treatment: Treatment,
    regimen: Regimen,
    comparator: Treatment | None = None,
    fragility: bool = True,
    respond: Responder | None = None,
    weights: Floats | None = None,
) -> Prediction:
    """What a treatment changes in a circuit, against a comparator.

    Parameters
    ----------
    model
        The circuit and its draws.
    treatment
        Drugs, condition, and targets left out.
    regimen
        How long the drugs have acted; the comparator's drugs as long.
    comparator
        Another treatment; by default the same animal given vehicle.
    fragility
        Whether the other priors are asked too.
    respond
        See `contrast_treatments`.
    weights
        How much each draw counts, *d*, such as `raphe.conditioning` gives; all alike by default.
        Other priors do not know of them, so `fragility` should be left out then.

    Raises
    ------
    InputError
        No draw came to rest.
    """
    comparator = comparator if comparator is not None else treatment.without_drugs
    contrast = contrast_treatments(model, treatment, comparator, regimen, respond)
    if not contrast.settled.any():
        raise InputError(
            [Problem("no draw came to rest.", "Weaken the positive loops of the circuit.")]
        )
    return Prediction(treatment, regimen, comparator, model, contrast, fragility, weights)


def _doubts(prediction: Prediction, made: list[Call]) -> list[tuple[str, ...]]:
    """Which other priors would not make each call."""
    doubts: list[tuple[str, ...]] = [()] * len(made)
    if not prediction.fragility:
        return doubts
    others = prediction.model.others
    if not others.ensembles:
        return [others.priors] * len(made)
    contrast = contrast_treatments(
        others, prediction.treatment, prediction.comparator, prediction.regimen
    )
    for prior, found in others.calls(contrast.change, contrast.settled):
        for number, call in enumerate(made):
            if not found or found[number] is not call:
                doubts[number] = (*doubts[number], prior)
    return doubts
