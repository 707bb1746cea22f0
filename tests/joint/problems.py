"""Hypothesis strategies: small problems of joint consistency."""

from dataclasses import replace

from hypothesis import strategies as st

from raphe.joint.problem import Condition, Influence, Laws, Problem, Shift, SignedGraph
from raphe.sign import Change, Sign

SETS = (Change.DOWN, Change.SAME, Change.UP, Change.NOT_UP, Change.NOT_DOWN, Change.CHANGED)
NAMES = "abcdef"


@st.composite
def graphs(draw, most=6, unknown=True):
    nodes = NAMES[: draw(st.integers(1, most))]
    signs = list(Sign) if unknown else [Sign.POSITIVE, Sign.NEGATIVE]
    edge = st.builds(
        Influence, st.sampled_from(nodes), st.sampled_from(nodes), st.sampled_from(signs)
    )
    least = min(len(nodes), most - 1)
    edges = draw(st.lists(edge, min_size=least, max_size=2 * most, unique=True))
    # Signs that are not known multiply the labellings that the tests go through.
    known = [one for one in edges if one.sign is not Sign.UNKNOWN]
    some = [one for one in edges if one.sign is Sign.UNKNOWN][:2]
    hearing = sorted({one.target for one in (*known, *some)})
    joint = draw(st.frozensets(st.sampled_from(hearing), max_size=1)) if hearing else ()
    return SignedGraph.of([*known, *some], nodes, joint)


@st.composite
def conditions(draw, graph, name="x", plain=False):
    nodes = st.sampled_from(graph.nodes)
    some = st.frozensets(nodes, max_size=2)
    observed = draw(st.dictionaries(nodes, st.sampled_from(SETS), max_size=5))
    if draw(st.booleans()):
        observed["elsewhere"] = draw(st.sampled_from(SETS))
    made = Condition(name, observed, inputs=draw(some))
    if plain or draw(st.booleans()):
        return made
    at_minimum = draw(some)
    cut = frozenset()
    if graph.influences:
        cut = draw(st.frozensets(st.sampled_from(graph.influences), max_size=2))
    return replace(
        made,
        ambiguous=draw(st.frozensets(nodes, max_size=1)),
        at_minimum=at_minimum,
        at_maximum=draw(some) - at_minimum,
        held=draw(st.dictionaries(nodes, st.sampled_from(SETS[:3]), max_size=1)),
        pushed=draw(st.dictionaries(nodes, st.sampled_from((Change.UP, Change.DOWN)), max_size=1)),
        cut=cut,
    )


often = st.sampled_from([True, True, True, False])
laws = st.builds(Laws, often, often, st.booleans(), st.booleans())


@st.composite
def problems(draw, most=6, plain=False, unknown=True):
    """One condition on a graph of up to so many nodes."""
    graph = draw(graphs(most, unknown))
    return Problem(graph, (draw(conditions(graph, plain=plain)),), draw(laws))


def compare(of, against, observed, name="", alike=frozenset()):
    """The condition that is the difference of two: combination against single.

    The laws hold between any two steady states, hence between these. What is held or moved from
    outside in one of both only, or not alike in both, is an input of the comparison; what is held
    alike is unchanged. A node that hears different influences in both, since some are cut
    in one of them only, is an input too.
    """
    outside = (of.moved | against.moved) - alike
    hears_differently = frozenset(one.target for one in of.cut ^ against.cut)
    return Condition(
        name or f"{of.name} against {against.name}",
        observed,
        inputs=(outside | hears_differently) - alike,
        held=dict.fromkeys(sorted(alike), Change.SAME),
        cut=of.cut & against.cut,
        shift=Shift(of.name, against.name),
    )


@st.composite
def joint_problems(draw, most=6):
    """Two conditions on one graph, and perhaps the one compared with the other."""
    graph = draw(graphs(most))
    first, second = draw(conditions(graph, "x")), draw(conditions(graph, "y"))
    both = (first, second)
    if draw(st.booleans()):
        seen = draw(st.dictionaries(st.sampled_from(graph.nodes), st.sampled_from(SETS)))
        bare = [
            replace(one, observed={n: s for n, s in one.observed.items() if n in graph.nodes})
            for one in both
        ]
        both = (*bare, compare(bare[0], bare[1], seen, "z"))
    return Problem(graph, both, draw(laws))
