"""``raphe list``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from raphe.cli.options import knowledge_option, output_options
from raphe.cli.output import print_json, terminal
from raphe.composition import compose
from raphe.errors import InputError, Problem, nearest
from raphe.finding import Finding
from raphe.knowledge import COLLECTED, NAMED, USUAL_CIRCUIT, Knowledge, load_knowledge
from raphe.prior import PRIORS

Listed = list[dict[str, Any]]


@click.command(
    "list",
    epilog="""\b
Examples:
  raphe list drugs
  raphe list findings --json
  raphe list nodes            nodes of the circuit that drugs are tried on""",
)
@click.argument("kind")
@knowledge_option
@output_options
def command(
    kind: str, knowledge: tuple[str, ...], as_json: bool, quiet: bool, no_color: bool
) -> None:
    """List what the knowledge base holds of a KIND.

    Kinds: drugs, targets, findings, references, circuits, cascades, conditions, figures,
    workflows, nodes, priors.
    """
    del quiet
    rows = listed(load_knowledge(knowledge), kind)
    if as_json:
        print_json({"schema": "raphe.list/1", kind: rows})
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bright_black")
    columns = list(rows[0]) if rows else ["name"]
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_shown(row[column])) for column in columns))
    terminal(no_color).print(table)


def listed(knowledge: Knowledge, kind: str) -> Listed:
    """Rows of a kind, each with its name first.

    Raises
    ------
    InputError
        There is no such kind.
    """
    makers = {
        "drugs": _drugs,
        "targets": _targets,
        "findings": _findings,
        "references": _references,
        "nodes": _nodes,
        "priors": _priors,
    }
    if kind in makers:
        return makers[kind](knowledge)
    if kind in NAMED:
        documents = [knowledge.document(kind, name).value for name in knowledge.names(kind)]
        return [{"name": one.name, "title": one.title} for one in documents]
    kinds = sorted({*makers, *NAMED, *COLLECTED})
    raise InputError(
        [Problem(f"no kind '{kind}'.", nearest(kind, kinds) or f"It is one of {', '.join(kinds)}.")]
    )


def _drugs(knowledge: Knowledge) -> Listed:
    drugs = [knowledge.drug(name) for name in knowledge.names("drugs")]
    return [
        {
            "name": drug.name,
            "title": drug.title,
            "class": drug.class_,
            "targets": [
                name for name, rows in drug.targets.items() if any(row.is_used for row in rows)
            ],
            "exposures": list(drug.exposure),
        }
        for drug in drugs
    ]


def _targets(knowledge: Knowledge) -> Listed:
    own = knowledge.targets
    rows = [
        {"name": symbol, "title": one.name, "synonyms": list(one.synonyms), "members": []}
        for symbol, one in sorted(own.targets.items())
    ]
    rows += [
        {
            "name": name,
            "title": one.name,
            "synonyms": list(one.synonyms),
            "members": list(one.members),
        }
        for name, one in sorted(own.families.items())
    ]
    return rows


def _findings(knowledge: Knowledge) -> Listed:
    return [
        {
            "name": name,
            "drugs": list(one.drugs),
            "regimen": one.regimen.value,
            "readout": _readout(one),
            "reported": one.direction.value if one.direction else "",
            "magnitude": one.magnitude,
            "condition": one.condition,
            "disputed": one.disputed,
        }
        for name, one in knowledge.findings.items()
    ]


def _readout(finding: Finding) -> str:
    return f"occupancy of {finding.occupancy.target}" if finding.occupancy else finding.readout


def _references(knowledge: Knowledge) -> Listed:
    return [
        {
            "name": name,
            "citation": one.citation,
            "title": one.title,
            "journal": one.journal,
            "checked": one.checked.value,
        }
        for name, one in knowledge.references.items()
    ]


def _nodes(knowledge: Knowledge) -> Listed:
    pathway = compose(knowledge.circuit(USUAL_CIRCUIT), knowledge.cascade)
    return [
        {
            "name": name,
            "label": node.label,
            "kind": node.declared.kind.value,
            "place": node.place,
            "target": list(node.declared.target),
            "tone": str(node.declared.resting_tone),
            "readout": name in pathway.readouts,
        }
        for name, node in pathway.nodes.items()
    ]


def _priors(_: Knowledge) -> Listed:
    return [{"name": prior.name, "about": prior.about} for prior in PRIORS.values()]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)
