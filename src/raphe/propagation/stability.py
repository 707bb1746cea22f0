"""Which draws are stable.

The time constants of the nodes are not known, so a draw should be stable whatever they are. A
diagonal Lyapunov function proves just that. Let M = I − A, where a slow edge counts as the lag that
it is (see `loops`). If some positive diagonal P makes PM + MᵀP positive definite, then

* T dx/dt = −Mx decays for every positive diagonal T, whether the adaptations take days or minutes;
* the same P serves with the gains of any nodes scaled down (by drugs, by bounds) and with any nodes
  held, since P G⁻¹ (I − GA) = P(G⁻¹ − A) and G⁻¹ ≥ I: hence the bounded steady state is unique;
* every principal minor of M is positive; so are those of the network without its adaptations, which
  is a part of it (nodes that hear nothing else are then cut off, and leave a factor of 1), and of
  that whose adaptations have caught up, which is a Schur complement of it.

None of this covers gains that a drug raises above 1, as a positive allosteric modulator does.

With P = D⁻² the condition reads: the symmetric part of D⁻¹AD has no eigenvalue from 1 on. D is
searched for by `lyapunov`. What is not proved gets the plain test of `paces`, for time constants
far apart: binding and gating at once, adaptations after days, all else between.

E. Kaszkurewicz and A. Bhaya, Matrix Diagonal Stability in Systems and Computation, Birkhäuser 2000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.loops import find_loops
from raphe.propagation.lyapunov import find_scales
from raphe.propagation.paces import is_plainly_stable


@dataclass(frozen=True)
class Stability:
    """Which draws are stable, and for which of them it is proved for all time constants."""

    stable: Mask
    proved: Mask


def assess_stability(
    source: Indices,
    target: Indices,
    slow: Mask,
    weights: Floats,
    component: Indices,
    prompt: Mask | None = None,
) -> Stability:
    """Stability of each draw.

    Parameters
    ----------
    source, target, slow
        Ends of each edge, and whether it is an adaptation.
    weights
        Signed weight of each edge, *m × d*.
    component
        Strongly connected component of each node: only edges inside of one can matter.
    prompt
        Which nodes follow at once whatever they hear; none, if not given. It matters where nothing
        is proved for all time constants.

    Examples
    --------
    >>> two = np.array([0, 1]), np.array([1, 0]), np.array([False, False])
    >>> weights = np.array([[2.0, 2.0], [-3.0, 0.6]])          # loops of −6 and +1.2
    >>> assess_stability(*two, weights, np.array([0, 0])).stable.tolist()
    [True, False]
    """
    stable = np.ones(weights.shape[1], dtype=bool)
    proved = stable.copy()
    for loops in find_loops(source, target, slow, weights, component, prompt):
        found, scale = find_scales(loops)
        proved &= found
        left = np.flatnonzero(~found)
        if len(left):
            stable[left] &= is_plainly_stable(loops.take(left), scale[:, left])
    return Stability(stable, proved)
