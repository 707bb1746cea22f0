"""Hypothesis strategies: small random circuits, declared and compiled as a user's would be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from raphe.composition import compose
from raphe.condition import Condition
from raphe.drug import Drug
from raphe.errors import InputError
from raphe.formats.documents import parse_document
from raphe.model import Model
from raphe.network import Network, compile_network
from raphe.pathway import Circuit
from raphe.perturbation import Perturbation
from raphe.prior import Ensemble
from raphe.propagation.arrays import Floats
from raphe.target import Targets
from raphe.treatment import Administration, Treatment, administer

ARROWS = ("->", "-|", "~>", "~|")
FAST = ("->", "-|")
#: Kinds with each sort of bounds: both ends, none above, and a transporter's.
KINDS = ("process", "firing", "transporter")


@dataclass(frozen=True)
class Sketch:
    """A circuit in the making; its `repr` is what a failing example shows."""

    #: Kind and tone of each node. Every node is a molecular target named T.node.
    nodes: Mapping[str, tuple[str, float]]
    #: Weight of each edge, by its arrow.
    edges: Mapping[str, float]
    #: Place of each node whose cells can be lesioned.
    cells: Mapping[str, str] = field(default_factory=dict)
    #: Attributes of some nodes and edges, beyond those.
    extra: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def with_edges(self, edges: Mapping[str, float]) -> Sketch:
        """The same nodes, wired in another way."""
        return replace(self, edges=edges)

    def declared(self) -> dict[str, Any]:
        """What a circuit file would say."""
        return {
            "circuit": "random",
            "title": "Random",
            "places": {
                place: {"label": place, "cell": f"{place} cell"} for place in self.cells.values()
            },
            "nodes": {
                name: {
                    "kind": kind,
                    "tone": str(tone),
                    "target": [f"T.{name}"],
                    **self.extra.get(name, {}),
                }
                for name, (kind, tone) in self.nodes.items()
            },
            "edges": [
                {arrow: {"strength": str(weight), **self.extra.get(arrow, {})}}
                for arrow, weight in self.edges.items()
            ],
        }

    def network(self) -> Network:
        """The compiled circuit."""
        document = parse_document(json.dumps(self.declared()), Circuit, "random.yaml")

        def no_cascades(_: str) -> Any:
            raise InputError([])

        return compile_network(compose(document, no_cascades), Targets())

    def model(self, draws: int = 1, prior: str = "classes", seed: int = 1) -> Model:
        """The circuit with its draws: with prior ``classes``, the weights as given."""
        return Model(self.network(), Targets(), prior, draws, seed)


def weights(most: float = 1.5) -> st.SearchStrategy[float]:
    """Weights with two digits."""
    return st.integers(5, round(most * 100)).map(lambda hundredths: hundredths / 100)


@st.composite
def sketches(
    draw: st.DrawFn,
    most_nodes: int = 5,
    arrows: tuple[str, ...] = ARROWS,
    kinds: tuple[str, ...] = KINDS,
    heaviest: float = 1.5,
    least_nodes: int = 1,
) -> Sketch:
    """Circuits of a few nodes with up to two edges a node."""
    names = "abcdefghijkl"[: draw(st.integers(least_nodes, most_nodes))]
    tones = st.sampled_from((0.0, 0.3, 0.5, 0.8, 1.0))
    nodes = {name: (draw(st.sampled_from(kinds)), draw(tones)) for name in names}
    ends = st.tuples(st.sampled_from(names), st.sampled_from(arrows), st.sampled_from(names))
    chosen = draw(
        st.lists(ends, max_size=2 * len(names), unique_by=lambda e: (e[0], e[2], e[1][0] == "~"))
    )
    edges = {" ".join(one): draw(weights(heaviest)) for one in chosen}
    return Sketch(nodes, edges)


def pushes(network: Network, most: float = 1.0) -> st.SearchStrategy[Floats]:
    """An input to each node, *n × 1*, some of them zero."""
    one = st.one_of(st.just(0.0), st.integers(-100, 100).map(lambda h: most * h / 100))
    return st.lists(one, min_size=network.size, max_size=network.size).map(
        lambda values: np.array(values, dtype=float)[:, None]
    )


def untouched(network: Network, draws: int = 1) -> Perturbation:
    """What does nothing."""
    return Perturbation(np.ones((network.size, draws)), np.zeros((network.size, draws)))


def imposed(inputs: Floats) -> Perturbation:
    """Inputs that leave all gains as they are."""
    return Perturbation(np.ones_like(inputs), inputs)


def matrix_of(
    network: Network, ensemble: Ensemble, slow: bool | None = None, draw: int = 0
) -> Floats:
    """A of one draw, written out: all edges, or the slow or the fast ones alone."""
    matrix = np.zeros((network.size, network.size))
    for edge in range(len(network.source)):
        if slow is None or bool(network.slow[edge]) is slow:
            matrix[network.target[edge], network.source[edge]] += ensemble.weights[edge, draw]
    return matrix


def a_drug(
    bindings: Mapping[str, Mapping[str, Any]], free: str = "9 nM", name: str = "drug"
) -> Drug:
    """A drug by its bindings; those without an affinity get 1 nM."""
    rows = {
        target: row if {"Ki", "occupancy"} & row.keys() else {**row, "Ki": "1 nM"}
        for target, row in bindings.items()
    }
    return Drug.model_validate(
        {
            "drug": name,
            "title": name.title(),
            "targets": rows,
            "exposure": {"usual": {"free": free}},
        }
    )


def given_drug(
    bindings: Mapping[str, Mapping[str, Any]], free: str = "9 nM", name: str = "drug"
) -> Administration:
    """That drug, given at its usual exposure."""
    return administer(a_drug(bindings, free, name))


def a_condition(**declared: Any) -> Condition:
    """A condition of the baseline."""
    return Condition.model_validate({"condition": "condition", "title": "Condition", **declared})


@st.composite
def treatments(draw: st.DrawFn, network: Network, condition: bool = True) -> Treatment:
    """Up to two drugs, at one or two targets each, and perhaps a condition."""
    given = []
    for number in range(draw(st.integers(0, 2))):
        bindings = {}
        for node in draw(
            st.lists(st.sampled_from(network.names), min_size=1, max_size=2, unique=True)
        ):
            action = draw(
                st.sampled_from(
                    ("agonist", "antagonist", "partial agonist", "inverse agonist", "NAM")
                )
            )
            own = {"action": action, "Ki": f"{draw(st.sampled_from((1, 5)))} nM"}
            if action in ("partial agonist", "inverse agonist"):
                own["efficacy"] = "0.4" if action == "partial agonist" else "-0.3"
            bindings[f"T.{node}"] = own
        given.append(given_drug(bindings, name=f"drug{number}"))
    shift = None
    if condition and draw(st.booleans()):
        node = draw(st.sampled_from(network.names))
        other = draw(st.sampled_from(network.names))
        shift = a_condition(
            perturbs={
                node: {"direction": draw(st.sampled_from(("up", "down"))), "strength": "0.4"}
            },
            depletes={other: "0.5"} if draw(st.booleans()) else {},
        )
    return Treatment(tuple(given), shift)
