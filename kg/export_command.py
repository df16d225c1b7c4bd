"""The command `kg export`: the graph as files for other programs, with what describes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg import printing
from kg.answer import Answer
from kg.names import BASE, SHIPPED
from kg.printing import FormatOption

if TYPE_CHECKING:
    from kg.export.release import Exported

HELP = """Write the graph as RDF or tables, with descriptions.

A file is written in the syntax of its name: .ttl, .trig, .nt, .nq, .jsonld or .rdf, also with .gz or .zst. With --as,
a folder is filled: the kinds of files asked for (csv and parquet: a table for each class), descriptions of the data set
(VoID, DCAT with PROV, Croissant), the JSON-LD context, and checksums. The same facts give the same bytes.
"""


def run_export(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...", help=f"Files or folders; none means the shipped facts, and `{SHIPPED}` adds them."
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write; with --as, the folder.")] = ...,  # type: ignore[assignment]
    kinds: Annotated[
        list[str] | None,
        typer.Option("--as", metavar="KIND", help="Fill a folder: ttl, trig, nt, nq, jsonld, rdf, csv or parquet."),
    ] = None,
    derived: Annotated[
        bool, typer.Option("--derived/--stated", help="Also what follows, in graph:derived; or only what is stated.")
    ] = False,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this graph, or the graphs of this source: ema-2025-07-15, source:x."),
    ] = None,
    base: Annotated[str, typer.Option(metavar="IRI", help="Where the folder will be published.")] = BASE,
    memory: Annotated[str, typer.Option(help="Memory for the table of facts; beyond it, it spills to disk.")] = "1GB",
    how: FormatOption = "table",
) -> None:
    """Export, and print the files with their sizes and checksums."""
    from kg.export.release import export

    with printing.counting("facts") as progress:
        done = export(
            *(sources or []),
            output=output,
            kinds=kinds or (),
            derived=derived,
            only=source or (),
            base=base,
            memory=memory,
            on_reasoning=printing.first_use,
            progress=progress,
        )
    printing.emit(account(done), how)
    printing.note(f"{done.facts:,} facts in {len(done.files)} file{'s' if len(done.files) > 1 else ''}: {output}")


def account(done: Exported) -> Answer:
    """Return the files as rows: name, bytes, SHA-256."""
    rows = [(file.name, str(file.size), file.sha256) for file in done.files]
    return Answer.of_texts("export", "Files", ("file", "bytes", "sha256"), rows)
