"""Answer: rows of terms under named columns, and what Python, tables and notebooks make of them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.names import STANDARD, compact

if TYPE_CHECKING:
    import pandas
    import polars


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


_TYPES: dict[str, tuple[re.Pattern[str], Callable[[str], Any]]] = {
    "integer": (re.compile(r"[+-]?[0-9]{1,4000}"), int),  # of more digits Python makes no number
    "decimal": (re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"), Decimal),
    "boolean": (re.compile(r"true|false|0|1"), lambda text: text in ("true", "1")),
    "date": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), _day),
}
"""Datatype -> the texts that are values of it, and the Python value of one."""


def _fits(value: Any) -> bool:
    """Tell whether a table's type holds the value: 64 bits of an integer, 18 digits of a decimal."""
    if isinstance(value, Decimal):
        return len(value.as_tuple().digits) <= 18
    return not isinstance(value, int) or -(2**63) <= value < 2**63


Cell = ox.NamedNode | ox.BlankNode | ox.Literal | None


@dataclass(frozen=True)
class Answer:
    """Rows of terms under named columns. Iterating gives a dict of Python values for each row.

    `labels` has the label of each IRI in the rows that has one; `parameters` what the question was asked with.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_texts(cls, name: str, title: str, columns: tuple[str, ...], rows: Iterable[Iterable[str]]) -> Answer:
        """Return an answer whose cells are plain texts."""
        return cls(name, title, columns, tuple(tuple(ox.Literal(text) for text in row) for row in rows))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.to_dicts())

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return a dict per row: things by their label, numbers as int or Decimal, days as date, no value as None."""
        return [dict(zip(self.columns, map(self.python, row), strict=True)) for row in self.rows]

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas DataFrame (pandas must be installed) with a type that knows missing values for each column.

        Int64, Float64 for decimals, boolean, datetime64[s] for days; string for the rest, and for a column of several.
        """
        import pandas

        kinds = {int: "Int64", Decimal: "Float64", bool: "boolean", date: "datetime64[s]", str: "string"}

        def series(kind: type, values: list[Any]) -> pandas.Series[Any]:
            held = [None if value is None else float(value) for value in values] if kind is Decimal else values
            return pandas.Series(held, dtype=kinds[kind])

        return pandas.DataFrame({name: series(kind, values) for name, kind, values in self._typed()})

    def to_polars(self) -> polars.DataFrame:
        """Return a polars DataFrame (polars must be installed) with a type for each column.

        Int64, Decimal, Boolean, Date for days; String for the rest, and for a column of several.
        """
        import polars

        kinds = {int: polars.Int64, Decimal: None, bool: polars.Boolean, date: polars.Date, str: polars.String}
        return polars.DataFrame([polars.Series(name, values, kinds[kind]) for name, kind, values in self._typed()])

    def _typed(self) -> Iterator[tuple[str, type, list[Any]]]:
        """Yield each column with the one Python type of its values; as texts where no such type holds them all."""
        for index, name in enumerate(self.columns):
            cells = [row[index] for row in self.rows]
            values = [self.python(cell) for cell in cells]
            kinds = {type(value) for value in values if value is not None}
            if kinds == {int, Decimal}:
                values, kinds = [Decimal(value) if isinstance(value, int) else value for value in values], {Decimal}
            kind = kinds.pop() if len(kinds) == 1 else str
            if kind is str or not all(value is None or _fits(value) for value in values):
                kind, values = str, [None if cell is None else self.text(cell) for cell in cells]
            yield name, kind, values

    def python(self, cell: Cell) -> Any:
        """Return a cell as a Python value; a literal that is no value of its datatype as its text."""
        if not isinstance(cell, ox.Literal):
            return None if cell is None else self.text(cell)
        lexical, value = _TYPES.get(cell.datatype.value.removeprefix(STANDARD["xsd"]), (None, None))
        return value(cell.value) if lexical and value and lexical.fullmatch(cell.value) else cell.value

    def text(self, cell: Cell, *, iris: bool = False) -> str:
        """Return a cell as text: the label of a thing (or its prefixed name, with `iris`), the value of a literal."""
        if cell is None:
            return ""
        if isinstance(cell, ox.NamedNode):
            label = None if iris else self.labels.get(cell.value)
            return label or compact(cell.value)
        return cell.value if isinstance(cell, ox.Literal) else str(cell)

    def _repr_html_(self) -> str:
        """Show a table in a notebook."""
        head = "".join(f"<th>{html.escape(column)}</th>" for column in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(self.text(cell))}</td>" for cell in row) + "</tr>" for row in self.rows
        )
        return f"<table><caption>{html.escape(self.title)}</caption><tr>{head}</tr>{body}</table>"
