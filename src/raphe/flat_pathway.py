"""A circuit without includes, what is drawn and compiled, and how its nodes are found by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from raphe.errors import InputError, Problem, nearest
from raphe.evidence import EvidenceList
from raphe.pathway import Edge, Node, Place

_LIST_NODES = "'raphe list nodes' names them."


@dataclass(frozen=True)
class Origin:
    """Where a node or edge was declared."""

    pathway: str
    file: str
    line: int
    column: int

    def problem(self, what: str, remedy: str) -> Problem:
        """A problem with what was declared there."""
        return Problem(what, remedy, self.file, self.line, self.column)


@dataclass(frozen=True)
class PlacedNode:
    """A node under its full name."""

    name: str
    declared: Node
    place: str
    evidence: EvidenceList
    origin: Origin

    @property
    def label(self) -> str:
        """How it is drawn."""
        return self.declared.label or self.name.rsplit(".", 1)[-1]


@dataclass(frozen=True)
class PlacedEdge:
    """An edge between full names."""

    source: str
    target: str
    declared: Edge
    evidence: EvidenceList
    origin: Origin

    def __str__(self) -> str:
        return f"{self.source} {self.declared.arrow} {self.target}"


@dataclass(frozen=True)
class FlatPathway:
    """A circuit without includes: what is drawn and compiled; nodes and edges in order of names."""

    name: str
    title: str
    nodes: Mapping[str, PlacedNode]
    edges: tuple[PlacedEdge, ...]
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))
    readouts: tuple[str, ...] = ()
    #: Other words for places and for last parts of names.
    synonyms: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, said: str) -> str:
        """The full name of the node that somebody means, whatever the case and in other words.

        Raises
        ------
        InputError
            There is no such node.
        """
        found = self._meant(said)
        if len(found) == 1:
            return found[0]
        remedy = f"It is one of {', '.join(found)}." if found else nearest(said, self.nodes)
        raise InputError([Problem(f"no node '{said}'.", remedy or _LIST_NODES)])

    def knows(self, said: str) -> bool:
        """Whether that means one of its nodes; see `find`."""
        return len(self._meant(said)) == 1

    def _meant(self, said: str) -> tuple[str, ...]:
        return (said,) if said in self.nodes else self._by_words.get(self._in_own_words(said), ())

    @cached_property
    def _by_words(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name in self.nodes:
            words = self._in_own_words(name)
            found[words] = (*found.get(words, ()), name)
        return found

    def _in_own_words(self, said: str) -> str:
        own = self._own_words
        parts = (part.strip().casefold() for part in said.split("."))
        return ".".join(own.get(part, part) for part in parts)

    @cached_property
    def _own_words(self) -> Mapping[str, str]:
        return {word.casefold(): meant.casefold() for word, meant in self.synonyms.items()}
