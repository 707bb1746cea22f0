"""A contradiction as a figure: what was reported, what is held, and the influences in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from raphe.cut import MOST_NODES
from raphe.diagram.figure import Edge, Node, Role, State
from raphe.drawing import draw_pathway
from raphe.joint.problem import Condition
from raphe.joint.reported import Posed
from raphe.joint.together import Contradiction
from raphe.naming import capitalised, safe_name
from raphe.pictures import Picture
from raphe.sign import Change

_STATES = {Change.DOWN: State.DOWN, Change.SAME: State.UNCHANGED, Change.UP: State.UP}
#: Nodes besides those of the contradiction, so that one sees where it stands.
_AROUND = 12
#: Circuits up to this size are shown whole.
_SMALL = 16


def picture_of(posed: Posed, contradiction: Contradiction, number: int = 1) -> Picture:
    """A contradiction as a figure.

    Nodes that were reported have the direction that was reported, and a double border; nodes that
    are held have that in which they are held. Bold are the influences that make the contradiction.
    """
    pathway = posed.bench.network.pathway
    names = list(dict.fromkeys(one.condition for one in contradiction.reports))
    conditions = {one.name: one for one in posed.problem.conditions if one.name in names}
    inside = _inside(contradiction)
    shown = {*inside, *_around(posed, contradiction, inside)}
    figure = draw_pathway(
        pathway,
        shown,
        title=capitalised(names[0]),
        subtitle="what cannot be true together: as reported, and as the drugs hold it",
    )
    marked = _Marked(posed, contradiction, conditions, inside)
    return Picture(
        safe_name("contradiction", str(number), names[0]),
        replace(
            figure,
            nodes=tuple(marked.node(one) for one in figure.nodes),
            edges=tuple(marked.edge(one) for one in figure.edges),
            core=frozenset(one.node for one in contradiction.reports),
            is_contradiction=True,
        ),
    )


def _inside(contradiction: Contradiction) -> set[str]:
    ends = {end for one in contradiction.core.influences for end in (one.source, one.target)}
    return ends | {one.node for one in contradiction.reports}


def _around(posed: Posed, contradiction: Contradiction, inside: set[str]) -> list[str]:
    """The rest of a small circuit; of a large one, what acts on the nodes that were reported."""
    pathway = posed.bench.network.pathway
    if len(pathway.nodes) <= _SMALL:
        return sorted(pathway.nodes)
    reported = {one.node for one in contradiction.reports}
    others = {
        one.source
        for one in posed.problem.graph.influences
        if one.target in reported and one.source not in inside
    }
    room = max(0, min(_AROUND, MOST_NODES - len(inside)))
    return sorted(others)[:room]


class _Marked:
    """Marks the nodes and edges of a figure."""

    def __init__(
        self,
        posed: Posed,
        contradiction: Contradiction,
        conditions: Mapping[str, Condition],
        inside: set[str],
    ) -> None:
        self._reports = {one.node: one for one in contradiction.reports}
        self._conditions = conditions
        self._inside = inside
        self._core = {(one.source, one.target) for one in contradiction.core.influences}
        self._posed = posed

    def node(self, node: Node) -> Node:
        """A node with what is known of it."""
        explaining = node.id in self._inside
        report = self._reports.get(node.id)
        if report is not None:
            way = " or ".join(report.change.words)
            state = _STATES.get(report.change, State.AMBIGUOUS)
            said = f"reported {way}: {', '.join(report.findings)}"
            caption = f"reported {way}"
            return replace(node, state=state, caption=caption, explaining=True, tooltip=said)
        for one in self._conditions.values():
            held = one.held.get(node.id)
            if held is not None and held.is_single:
                state = State.BLOCKED if held is Change.DOWN else _STATES[held]
                return replace(
                    node, state=state, caption=f"held {held.words[0]}", explaining=explaining
                )
        return replace(node, explaining=explaining)

    def edge(self, edge: Edge) -> Edge:
        """An edge, bold where it makes the contradiction."""
        is_core = (edge.source, edge.target) in self._core
        return replace(edge, role=Role.EXPLAINING if is_core else Role.PLAIN)


def figures(posed: Posed, contradictions: tuple[Contradiction, ...]) -> list[Picture]:
    """A figure of each contradiction, numbered as they are told."""
    return [picture_of(posed, one, number) for number, one in enumerate(contradictions, start=1)]
