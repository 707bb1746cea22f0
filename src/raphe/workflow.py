"""What a workflow file declares: an experimental protocol as a graph of steps."""

from __future__ import annotations

from pydantic import Field

from raphe.evidence import Declared, EvidenceList
from raphe.pathway import NAME, Names


class Step(Declared):
    """One thing that the experimenter does."""

    title: str
    detail: str = ""
    #: Whether the drug is given in it.
    drug: bool = False
    #: Steps that it follows; the one before it if none is named.
    after: Names = ()


class Phase(Declared):
    """Steps that belong together, by id, in order."""

    phase: str
    steps: dict[str, Step] = Field(min_length=1)


class Workflow(Declared):
    """A protocol."""

    workflow: str = Field(pattern=NAME)
    title: str
    subtitle: str = ""
    phases: tuple[Phase, ...] = Field(min_length=1)
    #: Names of the calculations that turn its raw data into results.
    calculations: Names = ()
    evidence: EvidenceList = ()

    @property
    def name(self) -> str:
        """Its own name."""
        return self.workflow

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Pairs of steps, the earlier first, in order of the later.

        Examples
        --------
        >>> Workflow.model_validate({"workflow": "w", "title": "W", "phases": [
        ...     {"phase": "A", "steps": {"a": {"title": "a"}, "b": {"title": "b"}}},
        ...     {"phase": "B", "steps": {"c": {"title": "c", "after": ["a", "b"]}}}]}).links
        (('a', 'b'), ('a', 'c'), ('b', 'c'))
        """
        pairs: list[tuple[str, str]] = []
        before: str | None = None
        for phase in self.phases:
            for name, step in phase.steps.items():
                earlier = step.after or ((before,) if before else ())
                pairs += [(one, name) for one in earlier]
                before = name
        return tuple(pairs)
