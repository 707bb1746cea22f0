"""How far the agreement of findings with a circuit is more than chance.

Two kinds of chance: the observations dealt anew among the nodes and conditions in which something
was seen, and the signs of the circuit dealt anew among its influences. Of each, two numbers: how
many observations can be true together, and how many changes it takes to mend the rest (here
observations that are doubted: the least number, whatever the evidence). Both say the same of one
dealing, since what need not be doubted can be true together; the p-value is that of either.

A p-value is (1 + dealings that do as well) / (1 + dealings), never zero (B. Phipson and
G. K. Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39). Each dealing has a random stream of its
own, so that more of them leave the first ones as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from raphe.joint.agreement import upheld
from raphe.joint.problem import Influence
from raphe.joint.repair import Move
from raphe.joint.running import StoppedError
from raphe.joint.together import Together
from raphe.joint.trial import Seen, Signs
from raphe.prior import uniforms
from raphe.sign import Change

_DOUBT = frozenset((Move.DOUBT,))


class Chance(Enum):
    """What is dealt anew."""

    OBSERVATIONS = "observations"
    SIGNS = "signs"


@dataclass(frozen=True)
class Significance:
    """What was found, beside what chance finds."""

    chance: Chance
    #: Observations in all.
    of: int
    #: Observations that must be doubted as things are; None where that was not known in time.
    repairs: int | None
    #: And in each dealing, as many as there was time for.
    dealt: tuple[int, ...]
    #: How many dealings were asked for.
    asked: int = 0

    @property
    def agreements(self) -> int | None:
        """Observations that can be true together."""
        return None if self.repairs is None else self.of - self.repairs

    @property
    def mean(self) -> float | None:
        """Mean number of repairs in the dealings; None without any."""
        return float(np.mean(self.dealt)) if self.dealt else None

    @property
    def p_value(self) -> float | None:
        """How likely chance needs no more repairs, and so has no fewer agreements.

        Of the dealings that were made; None without any.

        Examples
        --------
        >>> Significance(Chance.SIGNS, 9, 1, (1, 2, 3)).p_value
        0.5
        """
        if self.repairs is None or not self.dealt:
            return None
        as_good = sum(one <= self.repairs for one in self.dealt)
        return (1 + as_good) / (1 + len(self.dealt))


def significance(together: Together, chance: Chance, permutations: int, seed: int) -> Significance:
    """The p-value of an agreement.

    When the clock of the answer stops, it is that of the dealings until then.

    Parameters
    ----------
    together
        The answer that is tested; nothing is grounded again.
    chance
        What is dealt anew.
    permutations
        How many dealings.
    seed
        Of their streams.
    """
    dealings = _observations if chance is Chance.OBSERVATIONS else _signs
    total = sum(len(trial.observations) for trial in together.trials)
    here: int | None = None
    dealt: list[int] = []
    try:
        here = _repairs(together, {}, {})
        for seen, signs in dealings(together, permutations, seed):
            dealt.append(_repairs(together, seen, signs))
    except StoppedError:
        pass
    except KeyboardInterrupt:
        together.clock.interrupt()
    return Significance(chance, total, here, tuple(dealt), permutations)


def _repairs(together: Together, seen: Seen, signs: Signs) -> int:
    """Observations that must be doubted, at least."""
    total = 0
    for trial in together.trials:
        own = {one: seen.get(one, change) for one, change in trial.seen.items()}
        asked = trial.with_signs if signs else trial.as_declared
        if not asked.holds(asked.assume(own, signs)):
            most = upheld(asked, asked.assume(own, signs, free=_DOUBT))
            total += len(trial.observations) - most
    return total


def _observations(together: Together, many: int, seed: int) -> Iterator[tuple[Seen, Signs]]:
    places = [one for trial in together.trials for one in trial.observations]
    values: list[Change] = [trial.seen[o] for trial in together.trials for o in trial.observations]
    for number in range(many):
        order = _order(seed, f"observations {number}", len(places))
        yield {place: values[one] for place, one in zip(places, order, strict=True)}, {}


def _signs(together: Together, many: int, seed: int) -> Iterator[tuple[Seen, Signs]]:
    influences: Sequence[Influence] = together.posed.problem.graph.influences
    for number in range(many):
        order = _order(seed, f"signs {number}", len(influences))
        signs = {one: influences[other].sign for one, other in zip(influences, order, strict=True)}
        yield {}, signs


def _order(seed: int, name: str, count: int) -> list[int]:
    order: list[int] = np.argsort(uniforms(seed, name, count), kind="stable").tolist()
    return order
