"""How many observations can be true together, and what each side of a dispute costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from raphe.joint.choices import Fixed
from raphe.joint.reported import Report
from raphe.joint.trial import Trial
from raphe.sign import Change


@dataclass(frozen=True)
class Dispute:
    """A report of which papers disagree, and how each side fits with all else."""

    report: Report
    #: By direction: how many other observations would have to be doubted for it. A direction that
    #: is impossible whatever else is doubted is left out.
    cost: Mapping[Change, int]


@dataclass(frozen=True)
class Agreement:
    """How many observations can be true together."""

    low: int
    high: int
    of: int
    #: Whether every choice of sides was tried; else there may be choices with fewer than `low`.
    is_exact: bool = True


def upheld(trial: Trial, fixed: Mapping[int, Fixed]) -> int:
    """How many observations can be true together, doubt being free.

    None of them where there is no labelling even if all are doubted: what is held cannot be.
    """
    doubted = trial.doubts(fixed)
    return 0 if doubted is None else len(trial.observations) - doubted
