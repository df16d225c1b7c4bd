"""FDA's orphan designations: each rule and each fault on small samples."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kg.registers import dates, fda_orphan
from tests.registers.fda_reading import fault, run
from tests.registers.tables_written import table

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
