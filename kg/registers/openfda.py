"""openFDA's drugsfda: Drugs@FDA as json, with established pharmacologic classes. A record for each application.

Read are answers of the API ({meta, results}), lists of records, a single record, and the bulk download (as .json or
packed as .zip or .gz), of which one record at a time is held. Applications, products and submissions are counted.
"""

from __future__ import annotations

import codecs
import errno
import gzip
import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import IO, Any, cast

from kg.errors import ImportFault
from kg.registers import fda
from kg.registers.account import Account
from kg.registers.fda import Application, Presentation, Submission
from kg.registers.records import Key, Record

_Json = Mapping[str, Any]
_FIELDS = {"application_number", "products", "submissions"}
_ENDPOINT = "Pass an answer of https://api.fda.gov/drug/drugsfda.json, or its bulk download."


def read(paths: Sequence[Path], account: Account) -> Iterator[Record]:
    """Yield a record per application."""
    seen: dict[str, str] = {}
    for place in places(paths):
        yield from read_place(place, account, seen)


def read_place(place: Path, account: Account, seen: dict[str, str]) -> Iterator[Record]:
    """Yield the records of one file whose applications are not in `seen`: application -> where it came first."""
    for where, result in _applications(place):
        account.read += 1
        record = _Reader(place.name, where, account).record(result, seen)
        if record:
            account.used += 1
            yield record


def keys(place: Path) -> Iterator[Key]:
    """Yield what `read_place` would put into `seen` for each result, and the day of the data."""
    day = snapshot_date(place) or ""
    for where, result in _applications(place):
        yield Key(_application(result)[0], f"{place.name}, {where}", day)


def places(paths: Sequence[Path]) -> Sequence[Path]:
    """Return what there is to read: each file has one list of results."""
    return paths


def inside(folder: object, found: Iterable[PurePath]) -> list[PurePath]:
    """Refuse a folder. Raises ImportFault."""
    raise ImportFault(f"{folder}: cannot be read ({os.strerror(errno.EISDIR)}).")


def version(place: Path) -> str:
    """Return nothing: the files are read in the order in which they are given."""
    return ""


def _applications(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield each result with its place in the file."""
    for number, result in enumerate(_results(path), 1):
        if number == 1 and not (isinstance(result, dict) and _FIELDS & result.keys()):
            shown = ", ".join(sorted(result)[:8]) if isinstance(result, dict) else type(result).__name__
            raise ImportFault(f"{path}: the first result is no application of drugsfda: {shown}. {_ENDPOINT}")
        yield f"result {number}", result


def _application(result: Any) -> tuple[str, str]:
    """Return the number of an application in one form, or '' if it is none; and as printed."""
    printed = _text(result if isinstance(result, dict) else {}, "application_number").replace(" ", "").upper()
    letters, digits = re.fullmatch(r"([A-Z]*)(.*)", printed, re.DOTALL).groups()  # type: ignore[union-attr]
    return fda.application(letters, digits), printed


def snapshot_date(path: Path) -> str | None:
    """Return the day on which openFDA last updated what it answered from (meta.last_updated)."""
    import ijson

    try:
        with _opened(path) as stream:
            for prefix, event, value in ijson.parse(stream):
                if prefix == "meta.last_updated":
                    text = str(value)
                    return text if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
                if prefix == "results" and event == "start_array":
                    return None
    except (ijson.JSONError, UnicodeDecodeError):
        return None  # Reading will tell where it is broken.
    return None


class _Reader:
    """Reads one result."""

    def __init__(self, file: str, place: str, account: Account) -> None:
        self._file = file
        self._place = place
        self._account = account

    def record(self, result: Any, seen: dict[str, str]) -> Record | None:
        """Return what a result says, or count it and what it holds as rejected. Children are counted here."""
        entry = result if isinstance(result, dict) else {}
        products, submissions = _listed(entry, "products"), _listed(entry, "submissions")
        name, printed = _application(result)
        fault, evidence = "", ""
        if not name:
            fault, evidence = "no application number of an NDA, ANDA or BLA", printed
        elif name in seen:
            fault, evidence = "application seen before", f"{name}, first in {seen[name]}"
        self._account.read += len(products) + len(submissions)
        if fault:
            self._account.reject(self._file, self._place, fault, evidence)
            self._reject_all("product", products, name or printed)
            self._reject_all("submission", submissions, name or printed)
            return None
        seen[name] = f"{self._file}, {self._place}"
        known: Any = entry.get("openfda")
        application = Application(
            name,
            _text(entry, "sponsor_name"),
            f"application_number {name}",
            pharmacologic_classes=tuple(re.sub(r"\s*\[EPC\]$", "", text) for text in _texts(known, "pharm_class_epc")),
            unii=_texts(known, "unii"),
        )
        self._products(application, products)
        if not application.products:
            self._account.reject(self._file, self._place, "application without products", name)
            self._reject_all("submission", submissions, name)
            return None
        self._submissions(application, submissions)
        for product in application.deviating():
            evidence = f"{name}, product {product.number}: {'; '.join(product.ingredients)}"
            self._account.remark(self._file, self._place, "product with other ingredients than the first", evidence)
        return application.record()

    def _products(self, application: Application, listed: list[Any]) -> None:
        for place, each in enumerate(listed, 1):
            entry: _Json = each if isinstance(each, dict) else {}
            number = _text(entry, "product_number")
            if not number or number in application.products:
                reason = "product seen before" if number else "no product number"
                self._reject("product", place, reason, f"{application.name}, product {number}")
                continue
            names = (_text(each, "name") for each in _listed(entry, "active_ingredients") if isinstance(each, dict))
            parts = tuple(dict.fromkeys(part for name in names for part in fda.ingredients(name)))
            if not parts:
                self._reject("product", place, "product without an active ingredient", f"{application.name}: {number}")
                continue
            status = _text(entry, "marketing_status").lower()
            application.products[number] = Presentation(
                number, _text(entry, "brand_name"), parts, {status} if status else set()
            )
            self._account.used += 1

    def _submissions(self, application: Application, listed: list[Any]) -> None:
        for place, each in enumerate(listed, 1):
            entry: _Json = each if isinstance(each, dict) else {}
            properties = _listed(entry, "submission_property_type")
            submission = Submission(
                _text(entry, "submission_type").upper(),
                _text(entry, "submission_number"),
                _text(entry, "submission_status").upper(),
                _text(entry, "submission_status_date"),
                _text(entry, "submission_class_code").upper(),
                _text(entry, "review_priority").upper(),
                any(isinstance(each, dict) and _text(each, "code").lower() == "orphan" for each in properties),
            )
            if fault := submission.fault:
                evidence = f"{application.name} {submission.name} {submission.submission_class}"
                self._reject("submission", place, fault, evidence)
            elif submission.name in application.submissions:
                self._reject("submission", place, "submission seen before", f"{application.name} {submission.name}")
            else:
                application.submissions[submission.name] = submission
                self._account.used += 1

    def _reject_all(self, what: str, children: Sequence[Any], evidence: str) -> None:
        for place in range(1, len(children) + 1):
            self._reject(what, place, "parent application not used", evidence)

    def _reject(self, what: str, place: int, reason: str, evidence: str) -> None:
        self._account.reject(self._file, f"{self._place}, {what} {place}", reason, evidence)


def _text(entry: _Json, name: str) -> str:
    value = entry.get(name)
    return str(value).strip() if isinstance(value, str | int) else ""


def _listed(entry: _Json, name: str) -> list[Any]:
    value = entry.get(name)
    return value if isinstance(value, list) else []


def _texts(entry: Any, name: str) -> tuple[str, ...]:
    """Return the texts of a list; the schema has them as single texts, the answers as lists."""
    value = entry.get(name) if isinstance(entry, dict) else None
    listed = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(text.strip() for text in listed if isinstance(text, str) and text.strip()))


def _results(path: Path) -> Iterator[Any]:
    """Yield the records of a file, one after the other."""
    import ijson

    number = 0
    try:
        with _opened(path) as stream:
            events = ijson.parse(stream, use_float=True)
            _, opening, _ = next(events, ("", "", None))
            prefix = "item"
            if opening == "start_map":
                prefix, entry = _top(path, events)
                if not prefix:
                    yield entry
                    return
            elif opening != "start_array":
                raise ImportFault(f"{path}: neither a json object nor a list. {_ENDPOINT}")
            for result in ijson.items(events, prefix):
                number += 1
                yield result
    except (ijson.JSONError, *fda.UNPACKING) as error:
        what = " ".join(str(error).split())[:120]
        raise ImportFault(f"{path}: not whole after result {number} ({what}). Download it again.") from None


def _top(path: Path, events: Iterator[Any]) -> tuple[str, dict[str, Any]]:
    """Read an object up to its results: ('results.item', {}); or a record itself to its end: ('', record)."""
    import ijson

    builder = ijson.ObjectBuilder()
    builder.event("start_map", None)
    for prefix, event, value in events:
        if prefix == "results" and event == "start_array":
            return "results.item", {}
        builder.event(event, value)
    entry = cast(dict[str, Any], builder.value)
    if isinstance(error := entry.get("error"), dict):
        said = f"{error.get('code', '')}: {error.get('message', '')}"
        raise ImportFault(f"{path}: openFDA answered with an error, {said}. Ask again.")
    if not _FIELDS & entry.keys():
        shown = ", ".join(sorted(entry)[:8]) or "nothing"
        raise ImportFault(f"{path}: no results in it, but {shown}. {_ENDPOINT}")
    return "", entry


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a json file, or the only one in a .zip, or that in a .gz, behind its byte order mark if it has one."""
    try:
        with path.open("rb") as plain:
            start = plain.read(4)
            plain.seek(0)
            if start.startswith(b"PK\x03\x04"):
                with zipfile.ZipFile(plain) as archive:
                    names = [name for name in archive.namelist() if name.lower().endswith(".json")]
                    if len(names) != 1:
                        shown = ", ".join(archive.namelist()[:8])
                        raise ImportFault(f"{path}: not one json file in it, but {shown}. {_ENDPOINT}")
                    with archive.open(names[0]) as member:
                        yield _unmarked(member)
            elif start.startswith(b"\x1f\x8b"):
                with gzip.open(plain) as unpacked:
                    yield _unmarked(cast(IO[bytes], unpacked))
            elif not start:
                raise ImportFault(f"{path}: the file is empty. Download it again.")
            else:
                yield _unmarked(plain)
    except (gzip.BadGzipFile, *fda.UNPACKING) as error:
        raise ImportFault(f"{path}: not a whole file ({error}). Download it again.") from None
    except OSError as error:
        raise ImportFault(f"{path}: cannot be read ({error.strerror or error}).") from None


def _unmarked(stream: IO[bytes]) -> IO[bytes]:
    buffered = io.BufferedReader(cast(io.RawIOBase, stream))
    if buffered.peek(3).startswith(codecs.BOM_UTF8):
        buffered.read(3)
    return buffered
