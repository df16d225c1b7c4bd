"""Health Canada's Drug Product Database: five tables of an extract, joined by drug code."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import ImportFault
from kg.registers import dates, tables
from kg.registers.account import Account
from kg.registers.dates import Dated
from kg.registers.records import Event, Product, Record
from kg.registers.tables import Row


@dataclass(frozen=True)
class _Table:
    """Headings of the columns that are needed, their places where there is no header, and the look of a cell."""

    headings: dict[str, str]
    places: dict[str, int]
    looks: dict[str, str]


TABLES = {
    "drug": _Table(
        {"class": "CLASS", "din": "DRUG_IDENTIFICATION_NUMBER", "name": "BRAND_NAME"},
        {"class": 2, "din": 3, "name": 4},
        {"din": r"\d{8}|not applicable.*"},
    ),
    "ingred": _Table({"name": "INGREDIENT"}, {"name": 2}, {"name": r"\D.*"}),
    "comp": _Table({"name": "COMPANY_NAME", "type": "COMPANY_TYPE"}, {"name": 3, "type": 4}, {"type": r"[a-z /]+"}),
    "status": _Table(
        {"current": "CURRENT_STATUS_FLAG", "status": "STATUS", "date": "HISTORY_DATE"},
        {"current": 1, "status": 2, "date": 3},
        {"current": "y|n", "date": r"\d\d-[a-z]{3}-\d{4}"},
    ),
    "ther": _Table({"atc": "TC_ATC_NUMBER"}, {"atc": 1}, {"atc": r"[a-z]\d.*|"}),
}
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
    found: dict[str, list[tuple[str, bytes]]] = {name: [] for name in TABLES}
    for file, content in _files(paths):
        if name := table_of(file):
            found[name].append((file, content))
    if missing := [name for name, files in found.items() if not files]:
        raise ImportFault(
            f"{', '.join(map(str, paths))}: no table {', '.join(f'{name}.txt' for name in missing)}. "
            "An extract has drug, ingred, comp, status and ther: pass its folder or its zip file."
        )
    drugs: dict[str, _Drug] = {}
    left_out: set[str] = set()
    dins: dict[str, str] = {}
    for row in _rows("drug", found, account):
        _drug(row, drugs, left_out, dins, account)
    for name in ("ingred", "comp", "ther", "status"):
        for row in _rows(name, found, account):
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


def table_of(file: str) -> str | None:
    """Return which table a file is by its name: drug.txt, drug_ia.txt and QRYM_DRUG_PRODUCT.txt are `drug`."""
    name = Path(file).name.lower()
    base = name.removeprefix("qrym_")
    if Path(base).suffix not in (".txt", ".csv", ".gz"):
        return None
    names = {"active_ingred": "ingred", "compan": "comp", "therapeutic": "ther", **{name: name for name in TABLES}}
    return next((table for start, table in names.items() if base.startswith(start)), None)


def _files(paths: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        if path.is_dir():
            for file in sorted(path.iterdir()):
                if file.is_file() and table_of(file.name):
                    yield file.name, tables.content_of(file)
        elif path.suffix.lower() == ".zip":
            try:
                with zipfile.ZipFile(path) as archive:
                    for name in sorted(archive.namelist()):
                        if table_of(name):
                            yield Path(name).name, archive.read(name)
            except (OSError, zipfile.BadZipFile) as error:
                raise ImportFault(f"{path}: not a whole zip file ({error}). Download it again.") from None
        else:
            yield path.name, tables.content_of(path)


def _rows(name: str, found: dict[str, list[tuple[str, bytes]]], account: Account) -> Iterator[Row]:
    table = TABLES[name]
    known = tables.columns({"code": ["DRUG_CODE"], **{key: [text] for key, text in table.headings.items()}}, {})
    for file, content in found[name]:
        lines = ((number, cells) for number, cells in tables.delimited(file, content) if any(cells))
        first = next(lines, None)
        if first is None:
            continue
        if re.fullmatch(r"\d+", str(first[1][0]).strip()):
            _check(file, first, table)
            rows: Iterator[Row] = (
                Row(file, number, {key: cells[at] for key, at in places.items() if at < len(cells)})
                for places in ({"code": 0, **table.places},)
                for number, cells in (first, *lines)
            )
        else:
            rows = tables.under_header(file, (line for lines_ in ([first], lines) for line in lines_), known)
        for row in rows:
            account.read += 1
            if missing := next((key for key in table.places if key not in row.cells), None):
                account.reject(row.file, row.locator, "a row that breaks off", f"no cell for {missing}")
            else:
                yield row


def _check(file: str, first: tuple[int, Sequence[tables.Cell]], table: _Table) -> None:
    """A table without a header is known by its first row."""
    number, cells = first
    for key, look in table.looks.items():
        place = table.places[key]
        cell = str(cells[place]).strip() if place < len(cells) else "nothing"
        if not re.fullmatch(look, cell.lower()):
            raise ImportFault(
                f"{file}, line {number}: cell {place + 1} is {cell!r}, not {table.headings[key]}: unknown layout. "
                "Is it the table of the Drug Product Database that its name says? Else add a header row to it."
            )


def _drug(row: Row, drugs: dict[str, _Drug], left_out: set[str], dins: dict[str, str], account: Account) -> None:
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
        reason, evidence = "drug identification number seen before", f"{evidence}, first in {dins[din]}"
    if reason:
        left_out.add(code)
        account.reject(row.file, row.locator, reason, evidence)
        return
    account.used += 1
    drugs[code] = _Drug(row)
    dins[din] = f"{row.file} {row.locator}"


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

    A first APPROVED is the approval only if it opens the history: histories of before 1996 begin with marketing, and
    an APPROVED years later is that of a change. Where both fall on one day, product after product was moved that day
    to another owner or record (33 on 2016-07-12), with numbers issued years before.
    """
    first_day = history[0][0] if history else ""
    opening = {status for day, status, _ in history if day == first_day}
    approved = False
    for day, status, row in history:
        on = Dated(day)
        if status == "approved" and not approved:
            if not gap and day == first_day and opening == {"approved"}:
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
