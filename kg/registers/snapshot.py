"""A snapshot: the files of one register as they were downloaded, with their date and checksums."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kg.errors import ImportFault

_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_](0[1-9]|1[0-2])(?:[-_](0[1-9]|[12]\d|3[01]))?(?!\d)")


@dataclass(frozen=True)
class Snapshot:
    """One download. `date` is ISO 8601: a day, or the month or year that is known."""

    register: str
    date: str
    files: tuple[tuple[str, str], ...]
    """Name and sha256 of each file."""
    licence: str = ""
    """An IRI, or the publisher's words."""

    @property
    def key(self) -> str:
        """The tail of the IRIs of its graph and its source."""
        return f"{self.register}-{self.date}"

    @property
    def first_day(self) -> str:
        """The first day that the date may be: what happened later may be missing from the snapshot."""
        return self.date + "-01-01"[len(self.date) - 4 :] if len(self.date) < 10 else self.date


def of(register: str, paths: Sequence[Path], when: str, licence: str = "") -> Snapshot:
    """Return the snapshot that the files make. Raises ImportFault if a file cannot be read."""
    return Snapshot(register, when, tuple((name, sha256_of(path)) for name, path in _files(paths)), licence)


def _files(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Yield the files with their names, those of a folder with their place in it."""
    for path in paths:
        if path.is_dir():
            inside = (each for each in path.rglob("*") if each.is_file() and not each.name.startswith("."))
            yield from sorted((each.relative_to(path).as_posix(), each) for each in inside)
        else:
            yield path.name, path


def date_in_name(paths: Sequence[Path]) -> str | None:
    """Return the date that the name of a file, or of the folder it is in, carries: 2025-07-15 or 2025-07."""
    for path in paths:
        for name in (path.name, path.resolve().parent.name):
            if match := _IN_NAME.search(name):
                return "-".join(part for part in match.groups() if part)
    return None


def checked_date(text: str) -> str:
    """Return `text` if it is a date as `--date` takes it. Raises ImportFault."""
    if is_date(text):
        return text
    raise ImportFault(f"--date takes a day, month or year such as 2025-07-15, 2025-07 or 2025, not {text!r}.")


def is_date(text: str) -> bool:
    """Tell whether a text is a day, month or year in ISO 8601."""
    if not re.fullmatch(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-\d\d)?)?", text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        return False
    return True


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file. Raises ImportFault."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise ImportFault(f"{path}: cannot be read ({error.strerror or error}).") from None
    return digest.hexdigest()
