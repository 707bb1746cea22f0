"""``raphe consistent``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from raphe.cli.consistent_findings import answer_findings, findings_options
from raphe.cli.main import CONTRADICTED, DONE, INTERRUPTED
from raphe.cli.options import output_options
from raphe.cli.output import print_json, reported, terminal
from raphe.errors import InputError
from raphe.errors import Problem as Mistake
from raphe.joint.answer import USUAL_CORES, USUAL_REPAIRS, Answer, answer
from raphe.joint.downstream import CoresAs
from raphe.joint.problem import Laws, Problem
from raphe.joint.repair import MCOS, SCENFIT, Permitted
from raphe.joint.running import Clock

_REPAIRS = {"mcos": MCOS, "scenfit": SCENFIT}
_LAWS = {
    "explained": "What changes, and is no input, is changed by a predecessor.",
    "unchanged-explained": "What stays hears nothing that changes, or opposite influences.",
    "founded": "What changes descends from an input.",
    "elementary-path": "What changes lies at the end of an elementary path from an input (off).",
}
#: Options that go for one of both questions alone.
_OF_FINDINGS = (
    *("knowledge", "circuit", "side", "regimen", "held", "unchanged", "permutations", "seed"),
    "draw",
)
_OF_FILES = ("auto_inputs", "ignore_unknown_signs", "repair", "repairs", "cores", "cores_as")
_FILE = click.Path(path_type=Path)


def _law_options(function: click.decorators.FC) -> click.decorators.FC:
    for name in reversed(_LAWS):
        default = name != "elementary-path"
        option = click.option(f"--{name}/--not-{name}", default=default, help=_LAWS[name])
        function = option(function)
    return function


@click.command(
    "consistent",
    epilog="""\b
Examples:
  raphe consistent mirtazapine desipramine
  raphe consistent --all --permutations 100 --json
  raphe consistent reboxetine --regimen chronic --draw output/contradictions
  raphe consistent --network yeast.cif --observations snf2.obs
  raphe consistent --network net.sif --observations seen.csv --repair scenfit
  raphe consistent --network net.cif --observations a.obs --time-limit 60 --json""",
)
@click.argument("names", nargs=-1, metavar="[DRUG|FINDING]…")
@click.option("--all", "everything", is_flag=True, help="All findings of the library.")
@click.option("--network", type=_FILE, metavar="FILE", help="A signed network: .cif, .sif, .csv.")
@click.option(
    "--observations",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help="What was seen: .obs, .csv; repeatable, all together on one network.",
)
@click.option(
    "--auto-inputs/--no-auto-inputs",
    default=True,
    help="Nodes that no other node acts on are inputs.",
)
@click.option("--ignore-unknown-signs", is_flag=True, help="Leave influences of unknown sign out.")
@click.option(
    "--repair",
    type=click.Choice(list(_REPAIRS)),
    default="mcos",
    show_default=True,
    help="Fewest new influences (mcos), or fewest observations replaced (scenfit).",
)
@click.option(
    "--repairs",
    type=click.IntRange(0),
    default=USUAL_REPAIRS,
    show_default=True,
    metavar="N",
    help="List up to N minimal repairs.",
)
@click.option(
    "--cores",
    type=click.IntRange(0),
    default=USUAL_CORES,
    show_default=True,
    metavar="N",
    help="List up to N minimal inconsistent cores.",
)
@click.option(
    "--cores-as",
    type=click.Choice([one.value for one in CoresAs]),
    default=CoresAs.MINIMAL.value,
    show_default=True,
    help="The fewest nodes that are to blame, or with them all that they lead to.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0, min_open=True),
    metavar="S",
    help="Stop after S seconds, and say what is proved by then.",
)
@findings_options
@_law_options
@output_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    names: tuple[str, ...],
    everything: bool,
    network: Path | None,
    observations: tuple[Path, ...],
    auto_inputs: bool,
    ignore_unknown_signs: bool,
    repair: str,
    repairs: int,
    cores: int,
    cores_as: str,
    time_limit: float | None,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> int:
    """Tell whether all that was seen can be true together, and if not what would have to change.

    Of drugs and findings on a circuit; or of a network and observations in plain files.
    """
    laws = {name: options.pop(name) for name in (key.replace("-", "_") for key in _LAWS)}
    is_plain = network is not None or bool(observations)
    _require_fitting(ctx, is_plain, bool(names) or everything)
    if not is_plain:
        return answer_findings(
            names, everything, Laws(**laws), time_limit, as_json, quiet, no_color, **options
        )
    if network is None or not observations:
        raise InputError(
            [Mistake("which network and observations?", "Name '--network' and '--observations'.")]
        )
    problem = _plain_problem(network, observations, auto_inputs, ignore_unknown_signs, Laws(**laws))
    permitted: Permitted = _REPAIRS[repair]
    with reported("solving", quiet or as_json, no_color) as said:
        clock = Clock(time_limit, said)
        found = answer(problem, permitted, repairs, cores, clock, CoresAs(cores_as))
    return _show(found, as_json, no_color)


def _require_fitting(ctx: click.Context, is_plain: bool, is_named: bool) -> None:
    """Refuse options that do nothing here, and both questions at once."""
    unfit = _OF_FINDINGS if is_plain else _OF_FILES
    given = [
        f"--{name.replace('_', '-')}"
        for name in unfit
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT
    ]
    mistakes = []
    if is_plain and is_named:
        what = "drugs or findings, and plain files."
        mistakes.append(Mistake(what, "Ask about the ones, then about the others."))
    if given:
        kind = "drugs and findings" if is_plain else "plain files"
        mistakes.append(Mistake(f"{', '.join(given)}: only of {kind}.", "Leave it away."))
    if mistakes:
        raise InputError(mistakes)


def _plain_problem(
    network: Path,
    observations: tuple[Path, ...],
    auto_inputs: bool,
    ignore_unknown_signs: bool,
    laws: Laws,
) -> Problem:
    """What files say."""
    from raphe.formats.sign_observations import read_observations
    from raphe.formats.signed_graphs import read_signed_graph

    graph = read_signed_graph(network)
    if ignore_unknown_signs:
        graph = graph.without_unknown_signs()
    sources = graph.sources if auto_inputs else frozenset[str]()
    conditions = [one for path in observations for one in read_observations(path)]
    moved = tuple(replace(one, inputs=one.inputs | sources) for one in conditions)
    return Problem(graph, moved, laws)


def _show(found: Answer, as_json: bool, no_color: bool) -> int:
    """Print an answer; the exit status."""
    if as_json:
        from raphe.report.joint_json import consistent_json

        print_json(consistent_json(found))
    else:
        from raphe.report.joint_terminal import show_answer

        show_answer(found, terminal(no_color))
    if found.stopped == "interrupted":
        return INTERRUPTED
    return DONE if found.consistent else CONTRADICTED
