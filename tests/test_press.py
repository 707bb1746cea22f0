"""A press on a signed graph: drawn shares, what was published of them, and the command."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.peers import PEERS, needs_peers
from tests.propagation.test_loop_analysis import signed_graphs

from raphe.cli.main import run
from raphe.community import community
from raphe.errors import InputError
from raphe.formats.signed_tsv import parse_signed_tsv, read_signed_tsv
from raphe.press import Reply, press
from raphe.propagation.community_draws import find_stable, solve_press
from raphe.report.press_json import press_json

#: Four standard errors at the draws that are kept.
WIDE = 4


@given(signed_graphs(7), st.integers(0, 2**32 - 1))
@settings(max_examples=200, deadline=None)
def test_each_draw_is_as_numpy_has_it(graph, seed):
    """Eigenvalues of the whole matrix, and one dense solve, draw by draw."""
    size = np.random.default_rng(seed).uniform(0.05, 1, (len(graph.sign), 20))
    weights = size * graph.sign[:, None]
    matrices = np.zeros((20, graph.size, graph.size))
    for edge, ends in enumerate(zip(graph.target, graph.source, strict=True)):
        matrices[:, *ends] += weights[edge]
    stable = find_stable(graph, weights)
    largest = np.linalg.eigvals(matrices).real.max(axis=1)
    clear = np.abs(largest) > 1e-9
    assert (stable == (largest < 0))[clear].all()
    kept = stable & clear
    imposed = np.zeros(graph.size)
    imposed[0] = 1.0
    found = solve_press(graph, weights[:, kept], imposed)
    for own, matrix in zip(found.T, matrices[kept], strict=True):
        assert np.allclose(own, np.linalg.solve(-matrix, imposed), rtol=1e-6, atol=1e-9)


@given(signed_graphs(6))
@settings(max_examples=100, deadline=None)
def test_what_is_certain_happens_in_every_stable_draw(graph):
    made = press(graph.self_limited(), up=[graph.names[0]], draws=200)
    for reply in made.replies:
        if made.stable and reply.is_certain:
            assert (reply.up if reply.net > 0 else reply.down) == 1.0
        if made.stable and reply.cycles == 0:
            assert reply.up == reply.down == 0.0


@given(signed_graphs(6))
@settings(max_examples=50, deadline=None)
def test_pushed_down_is_pushed_up_turned_around(graph):
    one, other = (press(graph, **{side: [graph.names[0]]}, draws=50) for side in ("up", "down"))
    assert one.stable == other.stable
    for up, down in zip(one.replies, other.replies, strict=True):
        assert (up.net, up.cycles, up.up, up.down) == (-down.net, down.cycles, down.down, down.up)


@needs_peers
@pytest.mark.parametrize("name", ["snowshoeA", "snowshoeB"])
def test_snowshoe_hares_are_as_qpress_draws_them(name):
    """A: hares rise with vegetation in all draws; B: they fall in almost 40 % of them."""
    graph = read_signed_tsv(PEERS / "net" / f"S_{name}.tsv")
    theirs = json.loads((PEERS / "answers" / f"qpress_{name}.json").read_text("utf-8"))
    made = press(graph, up=["V"], draws=20_000)
    for node, share in theirs["frac_neg"].items():
        spread = share * (1 - share) * (1 / theirs["accepted"] + 1 / made.stable)
        assert abs(made[node].down - share) <= WIDE * spread**0.5, node
    accepted = theirs["accepted"] / theirs["draws"]
    spread = accepted * (1 - accepted) * (1 / theirs["draws"] + 1 / made.draws)
    assert abs(made.stable / made.draws - accepted) <= WIDE * spread**0.5


@needs_peers
def test_yeast_answers_as_qpress_draws_it():
    theirs = json.loads((PEERS / "answers" / "qpress_yeast.json").read_text("utf-8"))
    graph = read_signed_tsv(PEERS / "net" / theirs["net"]).self_limited()
    made = press(graph, up=[theirs["perturb"]], draws=2000)
    for node, share in theirs["frac_pos"].items():
        reply = made[node]
        spread = max(share * (1 - share), 0.01) * (1 / theirs["accepted"] + 1 / made.stable)
        assert abs(reply.up - share) <= WIDE * spread**0.5, node
        if reply.is_certain:
            assert share == (1.0 if reply.net > 0 else 0.0), node


@needs_peers
def test_e_coli_responds_as_sparse_solving_finds():
    """Theirs drops an edge of both signs, and does not ask what is stable."""
    theirs = json.loads((PEERS / "answers" / "press_sparse_ecoli.json").read_text("utf-8"))
    whole = read_signed_tsv(PEERS / theirs["net"]).self_limited()
    signs = Counter()
    for source, sign, target in whole.edges:
        signs[source, target] += sign
    graph = community((*ends[:1], sign, *ends[1:]) for ends, sign in signs.items() if sign)
    weights = np.random.default_rng(1).uniform(0, 1, (len(graph.sign), 1000))
    imposed = (np.array(graph.names) == theirs["node"]).astype(float)
    response = solve_press(graph, weights * graph.sign[:, None], imposed)
    for node, share in theirs["frac_pos"].items():
        up = (response[graph.index[node]] > 1e-12).mean() if node in graph.index else 0.0
        spread = max(share * (1 - share), 0.01) * (1 / theirs["accepted"] + 1 / 1000)
        assert abs(up - share) <= WIDE * spread**0.5, node


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "own.tsv: there is no edge in it."),
        ("# nothing\n\n", "own.tsv: there is no edge in it."),
        ("a b 1\n", "own.tsv:1: 1 of 3 cells."),
        ("a\t1\n", "own.tsv:1: 2 of 3 cells."),
        ("a\t1\tb\tc\n", "own.tsv:1: 4 cells instead of 3."),
        ("a\t1\tb\na\t?\tb\n", "own.tsv:2: '?' is no sign. Write 1 or -1."),
        ("a\t1\tb\nb\t1\ta\na\t+\tb\n", "own.tsv:3: the edge from 'a' to 'b' stands here a second"),
        ("a\t1\tb\x00\n", "own.tsv:1:6: control character U+0000."),
        ("\n" * 5 + "x\n" * 30, "own.tsv: 10 more lines are wrong."),
    ],
)
def test_a_wrong_file_is_told_of_line_by_line(text, said):
    with pytest.raises(InputError) as caught:
        parse_signed_tsv(text, "own.tsv")
    assert said in str(caught.value)


def test_all_lines_are_told_of_at_once():
    with pytest.raises(InputError) as caught:
        parse_signed_tsv("a\tb\na\t2\tb\n")
    assert len(caught.value.problems) == 2


def test_both_signs_between_two_nodes_are_two_edges():
    graph = parse_signed_tsv("a\t-1\ta\na\t1\tb\na\t-1\tb\nb\t-1\tb\n")
    reply = press(graph, up=["a"])["b"]
    assert (reply.net, reply.cycles, reply.weighted) == (0, 2, 0.0)
    assert 0.4 < reply.up < 0.6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.tsv", "V"), "no file 'nowhere.tsv'."),
        (("hares.tsv",), "nothing is pushed."),
        (("hares.tsv", "v"), "no node 'v'. Did you mean 'V'?"),
        (("hares.tsv", "V", "--down", "V"), "'V' is pushed twice."),
        (("hares.tsv", "V", "--draws", "0"), "0 draws."),
        ((".", "V"), "Is a directory"),
    ],
)
@pytest.mark.usefixtures("hares")
def test_the_command_says_what_is_wrong(arguments, said, capsys):
    assert run(["press", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err


@pytest.fixture
def hares(tmp_path, monkeypatch):
    (tmp_path / "hares.tsv").write_text(
        "V\t-1\tV\nP\t-1\tP\nV\t1\tH\nH\t-1\tV\nH\t1\tP\nP\t-1\tH\nV\t1\tP\n", "utf-8"
    )
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("hares")
def test_the_command_prints_what_the_library_finds(capsys):
    assert run(["press", "hares.tsv", "V", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    graph = read_signed_tsv(Path("hares.tsv"))
    assert told == press_json(press(graph, up=["V"]))
    assert told["replies"][0]["net"] == "0"
    assert told["replies"][0]["cycles"] == "2"
    assert run(["press", "hares.tsv", "V"]) == 0
    shown = capsys.readouterr().out
    assert "◆ H" in shown
    assert "▲ P*" in shown


def test_a_system_that_never_rests_is_told_of(capsys, tmp_path):
    path = tmp_path / "runaway.tsv"
    path.write_text("a\t1\ta\na\t1\tb\nb\t-1\tb\n", "utf-8")
    assert run(["press", str(path), "a"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "No draw is stable" in shown
    assert "Nothing of its own limits a;" in shown


def test_graphs_of_one_node_and_of_no_way_out():
    made = press(community([("a", -1, "a")]), up=["a"])
    assert (made["a"].net, made["a"].up, made.determinant) == (1, 1.0, 1)
    with pytest.raises(InputError, match="no node 'b'"):
        made["b"]


def test_what_would_take_minutes_is_not_begun(capsys, tmp_path):
    """A ring of 450 nodes: no net, no draws, and an answer that says so."""
    ring = [f"n{node}\t1\tn{(node + 1) % 450}\n" for node in range(450)]
    path = tmp_path / "ring.tsv"
    path.write_text("".join(ring), "utf-8")
    made = press(read_signed_tsv(path).self_limited(), up=["n0"])
    assert made.stable is None
    assert made.determinant is None
    assert made["n1"] == Reply("n1", None, None, None, None)
    assert run(["press", str(path), "n0", "--self-limited"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "none tried" in shown
    assert "450 nodes may answer" in shown
    assert "cannot answer" not in shown
    assert "try fewer with '--draws'" in shown
