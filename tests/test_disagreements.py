"""Where two sources tell different things of one: both are kept, and the question lists them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg.why import why_row
from tests.conftest import FOUNDING

Turtle = Callable[..., Path]

SECOND = "<> prov:wasDerivedFrom :second . :second a kg:Source ; rdfs:label 'second'@en ."
TRIAL = ":trial a kg:ClinicalTrial ; rdfs:label 'trial'@en ; dcterms:identifier 'NCT00000001' ; kg:hasCohort :cohort ."


def disagreements(turtle: Turtle, first: str, second: str, **values: str) -> set[tuple[str, ...]]:
    """Return what a register and a second source, each a file, tell differently."""
    other = turtle(second, "second.ttl")
    other.write_text(other.read_text().replace("<> prov:wasDerivedFrom :source .", SECOND))
    rows = list(kg.ask("sources-disagree", [turtle(first, "first.ttl"), other, "shipped/reference"], **values))
    assert all({row["source"], row["otherSource"]} == {"made for a test", "second"} for row in rows)
    return {(row["kind"], row["fact"], *sorted((str(row["value"]), str(row["otherValue"])))) for row in rows}


def result(name: str, value: str, arm: str = ":arm", unit: str = "percent", statistic: str = "proportion") -> str:
    return f"""
    :cohort a kg:Cohort ; rdfs:label "cohort"@en ; kg:hasResult :{name} .
    :{name} a kg:ArmResult ; kg:measures code:objective-response-rate ; kg:ofArm {arm} ; kg:hasUnit code:{unit} ;
        kg:hasStatistic code:{statistic} ; kg:value {value} ; kg:reportedText "{value}" .
    """


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (":e kg:decisionDate '2020-01-01'^^xsd:date .", ":e kg:decisionDate '2020-01-02'^^xsd:date .",
         {("date", "decision date", "2020-01-01", "2020-01-02")}),
        (":e kg:decisionDate '2020-01'^^xsd:gYearMonth .", ":e kg:decisionDate '2020-02-02'^^xsd:date .",
         {("date", "decision date", "2020-01", "2020-02-02")}),
        (":e kg:decisionDate '2020-02'^^xsd:gYearMonth .", ":e kg:decisionDate '2020-02-02'^^xsd:date .", set()),
        (":e kg:decisionDate '2020-01-01'^^xsd:date .", ":e kg:decisionDate '2020-01-01'^^xsd:date .", set()),
        (":p kg:hasStatus code:authorised .", ":p kg:hasStatus code:withdrawn .",
         {("status", "has status", "authorised", "withdrawn")}),
        (":t kg:enrolment 298 .", ":t kg:enrolment 290 .", {("number", "enrolment", "290", "298")}),
        (":r kg:value 5.0 .", ":r kg:value 5.00 .", set()),
        (TRIAL + result("a", "5.0"), result("b", "19.0"), {("number", "value", "19", "5")}),
        (TRIAL + result("a", "5.0"), result("b", "5.0"), set()),
        (TRIAL + result("a", "5.0"), result("b", "19.0", arm=":other"), set()),
        (TRIAL + result("a", "5.0"), result("b", "19.0", unit="months"), set()),
        (TRIAL + result("a", "5.0"), result("b", "19.0", statistic="median"), set()),
    ],
)  # fmt: skip
def test_what_two_sources_tell(first: str, second: str, expected: set[tuple[str, ...]], turtle: Turtle) -> None:
    assert disagreements(turtle, first, second) == expected


def test_one_source_may_tell_two_things(turtle: Turtle) -> None:
    both = ":e kg:decisionDate '2020-01-01'^^xsd:date , '2021-01-01'^^xsd:date ."
    assert disagreements(turtle, both, ":e kg:decisionDate '2020-01-01'^^xsd:date .") == set()


def test_one_kind_only(turtle: Turtle) -> None:
    first = ":e kg:decisionDate '2020-01-01'^^xsd:date ; kg:hasStatus code:authorised ."
    second = ":e kg:decisionDate '2020-01-02'^^xsd:date ; kg:hasStatus code:withdrawn ."
    assert {kind for kind, *_ in disagreements(turtle, first, second, kind="status")} == {"status"}


def test_a_disagreement_is_no_fault(turtle: Turtle) -> None:
    """The check stays silent, and the record and the publications of CABINET agree in their numbers."""
    assert kg.check(*FOUNDING).violations == ()
    assert len(kg.ask("sources-disagree", FOUNDING)) == 0


def test_two_registers_of_the_us(shipped: kg.Store) -> None:
    rows = list(kg.ask("sources-disagree", shipped, kind="date"))
    assert {(row["substance"], *sorted((str(row["value"]), str(row["otherValue"])))) for row in rows} == {
        ("botulinum toxin type a", "1989-12-09", "1991-12-09"),
        ("ifosfamide", "1987-08-14", "1988-12-30"),
        ("pegaptanib", "2004-09-17", "2004-12-17"),
        ("sorafenib", "2005-12-01", "2005-12-20"),
    }
    assert all(row["locator"] and row["otherLocator"] for row in rows)


@pytest.mark.parametrize("expected", [{"2020-01-01", "2020-01-02"}, {"5", "19"}])
def test_a_disagreement_rests_on_both(expected: set[str], turtle: Turtle) -> None:
    first, second = (":e kg:decisionDate '2020-01-01'^^xsd:date .", ":e kg:decisionDate '2020-01-02'^^xsd:date .")
    if "5" in expected:
        first, second = TRIAL + result("a", "5.0"), result("b", "19.0")
    other = turtle(second, "second.ttl")
    other.write_text(other.read_text().replace("<> prov:wasDerivedFrom :source .", SECOND))
    store = kg.open_store(turtle(first, "first.ttl"), other, "shipped/reference")
    told = why_row("sources-disagree", 1, store)
    facts = [proof.fact for proof in told.proofs if proof.fact]
    assert expected <= {fact.object.value for fact in facts if isinstance(fact.object, ox.Literal)}
