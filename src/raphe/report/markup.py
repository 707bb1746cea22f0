"""HTML that no text can break: it is escaped unless it is markup already."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from raphe.report.one_line import one_line


class Markup(str):
    """Text that is HTML already; only `tag` and `together` make it of text from elsewhere."""

    __slots__ = ()


#: Breaks the source into lines, for people who read it or compare two.
NEWLINE = Markup("\n")

#: What a tag may hold.
Content = str | Markup

#: Elements without an end tag.
_VOID = frozenset({"meta", "br", "wbr", "hr"})


def tag(name: str, /, *children: Content, **attributes: str | int | None) -> Markup:
    """An element.

    Parameters
    ----------
    name
        Of the element.
    children
        Text, which is escaped, or markup, which is not.
    attributes
        ``class_`` is written without its last underscore, ``aria_label`` with a hyphen. None leaves
        an attribute out.

    Examples
    --------
    >>> tag("p", "a < b ", tag("b", "&"), class_="x", title='"')
    '<p class="x" title="&quot;">a &lt; b <b>&amp;</b></p>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_cleaned(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{together(*children)}</{name}>")


def together(*children: Content) -> Markup:
    """Text and markup in a row.

    Examples
    --------
    >>> together("a < b", tag("br"))
    'a &lt; b<br>'
    """
    return Markup("".join(map(_written, children)))


def lines(children: Iterable[Content]) -> Markup:
    """Each on a line of its own."""
    return Markup("\n".join(map(_written, children)))


def _written(child: Content) -> str:
    return child if isinstance(child, Markup) else escape(_cleaned(child), quote=False)


def _cleaned(text: str) -> str:
    """One line of text that HTML can hold; a space at either end is kept."""
    kept = one_line(text)
    before = " " if text[:1] == " " and kept else ""
    after = " " if text[-1:] == " " and kept else ""
    return f"{before}{kept}{after}" if kept else text and " "
