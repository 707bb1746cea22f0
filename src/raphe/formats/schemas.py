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
    return {
        f"{name}.schema.json": schema_text(name, _MODELS[name].model_json_schema(by_alias=True))
        for name in sorted(_MODELS)
    }


def schema_text(name: str, schema: dict[str, Any]) -> str:
    """A JSON Schema as text, its keys sorted."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    whole = {"$schema": dialect, **schema, "title": f"raphe {name}"}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
