"""Drugs: whether what they bind is known, and anywhere in a circuit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from raphe.checks.library import Library
from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.drug import Action, Drug
from raphe.drug_class import DRUG_CLASSES, drug_classes
from raphe.errors import nearest
from raphe.formats.documents import Document
from raphe.formats.yaml_text import Path, Source
from raphe.target import TargetClass

_RECEPTORS = frozenset(
    {
        TargetClass.GPCR,
        TargetClass.ION_CHANNEL,
        TargetClass.NUCLEAR_RECEPTOR,
        TargetClass.CATALYTIC_RECEPTOR,
    }
)
#: What can be the target of an action; actions that are not here fit everything.
_FITTING: Mapping[Action, frozenset[TargetClass]] = MappingProxyType(
    {
        Action.AGONIST: _RECEPTORS,
        Action.PARTIAL_AGONIST: _RECEPTORS,
        Action.INVERSE_AGONIST: _RECEPTORS,
        Action.OPENER: frozenset({TargetClass.ION_CHANNEL}),
        Action.RELEASER: frozenset({TargetClass.TRANSPORTER}),
        Action.INHIBITOR: frozenset(TargetClass) - {TargetClass.GPCR},
    }
)
#: What a target of a class is, and what drugs mostly do there.
_USUAL: Mapping[TargetClass, tuple[str, str]] = MappingProxyType(
    {
        TargetClass.GPCR: ("a G protein-coupled receptor", "agonist or antagonist"),
        TargetClass.ION_CHANNEL: ("an ion channel", "agonist, antagonist, blocker or opener"),
        TargetClass.TRANSPORTER: ("a transporter", "inhibitor or releaser"),
        TargetClass.ENZYME: ("an enzyme", "inhibitor or activator"),
        TargetClass.NUCLEAR_RECEPTOR: ("a nuclear receptor", "agonist or antagonist"),
        TargetClass.CATALYTIC_RECEPTOR: ("a catalytic receptor", "agonist or antagonist"),
    }
)


def check_drug(document: Document[Drug], library: Library) -> Iterator[Found]:
    """Unknown, odd and overlapping targets, and targets that no circuit has."""
    yield from check_drug_source(document.source, library)
    yield from _reach(document, library)
    yield from _synonyms(document, library)
    yield from _odd_classes(document)
    yield from _odd_actions(document, library)
    yield from _overlaps(document, library)


def check_drug_source(source: Source, library: Library) -> Iterator[Found]:
    """Unknown targets, and targets under two names, whatever else is wrong with the plain values.

    Their names are the keys under ``targets:``.
    """
    targets = source.data.get("targets") if isinstance(source.data, dict) else None
    names: dict[tuple[str, ...], str] = {}
    for key in targets if isinstance(targets, dict) else ():
        target = key.strip()
        if wrong := library.no_target(target):
            yield source.problem(("targets", target), *wrong, at_key=True)
            continue
        first = names.setdefault(library.targets.symbols(target) or (target,), target)
        if first != target:
            yield source.problem(
                ("targets", target),
                f"'{target}' and '{first}' are the same target.",
                "Write both rows as a list under one of the names.",
                at_key=True,
            )


def row_path(source: Source, target: str, number: int) -> Path:
    """Where a row of a drug stands: a lone one stands under its target, without a list."""
    path: Path = ("targets", target)
    return (*path, number) if isinstance(source.data["targets"].get(target), list) else path


def _odd_classes(document: Document[Drug]) -> Iterator[Found]:
    """Classes that the vocabulary does not have."""
    for name in drug_classes(document.value.class_):
        if name not in DRUG_CLASSES:
            problem = document.source.problem(
                ("class",),
                f"no class of drugs '{name}'.",
                nearest(name, DRUG_CLASSES)
                or "docs/language.md has the classes; a subclass goes into a bracket.",
            )
            yield NamedWarning(WarningName.UNKNOWN_DRUG_CLASS, problem)


def _odd_actions(document: Document[Drug], library: Library) -> Iterator[Found]:
    """Actions that nothing of a target's class can suffer; a class that nobody states fits all."""
    for target, rows in document.value.targets.items():
        known = library.targets.targets
        symbols = [one for one in library.targets.symbols(target) if one in known]
        classes = {known[symbol].class_ for symbol in symbols}
        if len(classes) != 1 or TargetClass.OTHER in classes:
            continue
        (class_,) = classes
        thing, usual = _USUAL[class_]
        for number, row in enumerate(rows):
            if class_ in _FITTING.get(row.action, TargetClass):
                continue
            meant = "antagonist" if row.action is Action.INHIBITOR else usual
            problem = document.source.problem(
                (*row_path(document.source, target, number), "action"),
                f"'{row.action}' does not fit '{target}', {thing}.",
                f"Write {meant}, or check the target.",
            )
            yield NamedWarning(WarningName.ODD_ACTION, problem)


def _overlaps(document: Document[Drug], library: Library) -> Iterator[Found]:
    """A family and a part of it, mostly one member, with different actions."""
    bound = {
        target: (library.targets.symbols(target), tuple(dict.fromkeys(row.action for row in used)))
        for target, rows in document.value.targets.items()
        if (used := [row for row in rows if row.is_used])
    }
    for part, (symbols, actions) in bound.items():
        for family, (members, others) in bound.items():
            if symbols and set(symbols) < set(members) and set(actions) != set(others):
                problem = document.source.problem(
                    ("targets", part),
                    f"'{part}' ({', '.join(actions)}) belongs to '{family}' ({', '.join(others)}).",
                    f"At the nodes of '{part}' its own row counts, at the others that of "
                    f"'{family}'; check that both are meant.",
                    at_key=True,
                )
                yield NamedWarning(WarningName.OVERLAPPING_TARGETS, problem)


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
