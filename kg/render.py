"""Answer -> text: a table for people; csv, json and markdown for what comes next."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
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
    rows = [list(answer.columns), *([answer.text(cell, iris=iris) for cell in row] for row in answer.rows)]
    return "".join(_csv_line(row) for row in rows)


def _csv_line(row: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(row)  # what is in the terminator is quoted in a cell
    return out.getvalue().removesuffix("\r\n") + "\n"


def render_json(answer: Answer) -> str:
    """Return json with the question, its parameters and a list of rows; see `plain`."""
    return json.dumps(plain(answer), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def plain(answer: Answer) -> dict[str, Any]:
    """Return the answer as what json holds: the question, its parameters, a list of rows.

    A thing is its IRI with its label; a number with more digits than a float holds is text.
    """

    def value(cell: Cell) -> Any:
        if isinstance(cell, ox.NamedNode):
            return {"iri": cell.value, "label": answer.text(cell)}
        held = answer.python(cell)
        if isinstance(held, date):
            return held.isoformat()
        if not isinstance(held, Decimal):
            return held
        number = float(held)
        return number if Decimal(repr(number)) == held else str(held)

    rows = [dict(zip(answer.columns, map(value, row), strict=True)) for row in answer.rows]
    return {"question": answer.name, "title": answer.title, "parameters": dict(answer.parameters), "rows": rows}


def render_markdown(answer: Answer, *, iris: bool = False) -> str:
    """Return a markdown table."""

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(visible(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"

    rows = [line([answer.text(cell, iris=iris) for cell in row]) for row in answer.rows]
    return line(list(answer.columns)) + line(["---"] * len(answer.columns)) + "".join(rows)


def visible(text: str) -> str:
    """Return the text without what would steer a terminal; lines stay lines, a tab becomes a space."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text.replace("\r\n", "\n").replace("\t", " "))


def render_table(answer: Answer, *, iris: bool = False) -> Table:
    """Return a Rich table without its title; what lacks a value is left blank."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for index, column in enumerate(answer.columns):
        values = [answer.python(row[index]) for row in answer.rows if row[index] is not None]
        numeric = bool(values) and not any(isinstance(value, str | date) for value in values)
        table.add_column(visible(column), justify="right" if numeric else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(Text(visible(answer.text(cell, iris=iris))) for cell in row))
    return table


def render_records(answer: Answer, *, iris: bool = False) -> Table:
    """Return a block of lines per row, `column value`, for a terminal too narrow for the table."""
    from rich.table import Table
    from rich.text import Text

    blocks = Table.grid(padding=(0, 2, 0, 0))
    blocks.add_column(no_wrap=True, style="dim")
    blocks.add_column(overflow="fold")
    for number, row in enumerate(answer.rows):
        if number:
            blocks.add_row()
        for column, cell in zip(answer.columns, row, strict=True):
            blocks.add_row(Text(visible(column)), Text(visible(answer.text(cell, iris=iris))))
    return blocks
