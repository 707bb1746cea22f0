"""``raphe assay``."""

from __future__ import annotations

from pathlib import Path

import click

from raphe.assay.catalogue import CALCULATIONS, calculate, describe
from raphe.assay.plot import render_png, render_svg
from raphe.assay.report import to_dict, to_json, to_text
from raphe.cli.output import print_json, say_written
from raphe.errors import InputError, Problem, nearest
from raphe.formats.files import write_files


@click.command(
    "assay",
    epilog="""\b
Examples:
  raphe assay                                         what there is
  raphe assay ic50                                    which columns it needs
  raphe assay ic50 docs/assays/ic50.csv -o output/assays
  raphe assay saturation_binding data.csv --set hill=free --json""",
)
@click.argument("calculation", default="")
@click.argument("data", default="", metavar="[FILE.csv]")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting of the calculation; repeatable.",
)
@click.option("-o", "--output", metavar="DIR", help="Write table, JSON and plot into this folder.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Do not name the files that are written.")
def command(
    calculation: str,
    data: str,
    settings: tuple[str, ...],
    output: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Turn the raw data of an experimental protocol into results with errors and a plot."""
    if not calculation:
        for one in CALCULATIONS.values():
            click.echo(f"{one.name:<22}{one.about}")
        return
    name = calculation.replace("-", "_")
    if name not in CALCULATIONS:
        remedy = nearest(name, CALCULATIONS) or f"There are {', '.join(CALCULATIONS)}."
        raise InputError([Problem(f"no calculation '{calculation}'.", remedy)])
    if not data:
        click.echo(describe(CALCULATIONS[name]))
        return
    problems = [
        Problem(f"'{text}' is not a setting.", "Write '--set NAME=VALUE'.")
        for text in settings
        if "=" not in text
    ]
    if problems:
        raise InputError(problems)
    report = calculate(name, data, dict(text.split("=", 1) for text in settings))
    if as_json:
        print_json(to_dict(report))
    else:
        click.echo(to_text(report), nl=False)
    if output:
        stem = Path(data).stem if Path(data).stem.startswith(name) else f"{name}_{Path(data).stem}"
        files: dict[str, str | bytes] = {
            f"{stem}.txt": to_text(report),
            f"{stem}.json": to_json(report),
            f"{stem}.svg": render_svg(report.picture),
            f"{stem}.png": render_png(report.picture),
        }
        say_written(write_files(Path(output), files), quiet or as_json)
