"""The questions that raphe answers, each a function: what the command line and notebooks call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from raphe.consistency.reasons import reason
from raphe.consistency.verdicts import Check, Verdict, check_findings, tally
from raphe.errors import InputError, Problem, nearest
from raphe.finding import Finding, Regimen
from raphe.knowledge import USUAL_CIRCUIT, Knowledge, load_knowledge
from raphe.perturbation import Treatment, administer
from raphe.prediction import Model, Prediction, Row, load_model, predict_treatment
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

    @cached_property
    def model(self) -> Model:
        """The circuit, compiled and drawn."""
        return load_model(self.knowledge, self.circuit, self.prior, self.draws, self.seed)


@lru_cache(maxsize=8)
def _setting(folders: tuple[str, ...], circuit: str, prior: str, draws: int, seed: int) -> Setting:
    return Setting(load_knowledge(folders), circuit, prior, draws, seed)


def setting(
    knowledge: Sequence[str | Path] | str | Path = (),
    circuit: str = USUAL_CIRCUIT,
    prior: str = USUAL_PRIOR,
    draws: int = USUAL_DRAWS,
    seed: int = USUAL_SEED,
) -> Setting:
    """Knowledge, circuit and draws; the same arguments give the same, already compiled, setting.

    Parameters
    ----------
    knowledge
        Folders that extend or override the library.
    circuit, prior, draws, seed
        See `raphe.prediction.load_model`.

    Raises
    ------
    InputError
        A folder, circuit or prior is not there.
    """
    folders = (knowledge,) if isinstance(knowledge, str | Path) else tuple(knowledge)
    return _setting(tuple(str(folder) for folder in folders), circuit, prior, draws, seed)


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
        such as
        ``60 nM``, or a factor of the usual one such as ``2x``.
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
    problems: list[Problem] = []
    chosen = _regimen(regimen, problems)
    treatment = _treatment(within, drugs, dose, condition, without, problems)
    others = [compared_with] if isinstance(compared_with, str) else list(compared_with)
    named = [name for name in others if name != VEHICLE]
    against = _treatment(within, named, _doses_of(dose, named), condition, without, problems)
    if not drugs and not condition:
        problems.append(Problem("nothing to predict.", "Name a drug, or '--condition'."))
    if problems:
        raise InputError(problems)
    comparator = against if drugs else Treatment()
    prediction = predict_treatment(within.model, treatment, chosen, comparator)
    return Answer(prediction, within)


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
        except InputError:
            known = [*knowledge.names("drugs"), *findings]
            remedy = nearest(name, known) or "'raphe list findings' names those that there are."
            problems.append(Problem(f"no drug and no finding '{name}'.", remedy))
            continue
        chosen |= {key: one for key, one in findings.items() if drug in one.drugs}
    if problems:
        raise InputError(problems)
    return dict(sorted(chosen.items()))


def _held_against(within: Setting, prediction: Prediction) -> Iterable[Check]:
    """Findings of just these drugs, under this regimen, condition and comparator."""
    treatment = prediction.treatment
    if treatment.without:
        return ()
    drugs = {given.drug.name for given in treatment.administrations}
    others = {given.drug.name for given in prediction.comparator.administrations} or {VEHICLE}
    condition = treatment.condition.name if treatment.condition else ""
    same = {
        name: finding
        for name, finding in within.knowledge.findings.items()
        if set(finding.drugs) == drugs
        and finding.regimen is prediction.regimen
        and finding.condition == condition
        and set(finding.compared_with) == others
    }
    return check_findings(within.model, within.knowledge, same)


def _regimen(name: str, problems: list[Problem]) -> Regimen:
    try:
        return Regimen(name)
    except ValueError:
        remedy = nearest(name, list(Regimen)) or f"It is one of {', '.join(Regimen)}."
        problems.append(Problem(f"no regimen '{name}'.", remedy))
        return Regimen.CHRONIC


def _treatment(
    within: Setting,
    drugs: Sequence[str],
    dose: str | Mapping[str, str],
    condition: str,
    without: str | Sequence[str],
    problems: list[Problem],
) -> Treatment:
    given = []
    doses = dose if isinstance(dose, Mapping) else dict.fromkeys(drugs, dose)
    for name in drugs:
        try:
            given.append(administer(within.knowledge.drug(name), doses.get(name, "")))
        except InputError as error:
            problems += [one for one in error.problems if one not in problems]
    for name in doses:
        if name not in drugs:
            problems.append(
                Problem(f"a dose of '{name}', which is not given.", nearest(name, drugs))
            )
    found = None
    if condition:
        try:
            found = within.knowledge.condition(condition)
        except InputError as error:
            problems += [one for one in error.problems if one not in problems]
    symbols: list[str] = []
    targets = within.knowledge.targets
    for name in [without] if isinstance(without, str) else without:
        own = targets.symbols(name)
        if not own:
            remedy = (
                nearest(name, targets.names) or "'raphe list targets' names those that there are."
            )
            if (problem := Problem(f"no target '{name}'.", remedy)) not in problems:
                problems.append(problem)
        symbols += own
    return Treatment(tuple(given), found, tuple(dict.fromkeys(symbols)))


def _doses_of(dose: str | Mapping[str, str], drugs: Sequence[str]) -> Mapping[str, str]:
    return {name: dose[name] for name in drugs if name in dose} if isinstance(dose, Mapping) else {}
