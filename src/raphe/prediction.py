"""The main question: what goes up and what goes down under a treatment, against a comparator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import islice
from types import MappingProxyType

import numpy as np

from raphe.calling import CRITERIA, Call, Criteria, Odds, calls, odds
from raphe.composition import compose
from raphe.errors import InputError, Problem, nearest
from raphe.finding import Regimen
from raphe.knowledge import USUAL_CIRCUIT, Knowledge
from raphe.network import SIGNS, Network, compile_network
from raphe.perturbation import Perturbation, Treatment, declared_push, perturb
from raphe.prior import (
    PRIORS,
    UNDECIDED,
    USUAL_DRAWS,
    USUAL_PRIOR,
    USUAL_SEED,
    Ensemble,
    draw_ensemble,
    join_ensembles,
)
from raphe.propagation.certainty import Certainty, Ground, certainties
from raphe.propagation.dynamic_range import dynamic_ranges
from raphe.propagation.reduction import Floats
from raphe.propagation.response import Response, respond
from raphe.propagation.steady_state import Mask
from raphe.sign import Change
from raphe.target import Targets

#: Draws that the other priors are asked with, when it is asked whether a call is fragile, and those
#: of them that the dynamic ranges are taken from. Against ten times as many, 4 of 100 readouts are
#: then marked otherwise; with 12 for the ranges 5, with 200 and 24 still 3 (15 drugs of the
#: library, acutely and for long, three seeds).
FRAGILITY_DRAWS = 100
FRAGILITY_REFERENCE_DRAWS = 16


@dataclass(frozen=True, eq=False)
class Model:
    """A circuit, compiled and drawn: what treatments are tried on.

    Everything but the network is worked out when it is first needed, and then kept.
    """

    network: Network
    targets: Targets
    prior: str = USUAL_PRIOR
    draws: int = USUAL_DRAWS
    seed: int = USUAL_SEED
    criteria: Criteria = CRITERIA
    #: Answers to questions on which the literature disagrees; see `raphe.prior.draw_ensemble`.
    sides: Mapping[str, bool] = field(default_factory=dict)

    @cached_property
    def ensemble(self) -> Ensemble:
        """The draws."""
        return draw_ensemble(self.network, self.prior, self.draws, self.seed, self.sides)

    @cached_property
    def ranges(self) -> Floats:
        """Dynamic range of each node, *n*."""
        (ranges,) = dynamic_ranges(self.network, [self.ensemble])
        return ranges

    @cached_property
    def others(self) -> OtherPriors:
        """The same circuit under the other built-in priors."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        own["draws"] = min(self.draws, FRAGILITY_DRAWS)
        return OtherPriors(**own, priors=tuple(name for name in PRIORS if name != self.prior))

    @cached_property
    def nothing(self) -> Perturbation:
        """What vehicle does to a healthy animal."""
        inputs = np.zeros((self.network.size, self.ensemble.size))
        return Perturbation(np.ones_like(inputs), inputs)

    def perturb(self, treatment: Treatment) -> Perturbation:
        """What a treatment does to the nodes."""
        if is_untouched(treatment):
            return self.nothing
        return perturb(self.network, self.ensemble, treatment, self.targets)

    def respond(self, treatment: Treatment, regimen: Regimen) -> tuple[Response, Perturbation]:
        """The response of every node to a treatment, from untouched baseline."""
        vehicle, full = self.perturb(treatment.without_drugs), self.perturb(treatment)
        return respond(self.network, self.ensemble, full, vehicle, regimen), full


@dataclass(frozen=True, eq=False)
class OtherPriors(Model):
    """A circuit under several priors: a model that holds the draws of all of them side by side."""

    priors: tuple[str, ...] = ()

    @cached_property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """The draws of each prior."""
        return tuple(
            draw_ensemble(self.network, prior, self.draws, self.seed, self.sides)
            for prior in self.priors
        )

    @cached_property
    def ensemble(self) -> Ensemble:
        """The draws of all priors."""
        return join_ensembles(self.ensembles)

    @cached_property
    def ranges_by_prior(self) -> tuple[Floats, ...]:
        """Dynamic range of each node under each prior, *n*."""
        return dynamic_ranges(self.network, self.ensembles, FRAGILITY_REFERENCE_DRAWS)

    def calls(self, contrast: Contrast) -> Iterator[tuple[str, list[Call]]]:
        """What each prior calls each node; nothing where none of its draws came to rest."""
        start, theta = 0, self.criteria.theta
        for ensemble, ranges in zip(self.ensembles, self.ranges_by_prior, strict=True):
            part = slice(start, start + ensemble.size)
            start = part.stop
            settled = contrast.settled[part]
            change = contrast.change[:, part][:, settled]
            found = calls(change, theta * ranges, self.criteria.bar) if settled.any() else []
            yield ensemble.prior, found


#: What gives the response to a treatment under a regimen, and what the treatment does to the nodes.
Responder = Callable[[Treatment, Regimen], tuple[Response, Perturbation]]


def load_model(
    knowledge: Knowledge,
    circuit: str = USUAL_CIRCUIT,
    prior: str = USUAL_PRIOR,
    draws: int = USUAL_DRAWS,
    seed: int = USUAL_SEED,
    sides: Mapping[str, bool] = UNDECIDED,
) -> Model:
    """A circuit of the knowledge base, ready for treatments.

    Raises
    ------
    InputError
        The circuit, or something that it includes, is not there or wrong; or a side is taken in a
        question that it does not have.
    """
    if prior not in PRIORS:
        remedy = nearest(prior, PRIORS) or f"It is one of {', '.join(PRIORS)}."
        raise InputError([Problem(f"no prior '{prior}'.", remedy)])
    pathway = compose(knowledge.circuit(circuit), knowledge.cascade)
    network = compile_network(pathway, knowledge.targets)
    unasked = [one for one in sides if one not in network.questions]
    if unasked:
        there = "'raphe list questions' names those that there are."
        raise InputError(
            [
                Problem(f"no open question '{one}'.", nearest(one, network.questions) or there)
                for one in unasked
            ]
        )
    return Model(network, knowledge.targets, prior, draws, seed, sides=sides)


@dataclass(frozen=True, eq=False)
class Contrast:
    """A treatment against its comparator, draw by draw."""

    treated: Response
    #: None for vehicle in a healthy animal, which moves nothing.
    other: Response | None
    perturbation: Perturbation
    against: Perturbation

    @cached_property
    def change(self) -> Floats:
        """Change of each node in each draw, *n × d*. Paired: what both sides share cancels."""
        return self.treated.x if self.other is None else self.treated.x - self.other.x

    @property
    def settled(self) -> Mask:
        """Draws that came to rest on both sides, *d*."""
        return (
            self.treated.settled
            if self.other is None
            else self.treated.settled & self.other.settled
        )

    def of_settled(self, part: slice) -> Floats:
        """Change of some nodes in the draws that came to rest on both sides."""
        settled = self.settled
        return self.change[part] if settled.all() else self.change[part, settled]


def contrast_treatments(
    model: Model,
    treatment: Treatment,
    comparator: Treatment,
    regimen: Regimen,
    respond: Responder | None = None,
) -> Contrast:
    """The responses to a treatment and to its comparator, in the same draws.

    Parameters
    ----------
    respond
        ``model.respond`` by default; one that keeps what it gave saves time.
    """
    respond = respond or model.respond
    treated, perturbation = respond(treatment, regimen)
    if is_untouched(comparator):
        return Contrast(treated, None, perturbation, model.nothing)
    other, against = respond(comparator, regimen)
    return Contrast(treated, other, perturbation, against)


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

    def __getitem__(self, node: str) -> Row:
        """What is predicted of a node.

        Raises
        ------
        InputError
            The circuit has no such node.
        """
        self._number(node)
        return self.rows[node]

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
        return _certainties(self)

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

    def _number(self, node: str) -> int:
        index = self.model.network.index
        if node not in index:
            raise InputError([Problem(f"no node '{node}'.", nearest(node, index))])
        return index[node]

    def _readings(self, part: slice) -> list[Reading]:
        """What the draws say of some nodes."""
        model = self.model
        change = self.contrast.of_settled(part)
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
                odds(change, threshold),
                calls(change, threshold / 2, bar),
                calls(change, threshold * 2, bar),
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
    return Prediction(treatment, regimen, comparator, model, contrast, fragility)


def is_untouched(treatment: Treatment) -> bool:
    """Whether it is vehicle in a healthy animal."""
    return not treatment.administrations and treatment.condition is None


def change_of(
    model: Model,
    treatment: Treatment,
    comparator: Treatment,
    regimen: Regimen,
    node: str,
    respond: Responder | None = None,
) -> Odds:
    """Odds of one node alone, for questions that are asked many times."""
    contrast = contrast_treatments(model, treatment, comparator, regimen, respond)
    number = model.network.index[node]
    one = slice(number, number + 1)
    return odds(contrast.of_settled(one), model.criteria.theta * model.ranges[one])[0]


def _doubts(prediction: Prediction, made: list[Call]) -> list[tuple[str, ...]]:
    """Which other priors would not make each call."""
    doubts: list[tuple[str, ...]] = [()] * len(made)
    if not prediction.fragility:
        return doubts
    others = prediction.model.others
    contrast = contrast_treatments(
        others, prediction.treatment, prediction.comparator, prediction.regimen
    )
    for prior, found in others.calls(contrast):
        for number, call in enumerate(made):
            if not found or found[number] is not call:
                doubts[number] = (*doubts[number], prior)
    return doubts


def _certainties(prediction: Prediction) -> tuple[Certainty, ...]:
    contrast = prediction.contrast
    sure = _proved(prediction)
    if (contrast.perturbation.gain > 1).any() or (contrast.against.gain > 1).any():
        # A modulator that amplifies is beyond what was proved stable.
        return tuple(_left_open(one) for one in sure)
    return sure


def _left_open(certainty: Certainty) -> Certainty:
    if certainty.ground in (Ground.UNREACHED, Ground.BOTH):
        return certainty
    return Certainty(Change.ANY, Ground.OPEN)


def _proved(prediction: Prediction) -> tuple[Certainty, ...]:
    model, network, contrast = prediction.model, prediction.model.network, prediction.contrast
    treatment, comparator = prediction.treatment, prediction.comparator
    pushes = _pushes(network, contrast.perturbation, contrast.against, comparator)
    if prediction.regimen is Regimen.CHRONIC:
        return certainties(network, pushes, slow=True)
    # The animals themselves may differ; this is what pushes them before the drugs and after.
    lasting: dict[int, Change] = {}
    if treatment.condition != comparator.condition:
        ill = model.perturb(treatment.without_drugs)
        other = model.perturb(comparator.without_drugs)
        lasting = _pushes(network, ill, other, comparator)
    # Acutely, adaptations have followed the condition; in washout, when the drug is gone, the drug
    # too.
    is_over = prediction.regimen is Regimen.WASHOUT
    followed, now = (pushes, lasting) if is_over else (lasting, pushes)
    before = certainties(network, followed, slow=True)
    left = dict(now)
    for edge in np.flatnonzero(network.slow):
        source, target = int(network.source[edge]), int(network.target[edge])
        brought = (before[source].possible & Change.CHANGED).through(SIGNS[int(network.sign[edge])])
        left[target] = left.get(target, Change.NOTHING) | brought
    return certainties(network, left, slow=False)


def _pushes(
    network: Network, perturbation: Perturbation, against: Perturbation, comparator: Treatment
) -> dict[int, Change]:
    """Directions in which the treatment pushes nodes, beyond what the comparator does.

    The difference d of two treatments obeys d = G₂Ad + (u₂ − u₁) + (G₂ − G₁) A x₁: what a node
    hears under the comparator is let through more or less. The sign of A x₁ is taken as open,
    unless the comparator leaves everything at rest. What a drug does is read from the ranges that
    are declared, not from the draws: a draw more must not make anything less certain.
    """
    pushes: dict[int, Change] = {}
    difference = perturbation.inputs - against.inputs
    for node in np.flatnonzero(np.abs(difference).max(axis=1) > 0):
        pushes[int(node)] = _directions(difference[node])
    if is_untouched(comparator):
        for contact in perturbation.contacts:
            declared = declared_push(network, contact)
            pushes[contact.node] = pushes.get(contact.node, Change.NOTHING) | declared
        return pushes
    gated = perturbation.gain - against.gain
    for node in np.flatnonzero(np.abs(gated).max(axis=1) > 0):
        pushes[int(node)] = Change.CHANGED
    return pushes


def _directions(values: Floats) -> Change:
    found = Change.NOTHING
    if (values > 0).any():
        found |= Change.UP
    if (values < 0).any():
        found |= Change.DOWN
    return found
