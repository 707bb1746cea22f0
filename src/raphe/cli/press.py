"""``raphe press``."""

from __future__ import annotations

from pathlib import Path

import click

from raphe.cli.options import output_options
from raphe.cli.output import print_json, progress, terminal
from raphe.formats.signed_tsv import read_signed_tsv
from raphe.press import press
from raphe.prior import USUAL_DRAWS, USUAL_SEED


@click.command(
    "press",
    epilog="""\b
FILE has a line an edge: source, sign (1 or -1) and target, with tabs between.
\b
Examples:
  raphe press hares.tsv V                       more of V: what else rises and falls?
  raphe press hares.tsv V --down P --json
  raphe press network.tsv crp --self-limited    where the file has no loops of single nodes""",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("nodes", nargs=-1, metavar="[NODE]…")
@click.option("--down", multiple=True, metavar="NODE", help="Push this one down; repeatable.")
@click.option("--self-limited", is_flag=True, help="Let every node limit itself.")
@click.option(
    "--draws", default=USUAL_DRAWS, show_default=True, help="How many draws of the strengths."
)
@click.option("--seed", default=USUAL_SEED, show_default=True, help="Seed of the draws.")
@output_options
def command(
    file: Path,
    nodes: tuple[str, ...],
    down: tuple[str, ...],
    self_limited: bool,
    draws: int,
    seed: int,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> None:
    """Loop analysis of a plain signed graph: what a sustained push does to every node."""
    graph = read_signed_tsv(file)
    if self_limited:
        graph = graph.self_limited()
    with progress("counting and drawing", quiet or as_json, no_color):
        made = press(graph, nodes, down, draws, seed)
    if as_json:
        from raphe.report.press_json import press_json

        print_json(press_json(made))
        return
    from raphe.report.press_terminal import show_press

    show_press(made, terminal(no_color))
