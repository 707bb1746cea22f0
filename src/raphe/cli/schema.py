"""``raphe schema``."""

from __future__ import annotations

from pathlib import Path

import click

from raphe.cli.output import say_written
from raphe.errors import InputError, not_one_of
from raphe.formats.files import write_files
from raphe.formats.schemas import knowledge_schemas, schema_text
from raphe.report.answer_schemas import answer_schemas


@click.command(
    "schema",
    epilog="""\b
Examples:
  raphe schema                 names of the kinds
  raphe schema drug            print one
  raphe schema -o schemas      write all""",
)
@click.argument("kind", default="")
@click.option("-o", "--output", metavar="DIR", help="Write all schemas into this folder.")
@click.option("-q", "--quiet", is_flag=True, help="Do not name the files that are written.")
def command(kind: str, output: str | None, quiet: bool) -> None:
    """Write the JSON Schemas of the knowledge files, for editors, and of the answers."""
    schemas = {**knowledge_schemas(), **answer_texts()}
    if output:
        say_written(write_files(Path(output), schemas), quiet)
        return
    kinds = [name.removesuffix(".schema.json") for name in schemas]
    if not kind:
        click.echo("\n".join(kinds))
    elif kind in kinds:
        click.echo(schemas[f"{kind}.schema.json"], nl=False)
    else:
        raise InputError([not_one_of(kinds, "kind of file", kind)])


def answer_texts() -> dict[str, str]:
    """JSON Schema text of each answer, by file name."""
    return {
        f"{name}-answer.schema.json": schema_text(f"{name} answer", schema)
        for name, schema in sorted(answer_schemas().items())
    }
