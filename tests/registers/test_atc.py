"""Drug classes of what registers print: codes that WHO has altered lead to those of today."""

from __future__ import annotations

import re

import pytest

from kg.registers.account import Account
from kg.registers.atc import ALTERED
from kg.registers.condition_index import Index
from kg.registers.conditions import Matcher
from kg.registers.facts import Facts
from kg.registers.records import Product, Record
from kg.registers.substances import Names, Resolver


def classes(*printed: str) -> set[str]:
    """Return the codes of the classes that a product with these codes gives its substance."""
    facts = Facts(Resolver(Names()), Matcher(Index.from_graph([])), Account())
    record = Record("row 1", Product("EU-1", "Examplia", "examplinib", atc=printed))
    return {
        str(triple.object).rpartition("atc-")[2].rstrip(">")
        for triple in facts.of(record)
        if str(triple.predicate).endswith("/ontology#inDrugClass>")
    }


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(["L01XE02"], {"L01EB01"}, id="gefitinib as EMA prints it"),
        pytest.param(["L01XE03", "L01EB02"], {"L01EB02"}, id="both codes of erlotinib"),
        pytest.param(["L01XX46"], {"L01XK01"}, id="olaparib"),
        pytest.param(["L01XX05"], {"L01XX05"}, id="not altered"),
        pytest.param(["L01XE"], {"L01XE"}, id="a group has no single successor"),
        pytest.param([], set(), id="none"),
    ],
)
def test_an_altered_code_is_that_of_today(printed: list[str], expected: set[str]) -> None:
    assert classes(*printed) == expected


def test_alterations_are_whole_codes_and_end_at_once() -> None:
    assert len(ALTERED) == 130
    assert all(re.fullmatch(r"[A-Z]\d\d[A-Z]{2}\d\d", code) for pair in ALTERED.items() for code in pair)
    assert not set(ALTERED) & set(ALTERED.values())
    assert len(set(ALTERED.values())) == len(ALTERED)
