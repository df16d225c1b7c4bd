"""EMA's table of orphan designations: what the Commission designated as an orphan medicine, and what it refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from kg.registers import dates, tables
from kg.registers.account import Account
from kg.registers.dates import Dated
from kg.registers.records import Event, Record, one_of_each_row
from kg.registers.tables import Row

COLUMNS = tables.columns(
    required={
        "substance": ["Active substance"],
        "date": ["Date of designation / refusal", "Date of designation or refusal", "Date of designation"],
        "use": ["Intended use"],
        "number": ["EU designation number", "Designation number"],
        "status": ["Status", "Designation status"],
    },
    optional={
        "published": ["First published date", "First published"],
        "page": ["Orphan designation URL", "URL"],
    },
)

STATUSES = {"positive": "designated", "withdrawn": "withdrawn", "expired": "expired", "negative": "refused"}

_NUMBER = re.compile(r"EU/\d/(?P<year>\d\d)/\d+|EMA/OD/\d+")
"""A designation, or an application that became none."""

_LAST_MONTH = 3
"""A decision may follow in the next year, up to this month: 302 of 3,034 dates of 2025-03 lie so, and 6 lie later."""


def read(paths: Sequence[Path], account: Account) -> Iterator[Record]:
    """Return a record per designation or refusal; it has no product, as a designation is of a substance."""
    return one_of_each_row(paths, COLUMNS, account, _record)


def _record(row: Row, account: Account, seen: dict[str, str]) -> Record | None:
    number = _NUMBER.search(row["number"])
    page = row["page"].rstrip("/").rpartition("/")[2]
    status = row["status"].lower()
    name = number[0] if number else page
    shown = row["number"] or row["substance"]
    reason, evidence = "", shown
    if status not in STATUSES:
        reason, evidence = "unknown status", f"{shown}: {row['status']}"
    elif not name or (status != "negative" and not number):
        # A refusal has no number; its page on EMA's site names it.
        reason = "neither a designation number nor the page of a refusal"
    elif name in seen:
        reason, evidence = "designation seen before", f"{name}, first in {seen[name]}"
    elif not row["substance"]:
        reason, evidence = "no active substance", f"{name}: {row['use']}"
    if reason:
        account.reject(row.file, row.locator, reason, evidence)
        return None
    on = _date(row, number["year"] if number else None, account)
    if not on:
        account.reject(row.file, row.locator, "no usable date", f"{name}: {row['date']}")
        return None
    seen[name] = row.locator
    event = Event(
        key="EU-orphan-" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-"),
        kind="Refusal" if status == "negative" else "OrphanDesignation",
        agency="EC",
        date=on,
        words=row["use"],
        substance=row["substance"],
        identifiers=(number[0],) if number else (),
        status=STATUSES[status],
    )
    return Record(row.locator, None, (event,))


def _date(row: Row, year: str | None, account: Account) -> Dated | None:
    """The day the table gives, unless the year in the number contradicts it; then the year, if it is certain.

    EMA overwrites the day when a designation is transferred or its page is edited: EU/3/05/334 is dated 26/02/2025.
    """
    on = _read(row, "date")
    if on and (not year or _fits(on, f"20{year}")):
        return on
    published = _read(row, "published")
    certain = year is not None and published is not None and published.text[:4] == f"20{year}"
    if on and certain:
        reason = "the date contradicts the year in the designation number, which was used"
        account.remark(row.file, row.locator, reason, f"{row['number']}: {row['date']}")
    elif certain:
        account.remark(row.file, row.locator, "no date: the year in the designation number was used", row["number"])
    return Dated(f"20{year}") if certain else None


def _fits(on: Dated, year: str) -> bool:
    later = int(on.text[:4]) - int(year)
    return later == 0 or (later == 1 and int(on.text[5:7]) <= _LAST_MONTH)


def _read(row: Row, name: str) -> Dated | None:
    cell = row.cells.get(name)
    if isinstance(cell, date | datetime):
        return dates.from_cell(cell)
    return dates.first_of(row[name], dates.day_first, dates.iso)
