"""Bytes of a file to the text that they mean, within bounds."""

from __future__ import annotations

import re

from raphe.errors import InputError, Problem

#: The largest file that is read; the largest that ships has a fortieth of it.
MAX_BYTES = 4_000_000

#: What YAML 1.2 counts as not printable. Written out, to say where each stands.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def decode(raw: bytes, file: str, most: int = MAX_BYTES, kind: str = "knowledge") -> str:
    """The text of a file of some kind, which has at most so many bytes.

    Raises
    ------
    InputError
        It is too large, is not UTF-8, or begins with a byte order mark.

    Examples
    --------
    >>> decode("dose: 5 µM".encode("latin-1"), "own.yaml")
    Traceback (most recent call last):
    raphe.errors.InputError: own.yaml:1:9: byte 0xb5 is not UTF-8. Save the file as UTF-8; \
it may be Latin-1.
    """
    if len(raw) > most:
        raise InputError([too_large(len(raw), file, most, kind)])
    if raw.startswith(_MARKS):
        what = "the file begins with a byte order mark."
        raise InputError([Problem(what, "Save it as UTF-8 without BOM.", file, 1, 1)])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _position(raw[: error.start].decode("utf-8"))
        what = f"byte 0x{raw[error.start]:02x} is not UTF-8."
        remedy = "Save the file as UTF-8; it may be Latin-1."
        raise InputError([Problem(what, remedy, file, line, column)]) from None


def control_characters(text: str, file: str) -> list[Problem]:
    r"""A problem for the first control character of each line that has one.

    Examples
    --------
    >>> [str(problem) for problem in control_characters("title: a\x00b", "own.yaml")]
    ['own.yaml:1:9: control character U+0000. Delete it.']
    """
    found: dict[int, Problem] = {}
    for match in _CONTROL.finditer(text):
        line, column = _position(text[: match.start()])
        what = f"control character U+{ord(match[0]):04X}."
        found.setdefault(line, Problem(what, "Delete it.", file, line, column))
        if len(found) == _ENOUGH:
            break
    return list(found.values())


def too_large(size: int, file: str, most: int = MAX_BYTES, kind: str = "knowledge") -> Problem:
    """The problem of a file over the limit."""
    return Problem(
        f"the file has {size / 1e6:,.1f} MB; a {kind} file has at most {most / 1e6:.0f} MB.",
        "Split it, or check that it is the file that you meant.",
        file,
    )


def _position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


#: A file with so many of the same mistake is not a text at all.
_ENOUGH = 10
