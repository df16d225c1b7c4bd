"""Tables as a register offers them, written for a test."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path


def table(
    path: Path,
    rows: Sequence[Mapping[str, str]],
    headings: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
) -> Path:
    """Write rows as csv, under other headings where some are given; a row may have cells that others have not."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding=encoding) as stream:
        writer = csv.writer(stream)
        writer.writerow([(headings or {}).get(name, name) for name in names])
        writer.writerows([row.get(name, "") for name in names] for row in rows)
    return path
