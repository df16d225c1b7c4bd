"""Drug classes of what registers print: codes that WHO has altered lead to those of today."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from kg.registers.account import Account
from kg.registers.atc import ALTERED
from kg.registers.condition_index import Index
from kg.registers.conditions import Matcher
from kg.registers.facts import Facts
from kg.registers.records import Product, Record
from kg.registers.substances import Names, Resolver

TELMISARTAN = "TELMISARTAN\tof\tT1\tTELMISARTAN\nAMLODIPINE\tof\tA1\tAMLODIPINE\n"


def classes(*printed: str, substance: str = "examplinib", resolver: Resolver | None = None) -> set[str]:
    """Return the codes of the classes that a product with these codes gives its substance."""
    facts = Facts(resolver or Resolver(Names()), Matcher(Index.from_graph([])), Account())
    record = Record("row 1", Product("EU-1", "Examplia", substance, atc=printed))
    return {
        str(triple.object).rpartition("atc-")[2].rstrip(">")
        for triple in facts.of(record)
        if str(triple.predicate).endswith("/ontology#inDrugClass>")
    }


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(["L01XC02"], {"L01FA01"}, id="rituximab as EMA prints it"),
        pytest.param(["L01XE03", "L01EB02"], {"L01EB02"}, id="both codes of erlotinib"),
        pytest.param(["L01XX32"], {"L01XG01"}, id="bortezomib"),
        pytest.param(["L01XE02"], {"L01XE02"}, id="an alteration that no register shows"),
        pytest.param(["L01XX05"], {"L01XX05"}, id="not altered"),
        pytest.param(["L01XE"], {"L01XE"}, id="a group has no single successor"),
        pytest.param([], set(), id="none"),
    ],
)
def test_an_altered_code_is_that_of_today(printed: list[str], expected: set[str]) -> None:
    assert classes(*printed) == expected


def test_alterations_are_whole_codes_and_end_at_once() -> None:
    assert len(ALTERED) == 48
    assert all(re.fullmatch(r"[A-Z]\d\d[A-Z]{2}\d\d", code) for pair in ALTERED.items() for code in pair)
    assert not set(ALTERED) & set(ALTERED.values())
    assert len(set(ALTERED.values())) == len(ALTERED)


@pytest.mark.parametrize(
    ("substance", "printed", "expected"),
    [
        ("telmisartan", ["C09CA07", "C09DB04"], {"C09CA07"}),
        ("telmisartan;amlodipine", ["C09DB04"], {"C09DB04"}),
        ("nobody knows;these two", ["C09DB04"], {"C09DB04"}),
    ],
)
def test_a_code_of_combinations_is_not_that_of_one_substance(
    tmp_path: Path, substance: str, printed: list[str], expected: set[str]
) -> None:
    path = tmp_path / "unii.txt.gz"
    path.write_bytes(gzip.compress(f"Name\tTYPE\tUNII\tDisplay Name\n{TELMISARTAN}".encode()))
    assert classes(*printed, substance=substance, resolver=Resolver(Names.from_unii(path))) == expected
