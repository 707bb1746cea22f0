"""``raphe``: the group of commands, and what happens when something goes wrong."""

from __future__ import annotations

import importlib
import os
import sys
from typing import NoReturn

import click

from raphe.errors import InputError, Problem, RapheError, nearest
from raphe.version import __version__

#: Commands in the order in which help lists them, and the module that holds each.
COMMANDS = ("predict", "check", "draw", "report", "validate", "list", "schema", "assay")

#: Exit statuses.
DONE, CONTRADICTED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class Commands(click.Group):
    """Loads the module of a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Names in order of use, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        module = "listing" if cmd_name == "list" else cmd_name
        command: click.Command = importlib.import_module(f"raphe.cli.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Offer the nearest command for one that is not there."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            remedy = nearest(args[0], COMMANDS) or f"There are {', '.join(COMMANDS)}."
            raise InputError([Problem(f"no command '{args[0]}'.", remedy)])
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Examples: raphe predict mirtazapine · raphe check --all · raphe report desipramine",
)
@click.version_option(__version__, message="raphe %(version)s")
def raphe() -> None:
    """What a drug raises and lowers in a signaling pathway, drawn, checked and explained."""


def main() -> NoReturn:
    """Run the command line; leave with 0 done, 1 contradicted, 2 bad input."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; the exit status."""
    try:
        status = raphe.main(args=arguments, prog_name="raphe", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:
        return _interrupted()
    except KeyboardInterrupt:
        return _interrupted()
    except click.ClickException as error:
        _complain([_usage(error)])
        return BAD_INPUT
    except InputError as error:
        _complain([str(problem) for problem in error.problems])
        return BAD_INPUT
    except RapheError as error:
        _complain([str(error)])
        return BAD_INPUT
    except BrokenPipeError:
        # Whoever read the output has left; what is still buffered must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return status if isinstance(status, int) else DONE


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    message = error.format_message()
    hint = f" '{context.command_path} --help' shows what there is." if context else ""
    return f"{message[0].lower()}{message[1:]}{'' if message.endswith(('.', '?')) else '.'}{hint}"


def _complain(lines: list[str]) -> None:
    if len(lines) > 1:
        click.echo(f"raphe: {len(lines)} problems", err=True)
    for line in lines:
        click.echo(f"{'  ' if len(lines) > 1 else 'raphe: '}{line}", err=True)


def _interrupted() -> int:
    click.echo("raphe: interrupted; nothing was written.", err=True)
    return INTERRUPTED
