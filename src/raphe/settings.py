"""What an answer depends on besides its question: knowledge, circuit and draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from raphe.knowledge import USUAL_CIRCUIT, Knowledge, load_knowledge
from raphe.model import Model, load_model
from raphe.prior import USUAL_DRAWS, USUAL_PRIOR, USUAL_SEED


@dataclass(frozen=True, eq=False)
class Setting:
    """What an answer depends on besides its question."""

    knowledge: Knowledge
    circuit: str = USUAL_CIRCUIT
    prior: str = USUAL_PRIOR
    draws: int = USUAL_DRAWS
    seed: int = USUAL_SEED
    #: Sides taken where the literature disagrees, by question.
    sides: tuple[tuple[str, bool], ...] = ()

    @cached_property
    def model(self) -> Model:
        """The circuit, compiled and drawn."""
        return load_model(
            self.knowledge, self.circuit, self.prior, self.draws, self.seed, dict(self.sides)
        )


@lru_cache(maxsize=8)
def _setting(
    folders: tuple[str, ...],
    circuit: str,
    prior: str,
    draws: int,
    seed: int,
    sides: tuple[tuple[str, bool], ...],
    stamp: int,
) -> Setting:
    del stamp
    return Setting(load_knowledge(folders), circuit, prior, draws, seed, sides)


def setting(
    knowledge: Sequence[str | Path] | str | Path = (),
    circuit: str = USUAL_CIRCUIT,
    prior: str = USUAL_PRIOR,
    draws: int = USUAL_DRAWS,
    seed: int = USUAL_SEED,
    sides: Mapping[str, bool] | None = None,
) -> Setting:
    """Knowledge, circuit and draws; kept, already compiled, until a file of it changes.

    Parameters
    ----------
    knowledge
        Folders that extend or override the library.
    circuit, prior, draws, seed
        See `raphe.model.load_model`.
    sides
        Answers to open questions, on which the literature disagrees, by name; of the others, half
        of the draws believe either side.

    Raises
    ------
    InputError
        A folder, circuit or prior is not there.
    """
    folders = (knowledge,) if isinstance(knowledge, str | Path) else tuple(knowledge)
    names = tuple(str(folder) for folder in folders)
    stamp = load_knowledge(names).changed_at()
    taken = tuple(sorted((sides or {}).items()))
    return _setting(names, circuit, prior, draws, seed, taken, stamp)
