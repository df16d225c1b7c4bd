"""The closure of files by Spark: a cluster, or the cores of this machine; see `kg.spark`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from kg import places
from kg.errors import LoadError
from kg.load import read
from kg.reason import Progress, Summary
from kg.sources import files, is_shipped
from kg.spark import close, session
from kg.spark.folder import Folder
from kg.spark.reading import CUT, PACKED
from kg.spark.session import BRIEF
from kg.spark.tables import SMALL


def reason_files(
    sources: Iterable[str],
    output: str,
    *,
    work: str | None = None,
    master: str | None = None,
    settings: Mapping[str, str] | None = None,
    vocabulary: bool = False,
    derived_only: bool = False,
    full: bool = False,
    memory: str | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Write the closure of files of any size to a folder of parts: .nt, .nt.gz or .parquet, as the name ends.

    Sources and output are paths of this machine or addresses that Spark reads ("hdfs://..", "s3a://.."). Workers read
    N-Triples, N-Quads and Parquet (s, p, o) in pieces; what else there is, on this machine alone, the driver parses.
    `work` is a folder that driver and workers reach, beside the output unless named: a run that was ended goes on from
    it, and it is gone when all is done. Raises LoadError and ReasonError, and writes nothing then.
    """
    cut: list[str] = []
    whole: list[str] = []
    for source in sources:
        (cut if _in_pieces(source) else whole).append(source)
    parsed = files(*whole, vocabulary=vocabulary) if whole else []
    if vocabulary and not whole:
        parsed = files(*places.vocabulary(), vocabulary=False)
    stamps = [(name, str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for name, path in parsed]
    facts = chain.from_iterable(read(path, name) for name, path in parsed)
    place = work or f"{output.rstrip('/')}.rounds"
    brief = BRIEF if _size(cut) + sum(size for _, _, size, _ in stamps) < SMALL else {}
    with session(master, {**brief, **(settings or {})}, memory) as spark:
        try:
            tables = close(spark, cut, place, facts=facts, facts_are=str(stamps), full=full, progress=progress)
        except LoadError:
            Folder(spark, place).forget()  # there is nothing to go on from
            raise
        contradictions = tuple(tables.contradictions)
        tables.write(output, derived_only=derived_only)
        done = Summary(tables.stated.triples, tables.count_derived(), contradictions, tables.resumed)
        tables.forget()
    return done


def _size(cut: Iterable[str]) -> float:
    """Bytes of files on this machine; of any others, more than can be told."""
    return sum(Path(source).stat().st_size if Path(source).is_file() else float("inf") for source in cut)


def _in_pieces(source: str) -> bool:
    """Whether workers read a source: all that is not on this machine, and what can be cut of what is."""
    if is_shipped(source):
        return False
    name = source.rstrip("/").lower()
    for packed in PACKED:
        name = name.removesuffix(packed)
    path = Path(source)
    if urlsplit(source).scheme or name.endswith(CUT) or "*" in source:
        return True
    return path.is_dir() and any(each.suffix in CUT for each in path.rglob("*")) and not _others(path)


def _others(folder: Path) -> bool:
    """Whether a folder has files that must be parsed whole, such as Turtle."""
    return any(each.suffix in (".ttl", ".trig", ".rdf", ".owl") for each in folder.rglob("*"))
