"""The closure on a cluster: `close()` makes it, `SparkTables` is what a caller holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kg.errors import ReasonError
from kg.owl2rl.evaluate import Evaluation, Progress
from kg.owl2rl.sources import Given, Source
from kg.owl2rl.tables import Tables
from kg.spark import reading
from kg.spark.folder import Files, Folder, written_as
from kg.spark.in_spark import InSpark
from kg.spark.sending import code, send
from kg.spark.session import cores

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple
    from pyspark.sql import SparkSession

_PIECE = 32_000_000
"""Bytes of N-Triples for a task of a join: what it makes of them stays in the memory of one core."""
SMALL = 4_000_000
"""Bytes up to which a graph is small: to compile plans for it takes longer than to run them."""


def close(
    spark: SparkSession,
    files: Sequence[str],
    work: str,
    *,
    facts: Iterable[Triple | Quad] = (),
    facts_are: str = "",
    full: bool = False,
    progress: Progress | None = None,
) -> SparkTables:
    """The closure of files and `facts` under OWL 2 RL/RDF, by the workers of `spark`.

    `files` are addresses of files, folders and patterns (N-Triples, N-Quads, plain or packed; Parquet with columns s, p
    and o) on any file system that Spark reads; `facts` come from the driver. `work` is a folder that driver and workers
    both reach. What was begun there of the same files, and of facts with the same word `facts_are`, goes on from its
    last checkpoint.

    Raises SourceError, and ReasonError for what Spark reports.
    """
    return SparkTables(spark, files, work, facts, facts_are, full, progress)


class SparkTables(Tables):
    """Stated and derived facts in a folder. Unlike other tables they are closed once, and take no more facts in."""

    def __init__(
        self,
        spark: SparkSession,
        files: Sequence[str],
        work: str,
        facts: Iterable[Triple | Quad],
        facts_are: str,
        full: bool,
        progress: Progress | None,
    ) -> None:
        super().__init__(full, None, None, progress)
        self.spark = spark
        send(spark)
        found = reading.listed(Files(spark), files)
        given = Source(facts, 1)
        fit(spark, reading.size_of(found))
        made_of = hashlib.sha256(json.dumps([full, found, facts_are, code()[0]]).encode()).hexdigest()
        self.folder = Folder(spark, work)
        space = InSpark(full, self.folder, found, made_of)
        evaluation = Evaluation(space, progress)
        self._held = evaluation
        state = space.resume()
        if state is None:
            self._close(evaluation, given)
        else:
            self.resumed = state["rounds"]
            with self._timed("rounds"):
                evaluation.resume(state, space.settled())

    resumed = 0
    """The rounds that were made before, of which this closure goes on."""

    def add(self, more: Given) -> Tables:
        """Refuse: Spark closes all at once. Raises ReasonError."""
        raise ReasonError("A closure on Spark takes no more facts in. Close them together.")

    def write(self, path: str, *, derived_only: bool = False) -> None:  # type: ignore[override]
        """Write the closure, or what is derived, as a folder: .nt or .nt.gz in sorted parts, or .parquet.

        The parts of N-Triples, one after the other, are the file that DuckDB writes. Parquet has the terms s, p and o
        as N-Triples writes them, and the name of the rule that gave a fact first, null where it is stated. The folder
        appears whole or not at all. Raises ReasonError.
        """
        work = self._open().work
        assert isinstance(work, InSpark)
        written_as(path)
        with self._timed("write"):
            self.folder.publish(work.told(stated=not derived_only, derived=True), path)

    def forget(self) -> None:
        """Remove the folder: nothing is left to go on from."""
        self.folder.forget()


def fit(spark: SparkSession, size: int) -> None:
    """Cut joins into as many tasks as `size` bytes ask for; of a small graph, to compile a plan takes longest."""
    tasks = max(-(-size // _PIECE), 1)
    spark.conf.set("spark.sql.shuffle.partitions", str(tasks if tasks == 1 else max(tasks, 2 * cores(spark))))
    compiled = "true" if size > SMALL else "false"
    spark.conf.set("spark.sql.codegen.wholeStage", compiled)
    spark.conf.set("spark.sql.adaptive.enabled", compiled)
    spark.conf.set("spark.sql.codegen.factoryMode", "FALLBACK" if size > SMALL else "NO_CODEGEN")
