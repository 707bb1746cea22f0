"""What pydantic found wrong, said for people, at the line where it stands."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from raphe.errors import Problem, nearest
from raphe.formats.yaml_text import Path, Source

_KINDS = {
    dict: "a mapping", list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false",
}


def validation_problems(error: ValidationError, source: Source, model: type[BaseModel]) -> list[Problem]:
    """Every mistake that a model found, one problem each, in the order of the file."""
    problems = [_problem(details, source, model) for details in error.errors()]
    return sorted(set(problems), key=lambda problem: (problem.line, problem.column, problem.what))


def _problem(details: ErrorDetails, source: Source, model: type[BaseModel]) -> Problem:
    path = _path_in_file(details["loc"], source)
    found, kind, context = details["input"], details["type"], details.get("ctx", {})
    last = str(details["loc"][-1]) if details["loc"] else ""
    if kind == "extra_forbidden":
        return source.problem(path, f"unknown key '{last}'.", nearest(last, _keys(model)), at_key=True)
    if kind == "missing":
        return source.problem(path, f"'{last}' is missing.", f"Add '{last}:'.", at_key=True)
    if kind in ("enum", "literal_error"):
        allowed = context["expected"]
        words = allowed.replace("'", "").replace(" or ", ", ").split(", ")
        remedy = nearest(str(found), words) or f"It is one of {allowed}."
        return source.problem(path, f"'{found}' is not known as {last}.", remedy)
    if kind == "value_error":
        what, _, remedy = str(context["error"]).partition("; ")
        return source.problem(path, _sentence(what, lower=True), _sentence(remedy))
    if kind == "string_pattern_mismatch":
        if last == "[key]":
            last = "name"
        return source.problem(path, f"'{found}' has not the form of a {last}.", _pattern_remedy(last))
    if kind.endswith("_type"):
        expected = _expected(kind)
        return source.problem(path, f"{_described(found)} stands where {expected} is expected.", "")
    return source.problem(path, _sentence(details["msg"], lower=True), f"Found '{found}'." if _is_plain(found) else "")


def _path_in_file(loc: tuple[int | str, ...], source: Source) -> Path:
    """The path of the file that a model's location means: arrows are keys, lone rows are not lists."""
    path: Path = ()
    for part in loc:
        for step in ((part,), *(child[len(path):] + (part,) for child in _lone_child(path, source))):
            if (*path, *step) in source.values or (*path, *step) in source.keys:
                path = (*path, *step)
                break
    return path


def _lone_child(path: Path, source: Source) -> list[Path]:
    data = source.data
    for part in path:
        data = data[part]
    if isinstance(data, dict) and len(data) == 1:
        return [(*path, next(iter(data)))]
    return []


def _keys(model: type[BaseModel]) -> list[str]:
    schema = model.model_json_schema(by_alias=True)
    bodies = [schema, *schema.get("$defs", {}).values()]
    found = {name for body in _walk(bodies) for name in body.get("properties", {})}
    return sorted(found)


def _walk(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(one for child in value.values() for one in _walk(child))]
    if isinstance(value, list):
        return [one for child in value for one in _walk(child)]
    return []


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _described(value: Any) -> str:
    if value is None:
        return "nothing"
    kind = _KINDS.get(type(value), "something else")
    return f"{kind} ('{value}')" if _is_plain(value) else kind


def _expected(kind: str) -> str:
    names = {
        "string_type": "a text", "dict_type": "a mapping", "model_type": "a mapping", "list_type": "a list",
        "tuple_type": "a list", "bool_type": "true or false", "int_type": "a number", "float_type": "a number",
        "model_attributes_type": "a mapping",
    }
    return names.get(kind, "something else")


def _pattern_remedy(field: str) -> str:
    return {
        "doi": "A DOI begins with '10.' and has no 'https://doi.org/' before it.",
        "pmid": "A PMID is a number in quotes, such as '11422448'.",
    }.get(field, "A name has letters, digits, '-', '_' and dots, and no spaces.")


def _sentence(text: str, lower: bool = False) -> str:
    text = text.strip()
    if not text:
        return ""
    if not lower and text[0].islower():
        text = text[0].upper() + text[1:]
    return text if text[-1] in ".?!" else f"{text}."
