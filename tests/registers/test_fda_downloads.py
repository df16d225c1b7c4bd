"""FDA's four downloads: the counts of the real files."""

from __future__ import annotations

from collections import Counter
from functools import cache
from types import ModuleType

import pytest

from kg.registers import drugs_at_fda, fda_cder, fda_orphan, openfda
from kg.registers.account import Account
from kg.registers.records import Record
from tests.registers.fda_reading import events, run
from tests.shared import DOWNLOADS, real

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
    return run(reader, DOWNLOADS / "fda" / name)


@real
@pytest.mark.parametrize("expected", COUNTS, ids=lambda expected: expected[1])
def test_real_file(expected: tuple[ModuleType, str, str | None, int, int, dict[str, int], dict[str, int]]) -> None:
    reader, name, told, read, used, reasons, kinds = expected
    records, account = run_real(reader, name)
    assert (account.read, account.used, account.by_reason) == (read, used, reasons)
    assert Counter(event.kind for event in events(records).values()) == kinds
    assert reader.snapshot_date(DOWNLOADS / "fda" / name) == told


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
