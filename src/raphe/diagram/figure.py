"""What a picture shows: clusters, nodes and edges as frozen values, before any layout or colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from raphe.errors import InputError, Problem, nearest
from raphe.sign import Sign


class Kind(StrEnum):
    """What a node is; decides its shape."""

    RECEPTOR = "receptor"
    TRANSPORTER = "transporter"
    CHANNEL = "channel"
    G_PROTEIN = "g-protein"
    ENZYME = "enzyme"
    KINASE = "kinase"
    SECOND_MESSENGER = "second-messenger"
    TRANSMITTER = "transmitter"
    TRANSCRIPTION_FACTOR = "transcription-factor"
    GENE = "gene"
    MRNA = "mrna"
    PROTEIN = "protein"
    FIRING = "firing"
    PROCESS = "process"
    DENSITY = "density"
    FUNCTION = "function"
    STORE = "store"
    PHENOTYPE = "phenotype"
    DRUG = "drug"
    STEP = "step"


class Ground(StrEnum):
    """What a cluster is; decides its tint and where its label stands."""

    NEURON = "neuron"
    TERMINAL = "terminal"
    GLIA = "glia"
    REGION = "region"
    MEMBRANE = "membrane"
    EXTRACELLULAR = "extracellular"
    CYTOSOL = "cytosol"
    NUCLEUS = "nucleus"
    PHASE = "phase"


class State(StrEnum):
    """What is predicted of a node. ``NONE``: the figure makes no statement about it."""

    NONE = "none"
    UP = "up"
    DOWN = "down"
    AMBIGUOUS = "ambiguous"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"


class Role(StrEnum):
    """What an edge does in the story that the figure tells."""

    PLAIN = "plain"
    EXPLAINING = "explaining"
    #: Carries a share of the change against its direction.
    OPPOSING = "opposing"
    SILENCED = "silenced"
    DRUG = "drug"


class Process(StrEnum):
    """How the source of an edge brings about its effect; decides the arrowhead."""

    BINDING = "binding"
    CATALYSIS = "catalysis"
    PHOSPHORYLATION = "phosphorylation"
    TRANSCRIPTION = "transcription"
    TRANSLATION = "translation"
    RELEASE = "release"
    REUPTAKE = "reuptake"
    DEGRADATION = "degradation"
    TRANSPORT = "transport"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cell, a membrane, a compartment or a phase: what encloses nodes."""

    id: str
    label: str
    kind: Ground
    #: The enclosing cluster; empty at the outermost level.
    parent: str = ""
    #: Second, lighter half of the label, such as the brain region of a neuron.
    note: str = ""
    #: Reading order among its siblings; ties go by id.
    order: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """Something that can change, a drug, or a step of a workflow."""

    id: str
    label: str
    kind: Kind
    #: Small second line: a gene symbol, a location, the detail of a step.
    caption: str = ""
    #: The cluster that holds it; empty outside all clusters.
    cluster: str = ""
    state: State = State.NONE
    #: Of the state; told in the tooltip, not drawn.
    probability: float | None = None
    #: Whether the node lies on the path that explains the prediction.
    explaining: bool = False
    #: Further sentences for the tooltip.
    tooltip: str = ""
    #: Reading order within its cluster, and of steps in a workflow; ties go by id.
    order: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow between two nodes."""

    source: str
    target: str
    sign: Sign = Sign.POSITIVE
    #: An adaptation, that only a sustained change brings about.
    slow: bool = False
    process: Process | None = None
    role: Role = Role.PLAIN
    #: Further sentences for the tooltip.
    tooltip: str = ""
    #: Stands for what passes through nodes that are not shown.
    indirect: bool = False
    #: A few characters that are set on the line.
    label: str = ""
    #: Of an explaining or opposing edge, how wide it is drawn: 0 as any edge, 1 the widest.
    weight: float = 0.5


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, before layout.

    Clusters, nodes and edges are put in order when the figure is built: figures made from the
    same parts in another order are equal, and are drawn with the same bytes.

    Raises
    ------
    InputError
        An id stands twice, or something names a node or a cluster that is not there.

    Examples
    --------
    >>> ne = Node("NE", "NA", Kind.TRANSMITTER)
    >>> a2 = Node("a2", "α₂A-AR", Kind.RECEPTOR)
    >>> Figure("Loop", nodes=(ne, a2)) == Figure("Loop", nodes=(a2, ne))
    True
    >>> Figure("Loop", nodes=(ne,), edges=(Edge("NE", "a2"),))
    Traceback (most recent call last):
        ...
    raphe.errors.InputError: edge NE to a2: no node 'a2' in the figure.
    """

    title: str
    subtitle: str = ""
    clusters: tuple[Cluster, ...] = ()
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    #: Nodes that form the core mechanism; they get a double border.
    core: frozenset[str] = frozenset()
    #: Where nodes stand, row by row, in columns that all rows share: ids, empty where nothing is.
    #: Without rows, a layout is looked for.
    rows: tuple[tuple[str, ...], ...] = ()
    #: Whether it shows what contradicts each other: the legend then names the double border and the
    #: thick edges by that.
    is_contradiction: bool = False

    def __post_init__(self) -> None:
        problems = [*_problems_of_ids(self), *_problems_of_names(self), *_problems_of_nesting(self)]
        if problems:
            raise InputError(problems)
        for name, ordered in (
            ("clusters", sorted(self.clusters, key=lambda one: (one.order, one.id))),
            ("nodes", sorted(self.nodes, key=lambda one: (one.order, one.id))),
            ("edges", sorted(self.edges, key=_order_of_edge)),
        ):
            # The one place where a figure is written to: a frozen value is completed, not changed.
            object.__setattr__(self, name, tuple(ordered))
        object.__setattr__(self, "core", frozenset(self.core))

    @property
    def is_workflow(self) -> bool:
        """Whether the figure shows steps, not a network."""
        return any(node.kind is Kind.STEP for node in self.nodes)

    @property
    def is_prediction(self) -> bool:
        """Whether the figure says of any node how it changes."""
        return any(node.state is not State.NONE for node in self.nodes)


def _order_of_edge(edge: Edge) -> tuple[str | bool, ...]:
    return (
        edge.source,
        edge.target,
        edge.sign.value,
        edge.slow,
        edge.process or "",
        edge.role,
        edge.tooltip,
        edge.indirect,
        edge.label,
        str(edge.weight),
    )


def _problems_of_ids(figure: Figure) -> Iterator[Problem]:
    for what, ids in (
        ("cluster", [cluster.id for cluster in figure.clusters]),
        ("node", [node.id for node in figure.nodes]),
    ):
        for twice in sorted(one for one, times in Counter(ids).items() if times > 1):
            yield Problem(f"{what} '{twice}' stands twice in the figure.", "Give each its own id.")


def _problems_of_names(figure: Figure) -> Iterator[Problem]:
    nodes = {node.id for node in figure.nodes}
    clusters = {cluster.id for cluster in figure.clusters}
    for cluster in figure.clusters:
        if cluster.parent:
            yield from _missing(f"cluster {cluster.id}", "cluster", [cluster.parent], clusters)
    for node in figure.nodes:
        if node.cluster:
            yield from _missing(f"node {node.id}", "cluster", [node.cluster], clusters)
    for edge in figure.edges:
        where = f"edge {edge.source} to {edge.target}"
        yield from _missing(where, "node", [edge.source, edge.target], nodes)
    yield from _missing("core", "node", sorted(figure.core), nodes)
    placed = [name for row in figure.rows for name in row if name]
    yield from _missing("rows", "node", placed, nodes)
    for twice in sorted(one for one, times in Counter(placed).items() if times > 1):
        yield Problem(f"rows: node '{twice}' stands twice.", "Give it one place.")
    drugs = {node.id for node in figure.nodes if node.kind is Kind.DRUG}
    for name in sorted(nodes - drugs - set(placed)) if placed else ():
        yield Problem(f"rows: node '{name}' has no place.", "Name it in a row.")


def _missing(where: str, what: str, names: Iterable[str], known: set[str]) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            said = f"{where}: no {what} '{name}' in the figure."
            yield Problem(said, nearest(name, sorted(known)))


def _problems_of_nesting(figure: Figure) -> Iterator[Problem]:
    parents = {cluster.id: cluster.parent for cluster in figure.clusters}
    for start in sorted(parents):
        seen = {start}
        above = parents[start]
        while above and above not in seen:
            seen.add(above)
            above = parents.get(above, "")
        if above == start:
            yield Problem(f"cluster '{start}' encloses itself.", "Give it another parent.")
