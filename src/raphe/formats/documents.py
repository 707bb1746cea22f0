"""Knowledge files to declared values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from raphe.errors import InputError, Problem
from raphe.evidence import Declared
from raphe.formats.validation import validation_problems
from raphe.formats.yaml_text import MAX_BYTES, Source, parse_yaml, read_text, too_large

Value = TypeVar("Value", bound=Declared)


@dataclass(frozen=True)
class Document(Generic[Value]):
    """A declared value, and where each part of it stands in its file."""

    value: Value
    source: Source

    @property
    def file(self) -> str:
        """The file as the user would name it."""
        return self.source.file


def read_document(path: Path, model: type[Value], shown: str = "") -> Document[Value]:
    """The value that a YAML file declares.

    Parameters
    ----------
    path
        The file.
    model
        What it declares.
    shown
        How the file is named in messages; the path itself if empty.

    Raises
    ------
    InputError
        With all mistakes of the file.
    """
    shown = shown or str(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError([too_large(size, shown)])
        raw = path.read_bytes()
    except OSError as error:
        remedy = "Check the name and the rights."
        raise InputError([Problem(f"cannot be read: {error.strerror}.", remedy, shown)]) from None
    return parse_document(read_text(raw, shown), model, shown)


def parse_document(text: str, model: type[Value], file: str) -> Document[Value]:
    """The value that a YAML text declares.

    Examples
    --------
    >>> from raphe.target import Targets
    >>> parse_document("targets: {HRH1: {name: H₁}}", Targets, "t.yaml").value.targets["HRH1"].name
    'H₁'
    """
    source = parse_yaml(text, file)
    if not isinstance(source.data, dict):
        what = "empty." if source.data is None else "not a mapping."
        raise InputError([Problem(what, "Write 'key: value' lines; see docs/language.md.", file, 1, 1)])
    try:
        return Document(model.model_validate(source.data), source)
    except ValidationError as error:
        raise InputError(validation_problems(error, source, model)) from None
