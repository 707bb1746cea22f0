"""``raphe dose``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from raphe.cli.options import (
    output_options,
    parse_question,
    setting_options,
    treatment_options,
    unknown_choices,
)
from raphe.cli.output import print_json, progress, say_written, terminal
from raphe.dose_response import (
    USUAL_END,
    USUAL_POINTS,
    USUAL_START,
    dose_response,
    find_node,
)
from raphe.errors import InputError, NotFoundError, Problem, nearest
from raphe.formats.files import write_files
from raphe.settings import Setting

_FORMATS = ("svg", "png")
_THEMES = ("light", "dark")


@click.command(
    "dose",
    epilog="""\b
Examples:
  raphe dose mirtazapine                              all readouts, from 1/100 to 100 times the dose
  raphe dose buspirone hippocampus.5-HT DRN.firing    two of them, dose by dose
  raphe dose clonidine LC.firing --from '1 nM' --to '1 µM' --regimen acute
  raphe dose fluoxetine buspirone cortex.5-HT --sweep buspirone
  raphe dose buspirone hippocampus.5-HT -o output/doses       the curve as SVG and PNG""",
)
@click.argument("names", nargs=-1, metavar="DRUG… [READOUT]…")
@click.option(
    "--sweep", default="", metavar="DRUG", help="Whose dose is swept.  [default: the first drug]"
)
@click.option(
    "--from",
    "start",
    default=USUAL_START,
    show_default=True,
    metavar="DOSE",
    help="Lowest dose: a factor ('0.1x') or a free concentration ('1 nM').",
)
@click.option(
    "--to", "end", default=USUAL_END, show_default=True, metavar="DOSE", help="Highest dose."
)
@click.option(
    "--points", default=USUAL_POINTS, show_default=True, help="How many doses between them."
)
@click.option("-o", "--output", default="", metavar="DIR", help="Draw the curves into this folder.")
@click.option("--format", "formats", default="svg,png", show_default=True, help="svg, png or both.")
@click.option("--theme", default="light", show_default=True, metavar="NAME", help="light or dark.")
@treatment_options
@setting_options
@output_options
def command(
    names: tuple[str, ...],
    output: str,
    formats: str,
    theme: str,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> None:
    """Sweep the dose of a drug: what each dose moves, and where a direction turns."""
    chosen = tuple(one.strip() for one in formats.split(",") if one.strip())
    problems = [
        *unknown_choices("format", chosen, _FORMATS),
        *unknown_choices("theme", (theme,), _THEMES),
    ]
    within, asked = parse_question(options)
    drugs, readouts, unknown = _sorted_out(names, within)
    problems += unknown
    if problems:
        raise InputError(problems)
    with progress("drawing and solving", quiet or as_json, no_color):
        found = dose_response(*drugs, readouts=readouts, within=within, **asked)
        files: dict[str, str | bytes] = {}
        if output:
            from raphe.report.dose_plot import render_dose_response

            files = render_dose_response(found, chosen, theme)
    written = write_files(Path(output), files) if files else []
    if as_json:
        from raphe.report.dose_json import dose_json

        print_json({**dose_json(found), **({"files": [*map(str, written)]} if written else {})})
        return
    from raphe.report.dose_terminal import show_dose_response

    show_dose_response(found, terminal(no_color))
    say_written(written, quiet)


def _sorted_out(
    names: tuple[str, ...], within: Setting
) -> tuple[list[str], list[str], list[Problem]]:
    """Drugs, readouts, and what is neither."""
    drugs: list[str] = []
    readouts: list[str] = []
    problems: list[Problem] = []
    for name in names:
        try:
            drugs.append(within.knowledge.drug(name).name)
        except NotFoundError:
            try:
                readouts.append(find_node(within, name))
            except InputError:
                known = [*within.knowledge.names("drugs"), *within.model.network.index]
                there = "'raphe list drugs' and 'raphe list nodes' name those that there are."
                what = f"no drug and no node '{name}'."
                problems.append(Problem(what, nearest(name, known) or there))
    return drugs, readouts, problems
