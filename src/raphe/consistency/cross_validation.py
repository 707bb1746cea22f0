"""A score whose thresholds and prior were chosen without the drug class that they are tried on.

What was chosen with findings in view, and can be chosen again by a machine, is chosen again for
each class of drugs, with all findings on drugs of that class left out: the threshold θ, the bar of
a call, and the prior. A circuit's edges, strengths and tones cannot be chosen again so: only
findings that nobody had seen tell about those (`raphe.finding.Seen`).

M. Stone, "Cross-validatory choice and assessment of statistical predictions", J. R. Stat. Soc. B 36
(1974) 111–147.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from raphe.calling import Call
from raphe.consistency.score import Score
from raphe.consistency.variants import Tried

#: Thresholds and bars to choose from: half to twice the declared threshold, and every bar from
#: «more likely than not» to «four of five».
THETAS = (0.035, 0.05, 0.07, 0.1, 0.14)
BARS = (0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, order=True)
class Choice:
    """A prior and thresholds."""

    prior: str
    theta: float
    bar: float

    def departure(self, other: Choice) -> tuple[float, ...]:
        """How far it is from another: in how many respects it differs, and by how much."""
        return (
            (self.prior != other.prior) + (self.theta != other.theta) + (self.bar != other.bar),
            abs(self.bar - other.bar),
            abs(math.log(self.theta / other.theta)),
        )


@dataclass(frozen=True)
class CrossValidated:
    """What comes out when each drug class is left out of the choice."""

    #: As declared, with the draws that the choice is made with.
    declared: Score
    #: Each finding called as was chosen without its classes.
    held_out: Score
    #: How many findings were called with each choice, the commonest first.
    choices: Mapping[Choice, int]
    draws: int


def cross_validate(score: Score, tried: Sequence[Tried]) -> CrossValidated:
    """The score with thresholds and prior chosen anew for each class of drugs.

    Parameters
    ----------
    score
        Of the findings.
    tried
        What their readouts do under each prior, the declared one first.

    Notes
    -----
    For each set of classes that findings are about (most often one class; those of both groups in a
    comparison; a condition where no drug was given), the choice with the greatest accuracy on all
    findings that share no class with it is taken; where several are best, the one that departs
    least from what is declared.
    """
    own = tried[0].model
    declared = Choice(own.prior, own.criteria.theta, own.criteria.bar)
    thetas, bars = sorted({declared.theta, *THETAS}), sorted({declared.bar, *BARS})
    calls = {
        Choice(one.model.prior, theta, bar): one.calls(theta, bar)
        for one in tried
        for theta, bar in product(thetas, bars)
    }
    choices = sorted(calls, key=lambda one: (*one.departure(declared), one))
    right = np.array(
        [[calls[choice][row.finding] is row.reported for row in score.rows] for choice in choices]
    )
    held_out: dict[str, Call] = {}
    counted: Counter[Choice] = Counter()
    for classes in sorted({row.classes for row in score.rows}, key=sorted):
        others = np.array([not classes & row.classes for row in score.rows])
        best = choices[int(right[:, others].sum(axis=1).argmax())]
        for row in score.rows:
            if row.classes == classes:
                held_out[row.finding] = calls[best][row.finding]
                counted[best] += 1
    return CrossValidated(
        declared=score.called_as(calls[declared]),
        held_out=score.called_as(held_out),
        choices=dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))),
        draws=own.draws,
    )
