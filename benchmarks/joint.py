"""Joint consistency, beside a straightforward program that grounds every question by itself.

The data are other programs' and no part of the project: `RAPHE_PEERS` names their folder.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measures import Measure
from raphe.formats.sign_observations import read_observations
from raphe.formats.signed_graphs import read_signed_graph
from raphe.joint.answer import predict
from raphe.joint.cores import find_cores
from raphe.joint.downstream import find_downstream
from raphe.joint.problem import Condition, Laws, Problem
from raphe.joint.repair import MCOS
from raphe.joint.running import Clock
from raphe.joint.sizes import repair_sizes
from raphe.sign import Change, Sign

PEERS = Path(
    os.environ.get("RAPHE_PEERS", Path(__file__).parent.parent.parent / "shared" / "peers")
)
_ECOLI = "data/iggy/Ecoli"
_YEAST = "data/iggy/Yeast/yeast_guelzim.cif", "data/iggy/Yeast/yeast_snf2.obs"
_LARGE = "net/L_corneto_pkn.cif", "net/L_corneto.obs"

#: The laws as one writes them down at first, with names and all pairs of influences.
_STRAIGHTFORWARD = """
1 {label(V,-1); label(V,0); label(V,1)} 1 :- node(V).
:- seen(V,_), label(V,S), not seen(V,S).
{push(V,1); push(V,-1)} 1 :- node(V), not input(V).
hears(V,U,S*T) :- influence(U,V,S), label(U,T), T != 0.
hears(V,outside,S) :- push(V,S).
:- label(V,S), S != 0, not input(V), not hears(V,_,S).
opposed(V) :- hears(V,U,1), hears(V,W,-1), U != W.
:- label(V,0), not input(V), hears(V,_,_), not opposed(V).
descends(V,(1;-1)) :- input(V).
descends(V,S) :- push(V,S).
descends(V,S*T) :- influence(U,V,S), descends(U,T).
:- label(V,S), S != 0, not input(V), not descends(V,S).
#minimize {1,V: push(V,S)}.
#show label/2.
"""


def _straightforward(problem: Problem, predictions: bool = False) -> int:
    """Size of the least repair of one condition; predictions are worked out and dropped."""
    import clingo

    (condition,) = problem.conditions
    numbers = {Change.DOWN: -1, Change.SAME: 0, Change.UP: 1}
    nodes = {*problem.graph.nodes, *condition.observed, *condition.inputs}
    facts = [f'node("{node}").' for node in nodes]
    facts += [f'input("{node}").' for node in condition.inputs]
    for one in problem.graph.influences:
        sign = 1 if one.sign is Sign.POSITIVE else -1
        facts.append(f'influence("{one.source}","{one.target}",{sign}).')
    for node, seen in condition.observed.items():
        facts += [f'seen("{node}",{numbers[one]}).' for one in seen]
    more = ["--opt-mode=optN", "--enum-mode=brave", "0"] if predictions else []
    control = clingo.Control(["--opt-strategy=usc", "--warn=none", *more])
    control.add("base", [], "\n".join(facts) + _STRAIGHTFORWARD)
    control.ground([("base", [])])
    costs: list[int] = []
    control.solve(on_model=lambda model: costs.extend(model.cost[:1]))
    return costs[-1]


def _ecoli() -> tuple[Problem, dict[str, int]]:
    expected: dict[str, int] = json.loads(
        (PEERS / "answers/iggy_ecoli_105_mcos.json").read_text("utf-8")
    )["mcos"]
    graph = read_signed_graph(PEERS / _ECOLI / "Ecoli_2013.cif").without_unknown_signs()
    read = (read_observations(PEERS / _ECOLI / "exp" / f"{name}.obs")[0] for name in expected)
    seen = tuple(Condition(one.name, one.observed, graph.sources) for one in read)
    return Problem(graph, seen), expected


def _alone(problem: Problem, name: str) -> Problem:
    chosen = tuple(one for one in problem.conditions if one.name == name)
    return Problem(problem.graph, chosen)


def _plain(network: str, observations: str) -> Problem:
    return Problem(read_signed_graph(PEERS / network), read_observations(PEERS / observations))


def _took(function: Callable[[], Any], repeats: int = 3) -> float:
    """Least processor time."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return min(times)


def _all_sizes() -> float:
    problem, expected = _ecoli()

    def ours() -> None:
        found = repair_sizes(problem)
        assert {name: bounds.upper for name, bounds in found.items()} == expected

    return _took(ours)


def _all_sizes_ratio() -> float:
    problem, expected = _ecoli()

    def theirs() -> None:
        for name, size in expected.items():
            assert _straightforward(_alone(problem, name)) == size

    return _all_sizes() / _took(theirs, 1)


def _predictions(problem: Problem, repeats: int = 3) -> float:
    def ours() -> None:
        assert predict(problem, MCOS, Clock()).complete

    return _took(ours, repeats)


def _predictions_ratio() -> float:
    problem = _plain(*_LARGE)
    return _predictions(problem) / _took(lambda: _straightforward(problem, predictions=True), 1)


def _yeast_cores(downstream: bool = False) -> float:
    graph = read_signed_graph(PEERS / _YEAST[0])
    (seen,) = read_observations(PEERS / _YEAST[1])
    present = {node: one for node, one in seen.observed.items() if node in graph.nodes}
    condition = Condition("yeast", present, frozenset() if downstream else graph.sources)
    problem = Problem(graph, (condition,), Laws(founded=False))
    documented = json.loads((PEERS / "answers/iggy_yeast_mics.json").read_text("utf-8"))
    expected = {frozenset(one) for one in documented["documented_mics"]}

    def ours() -> None:
        found = (find_downstream if downstream else find_cores)(problem, 1000, Clock())
        assert found.complete
        named = {frozenset(one.node for one in core) for core in found.cores}
        assert not downstream or named == expected

    return _took(ours)


def _reading() -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seen.obs"
        path.write_text("".join(f"n{one} = {'+-0'[one % 3]}\n" for one in range(100_000)), "utf-8")
        return _took(lambda: read_observations(path))


JOINT_MEASURES = (
    Measure("The least repairs of 105 E. coli experiments?", "s", 5, _all_sizes),
    Measure(
        "The same, over a program that grounds each experiment by itself?",
        "x",
        0.17,
        _all_sizes_ratio,
    ),
    Measure(
        "Predictions under minimal repair of one of them?",
        "s",
        0.5,
        lambda: _predictions(_alone(_ecoli()[0], "exp102")),
    ),
    Measure(
        "Predictions under minimal repair on a network of 13,071 influences?",
        "s",
        5,
        lambda: _predictions(_plain(*_LARGE), 2),
    ),
    Measure("The same, over the straightforward program?", "x", 0.5, _predictions_ratio),
    Measure("All minimal inconsistent cores of yeast?", "s", 10, _yeast_cores),
    Measure(
        "All 13 documented cores of yeast, with all that they lead to?",
        "s",
        10,
        lambda: _yeast_cores(downstream=True),
    ),
    Measure("How long does it take to read 100,000 observations?", "s", 1, _reading),
)
