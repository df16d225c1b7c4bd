"""The closure as tables: `close()` makes them, `Tables` is what a caller holds."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

from kg.owl2rl import decode
from kg.owl2rl.errors import ClosedError, TooLarge
from kg.owl2rl.evaluate import Evaluation, Progress
from kg.owl2rl.in_memory import InMemory
from kg.owl2rl.schema_rules import NAMES, NUMBERS
from kg.owl2rl.sources import Given, Source

if TYPE_CHECKING:
    from types import TracebackType

    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

    from kg.contradiction import Contradiction

Node: TypeAlias = "NamedNode | BlankNode | Literal"


class Stated(NamedTuple):
    """What was read: distinct triples, and distinct terms."""

    triples: int
    terms: int


def close(
    source: Given,
    *,
    full: bool = False,
    memory_limit: str | None = None,
    temp_directory: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Tables:
    """The closure of `source` under OWL 2 RL/RDF.

    `source` is triples or quads of pyoxigraph (graph names are dropped), or paths (.nt .nq .ttl .trig .owl .rdf,
    plain or .gz). `full` adds what is true of everything (see `noise`). Beyond `memory_limit` ("4GB") DuckDB
    spills to `temp_directory`. `progress` is called with a step's name and its number of new facts.

    Raises SourceError.
    """
    tables = Tables(full, memory_limit, os.fspath(temp_directory) if temp_directory else None, progress)
    try:
        tables.add(source)
    except BaseException:
        tables.close()
        raise
    return tables


class Tables:
    """Stated and derived facts, apart; usable as a context manager.

    A small graph is closed in memory; one that is large, or grows large, in tables of DuckDB.
    `timings` has the seconds spent so far by part: parse, encode, rounds, count, contradictions, decode, write.
    """

    def __init__(
        self, full: bool, memory_limit: str | None, temp_directory: str | None, progress: Progress | None
    ) -> None:
        self._full, self._limits, self._progress = full, (memory_limit, temp_directory), progress
        self.timings: dict[str, float] = {}
        self._loads = 0
        self._found: list[Contradiction] | None = None
        self._counts: dict[str, int] | None = None
        self._held: Evaluation | None = Evaluation(InMemory(full), progress)

    def _open(self) -> Evaluation:
        if self._held is None:
            raise ClosedError("these tables are closed; keep them open, or close the source again")
        return self._held

    def add(self, more: Given) -> Tables:
        """Take more facts in and derive what follows from them; the same as closing all at once.

        Raises SourceError; the closure is then as it was.
        """
        evaluation = self._open()
        self._loads += 1
        source = Source(more, self._loads)
        try:
            self._close(evaluation, source)
        except TooLarge:
            self._close_in_tables(evaluation, source)
        self._found = self._counts = None
        return self

    def _close(self, evaluation: Evaluation, *sources: Source) -> None:
        work = evaluation.work
        with self._timed("parse"):
            for source in sources:
                work.read(source)
                source.taken = True
        with self._timed("encode"):
            since = work.encode()
        with self._timed("rounds"):
            work.take()
            evaluation.run(since)

    def _close_in_tables(self, evaluation: Evaluation, source: Source) -> None:
        """What proved too large for memory is closed again in tables, from what has been stated."""
        from kg.owl2rl.in_tables import InTables

        sources = [Source(decode.triples(evaluation.work.lines(stated=True, derived=False)), 1)]
        if not source.taken:
            sources.append(source)
        tables = Evaluation(InTables(self._full, *self._limits), self._progress)
        try:
            self._close(tables, *sources)
        except BaseException:
            tables.work.close()
            raise
        self._held = tables

    @property
    def stated(self) -> Stated:
        """How much was read."""
        return Stated(*self._open().work.size())

    @property
    def contradictions(self) -> list[Contradiction]:
        """Each premise of a rule that concludes "false", sorted; empty for a consistent graph."""
        if self._found is None:
            from kg.owl2rl import contradictions

            with self._timed("contradictions"):
                self._found = contradictions.find(self._open())
        return self._found

    @property
    def counts(self) -> dict[str, int]:
        """Derived facts by the rule that gave them first, in the standard's order; they add up to `count_derived()`."""
        if self._counts is None:
            evaluation = self._open()
            with self._timed("count"):
                found = evaluation.work.rule_counts()
            # Sameness has a rule of its own only for the pair that joined two classes; the rest follows by eq-trans.
            trans = NUMBERS["eq-trans"]
            for rule, count in evaluation.joined.items():
                given = min(count, found.get(trans, 0))
                found[trans] = found.get(trans, 0) - given
                found[rule] = found.get(rule, 0) + given
            self._counts = {name: found[number] for number, name in enumerate(NAMES, 1) if found.get(number)}
        return dict(self._counts)

    def count_derived(self) -> int:
        """The number of derived facts."""
        return sum(self.counts.values())

    def derived(self) -> Iterator[Triple]:
        """The derived facts, sorted by subject, predicate and object as N-Triples writes them."""
        return self._triples(stated=False)

    def generalized(self) -> Iterator[tuple[Node, Node, Node]]:
        """The derived facts and those that are no RDF, such as the type of a literal; of a small graph alone.

        Those of a graph that was closed in tables are the derived facts, as RDF.
        """
        from kg.owl2rl.told import generalized

        work = self._open().work
        if not isinstance(work, InMemory):
            yield from ((each.subject, each.predicate, each.object) for each in self.derived())  # type: ignore[misc]
            return
        facts = list(generalized(work))
        texts = list(dict.fromkeys(text for fact in facts for text in fact))
        lines = (f"<x:x> <x:x> {text} ." for text in texts)
        terms = dict(zip(texts, (triple.object for triple in decode.triples(lines)), strict=True))
        yield from ((terms[s], terms[p], terms[o]) for s, p, o in facts)  # type: ignore[misc]

    def stated_triples(self) -> Iterator[Triple]:
        """The stated facts, sorted likewise."""
        return self._triples(stated=True)

    def _triples(self, stated: bool) -> Iterator[Triple]:
        source = decode.triples(self._open().work.lines(stated=stated, derived=not stated))
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
            decode.write(self._open().work, os.fspath(path), stated=not derived_only)

    def close(self) -> None:
        """Give the memory back."""
        if self._held is not None:
            self._held.work.close()
            self._held = None

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
    """Adds the seconds of a block to the timings of tables.

    Meanwhile garbage is not collected: that would be to look through many tuples, and find none.
    """

    def __init__(self, tables: Tables, part: str) -> None:
        self._tables, self._part = tables, part

    def __enter__(self) -> None:
        self._collecting = gc.isenabled()
        gc.disable()
        self._start = perf_counter()

    def __exit__(self, *_: object) -> None:
        self._tables._spend(self._part, self._start)
        if self._collecting:
            gc.enable()
