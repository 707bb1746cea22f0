"""All files side by side, as far as they could be read: what a check may ask about the others.

Where a file of a kind is no YAML, nobody knows what else is declared in it. What is then missing
is not reported: the mistake in that file is, and the rest once it is mended. Of a file that is
YAML, but not what it should be, the names are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from raphe.checks.citations import citations
from raphe.composition import compose, compose_cascade
from raphe.drug import Drug
from raphe.errors import InputError, Problem, nearest
from raphe.evidence import Reference
from raphe.flat_pathway import FlatPathway
from raphe.formats.documents import Document
from raphe.formats.yaml_text import Source
from raphe.knowledge import COLLECTED, NAMED
from raphe.pathway import Cascade, Circuit
from raphe.target import Targets


@dataclass(frozen=True)
class Entry:
    """A file: what it declares, or why it could not be read."""

    #: Folder that such files stand in, or ``targets``.
    kind: str
    path: Path
    document: Document[Any] | None = None
    problems: tuple[Problem, ...] = ()
    #: Whether it stands in a knowledge folder, so that its name counts.
    is_filed: bool = True
    #: Its plain values, where these could be read and what they declare could not.
    raw: Source | None = None

    @property
    def file(self) -> str:
        """The file as the user would name it."""
        return self.document.file if self.document else self.problems[0].file

    @property
    def source(self) -> Source | None:
        """Its plain values; none where it is no YAML."""
        return self.document.source if self.document else self.raw


def plain_names(value: Any) -> tuple[str, ...]:
    """Names that plain values state: a text, a list of texts, or the keys of a mapping.

    Examples
    --------
    >>> plain_names("a"), plain_names(["a", 3]), plain_names({"a": {}}), plain_names(None)
    (('a',), ('a',), ('a',), ())
    """
    if isinstance(value, str):
        return (value.strip(),)
    items = value if isinstance(value, dict | list) else ()
    return tuple(one.strip() for one in items if isinstance(one, str))


@dataclass(frozen=True)
class Library:
    """Files in order, the later overriding the earlier of the same kind and name."""

    entries: tuple[Entry, ...]

    def documents(self, kind: str) -> list[Document[Any]]:
        """The files of a kind that could be read."""
        return [one.document for one in self.entries if one.kind == kind and one.document]

    def is_whole(self, kind: str) -> bool:
        """Whether every file of a kind could be read."""
        return all(one.document for one in self.entries if one.kind == kind)

    def is_legible(self, kind: str) -> bool:
        """Whether every file of a kind is at least YAML."""
        return all(one.source for one in self.entries if one.kind == kind)

    def _raw(self, kind: str, *keys: str) -> Iterator[tuple[Entry, Any]]:
        """What stands under some keys of the files of a kind that are only YAML."""
        for entry in self.entries:
            if entry.kind == kind and entry.raw and isinstance(entry.raw.data, dict):
                yield from ((entry, entry.raw.data.get(key)) for key in keys)

    def named(self, kind: str) -> Mapping[str, Document[Any]]:
        """The things of a kind that could be read, by name."""
        return self._named[kind]

    def names(self, kind: str) -> list[str]:
        """Names of all things of a kind, those that could not be read included."""
        return sorted({*self._named[kind], *self._unread[kind]})

    @cached_property
    def _named(self) -> dict[str, dict[str, Document[Any]]]:
        return {kind: {one.value.name: one for one in self.documents(kind)} for kind in NAMED}

    @cached_property
    def _unread(self) -> dict[str, set[str]]:
        unread: dict[str, set[str]] = {kind: set() for kind in NAMED}
        for entry in self.entries:
            if entry.kind in NAMED and entry.document is None:
                unread[entry.kind].add(entry.path.stem)
        return unread

    @cached_property
    def targets(self) -> Targets:
        """Targets and families of all files."""
        merged = Targets()
        for document in self.documents("targets"):
            merged = merged.extended_by(document.value)
        return merged

    @cached_property
    def references(self) -> dict[str, Reference]:
        """References of all files, by id."""
        found: dict[str, Reference] = {}
        for document in self.documents("references"):
            found |= document.value.references
        return found

    @cached_property
    def reference_ids(self) -> frozenset[str] | None:
        """Ids of all references, wrong ones included; none where a file of them is no YAML."""
        if not self.is_legible("references"):
            return None
        raw = (value for _, value in self._raw("references", "references"))
        return frozenset(self.references).union(*(one for one in raw if isinstance(one, dict)))

    @cached_property
    def _raw_targets(self) -> frozenset[str]:
        found: set[str] = set()
        for _, section in self._raw("targets", "targets", "families"):
            for name, one in section.items() if isinstance(section, dict) else ():
                found.add(name)
                found.update(plain_names(one.get("synonyms")) if isinstance(one, dict) else ())
        return frozenset(found)

    @cached_property
    def cited(self) -> frozenset[str]:
        """Ids of all references that are cited anywhere."""
        sources = (one.source for one in self.entries if one.source)
        return frozenset(ref for source in sources for _, ref in citations(source))

    @cached_property
    def included(self) -> frozenset[str]:
        """Names of all cascades that something includes."""
        documents = (*self.documents("cascades"), *self.documents("circuits"))
        return frozenset(one.use for document in documents for one in document.value.include)

    @cached_property
    def drug_names(self) -> dict[str, tuple[str, ...]]:
        """Drugs by each name, title and synonym, without regard to case; mostly one each."""
        owners: dict[str, tuple[str, ...]] = {}
        for name in self.names("drugs"):
            document = self.named("drugs").get(name)
            own = (name, document.value.title, *document.value.synonyms) if document else (name,)
            for word in dict.fromkeys(one.casefold() for one in own):
                owners[word] = (*owners.get(word, ()), name)
        for entry, value in self._raw("drugs", "drug", "title", "synonyms"):
            for word in plain_names(value):
                owners.setdefault(word.casefold(), (entry.path.stem,))
        return owners

    def drug(self, name: str) -> Drug | None:
        """A drug by any of its names, if it could be read."""
        for own in self.drug_names.get(name.casefold(), ()):
            if own in self.named("drugs"):
                return self.named("drugs")[own].value  # type: ignore[no-any-return]
        return None

    def no_drug(self, name: str, others: Iterable[str] = ()) -> tuple[str, str] | None:
        """What is wrong with a drug's name, and what would be right; nothing if it is known."""
        if name.casefold() in self.drug_names or not self.is_legible("drugs"):
            return None
        known = [*self.names("drugs"), *others, *self.drug_names]
        return f"no drug '{name}'.", nearest(name, known) or "'raphe list drugs' names them all."

    def no_target(self, name: str) -> tuple[str, str] | None:
        """What is wrong with a target's name, and what would be right; nothing if it is known."""
        if not self.is_legible("targets") or self.targets.symbols(name):
            return None
        if name in self._raw_targets:
            return None
        known = (*self.targets.names, *sorted(self._raw_targets))
        return f"no target '{name}'.", nearest(name, known) or "Declare it in targets.yaml."

    def no_node(self, name: str) -> tuple[str, str] | None:
        """What is wrong with a node's name, and what would be right; nothing if it is known."""
        if self.nodes is None or name in self.nodes:
            return None
        remedy = nearest(name, self.nodes) or "'raphe list nodes' names them all."
        return f"no node '{name}'.", remedy

    @cached_property
    def circuits(self) -> Mapping[str, FlatPathway]:
        """The circuits that can be composed, by name."""
        composed = {name: self.compose(one)[0] for name, one in self.named("circuits").items()}
        return {name: flat for name, flat in composed.items() if flat}

    @cached_property
    def nodes(self) -> frozenset[str] | None:
        """Nodes of all circuits; none where one of them could not be composed."""
        if len(self.circuits) < len(self.names("circuits")):
            return None
        return frozenset(name for flat in self.circuits.values() for name in flat.nodes)

    @cached_property
    def cells(self) -> frozenset[str]:
        """Cells that the places of the circuits have."""
        places = (place for flat in self.circuits.values() for place in flat.places.values())
        return frozenset(place.cell for place in places if place.cell)

    @cached_property
    def symbols(self) -> frozenset[str]:
        """HGNC symbols of what a drug can bind in a circuit."""
        nodes = (node for flat in self.circuits.values() for node in flat.nodes.values())
        names = {name for node in nodes for name in node.declared.target}
        return frozenset(symbol for name in names for symbol in self.targets.symbols(name))

    def compose(
        self, document: Document[Circuit] | Document[Cascade]
    ) -> tuple[FlatPathway | None, tuple[Problem, ...]]:
        """A circuit or cascade without includes, or why there is none."""
        unread: list[str] = []

        def cascades(name: str) -> Document[Cascade]:
            if name in self.named("cascades"):
                return self.named("cascades")[name]
            if name in self.names("cascades"):
                unread.append(name)
                raise InputError(())
            known = self.names("cascades")
            remedy = nearest(name, known) or "'raphe list cascades' names them all."
            raise InputError([Problem(f"no cascade '{name}'.", remedy)])

        try:
            if isinstance(document.value, Circuit):
                return compose(document, cascades), ()
            return compose_cascade(document, cascades), ()
        except InputError as error:
            return None, () if unread else error.problems

    @cached_property
    def owners(self) -> dict[tuple[str, Path, str], Document[Any]]:
        """The first file of a folder that declares a finding or reference, by kind and id."""
        owners: dict[tuple[str, Path, str], Document[Any]] = {}
        for entry in self.entries:
            if entry.kind in COLLECTED and entry.document:
                for name in getattr(entry.document.value, entry.kind):
                    owners.setdefault((entry.kind, entry.path.parent, name), entry.document)
        return owners
