"""``raphe course``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from raphe.cli.main import DONE
from raphe.cli.options import (
    given_options,
    output_options,
    parse_doses,
    parse_question,
    setting_options,
)
from raphe.cli.output import print_json, progress, say_written, terminal
from raphe.course import USUAL_FOLLOWED, course
from raphe.course_checks import check_course
from raphe.errors import nearest
from raphe.formats.files import write_files


@click.command(
    "course",
    epilog="""\b
Examples:
  raphe course desipramine
  raphe course desipramine LC.firing cortex.NE          these readouts
  raphe course mirtazapine --days 42 --stop 28          treated for four weeks of six
  raphe course fluoxetine -o output/fluoxetine_course   curves as SVG and PNG
  raphe course buspirone --every 8h --days 7            doses that leave with their half-life
  raphe course citalopram --single --half-life rat      one dose, the half-life of rats""",
)
@click.argument("names", nargs=-1, metavar="DRUG… [READOUT]…")
@click.option("--days", type=float, metavar="N", help="Length of the course.  [default: 28]")
@click.option(
    "--stop",
    type=float,
    metavar="N",
    help="Day after which the drugs are stopped.  [default: 21; with --days, never]",
)
@click.option(
    "--followed",
    type=int,
    metavar="N",
    help=f"How many draws are followed; time goes with them.  [default: {USUAL_FOLLOWED}]",
)
@click.option(
    "--every",
    default="",
    metavar="TIME",
    help="Give doses, so often: '24h'. They leave with the half-life of the drug file.",
)
@click.option("--single", is_flag=True, help="Give one dose, and follow it for 3 days.")
@click.option(
    "--half-life",
    "half_life",
    multiple=True,
    metavar="[DRUG=]TIME",
    help="Another half-life ('3h'), or the species to take it of ('rat').",
)
@click.option("-o", "--output", metavar="DIR", help="Draw the curves into this folder.")
@given_options
@setting_options
@output_options
def command(
    names: tuple[str, ...],
    output: str | None,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> int:
    """Follow a treatment from its first hour to washout."""
    within, asked = parse_question(options)
    asked["half_life"] = parse_doses(asked["half_life"], "time", "half-lives", "--half-life")
    pathway = within.model.network.pathway
    known = within.knowledge.names("drugs")
    # A name that is neither is taken for what it looks like, and reported as that.
    readouts = [
        name
        for name in names
        if pathway.knows(name) or (nearest(name, pathway.nodes) and not nearest(name, known))
    ]
    drugs = [name for name in names if name not in readouts]
    with progress("following", quiet or as_json, no_color):
        found = course(*drugs, readouts=readouts, within=within, **asked)
    checks = check_course(found, within.knowledge)
    files: list[Path] = []
    if output:
        from raphe.report.course_plot import course_files

        files = write_files(Path(output), course_files(found))
    if as_json:
        from raphe.report.course_json import course_json

        print_json({**course_json(found, checks), "files": [str(path) for path in files]})
        return DONE
    from raphe.report.course_terminal import show_course

    show_course(found, checks, terminal(no_color))
    say_written(files, quiet)
    return DONE
