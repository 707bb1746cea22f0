"""``raphe new``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from raphe.cli.output import say_written
from raphe.errors import InputError, Problem, UnavailableError, nearest
from raphe.formats.files import write_files
from raphe.knowledge import Knowledge, folder_problem, load_knowledge
from raphe.template import (
    Template,
    cascade_template,
    drug_template,
    finding_template,
    reference_template,
)

Function = TypeVar("Function", bound=Callable[..., Any])

#: Where one's own knowledge goes if nothing says otherwise and none is there yet.
USUAL_FOLDER = "my_knowledge"


class Kinds(click.Group):
    """Offers the nearest kind for one that there is none of."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Kinds in order of use."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The kind that is asked for."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            known = list(self.commands)
            remedy = nearest(args[0], known) or f"It is one of {', '.join(known)}."
            raise InputError([Problem(f"nothing new of the kind '{args[0]}'.", remedy)])
        return super().resolve_command(ctx, args)


@click.group(
    "new",
    cls=Kinds,
    no_args_is_help=False,
    invoke_without_command=True,
    epilog="""\b
Examples:
  raphe new reference doe-2001
  raphe new finding --drug mirtazapine --readout cortex.NE --direction up --regimen acute
  raphe new drug my_drug --target 'HTR2A=antagonist:6.3 nM' --target SLC6A4=inhibitor
  raphe new pathway jak_stat --stdout""",
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Begin a knowledge file: commented, filled in as far as is known, never over another.

    It is written into the last folder that --knowledge names; else into the present folder if it is
    one of knowledge, else into its folder 'pathways', else into 'my_knowledge'. docs/curate.md goes
    on from there.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _shared(function: Function) -> Function:
    for option in (
        click.option("-q", "--quiet", is_flag=True, help="Do not name the file that is written."),
        click.option("--stdout", is_flag=True, help="Print it; write nothing."),
        click.option(
            "-k",
            "--knowledge",
            multiple=True,
            metavar="DIR",
            help="Your own folder, new or not; of several, the last is written to.",
        ),
    ):
        function = option(function)
    return function


_reference = click.option("--ref", "reference", default="", metavar="ID", help="The paper.")


@command.command("drug")
@click.argument("name")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="TARGET=ACTION[:AFFINITY]",
    help="What it binds, e.g. 'HTR2A=antagonist:6.3 nM' or 'SLC6A4=inhibitor:pKi 8.2'; repeatable.",
)
@_reference
@_shared
def new_drug(name: str, targets: tuple[str, ...], reference: str, **options: Any) -> None:
    """A drug: what it binds, does there, and reaches."""
    _begin(lambda known: drug_template(known, name, targets, reference), **options)


@command.command("finding")
@click.argument("name", default="")
@click.option("--drug", "drugs", multiple=True, metavar="DRUG", help="What was given; repeatable.")
@click.option("--readout", default="", metavar="NODE", help="What was measured, e.g. cortex.NE.")
@click.option("--direction", default="", metavar="WORD", help="up, down, unchanged or normalised.")
@click.option("--regimen", default="", metavar="WORD", help="acute, chronic or washout.")
@click.option("--condition", default="", metavar="NAME", help="Disease model or lesion.")
@click.option("--compared-with", multiple=True, metavar="DRUG", help="If not vehicle; repeatable.")
@_reference
@_shared
def new_finding(
    name: str,
    drugs: tuple[str, ...],
    readout: str,
    direction: str,
    regimen: str,
    condition: str,
    compared_with: tuple[str, ...],
    reference: str,
    knowledge: tuple[str, ...],
    stdout: bool,
    quiet: bool,
) -> None:
    """One change of one readout that a paper reports.

    Without NAME, its id is made of the drugs, the readout and the regimen.
    """
    _begin(
        lambda known: finding_template(
            known, name, drugs, readout, direction, regimen, condition, compared_with, reference
        ),
        knowledge,
        stdout,
        quiet,
    )


@command.command("pathway")
@click.argument("name")
@_reference
@_shared
def new_pathway(name: str, reference: str, **options: Any) -> None:
    """A cascade: nodes and signed edges."""
    _begin(lambda known: cascade_template(known, name, reference), **options)


@command.command("reference")
@click.argument("name", metavar="ID")
@_shared
def new_reference(name: str, **options: Any) -> None:
    """A paper, under an id such as doe-2001."""
    _begin(lambda known: reference_template(known, name), **options)


def _begin(
    make: Callable[[Knowledge], Template],
    knowledge: Sequence[str],
    stdout: bool,
    quiet: bool,
) -> None:
    """Make a template in the light of what is there, and print or write it."""
    goal = Path(knowledge[-1]) if knowledge else _usual_folder()
    # The folder that is written to may be new; the others must be there.
    there = [Path(name) for name in knowledge[:-1]]
    if goal.is_dir() and not folder_problem(goal):
        there.append(goal)
    known = load_knowledge().extended_by(load_knowledge(there).folders[1:])
    template = make(known)
    if stdout:
        click.echo(template.text, nl=False)
        return
    file = goal / template.file
    if file.exists():
        what = f"'{file}' is there already."
        raise InputError([Problem(what, "Complete it, or give another name.")])
    try:
        written = write_files(goal, {template.file: template.text})
    except UnavailableError as error:
        raise UnavailableError(error.what, "Name another folder with '-k'.") from None
    say_written(written, quiet)
    if not quiet:
        click.echo(f"fill it in, then: raphe validate {file}")


def _usual_folder() -> Path:
    """Where knowledge goes: the present folder, its 'pathways', or a new folder of one's own."""
    here = Path()
    for folder in (here, here / "pathways"):
        if not folder_problem(folder):
            return folder
    return Path(USUAL_FOLDER)
