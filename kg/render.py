"""Answer -> text: a table for people; csv, json and markdown for what comes next."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Literal

import pyoxigraph as ox

from kg.answer import Answer, Cell

if TYPE_CHECKING:
    from rich.table import Table

Format = Literal["csv", "json", "markdown"]


def render(answer: Answer, how: Format, *, iris: bool = False) -> str:
    """Return the answer as csv, json or markdown text that ends in a newline; `render_table` is for terminals."""
    if how == "json":
        return render_json(answer)
    if how == "markdown":
        return render_markdown(answer, iris=iris)
    return render_csv(answer, iris=iris)


def render_csv(answer: Answer, *, iris: bool = False) -> str:
    """Return csv with a header line: labels of things, or their prefixed names with `iris`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([answer.text(cell, iris=iris) for cell in row] for row in answer.rows)
    return out.getvalue()


def render_json(answer: Answer) -> str:
    """Return json with the question, its parameters and a list of rows; a thing is its IRI with its label."""

    def value(cell: Cell) -> Any:
        if isinstance(cell, ox.NamedNode):
            return {"iri": cell.value, "label": answer.text(cell)}
        plain = answer.python(cell)
        return plain if plain is None or isinstance(plain, str | int | bool) else float(plain)

    rows = [dict(zip(answer.columns, map(value, row), strict=True)) for row in answer.rows]
    whole = {"question": answer.name, "title": answer.title, "parameters": dict(answer.parameters), "rows": rows}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def render_markdown(answer: Answer, *, iris: bool = False) -> str:
    """Return a markdown table."""

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"

    rows = [line([answer.text(cell, iris=iris) for cell in row]) for row in answer.rows]
    return line(list(answer.columns)) + line(["---"] * len(answer.columns)) + "".join(rows)


def render_table(answer: Answer, *, iris: bool = False) -> Table:
    """Return a Rich table without its title; what lacks a value is left blank."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(answer.columns):
        values = [answer.python(row[index]) for row in answer.rows if row[index] is not None]
        numeric = bool(values) and not any(isinstance(value, str) for value in values)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(Text(answer.text(cell, iris=iris)) for cell in row))
    return table
