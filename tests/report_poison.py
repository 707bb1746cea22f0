"""Reports in which every text that may come from a file is hostile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from raphe.evidence import Reference
from raphe.report.content import Report

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>",
    "a | b || c",
    "a\n\n# b\n\n- c\n\n| d | e |",
    "[a](javascript:alert(1)) ![b](https://example.org/c.png) <https://example.org>",
    "https://example.org/d www.example.org",
    "`a` *b* **c** _d_ ~~e~~ $f$ \\",
    "&lt;script&gt; &amp; &#60;",
    "[3]: https://example.org",
    "---",
    "1. a",
    "</style></title></svg>",
    "]]>--><!--",
)

#: Texts that are written by raphe or by who calls it, never taken from a file.
_OWN = {"command", "version", "files", "id", "number", "pmid", "doi"}


def poisoned(report: Report, text: str) -> Report:
    """The report with a text in the place of every text that a file could have brought."""
    poisoned_report: Report = _poison(report, text)
    return poisoned_report


def _poison(value: Any, text: str) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return text if value else value
    if isinstance(value, Reference):
        return value.model_copy(
            update={"title": text, "authors": text, "journal": text, "note": text}
        )
    if isinstance(value, tuple):
        return tuple(_poison(one, text) for one in value)
    if isinstance(value, Mapping):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: _poison(getattr(value, field.name), text)
            for field in fields(value)
            if field.init and field.name not in _OWN
        }
        return replace(value, **changed)
    return value
