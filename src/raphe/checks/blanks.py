"""What the author of a file has still to fill in, in the words of the templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.formats.yaml_text import Path, Source

#: How a text begins that stands for something that is not there yet.
BLANK = "to be filled in"


def check_blanks(source: Source) -> Iterator[Found]:
    """Texts that say of themselves that something is to be filled in."""
    for path, text in _texts((), source.data):
        if text.strip().startswith(BLANK):
            problem = source.problem(
                path, f"{text.strip().rstrip('.')}.", "Write it, and delete or replace this text."
            )
            yield NamedWarning(WarningName.TO_BE_FILLED_IN, problem)


def _texts(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from _texts((*path, key), child)
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from _texts((*path, number), child)
