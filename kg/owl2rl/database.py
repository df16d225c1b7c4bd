"""The few things every room does with DuckDB: open it, and carry small rows of integers in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.errors import ReasonError
from kg.owl2rl.vocabulary import LAST_SCHEMA_CLASS, LAST_SCHEMA_PREDICATE, TYPE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

IS_SCHEMA = f"(p BETWEEN 1 AND {LAST_SCHEMA_PREDICATE} OR (p = {TYPE} AND o BETWEEN 1 AND {LAST_SCHEMA_CLASS}))"
"""Whether a row (s, p, o) is a schema triple."""


def connect(memory_limit: str | None, temp_directory: str | None) -> DuckDBPyConnection:
    """A database in memory, which spills to `temp_directory` beyond `memory_limit` ("4GB").

    Raises ReasonError for a limit that is none.
    """
    config: dict[str, Any] = {"preserve_insertion_order": "false"}
    if memory_limit:
        config["memory_limit"] = memory_limit
    if temp_directory:
        config["temp_directory"] = temp_directory
    try:
        connection: DuckDBPyConnection = engine().connect(config=config)
    except engine().Error as error:
        raise ReasonError(
            f"The tables cannot be opened with {memory_limit or 'all'} memory: {str(error).splitlines()[0]}. "
            "Write a number and a unit, such as 4GB."
        ) from None
    # DuckDB's own progress would be printed among the output of `python -c` and of notebooks; the rounds are told.
    connection.execute("SET enable_progress_bar = false")
    return connection


def engine() -> Any:
    """The module of DuckDB: its extension alone, for the package around it takes five times as long to import."""
    try:
        return import_module("_duckdb")
    except ImportError:
        return import_module("duckdb")


def insert(con: DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append rows of integers or terms in one statement: a column each as text with a value a line.

    A list of parameters takes DuckDB four times as long, and so does text that it takes for a constant.
    """
    if rows:
        text = "string_split(concat(left(random()::VARCHAR, 0), ${}), chr(10))"
        columns = ", ".join(f"unnest({text.format(at)})" for at in range(1, len(rows[0]) + 1))
        values = ["\n".join(map(str, column)) for column in zip(*rows, strict=True)]
        con.execute(f"INSERT INTO {table} SELECT {columns}", values)


def create(
    con: DuckDBPyConnection, table: str, columns: Iterable[str], temp: bool = True, integers: str = "INTEGER"
) -> None:
    """An empty table of integer columns, in place of any of that name."""
    kind = "TEMP TABLE" if temp else "TABLE"
    con.execute(f"CREATE OR REPLACE {kind} {table} ({', '.join(f'{name} {integers}' for name in columns)})")
