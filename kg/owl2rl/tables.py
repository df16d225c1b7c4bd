"""The closure as tables: `close()` makes them, `Tables` is what a caller holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pyoxigraph import Triple

from kg.contradiction import Contradiction
from kg.owl2rl import contradictions, decode, output, terms
from kg.owl2rl.database import connect, insert
from kg.owl2rl.errors import ClosedError
from kg.owl2rl.evaluate import Evaluation, Progress
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.terms import Source
from kg.owl2rl.vocabulary import FIRST_FREE, axioms

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Stated:
    """What was read: distinct triples, and distinct terms."""

    triples: int
    terms: int


def close(
    source: Source,
    *,
    full: bool = False,
    memory_limit: str | None = None,
    temp_directory: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Tables:
    """The closure of `source` under OWL 2 RL/RDF.

    `source` is triples or quads of pyoxigraph (graph names are dropped), or paths (.nt .nq .ttl .trig .owl .rdf,
    plain or .gz). `full` adds what is true of everything (see `output`). Beyond `memory_limit` ("4GB") DuckDB
    spills to `temp_directory`. `progress` is called with a step's name and its number of new facts.

    Raises SourceError.
    """
    tables = Tables(connect(memory_limit, os.fspath(temp_directory) if temp_directory else None), full, progress)
    try:
        tables.add(source)
    except BaseException:
        tables.close()
        raise
    return tables


class Tables:
    """Stated and derived facts, apart; usable as a context manager.

    `timings` has the seconds spent so far by part: parse, encode, rounds, contradictions, decode, write.
    `connection` gives the tables themselves: `terms` (id, text) and `facts` (s, p, o, rule).
    """

    def __init__(self, con: DuckDBPyConnection, full: bool, progress: Progress | None) -> None:
        self._con: DuckDBPyConnection | None = con
        self._full, self._progress = full, progress
        self.timings: dict[str, float] = {}
        self._loads = 0
        self._found: list[Contradiction] | None = None
        self._counts: dict[str, int] | None = None
        terms.prepare(con)
        self._evaluation = Evaluation(con, full, progress)
        insert(con, "facts", [(s, p, o, NUMBERS[rule]) for s, p, o, rule in axioms()])

    @property
    def connection(self) -> DuckDBPyConnection:
        """The database; raises ClosedError after `close()`."""
        if self._con is None:
            raise ClosedError("these tables are closed; keep them open, or close the source again")
        return self._con

    def _open(self) -> Evaluation:
        self.connection  # noqa: B018  raises when closed
        return self._evaluation

    def add(self, more: Source) -> Tables:
        """Take more facts in and derive what follows from them; the same as closing all at once.

        Raises SourceError; the closure is then as it was.
        """
        con, evaluation = self.connection, self._evaluation
        self._loads += 1
        with self._timed("parse"):
            try:
                check = terms.stage(con, more, self._loads)
            except BaseException:
                con.execute("DELETE FROM raw")
                raise
        with self._timed("encode"):
            since = self._encode(check)
        with self._timed("rounds"):
            if self._loads == 1:
                con.execute("DELETE FROM facts WHERE (s, p, o) IN (SELECT (s, p, o) FROM loaded)")
                con.execute("INSERT INTO facts SELECT s, p, o, 0 FROM loaded ORDER BY p")
                evaluation.start(everything=True, since=since)
            else:
                evaluation.take("loaded")
                evaluation.start(everything=False, since=since)
            con.execute("DROP TABLE loaded")
        self._found = self._counts = None
        return self

    def _encode(self, check: bool) -> int:
        try:
            return terms.encode(self.connection, "loaded", check)
        except BaseException:
            self.connection.execute("DELETE FROM raw")
            raise

    @property
    def stated(self) -> Stated:
        """How much was read."""
        sql = f"SELECT count(*) FROM {output.stated(self._evaluation)}"
        (count,) = self.connection.execute(sql).fetchone() or (0,)
        (known,) = self.connection.execute(f"SELECT count(*) FROM terms WHERE id >= {FIRST_FREE}").fetchone() or (0,)
        return Stated(int(count), int(known))

    @property
    def contradictions(self) -> list[Contradiction]:
        """Each premise of a rule that concludes "false", sorted; empty for a consistent graph."""
        if self._found is None:
            with self._timed("contradictions"):
                self._found = contradictions.find(self._open())
        return self._found

    @property
    def counts(self) -> dict[str, int]:
        """Derived facts by the rule that gave them first; they add up to `count_derived()`."""
        if self._counts is None:
            self._counts = output.counts(self._open(), self._full)
        return dict(self._counts)

    def count_derived(self) -> int:
        """The number of derived facts."""
        return sum(self.counts.values())

    def derived(self) -> Iterator[Triple]:
        """The derived facts, sorted by subject, predicate and object as N-Triples writes them."""
        return self._triples(output.derived(self._open(), self._full))

    def stated_triples(self) -> Iterator[Triple]:
        """The stated facts, sorted likewise."""
        return self._triples(output.stated(self._open()))

    def _triples(self, rows: str) -> Iterator[Triple]:
        source = decode.triples(self.connection, f"SELECT s, p, o FROM ({rows})")
        while True:
            start = perf_counter()
            triple = next(source, None)
            self._spend("decode", start)
            if triple is None:
                return
            yield triple

    def write(self, path: str | os.PathLike[str], *, derived_only: bool = False) -> None:
        """Write the closure, or only what is derived, to .nt, .nq or .ttl (plain or .gz), sorted.

        Raises ReasonError for another kind of file.
        """
        with self._timed("write"):
            rows = f"SELECT s, p, o FROM ({output.derived(self._open(), self._full)})"
            if not derived_only:
                rows += f" UNION ALL SELECT s, p, o FROM {output.stated(self._open())}"
            decode.write(self.connection, rows, Path(path))

    def close(self) -> None:
        """Give the memory back."""
        if self._con is not None:
            self._con.close()
            self._con = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _timed(self, part: str) -> _Timer:
        return _Timer(self, part)

    def _spend(self, part: str, start: float) -> None:
        self.timings[part] = self.timings.get(part, 0.0) + perf_counter() - start


class _Timer:
    """Adds the seconds of a block to the timings of tables."""

    def __init__(self, tables: Tables, part: str) -> None:
        self._tables, self._part = tables, part

    def __enter__(self) -> None:
        self._start = perf_counter()

    def __exit__(self, *_: object) -> None:
        self._tables._spend(self._part, self._start)
