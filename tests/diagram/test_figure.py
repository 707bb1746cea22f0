"""Figures refuse what cannot be drawn, and do not mind in which order they are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagram.pictures import every
from raphe.diagram.figure import Cluster, Edge, Figure, Ground, Kind, Node
from raphe.errors import InputError

NA = Node("NE", "NA", Kind.TRANSMITTER)
LC = Cluster("LC", "locus coeruleus", Ground.NEURON)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"nodes": (NA, NA)}, "node 'NE' stands twice in the figure. Give each its own id."),
        ({"clusters": (LC, LC)}, "cluster 'LC' stands twice in the figure. Give each its own id."),
        (
            {"nodes": (NA,), "edges": (Edge("NE", "Ne"),)},
            "edge NE to Ne: no node 'Ne' in the figure. Did you mean 'NE'?",
        ),
        (
            {"nodes": (replace(NA, cluster="LCC"),), "clusters": (LC,)},
            "node NE: no cluster 'LCC' in the figure. Did you mean 'LC'?",
        ),
        (
            {"clusters": (replace(LC, parent="cortex"),)},
            "cluster LC: no cluster 'cortex' in the figure.",
        ),
        ({"core": frozenset({"AC"})}, "core: no node 'AC' in the figure."),
        (
            {"clusters": (replace(LC, parent="LC"),)},
            "cluster 'LC' encloses itself. Give it another parent.",
        ),
    ],
)
def test_each_mistake_is_named(parts: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as raised:
        Figure("Wrong", **parts)  # type: ignore[arg-type]
    assert str(raised.value) == message


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(InputError) as raised:
        Figure("Wrong", nodes=(NA, NA), edges=(Edge("NE", "x"), Edge("y", "NE")))
    assert len(raised.value.problems) == 3


def test_clusters_that_enclose_each_other_are_refused() -> None:
    one = Cluster("a", "a", Ground.NEURON, parent="b")
    two = Cluster("b", "b", Ground.NEURON, parent="a")
    with pytest.raises(InputError, match="encloses itself"):
        Figure("Wrong", clusters=(one, two))


@given(st.randoms(use_true_random=False), st.sampled_from(sorted(every())))
def test_the_order_of_parts_is_immaterial(random: object, name: str) -> None:
    figure = every()[name]
    assert shuffled(figure, random) == figure


def shuffled(figure: Figure, random: object) -> Figure:
    parts = {}
    for name in ("clusters", "nodes", "edges"):
        several = list(getattr(figure, name))
        random.shuffle(several)  # type: ignore[attr-defined]
        parts[name] = tuple(several)
    return replace(figure, **parts)
