"""A press on a signed graph for programs: a documented dictionary with a version."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.press import Press, Reply
from raphe.report.json_numbers import rounded_or_none
from raphe.version import __version__

#: Raised when a key goes or changes its meaning.
PRESS_SCHEMA: Literal["raphe.press/1"] = "raphe.press/1"

Share = Annotated[float, Field(ge=0, le=1)]
Digits = Annotated[str, Field(pattern=r"^-?\d+$")]


class ReplyRow(TypedDict):
    """What a press does to one node."""

    node: str
    net: Annotated[
        Digits | None,
        Field(description="cycles that say up less those that say down; null: not worked out"),
    ]
    cycles: Annotated[Digits | None, Field(description="all of them; null: not counted")]
    weighted_feedback: Annotated[
        Share | None, Field(description="net over all, in size; null without cycles or a count")
    ]
    certain: Annotated[bool, Field(description="all cycles agree: no strengths can reverse it")]
    p_up: Annotated[Share | None, Field(description="share of the stable draws; null without any")]
    p_down: Share | None


class PressAnswer(TypedDict):
    """Answer of ``raphe press --json``."""

    schema: Literal["raphe.press/1"]
    version: Annotated[str, Field(description="of raphe")]
    up: Annotated[list[str], Field(description="nodes that are pushed up")]
    down: Annotated[list[str], Field(description="nodes that are pushed down")]
    nodes: int
    edges: int
    unlimited: Annotated[list[str], Field(description="nodes without a negative loop of their own")]
    determinant: Annotated[
        Digits | None, Field(description="of minus the community matrix; null: not worked out")
    ]
    draws: Annotated[int, Field(ge=1)]
    seed: int
    stable: Annotated[
        int | None, Field(description="draws that are stable; null: too much to find out")
    ]
    replies: Annotated[list[ReplyRow], Field(description="by node, in order of names")]


def press_json(made: Press) -> dict[str, Any]:
    """A press as a `PressAnswer`; whole numbers of any size as text, which no reader rounds."""
    answer: PressAnswer = {
        "schema": PRESS_SCHEMA,
        "version": __version__,
        "up": list(made.up),
        "down": list(made.down),
        "nodes": made.graph.size,
        "edges": len(made.graph.sign),
        "unlimited": list(made.graph.unlimited),
        "determinant": _digits(made.determinant),
        "draws": made.draws,
        "seed": made.seed,
        "stable": made.stable,
        "replies": [_row(reply) for reply in made.replies],
    }
    return {**answer}


def _row(reply: Reply) -> ReplyRow:
    return {
        "node": reply.node,
        "net": _digits(reply.net),
        "cycles": _digits(reply.cycles),
        "weighted_feedback": rounded_or_none(reply.weighted),
        "certain": reply.is_certain,
        "p_up": rounded_or_none(reply.up),
        "p_down": rounded_or_none(reply.down),
    }


def _digits(number: int | None) -> str | None:
    return None if number is None else str(number)
