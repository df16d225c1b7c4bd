"""The command `kg`: one door to the rooms of the package. It reads arguments, prints, and sets the exit code."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kg import __version__, printing, questions
from kg.answer import Answer
from kg.ask import query
from kg.ask_command import ASK
from kg.build_command import BUILD_HELP, run_build
from kg.check_command import HELP as CHECK_HELP
from kg.check_command import run_check
from kg.diff_command import HELP as DIFF_HELP
from kg.diff_command import run_diff
from kg.errors import KgError, LoadError, UnknownQuestion
from kg.export_command import HELP as EXPORT_HELP
from kg.export_command import run_export
from kg.import_command import HELP as IMPORT_HELP
from kg.import_command import run_import
from kg.limits import BAD_INPUT, stoppable
from kg.load_remote_command import LOAD_REMOTE_HELP, run_load_remote
from kg.mcp_command import MCP_HELP, run_mcp
from kg.names import SHIPPED
from kg.plot_command import PLOT
from kg.printing import FormatOption, GraphOption, IrisOption, StoreOption, TimeoutOption, helped
from kg.questions import option
from kg.reason_command import REASON_HELP, run_reason
from kg.serve_command import SERVE_HELP, run_serve
from kg.show import show
from kg.why_command import run_why, run_why_not


class _Commands(TyperGroup):
    """The commands; a question among them is told apart from a typing error."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = super().get_command(ctx, cmd_name)
        if command is None and not ctx.resilient_parsing and cmd_name in questions.names():
            raise UnknownQuestion(f"{cmd_name} is a question, not a command. Ask it: kg ask {cmd_name}")
        return command


app = typer.Typer(
    name="kg",
    cls=_Commands,
    help="Drugs, trials and regulatory approvals as a knowledge graph: what was approved, by whom, where, when,"
    " for whom, on what evidence, and was it the first?",
    epilog="Exit codes: 0 done, 1 faults found (check, reason), 2 input that cannot be used.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(ASK)
app.add_typer(PLOT)


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
    words: Annotated[str, typer.Argument(help="List only questions with these words in their name or text.")] = "",
    how: FormatOption = "table",
) -> None:
    """Print a row for each stored question."""
    columns = ("name", "question", "parameters")
    rows = []
    for question in questions.having(words):
        shown = " ".join(f"--{option(p.name)}" if p.required else f"[--{option(p.name)}]" for p in question.params)
        rows.append((question.name, question.text, shown))
    title = f"{len(rows)} question{'' if len(rows) == 1 else 's'}"
    none = f"No question has {words!r} in its name or text; `kg questions` lists them all."
    printing.emit(Answer.of_texts("questions", title, columns, rows), how, none=none)


@app.command("query", help=helped("Run a SPARQL query.", 'kg query "SELECT ?s { ?s a kg:PivotalTrial }"'))
def run_query(
    sparql: Annotated[str, typer.Argument(help="A query, a file that holds one, or - for standard input.")] = "-",
    how: FormatOption = "table",
    graph: GraphOption = None,
    built: StoreOption = None,
    iris: IrisOption = False,
    timeout: TimeoutOption = None,
) -> None:
    """Run a query; the prefixes of this project need no declaration."""
    text, store = _text(sparql), printing.open_graph(graph, built)
    with stoppable(timeout):
        answer = query(text, store)
    printing.emit(answer, how, iris=iris)


@app.command(
    "show", help=helped("Show everything the graph knows of one thing.", "kg show cabozantinib", "kg show NCT03375320")
)
def show_thing(
    name: Annotated[str, typer.Argument(help="An IRI, a prefixed name, an identifier or a label.")],
    how: FormatOption = "table",
    graph: GraphOption = None,
    built: StoreOption = None,
    iris: IrisOption = False,
) -> None:
    """Print each fact with its source, or marked as derived."""
    store = printing.open_graph(graph, built)
    with stoppable():
        answer = show(name, store)
    printing.emit(answer, how, iris=iris)


app.command(
    "why",
    help=helped(
        "Tell why a fact holds: the rules, and the sources they rest on.",
        "kg why CABINET a kg:PivotalTrial",
        "kg why France partOf EU --all",
    ),
)(run_why)
app.command(
    "why-not",
    help=helped("Tell what a fact that does not hold lacks.", "kg why-not Japan partOf EU"),
)(run_why_not)
app.command("diff", help=helped(DIFF_HELP, "kg diff ema-2023.ttl ema-2025.ttl"))(run_diff)
app.command("import", help=helped(IMPORT_HELP, "kg import ema medicines.csv --date 2025-07-15 -o ema.ttl"))(run_import)
app.command(
    "export",
    help=helped(
        EXPORT_HELP,
        "kg export shipped/cabinet -o cabinet.trig.gz",
        "kg export my-facts.ttl -o out --as jsonld --as csv",
    ),
)(run_export)
app.command("check", help=helped(CHECK_HELP, "kg check", f"kg check my-facts.ttl {SHIPPED}"))(run_check)
app.command("reason", help=helped(REASON_HELP, "kg reason my-facts.ttl -o closure.nq"))(run_reason)
app.command(
    "build",
    help=helped(
        BUILD_HELP,
        "kg build --store mine -g my-facts.ttl",
        "kg build --store cabinet -g shipped/cabinet -g shipped/reference",
    ),
)(run_build)
app.command(
    "load-remote",
    help=helped(
        LOAD_REMOTE_HELP,
        "kg load-remote http://localhost:7878/store --endpoint http://localhost:7878/query -g my-facts.ttl",
    ),
)(run_load_remote)
app.command("serve", help=helped(SERVE_HELP, "kg serve", "kg serve --graph my-facts.ttl --port 8080"))(run_serve)
app.command("mcp", help=helped(MCP_HELP, "kg mcp -g shipped/cabinet -g shipped/reference"))(run_mcp)


def _text(argument: str) -> str:
    if argument == "-":
        if sys.stdin is None:
            raise LoadError("There is no standard input to read a query from. Give the query, or a file that holds it.")
        if sys.stdin.isatty():
            printing.note("Reading a query from the keyboard; end it with Ctrl-D.")
        return _decoded("standard input", sys.stdin.buffer.read())
    if "{" in argument or "\n" in argument or argument.lower().startswith("describe ") or not argument.strip():
        return argument
    try:
        return _decoded(argument, Path(argument).read_bytes())
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENAMETOOLONG):
            raise LoadError(f"{argument}: cannot be read ({error.strerror or error}).") from None
        shown = repr(argument if len(argument) <= 80 else f"{argument[:80]}..")
        raise LoadError(
            f"{shown} is neither a file nor a query. A query has braces: SELECT ?s {{ ?s ?p ?o }}"
        ) from None


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LoadError(
            f"{name}, line {line}: byte 0x{content[error.start]:02x} is not UTF-8. Save the query in that encoding."
        ) from None


def main() -> None:
    """Run the command line; an error of the user's input is one message and the exit code 2."""
    ended: list[int] = []

    def end(number: int, frame: object) -> None:
        ended.append(number)
        sys.exit(128 + number)  # so that what was begun is cleared up, and no traceback shown

    for each in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(each) != signal.SIG_IGN:
            signal.signal(each, end)
    _set_streams()
    try:
        try:
            app()
        except Exception:
            if ended:  # DuckDB puts an error of its own in place of the exit
                sys.exit(128 + ended[0])
            raise
        finally:
            sys.stdout.flush()
    except KgError as error:
        printing.note(f"kg: {error}")
        sys.exit(BAD_INPUT)
    except RuntimeError as error:
        if not str(error).startswith("Corruption"):  # as the engine says that reads the store
            raise
        printing.note(f"kg: The store is damaged ({error}). Remove it, and build it again.")
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        _drop_output()
        sys.exit(0)
    except OSError as error:
        _drop_output()
        printing.note(f"kg: {error.filename or 'the output'}: cannot be written ({error.strerror or error}).")
        sys.exit(BAD_INPUT)


def _set_streams() -> None:
    """Write UTF-8 to files and pipes whatever the locale; on a terminal, a character it does not know as `?`."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the shell
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _drop_output() -> None:
    """What is still to be written goes nowhere, so that the end of the process does not try once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
