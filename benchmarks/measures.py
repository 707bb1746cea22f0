"""What is measured, and how."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from raphe.finding import Regimen
from raphe.knowledge import load_knowledge
from raphe.perturbation import Treatment, administer
from raphe.prediction import Model, load_model

_REPEATS = 7


@dataclass(frozen=True)
class Measure:
    """A question, how it is answered, and what the answer may be at most."""

    question: str
    unit: str
    bar: float
    figure: Callable[[], float]


def _best(function: Callable[[], object], repeats: int = _REPEATS) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
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


def _against_dense() -> float:
    """Ours over a batched dense solve of the same linear systems (which knows of no bounds)."""
    model, treatment = _model()
    plan, gains = model.network.full_plan, model.ensemble.full_gains
    systems = np.tile(np.eye(model.network.size), (gains.shape[1], 1, 1))
    systems[:, plan.target, plan.source] -= gains.T
    right = np.ones((gains.shape[1], model.network.size, 1))
    dense = _best(lambda: np.linalg.solve(systems, right), 3)
    return _best(lambda: model.respond(treatment, Regimen.CHRONIC)) / dense


def _run(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _cold() -> float:
    """Median ratio of pairs that ran one after the other, so that a busy machine slows both."""
    ratios = []
    for _ in range(11):
        ours = _run("-m", "raphe", "predict", "desipramine", "--json")
        ratios.append(ours / _run("-c", "import numpy, pydantic, networkx"))
    return float(np.median(ratios))


def _memory() -> float:
    script = (
        "import resource, subprocess, sys;"
        "subprocess.run([sys.executable, '-m', 'raphe', 'predict', 'desipramine', '--json'],"
        " check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    return int(done.stdout) / 1024


MEASURES = (
    Measure(
        "How long do 1,000 draws of the whole circuit take, bounds included?", "ms", 50, _solving
    ),
    Measure("How long does it take to draw them and to prove them stable?", "ms", 50, _drawing),
    Measure(
        "The same solve, over numpy's batched dense solve of the linear part alone?",
        "x",
        0.25,
        _against_dense,
    ),
    Measure(
        "`raphe predict desipramine --json`, cold, over importing numpy, pydantic and networkx?",
        "x",
        3,
        _cold,
    ),
    Measure("Its peak memory?", "MB", 250, _memory),
)
