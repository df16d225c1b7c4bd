"""What people see of proofs: trees, JSON, PROV-O; what is lacking; contradictions; rows of answers and their sums."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib

import kg
from kg.errors import ProofError, UnknownThing
from kg.proof import arithmetic
from kg.why import evidence, why_contradictions, why_row

PIVOTAL = ("CABINET", "a", "kg:PivotalTrial")


def test_a_proof_goes_down_to_who_states_what(founding: kg.Store) -> None:
    found = str(kg.why(*PIVOTAL, founding)).splitlines()
    assert found[0] == "trial:NCT03375320 rdf:type kg:PivotalTrial"
    assert "    trial:NCT03375320 rdf:type (kg:ClinicalTrial and (kg:supports some kg:Approval))" in found
    assert any("by prp-inv2: An inverse holds backwards, the other way." in line for line in found)
    assert any("stated by FDA page, 2025-03-26, of 2025-03-26, https://creativecommons.org" in line for line in found)
    assert not any("_:" in line for line in found), "a blank node tells nobody anything"


def test_a_proof_names_the_place_in_the_source(founding: kg.Store) -> None:
    found = str(kg.why("event:US-cabozantinib-NET", "inJurisdiction", "United States of America", founding))
    assert "stated by Table of agencies and their roles, row FDA" in found


def test_a_proof_in_json_rows_and_prov(founding: kg.Store) -> None:
    found = kg.why(*PIVOTAL, founding)
    (proof,) = json.loads(found.to_json())["proofs"]
    assert (proof["rule"], proof["fact"]) == ("cax-sco", "trial:NCT03375320 rdf:type kg:PivotalTrial")
    leaves = [leaf for leaf in walk(proof) if leaf["rule"] == "stated"]
    assert leaves
    assert all(leaf["sources"] and leaf["sources"][0]["label"] for leaf in leaves)
    assert len(found.to_answer().rows) >= len(leaves)
    prov = rdflib.Graph().parse(data=found.to_prov(), format="turtle")
    assert len(set(prov.subjects(rdflib.RDF.type, rdflib.PROV.Entity))) == len(set(map(str, found.proofs[0].walk())))
    used = set(prov.objects(None, rdflib.PROV.used))
    assert used == set(prov.objects(None, rdflib.PROV.wasDerivedFrom))
    assert set(prov.objects(None, rdflib.PROV.hadPrimarySource))


def walk(proof: dict[str, Any]) -> list[dict[str, Any]]:
    return [proof, *(leaf for premise in proof.get("premises", []) for leaf in walk(premise))]


def test_alternatives_differ_and_the_shortest_comes_first(closed: Callable[[str], kg.Store]) -> None:
    store = closed(
        """:x a kg:Approval ; kg:grantedBy agency:FDA ; kg:inJurisdiction jurisdiction:US ; kg:issuedBy agency:FDA ."""
    )
    found = kg.why(":x".replace(":", "https://example.org/"), "issuedBy", "agency:FDA", store, every=True).proofs
    assert [proof.rule for proof in found] == ["stated", "prp-spo1"]
    assert len({proof.premises for proof in found}) == len(found)


def test_what_does_not_hold_has_no_proof(founding: kg.Store) -> None:
    with pytest.raises(ProofError, match="does not hold"):
        kg.why("Japan", "partOf", "EU", founding)
    with pytest.raises(ProofError, match="holds"):
        kg.why_not("France", "partOf", "EU", founding)
    with pytest.raises(UnknownThing, match="Did you mean"):
        kg.why("Japn", "partOf", "EU", founding)


def test_what_is_lacking_is_told_as_far_down_as_it_is_one_fact(founding: kg.Store) -> None:
    found = str(kg.why_not("event:US-cabozantinib-NET", "inJurisdiction", "EU", founding))
    assert "prp-spo2 would give it" in found
    assert "lacks:  event:US-cabozantinib-NET kg:issuedBy agency:EMA" in found
    assert "lacks:  event:US-cabozantinib-NET kg:grantedBy agency:EMA" in found
    assert "owl:Nothing" not in found
    lacking = json.loads(kg.why_not("CABINET", "a", "kg:EUApproval", founding).to_json())["near"]
    assert lacking[0]["below"]["rule"] == "cls-int1"
    assert len(lacking[0]["below"]["lacks"]) == 2


CONTRADICTIONS = {
    "cax-dw": ":A owl:disjointWith :B . :x a :A , :B .",
    "prp-irp": ":p a owl:IrreflexiveProperty . :x :p :x .",
    "prp-pdw": ":p owl:propertyDisjointWith :q . :x :p :y ; :q :y .",
    "cls-com": ":A owl:complementOf :B . :x a :A , :B .",
    "prp-npa1": "[] owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetIndividual :y . :x :p :y .",
    "cls-maxc1": ":A owl:maxCardinality 0 ; owl:onProperty :p . :x a :A ; :p :y .",
    "cax-adc": "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :x a :B , :C .",
    "eq-diff1": ":x owl:sameAs :y ; owl:differentFrom :y .",
    "eq-diff2": "[] a owl:AllDifferent ; owl:members ( :x :y ) . :x owl:sameAs :y .",
    "dt-not-type": ':x :p "abc"^^xsd:integer .',
    "cls-nothing2": ":x a owl:Nothing .",
}


@pytest.mark.parametrize("rule", CONTRADICTIONS)
def test_a_contradiction_has_a_proof(rule: str) -> None:
    from tests.proof.proofs import closed, faults, search

    store = closed(CONTRADICTIONS[rule])
    found = why_contradictions(store)
    assert rule in [proof.rule for proof in found.proofs]
    for proof in found.proofs:
        assert faults(proof, search(store).facts) == []
    assert "a contradiction" in str(found)


def test_a_graph_that_does_not_contradict_itself(founding: kg.Store) -> None:
    with pytest.raises(ProofError, match="does not contradict itself"):
        why_contradictions(founding)


SUMS = {
    "risk-reduction": "computedPercent = (1 - hazardRatio) * 100 = (1 - 0.23) * 100 = 77.00",
    "median-gain": "gain = median - comparatorMedian = 13.8 - 4.4 = 9.4",
    "approval-lag": "days = laterDate - firstDate = 2025-07-24 - 2025-03-26 = 120",
    "trial-enrolment": "sumOfCohorts = SUM(size) = 203 + 95 = 298",
}


@pytest.mark.parametrize("question", SUMS)
def test_a_row_comes_with_its_arithmetic_and_its_facts(founding: kg.Store, question: str) -> None:
    found = why_row(question, 1, founding)
    assert set(SUMS[question].split(" = ")) - set(" = ".join(found.computed).split(" = ")) <= {"203 + 95"}
    assert len(found.computed) == 1
    assert len(found.proofs) > 4
    assert all(each.rule != "stated" or found.origins.of(each.fact) for proof in found.proofs for each in proof.walk())  # type: ignore[arg-type]


def test_every_question_explains_its_first_row(founding: kg.Store) -> None:
    explained = 0
    for name in kg_questions():
        answer = kg.ask(name, founding, **examples(name))
        if answer.rows:
            found = why_row(name, 1, founding, **examples(name))
            explained += bool(found.proofs)
    assert explained >= 40


def kg_questions() -> list[str]:
    from kg import questions

    return questions.names()


def examples(name: str) -> dict[str, str]:
    from kg import questions

    return {param.name: param.example for param in questions.question(name).params if param.required}


def test_a_row_that_is_not_there(founding: kg.Store) -> None:
    with pytest.raises(ProofError, match="There is no row 3: median-gain has 2 rows"):
        why_row("median-gain", 3, founding)


def test_first_in_class_lists_its_evidence(turtle: Callable[[str], Path]) -> None:
    """An earlier approval, a later one, the classes, the coverage, and how many earlier substances have no class."""
    register = "scheme:s a skos:ConceptScheme . :c a kg:DrugClass ; skos:inScheme scheme:s ; rdfs:label 'c'@en .\n"
    for name, day, member in (("a", "2001", True), ("b", "2003", True), ("d", "2005", True), ("e", "2000", False)):
        register += f""":{name} a kg:Substance ; rdfs:label '{name}'@en {"; kg:inDrugClass :c" if member else ""} .
        :approval-{name} a kg:Approval ; kg:forSubstance :{name} ; kg:grantedBy agency:FDA ;
            kg:hasDatePrecision code:day ; kg:decisionDate "{day}-01-01"^^xsd:date ;
            kg:sortDate "{day}-01-01"^^xsd:date .\n"""
    register += """:coverage a kg:CoverageStatement ; kg:coversJurisdiction jurisdiction:US ;
        kg:coversEvents code:all-approvals ; kg:startDate "1990-01-01"^^xsd:date ; kg:endDate "2020-01-01"^^xsd:date ;
        kg:restsOnSource :source ."""
    store = kg.open_store(turtle(register), "shipped/reference")
    found = evidence("first-in-class", 1, store, jurisdiction="US", substance="b")
    assert found is not None
    roles = [row["role"] for row in found]
    for role in ("earlier approval", "approval asked about", "later approval", "coverage begins"):
        assert roles.count(role) == 1, role
    assert roles.count("class of a substance") == 3
    assert "would change it if of the class: 1 earlier substances without a class" in roles


@pytest.mark.parametrize(
    ("expression", "value"),
    [("1 - 2 - 3", "-4"), ("(1 - 0.23) * 100", "77.00"), ("8 / 2 / 2", "2"), ("2 * (3 + 4)", "14"), ("1 / 0", None)],
)
def test_arithmetic(expression: str, value: str | None) -> None:
    found = arithmetic.value(expression, {})
    assert (None if found is None else str(found)) == value


def test_arithmetic_is_found_within_other_words() -> None:
    assert list(arithmetic.parts('COALESCE(STR(?later - ?first), "P")')) == ["?later - ?first"]
    assert list(arithmetic.parts("IF(?a = ?b, 1, 2)")) == []
