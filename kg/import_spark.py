"""An import by Spark: the files of a register are read by all workers, and the facts are those of one process.

Workers read every file twice. First only what tells records apart: of a number that comes twice, Spark finds which is
read first in the order of one process. Then each file is read again with the numbers that are taken by others.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from kg.errors import ImportFault
from kg.registers import imports, partitions, snapshot, writing
from kg.registers.account import Account, Rejection
from kg.registers.catalogue import Register, register
from kg.registers.imports import Dictionaries, Imported, Progress
from kg.registers.partitions import DICTIONARIES, FACTS, FAULT, IN_ORDER, KEYS, Reader, Task
from kg.registers.snapshot import Snapshot
from kg.spark import session
from kg.spark.folder import Files, Folder, literal, written_as
from kg.spark.sending import code, send, send_files
from kg.spark.tables import fit

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_LARGEST = 2_000_000_000
"""Bytes of a file: Spark hands it to a worker as a whole, in one array of Java."""
_SETTINGS = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",  # a row is a file
    "spark.sql.files.openCostInBytes": "262144",  # of a folder of studies, hundreds for a task
}
_ROW = "path STRING, file BIGINT, name STRING, inside BOOLEAN, read BOOLEAN, shown STRING"


class Given(NamedTuple):
    """A file of the download. `argument` counts what the user named, `inside` tells that it was found in a folder."""

    uri: str
    file: int
    name: str
    inside: bool
    read: bool
    shown: str
    argument: int
    size: int
    written: int


def refuse(
    name: str, sources: Sequence[str], output: str | None, report: Path | None, *, concise: bool, matches: Path | None
) -> str:
    """Raise ImportFault for what Spark cannot import, before any work is done; gives the output."""
    if name == "all":
        raise ImportFault("--spark imports one register, ctgov or openfda: name it in place of `all`.")
    partitions.reader_of(name)
    if output is None:
        raise ImportFault("--spark needs -o with the folder to write: .nt, .nt.gz or .parquet.")
    if concise and name == "openfda":
        raise ImportFault("--concise compares generics over the whole register, --spark reads each file by itself.")
    if matches:
        raise ImportFault("--matches is written by one process that matches all names. Leave it out, or --spark.")
    local = [path for path in (None if urlsplit(output).scheme else Path(output), report) if path]
    imports.refuse(name, [path for path in map(Path, sources) if path.exists()], local)
    return output


def import_files(
    name: str,
    sources: Sequence[str],
    output: str,
    *,
    names: Sequence[Path] = (),
    concepts: Sequence[Path] = (),
    date: str | None = None,
    with_text: bool = False,
    report: Path | None = None,
    work: str | None = None,
    master: str | None = None,
    settings: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Write what the files of one snapshot say to a folder of parts: .nt, .nt.gz or .parquet, as the name ends.

    Sources and output are paths of this machine or addresses that Spark reads. Facts and account are those of
    `imports.import_files`, and so is their order: the parts of N-Triples, one after the other, are the file that it
    writes. `names` and `concepts` are as in `Dictionaries.shipped`. `work` is a folder that driver and workers
    reach, beside the output unless named: a run that was ended, or lacked a date, goes on from it, and it is gone when
    all is done. Files whose names begin with "." or "_" are none of the snapshot. Raises ImportFault, LoadError and
    ReasonError, and writes nothing then.
    """
    started = time.perf_counter()
    source, reader = register(name), partitions.reader_of(name)
    written_as(output)
    if date:
        snapshot.checked_date(date)
    Dictionaries.of((), names, concepts)  # what is wrong with these is told here
    with session(master, settings) as spark:
        send(spark)
        files = Files(spark)
        given = _listed(files, sources, reader)
        kinds = zip(DICTIONARIES, (imports.shipped_dictionaries(), names, concepts), strict=True)
        known = [(f"{kind}/{number}/{each.name}", each) for kind, paths in kinds for number, each in enumerate(paths)]
        only = given[0].name if len(given) == 1 and not given[0].inside else ""
        run = _Run(spark, given, Task(name, send_files(spark, known), only, with_text), work or f"{output}.work")
        try:
            keys = run.keys()
            if progress:
                progress(name, keys.where("kind = 'key'").count())
            facts = run.facts(keys)
            account, newest = _account(facts, only)
            imports.refuse_none(account, sources)
        except ImportFault:
            run.folder.forget()  # there is nothing to go on from
            raise
        taken = _snapshot(source, given, _told(keys), sources, date, newest)
        account.facts = run.write(source, taken, facts, output)
        local = "" if urlsplit(output).scheme else output.rstrip("/")
        imports.write_report(account, report, writing.beside(Path(local), ".rejected.csv") if local else None)
        run.folder.forget()
    return Imported(taken, account, Path(output), time.perf_counter() - started, output)


def _listed(files: Files, sources: Sequence[str], reader: Reader) -> list[Given]:
    """List the files in the order in which they are read. Raises ImportFault."""
    found: list[Given] = []
    for source in sources:
        here = Path(source).exists()
        roots = files.matched(literal(f"file:{Path(source).absolute()}") if here else source)
        if not roots:
            raise ImportFault(f"{source}: no such file. Name files, a folder, or a pattern such as studies/*.json.")
        for argument, (root, inside) in enumerate(roots, found[-1].argument + 1 if found else 0):
            shown = source if here or len(roots) == 1 else root
            if [each.uri for each in inside] == [root]:
                paths = [PurePosixPath(PurePosixPath(root).name)]
                in_folder, read = False, set[PurePath](paths)
            else:
                paths = sorted(PurePosixPath(each.uri[len(root) + 1 :]) for each in inside)
                in_folder, read = True, set(reader.inside(shown, paths))
            of = {each.uri[len(root) + 1 :] if in_folder else paths[0].name: each for each in inside}
            for path in paths:
                uri, size, written = of[str(path)]
                told = f"{shown}/{path}" if in_folder else shown
                if path.name[0] in "._":  # what writers leave beside the data; Spark does not see it
                    if path in read:
                        raise ImportFault(f"{told}: Spark reads no file whose name begins so. Give it another name.")
                    continue
                found.append(Given(uri, len(found), str(path), in_folder, path in read, told, argument, size, written))
    if large := next((each for each in found if each.size > _LARGEST), None):
        raise ImportFault(
            f"{large.shown}: {large.size:,} bytes, and Spark hands a worker a file of at most {_LARGEST:,} as a whole. "
            "Unpack it into files, or download the pages of the API."
        )
    return found


class _Run:
    """The passes over the files, each kept in the folder when it has ended."""

    def __init__(self, spark: SparkSession, given: Sequence[Given], task: Task, work: str) -> None:
        self._spark, self._given, self._task, self.folder = spark, given, task, Folder(spark, work)
        for key, value in _SETTINGS.items():
            spark.conf.set(key, value)
        fit(spark, sum(each.size for each in given))
        made_of = [list(map(list, given)), task.register, task.dictionaries, task.with_text, code()[0]]
        self._made_of = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()
        self._state: dict[str, Any] = self.folder.last(self._made_of) or {"made_of": self._made_of}

    def keys(self) -> DataFrame:
        """The table KEYS. Raises ImportFault for what cannot be read."""
        return self._pass("keys", KEYS, lambda: self._files().mapInArrow(partitions.keys(self._task), KEYS), "told")

    def facts(self, keys: DataFrame) -> DataFrame:
        """The table FACTS of the files, with the keys of each that are taken by places before. Raises as `keys`."""
        from pyspark.sql.functions import broadcast

        taken = self._spark.sql(
            f"""
            SELECT file, collect_list(struct(member, key, kept)) AS seen FROM (
                SELECT DISTINCT file, member, key, first.told AS kept FROM (
                    SELECT *, first_value(struct(file, member, told)) OVER (PARTITION BY key ORDER BY {IN_ORDER}) first
                    FROM {{keys}} WHERE kind = 'key')
                WHERE first.file <> file OR first.member <> member)
            GROUP BY file""",
            keys=keys,
        )
        files = self._files().where("read").join(broadcast(taken), "file", "left")
        return self._pass("facts", FACTS, lambda: files.mapInArrow(partitions.facts(self._task), FACTS), "o")

    def _files(self) -> DataFrame:
        from pyspark.sql.functions import broadcast

        uris = dict.fromkeys(literal(each.uri) for each in self._given)
        content = self._spark.read.format("binaryFile").load(list(uris)).select("path", "content")
        rows = self._spark.createDataFrame([each[:6] for each in self._given], _ROW)
        return content.join(broadcast(rows), "path")

    def _pass(self, name: str, columns: str, made: Any, message: str) -> DataFrame:
        if name not in self._state:
            self._state[name] = self.folder.write(made(), name)
            self.folder.keep(self._state, [self._state[each] for each in ("keys", "facts") if each in self._state])
        found = self.folder.read([self._state[name]], columns)
        if fault := found.where(f"kind = '{FAULT}'").orderBy("file").select(message).first():
            raise ImportFault(str(fault[0]))
        return found

    def write(self, source: Register, taken: Snapshot, facts: DataFrame, output: str) -> int:
        """Write the facts, and return how many: of a shared thing, the description that is first in their order."""
        first = self._spark.sql(
            """
            SELECT * FROM {stated} WHERE shared IS NULL UNION ALL SELECT * EXCEPT (place) FROM (
                SELECT *, rank() OVER (PARTITION BY shared ORDER BY version DESC, file, member) AS place
                FROM {stated} WHERE shared IS NOT NULL) WHERE place = 1""",
            stated=facts.where("kind = 'fact'"),
        )
        graph = writing.graph_of(Path(PurePosixPath(urlsplit(output).path).name))
        head = [
            (None, None, None, number, "fact", str(each.subject), str(each.predicate), str(each.object), None)
            for number, each in enumerate(writing.head(source, taken, graph))
        ]
        chosen = first.unionByName(self._spark.createDataFrame(head, FACTS))
        # To sort is to look twice: once for where to cut.
        kept = self.folder.read([self.folder.write(chosen, "told")], FACTS)
        ordered = self._spark.sql(f"SELECT s, p, o FROM {{kept}} ORDER BY {IN_ORDER}", kept=kept)
        self.folder.publish(ordered, output)
        number: int = kept.count()
        return number


def _account(facts: DataFrame, file: str) -> tuple[Account, str | None]:
    """Return what became of the rows, in the order of one process; and the day of the newest event."""
    account, newest = Account(file), ""
    query = f"SELECT kind, o FROM {{facts}} WHERE kind <> 'fact' ORDER BY {IN_ORDER}"
    for row in facts.sparkSession.sql(query, facts=facts).toLocalIterator():
        entry = json.loads(row["o"])
        if row["kind"] == "counts":
            account.read, account.used = account.read + entry[0], account.used + entry[1]
            newest = max(newest, entry[2])
        else:
            log = account.rejections if row["kind"] == "rejected" else account.remarks
            log.append(Rejection(*entry))
    return account, newest or None


def _told(keys: DataFrame) -> dict[int, tuple[str, set[str]]]:
    """File -> its sha256, and the first and the last day that its records tell."""
    sha256, day = (f"CASE WHEN kind = '{kind}' THEN told END" for kind in ("sha256", "day"))
    query = f"SELECT file, max({sha256}), min({day}), max({day}) FROM {{keys}} GROUP BY file"
    rows = keys.sparkSession.sql(query, keys=keys).collect()
    return {row[0]: (row[1], {day for day in row[2:] if day is not None}) for row in rows}


def _snapshot(
    source: Register,
    given: Sequence[Given],
    told: Mapping[int, tuple[str, set[str]]],
    sources: Sequence[str],
    date: str | None,
    newest: str | None,
) -> Snapshot:
    """Return the snapshot, dated as that of one process. Raises ImportFault."""
    files: list[tuple[str, str]] = []
    days = []
    for _, group in groupby(given, lambda each: each.argument):
        of_one = list(group)
        found = set[str]().union(*(told[each.file][1] for each in of_one))
        days.append(found.pop() if len(found) == 1 else "")
        files += sorted((each.name, told[each.file][0]) for each in of_one)
    paths = [Path(each if Path(each).exists() else urlsplit(each).path) for each in sources]
    when = imports.date_of(paths, date, lambda: next(filter(None, days), None), lambda: newest)
    return Snapshot(source.name, when, tuple(files), source.licence_of(()))
