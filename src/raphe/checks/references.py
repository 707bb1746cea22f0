"""References: whether anything cites them, and anybody has read them."""

from __future__ import annotations

from collections.abc import Iterator

from raphe.checks.library import Library
from raphe.checks.notice import Found, NamedWarning, WarningName
from raphe.evidence import Checked
from raphe.formats.documents import Document
from raphe.reference import References


def check_references(document: Document[References], library: Library) -> Iterator[Found]:
    """References that nothing cites, or that are cited from memory."""
    for name, reference in document.value.references.items():
        path = ("references", name)
        if name not in library.cited:
            problem = document.source.problem(
                path, f"nothing cites '{name}'.", "Cite it, or remove it.", at_key=True
            )
            yield NamedWarning(WarningName.UNUSED_REFERENCE, problem)
        elif reference.checked is Checked.NO:
            problem = document.source.problem(
                path,
                f"'{name}' is cited from memory.",
                "Read its record, abstract or text, and say so in 'checked:'.",
                at_key=True,
            )
            yield NamedWarning(WarningName.UNCHECKED_REFERENCE, problem)
