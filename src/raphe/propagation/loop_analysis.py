"""Loop analysis: what a sustained press on one node does to all, from the signs alone.

Of a community matrix A, a_ij what *j* does to *i*, the response to a press is −A⁻¹, and
−A⁻¹ = adj(−A) / det(−A), where det(−A) is positive in whatever is stable. With signs in place of
strengths, adj(−A) counts for each pair of nodes the feedback cycles that raise the response less
those that lower it: its sign is the direction that most of them say. How far they agree is the
weighted feedback: that net number over the number of all of them, 1 where none contradicts, and
then the direction is certain whatever the strengths.

J. M. Dambacher, H. W. Li, P. A. Rossignol, "Relevance of community structure in assessing
indeterminacy of ecological predictions", Ecology 83 (2002) 1372–1385.
R. Levins, "Discussion paper: the qualitative analysis of partially specified systems", Ann. N. Y.
Acad. Sci. 231 (1974) 123–138.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from raphe.community import Community
from raphe.propagation.matchings import MOST_STEPS, count_terms
from raphe.propagation.modular import Exact, adjugate


@dataclass(frozen=True, eq=False)
class Feedback:
    """Exact response of each node (rows) to a press on each node (columns), *n × n*."""

    graph: Community
    #: adj(−A): cycles that say up, less those that say down.
    adjoint: Exact = field(repr=False)
    #: det(−A); the adjoint's signs are those of responses where it is positive.
    determinant: int

    def terms(self, most: int = MOST_STEPS) -> Exact | None:
        """Number of all cycles behind each entry; None where counting them takes too long.

        Parameters
        ----------
        most
            Steps that each column may take.
        """
        counted = np.zeros((self.graph.size, self.graph.size), dtype=object)
        for press in range(self.graph.size):
            column = count_terms(self.graph, press, most)
            if column is None:
                return None
            counted[:, press] = column
        return counted

    def weighted(self, most: int = MOST_STEPS) -> NDArray[np.float64] | None:
        """Weighted feedback, 0 to 1; not a number where no cycle leads; None as in `terms`."""
        terms = self.terms(most)
        return None if terms is None else weighted_feedback(self.adjoint, terms)


def analyse_loops(graph: Community) -> Feedback:
    """The signed adjoint of a graph, every pair of nodes, in exact integers.

    Examples
    --------
    A predator and its prey, which limits itself: more prey feeds predators, and more predators cost
    prey; more prey food leaves no more prey.

    >>> from raphe.community import community
    >>> graph = community([("V", -1, "V"), ("V", 1, "H"), ("H", -1, "V")])
    >>> found = analyse_loops(graph)
    >>> graph.names, found.adjoint.tolist(), found.determinant
    (('H', 'V'), [[1, 1], [-1, 0]], 1)
    """
    adjoint, determinant = adjugate(-graph.matrix)
    return Feedback(graph, adjoint, determinant)


def weighted_feedback(adjoint: Exact, terms: Exact) -> NDArray[np.float64]:
    """Net over all cycles, in size; not a number where there are none."""
    pairs = zip(adjoint.ravel().tolist(), terms.ravel().tolist(), strict=True)
    shares = [abs(net) / every if every else float("nan") for net, every in pairs]
    return np.array(shares).reshape(adjoint.shape)
