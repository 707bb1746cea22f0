"""What pydantic found wrong, said for people, at the line where it stands."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from raphe.errors import Problem, nearest
from raphe.formats.yaml_text import Path, Source

#: Plain values in words.
_KINDS = {
    bool: "true or false",
    dict: "a mapping",
    float: "a number",
    int: "a number",
    list: "a list",
    str: "a text",
}

#: What stands where something else is expected: what that is, and how it is written.
_EXPECTED = {
    "string_type": ("a text", "Put it in quotes."),
    "dict_type": ("a mapping", "Write 'name: value' lines."),
    "model_type": ("a mapping", "Write 'key: value' lines, or {key: value}."),
    "model_attributes_type": ("a mapping", "Write 'key: value' lines, or {key: value}."),
    "list_type": ("a list", "Begin each item with '- ', or write [a, b]."),
    "tuple_type": ("a list", "Begin each item with '- ', or write [a, b]."),
    "bool_type": ("true or false", "Write one of the two."),
    "bool_parsing": ("true or false", "Write one of the two."),
    "int_type": ("a whole number", "Write digits only."),
    "int_parsing": ("a whole number", "Write digits only."),
    "int_from_float": ("a whole number", "Write digits only."),
}

#: What a text that does not fit its pattern is not, and what that looks like, by field.
_FORMS = {
    "doi": ("a DOI", "A DOI begins with '10.' and has no 'https://doi.org/' before it."),
    "pmid": ("a PMID", "A PMID is a number in quotes, such as '11422448'."),
}
_NAME = (
    "a name",
    "A name has letters, digits, '-', '_' and dots, a letter among them, and no spaces.",
)

#: Fields whose name is not what their values are called.
_NOUNS = {"checked": "degree of checking"}

#: pydantic's words for limits, and plainer ones.
_LIMITS = {
    "Input should be ": "It is ",
    "greater than or equal to": "at least",
    "less than or equal to": "at most",
}

#: Of so few words all are named that are allowed: the nearest may mean something else.
_MAX_LISTED = 8
#: Likeness of two words from which on one is taken for a slip in the other.
_CLOSE = 0.8

#: Longer texts are not repeated whole in a message.
_MAX_QUOTED = 60


def validation_problems(
    error: ValidationError, source: Source, model: type[BaseModel]
) -> list[Problem]:
    """Every mistake that a model found, one problem each, in the order of the file."""
    details = error.errors()
    problems = [_problem(one, source, model) for one in details if not _is_echo(one, details)]
    return sorted(set(problems), key=lambda problem: (problem.line, problem.column, problem.what))


def _problem(details: ErrorDetails, source: Source, model: type[BaseModel]) -> Problem:
    path = _path_in_file(details["loc"], source)
    found, kind, context = details["input"], details["type"], details.get("ctx", {})
    last = _last(details)
    if kind == "extra_forbidden":
        keys = _keys(model, details["loc"][:-1])
        remedy = nearest(last, keys) or f"Known here: {', '.join(keys)}."
        return source.problem(path, f"unknown key '{last}'.", remedy, at_key=True)
    if kind == "missing":
        return source.problem(path, f"'{last}' is missing.", f"Add '{last}: …'.", at_key=True)
    if kind in ("enum", "literal_error"):
        words = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        what = f"unknown {_NOUNS.get(last, last)} {quoted(found)}."
        return source.problem(path, what, _choice(str(found), words))
    if kind == "value_error":
        what, _, remedy = str(context["error"]).partition("; ")
        path = _path_in_file((*details["loc"], *getattr(context["error"], "path", ())), source)
        return source.problem(path, _sentence(what), _sentence(remedy, capital=True))
    if kind == "string_pattern_mismatch":
        form, remedy = _FORMS.get(last, _NAME)
        return source.problem(path, f"{quoted(found)} is not {form}.", remedy, last == "[key]")
    if kind in ("too_short", "string_too_short"):
        return source.problem(path, f"'{last}' is empty.", "State at least one.")
    if kind == "too_long":
        what = f"'{last}' has {context['actual_length']} items."
        return source.problem(path, what, f"It has at most {context['max_length']}.")
    if kind in _EXPECTED:
        expected, remedy = _EXPECTED[kind]
        what = f"{_described(found)} stands where {expected} is expected."
        return source.problem(path, what, remedy)
    said = details["msg"]
    for theirs, ours in _LIMITS.items():
        said = said.replace(theirs, ours)
    return source.problem(path, f"{quoted(found)} does not fit '{last}'.", _sentence(said, True))


def _choice(word: str, words: list[str]) -> str:
    """Which of an enumeration's words may be meant."""
    listed = f"It is one of {', '.join(words)}."
    if len(words) > _MAX_LISTED:
        return closest(word, words) or nearest(word, words) or listed
    return " ".join(filter(None, (closest(word, words), listed)))


def closest(word: str, known: Iterable[str]) -> str:
    """A sentence that offers the known names that look like a mistyped one, or nothing.

    It is stricter than `nearest`, for where the nearest name may mean something else.

    Examples
    --------
    >>> closest("cronic", ["acute", "chronic"])
    "Did you mean 'chronic'?"
    >>> closest("increased", ["up", "normalised"])
    ''
    """

    def likeness(name: str) -> float:
        return difflib.SequenceMatcher(None, name.casefold(), word.casefold()).ratio()

    return nearest(word, [name for name in known if likeness(name) >= _CLOSE])


def _is_echo(details: ErrorDetails, others: Iterable[ErrorDetails]) -> bool:
    """Whether it only follows from another mistake: one mistake, one message.

    What is missing may be there, misspelt; what is too short may have items, all of them wrong.
    """
    loc = details["loc"]
    if details["type"] == "too_short":
        return any(other["loc"][: len(loc)] == loc != other["loc"] for other in others)
    return details["type"] == "missing" and any(
        other["type"] == "extra_forbidden"
        and other["loc"][:-1] == loc[:-1]
        and nearest(_last(other), [_last(details)])
        for other in others
    )


def _last(details: ErrorDetails) -> str:
    """Name of the field that a mistake is in; items of a list have the name of the list."""
    names = [part for part in details["loc"] if isinstance(part, str)]
    return names[-1] if names else ""


def _path_in_file(loc: tuple[int | str, ...], source: Source) -> Path:
    """The path in the file that a model's location means.

    They differ in two places: the arrow of an edge with attributes is a key of its own in the
    file, and a single row, or a single text, may stand where the model has a list.
    """
    path: Path = ()
    for part in loc:
        for step in ((part,), *((key, part) for key in _lone_key(path, source))):
            if (*path, *step) in source.values or (*path, *step) in source.keys:
                path = (*path, *step)
                break
    return path


def _lone_key(path: Path, source: Source) -> Iterator[str]:
    data = source.data
    for part in path:
        data = data[part]
    if isinstance(data, dict) and len(data) == 1:
        yield next(iter(data))


def _keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Keys that may stand at a model's location, in the order of their declaration."""
    kind: Any = model
    for part in loc:
        kind = _step(kind, part)
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return []
    hidden = getattr(kind, "written_as_arrow", ())
    fields = kind.model_fields.items()
    return [field.alias or name for name, field in fields if name not in hidden]


def _step(kind: Any, part: int | str) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        named = {field.alias or name: field for name, field in kind.model_fields.items()}
        return _bare(named[str(part)].annotation) if part in named else None
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        return _bare(arguments[1])
    return _bare(arguments[0]) if arguments else None


def _bare(kind: Any) -> Any:
    """A type without its notes, and without None."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return _bare(next(one for one in get_args(kind) if one is not type(None)))
    return kind


def quoted(value: Any) -> str:
    """A value as a message repeats it: in quotes, and not at length.

    Examples
    --------
    >>> quoted("antagonsit"), quoted(True), quoted([1])
    ("'antagonsit'", "'true'", 'a list')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"'{str(value).lower()}'"
    if not isinstance(value, str | int | float):
        return _KINDS.get(type(value), "something else")
    text = str(value)
    return f"'{text if len(text) <= _MAX_QUOTED else text[:_MAX_QUOTED] + '…'}'"


def _described(value: Any) -> str:
    if value is None or isinstance(value, bool | dict | list):
        return quoted(value)
    return f"{_KINDS.get(type(value), 'something else')} ({quoted(value)})"


def _sentence(text: str, capital: bool = False) -> str:
    text = text.strip()
    if not text:
        return ""
    if capital and text[0].islower():
        text = text[0].upper() + text[1:]
    return text if text[-1] in ".?!" else f"{text}."
