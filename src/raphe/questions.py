"""The questions that raphe answers, each a function: what the command line and notebooks call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from raphe.condition import Condition
from raphe.consistency.experiments import experiment_of, treatments
from raphe.consistency.reasons import reason
from raphe.consistency.scorecard import Scorecard, score_card
from raphe.consistency.verdicts import Check, Verdict, check_findings, tally
from raphe.drug import Drug
from raphe.errors import InputError, NotFoundError, Problem, nearest
from raphe.explanation.account import Account
from raphe.finding import Finding, Regimen
from raphe.knowledge import USUAL_CIRCUIT, Knowledge, load_knowledge
from raphe.model import Model, load_model
from raphe.perturbation import Administration, Treatment, administer
from raphe.prediction import Prediction, Row, predict_treatment
from raphe.prior import USUAL_DRAWS, USUAL_PRIOR, USUAL_SEED

#: What a comparator is called that is not a drug.
VEHICLE = "vehicle"


@dataclass(frozen=True, eq=False)
class Setting:
    """What an answer depends on besides its question."""

    knowledge: Knowledge
    circuit: str = USUAL_CIRCUIT
    prior: str = USUAL_PRIOR
    draws: int = USUAL_DRAWS
    seed: int = USUAL_SEED
    #: Sides taken where the literature disagrees, by question.
    sides: tuple[tuple[str, bool], ...] = ()

    @cached_property
    def model(self) -> Model:
        """The circuit, compiled and drawn."""
        return load_model(
            self.knowledge, self.circuit, self.prior, self.draws, self.seed, dict(self.sides)
        )


@lru_cache(maxsize=8)
def _setting(
    folders: tuple[str, ...],
    circuit: str,
    prior: str,
    draws: int,
    seed: int,
    sides: tuple[tuple[str, bool], ...],
    stamp: int,
) -> Setting:
    del stamp
    return Setting(load_knowledge(folders), circuit, prior, draws, seed, sides)


def setting(
    knowledge: Sequence[str | Path] | str | Path = (),
    circuit: str = USUAL_CIRCUIT,
    prior: str = USUAL_PRIOR,
    draws: int = USUAL_DRAWS,
    seed: int = USUAL_SEED,
    sides: Mapping[str, bool] | None = None,
) -> Setting:
    """Knowledge, circuit and draws; kept, already compiled, until a file of it changes.

    Parameters
    ----------
    knowledge
        Folders that extend or override the library.
    circuit, prior, draws, seed
        See `raphe.model.load_model`.
    sides
        Answers to open questions, on which the literature disagrees, by name; of the others, half
        of the draws believe either side.

    Raises
    ------
    InputError
        A folder, circuit or prior is not there.
    """
    folders = (knowledge,) if isinstance(knowledge, str | Path) else tuple(knowledge)
    names = tuple(str(folder) for folder in folders)
    stamp = load_knowledge(names).changed_at()
    taken = tuple(sorted((sides or {}).items()))
    return _setting(names, circuit, prior, draws, seed, taken, stamp)


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
        Knowledge, circuit and draws; see `setting`.

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
    within = within or setting()
    trial = arrange_trial(drugs, regimen, dose, compared_with, condition, without, within=within)
    predicted = predict_treatment(within.model, trial.treatment, trial.regimen, trial.comparator)
    return Answer(predicted, within)


@dataclass(frozen=True)
class Trial:
    """What is compared with what, and when."""

    treatment: Treatment
    comparator: Treatment
    regimen: Regimen


def arrange_trial(
    drugs: Sequence[str],
    regimen: str,
    dose: str | Mapping[str, str],
    compared_with: str | Sequence[str],
    condition: str,
    without: str | Sequence[str],
    *,
    within: Setting,
    problems: Sequence[Problem] = (),
) -> Trial:
    """The trial that these names mean; see `predict`.

    Parameters
    ----------
    problems
        What is known to be wrong already.

    Raises
    ------
    InputError
        With everything that was mistyped.
    """
    problems = list(problems)
    chosen = _regimen(regimen, problems)
    treatment, comparator = asked_treatments(
        within, drugs, dose, compared_with, condition, without, problems
    )
    return Trial(treatment, comparator, chosen)


def asked_treatments(
    within: Setting,
    drugs: Sequence[str],
    dose: str | Mapping[str, str],
    compared_with: str | Sequence[str],
    condition: str,
    without: str | Sequence[str],
    problems: list[Problem],
) -> tuple[Treatment, Treatment]:
    """What is given to both groups; see `predict`.

    Parameters
    ----------
    problems
        What was wrong before.

    Raises
    ------
    InputError
        With those, and with everything that is mistyped here.
    """
    others = [compared_with] if isinstance(compared_with, str) else list(compared_with)
    named = [name for name in others if name != VEHICLE]
    given = _drugs(within, drugs, problems)
    beside = _drugs(within, named, problems)
    doses = _doses(within, dose, given, beside, problems)
    ill = _condition(within, condition, problems)
    spared = _symbols(within, without, problems)
    if named and len(others) > len(named):
        problems.append(Problem("compared with vehicle and with drugs.", "Choose one."))
    if not drugs and not condition:
        problems.append(Problem("nothing to predict.", "Name a drug, or '--condition'."))
    elif not drugs and (named or dose or spared):
        what = "a comparator, a dose or a target left out, but no drug."
        problems.append(Problem(what, "Name the drug, or leave them away."))
    if problems:
        raise InputError(problems)
    treatment = Treatment(doses[0], ill, spared)
    return treatment, Treatment(doses[1], ill, spared) if drugs else Treatment()


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
    problems: list[Problem] = []
    try:
        readout = within.model.network.pathway.find(readout)
    except InputError as error:
        problems += error.problems
    try:
        answer = predict(
            *drugs,
            regimen=regimen,
            dose=dose,
            compared_with=compared_with,
            condition=condition,
            without=without,
            within=within,
        )
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
        Knowledge, circuit and draws; see `setting`.
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


def _held_against(within: Setting, prediction: Prediction, readout: str = "") -> Iterable[Check]:
    """Findings on just this experiment: drugs at this exposure, regimen, condition, comparator.

    Parameters
    ----------
    readout
        The only one that is asked for; empty: all.
    """
    asked = (
        experiment_of(prediction.treatment),
        experiment_of(prediction.comparator),
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
        if (experiment_of(own), experiment_of(other), finding.regimen) == asked:
            same[name] = finding
    return check_findings(within.model, within.knowledge, same)


def _regimen(name: str, problems: list[Problem]) -> Regimen:
    try:
        return Regimen(name)
    except ValueError:
        remedy = nearest(name, list(Regimen)) or f"It is one of {', '.join(Regimen)}."
        problems.append(Problem(f"no regimen '{name}'.", remedy))
        return Regimen.CHRONIC


def _drugs(within: Setting, names: Sequence[str], problems: list[Problem]) -> list[Drug]:
    """Drugs by name; one that is named twice, if only by a synonym, is a mistake."""
    found: dict[str, Drug] = {}
    for name in names:
        try:
            drug = within.knowledge.drug(name)
        except InputError as error:
            problems += [one for one in error.problems if one not in problems]
            continue
        if drug.name in found:
            what = f"'{drug.name}' is named twice."
            problems.append(Problem(what, "Name it once; '--dose 2x' doubles the dose."))
        found[drug.name] = drug
    return list(found.values())


def _doses(
    within: Setting,
    dose: str | Mapping[str, str],
    given: list[Drug],
    beside: list[Drug],
    problems: list[Problem],
) -> tuple[tuple[Administration, ...], tuple[Administration, ...]]:
    """The drugs of both groups at their doses.

    A dose by name goes for the drug in both groups. A dose without a name goes for the drugs that
    are given; the comparison group has what it shares with them at the same dose, unless the groups
    differ in the dose alone.
    """
    if isinstance(dose, str):
        own = {drug.name: dose for drug in given}
        same = {drug.name for drug in given} == {drug.name for drug in beside}
        other = {drug.name: "" if same else own.get(drug.name, "") for drug in beside}
    else:
        named = _named_doses(within, dose, {drug.name for drug in (*given, *beside)}, problems)
        own = {drug.name: named.get(drug.name, "") for drug in given}
        other = {drug.name: named.get(drug.name, "") for drug in beside}
    return _administered(given, own, problems), _administered(beside, other, problems)


def _named_doses(
    within: Setting, dose: Mapping[str, str], known: set[str], problems: list[Problem]
) -> dict[str, str]:
    found = {}
    for name, text in dose.items():
        try:
            own = within.knowledge.drug(name).name
        except InputError:
            own = name
        if own not in known:
            what = f"a dose of '{name}', which is not given."
            problems.append(Problem(what, nearest(own, sorted(known))))
        found[own] = text
    return found


def _administered(
    drugs: Sequence[Drug], doses: Mapping[str, str], problems: list[Problem]
) -> tuple[Administration, ...]:
    administered = []
    for drug in drugs:
        try:
            administered.append(administer(drug, doses[drug.name]))
        except InputError as error:
            problems += [one for one in error.problems if one not in problems]
    return tuple(administered)


def _condition(within: Setting, name: str, problems: list[Problem]) -> Condition | None:
    if not name:
        return None
    try:
        return within.knowledge.condition(name)
    except InputError as error:
        problems += error.problems
        return None


def _symbols(
    within: Setting, without: str | Sequence[str], problems: list[Problem]
) -> tuple[str, ...]:
    """HGNC symbols of targets at which no drug shall act."""
    targets = within.knowledge.targets
    symbols: list[str] = []
    for name in [without] if isinstance(without, str) else without:
        own = targets.symbols(name)
        if not own:
            there = "'raphe list targets' names those that there are."
            problems.append(Problem(f"no target '{name}'.", nearest(name, targets.names) or there))
        symbols += own
    return tuple(dict.fromkeys(symbols))
