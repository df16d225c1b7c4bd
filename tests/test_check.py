"""Each check and each shape finds the fault it is for, and the shipped facts have none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib

import kg
from kg import places
from kg.check import Violation, read
from tests.conftest import PREFIXES, ROOT

GOOD = """
:trial a kg:ClinicalTrial ; rdfs:label "trial"@en ; dcterms:identifier "NCT00000001" ; kg:hasCohort :cohort ;
    kg:hasArm :arm , :control ; kg:enrolment 10 ; kg:startDate "2010-01-01"^^xsd:date ; kg:hasEnrolmentCount :count .
:cohort a kg:Cohort ; rdfs:label "cohort"@en ; kg:participants 10 ; kg:hasResult :hr , :rr , :share .
:count a kg:EnrolmentCount ; kg:participants 10 ; kg:enrolledIn jurisdiction:US .
:arm a kg:Arm ; rdfs:label "arm"@en . :control a kg:Arm ; rdfs:label "control"@en .
:hr a kg:ComparativeResult ; kg:measures code:progression-free-survival ; kg:comparesArm :arm ; kg:againstArm :control ;
    kg:hasStatistic code:hazard-ratio ; kg:value 0.5 ; kg:hasUnit code:ratio ; kg:confidenceLow 0.4 ;
    kg:confidenceHigh 0.6 ; kg:pOperator "<" ; kg:pValue 0.01 ; kg:reportedText "0.5" .
:rr a kg:ComparativeResult ; kg:measures code:progression-free-survival ; kg:comparesArm :arm ; kg:againstArm :control ;
    kg:hasStatistic code:risk-reduction ; kg:value 50.0 ; kg:hasUnit code:percent ; kg:reportedText "50%" .
:share a kg:ArmResult ; kg:measures code:safety ; kg:ofArm :arm ;
    kg:hasStatistic code:proportion ; kg:value 5.0 ; kg:hasUnit code:percent ; kg:reportedText "5%" .
:drug a kg:Substance ; rdfs:label "drug"@en .
:label a kg:Indication ; rdfs:label "label"@en ; kg:forCondition :tumour ; kg:hasPopulation :people .
:people a kg:Population ; kg:minimumAge 12 .
:tumour a kg:Condition ; rdfs:label "tumour"@en ; skos:exactMatch :outside .
:approval a kg:Approval ; kg:grantedBy agency:EC ; kg:forSubstance :drug ; kg:approvesIndication :label ;
    kg:supportedBy :trial ; kg:decisionDate "2020-02"^^xsd:gYearMonth ; kg:announcementDate "2020-02-20"^^xsd:date ;
    kg:sortDate "2020-02-20"^^xsd:date ; kg:hasDatePrecision code:month .
:claim a kg:NoveltyClaim ; kg:claimsNovelty code:first-in-class ; kg:aboutEvent :approval .
:coverage a kg:CoverageStatement ; kg:coversJurisdiction jurisdiction:EU ; kg:coversEvents code:all-approvals ;
    kg:startDate "1995-01-01"^^xsd:date ; kg:endDate "2025-01-01"^^xsd:date ; kg:restsOnSource :source .
"""

CHECKS = {
    "cohorts-add-up": ("kg:enrolment 10", "kg:enrolment 11"),
    "enrolment-by-country-fits": ("EnrolmentCount ; kg:participants 10", "EnrolmentCount ; kg:participants 11"),
    "risk-reduction-is-one-minus-hazard-ratio": ("kg:value 50.0", "kg:value 60.0"),
    "interval-holds-estimate": ("kg:confidenceLow 0.4", "kg:confidenceLow 0.55"),
    "percent-in-range": ("kg:value 5.0", "kg:value 105.0"),
    "no-approval-before-its-trial": ('"2010-01-01"', '"2021-01-01"'),
    "every-fact-has-a-source": ("prov:wasDerivedFrom", "dcterms:relation"),
    "sort-date-agrees": ('kg:sortDate "2020-02-20"', 'kg:sortDate "2020-03-20"'),
    "decision-not-after-announcement": ('"2020-02"^^xsd:gYearMonth', '"2020-04"^^xsd:gYearMonth'),
    "opinion-is-not-by-who-decides": ("kg:grantedBy agency:EC", "kg:grantedBy agency:CHMP"),
    "no-circle-of-conditions": ("skos:exactMatch :outside", "skos:broader :tumour"),
    "no-match-shared": (
        ":tumour a kg:Condition",
        ":twin a kg:Condition ; skos:exactMatch :outside . :tumour a kg:Condition",
    ),
    "arms-of-result-belong-to-trial": ("kg:hasArm :arm , :control", "kg:hasArm :arm"),
    "terms-are-defined": ("kg:startDate", "kg:beginning"),
}

SHAPES = {
    "Study": ("kg:enrolment 10", "kg:plannedEnrolment -1"),
    "Organization": (":drug a", ":sponsor kg:hasSponsorClass :drug . :drug a"),
    "Arm": (":arm a kg:Arm ;", ":arm a kg:Arm ; kg:hasRegimen :drug ;"),
    "Test": ("kg:hasStatistic code:hazard-ratio ;", 'kg:hasStatistic code:hazard-ratio ; kg:oneSided "perhaps" ;'),
    "Dispersion": ("kg:value 5.0", "kg:value 5.0 ; kg:dispersion 1.0"),
    "AdverseEventCount": (":drug a", ":events a kg:AdverseEventCount ; kg:affected -1 . :drug a"),
    "Class": (":drug a", "kg:badName a owl:Class . :drug a"),
    "Property": (":drug a", "kg:unlabelled a owl:ObjectProperty . :drug a"),
    "Label": ('rdfs:label "drug"@en', 'skos:altLabel "drug"@en'),
    "MedicinalProduct": (":drug a", ':brand a kg:MedicinalProduct ; rdfs:label "brand"@en . :drug a'),
    "Substance": ('rdfs:label "drug"@en', 'rdfs:label "drug"@en ; kg:inDrugClass :tumour'),
    "DrugClass": (":drug a", ':class a kg:DrugClass ; rdfs:label "class"@en . :drug a'),
    "Condition": ("skos:exactMatch :outside", "skos:broader :drug"),
    "Indication": ("kg:forCondition :tumour", "kg:forCondition :drug"),
    "Population": ("kg:minimumAge 12", "kg:minimumAge 200"),
    "PriorTherapyRequirement": (
        ":drug a",
        ":prior a kg:PriorTherapyRequirement ; kg:minimumPriorTherapies 0 . :drug a",
    ),
    "Agency": (":drug a", ':body a kg:Agency ; rdfs:label "body"@en . :drug a'),
    "Membership": (":drug a", ":m a kg:Membership ; kg:hasMember jurisdiction:US . :drug a"),
    "RegulatoryEvent": ('kg:sortDate "2020-02-20"', 'kg:sortDate "2020-02-19"^^xsd:date , "2020-02-20"'),
    "Approval": ("kg:approvesIndication :label", "kg:approvesIndication :drug"),
    "ScientificOpinion": (":approval a kg:Approval", ":approval a kg:ScientificOpinion"),
    "InferredOnly": (":drug a", ":approval kg:inJurisdiction jurisdiction:EU . :drug a"),
    "ClinicalTrial": ('"NCT00000001"', '"NCT1"'),
    "Participants": ("kg:participants 10 ; kg:hasResult", "kg:participants 9.5 ; kg:hasResult"),
    "Endpoint": (":drug a", ":end a kg:Endpoint ; kg:measures :drug . :drug a"),
    "DosageRegimen": (":drug a", ":dose a kg:DosageRegimen ; kg:dose -1.0 ; kg:givesSubstance :drug . :drug a"),
    "Result": (":rr , :share .", ":rr ."),
    "Number": ("kg:value 0.5 ;", "kg:value 5.0e-1 ;"),
    "PValue": ('kg:pOperator "<" ;', ""),
    "Operator": ("kg:value 5.0", 'kg:valueOperator "~" ; kg:value 5.0'),
    "ArmResult": ("kg:ofArm :arm", "kg:ofArm :cohort"),
    "ComparativeResult": ("kg:againstArm :control ;\n    kg:hasStatistic code:risk", "kg:hasStatistic code:risk"),
    "NoveltyClaim": ("kg:aboutEvent :approval", "kg:aboutEvent :drug"),
    "CoverageStatement": ('kg:endDate "2025-01-01"', 'kg:endDate "1990-01-01"'),
    "Source": (":drug a", ':source kg:accessDate "yesterday" . :drug a'),
}


def broken(name: str, change: tuple[str, str]) -> str:
    """Return the good facts with one thing changed (in the prefixes too, for the check on sources), named apart."""
    old, new = change
    text = PREFIXES + GOOD
    assert old in text
    return text.replace(old, new, 1).replace("https://example.org/", f"https://example.org/{name}/")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> kg.Report:
    """One check of a file for each fault."""
    folder = tmp_path_factory.mktemp("faults")
    for name, change in (CHECKS | SHAPES).items():
        (folder / f"{name}.ttl").write_text(broken(name, change))
    return kg.check(folder, ROOT / "kg" / "data" / "reference")


def of_case(name: str, report: kg.Report) -> list[Violation]:
    """Return the violations that tell of the things of one case, its file, or a word that it alone uses."""
    word = (CHECKS | SHAPES)[name][1].partition(" ")[0]
    things = (word, f"graph:{name}")
    own = f"<https://example.org/{name}/"
    return [each for each in report.violations if each.thing in things or own in f"{each.thing} {each.evidence}"]


def test_shipped_facts_conform() -> None:
    report = kg.check()
    assert report.violations == ()
    assert report.conforms
    assert report.checks == len(CHECKS)
    assert report.shapes == len(SHAPES)
    assert "0 violations" in report.summary()


def test_good_facts_conform(turtle: Callable[[str], Path]) -> None:
    assert kg.check(turtle(GOOD), ROOT / "kg" / "data" / "reference").violations == ()


def test_every_check_and_shape_has_its_fault() -> None:
    assert sorted(path.stem for path in places.CHECKS.glob("*.rq")) == sorted(CHECKS)
    shapes = rdflib.Graph().parse(places.SHAPES, format="turtle")
    named = {str(shape).rsplit("/", 1)[-1] for shape in shapes.subjects(rdflib.RDF.type, rdflib.SH.NodeShape)}
    assert named == set(SHAPES)


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_its_fault(name: str, report: kg.Report) -> None:
    found = [violation for violation in of_case(name, report) if violation.rule == name]
    rule = read(places.CHECKS / f"{name}.rq")
    assert found
    assert all(violation.message == f"{rule.fault} {rule.cure}" for violation in found)


@pytest.mark.parametrize("name", SHAPES)
def test_shape_finds_its_fault(name: str, report: kg.Report) -> None:
    assert f"shape:{name}" in {violation.rule for violation in of_case(name, report)}


def test_a_contradiction_is_a_violation(turtle: Callable[[str], Path]) -> None:
    found = kg.check(turtle(":x a kg:Cohort , kg:Refusal , kg:Withdrawal .")).violations
    (contradiction,) = (violation for violation in found if violation.rule == "cax-dw")
    assert contradiction.message.startswith("Contradiction")
    assert "kg:Refusal owl:disjointWith kg:Withdrawal" in contradiction.evidence
