"""Options that commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from raphe.errors import InputError, Problem, not_one_of
from raphe.knowledge import USUAL_CIRCUIT
from raphe.prior import PRIORS, USUAL_DRAWS, USUAL_PRIOR, USUAL_SEED
from raphe.settings import Setting, setting

Function = TypeVar("Function", bound=Callable[..., Any])


def knowledge_option(function: Function) -> Function:
    """``--knowledge DIR``, any number of times."""
    return click.option(
        "-k",
        "--knowledge",
        multiple=True,
        metavar="DIR",
        help="A folder of your own that extends or overrides the library; repeatable.",
    )(function)


def setting_options(function: Function) -> Function:
    """Knowledge, circuit and draws."""
    for option in (
        click.option(
            "--side",
            multiple=True,
            metavar="QUESTION=yes|no",
            help="Take a side where papers disagree ('raphe list questions'); repeatable.",
        ),
        click.option("--seed", default=USUAL_SEED, show_default=True, help="Seed of the draws."),
        click.option(
            "--draws",
            default=USUAL_DRAWS,
            show_default=True,
            help="How many draws of the unknowns.",
        ),
        click.option(
            "--prior",
            default=USUAL_PRIOR,
            show_default=True,
            metavar="NAME",
            help=f"What weights are drawn from: {', '.join(PRIORS)}.",
        ),
        click.option(
            "--circuit",
            default=USUAL_CIRCUIT,
            show_default=True,
            metavar="NAME",
            help="The circuit.",
        ),
    ):
        function = option(function)
    return knowledge_option(function)


def regimen_option(function: Function) -> Function:
    """``--regimen NAME``."""
    return click.option(
        "--regimen",
        default="chronic",
        show_default=True,
        metavar="NAME",
        help="acute, chronic or washout.",
    )(function)


def treatment_options(function: Function) -> Function:
    """What is done to the animal, and for how long."""
    return given_options(regimen_option(function))


def given_options(function: Function) -> Function:
    """What is given to the animal."""
    for option in (
        click.option(
            "--without",
            multiple=True,
            metavar="TARGET",
            help="Let no drug act at this target or family, e.g. alpha2; repeatable.",
        ),
        click.option(
            "--condition",
            default="",
            metavar="NAME",
            help="A disease model or lesion, of both groups.",
        ),
        click.option(
            "--compared-with",
            default=("vehicle",),
            multiple=True,
            metavar="DRUG",
            show_default="vehicle",
            help="What the comparison group was given; repeatable.",
        ),
        click.option(
            "--dose",
            multiple=True,
            metavar="[DRUG=]DOSE",
            help="An exposure by name, a free concentration ('60 nM') or a factor ('2x').",
        ),
    ):
        function = option(function)
    return function


def output_options(function: Function) -> Function:
    """How the answer is shown."""
    for option in (
        click.option("--no-color", is_flag=True, help="No colours (also: NO_COLOR)."),
        click.option("-q", "--quiet", is_flag=True, help="Nothing but the answer; no progress."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md)."),
    ):
        function = option(function)
    return function


def make_setting(options: dict[str, Any]) -> Setting:
    """The setting that the shared options ask for; takes them out of the options."""
    names = ("knowledge", "circuit", "prior", "draws", "seed")
    chosen = {name: options.pop(name) for name in names if name in options}
    return setting(**chosen, sides=_parse_sides(options.pop("side", ())))


def parse_question(options: dict[str, Any]) -> tuple[Setting, dict[str, Any]]:
    """The setting that is asked for, and what is left as questions take it: doses by drug."""
    within = make_setting(options)
    return within, {**options, "dose": parse_doses(options["dose"])}


def _parse_sides(given: tuple[str, ...]) -> dict[str, bool]:
    """Sides by question.

    Raises
    ------
    InputError
        A side is neither yes nor no, or both are taken.
    """
    sides: dict[str, bool] = {}
    problems: list[Problem] = []
    for text in given:
        question, _, answer = (part.strip() for part in text.partition("="))
        if answer not in ("yes", "no"):
            problems.append(
                Problem(f"'{text}' takes no side.", "Write QUESTION=yes or QUESTION=no.")
            )
        elif question in sides and sides[question] != (answer == "yes"):
            problems.append(Problem(f"both sides of '{question}'.", "Take one; or none."))
        sides[question] = answer == "yes"
    if problems:
        raise InputError(problems)
    return sides


def parse_doses(
    given: tuple[str, ...], noun: str = "dose", plural: str = "doses", option: str = "--dose"
) -> str | dict[str, str]:
    """Doses of all drugs alike, or by drug; or half-lives.

    Raises
    ------
    InputError
        One is given twice, or both for all drugs and for one.
    """
    by_drug: dict[str, str] = {}
    alike: list[str] = []
    problems: list[Problem] = []
    for text in given:
        name, separator, dose = text.partition("=")
        if not separator:
            alike.append(text)
        elif name.strip() in by_drug:
            problems.append(Problem(f"two {plural} of '{name.strip()}'.", "Give one."))
        else:
            by_drug[name.strip()] = dose.strip()
    if len(alike) > 1 or (alike and by_drug):
        whose = f"Say whose: '{option} DRUG={noun.upper()}'."
        problems.append(Problem(f"more {plural} than one.", whose))
    if problems:
        raise InputError(problems)
    return alike[0] if alike else by_drug or ""


def unknown_choices(what: str, given: tuple[str, ...], known: tuple[str, ...]) -> list[Problem]:
    """What of the words of an option it does not know; that there is none, too."""
    return [not_one_of(known, what, one) for one in given or ("",) if one not in known]


def wants_color(no_color: bool) -> bool:
    """Whether colours may be used at all."""
    return not no_color and not os.environ.get("NO_COLOR")
