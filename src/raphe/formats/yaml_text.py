"""YAML text to plain values, with the line and column of every key and value.

PyYAML's own loader reads YAML 1.1, in which ``no`` and ``on`` are booleans, keeps the last of two equal
keys and forgets where things stood. So its events (libyaml) are taken, and the core schema of YAML 1.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from raphe.errors import InputError, Problem

#: Bounds of a file; the largest that ships has a tenth of these.
MAX_BYTES = 4_000_000
MAX_DEPTH = 16
MAX_VALUES = 400_000

_INTEGER = re.compile(r"^[-+]?\d+$")
_FLOAT = re.compile(r"^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$")
_TAB = re.compile(r"^ *\t\s*\S")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}

Path = tuple[str | int, ...]
Position = tuple[int, int]


@dataclass(frozen=True)
class Source:
    """What a YAML text says, and where it says it."""

    file: str
    data: Any
    #: Line and column, from 1, of each mapping key.
    keys: dict[Path, Position] = field(repr=False)
    #: Line and column, from 1, of each value.
    values: dict[Path, Position] = field(repr=False)

    def problem(self, path: Path, what: str, remedy: str = "", at_key: bool = False) -> Problem:
        """A problem with the value, or the key, at a path; or at what is nearest above it."""
        line, column = self._position(path, at_key)
        return Problem(what, remedy, self.file, line, column)

    def _position(self, path: Path, at_key: bool) -> Position:
        if at_key and path in self.keys:
            return self.keys[path]
        while path:
            if path in self.values:
                return self.values[path]
            path = path[:-1]
        return self.values.get((), (1, 1))


def read_text(raw: bytes, file: str) -> str:
    """The text of a file, or every reason why it is not one."""
    if len(raw) > MAX_BYTES:
        raise InputError([too_large(len(raw), file)])
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise InputError(
            [Problem("begins with a byte order mark.", "Save it as UTF-8 without BOM.", file, 1, 1)]
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        what = f"byte 0x{raw[error.start]:02x} is not UTF-8."
        remedy = "The file may be Latin-1; save it as UTF-8."
        raise InputError([Problem(what, remedy, file, line, column)]) from None


def too_large(size: int, file: str) -> Problem:
    """The problem of a file over the limit."""
    return Problem(
        f"{size / 1e6:,.0f} MB are more than a knowledge file may have ({MAX_BYTES / 1e6:.0f} MB).",
        "Split it, or check that it is the file that you meant.",
        file,
    )


def parse_yaml(text: str, file: str) -> Source:
    """Plain values of a YAML text.

    Raises
    ------
    InputError
        For every duplicate key, tab, anchor and tag, or for the first place where it is not YAML.

    Examples
    --------
    >>> source = parse_yaml("checked: no\\nyear: 2001\\n", "example.yaml")
    >>> source.data, source.values["year",]
    ({'checked': 'no', 'year': 2001}, (2, 7))
    """
    tabs = [
        Problem("a tab indents the line.", "Indent with spaces.", file, number, len(line[: line.find("\t")]) + 1)
        for number, line in enumerate(text.split("\n"), 1)
        if _TAB.match(line)
    ]
    if tabs:
        raise InputError(tabs)
    builder = _Builder(file)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = f"not YAML: {error.problem or error.context}."
        raise InputError([*builder.problems, Problem(what, _yaml_remedy(what), file, line, column)]) from None
    except yaml.YAMLError as error:
        what = f"not YAML: {getattr(error, 'reason', error)}."
        raise InputError([Problem(what, "Remove the control character.", file, 1, 1)]) from None
    if builder.problems:
        raise InputError(builder.problems)
    return Source(file, builder.root, builder.keys, builder.values)


def _yaml_remedy(what: str) -> str:
    if "mapping values" in what:
        return "Put a text that contains ': ' in quotes."
    if "expected <block end>" in what or "block" in what:
        return "Check the indentation here and in the line above."
    if "flow" in what:
        return "Check for a missing ',', '}' or ']'."
    return "Check quotes and brackets."


class _Builder:
    """Builds values from events, on a stack of its own: depth cannot exhaust Python's."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.keys: dict[Path, Position] = {}
        self.values: dict[Path, Position] = {}
        self.problems: list[Problem] = []
        self._stack: list[tuple[Path, Any]] = []
        self._key: list[str | None] = []
        self._count = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
            self._key.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._stop(event, f"'*{event.anchor}' is an alias.", "Write the value out; anchors and aliases are not used.")
        elif isinstance(event, yaml.DocumentStartEvent) and self.values:
            self._stop(event, "a second document begins.", "One file holds one thing; remove the '---'.")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_anchor(event)
        position = _position(event)
        if self._stack and isinstance(self._stack[-1][1], dict) and self._key[-1] is None:
            path, mapping = self._stack[-1]
            key = event.value
            if key in mapping:
                line = self.keys[(*path, key)][0]
                self._note(position, f"'{key}' stands here a second time.", f"The first is in line {line}; keep one of them.")
            self._key[-1] = key
            self.keys[(*path, key)] = position
            return
        self._put(_resolve(event), position)

    def _open(self, event: Any, container: Any) -> None:
        self._refuse_anchor(event)
        position = _position(event)
        if len(self._stack) >= MAX_DEPTH:
            self._stop(event, f"nested more than {MAX_DEPTH} levels deep.", "Check the brackets.")
        if self._stack and isinstance(self._stack[-1][1], dict) and self._key[-1] is None:
            self._stop(event, "a key is a list or a mapping.", "A key is a plain text.")
        path = self._put(container, position)
        self._stack.append((path, container))
        self._key.append(None)

    def _put(self, value: Any, position: Position) -> Path:
        self._count += 1
        if self._count > MAX_VALUES:
            raise InputError([Problem("holds too many values.", "Split the file.", self.file, *position)])
        if not self._stack:
            self.root = value
            path: Path = ()
        else:
            parent, container = self._stack[-1]
            if isinstance(container, dict):
                key = self._key[-1]
                assert key is not None
                self._key[-1] = None
                path = (*parent, key)
                container.setdefault(key, value)
            else:
                path = (*parent, len(container))
                container.append(value)
        self.values.setdefault(path, position)
        return path

    def _refuse_anchor(self, event: Any) -> None:
        if event.anchor:
            self._stop(event, f"'&{event.anchor}' is an anchor.", "Write the value out; anchors and aliases are not used.")
        if event.tag and event.tag != "!":
            self._stop(event, f"'{event.tag}' is a tag.", "Plain values only.")

    def _note(self, position: Position, what: str, remedy: str) -> None:
        self.problems.append(Problem(what, remedy, self.file, *position))

    def _stop(self, event: Any, what: str, remedy: str) -> None:
        self._note(_position(event), what, remedy)
        raise InputError(self.problems)


def _position(event: Any) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _resolve(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    if event.style:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.match(text):
        return int(text) if len(text) < 20 else text
    if _FLOAT.match(text):
        return float(text)
    return text
