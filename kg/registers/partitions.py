"""What workers of Spark do of an import: whole files in, rows out that the driver puts into the order of one process.

A place is a file or a member of a zip file, as the register's reader has it. `version` is that of its first record: the
places with the newest are read first. Each place is read by the reader that a single process uses. `kg` is sent along
with the job: a worker needs pyoxigraph, pyarrow and ijson alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol, cast

from kg.errors import ImportFault, KgError
from kg.registers.account import Account
from kg.registers.catalogue import REGISTERS, Context, register
from kg.registers.described import Told
from kg.registers.imports import Dictionaries, newest_event
from kg.registers.records import Key
from kg.spark.sending import sent_files
from kg.spark.workers import Batches, as_batch

if TYPE_CHECKING:
    from pyarrow import RecordBatch

_ROWS = 5_000
_AT = "file BIGINT, member BIGINT, version STRING, number BIGINT, kind STRING"
IN_ORDER = "version DESC NULLS FIRST, file, member, number"
"""The order in which one process reads; what is said before any record has no version."""
KEYS = f"{_AT}, key STRING, told STRING"
"""Of a file its `sha256`, of its records each `key` with what `seen` has of it, and each `day` of the data."""
FACTS = f"{_AT}, s STRING, p STRING, o STRING, shared STRING"
"""Each `fact`, with what it describes if that is shared; else `o` has json: `rejected`, `remark`, `counts`."""
FAULT = "fault"
"""What cannot be read at all: the message is in the last but one column of FACTS, in the last of KEYS."""


class Reader(Protocol):
    """A reader that reads each place by itself."""

    def inside(self, folder: object, found: Iterable[PurePath]) -> list[PurePath]:
        """Return which files of a folder are read, in their order."""

    def places(self, paths: Sequence[Path]) -> Iterable[Any]:
        """Return what there is to read in files and folders."""

    def version(self, place: Any) -> str:
        """Return what places are ordered by, the greatest first."""

    def keys(self, place: Any) -> Iterator[Key]:
        """Yield the keys of the records of a place."""

    def read_place(self, place: Any, account: Account, seen: dict[str, str]) -> Iterator[Any]:
        """Yield the records of a place whose keys are not in `seen`."""


def reader_of(name: str) -> Reader:
    """Return the reader of a register. Raises ImportFault if it reads all files together."""
    found = register(name).reader
    if not hasattr(found, "read_place"):
        able = [each.name for each in REGISTERS.values() if hasattr(each.reader, "read_place")]
        raise ImportFault(
            f"--spark imports {' and '.join(able)}, of which each file can be read by itself. Import {name} without it."
        )
    return cast("Reader", found)


@dataclass(frozen=True)
class Task:
    """What a worker is to do, and the name under which the dictionaries were sent."""

    register: str
    dictionaries: str = ""
    file: str = ""
    """The file of remarks that know their row only."""
    with_text: bool = False


def keys(task: Task) -> Callable[[Batches], Batches]:
    """Files to KEYS."""
    reader = reader_of(task.register)

    def of_file(row: Mapping[str, Any], given: Path) -> Iterator[tuple[Any, ...]]:
        file = row["file"]
        yield file, None, None, None, "sha256", None, hashlib.sha256(row["content"]).hexdigest()
        for member, place in enumerate(reader.places([given]) if row["read"] else ()):
            version, days = reader.version(place), set[str]()
            for number, key in enumerate(reader.keys(place)):
                if key.key:
                    yield file, member, version, number, "key", key.key, key.kept
                if key.day not in days and len(days) < 2:  # two days are no day
                    days.add(key.day)
                    yield file, member, version, number, "day", None, key.day

    return _over_files(of_file, KEYS, lambda file, text: (file, None, None, None, FAULT, None, text))


def facts(task: Task) -> Callable[[Batches], Batches]:
    """Files, each with the keys that `seen` of them has from places before (member, key, kept), to FACTS."""
    reader = reader_of(task.register)

    def of_file(row: Mapping[str, Any], given: Path) -> Iterator[tuple[Any, ...]]:
        for member, place in enumerate(reader.places([given])):
            seen = {each["key"]: each["kept"] for each in row["seen"] or () if each["member"] == member}
            at = (row["file"], member, reader.version(place))
            yield from ((*at, *rest) for rest in _of_place(task, reader, place, seen))

    return _over_files(of_file, FACTS, lambda file, text: (file, None, None, None, FAULT, None, None, text, None))


def _of_place(task: Task, reader: Reader, place: Any, seen: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    """(number, kind, s, p, o, shared) of one place."""
    known, account, described = _dictionaries(task.dictionaries), Account(task.file), Told()
    context = Context(known.substances, known.conditions, account, task.with_text, described=described)
    facts_of, numbers, newest = register(task.register).facts(context), count(), ""
    for record in reader.read_place(place, account, seen):
        newest = max(newest, newest_event([record]) or "")
        for triple in facts_of(record):
            shared = described.taken(triple)
            terms = (str(triple.subject), str(triple.predicate), str(triple.object))
            yield next(numbers), "fact", *terms, str(shared) if shared else None
    for kind, entries in (("rejected", account.rejections), ("remark", account.remarks)):
        for number, entry in enumerate(entries):
            yield number, kind, None, None, json.dumps(entry), None
    yield 0, "counts", None, None, json.dumps((account.read, account.used, newest)), None


@cache
def _dictionaries(sent: str) -> Dictionaries:
    """What names are matched against, once for a process."""
    with TemporaryDirectory(prefix="kg-import-") as folder:
        paths = sent_files(sent, Path(folder))
        of_kind = ([path for path in paths if path.relative_to(folder).parts[0] == kind] for kind in DICTIONARIES)
        return Dictionaries.of(*of_kind)


DICTIONARIES = ("shipped", "names", "concepts")
"""The folders of the files that are sent, as `Dictionaries.of` takes them."""


def _over_files(
    of_file: Callable[[Mapping[str, Any], Path], Iterator[tuple[Any, ...]]],
    columns: str,
    fault: Callable[[int, str], tuple[Any, ...]],
) -> Callable[[Batches], Batches]:
    """Put each file into a folder of its own under its own name, and its rows into batches."""

    def rows(batches: Batches) -> Iterator[tuple[Any, ...]]:
        for row in (row for each in batches for row in each.to_pylist()):
            with TemporaryDirectory(prefix="kg-import-") as folder:
                path = Path(folder, row["name"])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(row["content"])
                try:
                    yield from of_file(row, Path(folder) if row["inside"] else path)
                except KgError as error:
                    yield fault(row["file"], str(error).replace(str(path), row["shown"]))

    def over(batches: Batches) -> Iterator[RecordBatch]:
        found = rows(batches)
        while some := list(islice(found, _ROWS)):
            yield as_batch(some, columns)

    return over
