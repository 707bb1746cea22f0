"""``raphe``: the group of commands, and what happens when something goes wrong."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import sys
from collections.abc import Iterator
from typing import Any, NoReturn, TextIO

try:
    import click

    from raphe.errors import InputError, Problem, RapheError, nearest
    from raphe.version import __version__
except KeyboardInterrupt:
    # Ctrl-C while modules are still being read, before `run` can see it.
    print("raphe: interrupted.", file=sys.stderr)
    sys.exit(130)

#: Commands in the order in which help lists them, and the module that holds each.
COMMANDS = (
    "predict",
    "explain",
    "dose",
    "course",
    "augment",
    "check",
    "score",
    "consistent",
    "given",
    "next",
    "draw",
    "report",
    "diff",
    "validate",
    "new",
    "list",
    "schema",
    "assay",
    "press",
)

#: Modules that are not named as their command, whose name Python has taken.
_MODULES = {"list": "listing", "next": "measuring"}

#: Exit statuses.
DONE, CONTRADICTED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
#: Objects that are made before Python looks for garbage among them.
_ALLOCATIONS = 100_000


class _ReaderLeftError(Exception):
    """Whoever read the output has left; under a name that click does not take for itself."""


@contextlib.contextmanager
def _reader_may_leave() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise _ReaderLeftError from error
    except SystemExit as leaving:
        # What rich makes of a broken pipe: it leaves with 1.
        if not isinstance(leaving.__context__, BrokenPipeError):
            raise
        raise _ReaderLeftError from leaving


class Commands(click.Group):
    """Loads the module of a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Names in order of use, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        module = _MODULES.get(cmd_name, cmd_name)
        command: click.Command = importlib.import_module(f"raphe.cli.{module}").command
        return command

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Parse the arguments; help and version are printed here."""
        with _reader_may_leave():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _reader_may_leave():
            return super().invoke(ctx)

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
    # What is loaded stays, and a command makes many values and few cycles: looking for garbage as
    # often as Python does takes a tenth of the time of a prediction.
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 50, 50)
    status = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            # What could not be written once must not fail again when Python exits.
            _discard(stream)
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run one command, without arguments its help; the exit status."""
    try:
        _ready_streams()
        status = raphe.main(args=arguments or ["--help"], prog_name="raphe", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, click.exceptions.Abort):
        # Whether files are in place already is not known here, so nothing is said about them.
        _complain(["interrupted."])
        return INTERRUPTED
    except click.ClickException as error:
        _complain([_usage(error)])
        return BAD_INPUT
    except InputError as error:
        _complain([str(problem) for problem in error.problems])
        return BAD_INPUT
    except RapheError as error:
        _complain([str(error)])
        return BAD_INPUT
    except MemoryError:
        _complain([_too_large(arguments)])
        return BAD_INPUT
    except (_ReaderLeftError, BrokenPipeError):
        _discard(sys.stdout)
        return DONE
    except OSError as error:
        _discard(sys.stdout)
        _complain([_refused(error)])
        return BAD_INPUT
    return status if isinstance(status, int) else DONE


def _ready_streams() -> None:
    """Make both streams take any text: closed ones drop it, narrow encodings escape it."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _discard(stream: TextIO) -> None:
    """Drop what a stream still buffers, so that it does not fail again when Python exits."""
    with contextlib.suppress(OSError, ValueError):
        goal = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, goal)
        os.close(nowhere)


def _too_large(arguments: list[str]) -> str:
    """What to say when memory is short, with the number of draws if the command has one."""
    with contextlib.suppress(click.exceptions.Exit, click.ClickException, RapheError):
        root = click.Context(raphe, info_name="raphe")
        command = raphe.get_command(root, arguments[0]) if arguments else None
        if command is not None:
            asked = command.make_context(arguments[0], arguments[1:], parent=root).params
            if "draws" in asked:
                return (
                    f"not enough memory for {asked['draws']} draws. Ask for fewer with '--draws'."
                )
    return "not enough memory."


def _refused(error: OSError) -> str:
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"'{error.filename}': {reason}."
    return f"cannot write the answer: {reason}. Free some space, or send it elsewhere."


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    message = error.format_message()
    hint = f" '{context.command_path} --help' shows what there is." if context else ""
    return f"{message[0].lower()}{message[1:]}{'' if message.endswith(('.', '?')) else '.'}{hint}"


def _complain(lines: list[str]) -> None:
    # Nobody may be there to read it; the exit status says enough then.
    with contextlib.suppress(OSError):
        if len(lines) > 1:
            click.echo(f"raphe: {len(lines)} problems", err=True)
        for line in lines:
            click.echo(f"{'  ' if len(lines) > 1 else 'raphe: '}{line}", err=True)
