"""Drugs@FDA: applications for drugs and their submissions, a zip of tab-separated tables joined by application number.

Read are the tables of applications, products, their marketing status, submissions and the properties of these. Every
row of them is counted; documents, actions and therapeutic equivalence are not read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

from kg.errors import ImportFault
from kg.registers import fda, tables
from kg.registers.account import Account
from kg.registers.fda import Application, Presentation, Submission
from kg.registers.records import Record
from kg.registers.shelf import Shelf
from kg.registers.tables import Row

_NUMBER = ["ApplNo", "Appl No", "ApplicationNo", "Application Number"]
_PRODUCT = ["ProductNo", "Product No"]
_STATUS = ["MarketingStatusID", "Marketing Status ID"]
_SUBMISSION = {"kind": ["SubmissionType", "Submission Type"], "submission": ["SubmissionNo", "Submission No"]}
_CLASS = ["SubmissionClassCodeID", "Submission Class Code ID"]

APPLICATIONS = tables.columns(
    required={"number": _NUMBER, "type": ["ApplType", "Appl Type"]},
    optional={"sponsor": ["SponsorName", "Sponsor Name", "SponsorApplicant"]},
)
PRODUCTS = tables.columns(
    required={
        "number": _NUMBER,
        "product": _PRODUCT,
        "name": ["DrugName", "Drug Name"],
        "ingredient": ["ActiveIngredient", "Active Ingredient", "ActiveIngred"],
    },
    optional={},
)
MARKETING = tables.columns(required={"number": _NUMBER, "product": _PRODUCT, "status": _STATUS}, optional={})
MARKETING_LOOKUP = tables.columns(
    required={"id": _STATUS, "text": ["MarketingStatusDescription", "Marketing Status Description"]}, optional={}
)
SUBMISSIONS = tables.columns(
    required={
        "number": _NUMBER,
        **_SUBMISSION,
        "class": _CLASS,
        "status": ["SubmissionStatus", "Submission Status"],
        "date": ["SubmissionStatusDate", "Submission Status Date"],
    },
    optional={"priority": ["ReviewPriority", "Review Priority"]},
)
CLASS_LOOKUP = tables.columns(
    required={"id": _CLASS, "text": ["SubmissionClassCode", "Submission Class Code"]}, optional={}
)
PROPERTIES = tables.columns(
    required={"number": _NUMBER, **_SUBMISSION, "code": ["SubmissionPropertyTypeCode"]}, optional={}
)

NEEDED = ("applications", "products", "submissions", "submissionclass_lookup")
OTHERS = ("marketingstatus", "marketingstatus_lookup", "submissionpropertytype")
"""Without these the records lack their status, or which submissions are for orphan drugs."""


def read(paths: Sequence[Path], account: Account) -> Iterator[Record]:
    """Yield a record per application, from one zip or from its tables (Applications.txt, ..) unpacked."""
    yield from _Reader(_members(paths), paths, account).records()


def snapshot_date(path: Path) -> str | None:
    """Return the day on which the tables in the zip were written."""
    if not zipfile.is_zipfile(path):
        return None
    with _archive(path) as archive:
        days = [each.date_time[:3] for each in archive.infolist() if _stem(each.filename) in NEEDED]
    latest = max(days, default=(1980, 1, 1))
    return "{:04}-{:02}-{:02}".format(*latest) if latest[0] > 1980 else None  # 1980 is a zip's word for no date.


def _submission(row: Row) -> str:
    """Return the application and the submission of a row, as one word for people and for dictionaries."""
    return f"{row['number'].zfill(6)} {row['kind']}-{row['submission']}"


def _stem(name: str) -> str:
    return Path(name.replace("\\", "/")).stem.lower()


def _members(paths: Sequence[Path]) -> dict[str, tuple[Path, str]]:
    """Return where each table is: its name in lower case -> (file, member of the zip, or '')."""
    found: dict[str, tuple[Path, str]] = {}
    for path in paths:
        inside = [("", _stem(path.name))]
        if path.suffix.lower() == ".zip" or _begins_as_zip(path):
            with _archive(path) as archive:
                inside = [(name, _stem(name)) for name in archive.namelist()]
        for member, table in inside:
            if table in NEEDED + OTHERS and table in found:
                raise ImportFault(f"{path}: a second table {table}; import one snapshot of Drugs@FDA at a time.")
            found[table] = (path, member)
    if missing := [name for name in NEEDED if name not in found]:
        raise ImportFault(
            f"{', '.join(map(str, paths))}: no table {', '.join(missing)} in it, but "
            f"{', '.join(sorted(found)[:12]) or 'nothing'}. Pass the zip that FDA offers as Drugs@FDA data files."
        )
    return found


def _begins_as_zip(path: Path) -> bool:
    with tables.unbroken(path), tables.opened(path) as stream:
        return stream.read(2) == b"PK"


class _Reader:
    """Reads one table after the other, parents first, and keeps what records are made of."""

    def __init__(self, members: Mapping[str, tuple[Path, str]], paths: Sequence[Path], account: Account) -> None:
        self._members = members
        self._account = account
        self._applications: Shelf[tuple[Row, Application]] = Shelf()
        self._left_out: Shelf[str] = Shelf()
        for name in OTHERS:
            if name not in members:
                account.remark(", ".join(path.name for path in paths), name, "table is missing")

    def records(self) -> Iterator[Record]:
        self._read_applications()
        self._read_products()
        self._read_marketing()
        self._read_submissions(self._read_properties())
        for row, application in self._applications.values():
            if not application.products:
                self._reject(row, "application without products", application.name)
                continue
            self._account.used += 1
            for product in application.deviating():
                evidence = f"{application.name}, product {product.number}: {'; '.join(product.ingredients)}"
                self._account.remark(row.file, row.locator, "product with other ingredients than the first", evidence)
            yield application.record()

    def _read_applications(self) -> None:
        for row in self._rows("applications", APPLICATIONS):
            number, name = row["number"].zfill(6), fda.application(row["type"], row["number"])
            if not name:
                self._reject(row, "not an NDA, ANDA or BLA", f"{row['type']} {row['number']}")
                self._left_out.put(number, name)
            elif earlier := self._applications.get(number):
                self._reject(row, "application seen before", f"{name}, first in {earlier[0].locator}")
            else:
                self._applications.put(number, (row, Application(name, row["sponsor"], f"ApplNo {number}")))

    def _read_products(self) -> None:
        for row in self._rows("products", PRODUCTS):
            application = self._parent(row)
            if application and row["product"] in application.products:
                self._reject(row, "product seen before", f"{application.name}, product {row['product']}")
            elif application and not (parts := fda.ingredients(row["ingredient"])):
                self._reject(row, "product without an active ingredient", f"{application.name}: {row['name']}")
            elif application:
                product = Presentation(row["product"], row["name"].replace('""', '"'), parts)
                application.products[product.number] = product
                self._account.used += 1

    def _read_marketing(self) -> None:
        words = {
            row["id"]: row["text"].lower() for row in self._rows("marketingstatus_lookup", MARKETING_LOOKUP, False)
        }
        for row in self._rows("marketingstatus", MARKETING):
            application = self._parent(row)
            product = application.products.get(row["product"]) if application else None
            if application and not product:
                self._reject(row, "no such product", f"{application.name}, product {row['product']}")
            elif product and row["status"] not in words:
                self._reject(row, "unknown marketing status", row["status"])
            elif product:
                product.statuses.add(words[row["status"]])
                self._account.used += 1

    def _read_properties(self) -> Shelf[list[Row]]:
        """Return the rows that call a submission one for an orphan drug: application and submission -> rows."""
        orphans: Shelf[list[Row]] = Shelf()
        for row in self._rows("submissionpropertytype", PROPERTIES):
            if row["code"].lower() != "orphan":
                self._reject(row, "no property", "" if row["code"].lower() == "null" else row["code"])
            elif self._parent(row):
                place = _submission(row)
                orphans.put(place, [*(orphans.get(place) or ()), row])
        return orphans

    def _read_submissions(self, orphans: Shelf[list[Row]]) -> None:
        classes = {row["id"]: row["text"] for row in self._rows("submissionclass_lookup", CLASS_LOOKUP, False)}
        for row in self._rows("submissions", SUBMISSIONS):
            application = self._parent(row)
            if not application:
                continue
            if not application.products:
                self._reject(row, "parent application not used", application.name)
                continue
            place = _submission(row)
            submission = Submission(
                row["kind"],
                row["submission"],
                row["status"],
                row["date"],
                classes.get(row["class"], "").upper(),
                row["priority"].upper(),
                place in orphans,
            )
            if row["class"] not in classes and row["class"] not in ("", "0"):
                self._account.remark(row.file, row.locator, "unknown submission class", row["class"])
            if submission.fault:
                self._reject(
                    row, submission.fault, f"{application.name} {submission.name} {submission.submission_class}"
                )
            elif submission.name in application.submissions:
                self._reject(row, "submission seen before", f"{application.name} {submission.name}")
            else:
                application.submissions[submission.name] = submission
                self._account.used += 1
                self._account.used += len(orphans.pop(place) or ())
        for rows in orphans.values():
            for row in rows:
                self._reject(row, "property of a submission that is not used", _submission(row))

    def _parent(self, row: Row) -> Application | None:
        """Return the application of a row, or reject the row."""
        number = row["number"].zfill(6)
        found = self._applications.get(number)
        if not found:
            reason = "parent application not used" if number in self._left_out else "no parent application"
            self._reject(row, reason, row["number"])
        return found[1] if found else None

    def _reject(self, row: Row, reason: str, evidence: str) -> None:
        self._account.reject(row.file, row.locator, reason, evidence)

    def _rows(self, table: str, columns: tables.Columns, counted: bool = True) -> Iterator[Row]:
        if table not in self._members:
            return
        path, member = self._members[table]
        file = f"{path.name}/{member}" if member else path.name
        with _archive(path) if member else nullcontext() as archive:
            opened = partial(archive.open, member) if archive else partial(tables.opened, path)
            cells = tables.delimited(file, opened, delimiter="\t", quoting=False)
            with nullcontext() if archive else tables.unbroken(path):
                for row in tables.under_header(file, cells, columns):
                    self._account.read += counted
                    yield row


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except fda.UNPACKING as error:
        raise ImportFault(f"{path}: not a whole zip file ({error}). Download it again.") from None
    except OSError as error:
        raise ImportFault(f"{path}: cannot be read ({error.strerror or error}).") from None
