"""The command `kg`: one door to the rooms of the package. It reads arguments, prints, and sets the exit code."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from kg import __version__, printing, questions
from kg.answer import Answer
from kg.ask import query
from kg.ask_command import QuestionGroup
from kg.check import check
from kg.errors import KgError, LoadError
from kg.names import SHIPPED
from kg.printing import FormatOption, GraphOption, IrisOption, helped
from kg.questions import option
from kg.reason import REASONERS, reason_files
from kg.show import show

FOUND_FAULTS = 1
BAD_INPUT = 2

app = typer.Typer(
    name="kg",
    help="Drugs, trials and regulatory approvals as a knowledge graph: what was approved, by whom, where, when,"
    " for whom, on what evidence, and was it the first?",
    epilog="Exit codes: 0 done, 1 faults found (check, reason), 2 input that cannot be used.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(
    typer.Typer(cls=QuestionGroup),
    name="ask",
    help=helped("Ask a stored question.", "kg ask approvals-of-substance --substance cabozantinib"),
    no_args_is_help=True,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command("questions", help=helped("List the stored questions.", "kg questions", "kg questions first"))
def list_questions(
    words: Annotated[str, typer.Argument(help="List only questions with this in their name or text.")] = "",
    how: FormatOption = "table",
) -> None:
    """Print a row for each stored question."""
    columns = ("name", "question", "parameters")
    rows = []
    for name in questions.names():
        question = questions.question(name)
        shown = " ".join(f"--{option(p.name)}" if p.required else f"[--{option(p.name)}]" for p in question.params)
        if words.lower() in f"{name} {question.text}".lower():
            rows.append((name, question.text, shown))
    printing.emit(Answer.of_texts("questions", f"{len(rows)} questions", columns, rows), how)


@app.command("query", help=helped("Run a SPARQL query.", 'kg query "SELECT ?s { ?s a kg:PivotalTrial }"'))
def run_query(
    sparql: Annotated[str, typer.Argument(help="A query, a file that holds one, or - for standard input.")] = "-",
    how: FormatOption = "table",
    graph: GraphOption = None,
    iris: IrisOption = False,
) -> None:
    """Run a query; the prefixes of this project need no declaration."""
    printing.emit(query(_text(sparql), printing.open_graph(graph)), how, iris=iris)


@app.command(
    "show", help=helped("Show everything the graph knows of one thing.", "kg show cabozantinib", "kg show NCT03375320")
)
def show_thing(
    name: Annotated[str, typer.Argument(help="An IRI, a prefixed name, an identifier or a label.")],
    how: FormatOption = "table",
    graph: GraphOption = None,
    iris: IrisOption = False,
) -> None:
    """Print each fact with its source, or marked as derived."""
    printing.emit(show(name, printing.open_graph(graph)), how, iris=iris)


@app.command("check", help=helped("Check facts against shapes and rules.", "kg check", "kg check my-facts.ttl"))
def run_check(
    files: Annotated[list[str] | None, typer.Argument(help="Files or folders; none means the shipped facts.")] = None,
    how: FormatOption = "table",
) -> None:
    """Print what is wrong with the stated facts; exit with 1 if anything is."""
    with printing.status("checking"):
        report = check(*(files or []))
    if how != "table" or not report.conforms:
        printing.emit(report.to_answer(), how)
    printing.note(report.summary())
    if not report.conforms:
        raise typer.Exit(FOUND_FAULTS)


@app.command(
    "reason", help=helped("Write the OWL 2 RL closure of any RDF files.", "kg reason my-facts.ttl -o closure.nq")
)
def run_reason(
    files: Annotated[list[str], typer.Argument(help="RDF files or folders; `shipped` is what the package ships.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write: .nq, .trig, .nt or .ttl.")],
    reasoner: Annotated[str, typer.Option(help=f"One of: {', '.join(REASONERS)}.")] = REASONERS[0],
    derived_only: Annotated[bool, typer.Option("--derived-only", help="Write only what was derived.")] = False,
    memory: Annotated[
        str | None, typer.Option(help="Memory for the tables, such as 4GB; beyond it they spill.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Keep the standard's axiomatic and reflexive facts.")] = False,
    ontology: Annotated[bool, typer.Option("--ontology", help="Read this project's ontology along.")] = False,
) -> None:
    """Write the closure; report contradictions and exit with 1 if there are any."""
    with printing.rounds() as progress:
        done = reason_files(
            files,
            output,
            reasoner=reasoner,
            vocabulary=ontology or SHIPPED in files,
            derived_only=derived_only,
            full=full,
            memory=memory,
            progress=progress,
        )
    if derived_only:
        printing.note(f"{done.derived:,} derived, without the {done.stated:,} stated: {output}")
    else:
        printing.note(f"{done.stated:,} stated, {done.derived:,} derived: {output}")
    for contradiction in done.contradictions:
        printing.note(f"Contradiction by {contradiction}")
    if done.contradictions:
        raise typer.Exit(FOUND_FAULTS)


def _text(argument: str) -> str:
    if argument == "-":
        if sys.stdin.isatty():
            printing.note("Reading a query from the keyboard; end it with Ctrl-D.")
        return sys.stdin.read()
    path = Path(argument)
    if "{" in argument or "\n" in argument or argument.lower().startswith("describe ") or not argument.strip():
        return argument
    try:
        return path.read_text()
    except FileNotFoundError:
        raise LoadError(
            f"{argument!r} is neither a file nor a query. A query has braces: SELECT ?s {{ ?s ?p ?o }}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError(f"{argument}: cannot be read ({error}).") from None


def main() -> None:
    """Run the command line; an error of the user's input is one message and the exit code 2."""
    try:
        app()
    except KgError as error:
        typer.echo(f"kg: {error}", err=True)
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
