"""A press on a signed graph, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from raphe.press import Press, Reply
from raphe.propagation.press_cycles import MOST_EXACT
from raphe.report.wording import count, joined, probability

#: Rows that a screen has room for; all are in the JSON.
_MOST = 60
#: Draws below which a share is worth a warning: its standard error may then exceed 0.09.
_FEW = 30
#: Digits of a count that are written out.
_DIGITS = 9


def show_press(made: Press, console: Console) -> None:
    """Print what a press does to each node that it reaches."""
    pushed = [*(f"more {name}" for name in made.up), *(f"less {name}" for name in made.down)]
    console.print(Text(f"Held: {joined(pushed)}", style="bold"))
    stable = "none tried" if made.stable is None else f"{made.stable} of them stable"
    under = (
        f"{count(made.graph.size, 'node')}, {count(len(made.graph.sign), 'edge')} · "
        f"{made.draws} draws, {stable}"
    )
    console.print(Text(under, style="bright_black"))
    moved = [reply for reply in made.replies if _answers(reply)]
    if moved:
        console.print(_table(moved[:_MOST]))
    for line in _remarks(made, moved):
        console.print(Text(line, style="bright_black"))


def _answers(reply: Reply) -> bool:
    return any((reply.net, reply.cycles, reply.up, reply.down))


def _table(replies: list[Reply]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False, header_style="bold")
    table.add_column("node", overflow="fold")
    for head in ("net", "of cycles", "weighted feedback", "p(up)", "p(down)"):
        table.add_column(head, justify="right")
    for reply in replies:
        glyph, style = _glyph(reply)
        table.add_row(
            Text.assemble((glyph, style), f" {reply.node}{'*' if reply.is_certain else ''}"),
            _whole(reply.net),
            _whole(reply.cycles),
            "–" if reply.weighted is None else f"{reply.weighted:.2f}",
            "–" if reply.up is None else probability(reply.up),
            "–" if reply.down is None else probability(reply.down),
        )
    return table


def _glyph(reply: Reply) -> tuple[str, str]:
    if reply.net is None:
        return " ", ""
    if reply.net:
        return ("▲", "#d9601a") if reply.net > 0 else ("▼", "#2f86d6")
    return ("◆", "#b8920a")


def _whole(number: int | None) -> str:
    """A count, in powers of ten where it is long."""
    if number is None:
        return "–"
    digits = str(abs(number))
    minus = "−" if number < 0 else ""
    if len(digits) <= _DIGITS:
        return minus + digits
    return f"{minus}{digits[0]}.{digits[1:3]}e{len(digits) - 1}"


def _remarks(made: Press, moved: list[Reply]) -> Iterator[str]:
    if len(moved) > _MOST:
        yield f"… and {count(len(moved) - _MOST, 'more node')}: '--json' has all."
    still = sum(reply.net == 0 and reply.cycles == 0 for reply in made.replies)
    if still:
        yield f"{count(still, 'node')} cannot answer: no cycle leads there."
    if unknown := made.graph.size - len(moved) - still:
        yield f"{count(unknown, 'node')} may answer, and nothing could be worked out."
    if any(reply.is_certain for reply in moved):
        yield "* certain: all cycles agree, no strengths of a stable system can reverse it."
    unlimited = made.graph.unlimited
    if made.determinant is None:
        yield f"More than {MOST_EXACT} nodes hang together in loops: the net was not worked out."
    elif made.determinant <= 0:
        what = "singular" if made.determinant == 0 else "not stable"
        yield (
            f"With all strengths alike what it reaches is {what} (det(−A) = {made.determinant}): "
            "the net says how cycles count, not what happens."
        )
    if made.stable is None:
        yield "Too many nodes hang together in loops for so many draws; try fewer with '--draws'."
    elif not made.stable:
        yield "No draw is stable: nothing comes to rest, so no direction has a probability."
    elif made.stable < _FEW:
        yield f"Only {count(made.stable, 'draw')} came out stable: ask for more of them."
    if unlimited and (not made.stable or made.determinant == 0):
        named = joined(unlimited) if len(unlimited) <= 5 else f"{len(unlimited)} nodes"
        yield f"Nothing of its own limits {named}; '--self-limited' gives every node a limit."
    if any(reply.cycles is None for reply in made.replies):
        yield "'–': too many cycles to count in the time that is allowed."
