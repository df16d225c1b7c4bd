"""What became of each row of a download: read = used + rejected, always."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple


class Rejection(NamedTuple):
    """A row that was not used, and why."""

    file: str
    row: str
    reason: str
    evidence: str


@dataclass
class Account:
    """Counts rows as they are read, used and rejected.

    A reason is one of few phrases, so that it can be counted; what differs from row to row is its evidence. A remark
    is about a row that was used although something in it was not (an ATC code that is none, a date that is none).
    """

    read: int = 0
    used: int = 0
    facts: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    remarks: list[Rejection] = field(default_factory=list)

    def reject(self, file: str, row: str, reason: str, evidence: str = "") -> None:
        """Count one row as rejected."""
        self.rejections.append(Rejection(file, row, reason, _short(evidence)))

    def remark(self, file: str, row: str, reason: str, evidence: str = "") -> None:
        """Note a part of a row that was not used."""
        self.remarks.append(Rejection(file, row, reason, _short(evidence)))

    @property
    def by_reason(self) -> Counter[str]:
        """Reason -> number of rows rejected."""
        return Counter(rejection.reason for rejection in self.rejections)

    @property
    def remarks_by_reason(self) -> Counter[str]:
        """Reason -> number of details that were not used."""
        return Counter(remark.reason for remark in self.remarks)

    @property
    def balanced(self) -> bool:
        """Whether each row read was either used or rejected."""
        return self.read == self.used + len(self.rejections)

    def report(self) -> str:
        """Return the rejections and remarks as csv."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("kind", *Rejection._fields))
        for kind, entries in (("rejected", self.rejections), ("remark", self.remarks)):
            writer.writerows((kind, *entry) for entry in entries)
        return text.getvalue()


def _short(evidence: str, most: int = 120) -> str:
    line = " ".join(evidence.split())
    return line if len(line) <= most else f"{line[: most - 2]}.."
