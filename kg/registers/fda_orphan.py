"""FDA's orphan designations: a row for each approval under a designation, which a grid key tells from others.

Rows with one key are one designation, told by that of its first approval. The approvals in the table are left to
Drugs@FDA: a row names no application, so an event made of it would be a second one beside the one that it repeats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.registers import dates, tables
from kg.registers.account import Account
from kg.registers.dates import Dated
from kg.registers.records import Event, Record
from kg.registers.tables import Row

COLUMNS = tables.columns(
    required={
        "substance": ["Generic Name"],
        "designated": ["Date Designated", "Designation Date"],
        "designation": ["Orphan Designation", "Designation"],
        "key": ["CF Grid Key", "CF_Grid_Key", "Grid Key"],
    },
    optional={
        "approved": ["Marketing Approval Date"],
        "status": ["Orphan Designation Status", "Designation Status"],
        "sponsor": ["Sponsor Company", "Sponsor"],
    },
)


def read(paths: Sequence[Path], account: Account) -> Iterator[Record]:
    """Yield a record per designation, in the order of the first row of each."""
    designations: dict[str, list[Row]] = {}
    for path in paths:
        for row in tables.read(path, COLUMNS):
            account.read += 1
            if reason := _fault(row):
                account.reject(row.file, row.locator, reason, f"{row['key']} {row['substance']} {row['designated']}")
                continue
            account.used += 1
            designations.setdefault(row["key"], []).append(row)
    for key, rows in designations.items():
        yield _record(key, rows, account)


def snapshot_date(path: Path) -> str | None:
    """Return None: the table does not say when it was made."""
    return None


def _fault(row: Row) -> str:
    if tables.WIDTH in row.cells:
        return "cells do not fit the headings"
    if not re.fullmatch(r"\d+", row["key"]):
        return "not a designation" if not row["designation"] else "no grid key"
    if not row["substance"]:
        return "no substance"
    return "" if _day(row["designated"]) else "no date of designation"


def _record(key: str, rows: Sequence[Row], account: Account) -> Record:
    first = min(rows, key=_approved)
    for row in rows:
        for name in ("substance", "designated", "designation", "sponsor"):
            if row[name].casefold() != first[name].casefold():
                evidence = f"{name} of {key}: {row[name]}; {first.locator}: {first[name]}"
                account.remark(row.file, row.locator, "differs from the row that tells its designation", evidence)
    if "withdrawn" in first["status"].lower() or "revoked" in first["status"].lower():
        account.remark(first.file, first.locator, "designation ended, on a day not told", first["status"])
    event = Event(
        key=f"US-orphan-{key}",
        kind="OrphanDesignation",
        agency="FDA",
        date=_day(first["designated"]),
        words=first["designation"],
        substance=_once(first["substance"]),
        identifiers=(key,),
        companies=(first["sponsor"],) if first["sponsor"] else (),
    )
    places = ", ".join(str(row.number) for row in rows)
    return Record(f"{first.unit}{'s' if len(rows) > 1 else ''} {places}", None, (event,))


def _day(text: str) -> Dated | None:
    return dates.first_of(text, dates.month_first, dates.iso)


def _approved(row: Row) -> str:
    """The day to sort a row by; rows without an approval are the last."""
    found = _day(row["approved"])
    return found.last_day if found else "9999"


def _once(substance: str) -> str:
    """Return a name that is printed twice ("brigatinib; brigatinib") once."""
    names = {name.strip().casefold(): name.strip() for name in substance.split(";")}
    return substance if len(names) > 1 else next(iter(names.values()))
