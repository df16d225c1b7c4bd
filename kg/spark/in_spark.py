"""A closure in tables of Spark, for graphs beyond one machine; see `kg.owl2rl.workspace`.

Each table is Parquet in the folder of the closure, written once: a round reads the last ones and writes the next. So a
plan never grows with the rounds, a worker that is lost costs its tasks alone, and a rerun goes on from the last
checkpoint. `facts` is all tables of facts so far, one after the other; rows lie by property within each file, so that
a rule that asks for one property leaves most of a file unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kg.owl2rl import output
from kg.owl2rl.compile import Resolve
from kg.owl2rl.database import IS_SCHEMA
from kg.owl2rl.equality import Changed, Pairs
from kg.owl2rl.in_tables import RENAMED
from kg.owl2rl.memory import Derived
from kg.owl2rl.patterns import Rule
from kg.owl2rl.relations import Relations, among
from kg.owl2rl.schema import Schema
from kg.owl2rl.schema_rules import NAMES, NUMBERS
from kg.owl2rl.sources import Source
from kg.owl2rl.statement import Round
from kg.owl2rl.vocabulary import axioms
from kg.spark import dictionary, reading
from kg.spark.equality import SparkEquality
from kg.spark.folder import FACTS, Folder, Found, write_lines
from kg.spark.literals import SparkLiterals
from kg.spark.reading import RAW
from kg.spark.schema import SparkSchema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from kg.owl2rl.evaluate import Evaluation


class InSpark(Relations):
    """Terms and facts in Parquet, read and written by workers."""

    def __init__(self, full: bool, folder: Folder, found: Sequence[Found], made_of: str) -> None:
        self.folder, self.spark, self._found, self._made_of = folder, folder.spark, found, made_of
        self.classes = SparkEquality(folder)
        super().__init__(full, self.classes)
        self._literals = SparkLiterals(self)
        self.terms = self.base = ""
        self._facts: list[str] = []
        self._fresh: list[str] = []
        self._staged: list[str] = []

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a SELECT."""
        return [tuple(row) for row in self.spark.sql(sql).collect()]

    def show(self, name: str, columns: Sequence[str], rows: Sequence[tuple[int, ...]]) -> None:
        """A small table of integers, which every worker will have."""
        import pyarrow as pa

        values = list(zip(*rows, strict=True)) or [()] * len(columns)
        arrays = [pa.array(column, pa.int64()) for column in values]
        self.spark.createDataFrame(pa.Table.from_arrays(arrays, list(columns))).createOrReplaceTempView(name)

    # Sources

    def read(self, source: Source) -> None:
        """Read the files, or what `source` has if there are none. Raises SourceError."""
        self._staged = reading.stage(self.folder, self._found, source)

    def encode(self) -> int:
        """Give integers to what was read; the first that is new. Raises SourceError."""
        self.terms = dictionary.encode(self.folder, reading.raw(self.folder, self._staged))
        return 0

    def take(self) -> None:
        """Write what was read as facts; it is fresh."""
        stated = self.spark.sql("SELECT s, p, o, CAST(0 AS TINYINT) AS rule FROM encoded")
        self.base = self.folder.write(stated.sortWithinPartitions("p"), "stated")
        self._show_stated()
        self.show("axioms", [*"spo", "rule"], [(s, p, o, NUMBERS[rule]) for s, p, o, rule in axioms()])
        extra = "SELECT s, p, o, CAST(rule AS TINYINT) AS rule FROM axioms ANTI JOIN stated USING (s, p, o)"
        self._facts = [self.base, self.folder.write(self.spark.sql(extra), "axioms")]
        self._show_facts()

    # Terms

    def literals(self) -> SparkLiterals:
        """What the datatype rules know of these terms."""
        return self._literals

    def numbers(self, texts: Any) -> dict[str, int]:
        """Those of `texts` that are terms."""
        self.spark.createDataFrame([(text,) for text in texts], "text STRING").createOrReplaceTempView("wanted")
        return dict(self.rows("SELECT text, id FROM terms JOIN wanted USING (text)"))

    def typed_literals(self, since: int) -> list[tuple[int, str]]:
        """Nothing: the workers look at literals, see `literals`."""
        return []

    used_literals = typed_literals

    # Facts

    def _show_facts(self) -> None:
        self.folder.read(self._facts, FACTS).createOrReplaceTempView("facts")

    def _show_fresh(self) -> None:
        self.folder.read(self._fresh, FACTS).createOrReplaceTempView(f"fresh_{self._turn}")

    def _show_stated(self) -> None:
        self.folder.read([self.base], FACTS).select("s", "p", "o").createOrReplaceTempView("stated")

    def schema(self, rules: Sequence[Rule], resolve: Resolve) -> SparkSchema:
        """The schema of these facts."""
        return SparkSchema(self, rules, resolve)

    def add(self, rows: Sequence[Derived] | str, same: int) -> Pairs:
        """Add conclusions, or a table of them; those that say two terms are the `same`, as a table."""
        if not isinstance(rows, str):
            self.show("concluded", [*"spo", "rule"], rows)
            rows = "concluded"
        added = self.folder.write(self.spark.sql(
            f"SELECT * FROM (SELECT s, p, o, CAST(min(rule) AS TINYINT) AS rule FROM {rows} GROUP BY s, p, o) "
            "ANTI JOIN facts USING (s, p, o)"
        ), "added")  # fmt: skip
        self.folder.read([added], FACTS).createOrReplaceTempView("added")
        counts = self.rows("SELECT p, count(*) FROM added GROUP BY p")
        if not counts:
            return ""
        for p, count in counts:
            self.found[p] = self.found.get(p, 0) + count
        self._predicates |= self.found.keys()
        self._facts.append(added)
        self._show_facts()
        if not self.everything:
            self._fresh.append(added)
            self._show_fresh()
        return self.same_pairs(same, table="added")

    def same_pairs(self, same: int, more: Pairs = (), table: str = "") -> Pairs:
        """A table (a, b, rule) of the fresh facts that say two terms are the `same`, and of `more` pairs."""
        sql = f"SELECT s AS a, o AS b, rule FROM {table or self.fresh} WHERE p = {same} AND s <> o"
        pairs = self.spark.sql(f"{sql} UNION ALL SELECT a, b, rule FROM {more}" if more else sql)
        pairs.createOrReplaceTempView("pairs")
        return "" if pairs.isEmpty() else "pairs"

    def round(self, schema: Schema, resolve: Resolve) -> bool:
        """One round: what is concluded is added and fresh. False if there was nothing to do."""
        assert isinstance(schema, SparkSchema)
        step = Round(schema, self.demand, resolve, self.fresh, self.everything, self.found)
        parts = step.parts()
        schema.settle()
        if not parts:
            return False
        found = self.spark.sql(step.query(parts, self._predicates))
        self._fresh = [self.folder.write(found.sortWithinPartitions("p"), "fresh")]
        self._turn, self.everything = 1 - self._turn, False
        self._show_fresh()
        self.count()
        if self.found:
            self._facts += self._fresh
            self._show_facts()
        return True

    def keep_stated(self) -> None:
        """The stated facts are apart as they are: from now on `facts` may have them in other terms."""
        self.stated_apart = True

    def rewrite(self, changed: Changed, idle: int | None) -> None:
        """Put changed terms right; what is new by it is fresh. Of property `idle`, x of x is dropped for new x."""
        assert isinstance(changed, str)
        # Predicates are few: those that have changed go to all workers.
        self.spark.sql(
            f"SELECT old, new FROM changed WHERE {among('old', sorted(self._predicates) or [0])}"
        ).createOrReplaceTempView("changed_predicates")
        renamed = RENAMED.replace("LEFT JOIN changed b", "LEFT JOIN changed_predicates b")
        reflexive = f"(p = {idle or 0} AND s = o AND s IN (SELECT new FROM changed))"
        # The least rule counts, whichever of the terms stands for the others.
        rewritten = self.folder.write(self.spark.sql(
            f"SELECT s, p, o, min(rule) AS rule, bool_and(moved) AS new FROM ({renamed}) GROUP BY s, p, o"
        ).where(f"NOT {reflexive}").sortWithinPartitions("p"), "facts")  # fmt: skip
        if not self.everything:
            self.folder.read([rewritten], f"{FACTS}, new BOOLEAN").createOrReplaceTempView("rewritten")
            fresh = self.spark.sql(
                "SELECT s, p, o, rule FROM rewritten WHERE new UNION ALL SELECT s, p, o, rule FROM ("
                f"{renamed.replace('FROM facts f', f'FROM {self.fresh} f')}) WHERE NOT moved AND NOT {reflexive}"
            )
            self._turn = 1 - self._turn
            self._fresh = [self.folder.write(fresh, "fresh")]
            self._show_fresh()
        self._facts = [rewritten]
        self._show_facts()

    # Checkpoints

    def keep(self, evaluation: Evaluation) -> None:
        """Write a checkpoint: a rerun goes on from here."""
        tables = {
            "terms": self.terms, "stated": self.base, "literals": self._literals.place, "same": self.classes.place,
            "facts": self._facts, "fresh": self._fresh,
        }  # fmt: skip
        state = {
            "made_of": self._made_of, "tables": tables, "everything": self.everything, "apart": self.stated_apart,
            "predicates": sorted(self._predicates), "evaluation": evaluation.state(),
        }  # fmt: skip
        named = [place for each in tables.values() for place in ([each] if isinstance(each, str) else each)]
        self.folder.keep(state, named)

    def resume(self) -> dict[str, Any] | None:
        """Go back to the last checkpoint; gives the evaluation's state there, or None if there is no checkpoint."""
        kept = self.folder.last(self._made_of)
        if kept is None:
            return None
        tables = kept["tables"]
        self.terms, self.base, self._facts, self._fresh = (tables[x] for x in ("terms", "stated", "facts", "fresh"))
        self.everything, self.stated_apart = kept["everything"], kept["apart"]
        self._predicates = set(kept["predicates"])
        dictionary.show(self.folder, self.terms)
        self.classes.show(tables["same"])
        self._literals.show(tables["literals"])
        self._show_stated()
        self._show_facts()
        if not self.everything:
            self._show_fresh()
        self.count()
        state: dict[str, Any] = kept["evaluation"]
        return state

    def settled(self) -> str:
        """The schema triples that the schema was made of before the last round."""
        query = f"SELECT s, p, o FROM (SELECT * FROM facts WHERE {IS_SCHEMA}) ANTI JOIN {self.fresh} USING (s, p, o)"
        self.spark.sql(query).createOrReplaceTempView("settled")
        return "settled"

    # Answers

    def told(self, *, stated: bool, derived: bool) -> DataFrame:
        """Facts as terms (s, p, o), sorted, with the name of the rule that gave a derived one first."""
        parts = [f"SELECT s, p, o, 0 AS rule FROM {output.stated(self)}"] if stated else []
        parts += [f"SELECT s, p, o, rule FROM ({output.derived(self)})"] if derived else []
        predicates = f"SELECT id, text FROM terms WHERE {among('id', sorted(self._named_predicates()))}"
        told = self.spark.sql(
            f"SELECT /*+ BROADCAST(b) */ a.text AS s, b.text AS p, c.text AS o, CAST(rule AS TINYINT) AS rule "
            f"FROM ({' UNION ALL '.join(parts)}) f JOIN ({predicates}) b ON b.id = f.p "
            "JOIN terms a ON a.id = f.s JOIN terms c ON c.id = f.o"
        )
        # To sort is to look twice: once for where to cut.
        self.folder.read([self.folder.write(told, "told")], f"{RAW}, rule TINYINT").createOrReplaceTempView("told")
        names = ", ".join(f"'{name}'" for name in NAMES)
        named = f"SELECT s, p, o, CASE WHEN rule > 0 THEN element_at(array({names}), INT(rule)) END AS rule FROM told"
        return self.spark.sql(f"{named} ORDER BY s, p, o")

    def _named_predicates(self) -> set[int]:
        predicates = sorted(self._predicates) or [0]
        members = self.rows(f"SELECT member FROM same WHERE {among('rep', predicates)}")
        return {*predicates, *(row[0] for row in members)}

    def lines(self, *, stated: bool, derived: bool) -> Iterator[str]:
        """Facts as lines of N-Triples, sorted by subject, predicate and object."""
        for row in self.told(stated=stated, derived=derived).toLocalIterator():
            yield f"{row[0]} {row[1]} {row[2]} ."

    def write_lines(self, path: str, packed: bool, *, stated: bool, derived: bool) -> None:
        """The same to a folder: parts that are sorted, the one after the other."""
        write_lines(self.told(stated=stated, derived=derived), path, packed=packed)

    def close(self) -> None:
        """Give back what the driver holds: the tables are the caller's to remove."""
