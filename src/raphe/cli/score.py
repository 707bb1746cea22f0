"""``raphe score``."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from raphe.cli.main import DONE
from raphe.cli.options import make_setting, output_options, setting_options
from raphe.cli.output import print_json, progress, say_written, terminal, tracked
from raphe.consistency.robustness import MOVES
from raphe.consistency.scorecard import score_card
from raphe.consistency.verdicts import check_findings
from raphe.formats.files import write_files
from raphe.formats.marked_text import read_marked

#: Between what the tables are written into a file.
MARK = "raphe score"


@click.command(
    "score",
    epilog="""\b
Examples:
  raphe score                        how often predictions agree with what was reported
  raphe score --moves 200            … and with every strength moved one class at random (slow)
  raphe score --into README.md       the tables, between two marks of a Markdown file""",
)
@click.option(
    "--moves",
    default=0,
    show_default=True,
    type=click.IntRange(0, 1000),
    metavar="N",
    help=f"Also try N circuits with every strength a class up or down; {MOVES} take a minute.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the tables into a Markdown file, between the marks "
    "<!-- raphe score --> and <!-- end of raphe score -->.",
)
@setting_options
@output_options
def command(
    moves: int,
    into: Path | None,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> int:
    """Score all predictions against all findings, beside what simpler rules reach."""
    is_silent = quiet or as_json
    within = make_setting(options)
    findings = within.knowledge.findings
    # A file without marks is told of before anything is worked out.
    marked = read_marked(into, MARK) if into is not None else None
    made = check_findings(within.model, within.knowledge, findings, certainties=True)
    checks = tuple(tracked(made, len(findings), "checking", is_silent, no_color))

    def said(what: str) -> AbstractContextManager[None]:
        return progress(what, is_silent, no_color)

    card = score_card(within.model, within.knowledge, checks, priors=True, moves=moves, said=said)
    if into is not None and marked is not None:
        from raphe.report.score_tables import to_markdown

        text = marked.with_inside(f"\n{to_markdown(card)}\n")
        say_written(write_files(into.parent, {into.name: text}), is_silent)
    if as_json:
        from raphe.report.score_json import score_json

        print_json(score_json(card))
    elif into is None:
        from raphe.report.score_terminal import show_score

        show_score(card, terminal(no_color))
    return DONE
