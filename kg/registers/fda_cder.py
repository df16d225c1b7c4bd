"""CDER's compilation of new molecular entities and new biologics, from 1985 on: a row for each new active substance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.registers import dates, fda, tables
from kg.registers.account import Account
from kg.registers.dates import Dated
from kg.registers.records import Event, Product, Record, one_of_each_row
from kg.registers.tables import Row

NUMBERS = ("number1", "number2", "number3")

COLUMNS = tables.columns(
    required={
        "name": ["Proprietary Name", "Trade Name"],
        "substance": ["Active Ingredient/Moiety", "Active Ingredient"],
        "type": ["NDA/BLA"],
        "number1": ["Application Number(1)", "Application Number"],
        "approved": ["FDA Approval Date", "Approval Date"],
    },
    optional={
        "number2": ["Application Number(2)"],
        "number3": ["Application Number(3)"],
        "applicant": ["Applicant"],
        "year": ["Approval Year"],
        "indication": ["Abbreviated Indication(s)"],
        "use": ["Approved Use(s)"],
        "review": ["Review Designation"],
        "orphan": ["Orphan Drug Designation"],
        "accelerated": ["Accelerated Approval"],
        "breakthrough": ["Breakthrough Therapy Designation"],
        "fast": ["Fast Track Designation"],
        "infectious": ["Qualified Infectious Disease Product"],
        "issued": ["Issued a Priority Review Voucher"],
        "redeemed": ["Redeemed a Priority Review Voucher"],
    },
)

PROVISIONS = {
    ("review", "priority"): "priority-review",
    ("orphan", "yes"): "orphan-status",
    ("accelerated", "yes"): "accelerated-approval",
    ("breakthrough", "yes"): "breakthrough-therapy",
    ("fast", "yes"): "fast-track",
    ("infectious", "yes"): "qualified-infectious-disease-product",
    ("issued", "rpd"): "rare-pediatric-disease-voucher",
    ("issued", "td"): "tropical-disease-voucher",
    ("issued", "mtmc"): "medical-countermeasure-voucher",
    ("redeemed", "yes"): "priority-review-voucher",
}
"""Column and first word of its cell -> code. What follows the word in brackets is no part of it."""

FILED_UNDER = {"NDA206545": "NDA205858"}
"""Zydelig has two applications of one day; Drugs@FDA has the one listed first as a new indication of the other."""

NOTHING = {"", "no", "n/a", "standard"}


def read(paths: Sequence[Path], account: Account) -> Iterator[Record]:
    """Return a record per row: one product, that of the first application number, and its approval.

    A row is one approval even where it lists further applications, each for another dosage form or indication and all
    of one date: their numbers become identifiers of the approval. Drugs@FDA tells what each of them is.
    """
    return one_of_each_row(paths, COLUMNS, account, _record)


def snapshot_date(path: Path) -> str | None:
    """Return None: the table does not say when it was made."""
    return None


def _record(row: Row, account: Account, seen: dict[str, str]) -> Record | None:
    printed = fda.application(row["type"], row["number1"])
    first = FILED_UNDER.get(printed, printed)
    if tables.WIDTH in row.cells:
        # A comma too many, or a line cut off: all cells after it would be read under wrong headings.
        account.reject(row.file, row.locator, "cells do not fit the headings", row[tables.WIDTH])
        return None
    if not first:
        account.reject(row.file, row.locator, "no application number", f"{row['type']} {row['number1']}: {row['name']}")
        return None
    key = fda.key(first)
    if key in seen:
        account.reject(row.file, row.locator, "application seen before", f"{first}, first in {seen[key]}")
        return None
    approved = _approved(row, account)
    if not approved:
        account.reject(row.file, row.locator, "no approval date", f"{first}: {row['approved']}")
        return None
    seen[key] = row.locator
    name = "" if row["name"].startswith("[") else row["name"]  # "[drug marketed without a proprietary name]"
    companies = (row["applicant"],) if row["applicant"] else ()
    product = Product(
        key=key,
        name=name or row["substance"],
        substance=row["substance"],
        components=_parts(row["substance"]),
        identifiers=(first,),
        companies=companies,
    )
    event = Event(
        key=f"{key}-ORIG-1",
        kind="InitialApproval",
        agency="FDA",
        date=approved,
        application_type="new-active-substance",
        provisions=tuple(_provisions(row, account)),
        words=row["indication"] or row["use"],
        identifiers=tuple(sorted({first, printed, *_further(row, account)})),
        companies=companies,
    )
    return Record(row.locator, product, (event,))


def _parts(substance: str) -> tuple[str, ...]:
    """Return the substances of what is packed together, each once: "a, b; b (co-packaged)" is a and b.

    Other combinations are left to whoever knows the names of substances, which may have "and" or a comma in them.
    """
    if ";" not in substance:
        return ()
    parts = re.split(r"[;,]|\band\b", substance.replace("(co-packaged)", ""))
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _further(row: Row, account: Account) -> Iterator[str]:
    for name in NUMBERS[1:]:
        if number := fda.application(row["type"], row[name]):
            yield number
        elif row[name]:
            account.remark(row.file, row.locator, "not an application number", row[name])


def _approved(row: Row, account: Account) -> Dated | None:
    found = dates.first_of(row["approved"], dates.month_first, dates.iso)
    year = row["year"] if re.fullmatch(r"(19|20)\d\d", row["year"]) else ""
    if found and year and found.text[:4] != year:
        account.remark(row.file, row.locator, "approval year is not that of the date", f"{row['approved']}, {year}")
    if not found and year:
        account.remark(row.file, row.locator, "not a date as FDA prints it (m/d/yyyy)", f"{row['approved']}, {year}")
        return Dated(year)
    return found


def _provisions(row: Row, account: Account) -> Iterator[str]:
    for column in dict.fromkeys(column for column, _ in PROVISIONS):
        cell = row[column].lower()
        word, _, rest = cell.partition(" ")
        if code := PROVISIONS.get((column, word)):
            yield code
            if "only" in rest:
                account.remark(row.file, row.locator, "provision of some of the indications only", f"{code}: {cell}")
        elif word not in NOTHING:
            account.remark(row.file, row.locator, "unknown provision", f"{column}: {cell}")
