"""Terms to integers on a cluster: each term once, numbered where it lies, and facts in those integers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.owl2rl.errors import SourceError
from kg.owl2rl.sources import STRING
from kg.owl2rl.terms import PLAIN
from kg.owl2rl.vocabulary import FIRST_FREE, texts
from kg.spark import workers
from kg.spark.folder import Folder

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

TERMS = "id BIGINT, text STRING"
_MOVED = "id BIGINT, text STRING, target BIGINT, canonical STRING"
_ROW = (1 << 33) - 1
"""monotonically_increasing_id() has the number of the row in these bits, and above them that of the partition."""
_MOST_PREDICATES = 100_000
"""Predicates up to which every worker has them all."""


def encode(folder: Folder, raw: DataFrame) -> str:
    """Number the terms of `raw` (s, p, o): the table of those that the vocabulary has not. Raises SourceError.

    Leaves the views `terms`, of them all, and `encoded` (s, p, o), the distinct facts in integers.
    """
    spark = folder.spark
    raw.createOrReplaceTempView("raw")
    words = spark.createDataFrame([(number, text) for text, number in texts().items()], TERMS)
    words.createOrReplaceTempView("words")
    numbered = _numbered(folder)
    show(folder, numbered)
    known, moved = "terms", _moved(folder)
    if moved:
        folder.read([moved], _MOVED).createOrReplaceTempView("moved")
        kept = "SELECT id, text FROM numbered ANTI JOIN moved USING (text)"
        new = "SELECT DISTINCT target, canonical FROM moved ANTI JOIN terms ON terms.text = canonical"
        numbered = folder.write(spark.sql(f"{kept} UNION ALL {new}"), "terms")
        show(folder, numbered)
        known = "(SELECT id, text FROM terms UNION ALL SELECT target, text FROM moved)"
    predicates = spark.sql(f"SELECT id, text FROM {known} SEMI JOIN (SELECT DISTINCT p FROM raw) ON text = p")
    few = predicates.limit(_MOST_PREDICATES + 1).collect()
    if len(few) <= _MOST_PREDICATES:
        spark.createDataFrame(few, TERMS).createOrReplaceTempView("predicates")
        hint, named = "/*+ BROADCAST(b) */ ", "predicates"
    else:
        hint, named = "", known
    spark.sql(
        f"SELECT {hint}DISTINCT a.id AS s, b.id AS p, c.id AS o FROM raw JOIN {named} b ON b.text = raw.p "
        f"JOIN {known} a ON a.text = raw.s JOIN {known} c ON c.text = raw.o"
    ).createOrReplaceTempView("encoded")
    return numbered


def show(folder: Folder, numbered: str) -> None:
    """Let `terms` be those of a table and the vocabulary."""
    folder.read([numbered], TERMS).createOrReplaceTempView("numbered")
    words = folder.spark.createDataFrame([(number, text) for text, number in texts().items()], TERMS)
    folder.spark.table("numbered").unionAll(words).createOrReplaceTempView("terms")


def _numbered(folder: Folder) -> str:
    """A table of TERMS: literals have odd numbers, all others even ones.

    The rows of N partitions are numbered in turn: row r of partition n gets r * N + n. As a hash gives each about as
    many, hardly a number stays unused, and no worker waits for the count of another.
    """
    spark = folder.spark
    coalesce = "spark.sql.adaptive.coalescePartitions.enabled"
    spark.conf.set(coalesce, "false")
    try:
        partitions = int(spark.conf.get("spark.sql.shuffle.partitions") or 200)
        numbered = spark.sql(
            "SELECT monotonically_increasing_id() AS place, text FROM (SELECT DISTINCT text FROM (SELECT s AS text "
            "FROM raw UNION ALL SELECT DISTINCT p FROM raw UNION ALL SELECT o FROM raw) ANTI JOIN words USING (text))"
        )
        in_turn = f"((place & {_ROW}L) * {partitions}L + shiftright(place, 33))"
        odd = "CAST(left(text, 1) = '\"' AS INT)"
        return folder.write(numbered.selectExpr(f"{FIRST_FREE}L + 2 * {in_turn} + {odd} AS id", "text"), "terms")
    finally:
        spark.conf.unset(coalesce)


def _moved(folder: Folder) -> str:
    """Have pyoxigraph check the terms that are not plainly canonical: a table of those it writes in another way.

    `target` is the number of the canonical term, which is one of theirs where it had none. Empty if there are none.
    """
    from pyspark.sql import functions as f

    terms = folder.spark.table("numbered")
    odd = terms.where(~f.col("text").rlike(f"^(?:{PLAIN})$") | f.col("text").endswith(STRING))
    checked = odd.mapInArrow(workers.terms, workers.CHECKED).where("bad IS NOT NULL OR text <> canonical")
    found = folder.read([folder.write(checked, "checked")], workers.CHECKED)
    bad = found.where("bad IS NOT NULL").select("bad").first()
    if bad is not None:
        raise SourceError(str(bad[0]))
    if found.isEmpty():
        return ""
    found.createOrReplaceTempView("checked")
    moved = folder.spark.sql(
        "SELECT r.id, r.text, coalesce(t.id, min(r.id) OVER (PARTITION BY r.canonical)) AS target, r.canonical "
        "FROM checked r LEFT JOIN terms t ON t.text = r.canonical"
    )
    return folder.write(moved, "moved")
