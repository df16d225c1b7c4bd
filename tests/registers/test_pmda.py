"""PMDA's lists: rows become products and approvals."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import ImportFault
from kg.registers import pmda
from kg.registers.account import Account
from kg.registers.dates import Dated
from kg.registers.records import Event, Product, Record
from tests.shared import DOWNLOADS, real

Write = Callable[..., Path]

COLUMNS = {
    "order": "",
    "category": "Review Category",
    "date": "Approval Date",
    "number": "No.",
    "brand": "Brand Name (Applicant Company)",
    "kind": "New Approval/Partial Change",
    "substance": "Active Ingredient (underlined: new active ingredient)",
    "words": "Indications",
}
ROW = {
    "order": "0",
    "category": "1-Jun",
    "date": "Jun. 26, 2023",
    "number": "1",
    "brand": "Examplia Tablets 9 mg\n(Example Co., Ltd.)",
    "kind": "Approval",
    "substance": "Examplinib ",
    "words": "A drug with a new active ingredient indicated for the treatment of examplosis.\n[Orphan drug]",
}


@pytest.fixture
def table(tmp_path: Path) -> Write:
    """Write rows, each a change of a sample row, as csv."""

    def write(*changes: dict[str, str], columns: dict[str, str] = COLUMNS) -> Path:
        path = tmp_path / "pmda.csv"
        with path.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns.values())
            for place, change in enumerate(changes):
                row = {**ROW, "order": str(place), **change}
                writer.writerow(row[name] for name in columns)
        return path

    return write


def read(path: Path) -> tuple[list[Record], Account]:
    account = Account()
    records = list(pmda.read([path], account))
    assert account.balanced, account.report()
    return records, account


def product(record: Record) -> Product:
    assert record.product
    return record.product


def event(record: Record) -> Event:
    (only,) = record.events
    return only


def test_an_approval(table: Write) -> None:
    ((record,), _) = read(table({}))
    assert record == Record(
        "line 2",
        Product("JP-examplia-tablets-9-mg", "Examplia Tablets 9 mg", "Examplinib", companies=("Example Co., Ltd.",)),
        (event(record),),
    )
    assert (event(record).key, event(record).agency) == ("JP-2023-06-26-examplia-tablets-9-mg", "MHLW")
    assert (event(record).kind, event(record).application_type) == ("InitialApproval", "new-active-substance")
    assert event(record).provisions == ("orphan-status",)
    assert event(record).words == "A drug with a new active ingredient indicated for the treatment of examplosis."


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Jun. 26, 2023", "2023-06-26"), ("Sep. 28,\n2007", "2007-09-28"), ("22-Oct-04", "2004-10-22")],
)
def test_dates_as_the_lists_print_them(table: Write, text: str, expected: str) -> None:
    ((record,), _) = read(table({"date": text}))
    assert event(record).date == Dated(expected)


@pytest.mark.parametrize(
    ("kind", "words", "expected"),
    [
        ("Approval", "A drug with a new indication.", "InitialApproval"),
        ("Emergency\napproval", "A drug with a new active ingredient.", "InitialApproval"),
        ("Change", "A drug with a new additional indication and a new dosage for x.", "IndicationExtension"),
        ("Supplemental\nChange", "Addition of indications for x", "IndicationExtension"),
        ("Partial", "A drug with a revised indication for x.", "IndicationExtension"),
        ("Change", "A drug with a new dosage indicated for x.", "LabelExtension"),
        ("Change", "A drug with a new dosage for x in addition to its indications.", "LabelExtension"),
        ("Change", "(1) A drug with a new indication. (2) A drug with a new dosage.", "LabelExtension"),
        ("Change", "", "LabelExtension"),
    ],
)
def test_the_kind_of_an_act(table: Write, kind: str, words: str, expected: str) -> None:
    ((record,), _) = read(table({"kind": kind, "words": words}))
    assert event(record).kind == expected


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("A new combination drug with a new active ingredient", "new-active-substance"),
        ("Drugs containing new active ingredients", "new-active-substance"),
        ("Follow-on biologics indicated for x", "biosimilar"),
        ("A biosimilar indicated for x", "biosimilar"),
        ("New combination drugs indicated for x", "new-combination"),
        ("A combination prescription drug with similar formulations", "reformulation"),
        ("A drug with a new indication in a new dosage form", "reformulation"),
        ("A drug with a new administration route", "reformulation"),
        ("A drug with a new indication and dosage for x", "known-active-substance"),
        ("A drug indicated for patch tests", ""),
    ],
)
def test_the_type_of_an_application(table: Write, words: str, code: str) -> None:
    records, _ = read(table({"words": words}, {"words": words, "kind": "Change", "brand": "Otheria"}))
    assert [event(record).application_type for record in records] == [code, ""]


@pytest.mark.parametrize(
    ("remark", "codes"),
    [
        ("[Orphan drug]", ("orphan-status",)),
        ("<Priority assessment>", ("priority-review",)),
        ("[Prompt review drug]", ("expedited-review",)),
        ("\nExpedited review.", ("expedited-review",)),
        ("[SAKIGAKE designation, Conditional early approval]", ("sakigake", "conditional-early-approval")),
        ("[Drug pertaining to Special Approval for Emergency]", ("emergency-approval",)),
        ("[Public knowledge- based application after PAFSC's", ("public-knowledge-based-application",)),
        ("[Notification of off-label use]", ("off-label-use-notification",)),
        ("[Drugs for specific use]", ("specific-use",)),
        ("[Orphan drug]\n[Expedited review]", ("orphan-status", "expedited-review")),
    ],
)
def test_remarks_become_provisions(table: Write, remark: str, codes: tuple[str, ...]) -> None:
    ((record,), _) = read(table({"words": f"A drug [HBs] for x. {remark}"}))
    assert event(record).provisions == codes
    assert event(record).words == "A drug [HBs] for x."


def test_a_remark_on_one_of_several_brands_is_not_used(table: Write) -> None:
    change = {"brand": "A 1 mg A 2 mg (B Inc.)", "kind": "Change\nChange", "words": "x [Orphan drug: 1]"}
    records, account = read(table(change))
    assert [event(record).provisions for record in records] == [(), ()]
    assert [remark.reason for remark in account.remarks] == ["a remark on some brands of the row"]


def test_each_brand_of_a_row_has_its_own_kind(table: Write) -> None:
    change = {
        "brand": "Examplia Tablets 5 mg Examplia Tablets 9 mg (Example Inc.)\nOtheria 5 mg (Other K.K.)",
        "kind": "Change\nApproval\nChange",
        "words": "Drugs with a new dosage",
    }
    records, _ = read(table(change))
    assert [(product(record).name, event(record).kind, product(record).companies) for record in records] == [
        ("Examplia Tablets 5 mg", "LabelExtension", ("Example Inc.",)),
        ("Examplia Tablets 9 mg", "InitialApproval", ("Example Inc.",)),
        ("Otheria 5 mg", "LabelExtension", ("Other K.K.",)),
    ]


def test_brands_that_cannot_be_told_apart_are_one_product(table: Write) -> None:
    change = {"brand": "Examplium Examplia 5 mg Examplia 9 mg (Example Inc.)", "kind": "Approval\nChange\nChange"}
    ((record,), account) = read(table(change))
    assert product(record).name == "Examplium Examplia 5 mg Examplia 9 mg"
    assert event(record).kind == "Approval"
    assert [remark.reason for remark in account.remarks] == ["brands cannot be told apart: one product"]


def test_a_product_keeps_its_first_name_and_approval(table: Write) -> None:
    later = {"date": "Sep. 1, 2023", "brand": "EXAMPLIA Tablets 9 mg (New Co., Ltd.)"}
    records, _ = read(table(later, {}))
    assert [product(record).name for record in records] == ["Examplia Tablets 9 mg"] * 2
    assert [event(record).kind for record in records] == ["InitialApproval", "Approval"]


def test_two_acts_of_one_day_have_two_keys(table: Write) -> None:
    records, _ = read(table({}, {"kind": "Change"}, {"kind": "Change"}))
    key = "JP-2023-06-26-examplia-tablets-9-mg"
    assert [event(record).key for record in records] == [key, f"{key}-2", f"{key}-3"]


def test_merged_cells_are_filled_in_the_order_of_the_pdf(table: Write) -> None:
    empty = {"date": "", "number": "", "substance": "", "words": "", "kind": "Change"}
    records, account = read(
        table(
            {"order": "4", "brand": "Elsewhere 1 mg (Z Inc.)", "date": "Oct. 1, 2007", "number": "54"},
            {"order": "3", "brand": "(Y Pharma Inc.)", **empty, "kind": ""},
            {"order": "0", "brand": "Examplia 1 mg", "kind": "Change", "number": "53"},
            {"order": "1", "brand": "(X Pharma Inc.)", "kind": "", "number": "53"},
            {"order": "2", "brand": "Otheria 2 mg", **empty},
        )
    )
    found = {product(record).name: (product(record), event(record)) for record in records}
    assert found["Examplia 1 mg"][0].companies == ("X Pharma Inc.",)
    assert found["Otheria 2 mg"][0].companies == ("Y Pharma Inc.",)
    assert found["Otheria 2 mg"][0].substance == "Examplinib"
    assert found["Otheria 2 mg"][1].date == found["Examplia 1 mg"][1].date
    assert (account.read, account.used, len(records)) == (5, 5, 3)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"date": ""}, "no approval date"),
        ({"date": "Aug. 21,\n2018\nAug. 22,\n2018"}, "not one date as PMDA prints it (Jun. 26, 2023)"),
        ({"date": "approval", "brand": "(name of company)"}, "a heading of the table among its rows"),
        ({"brand": ""}, "no brand name"),
        ({"kind": ""}, "neither approval nor change"),
        ({"kind": "", "brand": "(Example Co., Ltd.)"}, "an applicant without a brand above"),
    ],
)
def test_a_row_left_out_has_a_reason(table: Write, change: dict[str, str], reason: str) -> None:
    records, account = read(table(change))
    assert not records
    assert list(account.by_reason) == [reason]


def test_columns_may_be_reordered_and_added(table: Write) -> None:
    columns = {name: COLUMNS[name] for name in ("words", "substance", "kind", "brand", "date", "category")}
    assert len(read(table({}, columns=columns))[0]) == 1


def test_a_renamed_column_is_named_in_the_fault(table: Write) -> None:
    with pytest.raises(ImportFault, match=r"pmda\.csv: unknown layout: no column 'approval date'\."):
        read(table({}, columns={**COLUMNS, "date": "Decided"}))


@real
def test_the_lists_of_2004_to_2024() -> None:
    records, account = read(DOWNLOADS / "pmda" / "pmda_approvals.csv")
    assert (account.read, account.used, len(records)) == (2448, 2446, 4704)
    assert account.by_reason == {
        "not one date as PMDA prints it (Jun. 26, 2023)": 1,
        "a heading of the table among its rows": 1,
    }
    assert Counter(remark.reason for remark in account.remarks)["brands cannot be told apart: one product"] == 22
    assert Counter(event(record).kind for record in records) == {
        "IndicationExtension": 2138,
        "InitialApproval": 1937,
        "LabelExtension": 624,
        "Approval": 5,
    }
    assert len({event(record).key for record in records}) == len(records)
