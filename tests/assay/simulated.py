"""Hypothesis strategies: experiments whose truth is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

#: Numbers over six decades, as potencies are.
potencies = st.floats(-3.0, 3.0).map(lambda power: 10.0**power)


@dataclass(frozen=True)
class Competition:
    """A competition curve with its concentrations around the IC50."""

    ic50: float
    hill: float
    top: float
    bottom: float

    @property
    def concentrations(self) -> list[float]:
        """Eleven, over five decades, with the IC50 off their middle."""
        return [self.ic50 * 10.0 ** (-2.7 + 0.5 * step) for step in range(11)]

    @property
    def responses(self) -> list[float]:
        """Without noise, written as in the textbook and not as in raphe."""
        return [
            self.bottom + (self.top - self.bottom) / (1 + (dose / self.ic50) ** self.hill)
            for dose in self.concentrations
        ]

    def noisy(self, seed: int, share: float = 0.02, replicates: int = 3) -> tuple[list, list]:
        """Replicates with normal noise, a share of the span."""
        rng = np.random.default_rng(seed)
        doses = [dose for dose in self.concentrations for _ in range(replicates)]
        clean = [value for value in self.responses for _ in range(replicates)]
        noise = rng.normal(0.0, share * abs(self.top - self.bottom), len(clean))
        return doses, [value + one for value, one in zip(clean, noise.tolist(), strict=True)]


@st.composite
def competitions(draw: st.DrawFn) -> Competition:
    """Competition curves of any potency, slope and scale."""
    bottom = draw(st.floats(0.0, 500.0))
    span = draw(st.floats(1.0, 4.0).map(lambda power: 10.0**power))
    return Competition(draw(potencies), draw(st.floats(0.6, 2.0)), bottom + span, bottom)


def hyperbola(dose: float, maximum: float, half: float) -> float:
    """One-site binding."""
    return maximum * dose / (half + dose)


def close(one: float, other: float, tolerance: float = 1e-6) -> bool:
    """Whether two numbers agree to about six digits."""
    return math.isclose(one, other, rel_tol=tolerance, abs_tol=1e-9)
