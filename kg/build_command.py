"""`kg build`: a store on disk with a name, for graphs of any size."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg import printing
from kg.answer import Answer
from kg.build import Built, build
from kg.printing import FormatOption, GraphOption

BUILD_HELP = """Build a store on disk, or build it anew.

Other commands ask it with --store. The folder has the old store, or none, until the new one is whole; a build that was
stopped is gone on with by the same command. Room is needed for about five times the size of the sources. N-Triples
without blank nodes (.nt) are read fastest.
"""
ClosureOption = Annotated[bool, typer.Option("--closure/--stated", help="Also what follows; or only what is stated.")]


def run_build(
    folder: Annotated[Path, typer.Option("--store", metavar="DIR", help="The folder of the store; made if need be.")],
    graph: GraphOption = None,
    closure: ClosureOption = True,
    memory: Annotated[
        str | None, typer.Option(help="Memory for the reasoner's tables, such as 4GB; beyond it they spill.")
    ] = None,
    how: FormatOption = "table",
) -> None:
    """Build, and print what the store holds."""
    done = build(
        *(graph or []),
        folder=folder,
        stated=not closure,
        memory=memory,
        on_step=lambda step: printing.note(f"{step[0].upper()}{step[1:]} .."),
    )
    printing.emit(account(done), how)
    printing.note(f"{done.size / 1e6:,.1f} MB on disk.")
    printing.tell_contradictions(done.contradictions)
    if not done.fresh:
        printing.note("It was there already: built of the same content by the same version.")


def account(done: Built) -> Answer:
    """Return a row: the folder and the numbers of facts."""
    row = (str(done.folder), str(done.stated), str(done.derived))
    return Answer.of_texts("build", "Store", ("store", "stated", "derived"), [row])
