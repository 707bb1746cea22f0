import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raphe import composition
from raphe.composition import compose, compose_cascade
from raphe.errors import InputError, Problem
from strategies import as_cascade, as_circuit, cascades, circuits

GS = {
    "pathway": "gs",
    "title": "Gs",
    "parameters": {"receptor": "what is bound"},
    "evidence": ["doe-2001"],
    "nodes": {"Gs": {"kind": "g-protein"}, "AC": {"kind": "enzyme"}},
    "edges": ["receptor -> Gs", {"Gs -> AC": {"strength": "strong", "evidence": ["roe-2002"]}}],
}
BETA1 = {"beta1": {"kind": "receptor", "tone": "low"}, "beta2": {"kind": "receptor", "tone": "low"}}


def shelf(*plain):
    """Cascades by name, as a library gives them."""
    documents = {one["pathway"]: as_cascade(one) for one in plain}

    def cascade(name):
        if name not in documents:
            raise InputError([Problem(f"no cascade '{name}'.")])
        return documents[name]

    return cascade


def circuit(include=(), nodes=(), edges=(), **more):
    return as_circuit(
        {
            "circuit": "own",
            "title": "Own",
            "nodes": dict(nodes),
            "edges": list(edges),
            "include": list(include),
            **more,
        }
    )


def use(name, prefix="", **bindings):
    return {"use": name, "as": prefix, "with": bindings}


def graph(flat):
    """Nodes and edges with what was declared of them, without where."""
    nodes = {name: (node.declared, node.place, node.evidence) for name, node in flat.nodes.items()}
    return nodes, [(str(edge), edge.declared.strength, edge.evidence) for edge in flat.edges]


def refusal(document, *plain):
    with pytest.raises(InputError) as raised:
        compose(document, shelf(*plain))
    return [str(problem) for problem in raised.value.problems]


def test_a_cascade_is_written_out_under_its_prefix():
    flat = compose(circuit([use("gs", "cortex", receptor="beta1")], BETA1), shelf(GS))
    assert list(flat.nodes) == ["beta1", "beta2", "cortex.AC", "cortex.Gs"]
    assert list(map(str, flat.edges)) == ["beta1 -> cortex.Gs", "cortex.Gs -> cortex.AC"]


def test_a_parameter_bound_to_several_nodes_repeats_its_edges():
    flat = compose(circuit([use("gs", receptor=["beta1", "beta2"])], BETA1), shelf(GS))
    assert list(map(str, flat.edges)) == ["Gs -> AC", "beta1 -> Gs", "beta2 -> Gs"]


def test_a_parameter_may_begin_a_name():
    tired = {
        "pathway": "tired",
        "title": "Desensitisation",
        "parameters": {"receptor": "what tires"},
        "nodes": {"receptor.function": {"kind": "function"}},
        "edges": ["receptor ~| receptor.function", "receptor.function -> receptor"],
    }
    flat = compose(circuit([use("tired", "x", receptor=["beta1", "beta2"])], BETA1), shelf(tired))
    assert list(map(str, flat.edges)) == [
        "beta1 ~| beta1.function",
        "beta1.function -> beta1",
        "beta2 ~| beta2.function",
        "beta2.function -> beta2",
    ]


def test_cascades_include_cascades():
    outer = {
        "pathway": "outer",
        "title": "Outer",
        "parameters": {"input": "what comes in"},
        "nodes": {"R": {"kind": "receptor", "tone": "low"}},
        "edges": ["input -> R"],
        "include": [use("gs", "second", receptor="R")],
    }
    flat = compose(circuit([use("outer", "cortex", input="beta1")], BETA1), shelf(GS, outer))
    assert list(map(str, flat.edges)) == [
        "beta1 -> cortex.R",
        "cortex.R -> cortex.second.Gs",
        "cortex.second.Gs -> cortex.second.AC",
    ]


def test_the_place_of_a_node_is_the_longest_that_begins_its_name():
    places = {"LC": {"label": "a"}, "LC.terminal": {"label": "b"}}
    nodes = {
        name: {"kind": "process"} for name in ("LC.x", "LC.terminal.x", "LCx", "LC.terminals.x")
    }
    flat = compose(circuit(nodes=nodes, places=places), shelf())
    assert {name: node.place for name, node in flat.nodes.items()} == {
        "LC.x": "LC",
        "LC.terminal.x": "LC.terminal",
        "LCx": "",
        "LC.terminals.x": "LC",
    }


def test_evidence_of_the_file_is_that_of_each_edge_without_its_own():
    flat = compose(circuit([use("gs", receptor="beta1")], BETA1), shelf(GS))
    assert [edge.evidence[0].ref for edge in flat.edges] == ["roe-2002", "doe-2001"]
    assert [one.evidence[0].ref for one in flat.nodes.values() if one.evidence] == ["doe-2001"] * 2


def test_what_was_declared_knows_where():
    flat = compose(circuit([use("gs", "x", receptor="beta1")], BETA1), shelf(GS))
    origin = flat.nodes["x.Gs"].origin
    assert (origin.pathway, origin.file) == ("gs", "gs.yaml")
    assert origin.line > 1


@settings(max_examples=60, deadline=None)
@given(cascades(), st.sampled_from(["b", "left.right", "0b"]))
def test_another_prefix_renames_nodes_and_nothing_else(cascade, prefix):
    def composed(own):
        return compose(circuit([use("own", own, receptor="beta1")], BETA1), shelf(cascade))

    def renamed(name):
        return f"{prefix}.{name.removeprefix('first.')}" if name.startswith("first.") else name

    nodes, edges = graph(composed("first"))
    source_and_target = [line.split() for line, *_ in edges]
    expected = [
        (f"{renamed(source)} {arrow} {renamed(target)}", *rest)
        for (source, arrow, target), (_, *rest) in zip(source_and_target, edges, strict=True)
    ]
    other_nodes, other_edges = graph(composed(prefix))
    assert other_nodes == {renamed(name): node for name, node in nodes.items()}
    assert sorted(other_edges, key=str) == sorted(expected, key=str)


@settings(max_examples=60, deadline=None)
@given(circuits(), cascades(), st.randoms(use_true_random=False))
def test_the_order_of_declaration_is_immaterial(plain, cascade, random):
    whole = {
        **plain,
        "nodes": {**plain["nodes"], **BETA1},
        "include": [
            use("own", "a", receptor="beta1"),
            use("own", "b", receptor=["beta2", "beta1"]),
        ],
    }
    shuffled = {
        key: list(value.items()) if isinstance(value, dict) else value
        for key, value in whole.items()
    }
    for key in ("nodes", "edges", "include"):
        shuffled[key] = random.sample(shuffled[key], len(shuffled[key]))
    shuffled["nodes"] = dict(shuffled["nodes"])
    flat = compose(as_circuit(whole), shelf(cascade))
    other = compose(as_circuit(shuffled), shelf(cascade))
    assert graph(flat) == graph(other)
    assert list(flat.nodes) == sorted(flat.nodes)


@settings(max_examples=60, deadline=None)
@given(cascades())
def test_a_cascade_included_twice_is_the_union_of_both(cascade):
    first = use("own", "a", receptor="beta1")
    second = use("own", "b", receptor="beta2")
    nodes, edges = graph(compose(circuit([first, second], BETA1), shelf(cascade)))
    one_nodes, one_edges = graph(compose(circuit([first], BETA1), shelf(cascade)))
    two_nodes, two_edges = graph(compose(circuit([second], BETA1), shelf(cascade)))
    assert nodes == one_nodes | two_nodes
    assert sorted(edges, key=str) == sorted([*one_edges, *two_edges], key=str)


@settings(max_examples=40, deadline=None)
@given(cascades())
def test_a_cascade_by_itself_has_open_ends(cascade):
    flat = compose_cascade(as_cascade(cascade), shelf())
    assert list(flat.nodes) == sorted(cascade["nodes"])
    assert len(flat.edges) == len(cascade["edges"])
    assert any(edge.source == "receptor" for edge in flat.edges)


def test_all_mistakes_are_found_at_once():
    document = circuit(
        [
            use("gss", receptor="beta1"),
            use("gs", "x", recepter="beta1"),
            use("gs", "y"),
            use("gs", "z", receptor="beta3"),
        ],
        {**BETA1, "R": {"kind": "receptor"}},
        ["beta1 -> beta9", "beta1 -> R", "beta1 -| R"],
        readouts=["beta1", "bata2"],
    )
    found = [line.split(" ", 1)[1] for line in refusal(document, GS)]
    assert sorted(found) == [
        "'gs' has no parameter 'recepter'. Did you mean 'receptor'?",
        "'gs' needs 'receptor': what is bound. Add 'with: {receptor: …}'.",
        "edge 'beta1 -| R' is declared a second time. "
        "The first is in own.yaml:19; keep one, or rename it.",
        "no cascade 'gss'.",
        "no node 'bata2'. Did you mean 'beta2'?",
        "no node 'beta3'. Did you mean 'beta2' or 'beta1'?",
        "no node 'beta9' (edge 'beta1 -> beta9'). Did you mean 'beta2' or 'beta1'?",
        "receptor 'R' states no tone. Add 'tone:' silent, low, moderate, high, full or a share; "
        "it decides what an antagonist does.",
    ]


def test_a_fast_and_a_slow_edge_between_the_same_nodes_are_two():
    flat = compose(circuit(nodes=BETA1, edges=["beta1 -> beta2", "beta1 ~| beta2"]), shelf())
    assert list(map(str, flat.edges)) == ["beta1 -> beta2", "beta1 ~| beta2"]


def test_a_clash_stands_at_the_include_that_brings_it_about():
    again = refusal(circuit([use("gs", receptor="beta1"), use("gs", receptor="beta2")], BETA1), GS)
    assert [line.split(" ", 1)[1] for line in again] == [
        "'gs' is included a second time under the same names. "
        "Include it under another 'as:', or once."
    ]
    own = {**BETA1, "AC": {"kind": "enzyme"}}
    (clash,) = refusal(circuit([use("gs", receptor="beta1")], own), GS)
    assert clash.startswith("own.yaml:")
    assert "node 'AC' of 'gs' is declared already. The first is in own.yaml:13;" in clash


def test_a_loop_of_includes_is_shown():
    one = {"pathway": "one", "title": "One", "include": [use("two")]}
    two = {"pathway": "two", "title": "Two", "include": [use("one")]}
    (line,) = refusal(circuit([use("one")]), one, two)
    assert "the includes loop: one -> two -> one." in line
    assert line.startswith("two.yaml:")


def test_a_parameter_that_nothing_uses_is_a_mistake():
    (line,) = refusal(
        circuit([use("idle", p="beta1")], BETA1),
        {"pathway": "idle", "title": "I", "parameters": {"p": "x"}},
    )
    assert line.startswith("idle.yaml:5:3: parameter 'p' is not used.")


def test_includes_that_multiply_are_stopped(monkeypatch):
    monkeypatch.setattr(composition, "MAX_SIZE", 500)
    chain = [
        {
            "pathway": f"c{level}",
            "title": "C",
            "include": [use(f"c{level + 1}", "a"), use(f"c{level + 1}", "b")],
        }
        for level in range(25)
    ]
    last = {"pathway": "c25", "title": "C", "nodes": {"x": {"kind": "process"}}}
    found = refusal(circuit([use("c0")]), *chain, last)
    assert "the includes grow to more than 500 nodes and edges." in found[-1]


def test_the_depth_of_includes_is_bounded():
    chain = [
        {"pathway": f"c{level}", "title": "C", "include": [use(f"c{level + 1}")]}
        for level in range(50)
    ]
    last = {"pathway": "c50", "title": "C"}
    assert "more than 32 levels deep" in refusal(circuit([use("c0")]), *chain, last)[0]


def test_a_node_bound_twice_counts_once():
    flat = compose(circuit([use("gs", receptor=["beta1", "beta1"])], BETA1), shelf(GS))
    assert [str(edge) for edge in flat.edges] == ["Gs -> AC", "beta1 -> Gs"]


def spoken(**synonyms):
    nodes = {"cortex.NE": {"kind": "transmitter"}, "LC.firing": {"kind": "process"}}
    places = {"cortex": {"label": "prefrontal cortex"}, "LC": {"label": "locus coeruleus"}}
    return circuit((), nodes, ["LC.firing -> cortex.NE"], places=places, synonyms=synonyms)


@pytest.mark.parametrize(
    "said", ["cortex.NE", "PFC.NE", "pfc.Noradrenaline", "cortex.noradrenaline", "CORTEX.ne"]
)
def test_a_node_is_found_in_other_words_and_whatever_the_case(said):
    flat = compose(spoken(PFC="cortex", noradrenaline="NE"), shelf())
    assert flat.find(said) == "cortex.NE"


def test_a_node_that_is_not_there_is_answered_with_the_nearest():
    flat = compose(spoken(), shelf())
    with pytest.raises(InputError, match=r"no node 'LC\.firng'\. Did you mean 'LC\.firing'\?"):
        flat.find("LC.firng")
    with pytest.raises(InputError, match="'raphe list nodes' names them"):
        flat.find("PFC.NE")


def test_a_synonym_of_nothing_is_a_mistake():
    (said,) = refusal(spoken(PFC="cortx"))
    assert "'PFC' is to mean 'cortx', no place and no node's last name." in said
    assert "Did you mean 'cortex'?" in said
