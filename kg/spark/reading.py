"""Sources in: files on any file system become `raw` (s, p, o), terms as they are written.

N-Triples and N-Quads are read by all workers, a piece of a file each, and Parquet with columns s, p and o likewise.
Other syntaxes cannot be cut: their facts come from the driver, which is for an ontology beside the data. The blank
nodes of a file are its own; the parts of one folder, written by one job ("part-.."), are one file in that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kg.owl2rl.errors import SourceError
from kg.owl2rl.sources import Source
from kg.owl2rl.terms import ODD, SPLIT, renamed
from kg.spark import workers
from kg.spark.folder import Files, Folder, Found

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

RAW = "s STRING, p STRING, o STRING"
_STAGED = f"{RAW}, odd STRING, prefix STRING, file STRING, quads BOOLEAN"
CUT = _LINES, _QUADS, _TABLES = ".nt", ".nq", ".parquet"
"""The files that workers read in pieces."""
PACKED = (".gz", ".bz2")
_PART = "/part-[^/]*$"
_SENT = 100_000
"""Lines that the driver sends at a time."""


def listed(files: Files, sources: Iterable[str]) -> list[Found]:
    """The files that sources stand for, sorted within each. Raises SourceError."""
    found: list[Found] = []
    for source in sources:
        inside = files.under(source)
        if not inside:
            raise SourceError(f"{source}: no such file, or an empty folder. Give files, folders or patterns (*.nt).")
        found += inside
    for file in found:
        kind_of(file.uri)
    return list(dict.fromkeys(found))


def kind_of(uri: str) -> str:
    """The syntax of a file by its name, or of a part by its folder's. Raises SourceError."""
    *_, folder, name = ["", *uri.lower().split("/")]
    for each in (name, folder if name.startswith("part-") else ""):
        for packed in PACKED:
            each = each.removesuffix(packed)
        for suffix in CUT:
            if each.endswith(suffix):
                return suffix
    raise SourceError(f"{uri}: no kind of file that workers can read in pieces. Give one of {', '.join(CUT)}.")


def scope_of(uri: str) -> str:
    """What a blank node's label is told apart by: the file, or the folder that it is a part of."""
    return re.sub(_PART, "", uri)


def stage(folder: Folder, found: Sequence[Found], source: Source) -> list[str]:
    """Read files, and the triples of a source, into tables of RAW: their names. Raises SourceError."""
    spark = folder.spark
    places: list[str] = []
    of: dict[str, list[str]] = {}
    for file in found:
        of.setdefault(kind_of(file.uri), []).append(file.uri)
    several = len({scope_of(file.uri) for file in found}) > 1
    for kind, uris in of.items():
        if kind in (_LINES, _QUADS):
            lines = spark.read.text(uris).selectExpr("value AS line", *_columns(several))
            places.append(folder.write(_split(lines, kind == _QUADS), "staged"))
        else:
            table = spark.read.parquet(*uris).selectExpr("s", "p", "o", *_columns(several))
            places.append(folder.write(_scoped(table), "staged"))
    places += _sent(folder, (line for batch in source.lines() for line in batch.decode().splitlines()))
    staged = folder.read(places, _STAGED)
    odd = staged.where("odd IS NOT NULL").select("odd", "prefix", "file", "quads")
    if odd.isEmpty():
        return places
    read = folder.write(odd.mapInArrow(workers.lines, workers.ODD_LINES), "odd")
    bad = folder.read([read], workers.ODD_LINES).where("bad IS NOT NULL").select("bad").first()
    if bad is not None:
        raise SourceError(f"{_readable(str(bad[0]))}. Correct it, or leave it out.")
    return [*places, read]


def raw(folder: Folder, places: Sequence[str]) -> DataFrame:
    """What was staged, as RAW."""
    return folder.read(places, RAW).where("s IS NOT NULL")


def _columns(several: bool) -> tuple[str, str]:
    """The file of a row and, where blank nodes have `several` scopes, what stands before their labels."""
    scope = f"regexp_replace(_metadata.file_path, '{_PART}', '')"
    prefix = f"concat('f', left(sha2({scope}, 256), 12), '.')" if several else "''"
    return "_metadata.file_path AS file", f"{prefix} AS prefix"


def _split(lines: DataFrame, quads: bool) -> DataFrame:
    """Lines as _STAGED; those that are not plain are left whole in the column `odd`."""
    spark = lines.sparkSession
    lines.createOrReplaceTempView("lines")
    odd = "line AS odd" if quads else ODD
    whole = f"SELECT *, {odd} FROM ({SPLIT.format('lines')})"
    # What only an odd line needs is written for those alone.
    rest = ", ".join(f"CASE WHEN odd IS NOT NULL THEN {x} END AS {x}" for x in ("odd", "prefix", "file"))
    return spark.sql(f"SELECT {_terms('odd IS NULL')}, {rest}, {str(quads).lower()} AS quads FROM ({whole})")


def _scoped(table: DataFrame) -> DataFrame:
    """A table of terms as _STAGED."""
    table.createOrReplaceTempView("tabled")
    empty = "CAST(NULL AS STRING)"
    return table.sparkSession.sql(
        f"SELECT {_terms('true')}, {empty} AS odd, {empty} AS prefix, {empty} AS file, false AS quads FROM tabled"
    )


def _terms(where: str) -> str:
    columns = {"s": renamed("s", "prefix"), "p": "p", "o": renamed("o", "prefix")}
    return ", ".join(f"CASE WHEN {where} THEN {sql} END AS {name}" for name, sql in columns.items())


def _readable(uri: str) -> str:
    """An address without the slashes and escapes that Spark and Hadoop write each in their own way."""
    return re.sub(r"^file:/+", "/", unquote(uri))


def _sent(folder: Folder, lines: Iterator[str]) -> Iterator[str]:
    """Canonical lines of the driver as tables of _STAGED."""
    while batch := [(line,) for line in islice(lines, _SENT)]:
        frame = folder.spark.createDataFrame(batch, "line STRING").selectExpr("line", "'' AS prefix", "'' AS file")
        yield folder.write(_split(frame, False), "staged")


def size_of(found: Iterable[Found]) -> int:
    """Bytes to be read, as far as is known before: what is packed counts several times."""
    return sum(file.size * (6 if file.uri.lower().endswith((*PACKED, _TABLES)) else 1) for file in found)
