"""quads -> a table: facts of any number, each once, that can be counted and come out sorted.

Terms are kept as N-Triples writes them, digit for digit, and numbered in the order of their texts; so the same facts
come out in the same order, whatever order they came in. DuckDB holds the table, and spills it beyond its memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox

from kg.errors import ExportError, did_you_mean
from kg.fill import OnReasoning
from kg.load import read
from kg.names import BASE, DERIVED, STANDARD, compact, expand
from kg.owl2rl.database import connect, engine
from kg.sources import files
from kg.store import Store, open_store

Progress: TypeAlias = "Callable[[str, int], None] | None"
"""Is told what is done, and with how many facts so far."""

MEMORY = "1GB"
"""What the table may hold before it spills."""
EVERY = 20_000
A = f"<{STANDARD['rdf']}type>"
_FROM = f"<{STANDARD['prov']}wasDerivedFrom>"
_USUAL = 1 << 21
"""Bytes of a line for which DuckDB is ready; a longer one must be announced."""


@dataclass(frozen=True)
class Facts:
    """Tables `terms` (id, text), ordered by text, and `quads` (g, s, p, o) of their numbers."""

    con: Any

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query as they come; several may be open at once."""
        cursor = self.con.cursor()
        cursor.execute(sql, values)
        while batch := cursor.fetchmany(EVERY):
            yield from batch

    def one(self, sql: str, *values: object) -> Any:
        """Return the first cell of a query's first row, None if there is no row."""
        row = next(self.rows(sql, *values), None)
        return row[0] if row else None

    def __len__(self) -> int:
        """The number of distinct facts, whichever graphs they stand in."""
        return int(self.one("SELECT count(*) FROM (SELECT DISTINCT s, p, o FROM quads)"))

    def number(self, text: str) -> int:
        """Return the number of a term that N-Triples writes as `text`, 0 if no fact has it."""
        return int(self.one("SELECT id FROM terms WHERE text = ?", text) or 0)

    def texts(self, columns: str, table: str, order: str) -> Iterator[tuple[str, ...]]:
        """Yield the texts of columns of numbers: `("s p o", "quads", "s, p, o")`."""
        names = columns.split()
        joins = " ".join(f"JOIN terms AS of_{name} ON of_{name}.id = f.{name}" for name in names)
        return self.rows(
            f"SELECT {', '.join(f'of_{n}.text' for n in names)} FROM {table} AS f {joins} ORDER BY {order}"
        )

    @property
    def once(self) -> str:
        """The facts without their graphs, each once, as a table to select from."""
        return "(SELECT DISTINCT s, p, o FROM quads)"

    @property
    def for_readers(self) -> str:
        """The order in which people read: thing by thing, and what kind of thing it is first."""
        return f"f.s, f.p <> {self.number(A)}, f.p, f.o"

    def graphs(self) -> list[str]:
        """Return the graphs as N-Triples writes their names, sorted."""
        return [text for (text,) in self.texts("g", "(SELECT DISTINCT g FROM quads)", "f.g")]


@contextmanager
def facts_of(quads: Iterable[ox.Quad], *, memory: str = MEMORY, progress: Progress = None) -> Iterator[Facts]:
    """Give the table of quads, gone when it is left. What stands in no graph goes to graph:default.

    Raises ExportError when the memory or the disk is full.
    """
    with tempfile.TemporaryDirectory(prefix="kg-") as folder, engine_errors():
        lines = Path(folder, "quads.tsv")
        longest = _write(lines, quads, progress)
        con = connect(memory, str(Path(folder, "spill")))
        try:
            _fill(con, lines, longest)
            lines.unlink()
            yield Facts(con)
        finally:
            con.close()


def _write(path: Path, quads: Iterable[ox.Quad], progress: Progress) -> int:
    """Write a line of four terms for each quad; return the bytes of the longest.

    N-Triples escapes the tabs and line ends within a term.
    """
    default, longest = f"<{BASE}graph/default>", 0
    with path.open("wb") as stream:
        for count, quad in enumerate(quads):
            if progress and not count % EVERY:
                progress("reading", count)
            graph = default if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
            line = f"{graph}\t{quad.subject}\t{quad.predicate}\t{quad.object}\n".encode()
            longest = max(longest, len(line))
            stream.write(line)
    return longest


def _fill(con: Any, lines: Path, longest: int) -> None:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in "gspo")
    con.execute("SET preserve_insertion_order = true")
    con.execute(
        "CREATE TABLE raw AS SELECT * FROM read_csv(?, delim='\t', quote='', escape='', header=false,"
        f" auto_detect=false, max_line_size={max(longest, _USUAL)}, columns={{{columns}}})",
        [str(lines)],
    )
    each = " UNION ".join(f"SELECT {name} AS text FROM raw" for name in "gspo")
    con.execute(f"CREATE TABLE terms AS SELECT row_number() OVER (ORDER BY text)::INTEGER AS id, text FROM ({each})")
    joins = " ".join(f"JOIN terms AS of_{name} ON of_{name}.text = raw.{name}" for name in "gspo")
    numbers = ", ".join(f"of_{name}.id AS {name}" for name in "gspo")
    con.execute(f"CREATE TABLE quads AS SELECT DISTINCT {numbers} FROM raw {joins} ORDER BY g, s, p, o")
    con.execute("DROP TABLE raw")


def gather(*sources: Path | str, derived: bool = False, on_reasoning: OnReasoning = None) -> Iterator[ox.Quad]:
    """Yield what sources state (see `kg.load`), as they wrote it, and with `derived` what follows, in graph:derived.

    Raises LoadError and ReasonError.
    """
    for name, path in files(*(sources or ("shipped",))):
        yield from read(path, name)
    if derived:
        # From the store come the derived facts alone: it rewrites "0.700" as "0.7".
        store = open_store(*sources, on_reasoning=on_reasoning)
        yield from store.quads.quads_for_pattern(None, None, None, ox.NamedNode(DERIVED))


def in_store(store: Store) -> Iterator[ox.Quad]:
    """Yield what a store holds, each fact in its graphs (its default graph holds each once more)."""
    return (quad for quad in store.quads if not isinstance(quad.graph_name, ox.DefaultGraph))


def keep_only(facts: Facts, names: Iterable[str]) -> None:
    """Keep the graphs of these names: a graph's own (`graph:x`, `x`, an IRI), or its source's (`source:x`).

    Raises ExportError for a name that is neither.
    """
    kept: set[int] = set()
    for name in names:
        kept |= _graphs_of(facts, name)
    facts.con.execute("DELETE FROM quads WHERE NOT list_contains(?, g)", [sorted(kept)])


def _graphs_of(facts: Facts, name: str) -> set[int]:
    iri = expand(name)
    for each in [iri] if iri else [f"{BASE}graph/{name}", f"{BASE}source/{name}"]:
        number = facts.number(f"<{each}>")
        if facts.one("SELECT 1 FROM quads WHERE g = ? LIMIT 1", number):
            return {number}
        derived = "SELECT DISTINCT s FROM quads WHERE p = ? AND o = ? AND s IN (SELECT g FROM quads)"
        if found := {row[0] for row in facts.rows(derived, facts.number(_FROM), number)}:
            return found
    known = [compact(text[1:-1]).removeprefix("graph:") for text in facts.graphs()]
    listed = did_you_mean(name, known) or f" There is: {', '.join(known[:20])}{', ..' if len(known) > 20 else ''}."
    raise ExportError(f"No facts of {name!r}: it names neither a graph nor the source of one.{listed}")


@contextmanager
def engine_errors() -> Iterator[None]:
    """Tell in a line what DuckDB says at length, such as that the disk is full."""
    try:
        yield
    except (engine().OutOfMemoryException, engine().IOException) as error:
        cause = str(error).splitlines()[0].removesuffix(".")
        raise ExportError(f"The export stopped: {cause}. Give it room for temporary files, or more memory.") from None
