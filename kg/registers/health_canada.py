"""Health Canada's Drug Product Database: five tables of an extract, joined by drug code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.registers import dates
from kg.registers.account import Account
from kg.registers.dates import Dated
from kg.registers.health_canada_tables import find, rows
from kg.registers.records import Event, Product, Record
from kg.registers.shelf import Shelf
from kg.registers.tables import Row

CLASSES = ("human", "radiopharmaceutical")
STATUSES = {
    "approved": "approved",
    "marketed": "marketed",
    "dormant": "dormant",
    "authorized by interim order": "authorised-by-interim-order",
    "authorization by interim order revoked": "interim-order-ended",
    "authorization by interim order expired": "interim-order-ended",
    "cancelled pre market": "cancelled",
    "cancelled post market": "cancelled",
    "cancelled (safety issue)": "cancelled-for-safety",
    "cancelled (unreturned annual)": "cancelled",
    "restricted access": "restricted-access",
}
NOTHING_NEW = "says nothing new of its product"


@dataclass
class _Drug:
    """What is known of a product while the tables are read."""

    row: Row
    components: list[str] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)
    atc: list[str] = field(default_factory=list)
    history: list[tuple[str, str, Row]] = field(default_factory=list)
    """Day, status and row of each entry."""
    gap: bool = False
    """Whether an entry of the history cannot be dated."""


def read(paths: Sequence[Path], account: Account) -> Iterator[Record]:
    """Yield a record per human medicine. `paths` are the tables, or folders or zip files with them."""
    found = find(paths, account)
    drugs, left_out, dins = Shelf[_Drug](), Shelf[str](), Shelf[str]()
    for row in rows("drug", found, account):
        _drug(row, drugs, left_out, dins, account)
    for name in ("ingred", "comp", "ther", "status"):
        for row in rows(name, found, account):
            drug = drugs.get(row["code"])
            if not drug:
                known = row["code"] in left_out
                reason = "of a product that is left out" if known else "of a product that the drug table lacks"
                account.reject(row.file, row.locator, reason, row["code"])
            elif name == "status":
                _status(row, drug, account)
            else:
                _detail(name, row, drug, account)
    for drug in drugs.values():
        yield _record(drug, account)


def _drug(row: Row, drugs: Shelf[_Drug], left_out: Shelf[str], dins: Shelf[str], account: Account) -> None:
    code, din = row["code"], row["din"]
    reason, evidence = "", f"{din} {row['name']}"
    if code in drugs or code in left_out:
        account.reject(row.file, row.locator, "drug code seen before", f"{code}: {evidence}")
        return
    if row["class"].lower() not in CLASSES:
        reason, evidence = "not a human medicine", f"{row['class']}: {evidence}"
    elif not re.fullmatch(r"\d{8}", din):
        reason = "no drug identification number"
    elif din in dins:
        reason, evidence = "drug identification number seen before", f"{evidence}, first in {dins.get(din)}"
    if reason:
        left_out.put(code, reason)
        account.reject(row.file, row.locator, reason, evidence)
        return
    account.used += 1
    drugs.put(code, _Drug(row))
    dins.put(din, f"{row.file} {row.locator}")


def _detail(table: str, row: Row, drug: _Drug, account: Account) -> None:
    """An ingredient, a company or an ATC code."""
    if table == "comp" and row["type"].upper() != "DIN OWNER":
        account.reject(row.file, row.locator, "a company in another role than owner", f"{row['type']}: {row['name']}")
        return
    known = {"ingred": drug.components, "comp": drug.companies, "ther": drug.atc}[table]
    value = row["atc" if table == "ther" else "name"]
    if not value or value in known:
        # The same ingredient in other units or strengths, the same ATC code under another AHFS number.
        account.reject(row.file, row.locator, NOTHING_NEW, f"{row['code']}: {value}")
        return
    account.used += 1
    known.append(value)


def _status(row: Row, drug: _Drug, account: Account) -> None:
    status = row["status"].lower()
    on = dates.first_of(row["date"], dates.named_month, dates.iso)
    if status not in STATUSES:
        account.reject(row.file, row.locator, "unknown status", f"{row['code']}: {row['status']}")
        drug.gap = True
    elif not on:
        account.reject(row.file, row.locator, "not a date as Health Canada prints it (dd-MMM-yyyy)", row["date"])
        drug.gap = True
    else:
        drug.history.append((on.text, status, row))


def _record(drug: _Drug, account: Account) -> Record:
    """Make the record of a product; its history is accounted for here, once it is whole."""
    din, row = drug.row["din"], drug.row
    where = f"{row.file} {row.locator}"
    key = f"CA-{din}"
    history = sorted(drug.history, key=lambda entry: entry[0])
    used: set[tuple[str, int]] = set()
    events: list[Event] = []
    for event, entry in _events(key, history, drug.gap):
        if event.key not in {known.key for known in events}:
            used.add((entry.file, entry.number))
            events.append(event)
    current = next((entry for entry in reversed(history) if entry[2]["current"].upper() == "Y"), None)
    if current:
        used.add((current[2].file, current[2].number))
    else:
        account.remark(row.file, row.locator, "no status of today", din)
    if not any(event.kind == "InitialApproval" for event in events):
        account.remark(row.file, row.locator, "the history does not begin with the approval, whose day is unknown", din)
    for day, status, entry in history:
        if (entry.file, entry.number) in used:
            account.used += 1
        else:
            reason = "a status that is neither the first approval, nor an end of it, nor that of today"
            account.reject(entry.file, entry.locator, reason, f"{din}: {status} {day}")
    product = Product(
        key=key,
        name=row["name"],
        components=tuple(drug.components),
        identifiers=(din,),
        companies=tuple(drug.companies),
        atc=tuple(drug.atc),
        status=STATUSES[current[1]] if current else "",
    )
    return Record(where, product, tuple(events))


def _events(key: str, history: Sequence[tuple[str, str, Row]], gap: bool) -> Iterator[tuple[Event, Row]]:
    """Yield what the history tells of approval and its end, with the row that tells it.

    A first APPROVED is the approval only if it opens the history: one that begins with marketing, as those of products
    of before 1996 do, lacks the approval, and its first APPROVED, years later, is that of a change. Both on one day are
    a launch on the day of approval, as of generics at the end of a patent (losartan, 2012-01-25).
    """
    first_day = history[0][0] if history else ""
    opening = {status for day, status, _ in history if day == first_day}
    approved = False
    for day, status, row in history:
        on = Dated(day)
        if status == "approved" and not approved:
            if not gap and day == first_day and opening <= {"approved", "marketed"}:
                yield Event(f"{key}-approval", "InitialApproval", "HC", on), row
            elif not gap and any(earlier == _INTERIM for _, earlier, _ in history):
                yield Event(f"{key}-approval", "Approval", "HC", on), row
            approved = True
        elif status == _INTERIM and day == first_day:
            yield Event(f"{key}-interim-order", "InitialApproval", "HC", on, provisions=("interim-order",)), row
        elif status.startswith("cancelled") or (status in _INTERIM_ENDS and not _replaced(history, day)):
            yield Event(f"{key}-withdrawal-{day}", "Withdrawal", "HC", on), row


_INTERIM = "authorized by interim order"
_INTERIM_ENDS = ("authorization by interim order revoked", "authorization by interim order expired")


def _replaced(history: Sequence[tuple[str, str, Row]], day: str) -> bool:
    """Whether an approval replaced an interim order that ended on the day."""
    return any(status == "approved" and on <= day for on, status, _ in history)
