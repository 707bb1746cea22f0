"""The questions that raphe answers, each a function: what the command line and notebooks call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from raphe.consistency.experiments import Group, experiment_of, given_drugs, treatments
from raphe.consistency.reasons import reason
from raphe.consistency.scorecard import Scorecard, score_card
from raphe.consistency.verdicts import Check, Verdict, check_findings, tally
from raphe.errors import InputError, NotFoundError, Problem, nearest, noting
from raphe.explanation.account import Account
from raphe.finding import Finding
from raphe.knowledge import Knowledge
from raphe.prediction import Prediction, Row, predict_treatment
from raphe.settings import Setting, setting
from raphe.treatment import Treatment
from raphe.trial import VEHICLE, Design, arrange_trial


@dataclass(frozen=True, eq=False)
class Answer:
    """A prediction with the findings that it can be held against, and its reasons."""

    prediction: Prediction
    setting: Setting = field(repr=False)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Findings on just this treatment, with their verdicts."""
        return tuple(_held_against(self.setting, self.prediction))

    def __getitem__(self, node: str) -> Row:
        """What is predicted of a node."""
        return self.prediction[node]

    @property
    def readouts(self) -> tuple[Row, ...]:
        """The rows that are shown first, in the circuit's order."""
        return tuple(self.prediction[node] for node in self.prediction.readouts)

    def why(self, node: str) -> str:
        """The path that carries most of a node's change, as a sentence."""
        self.prediction[node]
        return reason(self.prediction, node)

    def _repr_html_(self) -> str:
        from raphe.report.html import prediction_fragment

        return prediction_fragment(self)


@dataclass(frozen=True, eq=False)
class Explained:
    """An exact account of why a readout changes, with the findings on it."""

    answer: Answer
    account: Account

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Findings on just this treatment and readout, with their verdicts."""
        answer = self.answer
        return tuple(_held_against(answer.setting, answer.prediction, self.account.node))

    @cached_property
    def checks_at_other_doses(self) -> tuple[Check, ...]:
        """Findings on this treatment at other exposures, with their verdicts there."""
        answer, own = self.answer, {check.finding for check in self.checks}
        alike = _held_against(answer.setting, answer.prediction, self.account.node, given_drugs)
        return tuple(one for one in alike if one.finding not in own)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The account in sentences; numbers in brackets are those of `references`."""
        from raphe.report.explain_words import story_of

        return tuple(one.text for one in story_of(self).sentences)

    @property
    def references(self) -> tuple[str, ...]:
        """Ids of the sources that sentences name by number."""
        from raphe.report.explain_words import story_of

        return tuple(one.id for one in story_of(self).references)


@dataclass(frozen=True)
class Checks:
    """Findings with their verdicts."""

    rows: tuple[Check, ...]

    def __iter__(self) -> Iterator[Check]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def tally(self) -> dict[Verdict, int]:
        """How many findings have each verdict."""
        return tally(self.rows)

    def _repr_html_(self) -> str:
        from raphe.report.html import checks_fragment

        return checks_fragment(self.rows)


def predict(
    *drugs: str,
    regimen: str = "chronic",
    dose: str | Mapping[str, str] = "",
    compared_with: str | Sequence[str] = VEHICLE,
    condition: str = "",
    without: str | Sequence[str] = (),
    within: Setting | None = None,
) -> Answer:
    """What drugs raise and lower.

    Parameters
    ----------
    *drugs
        Names or synonyms, any number; none together with a condition.
    regimen
        ``acute``, ``chronic`` or ``washout``.
    dose
        Exposure of every drug, or of each by name: a name of the drug file, a free concentration
        such as ``60 nM``, or a factor of the usual one such as ``2x``.
    compared_with
        ``vehicle``, or the drugs that the comparison group was given.
    condition
        A disease model or lesion, of both groups; without drugs, it is compared with the healthy
        animal.
    without
        Targets at which no drug shall act.
    within
        Knowledge, circuit and draws; see `raphe.settings.setting`.

    Raises
    ------
    InputError
        With everything that was mistyped.

    Examples
    --------
    >>> answer = predict("desipramine", regimen="chronic")
    >>> answer["LC.firing"].call
    <Call.DOWN: 'down'>
    """
    design = Design(drugs, regimen, dose, compared_with, condition, without)
    return answer_design(design, within or setting())


def answer_design(design: Design, within: Setting) -> Answer:
    """What a trial raises and lowers; see `predict`.

    Raises
    ------
    InputError
        With everything that was mistyped.
    """
    trial = arrange_trial(design, within)
    predicted = predict_treatment(within.model, trial.treatment, trial.regimen, trial.comparator)
    return Answer(predicted, within)


def explain(
    *drugs: str,
    readout: str,
    regimen: str = "chronic",
    dose: str | Mapping[str, str] = "",
    compared_with: str | Sequence[str] = VEHICLE,
    condition: str = "",
    without: str | Sequence[str] = (),
    within: Setting | None = None,
) -> Explained:
    """Why a readout changes: exactly, by target, path, loop and edge, and what decides.

    Parameters
    ----------
    *drugs, regimen, dose, compared_with, condition, without, within
        See `predict`.
    readout
        Any node of the circuit.

    Raises
    ------
    InputError
        With everything that was mistyped.

    Examples
    --------
    >>> told = explain("desipramine", readout="cortex.NE", regimen="acute")
    >>> told.account.by_target.shares[0].player.name
    'desipramine at SLC6A2'
    """
    within = within or setting()
    design = Design(drugs, regimen, dose, compared_with, condition, without)
    problems: list[Problem] = []
    with noting(problems):
        readout = within.model.network.pathway.find(readout)
    try:
        answer = answer_design(design, within)
    except InputError as error:
        raise InputError([*error.problems, *problems]) from None
    if problems:
        raise InputError(problems)
    return Explained(answer, Account(answer.prediction, readout))


def check(*names: str, within: Setting | None = None) -> Checks:
    """Findings against predictions of their own experiments.

    Parameters
    ----------
    *names
        Drugs or findings; all findings if none is named.

    Raises
    ------
    InputError
        A name is neither.

    Examples
    --------
    >>> rows = check("desipramine-lc-firing-chronic").rows
    >>> rows[0].verdict
    <Verdict.AGREES: 'agrees'>
    """
    within = within or setting()
    chosen = select_findings(within.knowledge, names)
    return Checks(tuple(check_findings(within.model, within.knowledge, chosen)))


def score(within: Setting | None = None, moves: int = 0) -> Scorecard:
    """How often predictions agree with all findings, beside what simpler rules reach.

    Parameters
    ----------
    within
        Knowledge, circuit and draws; see `raphe.settings.setting`.
    moves
        Circuits to try with every strength moved one class up or down; 200 take a minute.

    Raises
    ------
    InputError
        No finding reports a direction of something that is in the circuit.
    """
    within = within or setting()
    model, knowledge = within.model, within.knowledge
    checks = tuple(check_findings(model, knowledge, knowledge.findings, certainties=True))
    return score_card(model, knowledge, checks, priors=True, moves=moves)


def select_findings(knowledge: Knowledge, names: Sequence[str]) -> dict[str, Finding]:
    """Findings by id, or all those of a drug; all there are if no name is given."""
    findings = knowledge.findings
    if not names:
        return findings
    chosen: dict[str, Finding] = {}
    problems: list[Problem] = []
    for name in names:
        if name in findings:
            chosen[name] = findings[name]
            continue
        try:
            drug = knowledge.drug(name).name
        except NotFoundError:
            known = [*knowledge.names("drugs"), *findings]
            remedy = nearest(name, known) or "'raphe list findings' names those that there are."
            problems.append(Problem(f"no drug and no finding '{name}'.", remedy))
            continue
        chosen |= {key: one for key, one in findings.items() if drug in one.drugs}
    if problems:
        raise InputError(problems)
    return dict(sorted(chosen.items()))


def _held_against(
    within: Setting,
    prediction: Prediction,
    readout: str = "",
    alike: Callable[[Treatment], Group] = experiment_of,
) -> Iterable[Check]:
    """Findings on just this experiment: drugs at this exposure, regimen, condition, comparator.

    Parameters
    ----------
    readout
        The only one that is asked for; empty: all.
    alike
        What tells treatments apart.
    """
    asked = (
        alike(prediction.treatment),
        alike(prediction.comparator),
        prediction.regimen,
    )
    names = {given.drug.name for given in prediction.treatment.administrations}
    same: dict[str, Finding] = {}
    for name, finding in within.knowledge.findings.items():
        if set(finding.drugs) != names or (readout and finding.readout != readout):
            continue
        try:
            own, other = treatments(finding, within.knowledge)
        except NotFoundError:
            continue
        if (alike(own), alike(other), finding.regimen) == asked:
            same[name] = finding
    return check_findings(within.model, within.knowledge, same)
