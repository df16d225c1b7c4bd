"""CDER's compilation: each rule and each fault on small samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from kg.registers import dates, fda_cder
from tests.registers.fda_reading import events, fault, run
from tests.registers.tables_written import table

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
