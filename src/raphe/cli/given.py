"""``raphe given``."""

from __future__ import annotations

from typing import Any

import click

from raphe.cli.options import (
    make_setting,
    output_options,
    parse_doses,
    setting_options,
    treatment_options,
)
from raphe.cli.output import print_json, progress, terminal
from raphe.errors import InputError, Problem
from raphe.learning import given, predict_given
from raphe.prediction import Prediction
from raphe.reweighting import USUAL_LEAST, USUAL_WRONG
from raphe.settings import Setting


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
def command(
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
    within = make_setting(options)
    options["dose"] = parse_doses(options["dose"])
    asked = bool(drugs or options["condition"])
    if nodes and not asked:
        raise InputError([Problem("a readout, but nothing to predict.", "Add '--predict DRUG'.")])
    for node in nodes:
        _require_node(within, node)
    predicted: tuple[Prediction, Prediction] | None = None
    with progress("learning", quiet or as_json, no_color):
        learnt = given(*names, wrong=wrong, least=least, within=within)
        if asked:
            predicted = predict_given(learnt, *drugs, within=within, **options)
    shown = nodes or (within.model.network.pathway.readouts if asked else ())
    if as_json:
        from raphe.report.given_json import given_json

        print_json(given_json(learnt, predicted, shown))
        return
    from raphe.report.given_terminal import show_given

    show_given(learnt, predicted, shown, terminal(no_color))


def _require_node(within: Setting, node: str) -> None:
    from raphe.errors import nearest

    index = within.model.network.index
    if node not in index:
        raise InputError([Problem(f"no node '{node}'.", nearest(node, index))])
