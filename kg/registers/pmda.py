"""PMDA's lists of approved products, extracted from PDFs: approvals of Japan, and changes of what is approved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.registers import dates, pmda_cells, tables
from kg.registers.account import Account
from kg.registers.dates import Dated
from kg.registers.pmda_cells import slug
from kg.registers.records import Event, Product, Record
from kg.registers.tables import Row

COLUMNS = tables.columns(
    required={
        "date": ["Approval Date", "Date of Approval"],
        "brand": ["Brand Name (Applicant Company)", "Brand Name"],
        "kind": ["New Approval/Partial Change", "New Approval / Partial Change", "Approval / Partial Change"],
        "substance": ["Active Ingredient (underlined: new active ingredient)", "Active Ingredient"],
        "words": ["Indications", "Notes", "Note"],
    },
    optional={"order": ["", "Unnamed: 0", "Index"], "number": ["No."]},
)

PROVISIONS = {
    "orphan": "orphan-status",
    r"priority (review|assessment)": "priority-review",
    r"(expedited|prompt) review": "expedited-review",
    "sakigake": "sakigake",
    "conditional early": "conditional-early-approval",
    "emergency": "emergency-approval",
    r"public knowledge": "public-knowledge-based-application",
    r"off.label": "off-label-use-notification",
    "specific use": "specific-use",
}

APPLICATION_TYPES = {
    r"new active (ingredient|substance)": "new-active-substance",
    r"follow-on biologic|biosimilar": "biosimilar",
    r"similar formulation|similar to other products": "reformulation",
    r"new (fixed[- ]dose )?combination|new compound agent|new composition": "new-combination",
    r"\b(new|additional)\b[^.;:]{0,90}\b(route|dos\w+ forms?|formulation|form drug)": "reformulation",
    r"\b(new|additional|revised|addition)\b[^.;:]{0,60}\b(indications?|dosages?|dose)\b": "known-active-substance",
}
"""What the words of an approval say -> its type; the first that is found."""

_BETWEEN = r"(?:(?!\b(?:for|indicated|in addition)\b)[^.;:]){0,60}?"
_NEW_INDICATION = re.compile(
    rf"\b(new|additional|revised|expanded|extended)\b{_BETWEEN}\bindications?\b"
    rf"|(?<!in )\badditions? (of|to)\b{_BETWEEN}\bindications?\b|\bindications? (is|are|was|were) (added|revised)\b",
    re.IGNORECASE,
)


@dataclass
class _Entry:
    """A row, with what the PDF's merged cells say for it."""

    row: Row
    date: Dated
    number: str
    substance: str
    words: str
    applicants: list[str] = field(default_factory=list)
    """Named in a row below, for several rows."""


def read(paths: Sequence[Path], account: Account) -> Iterator[Record]:
    """Yield a record per brand of each row; a row whose brands cannot be told apart is one product."""
    products: dict[str, Product] = {}
    keys: Counter[str] = Counter()
    for path in paths:
        entries = list(_entries(_in_order(list(tables.read(path, COLUMNS))), account))
        for entry in sorted(entries, key=lambda entry: entry.date.text):
            account.used += 1
            yield from _records(entry, products, keys, account)


def _in_order(rows: list[Row]) -> list[Row]:
    """Put rows in the order of the PDFs, if the first column numbers them: the file may be sorted by other columns."""
    if all(re.fullmatch(r"\d+", row["order"]) for row in rows):
        return sorted(rows, key=lambda row: int(row["order"]))
    return rows


def _entries(rows: list[Row], account: Account) -> Iterator[_Entry]:
    """Yield the rows that speak of brands.

    A row without a date continues the row above, whose cells the PDF merged: in the order of the PDFs, all 45 such rows
    of 2024 (Nos. 53 of 2007 and 62 of 2013) stand amid or after rows of their number, which all have one date.
    """
    above: _Entry | None = None
    waiting: list[_Entry] = []
    for row in rows:
        account.read += 1
        applicant = pmda_cells.applicant(row["brand"])
        if _is_header(row):
            account.reject(row.file, row.locator, "a heading of the table among its rows", row["brand"])
        elif not row["brand"]:
            account.reject(row.file, row.locator, "no brand name", row["words"])
        elif applicant and not row["kind"]:
            # It closes a group of rows, each a brand.
            for brand in waiting:
                brand.applicants.append(applicant)
            if waiting:
                account.used += 1
            else:
                account.reject(row.file, row.locator, "an applicant without a brand above", applicant)
            waiting = []
        elif not pmda_cells.kinds(row["kind"]):
            account.reject(row.file, row.locator, "neither approval nor change", f"{row['brand']}: {row['kind']}")
        else:
            if not (entry := _entry(row, above, account)):
                continue
            if pmda_cells.whole(row["brand"]).companies:
                waiting = []
            else:
                same = waiting and (waiting[-1].date, waiting[-1].number) == (entry.date, entry.number)
                waiting = [*waiting, entry] if same else [entry]
            above = entry
            yield entry


def _entry(row: Row, above: _Entry | None, account: Account) -> _Entry | None:
    if not row["date"] and above:
        number = row["number"] or above.number
        return _Entry(row, above.date, number, row["substance"] or above.substance, row["words"] or above.words)
    # The oldest lists print 22-Oct-04.
    text = re.sub(r"^(\d{1,2}-[A-Za-z]{3}-)(\d\d)$", r"\g<1>20\2", row["date"])
    found = dates.first_of(text, dates.named_month, dates.iso)
    if found:
        return _Entry(row, found, row["number"], row["substance"], row["words"])
    reason = "not one date as PMDA prints it (Jun. 26, 2023)" if row["date"] else "no approval date"
    account.reject(row.file, row.locator, reason, f"{row['brand']}: {row['date']}")
    return None


def _is_header(row: Row) -> bool:
    return row["date"].lower() in ("approval", "approval date", "date of approval", "date") or (
        row["brand"].lower() in ("brand name", "(name of company)", "brand name (applicant company)")
    )


def _records(entry: _Entry, products: dict[str, Product], keys: Counter[str], account: Account) -> Iterator[Record]:
    row = entry.row
    each = pmda_cells.kinds(row["kind"])
    cell = row["brand"] if row["number"] else pmda_cells.without_number(row["brand"])
    found = pmda_cells.brands(cell, len(each))
    if found and len(found) != len(each):
        each = [each[0]] * len(found)
    if not found:
        account.remark(row.file, row.locator, "brands cannot be told apart: one product", cell)
        found = [pmda_cells.whole(cell)]
        each = [each[0] if len(set(each)) == 1 else "either"]
    words, remarks = pmda_cells.remarks(entry.words)
    provisions = _provisions(row, remarks, len(found), account)
    substances = pmda_cells.ingredients(entry.substance, found)
    if not any(substances):
        none = not entry.substance or re.match(r"N/A|\(combination", entry.substance)
        reason = "no ingredient" if none else "which ingredient is whose is not told"
        account.remark(row.file, row.locator, reason, entry.substance)
    for brand, kind, substance in zip(found, each, substances, strict=True):
        name = slug(brand.name)
        earlier = products.get(name)
        product = Product(
            key=f"JP-{name}",
            name=earlier.name if earlier else brand.name,
            substance=(earlier.substance if earlier else "") or substance,
            companies=brand.companies or tuple(entry.applicants),
        )
        products[name] = product
        key = f"JP-{entry.date.text}-{name}"
        keys[key] += 1
        event = Event(
            key=key if keys[key] == 1 else f"{key}-{keys[key]}",
            kind=_kind(kind, words, again=bool(earlier)),
            agency="MHLW",
            date=entry.date,
            application_type=_application_type(words) if kind == "approval" else "",
            provisions=provisions,
            words=words,
        )
        yield Record(row.locator, product, (event,))


def _kind(kind: str, words: str, *, again: bool) -> str:
    """Return the class of an event; `again` if an earlier row has the product."""
    if kind == "approval":
        return "Approval" if again else "InitialApproval"
    if kind == "either":
        return "Approval"
    # Of rows whose numbered parts differ it is not told, without a table of the numbers, which brand has which.
    parts = [part for part in re.split(r"\(\d+\)", words) if len(part.split()) > 2]
    return "IndicationExtension" if parts and all(map(_NEW_INDICATION.search, parts)) else "LabelExtension"


def _application_type(words: str) -> str:
    found = (code for says, code in APPLICATION_TYPES.items() if re.search(says, words, re.IGNORECASE))
    return next(found, "")


def _provisions(row: Row, remarks: Sequence[str], brands: int, account: Account) -> tuple[str, ...]:
    """Return the codes of the remarks; one that is about some of several brands is not used."""
    found = []
    for remark in remarks:
        if brands > 1 and re.search(r"\(\d+\)|: ?\d|\bonly\b", remark):
            account.remark(row.file, row.locator, "a remark on some brands of the row", remark)
            continue
        text = remark.replace("- ", "-")
        found += [code for says, code in PROVISIONS.items() if re.search(says, text, re.IGNORECASE)]
    return tuple(dict.fromkeys(found))
