"""``raphe next``."""

from __future__ import annotations

from typing import Any

import click

from raphe.cli.options import (
    output_options,
    parse_question,
    setting_options,
    treatment_options,
)
from raphe.cli.output import print_json, progress, terminal
from raphe.errors import InputError, Problem, nearest
from raphe.learning import USUAL_MOST, next_measurements
from raphe.settings import Setting


@click.command(
    "next",
    epilog="""\b
Examples:
  raphe next desipramine DRN.firing                    what would settle this call?
  raphe next desipramine DRN.firing --with clonidine   … measured with this drug
  raphe next --drug mirtazapine                        its open calls, together
  raphe next                                           all open calls of the library""",
)
@click.argument("question", nargs=-1, metavar="[DRUG… READOUT]")
@click.option(
    "--drug",
    "about",
    multiple=True,
    metavar="DRUG",
    help="Without a question: the ambiguous calls under this drug; repeatable.",
)
@click.option(
    "--with",
    "candidates",
    multiple=True,
    metavar="DRUG",
    help="Measure under this drug; repeatable. All drugs of the findings by default.",
)
@click.option(
    "--most",
    default=USUAL_MOST,
    show_default=True,
    metavar="N",
    help="How many measurements are shown.",
)
@treatment_options
@setting_options
@output_options
def command(
    question: tuple[str, ...],
    about: tuple[str, ...],
    candidates: tuple[str, ...],
    most: int,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> None:
    """Find the measurement that would tell most of what is not known."""
    within, asked = parse_question(options)
    if question and about:
        raise InputError([Problem("a question and '--drug'.", "Give one of them.")])
    drugs, readout = _question(within, question) if question else (about, "")
    with progress("weighing what could be measured", quiet or as_json, no_color):
        found = next_measurements(
            *drugs, readout=readout, candidates=candidates, most=most, within=within, **asked
        )
    if as_json:
        from raphe.report.next_json import next_json

        print_json(next_json(found))
        return
    from raphe.report.next_terminal import show_next

    show_next(found, terminal(no_color))


def _question(within: Setting, words: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Drugs and readout of a call; the readout stands last.

    Raises
    ------
    InputError
        The last word is no node.
    """
    *drugs, readout = words
    pathway = within.model.network.pathway
    if not pathway.knows(readout):
        remedy = nearest(readout, pathway.nodes) or (
            "A question is a drug and a readout, such as 'desipramine LC.firing'; 'raphe list "
            "nodes' names those that there are."
        )
        raise InputError([Problem(f"no node '{readout}'.", remedy)])
    return tuple(drugs), readout
