"""A study as planned becomes facts: the trial, its arms, what is given, its endpoints."""

from __future__ import annotations

import pyoxigraph as ox

from kg.registers.account import Account
from tests.registers.ctgov_studies import about, remarks, study, triples


def test_a_trial_is_described() -> None:
    facts = triples(study())
    assert about(facts, "trial/NCT00000001") == {
        "type": "kg:ClinicalTrial",
        "label": "EXAMPLE-1",
        "dcterms:title": "Examplinib in Flu",
        "dcterms:identifier": "NCT00000001",
        "skos:exactMatch": "<https://clinicaltrials.gov/study/NCT00000001>",
        "locator": "NCT00000001",
        "acronym": "EXAMPLE-1",
        "hasRecruitmentStatus": "code:trial-completed",
        "hasPhase": "code:phase-2 | code:phase-3",
        "hasDesignFeature": "code:randomised | code:parallel-groups | code:purpose-treatment | code:double-masked | "
        "code:double-blinded | code:placebo-controlled",
        "startDate": "2019-03",
        "primaryCompletionDate": "2020-05-21",
        "expectedEndDate": "2031-12",
        "enrolment": "194",
        "hasSponsor": "organization:example-pharma",
        "hasCollaborator": "organization:example-university",
        "conditionText": "Influenza | Very Rare Flu",
        "forCondition": "condition:influenza | condition:very-rare-flu",
        "indexedUnder": "condition:influenza | condition:disease",
        "hasArm": "arm:NCT00000001-placebo | arm:NCT00000001-examplinib",
        "hasPrimaryEndpoint": "endpoint:NCT00000001-primary-1",
        "hasSecondaryEndpoint": "endpoint:NCT00000001-secondary-1",
        "admitsSex": "code:female",
        "healthyVolunteers": "false",
        "hasCriterion": "criterion:NCT00000001-age",
    }
    assert about(facts, "criterion/NCT00000001-age")["label"] == "age: 18 Years to 6 Months"
    assert "maximumAge" not in about(facts, "criterion/NCT00000001-age")
    assert about(facts, "organization/example-pharma")["hasSponsorClass"] == "code:sponsor-industry"
    assert ox.Literal("2019-03", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth")) in [
        f.object for f in facts
    ]


def test_arms_endpoints_and_what_is_given() -> None:
    facts = triples(study())
    assert about(facts, "arm/NCT00000001-examplinib") == {
        "type": "kg:Arm",
        "label": "Examplinib",
        "locator": "NCT00000001, arm 2",
        "hasArmRole": "code:experimental",
        "interventionText": "Drug: Examplinib 10 mg",
        "hasRegimen": "regimen:NCT00000001-intervention-1",
    }
    assert "hasRegimen" not in about(facts, "arm/NCT00000001-placebo")
    regimen = about(facts, "regimen/NCT00000001-intervention-1")
    assert (regimen["givesSubstance"], regimen["substanceText"]) == ("drug:examplinib", "Examplinib 10 mg")
    assert about(facts, "endpoint/NCT00000001-primary-1") == {
        "type": "kg:Endpoint",
        "label": "Overall Survival (OS)",
        "measures": "code:overall-survival",
        "locator": "NCT00000001, primary outcome 1",
        "timeFrame": "2 years",
    }
    own = about(facts, "endpoint/NCT00000001-secondary-1")["measures"]
    assert own == "outcome:NCT00000001-secondary-1"
    assert about(facts, "outcome/NCT00000001-secondary-1") == {"type": "kg:Outcome", "label": "Cough Score"}


def test_arms_of_one_label_are_one_and_slugs_that_meet_are_told_apart() -> None:
    arms = [{"label": "A <5", "type": "EXPERIMENTAL"}, {"label": "A >5", "type": "OTHER"}, {"label": "a <5"}]
    facts = triples(study(armsInterventions={"armGroups": arms}))
    assert about(facts, "trial/NCT00000001")["hasArm"] == "arm:NCT00000001-a-5 | arm:NCT00000001-a-5-2"
    assert about(facts, "arm/NCT00000001-a-5")["label"] == "A <5"


def test_an_observational_study_is_no_trial_and_has_cohorts() -> None:
    design = {"studyType": "OBSERVATIONAL", "enrollmentInfo": {"count": 9, "type": "ESTIMATED"}}
    facts = triples(study(design=design))
    said = about(facts, "trial/NCT00000001")
    assert said["type"] == "kg:ObservationalStudy"
    assert said["hasCohort"] == "cohort:NCT00000001-placebo | cohort:NCT00000001-examplinib"
    assert said["plannedEnrolment"] == "9"
    assert "hasArm" not in said
    assert "enrolment" not in said


def test_dates_without_a_type_are_told_by_the_day_of_the_record_and_words_of_no_list_are_remarks() -> None:
    account = Account()
    status = {
        "overallStatus": "PAUSED",
        "startDateStruct": {"date": "2016-04"},
        "completionDateStruct": {"date": "2030-01"},
        "primaryCompletionDateStruct": {"date": "soon", "type": "ESTIMATED"},
        "resultsFirstPostDateStruct": {"date": "2015-02-03", "type": "ESTIMATED"},
    }
    said = about(triples(study(status=status), account=account), "trial/NCT00000001")
    assert (said["startDate"], said["expectedEndDate"], said["resultsPostedDate"]) == (
        "2016-04",
        "2030-01",
        "2015-02-03",
    )
    assert remarks(account) == {"unknown status": 1, "not a date": 1}


def test_older_words_of_the_lists_are_understood() -> None:
    design = {
        "studyType": "Interventional",
        "phases": ["Phase 1", "Early Phase 1", "NA"],
        "designInfo": {"allocation": "Non-Randomized"},
    }
    said = about(triples(study(design=design)), "trial/NCT00000001")
    assert said["hasPhase"] == "code:phase-1 | code:early-phase-1"
    assert said["hasDesignFeature"] == "code:non-randomised | code:placebo-controlled"


def test_references_are_links_by_their_type() -> None:
    references = [
        {"type": kind, "pmid": str(pmid), "citation": "Long."}
        for pmid, kind in enumerate(("RESULT", "DERIVED", "BACKGROUND"), 1)
    ]
    facts = triples(study(references={"references": [*references, {"type": "RESULT", "citation": "No number."}]}))
    said = about(facts, "trial/NCT00000001")
    assert said["reportedIn"] == "source:pubmed-1"
    assert said["dcterms:isReferencedBy"] == "source:pubmed-2"
    assert said["dcterms:references"] == "source:pubmed-3"
    assert about(facts, "source/pubmed-1")["skos:exactMatch"] == "<https://pubmed.ncbi.nlm.nih.gov/1/>"


def test_sentences_come_only_when_asked_for() -> None:
    texts = ("Must cough.", "Long.")
    without, kept = (
        {fact.object.value for fact in triples(study(), with_text=asked) if isinstance(fact.object, ox.Literal)}
        for asked in (False, True)
    )
    assert not without.intersection(texts)
    assert kept.issuperset(texts)
