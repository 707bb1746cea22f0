"""Drugs: whether what they bind is known, and anywhere in a circuit."""

from __future__ import annotations

from collections.abc import Iterator

from raphe.checks.library import Library
from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.drug import Drug
from raphe.formats.documents import Document


def check_drug(document: Document[Drug], library: Library) -> Iterator[Found]:
    """Unknown targets, targets under two names, and targets that no circuit has."""
    yield from _targets(document, library)
    yield from _reach(document, library)
    yield from _synonyms(document, library)


def _targets(document: Document[Drug], library: Library) -> Iterator[Found]:
    names: dict[tuple[str, ...], str] = {}
    for target in document.value.targets:
        if wrong := library.no_target(target):
            yield document.source.problem(("targets", target), *wrong, at_key=True)
            continue
        first = names.setdefault(library.targets.symbols(target) or (target,), target)
        if first != target:
            yield document.source.problem(
                ("targets", target),
                f"'{target}' and '{first}' are the same target.",
                "Write both rows as a list under one of the names.",
                at_key=True,
            )


def _reach(document: Document[Drug], library: Library) -> Iterator[Found]:
    drug = document.value
    if library.nodes is None or not library.is_whole("targets"):
        return
    used = [name for name, rows in drug.targets.items() if any(row.is_used for row in rows)]
    known = [name for name in used if library.targets.symbols(name)]
    missing = [name for name in known if library.symbols.isdisjoint(library.targets.symbols(name))]
    if known == missing and (known or not used):
        problem = document.source.problem(
            ("drug",),
            f"'{drug.name}' reaches nothing: "
            + (
                "no circuit has a node for any of its targets."
                if used
                else "none of its rows can be computed with."
            ),
            "Its predictions will be unchanged everywhere.",
        )
        yield NamedWarning(WarningName.DRUG_REACHES_NOTHING, problem)
        return
    for target in missing:
        problem = document.source.problem(
            ("targets", target),
            f"no circuit has a node for '{target}'.",
            "What the drug does there is not predicted.",
            at_key=True,
        )
        yield NamedWarning(WarningName.UNPLACED_TARGET, problem)


def _synonyms(document: Document[Drug], library: Library) -> Iterator[Found]:
    drug = document.value
    words = (("title",), drug.title), *((("synonyms",), word) for word in drug.synonyms)
    for path, word in words:
        others = [one for one in library.drug_names[word.casefold()] if one != drug.name]
        if others:
            problem = document.source.problem(
                path,
                f"'{word}' is a name of '{others[0]}' too.",
                "Only one of the drugs answers to it; remove it from the other.",
            )
            yield NamedWarning(WarningName.DUPLICATE_SYNONYM, problem)
