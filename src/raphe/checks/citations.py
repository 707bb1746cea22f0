"""Where a file cites which reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from raphe.formats.yaml_text import Path, Source


def citations(source: Source) -> Iterator[tuple[Path, str]]:
    """Each place of a file at which a reference is cited, and its id, in the order of the file.

    Examples
    --------
    >>> from raphe.formats.yaml_text import parse_yaml
    >>> list(citations(parse_yaml("evidence: [doe-2001, {ref: roe-2002}]", "own.yaml")))
    [(('evidence', 0), 'doe-2001'), (('evidence', 1, 'ref'), 'roe-2002')]
    """
    yield from _below((), source.data)


def _below(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "evidence" and isinstance(child, list):
                yield from _items((*path, key), child)
            else:
                yield from _below((*path, key), child)
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from _below((*path, number), child)


def _items(path: Path, items: list[Any]) -> Iterator[tuple[Path, str]]:
    for number, item in enumerate(items):
        if isinstance(item, str):
            yield (*path, number), item
        elif isinstance(item, dict) and isinstance(item.get("ref"), str):
            yield (*path, number, "ref"), item["ref"]
