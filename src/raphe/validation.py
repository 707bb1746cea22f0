"""Everything that is wrong with the knowledge base, or with some files, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from raphe.checks.blanks import check_blanks
from raphe.checks.claims import (
    EvidenceSummary,
    check_citations,
    check_claims,
    summarise_evidence,
)
from raphe.checks.conditions import check_condition
from raphe.checks.drugs import check_drug, check_drug_source
from raphe.checks.figures import check_figure
from raphe.checks.filing import check_filing, unread_files
from raphe.checks.findings import check_findings, check_findings_source
from raphe.checks.library import Entry, Library
from raphe.checks.notice import Found, NamedWarning
from raphe.checks.pathways import check_cascade, check_circuit
from raphe.checks.references import check_references
from raphe.checks.targets import check_targets
from raphe.checks.workflows import check_workflow
from raphe.errors import InputError, Problem, nearest
from raphe.evidence import Declared
from raphe.formats.documents import Document, declare, read_source
from raphe.formats.yaml_text import Source
from raphe.knowledge import COLLECTED, KEYS, NAMED, Knowledge, folder_problem
from raphe.target import Targets

#: What is checked of a file beside its evidence, by the folder that such files stand in.
CHECKS: Mapping[str, Callable[[Document[Any], Library], Iterator[Found]]] = MappingProxyType(
    {
        "cascades": check_cascade,
        "circuits": check_circuit,
        "conditions": check_condition,
        "drugs": check_drug,
        "figures": check_figure,
        "findings": check_findings,
        "references": check_references,
        "targets": check_targets,
        "workflows": check_workflow,
    }
)

#: What is checked of the plain values where these do not make up what they should.
SOURCE_CHECKS: Mapping[str, Callable[[Source, Library], Iterator[Found]]] = MappingProxyType(
    {"drugs": check_drug_source, "findings": check_findings_source}
)

_MODELS: Mapping[str, type[Declared]] = MappingProxyType({**NAMED, **COLLECTED, "targets": Targets})
_KINDS = {type_: kind for kind, type_ in _MODELS.items()}
#: A file outside of a knowledge folder says by one of these keys what it is: the first of them
#: that it has, since a drug has targets too, and a figure a circuit.
_KIND_OF_KEY = {
    **{KEYS[kind]: kind for kind in ("drugs", "figures", "conditions", "workflows")},
    **{KEYS[kind]: kind for kind in ("cascades", "circuits", "findings", "references")},
    "targets": "targets",
    "families": "targets",
}
_BEGIN = f"Begin with one of {', '.join(f'{key}:' for key in _KIND_OF_KEY)}."


@dataclass(frozen=True)
class Report:
    """What is wrong with some files, in their order, and what their claims rest on."""

    #: The files, as messages name them.
    files: tuple[str, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[NamedWarning, ...]
    evidence: EvidenceSummary

    @property
    def is_valid(self) -> bool:
        """Whether there are no errors; warnings do not count."""
        return not self.errors


def validate_knowledge(knowledge: Knowledge) -> Report:
    """Everything that is wrong with all folders of a knowledge base.

    Examples
    --------
    >>> from raphe.knowledge import load_knowledge
    >>> validate_knowledge(load_knowledge()).is_valid
    True
    """
    entries = _entries(knowledge)
    unread = [found for folder in knowledge.folders for found in _unread(knowledge, folder)]
    return _report(Library(entries), entries, unread)


def validate_files(paths: Sequence[Path | str], knowledge: Knowledge) -> Report:
    """Everything that is wrong with some files or folders, in the light of a knowledge base.

    Parameters
    ----------
    paths
        Knowledge folders, files in one, or files of your own anywhere: these say by a key such as
        ``drug:`` what they are.
    knowledge
        What they may refer to; it is extended by the folders that they stand in.
    """
    problems: list[Found] = []
    loose: list[Path] = []
    wanted: list[Path] = []
    roots: list[Path] = []
    for path in map(Path, paths):
        root = _root(path)
        if root is not None:
            roots.append(root)
            wanted.append(path)
        elif path.is_dir():
            problems += filter(None, [folder_problem(path)])
        elif path.is_file() and not _may_be_knowledge(path):
            problems.append(_no_knowledge(path))
        else:
            loose.append(path)
    extended = knowledge.extended_by(roots)
    filed = _entries(extended)
    own = tuple(_loose_entry(path) for path in dict.fromkeys(loose))
    scope = [*(one for one in filed if any(_is_in(one.path, path) for path in wanted)), *own]
    found = {entry.path.resolve() for entry in scope if entry.is_filed}
    for path in wanted:
        if path.is_file() and path.resolve() not in found:
            problems.append(
                Problem("the file is not read.", "Let its name end in '.yaml'.", str(path))
                if _may_be_knowledge(path)
                else _no_knowledge(path)
            )
        elif not path.exists():
            problems.append(Problem("no such file.", "Check the name.", str(path)))
    for folder in dict.fromkeys(path for path in wanted if path in roots):
        problems += _unread(extended, folder)
    return _report(Library((*filed, *own)), scope, problems)


def _root(path: Path) -> Path | None:
    """The knowledge folder that a path is, or lies in; none for a file that stands alone."""
    if path.parent.name in KEYS:
        return path.parent.parent
    if path.is_dir():
        if path.name in KEYS:
            return path.parent
        return None if folder_problem(path) else path
    if path.name == "targets.yaml" and any((path.parent / kind).is_dir() for kind in KEYS):
        return path.parent
    return None


def _may_be_knowledge(path: Path) -> bool:
    return path.suffix.lower() in (".yaml", ".yml")


def _no_knowledge(path: Path) -> Problem:
    return Problem("this is no knowledge file.", "The name of one ends in '.yaml'.", str(path))


def _is_in(path: Path, wanted: Path) -> bool:
    return path.resolve().is_relative_to(wanted.resolve())


def _entries(knowledge: Knowledge) -> tuple[Entry, ...]:
    entries = []
    for path, model in knowledge.files():
        kind = _KINDS[model]
        try:
            entries.append(Entry(kind, path, knowledge.read(path, model)))
        except InputError as error:
            raw = _raw(path, knowledge.shown(path))
            entries.append(Entry(kind, path, problems=error.problems, raw=raw))
    return tuple(entries)


def _raw(path: Path, shown: str = "") -> Source | None:
    """The plain values of a file with mistakes, if it is YAML at least."""
    try:
        return read_source(path, shown)
    except InputError:
        return None


def _loose_entry(path: Path) -> Entry:
    """A file that stands alone, as what one of its keys says that it is."""
    kind = ""
    try:
        source = read_source(path)
        kind = _declared_kind(source)
        return Entry(kind, path, declare(source, _MODELS[kind]), is_filed=False)
    except InputError as error:
        return Entry(kind, path, problems=error.problems, is_filed=False, raw=_raw(path))


def _declared_kind(source: Source) -> str:
    if not isinstance(source.data, dict) or not source.data:
        declare(source, Declared)
        raise InputError([source.problem((), "the file is empty.", _BEGIN)])
    first = next(iter(source.data))
    misspelt = nearest(first, _KIND_OF_KEY)
    if first in _KIND_OF_KEY:
        return _KIND_OF_KEY[first]
    for key, kind in _KIND_OF_KEY.items():
        if key in source.data and not misspelt:
            return kind
    what = f"'{first}' does not say what the file declares."
    raise InputError([source.problem((first,), what, misspelt or _BEGIN, at_key=True)])


def _unread(knowledge: Knowledge, folder: Path) -> list[Found]:
    read = {path for path, _ in knowledge.files()}
    return list(unread_files(folder, read, knowledge.shown(folder)))


def _report(library: Library, scope: Sequence[Entry], more: Sequence[Found]) -> Report:
    found = [*more, *_found(library, scope)]
    order = {entry.file: number for number, entry in enumerate(library.entries)}

    def place(problem: Problem) -> tuple[int, str, int, int, str]:
        last = len(order)
        where = order.get(problem.file, last)
        return where, problem.file, problem.line, problem.column, problem.what

    errors = {one for one in found if isinstance(one, Problem)}
    warnings = {one for one in found if isinstance(one, NamedWarning)}
    readable = [entry.document for entry in scope if entry.document]
    return Report(
        files=tuple(dict.fromkeys(entry.file for entry in scope)),
        errors=tuple(sorted(errors, key=place)),
        warnings=tuple(sorted(warnings, key=lambda one: (*place(one.problem), one.name))),
        evidence=summarise_evidence(readable, library),
    )


def _found(library: Library, scope: Sequence[Entry]) -> list[Found]:
    """What the checks find; a mistake of a cascade counts once, however often it is included."""
    own: list[Found] = []
    elsewhere: list[Found] = []
    for entry in scope:
        own += entry.problems
        own += check_filing(entry, library)
        if entry.document is None:
            own += _found_in_source(entry, library)
            continue
        own += check_claims(entry.document, library)
        own += check_blanks(entry.document.source)
        for one in CHECKS[entry.kind](entry.document, library):
            (own if _of(one).file == entry.file else elsewhere).append(one)
    seen = {_position(one) for one in own}
    for one in elsewhere:
        if _position(one) not in seen:
            seen.add(_position(one))
            own.append(one)
    return own


def _found_in_source(entry: Entry, library: Library) -> Iterator[Found]:
    """What can be said of a file although it does not declare what it should."""
    if entry.raw is not None:
        yield from check_citations(entry.raw, library)
        if entry.kind in SOURCE_CHECKS:
            yield from SOURCE_CHECKS[entry.kind](entry.raw, library)


def _of(found: Found) -> Problem:
    return found.problem if isinstance(found, NamedWarning) else found


def _position(found: Found) -> tuple[str, int, int, str]:
    problem = _of(found)
    name = found.name if isinstance(found, NamedWarning) else ""
    return problem.file, problem.line, problem.column, name
