"""Verdicts on who was first in class, drawn at random (seed 20261122) and judged by hand against the registers' rows.

`error` in the table is a class of error; `arguable` is a right verdict with a wrong rival, or one that nobody would ask
for. What was judged wrong or arguable is not asked again: it is to change.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

import kg

SAMPLE = list(csv.DictReader((Path(__file__).parent / "verdicts_sample.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("jurisdiction", ["EU", "US", "JP", "CA"])
def test_what_was_judged_right_is_answered_still(shipped: kg.Store, jurisdiction: str) -> None:
    answer = kg.ask("first-in-class", shipped, jurisdiction=jurisdiction)
    told = {(row["substance"], row["drugClass"] or ""): (row["verdict"], row["reason"]) for row in answer}
    right = [row for row in SAMPLE if row["jurisdiction"] == jurisdiction and row["judged"] == "right"]
    expected = {(row["substance"], row["class"]): (row["verdict"], row["reason"]) for row in right}
    assert {place: told.get(place) for place in expected} == expected


def test_most_of_the_sample_is_right() -> None:
    assert Counter(row["jurisdiction"] for row in SAMPLE) == {"EU": 10, "US": 10, "JP": 10, "CA": 10}
    assert Counter(row["judged"] for row in SAMPLE) == {"right": 35, "arguable": 3, "wrong": 2}
