"""What a study reports of each group becomes facts: measures, participants, adverse events."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg.registers.account import Account
from tests.conftest import PREFIXES
from tests.registers.ctgov_studies import Json, about, analysis, remarks, study, triples, values, with_results


def test_a_median_with_its_interval() -> None:
    measure = values(
        {"value": "4.4", "lowerLimit": "3.0", "upperLimit": "NA"},
        {"value": "13.80", "lowerLimit": "9.2", "upperLimit": "18.5"},
        dispersionType="95% Confidence Interval",
        denoms=[{"units": "Participants", "counts": [{"groupId": "OG001", "value": "64"}]}],
    )
    facts = triples(with_results(measure))
    assert about(facts, "result/NCT00000001-outcome-1-OG001") == {
        "type": "kg:ArmResult",
        "measures": "code:overall-survival",
        "answersEndpoint": "endpoint:NCT00000001-primary-1",
        "locator": "NCT00000001, outcome 1, OG001",
        "ofArm": "arm:NCT00000001-examplinib",
        "participants": "64",
        "hasStatistic": "code:median",
        "hasUnit": "code:months",
        "value": "13.80",
        "confidenceLevel": "95",
        "confidenceLow": "9.2",
        "confidenceHigh": "18.5",
        "reportedText": "13.80 (95% CI 9.2 to 18.5)",
    }
    other = about(facts, "result/NCT00000001-outcome-1-OG000")
    assert "confidenceHigh" not in other
    assert other["reportedText"] == "4.4 (95% CI 3.0 to NA)"


@pytest.mark.parametrize(
    ("fields", "expected", "remark"),
    [
        ({"value": "NA"}, {"reportedText": "NA"}, None),
        ({"value": "1,234"}, {"reportedText": "1,234"}, "not a plain number"),
        ({"value": "<0.5"}, {"value": "0.5", "valueOperator": "<", "reportedText": "<0.5"}, None),
        ({"value": "3 to 5"}, {"rangeLow": "3", "rangeHigh": "5", "reportedText": "3 to 5"}, None),
        (
            {"value": "5", "spread": ".73"},
            {"value": "5", "dispersion": "0.73", "reportedText": "5 (Standard Deviation .73)"},
            None,
        ),
        ({"value": "5", "spread": "NA"}, {"value": "5", "reportedText": "5 (Standard Deviation NA)"}, None),
    ],
)
def test_numbers_of_groups(fields: Json, expected: Json, remark: str | None) -> None:
    account = Account()
    facts = triples(
        with_results(values(fields, dispersionType="Standard Deviation")),
        account=account,
    )
    said = about(facts, "result/NCT00000001-outcome-1-OG000")
    stated = ("value", "valueOperator", "rangeLow", "rangeHigh", "dispersion", "reportedText")
    assert {name: said[name] for name in stated if name in said} == expected
    assert remarks(account) == ({remark: 1} if remark else {})


def test_ranges_are_dispersions_and_rows_are_told_apart() -> None:
    rows = [
        {
            "title": f"Week {week}",
            "categories": [
                {"measurements": [{"groupId": "OG000", "value": "5", "lowerLimit": "2", "upperLimit": "9"}]}
            ],
        }
        for week in (2, 4)
    ]
    measure = {
        "paramType": "MEDIAN",
        "dispersionType": "Inter-Quartile Range",
        "unitOfMeasure": "Score on a Scale",
        "classes": rows,
    }
    facts = triples(with_results(measure))
    said = about(facts, "result/NCT00000001-outcome-1-class-2-OG000")
    assert (said["rowTitle"], said["dispersionLow"], said["dispersionHigh"]) == ("Week 4", "2", "9")
    assert said["hasDispersionKind"] == "code:inter-quartile-range"
    assert said["locator"] == "NCT00000001, outcome 1, class 2, OG000"
    assert said["hasUnit"] == "unit:score-on-a-scale"
    assert about(facts, "unit/score-on-a-scale")["label"] == "score on a scale"
    assert "confidenceLow" not in said


def test_percent_of_participants_is_a_proportion() -> None:
    facts = triples(
        with_results(values({"value": "83.7%"}, paramType="NUMBER", unitOfMeasure="Percentage of participants"))
    )
    said = about(facts, "result/NCT00000001-outcome-1-OG000")
    assert (said["value"], said["hasStatistic"], said["hasUnit"]) == ("83.7", "code:proportion", "code:percent")
    assert said["reportedText"] == "83.7%"


def test_groups_that_no_arm_is_named_as_are_groups_of_their_own() -> None:
    groups = [{"id": "OG000", "title": "All  Participants"}]
    flow: Json = {
        "groups": [{"id": "FG000", "title": "All participants"}, {"id": "FG001", "title": "Examplinib Group"}],
        "periods": [
            {
                "milestones": [
                    {
                        "type": "STARTED",
                        "achievements": [
                            {"groupId": "FG000", "numSubjects": "194"},
                            {"groupId": "FG001", "numSubjects": "97"},
                        ],
                    }
                ]
            }
        ],
    }
    facts = triples(with_results(values({"value": "5"}, groups=groups), participantFlowModule=flow))
    assert about(facts, "arm/NCT00000001-reported-all-participants") == {
        "type": "kg:ReportingGroup",
        "label": "All Participants",
        "locator": "NCT00000001, group OG000",
        "participants": "194",
    }
    assert about(facts, "arm/NCT00000001-examplinib")["participants"] == "97"
    assert about(facts, "trial/NCT00000001")["hasReportingGroup"] == "arm:NCT00000001-reported-all-participants"
    flow["periods"] = [*flow["periods"], *flow["periods"]]
    facts = triples(with_results(participantFlowModule=flow))
    assert "participants" not in about(facts, "arm/NCT00000001-examplinib"), "periods can count the same people again"


def test_a_measure_reports_the_endpoint_of_its_title_or_one_of_its_own() -> None:
    facts = triples(
        with_results(
            values({"value": "5"}, timeFrame="3 years"), values({"value": "5"}, title="Fever", type="POST_HOC")
        )
    )
    assert about(facts, "result/NCT00000001-outcome-1-OG000")["answersEndpoint"] == "endpoint:NCT00000001-primary-1"
    assert (
        about(facts, "result/NCT00000001-outcome-2-OG000")["answersEndpoint"] == "endpoint:NCT00000001-reported-other-2"
    )
    assert about(facts, "endpoint/NCT00000001-reported-other-2")["locator"] == "NCT00000001, outcome 2"
    assert about(facts, "trial/NCT00000001")["hasEndpoint"] == "endpoint:NCT00000001-reported-other-2"


HARM = {
    "frequencyThreshold": "5",
    "eventGroups": [
        {
            "id": "EG000",
            "title": "Examplinib",
            "deathsNumAffected": 1,
            "deathsNumAtRisk": 97,
            "seriousNumAffected": 3,
            "seriousNumAtRisk": 97,
        }
    ],
    "seriousEvents": [
        {
            "term": "Atrial Fibrillation",
            "organSystem": "Cardiac disorders",
            "stats": [{"groupId": "EG000", "numAffected": 2, "numAtRisk": 97}],
        },
        {
            "term": "Never counted",
            "stats": [{"groupId": "EG000", "numEvents": 2}, {"groupId": "EG009", "numAffected": 2}],
        },
    ],
    "otherEvents": [{"term": "Headache", "stats": [{"groupId": "EG000", "numAffected": 0, "numAtRisk": 97}]}],
}


def test_adverse_events_are_counts_by_group_and_term() -> None:
    facts = triples(with_results(adverseEventsModule=HARM))
    assert about(facts, "count/NCT00000001-serious-1-EG000") == {
        "type": "kg:AdverseEventCount",
        "measures": "code:serious-adverse-events",
        "ofArm": "arm:NCT00000001-examplinib",
        "affected": "2",
        "participants": "97",
        "locator": "NCT00000001, serious event 1, EG000",
        "countsEvent": "adverseevent:atrial-fibrillation",
    }
    assert about(facts, "adverseevent/atrial-fibrillation")["label"] == "atrial fibrillation"
    assert about(facts, "adverseevent/atrial-fibrillation")["skos:broader"] == "organsystem:cardiac-disorders"
    assert about(facts, "count/NCT00000001-other-1-EG000")["affected"] == "0"
    assert about(facts, "count/NCT00000001-death-EG000")["measures"] == "code:all-cause-mortality"
    assert about(facts, "trial/NCT00000001")["reportingThreshold"] == "5"
    assert about(facts, "trial/NCT00000001")["hasAdverseEventCount"].count("count:") == 4


def test_the_facts_keep_the_shapes(tmp_path: Path) -> None:
    made = with_results(
        values(
            {"value": "4.4", "lowerLimit": "3.0", "upperLimit": "NA"},
            {"value": "9"},
            dispersionType="95% Confidence Interval",
        ),
        values(
            {"value": "1,2"},
            {"value": "9", "spread": "1"},
            title="Cough Score",
            type="SECONDARY",
            unitOfMeasure="Points",
            dispersionType="Standard Error",
        ),
        analysis(
            paramType="Hazard Ratio (HR)", paramValue="0.23", ciLowerLimit="0.12", ciUpperLimit="0.42", pValue="<.001"
        ),
        {"title": "Fever", "analyses": [{"groupIds": ["OG001"], "pValue": "NS"}]},
        adverseEventsModule=HARM,
    )
    made["protocolSection"]["referencesModule"] = {"references": [{"type": "RESULT", "pmid": "1"}]}
    watched = study("NCT00000002", design={"studyType": "OBSERVATIONAL"})
    path = tmp_path / "trials.ttl"
    facts = ox.serialize(triples(made, watched), format=ox.RdfFormat.N_TRIPLES)
    assert facts
    path.write_text(PREFIXES + facts.decode())
    assert kg.check(path, "shipped").violations == ()
