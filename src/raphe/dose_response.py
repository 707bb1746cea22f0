"""Dose and response: what each dose of a drug moves, and the dose at which a direction turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from raphe.calling import Odds, odds
from raphe.contrast import contrast_treatments
from raphe.dose_curve import At, Curve, HalfEffect, Turn
from raphe.dose_range import Dose, DoseRange, dose_range
from raphe.drug import Drug
from raphe.engagement import Engagement, Sites
from raphe.errors import InputError, Problem, nearest, noting
from raphe.finding import Regimen
from raphe.model import Model, is_untouched
from raphe.propagation.arrays import Floats, Indices, Mask
from raphe.propagation.sweep import Titration
from raphe.settings import Setting, setting
from raphe.spread import spread_of
from raphe.treatment import Treatment
from raphe.trial import VEHICLE, Design, Trial, arrange_trial
from raphe.turning import half_effects, turning_points

#: Doses, unless more are asked for: a dozen a decade.
USUAL_POINTS = 50
USUAL_START, USUAL_END = "0.01x", "100x"


@dataclass(frozen=True, eq=False)
class DoseResponse:
    """What each dose of a drug does to some readouts, and which targets it occupies."""

    trial: Trial
    #: The drug whose dose is swept; its exposure in the treatment counts as 1.
    drug: Drug
    range: DoseRange
    curves: tuple[Curve, ...]
    engagements: tuple[Engagement, ...]
    #: Share of the stable draws that did not come to rest at some dose.
    unsettled_share: float
    #: Targets that drugs bind and the circuit has no node for, by drug.
    unplaced: Mapping[str, tuple[str, ...]]
    model: Model = field(repr=False)

    @property
    def treatment(self) -> Treatment:
        """The drugs, that which is swept at its reference exposure."""
        return self.trial.treatment

    @property
    def comparator(self) -> Treatment:
        """What the other group is given."""
        return self.trial.comparator

    @property
    def regimen(self) -> Regimen:
        """For how long."""
        return self.trial.regimen

    @property
    def doses(self) -> tuple[Dose, ...]:
        """From the lowest to the highest."""
        return self.range.doses

    def __getitem__(self, node: str) -> Curve:
        """The curve of a readout that was asked for.

        Raises
        ------
        InputError
            It was not.
        """
        own = {one.node: one for one in self.curves}
        if node not in own:
            raise InputError([Problem(f"no curve of '{node}'.", nearest(node, own))])
        return own[node]

    def _repr_svg_(self) -> str:
        from raphe.report.dose_plot import draw_dose_response

        return draw_dose_response(self)


def dose_response(
    *drugs: str,
    readouts: str | Sequence[str] = (),
    sweep: str = "",
    start: str = USUAL_START,
    end: str = USUAL_END,
    points: int = USUAL_POINTS,
    regimen: str = "chronic",
    dose: str | Mapping[str, str] = "",
    compared_with: str | Sequence[str] = VEHICLE,
    condition: str = "",
    without: str | Sequence[str] = (),
    within: Setting | None = None,
) -> DoseResponse:
    """What each dose of a drug raises and lowers.

    Parameters
    ----------
    *drugs
        Names or synonyms, one at least.
    readouts
        Nodes; the circuit's readouts by default.
    sweep
        The drug whose dose is swept, by default the first; the others keep theirs.
    start, end
        Lowest and highest dose: both a factor such as ``0.01x`` of the drug's own exposure, which
        each draw has for itself, or both a free concentration such as ``1 nM``, the same in all.
    points
        Doses from one to the other, evenly spaced by ratio; the plain dose is added.
    regimen, compared_with, condition, without, within
        See `raphe.questions.predict`. What the comparison group was given keeps its dose where the
        groups differ in doses alone; the drug swept has the same dose in both groups otherwise.
    dose
        As there; of the drug that is swept, what counts as 1x.

    Raises
    ------
    InputError
        With everything that was mistyped.

    Examples
    --------
    >>> found = dose_response("clonidine", readouts="LC.firing", points=5, regimen="acute")
    >>> [call.value for call in found["LC.firing"].calls]
    ['unchanged', 'ambiguous', 'down', 'down', 'down']
    """
    within = within or setting()
    problems: list[Problem] = []
    wanted: list[str] = []
    for name in (readouts,) if isinstance(readouts, str) else readouts:
        with noting(problems):
            wanted.append(find_node(within, name))
    if not drugs:
        problems.append(Problem("no drug whose dose to sweep.", "Name one."))
    swept = _swept(within, drugs, sweep or next(iter(drugs), ""), problems)
    asked = dose_range(start, end, points, problems)
    if not drugs:
        raise InputError(problems)
    design = Design(drugs, regimen, dose, compared_with, condition, without)
    trial = arrange_trial(design, within, problems)
    given = next(one for one in trial.treatment.administrations if one.drug.name == swept)
    nodes = tuple(dict.fromkeys(wanted)) or within.model.network.pathway.readouts
    return sweep_dose(within.model, trial, swept, asked.of(given), nodes)


def find_node(within: Setting, name: str) -> str:
    """Full name of the node that somebody means.

    Raises
    ------
    InputError
        There is no such node.
    """
    return within.model.network.pathway.find(name)


def sweep_dose(
    model: Model, trial: Trial, drug: str, doses: DoseRange, readouts: Sequence[str]
) -> DoseResponse:
    """What each dose of one drug of a trial does to some nodes.

    Parameters
    ----------
    drug
        Name of the drug that is swept; one of the treatment.
    readouts
        Names of nodes of the circuit.

    Raises
    ------
    InputError
        No draw came to rest at all doses.
    """
    nodes = np.array([model.network.index[name] for name in readouts], dtype=np.intp)
    swept = _Sweep(model, trial, drug, doses, nodes)
    change, settled, engagements, unplaced = swept.grid()
    if not settled.all(axis=0).any():
        raise InputError(
            [
                Problem(
                    "no draw came to rest at every dose.",
                    "Sweep fewer, or weaken the positive loops of the circuit.",
                )
            ]
        )
    curves = tuple(_curves(swept, change, settled))
    return DoseResponse(
        trial=trial,
        drug=doses.reference.drug,
        range=doses,
        curves=curves,
        engagements=engagements,
        unsettled_share=float(1 - settled.all(axis=0).mean()),
        unplaced=unplaced,
        model=model,
    )


@dataclass(frozen=True, eq=False)
class _Sweep:
    """Changes of some nodes in draws at doses."""

    model: Model
    trial: Trial
    drug: str
    doses: DoseRange
    nodes: Indices

    @cached_property
    def treated(self) -> Titration:
        return self._titration(self.doses.opened(self.trial.treatment))

    @cached_property
    def against(self) -> Titration | None:
        """The comparator, where the drug is given to both groups in the same doses."""
        groups = [
            {one.drug.name for one in group.administrations}
            for group in (self.trial.treatment, self.trial.comparator)
        ]
        if groups[0] == groups[1] or self.drug not in groups[1]:
            return None
        return self._titration(self.doses.opened(self.trial.comparator))

    @cached_property
    def beside(self) -> tuple[Floats, Mask] | None:
        """The comparator where its doses stand, *nodes × d*; None for what moves nothing."""
        model, comparator = self.model, self.trial.comparator
        if is_untouched(comparator):
            return None
        nothing = Treatment()
        found = contrast_treatments(model, comparator, nothing, self.trial.regimen)
        return found.change[self.nodes], found.settled

    def at(self, draws: Indices, times: Floats) -> tuple[Floats, Mask]:
        """Changes, *nodes × columns*, and which columns came to rest on both sides."""
        x, settled = self.treated.states(draws, times, self.nodes)
        return self._less(x, settled, draws, times)

    def grid(
        self,
    ) -> tuple[Floats, Mask, tuple[Engagement, ...], Mapping[str, tuple[str, ...]]]:
        """Changes without the drug and at every dose, and what it occupies.

        Changes are *nodes × doses × d*, what came to rest is *doses × d*.
        """
        size = self.model.ensemble.size
        times = np.concatenate([[0.0], self.doses.times])
        draws, columns = np.tile(np.arange(size), len(times)), np.repeat(times, size)
        x = np.empty((len(self.nodes), len(draws)))
        settled = np.empty(len(draws), dtype=bool)
        sites = Sites(self.model.network, self.drug, size)
        unplaced: Mapping[str, tuple[str, ...]] = {}
        for one in self.treated.solve(draws, columns):
            x[:, one.part] = one.response.x[self.nodes]
            settled[one.part] = one.response.settled
            sites.note(one.perturbation.contacts)
            unplaced = one.perturbation.unplaced
        x, settled = self._less(x, settled, draws, columns)
        shaped = x.reshape(len(self.nodes), len(times), size)
        rests = settled.reshape(len(times), size)
        return shaped, rests, sites.engagements(skip=1), unplaced

    def _less(self, x: Floats, settled: Mask, draws: Indices, times: Floats) -> tuple[Floats, Mask]:
        """What is left of states once the comparator's are taken away."""
        if self.against is not None:
            other, rests = self.against.states(draws, times, self.nodes)
            return x - other, settled & rests
        if self.beside is None:
            return x, settled
        return x - self.beside[0][:, draws], settled & self.beside[1][draws]

    def _titration(self, treatment: Treatment) -> Titration:
        model = self.model
        return Titration(
            model.network,
            model.ensemble,
            model.targets,
            treatment,
            self.trial.regimen,
            self.drug,
        )


def _curves(swept: _Sweep, every: Floats, settled: Mask) -> Iterator[Curve]:
    """The curve of each node.

    What is said of a dose rests on the draws that came to rest there, as a prediction does; what is
    said of the whole sweep on those that did at every dose.
    """
    whole = settled.all(axis=0)
    kept = np.flatnonzero(whole)
    # Usually all of them, of which no copy is needed.
    change = every if whole.all() else every[..., kept]
    model, doses = swept.model, swept.doses
    names = [model.network.names[node] for node in swept.nodes]
    thresholds = model.criteria.theta * model.ranges[swept.nodes]
    unit = doses.unit(model.ensemble)[kept]
    reference = doses.reference_of(model.ensemble)[kept]

    def place(draws: Indices, times: Floats) -> At:
        free = times * unit[draws]
        return At(
            share=len(draws) / len(kept),
            multiple=spread_of(free / reference[draws]),
            free=spread_of(free),
        )

    def exact(rows: Indices, draws: Indices, times: Floats) -> Floats:
        found, settled = swept.at(kept[draws], times)
        own = found[rows, np.arange(len(rows))]
        return np.where(settled, own, np.nan)

    turned = turning_points(change[:, 1:], thresholds, doses.times, exact)
    bar = model.criteria.bar
    for number, name in enumerate(names):
        node = model.network.pathway.nodes[name]
        found = _odds_by_dose(every[number], settled, float(thresholds[number]))
        half = half_effects(change[number], float(thresholds[number]), doses.times)
        turns = tuple(
            Turn(*ends, place(draws, times)) for ends, draws, times in turned[number] if len(draws)
        )
        halves = [
            HalfEffect(direction, place(draws, times), levels_off)
            for direction, draws, times, levels_off in half.by_direction
            if len(draws) >= bar * len(kept)
        ]
        yield Curve(
            node=name,
            label=node.label,
            place=node.place,
            threshold=float(thresholds[number]),
            without=found[0],
            call_without=found[0].call(bar),
            odds=tuple(found[1:]),
            calls=tuple(one.call(bar) for one in found[1:]),
            turns=turns,
            monotone_share=half.monotone_share,
            half=halves[0] if halves else None,
        )


def _odds_by_dose(change: Floats, settled: Mask, threshold: float) -> list[Odds]:
    """Of one node, *doses × d*."""
    if settled.all():
        return odds(change, np.full(len(change), threshold))
    limit = np.array([threshold])
    return [odds(one[rests][None], limit)[0] for one, rests in zip(change, settled, strict=True)]


def _swept(within: Setting, drugs: Sequence[str], sweep: str, problems: list[Problem]) -> str:
    """Name of the drug that is swept."""
    names: list[str] = []
    for name in (*drugs, sweep):
        try:
            names.append(within.knowledge.drug(name).name)
        except InputError:
            names.append(name)
    *given, chosen = names
    if drugs and chosen not in given:
        what = f"'{sweep}' is to be swept, and is not given."
        problems.append(Problem(what, nearest(sweep, given) or f"Given: {', '.join(given)}."))
    return chosen
