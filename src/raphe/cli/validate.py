"""``raphe validate``."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from raphe.checks.claims import EvidenceSummary
from raphe.cli.main import BAD_INPUT, CONTRADICTED, DONE
from raphe.cli.options import knowledge_option, output_options
from raphe.cli.output import print_json, progress
from raphe.errors import Problem
from raphe.knowledge import load_knowledge
from raphe.validation import Report, validate_files, validate_knowledge

#: Unread claims that the terminal shows one by one; `--json` has all of them.
_MAX_UNREAD = 20


@click.command(
    "validate",
    epilog="""\b
Examples:
  raphe validate                     the whole library
  raphe validate my_drug.yaml        a file of your own, in the light of the library
  raphe validate --knowledge DIR     the library with your own folder
  raphe validate --evidence          what the claims rest on""",
)
@click.argument("paths", nargs=-1, metavar="[PATH]…")
@click.option(
    "--warnings", "show_warnings", is_flag=True, help="Show every warning, not only their number."
)
@click.option("--evidence", "show_evidence", is_flag=True, help="Show what the claims rest on.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a claim has no evidence at all.")
@knowledge_option
@output_options
def command(
    paths: tuple[str, ...],
    show_warnings: bool,
    show_evidence: bool,
    strict: bool,
    knowledge: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Check knowledge files: all mistakes at once, each with its place and what would be right."""
    base = load_knowledge(knowledge)
    with progress("reading", quiet or as_json, no_color):
        report = validate_files(paths, base) if paths else validate_knowledge(base)
    if as_json:
        print_json(_as_json(report))
    else:
        _show(report, show_warnings, show_evidence, quiet)
    if not report.is_valid:
        return BAD_INPUT
    baseless = any(support.unsupported for _, support in report.evidence.support)
    return CONTRADICTED if strict and baseless else DONE


def _show(report: Report, show_warnings: bool, show_evidence: bool, quiet: bool) -> None:
    for problem in report.errors:
        click.echo(str(problem), err=True)
    if show_warnings:
        for warning in report.warnings:
            click.echo(str(warning))
    if show_evidence:
        click.echo(_evidence(report.evidence))
    if quiet:
        return
    counts = (("file", report.files), ("error", report.errors), ("warning", report.warnings))
    click.echo(", ".join(_count(len(found), thing) for thing, found in counts))
    if report.warnings and not show_warnings:
        counted = Counter(warning.name.value for warning in report.warnings)
        names = ", ".join(f"{name} {number}" for name, number in sorted(counted.items()))
        click.echo(f"  {names} (see them: --warnings)")


def _evidence(summary: EvidenceSummary) -> str:
    lines = [f"{'':<12}{'all':>7}{'cited':>8}{'unread':>8}{'assumed':>9}{'none':>6}"]
    lines += [
        f"{kind.value:<12}{own.total:>7}{own.cited:>8}{own.unread:>8}{own.assumed:>9}"
        f"{own.unsupported:>6}"
        for kind, own in summary.support
    ]
    if summary.unread:
        lines.append("unread: rests only on references that nobody has read:")
        lines += [f"  {one}" for one in summary.unread[:_MAX_UNREAD]]
        if (more := len(summary.unread) - _MAX_UNREAD) > 0:
            lines.append(f"  and {more} more")
    read = ", ".join(f"{checked.value} {number}" for checked, number in summary.references)
    seen = f"{100 * summary.checked_share:.0f} % were seen at least as a record"
    lines.append(f"references read: {read}; {seen}")
    return "\n".join(lines)


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "schema": "raphe.validate/1",
        "files": list(report.files),
        "errors": [_problem(one) for one in report.errors],
        "warnings": [{"name": one.name.value, **_problem(one.problem)} for one in report.warnings],
        "evidence": {
            kind.value: {
                "total": own.total,
                "cited": own.cited,
                "unread": own.unread,
                "assumed": own.assumed,
                "none": own.unsupported,
            }
            for kind, own in report.evidence.support
        },
        "unread": [
            {
                "file": one.file,
                "line": one.line,
                "claim": one.what,
                "references": list(one.references),
            }
            for one in report.evidence.unread
        ],
        "references": {checked.value: number for checked, number in report.evidence.references},
        "checked_share": round(report.evidence.checked_share, 4),
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "what": problem.what,
        "remedy": problem.remedy,
    }


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
