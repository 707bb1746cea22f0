"""Pathways, predictions and workflows to figures: what a picture shows, before any layout."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from raphe.binding import Contact
from raphe.calling import BLOCKED, Call
from raphe.cut import Contraction, Link, links_between
from raphe.diagram.figure import Cluster, Edge, Figure, Ground, Kind, Node, Process, Role, State
from raphe.drug import Action
from raphe.enclosing import cluster_around, enclosing_clusters
from raphe.explanation.routes import Route, main_route
from raphe.flat_pathway import FlatPathway, PlacedEdge, PlacedNode
from raphe.losses import lesioned
from raphe.prediction import Prediction
from raphe.propagation.arrays import Floats
from raphe.sign import Sign
from raphe.view import Grounds
from raphe.workflow import Workflow

#: Median occupancy from which a drug is drawn beside its target.
SHOWN = 0.2
#: What is written at a node that a condition pushes or takes away by itself.
GIVEN = "given by the condition"

_STATES = {
    Call.UP: State.UP,
    Call.DOWN: State.DOWN,
    Call.UNCHANGED: State.UNCHANGED,
    Call.AMBIGUOUS: State.AMBIGUOUS,
}
_BLOCKERS = (
    Action.ANTAGONIST,
    Action.INHIBITOR,
    Action.BLOCKER,
    Action.INVERSE_AGONIST,
    Action.NAM,
)


@dataclass(frozen=True)
class Look:
    """How a part of a pathway is drawn."""

    #: Whether edges stand for what passes through hidden nodes; see `raphe.cut.links_between`.
    contract: Contraction = False
    #: What the boxes around the nodes are.
    grounds: Grounds = Grounds.PLACES
    #: Names of the nodes where they stand; see `raphe.diagram.figure.Figure.rows`.
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Carried:
    """What links carry of a change, and what is to be said of nodes."""

    #: Share of the change, by the ends of the link.
    links: Mapping[tuple[str, str], float]
    #: Small words at nodes.
    notes: Mapping[str, str] = field(default_factory=dict)

    def label(self, ends: tuple[str, str]) -> str:
        """The share as it is written at a link; no space, lest the line be seen through it."""
        if ends not in self.links:
            return ""
        return f"{100 * self.links[ends]:.0f}%".replace("-", "−")

    def weight(self, ends: tuple[str, str]) -> float:
        """How wide a link is drawn, the widest 1."""
        widest = max((abs(one) for one in self.links.values()), default=1.0)
        return round(abs(self.links[ends]) / widest, 3) if ends in self.links and widest else 0.5


@dataclass(frozen=True)
class _Marks:
    """What a prediction marks in a picture, beside the direction of each node."""

    #: Median share of each blocked node that is occupied.
    blocked: Mapping[str, float] = field(default_factory=dict)
    #: Nodes that are pushed, depleted or lesioned by a condition that only one side has.
    given: frozenset[str] = frozenset()
    #: Ends of the links on the main paths, or of those that carry what is asked about.
    explaining: frozenset[tuple[str, str]] = frozenset()
    carried: Carried | None = None


def draw_pathway(
    pathway: FlatPathway,
    nodes: Collection[str],
    title: str,
    subtitle: str = "",
    prediction: Prediction | None = None,
    look: Look | None = None,
    carried: Carried | None = None,
) -> Figure:
    """The figure of a part of a pathway, with a prediction on it if there is one.

    Parameters
    ----------
    nodes
        Names of the nodes that are shown; the edges between them come along.
    prediction
        Of the circuit that the pathway is; its drugs are drawn beside each target that is shown.
    look
        How it is drawn, beside what is shown.
    carried
        What links carry that explain the prediction; by default the main paths explain it.
    """
    chosen = look or Look()
    shown = [pathway.nodes[name] for name in pathway.nodes if name in set(nodes)]
    links = links_between(pathway, nodes, chosen.contract)
    clusters = enclosing_clusters(pathway, shown, chosen.grounds)
    contacts = _contacts(prediction, nodes) if prediction else {}
    marks = _marks(prediction, links, carried) if prediction else _Marks()
    drugs = sorted({contact.drug for several in contacts.values() for contact in several})
    return Figure(
        title=title,
        subtitle=subtitle,
        clusters=tuple(clusters.values()),
        nodes=(
            *(_node(pathway, node, clusters, chosen.grounds, prediction, marks) for node in shown),
            *(Node(f"drug {name}", _title(prediction, name), Kind.DRUG) for name in drugs),
        ),
        edges=(
            *(_edge(link, marks) for link in links),
            *(
                Edge(
                    f"drug {contact.drug}",
                    name,
                    _drug_sign(contact),
                    role=Role.DRUG,
                    tooltip=_contact_text(contact),
                )
                for name, several in contacts.items()
                for contact in several
            ),
        ),
        rows=chosen.rows,
    )


def draw_workflow(workflow: Workflow) -> Figure:
    """The figure of an experimental protocol."""
    clusters = [
        Cluster(f"phase {number}", phase.phase, Ground.PHASE, order=number)
        for number, phase in enumerate(workflow.phases)
    ]
    nodes: list[Node] = []
    for number, phase in enumerate(workflow.phases):
        for name, step in phase.steps.items():
            nodes.append(
                Node(
                    name,
                    step.title,
                    Kind.DRUG if step.drug else Kind.STEP,
                    caption=step.detail,
                    cluster=f"phase {number}",
                    order=len(nodes) + 1,
                )
            )
    edges = tuple(Edge(one, other) for one, other in workflow.links)
    return Figure(workflow.title, workflow.subtitle, tuple(clusters), tuple(nodes), edges)


def _node(
    pathway: FlatPathway,
    node: PlacedNode,
    clusters: Mapping[str, Cluster],
    grounds: Grounds,
    prediction: Prediction | None,
    marks: _Marks,
) -> Node:
    state, probability, told = State.NONE, None, ""
    declared = node.declared
    caption = declared.caption
    if marks.carried is not None:
        caption = marks.carried.notes.get(node.name, caption)
    if prediction is not None:
        row = prediction[node.name]
        state, probability = _STATES[row.call], row.odds.probability(row.call)
        told = f"median change {row.odds.median:+.2f} of full activity"
        if node.name in marks.blocked:
            state, probability = State.BLOCKED, marks.blocked[node.name]
            told = f"{100 * probability:.0f} % occupied; {told}"
        elif node.name in marks.given:
            # An input, not a prediction: it has a direction, and no probability.
            probability, caption = None, GIVEN
            told = f"{GIVEN}; {told}"
    return Node(
        id=node.name,
        label=node.label,
        kind=Kind(declared.kind.value),
        caption=caption,
        cluster=cluster_around(pathway, node, clusters, grounds),
        state=state,
        probability=probability,
        explaining=any(node.name in pair for pair in marks.explaining),
        tooltip=". ".join(filter(None, (node.name, declared.about, told))),
    )


def _edge(link: Link, marks: _Marks) -> Edge:
    ends = (link.source, link.target)
    role = Role.PLAIN
    if marks.carried is not None and ends in marks.carried.links:
        # What a block takes away is as much a part of what is carried as what it lets through.
        role = Role.OPPOSING if marks.carried.links[ends] < 0 else Role.EXPLAINING
    elif any(end in marks.blocked for end in ends):
        role = Role.SILENCED
    elif ends in marks.explaining:
        role = Role.EXPLAINING
    declared = link.edges[0].declared if len(link.edges) == 1 else None
    return Edge(
        link.source,
        link.target,
        link.sign,
        any(edge.declared.slow for edge in link.edges),
        Process(declared.process.value) if declared and declared.process else None,
        role,
        tooltip=". ".join(_told(edge) for edge in link.edges),
        indirect=len(link.edges) > 1,
        label=marks.carried.label(ends) if marks.carried else "",
        weight=marks.carried.weight(ends) if marks.carried else 0.5,
    )


def _told(edge: PlacedEdge) -> str:
    cited = ", ".join(item.ref or "assumption" for item in edge.evidence)
    evidence = f"evidence: {cited}" if cited else ""
    return "; ".join(filter(None, (str(edge), edge.declared.mechanism, evidence)))


def _marks(prediction: Prediction, links: list[Link], carried: Carried | None) -> _Marks:
    blocked = _blocked(prediction)
    if carried is not None:
        return _Marks(blocked, _given(prediction), frozenset(carried.links), carried)
    return _Marks(blocked, _given(prediction), _explaining(prediction, links, blocked))


def _blocked(prediction: Prediction) -> dict[str, float]:
    """Median shares of the nodes that drugs block, all drugs at a node together."""
    names = prediction.model.network.names
    shares: dict[str, Floats] = {}
    for contact in prediction.perturbation.contacts:
        if contact.rows[0].action in _BLOCKERS:
            name = names[contact.node]
            shares[name] = np.minimum(shares.get(name, 0) + contact.occupancy, 1)
    medians = {name: float(np.median(share)) for name, share in shares.items()}
    return {name: share for name, share in medians.items() if share >= BLOCKED}


def _given(prediction: Prediction) -> frozenset[str]:
    """Nodes that the condition itself sets, where only the treated side has it."""
    condition = prediction.treatment.condition
    if condition is None or condition == prediction.comparator.condition:
        return frozenset()
    pathway = prediction.model.network.pathway
    gone = lesioned(pathway, condition)
    return frozenset({*condition.perturbs, *condition.depletes, *gone})


def _contacts(prediction: Prediction, nodes: Collection[str]) -> dict[str, list[Contact]]:
    """What drugs visibly do at the nodes that are shown, by node."""
    names = prediction.model.network.names
    found: dict[str, list[Contact]] = {}
    for contact in prediction.perturbation.contacts:
        name = names[contact.node]
        if name in nodes and contact.usual >= SHOWN:
            found.setdefault(name, []).append(contact)
    return found


def _contact_text(contact: Contact) -> str:
    share = f"{100 * contact.usual:.0f} % of {contact.target} occupied"
    return f"{contact.drug}: {contact.action}, {share}"


def _drug_sign(contact: Contact) -> Sign:
    return Sign.NEGATIVE if contact.rows[0].action in _BLOCKERS else Sign.POSITIVE


def _title(prediction: Prediction | None, drug: str) -> str:
    given = prediction.treatment.administrations if prediction else ()
    return next((one.drug.title.lower() for one in given if one.drug.name == drug), drug)


def _explaining(
    prediction: Prediction, links: list[Link], blocked: Collection[str]
) -> frozenset[tuple[str, str]]:
    """Ends of the links on the main paths to the readouts that are shown."""
    shown = {end for link in links for end in (link.source, link.target)}
    goals = [name for name in prediction.readouts if name in shown]
    sources = {link.source for link in links}
    goals += sorted(name for name in shown if name not in sources and name not in goals)
    pairs: set[tuple[str, str]] = set()
    for goal in goals:
        route = _telling_route(prediction, goal, blocked)
        if route is not None:
            pairs |= set(pairwise(name for name in route.nodes if name in shown))
    return frozenset(pairs)


def _telling_route(prediction: Prediction, goal: str, blocked: Collection[str]) -> Route | None:
    """The main path to a node that moves, if every node on it is known to move or to be blocked.

    Where a direction is left open on the way, the path cannot be what explains the one at its end.
    """
    if prediction[goal].call not in (Call.UP, Call.DOWN):
        return None
    route = main_route(prediction, goal)
    if route is None or any(
        prediction[name].call is Call.AMBIGUOUS and name not in blocked for name in route.nodes
    ):
        return None
    return route


def explaining_nodes(prediction: Prediction, most: int = 24) -> tuple[str, ...]:
    """Nodes of the main paths to the readouts that move most, as many as a picture can hold."""
    model = prediction.model
    ranked = sorted(
        (name for name in prediction.readouts if prediction[name].call in (Call.UP, Call.DOWN)),
        key=lambda name: (
            -abs(prediction[name].odds.median) / max(model.ranges[model.network.index[name]], 1e-9)
        ),
    )
    chosen: dict[str, None] = {}
    blocked = _blocked(prediction)
    for name in ranked:
        route = _telling_route(prediction, name, blocked)
        if route is not None and len({*chosen, *route.nodes}) <= most:
            chosen |= dict.fromkeys(route.nodes)
    return tuple(sorted(chosen))
