"""Knowledge files to declared values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from raphe.errors import InputError, Problem
from raphe.evidence import Declared
from raphe.formats.plain_text import MAX_BYTES, decode, too_large
from raphe.formats.validation import validation_problems
from raphe.formats.yaml_text import Source, parse_yaml

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
    return declare(read_source(path, shown), model)


def parse_document(text: str, model: type[Value], file: str) -> Document[Value]:
    """The value that a YAML text declares.

    Examples
    --------
    >>> from raphe.target import Targets
    >>> parse_document("targets: {HRH1: {name: H₁}}", Targets, "t.yaml").value.targets["HRH1"].name
    'H₁'
    """
    return declare(parse_yaml(text, file), model)


def read_source(path: Path, shown: str = "") -> Source:
    """Plain values of a YAML file, before it is known what they declare.

    Raises
    ------
    InputError
        It cannot be read, or is not YAML.
    """
    shown = shown or str(path)
    try:
        if not path.is_file():
            what = "not a plain file." if path.exists() else "no such file."
            raise InputError([Problem(what, "Check the name.", shown)])
        if (size := path.stat().st_size) > MAX_BYTES:
            raise InputError([too_large(size, shown)])
        raw = path.read_bytes()
    except OSError as error:
        what = f"the file cannot be read: {error.strerror}."
        raise InputError([Problem(what, "Check its rights.", shown)]) from None
    return parse_yaml(decode(raw, shown), shown)


def declare(source: Source, model: type[Value]) -> Document[Value]:
    """The value that plain values declare.

    Raises
    ------
    InputError
        With every part that does not fit the model.
    """
    if not isinstance(source.data, dict):
        what = "the file is empty." if source.data is None else "the file is not a mapping."
        remedy = "Write 'key: value' lines; see docs/language.md."
        raise InputError([source.problem((), what, remedy)])
    try:
        return Document(model.model_validate(source.data), source)
    except ValidationError as error:
        raise InputError(validation_problems(error, source, model)) from None
