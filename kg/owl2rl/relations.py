"""A closure held as relations, whichever engine holds them: what is asked of it with SELECT alone; see `workspace`.

The SELECTs here, and those of `output`, `statement` and the rules, are in the SQL that DuckDB and Spark share.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from kg.owl2rl import output
from kg.owl2rl.compile import Resolve, witnesses
from kg.owl2rl.database import IS_SCHEMA
from kg.owl2rl.demand import Demand
from kg.owl2rl.equality import Equality, Pairs
from kg.owl2rl.memory import Triple
from kg.owl2rl.patterns import Rule
from kg.owl2rl.relational import TableSchema
from kg.owl2rl.schema import Schema
from kg.owl2rl.vocabulary import FIRST_FREE, FIRST_LITERAL


class Relations(ABC):
    """`terms` (id, text), `facts` and `fresh_*` (s, p, o, rule), `stated` (s, p, o), `same` (member, rep)."""

    def __init__(self, full: bool, equality: Equality) -> None:
        self.full, self.demand, self.equality = full, Demand(sameness=full, things=full), equality
        self.everything, self.found, self.found_schema = True, dict[int, int](), False
        self.stated_apart = False
        self._turn = 0
        self._predicates: set[int] = set()  # of all facts

    @abstractmethod
    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a SELECT."""

    @property
    def fresh(self) -> str:
        """The last round's facts: all of them while everything is to be joined."""
        return "facts" if self.everything else f"fresh_{self._turn}"

    # Terms

    def texts(self, terms: Iterable[int]) -> dict[int, str]:
        """Terms as N-Triples writes them."""
        wanted = sorted(set(terms))
        return dict(self.rows(f"SELECT id, text FROM terms WHERE {among('id', wanted)}")) if wanted else {}

    # Facts

    def schema_triples(self, most: int, table: str = "") -> list[Triple]:
        """The schema triples among what is fresh, or in `table`, up to `most`."""
        return self.rows(f"SELECT s, p, o FROM {table or self.fresh} WHERE {IS_SCHEMA} LIMIT {most}")

    def count(self) -> None:
        """Bring `found` and `found_schema` up to date."""
        rows = self.rows(f"SELECT p, {IS_SCHEMA} AS x, count(*) FROM {self.fresh} GROUP BY ALL")
        self.found = {}
        for p, _, count in rows:
            self.found[p] = self.found.get(p, 0) + count
        self._predicates |= self.found.keys()
        self.found_schema = any(schema for _, schema, _ in rows)

    def same_pairs(self, same: int, more: Pairs = (), table: str = "") -> Pairs:
        """The fresh facts that say two terms are the `same` (s, o, rule), and `more` pairs."""
        assert not isinstance(more, str)
        sql = f"SELECT s, o, rule FROM {table or self.fresh} WHERE p = {same} AND s <> o"
        return [*self.rows(sql), *more]

    # Answers

    def size(self) -> tuple[int, int]:
        """The numbers of stated facts and of terms."""
        ((stated,),) = self.rows(f"SELECT count(*) FROM {output.stated(self)}")
        ((known,),) = self.rows(f"SELECT count(*) FROM terms WHERE id >= {FIRST_FREE}")
        return int(stated), int(known)

    def rule_counts(self) -> dict[int, int]:
        """The derived facts that are told, by the number of the rule that gave them first."""
        return dict(self.rows(f"SELECT rule, count(*) FROM ({output.derived(self)}) GROUP BY rule"))

    def witnesses(self, rule: Rule, schema: Schema, resolve: Resolve) -> tuple[list[str], list[tuple[int, ...]]]:
        """Where a contradiction's premise holds: the names of its variables, and a row for each place."""
        assert isinstance(schema, TableSchema)
        parsed, names = rule.parsed, rule.parsed.columns
        rows = schema.once(rule) if parsed.schema else ""
        if parsed.schema and not rows:
            return names, []
        sql = f"SELECT {', '.join(names)} FROM {rows}"
        if parsed.data:
            sql, names = witnesses(rule, rows, resolve)
        return names, self.rows(sql)

    def first_stated(self, groups: Sequence[Sequence[int]]) -> Triple | None:
        """The least stated fact with subject, predicate and object from these groups."""
        where = " AND ".join(among(x, group) for x, group in zip("spo", groups, strict=True))
        rows = self.rows(f"SELECT s, p, o FROM {output.stated(self)} WHERE {where} ORDER BY s, p, o LIMIT 1")
        return rows[0] if rows else None

    def stated_with(self, objects: Sequence[int]) -> list[Triple]:
        """The stated facts with one of these objects."""
        return self.rows(f"SELECT s, p, o FROM {output.stated(self)} WHERE {among('o', objects)}") if objects else []

    def typed_as(self, kind: int, datatypes: Iterable[int]) -> list[tuple[int, int]]:
        """Members of these datatypes that are literals or equal to something, each with the datatype."""
        return self.rows(
            f"SELECT s, o FROM facts WHERE p = {kind} AND {among('o', datatypes)} "
            f"AND (s >= {FIRST_LITERAL} AND s % 2 = 1 OR s IN (SELECT rep FROM same))"
        )


def among(column: str, numbers: Iterable[int]) -> str:
    """Whether a column is one of these integers, of which there is at least one."""
    return f"{column} IN ({', '.join(map(str, numbers))})"
