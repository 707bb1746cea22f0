"""Which drug, added to what is given already, brings about what is wished for.

Every drug of the library is added at its usual exposure, and the pair is held against what was
given alone, in the same draws: what both share cancels. A drug is ranked by the share of draws in
which all wishes hold together, which is less than each wish's own share, and not their product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from raphe.calling import Odds, odds
from raphe.consistency.reasons import reason
from raphe.contraindication import Contraindication, contraindications
from raphe.contrast import contrast_treatments
from raphe.desire import Aim, Desire, desire_problems, desire_rows, joint_share
from raphe.drug import Drug
from raphe.errors import InputError, Problem, nearest, noting
from raphe.explanation.routes import Explanation
from raphe.model import Model
from raphe.prediction import Prediction, predict_treatment
from raphe.propagation.arrays import Floats, Indices
from raphe.questions import Answer, answer_design
from raphe.settings import Setting, setting
from raphe.treatment import Administration, administer
from raphe.trial import Design

#: How an exposure in patients is named.
THERAPEUTIC = "therapeutic"
#: Share of a change from which a target is named among those that make it.
_WORTH_NAMING = 0.1


@dataclass(frozen=True)
class Outcome:
    """How one wish fares with one added drug."""

    desire: Desire
    #: Share of the draws in which it holds.
    share: float
    #: Of the node's change by the added drug, in units of full activity.
    odds: Odds = field(repr=False)


@dataclass(frozen=True)
class Carrier:
    """A target through which an added drug moves a node, with its share of the change."""

    target: str
    share: float


@dataclass(frozen=True, eq=False)
class Addition:
    """One drug, added."""

    given: Administration
    #: Share of the draws in which all wishes hold.
    share: float
    #: The same at half and at twice the threshold of what counts as a change.
    at_half: float
    at_twice: float
    #: In the order of the wishes.
    outcomes: tuple[Outcome, ...]
    model: Model = field(repr=False)
    alone: Prediction = field(repr=False)

    @property
    def drug(self) -> Drug:
        """The drug that is added."""
        return self.given.drug

    def passes(self) -> bool:
        """Whether all wishes hold in enough draws to be called."""
        return self.share >= self.model.criteria.bar

    @property
    def is_borderline(self) -> bool:
        """Whether half or twice the threshold would call it otherwise."""
        bar = self.model.criteria.bar
        return not self.passes() == (self.at_half >= bar) == (self.at_twice >= bar)

    @cached_property
    def prediction(self) -> Prediction:
        """What the drug changes when it is added, all nodes."""
        base = self.alone.treatment
        both = replace(base, administrations=(*base.administrations, self.given))
        return predict_treatment(self.model, both, self.alone.regimen, base)

    def why(self, desire: Desire) -> str:
        """What moves the node of a wish, or hardly does, as a sentence."""
        return reason(self.prediction, desire.node)

    def carriers(self, desire: Desire) -> tuple[Carrier, ...]:
        """Targets that make the change of a wish's node, and those that work against it.

        In the draw with the median change; shares of all targets sum to 1.
        """
        explanation = Explanation.of(self.prediction, desire.node)
        if not explanation.total:
            return ()
        shares = {one: part / explanation.total for one, part in explanation.origins.items()}
        named = [Carrier(*one) for one in shares.items() if abs(one[1]) >= _WORTH_NAMING]
        return tuple(sorted(named, key=lambda one: (-one.share, one.target)))

    @cached_property
    def fragile(self) -> tuple[str, ...]:
        """Other built-in priors under which the wishes together do not come to the same call."""
        others = self.model.others
        if not others.ensembles:
            return others.priors
        prediction = self.prediction
        contrast = contrast_treatments(
            others, prediction.treatment, prediction.comparator, prediction.regimen
        )
        desires = [outcome.desire for outcome in self.outcomes]
        rows = desire_rows(self.model, desires)
        start, doubting = 0, [one for one in others.priors if one not in _drawn(others.ensembles)]
        for ensemble, ranges in zip(others.ensembles, others.ranges_by_prior, strict=True):
            part = slice(start, start + ensemble.size)
            start = part.stop
            own = contrast.settled[part]
            change = contrast.change[rows, part][:, own]
            share = joint_share(desires, change, self.model.criteria.theta * ranges[rows])
            if (share >= self.model.criteria.bar) is not self.passes():
                doubting.append(ensemble.prior)
        return tuple(doubting)


def _drawn(ensembles: Iterable[object]) -> set[str]:
    return {getattr(ensemble, "prior", "") for ensemble in ensembles}


@dataclass(frozen=True, eq=False)
class Augmentation:
    """What was given, what was wished, and each drug that can be added, the best first."""

    #: What was given alone, against vehicle.
    answer: Answer = field(repr=False)
    desires: tuple[Desire, ...]
    additions: tuple[Addition, ...]
    #: Drugs that bind nothing in the circuit, so that nothing can be said of them.
    unplaced: tuple[str, ...]
    #: Drugs with which no draw comes to rest.
    restless: tuple[str, ...]
    #: Between drugs of which at least one is given already, what is left out included.
    cautions: tuple[Contraindication, ...]
    #: Drugs that were left out because of a caution.
    cautioned: tuple[str, ...]
    #: Drugs that were left out since they do not enter the brain.
    peripheral: tuple[str, ...]

    @property
    def alone(self) -> Prediction:
        """What was given alone, against vehicle."""
        return self.answer.prediction

    @property
    def found(self) -> tuple[Addition, ...]:
        """Drugs with which all wishes hold in enough draws to be called."""
        return tuple(one for one in self.additions if one.passes())

    def cautions_with(self, given: Administration) -> tuple[Contraindication, ...]:
        """Cautions between an added drug and what is given already."""
        return tuple(one for one in self.cautions if one.involves(given))

    def __getitem__(self, drug: str) -> Addition:
        """A drug that was tried, by the name of its file.

        Raises
        ------
        InputError
            It was not tried.
        """
        by_name = {one.drug.name: one for one in self.additions}
        if drug not in by_name:
            raise InputError([Problem(f"'{drug}' was not added.", nearest(drug, by_name))])
        return by_name[drug]


def augment(
    *drugs: str,
    up: str | Sequence[str] = (),
    down: str | Sequence[str] = (),
    not_up: str | Sequence[str] = (),
    not_down: str | Sequence[str] = (),
    regimen: str = "chronic",
    dose: str | Mapping[str, str] = "",
    condition: str = "",
    therapeutic: bool = False,
    with_cautioned: bool = False,
    with_peripheral: bool = False,
    within: Setting | None = None,
) -> Augmentation:
    """Which drug, added to those that are given, fulfils all wishes.

    Parameters
    ----------
    *drugs
        What is given already.
    up, down, not_up, not_down
        Nodes that the added drug shall raise or lower, or shall not.
    regimen, dose, condition, within
        See `raphe.questions.predict`; all drugs are given for as long, the added one at its usual
        exposure.
    therapeutic
        Add only drugs whose usual exposure is declared as therapeutic, no experimental tools.
    with_cautioned
        Add drugs too that are declared not to be given together with those that are given.
    with_peripheral
        Add drugs too that are declared not to enter the brain.

    Raises
    ------
    InputError
        With everything that was mistyped; or nothing to be gained is wished for.

    Examples
    --------
    >>> few = setting(draws=50)
    >>> found = augment("fluoxetine", up="cortex.DA", not_down="LC.firing", within=few)
    >>> found["mirtazapine"].share > found["haloperidol"].share
    True
    """
    within = within or setting()
    pathway = within.model.network.pathway
    sides = ((Aim.UP, up), (Aim.DOWN, down), (Aim.NOT_UP, not_up), (Aim.NOT_DOWN, not_down))
    wished = (
        Desire(pathway.find(node) if pathway.knows(node) else node, aim)
        for aim, nodes in sides
        for node in ([nodes] if isinstance(nodes, str) else nodes)
    )
    desires = tuple(dict.fromkeys(wished))
    problems = desire_problems(within.model, desires)
    if not drugs:
        problems.append(Problem("nothing to add to.", "Name a drug that is given already."))
    answer = None
    if drugs:
        with noting(problems):
            answer = answer_design(Design(drugs, regimen, dose, condition=condition), within)
    if problems or answer is None:
        raise InputError(problems)
    knowledge = within.knowledge
    base = {one.drug.name for one in answer.prediction.treatment.administrations}
    others = [knowledge.drug(name) for name in knowledge.names("drugs") if name not in base]
    candidates = [administer(drug) for drug in others]
    if therapeutic:
        candidates = [one for one in candidates if one.exposure == THERAPEUTIC]
    given = answer.prediction.treatment.administrations
    targets = within.model.targets
    found = list(contraindications(given, targets))
    cautioned: list[str] = []
    for one in candidates:
        pairs = contraindications((*given, one), targets)
        if own := [pair for pair in pairs if pair.involves(one)]:
            found += own
            cautioned += [] if with_cautioned else [one.drug.name]
    peripheral = [
        one.drug.name
        for one in candidates
        if one.drug.enters_brain is False and not with_peripheral
    ]
    left = {*cautioned, *peripheral}
    tried = _tried(answer, desires, [one for one in candidates if one.drug.name not in left])
    return replace(
        tried, cautions=tuple(found), cautioned=tuple(cautioned), peripheral=tuple(peripheral)
    )


def _tried(
    answer: Answer, desires: tuple[Desire, ...], candidates: Sequence[Administration]
) -> Augmentation:
    """Each candidate in turn; only the rows of the wished nodes are kept of each response."""
    alone = answer.prediction
    model, base = alone.model, alone.treatment
    rows = desire_rows(model, desires)
    before = alone.contrast.treated
    additions: list[Addition] = []
    unplaced: list[str] = []
    restless: list[str] = []
    for given in candidates:
        both = replace(base, administrations=(*base.administrations, given))
        response, perturbation = model.respond(both, alone.regimen)
        if not any(contact.drug == given.drug.name for contact in perturbation.contacts):
            unplaced.append(given.drug.name)
            continue
        settled = response.settled & before.settled
        if not settled.any():
            restless.append(given.drug.name)
            continue
        change = (response.x[rows] - before.x[rows])[:, settled]
        additions.append(_addition(alone, desires, given, change, rows))
    ranked = sorted(additions, key=lambda one: (-one.share, -_size(one), one.drug.name))
    return Augmentation(
        answer, desires, tuple(ranked), tuple(unplaced), tuple(restless), (), (), ()
    )


def _addition(
    alone: Prediction,
    desires: tuple[Desire, ...],
    given: Administration,
    change: Floats,
    rows: Indices,
) -> Addition:
    model = alone.model
    limits = model.criteria.theta * model.ranges[rows]
    outcomes = tuple(
        Outcome(desire, float(desire.aim.holds(own, limit).mean()), share)
        for desire, own, limit, share in zip(
            desires, change, limits, odds(change, limits), strict=True
        )
    )
    at_half, share, at_twice = (
        joint_share(desires, change, factor * limits) for factor in (0.5, 1.0, 2.0)
    )
    return Addition(given, share, at_half, at_twice, outcomes, model, alone)


def _size(addition: Addition) -> float:
    """How far what shall move is moved, in units of what counts as a change; the least of them."""
    model = addition.model
    sizes = []
    for outcome in addition.outcomes:
        if outcome.desire.aim.is_gain:
            number = model.network.index[outcome.desire.node]
            unit = max(float(model.ranges[number]), 1e-12)
            toward = 1 if outcome.desire.aim is Aim.UP else -1
            sizes.append(toward * outcome.odds.median / unit)
    return min(sizes)
