"""Targets: families of what there is, and names that mean one thing."""

from __future__ import annotations

from collections.abc import Iterator

from raphe.checks.library import Library
from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.errors import nearest
from raphe.formats.documents import Document
from raphe.formats.yaml_text import Path
from raphe.target import Targets


def check_targets(document: Document[Targets], library: Library) -> Iterator[Found]:
    """Members of families and mechanisms of cautions that are no targets; names given twice."""
    known = library.targets.targets
    for name, family in document.value.families.items():
        for number, member in enumerate(family.members):
            if member not in known:
                yield document.source.problem(
                    ("families", name, "members", number),
                    f"no target '{member}'.",
                    nearest(member, known) or "Declare it under 'targets:'.",
                )
    for name, caution in document.value.cautions.items():
        for number, mechanism in enumerate(caution.between):
            if wrong := library.no_target(mechanism.target):
                where: Path = ("cautions", name, "between", number, "target")
                yield document.source.problem(where, *wrong)
    owners: dict[str, Path] = {}
    for path, word in _words(document.value):
        first = owners.setdefault(word, path[:2])
        if first != path[:2]:
            section, owner = first
            problem = document.source.problem(
                path,
                f"'{word}' is a name of {_SINGULAR[str(section)]} '{owner}' too.",
                "Only the first answers to it; remove one.",
                at_key=len(path) == len(first),
            )
            yield NamedWarning(WarningName.DUPLICATE_SYNONYM, problem)


def _words(targets: Targets) -> Iterator[tuple[Path, str]]:
    """Every name, and where it stands: first what things are called, then what else."""
    sections = (("targets", targets.targets), ("families", targets.families))
    for section, things in sections:
        for name in things:
            yield (section, name), name
    for section, things in sections:
        for name, thing in things.items():
            for word in thing.synonyms:
                yield (section, name, "synonyms"), word


_SINGULAR = {"targets": "target", "families": "family"}
