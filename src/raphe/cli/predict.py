"""``raphe predict``."""

from __future__ import annotations

from typing import Any

import click

from raphe.cli.options import (
    output_options,
    parse_question,
    setting_options,
    treatment_options,
)
from raphe.cli.output import print_json, progress, terminal
from raphe.questions import predict


@click.command(
    "predict",
    epilog="""\b
Examples:
  raphe predict mirtazapine
  raphe predict desipramine --regimen acute --dose 2x
  raphe predict mirtazapine --without alpha2          what carries the effect?
  raphe predict mirtazapine desipramine --compared-with desipramine
  raphe predict --condition chronic_mild_stress""",
)
@click.argument("drugs", nargs=-1, metavar="[DRUG]…")
@treatment_options
@setting_options
@output_options
def command(
    drugs: tuple[str, ...], as_json: bool, quiet: bool, no_color: bool, **options: Any
) -> None:
    """Predict what goes up and what goes down."""
    within, asked = parse_question(options)
    with progress("drawing and solving", quiet or as_json, no_color):
        answer = predict(*drugs, within=within, **asked)
    if as_json:
        from raphe.report.answer_json import prediction_json

        print_json(prediction_json(answer))
        return
    from raphe.report.terminal import show_answer

    show_answer(answer, terminal(no_color))
