"""The same derived facts as owlrl, term by term, under the normalisation of `oracle`."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from kg.owl2rl import close
from tests.bench.generate import approvals
from tests.owl2rl.graphs import PATHS, closed, everything, on_path, read
from tests.owl2rl.oracle import normal, owlrl_closure, spelling
from tests.owl2rl.strategies import ontologies

FEW = settings(max_examples=24, deadline=None, suppress_health_check=list(HealthCheck))

FIXTURES = {
    "family": """
        :hasUncle owl:propertyChainAxiom ( :hasParent :hasBrother ) . :hasBrother rdfs:subPropertyOf :hasSibling .
        :hasSibling a owl:SymmetricProperty , owl:TransitiveProperty . :hasChild owl:inverseOf :hasParent .
        :ann :hasParent :bob . :bob :hasBrother :carl . :carl :hasSibling :dan .
        :Parent owl:equivalentClass [ owl:onProperty :hasChild ; owl:someValuesFrom owl:Thing ] .
        :Uncle rdfs:subClassOf :Man . :hasUncle rdfs:range :Uncle .""",
    "equality in schema": """
        :C owl:sameAs :D . :D rdfs:subClassOf :E . :x a :C . :p owl:sameAs :q . :q rdfs:domain :F . :x :p :y .
        :l owl:intersectionOf ( :E :F ) . :i a owl:InverseFunctionalProperty . :x :i 5 . :z :i 5 . :z :r :w .""",
    "a property that is rdf:type": """
        :C :p :D . :R owl:onProperty :q ; owl:hasValue :i . :q owl:sameAs rdf:type . :p rdfs:domain :R . :x :p :y .
        :i rdfs:subClassOf :E .""",
    "a list that is derived": """
        :C :members ( :D :E ) . :members rdfs:subPropertyOf owl:unionOf . :x a :D . :y a :C .""",
}


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture(name: str) -> None:
    _compare(FIXTURES[name])


@pytest.mark.parametrize("size", [1_000, 4_000])
def test_approvals(size: int) -> None:
    """Generated approval graphs; owlrl takes ten seconds for the larger one."""
    triples = list(approvals(size))
    with close(triples) as tables:
        assert normal(everything(tables), spelling(triples)) == owlrl_closure(triples)


@FEW
@given(parts=ontologies(special=False))
def test_random_ontology(parts: list[str]) -> None:
    _compare("\n".join(parts))


@FEW
@given(parts=ontologies(special=True))
def test_random_ontology_about_the_vocabulary(parts: list[str]) -> None:
    _compare("\n".join(parts))


def _compare(turtle: str) -> None:
    expected = owlrl_closure(triples := read(turtle))
    for path in PATHS:
        with on_path(path), close([]) as tables:
            tables.add(triples)
            assert normal(everything(tables), spelling(triples)) == expected


# Where owlrl differs, the rule of the standard that decides, and what it decides.
DIFFERENCES = {
    "prp-key": (":C owl:hasKey ( :p ) . :a a :C ; :p 5 . :b a :C ; :p 2 .", ":a owl:sameAs :b .", False),
    "dt-eq": (':R owl:hasValue 1 ; owl:onProperty :p . :a :p "01"^^xsd:int .', ":a a :R .", True),
    "scm-eqc1": (":C owl:equivalentClass :C . rdfs:subClassOf rdfs:subPropertyOf :p .", ":C :p :C .", True),
}


@pytest.mark.parametrize("rule", DIFFERENCES)
def test_difference_from_owlrl(rule: str) -> None:
    turtle, conclusion, holds = DIFFERENCES[rule]
    (line,) = normal(read(conclusion))
    with closed(turtle) as tables:
        assert (line in normal(tables.derived())) is holds
    assert (line in owlrl_closure(read(turtle))) is not holds
