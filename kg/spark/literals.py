"""The datatype rules on a cluster: each literal's value is found where the literal lies, and compared in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.owl2rl.compile import Resolve
from kg.owl2rl.datatypes import DATATYPE_IDS
from kg.owl2rl.equality import Pairs
from kg.owl2rl.literals import Literals
from kg.owl2rl.memory import Derived
from kg.owl2rl.relations import among
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.vocabulary import TYPE
from kg.spark import workers

if TYPE_CHECKING:
    from kg.spark.in_spark import InSpark


class SparkLiterals(Literals):
    """What the datatype rules need to know, in the table `literals` (id, value, ill) and the view `equal_values`."""

    def __init__(self, work: InSpark) -> None:
        super().__init__(work)
        self._in_spark, self.folder, self.spark = work, work.folder, work.spark
        self.classes = work.classes
        self.place = ""
        self._numbers: dict[str, int] = {}

    def read(self, since: int) -> Pairs:
        """Take in all literals (dt-eq): a table of pairs of terms with one value."""
        texts = self.spark.sql("SELECT id, text FROM terms WHERE left(text, 1) = '\"'")
        self.show(self.folder.write(texts.mapInArrow(workers.values, workers.VALUES), "literals"))
        self.spark.sql(
            f"SELECT least AS a, id AS b, CAST({NUMBERS['dt-eq']} AS TINYINT) AS rule FROM literals JOIN "
            "(SELECT value, min(id) AS least FROM literals WHERE value IS NOT NULL GROUP BY value "
            "HAVING count(*) > 1) USING (value) "
            "WHERE id <> least"
        ).createOrReplaceTempView("equal_values")
        return "" if self.spark.table("equal_values").isEmpty() else "equal_values"

    def show(self, place: str) -> None:
        """Let the values be those of a table."""
        self.place = place
        self.folder.read([place], workers.VALUES).createOrReplaceTempView("literals")
        self.ill_typed = [row[0] for row in self.spark.sql("SELECT id FROM literals WHERE ill ORDER BY id").collect()]
        self._numbers = {}
        for form in "01":
            value = workers.key(("decimal", form))
            (least,) = self.spark.sql(f"SELECT min(id) FROM literals WHERE value = '{value}'").first() or (None,)
            self._numbers[form] = least or 0
        self.classes.watch(self._numbers.values())

    def number(self, form: str) -> int:
        """The first literal whose value is this whole number; 0, which is no term, if there is none."""
        return self._numbers.get(form, 0)

    def types(self, datatypes: Iterable[int], since: int, named: set[int], resolve: Resolve) -> list[Derived] | str:
        """Membership of literals (dt-type2) as a table, over representatives."""
        asked = sorted(set(datatypes))
        parts = []
        if asked:
            used = "id IN (SELECT o FROM facts) OR id IN (SELECT member FROM same)"
            parts.append((f"SELECT * FROM literals WHERE {used}", asked))
        if named:
            parts.append((f"SELECT * FROM literals WHERE {among('id', sorted(named))}", sorted(DATATYPE_IDS)))
        if not parts:
            return []
        frames = [self.spark.sql(sql).mapInArrow(workers.members(some), workers.MEMBERS) for sql, some in parts]
        members = frames[0] if len(frames) == 1 else frames[0].unionAll(frames[1])
        members.createOrReplaceTempView("members")
        self._in_spark.show("kinds", ["datatype", "kind"], [(number, resolve(number)) for number in DATATYPE_IDS])
        self.spark.sql(
            f"SELECT coalesce(rep, id) AS s, CAST({resolve(TYPE)} AS BIGINT) AS p, kind AS o, "
            f"CAST({NUMBERS['dt-type2']} AS TINYINT) AS rule FROM members JOIN kinds USING (datatype) "
            "LEFT JOIN same ON id = member"
        ).createOrReplaceTempView("typed")
        return "typed"
