"""A contradiction as a figure: what was reported, what the drugs do, and the influences between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from raphe.cut import MOST_NODES
from raphe.diagram.figure import Edge, Figure, Ground, Kind, Node, Role, State
from raphe.drawing import draw_pathway
from raphe.joint.contradiction import Case, Contradiction
from raphe.joint.problem import Condition
from raphe.joint.reported import Posed
from raphe.joint.telling import Acting, core_nodes, drugs_acting, joining, ways_in
from raphe.naming import capitalised, safe_name
from raphe.pictures import Picture
from raphe.sign import Change, Sign

_STATES = {Change.DOWN: State.DOWN, Change.SAME: State.UNCHANGED, Change.UP: State.UP}
#: Nodes besides those of the contradiction and of the ways to it, so that one sees what acts there.
_AROUND = 10
#: Nodes on which a drug acts without a way to the contradiction.
_APART = 4
#: Circuits up to this size are shown whole.
_SMALL = 16


def picture_of(posed: Posed, contradiction: Contradiction, number: int = 1) -> Picture:
    """A contradiction as a figure.

    Nodes that were reported have the direction that was reported, and a double border; nodes that
    are held have that in which they are held. Bold are the influences that make the contradiction.
    Besides stand what acts on the nodes that decide it, and the drugs with a shortest way from
    where they act, if there is one.
    """
    pathway = posed.bench.network.pathway
    names = list(dict.fromkeys(one.condition for one in contradiction.reports))
    conditions = {one.name: one for one in posed.problem.conditions if one.name in names}
    inside = core_nodes(contradiction)
    inside |= {end for one in joining(posed, contradiction) for end in (one.source, one.target)}
    ways = {end for one in ways_in(posed, contradiction) for end in (one.source, one.target)}
    acting = [one for name in names for one in drugs_acting(posed, name)]
    # A drug of which no way leads there is shown where it acts, as one sees that none does.
    arriving = {one.drug for one in acting if one.node in {*ways, *inside}}
    apart = {one.node for one in acting if one.drug not in arriving}
    shown = {*inside, *ways, *sorted(apart)[:_APART]}
    onward = (one for one in posed.problem.graph.influences if one.source in shown & apart)
    shown |= set(sorted({one.target for one in onward})[:_APART])
    shown |= set(_around(posed, contradiction, shown))
    figure = draw_pathway(
        pathway, shown, capitalised(names[0]), _subtitle(contradiction, conditions)
    )
    marked = _Marked(posed, contradiction, conditions, inside)
    figure = replace(
        figure,
        nodes=tuple(marked.node(one) for one in figure.nodes),
        edges=tuple(marked.edge(one) for one in figure.edges),
        core=frozenset(one.node for one in contradiction.reports),
        is_contradiction=True,
    )
    return Picture(
        safe_name("contradiction", str(number), names[0].replace("+", "and")),
        _with_drugs(_without_membranes(figure), [one for one in acting if one.node in shown]),
    )


def _subtitle(contradiction: Contradiction, conditions: Mapping[str, Condition]) -> str:
    if contradiction.case is Case.CONTRADICTED:
        return "what cannot be true together: as reported, and as the drugs hold it"
    if any(one.shift for one in conditions.values()):
        return "nothing in which the two differ leads to what was reported"
    return "nothing that was moved leads to what was reported"


def _around(posed: Posed, contradiction: Contradiction, shown: set[str]) -> list[str]:
    """The rest of a small circuit; of a large one, what acts on the nodes that decide.

    These are those between the reported ones; what acts on a node whose direction was reported
    does not matter where that node has an effect in the contradiction.
    """
    pathway = posed.bench.network.pathway
    if len(pathway.nodes) <= _SMALL:
        return sorted(pathway.nodes)
    influences = (*contradiction.core.influences, *joining(posed, contradiction))
    reported = {one.node for one in contradiction.reports}
    deciding = {one.target for one in influences} - {
        one.source for one in influences if one.source in reported
    }
    others = [
        one.source
        for one in posed.problem.graph.influences
        if one.target in (deciding or reported) and one.source not in shown
    ]
    room = max(0, min(_AROUND, MOST_NODES - len(shown)))
    return sorted(dict.fromkeys(others))[:room]


def _without_membranes(figure: Figure) -> Figure:
    """The figure without boxes of membranes, which would stand almost empty around few nodes."""
    gone = {one.id: one.parent for one in figure.clusters if one.kind is Ground.MEMBRANE}
    return replace(
        figure,
        clusters=tuple(one for one in figure.clusters if one.id not in gone),
        nodes=tuple(
            replace(one, cluster=gone.get(one.cluster, one.cluster)) for one in figure.nodes
        ),
    )


def _with_drugs(figure: Figure, acting: list[Acting]) -> Figure:
    """The figure with the drugs beside what they hold or push."""
    drugs = {one.drug: one.title for one in acting}
    nodes = [Node(f"drug {name}", title, Kind.DRUG) for name, title in sorted(drugs.items())]
    edges = {
        (one.drug, one.node): Edge(
            f"drug {one.drug}",
            one.node,
            {Change.DOWN: Sign.NEGATIVE, Change.UP: Sign.POSITIVE}.get(one.change, Sign.UNKNOWN),
            role=Role.DRUG,
            tooltip=f"{one.title} {'holds' if one.holds else 'pushes'} {one.node}",
        )
        for one in acting
    }
    return replace(figure, nodes=(*figure.nodes, *nodes), edges=(*figure.edges, *edges.values()))


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
        needed = (*contradiction.core.influences, *joining(posed, contradiction))
        self._core = {(one.source, one.target) for one in needed}
        self._pushed = {
            one.node: one.change
            for name in conditions
            for one in drugs_acting(posed, name)
            if not one.holds and one.change.is_single
        }

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
        if (pushed := self._pushed.get(node.id)) is not None:
            caption = f"pushed {pushed.words[0]}"
            return replace(node, state=_STATES[pushed], caption=caption, explaining=explaining)
        return replace(node, explaining=explaining)

    def edge(self, edge: Edge) -> Edge:
        """An edge, bold where it makes the contradiction."""
        is_core = (edge.source, edge.target) in self._core
        return replace(edge, role=Role.EXPLAINING if is_core else Role.PLAIN)


def figures(posed: Posed, contradictions: tuple[Contradiction, ...]) -> list[Picture]:
    """A figure of each contradiction, numbered as they are told."""
    return [picture_of(posed, one, number) for number, one in enumerate(contradictions, start=1)]
