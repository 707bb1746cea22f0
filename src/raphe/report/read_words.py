"""What a source is, and how much of it was read before it was cited."""

from __future__ import annotations

from raphe.evidence import Checked, Reference, ReferenceKind

_WORDS = {
    Checked.NO: "from memory, not read",
    Checked.RECORD: "record seen",
    Checked.ABSTRACT: "abstract read",
    Checked.FULL_TEXT: "full text read",
}

#: Of a paper nothing is said: it is what one expects.
_KINDS = {
    ReferenceKind.PAPER: "",
    ReferenceKind.REVIEW: "review",
    ReferenceKind.TEXTBOOK: "textbook",
    ReferenceKind.DATABASE: "database",
    ReferenceKind.LABEL: "drug label",
    ReferenceKind.VENDOR: "vendor's text, not peer reviewed",
    ReferenceKind.WEB: "web page, not peer reviewed",
    ReferenceKind.DOCUMENT: "document",
}


def read_words(reference: Reference) -> str:
    """How much of a reference was read, in two words.

    Examples
    --------
    >>> read_words(Reference(title="On the α2 autoreceptor"))
    'from memory, not read'
    """
    return _WORDS[reference.checked]


def kind_words(reference: Reference) -> str:
    """What kind of source a reference is, in a few words; nothing of a paper.

    Examples
    --------
    >>> kind_words(Reference(title="Compound X, a guide", kind="vendor"))
    "vendor's text, not peer reviewed"
    >>> kind_words(Reference(title="On the α2 autoreceptor"))
    ''
    """
    return _KINDS[reference.kind]
