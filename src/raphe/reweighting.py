"""Draws that count for more or less: what is known, told by weights of draws already made.

Nothing is solved again. A draw under which what was reported would have come about counts for more
(importance sampling with the prior as proposal: A. Doucet, N. de Freitas, N. Gordon, "Sequential
Monte Carlo Methods in Practice", 2001). Where the weights fall on so few draws that they would tell
of those alone, the likelihood is raised to a power below 1 until enough draws are left.

L. Kish, "Survey Sampling", 1965 (effective sample size).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from raphe.calling import Call
from raphe.errors import InputError, Problem
from raphe.propagation.arrays import Floats, Mask

#: What the numbers of an outcome mean; a draw that came to no rest has none of them.
OUTCOMES = (Call.UP, Call.DOWN, Call.UNCHANGED)
NO_REST = -1
Codes = NDArray[np.int8]

#: Share of findings that are taken to be wrong: reported is one of the other two directions.
USUAL_WRONG = 0.1
#: Effective draws that have to be left: the standard error of a probability is then at most 0.05.
USUAL_LEAST = 100
#: Halvings in search of the power; it is then known to nine digits.
_HALVINGS = 30
#: Numbers of a block that is worked on at a time.
_BLOCK = 500_000


@dataclass(frozen=True)
class Tolerance:
    """How findings bear on draws."""

    #: Probability that a finding is wrong, ε.
    wrong: float = USUAL_WRONG
    #: How many effective draws have to be left.
    least: int = USUAL_LEAST

    def problems(self, draws: int) -> list[Problem]:
        """What does not go with so many draws."""
        found = []
        if not 0 < self.wrong < 2 / 3:
            remedy = "Give a probability above 0, and below 2/3, where findings tell nothing."
            found.append(Problem(f"findings that are wrong with p = {self.wrong:g}.", remedy))
        if self.least < 2:
            found.append(Problem(f"at least {self.least} effective draws.", "Ask for 2 or more."))
        elif draws < 2 * self.least:
            what = f"{draws} stable draws, of which {self.least} have to be left."
            remedy = f"Ask for {2 * self.least} or more with '--draws', or for fewer with '--least'"
            found.append(Problem(what, f"{remedy}: else nothing can be learnt."))
        return found


@dataclass(frozen=True, eq=False)
class Reweighted:
    """Weights of draws."""

    #: One for each draw, *d*; they sum to 1.
    weights: Floats = field(repr=False)
    #: Power to which the likelihood was raised; 1 where it was taken as it is.
    power: float
    #: Effective number of draws that is left, and what would be at a power of 1.
    effective: float
    untempered: float

    @property
    def is_tempered(self) -> bool:
        """Whether the findings say more than these draws can hold."""
        return self.power < 1


def outcomes(change: Floats, threshold: Floats | float, settled: Mask) -> Codes:
    """What each draw does, as a number of `OUTCOMES`.

    Parameters
    ----------
    change
        *n × d*.
    threshold
        Below this a change does not count, one for each row or for all.
    settled
        Draws that came to rest, *d*; the others are `NO_REST`.

    Examples
    --------
    >>> outcomes(np.array([[0.2, -0.2, 0.0, 9.0]]), 0.1, np.array([True] * 3 + [False])).tolist()
    [[0, 1, 2, -1]]
    """
    limit = np.asarray(threshold, dtype=float)[..., None]
    codes = np.full(change.shape, OUTCOMES.index(Call.UNCHANGED), dtype=np.int8)
    codes[change > limit] = OUTCOMES.index(Call.UP)
    codes[change < -limit] = OUTCOMES.index(Call.DOWN)
    codes[:, ~settled] = NO_REST
    return codes


def log_likelihoods(codes: Codes, reported: Codes, wrong: float = USUAL_WRONG) -> Floats:
    """Logarithm of the probability of what was reported in each draw, *f × d*.

    1 − ε where the draw does what was reported, ε/2 where it does one of the other two; 1/3, which
    says nothing, where it came to no rest.

    Parameters
    ----------
    codes
        What each draw does, *f × d*.
    reported
        What each finding says, *f*.
    wrong
        Probability ε that a finding is wrong.

    Examples
    --------
    >>> rises = np.array([[0, 1, -1]], dtype=np.int8)
    >>> np.exp(log_likelihoods(rises, np.array([0], dtype=np.int8))).round(3).tolist()
    [[0.9, 0.05, 0.333]]
    """
    same = codes == reported[:, None]
    found = np.where(same, math.log(1 - wrong), math.log(wrong / 2))
    found[codes == NO_REST] = math.log(1 / 3)
    return found


def effective_size(weights: Floats) -> Floats:
    """Kish's effective number of draws along the last axis, (Σw)² / Σw².

    Examples
    --------
    >>> float(effective_size(np.array([1.0, 1.0, 0.0, 0.0])))
    2.0
    """
    return np.asarray(weights.sum(axis=-1) ** 2 / (weights * weights).sum(axis=-1))


def reweight(log_likelihood: Floats, least: float = USUAL_LEAST) -> Reweighted:
    """Weights of the draws under one body of findings.

    Parameters
    ----------
    log_likelihood
        Of all findings together in each draw, *d*.
    least
        Effective draws that have to be left; fewer than there are.
    """
    weights, power = tempered_weights(log_likelihood[None], least)
    whole = effective_size(_weights(log_likelihood[None], np.ones(1)))
    return Reweighted(
        weights[0], float(power[0]), float(effective_size(weights[0])), float(whole[0])
    )


def tempered_weights(log_likelihood: Floats, least: float) -> tuple[Floats, Floats]:
    """Weights of the draws under several bodies of findings, and the power of each.

    Parameters
    ----------
    log_likelihood
        A row for each body of findings, *b × d*.
    least
        Effective draws that have to be left.

    Notes
    -----
    The effective size falls steadily as the power rises: with K the logarithm of the mean of
    exp(power · log-likelihood), which is convex, its logarithm is 2 K(power) − K(2 · power) + ln d.
    So the greatest power that leaves enough is found by halving.
    """
    weights, powers = np.empty_like(log_likelihood), np.empty(len(log_likelihood))
    step = max(1, _BLOCK // log_likelihood.shape[1])
    for start in range(0, len(log_likelihood), step):
        part = slice(start, start + step)
        powers[part] = _power(log_likelihood[part], least)
        weights[part] = _weights(log_likelihood[part], powers[part])
    return weights, powers


def _power(log_likelihood: Floats, least: float) -> Floats:
    low, high = np.zeros((2, len(log_likelihood)))
    high += 1
    enough = effective_size(_weights(log_likelihood, high)) >= least
    for _ in range(_HALVINGS if not enough.all() else 0):
        middle = (low + high) / 2
        holds = effective_size(_weights(log_likelihood, middle)) >= least
        low, high = np.where(holds, middle, low), np.where(holds, high, middle)
    return np.where(enough, 1.0, low)


def _weights(log_likelihood: Floats, power: Floats) -> Floats:
    best = log_likelihood.max(axis=1, keepdims=True)
    found = np.exp(power[:, None] * (log_likelihood - best))
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def weighted_shares(codes: Codes, weights: Floats) -> Floats:
    """Probability of each of `OUTCOMES`, *f × 3*, over the draws that came to rest.

    Parameters
    ----------
    codes
        *f × d*.
    weights
        One for each draw, *d*, or for each finding and draw, *f × d*.

    Examples
    --------
    >>> weighted_shares(np.array([[0, 1]], dtype=np.int8), np.array([0.25, 0.75])).tolist()
    [[0.25, 0.75, 0.0]]
    """
    shape = np.broadcast_to(weights, codes.shape)
    found = np.stack(
        [np.where(codes == one, shape, 0).sum(axis=1) for one in range(len(OUTCOMES))], axis=1
    )
    total = found.sum(axis=1, keepdims=True)
    return np.asarray(found / np.where(total > 0, total, 1))


def require_tolerance(tolerance: Tolerance, draws: int) -> None:
    """Refuse what cannot be told from so many draws.

    Raises
    ------
    InputError
        With all that is wrong.
    """
    if problems := tolerance.problems(draws):
        raise InputError(problems)
