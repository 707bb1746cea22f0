"""``raphe diff``."""

from __future__ import annotations

from typing import Any

import click

from raphe.attribution import Draws
from raphe.cli.options import make_setting, output_options, setting_options
from raphe.cli.output import print_json, terminal, told
from raphe.comparison import compare_revisions
from raphe.errors import InputError, not_one_of
from raphe.finding import Regimen
from raphe.revision import USUAL_FOLDER, open_revision


@click.command(
    "diff",
    epilog="""\b
A version is a folder, or what git takes for a commit of the repository that you are in.
\b
Examples:
  raphe diff v0.2 HEAD                          what do my edits of pathways/ change?
  raphe diff HEAD pathways --drug mirtazapine   … those that are not committed yet
  raphe diff old/pathways new/pathways --regimen chronic --json""",
)
@click.argument("earlier")
@click.argument("later")
@click.option(
    "--folder",
    default=USUAL_FOLDER,
    show_default=True,
    metavar="DIR",
    help="Where the git repository keeps its knowledge.",
)
@click.option("--drug", "drugs", multiple=True, metavar="DRUG", help="Only this one; repeatable.")
@click.option(
    "--regimen",
    "regimens",
    multiple=True,
    metavar="NAME",
    help="Only acute, chronic or washout; repeatable.",
)
@setting_options
@output_options
def command(
    earlier: str,
    later: str,
    folder: str,
    drugs: tuple[str, ...],
    regimens: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> None:
    """Tell which calls changed between two versions of the knowledge, and what did it."""
    # Folders of one's own extend both versions, not the library that ships.
    own = make_setting(options)
    further = own.knowledge.folders[1:]
    chosen = _regimens(regimens)
    with (
        open_revision(earlier, folder, own.circuit, further) as one,
        open_revision(later, folder, own.circuit, further) as other,
        told(quiet or as_json, no_color) as said,
    ):
        draws = Draws(own.prior, own.draws, own.seed, dict(own.sides))
        made = compare_revisions(one, other, own.circuit, drugs, chosen, draws, said)
    if as_json:
        from raphe.report.diff_json import diff_json

        print_json(diff_json(made))
        return
    from raphe.report.diff_terminal import show_comparison

    show_comparison(made, terminal(no_color))


def _regimens(names: tuple[str, ...]) -> tuple[Regimen, ...]:
    """Regimens by name, in their own order; all if none is named.

    Raises
    ------
    InputError
        A name is none of them.
    """
    known = list(Regimen)
    if wrong := [not_one_of(known, "regimen", name) for name in names if name not in known]:
        raise InputError(wrong)
    return tuple(one for one in Regimen if not names or one.value in names)
