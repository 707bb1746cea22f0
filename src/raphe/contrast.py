"""A treatment against its comparator, draw by draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from raphe.calling import Odds, odds
from raphe.finding import Regimen
from raphe.model import Model, is_untouched
from raphe.perturbation import Perturbation
from raphe.propagation.arrays import Floats, Mask
from raphe.propagation.response import Response
from raphe.treatment import Treatment

#: What gives the response to a treatment under a regimen, and what the treatment does to the nodes.
Responder = Callable[[Treatment, Regimen], tuple[Response, Perturbation]]


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
