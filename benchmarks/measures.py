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

from raphe.consistency.verdicts import check_findings
from raphe.finding import Regimen
from raphe.joint.asking import consistent
from raphe.joint.significance import Chance, significance
from raphe.joint.together import Together
from raphe.knowledge import load_knowledge
from raphe.model import Model, load_model
from raphe.perturbation import Treatment, administer
from raphe.prior import USUAL_DRAWS
from raphe.propagation.dynamic_range import dynamic_ranges
from raphe.questions import check, setting

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


def _checking() -> float:
    """In a process of its own, which has nothing kept; its knowledge is read before."""
    script = (
        "import time; from raphe.questions import check, setting;"
        f"within = setting(draws={USUAL_DRAWS}); within.knowledge.findings;"
        "start = time.perf_counter(); rows = check(within=within).rows;"
        "print(time.perf_counter() - start)"
    )
    return min(float(_said(script)) for _ in range(3))


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
    Measure("How long does it take to check all findings with 1,000 draws?", "s", 5, _checking),
    Measure("How long do the reasons of all findings take?", "s", 5, _giving_reasons),
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
        "What does a finding cost then, over one solve of the whole circuit?",
        "x",
        0.6,
        _checking_a_finding,
    ),
    Measure(
        "`raphe predict desipramine --json`, cold, over importing numpy, pydantic and networkx?",
        "x",
        3,
        _cold,
    ),
    Measure("Its peak memory?", "MB", 250, lambda: _memory("predict", "desipramine", "--json")),
    Measure(
        "Dealing the signs of a circuit anew, over posing the findings of three drugs jointly?",
        "x",
        0.15,
        _dealing,
    ),
)
