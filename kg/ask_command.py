"""`kg ask`: each stored question is a command, and each of its parameters an option, built when it is asked for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kg import printing, questions
from kg.ask import ask
from kg.endpoint import SECONDS, Endpoint
from kg.errors import EndpointError, QuestionError, UnknownQuestion
from kg.limits import stoppable
from kg.printing import FormatOption, GraphOption, IrisOption, StoreOption, TimeoutOption
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
            return _ask(questions.question(cmd_name))
        except UnknownQuestion:
            if ctx.resilient_parsing:
                return None
            raise


def _ask(question: Question) -> Any:
    def run(
        given: dict[str, str | None],
        how: printing.Format,
        graph: list[str] | None,
        built: Path | None,
        endpoint: str | None,
        iris: bool,
        why: int | None,
        timeout: float | None,
    ) -> None:
        if endpoint and (graph or built):
            given_too = "--graph" if graph else "--store"
            raise EndpointError(f"An endpoint has its own facts: leave {given_too} out, or --endpoint.")
        store = Endpoint(endpoint, timeout or SECONDS) if endpoint else printing.open_graph(graph, built)
        if why is not None:
            _explain(question, why, store, given, how, timeout)
            return
        with stoppable(timeout):
            answer = ask(question.name, store, **given)
        printing.emit(answer, how, iris=iris)

    common = {
        "how": (FormatOption, "table"),
        "graph": (GraphOption, None),
        "built": (StoreOption, None),
        "endpoint": (EndpointOption, None),
        "iris": (IrisOption, False),
        "why": (WhyOption, None),
        "timeout": (TimeoutOption, None),
    }
    example = " ".join(f"--{option(p.name)} {_quoted(p.example)}" for p in question.params)
    help_ = printing.helped(question.text, f"kg ask {question.name} {example}".rstrip())
    refused = (AS_OF,) if question.timeless else ()  # taken, so that the refusal tells why
    return command(question.name, help_, question.params, run, common, refused)


def command(
    name: str,
    help_: str,
    params: tuple[Param, ...],
    run: Callable[..., None],
    common: Mapping[str, tuple[Any, Any]],
    refused: tuple[str, ...] = (),
) -> Any:
    """Return a command with an option for each parameter of a question, and the `common` ones: name -> type, default.

    `run` is given the values of the parameters as a dict, None where there is none, then the common ones by name; also
    those of `refused`, which no help names.
    Raises QuestionError for a parameter that is called like a common one.
    """
    names = {each: option(each).replace("-", "_") for each in (*(param.name for param in params), *refused)}
    if clash := common.keys() & names.values():
        raise QuestionError(f"{name}: a parameter cannot be called {', '.join(clash)}.")

    def called(**values: Any) -> None:
        given = {param: values.pop(python) for param, python in names.items()}
        run(given, **values)

    own = {names[param.name]: (Annotated[str | None, _option(param)], None) for param in params}
    for each in refused:
        own[names[each]] = (Annotated[str | None, typer.Option(f"--{option(each)}", hidden=True)], None)
    parameters = [
        inspect.Parameter(each, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for each, (kind, default) in {**own, **common}.items()
    ]
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, help=help_)(called)
    made = typer.main.get_command(app)
    made.name = name
    return made


def _explain(
    question: Question,
    row: int,
    store: Store | Endpoint,
    given: dict[str, str | None],
    how: printing.Format,
    timeout: float | None,
) -> None:
    """Print why an answer has a row, and what else the question names as evidence."""
    from kg.why import evidence, why_row
    from kg.why_command import emit

    if isinstance(store, Endpoint):
        raise EndpointError("A proof is made of facts at hand, not of an endpoint's: leave --endpoint out, or --why.")
    with stoppable(timeout):
        found = why_row(question.name, row, store, **given)
        more = evidence(question.name, row, store, **given)
    if how == "table":
        typer.echo(found.title)
        if more:
            printing.emit(more, how)
            typer.echo("")
    emit(found, how)


def _option(param: Param) -> Any:
    need = " (required)" if param.required else " (may be left out)"
    kind = "DAY|MONTH|YEAR" if param.is_span else param.type
    return typer.Option(f"--{option(param.name)}", metavar=kind, help=f"{param.about}{need}")


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


ASK = typer.Typer(
    cls=QuestionGroup,
    name="ask",
    help=printing.helped("Ask a stored question.", "kg ask approvals-of-substance --substance cabozantinib"),
    no_args_is_help=True,
)
