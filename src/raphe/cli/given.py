"""``raphe given``."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from raphe.cli.options import (
    output_options,
    parse_question,
    setting_options,
    treatment_options,
)
from raphe.cli.output import print_json, progress, terminal
from raphe.errors import InputError, Problem, noting
from raphe.learning import given, predict_given
from raphe.prediction import Prediction
from raphe.reweighting import USUAL_LEAST, USUAL_WRONG
from raphe.settings import Setting
from raphe.trial import Design, arrange_trial


@click.command(
    "given",
    epilog="""\b
Examples:
  raphe given desipramine-lc-firing-chronic
  raphe given desipramine --predict reboxetine --readout LC.firing
  raphe given --all                   does what findings teach carry over to others?
  raphe given --all --draws 4000 --least 200""",
)
@click.argument("names", nargs=-1, metavar="[DRUG|FINDING]…")
@click.option("--all", "everything", is_flag=True, help="Accept all findings.")
@click.option(
    "--wrong",
    default=USUAL_WRONG,
    show_default=True,
    metavar="P",
    help="Probability that a finding is wrong.",
)
@click.option(
    "--least",
    default=USUAL_LEAST,
    show_default=True,
    metavar="N",
    help="Effective draws that have to be left; findings count for less where fewer would be.",
)
@click.option(
    "--predict",
    "drugs",
    multiple=True,
    metavar="DRUG",
    help="Predict this drug with what was learnt; repeatable.",
)
@click.option(
    "--readout",
    "nodes",
    multiple=True,
    metavar="NODE",
    help="Of what is predicted, tell of this node; repeatable. The circuit's readouts by default.",
)
@treatment_options
@setting_options
@output_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    names: tuple[str, ...],
    everything: bool,
    wrong: float,
    least: int,
    drugs: tuple[str, ...],
    nodes: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> None:
    """Learn from accepted findings, and predict the rest with what was learnt."""
    if everything == bool(names):
        raise InputError(
            [Problem("which findings?", "Name drugs or findings, or say '--all'; not both.")]
        )
    within, asked = parse_question(options)
    is_asked = bool(drugs or asked["condition"])
    shown = _checked(within, drugs, nodes, asked) if is_asked else ()
    if not is_asked:
        _require_nothing_predicted(nodes, ctx)
    predicted: tuple[Prediction, Prediction] | None = None
    with progress("learning", quiet or as_json, no_color):
        learnt = given(*names, wrong=wrong, least=least, within=within)
        if is_asked:
            predicted = predict_given(learnt, *drugs, within=within, **asked)
    if as_json:
        from raphe.report.given_json import given_json

        print_json(given_json(learnt, predicted, shown))
        return
    from raphe.report.given_terminal import show_given

    show_given(learnt, predicted, shown, terminal(no_color))


def _checked(
    within: Setting, drugs: tuple[str, ...], nodes: tuple[str, ...], asked: dict[str, Any]
) -> tuple[str, ...]:
    """Full names of what is told of; what is mistyped is told before anything is learnt.

    Raises
    ------
    InputError
        With everything that was mistyped.
    """
    pathway = within.model.network.pathway
    problems: list[Problem] = []
    found: list[str] = []
    for node in nodes:
        with noting(problems):
            found.append(pathway.find(node))
    arrange_trial(Design(drugs, **asked), within, problems)
    return tuple(dict.fromkeys(found)) or pathway.readouts


def _require_nothing_predicted(nodes: tuple[str, ...], ctx: click.Context) -> None:
    """Refuse what says how to predict where nothing is predicted."""
    problems = []
    if nodes:
        problems.append(Problem("a readout, but nothing to predict.", "Add '--predict DRUG'."))
    for name in ("regimen", "dose", "compared_with", "without"):
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT:
            what = f"'--{name.replace('_', '-')}', but nothing to predict."
            problems.append(Problem(what, "Add '--predict DRUG'."))
    if problems:
        raise InputError(problems)
