"""What was asked, in words: the treatment, the comparator, and the command that asks again."""

from __future__ import annotations

import shlex

from raphe.finding import Regimen
from raphe.knowledge import USUAL_CIRCUIT
from raphe.model import is_untouched
from raphe.prediction import Prediction
from raphe.prior import USUAL_DRAWS, USUAL_PRIOR, USUAL_SEED
from raphe.questions import Answer
from raphe.report.content import Fact
from raphe.report.wording import capital, concentration, count, joined, small
from raphe.treatment import Administration, Treatment

_REGIMENS = {
    Regimen.ACUTE: "the drug has just arrived; nothing has adapted",
    Regimen.CHRONIC: "treatment is sustained, and what adapts has adapted",
    Regimen.WASHOUT: "the drug is gone; what adapted under sustained treatment is as it left it",
}


def given_words(treatment: Treatment) -> str:
    """What was given, without the animal.

    Examples
    --------
    >>> given_words(Treatment())
    'vehicle'
    """
    names = " + ".join(small(given.drug.title) for given in treatment.administrations)
    if not names and treatment.condition is not None:
        names = small(treatment.condition.title)
    spared = f" without its action at {joined(treatment.without)}" if treatment.without else ""
    return f"{names or 'vehicle'}{spared}"


def against_words(prediction: Prediction) -> str:
    """What it is compared with."""
    comparator = prediction.comparator
    if is_untouched(comparator) and not prediction.treatment.administrations:
        return "the healthy animal"
    alike = " in animals under the same condition" if comparator.condition else ""
    return f"{given_words(Treatment(comparator.administrations))}{alike}"


def title_words(prediction: Prediction) -> str:
    """The title of a report."""
    treatment = prediction.treatment
    names = " + ".join(given.drug.title for given in treatment.administrations)
    if treatment.condition is not None:
        condition = treatment.condition.title
        names = f"{names} under {small(condition)}" if names else condition
    return capital(names or "vehicle")


def facts(prediction: Prediction) -> tuple[Fact, ...]:
    """Drug, regimen, comparator, condition and circuit, as the head of a report lists them."""
    treatment, network = prediction.treatment, prediction.model.network
    given = [_given(one) for one in treatment.administrations]
    listed = [
        Fact("Drugs" if len(given) > 1 else "Drug", joined(given) or "none"),
        Fact("Regimen", f"{prediction.regimen.value}: {_REGIMENS[prediction.regimen]}"),
        Fact("Compared with", _comparator(prediction)),
        Fact("Condition", treatment.condition.title if treatment.condition else "none"),
    ]
    if treatment.without:
        listed.append(Fact("Without", f"any action at {joined(treatment.without)}"))
    size = f"{count(network.size, 'node')}, {count(len(network.edge_names), 'edge')}"
    listed.append(Fact("Circuit", f"{network.pathway.name}: {network.pathway.title} ({size})"))
    return tuple(listed)


def _given(given: Administration) -> str:
    return f"{given.drug.title}, {concentration(given.concentration)} free ({given.exposure})"


def _comparator(prediction: Prediction) -> str:
    given = [_given(one) for one in prediction.comparator.administrations]
    alike = " in animals under the same condition" if prediction.comparator.condition else ""
    return f"{joined(given)}{alike}" if given else against_words(prediction)


def command_line(answer: Answer) -> str:
    """The command that writes the same report again; what is usual is left out.

    Folders of the user's own knowledge are named, not where they lie: no path of a machine stands
    in a report.
    """
    prediction, within = answer.prediction, answer.setting
    treatment = prediction.treatment
    words = ["raphe", "report", *(given.drug.name for given in treatment.administrations)]
    words += ["--regimen", prediction.regimen.value]
    words += _doses(treatment, prediction.comparator)
    for given in prediction.comparator.administrations:
        words += ["--compared-with", given.drug.name]
    if treatment.condition is not None:
        words += ["--condition", treatment.condition.name]
    for target in treatment.without:
        words += ["--without", target]
    for option, value, usual in (
        ("--circuit", within.circuit, USUAL_CIRCUIT),
        ("--prior", prediction.prior, USUAL_PRIOR),
        ("--draws", str(prediction.drawn), str(USUAL_DRAWS)),
        ("--seed", str(prediction.seed), str(USUAL_SEED)),
    ):
        if value != usual:
            words += [option, value]
    for question, side in within.sides:
        words += ["--side", f"{question}={'yes' if side else 'no'}"]
    for folder in within.knowledge.folders[1:]:
        words += ["--knowledge", folder.name]
    return shlex.join(words)


def _doses(treatment: Treatment, comparator: Treatment) -> list[str]:
    """Options for exposures that are not the usual ones; one for all drugs where it is the same."""
    given = treatment.administrations
    asked = {one.drug.name: one.exposure for one in given if not _is_usual(one)}
    if not asked:
        return []
    alike = len(asked) == len(given) and len(set(asked.values())) == 1
    if alike and all(map(_is_usual, comparator.administrations)):
        return ["--dose", next(iter(asked.values()))]
    return [word for name, dose in asked.items() for word in ("--dose", f"{name}={dose}")]


def _is_usual(given: Administration) -> bool:
    return given.exposure == given.drug.usual_exposure
