"""What a study compares becomes facts: hazard ratios, tests, and who is set against whom."""

from __future__ import annotations

import pytest

from kg.registers.account import Account
from tests.registers.ctgov_studies import Json, about, analysis, remarks, triples, with_results


def test_a_hazard_ratio() -> None:
    measure = analysis(
        paramType="Hazard Ratio (HR)",
        paramValue="0.23",
        ciLowerLimit="0.12",
        ciUpperLimit="0.42",
        pValue="<.001",
        statisticalMethod="Log Rank",
        groupDescription="Interim",
    )
    assert about(triples(with_results(measure)), "result/NCT00000001-outcome-1-analysis-1") == {
        "type": "kg:ComparativeResult",
        "measures": "code:overall-survival",
        "answersEndpoint": "endpoint:NCT00000001-primary-1",
        "locator": "NCT00000001, outcome 1, analysis 1",
        "comparesArm": "arm:NCT00000001-examplinib",
        "againstArm": "arm:NCT00000001-placebo",
        "statisticalMethod": "Log Rank",
        "rowTitle": "Interim",
        "hasStatistic": "code:hazard-ratio",
        "hasUnit": "code:ratio",
        "value": "0.23",
        "confidenceLevel": "95",
        "confidenceLow": "0.12",
        "confidenceHigh": "0.42",
        "oneSided": "false",
        "pOperator": "<",
        "pValue": "0.001",
        "reportedText": "0.23 (95% CI 0.12 to 0.42; P <.001)",
    }


@pytest.mark.parametrize(
    ("fields", "expected", "remark"),
    [
        ({"pValue": "0.03"}, {"hasStatistic": "code:test", "hasUnit": "code:ratio", "reportedText": "P 0.03"}, None),
        (
            {"paramType": "Odds Ratio (OR)", "paramValue": "-.5"},
            {"value": "-0.5"},
            "a ratio below 0, perhaps its logarithm",
        ),
        (
            {"paramType": "Slope", "paramValue": "2"},
            {"hasStatistic": "statistic:slope", "hasUnit": "code:unit-not-stated"},
            None,
        ),
        ({"paramType": "Risk Difference (RD)", "paramValue": "2"}, {"hasUnit": "code:unit-not-stated"}, None),
        ({"paramType": "Mean Difference (Net)", "paramValue": "2"}, {"hasUnit": "code:months"}, None),
        (
            {"paramType": "Cox Proportional Hazard", "paramValue": "2"},
            {"hasStatistic": "code:cox-proportional-hazard"},
            None,
        ),
        ({"paramType": "F", "paramValue": "9.1", "ciPctValue": None}, {"hasUnit": "code:ratio"}, None),
        ({"paramValue": "2", "ciLowerLimit": "3", "ciUpperLimit": "1"}, {"value": "2"}, "limits in the wrong order"),
        ({"paramValue": "2", "ciLowerLimit": "<1"}, {"value": "2"}, "a limit that is a bound"),
        (
            {"paramValue": "5", "ciLowerLimit": "1", "ciUpperLimit": "2"},
            {"confidenceHigh": "2"},
            "an estimate outside its confidence interval",
        ),
        ({"pValue": "NS"}, {"reportedText": "P NS"}, "P that is no number from 0 to 1"),
        (
            {"ciNumSides": "ONE_SIDED", "paramValue": "2", "ciUpperLimit": "3"},
            {"oneSided": "true", "reportedText": "2 (95% CI not given to 3)"},
            None,
        ),
        ({"paramValue": "2", "ciPctValue": "97.5", "ciLowerLimit": "1"}, {"confidenceLevel": "97.5"}, None),
        (
            {"paramValue": "2", "dispersionType": "STANDARD_ERROR_OF_MEAN", "dispersionValue": "0.4"},
            {"dispersion": "0.4"},
            None,
        ),
    ],
)
def test_numbers_of_analyses(fields: Json, expected: Json, remark: str | None) -> None:
    account = Account()
    facts = triples(with_results(analysis(**fields) | {"unitOfMeasure": "Months"}), account=account)
    said = about(facts, "result/NCT00000001-outcome-1-analysis-1")
    assert {name: said[name] for name in expected} == expected
    assert remarks(account) == ({remark: 1} if remark else {})
    usable = not remark or "outside" in remark
    assert ("confidenceLow" in said) == (usable and "ciLowerLimit" in fields)


ARMS: dict[str, tuple[list[tuple[str, str, str]], list[str], tuple[str, str] | None]] = {
    "placebo by role": (
        [("Drug", "EXPERIMENTAL", "x"), ("Pill", "PLACEBO_COMPARATOR", "x")],
        ["Drug", "Pill"],
        ("drug", "pill"),
    ),
    "the order does not tell": (
        [("Drug", "EXPERIMENTAL", "x"), ("Pill", "PLACEBO_COMPARATOR", "x")],
        ["Pill", "Drug"],
        ("drug", "pill"),
    ),
    "placebo by what is given": (
        [("A", "EXPERIMENTAL", "x"), ("B", "EXPERIMENTAL", "Placebo")],
        ["B", "A"],
        ("a", "b"),
    ),
    "active comparator": ([("A", "ACTIVE_COMPARATOR", "x"), ("B", "EXPERIMENTAL", "x")], ["A", "B"], ("b", "a")),
    "two under test": ([("A", "EXPERIMENTAL", "x"), ("B", "EXPERIMENTAL", "x")], ["A", "B"], None),
    "one unknown": ([("A", "EXPERIMENTAL", "x"), ("B", "OTHER", "x")], ["A", "B"], None),
    "groups of other names": (
        [("1", "EXPERIMENTAL", "x")],
        ["Drug X", "Placebo + usual care"],
        ("reported-drug-x", "reported-placebo-usual-care"),
    ),
    "placebo for a time": ([("1", "EXPERIMENTAL", "x")], ["Drug X", "Placebo then drug"], None),
    "three groups": ([("A", "EXPERIMENTAL", "x"), ("B", "PLACEBO_COMPARATOR", "x")], ["A", "B", "C"], None),
    "one group": ([("A", "EXPERIMENTAL", "x")], ["A"], None),
}


@pytest.mark.parametrize("case", ARMS)
def test_who_is_compared_with_whom_is_told_by_roles(case: str) -> None:
    arms, titles, expected = ARMS[case]
    made = with_results(
        {
            "groups": [{"id": f"OG{i}", "title": title} for i, title in enumerate(titles)],
            "analyses": [{"groupIds": [f"OG{i}" for i in range(len(titles))], "pValue": "0.5"}],
        }
    )
    made["protocolSection"]["armsInterventionsModule"] = {
        "armGroups": [
            {"label": label, "type": role, "interventionNames": [f"Drug: {given}"]} for label, role, given in arms
        ]
    }
    facts = triples(made)
    said = about(facts, "result/NCT00000001-outcome-1-analysis-1")
    if expected:
        assert said["type"] == "kg:ComparativeResult"
        assert (said["comparesArm"], said["againstArm"]) == tuple(f"arm:NCT00000001-{tail}" for tail in expected)
    else:
        assert said["type"] == "kg:Result"
        assert len(said["involvesArm"].split(" | ")) == len(titles)
