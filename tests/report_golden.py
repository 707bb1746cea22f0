"""Texts as approved; ``RAPHE_APPROVE=1 python -m pytest tests/report`` approves them anew."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "report" / "golden"


def approved(name: str, text: str) -> str:
    """What was approved under a name; this text, if it is to be approved now."""
    path = FOLDER / name
    if os.environ.get("RAPHE_APPROVE"):
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")
