"""The folder of a run on any file system that Hadoop knows: tables as Parquet, and what a rerun starts from.

A checkpoint is a numbered file of JSON that names the tables it needs. It is written under another name and then
renamed, so there is the whole of it or nothing; of several, the last counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import ReasonError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FACTS = "s BIGINT, p BIGINT, o BIGINT, rule TINYINT"
_CHECKPOINT = "checkpoint-"
_OURS = "ROUNDS"
WRITTEN = (".nt", ".nt.gz", ".parquet")


class Found(NamedTuple):
    """A file: its address, its size in bytes, and when it was last written, in milliseconds."""

    uri: str
    size: int
    written: int


class Files:
    """Files by their addresses ("hdfs://..", "s3a://..", a path of this machine)."""

    def __init__(self, spark: SparkSession) -> None:
        context: Any = spark.sparkContext
        self._hadoop = context._jvm.org.apache.hadoop.fs
        self._conf = context._jsc.hadoopConfiguration()

    def _at(self, uri: str) -> tuple[Any, Any]:
        path = self._hadoop.Path(uri)
        return path.getFileSystem(self._conf), path

    def under(self, uri: str) -> list[Found]:
        """The files that an address stands for: itself, those of a pattern, all in a folder; sorted."""
        found: list[Found] = []
        for root, inside in self.matched(uri):
            # Names that begin so are what writers leave beside the data.
            found += [each for each in inside if each.uri == root or each.uri.rpartition("/")[2][0] not in "._"]
        return sorted(found)

    def matched(self, uri: str) -> list[tuple[str, list[Found]]]:
        """What an address or pattern stands for, sorted, each with its files: itself, or all in it."""
        system, path = self._at(uri)
        found = []
        for status in system.globStatus(path) or []:
            inside = [_found(status)] if status.isFile() else []
            listed = None if inside else system.listFiles(status.getPath(), True)
            while listed and listed.hasNext():
                inside.append(_found(listed.next()))
            found.append((status.getPath().toString(), sorted(inside)))
        return sorted(found)

    def exists(self, uri: str) -> bool:
        """Whether there is a file or folder."""
        system, path = self._at(uri)
        return bool(system.exists(path))

    def delete(self, uri: str) -> None:
        """Remove a file or folder, if it is there."""
        system, path = self._at(uri)
        system.delete(path, True)

    def move(self, uri: str, to: str) -> bool:
        """Give a file or folder another address; False if that is taken, or on another file system."""
        system, path = self._at(uri)
        target = self._hadoop.Path(to)
        if target.getParent() is not None:
            system.mkdirs(target.getParent())
        return bool(system.rename(path, target))

    def read(self, uri: str) -> bytes:
        """The content of a small file."""
        system, path = self._at(uri)
        stream = system.open(path)
        try:
            return bytes(stream.readAllBytes())
        finally:
            stream.close()

    def write(self, uri: str, content: bytes) -> None:
        """Write a small file."""
        system, path = self._at(uri)
        stream = system.create(path, True)
        try:
            stream.write(bytearray(content))
        finally:
            stream.close()


def written_as(path: str) -> str:
    """In which form a folder is to be written, by its name. Raises ReasonError."""
    for ending in WRITTEN:
        if path.rstrip("/").lower().endswith(ending):
            return ending
    raise ReasonError(f"{path}: Spark writes folders of parts. Name it {', '.join(WRITTEN)}.")


def write_lines(facts: DataFrame, path: str, *, packed: bool) -> None:
    """Write facts (s, p, o, ..) to a folder as lines of N-Triples, in their order."""
    lines = facts.selectExpr("concat_ws(' ', s, p, o, '.') AS value")
    lines.write.mode("overwrite").option("compression", "gzip" if packed else "none").text(path)


def literal(uri: str) -> str:
    """The pattern that only this address is of."""
    return re.sub(r"([*?\[\]{}\\])", r"\\\1", uri)


def _found(status: Any) -> Found:
    return Found(status.getPath().toString(), int(status.getLen()), int(status.getModificationTime()))


class Folder:
    """The tables of one closure or import, and its checkpoints."""

    def __init__(self, spark: SparkSession, uri: str) -> None:
        self.spark, self.uri, self.files = spark, uri.rstrip("/"), Files(spark)
        self._number = self._checkpoint = 0
        self._made: list[str] = []  # tables that are there

    def last(self, made_of: str) -> dict[str, Any] | None:
        """The last checkpoint of a run that is `made_of` the same; what is left of any other is removed.

        Raises ReasonError for a folder with something else in it.
        """
        found = [each.uri for each in self.files.under(self.uri)]
        if found and not self.files.exists(f"{self.uri}/{_OURS}"):
            raise ReasonError(f"{self.uri}: holds something else, such as {found[0]}. Name a folder for the rounds.")
        for uri in sorted((uri for uri in found if f"/{_CHECKPOINT}" in uri), reverse=True):
            with suppress(ValueError):
                kept: dict[str, Any] = json.loads(self.files.read(uri))
                if kept.get("made_of") == made_of:
                    self._number, self._checkpoint = kept["number"], int(uri.rpartition("-")[2].split(".")[0])
                    self._made = list(kept["needs"])
                    return kept
        self.files.delete(self.uri)
        self.files.write(f"{self.uri}/{_OURS}", b"Of a run that has not ended: the same command goes on from here.\n")
        return None

    def keep(self, state: dict[str, Any], tables: Iterable[str]) -> None:
        """Write a checkpoint that needs these tables; older ones, and tables that it does not need, are removed."""
        self._checkpoint += 1
        name = f"{self.uri}/{_CHECKPOINT}{self._checkpoint:06d}.json"
        aside = f"{self.uri}/_{self._checkpoint:06d}.json"
        needed = sorted(set(tables) - {""})
        self.files.write(aside, json.dumps({**state, "number": self._number, "needs": needed}).encode())
        self.files.delete(name)
        self.files.move(aside, name)
        if self._checkpoint > 1:
            self.files.delete(f"{self.uri}/{_CHECKPOINT}{self._checkpoint - 1:06d}.json")
        for place in set(self._made).difference(needed):
            self.files.delete(f"{self.uri}/{place}")
        self._made = needed

    def forget(self) -> None:
        """Remove the folder, if it is one of rounds."""
        if self.files.exists(f"{self.uri}/{_OURS}"):
            self.files.delete(self.uri)

    def write(self, frame: DataFrame, name: str) -> str:
        """Write a table; gives the name it has here, under which it is read."""
        self._number += 1
        place = f"{self._number:05d}-{name}"
        frame.write.mode("overwrite").parquet(f"{self.uri}/{place}")
        self._made.append(place)
        return place

    def publish(self, facts: DataFrame, path: str) -> None:
        """Write facts (s, p, o, ..), in their order, as a folder of parts of its own. It appears whole or not at all.

        Raises ReasonError.
        """
        files, aside = self.files, f"{self.uri}/written"
        kind = written_as(path)
        if kind == ".parquet":
            facts.write.mode("overwrite").parquet(aside)
        else:
            write_lines(facts, aside, packed=kind.endswith(".gz"))
        if files.exists(path) and not files.exists(f"{path}/_SUCCESS"):
            raise ReasonError(f"{path}: is there, and no folder that Spark wrote. Name another, or remove it.")
        files.delete(path)
        if not files.move(aside, path):
            raise ReasonError(f"{path}: cannot be written. Name a folder on the file system of {self.uri}.")

    def read(self, places: Iterable[str], columns: str) -> DataFrame:
        """Tables, one after the other, with these columns."""
        paths = [f"{self.uri}/{place}" for place in places]
        if not paths:
            return self.spark.createDataFrame([], columns)
        return self.spark.read.schema(columns).parquet(*paths)
