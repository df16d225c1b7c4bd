"""Claims to be the first, assessed by a rule: upheld, contradicted or not assessable, with the evidence named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import kg
from tests.test_first import COVERAGE, approval

Close = Callable[[str], kg.Store]
Verdicts = dict[str, str]


def claim(novelty: str = "first-and-only", scope: str = "", within: str = "neuroendocrine-tumour") -> str:
    """Return a claim about the approval of :mine on 2010-01-01."""
    return (
        approval("mine", "2010-01-01", within=within)
        + f"""
    :claim a kg:NoveltyClaim ; rdfs:label "claim"@en ; kg:claimsNovelty code:{novelty} ;
        kg:aboutEvent :mine-EC-2010-01-01 ; kg:claimedIn jurisdiction:EU ; kg:hasScope :scope .
    :scope a kg:Indication ; rdfs:label "scope"@en ; kg:forCondition condition:neuroendocrine-tumour {scope} .
    """
    )


def verdicts(store: kg.Store) -> Verdicts:
    """Return each part of the claim with its verdict."""
    return {row["claimed"]: row["verdict"] for row in kg.ask("claims-assessed", store)}


def evidence(store: kg.Store) -> set[tuple[str, str, str, str]]:
    rows = kg.ask("claims-assessed", store)
    return {(row["claimed"], row["rival"], row["evidence"], row["basis"]) for row in rows if row["rival"]}


UPHELD = {"first": "first", "only": "only"}
REFUTED = {"first": "not first", "only": "not only"}
OPEN = {"first": "not assessable", "only": "not assessable"}


def test_nothing_earlier_in_what_is_covered(closed: Close) -> None:
    assert verdicts(closed(COVERAGE + claim())) == UPHELD
    later = approval("other", "2010-01-01", within="neuroendocrine-tumour")
    assert verdicts(closed(COVERAGE + claim() + later)) == UPHELD


def test_nothing_covers_the_day(closed: Close) -> None:
    assert verdicts(closed(claim())) == OPEN
    some = COVERAGE.replace("code:all-approvals", "code:centralised-approvals")
    store = closed(some + claim())
    assert verdicts(store) == OPEN
    assert {row["reason"] for row in kg.ask("claims-assessed", store)} == {
        "no coverage statement lists all approvals of the jurisdiction on the day"
    }
    assert {row["assessedWith"] for row in kg.ask("claims-assessed", store)} == {"made for a test"}


@pytest.mark.parametrize(
    ("within", "expected", "counts"),
    [
        ("neuroendocrine-tumour", REFUTED, "counts"),
        ("pancreatic-neuroendocrine-tumour", REFUTED, "counts"),
        ("neoplasm", OPEN, "may count"),
    ],
)
def test_an_earlier_approval_of_another(within: str, expected: Verdicts, counts: str, closed: Close) -> None:
    store = closed(COVERAGE + claim() + approval("other", "2009-12-31", within=within))
    assert verdicts(store) == expected
    assert evidence(store) == {(part, "other", counts, "its indication") for part in expected}


@pytest.mark.parametrize(
    "other",
    [
        approval("mine", "2009-12-31", within="neuroendocrine-tumour"),
        approval("other", "2009-12-31", agency="FDA", within="neuroendocrine-tumour"),
        approval("other", "2009-12-31", within="neuroendocrine-tumour") + ":other-EC-2009-12-31 a kg:LabelExtension .",
    ],
    ids=["of the same", "elsewhere", "that follows another"],
)
def test_what_does_not_compete(other: str, closed: Close) -> None:
    assert verdicts(closed(COVERAGE + claim() + other)) == UPHELD


PRIOR = "; kg:requiresPriorTherapy :prior . :prior a kg:PriorTherapyRequirement ; rdfs:label 'prior'@en"


def test_a_claim_for_the_previously_treated(closed: Close) -> None:
    """A label that leaves prior therapy open leaves the claim open; one that asks for it contradicts."""
    other = approval("other", "2009-12-31", within="neuroendocrine-tumour")
    assert verdicts(closed(COVERAGE + claim(scope=PRIOR) + other)) == OPEN
    assert (
        verdicts(closed(COVERAGE + claim(scope=PRIOR) + other + ":other-label kg:requiresPriorTherapy :prior ."))
        == REFUTED
    )


def withdrawal(on: str) -> str:
    return f"""
    :gone a kg:Withdrawal ; kg:forSubstance :other ; kg:issuedBy agency:EC ; kg:decisionDate "{on}"^^xsd:date ;
        kg:sortDate "{on}"^^xsd:date ; kg:hasDatePrecision code:day .
    """


@pytest.mark.parametrize(("on", "only"), [("2010-01-01", "only"), ("2010-01-02", "not only")])
def test_a_withdrawn_rival_was_first_and_left_the_only_one(on: str, only: str, closed: Close) -> None:
    other = approval("other", "2009-12-31", within="neuroendocrine-tumour") + withdrawal(on)
    assert verdicts(closed(COVERAGE + claim() + other)) == {"first": "not first", "only": only}


def test_a_therapeutic_area_has_no_date(closed: Close) -> None:
    area = """
    :other a kg:Substance ; rdfs:label "other"@en .
    :brand a kg:MedicinalProduct ; rdfs:label "brand"@en ; kg:hasSubstance :other ;
        kg:hasTherapeuticArea condition:pancreatic-neuroendocrine-tumour .
    :other-approval a kg:InitialApproval ; kg:grantedBy agency:EC ; kg:forProduct :brand ;
        kg:decisionDate "2005-01-01"^^xsd:date ; kg:sortDate "2005-01-01"^^xsd:date ; kg:hasDatePrecision code:day .
    """
    store = closed(COVERAGE + claim() + area)
    assert verdicts(store) == OPEN
    assert evidence(store) == {(part, "other", "may count", "therapeutic area today") for part in OPEN}


def test_other_kinds_of_novelty(closed: Close) -> None:
    assert verdicts(closed(COVERAGE + claim("first-in-indication"))) == {"first": "first"}
    store = closed(COVERAGE + claim("first-in-line"))
    assert verdicts(store) == {"first": "not assessable"}
    assert {row["reason"] for row in kg.ask("claims-assessed", store)} == {"no rule assesses this kind of novelty"}


def test_the_founding_claim_against_the_shipped_registers(shipped: kg.Store) -> None:
    rows = list(kg.ask("claims-assessed", shipped, substance="cabozantinib"))
    assert {row["verdict"] for row in rows} == {"not assessable"}
    assert {row["claimed"] for row in rows} == {"first", "only"}
    named = {(row["rival"], str(row["rivalDate"]), row["basis"], row["source"]) for row in rows}
    assert ("sunitinib", "2006-07-19", "therapeutic area today", "EMA medicines table, 2025-07-15") in named
    assert (
        "lutetium oxodotreotide lu-177",
        "2017-09-26",
        "therapeutic area today",
        "EMA medicines table, 2025-07-15",
    ) in named
    assert all(row["locator"] and str(row["rivalDate"]) < "2025-07-24" for row in rows)
