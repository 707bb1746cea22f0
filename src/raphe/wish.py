"""What somebody wants to see, and what of it no picture shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from raphe.errors import Problem, nearest, noting
from raphe.knowledge import Knowledge
from raphe.settings import Setting

#: How far a cut reaches around a node, unless it is said.
USUAL_HOPS = 2
#: Kinds of things that have pictures, in the order in which a name is looked up.
KINDS = {
    "figures": "a declared figure",
    "workflows": "a workflow",
    "cascades": "a cascade",
    "circuits": "a circuit",
}
#: What the options of a treatment do, all but the condition, which needs no drug.
_PURPOSES = {
    "regimen": "says how long a drug acts",
    "dose": "says how much of a drug is given",
    "compared_with": "says what a drug is compared with",
    "without": "spares a target of a drug",
}


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see."""

    name: str
    drugs: tuple[str, ...] = ()
    around: str = ""
    #: None if it was not said.
    hops: int | None = None
    path: tuple[str, ...] = ()
    #: Further arguments of `raphe.questions.predict`, just those that were given.
    treatment: Mapping[str, Any] = field(default_factory=dict)


def problems_of(wish: Wish, within: Setting) -> list[Problem]:
    """What is asked of a picture that it does not show, and names that nothing has."""
    knowledge = within.knowledge
    problems: list[Problem] = []
    for drug in wish.drugs:
        with noting(problems):
            knowledge.drug(drug)
    if wish.around and wish.path:
        problems.append(Problem("'--around' and '--path' are two ways to cut.", "Choose one."))
    if wish.path and len(wish.path) != 2:
        problems.append(Problem("a path has two ends.", "Name both: '--path A B'."))
    if wish.hops is not None and not wish.around:
        remedy = "Add '--around NODE', or leave it out."
        problems.append(Problem("'--hops' says how far '--around' reaches.", remedy))
    kind = kind_of(wish.name, knowledge)
    if not kind:
        known = [name for one in KINDS for name in knowledge.names(one)]
        remedy = nearest(wish.name, known) or f"There are {', '.join(known)}."
        return [*problems, Problem(f"nothing to draw under '{wish.name}'.", remedy)]
    what = KINDS[kind]
    if kind in ("figures", "workflows"):
        for option in ("around", "path"):
            if getattr(wish, option):
                said = f"'--{option}' cuts circuits, and {wish.name} is {what}."
                problems.append(Problem(said, "Draw it whole, or name a circuit."))
    given = list(wish.treatment)
    if kind in ("workflows", "cascades"):
        useless = [*(["drug"] if wish.drugs else []), *given]
        if useless:
            said = f"{what} shows no prediction; {_options(useless)} cannot be drawn on {wish.name}"
            problems.append(Problem(f"{said}.", "Name a figure or a circuit."))
        return problems
    drugs = wish.drugs
    if kind == "figures" and not drugs:
        with noting(problems):
            drugs = knowledge.document("figures", wish.name).value.drugs
    alone = "regimen" if wish.treatment.get("condition") else ""
    for option in given if not drugs else ():
        if option in _PURPOSES and option != alone:
            said = f"'--{_dashed(option)}' {_PURPOSES[option]}, and none is drawn on {wish.name}."
            problems.append(Problem(said, "Add '--drug DRUG'."))
    return problems


def kind_of(name: str, knowledge: Knowledge) -> str:
    """Of which kind the thing with a picture is that has a name; empty if nothing has it."""
    return next((kind for kind in KINDS if name in knowledge.names(kind)), "")


def _options(names: Sequence[str]) -> str:
    return ", ".join(f"'--{_dashed(name)}'" for name in names)


def _dashed(name: str) -> str:
    return name.replace("_", "-")
