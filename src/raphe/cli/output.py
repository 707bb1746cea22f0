"""Where answers go: the terminal, with or without colour and progress."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from raphe.cli.options import wants_color

if TYPE_CHECKING:
    from rich.console import Console

Item = TypeVar("Item")


def terminal(no_color: bool, stderr: bool = False) -> Console:
    """A console for tables."""
    from rich.console import Console

    plain = not wants_color(no_color)
    console = Console(no_color=plain, highlight=False, stderr=stderr, soft_wrap=False, emoji=False)
    if not console.is_terminal:
        console.width = max(console.width, 100)
    return console


def print_json(answer: dict[str, Any]) -> None:
    """Print an answer as JSON; with escapes where the standard output is not UTF-8."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    narrow = codecs.lookup(encoding).name != "utf-8"
    click.echo(json.dumps(answer, ensure_ascii=narrow, indent=1, allow_nan=False))


@contextmanager
def progress(what: str, quiet: bool, no_color: bool = False) -> Iterator[None]:
    """Say on the standard error what is being done, as long as it takes."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    with terminal(no_color, stderr=True).status(f"{what} …"):
        yield


@contextmanager
def told(quiet: bool, no_color: bool = False) -> Iterator[Callable[[str], None]]:
    """As `progress`, of something that says itself what it is at."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    with terminal(no_color, stderr=True).status("…") as status:
        yield lambda what: status.update(f"{what} …")


@contextmanager
def reported(what: str, quiet: bool, no_color: bool = False) -> Iterator[Callable[[str], None]]:
    """As `told`, of something that says how far it has come."""
    with told(quiet, no_color) as tell:
        tell(what)
        yield lambda said: tell(f"{what}: {said}")


def tracked(
    items: Iterable[Item], total: int, what: str, quiet: bool, no_color: bool = False
) -> Iterator[Item]:
    """Go through items with a bar on the standard error."""
    if quiet or not sys.stderr.isatty():
        yield from items
        return
    from rich.progress import track

    console = terminal(no_color, stderr=True)
    yield from track(items, total=total, description=what, console=console, transient=True)


def say_written(paths: Iterable[object], quiet: bool) -> None:
    """Name the files that were written."""
    if not quiet:
        for path in paths:
            click.echo(f"wrote {path}")
