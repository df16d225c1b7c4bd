"""The reader of Health Canada's Drug Product Database, on extracts of a few rows."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kg.errors import ImportFault
from kg.registers import health_canada
from kg.registers.account import Account
from kg.registers.health_canada_tables import table_of
from kg.registers.records import Record
from tests.shared import DOWNLOADS, real

Rows = Sequence[Sequence[str]]
Write = Callable[..., Path]

DRUG = [["1", "", "Human", "02000001", "EXAMPLIA", "", "N", "", "1"]]
INGRED = [["1", "42", "EXAMPLINIB (EXAMPLINIB MALATE)", "I", "20", "MG"]]
COMP = [["1", "EX1", "9", "EXAMPLE CANADA INC", "DIN OWNER", "Y"]]
STATUS = [["1", "N", "APPROVED", "26-MAR-2019", "APPROUVÉ"], ["1", "Y", "MARKETED", "01-MAY-2019", "COMMERCIALISÉ"]]
NEITHER = "a status that is neither the first approval, nor an end of it, nor that of today"
THER = [["1", "L01EX99", "EXAMPLINIB", "10:00.00", "ANTINEOPLASTIC AGENTS"]]


@pytest.fixture
def extract(tmp_path: Path) -> Write:
    """Write an extract without headers; each table can be given, or left out with None."""

    def write(**tables: Rows | None) -> Path:
        folder = tmp_path / "extract"
        folder.mkdir(exist_ok=True)
        each: dict[str, Rows | None] = {
            "drug": DRUG,
            "ingred": INGRED,
            "comp": COMP,
            "status": STATUS,
            "ther": THER,
            **tables,
        }
        for name, rows in each.items():
            if rows is not None:
                with (folder / f"{name}.txt").open("w", newline="", encoding="utf-8") as stream:
                    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
        return folder

    return write


def read(*paths: Path) -> tuple[list[Record], Account]:
    account = Account()
    records = list(health_canada.read(paths, account))
    assert account.balanced, account.report()
    return records, account


def history(*entries: tuple[str, str]) -> list[list[str]]:
    """Return rows of the status table; the last is today's."""
    last = len(entries) - 1
    return [["1", "Y" if place == last else "N", status, day] for place, (day, status) in enumerate(entries)]


def events(record: Record) -> list[tuple[str, str | None]]:
    return [(event.kind, event.date.text if event.date else None) for event in record.events]


def test_a_product_is_put_together(extract: Write) -> None:
    ((record,), account) = read(extract())
    product = record.product
    assert product
    assert (record.locator, product.key, product.name) == ("drug.txt line 1", "CA-02000001", "EXAMPLIA")
    assert product.components == ("EXAMPLINIB (EXAMPLINIB MALATE)",)
    assert (product.companies, product.atc) == (("EXAMPLE CANADA INC",), ("L01EX99",))
    assert (product.identifiers, product.status) == (("02000001",), "marketed")
    assert events(record) == [("InitialApproval", "2019-03-26")]
    assert (record.events[0].key, record.events[0].agency) == ("CA-02000001-approval", "HC")
    assert (account.read, account.used) == (6, 6)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([("26-MAR-2019", "APPROVED")], [("InitialApproval", "2019-03-26")], id="never marketed"),
        pytest.param([("31-DEC-1989", "MARKETED"), ("26-MAR-2019", "APPROVED")], [], id="marketed before"),
        pytest.param(
            [("26-MAR-2019", "APPROVED"), ("26-MAR-2019", "MARKETED")],
            [("InitialApproval", "2019-03-26")],
            id="marketed on the day",
        ),
        pytest.param([("20-JAN-0222", "APPROVED"), ("26-MAR-2019", "APPROVED")], [], id="an entry without a day"),
        pytest.param([("01-MAY-2018", "PENDING"), ("26-MAR-2019", "APPROVED")], [], id="an entry nobody knows"),
        pytest.param([("26-MAR-2019", "DORMANT")], [], id="no approval"),
        pytest.param(
            [("26-MAR-2019", "APPROVED"), ("01-MAY-2020", "APPROVED"), ("02-MAY-2020", "MARKETED")],
            [("InitialApproval", "2019-03-26")],
            id="approved again",
        ),
        pytest.param(
            [("26-MAR-2019", "APPROVED"), ("01-MAY-2020", "CANCELLED POST MARKET")],
            [("InitialApproval", "2019-03-26"), ("Withdrawal", "2020-05-01")],
            id="cancelled",
        ),
        pytest.param(
            [("26-MAR-2019", "APPROVED"), ("01-MAY-2020", "CANCELLED (SAFETY ISSUE)"), ("01-MAY-2020", "DORMANT")],
            [("InitialApproval", "2019-03-26"), ("Withdrawal", "2020-05-01")],
            id="cancelled for safety",
        ),
        pytest.param(
            [("23-DEC-2020", "AUTHORIZED BY INTERIM ORDER"), ("23-DEC-2020", "MARKETED")],
            [("InitialApproval", "2020-12-23")],
            id="interim order",
        ),
        pytest.param(
            [
                ("23-DEC-2020", "AUTHORIZED BY INTERIM ORDER"),
                ("16-SEP-2021", "APPROVED"),
                ("16-SEP-2021", "AUTHORIZATION BY INTERIM ORDER REVOKED"),
            ],
            [("InitialApproval", "2020-12-23"), ("Approval", "2021-09-16")],
            id="interim order replaced",
        ),
        pytest.param(
            [("23-DEC-2020", "AUTHORIZED BY INTERIM ORDER"), ("16-SEP-2021", "AUTHORIZATION BY INTERIM ORDER EXPIRED")],
            [("InitialApproval", "2020-12-23"), ("Withdrawal", "2021-09-16")],
            id="interim order ended",
        ),
    ],
)
def test_what_a_history_tells(
    extract: Write, entries: list[tuple[str, str]], expected: list[tuple[str, str | None]]
) -> None:
    ((record,), account) = read(extract(status=history(*entries)))
    assert events(record) == expected
    reason = "the history does not begin with the approval, whose day is unknown"
    assert any(remark.reason == reason for remark in account.remarks) == (
        "InitialApproval" not in [kind for kind, _ in expected]
    )


def test_an_interim_order_is_a_provision(extract: Write) -> None:
    ((record,), _) = read(extract(status=history(("23-DEC-2020", "AUTHORIZED BY INTERIM ORDER"))))
    assert record.events[0].provisions == ("interim-order",)
    assert record.product
    assert record.product.status == "authorised-by-interim-order"


def test_two_cancellations_of_one_day_are_one(extract: Write) -> None:
    entries = history(("26-MAR-2019", "APPROVED"), ("01-MAY-2020", "CANCELLED POST MARKET"))
    ((record,), account) = read(extract(status=[*entries, [*entries[-1][:1], "N", *entries[-1][2:]]]))
    assert [kind for kind, _ in events(record)] == ["InitialApproval", "Withdrawal"]
    assert len(account.rejections) == 1


@pytest.mark.parametrize(
    ("tables", "reasons"),
    [
        pytest.param(
            {"drug": [["1", "", "Veterinary", "00813761", "LINCOMIX"]]},
            {"not a human medicine": 1, "of a product that is left out": 5},
            id="veterinary",
        ),
        pytest.param(
            {"drug": [["1", "", "Human", "Not applicable", "EXAMPLIA"]]},
            {"no drug identification number": 1, "of a product that is left out": 5},
            id="no number",
        ),
        pytest.param({"drug": [*DRUG, *DRUG]}, {"drug code seen before": 1}, id="code twice"),
        pytest.param(
            {"drug": [*DRUG, ["2", *DRUG[0][1:]]]}, {"drug identification number seen before": 1}, id="number twice"
        ),
        pytest.param(
            {"ther": [*THER, ["7", *THER[0][1:]]]}, {"of a product that the drug table lacks": 1}, id="orphan"
        ),
        pytest.param({"ingred": [*INGRED, *INGRED]}, {"says nothing new of its product": 1}, id="ingredient twice"),
        pytest.param({"ther": [["1", "", "", "10:00.00"]]}, {"says nothing new of its product": 1}, id="no ATC code"),
        pytest.param(
            {"comp": [*COMP, ["1", "EX2", "8", "ELSEWHERE LTD", "IMPORTER"]]},
            {"a company in another role than owner": 1},
            id="importer",
        ),
        pytest.param({"comp": [*COMP, ["1", "EX1"]]}, {"a row that breaks off": 1}, id="half a row"),
        pytest.param(
            {"status": [*STATUS, ["1", "N", "LOST", "01-JAN-2020"]]},
            # What nobody can read may have been the approval: the first that can be read is not used either.
            {"unknown status": 1, NEITHER: 1},
            id="status",
        ),
        pytest.param(
            {"status": [*STATUS, ["1", "N", "MARKETED", "31-FEB-2020"]]},
            {"not a date as Health Canada prints it (dd-MMM-yyyy)": 1, NEITHER: 1},
            id="date",
        ),
    ],
)
def test_a_row_left_out_has_a_reason(extract: Write, tables: dict[str, Rows], reasons: dict[str, int]) -> None:
    _, account = read(extract(**tables))
    assert account.by_reason == reasons


def test_radiopharmaceuticals_are_for_people(extract: Write) -> None:
    records, _ = read(extract(drug=[["1", "", "Radiopharmaceutical", "02000001", "EXAMPLIA"]]))
    assert len(records) == 1


def test_newer_extracts_have_headers_in_any_order(extract: Write) -> None:
    header = ["BRAND_NAME", "NEW", "CLASS", "DRUG_IDENTIFICATION_NUMBER", "DRUG_CODE"]
    ((record,), _) = read(extract(drug=[header, ["EXAMPLIA", "", "Human", "02000001", "1"]]))
    assert record.locator == "drug.txt line 2"
    assert events(record) == [("InitialApproval", "2019-03-26")]


def test_a_zip_file_a_folder_and_files_say_the_same(extract: Write, tmp_path: Path) -> None:
    folder = extract()
    (folder / "form.txt").write_text('"1","TABLET"\n')
    archive = tmp_path / "allfiles.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in sorted(folder.iterdir()):
            target.write(path, f"extract/{path.name}")
    expected = read(folder)[0]
    assert read(archive)[0] == expected
    records, account = read(*sorted(folder.iterdir()))
    assert records == expected
    assert [remark.file for remark in account.remarks] == ["form.txt"]


def test_a_packed_table_is_unpacked(extract: Write) -> None:
    folder = extract()
    packed = gzip.compress((folder / "ther.txt").read_bytes())
    (folder / "ther.txt").unlink()
    (folder / "ther.txt.gz").write_bytes(packed)
    assert read(folder)[0][0].product is not None


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("drug.txt", "drug"),
        ("drug_ia.txt", "drug"),
        ("QRYM_DRUG_PRODUCT.txt", "drug"),
        ("QRYM_ACTIVE_INGREDIENTS.txt", "ingred"),
        ("QRYM_COMPANIES.txt", "comp"),
        ("status_ap.txt", "status"),
        ("QRYM_THERAPEUTIC_CLASS.txt", "ther"),
        ("form.txt", None),
        ("drugs.md", None),
    ],
)
def test_a_table_is_known_by_its_name(name: str, table: str | None) -> None:
    assert table_of(name) == table


def test_a_missing_table_is_a_fault(extract: Write) -> None:
    with pytest.raises(ImportFault, match=r"extract: no table status\.txt\. An extract has drug, ingred, "):
        read(extract(status=None))


def test_an_empty_table_is_a_fault(extract: Write) -> None:
    with pytest.raises(ImportFault, match=r"status\.txt: the table is empty\. Download it again\."):
        read(extract(status=[]))


def test_another_layout_is_a_fault_that_shows_the_cell(extract: Write) -> None:
    with pytest.raises(ImportFault, match=r"drug\.txt, line 1: cell 4 is 'EXAMPLIA', not DRUG_IDENTIFICATION_NUMBER"):
        read(extract(drug=[["1", "Human", "02000001", "EXAMPLIA"]]))


def test_a_header_without_a_needed_column_is_a_fault(extract: Write) -> None:
    with pytest.raises(ImportFault, match=r"status\.txt: unknown layout: no column 'history date'"):
        read(extract(status=[["DRUG_CODE", "CURRENT_STATUS_FLAG", "STATUS"], ["1", "Y", "MARKETED"]]))


def test_half_a_zip_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "allfiles.zip").write_bytes(b"PK\x03\x04half")
    with pytest.raises(ImportFault, match="not a whole zip file"):
        read(tmp_path / "allfiles.zip")


@real
def test_the_extract_of_2022() -> None:
    records, account = read(DOWNLOADS / "health_canada" / "dpd_2022-01")
    assert (account.read, account.used, len(records)) == (103_630, 66_748, 10_789)
    assert account.by_reason["not a human medicine"] == 2109
    kinds = [event.kind for record in records for event in record.events]
    assert (kinds.count("InitialApproval"), kinds.count("Withdrawal")) == (7866, 65)
    assert len({event.key for record in records for event in record.events}) == len(kinds)
