"""Records become facts: combinations, drug classes, headings."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.registers.account import Account
from kg.registers.conditions import Index, Matcher
from kg.registers.facts import Facts
from kg.registers.names import slug
from kg.registers.records import Event, Product, Record
from kg.registers.substances import Names, Resolver
from tests.conftest import PREFIXES
from tests.registers.importing import BASE, SENTENCE

NAMED = """
@prefix drug: <https://w3id.org/drug-approvals/drug/> .
drug:cabozantinib a kg:Substance ; rdfs:label "cabozantinib"@en ; dcterms:identifier "1C39JW444G" .
drug:nivolumab a kg:Substance ; rdfs:label "nivolumab"@en ; dcterms:identifier "31YO63LBSN" .
"""


def described(record: Record) -> tuple[set[tuple[str, str, str]], Account]:
    """The facts of a record by the tails of their IRIs, with two substances known and no condition."""
    account = Account()
    names = Names.from_graph(ox.parse((PREFIXES + NAMED).replace("<>", ":x"), ox.RdfFormat.TURTLE))
    facts = Facts(Resolver(names), Matcher(Index.from_graph([])), account)

    def tail(value: str) -> str:
        return value.rsplit("#")[-1].removeprefix(BASE)

    return {
        (tail(fact.subject.value), tail(fact.predicate.value), tail(fact.object.value))  # type: ignore[union-attr]
        for fact in facts.of(record)
    }, account


def product(**said: object) -> Record:
    return Record("line 2", Product("XX-1", "Examplia", **said))  # type: ignore[arg-type]


def test_a_combination_has_components() -> None:
    facts, _ = described(product(substance="nivolumab + cabozantinib", atc=("L01EX07",)))
    both = "drug/cabozantinib_nivolumab"
    assert ("product/XX-1", "hasSubstance", both) in facts
    assert ("product/XX-1", "hasMatchMethod", "code/match-combination-split") in facts
    assert {row[2] for row in facts if row[:2] == (both, "hasComponent")} == {"drug/cabozantinib", "drug/nivolumab"}
    assert {row[0] for row in facts if row[1] == "inDrugClass"} == {both}


def test_components_that_the_register_lists() -> None:
    facts, _ = described(product(components=("CABOZANTINIB", "NIVOLUMAB")))
    assert ("product/XX-1", "hasSubstance", "drug/cabozantinib_nivolumab") in facts


def test_one_part_unknown_leaves_the_whole_unmatched() -> None:
    facts, _ = described(product(substance="cabozantinib + unheardofium"))
    assert ("product/XX-1", "hasMatchMethod", "code/match-unmatched") in facts
    assert ("product/XX-1", "substanceText", "cabozantinib + unheardofium") in facts
    assert not [row for row in facts if row[1] == "hasComponent"]


def test_the_common_name_is_tried_where_the_substance_is_not_found() -> None:
    for substance, name, found, printed in (
        ("a long description", "nivolumab", "nivolumab", "nivolumab"),
        ("cabozantinib", "nivolumab", "cabozantinib", "cabozantinib"),
        ("unheardofium", "neither", "unheardofium", "unheardofium"),
    ):
        facts, _ = described(product(substance=substance, common_name=name))
        assert ("product/XX-1", "hasSubstance", f"drug/{found}") in facts
        assert ("product/XX-1", "substanceText", printed) in facts


@pytest.mark.parametrize("code", ["L01E7", "l01ex07", "L01EX7", "QL01EX07", "none", "L01EX071", "L01 EX07"])
def test_an_atc_code_that_is_none_is_remarked(code: str) -> None:
    facts, account = described(product(substance="cabozantinib", atc=(code,)))
    assert not [row for row in facts if row[1] == "inDrugClass"]
    assert [(each.row, each.evidence) for each in account.remarks] == [("line 2", code)]


@pytest.mark.parametrize(("code", "levels"), [("L", 1), ("L01", 2), ("L01E", 3), ("L01EX", 4), ("L01EX07", 5)])
def test_an_atc_code_has_all_levels_above(code: str, levels: int) -> None:
    facts, account = described(product(substance="cabozantinib", atc=(code,)))
    assert sorted(int(row[2]) for row in facts if row[1] == "classLevel") == list(range(1, levels + 1))
    assert len([row for row in facts if row[1].endswith("broader")]) == levels - 1
    assert ("drug/cabozantinib", "inDrugClass", f"drugclass/atc-{code}") in facts
    assert not account.remarks


def test_established_pharmacologic_classes() -> None:
    facts, _ = described(product(substance="cabozantinib", pharmacologic_classes=("Kinase Inhibitor",)))
    node = "drugclass/epc-kinase-inhibitor"
    assert ("drug/cabozantinib", "inDrugClass", node) in facts
    assert (node, "inScheme", "scheme/established-pharmacologic-class") in facts
    assert (node, "label", "Kinase Inhibitor") in facts


def test_a_heading_that_no_vocabulary_knows_is_a_condition_of_its_own() -> None:
    event = Event("XX-1-a", "InitialApproval", "EC", None, headings=("Examplosis, Rare",), words=SENTENCE)
    facts, _ = described(Record("line 2", Product("XX-1", "Examplia"), (event,)))
    node = f"condition/{slug('Examplosis, Rare')}"
    assert ("indication/XX-1-a", "forCondition", node) in facts
    assert ("event/XX-1-a", "approvesIndication", "indication/XX-1-a") in facts
    assert (node, "type", "Condition") in facts
    assert (node, "label", "Examplosis, Rare") in facts
    assert not [row for row in facts if SENTENCE in row]


def test_two_headings_of_one_condition_describe_it() -> None:
    event = Event("XX-1-a", "InitialApproval", "EC", None, headings=("Examplosis", "EXAMPLOSIS"))
    facts, _ = described(Record("line 2", Product("XX-1", "Examplia"), (event,)))
    assert ("condition/examplosis", "label", "Examplosis") in facts
    assert ("indication/XX-1-a", "label", "Examplosis") in facts
