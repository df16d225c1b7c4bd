"""The schema of a large ontology (a tree of fifty thousand classes), closed by SQL.

Tables: `schema`, `schema_fresh` (s, p, o), `items` (list, path, item, pos, size), and for each rule the rows it
takes from the schema, with the batch in which they came.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from kg.owl2rl.lists import SHAPE_PREDICATES, walk
from kg.owl2rl.patterns import Rule
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.vocabulary import IDS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SHAPES = ", ".join(str(number) for number in sorted(SHAPE_PREDICATES))


class RelationalSchema:
    """The schema's closure and the rows each rule takes from it, all in tables."""

    def __init__(self, con: DuckDBPyConnection, rules: Sequence[Rule], resolve: Resolve) -> None:
        self.con, self.resolve = con, resolve
        self.rules = list(rules)
        self.inner = [rule for rule in rules if rule.parsed.head and rule.parsed.schema and not rule.parsed.data]
        self.batch = 1
        self.tables: dict[str, tuple[int, int]] = {}  # rows in all, rows that are new
        self._names: dict[Rule, str] = {}
        create(con, "schema", "spo")
        create(con, "items", COLUMNS["item"])

    def extend(self, table: str) -> bool:
        """Close the schema with the schema triples of `table`; conclusions go to `schema_derived`."""
        create(self.con, "schema_derived", [*"spo", "rule"])
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
        create(self.con, "items", COLUMNS["item"])
        insert(self.con, "items", walk(shape))

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
            create(self.con, name, [*columns, "batch"])
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
