"""Semi-naive evaluation: rounds that join the last round's facts with the rules' rows until nothing is new.

Tables: `facts` (s, p, o, rule) is the closure over representatives; `fresh_0` and `fresh_1` take turns as the last
round's facts. The schema is closed first, and again whenever a round derives more of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kg.owl2rl import small
from kg.owl2rl.compile import Resolve
from kg.owl2rl.database import IS_SCHEMA, create, insert
from kg.owl2rl.demand import WATCHED, Demand
from kg.owl2rl.equality import Equality
from kg.owl2rl.literals import Literals
from kg.owl2rl.pairs import Facts
from kg.owl2rl.rules import chain_rule, key_rule
from kg.owl2rl.schema import Schema
from kg.owl2rl.schema_rules import NUMBERS, RULES
from kg.owl2rl.small import SmallRounds
from kg.owl2rl.statement import Round
from kg.owl2rl.vocabulary import ONE, SAME_AS, ZERO, is_literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Progress = Callable[[str, int], None]
"""Called with what has been done ("round 3") and the number of new facts."""

_BY_LENGTH = {"prp-spo2": chain_rule, "prp-key": key_rule}
_SIMPLE = [rule for rule in RULES if not rule.held and rule.parsed.head and rule.name not in _BY_LENGTH]
_WATCHED = ", ".join(str(number) for number in sorted(WATCHED))


class Evaluation:
    """The closure of `facts` under the rules, from what is fresh."""

    def __init__(self, con: DuckDBPyConnection, full: bool, progress: Progress | None) -> None:
        self.con, self.progress = con, progress
        self.equality = Equality(con)
        self.literals = Literals(con)
        self.demand = Demand(sameness=full, things=full)
        self.resolve: Resolve = self._resolve
        self.schema = Schema(con, _SIMPLE, self.resolve)
        self.rounds = 0
        self.stated_apart = False
        self.joined: dict[int, int] = {}
        self.small = True  # as long as no round has proved too large for memory
        self._turn = 0
        self._everything = True
        self._since = 0
        self._types_due = True
        self._named: set[int] = set()  # literals that are the same as a resource
        self._found: dict[int, int] = {}
        self._predicates: set[int] = set()  # of all facts
        self._schema_rows = True

    @property
    def fresh(self) -> str:
        """The last round's facts: all of them while everything is to be joined."""
        return "facts" if self._everything else f"fresh_{self._turn}"

    def take(self, loaded: str) -> None:
        """Add stated facts to a closure; what is new over representatives is left in `fresh_0`."""
        con = self.con
        self.keep_stated()
        con.execute(f"INSERT INTO stated SELECT * FROM {loaded} ANTI JOIN stated USING (s, p, o)")
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE fresh_0 AS SELECT * FROM (SELECT DISTINCT coalesce(a.rep, s) AS s, "
            f"coalesce(b.rep, p) AS p, coalesce(c.rep, o) AS o, 0::UTINYINT AS rule FROM {loaded} "
            f"LEFT JOIN same a ON s = a.member LEFT JOIN same b ON p = b.member LEFT JOIN same c ON o = c.member"
            f") ANTI JOIN facts USING (s, p, o)"
        )
        con.execute("INSERT INTO facts FROM fresh_0")

    def start(self, everything: bool, since: int) -> None:
        """Close the facts; what is new lies in `fresh_0` unless everything is. Terms from `since` on are new."""
        self._everything, self._turn, self._since = everything, 0, since
        self._types_due = True
        self._count()
        pairs = self.literals.read(since)
        number = NUMBERS["dt-eq"]
        self._merge([*self._same_pairs(), *((a, b, number) for a, b in pairs)])
        while True:
            self._close_schema()
            if not (self._small_rounds() if self._is_small() else self._round()):
                break

    # The schema

    def _close_schema(self) -> None:
        """Close the schema with what the last round has of it, and make what it now asks for."""
        while self._schema_rows or self._types_due:
            self._schema_rows = False
            derived = self.schema.extend(self.fresh)
            if derived:
                self._add("schema_derived")
            for name, make in _BY_LENGTH.items():
                predicate = "owl:propertyChainAxiom" if name == "prp-spo2" else "owl:hasKey"
                for length in self.schema.lengths(predicate):
                    self.schema.include(make(length))
            if self.demand.read(self.schema.mentions(_WATCHED)):
                self._everything = self._types_due = True
            self.schema.bind(self.demand.things)
            if self._types_due:
                self._types_due = False
                rows = self.literals.types(self.demand.datatypes, self._since)
                rows += self.literals.types_of(self._named) if self._named else []
                if rows:
                    create(self.con, "typed", [*"spo", "rule"])
                    r = self.resolve
                    insert(self.con, "typed", [(r(s), r(p), r(o), rule) for s, p, o, rule in rows])
                    self._add("typed")

    def _add(self, rows: str) -> None:
        """Add what is new in `rows` to the facts and to what is fresh."""
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE added AS FROM (SELECT s, p, o, min(rule)::UTINYINT AS rule FROM {rows} "
            f"GROUP BY s, p, o) ANTI JOIN facts USING (s, p, o)"
        )
        self.con.execute("INSERT INTO facts FROM added")
        if not self._everything:
            self.con.execute(f"INSERT INTO {self.fresh} FROM added")
        for p, count in self.con.execute("SELECT p, count(*) FROM added GROUP BY p").fetchall():
            self._found[p] = self._found.get(p, 0) + count
        self._predicates |= self._found.keys()
        pairs = self._same_pairs("added")
        if pairs:
            self._merge(pairs)

    # One round

    def _round(self) -> bool:
        """Evaluate a round's SELECTs over the tables, add what is new; False when nothing is."""
        step = Round(self.schema, self.demand, self.resolve, self.fresh, self._everything, self._found)
        parts = step.parts()
        self.schema.settle()
        if not parts:
            return False
        target = f"fresh_{1 - self._turn}"
        query = step.query(parts, self._predicates)
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS {query}")
        self._turn, self._everything = 1 - self._turn, False
        self._count()
        count = sum(self._found.values())
        self._tell(count)
        if count:
            self.con.execute(f"INSERT INTO facts FROM {target}")
            self._merge(self._same_pairs())
        return count > 0

    def _is_small(self) -> bool:
        if not self.small or not self.schema.in_memory:
            return False
        (count,) = self.con.execute("SELECT count(*) FROM facts").fetchone() or (0,)
        return bool(count <= small.FACTS)

    def _small_rounds(self) -> bool:
        """Rounds in memory, until there is more of the schema or an equality; False when nothing is left to do."""

        def facts(table: str) -> Facts:
            return Facts(self.con.execute(f"SELECT s, p, o FROM {table}").fetchall())

        rounds = SmallRounds(self.schema, self.demand, self.resolve, facts("facts"))
        fresh = None if self._everything else facts(self.fresh)
        outcome = rounds.run(fresh, self.equality.members, self._tell)
        self.small = not outcome.too_large
        insert(self.con, "facts", outcome.added)
        if outcome.fresh is None:
            return True
        if not outcome.fresh:
            return False
        self._turn, self._everything = 1 - self._turn, False
        create(self.con, self.fresh, [*"spo", "rule"])
        insert(self.con, self.fresh, [(*triple, rule) for triple, rule in outcome.fresh.items()])
        self._count()
        self._merge(self._same_pairs())
        return True

    def _tell(self, count: int) -> None:
        self.rounds += 1
        if self.progress:
            self.progress(f"round {self.rounds}", count)

    def _count(self) -> None:
        """How many fresh facts there are of each property, and whether any is schema."""
        rows = self.con.execute(f"SELECT p, {IS_SCHEMA} AS x, count(*) FROM {self.fresh} GROUP BY ALL").fetchall()
        self._found = {}
        for p, _, count in rows:
            self._found[p] = self._found.get(p, 0) + count
        self._predicates |= self._found.keys()
        self._schema_rows = self._schema_rows or any(schema for _, schema, _ in rows)

    # Equality

    def _resolve(self, term: int) -> int:
        """The integer that stands for a term of the vocabulary, or for the number zero or one."""
        if term in (ZERO, ONE):
            term = self.literals.number("0" if term == ZERO else "1")
        return self.equality.rep(term)

    def keep_stated(self) -> None:
        """Put the stated facts aside as they are, before any is rewritten or taken for derived."""
        if not self.stated_apart:
            self.con.execute("CREATE TABLE stated AS SELECT s, p, o FROM facts WHERE rule = 0")
            self.stated_apart = True

    def _same_pairs(self, table: str = "") -> list[tuple[int, int, int]]:
        predicate = self.resolve(SAME_AS)
        if predicate not in self._found:
            return []
        sql = f"SELECT s, o, rule FROM {table or self.fresh} WHERE p = {predicate} AND s <> o"
        return self.con.execute(sql).fetchall()

    def _union(self, pairs: list[tuple[int, int, int]]) -> dict[int, int]:
        """Join classes; count the pairs of resources that did so, by rule."""
        joining = self.equality.union((a, b) for a, b, _ in pairs) if not any(r for *_, r in pairs) else None
        if joining is not None:
            return joining
        changed: dict[int, int] = {}
        for rule in sorted({rule for *_, rule in pairs}):
            mine = [(a, b) for a, b, number in pairs if number == rule]
            lost = self.equality.union(mine)
            if rule:
                count = sum(1 for term in lost if not is_literal(term))
                self.joined[rule] = self.joined.get(rule, 0) + count
            changed = {old: self.equality.rep(new) for old, new in changed.items()} | lost
        return changed

    def _merge(self, pairs: list[tuple[int, int, int]]) -> None:
        """Let equal terms share an integer, until no sameness between two is left among the facts."""
        while pairs:
            changed = self._union(pairs)
            if not changed:
                return
            self.keep_stated()
            for rep in set(changed.values()):
                group = self.equality.members[rep]
                literals = {term for term in group if is_literal(term)} - self._named
                if literals and not all(map(is_literal, group)):
                    self._named |= literals
                    self._types_due = True
            target = f"fresh_{1 - self._turn}"
            self.equality.rewrite(changed, "" if self._everything else self.fresh, target)
            if not self.demand.sameness:
                idle = f"p = {self.resolve(SAME_AS)} AND s = o AND s IN (SELECT new FROM changed)"
                self.con.execute(f"DELETE FROM facts WHERE {idle}")
                self.con.execute(f"DELETE FROM {target} WHERE {idle}")
            self._turn = 1 - self._turn
            watched = [term for term in WATCHED if self.equality.rep(term) in self.equality.members]
            if self.demand.renamed(watched) or self.schema.touches(changed):
                self.schema.restart()
                self._everything = self._schema_rows = True
            self._count()
            pairs = self._same_pairs()
