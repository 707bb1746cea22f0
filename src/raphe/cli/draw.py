"""``raphe draw``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from raphe.cli.options import (
    make_setting,
    output_options,
    parse_doses,
    setting_options,
    treatment_options,
    unknown_choices,
)
from raphe.cli.output import print_json, say_written, tracked
from raphe.errors import InputError, Problem, noting
from raphe.formats.files import write_files
from raphe.pictures import FORMATS, Picture, declared_pictures, make_picture, render
from raphe.wish import USUAL_HOPS, Wish, problems_of

_ENGINES = ("embedded", "system")
_THEMES = ("light", "dark")


@click.command(
    "draw",
    epilog="""\b
Examples:
  raphe draw beta_gs
  raphe draw mirtazapine_core_mechanism --theme dark --format svg,png,dot
  raphe draw monoamine --around LC.firing --hops 2 --drug desipramine
  raphe draw monoamine --path LC.firing cortex.BDNF --drug mirtazapine
  raphe draw --all -o output/diagrams""",
)
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--all", "everything", is_flag=True, help="Draw all declared figures and workflows.")
@click.option(
    "--drug",
    "drugs",
    multiple=True,
    metavar="DRUG",
    help="Draw the prediction of this drug; repeatable.",
)
@click.option("--around", default="", metavar="NODE", help="Cut out what is near a node.")
@click.option(
    "--hops",
    default=None,
    type=click.IntRange(0, 20),
    help=f"How near.  [default: {USUAL_HOPS}]",
)
@click.option(
    "--path", "path", nargs=2, default=None, metavar="A B", help="Cut out the ways from A to B."
)
@click.option(
    "--format", "formats", default="svg,png,dot", show_default=True, help="Any of svg, png, dot."
)
@click.option("--theme", default="light", show_default=True, metavar="NAME", help="light or dark.")
@click.option(
    "--engine",
    default="embedded",
    show_default=True,
    metavar="NAME",
    help="embedded, or system: an installed Graphviz.",
)
@click.option(
    "-o", "--output", default="output/diagrams", show_default=True, metavar="DIR", help="Where to."
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
    drugs: tuple[str, ...],
    around: str,
    hops: int | None,
    path: tuple[str, str] | None,
    formats: str,
    theme: str,
    engine: str,
    output: str,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> None:
    """Draw a figure, workflow, cascade, or a cut of a circuit."""
    chosen = tuple(one.strip() for one in formats.split(",") if one.strip())
    problems = [
        *unknown_choices("format", chosen, FORMATS),
        *unknown_choices("theme", (theme,), _THEMES),
        *unknown_choices("engine", (engine,), _ENGINES),
    ]
    given = {
        name: value
        for name, value in options.items()
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT
    }
    try:
        within = make_setting(options)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    treatment = {name: given[name] for name in options if name in given}
    if "dose" in treatment:
        with noting(problems):
            treatment["dose"] = parse_doses(treatment["dose"])
    if everything == bool(names):
        problems.append(
            Problem(
                "what to draw?", "Name figures, workflows, cascades or circuits, or say '--all'."
            )
        )
    if "circuit" in given:
        remedy = (
            "Leave '--circuit' out, and name what is drawn: 'raphe draw CIRCUIT --around NODE'."
        )
        problems.append(Problem("every picture names its own circuit.", remedy))
    wish = Wish("", drugs, around, hops, path or (), treatment)
    if everything and wish != Wish(""):
        said = [("drug", drugs), ("around", around), ("path", path), ("hops", hops is not None)]
        extra = [*(name for name, value in said if value), *treatment]
        shown = ", ".join(f"'--{name.replace('_', '-')}'" for name in extra)
        what = f"'--all' draws what is declared, as it is declared; {shown} would change it."
        problems.append(Problem(what, "Name the pictures that you mean."))
        wish = Wish("")
    chosen_names = declared_pictures(within.knowledge) if everything else list(names)
    wishes = [replace(wish, name=name) for name in chosen_names]
    for one in wishes:
        problems += [new for new in problems_of(one, within) if new not in problems]
    if problems:
        raise InputError(problems)
    files: dict[str, str | bytes] = {}
    pictures: list[Picture] = []
    for one in tracked(wishes, len(wishes), "drawing", quiet or as_json, no_color):
        with noting(problems):
            picture = make_picture(one, within)
            pictures.append(picture)
            files |= render(picture, chosen, theme, engine)
    if problems:
        raise InputError(problems)
    written = write_files(Path(output), files)
    if as_json:
        rows = [{"name": one.name, "title": one.figure.title} for one in pictures]
        print_json(
            {"schema": "raphe.draw/1", "pictures": rows, "files": [str(one) for one in written]}
        )
        return
    say_written(written, quiet)
