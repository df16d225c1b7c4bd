"""The readers of EMA's tables: medicines (three layouts) and orphan designations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import ImportFault
from kg.registers import ema, ema_orphan
from kg.registers.account import Account
from kg.registers.records import Event, Record
from tests.registers import tables_written
from tests.shared import DOWNLOADS, real

Write = Callable[..., Path]

MEDICINE = {
    "Category": "Human",
    "Name of medicine": "Examplia",
    "EMA product number": "EMEA/H/C/000001",
    "Medicine status": "Authorised",
    "Active substance": "examplinib",
    "Marketing authorisation date": "26/03/2024",
    "ATC code (human)": "L01EX99",
    "Therapeutic area (MeSH)": "Neoplasms; Lung Neoplasms",
    "Marketing authorisation developer / applicant / holder": "Example B.V.",
    "Opinion adopted date": "25/01/2024",
}
ENDED = "Withdrawal / expiry / revocation / lapse of marketing authorisation date"
DESIGNATION = {
    "Active substance": "examplinib",
    "Date of designation / refusal": "19/10/2020",
    "Intended use": "Treatment of examplosis",
    "EU designation number": "EU/3/20/2347",
    "Status": "Positive",
    "First published date": "16/12/2020",
    "Orphan designation URL": "https://www.ema.europa.eu/en/medicines/human/orphan-designations/eu-3-20-2347",
}


@pytest.fixture
def table(tmp_path: Path) -> Write:
    """Write rows, each a change of a sample row, as csv."""

    def write(sample: dict[str, str], *changes: dict[str, str]) -> Path:
        return tables_written.table(tmp_path / "table.csv", [{**sample, **change} for change in changes])

    return write


def medicines(*paths: Path) -> tuple[list[Record], Account]:
    account = Account()
    records = list(ema.read(paths, account))
    assert account.balanced
    return records, account


def designations(*paths: Path) -> tuple[list[Event], Account]:
    account = Account()
    events = [event for record in ema_orphan.read(paths, account) for event in record.events]
    assert account.balanced
    return events, account


def test_a_medicine(table: Write) -> None:
    ((record,), _) = medicines(table(MEDICINE, {}))
    product = record.product
    assert product
    assert (record.locator, product.key, product.name) == ("line 2", "EU-EMEA-H-C-000001", "Examplia")
    assert (product.substance, product.atc, product.status) == ("examplinib", ("L01EX99",), "authorised")
    assert product.areas == ("Neoplasms", "Lung Neoplasms")
    assert product.companies == ("Example B.V.",)
    assert [(event.kind, event.agency, event.date and event.date.text) for event in record.events] == [
        ("ScientificOpinion", "CHMP", "2024-01-25"),
        ("InitialApproval", "EC", "2024-03-26"),
    ]


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({"Medicine status": "Refused"}, ["ScientificOpinion", "Refusal"]),
        ({"Medicine status": "Lapsed", ENDED: "01/02/2025"}, ["ScientificOpinion", "InitialApproval", "Withdrawal"]),
        (
            {"Suspension of marketing authorisation date": "1/2/2025"},
            ["ScientificOpinion", "InitialApproval", "Suspension"],
        ),
        (
            {"Marketing authorisation date": "", "Withdrawal of application date": "01/02/2024"},
            ["ScientificOpinion", "ApplicationWithdrawal"],
        ),
        ({"Marketing authorisation date": "", "Opinion adopted date": ""}, []),
    ],
)
def test_events_follow_dates_and_status(table: Write, change: dict[str, str], kinds: list[str]) -> None:
    ((record,), _) = medicines(table(MEDICINE, change))
    assert [event.kind for event in record.events] == kinds


@pytest.mark.parametrize(("told", "day"), [("02/11/2021", "2021-11-02"), ("", "2021-10-29")])
def test_an_application_that_was_withdrawn_ends_no_authorisation(table: Write, told: str, day: str) -> None:
    dates = {"Marketing authorisation date": "", ENDED: "29/10/2021", "Withdrawal of application date": told}
    changes = {"Medicine status": "Withdrawn from rolling review", "Opinion adopted date": "", **dates}
    (record,), account = medicines(table(MEDICINE, changes))
    assert [(event.kind, event.date and event.date.text) for event in record.events] == [("ApplicationWithdrawal", day)]
    assert [remark.reason for remark in account.remarks] == ["end of an authorisation that was never given"]


@pytest.mark.parametrize(
    ("inn", "expected"),
    [
        ("examplinib", "examplinib"),
        (
            "COVID-19 mRNA vaccine;tozinameran;\nfamtozinameran and tozinameran",
            "tozinameran; famtozinameran and tozinameran",
        ),
        ("measles vaccine (live)", ""),
        ("birch bark extract", ""),
    ],
)
def test_the_inn_is_a_name_to_fall_back_on_unless_it_only_describes(table: Write, inn: str, expected: str) -> None:
    column = "International non-proprietary name (INN) / common name"
    (record,), _ = medicines(table(MEDICINE, {column: inn}))
    assert record.product
    assert (record.product.substance, record.product.common_name) == ("examplinib", expected)


def test_flags_are_codes(table: Write) -> None:
    flags = {"Orphan medicine": "Yes", "Conditional approval": "yes", "Biosimilar": "No", "Generic or hybrid": "Yes"}
    ((record,), _) = medicines(table(MEDICINE, flags))
    approval = record.events[-1]
    assert approval.application_type == "generic-or-hybrid"
    assert approval.provisions == ("conditional-approval", "orphan-status")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Category": "Veterinary"}, "not a human medicine"),
        ({"EMA product number": ""}, "no product number"),
        ({"Medicine status": "Lost"}, "unknown status"),
    ],
)
def test_a_medicine_left_out_has_a_reason(table: Write, change: dict[str, str], reason: str) -> None:
    records, account = medicines(table(MEDICINE, change))
    assert not records
    assert list(account.by_reason) == [reason]


def test_a_product_number_counts_once(table: Write) -> None:
    records, account = medicines(table(MEDICINE, {}, {}))
    assert len(records) == 1
    assert account.rejections[0].evidence == "EMEA/H/C/000001, first in line 2"


def test_an_unreadable_date_is_a_remark(table: Write) -> None:
    ((record,), account) = medicines(table(MEDICINE, {"Marketing authorisation date": "soon"}))
    assert [event.kind for event in record.events] == ["ScientificOpinion"]
    assert account.remarks[0].evidence == "authorised: soon"


def test_a_renamed_column_is_named_in_the_fault(table: Write) -> None:
    sample = {key if key != "Active substance" else "Active ingredient": text for key, text in MEDICINE.items()}
    with pytest.raises(ImportFault, match=r"table\.csv: unknown layout: no column 'active substance'\."):
        medicines(table(sample, {}))


def test_a_designation(table: Write) -> None:
    ((event,), _) = designations(table(DESIGNATION, {}))
    assert (event.key, event.kind, event.agency) == ("EU-orphan-EU-3-20-2347", "OrphanDesignation", "EC")
    assert (event.substance, event.words, event.status) == ("examplinib", "Treatment of examplosis", "designated")
    assert event.identifiers == ("EU/3/20/2347",)
    assert event.date
    assert event.date.text == "2020-10-19"


@pytest.mark.parametrize(("status", "code"), [("Withdrawn", "withdrawn"), ("expired", "expired")])
def test_what_became_of_a_designation_is_its_status(table: Write, status: str, code: str) -> None:
    ((event,), _) = designations(table(DESIGNATION, {"Status": status}))
    assert (event.kind, event.status) == ("OrphanDesignation", code)


@pytest.mark.parametrize("number", ["-", "N/A"])
def test_a_refusal_is_known_by_its_page(table: Write, number: str) -> None:
    page = "https://www.ema.europa.eu/en/medicines/human/orphan-designations/refusal-of-examplosis"
    change = {"Status": "Negative", "EU designation number": number, "Orphan designation URL": page}
    ((event,), _) = designations(table(DESIGNATION, change))
    assert (event.key, event.kind, event.status) == ("EU-orphan-refusal-of-examplosis", "Refusal", "refused")
    assert event.identifiers == ()


@pytest.mark.parametrize(
    ("number", "day", "published", "expected"),
    [
        ("EU/3/20/2347", "19/10/2020", "", "2020-10-19"),
        ("EU/3/20/2347)", "19/10/2020", "", "2020-10-19"),
        ("EU/3/20/2347", "17/03/2021", "", "2021-03-17"),
        ("EU/3/20/2347", "17/04/2021", "16/12/2020", "2020"),
        ("EU/3/05/334", "26/02/2025", "04/12/2005", "2005"),
        ("EU/3/20/2347", "", "16/12/2020", "2020"),
        ("EU/3/20/2347", "26/02/2025", "16/12/2021", None),
        ("EU/3/20/2347", "", "", None),
    ],
)
def test_the_year_in_the_number_judges_the_day(
    table: Write, number: str, day: str, published: str, expected: str | None
) -> None:
    change = {
        "EU designation number": number,
        "Date of designation / refusal": day,
        "First published date": published,
    }
    events, account = designations(table(DESIGNATION, change))
    assert [event.date and event.date.text for event in events] == ([expected] if expected else [])
    assert list(account.by_reason) == ([] if expected else ["no usable date"])
    assert bool(account.remarks) == (expected is not None and len(expected) == 4)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Active substance": ""}, "no active substance"),
        ({"Status": "Pending"}, "unknown status"),
        ({"EU designation number": ""}, "neither a designation number nor the page of a refusal"),
    ],
)
def test_a_designation_left_out_has_a_reason(table: Write, change: dict[str, str], reason: str) -> None:
    events, account = designations(table(DESIGNATION, change))
    assert not events
    assert list(account.by_reason) == [reason]


def test_a_designation_counts_once(table: Write) -> None:
    events, account = designations(table(DESIGNATION, {}, {"Status": "Withdrawn"}))
    assert [event.status for event in events] == ["designated"]
    assert list(account.by_reason) == ["designation seen before"]


@real
@pytest.mark.parametrize(
    ("name", "date", "read", "used"),
    [
        ("Medicines_output_european_public_assessment_reports_2023-12-05.xlsx", "2023-12-05", 2041, 1758),
        ("medicines_output_medicines_en_2025-03.csv", None, 2515, 2159),
        ("medicines_output_medicines_en_2025-07-15.xlsx", "2025-07-15", 2576, 2210),
    ],
)
def test_each_layout_of_the_medicines(name: str, date: str | None, read: int, used: int) -> None:
    records, account = medicines(DOWNLOADS / "ema" / name)
    assert (account.read, account.used, len(records)) == (read, used, used)
    assert ema.snapshot_date(DOWNLOADS / "ema" / name) == date


@real
def test_the_designations_of_2025() -> None:
    events, account = designations(DOWNLOADS / "ema" / "medicines_output_orphan_designations_en_2025-03.csv")
    assert (account.read, account.used) == (3072, 3009)
    assert account.by_reason == {"no active substance": 35, "no usable date": 24, "designation seen before": 4}
    assert len({event.key for event in events}) == len(events)
    assert sum(event.kind == "Refusal" for event in events) == 36
