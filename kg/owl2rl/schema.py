"""The schema, held in memory while it is small and in tables once it is not: one face for the evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kg.owl2rl.compile import Resolve, axiom_table
from kg.owl2rl.database import IS_SCHEMA, create, insert
from kg.owl2rl.memory import AXIOM_COLUMNS, MemorySchema
from kg.owl2rl.patterns import Rule
from kg.owl2rl.relational import RelationalSchema
from kg.owl2rl.vocabulary import IDS, THING, TYPE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SMALL = 3000
"""Triples of schema up to which it is closed in memory."""
_INLINE = 64
"""Rows up to which they are written into the statement instead of a table."""


class Schema:
    """The schema's closure and the rows the rules take from it, as things to write after FROM."""

    def __init__(self, con: DuckDBPyConnection, rules: Sequence[Rule], resolve: Resolve) -> None:
        self.con, self.resolve = con, resolve
        self.rules = list(rules)
        self._memory: MemorySchema | None = MemorySchema(self.rules, resolve)
        self._tables: RelationalSchema | None = None
        self._written: dict[tuple[Rule | str, bool], str] = {}
        self._values: dict[tuple[Rule | str, str], set[int]] = {}
        self._axioms: dict[tuple[str, bool], list[tuple[int, ...]]] = {}
        self._names: dict[Rule | str, int] = {}

    def restart(self) -> None:
        """Forget everything but the rules: terms have changed."""
        self._memory, self._tables = MemorySchema(self.rules, self.resolve), None
        self._forget()

    def _forget(self) -> None:
        self._written, self._values, self._axioms = {}, {}, {}

    def extend(self, table: str) -> bool:
        """Close the schema with the schema triples of `table`; what follows is left in `schema_derived`, if True."""
        if self._memory is not None:
            room = SMALL - len(self._memory) + 1
            sql = f"SELECT s, p, o FROM {table} WHERE {IS_SCHEMA} LIMIT {max(room, 1)}"
            triples = self.con.execute(sql).fetchall()
            if len(triples) < room:
                derived = self._memory.extend(triples)
                if derived:
                    create(self.con, "schema_derived", [*"spo", "rule"])
                    insert(self.con, "schema_derived", derived)
                return bool(derived)
            self._memory = None
        if self._tables is None:
            self._forget()
            self._tables = RelationalSchema(self.con, self.rules, self.resolve)
            table = "facts"
        return self._tables.extend(table)

    def include(self, rule: Rule) -> None:
        """Use one more rule: that for lists of a length not met before."""
        if rule not in self.rules:
            self.rules.append(rule)
            for held in (self._memory, self._tables):
                if held is not None:
                    held.rules = self.rules

    def bind(self, things: bool) -> None:
        """Find the rows of all rules; `things` is whether membership in owl:Thing is to be made."""
        self._forget()
        drop = "false" if things else f"p2 = {self.resolve(TYPE)} AND {{last}} = {THING}"
        held = self._tables if self._memory is None else self._memory
        assert held is not None
        for rule in self.rules:
            if rule.parsed.data and (self._memory is not None or not axiom_table(rule)):
                held.bind(rule)
        if self._tables is not None:
            self._tables.bind_axioms(drop)
            return
        assert self._memory is not None
        for table, columns in AXIOM_COLUMNS.items():
            last = columns.index("c" if table == "by_property" else "o2")
            for new in (False, True):
                rows = self._memory.axioms(table, new)
                if not things:
                    rows = [row for row in rows if not (row[2] == self.resolve(TYPE) and row[last] == THING)]
                self._axioms[table, new] = rows

    def settle(self) -> None:
        """What was new is so no longer."""
        self._written = {key: value for key, value in self._written.items() if not key[1]}
        self._axioms = {key: [] if key[1] else rows for key, rows in self._axioms.items()}
        for held in (self._memory, self._tables):
            if held is not None:
                held.settle()

    def source(self, key: Rule | str, new: bool) -> str:
        """What to write after FROM for the rows of a rule or an axiom table; empty when there are none."""
        if self._tables is not None:
            return self._tables.source(key, new)
        if (key, new) not in self._written:
            self._written[key, new] = self._write(key, new)
        return self._written[key, new]

    def _write(self, key: Rule | str, new: bool) -> str:
        rows = self.rows(key, new)
        if not rows:
            return ""
        columns = list(AXIOM_COLUMNS[key]) if isinstance(key, str) else key.parsed.columns or ["nothing"]
        if len(rows) <= _INLINE:
            values = ", ".join(f"({', '.join(map(str, row or (1,)))})" for row in rows)
            return f"(SELECT * FROM (VALUES {values}) v({', '.join(columns)}))"
        name = f"rows_{self._names.setdefault(key, len(self._names))}_{int(new)}"
        create(self.con, name, columns)
        insert(self.con, name, rows)
        return name

    def once(self, rule: Rule) -> str:
        """The rows of a rule that is not run in rounds, as they are now."""
        held = self._tables if self._memory is None else self._memory
        assert held is not None
        held.bind(rule)
        self._written.pop((rule, False), None)
        return self.source(rule, False)

    @property
    def in_memory(self) -> bool:
        """Whether `rows` can be asked for."""
        return self._memory is not None

    def rows(self, key: Rule | str, new: bool) -> list[tuple[int, ...]]:
        """The rows of a rule or an axiom table, of a schema in memory."""
        if isinstance(key, str):
            return self._axioms.get((key, new), [])
        assert self._memory is not None
        return self._memory.rows(key, new)

    def values(self, key: Rule | str, column: str) -> set[int]:
        """The distinct values of one column of those rows."""
        if (key, column) not in self._values:
            if self._tables is not None:
                self._values[key, column] = self._tables.values(key, column)
            else:
                columns = AXIOM_COLUMNS[key] if isinstance(key, str) else key.parsed.columns
                at = list(columns).index(column)
                self._values[key, column] = {row[at] for row in self.rows(key, False)}
        return self._values[key, column]

    def lengths(self, predicate: str) -> set[int]:
        """The lengths of the lists that a property of the vocabulary leads to."""
        if self._tables is not None:
            return self._tables.lengths(predicate)
        assert self._memory is not None
        index = self._memory.index
        heads = {triple[2] for triple in index.by_p.get(self.resolve(IDS[predicate]), [])}
        return {size for head, _, _, _, size in index.items if head in heads}

    def mentions(self, watched: str) -> Iterable[tuple[int, int, int]]:
        """The schema triples with a subject or object among `watched` (integers, joined by commas)."""
        if self._tables is not None:
            sql = f"SELECT s, p, o FROM schema WHERE s IN ({watched}) OR o IN ({watched})"
            return self.con.execute(sql).fetchall()
        assert self._memory is not None
        wanted = {int(number) for number in watched.split(",")}
        return [(s, p, o) for s, p, o in self._memory.index.triples if s in wanted or o in wanted]

    def touches(self, terms: Iterable[int]) -> bool:
        """Whether the schema speaks of any of these terms."""
        if self._memory is not None:
            known = {term for triple in self._memory.index.triples for term in triple}
            return not known.isdisjoint(terms)
        (found,) = self.con.execute(
            "SELECT count(*) FROM changed WHERE old IN (SELECT s FROM schema UNION ALL SELECT o FROM schema "
            "UNION ALL SELECT p FROM schema)"
        ).fetchone() or (0,)
        return bool(found)
