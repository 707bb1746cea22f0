"""The response to a treatment with the dose of one drug left open: many doses side by side.

A column is a draw at a dose. Since the draws run along the contiguous axis, doses are more columns
of the same: the plan, the loops and the memory are shared, and what a dose adds is its arithmetic.

Why no low-rank update of one factorisation: a drug of the library acts at 22 to 85 nodes at once,
and the elimination of the circuit is so sparse (about two gains a node) that solving it anew costs
less than one dense system of that many unknowns for each draw and dose. Nor does a dose start from
its neighbour: from there another rest might be found where a draw has more than one. So each column
is solved as `settle` solves it, and equals it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from raphe.finding import Regimen
from raphe.network import Network
from raphe.perturbation import Perturbation, perturb
from raphe.prior import Ensemble
from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.response import Response, respond
from raphe.target import Targets
from raphe.treatment import Treatment

#: Columns that are solved side by side: what the processor's cache holds.
_WIDTH = 3000


@dataclass(frozen=True)
class Columns:
    """Some columns, solved: draws at doses."""

    #: Which of the columns that were asked for.
    part: slice
    response: Response
    perturbation: Perturbation


@dataclass(frozen=True, eq=False)
class Titration:
    """A treatment under a regimen with the dose of one of its drugs left open."""

    network: Network
    ensemble: Ensemble
    targets: Targets
    treatment: Treatment
    regimen: Regimen
    #: Name of the drug whose concentration is multiplied.
    drug: str

    def solve(self, draws: Indices, times: Floats) -> Iterator[Columns]:
        """The responses of draws at doses, some columns at a time.

        Parameters
        ----------
        draws
            Which draw each column is of, *columns*.
        times
            What the concentration of the drug is multiplied with there, *columns*; zero: not given.
        """
        width = max(1, _WIDTH // self.ensemble.size) * self.ensemble.size
        before, wide = np.zeros(0, dtype=np.intp), self.ensemble
        vehicle = None
        for start in range(0, len(draws), width):
            part = slice(start, min(start + width, len(draws)))
            own = draws[part]
            # The same draws at other doses keep all that does not depend on the dose.
            if vehicle is None or not np.array_equal(own, before):
                before, wide = own, self.ensemble.take(own)
                vehicle = self._vehicle(wide)
            dose = {self.drug: times[part]}
            given = perturb(self.network, wide, self.treatment, self.targets, dose)
            response = respond(self.network, wide, given, vehicle, self.regimen)
            yield Columns(part, response, given)

    def states(self, draws: Indices, times: Floats, nodes: Indices) -> tuple[Floats, Mask]:
        """Where some nodes come to rest in draws at doses, and which columns do.

        Returns
        -------
        x : Floats
            *nodes × columns*.
        settled : Mask
            *columns*.
        """
        x = np.empty((len(nodes), len(draws)))
        settled = np.empty(len(draws), dtype=bool)
        for one in self.solve(draws, times):
            x[:, one.part] = one.response.x[nodes]
            settled[one.part] = one.response.settled
        return x, settled

    def _vehicle(self, ensemble: Ensemble) -> Perturbation:
        """The same animals without drugs."""
        if self.treatment.condition is not None:
            alone = self.treatment.without_drugs
            return perturb(self.network, ensemble, alone, self.targets)
        shape = (self.network.size, ensemble.size)
        # Nothing is done to any node: one number stands for all, so that no memory is filled.
        return Perturbation(np.broadcast_to(1.0, shape), np.broadcast_to(0.0, shape))
