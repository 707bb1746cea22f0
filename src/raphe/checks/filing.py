"""How files are filed: under their own names, each id once, and nothing that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from raphe.checks.library import Entry, Library
from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.errors import Problem, nearest
from raphe.knowledge import COLLECTED, NAMED, misnamed


def check_filing(entry: Entry, library: Library) -> Iterator[Found]:
    """A file that declares another name than its own, and ids that its folder has already."""
    document = entry.document
    if document is None or not entry.is_filed:
        return
    if entry.kind in NAMED and (problem := misnamed(document, entry.kind, entry.path.stem)):
        yield problem
    if entry.kind in COLLECTED:
        for name in getattr(document.value, entry.kind):
            first = library.owners[entry.kind, entry.path.parent, name]
            if first is not document:
                yield document.source.problem(
                    (entry.kind, name),
                    f"{entry.kind.removesuffix('s')} '{name}' stands here a second time.",
                    f"The first is in {first.file}; rename or remove one.",
                    at_key=True,
                )


def unread_files(folder: Path, read: set[Path], shown: str) -> Iterator[Found]:
    """YAML files of a knowledge folder that are not where anybody looks for them."""
    kinds = (*NAMED, *COLLECTED)
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.suffix not in (".yaml", ".yml") or path in read or not path.is_file():
            continue
        if any(part.startswith(".") for part in inside.parts):
            continue
        remedy = f"Put it into one of {', '.join(sorted(kinds))}."
        if path.suffix == ".yml":
            remedy = "Let its name end in '.yaml'."
        elif len(inside.parts) > 1:
            remedy = nearest(inside.parts[0], kinds) or remedy
        problem = Problem("the file is not read.", remedy, str(Path(shown) / inside))
        yield NamedWarning(WarningName.FILE_NOT_READ, problem)
