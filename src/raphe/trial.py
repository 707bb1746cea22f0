"""What is given to which group: the names and doses that somebody wrote, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from raphe.condition import Condition
from raphe.drug import Drug
from raphe.errors import InputError, Problem, nearest, not_one_of, noting
from raphe.finding import Regimen
from raphe.settings import Setting
from raphe.treatment import Administration, Treatment, administer

#: What a comparator is called that is not a drug.
VEHICLE = "vehicle"


@dataclass(frozen=True)
class Design:
    """A trial in the words of whoever asks: names and doses as written, nothing looked up yet.

    Questions spell these words out as arguments, so that help and completion show them, and hand
    them on as this one value. What each word means is told in `raphe.questions.predict`.
    """

    drugs: Sequence[str] = ()
    regimen: str = "chronic"
    dose: str | Mapping[str, str] = ""
    compared_with: str | Sequence[str] = VEHICLE
    condition: str = ""
    without: str | Sequence[str] = ()

    @property
    def comparators(self) -> tuple[str, ...]:
        """What the comparison group was given, in the words that were used."""
        other = self.compared_with
        return (other,) if isinstance(other, str) else tuple(other)


@dataclass(frozen=True)
class Trial:
    """What is compared with what, and when."""

    treatment: Treatment
    comparator: Treatment
    regimen: Regimen


def arrange_trial(design: Design, within: Setting, problems: Sequence[Problem] = ()) -> Trial:
    """The trial that names and doses mean.

    Parameters
    ----------
    problems
        What is known to be wrong already.

    Raises
    ------
    InputError
        With those, and with everything that was mistyped.
    """
    problems = list(problems)
    regimen = _regimen(design.regimen, problems)
    named = [name for name in design.comparators if name != VEHICLE]
    given = _drugs(within, design.drugs, problems)
    beside = _drugs(within, named, problems)
    doses = _doses(within, design.dose, given, beside, problems)
    ill = _condition(within, design.condition, problems)
    spared = _symbols(within, design.without, problems)
    if named and len(design.comparators) > len(named):
        problems.append(Problem("compared with vehicle and with drugs.", "Choose one."))
    if not design.drugs and not design.condition:
        problems.append(Problem("nothing to predict.", "Name a drug, or '--condition'."))
    elif not design.drugs and (named or design.dose or spared):
        what = "a comparator, a dose or a target left out, but no drug."
        problems.append(Problem(what, "Name the drug, or leave them away."))
    if problems:
        raise InputError(problems)
    treatment = Treatment(doses[0], ill, spared)
    comparator = Treatment(doses[1], ill, spared) if design.drugs else Treatment()
    return Trial(treatment, comparator, regimen)


def _regimen(name: str, problems: list[Problem]) -> Regimen:
    try:
        return Regimen(name)
    except ValueError:
        problems.append(not_one_of(list(Regimen), "regimen", name))
        return Regimen.CHRONIC


def _drugs(within: Setting, names: Sequence[str], problems: list[Problem]) -> list[Drug]:
    """Drugs by name; one that is named twice, if only by a synonym, is a mistake."""
    found: dict[str, Drug] = {}
    for name in names:
        with noting(problems):
            drug = within.knowledge.drug(name)
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
        with noting(problems):
            administered.append(administer(drug, doses[drug.name]))
    return tuple(administered)


def _condition(within: Setting, name: str, problems: list[Problem]) -> Condition | None:
    if not name:
        return None
    with noting(problems):
        return within.knowledge.condition(name)
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
