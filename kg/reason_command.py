"""`kg reason`: the closure of any RDF, by any of the reasoners."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kg import printing
from kg.errors import ReasonError
from kg.limits import FOUND_FAULTS
from kg.names import SHIPPED
from kg.printing import ConfOption, MasterOption, WorkOption
from kg.reason import CLUSTER, REASONERS, reason_files
from kg.sources import is_shipped

REASON_HELP = "Write the OWL 2 RL closure of any RDF files."


def run_reason(
    files: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help=f"RDF files or folders; `{SHIPPED}` is what the package ships."),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", help="The file to write: .nq, .trig, .nt, .ttl; of spark a folder: .nt, .parquet."
        ),
    ],
    reasoner: Annotated[str, typer.Option(help=f"One of: {', '.join((*REASONERS, CLUSTER))}.")] = REASONERS[0],
    derived_only: Annotated[bool, typer.Option("--derived-only", help="Write only what was derived.")] = False,
    memory: Annotated[
        str | None, typer.Option(help="Memory for the tables, such as 4GB; beyond it they spill.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Keep the standard's axiomatic and reflexive facts.")] = False,
    ontology: Annotated[bool, typer.Option("--ontology", help="Read this project's ontology along.")] = False,
    master: MasterOption = None,
    conf: ConfOption = None,
    work: WorkOption = None,
) -> None:
    """Write the closure; report contradictions and exit with 1 if there are any."""
    vocabulary = ontology or any(map(is_shipped, files))
    if reasoner != CLUSTER and (master or conf or work):
        raise ReasonError(f"--master, --conf and --work are for --reasoner {CLUSTER} alone.")
    with printing.rounds() as progress:
        options: dict[str, Any] = {
            "vocabulary": vocabulary, "derived_only": derived_only, "full": full, "memory": memory,
            "progress": progress,
        }  # fmt: skip
        if reasoner == CLUSTER:
            from kg import reason_spark
            from kg.spark.session import settings

            chosen = settings(conf or [])
            done = reason_spark.reason_files(files, output, work=work, master=master, settings=chosen, **options)
        else:
            done = reason_files(files, Path(output), reasoner=reasoner, **options)
    if done.resumed:
        printing.note(f"Went on from round {done.resumed} of an earlier run.")
    if derived_only:
        printing.note(f"{done.derived:,} derived, without the {done.stated:,} stated: {output}")
    else:
        printing.note(f"{done.stated:,} stated, {done.derived:,} derived: {output}")
    printing.tell_contradictions(done.contradictions)
    if done.contradictions:
        raise typer.Exit(FOUND_FAULTS)
