"""owl:sameAs by representatives: equal terms share the least of their integers (eq-sym, eq-trans, eq-rep-*).

`same` (member, rep) holds every term of a class of two or more, the representative included.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.owl2rl.database import create, insert

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Equality:
    """Union-find over integers, with the table `same` and the facts kept in step."""

    def __init__(self, con: DuckDBPyConnection) -> None:
        self.con = con
        self.members: dict[int, list[int]] = {}
        self._rep: dict[int, int] = {}
        create(con, "same", ["member", "rep"], temp=False)

    def __bool__(self) -> bool:
        return bool(self.members)

    def rep(self, term: int) -> int:
        """The integer that stands for a term."""
        return self._rep.get(term, term)

    def union(self, pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
        """Take pairs of equal terms in; gives the representatives that no longer are, with the new one.

        The smaller class is relabelled, so the whole is n log n; labels are put right at the end.
        """
        before: set[int] = set()
        for left, right in pairs:
            a, b = self.rep(left), self.rep(right)
            if a != b:
                before |= {a, b}
                mine, yours = self.members.pop(a, [a]), self.members.pop(b, [b])
                if len(mine) < len(yours):
                    a, mine, yours = b, yours, mine
                mine += yours
                self.members[a] = mine
                for member in yours:
                    self._rep[member] = a
                self._rep[a] = a
        changed: dict[int, int] = {}
        for old in before:
            label = self._rep[old]
            if label in self.members:
                group = self.members.pop(label)
                least = min(group)
                self.members[least] = group
                if least != label:
                    for member in group:
                        self._rep[member] = least
        for old in before:
            if self._rep[old] != old:
                changed[old] = self._rep[old]
        return changed

    def rewrite(self, changed: dict[int, int], fresh: str, target: str) -> None:
        """Put the changed terms of the facts right. `target` gets what is new by it and the rest of `fresh`, if any.

        `fresh` is part of the facts already.
        """
        con = self.con
        create(con, "changed", ["old", "new"])
        insert(con, "changed", list(changed.items()))
        con.execute("UPDATE same SET rep = c.new FROM changed c WHERE same.rep = c.old")
        con.execute(
            "INSERT INTO same SELECT DISTINCT x, new FROM (SELECT old AS x, new FROM changed UNION ALL "
            "SELECT new, new FROM changed) ANTI JOIN (SELECT member AS x FROM same) USING (x)"
        )
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT n.* FROM (SELECT s, p, o, min(rule)::UTINYINT AS rule "
            f"FROM ({RENAMED}) GROUP BY s, p, o) n ANTI JOIN facts USING (s, p, o)"
        )
        touched = " OR ".join(f"{x} IN (SELECT old FROM changed)" for x in "spo")
        con.execute(f"DELETE FROM facts WHERE {touched}")
        con.execute(f"INSERT INTO facts SELECT * FROM {target}")
        if fresh:
            con.execute(f"INSERT INTO {target} SELECT * FROM {fresh} WHERE NOT ({touched})")


RENAMED = (
    "SELECT coalesce(a.new, f.s) AS s, coalesce(b.new, f.p) AS p, coalesce(c.new, f.o) AS o, f.rule "
    "FROM facts f LEFT JOIN changed a ON f.s = a.old LEFT JOIN changed b ON f.p = b.old "
    "LEFT JOIN changed c ON f.o = c.old "
    "WHERE a.new IS NOT NULL OR b.new IS NOT NULL OR c.new IS NOT NULL"
)
