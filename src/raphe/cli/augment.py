"""``raphe augment``."""

from __future__ import annotations

from typing import Any

import click

from raphe.augmentation import augment
from raphe.cli.options import output_options, parse_question, regimen_option, setting_options
from raphe.cli.output import print_json, progress, terminal

#: Drugs that a screen has room for, and those of them that are explained on it.
USUAL_MOST, EXPLAINED = 12, 3


@click.command(
    "augment",
    epilog="""\b
Examples:
  raphe augment fluoxetine --up cortex.DA --not-down LC.firing
  raphe augment desipramine --up hippocampus.5-HT --regimen acute --therapeutic
  raphe augment haloperidol --down NAc.DA.response --not-up LC.firing --json
\b
Drugs that are declared not to be given together with what is given are left out; that list is not
complete. No clinical advice.""",
)
@click.argument("drugs", nargs=-1, metavar="DRUG…")
@click.option("--up", multiple=True, metavar="NODE", help="The added drug shall raise it.")
@click.option("--down", multiple=True, metavar="NODE", help="… shall lower it.")
@click.option("--not-up", multiple=True, metavar="NODE", help="… shall not raise it.")
@click.option("--not-down", multiple=True, metavar="NODE", help="… shall not lower it.")
@click.option(
    "--therapeutic", is_flag=True, help="Add only drugs whose usual exposure is therapeutic."
)
@click.option(
    "--with-cautioned",
    is_flag=True,
    help="Add drugs too that are declared contraindicated with what is given, and mark them.",
)
@click.option("--with-peripheral", is_flag=True, help="Add drugs too that do not enter the brain.")
@regimen_option
@click.option(
    "--dose", multiple=True, metavar="[DRUG=]DOSE", help="Of what is given already; see predict."
)
@click.option("--condition", default="", metavar="NAME", help="A disease model or lesion.")
@click.option(
    "--most",
    default=USUAL_MOST,
    show_default=True,
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Show so many drugs; with '--json', explain so many.",
)
@setting_options
@output_options
def command(
    drugs: tuple[str, ...],
    most: int,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> None:
    """Find the drug to add that brings about what is wished for."""
    within, asked = parse_question(options)
    with progress("adding one drug after the other", quiet or as_json, no_color):
        made = augment(*drugs, within=within, **asked)
    if as_json:
        from raphe.report.augment_json import augment_json

        print_json(augment_json(made, most))
        return
    from raphe.report.augment_terminal import show_augmentation

    show_augmentation(made, most, EXPLAINED, terminal(no_color))
