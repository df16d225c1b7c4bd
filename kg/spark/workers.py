"""What workers do in Python, a batch of rows at a time: what is not plain N-Triples, and the values of literals.

These are the functions that DuckDB's way uses too. `kg` is sent along with the job: a worker needs pyoxigraph and
pyarrow alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyarrow import RecordBatch

Batches = Iterator["RecordBatch"]
ODD_LINES = "s STRING, p STRING, o STRING, bad STRING"
CHECKED = "id BIGINT, text STRING, canonical STRING, bad STRING"
VALUES = "id BIGINT, value STRING, ill BOOLEAN"
MEMBERS = "id BIGINT, datatype BIGINT"


def lines(batches: Batches) -> Batches:
    """(odd, prefix, file, quads) to ODD_LINES: lines that are not plain, or of N-Quads, through the parser."""
    for batch in batches:
        rows = []
        for line, prefix, file, quads in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            rows += _of_line(line, prefix, file, quads)
        yield as_batch(rows, ODD_LINES)


def _of_line(line: str, prefix: str, file: str, in_graphs: bool) -> list[tuple[str | None, ...]]:
    from pyoxigraph import RdfFormat, parse

    from kg.load import unfit
    from kg.owl2rl.sources import labelled, serialized

    syntax = RdfFormat.N_QUADS if in_graphs else RdfFormat.N_TRIPLES
    try:
        quads = list(parse(line.encode(), format=syntax))
        for quad in quads:
            if fault := unfit(quad, syntax):
                return [(None, None, None, f"{file}: {fault}")]
        found = b"".join(labelled(b"".join(serialized(quads)), prefix)).decode()
    except (SyntaxError, ValueError) as error:
        fault = re.sub(r" at line 1 column", " at column", str(getattr(error, "msg", error)))
        return [(None, None, None, f"{file}: {fault.removesuffix('.')}, in the line {line[:200]!r}")]
    return [(*text.split(" ", 2), None) for text in found.split(" .\n")[:-1]]


def terms(batches: Batches) -> Batches:
    """(id, text) to CHECKED: how pyoxigraph writes each term."""
    from kg.errors import KgError
    from kg.owl2rl.terms import canonical

    for batch in batches:
        numbers, texts = (column.to_pylist() for column in batch.columns)
        try:
            written = canonical(texts)
        except KgError as error:
            yield as_batch([(None, None, None, str(error))], CHECKED)
            return
        rows = zip(numbers, texts, written, map(_of_rdf_12, texts), strict=True)
        yield as_batch(list(rows), CHECKED)


def _of_rdf_12(text: str) -> str | None:
    """What is wrong with a term that RDF 1.1 does not have."""
    if not (text.startswith("<<") or text.endswith(("--ltr", "--rtl"))):
        return None
    return f"RDF 1.2 is not read, and {text} is of it. State what it says without triple terms and directions."


def values(batches: Batches) -> Batches:
    """(id, text) of literals to VALUES: a key for each value, null where there is none; `ill` if there must be one."""
    from kg.owl2rl.literals import value_of_text

    for batch in batches:
        rows = []
        for number, text in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            value, ill = value_of_text(text)
            rows.append((number, key(value) if value else None, ill))
        yield as_batch(rows, VALUES)


def key(value: tuple[str, str]) -> str:
    """A value as one text: that of its space, which has no blank, and its form."""
    return " ".join(value)


def members(datatypes: Sequence[int]) -> Callable[[Batches], Batches]:
    """(id, value, ill) to MEMBERS: which of these datatypes each literal is in."""

    def find(batches: Batches) -> Batches:
        from kg.owl2rl.datatypes import DATATYPE_IDS, has_value

        names = [(number, DATATYPE_IDS[number]) for number in datatypes]
        for batch in batches:
            rows = []
            for literal, value, ill in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                space, _, form = (value or "").partition(" ")
                for number, name in names:
                    if name == "rdfs:Literal" or (value is not None and not ill and has_value(name, (space, form))):
                        rows.append((literal, number))
            yield as_batch(rows, MEMBERS)

    return find


def as_batch(rows: Sequence[tuple[Any, ...]], columns: str) -> RecordBatch:
    """Rows as a batch of columns that are named as Spark does ("id BIGINT, text STRING")."""
    import pyarrow as pa

    kinds = {"STRING": pa.string(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}
    fields = [tuple(column.split()) for column in columns.split(", ")]
    arrays = [pa.array([row[at] for row in rows], kinds[kind]) for at, (_, kind) in enumerate(fields)]
    return pa.RecordBatch.from_arrays(arrays, names=[name for name, _ in fields])
