"""The main question: what goes up and what goes down under a treatment, against a comparator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

from raphe.calling import CRITERIA, Call, Criteria, Odds, odds
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
)
from raphe.propagation.certainty import Certainty, Ground, certainties
from raphe.propagation.dynamic_range import REFERENCE_DRAWS, dynamic_ranges
from raphe.propagation.reduction import Floats
from raphe.propagation.response import Response, respond
from raphe.propagation.steady_state import Mask
from raphe.sign import Change
from raphe.target import Targets

#: Draws that the other priors are asked with, when it is asked whether a call is fragile, and those
#: of them that the dynamic ranges are taken from.
FRAGILITY_DRAWS = 100
FRAGILITY_REFERENCE_DRAWS = 12


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
    #: Draws that the dynamic ranges are taken from.
    reference_draws: int = REFERENCE_DRAWS

    @cached_property
    def ensemble(self) -> Ensemble:
        """The draws."""
        return draw_ensemble(self.network, self.prior, self.draws, self.seed, self.sides)

    @cached_property
    def ranges(self) -> Floats:
        """Dynamic range of each node, *n*."""
        return dynamic_ranges(self.network, self.ensemble, self.reference_draws)

    @cached_property
    def others(self) -> tuple[Model, ...]:
        """The same circuit under the other built-in priors."""
        return tuple(
            replace(
                self,
                prior=name,
                draws=min(self.draws, FRAGILITY_DRAWS),
                reference_draws=FRAGILITY_REFERENCE_DRAWS,
            )
            for name in PRIORS
            if name != self.prior
        )

    def respond(self, treatment: Treatment, regimen: Regimen) -> tuple[Response, Perturbation]:
        """The response of every node to a treatment, from untouched baseline."""
        vehicle = perturb(self.network, self.ensemble, treatment.without_drugs, self.targets)
        full = perturb(self.network, self.ensemble, treatment, self.targets)
        return respond(self.network, self.ensemble, full, vehicle, regimen), full


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


def contrast_treatments(
    model: Model, treatment: Treatment, comparator: Treatment, regimen: Regimen
) -> Contrast:
    """The responses to a treatment and to its comparator, in the same draws."""
    treated, perturbation = model.respond(treatment, regimen)
    if is_untouched(comparator):
        nothing = Perturbation(np.ones_like(perturbation.gain), np.zeros_like(perturbation.inputs))
        return Contrast(treated, None, perturbation, nothing)
    other, against = model.respond(comparator, regimen)
    return Contrast(treated, other, perturbation, against)


@dataclass(frozen=True)
class Row:
    """What is predicted of one node."""

    node: str
    label: str
    place: str
    call: Call
    odds: Odds
    certainty: Certainty
    #: Another built-in prior would not make this call; which ones.
    fragile: tuple[str, ...]
    #: The call changes when the threshold is halved or doubled.
    borderline: bool

    @property
    def is_fragile(self) -> bool:
        """Whether another built-in prior would not make this call."""
        return bool(self.fragile)


@dataclass(frozen=True, eq=False)
class Prediction:
    """What goes up and what goes down; a mapping from nodes to rows."""

    treatment: Treatment
    regimen: Regimen
    comparator: Treatment
    prior: str
    seed: int
    drawn: int
    rejected_share: float
    unsettled_share: float
    rows: Mapping[str, Row]
    readouts: tuple[str, ...]
    model: Model = field(repr=False)
    contrast: Contrast = field(repr=False)

    def __getitem__(self, node: str) -> Row:
        """What is predicted of a node.

        Raises
        ------
        InputError
            The circuit has no such node.
        """
        if node not in self.rows:
            raise InputError([Problem(f"no node '{node}'.", nearest(node, self.rows))])
        return self.rows[node]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows.values())

    def __len__(self) -> int:
        return len(self.rows)

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
        return self.contrast.change[:, self.contrast.settled]


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

    Raises
    ------
    InputError
        No draw came to rest.
    """
    comparator = comparator if comparator is not None else treatment.without_drugs
    contrast = contrast_treatments(model, treatment, comparator, regimen)
    settled = contrast.settled
    if not settled.any():
        raise InputError(
            [Problem("no draw came to rest.", "Weaken the positive loops of the circuit.")]
        )
    kept = contrast.change[:, settled]
    threshold = model.criteria.theta * model.ranges
    shares = odds(kept, threshold)
    halved, doubled = odds(kept, threshold / 2), odds(kept, threshold * 2)
    bar = model.criteria.bar
    calls = [share.call(bar) for share in shares]
    sure = _certainties(model, contrast, treatment, comparator, regimen)
    if (contrast.perturbation.gain > 1).any() or (contrast.against.gain > 1).any():
        # A modulator that amplifies is beyond what was proved stable.
        sure = tuple(_left_open(one) for one in sure)
    doubted = (
        _doubts(model, treatment, comparator, regimen, calls) if fragility else [()] * len(calls)
    )
    rows = {
        name: Row(
            node=name,
            label=node.label,
            place=node.place,
            call=calls[number],
            odds=shares[number],
            certainty=sure[number],
            fragile=doubted[number],
            borderline=not calls[number] == halved[number].call(bar) == doubled[number].call(bar),
        )
        for number, (name, node) in enumerate(model.network.pathway.nodes.items())
    }
    ensemble = model.ensemble
    return Prediction(
        treatment=treatment,
        regimen=regimen,
        comparator=comparator,
        prior=model.prior,
        seed=model.seed,
        drawn=ensemble.drawn,
        rejected_share=ensemble.rejected_share,
        unsettled_share=float(1 - settled.mean()),
        rows=MappingProxyType(rows),
        readouts=model.network.pathway.readouts,
        model=model,
        contrast=contrast,
    )


def is_untouched(treatment: Treatment) -> bool:
    """Whether it is vehicle in a healthy animal."""
    return not treatment.administrations and treatment.condition is None


def change_of(
    model: Model, treatment: Treatment, comparator: Treatment, regimen: Regimen, node: str
) -> Odds:
    """Odds of one node alone, for questions that are asked many times."""
    contrast = contrast_treatments(model, treatment, comparator, regimen)
    number = model.network.index[node]
    values = contrast.change[number : number + 1, contrast.settled]
    return odds(values, model.criteria.theta * model.ranges[number : number + 1])[0]


def _doubts(
    model: Model, treatment: Treatment, comparator: Treatment, regimen: Regimen, calls: list[Call]
) -> list[tuple[str, ...]]:
    """Which other priors would not make each call."""
    doubts: list[tuple[str, ...]] = [()] * len(calls)
    for other in model.others:
        contrast = contrast_treatments(other, treatment, comparator, regimen)
        if not contrast.settled.any():
            doubts = [(*names, other.prior) for names in doubts]
            continue
        shares = odds(contrast.change[:, contrast.settled], other.criteria.theta * other.ranges)
        for number, share in enumerate(shares):
            if share.call(other.criteria.bar) is not calls[number]:
                doubts[number] = (*doubts[number], other.prior)
    return doubts


def _left_open(certainty: Certainty) -> Certainty:
    if certainty.ground in (Ground.UNREACHED, Ground.BOTH):
        return certainty
    return Certainty(Change.ANY, Ground.OPEN)


def _certainties(
    model: Model, contrast: Contrast, treatment: Treatment, comparator: Treatment, regimen: Regimen
) -> tuple[Certainty, ...]:
    network = model.network
    pushes = _pushes(network, contrast.perturbation, contrast.against, comparator)
    if regimen is Regimen.CHRONIC:
        return certainties(network, pushes, slow=True)
    # The animals themselves may differ; this is what pushes them before the drugs and after.
    lasting: dict[int, Change] = {}
    if treatment.condition != comparator.condition:
        ill = perturb(network, model.ensemble, treatment.without_drugs, model.targets)
        other = perturb(network, model.ensemble, comparator.without_drugs, model.targets)
        lasting = _pushes(network, ill, other, comparator)
    # Acutely, adaptations have followed the condition; in washout, when the drug is gone, the drug
    # too.
    followed, now = (pushes, lasting) if regimen is Regimen.WASHOUT else (lasting, pushes)
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
