"""The schema of a large ontology (a tree of fifty thousand classes), closed by SQL.

Tables: `schema`, `schema_fresh` (s, p, o), `items` (list, path, item, pos, size), and for each rule the rows it
takes from the schema, with the batch in which they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kg.owl2rl.compile import (
    BY_PROPERTY,
    BY_VALUE,
    COLUMNS,
    Resolve,
    axiom_slots,
    axiom_table,
    bindings,
    schema_variants,
)
from kg.owl2rl.database import IS_SCHEMA, create, insert
from kg.owl2rl.equality import Changed
from kg.owl2rl.errors import TooLarge
from kg.owl2rl.lists import SHAPE_PREDICATES, Paths, walk
from kg.owl2rl.memory import AXIOM_COLUMNS, Derived
from kg.owl2rl.patterns import Rule
from kg.owl2rl.schema import Schema
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.vocabulary import IDS, THING, TYPE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from kg.owl2rl.workspace import Workspace

_INLINE = 64
"""Rows up to which they are written into the statement instead of a table."""
_SHAPES = ", ".join(str(number) for number in sorted(SHAPE_PREDICATES))


class RelationalSchema:
    """The schema's closure and the rows each rule takes from it, all in tables."""

    def __init__(self, con: DuckDBPyConnection, rules: Sequence[Rule], resolve: Resolve, integers: str) -> None:
        self.con, self.resolve, self.integers = con, resolve, integers
        self.rules = list(rules)
        self.inner = [rule for rule in rules if rule.parsed.head and rule.parsed.schema and not rule.parsed.data]
        self.batch = 1
        self.tables: dict[str, tuple[int, int]] = {}  # rows in all, rows that are new
        self._names: dict[Rule, str] = {}
        self._paths: Paths = {}
        create(con, "schema", "spo", integers=integers)
        create(con, "items", COLUMNS["item"], integers=integers)

    def extend(self, table: str) -> bool:
        """Close the schema with the schema triples of `table`; conclusions go to `schema_derived`."""
        create(self.con, "schema_derived", [*"spo", "rule"], integers=self.integers)
        self._fresh(f"SELECT DISTINCT s, p, o FROM {table} WHERE {IS_SCHEMA}")
        changed = False
        while predicates := self._predicates():
            changed = True
            lists = bool(predicates & SHAPE_PREDICATES)
            if lists:
                self._walk()
            parts: list[str] = []
            for rule in self.inner:
                atoms = rule.parsed.schema
                full = lists and any(atom.relation == "item" for atom in atoms)
                used = {self.resolve(int(atom.slots[1])) for atom in atoms if atom.relation == "triple"}
                if full or used & predicates:
                    parts += schema_variants(rule, NUMBERS[rule.name], self.resolve, full)
            if not parts:
                break
            self.con.execute(
                f"CREATE OR REPLACE TEMP TABLE schema_next AS SELECT s, p, o, min(rule) AS rule FROM "
                f"({' UNION ALL '.join(parts)}) GROUP BY s, p, o"
            )
            self.con.execute(
                "INSERT INTO schema_derived SELECT * FROM schema_next ANTI JOIN schema USING (s, p, o) "
                "ANTI JOIN schema_derived USING (s, p, o)"
            )
            self._fresh(f"SELECT s, p, o FROM schema_next WHERE {IS_SCHEMA}")
        return changed

    def _fresh(self, query: str) -> None:
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE schema_fresh AS SELECT * FROM ({query}) ANTI JOIN schema USING (s, p, o)"
        )
        self.con.execute("INSERT INTO schema SELECT * FROM schema_fresh")

    def _predicates(self) -> set[int]:
        return {row[0] for row in self.con.execute("SELECT DISTINCT p FROM schema_fresh").fetchall()}

    def _walk(self) -> None:
        shape = self.con.execute(f"SELECT s, p, o FROM schema WHERE p IN ({_SHAPES})").fetchall()
        create(self.con, "items", COLUMNS["item"], integers=self.integers)
        insert(self.con, "items", walk(shape, self._paths))

    def lengths(self, predicate: str) -> set[int]:
        """The lengths of the lists that `predicate` leads to."""
        number = self.resolve(IDS[predicate])
        sql = f"SELECT DISTINCT size FROM items JOIN schema ON o = list AND p = {number}"
        return {row[0] for row in self.con.execute(sql).fetchall()}

    def bind(self, rule: Rule) -> None:
        """Find the rule's rows; those not seen before are new until `settle`."""
        columns = rule.parsed.columns or ["nothing"]
        name = self._names.setdefault(rule, f"rows_{len(self._names)}")
        self._keep(name, columns, f"SELECT * FROM ({bindings(rule.parsed, self.resolve)})")

    def bind_axioms(self, drop: str) -> None:
        """Fill `by_property` and `by_value`; rows that only repeat a fact, or match `drop`, are left out."""
        for table, columns in (("by_property", BY_PROPERTY), ("by_value", BY_VALUE)):
            parts = []
            for rule in self.rules:
                if axiom_table(rule) == table:
                    slots = axiom_slots(rule, NUMBERS[rule.name], self.resolve)
                    named = ", ".join(f"{x} AS {y}" for x, y in zip(slots, columns, strict=True))
                    parts.append(f"SELECT {named} FROM ({bindings(rule.parsed, self.resolve)})")
            idle = "p = p2 AND back = 0 AND slot = 1" if table == "by_property" else "p = p2 AND o = o2"
            last = "c" if table == "by_property" else "o2"
            group = ", ".join(columns[:-1])
            self._keep(
                table, columns,
                f"SELECT {group}, min(rule) AS rule FROM ({' UNION ALL '.join(parts)}) "
                f"WHERE NOT ({idle}) AND NOT ({drop.format(last=last)}) GROUP BY {group}",
            )  # fmt: skip

    def _keep(self, name: str, columns: Sequence[str], query: str) -> None:
        if name not in self.tables:
            create(self.con, name, [*columns, "batch"], integers=self.integers)
            self.tables[name] = (0, 0)
        using = ", ".join(columns)
        (added,) = self.con.execute(
            f"INSERT INTO {name} SELECT {using}, {self.batch} FROM ({query}) ANTI JOIN {name} USING ({using})"
        ).fetchone() or (0,)
        before, new = self.tables[name]
        self.tables[name] = (before + added, new + added)

    def settle(self) -> None:
        """What was new is so no longer."""
        self.batch += 1
        self.tables = {name: (rows, 0) for name, (rows, _) in self.tables.items()}

    def source(self, key: Rule | str, new: bool) -> str:
        """What to write after FROM for the rows of a rule or an axiom table; empty when there are none."""
        name = key if isinstance(key, str) else self._names.get(key, "")
        if not name or not self.tables[name][new]:
            return ""
        return f"(SELECT * FROM {name} WHERE batch = {self.batch})" if new else name

    def values(self, key: Rule | str, column: str) -> set[int]:
        """The distinct values of a column of those rows."""
        source = self.source(key, False)
        if not source:
            return set()
        return {row[0] for row in self.con.execute(f"SELECT DISTINCT {column} FROM {source}").fetchall()}


class TableSchema(Schema):
    """A schema in memory that goes on in tables when it is large; its rows as things to write after FROM."""

    integers = "INTEGER"
    """The type of terms in its tables."""

    def __init__(self, work: Workspace, con: DuckDBPyConnection, rules: Sequence[Rule], resolve: Resolve) -> None:
        super().__init__(work, rules, resolve)
        self.con = con
        self._tables: RelationalSchema | None = None
        self._written: dict[tuple[Rule | str, bool], str] = {}
        self._names: dict[Rule | str, int] = {}

    def restart(self) -> None:
        """Forget everything but the rules: terms have changed."""
        self._tables = None
        super().restart()

    def forget(self) -> None:
        """Look at the rows afresh."""
        super().forget()
        self._written = {}

    def extend(self, table: str = "") -> list[Derived] | str:
        """Close the schema with the schema triples that are fresh, or of `table`; what follows, or a table of it."""
        if self._tables is None:
            try:
                return super().extend(table)
            except TooLarge:
                self.forget()
                self._tables, table = (
                    RelationalSchema(self.con, self.rules, self.resolve, self.integers),
                    table or "facts",
                )
        table = table or self.work.fresh
        return "schema_derived" if self._tables.extend(self.brought(table)) else []

    def brought(self, table: str) -> str:
        """The table of facts with its schema triples, for the statements that close the schema."""
        return table

    def bind(self, things: bool) -> None:
        """Find the rows of all rules; `things` is whether membership in owl:Thing is to be made."""
        if self._tables is None:
            super().bind(things)
            return
        self.forget()
        self._tables.rules = self.rules
        for rule in self.rules:
            if rule.parsed.data and not axiom_table(rule):
                self._tables.bind(rule)
        self._tables.bind_axioms("false" if things else f"p2 = {self.resolve(TYPE)} AND {{last}} = {THING}")

    def settle(self) -> None:
        """What was new is so no longer."""
        self._written = {key: value for key, value in self._written.items() if not key[1]}
        if self._tables is None:
            super().settle()
        else:
            self._tables.settle()

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
        self.table(name, columns, rows)
        return name

    def table(self, name: str, columns: Sequence[str], rows: Sequence[tuple[int, ...]]) -> None:
        """Rows as a table for the statements of a round."""
        create(self.con, name, columns)
        insert(self.con, name, rows)

    def once(self, rule: Rule) -> str:
        """The rows of a rule that is not run in rounds, as they are now."""
        (self._tables or self.memory).bind(rule)
        self._written.pop((rule, False), None)
        return self.source(rule, False)

    def values(self, key: Rule | str, column: str) -> set[int]:
        """The distinct values of one column of those rows."""
        if self._tables is None:
            return super().values(key, column)
        if (key, column) not in self._values:
            self._values[key, column] = self._tables.values(key, column)
        return self._values[key, column]

    def lengths(self, predicate: str) -> set[int]:
        """The lengths of the lists that a property of the vocabulary leads to."""
        return super().lengths(predicate) if self._tables is None else self._tables.lengths(predicate)

    def mentions(self, watched: frozenset[int]) -> Iterable[tuple[int, int, int]]:
        """The schema triples with a subject or object among `watched`."""
        if self._tables is None:
            return super().mentions(watched)
        some = ", ".join(map(str, sorted(watched)))
        sql = f"SELECT s, p, o FROM schema WHERE s IN ({some}) OR o IN ({some})"
        return self.con.execute(sql).fetchall()

    def touches(self, changed: Changed) -> bool:
        """Whether the schema speaks of any of the terms that `changed` has."""
        if self._tables is None:
            return super().touches(changed)
        (found,) = self.con.execute(
            "SELECT count(*) FROM changed WHERE old IN (SELECT s FROM schema UNION ALL SELECT o FROM schema "
            "UNION ALL SELECT p FROM schema)"
        ).fetchone() or (0,)
        return bool(found)
