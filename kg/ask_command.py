"""`kg ask`: each stored question is a command, and each of its parameters an option, built when it is asked for."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kg import printing, questions
from kg.ask import ask
from kg.endpoint import SECONDS, Endpoint
from kg.errors import EndpointError, QuestionError, UnknownQuestion
from kg.limits import stoppable
from kg.printing import FormatOption, GraphOption, IrisOption, TimeoutOption
from kg.questions import AS_OF, Param, Question, option
from kg.store import Store

EndpointOption = Annotated[
    str | None, typer.Option("--endpoint", metavar="URL", help="Ask a SPARQL endpoint, not the shipped facts.")
]


WhyOption = Annotated[
    int | None, typer.Option("--why", metavar="ROW", help="Tell what a row of the answer rests on; the first is 1.")
]


class QuestionGroup(TyperGroup):
    """A group whose commands are the stored questions."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the questions."""
        return questions.names()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of a question. Raises UnknownQuestion; while completing, returns None."""
        try:
            return _command(questions.question(cmd_name))
        except UnknownQuestion:
            if ctx.resilient_parsing:
                return None
            raise


def _command(question: Question) -> Any:
    names = {param.name: option(param.name).replace("-", "_") for param in question.params}
    if question.timeless:  # taken, so that the refusal tells why
        names[AS_OF] = option(AS_OF).replace("-", "_")

    def run(
        how: printing.Format,
        graph: list[str] | None,
        endpoint: str | None,
        iris: bool,
        why: int | None,
        timeout: float | None,
        **values: str | None,
    ) -> None:
        given = {name: values[python] for name, python in names.items()}
        if endpoint and graph:
            raise EndpointError("An endpoint has its own facts: leave --graph out, or --endpoint.")
        store = Endpoint(endpoint, timeout or SECONDS) if endpoint else printing.open_graph(graph)
        if why is not None:
            _explain(question, why, store, given, how, timeout)
            return
        with stoppable(timeout):
            answer = ask(question.name, store, **given)
        printing.emit(answer, how, iris=iris)

    common = {
        "how": (FormatOption, "table"),
        "graph": (GraphOption, None),
        "endpoint": (EndpointOption, None),
        "iris": (IrisOption, False),
        "why": (WhyOption, None),
        "timeout": (TimeoutOption, None),
    }
    clash = common.keys() & names.values()
    if clash:
        raise QuestionError(f"{question.name}: a parameter cannot be called {', '.join(clash)}.")
    own = {names[param.name]: (Annotated[str | None, _option(param)], None) for param in question.params}
    if question.timeless:
        own[names[AS_OF]] = (Annotated[str | None, typer.Option(f"--{option(AS_OF)}", hidden=True)], None)
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for name, (kind, default) in {**own, **common}.items()
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    example = " ".join(f"--{option(p.name)} {_quoted(p.example)}" for p in question.params)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    help_ = printing.helped(question.text, f"kg ask {question.name} {example}".rstrip())
    app.command(question.name, help=help_)(run)
    command = typer.main.get_command(app)
    command.name = question.name
    return command


def _explain(
    question: Question,
    row: int,
    store: Store | Endpoint,
    given: dict[str, str | None],
    how: printing.Format,
    timeout: float | None,
) -> None:
    """Print why an answer has a row, and what else the question names as evidence."""
    from kg.why import why_row
    from kg.why_command import emit

    if isinstance(store, Endpoint):
        raise EndpointError("A proof is made of facts at hand, not of an endpoint's: leave --endpoint out, or --why.")
    with stoppable(timeout):
        found = why_row(question.name, row, store, **given)
    if how == "table":
        typer.echo(found.title)
    emit(found, how)


def _option(param: Param) -> Any:
    need = " (required)" if param.required else " (may be left out)"
    kind = "DAY|MONTH|YEAR" if param.is_span else param.type
    return typer.Option(f"--{option(param.name)}", metavar=kind, help=f"{param.about}{need}")


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
