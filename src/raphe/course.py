"""How a treatment unfolds: from its first hour to weeks after its end.

The regimens of `predict` are the ends of this: acute is where the fast nodes come to rest while the
adaptations stand still, chronic where everything does, washout what the adaptations do alone. Here
they move together, with time constants that are drawn like every other unknown (`raphe.pace`).
A drug is there at a constant concentration from the first moment to the last, and then gone; or it
is given in doses, and leaves with its half-life (`raphe.dosing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from raphe.course_line import Line, Moment
from raphe.dosing import MOST_DOSES, Dosing, dosing_of, drawn_half_lives
from raphe.errors import InputError, Problem, nearest
from raphe.exposure import Exposure
from raphe.finding import Regimen
from raphe.model import Model, is_untouched
from raphe.pace import DAY
from raphe.perturbation import Perturbation, perturb
from raphe.prior import Ensemble
from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.lagged import Push, Stage
from raphe.propagation.lags import draw_lags, lagged_part, modes
from raphe.propagation.response import respond
from raphe.propagation.time_course import Course as Followed
from raphe.propagation.time_course import follow
from raphe.propagation.varying import PushAt, VaryingCourse, follow_varying
from raphe.propagation.windows import FEW
from raphe.settings import Setting, setting
from raphe.treatment import Treatment
from raphe.trial import VEHICLE, Design, arrange_trial

#: Days in all, and of treatment, unless others are asked for.
USUAL_DAYS, USUAL_STOP = 28.0, 21.0
#: Days that are followed after a single dose.
USUAL_SINGLE = 3.0
MOST_DAYS = 3650.0
#: Draws that are followed: each takes some hundred solutions of the whole circuit.
USUAL_FOLLOWED = 30
#: When readouts are told: hours since the first dose, and since the last.
TOLD = (1.0, 6.0, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 21 * DAY)
TOLD_AFTER = (DAY, 7 * DAY)
#: Points of a curve in each stage, and its first, in hours.
_POINTS, _FIRST = 24, 1 / 60
#: Points of a curve after each dose, as shares of the time to the next.
_WITHIN = (1 / 48, 1 / 12, 1 / 4, 1 / 2, 1.0)
#: Of the curve after a single dose.
_POINTS_SINGLE = 16


@dataclass(frozen=True, eq=False)
class Course:
    """How readouts move under a treatment and after it, against a comparator."""

    treatment: Treatment
    comparator: Treatment
    model: Model = field(repr=False)
    #: Length of the course, and when the drugs are stopped; in days. Where there are doses, this is
    #: when the first one is left out.
    days: float
    stop: float
    #: When doses are given, and how fast each drug leaves; None: it is there all the time.
    dosing: Dosing | None
    #: Hours since the first dose, ascending: all times, of which `told` are some.
    hours: Floats = field(repr=False)
    told: tuple[Moment, ...]
    lines: tuple[Line, ...]
    #: How many draws were followed; and of those looked at, how many were left out: unstable under
    #: these time constants, swinging for too long to be followed, or not followed to the end.
    followed: int
    looked_at: int
    unstable: int
    undamped: int
    incomplete: int

    def __getitem__(self, node: str) -> Line:
        """One node over time.

        Raises
        ------
        InputError
            It was not followed.
        """
        for line in self.lines:
            if line.node == node:
                return line
        remedy = nearest(node, [line.node for line in self.lines])
        raise InputError([Problem(f"'{node}' was not followed.", remedy)])


def course(
    *drugs: str,
    days: float | None = None,
    stop: float | None = None,
    dose: str | Mapping[str, str] = "",
    compared_with: str | Sequence[str] = VEHICLE,
    condition: str = "",
    without: str | Sequence[str] = (),
    readouts: Sequence[str] = (),
    followed: int | None = None,
    every: str = "",
    single: bool = False,
    half_life: str | Mapping[str, str] = "",
    within: Setting | None = None,
) -> Course:
    """How drugs act over hours and weeks, and what happens when they are stopped.

    Parameters
    ----------
    *drugs
        Names or synonyms, at least one.
    days, stop
        Length of the course, and when the drugs are stopped; without either 28 and 21 days. With
        days alone, they are not stopped.
    dose, compared_with, condition, without
        See `raphe.questions.predict`.
    readouts
        Nodes to follow; by default those that the circuit shows first.
    followed
        How many draws are followed; by default `USUAL_FOLLOWED`, or all if there are fewer.
    every
        Time between doses, such as ``24 h``; empty: the drugs are there all the time.
    single
        Whether there is a single dose; the course is then of `USUAL_SINGLE` days, unless others are
        asked for.
    half_life
        See `raphe.dosing.dosing_of`.
    within
        Knowledge, circuit and draws.

    Raises
    ------
    InputError
        With everything that was mistyped; or no draw can be followed.

    Examples
    --------
    >>> line = course("desipramine", readouts=["LC.firing"], followed=5)["LC.firing"]
    >>> line.told[0].median < 0
    True

    A single dose, half of which is gone after an hour:

    >>> line = course("desipramine", readouts=["LC.firing"], followed=5, single=True,
    ...     half_life="1 h")["LC.firing"]
    >>> abs(line.told[-1].median) < line.threshold
    True
    """
    within = within or setting()
    problems: list[Problem] = []
    if not drugs:
        problems.append(Problem("no drug to follow.", "Name one."))
    days, stop = _length(days, stop, single, problems)
    if followed is None:
        followed = min(USUAL_FOLLOWED, max(within.draws, 1))
    elif not 1 <= followed <= within.draws:
        what = f"{followed} draws to follow."
        problems.append(Problem(what, f"Follow 1 to {within.draws}; '--draws' makes more."))
    model = within.model
    found: list[str] = []
    for name in readouts or model.network.pathway.readouts:
        try:
            found.append(model.network.pathway.find(name))
        except InputError as error:
            problems += error.problems
    chosen = tuple(dict.fromkeys(found))
    if not drugs:
        raise InputError(problems)
    design = Design(
        drugs, dose=dose, compared_with=compared_with, condition=condition, without=without
    )
    trial = arrange_trial(design, within, problems)
    groups = trial.treatment, trial.comparator
    dosing = dosing_of(groups, every, single, half_life, problems)
    if dosing and dosing.every and dosing.doses(stop * DAY) > MOST_DOSES:
        what = f"{dosing.doses(stop * DAY)} doses to follow."
        problems.append(
            Problem(what, f"Ask for up to {MOST_DOSES}: fewer days, or longer between.")
        )
    if problems:
        raise InputError(problems)
    return follow_treatment(model, *groups, days, stop, chosen, followed, dosing)


def _length(
    days: float | None, stop: float | None, single: bool, problems: list[Problem]
) -> tuple[float, float]:
    if single:
        if stop is not None:
            what = "a day after which a single dose is stopped."
            problems.append(Problem(what, "Leave '--stop' away; '--days' says how long to follow."))
        days = stop = USUAL_SINGLE if days is None else days
    if days is None:
        days = USUAL_DAYS if stop is None else stop + USUAL_DAYS - USUAL_STOP
        stop = USUAL_STOP if stop is None else stop
    stop = days if stop is None else stop
    if not 0 < days <= MOST_DAYS:
        problems.append(Problem(f"{days:g} days.", f"Ask for up to {MOST_DAYS:g}."))
    elif not 0 < stop <= days:
        what = f"stopped after {stop:g} of {days:g} days."
        problems.append(Problem(what, "Stop after the first dose, and before the last day."))
    return days, stop


def follow_treatment(
    model: Model,
    treatment: Treatment,
    comparator: Treatment,
    days: float,
    stop: float,
    readouts: Sequence[str],
    followed: int = USUAL_FOLLOWED,
    dosing: Dosing | None = None,
) -> Course:
    """The course of some nodes under a treatment, against a comparator; see `course`."""
    asked = np.array([model.network.index[name] for name in readouts], dtype=np.intp)
    own = model.ensemble.take(np.arange(min(followed, model.ensemble.size)))
    perturbations = [
        perturb(model.network, own, one, model.targets)
        for one in (treatment, comparator)
        if one is treatment or one.administrations
    ]
    stable, damped = _followable(model, own, perturbations)
    kept = np.flatnonzero(stable & damped)
    if not len(kept):
        what = "no draw can be followed: each swings for too long, or is unstable."
        raise InputError([Problem(what, "Give the nodes of its loops other times.")])
    looked_at, own = own.size, own.take(kept)
    hours, told = _times(days, stop, dosing)
    values, complete = _change(model, own, treatment, asked, hours, days, stop, dosing)
    if comparator.administrations:
        other, also = _change(model, own, comparator, asked, hours, days, stop, dosing)
        values, complete = values - other, complete & also
    values = values[:, :, complete]
    if not complete.any():
        raise InputError([Problem("no draw was followed to the end.", "Ask for fewer days.")])
    nodes = model.network.pathway.nodes
    rows = tuple(int(np.searchsorted(hours, moment.hours)) for moment in told)
    lines = tuple(
        Line(
            name,
            nodes[name].label,
            nodes[name].place,
            float(model.criteria.theta * model.ranges[number]),
            values[:, place],
            hours,
            stop * DAY,
            rows,
            model.criteria,
        )
        for place, (name, number) in enumerate(zip(readouts, asked, strict=True))
    )
    return Course(
        treatment=treatment,
        comparator=comparator,
        model=model,
        days=days,
        stop=stop,
        dosing=dosing,
        hours=hours,
        told=told,
        lines=lines,
        followed=int(complete.sum()),
        looked_at=looked_at,
        unstable=int((~stable).sum()),
        undamped=int((stable & ~damped).sum()),
        incomplete=int((~complete).sum()),
    )


def _times(days: float, stop: float, dosing: Dosing | None) -> tuple[Floats, tuple[Moment, ...]]:
    """All times of a course, in hours, and those that are told."""
    on, whole = stop * DAY, days * DAY
    told = [Moment(hours, None) for hours in TOLD if hours < on] + [Moment(on, None)]
    told += [Moment(on + off, off) for off in TOLD_AFTER if on + off < whole]
    if whole > on:
        told.append(Moment(whole, whole - on))
    curve = np.geomspace(min(_FIRST, on / 2), on, _POINTS)
    if dosing and dosing.every:
        starts = np.arange(dosing.doses(on))[:, None] * dosing.every
        curve = (starts + np.array(_WITHIN) * dosing.every).ravel()
        curve = np.append(curve[curve < on], on)
    elif dosing:
        curve = np.geomspace(min(_FIRST, on / 2), on, _POINTS_SINGLE)
    parts = [np.zeros(1), curve, np.array([moment.hours for moment in told])]
    if whole > on:
        off = whole - on
        parts.append(on + np.geomspace(min(_FIRST, off / 2), off, _POINTS))
    return np.unique(np.concatenate(parts)), tuple(told)


def _followable(
    model: Model, ensemble: Ensemble, perturbations: Sequence[Perturbation]
) -> tuple[Mask, Mask]:
    """Which draws are stable under their time constants, and which of them can be followed.

    What a drug takes away of what nodes hear makes no loop stronger; what a modulator adds may, so
    that it is looked at too.
    """
    lags = draw_lags(model.network, ensemble)
    stable = np.ones(ensemble.size, dtype=bool)
    damped = stable.copy()
    louder = [one.gain for one in perturbations if (one.gain > 1).any()]
    for gain in (None, *louder):
        own = modes(model.network, ensemble, lags, gain)
        stable &= own.stable
        damped &= own.damped
    states = model.network.size + int(model.network.slow.sum())
    return stable, damped | (states <= FEW)


def _change(
    model: Model,
    ensemble: Ensemble,
    treatment: Treatment,
    asked: Indices,
    hours: Floats,
    days: float,
    stop: float,
    dosing: Dosing | None,
) -> tuple[Floats, Mask]:
    """Change of nodes against the same animal before the first dose, *times × nodes × draws*."""
    network = model.network
    on = perturb(network, ensemble, treatment, model.targets)
    off = perturb(network, ensemble, treatment.without_drugs, model.targets)
    settled = np.ones(ensemble.size, dtype=bool)
    before = np.zeros((network.size, ensemble.size))
    if not is_untouched(treatment.without_drugs):
        rest = respond(network, ensemble, off, off, Regimen.CHRONIC)
        before, settled = rest.x, rest.settled
    pushed = np.zeros(network.size, dtype=bool)
    for one in (on, off):
        pushed |= (one.inputs != 0).any(axis=1) | (one.gain != 1).any(axis=1)
    lags = draw_lags(network, ensemble)
    system, nodes = lagged_part(network, ensemble, lags, pushed, asked)
    before = before[nodes]
    states = np.concatenate([before, before[system.source[system.slow]]])
    rows = np.searchsorted(nodes, asked)
    if dosing is not None:
        push = _pushes(model, ensemble, treatment, dosing, nodes)
        ends = dosing.ends(stop * DAY, days * DAY)
        found, complete = _values(follow_varying(system, states, push, ends, hours, rows))
    else:
        stages = [Stage(Push(on.gain[nodes], on.inputs[nodes]), stop * DAY)]
        if days > stop:
            stages.append(Stage(Push(off.gain[nodes], off.inputs[nodes]), (days - stop) * DAY))
        found, complete = _values(follow(system, states, stages, hours, rows))
    return found - before[rows], complete & settled


def _values(found: Followed | VaryingCourse) -> tuple[Floats, Mask]:
    return found.x, found.complete


def _pushes(
    model: Model, ensemble: Ensemble, treatment: Treatment, dosing: Dosing, nodes: Indices
) -> PushAt:
    """What doses do to some nodes at any time."""
    exposure = Exposure(model.network, ensemble, treatment, model.targets)
    half_lives = drawn_half_lives(ensemble, dosing)

    def push(dose: Indices, hours: Floats, draws: Indices) -> Push:
        latest = np.zeros(ensemble.size, dtype=np.intp)
        since = np.zeros(ensemble.size)
        latest[draws], since[draws] = dose, hours
        found = exposure.at(
            {name: dosing.left(half_lives[name], latest, since) for name in exposure.drugs}
        )
        return Push(found.gain[np.ix_(nodes, draws)], found.inputs[np.ix_(nodes, draws)])

    return push
