"""``raphe consistent`` about drugs and findings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from raphe.cli.main import CONTRADICTED, DONE, INTERRUPTED
from raphe.cli.options import knowledge_option, make_setting
from raphe.cli.output import print_json, progress, reported, say_written, terminal, tracked
from raphe.errors import InputError, Problem
from raphe.formats.files import check_folder, write_files
from raphe.joint.asking import consistent
from raphe.joint.problem import Laws
from raphe.joint.reported import Unchanged
from raphe.joint.running import Clock
from raphe.joint.significance import Chance, Significance, significance
from raphe.joint.treated import Reading
from raphe.knowledge import USUAL_CIRCUIT
from raphe.pictures import render
from raphe.prior import USUAL_SEED


def findings_options(function: click.decorators.FC) -> click.decorators.FC:
    """What is asked about drugs and findings; nothing of it goes for plain files."""
    for option in (
        click.option(
            "--draw",
            metavar="DIR",
            help="Draw each contradiction into this folder (findings).",
        ),
        click.option("--seed", default=USUAL_SEED, show_default=True, help="Of the permutations."),
        click.option(
            "--permutations",
            type=click.IntRange(0),
            default=0,
            metavar="N",
            help="Deal observations, and signs of the circuit, anew N times: p-values (findings).",
        ),
        click.option(
            "--unchanged",
            default=Unchanged.EXACT.value,
            show_default=True,
            metavar="HOW",
            help="Read a finding of «unchanged» as exact, or as small: of any sign (findings).",
        ),
        click.option(
            "--held",
            default=Reading().held,
            show_default=True,
            metavar="SHARE",
            help="Occupancy from which a drug holds its target (findings).",
        ),
        click.option(
            "--regimen",
            multiple=True,
            metavar="NAME",
            help="Only findings of acute, chronic or washout; repeatable.",
        ),
        click.option(
            "--side",
            multiple=True,
            metavar="QUESTION=yes|no",
            help="Take a side where papers disagree ('raphe list questions'); repeatable.",
        ),
        click.option(
            "--circuit",
            default=USUAL_CIRCUIT,
            show_default=True,
            metavar="NAME",
            help="The circuit (findings).",
        ),
    ):
        function = option(function)
    return knowledge_option(function)


@contextmanager
def _until_interrupted(clock: Clock) -> Iterator[None]:
    """Where Ctrl-C ends what is done, and nothing else."""
    try:
        yield
    except KeyboardInterrupt:
        clock.interrupt()


def answer_findings(
    names: tuple[str, ...],
    everything: bool,
    laws: Laws,
    time_limit: float | None,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> int:
    """Print whether findings can be true together; the exit status."""
    problems: list[Problem] = []
    if everything == bool(names):
        what = (
            "Name drugs or findings, or say '--all'. Of plain files: "
            "Name '--network' and '--observations'."
        )
        problems.append(Problem("which findings?", what))
    if laws.elementary_path:
        what = "elementary paths are asked for, which findings on circuits are not held to."
        problems.append(Problem(what, "Leave '--elementary-path' away."))
    if problems:
        raise InputError(problems)
    folder, permutations = options.pop("draw"), options.pop("permutations")
    seed, regimens = options.pop("seed"), options.pop("regimen")
    reading = {key: options.pop(key) for key in ("held", "unchanged")}
    calm = quiet or as_json
    if folder:
        check_folder(Path(folder), "--draw")
    with progress("reading the knowledge base", calm, no_color):
        within = make_setting(options)
        together = consistent(*names, regimens=regimens, laws=laws, within=within, **reading)
    clock = Clock(time_limit)
    together = replace(together, clock=clock)
    mending = None
    chances: list[Significance] = []
    with _until_interrupted(clock):
        for trial in tracked(
            together.trials, len(together.trials), "looking for contradictions", calm, no_color
        ):
            if clock.expired:
                break
            together.contradictions_in(trial)
        if together.found and together.is_whole:
            with reported("looking for the least repair", calm, no_color) as said:

                def tell(bound: int, broken: int) -> None:
                    said(f"the least repair weighs {bound} or more; {broken} experiments to mend")

                mending = together.mending(say=tell)
        with progress("asking what else is so", calm, no_color):
            together.answer_rest()
        for one in Chance if permutations else ():
            with progress("dealing anew", calm, no_color):
                chances.append(significance(together, one, permutations, seed))
    found = together.found
    if as_json:
        from raphe.report.together_json import together_json

        print_json(together_json(together, mending, chances))
    else:
        from raphe.report.together_terminal import show_together

        show_together(together, mending, chances, terminal(no_color))
    if folder and found:
        from raphe.joint.picture import figures

        files: dict[str, str | bytes] = {}
        for picture in figures(together.posed, found):
            files |= render(picture, ("svg", "png"), "light")
        say_written(write_files(Path(folder), files, "--draw"), calm)
    if clock.stopped == "interrupted":
        return INTERRUPTED
    return CONTRADICTED if found or clock.stopped else DONE
