"""What is measured, and how."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from raphe.augmentation import augment
from raphe.community import community
from raphe.conditioning import condition_on
from raphe.consistency.observed import observe
from raphe.consistency.verdicts import check_findings
from raphe.course import course
from raphe.dose_response import USUAL_POINTS, dose_response
from raphe.finding import Regimen
from raphe.joint.asking import consistent
from raphe.joint.significance import Chance, significance
from raphe.joint.together import Together
from raphe.knowledge import load_knowledge
from raphe.model import Model, load_model
from raphe.prior import USUAL_DRAWS
from raphe.propagation.community_draws import find_stable, solve_press
from raphe.propagation.dynamic_range import dynamic_ranges
from raphe.propagation.loop_analysis import analyse_loops
from raphe.questions import check, explain
from raphe.report.explain_json import explained_json
from raphe.reweighting import Tolerance
from raphe.settings import setting
from raphe.treatment import Treatment, administer

_REPEATS = 7
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True)
class Measure:
    """A question, how it is answered, and what the answer may be at most."""

    question: str
    unit: str
    bar: float
    figure: Callable[[], float]


def _best(
    function: Callable[[], object],
    repeats: int = _REPEATS,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    times = []
    for _ in range(repeats):
        start = clock()
        function()
        times.append(clock() - start)
    return min(times)


def _model() -> tuple[Model, Treatment]:
    knowledge = load_knowledge()
    model = load_model(knowledge)
    treatment = Treatment((administer(knowledge.drug("desipramine")),))
    return model, treatment


def _solving() -> float:
    model, treatment = _model()
    model.respond(treatment, Regimen.CHRONIC)
    return 1000 * _best(lambda: model.respond(treatment, Regimen.CHRONIC))


def _drawing() -> float:
    model, _ = _model()
    plans = (model.network.fast_plan, model.network.full_plan, model.network.component)
    assert plans
    return 1000 * _best(lambda: Model(model.network, model.targets).ensemble)


def _ranging() -> float:
    model, _ = _model()
    assert model.ensemble
    return 1000 * _best(lambda: dynamic_ranges(model.network, [model.ensemble]))


def _sweeping() -> float:
    """Fifty doses of the drug with most sites, for long; in processor time, as others may run."""
    within = setting()
    assert within.model.ranges.any()
    return _best(lambda: dose_response("desipramine", within=within), 3, time.process_time)


def _sweeping_over_solving() -> float:
    """What a dose of a sweep costs, over the response to that dose by itself."""
    within = setting()
    model = within.model
    treatment = Treatment((administer(within.knowledge.drug("desipramine")),))
    model.respond(treatment, Regimen.CHRONIC)
    one = _best(lambda: model.respond(treatment, Regimen.CHRONIC), clock=time.process_time)
    return _sweeping() / (USUAL_POINTS + 2) / one


def _against_low_rank() -> float:
    """A sweep over updating one inverse at the sites of the drug, draw by draw and dose by dose.

    Only the small dense systems are counted, I + (1 − g) A (I − A)⁻¹ between the sites: no inverse,
    no bounds, no response.
    """
    within = setting()
    model = within.model
    treatment = Treatment((administer(within.knowledge.drug("desipramine")),))
    touched = int((model.perturb(treatment).gain != 1).any(axis=1).sum())
    systems = np.random.default_rng(1).normal(0, 0.01, (model.ensemble.size, touched, touched))
    systems += np.eye(touched)
    right = np.ones((model.ensemble.size, touched, 1))
    updating = _best(lambda: np.linalg.solve(systems, right), 3, time.process_time)
    return _sweeping() / ((USUAL_POINTS + 2) * updating)


def _following() -> float:
    """Of mirtazapine, with the usual number of draws; the circuit is drawn before."""
    within = setting()
    assert within.model.ranges is not None
    course("mirtazapine", within=within)
    return _best(lambda: course("mirtazapine", within=within), 3, time.process_time)


def _checking() -> float:
    """In a process of its own, which has nothing kept; its knowledge is read before."""
    script = (
        "import time; from raphe.questions import check; from raphe.settings import setting;"
        f"within = setting(draws={USUAL_DRAWS}); within.knowledge.findings;"
        "start = time.perf_counter(); rows = check(within=within).rows;"
        "print(time.perf_counter() - start)"
    )
    return min(float(_said(script)) for _ in range(3))


def _learning() -> float:
    """In a process of its own, as `_checking`; with everything that is left out."""
    script = (
        "import time; from raphe.learning import given; from raphe.settings import setting;"
        f"within = setting(draws={USUAL_DRAWS}); within.knowledge.findings;"
        "start = time.perf_counter(); given(within=within).left_out;"
        "print(time.perf_counter() - start)"
    )
    return min(float(_said(script)) for _ in range(3))


def _leaving_out() -> float:
    """Weighing, leaving out and what moved, over solving the experiments of all findings."""
    within = setting()
    findings = within.knowledge.findings
    observed = observe(within.model, within.knowledge, findings)
    solving = _best(lambda: observe(within.model, within.knowledge, findings), 2, time.process_time)

    def learnt() -> object:
        return condition_on(observed, within.knowledge, findings, Tolerance()).left_out

    return _best(learnt, 3, time.process_time) / solving


def _asking(*question: str) -> float:
    """What to measure next, in a process of its own; its knowledge is read before."""
    asked = f"'{question[0]}', readout='{question[1]}', " if question else ""
    script = (
        "import time; from raphe.learning import next_measurements;"
        "from raphe.settings import setting;"
        f"within = setting(draws={USUAL_DRAWS}); within.knowledge.findings;"
        f"start = time.perf_counter(); next_measurements({asked}within=within);"
        "print(time.perf_counter() - start)"
    )
    return min(float(_said(script)) for _ in range(2))


def _checking_a_finding() -> float:
    """What one finding more costs, over the response of all nodes to one drug."""
    within = setting()
    check(within=within)
    findings = len(within.knowledge.findings)
    every = _best(lambda: check(within=within), 2, time.process_time)
    treatment = Treatment((administer(within.knowledge.drug("desipramine")),))
    one = _best(lambda: within.model.respond(treatment, Regimen.CHRONIC), clock=time.process_time)
    return every / findings / one


def _against_dense() -> float:
    """Ours over a batched dense solve of the same linear systems (which knows of no bounds)."""
    model, treatment = _model()
    plan, gains = model.network.full_plan, model.ensemble.full_gains
    systems = np.tile(np.eye(model.network.size), (gains.shape[1], 1, 1))
    systems[:, plan.target, plan.source] -= gains.T
    right = np.ones((gains.shape[1], model.network.size, 1))
    dense = _best(lambda: np.linalg.solve(systems, right), 3)
    return _best(lambda: model.respond(treatment, Regimen.CHRONIC)) / dense


def _run(*arguments: str, bytecode: str = "") -> float:
    own = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        env=own | {"PYTHONPYCACHEPREFIX": bytecode} if bytecode else None,
    )
    return time.perf_counter() - start


def _cold() -> float:
    """Median ratio of pairs that ran one after the other, so that a busy machine slows both.

    Compiled beforehand, as an installed package is and as the libraries here are.
    """
    ours = ("-m", "raphe", "predict", "desipramine", "--json")
    theirs = ("-c", "import numpy, pydantic, networkx")
    with tempfile.TemporaryDirectory() as bytecode:
        for one in (ours, theirs):
            _run(*one, bytecode=bytecode)
        ratios = [
            _run(*ours, bytecode=bytecode) / _run(*theirs, bytecode=bytecode) for _ in range(11)
        ]
    return float(np.median(ratios))


def _giving_reasons() -> float:
    """Processor time, over that of the verdicts alone."""
    within = setting()

    def checked(reasons: bool) -> float:
        made = check_findings(within.model, within.knowledge, within.knowledge.findings, reasons)
        return _best(lambda: list(made), 1, time.process_time)

    checked(reasons=False)
    return checked(reasons=True) - checked(reasons=False)


def _augmenting() -> float:
    """All other drugs of the library, added one by one to one that is given."""
    within = setting()
    assert len(within.model.ranges)

    def added() -> object:
        return augment("fluoxetine", up="cortex.DA", not_down="LC.firing", within=within)

    return _best(added, 3, time.process_time)


def _adjoint() -> float:
    """A hundred nodes with two inputs each besides their own limit, every pair of them."""
    rng = np.random.default_rng(1)
    signs = np.where(rng.random((100, 100)) < 0.02, rng.choice([-1, 1], (100, 100)), 0)
    np.fill_diagonal(signs, -1)
    ends = zip(*np.nonzero(signs), strict=True)
    edges = [(str(source), int(signs[target, source]), str(target)) for target, source in ends]
    graph = community(edges)
    return 1000 * _best(lambda: analyse_loops(graph), clock=time.process_time)


def _press() -> float:
    """Ours over scipy's sparse LU of the same systems, one by one; ours asks for stability too.

    A graph of the size of yeast's regulation: few loops, many that only listen.
    """
    import scipy.sparse
    import scipy.sparse.linalg

    rng = np.random.default_rng(1)
    size, draws = 477, 200
    sources, targets = rng.zipf(1.5, 935) % size, rng.integers(0, size, 935)
    pairs = sorted(set(zip(sources.tolist(), targets.tolist(), strict=True)))
    edges = [(f"n{a}", 1 if (a + b) % 3 else -1, f"n{b}") for a, b in pairs if a != b]
    graph = community(edges).self_limited()
    weights = rng.uniform(0, 1, (len(graph.sign), draws)) * graph.sign[:, None]
    imposed = np.zeros(graph.size)
    imposed[graph.source[0]] = 1.0

    def ours() -> None:
        find_stable(graph, weights)
        solve_press(graph, weights, imposed)

    def theirs() -> None:
        for own in weights.T:
            matrix = scipy.sparse.csc_matrix(
                (-own, (graph.target, graph.source)), (graph.size, graph.size)
            )
            scipy.sparse.linalg.splu(matrix).solve(imposed)

    clock = time.process_time
    return _best(ours, 3, clock) / _best(theirs, 3, clock)


def _explaining() -> float:
    """Sentences, tables and what decides, the prediction included; knowledge and draws at hand."""
    within = setting()
    assert within.model.ensemble is not None
    assert within.model.ranges is not None
    assert within.knowledge.findings

    def explained(drug: str, readout: str, regimen: str) -> Callable[[], object]:
        return lambda: explained_json(
            explain(drug, readout=readout, regimen=regimen, within=within), 10
        )

    asked = (
        ("mirtazapine", "DRN.firing", "chronic"),
        ("desipramine", "cortex.NE", "acute"),
        ("desipramine", "cortex.beta1.density", "washout"),
        ("clozapine", "cortex.DA", "chronic"),
    )
    return max(_best(explained(*one), 3, time.process_time) for one in asked)


def _dealing() -> float:
    """A dealing of all signs, over posing and grounding the question that it is dealt for."""
    within, drugs, dealings = setting(), ("desipramine", "reboxetine", "fluoxetine"), 10

    def ask() -> Together:
        together = consistent(*drugs, within=within)
        for trial in together.trials:
            trial.holds(trial.assume())
        return together

    together = ask()
    first = _best(ask, 3, time.process_time)
    dealt = _best(lambda: significance(together, Chance.SIGNS, dealings, 1), 3, time.process_time)
    return dealt / (dealings + 1) / first


def _said(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    return done.stdout


def _memory(*arguments: str) -> float:
    script = (
        "import resource, subprocess, sys;"
        f"subprocess.run([sys.executable, '-m', 'raphe', *{arguments!r}],"
        " check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    # Kilobytes, but bytes on macOS.
    return int(_said(script)) / (1024 if sys.platform != "darwin" else 1024**2)


MEASURES = (
    Measure(
        "How long do 1,000 draws of the whole circuit take, bounds included?", "ms", 50, _solving
    ),
    Measure("How long does it take to draw them and to prove them stable?", "ms", 60, _drawing),
    Measure("How long does it take to measure all dynamic ranges?", "ms", 60, _ranging),
    Measure(
        "The same solve, over numpy's batched dense solve of the linear part alone?",
        "x",
        0.25,
        _against_dense,
    ),
    Measure("How long does a sweep of 50 doses take, all readouts?", "s", 1, _sweeping),
    Measure(
        "What does a dose of it cost, turns and all, over the response to that dose by itself?",
        "x",
        1.5,
        _sweeping_over_solving,
    ),
    Measure(
        "The sweep, over the small dense solves that updating one inverse would take?",
        "x",
        1,
        _against_low_rank,
    ),
    Measure("How long does it take to check all findings with 1,000 draws?", "s", 5, _checking),
    Measure("How long do the reasons of all findings take?", "s", 5, _giving_reasons),
    Measure(
        "How long does a course of four weeks take, all readouts of the circuit?",
        "s",
        2,
        _following,
    ),
    Measure(
        "`raphe check --all`, with score and reasons?",
        "s",
        12,
        lambda: min(_run("-m", "raphe", "check", "--all") for _ in range(2)),
    ),
    Measure(
        "`raphe check --all --json`?",
        "s",
        15,
        lambda: min(_run("-m", "raphe", "check", "--all", "--json") for _ in range(2)),
    ),
    Measure(
        "How long does it take to learn from all findings, each left out in three ways?",
        "s",
        5,
        _learning,
    ),
    Measure("Learning and leaving out, over solving the experiments?", "x", 0.5, _leaving_out),
    Measure(
        "What to measure next for one call, of all readouts, drugs and regimens?",
        "s",
        6,
        lambda: _asking("desipramine", "DRN.firing"),
    ),
    Measure("The same for all open calls of the library?", "s", 8, _asking),
    Measure(
        "What does a finding cost then, over one solve of the whole circuit?",
        "x",
        0.6,
        _checking_a_finding,
    ),
    Measure(
        "How long does it take to add every drug of the library to one, with 1,000 draws?",
        "s",
        5,
        _augmenting,
    ),
    Measure(
        "The signed adjoint of a graph of 100 nodes, every pair, in whole numbers?",
        "ms",
        1000,
        _adjoint,
    ),
    Measure(
        "Presses on drawn strengths of a graph of 477 nodes, over scipy's sparse LU of each draw?",
        "x",
        1,
        _press,
    ),
    Measure(
        "`raphe predict desipramine --json`, cold, over importing numpy, pydantic and networkx?",
        "x",
        3,
        _cold,
    ),
    Measure(
        "How long does the slowest of four explanations take, once draws are at hand?",
        "s",
        0.5,
        _explaining,
    ),
    Measure(
        "`raphe explain mirtazapine DRN.firing --json`, cold?",
        "s",
        2.5,
        lambda: min(
            _run("-m", "raphe", "explain", "mirtazapine", "DRN.firing", "--json") for _ in range(3)
        ),
    ),
    Measure("Its peak memory?", "MB", 250, lambda: _memory("predict", "desipramine", "--json")),
    Measure(
        "Dealing the signs of a circuit anew, over posing the findings of three drugs jointly?",
        "x",
        0.15,
        _dealing,
    ),
)
