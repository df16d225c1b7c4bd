"""facts -> csv or Parquet: a table for each class, a row for each thing of it, a column for each property.

Tables and columns have the words of the JSON-LD context, the thing itself is `id`, and `graph` lists the graphs that
state the row. A property of which some thing of the class has several values is a list: of its own kind in Parquet,
as JSON in csv. In csv a value is its text, digit for digit; in Parquet it is a number, a day or a truth value where
each value of the column is one. A decimal is exact there, but 0.700 is 0.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.export.context import TYPE, context_of
from kg.export.facts import A, Facts
from kg.export.profile import plain
from kg.names import KG, STANDARD
from kg.packing import plain_name
from kg.reason import replacing

KINDS = ("csv", "parquet")
_XSD = STANDARD["xsd"]
_SQL = {"integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN", "decimal": "DECIMAL"}
_WHOLE = {
    "integer": r"[+-]?[0-9]{1,18}",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "boolean": r"true|false|0|1",
    "decimal": r"[+-]?([0-9]{1,20}(\.[0-9]{0,18})?|\.[0-9]{1,18})",
}
"""Datatype -> the texts that the SQL type holds."""
_SPELLING = tuple(STANDARD[prefix] for prefix in ("owl", "rdf", "rdfs"))
"""Namespaces of the classes that spell out an ontology: they get no table."""


@dataclass(frozen=True)
class Column:
    """A column: its name, the IRI of its property, whether a cell is a list, and its SQL type in Parquet.

    `id` has the property "", and `graph` too.
    """

    name: str
    iri: str
    several: bool
    type: str
    things: bool = False


@dataclass(frozen=True)
class Table:
    """The table of a class: its name, the class's IRI, its columns and the number of its rows."""

    name: str
    iri: str
    columns: tuple[Column, ...]
    rows: int


def prepare(facts: Facts) -> list[Table]:
    """Take terms apart into text, datatype and kind, and return the tables that there are to write, by name."""
    lexical = "text[1:length(text) - length(regexp_extract(text, '(@[A-Za-z0-9-]+|\\^\\^<[^<>]*>)$'))]"
    facts.con.execute(
        "CREATE OR REPLACE TABLE parts AS SELECT id, CASE text[1] WHEN '<' THEN text[2:-2] WHEN '_' THEN text"
        f" ELSE ({lexical})::JSON->>'$' END AS value, CASE WHEN text[1] <> '\"' THEN 'thing'"
        r" ELSE regexp_extract(text, '\^\^<([^<>]*)>$', 1) END AS datatype FROM terms"
    )
    type_ = facts.number(A)
    members = "SELECT o, count(DISTINCT s) FROM quads WHERE p = ? GROUP BY o"
    counts = {plain(text): rows for text, rows in facts.rows(f"SELECT text, n FROM ({members}) AS c(id, n) JOIN terms"
              " USING (id) WHERE text[1] = '<'", type_)}  # fmt: skip
    classes = sorted(iri for iri in counts if not iri.startswith(_SPELLING))
    names = _names(classes)
    return sorted(
        (Table(names[iri], iri, tuple(_columns(facts, iri)), counts[iri]) for iri in classes),
        key=lambda table: table.name,
    )


def _names(iris: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return a word for each IRI, the context's where it has one; no two differ in their case alone."""
    context, used, names = context_of(), set(taken), {}
    for iri in sorted(iris, key=lambda iri: (not iri.startswith(KG), iri)):
        word = context.word(iri).removeprefix("kg:")
        base = name = re.sub(r"\W", "_", re.split(r"[#/]", word)[-1]) or "unnamed"
        number = 1
        while name.lower() in used:
            number += 1
            name = f"{base}_{number}"
        used.add(name.lower())
        names[iri] = name
    return names


def _columns(facts: Facts, iri: str) -> Iterator[Column]:
    """Yield the columns of a class's table, `id` and `type` first, `graph` last."""
    checks = ", ".join(
        f"bool_and(datatype = '{_XSD}{name}' AND regexp_full_match(value, '{whole}'))" for name, whole in _WHOLE.items()
    )
    found = (
        f"SELECT text, max(n), bool_and(datatype = 'thing'), max(length(split_part(value, '.', 2))), {checks} FROM"
        " (SELECT p, o, count(*) OVER (PARTITION BY s, p) AS n FROM (SELECT DISTINCT s, p, o FROM quads WHERE s IN"
        " (SELECT s FROM quads WHERE p = ? AND o = ?))) AS f JOIN parts ON parts.id = f.o JOIN terms ON terms.id = f.p"
        " GROUP BY text ORDER BY text"
    )
    columns = []
    for text, most, things, scale, *fits in facts.rows(found, facts.number(A), facts.number(f"<{iri}>")):
        kind = next((name for name, fit in zip(_WHOLE, fits, strict=True) if fit), "")
        sql = f"DECIMAL(38, {scale})" if kind == "decimal" else _SQL.get(kind, "VARCHAR")
        columns.append(Column("", plain(text), most > 1, sql, things))
    names = {TYPE: "type"} | _names((c.iri for c in columns if c.iri != TYPE), ("id", "type", "graph"))
    yield Column("id", "", False, "VARCHAR", True)
    for column in sorted(columns, key=lambda column: (column.iri != TYPE, names[column.iri])):
        yield Column(names[column.iri], column.iri, column.several, column.type, column.things)
    yield Column("graph", "", True, "VARCHAR", True)


def write(facts: Facts, table: Table, path: Path) -> None:
    """Write a table to a .csv (also .csv.gz, .csv.zst) or .parquet file. Raises ReasonError."""
    parquet = plain_name(path.name).endswith(".parquet")
    columns = ", ".join(_cell(facts, column, parquet) for column in table.columns)
    member = f"SELECT s FROM quads WHERE p = {facts.number(A)} AND o = {facts.number(f'<{table.iri}>')}"
    rows = (
        f"WITH member AS (SELECT DISTINCT s FROM ({member})),"
        " f AS (SELECT s, p, o, value FROM (SELECT DISTINCT s, p, o FROM quads SEMI JOIN member USING (s)) AS d"
        " JOIN parts ON parts.id = d.o),"
        " stated AS (SELECT s, list(value ORDER BY g) AS graphs FROM (SELECT DISTINCT s, g FROM quads"
        " SEMI JOIN member USING (s)) AS d JOIN parts ON parts.id = d.g GROUP BY s)"
        f" SELECT {columns} FROM f JOIN stated USING (s) JOIN parts AS me ON me.id = s GROUP BY s ORDER BY s"
    )
    with replacing(path) as aside:
        packing = {".gz": "gzip", ".zst": "zstd"}.get(path.suffix.lower(), "none")
        how = "FORMAT parquet, COMPRESSION zstd" if parquet else f"FORMAT csv, HEADER, COMPRESSION {packing}"
        target = str(aside).replace("'", "''")
        facts.con.execute(f"COPY ({rows}) TO '{target}' ({how})")


def _cell(facts: Facts, column: Column, parquet: bool) -> str:
    name = '"' + column.name.replace('"', '""') + '"'
    if column.name == "id" and not column.iri:
        return f"any_value(me.value) AS {name}"
    if column.name == "graph" and not column.iri:
        value = "any_value(graphs)"
    else:
        where = f"FILTER (p = {facts.number(f'<{column.iri}>')})"
        typed = f"TRY_CAST(f.value AS {column.type})" if parquet and column.type != "VARCHAR" else "f.value"
        value = f"list({typed} ORDER BY o) {where}" if column.several else f"any_value({typed}) {where}"
    return f"{value if parquet or not column.several else f'to_json({value})'} AS {name}"
