"""The schema on the driver: in memory, or where it is large in DuckDB; its rows go to the workers as small tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.owl2rl.compile import Resolve
from kg.owl2rl.database import IS_SCHEMA, connect, create, insert
from kg.owl2rl.equality import Changed
from kg.owl2rl.memory import Derived
from kg.owl2rl.patterns import Rule
from kg.owl2rl.relational import TableSchema

if TYPE_CHECKING:
    from kg.spark.in_spark import InSpark


class SparkSchema(TableSchema):
    """A schema whose rows are views of Spark. Small as they are, each worker gets them all and no fact is moved."""

    integers = "BIGINT"

    def __init__(self, work: InSpark, rules: Sequence[Rule], resolve: Resolve) -> None:
        super().__init__(work, connect(None, None), rules, resolve)
        self.spark, self._in_spark = work.spark, work
        self._shown: dict[tuple[Rule | str, bool], str] = {}

    def forget(self) -> None:
        """Look at the rows afresh."""
        super().forget()
        self._shown = {}

    def settle(self) -> None:
        """What was new is so no longer."""
        super().settle()
        self._shown = {key: name for key, name in self._shown.items() if not key[1]}

    def once(self, rule: Rule) -> str:
        """The rows of a rule that is not run in rounds, as they are now."""
        self._shown.pop((rule, False), None)
        return super().once(rule)

    def brought(self, table: str) -> str:
        """The schema triples of a table, in DuckDB."""
        create(self.con, "brought", "spo", integers=self.integers)
        insert(self.con, "brought", self._in_spark.rows(f"SELECT s, p, o FROM {table} WHERE {IS_SCHEMA}"))
        return "brought"

    def extend(self, table: str = "") -> list[Derived] | str:
        """Close the schema with the schema triples that are fresh, or of `table`; gives what follows."""
        found = super().extend(table)
        if isinstance(found, str):
            return self.con.execute(f"SELECT s, p, o, rule FROM {found}").fetchall()
        return found

    def table(self, name: str, columns: Sequence[str], rows: Sequence[tuple[int, ...]]) -> None:
        """Rows as a view of Spark."""
        self._in_spark.show(name, columns, rows)

    def source(self, key: Rule | str, new: bool) -> str:
        """What to write after FROM for the rows of a rule or an axiom table; empty when there are none."""
        found = super().source(key, new)
        if self._tables is None or not found:
            return found
        if (key, new) in self._shown:
            return self._shown[key, new]
        cursor = self.con.execute(f"SELECT * FROM {found}")
        name = f"closed_{self._names.setdefault(key, len(self._names))}_{int(new)}"
        self._in_spark.show(name, [column[0] for column in cursor.description], cursor.fetchall())
        self._shown[key, new] = name
        return name

    def touches(self, changed: Changed) -> bool:
        """Whether the schema speaks of any of the terms that `changed` has."""
        if self._tables is None:
            spoken = sorted(set().union(*self.memory.index.triples))
        else:
            spoken = [row[0] for row in self.con.execute(
                "SELECT s FROM schema UNION SELECT p FROM schema UNION SELECT o FROM schema"
            ).fetchall()]  # fmt: skip
        self._in_spark.show("spoken", ["old"], [(term,) for term in spoken])
        return not self.spark.sql(f"SELECT old FROM {changed} SEMI JOIN spoken USING (old)").isEmpty()
