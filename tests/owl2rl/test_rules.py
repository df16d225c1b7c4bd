"""Every rule of the standard fires on its case and not on its near miss."""

from __future__ import annotations

import pytest

from kg.owl2rl import schema_rules
from tests.owl2rl.cases import CASES
from tests.owl2rl.graphs import PATHS, closed, everything, on_path, read

AXIOMATIC = {"prp-ap", "cls-thing", "cls-nothing1", "dt-type1"}  # true of every graph: no near miss
REPORTED_AS = {"dt-diff": "eq-diff1"}  # dt-diff gives the difference, eq-diff1 the contradiction


def test_every_rule_has_a_case() -> None:
    assert [rule for rule, *_ in CASES] == schema_rules.NAMES
    assert len(schema_rules.NAMES) == 78


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("rule", "fires", "misses", "conclusion"), CASES, ids=[case[0] for case in CASES])
def test_rule(rule: str, fires: str, misses: str, conclusion: str, path: str) -> None:
    with on_path(path):
        _fires_and_misses(rule, fires, misses, conclusion)


def _fires_and_misses(rule: str, fires: str, misses: str, conclusion: str) -> None:
    if not conclusion:
        with closed(fires) as tables, closed(misses) as near:
            assert [found.rule for found in tables.contradictions] == [REPORTED_AS.get(rule, rule)]
            assert near.contradictions == []
        return
    (wanted,) = read(conclusion + " .")
    with closed(fires, full=True) as tables, closed(misses, full=True) as near:
        assert wanted in set(tables.derived())
        assert tables.contradictions == []
        if rule not in AXIOMATIC:
            assert wanted not in everything(near)


@pytest.mark.parametrize("rule", sorted({"prp-dom", "prp-spo1", "cls-svf1", "cax-sco", "prp-trp", "prp-spo2"}))
def test_counts_name_the_rule(rule: str) -> None:
    (fires,) = [case[1] for case in CASES if case[0] == rule]
    with closed(fires) as tables:
        assert tables.counts[rule] == 1
        assert sum(tables.counts.values()) == tables.count_derived() == len(list(tables.derived()))


def test_a_contradiction_reads_well() -> None:
    with closed(":C owl:disjointWith :D . :a a :C , :D .") as tables:
        (found,) = tables.contradictions
    assert str(found).splitlines() == [
        "cax-dw: Something is in two disjoint classes.",
        "    <http://example.org/C> owl:disjointWith <http://example.org/D>",
        "    <http://example.org/a> rdf:type <http://example.org/C>",
        "    <http://example.org/a> rdf:type <http://example.org/D>",
    ]


def test_a_contradiction_names_the_stated_terms() -> None:
    with closed(":a owl:sameAs :b . :z :p :b . :b owl:differentFrom :a .") as tables:
        (found,) = tables.contradictions
    (same, different) = read(":b owl:sameAs :a . :b owl:differentFrom :a .")
    assert found.facts == (same, different)


def test_ill_typed_literal() -> None:
    with closed(':a :p "abc"^^xsd:integer , "x"^^:unknown .') as tables:
        (found,) = tables.contradictions
    assert found.rule == "dt-not-type"
    assert found.facts == tuple(read(':a :p "abc"^^xsd:integer .'))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("facts", [":i owl:sameAs 128 . :a :p 128 .", ":a :p 128 . :i owl:sameAs 128 ."])
def test_a_wrong_type_is_told_of_a_literal_that_is_a_resource(facts: str, path: str) -> None:
    """Whichever of the two stands for both."""
    with on_path(path), closed(facts + " :i a xsd:byte .") as tables:
        (found,) = tables.contradictions
    assert found.rule == "dt-not-type"
