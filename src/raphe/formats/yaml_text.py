"""YAML text to plain values, with the line and column of every key and value.

PyYAML's own loader reads YAML 1.1, in which ``no`` and ``on`` are booleans, keeps the last of two
equal keys and forgets where things stood. So its events (libyaml) are taken, and the core schema
of YAML 1.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from raphe.errors import InputError, Problem
from raphe.formats.plain_text import control_characters

#: Bounds of a file; the deepest and the largest that ship have a quarter of these.
MAX_DEPTH = 16
MAX_VALUES = 400_000

_INTEGER = re.compile(r"^[-+]?[0-9]+$")
_FLOAT = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_TAB = re.compile(r"^ *\t\s*\S")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
#: Longer whole numbers are identifiers rather than counts, and stay text.
_MAX_DIGITS = 18

#: libyaml's complaints and those of PyYAML's own parser, by a part that both have in common, in
#: the words of someone who has never read a grammar; the first that fits counts.
_COMPLAINTS = (
    (
        "mapping values are not allowed",
        "a ':' stands where none may.",
        "Put a text that contains ': ' in quotes, or check the indentation.",
    ),
    ("found unexpected end of stream", "a quote opens here and does not close.", "Close it."),
    (
        "found unexpected document indicator",
        "a quote opens here and does not close.",
        "Close it.",
    ),
    ("block sequence entries", "a list begins in the line of its key.", "Begin a new line for it."),
    (
        "cannot start any token",
        "a plain text may not begin with this character.",
        "Put the text in quotes.",
    ),
    ("unknown escape", "unknown escape after '\\'.", "Use single quotes around the text."),
    ("expected escape sequence", "incomplete escape after '\\'.", "Use single quotes around it."),
    ("could not find expected ':'", "a line without ':'.", "Write 'key: value'."),
    ("expected ',' or '}'", "a ',' or '}' is missing before this.", "Add it."),
    ("expected ',' or ']'", "a ',' or ']' is missing before this.", "Add it."),
    *(
        (part, "this does not line up with the lines above.", "Indent what belongs together alike.")
        for part in ("expected key", "expected <block end>", "'-' indicator")
    ),
    ("node content", "a value is missing before this.", "Write it, or remove the comma."),
    (
        "alphabetic or numeric",
        "a plain text may not begin with '*' or '&'.",
        "Put the text in quotes.",
    ),
)

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


def parse_yaml(text: str, file: str) -> Source:
    r"""Plain values of a YAML text.

    Raises
    ------
    InputError
        For every duplicate key, tab and control character; for the first anchor, tag or place
        where it is not YAML.

    Examples
    --------
    >>> source = parse_yaml("checked: no\nyear: 2001\n", "example.yaml")
    >>> source.data, source.values["year",]
    ({'checked': 'no', 'year': 2001}, (2, 7))
    """
    if problems := [*control_characters(text, file), *_tabs(text, file)]:
        raise InputError(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    builder = _Builder(file)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.YAMLError as error:
        raise InputError([*builder.problems, _complaint(error, file)]) from None
    if builder.problems:
        raise InputError(builder.problems)
    return Source(file, builder.root, builder.keys, builder.values)


def _tabs(text: str, file: str) -> list[Problem]:
    return [
        Problem("a tab indents the line.", "Indent with spaces.", file, line, found.find("\t") + 1)
        for line, found in enumerate(text.split("\n"), 1)
        if _TAB.match(found)
    ]


def _complaint(error: yaml.YAMLError, file: str) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem("not YAML.", "See docs/language.md.", file, 1, 1)
    said = error.problem or error.context or ""
    fitting = ((what, remedy) for part, what, remedy in _COMPLAINTS if part in said)
    what, remedy = next(fitting, (f"not YAML: {said}.", "Check quotes, brackets and indentation."))
    mark = error.context_mark if "does not close" in what else error.problem_mark
    mark = mark or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem(what, remedy, file, line, column)


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
            what = f"'*{event.anchor}' is an alias."
            self._stop(
                event, what, "Write the value out, or put a text that begins with * in quotes."
            )
        elif isinstance(event, yaml.DocumentStartEvent) and self.values:
            self._stop(event, "a second document begins.", "One file holds one thing; split it.")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_anchor(event)
        position = _position(event)
        if self._awaits_key:
            path, mapping = self._stack[-1]
            key = event.value
            if key in mapping:
                line = self.keys[(*path, key)][0]
                what = f"key '{key}' stands here a second time."
                self._note(position, what, f"The first is in line {line}; keep one of them.")
            self._key[-1] = key
            self.keys.setdefault((*path, key), position)
            return
        self._put(_resolve(event), position)

    def _open(self, event: Any, container: Any) -> None:
        self._refuse_anchor(event)
        position = _position(event)
        if len(self._stack) >= MAX_DEPTH:
            what = f"values are nested more than {MAX_DEPTH} levels deep."
            self._stop(event, what, "Check the brackets.")
        if self._awaits_key:
            self._stop(event, "a key is a list or a mapping.", "A key is a plain text.")
        path = self._put(container, position)
        self._stack.append((path, container))
        self._key.append(None)

    @property
    def _awaits_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1][1], dict) and self._key[-1] is None

    def _put(self, value: Any, position: Position) -> Path:
        self._count += 1
        if self._count > MAX_VALUES:
            what = f"the file holds more than {MAX_VALUES:,} values."
            raise InputError([*self.problems, Problem(what, "Split it.", self.file, *position)])
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
                container[key] = value
            else:
                path = (*parent, len(container))
                container.append(value)
        self.values.setdefault(path, position)
        return path

    def _refuse_anchor(self, event: Any) -> None:
        if event.anchor:
            what = f"'&{event.anchor}' is an anchor."
            self._stop(
                event, what, "Write the value out, or put a text that begins with & in quotes."
            )
        if event.tag and event.tag != "!":
            what = f"'{event.tag.replace('tag:yaml.org,2002:', '!!')}' is a tag."
            self._stop(
                event, what, "Write a plain value, or put a text that begins with ! in quotes."
            )

    def _note(self, position: Position, what: str, remedy: str) -> None:
        self.problems.append(Problem(what, remedy, self.file, *position))

    def _stop(self, event: Any, what: str, remedy: str) -> None:
        self._note(_position(event), what, remedy)
        raise InputError(self.problems)


def _position(event: Any) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _resolve(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    if event.style or event.tag:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.match(text):
        return int(text) if len(text.lstrip("+-")) <= _MAX_DIGITS else text
    if _FLOAT.match(text):
        return float(text)
    return text
