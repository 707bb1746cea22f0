"""``raphe explain``."""

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
from raphe.errors import InputError, Problem, nearest
from raphe.questions import explain

_FORMATS = ("svg", "png", "dot")


@click.command(
    "explain",
    epilog="""\b
Examples:
  raphe explain mirtazapine DRN.firing
  raphe explain desipramine cortex.NE --regimen acute
  raphe explain mirtazapine NAc.GABA --condition chronic_mild_stress
  raphe explain mirtazapine citalopram cortex.5-HT --compared-with citalopram
  raphe explain desipramine LC.firing -o output/why.svg""",
)
@click.argument("names", nargs=-1, metavar="[DRUG]… READOUT")
@click.option(
    "--paths",
    default=10,
    show_default=True,
    type=click.IntRange(1, 200),
    help="How many paths are named; the others are one remainder.",
)
@click.option(
    "-o",
    "--draw",
    "picture",
    default="",
    metavar="FILE",
    help="Draw the paths with their shares: a name that ends in .svg, .png or .dot.",
)
@click.option("--sentences", is_flag=True, help="Only the sentences and their sources.")
@treatment_options
@setting_options
@output_options
def command(
    names: tuple[str, ...],
    paths: int,
    picture: str,
    sentences: bool,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> None:
    """Explain exactly why a readout changes: by target, path, loop and edge."""
    problems = _problems_of_picture(picture)
    if not names:
        problems.append(Problem("nothing to explain.", "Name drugs, and last the readout."))
        raise InputError(problems)
    within, asked = parse_question(options)
    *drugs, readout = names
    if not drugs and not asked["condition"]:
        given = within.knowledge.names("drugs")
        what = (
            f"which readout of {readout}?" if readout in given else f"what does what to {readout}?"
        )
        remedy = "Name drugs (or '--condition'), and last the readout."
        raise InputError([*problems, Problem(what, remedy)])
    with progress("drawing, solving and taking apart", quiet or as_json, no_color):
        try:
            explained = explain(*drugs, readout=readout, within=within, **asked)
        except InputError as error:
            raise InputError([*problems, *error.problems]) from None
        if problems:
            raise InputError(problems)
        account = explained.account
        _ = account.by_target, account.edges, account.decision
    written = _draw(explained, picture, paths) if picture else []
    if as_json:
        from raphe.report.explain_json import explained_json

        print_json(explained_json(explained, paths))
        return
    from raphe.report.explain_terminal import show_explained, show_story

    if sentences:
        show_story(explained, terminal(no_color))
    else:
        show_explained(explained, terminal(no_color), paths)
    say_written(written, quiet)


def _problems_of_picture(picture: str) -> list[Problem]:
    ending = picture.rpartition(".")[2].lower()
    if not picture or ("." in picture and ending in _FORMATS):
        return []
    remedy = nearest(ending, _FORMATS) if "." in picture else ""
    what = f"'{picture}' is no picture."
    return [Problem(what, remedy or f"Let it end in .{', .'.join(_FORMATS)}.")]


def _draw(explained: Any, picture: str, paths: int) -> list[Path]:
    from raphe.formats.files import write_files
    from raphe.pictures import picture_of_account, render

    path = Path(picture)
    ending = path.suffix[1:].lower()
    (made,) = render(picture_of_account(explained.account, path.stem, paths), (ending,)).values()
    return write_files(path.parent, {path.name: made})
