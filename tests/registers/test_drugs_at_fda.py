"""Drugs@FDA: each rule and each fault on small samples."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from kg.registers import dates, drugs_at_fda
from tests.registers.fda_reading import events, fault, run
from tests.registers.tables_written import table

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
