"""How pictures and reports of a prediction are called: titles, subtitles, names of files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from raphe.finding import Regimen
from raphe.model import Model
from raphe.prediction import Prediction, treatment_title
from raphe.prior import USUAL_PRIOR
from raphe.target import Targets
from raphe.treatment import Administration, Treatment


def title_of(prediction: Prediction) -> str:
    """What was done, as the title of a picture."""
    return condition_alone(prediction) or capitalised(prediction.title)


def subtitle_of(prediction: Prediction, with_regimen: bool = True) -> str:
    """What the fills of a prediction's picture mean."""
    given = prediction.treatment.administrations
    unusual = [f"{one.drug.title.lower()} at {one.exposure}" for one in given if is_unusual(one)]
    against = treatment_title(prediction.comparator) if given else "the healthy animal"
    parts = [
        "predicted direction of change",
        *([prediction.regimen.value] if with_regimen else []),
        *unusual,
        f"compared with {against}",
    ]
    return " · ".join(parts)


class Experiment(Protocol):
    """What was done to which animals of which circuit: a prediction, or a sweep of doses."""

    @property
    def treatment(self) -> Treatment:
        """What one group was given."""

    @property
    def comparator(self) -> Treatment:
        """What the other group was given."""

    @property
    def regimen(self) -> Regimen:
        """For how long."""

    @property
    def model(self) -> Model:
        """The circuit and its draws."""


def experiment_name(prediction: Experiment) -> str:
    """What was done, as a part of a file name: the drugs, and what is not usual about them.

    Examples
    --------
    >>> from raphe.questions import predict
    >>> from raphe.settings import setting
    >>> experiment_name(predict("DMI", regimen="acute", within=setting(draws=20)).prediction)
    'desipramine_acute'
    """
    treatment, comparator = prediction.treatment, prediction.comparator
    given = treatment.administrations
    condition = treatment.condition.name if treatment.condition else ""
    parts = [one.drug.name for one in given] or [condition]
    if prediction.regimen is not Regimen.CHRONIC:
        parts.append(prediction.regimen.value)
    parts += _dose_parts(given)
    if given and condition:
        parts += ["under", condition]
    if treatment.without:
        parts += ["without", *_left_out(treatment.without, prediction.model.targets)]
    if comparator.administrations:
        parts += ["against", *(one.drug.name for one in comparator.administrations)]
        parts += _dose_parts(comparator.administrations)
    if prediction.model.prior != USUAL_PRIOR:
        parts += ["prior", prediction.model.prior]
    for question, side in prediction.model.sides.items():
        parts += [question, "yes" if side else "no"]
    return safe_name(*parts)


def safe_name(*parts: str) -> str:
    """A file name that every file system takes.

    Examples
    --------
    >>> safe_name("mirtazapine", "dose", "0.06 µM")
    'mirtazapine_dose_0.06_uM'
    """
    text = "_".join(parts).replace("µ", "u").replace("μ", "u").replace("×", "x")
    text = re.sub(r"\s*[-–]\s+|\s+[-–]\s*", "-", text)
    return re.sub(r"[^\w.+'-]+", "_", text).strip("_.") or "picture"


def condition_alone(prediction: Prediction) -> str:
    """Title of the condition where no drug is given, else nothing."""
    treatment = prediction.treatment
    return (
        treatment.condition.title if treatment.condition and not treatment.administrations else ""
    )


def is_unusual(given: Administration) -> bool:
    """Whether a drug is given in another dose than usual."""
    return given.exposure != given.drug.usual_exposure


def capitalised(text: str) -> str:
    """`str.capitalize` would also write symbols of genes small."""
    return text[:1].upper() + text[1:]


def _dose_parts(given: Sequence[Administration]) -> list[str]:
    parts = []
    for one in given:
        if is_unusual(one):
            parts += ["dose", *([one.drug.name] if len(given) > 1 else []), one.exposure]
    return parts


def _left_out(symbols: Sequence[str], targets: Targets) -> list[str]:
    """Targets by name, whole families by theirs."""
    left = set(symbols)
    names = []
    families = {name: set(targets.symbols(name)) for name in targets.families}
    for name, members in sorted(families.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if members and members <= left:
            names.append(name)
            left -= members
    return [*names, *sorted(left)]
