"""What the commands share: their options, and the way an answer reaches the terminal, a pipe or a file."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from kg.answer import Answer
from kg.built import open_built
from kg.contradiction import Contradiction
from kg.errors import StoreError
from kg.names import SHIPPED
from kg.reason import Progress
from kg.store import Store, open_store

UNFOLDED = 10_000
TOLD = 20
"""Contradictions of a graph that are told one by one."""
NO_ROWS = "No rows: the graph states nothing of the kind."

Format = Literal["table", "csv", "json", "markdown"]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print.")]
GraphOption = Annotated[
    list[str] | None,
    typer.Option(
        "--graph",
        "-g",
        metavar="PATH",
        help=f"Ask these files or folders, not the shipped facts. `{SHIPPED}` adds those again, and"
        f" `{SHIPPED}/reference` a part of them.",
    ),
]
StoreOption = Annotated[
    Path | None, typer.Option("--store", metavar="DIR", help="Ask the store that `kg build` made in this folder.")
]
TimeoutOption = Annotated[
    float | None, typer.Option("--timeout", min=0, metavar="SECONDS", help="End a query that takes longer.")
]
MasterOption = Annotated[
    str | None, typer.Option("--master", help="Of spark: spark://host:7077, say; else this machine.")
]
ConfOption = Annotated[list[str] | None, typer.Option("--conf", help="Of spark: a setting as KEY=VALUE; repeatable.")]
WorkOption = Annotated[
    str | None,
    typer.Option("--work", help="Of spark: a folder for what is done, to go on from."),
]
IrisOption = Annotated[bool, typer.Option("--iris", help="Print prefixed names of things, not their labels.")]


def helped(text: str, *examples: str) -> str:
    """Return a help text with its examples, each on a line of its own (\\b keeps them from being wrapped)."""
    return f"{text}\n\n\b\nExamples:\n" + "".join(f"  {example}\n" for example in examples)


def open_graph(graph: list[str] | None, built: Path | None = None) -> Store:
    """Open the store that the options name; tell about contradictions in it, and that reasoning takes a moment."""
    if built and graph:
        raise StoreError("A store on disk has its own facts: leave --graph out, or --store.")
    store = open_built(built) if built else open_store(*(graph or []), on_reasoning=first_use)
    tell_contradictions(store.contradictions)
    for name in store.without_source():
        note(f"{name} names no source, so answers that show one leave its facts out.")
        note("Add a line to it: <> prov:wasDerivedFrom <the source> .")
    return store


def tell_contradictions(found: Sequence[Contradiction]) -> None:
    """Tell each contradiction, and of many the number."""
    for contradiction in found[:TOLD]:
        note(f"Contradiction by {contradiction}")
    if len(found) > TOLD:
        note(f"{len(found) - TOLD:,} more contradictions.")


def first_use(step: str) -> None:
    """Tell that reasoning takes a moment."""
    note(f"First use of these facts: {step} ..")


def emit(answer: Answer, how: Format, *, iris: bool = False, none: str = NO_ROWS) -> None:
    """Print an answer; a table without rows is followed by the remark `none`."""
    if how != "table":
        from kg.render import render

        sys.stdout.write(render(answer, how, iris=iris))
        return
    from rich.console import Console

    from kg.render import render_records, render_table, visible

    table = render_table(answer, iris=iris)
    if sys.stdout.isatty():
        console = Console(highlight=False)
        free = console.options.update_width(UNFOLDED)
        console.print(visible(answer.title), style="bold", markup=False)
        wide = console.measure(table, options=free).minimum > console.width  # words would have to be broken
        console.print(render_records(answer, iris=iris) if wide else table)
    else:  # a pipe has no width: fold nothing there, and pad nothing at the end of a line
        text = io.StringIO()
        Console(file=text, width=UNFOLDED, highlight=False).print(table)
        lines = [visible(answer.title), *text.getvalue().splitlines()]
        sys.stdout.writelines(f"{line.rstrip()}\n" for line in lines)
    if not answer.rows:
        note(none)


def note(text: str) -> None:
    """Print a remark that is not part of the answer."""
    from kg.render import visible

    typer.echo(visible(text), err=True)


@contextmanager
def status(doing: str) -> Iterator[None]:
    """Show that something is being done, on a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{doing} .."):
        yield


@contextmanager
def rounds() -> Iterator[Progress | None]:
    """Show each round of reasoning as it ends, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading")
        found = 0

        def progress(step: str, new: int) -> None:
            nonlocal found
            found += new
            bar.update(task, description=f"{step}: {new:,} new facts, {found:,} in all")

        yield progress


@contextmanager
def counting(of_what: str) -> Iterator[Callable[[str, int], None] | None]:
    """Show how many of something have been read so far, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading")
        yield lambda doing, number: bar.update(task, description=f"{doing}: {number:,} {of_what}")
