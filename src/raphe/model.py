"""A circuit, compiled and drawn: what treatments are tried on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np

from raphe.calling import CRITERIA, Call, Criteria, calls
from raphe.composition import compose
from raphe.errors import InputError, Problem, nearest
from raphe.finding import Regimen
from raphe.knowledge import USUAL_CIRCUIT, Knowledge
from raphe.network import Network, compile_network
from raphe.perturbation import Perturbation, perturb
from raphe.prior import (
    PRIORS,
    UNDECIDED,
    USUAL_DRAWS,
    USUAL_PRIOR,
    USUAL_SEED,
    Ensemble,
    draw_ensemble,
    join_ensembles,
    require_prior,
)
from raphe.propagation.arrays import Floats, Mask
from raphe.propagation.dynamic_range import dynamic_ranges
from raphe.propagation.response import Response, respond
from raphe.target import Targets
from raphe.treatment import Treatment

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
        """The draws of each prior that has a stable one."""
        drawn = []
        for prior in self.priors:
            # A prior of which no draw is stable makes no call; that is no reason to make none.
            with suppress(InputError):
                drawn.append(draw_ensemble(self.network, prior, self.draws, self.seed, self.sides))
        return tuple(drawn)

    @cached_property
    def ensemble(self) -> Ensemble:
        """The draws of all priors."""
        return join_ensembles(self.ensembles)

    @cached_property
    def ranges_by_prior(self) -> tuple[Floats, ...]:
        """Dynamic range of each node under each prior, *n*."""
        return dynamic_ranges(self.network, self.ensembles, FRAGILITY_REFERENCE_DRAWS)

    def calls(self, change: Floats, settled: Mask) -> Iterator[tuple[str, list[Call]]]:
        """What each prior calls each node; nothing where none of its draws came to rest."""
        start, theta = 0, self.criteria.theta
        for ensemble, ranges in zip(self.ensembles, self.ranges_by_prior, strict=True):
            part = slice(start, start + ensemble.size)
            start = part.stop
            own = settled[part]
            moved = change[:, part][:, own]
            found = calls(moved, theta * ranges, self.criteria.bar) if own.any() else []
            yield ensemble.prior, found
        drawn = {ensemble.prior for ensemble in self.ensembles}
        yield from ((prior, []) for prior in self.priors if prior not in drawn)


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
    require_prior(prior)
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


def is_untouched(treatment: Treatment) -> bool:
    """Whether it is vehicle in a healthy animal."""
    return not treatment.administrations and treatment.condition is None
