"""``raphe report``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from raphe.cli.options import (
    output_options,
    parse_question,
    setting_options,
    treatment_options,
)
from raphe.cli.output import print_json, progress, say_written, terminal
from raphe.folder import folder_name, report_files
from raphe.formats.files import write_files
from raphe.questions import predict
from raphe.report.answer_json import prediction_json
from raphe.report.terminal import show_answer


@click.command(
    "report",
    epilog="""\b
Examples:
  raphe report mirtazapine
  raphe report desipramine --regimen acute -o output/desipramine_acute
  raphe report mirtazapine desipramine --compared-with desipramine""",
)
@click.argument("drugs", nargs=-1, metavar="[DRUG]…")
@click.option(
    "-o",
    "--output",
    default="",
    metavar="DIR",
    help="Where to; by default output/DRUG, with what is not usual: output/DRUG_acute.",
)
@treatment_options
@setting_options
@output_options
def command(
    drugs: tuple[str, ...], output: str, as_json: bool, quiet: bool, no_color: bool, **options: Any
) -> None:
    """Predict, draw, check and explain, in one folder."""
    within, asked = parse_question(options)
    with progress("predicting, checking and drawing", quiet or as_json, no_color):
        answer = predict(*drugs, within=within, **asked)
        files = report_files(answer)
        folder = Path(output) if output else Path("output", folder_name(answer))
        written = write_files(folder, files)
    if as_json:
        print_json({**prediction_json(answer), "files": [str(path) for path in written]})
        return
    if not quiet:
        show_answer(answer, terminal(no_color))
        click.echo()
    say_written([path for path in written if path.parent == folder], quiet)
    say_written([f"{folder / 'diagrams'} ({len(written) - 4} files)"], quiet)
