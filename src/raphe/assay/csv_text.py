"""From the bytes of a CSV file to cells that know where they stand."""

from __future__ import annotations

import csv

from raphe.errors import InputError, Problem

#: What some spreadsheets write in place of commas.
SEPARATORS = {";": "semicolons", "\t": "tabs"}


def decode(content: bytes, file: str) -> str:
    """The text of a file.

    Raises
    ------
    InputError
        It is not UTF-8, with the place of the first byte that is not.
    """
    save = "Save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8')."
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError([Problem("the file is UTF-16.", save, file)])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8").removeprefix("\ufeff")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        byte = content[error.start]
        latin = bytes([byte]).decode("latin-1")
        meant = f"; in Latin-1 it would be '{latin}'" if latin.isprintable() else ""
        what = f"byte 0x{byte:02X} is not UTF-8{meant}."
        raise InputError([Problem(what, save, file, line, column)]) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise InputError([Problem("this is not a text file.", save, file, line)])
    return text


def separator_of(header: str) -> str:
    """What separates the cells of a header: commas if there are any.

    Examples
    --------
    >>> separator_of("dose_mg;region"), separator_of("dose_mg,region;x")
    (';', ',')
    """
    if "," in header:
        return ","
    return next((sign for sign in SEPARATORS if sign in header), ",")


def split(line: str, separator: str) -> list[tuple[str, int]]:
    """Each cell of a line and where it begins, from 1.

    Raises
    ------
    csv.Error
        The quotes do not match.

    Examples
    --------
    >>> split('desipramine, 1.5,"a, b"', ",")
    [('desipramine', 1), ('1.5', 14), ('a, b', 18)]
    """
    values = next(csv.reader([line], delimiter=separator, strict=True))
    starts = _starts(line, separator)
    cells = []
    for value, start, end in zip(values, starts, [*starts[1:], len(line) + 1], strict=True):
        blank = line[start : end - 1]
        cells.append((value.strip(), start + len(blank) - len(blank.lstrip()) + 1))
    return cells


def _starts(line: str, separator: str) -> list[int]:
    """Where the cells begin; a quote counts only as the first sign of its cell, as for csv."""
    starts, quoted, first = [0], False, True
    for place, sign in enumerate(line):
        if not quoted and sign == separator:
            starts.append(place + 1)
            first = True
            continue
        quote = sign == '"' and (quoted or first)
        quoted ^= quote
        # A doubled quote inside a quoted cell closes it and opens it again.
        first = quote and not quoted
    return starts
