"""A closure in tables of DuckDB, for graphs of any size; see `workspace`.

Tables: `terms` (id, text); `facts` (s, p, o, rule) is the closure over representatives; `fresh_0` and `fresh_1` take
turns as the last round's facts; `stated` (s, p, o) has the stated facts as they were read, once any is rewritten;
`same` (member, rep) every term of a class of two or more, the representative included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kg.owl2rl import output, terms
from kg.owl2rl.compile import Resolve
from kg.owl2rl.database import connect, create, insert
from kg.owl2rl.equality import Changed, Equality, Pairs
from kg.owl2rl.literals import Literals
from kg.owl2rl.memory import Derived
from kg.owl2rl.patterns import Rule
from kg.owl2rl.relational import TableSchema
from kg.owl2rl.relations import Relations
from kg.owl2rl.schema import Schema
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.sources import Source
from kg.owl2rl.statement import Round
from kg.owl2rl.vocabulary import axioms

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from kg.owl2rl.evaluate import Evaluation

_BATCH = 100_000
RENAMED = (
    "SELECT coalesce(a.new, f.s) AS s, coalesce(b.new, f.p) AS p, coalesce(c.new, f.o) AS o, f.rule, "
    "a.new IS NOT NULL OR b.new IS NOT NULL OR c.new IS NOT NULL AS moved "
    "FROM facts f LEFT JOIN changed a ON f.s = a.old LEFT JOIN changed b ON f.p = b.old "
    "LEFT JOIN changed c ON f.o = c.old"
)
"""The facts as `changed` puts them right, some of them several times; whether it has `moved` them."""


class InTables(Relations):
    """Terms and facts in a database, which spills to `temp_directory` beyond `memory_limit` ("4GB")."""

    def __init__(self, full: bool, memory_limit: str | None, temp_directory: str | None) -> None:
        self.con: DuckDBPyConnection = connect(memory_limit, temp_directory)
        super().__init__(full, Equality())
        self._first, self._unchecked = True, False
        terms.prepare(self.con)
        create(self.con, "same", ["member", "rep"], temp=False)
        insert(self.con, "facts", [(s, p, o, NUMBERS[rule]) for s, p, o, rule in axioms()])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a SELECT."""
        return self.con.execute(sql).fetchall()

    # Sources

    def read(self, source: Source) -> None:
        """Read a source into `raw`. Raises SourceError."""
        try:
            self._unchecked |= terms.stage(self.con, source)
        except BaseException:
            self.con.execute("DELETE FROM raw")
            raise

    def encode(self) -> int:
        """Give integers to what was read, as `loaded`; the first that is new. Raises SourceError."""
        try:
            return terms.encode(self.con, "loaded", self._unchecked)
        except BaseException:
            self.con.execute("DELETE FROM raw")
            raise
        finally:
            self._unchecked = False

    def take(self) -> None:
        """Add `loaded` to the facts; what is new over representatives is fresh."""
        con, self._turn = self.con, 0
        if self._first:
            con.execute("DELETE FROM facts WHERE (s, p, o) IN (SELECT (s, p, o) FROM loaded)")
            con.execute("INSERT INTO facts SELECT s, p, o, 0 FROM loaded ORDER BY p")
        else:
            self.keep_stated()
            con.execute("INSERT INTO stated SELECT * FROM loaded ANTI JOIN stated USING (s, p, o)")
            con.execute(
                "CREATE OR REPLACE TEMP TABLE fresh_0 AS SELECT * FROM (SELECT DISTINCT coalesce(a.rep, s) AS s, "
                "coalesce(b.rep, p) AS p, coalesce(c.rep, o) AS o, 0::TINYINT AS rule FROM loaded "
                "LEFT JOIN same a ON s = a.member LEFT JOIN same b ON p = b.member LEFT JOIN same c ON o = c.member"
                ") ANTI JOIN facts USING (s, p, o)"
            )
            con.execute("INSERT INTO facts FROM fresh_0")
        self.everything, self._first = self._first, False
        con.execute("DROP TABLE loaded")

    # Terms

    def literals(self) -> Literals:
        """What the datatype rules know of these terms."""
        return Literals(self)

    def numbers(self, texts: Iterable[str]) -> dict[str, int]:
        """Those of `texts` that are terms."""
        self.con.execute("CREATE OR REPLACE TEMP TABLE wanted (text VARCHAR)")
        insert(self.con, "wanted", [(text,) for text in texts])
        return dict(self.con.execute("SELECT text, id FROM terms JOIN wanted USING (text)").fetchall())

    def typed_literals(self, since: int) -> Iterator[tuple[int, str]]:
        """Literals that name a datatype, from integer `since` on."""
        return self._literals(f"id >= {since} AND right(text, 1) = '>'")

    def used_literals(self, since: int) -> Iterator[tuple[int, str]]:
        """Literals that are objects of facts or equal to something, from integer `since` on."""
        used = "id IN (SELECT o FROM facts) OR id IN (SELECT member FROM same)"
        return self._literals(f"id >= {since} AND ({used})")

    def _literals(self, condition: str) -> Iterator[tuple[int, str]]:
        cursor = self.con.cursor()
        cursor.execute(f"SELECT id, text FROM terms WHERE left(text, 1) = '\"' AND {condition} ORDER BY id")
        while rows := cursor.fetchmany(_BATCH):
            yield from rows

    # Facts

    def schema(self, rules: Sequence[Rule], resolve: Resolve) -> TableSchema:
        """The schema of these facts."""
        return TableSchema(self, self.con, rules, resolve)

    def add(self, rows: Sequence[Derived] | str, same: int) -> Pairs:
        """Add conclusions, or a table of them; those that say two terms are the `same` (s, o, rule)."""
        if not isinstance(rows, str):
            create(self.con, "concluded", [*"spo", "rule"])
            insert(self.con, "concluded", rows)
            rows = "concluded"
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE added AS FROM (SELECT s, p, o, min(rule)::TINYINT AS rule FROM {rows} "
            f"GROUP BY s, p, o) ANTI JOIN facts USING (s, p, o)"
        )
        self.con.execute("INSERT INTO facts FROM added")
        if not self.everything:
            self.con.execute(f"INSERT INTO {self.fresh} FROM added")
        for p, count in self.con.execute("SELECT p, count(*) FROM added GROUP BY p").fetchall():
            self.found[p] = self.found.get(p, 0) + count
        self._predicates |= self.found.keys()
        return self.same_pairs(same, table="added")

    def round(self, schema: Schema, resolve: Resolve) -> bool:
        """One round: what is concluded is added and fresh. False if there was nothing to do."""
        assert isinstance(schema, TableSchema)
        step = Round(schema, self.demand, resolve, self.fresh, self.everything, self.found)
        parts = step.parts()
        schema.settle()
        if not parts:
            return False
        target = f"fresh_{1 - self._turn}"
        query = step.query(parts, self._predicates)
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS {query}")
        self._turn, self.everything = 1 - self._turn, False
        self.count()
        if self.found:
            self.con.execute(f"INSERT INTO facts FROM {target}")
        return True

    def keep(self, evaluation: Evaluation) -> None:
        """A round has ended; nothing is kept beyond this process."""

    def keep_stated(self) -> None:
        """Put the stated facts aside as they are, before any is rewritten or taken for derived."""
        if not self.stated_apart:
            self.con.execute("CREATE TABLE stated AS SELECT s, p, o FROM facts WHERE rule = 0")
            self.stated_apart = True

    def rewrite(self, changed: Changed, idle: int | None) -> None:
        """Put changed terms right; what is new by it is fresh. Of property `idle`, x of x is dropped for new x."""
        assert not isinstance(changed, str)
        con, fresh, target = self.con, "" if self.everything else self.fresh, f"fresh_{1 - self._turn}"
        create(con, "changed", ["old", "new"])
        insert(con, "changed", list(changed.items()))
        con.execute("UPDATE same SET rep = c.new FROM changed c WHERE same.rep = c.old")
        con.execute(
            "INSERT INTO same SELECT DISTINCT x, new FROM (SELECT old AS x, new FROM changed UNION ALL "
            "SELECT new, new FROM changed) ANTI JOIN (SELECT member AS x FROM same) USING (x)"
        )
        con.execute(
            "CREATE OR REPLACE TEMP TABLE renamed AS SELECT s, p, o, min(rule)::TINYINT AS rule "
            f"FROM ({RENAMED}) WHERE moved GROUP BY s, p, o"
        )
        # The least rule counts, whichever of the terms stands for the others.
        con.execute(
            "UPDATE facts SET rule = n.rule FROM renamed n "
            "WHERE facts.s = n.s AND facts.p = n.p AND facts.o = n.o AND facts.rule > n.rule"
        )
        con.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS FROM renamed ANTI JOIN facts USING (s, p, o)")
        touched = " OR ".join(f"{x} IN (SELECT old FROM changed)" for x in "spo")
        con.execute(f"DELETE FROM facts WHERE {touched}")
        con.execute(f"INSERT INTO facts SELECT * FROM {target}")
        if fresh:
            con.execute(f"INSERT INTO {target} SELECT * FROM {fresh} WHERE NOT ({touched})")
        if idle is not None:
            where = f"p = {idle} AND s = o AND s IN (SELECT new FROM changed)"
            con.execute(f"DELETE FROM facts WHERE {where}")
            con.execute(f"DELETE FROM {target} WHERE {where}")
        self._turn = 1 - self._turn

    # Answers

    def lines(self, *, stated: bool, derived: bool) -> Iterator[str]:
        """Facts as lines of N-Triples, sorted by subject, predicate and object."""
        cursor = self.con.cursor()
        cursor.execute(output.lines(self, stated, derived))
        while batch := cursor.fetchmany(_BATCH):
            yield from (line for (line,) in batch)

    def write_lines(self, path: str, packed: bool, *, stated: bool, derived: bool) -> None:
        """The same to a file."""
        target = path.replace("'", "''")
        self.con.execute(
            f"COPY ({output.lines(self, stated, derived)}) TO '{target}' (FORMAT csv, HEADER false, "
            f"DELIMITER '\x01', QUOTE '', ESCAPE '', COMPRESSION {'gzip' if packed else 'none'})"
        )

    def close(self) -> None:
        """Give the memory back."""
        self.con.close()
