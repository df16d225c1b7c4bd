"""What became of each row of a download: read = used + rejected, always."""

from __future__ import annotations

import csv
import io
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, NamedTuple, overload

HELD = 10_000
"""Entries that are held in memory; more are kept in a temporary file, however many there are."""


class Rejection(NamedTuple):
    """A row that was not used, and why."""

    file: str
    row: str
    reason: str
    evidence: str


class Log(Sequence[Rejection]):
    """Rejections in the order they come, counted by reason. Memory stays flat as they grow."""

    def __init__(self, counted: Mapping[str, int] | None = None) -> None:
        """Begin, or stand for the rejections of an import that is over, of which the counts are known only."""
        self.by_reason: Counter[str] = Counter(counted)
        self._length = self.by_reason.total()
        self._last: list[Rejection] = []
        self._earlier: IO[str] | None = None

    def append(self, entry: Rejection) -> None:
        """Add an entry."""
        self.by_reason[entry.reason] += 1
        self._length += 1
        self._last.append(entry)
        if len(self._last) >= HELD:
            if self._earlier is None:
                self._earlier = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115 lives as long as this
                weakref.finalize(self, self._earlier.close)
            self._earlier.seek(0, io.SEEK_END)
            csv.writer(self._earlier).writerows(self._last)
            self._last = []

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Rejection]:
        """Iterate over what is there by now; one at a time."""
        if self._earlier is not None:
            self._earlier.seek(0)
            yield from (Rejection(*cells) for cells in csv.reader(self._earlier))
        yield from tuple(self._last)

    @overload
    def __getitem__(self, place: int) -> Rejection: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Rejection]: ...
    def __getitem__(self, place: int | slice) -> Rejection | Sequence[Rejection]:
        return tuple(self)[place]


@dataclass
class Account:
    """Counts rows as they are read, used and rejected.

    A reason is one of few phrases, so that it can be counted; what differs from row to row is its evidence. A remark
    is about a row that was used although something in it was not (an ATC code that is none, a date that is none).
    """

    file: str = ""
    """The file of what is remarked or rejected by who knows the row only."""
    read: int = 0
    used: int = 0
    facts: int = 0
    rejections: Log = field(default_factory=Log)
    remarks: Log = field(default_factory=Log)

    def reject(self, file: str, row: str, reason: str, evidence: str = "") -> None:
        """Count one row as rejected."""
        self.rejections.append(Rejection(file or self.file, row, reason, _short(evidence)))

    def remark(self, file: str, row: str, reason: str, evidence: str = "") -> None:
        """Note a part of a row that was not used."""
        self.remarks.append(Rejection(file or self.file, row, reason, _short(evidence)))

    @classmethod
    def of_counts(
        cls, read: int, used: int, facts: int, rejected: Mapping[str, int], remarked: Mapping[str, int]
    ) -> Account:
        """Return the account of an import that is over: its counts, without the rows."""
        return cls("", read, used, facts, Log(rejected), Log(remarked))

    @property
    def by_reason(self) -> Counter[str]:
        """Reason -> number of rows rejected."""
        return self.rejections.by_reason

    @property
    def remarks_by_reason(self) -> Counter[str]:
        """Reason -> number of details that were not used."""
        return self.remarks.by_reason

    @property
    def balanced(self) -> bool:
        """Whether each row read was either used or rejected."""
        return self.read == self.used + len(self.rejections)

    def report(self) -> Iterator[str]:
        """Yield the lines of a csv file with the rejections and the remarks."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("kind", *Rejection._fields))
        for kind, entries in (("rejected", self.rejections), ("remark", self.remarks)):
            for entry in entries:
                yield text.getvalue()
                text.seek(0)
                text.truncate()
                writer.writerow((kind, *entry))
        yield text.getvalue()


def _short(evidence: str, most: int = 120) -> str:
    line = " ".join(evidence.split())
    return line if len(line) <= most else f"{line[: most - 2]}.."
