"""``raphe check``."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import click

from raphe.cli.main import CONTRADICTED, DONE
from raphe.cli.options import make_setting, output_options, setting_options
from raphe.cli.output import print_json, progress, terminal, tracked
from raphe.consistency.score import score_checks
from raphe.consistency.scorecard import score_card
from raphe.consistency.verdicts import Verdict, check_findings
from raphe.errors import InputError, Problem
from raphe.questions import Checks, select_findings


@click.command(
    "check",
    epilog="""\b
Examples:
  raphe check --all
  raphe check desipramine --strict
  raphe check mirtazapine-nac-gaba-cms --json""",
)
@click.argument("names", nargs=-1, metavar="[DRUG|FINDING]…")
@click.option("--all", "everything", is_flag=True, help="Check all findings, and score them.")
@click.option("--strict", is_flag=True, help="Exit with 1 unless every finding in scope agrees.")
@setting_options
@output_options
def command(
    names: tuple[str, ...],
    everything: bool,
    strict: bool,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> int:
    """Hold predictions against reported findings."""
    if everything == bool(names):
        raise InputError(
            [Problem("which findings?", "Name drugs or findings, or say '--all'; not both.")]
        )
    from raphe.report.terminal import MOST_IN_FULL

    within = make_setting(options)
    chosen = select_findings(within.knowledge, names)
    reasons = as_json or len(chosen) <= MOST_IN_FULL
    made = check_findings(
        within.model, within.knowledge, chosen, reasons=reasons, certainties=everything
    )
    checks = Checks(tuple(tracked(made, len(chosen), "checking", quiet or as_json, no_color)))
    card = None
    if everything and score_checks(checks.rows, within.knowledge).rows:

        def said(what: str) -> AbstractContextManager[None]:
            return progress(what, quiet or as_json, no_color)

        card = score_card(within.model, within.knowledge, checks.rows, said=said)
    if as_json:
        from raphe.report.answer_json import checks_json

        print_json(checks_json(checks, card))
    else:
        from raphe.report.terminal import show_checks

        show_checks(checks, terminal(no_color))
        if card is not None:
            from raphe.report.score_terminal import show_score

            terminal(no_color).print()
            show_score(card, terminal(no_color))
    counted = checks.tally
    return (
        CONTRADICTED if strict and counted[Verdict.DISAGREES] + counted[Verdict.AMBIGUOUS] else DONE
    )
