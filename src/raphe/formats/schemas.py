"""JSON Schemas of all kinds of knowledge files, for editors that complete and check."""

from __future__ import annotations

import json
from typing import Any

from raphe.evidence import Declared
from raphe.knowledge import COLLECTED, NAMED
from raphe.target import Targets

#: Files are named after what they declare: one thing, or a collection of them.
_MODELS: dict[str, type[Declared]] = {
    **{kind.removesuffix("s"): model for kind, model in NAMED.items()},
    **COLLECTED,
    "targets": Targets,
}


def knowledge_schemas() -> dict[str, str]:
    """JSON Schema text of each kind of file, by file name, sorted."""
    return {f"{name}.schema.json": _text(name, _MODELS[name]) for name in sorted(_MODELS)}


def _text(name: str, model: type[Declared]) -> str:
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(by_alias=True),
        "title": f"raphe {name}",
    }
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
