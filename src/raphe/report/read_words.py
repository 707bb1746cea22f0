"""How much of a source was read before it was cited."""

from __future__ import annotations

from raphe.evidence import Checked, Reference

_WORDS = {
    Checked.NO: "from memory, not read",
    Checked.RECORD: "record seen",
    Checked.ABSTRACT: "abstract read",
    Checked.FULL_TEXT: "full text read",
}


def read_words(reference: Reference) -> str:
    """How much of a reference was read, in two words.

    Examples
    --------
    >>> read_words(Reference(title="On the α2 autoreceptor"))
    'from memory, not read'
    """
    return _WORDS[reference.checked]
