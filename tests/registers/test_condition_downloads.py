"""Conditions across registers: shares that are matched, and a sample of real matches that was judged by hand."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.registers.condition_wordings import WORDINGS
from kg.registers.conditions import Index, Matcher
from tests.shared import DOWNLOADS, real

SAMPLE = Path(__file__).parent / "conditions_sample.tsv"


@pytest.fixture(scope="session")
def real_index() -> Index:
    headings = {identifier: term for identifier, term, _ in _studies()}
    return Index.build(
        mappings=sorted((DOWNLOADS / "disease").glob("*.sssom.tsv")),
        ontologies=[DOWNLOADS / "disease" / "DO_cancer_slim.owl", DOWNLOADS / "disease" / "oncotree_2025_10_03.json"],
        mesh_headings=headings,
    )


def _studies() -> Iterator[tuple[str, str, str]]:
    """Yield (MeSH id, term, list it stands in) of each study."""
    for path in sorted((DOWNLOADS / "ctgov" / "api_v2").rglob("*.json")):
        waiting = [json.loads(path.read_text())]
        while waiting:
            item = waiting.pop()
            if isinstance(item, dict) and "conditionBrowseModule" in item:
                for name in ("meshes", "ancestors"):
                    for mesh in item["conditionBrowseModule"].get(name, ()):
                        yield mesh["id"], mesh["term"], name
            waiting.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())


def _column(path: str, column: str) -> list[str]:
    with (DOWNLOADS / path).open(encoding="utf-8-sig", newline="") as stream:
        return [row[column] for row in csv.DictReader(stream)]


TEXTS = {
    "ema-orphan": ("ema/medicines_output_orphan_designations_en_2025-03.csv", "Intended use"),
    "fda-orphan": ("fda/fda_orphan_designations_approved_2022-07.csv", "Orphan Designation"),
    "cder": ("fda/cder_nme_and_new_biologic_approvals_1985-2024.csv", "Abbreviated Indication(s)"),
    "pmda": ("pmda/pmda_approvals.csv", "Indications"),
}


@real
def test_the_real_index_has_no_circle_and_unique_keys(real_index: Index) -> None:
    assert len(real_index) > 17_000
    assert max(Counter(concept.key for concept in real_index).values()) == 1
    assert all(concept not in real_index.ancestors(concept) for concept in real_index)
    assert real_index.left_out["deprecated"] == 324


@real
def test_each_wording_is_of_a_concept(real_index: Index) -> None:
    assert [curie for curie in WORDINGS if curie not in real_index.concepts] == []


@real
def test_the_sample_judged_by_hand(real_index: Index) -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert len(rows) == 150
    verdicts = Counter(row["verdict"] for row in rows)
    assert verdicts == {"right": 146, "near": 2, "wrong": 2}
    matcher = Matcher(real_index)
    texts = {register: _column(*place) for register, place in TEXTS.items()}
    otherwise = []
    for row in rows:
        if row["kind"] == "words":
            text = texts[row["register"]][int(row["row"]) - 1]
            matcher.words(text)
            found = [c.id for printed, c in matcher.places[text] if " ".join(printed.split()) == row["printed"]]
        else:
            found = [concept.id for concept in matcher.heading(row["printed"], row["row"] or None).concepts]
        if row["expected"] not in found and (row["expected"] or found):
            otherwise.append((row["printed"], row["expected"], found))
    assert len(otherwise) / len(rows) <= 0.01, otherwise


@real
@pytest.mark.parametrize(
    ("register", "least"), [("ema-orphan", 0.81), ("fda-orphan", 0.69), ("cder", 0.46), ("pmda", 0.55)]
)
def test_the_share_of_indications_with_a_condition(real_index: Index, register: str, least: float) -> None:
    matcher = Matcher(real_index)
    texts = [text for text in _column(*TEXTS[register]) if text.strip()]
    assert sum(bool(matcher.words(text).concepts) for text in texts) / len(texts) >= least


@real
def test_the_share_of_therapeutic_areas_with_a_condition(real_index: Index) -> None:
    matcher = Matcher(real_index)
    path = "ema/medicines_output_medicines_en_2025-03.csv"
    areas = [
        area.strip()
        for category, cell in zip(_column(path, "Category"), _column(path, "Therapeutic area (MeSH)"), strict=True)
        for area in cell.split(";")
        if category == "Human" and area.strip()
    ]
    found = [bool(matcher.heading(area).concepts) for area in areas]
    assert sum(found) / len(found) >= 0.87
    assert sum(bool(match.concepts) for match in matcher.matches.values()) / len(matcher.matches) >= 0.75
