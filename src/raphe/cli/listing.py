"""``raphe list``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from raphe.cli.options import knowledge_option, output_options
from raphe.cli.output import print_json, terminal
from raphe.composition import compose
from raphe.errors import InputError, not_one_of
from raphe.finding import Finding
from raphe.flat_pathway import PlacedEdge
from raphe.knowledge import NAMED, USUAL_CIRCUIT, Knowledge, load_knowledge
from raphe.prior import PRIORS

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.measure import Measurement
    from rich.text import Text

Listed = list[dict[str, Any]]

#: What the kinds hold, in order of use.
KINDS = {
    "drugs": "drugs, with what they bind and at which exposures",
    "targets": "targets and families of targets",
    "findings": "what papers report",
    "references": "the papers",
    "circuits": "circuits that drugs are tried on",
    "cascades": "cascades that circuits are made of",
    "conditions": "disease models and lesions",
    "figures": "figures that 'raphe draw' draws",
    "workflows": "experimental protocols, drawn as well",
    "nodes": f"nodes of the circuit '{USUAL_CIRCUIT}'",
    "questions": "open questions, on which papers disagree; '--side' takes a side",
    "priors": "what weights are drawn from",
}


@click.command(
    "list",
    epilog="""\b
Examples:
  raphe list                  the kinds
  raphe list drugs
  raphe list findings --json  all that is declared of each
  raphe list nodes            nodes of the circuit that drugs are tried on""",
)
@click.argument("kind", default="")
@knowledge_option
@output_options
def command(
    kind: str, knowledge: tuple[str, ...], as_json: bool, quiet: bool, no_color: bool
) -> None:
    """List what the knowledge base holds of a KIND.

    Kinds: drugs, targets, findings, references, circuits, cascades, conditions, figures,
    workflows, nodes, questions, priors; without KIND, what these are.
    """
    del quiet
    if not kind:
        kinds = [{"name": name, "about": about} for name, about in KINDS.items()]
        if as_json:
            print_json({"schema": "raphe.list/1", "kinds": kinds})
        else:
            _show(kinds, no_color)
        return
    rows = listed(load_knowledge(knowledge), kind)
    if as_json:
        print_json({"schema": "raphe.list/1", kind: rows})
    else:
        _show([_brief(kind, row) for row in rows], no_color)


def _brief(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """What a table has room for."""
    if kind == "findings":
        given = " + ".join(row["drugs"]) or row["condition"]
        return {
            "name": row["name"],
            "given": f"{given}, {row['regimen']}",
            "readout": row["readout"],
            "reported": row["reported"],
        }
    if kind == "questions":
        sides = {side: ", ".join(row[side]) for side in ("for", "against")}
        return {"name": row["name"], "question": row["question"], **sides}
    columns = {"references": ("name", "citation"), "nodes": ("name", "kind", "target")}
    return {column: row[column] for column in columns.get(kind, row)}


def _show(rows: Listed, no_color: bool) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bright_black")
    for column in rows[0] if rows else ["name"]:
        table.add_column(column)
    for row in rows:
        table.add_row(*(_Cell(_shown(value)) for value in row.values()))
    console = terminal(no_color)
    if not console.is_terminal:
        # A row is a line, for grep and the like.
        unbounded = console.options.update(max_width=100_000)
        console.width = max(console.width, console.measure(table, options=unbounded).maximum)
    console.print(table)


class _Cell:
    """Text that a narrow column breaks after hyphens, dots and underscores, not only at spaces."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = re.findall(r"[^\s._-]*[\s._-]+|[^\s._-]+", text)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.cells import cell_len
        from rich.measure import Measurement

        longest = max((cell_len(piece.rstrip()) for piece in self.pieces), default=0)
        return Measurement(min(longest, options.max_width), cell_len(self.text))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        from rich.cells import cell_len
        from rich.text import Text

        lines = [""]
        for piece in self.pieces:
            if lines[-1] and cell_len((lines[-1] + piece).rstrip()) > options.max_width:
                lines.append("")
            lines[-1] += piece
        for line in lines:
            yield Text(line.rstrip(), overflow="fold")


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
        "questions": _questions,
    }
    if kind in makers:
        return makers[kind](knowledge)
    if kind in NAMED:
        documents = [knowledge.document(kind, name).value for name in knowledge.names(kind)]
        return [{"name": one.name, "title": one.title} for one in documents]
    raise InputError([not_one_of(KINDS, "kind", kind)])


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
            "seen": one.seen.value if one.seen else "",
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


def _questions(knowledge: Knowledge) -> Listed:
    edges = compose(knowledge.circuit(USUAL_CIRCUIT), knowledge.cascade).edges
    rows = []
    for question in sorted({edge.declared.contested for edge in edges} - {""}):
        own = [edge for edge in edges if edge.declared.contested == question]
        cited = [one for edge in own for one in edge.declared.evidence if one.ref]
        rows.append(
            {
                "name": question,
                "question": _asked(own[0]),
                "for": sorted({one.ref for one in cited if not one.against}),
                "against": sorted({one.ref for one in cited if one.against}),
                "edges": list(map(str, own)),
            }
        )
    return rows


def _asked(edge: PlacedEdge) -> str:
    """What an open question asks, after one of the edges that hang on it."""
    mechanism = f" ({edge.declared.mechanism})" if edge.declared.mechanism else ""
    return f"is there {edge}{mechanism}?"


def _priors(_: Knowledge) -> Listed:
    return [{"name": prior.name, "about": prior.about} for prior in PRIORS.values()]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)
