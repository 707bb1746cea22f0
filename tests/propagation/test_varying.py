"""The course of networks under gains that change against integration of their equations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from propagation.test_time_course import _drawn, lags_of
from raphe.dosing import Dosing
from raphe.exposure import Exposure
from raphe.knowledge import load_knowledge
from raphe.model import load_model
from raphe.network import Network
from raphe.prior import Ensemble
from raphe.propagation.lagged import Lagged, Push, Stage
from raphe.propagation.lags import draw_lags, lagged_part, waiting
from raphe.propagation.time_course import follow
from raphe.propagation.varying import PushAt, follow_varying
from raphe.treatment import Treatment, administer
from strategies_networks import imposed, matrix_of, pushes, sketches

Array = NDArray[np.float64]


def part(network: Network, ensemble: Ensemble, lags) -> Lagged:
    """All of a network."""
    every = np.ones(network.size, dtype=bool)
    return lagged_part(network, ensemble, lags, every, np.arange(network.size))[0]


def integrated(network, ensemble, lags, push: PushAt, ends, times, draw: int = 0) -> Array:
    """The definition, with gains that change, followed by scipy: *times × n*."""
    from scipy.integrate import solve_ivp

    fast = matrix_of(network, ensemble, slow=False, draw=draw)
    slow = np.flatnonzero(network.slow)
    size = network.size
    bring = np.zeros((size, len(slow)))
    bring[network.target[slow], np.arange(len(slow))] = ensemble.weights[slow, draw]
    lag, pace = lags.node[:, draw], lags.edge[slow, draw]
    lower, upper, waits = ensemble.lower[:, draw], ensemble.upper[:, draw], waiting(network)
    own = np.array([draw])
    state, start, found = np.zeros(size + len(slow)), 0.0, np.zeros((len(times), size))
    for stretch, end in enumerate(ends):

        def completed(t: float, v: Array, stretch: int = stretch) -> tuple[Array, Array]:
            now = push(np.array([stretch]), np.array([t]), own)
            gain, inputs = now.gain[:, 0], now.inputs[:, 0]
            x, z = v[:size].copy(), v[size:]
            x[waits] = np.clip(gain * (bring @ z) + inputs, lower, upper)[waits]
            return x, gain * (fast @ x + bring @ z) + inputs

        def rate(t: float, v: Array, completed=completed) -> Array:
            x, heard = completed(t, v)
            moved = np.where(waits, 0.0, np.clip(heard, lower, upper) - x)
            late = (x[network.source[slow]] - v[size:]) / pace
            return np.concatenate([moved / np.where(waits, 1.0, lag), late])

        inside = (times > start) & (times <= end)
        asked = np.unique(np.r_[times[inside], end])
        done = solve_ivp(
            rate, (start, end), state, method="Radau", t_eval=asked, rtol=1e-8, atol=1e-10,
            first_step=min(1e-7, (end - start) / 2),
        )  # fmt: skip
        assert done.success
        rows = np.searchsorted(asked, times[inside])
        found[inside] = [
            completed(t, done.y[:, r])[0] for t, r in zip(times[inside], rows, strict=True)
        ]
        state, start = done.y[:, -1], end
    return found


def fading(one, rate: float) -> PushAt:
    """A push that comes at once at each stretch, and fades."""

    def push(stretch, hours, draws) -> Push:
        left = np.exp(-rate * (hours - 20.0 * stretch))
        gain = 1 + (one.gain[:, draws] - 1) * left
        return Push(gain, one.inputs[:, draws] * left)

    return push


@settings(max_examples=40, deadline=None)
@given(st.data(), sketches(most_nodes=5, heaviest=2.0), st.floats(0.02, 2.0))
def test_a_fading_push_gives_what_integration_gives(data, sketch, rate) -> None:
    network, ensemble = sketch.network(), _drawn(sketch)
    assume(ensemble.proved_share == 1.0)
    lags = data.draw(lags_of(network))
    push = fading(imposed(data.draw(pushes(network))), rate)
    times = np.array([0.5, 1.0, 5.0, 20.0, 20.5, 25.0, 60.0, 100.0])
    ends = np.array([20.0, 40.0, 100.0])
    system = part(network, ensemble, lags)
    states = np.zeros((system.size + int(system.slow.sum()), 1))
    course = follow_varying(system, states, push, ends, times, np.arange(network.size))
    assert course.complete.all()
    expected = integrated(network, ensemble, lags, push, ends, times)
    np.testing.assert_allclose(course.x[:, :, 0], expected, atol=2e-3)


@settings(max_examples=40, deadline=None)
@given(st.data(), sketches(most_nodes=5, heaviest=2.0))
def test_a_push_that_stays_gives_the_exact_course(data, sketch) -> None:
    network, ensemble = sketch.network(), _drawn(sketch)
    assume(ensemble.proved_share == 1.0)
    lags = data.draw(lags_of(network))
    one = imposed(data.draw(pushes(network)))
    held = Push(one.gain, one.inputs)
    times, nodes = np.array([0.5, 1.0, 10.0, 60.0]), np.arange(network.size)
    system = part(network, ensemble, lags)
    states = np.zeros((system.size + int(system.slow.sum()), 1))
    exact = follow(system, states, [Stage(held, 60.0)], times, nodes)
    steps = follow_varying(
        system, states, lambda _s, _t, draws: held.take(draws), np.array([60.0]), times, nodes
    )
    np.testing.assert_allclose(steps.x, exact.x, atol=2e-3)


def test_a_tighter_tolerance_is_nearer() -> None:
    """An input that fades, heard by a node: known in closed form."""
    none, one = np.zeros(0, dtype=np.intp), np.ones((1, 1))
    from raphe.propagation.plan import plan_reduction

    plan = plan_reduction(1, none, none, np.zeros(0, dtype=bool))
    system = Lagged(
        plan,
        none,
        none,
        np.zeros(0, bool),
        np.zeros((0, 1)),
        2 * one,
        np.zeros((0, 1)),
        -one,
        9 * one,
    )
    times = np.array([0.3, 3.0, 9.0])
    exact = np.exp(-times / 2) - np.exp(-times)
    errors = []
    for tolerance in (1e-2, 1e-4, 1e-6):
        found = follow_varying(
            system, 0 * one, lambda _s, t, _d: Push(one, np.exp(-t)[None]), times[-1:], times,
            np.array([0]), tolerance,
        )  # fmt: skip
        errors.append(np.abs(found.x[:, 0, 0] - exact).max())
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-5


@pytest.mark.parametrize(("drug", "hours"), [("desipramine", 20.0), ("buspirone", 2.5)])
def test_doses_in_the_library_give_what_integration_gives(drug: str, hours: float) -> None:
    knowledge = load_knowledge()
    model = load_model(knowledge, draws=3)
    network, ensemble = model.network, model.ensemble
    lags = draw_lags(network, ensemble)
    treatment = Treatment((administer(knowledge.drug(drug)),))
    exposure, dosing = Exposure(network, ensemble, treatment, model.targets), Dosing(24.0, {})

    def push(dose, since, draws) -> Push:
        last, time = np.zeros(ensemble.size, dtype=np.intp), np.zeros(ensemble.size)
        last[draws], time[draws] = dose, since
        return exposure.at({drug: dosing.left(np.full(ensemble.size, hours), last, time)}).take(
            draws
        )

    asked = np.array([network.index[name] for name in network.pathway.readouts])
    whole = part(network, ensemble, lags)
    states = np.zeros((whole.size + int(whole.slow.sum()), ensemble.size))
    ends, times = dosing.ends(48.0, 72.0), np.array([1.0, 6.0, 24.0, 25.0, 30.0, 48.0, 72.0])
    course = follow_varying(whole, states, push, ends, times, asked)
    expected = integrated(network, ensemble, lags, push, ends, times, draw=1)
    np.testing.assert_allclose(course.x[:, :, 1], expected[:, asked], atol=1e-3)
    assert np.abs(expected[:, asked]).max() > 0.1


def test_what_is_never_solved_is_given_up() -> None:
    """Two nodes that hear each other beyond measure, unbounded: no steady state, but a course."""
    none = np.zeros(0, dtype=np.intp)
    from raphe.propagation.plan import plan_reduction

    one = np.ones((1, 1))
    plan = plan_reduction(1, none, none, np.zeros(0, dtype=bool))
    system = Lagged(
        plan, none, none, np.zeros(0, bool), np.zeros((0, 1)), one, np.zeros((0, 1)), -one, one
    )
    broken = replace(system, lag=np.full((1, 1), np.nan))
    course = follow_varying(
        broken, 0 * one, lambda _s, _t, _d: Push(one, one), np.array([1.0]), np.array([1.0]),
        np.array([0]),
    )  # fmt: skip
    assert not course.complete.any()
