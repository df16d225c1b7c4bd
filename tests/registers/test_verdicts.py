"""Verdicts on who was first in class, drawn at random (seed 20261122) and judged by hand against the registers' rows.

`error` in the table is a class of error; `arguable` is a right verdict with a wrong rival, or one that nobody would ask
for. What was judged wrong or arguable is not asked again: it is to change. Apart from the sample, `verdicts_false.csv`
has verdicts `first` that a register itself shows to be false: an earlier substance, listed there, that belongs to the
class by the code given, and lacks it here. Their number is to fall.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

import kg

HERE = Path(__file__).parent
SAMPLE = list(csv.DictReader((HERE / "verdicts_sample.csv").read_text(encoding="utf-8").splitlines()))
FALSE = list(csv.DictReader((HERE / "verdicts_false.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("jurisdiction", ["EU", "US", "JP", "CA"])
def test_what_was_judged_right_is_answered_still(shipped: kg.Store, jurisdiction: str) -> None:
    answer = kg.ask("first-in-class", shipped, jurisdiction=jurisdiction)
    told = {(row["substance"], row["drugClass"] or ""): (row["verdict"], row["reason"]) for row in answer}
    ours = [row for row in SAMPLE if row["jurisdiction"] == jurisdiction and row["error"] != "scheme-not-shipped"]
    right = [row for row in ours if row["judged"] == "right"]
    expected = {(row["substance"], row["class"]): (row["verdict"], row["reason"]) for row in right}
    assert {place: told.get(place) for place in expected} == expected


def test_most_of_the_sample_is_right() -> None:
    assert Counter(row["jurisdiction"] for row in SAMPLE) == {"EU": 10, "US": 10, "JP": 10, "CA": 10}
    assert Counter(row["judged"] for row in SAMPLE) == {"right": 35, "arguable": 3, "wrong": 2}


def test_false_firsts_do_not_become_more(shipped: kg.Store) -> None:
    first = {
        (jurisdiction, row["substance"], row["drugClass"])
        for jurisdiction in ("EU", "US", "JP")
        for row in kg.ask("first-in-class", shipped, jurisdiction=jurisdiction)
        if row["verdict"] == "first"
    }
    still = [row for row in FALSE if (row["jurisdiction"], row["substance"], row["class"]) in first]
    assert len(FALSE) == 55
    assert len(still) <= 52
    assert all(row["earlierDate"] < row["date"] for row in FALSE)
