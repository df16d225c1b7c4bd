"""Downloads of ClinicalTrials.gov (API version 2, json): a study, a list, a page; a folder or a zip of them; gzipped.

Studies are streamed: what is held in memory is one study, and the number of each that was read.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path, PurePath
from typing import IO, Any

from kg.errors import ImportFault
from kg.registers.account import Account
from kg.registers.ctgov_records import NotAStudy, Study, identity, study
from kg.registers.ctgov_values import at, text
from kg.registers.records import Key

_SECTIONS = {
    "protocolSection",
    "resultsSection",
    "annotationSection",
    "documentSection",
    "derivedSection",
    "hasResults",
}
_CLASSIC = {"FullStudiesResponse", "StudyFieldsResponse", "FullStudy", "Study"}
_ENDINGS = (".json", ".json.gz", ".zip")
_BLOCK = 1 << 16
_DEEPEST = 100
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("|\\?\Z)', re.DOTALL)
"""A text, whole or up to the end of what was read; always matches where a text begins, so it is read once."""
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(set(range(256)) - _STEP.keys())


def read(paths: Sequence[Path], account: Account) -> Iterator[Study]:
    """Yield each study once. Raises ImportFault for a file named in `paths` that is not whole json of the registry.

    Of an NCT number that comes twice the newer version counts: files are read newest first, by the version of the first
    study of each, and the first study of a number is kept. A file within a folder or zip that cannot be read counts as
    one row rejected, so that one broken download among thousands does not stop the rest.
    """
    seen: dict[str, str] = {}
    for place in _newest_first(list(places(paths))):
        yield from read_place(place, account, seen)


def read_place(place: Place, account: Account, seen: dict[str, str]) -> Iterator[Study]:
    """Yield the studies of one place whose numbers are not in `seen`: NCT number -> the version kept of it."""
    try:
        for number, json in enumerate(_studies(place), 1):
            account.read += 1
            if record := _record(json, place.name, number, seen, account):
                account.used += 1
                yield record
    except ImportFault as fault:
        if place.named:
            raise
        account.read += 1
        account.reject(place.name, "file", "not whole json of ClinicalTrials.gov", str(fault))


def keys(place: Place) -> Iterator[Key]:
    """Yield what `read_place` would put into `seen` for each study, and the day of its record."""
    for json in _whole(place):
        nct, version = "", _version(json)
        with suppress(NotAStudy):
            nct = identity(json).nct if isinstance(json, dict) else ""
        yield Key(nct, version, version)


def snapshot_date(path: Path) -> str | None:
    """Return the day of the registry's data, if all studies of a file or folder are of the same."""
    found: set[str] = set()
    for json in chain.from_iterable(map(_whole, places([path]))):
        found.add(_version(json))
        if len(found) > 1:
            return None
    return found.pop() or None if found else None


def _whole(place: Place) -> Iterator[object]:
    """Yield the studies of a place up to where it is broken; one that the user named must not be."""
    try:
        yield from _studies(place)
    except ImportFault:
        if place.named:
            raise


def _record(json: object, file: str, number: int, seen: dict[str, str], account: Account) -> Study | None:
    where = f"study {number}"
    if not isinstance(json, dict) or "protocolSection" not in json:
        shown = ", ".join(map(str, json)) if isinstance(json, dict) else f"a {type(json).__name__}"
        account.reject(file, where, "not a study: no protocolSection", shown)
        return None
    nct = text(at(json, "protocolSection", "identificationModule"), "nctId") or where
    try:
        record = study(json, lambda reason, evidence: account.remark(file, nct, reason, evidence))
    except NotAStudy as fault:
        account.reject(file, nct, fault.reason, fault.evidence)
        return None
    if nct in seen:
        kept = seen[nct]
        reason = "NCT number seen before" + (", in an older version" if record.version > kept else "")
        account.reject(file, nct, reason, f"this one is of {record.version or '?'}, the one kept of {kept or '?'}")
        return None
    seen[nct] = record.version
    return record


def _version(json: object) -> str:
    return text(at(json, "derivedSection", "miscInfoModule"), "versionHolder")


# ------------------------------------------------------------------------------------------------------------ the files


@dataclass(frozen=True)
class Place:
    """A file, or a member of a zip file; `named` if the user named it, and it is not a folder's or a zip's."""

    name: str
    open: Callable[[], AbstractContextManager[io.BufferedReader]]
    named: bool


def places(paths: Sequence[Path]) -> Iterator[Place]:
    """Yield what there is to read in files and folders. Raises ImportFault."""
    for path in paths:
        if path.is_dir():
            for each in inside(path, (each.relative_to(path) for each in path.rglob("*"))):
                yield from _members(path / each, str(each), named=False)
        else:
            yield from _members(path, path.name, named=True)


def inside(folder: object, found: Iterable[PurePath]) -> list[PurePath]:
    """Return which files of a folder are read, in their order. Raises ImportFault if none is."""
    read = sorted(each for each in found if each.name.lower().endswith(_ENDINGS))
    if not read:
        raise ImportFault(f"{folder}: no json file in this folder. Pass the folder of the downloaded studies.")
    return read


def _members(path: Path, name: str, *, named: bool) -> Iterator[Place]:
    try:
        with path.open("rb") as stream:
            zipped = stream.read(4) == b"PK\x03\x04"
        if not zipped:
            yield Place(name, _opener(lambda: path.open("rb"), name), named)
            return
        archive = zipfile.ZipFile(path)  # open as long as one of its members waits to be read
        members = [each for each in archive.namelist() if each.lower().endswith((".json", ".json.gz"))]
        if not members:
            raise ImportFault(f"{path}: no json file in this zip file. Pass the json that the registry offers.")
        for each in members:
            yield Place(f"{name}/{each}", _opener(_member(archive, each), each), named=False)
    except (OSError, zipfile.BadZipFile) as error:
        raise ImportFault(f"{path}: cannot be read ({error}). Download it again.") from None


def _member(archive: zipfile.ZipFile, name: str) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(name)


def _opener(raw: Callable[[], IO[bytes]], name: str) -> Callable[[], AbstractContextManager[io.BufferedReader]]:
    """Return how to open a file as bytes of json: unpacked, and without a byte order mark."""

    @contextmanager
    def opened() -> Iterator[io.BufferedReader]:
        with ExitStack() as stack:
            stream: Any = stack.enter_context(raw())
            if name.lower().endswith(".gz"):
                stream = stack.enter_context(gzip.GzipFile(fileobj=stream))
            buffered = io.BufferedReader(stream, _BLOCK)
            if buffered.peek(3)[:3] == b"\xef\xbb\xbf":
                buffered.read(3)
            yield buffered

    return opened


def _newest_first(found: list[Place]) -> list[Place]:
    """Order by the version of the first study, the newest first; files of one version, or of none, stay in order."""
    if len(found) < 2:
        return found
    return sorted(found, key=version, reverse=True)


def version(place: Place) -> str:
    """Return the version of the first study of a place: the places with the newest are read first."""
    try:
        return next((_version(json) for json in _studies(place)), "")
    except ImportFault:
        return ""


# ------------------------------------------------------------------------------------------------------------- the json


def _studies(place: Place) -> Iterator[object]:
    """Yield the studies of a file, as the registry nests them. Raises ImportFault."""
    import ijson

    try:
        with place.open() as stream:
            prefix = _prefix(stream, place.name)
        with place.open() as stream:
            yield from ijson.items(_Shallow(stream, place.name), prefix, buf_size=_BLOCK, multiple_values=not prefix)
    except (ijson.JSONError, OSError, EOFError, zlib.error, zipfile.BadZipFile, UnicodeDecodeError) as error:
        shown = " ".join(str(error).split())[:200]
        cure = "Convert it to UTF-8." if "UTF8" in shown or "UTF-8" in shown else "Is it whole? Download it again."
        raise ImportFault(f"{place.name}: not whole json ({shown}). {cure}") from None


class _Shallow:
    """A stream of json that is refused when it nests deeper than any study, before that takes all memory."""

    def __init__(self, stream: io.BufferedReader, name: str) -> None:
        self._stream = stream
        self._name = name
        self._depth = 0
        self._begun = b""

    def _without(self, text: re.Match[bytes]) -> bytes:
        self._begun = b"" if text[1] == b'"' else b'"' + text[1]
        return b""

    def read(self, size: int = -1) -> bytes:
        """Read as a file does. Raises ImportFault."""
        block = self._stream.read(size)
        begun, self._begun = self._begun, b""
        bare = _STRING.sub(self._without, begun + block)
        depths = list(accumulate(map(_STEP.__getitem__, bare.translate(None, _NO_BRACKETS)), initial=self._depth))
        self._depth = depths[-1]
        if max(depths) > _DEEPEST:
            raise ImportFault(f"{self._name}: nested deeper than {_DEEPEST} levels; a study has 12. Download it again.")
        return block


def _prefix(stream: io.BufferedReader, name: str) -> str:
    """Return where the studies stand: `item` in a list, `studies.item` on a page, '' for a study alone."""
    import ijson

    start = stream.peek(_BLOCK)[:200].lstrip()
    if start.startswith(b"<"):
        raise ImportFault(f"{name}: a page of HTML or XML, not json. Download it from the API, with format=json.")
    if not start:
        raise ImportFault(f"{name}: the file is empty. Download it again.")
    depth, keys = 0, []
    for event, value in ijson.basic_parse(_Shallow(stream, name), buf_size=_BLOCK):
        if event == "start_array" and depth == 0:
            return "item"
        if event == "map_key" and depth == 1:
            keys.append(str(value))
            if value == "studies":
                return "studies.item"
            if value in _SECTIONS:
                return ""
            if value in _CLASSIC:
                raise ImportFault(f"{name}: from the classic API, which has ended. Download it from version 2.")
        depth += {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}.get(event, 0)
        if depth == 0:
            break
    shown = ", ".join(map(repr, keys[:8])) or "no object and no list"
    raise ImportFault(f"{name}: no studies here ({shown}). Pass a study, a list of studies or a page of the API.")
