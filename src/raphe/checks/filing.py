"""How files are filed: under their own names, each id once, and nothing that nobody reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from raphe.checks.library import Entry, Library
from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.errors import Problem, nearest
from raphe.evidence import Declared
from raphe.formats.documents import Document
from raphe.knowledge import COLLECTED, KEYS, NAMED, misnamed
from raphe.pathway import NAME


def check_filing(entry: Entry, library: Library) -> Iterator[Found]:
    """A file that declares another name than its own, and ids that its folder has already."""
    if not entry.is_filed:
        return
    document = entry.document
    named = document or _named(entry)
    if entry.kind in NAMED and named is not None:
        yield from filter(None, [misnamed(named, entry.kind, entry.path.stem)])
    if entry.kind in COLLECTED and document is not None:
        for name in getattr(document.value, entry.kind):
            first = library.owners[entry.kind, entry.path.parent, name]
            if first is not document:
                yield document.source.problem(
                    (entry.kind, name),
                    f"{entry.kind.removesuffix('s')} '{name}' stands here a second time.",
                    f"The first is in {first.file}; rename or remove one.",
                    at_key=True,
                )


class _Named(Declared):
    """What is known of a thing that has a name, and mistakes elsewhere."""

    name: str


def _named(entry: Entry) -> Document[_Named] | None:
    if entry.raw is None or not isinstance(entry.raw.data, dict):
        return None
    name = entry.raw.data.get(KEYS.get(entry.kind, ""))
    if not isinstance(name, str) or not re.search(NAME, name.strip()):
        return None
    return Document(_Named(name=name), entry.raw)


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
