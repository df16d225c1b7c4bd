"""First in class and first in indication: three verdicts, on registers made for the purpose."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import kg

Close = Callable[[str], kg.Store]

COVERAGE = """
:cover a kg:CoverageStatement ; kg:coversJurisdiction jurisdiction:EU ; kg:coversEvents code:all-approvals ;
    kg:startDate "1995-01-01"^^xsd:date ; kg:endDate "2024-12-31"^^xsd:date ; kg:restsOnSource :source .
"""
CLASSES = """
:inhibitors a kg:DrugClass ; rdfs:label "inhibitors"@en ; skos:inScheme scheme:atc .
:selective a kg:DrugClass ; rdfs:label "selective"@en ; skos:inScheme scheme:atc ; skos:broader :inhibitors .
:mechanism a kg:DrugClass ; rdfs:label "mechanism"@en ; skos:inScheme scheme:mechanism-of-action .
"""


def approval(substance: str, date: str, *, agency: str = "EC", in_class: str = "", within: str = "neoplasm") -> str:
    classes = f" ; kg:inDrugClass {in_class}" if in_class else ""
    return f"""
    :{substance} a kg:Substance ; rdfs:label "{substance}"@en{classes} .
    :{substance}-{agency}-{date} a kg:Approval ; kg:forSubstance :{substance} ; kg:grantedBy agency:{agency} ;
        kg:approvesIndication :{substance}-label ; kg:decisionDate "{date}"^^xsd:date ; kg:sortDate "{date}"^^xsd:date ;
        kg:hasDatePrecision code:day .
    :{substance}-label a kg:Indication ; rdfs:label "label"@en ; kg:forCondition condition:{within} .
    """


def verdicts(store: kg.Store, name: str = "first-in-class", **values: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (substance, class) -> (verdict, rival)."""
    answer = kg.ask(name, store, **{"jurisdiction": "EU", **values})
    return {(row["substance"], row.get("drugClass") or ""): (row["verdict"], row["rival"] or "") for row in answer}


def test_the_earlier_is_first_and_the_later_is_not(closed: Close) -> None:
    store = closed(
        COVERAGE
        + CLASSES
        + approval("early", "2001-01-01", in_class=":inhibitors")
        + approval("late", "2002-01-01", in_class=":inhibitors")
    )
    assert verdicts(store) == {
        ("early", "inhibitors"): ("first", "late"),
        ("late", "inhibitors"): ("not first", "early"),
    }


def test_two_on_one_day_are_both_first(closed: Close) -> None:
    store = closed(
        COVERAGE
        + CLASSES
        + approval("one", "2001-01-01", in_class=":inhibitors")
        + approval("two", "2001-01-01", in_class=":inhibitors")
    )
    assert {verdict for verdict, _ in verdicts(store).values()} == {"first"}


def test_first_of_the_narrow_class_is_not_first_of_the_wide(closed: Close) -> None:
    store = closed(
        COVERAGE
        + CLASSES
        + approval("plain", "2001-01-01", in_class=":inhibitors")
        + approval("fine", "2002-01-01", in_class=":selective")
    )
    assert verdicts(store) == {
        ("plain", "inhibitors"): ("first", "fine"),
        ("fine", "inhibitors"): ("not first", "plain"),
        ("fine", "selective"): ("first", ""),
    }


def test_the_scheme_makes_the_class(closed: Close) -> None:
    store = closed(
        COVERAGE
        + CLASSES
        + approval("plain", "2001-01-01", in_class=":inhibitors , :mechanism")
        + approval("fine", "2002-01-01", in_class=":mechanism")
    )
    assert verdicts(store, scheme="scheme:mechanism-of-action") == {
        ("plain", "mechanism"): ("first", "fine"),
        ("fine", "mechanism"): ("not first", "plain"),
    }
    assert verdicts(store, scheme="ATC")["fine", ""] == ("not assessable", "")


def test_a_region_is_its_own_race(closed: Close) -> None:
    store = closed(
        COVERAGE
        + CLASSES
        + approval("early", "2001-01-01", agency="FDA", in_class=":inhibitors")
        + approval("late", "2002-01-01", in_class=":inhibitors")
    )
    assert verdicts(store) == {("late", "inhibitors"): ("first", "")}
    assert verdicts(store, jurisdiction="US") == {("early", "inhibitors"): ("not assessable", "")}


@pytest.mark.parametrize("date", ["1994-12-31", "2025-01-01"])
def test_outside_the_coverage_first_is_not_assessable(date: str, closed: Close) -> None:
    store = closed(COVERAGE + CLASSES + approval("lone", date, in_class=":inhibitors"))
    assert verdicts(store) == {("lone", "inhibitors"): ("not assessable", "")}


@pytest.mark.parametrize("date", ["1995-01-01", "2024-12-31"])
def test_the_coverage_includes_its_ends(date: str, closed: Close) -> None:
    store = closed(COVERAGE + CLASSES + approval("lone", date, in_class=":inhibitors"))
    assert verdicts(store) == {("lone", "inhibitors"): ("first", "")}


def test_an_earlier_rival_needs_no_coverage(closed: Close) -> None:
    store = closed(
        CLASSES
        + approval("early", "2001-01-01", in_class=":inhibitors")
        + approval("late", "2002-01-01", in_class=":inhibitors")
    )
    assert verdicts(store) == {
        ("early", "inhibitors"): ("not assessable", "late"),
        ("late", "inhibitors"): ("not first", "early"),
    }


def test_without_a_class_nothing_is_assessable(closed: Close) -> None:
    store = closed(COVERAGE + approval("lone", "2001-01-01"))
    assert verdicts(store) == {("lone", ""): ("not assessable", "")}


def test_a_substance_is_no_rival_of_itself(closed: Close) -> None:
    store = closed(
        COVERAGE
        + CLASSES
        + approval("lone", "2001-01-01", in_class=":inhibitors")
        + approval("lone", "2002-01-01", in_class=":inhibitors")
    )
    assert verdicts(store) == {("lone", "inhibitors"): ("first", "")}


def test_a_withdrawn_approval_still_came_first(closed: Close) -> None:
    withdrawal = """
    :gone a kg:Withdrawal ; kg:forSubstance :early ; kg:issuedBy agency:EC ; kg:sortDate "2001-06-01"^^xsd:date ;
        kg:hasDatePrecision code:day ; kg:decisionDate "2001-06-01"^^xsd:date .
    """
    store = closed(
        COVERAGE
        + CLASSES
        + withdrawal
        + approval("early", "2001-01-01", in_class=":inhibitors")
        + approval("late", "2002-01-01", in_class=":inhibitors")
    )
    assert verdicts(store)["late", "inhibitors"] == ("not first", "early")
    assert [row["substance"] for row in kg.ask("refused-or-withdrawn", store)] == ["early"]


def test_an_opinion_or_refusal_does_not_compete(closed: Close) -> None:
    others = """
    :near a kg:Substance ; rdfs:label "near"@en ; kg:inDrugClass :inhibitors .
    :opinion a kg:ScientificOpinion ; kg:forSubstance :near ; kg:issuedBy agency:CHMP ;
        kg:sortDate "2000-01-01"^^xsd:date .
    :refusal a kg:Refusal ; kg:forSubstance :near ; kg:issuedBy agency:EC ; kg:sortDate "2000-02-01"^^xsd:date .
    """
    store = closed(COVERAGE + CLASSES + others + approval("late", "2002-01-01", in_class=":inhibitors"))
    assert verdicts(store) == {("late", "inhibitors"): ("first", "")}


@pytest.mark.parametrize(("day", "known"), [("2001-12-31", {"early"}), ("2002-01-01", {"early", "late"})])
def test_as_of_a_day(day: str, known: set[str], closed: Close) -> None:
    store = closed(
        COVERAGE
        + CLASSES
        + approval("early", "2001-01-01", in_class=":inhibitors")
        + approval("late", "2002-01-01", in_class=":inhibitors")
    )
    assert {substance for substance, _ in verdicts(store, asOf=day)} == known


def test_first_in_indication_rolls_up(closed: Close) -> None:
    store = closed(
        COVERAGE
        + approval("narrow", "2001-01-01", within="pancreatic-neuroendocrine-tumour")
        + approval("wide", "2002-01-01", within="neuroendocrine-tumour")
        + approval("other", "2000-01-01", within="neoplasm")
    )
    name = "first-in-indication"
    assert verdicts(store, name, condition="NET") == {
        ("narrow", ""): ("first", "wide"),
        ("wide", ""): ("not first", "narrow"),
    }
    assert verdicts(store, name, condition="pNET") == {("narrow", ""): ("first", "")}
    assert verdicts(store, name, condition="neoplasm")["narrow", ""] == ("not first", "other")


def test_membership_has_dates(closed: Close) -> None:
    store = closed(approval("old", "2019-01-01") + approval("new", "2021-01-01"))

    def there(country: str, **values: str) -> set[str]:
        return {row["substance"] for row in kg.ask("approvals-in-country", store, country=country, **values)}

    assert there("DE") == {"old", "new"}
    assert there("GB") == set()
    assert there("GB", asOf="2020-01-31") == {"old"}
    assert there("GB", asOf="2020-02-01") == set()
    assert there("HR", asOf="2013-06-30") == set()


@pytest.mark.parametrize(("therapies", "opened"), [("0", "no"), ("1", "yes"), ("2", "yes")])
def test_prior_therapies_are_counted(therapies: str, opened: str, founding: kg.Store) -> None:
    rows = kg.ask("prior-therapy-options", founding, condition="NET", jurisdiction="EU", priorTherapies=therapies)
    assert [row["open"] for row in rows] == [opened]
    us = kg.ask("prior-therapy-options", founding, condition="NET", jurisdiction="US", priorTherapies=therapies)
    assert [row["open"] for row in us] == ["no" if therapies == "0" else "not stated"]


@pytest.mark.parametrize(("age", "opened"), [("11", "no"), ("12", "yes"), ("40", "yes")])
def test_ages_are_compared_where_a_number_is_stated(age: str, opened: str, founding: kg.Store) -> None:
    rows = {row["jurisdiction"]: row["open"] for row in kg.ask("approvals-for-age", founding, age=age)}
    assert rows == {"United States of America": opened, "European Union": "no number stated"}
