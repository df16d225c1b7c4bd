"""EMA's table of medicines (xlsx in two layouts, csv): centrally authorised medicines of the EU, and those refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from kg.registers import dates, tables
from kg.registers.account import Account
from kg.registers.dates import Dated
from kg.registers.records import Event, Product, Record, one_of_each_row
from kg.registers.tables import Row

COLUMNS = tables.columns(
    required={
        "category": ["Category"],
        "name": ["Name of medicine", "Medicine name"],
        "number": ["EMA product number", "Product number"],
        "status": ["Medicine status", "Authorisation status"],
        "substance": ["Active substance"],
        "authorised": ["Marketing authorisation date"],
    },
    optional={
        "inn": ["International non-proprietary name (INN) / common name", "INN / common name"],
        "opinion_status": ["Opinion status"],
        "areas": ["Therapeutic area (MeSH)", "Therapeutic area"],
        "atc": ["ATC code (human)", "ATC code"],
        "text": ["Therapeutic indication", "Condition / indication"],
        "accelerated": ["Accelerated assessment"],
        "advanced": ["Advanced therapy"],
        "biosimilar": ["Biosimilar"],
        "conditional": ["Conditional approval"],
        "exceptional": ["Exceptional circumstances"],
        "generic": ["Generic or hybrid", "Generic"],
        "orphan": ["Orphan medicine"],
        "prime": ["PRIME: priority medicine", "PRIME priority medicine"],
        "holder": [
            "Marketing authorisation developer / applicant / holder",
            "Marketing authorisation holder/company name",
        ],
        "opinion": ["Opinion adopted date", "Date of opinion"],
        "application_withdrawn": ["Withdrawal of application date"],
        "refused": ["Refusal of marketing authorisation date", "Date of refusal of marketing authorisation"],
        "withdrawn": ["Withdrawal / expiry / revocation / lapse of marketing authorisation date"],
        "suspended": ["Suspension of marketing authorisation date"],
    },
)

PROVISIONS = {
    "accelerated": "accelerated-assessment",
    "advanced": "advanced-therapy",
    "conditional": "conditional-approval",
    "exceptional": "exceptional-circumstances",
    "orphan": "orphan-status",
    "prime": "prime",
}

STATUSES = {
    "authorised": "authorised",
    "withdrawn": "withdrawn",
    "lapsed": "lapsed",
    "expired": "expired",
    "revoked": "revoked",
    "refused": "refused",
    "suspended": "suspended",
    "not renewed": "not-renewed",
    "application withdrawn": "application-withdrawn",
    "withdrawn from rolling review": "application-withdrawn",
    "opinion": "opinion-adopted",
    "opinion under re-examination": "opinion-under-re-examination",
}

NO_AUTHORISATION = {status for status, code in STATUSES.items() if code == "application-withdrawn"}


def read(paths: Sequence[Path], account: Account) -> Iterator[Record]:
    """Return a record per human medicine."""
    return one_of_each_row(paths, COLUMNS, account, _record)


def snapshot_date(path: Path) -> str | None:
    """Return the day on which the table says, above its header, that it was made."""
    for _, cells in tables.preamble(path):
        for cell in map(str, cells):
            if match := re.search(r"(\d\d)/(\d\d)/(\d{4})", cell):
                return f"{match[3]}-{match[2]}-{match[1]}"
    return None


def _record(row: Row, account: Account, seen: dict[str, str]) -> Record | None:
    number, status = row["number"], row["status"].lower()
    if row["category"].lower() != "human":
        account.reject(row.file, row.locator, "not a human medicine", f"{row['category']}: {row['name']}")
        return None
    if not number:
        account.reject(row.file, row.locator, "no product number", row["name"])
        return None
    if number in seen:
        account.reject(row.file, row.locator, "product number seen before", f"{number}, first in {seen[number]}")
        return None
    if status not in STATUSES:
        account.reject(row.file, row.locator, "unknown status", f"{number}: {row['status']}")
        return None
    seen[number] = row.locator
    key = "EU-" + re.sub(r"[^A-Za-z0-9]+", "-", number).strip("-")
    product = Product(
        key=key,
        name=row["name"],
        substance=row["substance"] or row["inn"],
        common_name=_common_name(row["inn"]),
        identifiers=(number,),
        companies=(row["holder"],) if row["holder"] else (),
        atc=_several(row["atc"], r"[;,\s]+"),
        areas=_several(row["areas"], r"\s*;\s*"),
        status=STATUSES[status],
    )
    return Record(row.locator, product, tuple(_events(row, key, account)))


def _events(row: Row, key: str, account: Account) -> Iterator[Event]:
    on = {name: _date(row, name, account) for name in _DATES}
    status = row["status"].lower()
    provisions = tuple(code for name, code in PROVISIONS.items() if row[name].lower() == "yes")
    kind = "biosimilar" if row["biosimilar"].lower() == "yes" else ""
    if not kind and row["generic"].lower() == "yes":
        kind = "generic-or-hybrid"
    if on["opinion"]:
        # The table has one opinion date for each medicine, and it is that of the opinion on the first authorisation.
        yield Event(f"{key}-opinion", "ScientificOpinion", "CHMP", on["opinion"])
    if on["authorised"] and status != "refused":
        yield Event(f"{key}-authorisation", "InitialApproval", "EC", on["authorised"], kind, provisions)
    if on["refused"] or (status == "refused" and on["authorised"]):
        # The layout of 2023 has the date of a refusal in its own column, or in that of the authorisation.
        yield Event(f"{key}-refusal", "Refusal", "EC", on["refused"] or on["authorised"], kind)
    if status in NO_AUTHORISATION and on["withdrawn"]:
        # There was nothing to withdraw but the application; the table of 2025 has two such dates in this column.
        on["application_withdrawn"] = on["application_withdrawn"] or on["withdrawn"]
        account.remark(
            row.file, row.locator, "end of an authorisation that was never given", f"{row['number']}: {row['status']}"
        )
    elif on["withdrawn"]:
        yield Event(f"{key}-withdrawal", "Withdrawal", "EC", on["withdrawn"])
    if on["suspended"]:
        yield Event(f"{key}-suspension", "Suspension", "EC", on["suspended"])
    if on["application_withdrawn"]:
        yield Event(f"{key}-application-withdrawal", "ApplicationWithdrawal", "EMA", on["application_withdrawn"])


_DATES = ("opinion", "authorised", "refused", "withdrawn", "suspended", "application_withdrawn")


def _date(row: Row, name: str, account: Account) -> Dated | None:
    cell = row.cells.get(name)
    if isinstance(cell, date | datetime):
        return dates.from_cell(cell)
    text = row[name]
    if not text:
        return None
    found = dates.first_of(text, dates.day_first, dates.iso)
    if not found:
        account.remark(row.file, row.locator, "not a date as EMA prints it (dd/mm/yyyy)", f"{name}: {text}")
    return found


def _common_name(inn: str) -> str:
    """Return the names in the cell of the INN; words that describe a vaccine or an extract name no substance."""
    names = (" ".join(name.split()) for name in re.split(r"[;\n]", inn))
    return "; ".join(name for name in names if name and not re.search(r"vaccine|extract", name, re.IGNORECASE))


def _several(text: str, separator: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in re.split(separator, text) if part))
