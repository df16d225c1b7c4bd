"""The questions over registers, on the shipped ones."""

from __future__ import annotations

from datetime import date
from statistics import median

import kg
from tests.registers.register_rows import BOTH, cells


def test_shipped_first_approvals(shipped: kg.Store) -> None:
    """Checked by hand: CDER lines 1506, 1933 and 2000; EMA table; PMDA list."""
    us, eu, jp = "United States of America", "European Union", "Japan"
    expected = {
        "capivasertib": {us: "2023-11-16", jp: "2024-03-26", eu: "2024-06-17"},
        "lebrikizumab": {us: "2024-09-13", jp: "2024-01-18", eu: "2023-11-16"},
        "talazoparib": {us: "2018-10-16", jp: "2024-01-18", eu: "2019-06-20"},
    }
    for substance, days in expected.items():
        rows = cells(shipped, "first-approvals", "jurisdiction date", substance=substance)
        assert {str(where): day for where, day in rows} == days


def test_shipped_lags(shipped: kg.Store) -> None:
    """Checked by hand: PMDA list of March 2024 against the CDER compilation."""
    rows = cells(
        shipped, "approval-lag-between-regions", "substance days", jurisdiction="US", other="JP", since="2024-03-26"
    )
    assert {("capivasertib", 131), ("elranatamab", 225), ("zolbetuximab", -206)} <= set(rows)


def test_shipped_medians_are_medians(shipped: kg.Store) -> None:
    rows = cells(shipped, "approval-lag-between-regions", "otherDate days comparable", **BOTH)
    years: dict[int, list[int]] = {}
    for day, days, comparable in rows:
        if comparable == "yes":
            years.setdefault(date.fromisoformat(str(day)).year, []).append(int(str(days)))
    found = cells(shipped, "approval-lag-by-year", "year substances median", **BOTH)
    assert {year: (size, middle) for year, size, middle in found} == {
        year: (len(days), median(days)) for year, days in years.items()
    }
