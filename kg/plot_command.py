"""`kg plot`: each stored question that can be drawn is a command, and so is the name of any trial or drug."""

from __future__ import annotations

from inspect import Parameter
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kg import printing, questions
from kg.ask_command import command
from kg.errors import PlotError
from kg.limits import stoppable
from kg.printing import GraphOption, StoreOption, TimeoutOption

SUFFIXES = (".svg", ".png")
OutputOption = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write: .svg or .png.")]


class PlotGroup(TyperGroup):
    """A group whose commands are the stored questions with a chart; any other word names a thing."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the questions that have a chart."""
        return [name for name in questions.names() if questions.question(name).chart]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command that draws a question or a thing; while completing, None for a thing."""
        if cmd_name in questions.names():
            question = questions.question(cmd_name)
            return _plot(cmd_name, f"Draw: {question.text}", question.params)
        return None if ctx.resilient_parsing else _plot(cmd_name, f"Draw what the graph knows of {cmd_name}.", ())


def _plot(name: str, text: str, params: tuple[questions.Param, ...]) -> Any:
    def run(
        given: dict[str, str | None],
        output: Path,
        graph: list[str] | None,
        built: Path | None,
        timeout: float | None,
    ) -> None:
        from kg.plot import plot, png
        from kg.reason import replacing

        suffix = output.suffix.lower()
        if suffix not in SUFFIXES:
            raise PlotError(f"{output}: a chart is written as {' or '.join(SUFFIXES)}. Name the file so.")
        store = printing.open_graph(graph, built)
        with stoppable(timeout):
            svg = plot(name, store, **given)
        picture = png(svg) if suffix == ".png" else svg.encode()
        with replacing(output) as aside:
            aside.write_bytes(picture)

    common = {
        "output": (OutputOption, Parameter.empty),
        "graph": (GraphOption, None),
        "built": (StoreOption, None),
        "timeout": (TimeoutOption, None),
    }
    return command(name, text, params, run, common)


PLOT = typer.Typer(
    cls=PlotGroup,
    name="plot",
    help=printing.helped(
        "Draw a question, a trial or a drug.",
        "kg plot hazard-ratios --condition NET -o hazard-ratios.svg",
        "kg plot CABINET -o trial.png",
    ),
    no_args_is_help=True,
)
