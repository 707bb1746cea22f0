"""Draws of what is not known: weights, tones, affinities, exposures.

Each unknown has a stream of its own, seeded by its name, so that adding an edge, taking away a
target or changing the order of a file leaves all other draws as they were, and two answers differ
by what was changed alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from raphe.errors import InputError, Problem, not_one_of
from raphe.network import Network
from raphe.propagation.arrays import Floats, Indices
from raphe.propagation.reduction import gains
from raphe.propagation.stability import assess_stability
from raphe.units import Interval

Magnitudes = Callable[[Network, Floats], Floats]

#: Draws, unless more are asked for: the standard error of a probability is then at most 0.016.
USUAL_DRAWS = 1000
USUAL_SEED = 1
#: What a machine with a few gigabytes of memory can hold.
MOST_DRAWS = 100_000
#: Unknowns whose draws are kept at a time: eight megabytes of a thousand draws.
_KEPT = 1000
#: No side is taken in any question on which the literature disagrees.
UNDECIDED: Mapping[str, bool] = MappingProxyType({})


def _classes(network: Network, uniform: Floats) -> Floats:
    low = np.array([strength.low for strength in network.strengths])[:, None]
    high = np.array([strength.high for strength in network.strengths])[:, None]
    return np.asarray(low + (high - low) * uniform)


def _uniform(_: Network, uniform: Floats) -> Floats:
    return uniform


def _loguniform(_: Network, uniform: Floats) -> Floats:
    return _power(0.01, 1 - uniform)


def _contractive(network: Network, uniform: Floats) -> Floats:
    total = np.zeros((network.size, uniform.shape[1]))
    np.add.at(total, network.target, uniform)
    return np.asarray(uniform / (1 + total[network.target]))


@dataclass(frozen=True)
class Prior:
    """A distribution from which edge weights are drawn."""

    name: str
    about: str
    magnitudes: Magnitudes = field(repr=False)


#: The built-in priors. All but the first ignore what was curated: they are there to test against.
PRIORS: Mapping[str, Prior] = MappingProxyType(
    {
        prior.name: prior
        for prior in (
            Prior("classes", "uniform within the declared strength of each edge", _classes),
            Prior("uniform", "uniform from 0 to 1, whatever was declared", _uniform),
            Prior("loguniform", "log-uniform from 0.01 to 1, whatever was declared", _loguniform),
            Prior(
                "contractive",
                "uniform, what reaches a node sums to less than 1: always stable",
                _contractive,
            ),
        )
    }
)
USUAL_PRIOR = "classes"


class Unknown(NamedTuple):
    """One more thing that is drawn: what `Ensemble.draw` takes."""

    name: str
    interval: Interval
    logarithmic: bool = False


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Stable draws of a network's unknowns, *d* of them."""

    prior: str
    seed: int
    #: How many were drawn, and which of these are kept.
    drawn: int
    kept: np.ndarray[tuple[int], np.dtype[np.intp]] = field(repr=False)
    #: Signed weight of each edge, *m × d*.
    weights: Floats = field(repr=False)
    #: Tone of each node, and its lowest and highest deviation from it, *n × d*.
    tones: Floats = field(repr=False)
    lower: Floats = field(repr=False)
    upper: Floats = field(repr=False)
    #: Gain of each pair of the fast and of the full plan, *pairs × d*.
    fast_gains: Floats = field(repr=False)
    full_gains: Floats = field(repr=False)
    #: Share of all draws whose stability is proved for all time constants.
    proved_share: float = 1.0

    @property
    def size(self) -> int:
        """Number of draws that are kept."""
        return len(self.kept)

    @property
    def rejected_share(self) -> float:
        """Share of draws that were unstable."""
        return 1 - self.size / self.drawn

    def take(self, draws: Indices) -> Ensemble:
        """Some of the draws, in this order; the same one may be taken many times."""
        return replace(
            self,
            kept=self.kept[draws],
            weights=self.weights[:, draws],
            tones=self.tones[:, draws],
            lower=self.lower[:, draws],
            upper=self.upper[:, draws],
            fast_gains=self.fast_gains[:, draws],
            full_gains=self.full_gains[:, draws],
        )

    def draw(self, name: str, interval: Interval, logarithmic: bool = False) -> Floats:
        """Values of one more unknown, in the draws that are kept; not to be written to."""
        key = name, interval, logarithmic
        if key not in self._latest:
            if len(self._latest) >= _KEPT:
                self._latest.clear()
            self._latest[key] = self._drawn(*key)
            self._latest[key].flags.writeable = False
        return self._latest[key]

    @cached_property
    def _latest(self) -> dict[tuple[str, Interval, bool], Floats]:
        """Drugs have the same affinities in every experiment."""
        return {}

    def _drawn(self, name: str, interval: Interval, logarithmic: bool) -> Floats:
        if interval.is_point:
            return np.full(self.size, interval.low)
        uniform = uniforms(self.seed, name, self.drawn)[self.kept]
        if logarithmic and interval.low > 0:
            return np.asarray(interval.low * _power(interval.high / interval.low, uniform))
        return np.asarray(interval.low + (interval.high - interval.low) * uniform)


def require_prior(name: str) -> None:
    """Refuse a name that no built-in prior has.

    Raises
    ------
    InputError
        With the names that there are.
    """
    if name not in PRIORS:
        raise InputError([not_one_of(PRIORS, "prior", name)])


def draw_ensemble(
    network: Network,
    prior: str = USUAL_PRIOR,
    draws: int = USUAL_DRAWS,
    seed: int = USUAL_SEED,
    sides: Mapping[str, bool] = UNDECIDED,
) -> Ensemble:
    """Stable draws of the weights and tones of a network.

    Parameters
    ----------
    network
        *n* nodes, *m* edges.
    prior
        Name of a built-in prior.
    draws
        How many are drawn; the unstable ones are left out and counted.
    seed
        The same seed gives the same draws.
    sides
        Answers to questions on which the literature disagrees; of one that is left open, half of
        the draws believe either side.

    Raises
    ------
    InputError
        No such prior, too few draws, or none that is stable.
    """
    require_prior(prior)
    if not 1 <= draws <= MOST_DRAWS:
        raise InputError([Problem(f"{draws} draws.", f"Ask for 1 to {MOST_DRAWS}.")])
    uniform = np.empty((len(network.edge_names), draws))
    for edge, name in enumerate(network.edge_names):
        uniform[edge] = uniforms(seed, name, draws)
    magnitudes = PRIORS[prior].magnitudes(network, uniform)
    weights = magnitudes * network.sign[:, None]
    for open_edge in np.flatnonzero(network.sign == 0):
        is_negative = uniforms(seed, f"sign of {network.edge_names[open_edge]}", draws) < 0.5
        weights[open_edge] = np.where(is_negative, -1.0, 1.0) * magnitudes[open_edge]
    for edge, question in enumerate(network.contested):
        if question and question in sides:
            weights[edge] *= sides[question]
        elif question:
            weights[edge] *= uniforms(seed, f"side of {question}", draws) < 0.5
    verdict = assess_stability(
        network.source,
        network.target,
        network.slow,
        weights,
        network.component,
        network.is_prompt,
    )
    kept = np.flatnonzero(verdict.stable)
    if not len(kept):
        what = f"none of {draws} draws of prior '{prior}' is stable."
        raise InputError(
            [Problem(what, "Weaken the positive loops, or take '--prior contractive'.")]
        )
    tones = _drawn_tones(network, draws, seed)
    if len(kept) < draws:
        weights, tones = weights[:, kept], tones[:, kept]
    lower, upper = bounds(network, tones)
    return Ensemble(
        prior=prior,
        seed=seed,
        drawn=draws,
        kept=kept,
        weights=weights,
        tones=tones,
        lower=lower,
        upper=upper,
        fast_gains=gains(network.fast_plan, weights),
        full_gains=gains(network.full_plan, weights),
        proved_share=float(verdict.proved[kept].mean()),
    )


def draw_unknowns(network: Network, draws: int = USUAL_DRAWS, seed: int = USUAL_SEED) -> Ensemble:
    """Draws of everything but the weights, which are all zero: for questions that hang on none.

    Tones, affinities and exposures are those of `draw_ensemble`, where no draw was left out.
    """
    tones = _drawn_tones(network, draws, seed)
    weights = np.zeros((len(network.edge_names), draws))
    lower, upper = bounds(network, tones)
    none = np.zeros((0, draws))
    return Ensemble("none", seed, draws, np.arange(draws), weights, tones, lower, upper, none, none)


def _drawn_tones(network: Network, draws: int, seed: int) -> Floats:
    tones = np.empty((network.size, draws))
    for node, (name, tone) in enumerate(zip(network.names, network.tones, strict=True)):
        tones[node] = tone.low
        if not tone.is_point:
            tones[node] += (tone.high - tone.low) * uniforms(seed, f"tone of {name}", draws)
    return tones


def join_ensembles(ensembles: Sequence[Ensemble]) -> Ensemble:
    """Draws of several ensembles of one network and one seed, side by side."""
    if len(ensembles) == 1:
        return ensembles[0]

    def joined(values: str) -> Floats:
        return np.concatenate([getattr(one, values) for one in ensembles], axis=-1)

    return Ensemble(
        prior=" and ".join(one.prior for one in ensembles),
        seed=ensembles[0].seed,
        drawn=max(one.drawn for one in ensembles),
        kept=np.concatenate([one.kept for one in ensembles]),
        weights=joined("weights"),
        tones=joined("tones"),
        lower=joined("lower"),
        upper=joined("upper"),
        fast_gains=joined("fast_gains"),
        full_gains=joined("full_gains"),
    )


def bounds(network: Network, tones: Floats) -> tuple[Floats, Floats]:
    """Lowest and highest deviation of each node in each draw, *n × d*.

    Activity lies between silent and full; an amount may fall to nothing and has no ceiling; a
    transporter may run backwards as fast as it ran forwards.
    """
    lower, upper = -tones, 1 - tones
    lower[network.is_level] = -1.0
    lower[network.is_reversible] *= 2
    upper[network.is_level] = np.inf
    return lower, upper


def uniforms(seed: int, name: str, count: int) -> Floats:
    """Numbers from 0 (excluded) to 1, from the stream of one name.

    Examples
    --------
    >>> float(uniforms(1, "NE -> beta1", 1)[0]) == float(uniforms(1, "NE -> beta1", 5)[0])
    True
    """
    blocks = -(-count // _BLOCK)
    return _stream(seed, name, blocks * _BLOCK)[:count]


#: Streams are made in blocks of so many numbers and kept: several priors ask for the same ones.
_BLOCK = 1000


@lru_cache(maxsize=4096)
def _stream(seed: int, name: str, count: int) -> Floats:
    digest = hashlib.sha256(f"{seed}\n{name}".encode()).digest()
    bits = np.random.Philox(key=int.from_bytes(digest[:16], "little")).random_raw(count)
    # 53 bits, as numpy does it, written out so that no change of its distributions can reach us.
    stream = np.asarray(((bits >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53)
    stream.flags.writeable = False
    return stream


@lru_cache(maxsize=4096)
def _logarithm(base: float) -> float:
    return float(Decimal(base).ln())


#: ln 2 in two parts; few enough digits in the first that its multiples up to 1000 are exact.
_LN_2 = (float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33"))


def _power(base: float, exponent: Floats) -> Floats:
    """A power of a positive number, alike to the last bit on every machine.

    numpy's own powers and exponentials depend on the processor and on its version; sums, products
    and rounding do not (IEEE 754). So: range reduction, then the Taylor series of e to its 14th
    term.

    Examples
    --------
    >>> _power(100.0, np.array([0.0, 0.5, 1.0])).round(12).tolist()
    [1.0, 10.0, 100.0]
    """
    logarithm = exponent * _logarithm(base)
    twos = np.rint(logarithm / sum(_LN_2))
    rest = logarithm - twos * _LN_2[0] - twos * _LN_2[1]
    series = np.ones_like(rest)
    for term in range(14, 0, -1):
        series *= rest
        series *= 1 / term
        series += 1
    return np.asarray(np.ldexp(series, twos.astype(np.int32)))
