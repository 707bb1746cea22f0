"""What a file of references declares."""

from __future__ import annotations

from raphe.evidence import Declared, Reference


class References(Declared):
    """A file of references, by id."""

    references: dict[str, Reference]
