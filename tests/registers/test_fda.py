"""FDA's four downloads: each rule and each fault on small samples, and the counts of the real files."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.errors import ImportFault
from kg.registers import dates, drugs_at_fda, fda, fda_cder, fda_orphan, openfda
from kg.registers.account import Account
from kg.registers.records import Event, Record

SHARED = Path(__file__).parents[3] / "shared" / "data" / "fda"
real = pytest.mark.skipif(not SHARED.exists(), reason="the real downloads are not beside the project (../shared/data)")


def run(reader: ModuleType, *paths: Path) -> tuple[list[Record], Account]:
    account = Account()
    records = list(reader.read(paths, account))
    assert account.balanced, (account.read, account.used, account.by_reason)
    keys = [event.key for record in records for event in record.events]
    products = [record.product.key for record in records if record.product]
    assert len(keys) == len(set(keys))
    assert len(products) == len(set(products))
    return records, account


def events(records: Sequence[Record]) -> dict[str, Event]:
    return {event.key: event for record in records for event in record.events}


def fault(reader: ModuleType, *paths: Path) -> str:
    with pytest.raises(ImportFault) as found:
        list(reader.read(paths, Account()))
    return str(found.value)


def table(path: Path, rows: Sequence[Mapping[str, str]], headings: Mapping[str, str] | None = None) -> Path:
    """Write rows as csv, under other headings where some are given."""
    names = list(rows[0])
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([(headings or {}).get(name, name) for name in names])
        writer.writerows([row[name] for name in names] for row in rows)
    return path


# Applications and their keys


@pytest.mark.parametrize(
    ("kind", "number", "name", "key"),
    [
        ("NDA", "19010", "NDA019010", "US-NDA019010"),
        (" bla ", "125057", "BLA125057", "US-BLA125057"),
        ("BLA", "020563", "BLA020563", "US-NDA020563"),
        ("BLA", "208471", "BLA208471", "US-NDA208471"),
        ("BLA", "761028", "BLA761028", "US-BLA761028"),
        ("ANDA", "076133", "ANDA076133", "US-ANDA076133"),
        ("IND", "1", "", ""),
        ("NDA", "", "", ""),
        ("NDA", "1234567", "", ""),
        ("NDA", "19-010", "", ""),
    ],
)
def test_an_application_has_one_key_whatever_the_download(kind: str, number: str, name: str, key: str) -> None:
    assert fda.application(kind, number) == name
    assert (fda.key(name) if name else "") == key


@pytest.mark.parametrize(
    ("submission_class", "application_type"),
    [
        ("TYPE 1", "new-active-substance"),
        ("TYPE 1/4", "new-active-substance"),
        ("TYPE 2/3", "new-active-ingredient"),
        ("TYPE 3", "reformulation"),
        ("TYPE 3/4", "new-combination"),
        ("TYPE 4/5", "new-combination"),
        ("TYPE 5", "reformulation"),
        ("TYPE 7", "already-marketed"),
        ("TYPE 8", "otc-switch"),
        ("TYPE 6", "new-indication"),
        ("TYPE 10", "new-indication"),
        ("TYPE 9- BLA", "new-indication"),
        ("MEDGAS", "medical-gas"),
        ("UNKNOWN", ""),
        ("", ""),
    ],
)
def test_class_of_an_original(submission_class: str, application_type: str) -> None:
    original = fda.Submission("ORIG", "1", "AP", "2020-01-02", submission_class)
    products = {"001": fda.Presentation("001", "A", ("B",))}
    application = fda.Application("NDA000001", "", "", products, {"ORIG-1": original})
    event = application.record().events[0]
    extension = application_type == "new-indication"
    assert (event.kind, event.application_type) == (
        "LabelExtension" if extension else "InitialApproval",
        application_type,
    )


def test_ingredients_are_split_outside_brackets() -> None:
    assert fda.ingredients("PANCRELIPASE (AMYLASE;LIPASE;PROTEASE)") == ("PANCRELIPASE (AMYLASE;LIPASE;PROTEASE)",)
    assert fda.ingredients(" B;  A  C; B ") == ("B", "A C")
    assert fda.ingredients("") == ()


# CDER's compilation

CDER_ROW = {
    "Proprietary  Name": "Examplix",
    "Active Ingredient/Moiety": "examplinib",
    "Applicant": "Example ",
    "NDA/BLA": "NDA",
    " Application Number(1)": "19010",
    " Application Number(2)": "",
    " Application Number(3)": "",
    "FDA Approval Date": "4/9/1985",
    "Approval Year": "1985",
    "Abbreviated Indication(s)": "treatment of example disease",
    "Approved Use(s)": "",
    "Review Designation": "Standard",
    "Orphan Drug Designation": "No",
    "Accelerated Approval": "N/A",
    "Breakthrough Therapy Designation": "No ",
    "Fast Track Designation": "N/A",
    "Qualified Infectious Disease Product": "N/A",
    "Issued a Priority Review Voucher": "N/A",
    "Redeemed a Priority Review Voucher": "N/A",
    "Notes": "",
}


def cder(folder: Path, *rows: Mapping[str, str], headings: Mapping[str, str] | None = None) -> Path:
    return table(folder / "cder.csv", [{**CDER_ROW, **row} for row in rows], headings)


def test_cder_row_is_a_product_and_its_approval(tmp_path: Path) -> None:
    records, account = run(fda_cder, cder(tmp_path, {}))
    (record,) = records
    assert record.locator == "line 2"
    assert record.product
    assert (record.product.key, record.product.name, record.product.substance) == (
        "US-NDA019010",
        "Examplix",
        "examplinib",
    )
    (event,) = record.events
    assert (event.key, event.kind, event.agency) == ("US-NDA019010-ORIG-1", "InitialApproval", "FDA")
    assert event.date == dates.Dated("1985-04-09")
    assert (event.application_type, event.provisions) == ("new-active-substance", ())
    assert (event.words, event.companies) == ("treatment of example disease", ("Example",))
    assert not account.remarks


def test_cder_provisions(tmp_path: Path) -> None:
    row = {
        "Review Designation": "Priority (used priority review voucher)",
        "Orphan Drug Designation": "Yes (indication [B] only)",
        "Accelerated Approval": "Yes",
        "Breakthrough Therapy Designation": "yes ",
        "Fast Track Designation": "Yes",
        "Qualified Infectious Disease Product": "Perhaps",
        "Issued a Priority Review Voucher": "RPD",
        "Redeemed a Priority Review Voucher": "Yes",
    }
    records, account = run(fda_cder, cder(tmp_path, row))
    assert records[0].events[0].provisions == (
        "priority-review",
        "orphan-status",
        "accelerated-approval",
        "breakthrough-therapy",
        "fast-track",
        "rare-pediatric-disease-voucher",
        "priority-review-voucher",
    )
    assert [remark.reason for remark in account.remarks] == [
        "provision of some of the indications only",
        "unknown provision",
    ]


def test_cder_further_applications_are_identifiers_of_one_approval(tmp_path: Path) -> None:
    further = {" Application Number(2)": "19011", " Application Number(3)": "see notes"}
    zydelig = {" Application Number(1)": "206545", " Application Number(2)": "205858"}
    records, account = run(fda_cder, cder(tmp_path, further, zydelig))
    assert [event.identifiers for event in events(records).values()] == [
        ("NDA019010", "NDA019011"),
        ("NDA205858", "NDA206545"),
    ]
    assert [record.product.key for record in records if record.product] == ["US-NDA019010", "US-NDA205858"]
    assert [remark.reason for remark in account.remarks] == ["not an application number"]


def test_cder_names_and_packs(tmp_path: Path) -> None:
    records, _ = run(
        fda_cder,
        cder(
            tmp_path,
            {
                "Proprietary  Name": "[drug marketed without a proprietary name]",
                "Active Ingredient/Moiety": "tezacaftor, ivacaftor; ivacaftor (co-packaged)",
            },
        ),
    )
    product = records[0].product
    assert product
    assert product.name == "tezacaftor, ivacaftor; ivacaftor (co-packaged)"
    assert product.components == ("tezacaftor", "ivacaftor")


def test_cder_rows_that_are_not_used(tmp_path: Path) -> None:
    path = cder(
        tmp_path,
        {},
        {},
        {"NDA/BLA": "PMA", " Application Number(1)": "2"},
        {" Application Number(1)": "3", "FDA Approval Date": "31/12/2001", "Approval Year": "2001"},
        {" Application Number(1)": "4", "FDA Approval Date": "soon", "Approval Year": ""},
        {" Application Number(1)": "5", "FDA Approval Date": "1/2/2001", "Approval Year": "2002"},
    )
    path.write_text(path.read_text() + "Cut,off\n")
    records, account = run(fda_cder, path)
    assert account.by_reason == {
        "application seen before": 1,
        "no application number": 1,
        "no approval date": 1,
        "cells do not fit the headings": 1,
    }
    assert [event.date and event.date.text for event in events(records).values()] == [
        "1985-04-09",
        "2001",
        "2001-01-02",
    ]
    assert Counter(remark.reason for remark in account.remarks) == {
        "not a date as FDA prints it (m/d/yyyy)": 1,
        "approval year is not that of the date": 1,
    }


def test_cder_other_layouts(tmp_path: Path) -> None:
    reordered = [{"New": "", **dict(reversed(list(CDER_ROW.items())))}]
    renamed = {"FDA Approval Date": "Approval  date", " Application Number(1)": "Application Number (1)"}
    records, _ = run(fda_cder, table(tmp_path / "other.csv", reordered, renamed))
    assert list(events(records)) == ["US-NDA019010-ORIG-1"]
    said = fault(fda_cder, cder(tmp_path, {}, headings={"NDA/BLA": "Kind"}))
    assert "no column 'nda bla'" in said
    assert "row 1" in said


# Drugs@FDA

TABLES: dict[str, list[str]] = {
    "Applications": ["ApplNo\tApplType\tApplPublicNotes\tSponsorName"],
    "Products": [
        "ApplNo\tProductNo\tForm\tStrength\tReferenceDrug\tDrugName\tActiveIngredient\tReferenceStandard",
    ],
    "MarketingStatus": ["MarketingStatusID\tApplNo\tProductNo"],
    "MarketingStatus_Lookup": [
        "MarketingStatusID\tMarketingStatusDescription",
        "1\tPrescription",
        "3\tDiscontinued",
        "4\tNone (Tentative Approval)",
    ],
    "Submissions": [
        "ApplNo\tSubmissionClassCodeID\tSubmissionType\tSubmissionNo\tSubmissionStatus\tSubmissionStatusDate"
        "\tSubmissionsPublicNotes\tReviewPriority"
    ],
    "SubmissionClass_Lookup": [
        "SubmissionClassCodeID\tSubmissionClassCode\tSubmissionClassCodeDescription",
        "2\tEFFICACY\tEfficacy",
        "3\tLABELING\tLabeling",
        "4\tMANUF (CMC)\tManufacturing (CMC)",
        "7\tTYPE 1\tType 1 - New Molecular Entity",
        "9\tTYPE 2\tType 2 - New Active Ingredient",
    ],
    "SubmissionPropertyType": [
        "ApplNo\tSubmissionType\tSubmissionNo\tSubmissionPropertyTypeCode\tSubmissionPropertyTypeID"
    ],
}


def archive(
    folder: Path,
    rows: Mapping[str, Sequence[str]] | None = None,
    *,
    leave_out: str = "",
    inside: str = "",
    rename: tuple[str, str] = ("", ""),
) -> Path:
    """Write a zip of the tables; the sample is `SMALL`."""
    rows = SMALL if rows is None else rows
    path = folder / "drugsatfda.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, header in TABLES.items():
            if name != leave_out:
                text = "\r\n".join([*header, *rows.get(name, ())]).replace(*rename) + "\r\n"
                member = zipfile.ZipInfo(f"{inside}{name}.txt", (2019, 7, 2, 14, 30, 0))
                packed.writestr(member, text.encode("cp1252"), zipfile.ZIP_DEFLATED)
        packed.writestr(zipfile.ZipInfo(f"{inside}TE.txt", (2026, 1, 2, 0, 0, 0)), "not read")
    return path


SMALL: dict[str, list[str]] = {
    "Applications": ["019010\tNDA\t\tEXAMPLE SANT\xc9", "125544\tBLA\t\tCELL", "076133\tANDA\t\tGEN"],
    "Products": [
        "019010\t002\tTABLET;ORAL\t2MG\t0\tEXAMPLIX \tEXAMPLINIB; OTHERINE\t0",
        "019010\t001\tTABLET;ORAL\t1MG\t0\tEXAMPLIX (PEN)\tOTHERINE; EXAMPLINIB\t0\t",
        '019010\t003\tTABLET;ORAL\t3MG\t0\tEXAMPLIX ""3""\tEXAMPLINIB\t0',
        "125544\t001\tVIAL;IV\t1MG\t0\tFLIXIL\tINFLIXIMAB-DYYB\t0",
        "076133\t001\tTABLET;ORAL\t1MG\t0\tGENERIX\tGENERINE\t0",
    ],
    "MarketingStatus": ["3\t019010\t001", "1\t019010\t002", "3\t125544\t001", "4\t076133\t001"],
    "Submissions": [
        "019010\t2\tSUPPL\t5\tAP\t1990-02-03 00:00:00\t\tPRIORITY",
        '019010\t7\tORIG\t1\tAP\t1985-04-09 00:00:00\ta "note\tSTANDARD',
        "019010\t7\tORIG\t2\tAP\t1985-04-09 00:00:00\t\t",
        "019010\t2\tORIG\t3\tAP\t1986-04-09 00:00:00\t\t",
        "125544\t9\tORIG\t1\tAP\t2016-04-05 00:00:00\t\t",
        "125544\t2\tSUPPL\t2\tAP\t2017-04-05 00:00:00\t\t",
        "076133\t\tORIG\t1\tAP\t2011-10-24 00:00:00\t\t",
    ],
    "SubmissionPropertyType": ["019010\tSUPPL     \t5\tOrphan\t5"],
}


def test_drugs_at_fda_application_is_a_product_and_its_approvals(tmp_path: Path) -> None:
    records, account = run(drugs_at_fda, archive(tmp_path))
    assert (account.read, account.used) == (20, 20)
    product = records[0].product
    assert product
    assert product.key == "US-NDA019010"
    assert (product.name, product.other_names) == ("EXAMPLIX", ("EXAMPLIX (PEN)", 'EXAMPLIX "3"'))
    assert (product.substance, product.components) == ("OTHERINE; EXAMPLINIB", ("OTHERINE", "EXAMPLINIB"))
    assert product.companies == ("EXAMPLE SANT\xc9",)
    assert [
        (event.key, event.kind, event.application_type, event.provisions, event.locator)
        for event in events(records).values()
    ] == [
        ("US-NDA019010-ORIG-1", "InitialApproval", "new-active-substance", (), "ApplNo 019010, ORIG 1"),
        ("US-NDA019010-ORIG-2", "Approval", "new-active-substance", (), "ApplNo 019010, ORIG 2"),
        ("US-NDA019010-ORIG-3", "LabelExtension", "", (), "ApplNo 019010, ORIG 3"),
        (
            "US-NDA019010-SUPPL-5",
            "LabelExtension",
            "",
            ("priority-review", "orphan-status"),
            "ApplNo 019010, SUPPL 5",
        ),
        ("US-BLA125544-ORIG-1", "InitialApproval", "biosimilar", (), "ApplNo 125544, ORIG 1"),
        ("US-BLA125544-SUPPL-2", "LabelExtension", "biosimilar", (), "ApplNo 125544, SUPPL 2"),
        ("US-ANDA076133-ORIG-1", "InitialApproval", "generic", (), "ApplNo 076133, ORIG 1"),
    ]
    assert events(records)["US-NDA019010-SUPPL-5"].date == dates.Dated("1990-02-03")
    assert [record.product.status for record in records if record.product] == [
        "marketed",
        "discontinued",
        "tentatively-approved",
    ]
    assert [remark.evidence for remark in account.remarks] == ["NDA019010, product 003: EXAMPLINIB"]


def test_drugs_at_fda_rows_that_are_not_used(tmp_path: Path) -> None:
    more = {
        "Applications": ["019010\tNDA\t\t", "000007\tIND\t\t", "000008\tNDA\t\t"],
        "Products": ["019010\t001\t\t\t\tA\tB\t0", "019010\t009\t\t\t\tA\t ; \t0", "040850\t001\t\t\t\tA\tB\t0"],
        "MarketingStatus": ["9\t019010\t001", "1\t019010\t099", "1\t040850\t001"],
        "Submissions": [
            "040850\t7\tORIG\t1\tAP\t1985-04-09 00:00:00\t\t",
            "000008\t7\tORIG\t1\tAP\t1985-04-09 00:00:00\t\t",
            "000007\t7\tORIG\t1\tAP\t1985-04-09 00:00:00\t\t",
            "019010\t3\tSUPPL\t6\tAP\t1985-04-09 00:00:00\t\t",
            "019010\t4\tSUPPL\t7\tAP\t1985-04-09 00:00:00\t\t",
            "019010\t\tSUPPL\t8\tAP\t1985-04-09 00:00:00\t\t",
            "019010\t99\tSUPPL\t9\tAP\t1985-04-09 00:00:00\t\t",
            "019010\t7\tORIG\t4\tTA\t1985-04-09 00:00:00\t\t",
            "019010\t7\tORIG\t5\tCR\t1985-04-09 00:00:00\t\t",
            "019010\t7\tORIG\t6\tAP\t1985-13-09 00:00:00\t\t",
            "019010\t7\tORIG\t1\tAP\t1985-04-09 00:00:00\t\t",
            "019010\t7\tDMF\t1\tAP\t1985-04-09 00:00:00\t\t",
        ],
        "SubmissionPropertyType": [
            "019010\tORIG      \t1\tNull\t0",
            "019010\tSUPPL     \t6\tOrphan\t5",
            "040850\tORIG      \t1\tOrphan\t5",
        ],
    }
    both = {name: [*SMALL[name], *rows] for name, rows in more.items()}
    _, account = run(drugs_at_fda, archive(tmp_path, both))
    assert account.by_reason == {
        "application seen before": 1,
        "not an NDA, ANDA or BLA": 1,
        "application without products": 1,
        "product seen before": 1,
        "product without an active ingredient": 1,
        "no parent application": 4,
        "parent application not used": 2,
        "unknown marketing status": 1,
        "no such product": 1,
        "labeling supplement": 1,
        "manufacturing supplement": 1,
        "supplement of another class or of none": 2,
        "tentative approval": 1,
        "not approved": 1,
        "approval without a date": 1,
        "submission seen before": 1,
        "neither an original nor a supplement": 1,
        "no property": 1,
        "property of a submission that is not used": 1,
    }
    assert account.used == 20
    orphan = next(each for each in account.rejections if each.reason == "no parent application")
    assert (orphan.file, orphan.row, orphan.evidence) == ("drugsatfda.zip/Products.txt", "line 9", "040850")
    assert "unknown submission class" in {remark.reason for remark in account.remarks}


def test_drugs_at_fda_tables_in_a_folder_of_the_zip_unpacked_or_missing(tmp_path: Path) -> None:
    whole, _ = run(drugs_at_fda, archive(tmp_path))
    nested, _ = run(drugs_at_fda, archive(tmp_path, inside="drugsatfda/"))
    assert nested == whole
    with zipfile.ZipFile(archive(tmp_path)) as packed:
        packed.extractall(tmp_path / "loose")
    loose, _ = run(drugs_at_fda, *sorted((tmp_path / "loose").glob("*.txt")))
    assert loose == whole
    records, account = run(drugs_at_fda, archive(tmp_path, leave_out="SubmissionPropertyType"))
    assert len(records) == len(whole)
    assert account.remarks[0].reason == "table is missing"


def test_drugs_at_fda_faults(tmp_path: Path) -> None:
    said = fault(drugs_at_fda, archive(tmp_path, leave_out="Submissions"))
    assert "no table submissions in it" in said
    path = archive(tmp_path)
    assert "a second table" in fault(drugs_at_fda, path, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "not a whole zip file" in fault(drugs_at_fda, path)
    assert drugs_at_fda.snapshot_date(path) is None
    damaged = bytearray(whole)
    at = whole.index(b"Applications.txt") + 40
    damaged[at : at + 20] = bytes(20)
    path.write_bytes(damaged)
    assert "Applications.txt" in fault(drugs_at_fda, path)
    assert "cannot be read" in fault(drugs_at_fda, tmp_path / "none.zip")
    assert "no column 'drugname'" in fault(drugs_at_fda, archive(tmp_path, rename=("DrugName", "Label")))
    assert run(drugs_at_fda, archive(tmp_path, rename=("DrugName", "Drug Name")))


def test_drugs_at_fda_tells_its_date(tmp_path: Path) -> None:
    assert drugs_at_fda.snapshot_date(archive(tmp_path)) == "2019-07-02"
    assert drugs_at_fda.snapshot_date(table(tmp_path / "Products.txt", [{"a": "b"}])) is None


# openFDA

RESULT: dict[str, Any] = {
    "application_number": "NDA019010",
    "sponsor_name": "EXAMPLE",
    "openfda": {"pharm_class_epc": ["Kinase Inhibitor [EPC]", "Kinase Inhibitor [EPC]"], "unii": ["53AXN4NNHX"]},
    "products": [
        {
            "product_number": "001",
            "brand_name": "EXAMPLIX",
            "active_ingredients": [{"name": "EXAMPLINIB", "strength": "1MG"}],
            "marketing_status": "Prescription",
        }
    ],
    "submissions": [
        {
            "submission_type": "SUPPL",
            "submission_number": "5",
            "submission_status": "AP",
            "submission_status_date": "19900203",
            "submission_class_code": "EFFICACY",
            "review_priority": "PRIORITY",
            "submission_property_type": [{"code": "Orphan", "id": "5"}],
        },
        {
            "submission_type": "ORIG",
            "submission_number": "1",
            "submission_status": "AP",
            "submission_status_date": "19850409",
            "submission_class_code": "TYPE 1",
        },
        {
            "submission_type": "SUPPL",
            "submission_number": "6",
            "submission_status": "AP",
            "submission_status_date": "19910409",
            "submission_class_code": "LABELING",
        },
    ],
}
ANSWER = {"meta": {"last_updated": "2025-07-09", "results": {"total": 1}}, "results": [RESULT]}


def written(folder: Path, content: Any, name: str = "answer.json") -> Path:
    path = folder / name
    text = json.dumps(content).encode()
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text))
    elif name.endswith(".zip"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as opened:
            opened.writestr("drug-drugsfda-0001-of-0001.json", text)
        path.write_bytes(packed.getvalue())
    else:
        path.write_bytes(text)
    return path


def test_openfda_application_is_a_product_and_its_approvals(tmp_path: Path) -> None:
    path = written(tmp_path, ANSWER)
    records, account = run(openfda, path)
    assert (account.read, account.used, account.by_reason) == (5, 4, {"labeling supplement": 1})
    assert account.rejections[0].row == "result 1, submission 3"
    product = records[0].product
    assert product
    assert (product.key, product.name, product.components) == ("US-NDA019010", "EXAMPLIX", ("EXAMPLINIB",))
    assert (product.pharmacologic_classes, product.unii) == (("Kinase Inhibitor",), ("53AXN4NNHX",))
    assert product.status == "marketed"
    assert [(event.key, event.kind, event.date, event.provisions) for event in events(records).values()] == [
        ("US-NDA019010-ORIG-1", "InitialApproval", dates.Dated("1985-04-09"), ()),
        ("US-NDA019010-SUPPL-5", "LabelExtension", dates.Dated("1990-02-03"), ("priority-review", "orphan-status")),
    ]
    assert records[0].locator == "application_number NDA019010"
    assert openfda.snapshot_date(path) == "2025-07-09"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.json", [RESULT]),
        ("record.json", RESULT),
        ("late.json", {"results": [RESULT], "meta": {"last_updated": "2025-07-09"}}),
        ("packed.json.gz", ANSWER),
        ("bulk.json.zip", ANSWER),
    ],
)
def test_openfda_comes_in_many_wrappings(tmp_path: Path, name: str, content: Any) -> None:
    path = written(tmp_path, content, name)
    assert run(openfda, path)[0] == run(openfda, written(tmp_path, ANSWER))[0]
    assert openfda.snapshot_date(path) == ("2025-07-09" if content is ANSWER else None)


def test_openfda_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = written(tmp_path, ANSWER)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(run(openfda, path)[0]) == 1


def test_openfda_results_that_are_not_used(tmp_path: Path) -> None:
    results = [
        RESULT,
        RESULT,
        {**RESULT, "application_number": "510K7"},
        {"application_number": "NDA000009"},
        "text",
        {"application_number": "BLA000010", "products": [7, {"product_number": "1"}]},
        {
            "application_number": "NDA 11",
            "openfda": None,
            "sponsor_name": 3,
            "products": RESULT["products"] * 2,
            "submissions": [{}, "x", *RESULT["submissions"][1:2] * 2],
        },
        {**RESULT, "application_number": "NDA000012", "products": None},
    ]
    records, account = run(openfda, written(tmp_path, {"results": results}))
    assert [record.locator for record in records] == ["application_number NDA019010", "application_number NDA000011"]
    assert account.by_reason == {
        "labeling supplement": 1,
        "application seen before": 1,
        "no application number of an NDA, ANDA or BLA": 2,
        "parent application not used": 11,
        "application without products": 3,
        "no product number": 1,
        "product without an active ingredient": 1,
        "product seen before": 1,
        "neither an original nor a supplement": 2,
        "submission seen before": 1,
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"error": {"code": "NOT_FOUND", "message": "No matches found!"}}, "NOT_FOUND: No matches found!"),
        ({"$schema": "x", "properties": {}}, "no results in it, but $schema, properties"),
        ({"results": [{"id": "1", "set_id": "2"}]}, "no application of drugsfda: id, set_id"),
        ({"results": ["a"]}, "no application of drugsfda: str"),
        ("text", "neither a json object nor a list"),
    ],
)
def test_openfda_faults(tmp_path: Path, content: Any, said: str) -> None:
    assert said in fault(openfda, written(tmp_path, content))


@pytest.mark.parametrize("name", ["cut.json", "cut.json.gz", "cut.json.zip"])
def test_openfda_cut_short(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, ANSWER, name)
    path.write_bytes(path.read_bytes()[:-200])
    assert "Download it again" in fault(openfda, path)


def test_openfda_other_faults(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    for content, said in ((b"", "empty"), (b"<html>", "not whole"), (b'{"results": ["\xff"]}', "not whole")):
        path.write_bytes(content)
        assert said in fault(openfda, path)
    assert "cannot be read" in fault(openfda, tmp_path / "none.json")
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("readme.txt", "x")
    assert "not one json file in it, but readme.txt" in fault(openfda, path)


def test_openfda_holds_one_record_at_a_time(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "bulk.json.gz"
    one = json.dumps(RESULT)[1:]
    with gzip.open(path, "wt") as stream:
        stream.write('{"meta": {}, "results": [')
        stream.write(",".join('{"x": "%s", ' % ("x" * 5_000) + one.replace("019010", f"{n:06}") for n in range(2_000)))
        stream.write("]}")
    account = Account()
    tracemalloc.start()
    count = sum(1 for _ in openfda.read([path], account))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, account.balanced) == (2_000, True)
    assert peak < 4_000_000  # of 11 MB of json


# Orphan designations

ORPHAN_ROW = {
    "Generic Name": "examplinib",
    "Trade Name": "Examplix",
    "Date Designated": "10/06/00",
    "Orphan Designation": "Treatment of example disease",
    "Orphan Designation Status": "Designated/Approved",
    "Marketing Approval Date": "9/05/17",
    "Sponsor Company": "Example, Inc.",
    "CF Grid Key": "134200",
}


def test_orphan_rows_of_one_key_are_one_designation(tmp_path: Path) -> None:
    path = table(
        tmp_path / "orphan.csv",
        [
            {**ORPHAN_ROW, "Generic Name": "examplinib new"},
            {**ORPHAN_ROW, "CF Grid Key": "2", "Generic Name": "A; a"},
            {**ORPHAN_ROW, "Marketing Approval Date": "11/20/2001"},
        ],
    )
    records, account = run(fda_orphan, path)
    assert (account.read, account.used) == (3, 3)
    assert [(record.locator, record.product) for record in records] == [("lines 2, 4", None), ("line 3", None)]
    event = records[0].events[0]
    assert (event.key, event.kind, event.agency) == ("US-orphan-134200", "OrphanDesignation", "FDA")
    assert event.date == dates.Dated("2000-10-06")
    assert (event.substance, event.words) == ("examplinib", "Treatment of example disease")
    assert event.companies == ("Example, Inc.",)
    assert records[1].events[0].substance == "a"
    assert [(remark.row, remark.reason) for remark in account.remarks] == [
        ("line 2", "differs from the row that tells its designation")
    ]


def test_orphan_rows_that_are_not_used(tmp_path: Path) -> None:
    blank = dict.fromkeys(ORPHAN_ROW, "")
    path = table(
        tmp_path / "orphan.csv",
        [
            {**blank, "Generic Name": "Note: some sentence"},
            {**ORPHAN_ROW, "CF Grid Key": "x"},
            {**ORPHAN_ROW, "Date Designated": "31/12/2001"},
            {**ORPHAN_ROW, "Generic Name": ""},
            {**ORPHAN_ROW, "Orphan Designation Status": "Designated/Approved/Withdrawn", "Trade Name": "A\nB"},
        ],
    )
    path.write_text(path.read_text() + "cut,off\n")
    records, account = run(fda_orphan, path)
    assert [record.locator for record in records] == ["line 6"]
    assert account.by_reason == {
        "not a designation": 1,
        "no grid key": 1,
        "no date of designation": 1,
        "no substance": 1,
        "cells do not fit the headings": 1,
    }
    assert [remark.reason for remark in account.remarks] == ["designation ended, on a day not told"]
    said = fault(fda_orphan, table(path, [ORPHAN_ROW], {"CF Grid Key": "Key of Grid"}))
    assert "no column 'cf grid key'" in said


def test_years_of_two_digits_are_past() -> None:
    assert dates.past_year(17, date(2026, 1, 1)) == 2017
    assert dates.past_year(83, date(2026, 1, 1)) == 1983
    assert dates.past_year(27, date(2026, 1, 1)) == 1927


# The real files

COUNTS: list[tuple[ModuleType, str, str | None, int, int, dict[str, int], dict[str, int]]] = [
    (
        fda_cder,
        "cder_nme_and_new_biologic_approvals_1985-2024.csv",
        None,
        1341,
        1341,
        {},
        {"InitialApproval": 1341},
    ),
    (
        drugs_at_fda,
        "drugsatfda_2019-07-02.zip",
        "2019-07-02",
        438_641,
        126_051,
        {
            "no property": 177_801,
            "manufacturing supplement": 65_617,
            "labeling supplement": 60_651,
            "no parent application": 4_454,
            "REMS supplement": 1_535,
            "tentative approval": 672,
            "property of a submission that is not used": 535,
            "supplement of another class or of none": 339,
            "no such product": 308,
            "bioequivalence supplement": 207,
            "parent application not used": 255,
            "application without products": 216,
        },
        {"InitialApproval": 19_164, "LabelExtension": 3_984, "Approval": 86},
    ),
    (
        openfda,
        "openfda_drugsfda_sample_2025-07-22.json",
        "2025-07-09",
        66,
        43,
        {"labeling supplement": 22, "manufacturing supplement": 1},
        {"InitialApproval": 3, "LabelExtension": 9},
    ),
    (
        fda_orphan,
        "fda_orphan_designations_approved_2022-07.csv",
        None,
        1058,
        1057,
        {"not a designation": 1},
        {"OrphanDesignation": 857},
    ),
]


@cache
def run_real(reader: ModuleType, name: str) -> tuple[list[Record], Account]:
    return run(reader, SHARED / name)


@real
@pytest.mark.parametrize("expected", COUNTS, ids=lambda expected: expected[1])
def test_real_file(expected: tuple[ModuleType, str, str | None, int, int, dict[str, int], dict[str, int]]) -> None:
    reader, name, told, read, used, reasons, kinds = expected
    records, account = run_real(reader, name)
    assert (account.read, account.used, account.by_reason) == (read, used, reasons)
    assert Counter(event.kind for event in events(records).values()) == kinds
    assert reader.snapshot_date(SHARED / name) == told


@real
def test_the_same_approval_has_one_key_and_one_kind_in_two_downloads() -> None:
    listed = events(run_real(fda_cder, COUNTS[0][1])[0])
    filed = events(run_real(drugs_at_fda, COUNTS[1][1])[0])
    both = listed.keys() & filed.keys()
    assert len(both) == 1_025
    assert {filed[key].kind for key in both} == {"InitialApproval"}
    assert {key for key in both if listed[key].date != filed[key].date} == {
        "US-NDA019763-ORIG-1",  # Ifex: the compilation has the year after
        "US-BLA103000-ORIG-1",  # Botox, then Oculinum: two years before
        "US-NDA021756-ORIG-1",  # Macugen: three months after
        "US-NDA021923-ORIG-1",  # Nexavar: 19 days after
    }
