"""owl:sameAs on a cluster: classes of equal terms as connected components, in the table `same` (member, rep).

Few pairs are joined on the driver. Many are by alternating stars (Kiveris et al., Connected Components in MapReduce
and Beyond, SoCC 2014): each term is led to the least of its neighbours, in a number of steps that grows with the
logarithm of the longest way between equal terms, and with no table larger than that of the pairs. Of a term that
millions are equal to, each worker finds the least neighbour among its own rows before any is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.owl2rl.equality import Equality, Merged, Pairs
from kg.owl2rl.relations import among
from kg.owl2rl.vocabulary import FIRST_FREE, FIRST_LITERAL
from kg.spark.folder import Folder

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

PAIRS = "a BIGINT, b BIGINT, rule TINYINT"
CHANGED = "old BIGINT, new BIGINT"
SAME = "member BIGINT, rep BIGINT"
ON_DRIVER = 200_000
"""Pairs up to which the driver joins them."""
_EDGES = "a BIGINT, b BIGINT"
_MARK = "SELECT count(*) AS edges, sum(hash(a, b)) AS mark FROM edges"
# A neighbour that is greater goes to the least of all neighbours; then, to the least of the smaller ones.
_LARGE = (
    "WITH n AS (SELECT a AS u, b AS v FROM edges UNION ALL SELECT b, a FROM edges), "
    "m AS (SELECT u, least(u, min(v)) AS m FROM n GROUP BY u) "
    "SELECT DISTINCT v AS a, m AS b FROM n JOIN m USING (u) WHERE v > u"
)
_SMALL = (
    "WITH m AS (SELECT a, min(b) AS m FROM edges GROUP BY a) "
    "SELECT b AS a, m AS b FROM edges JOIN m USING (a) WHERE b > m UNION SELECT a, m FROM m"
)
_LITERAL = f"(member >= {FIRST_LITERAL} AND member % 2 = 1)"


class SparkEquality(Equality):
    """Classes in the table `same`; of those asked for, `members` has the terms."""

    def __init__(self, folder: Folder) -> None:
        super().__init__()
        self.folder, self.spark = folder, folder.spark
        self.watched: set[int] = set()
        self.show("")

    def show(self, place: str) -> None:
        """Let the classes be those of a table; none if it has no name."""
        self.place = place
        self.folder.read([place] if place else [], SAME).createOrReplaceTempView("same")
        self.members, self._rep = {}, {}
        if place:
            numbers = f" OR {among('member', sorted(self.watched))}" if self.watched else ""
            rows = self.spark.sql(f"SELECT member, rep FROM same WHERE member < {FIRST_FREE}{numbers}").collect()
            self._rep = {row[0]: row[1] for row in rows}

    def __bool__(self) -> bool:
        return bool(self.place)

    def watch(self, terms: Iterable[int]) -> None:
        """Have the representatives of these terms at hand, beside those of the vocabulary."""
        self.watched |= set(terms)
        self.show(self.place)

    def fetch(self, terms: Iterable[int]) -> None:
        """Have the groups of these terms at hand."""
        wanted = sorted(set(terms) - self.members.keys())
        if not wanted:
            return
        self.members |= {term: [term] for term in wanted}
        if not self.place:
            return
        found: dict[int, list[int]] = {}
        for rep, member in self.spark.sql(f"SELECT rep, member FROM same WHERE {among('rep', wanted)}").collect():
            found.setdefault(rep, []).append(member)
        self.members |= {rep: sorted(group) for rep, group in found.items()}

    def group(self, term: int) -> list[int]:
        """All that are equal to a term that is a representative, itself included."""
        self.fetch([term])
        return self.members[term]

    def shared(self, terms: Iterable[int]) -> list[int]:
        """Those of `terms`, all of the vocabulary, that are equal to another."""
        return [term for term in terms if term in self._rep]

    def literal_groups(self) -> list[list[int]]:
        """The literals of each class whose literals differ in value."""
        if not self.place:
            return []
        several = "SELECT rep FROM same JOIN literals ON id = member GROUP BY rep HAVING count(DISTINCT value) > 1"
        found: dict[int, list[int]] = {}
        for rep, member in self.spark.sql(
            f"SELECT rep, member FROM same SEMI JOIN ({several}) USING (rep) WHERE {_LITERAL}"
        ).collect():
            found.setdefault(rep, []).append(member)
        return [sorted(group) for _, group in sorted(found.items())]

    def unite(self, pairs: Pairs) -> Merged:
        """Take a table of pairs (a, b, rule) in, those of one rule after those of another."""
        assert isinstance(pairs, str)
        a, b = "coalesce(x.rep, a)", "coalesce(y.rep, b)"
        self._hold("apart", PAIRS, self.spark.sql(
            f"SELECT {a} AS a, {b} AS b, rule FROM {pairs} LEFT JOIN same x ON a = x.member "
            f"LEFT JOIN same y ON b = y.member WHERE {a} <> {b}"
        ))  # fmt: skip
        rows = self.spark.table("apart").limit(ON_DRIVER + 1).collect()
        if not rows:
            return Merged("", {}, set())
        if len(rows) <= ON_DRIVER:
            merged = Equality().unite([tuple(row) for row in rows])
            assert not isinstance(merged.changed, str)
            joined = merged.joined
            self._hold("changed", CHANGED, self.spark.createDataFrame(list(merged.changed.items()), CHANGED))
        else:
            joined = self._on_workers()
        self._extend()
        return Merged("changed", joined, self._named())

    def _hold(self, name: str, columns: str, frame: DataFrame) -> str:
        place = self.folder.write(frame, name)
        self.folder.read([place], columns).createOrReplaceTempView(name)
        return place

    def _on_workers(self) -> dict[int, int]:
        """Find `changed` for the pairs of `apart`; how many resources each rule joined."""
        joined: dict[int, int] = {}
        self._hold("changed", CHANGED, self.spark.createDataFrame([], CHANGED))
        for (rule,) in sorted(self.spark.sql("SELECT DISTINCT rule FROM apart").collect()):
            left, right = "coalesce(c.new, a)", "coalesce(d.new, b)"
            edges = self.spark.sql(
                f"SELECT DISTINCT greatest({left}, {right}) AS a, least({left}, {right}) AS b FROM apart "
                f"LEFT JOIN changed c ON a = c.old LEFT JOIN changed d ON b = d.old "
                f"WHERE rule = {rule} AND {left} <> {right}"
            )
            stars = self.stars(edges)
            if rule:
                joined[rule] = stars.where(f"NOT (a >= {FIRST_LITERAL} AND a % 2 = 1)").count()
            stars.createOrReplaceTempView("stars")
            self._hold("changed", CHANGED, self.spark.sql(
                "SELECT old, coalesce(b, new) AS new FROM changed LEFT JOIN stars ON new = a "
                "UNION ALL SELECT a, b FROM stars"
            ))  # fmt: skip
        return joined

    def stars(self, edges: DataFrame) -> DataFrame:
        """Edges (a, b), a > b, to a star for each component: each term (a) with the least (b)."""
        self._hold("edges", _EDGES, edges)
        before = None
        while (now := self.spark.sql(_MARK).first()) != before:
            before = now
            self._hold("edges", _EDGES, self.spark.sql(_LARGE))
            self._hold("edges", _EDGES, self.spark.sql(_SMALL))
        return self.spark.table("edges")

    def _extend(self) -> None:
        """Bring `same` up to date with what has `changed`."""
        place = self._hold("extended", SAME, self.spark.sql(
            "SELECT member, coalesce(new, rep) AS rep FROM same LEFT JOIN changed ON rep = old UNION ALL "
            "SELECT DISTINCT x AS member, new AS rep FROM (SELECT old AS x, new FROM changed UNION ALL "
            "SELECT new, new FROM changed) ANTI JOIN (SELECT member AS x FROM same) USING (x)"
        ))  # fmt: skip
        self.show(place)

    def _named(self) -> set[int]:
        """Literals that are the same as a resource."""
        mixed = f"SELECT rep FROM same WHERE NOT {_LITERAL}"
        return {row[0] for row in self.spark.sql(
            f"SELECT member FROM same SEMI JOIN ({mixed}) USING (rep) WHERE {_LITERAL}"
        ).collect()}  # fmt: skip
