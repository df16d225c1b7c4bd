"""The questions over registers, on a register of a few rows made for the purpose."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pyoxigraph as ox
import pytest
import rdflib

import kg
from kg import bridge, lookup, questions
from kg.store import of
from tests.conftest import PREFIXES, ROOT
from tests.registers.register_rows import BOTH, REGISTER, cells

NEW = (
    "first-approvals approved-in-one-region-only"
    " approval-lag-between-regions approval-lag-by-class approval-lag-by-year label-extensions"
    " special-provisions approvals-under-provision companies-by-first-approvals trials-with-results"
    " orphan-designations match-methods matched-by approvals-since refused-or-withdrawn coverage"
).split()


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> kg.Store:
    """Return the closure of the register."""
    path = tmp_path_factory.mktemp("register") / "register.ttl"
    path.write_text(PREFIXES + REGISTER)
    return of(kg.reason(kg.load(path, ROOT / "kg" / "data" / "reference")))


def test_the_first_listed_is_named_with_what_it_follows(register: kg.Store) -> None:
    columns = "jurisdiction date company note locator"
    us, eu = "United States of America", "European Union"
    follows = "follows an approval that is not listed"
    assert cells(register, "first-approvals", columns, substance="early") == [
        (us, "2010-01-01", "Two Inc", "", "row e-us"),
        (eu, "2010-01-11", "One Inc", "", "row e-eu"),
    ]
    assert cells(register, "first-approvals", "date note", substance="generic", **{"jurisdiction": "US"}) == [
        ("2012-01-01", follows)
    ]
    assert cells(register, "first-approvals", "date note locator", substance="tied") == [("2015-01-01", "", "row t-2")]
    assert [row[0] for row in cells(register, "first-approvals", "jurisdiction", substance="undated")] == [eu]


def test_approved_here_and_not_there(register: kg.Store) -> None:
    columns = "substance date otherCovered"
    only = cells(register, "approved-in-one-region-only", columns, jurisdiction="JP", other="EU")
    assert only == [("tied", "2015-01-01", "2000-01-01 to 2020-12-31")]
    # An approval without a date is an approval.
    assert cells(register, "approved-in-one-region-only", columns, jurisdiction="EU", other="US") == []
    only = cells(register, "approved-in-one-region-only", columns, jurisdiction="EU", other="JP", since="2013-06-01")
    assert only == [("undated", "2013-06-01", "no coverage statement")]


def test_a_lag_is_signed_and_says_whether_it_compares(register: kg.Store) -> None:
    rows = cells(register, "approval-lag-between-regions", "substance days comparable", **BOTH)
    uncovered, follows = "no: outside of what the sources cover", "no: an earlier approval is not listed"
    assert rows == [
        ("late", -5, "yes"),
        ("same", 0, "yes"),
        ("early", 10, "yes"),
        ("generic", 366, follows),
        ("far", 1000, "yes"),
        ("old", 8035, uncovered),
    ]
    back = cells(register, "approval-lag-between-regions", "substance days", jurisdiction="EU", other="US")
    assert sorted(back) == sorted((substance, -days) for substance, days, _ in rows if isinstance(days, int))
    of_class = {**BOTH, "drugClass": "two", "since": "2010-02-01"}
    assert cells(register, "approval-lag-between-regions", "substance", **of_class) == [("late",), ("far",)]
    assert cells(register, "approval-lag-between-regions", "substance", until="2010-12-31", **BOTH) == [
        ("late",),
        ("early",),
    ]


def test_the_median_is_that_of_the_comparable_lags(register: kg.Store) -> None:
    columns = "substances otherFirst least median mean most"
    assert cells(register, "approval-lag-by-class", f"drugClass {columns}", level=1, **BOTH) == [
        ("one", 4, 1, -5, 5, 251, 1000)
    ]
    assert cells(register, "approval-lag-by-class", f"drugClass {columns}", level=2, **BOTH) == [
        ("two", 3, 1, -5, 10, 335, 1000)
    ]
    assert cells(register, "approval-lag-by-year", f"year {columns}", **BOTH) == [
        (2010, 2, 1, -5, Decimal("2.5"), 3, 10),
        (2011, 1, 0, 0, 0, 0, 0),
        (2012, 1, 0, 1000, 1000, 1000, 1000),
    ]


def test_label_extensions_come_in_order(register: kg.Store) -> None:
    assert cells(register, "label-extensions", "date kind locator", substance="late") == [
        ("2014-02-01", "label extension", "row t-4"),
        ("2014-03-01", "indication extension", "row t-5"),
    ]
    assert cells(register, "label-extensions", "date", substance="late", jurisdiction="US") == []


def test_provisions_are_counted_and_listed(register: kg.Store) -> None:
    rows = cells(register, "special-provisions", "jurisdiction provision year approvals substances")
    assert rows == [
        ("European Union", "conditional approval", 2010, 1, 1),
        ("Japan", "orphan status", 2014, 1, 1),
        ("United States of America", "orphan status", 2010, 1, 1),
    ]
    assert cells(register, "special-provisions", "year", provision="code:orphan-status", since="2011-01-01") == [
        (2014,)
    ]
    listed = cells(register, "approvals-under-provision", "date substance kind", provision="code:orphan-status")
    assert listed == [("2010-03-06", "late", "initial approval"), ("2014-02-01", "late", "label extension")]


def test_companies_are_ranked_by_substances(register: kg.Store) -> None:
    columns = "company substances earliest latest"
    assert cells(register, "companies-by-first-approvals", columns, jurisdiction="EU") == [
        ("One Inc", 2, "2010-01-11", "2010-03-01"),
        ("Two Inc", 1, "2011-05-05", "2011-05-05"),
    ]
    # The follow-on approval of Two Inc's generic is no first.
    assert cells(register, "companies-by-first-approvals", columns, jurisdiction="US") == [
        ("Two Inc", 1, "2010-01-01", "2010-01-01")
    ]
    assert cells(register, "companies-by-first-approvals", "company", jurisdiction="EU", since="2011-01-01") == [
        ("Two Inc",)
    ]


def test_trials_with_results_count_them_by_outcome(register: kg.Store) -> None:
    columns = "registryId substances outcome role results"
    pain, survival = ("NCT1", "early", "Pain at rest", "other", 1), ("NCT1", "early", "overall survival", "primary", 2)
    assert cells(register, "trials-with-results", columns) == [pain, survival]
    assert cells(register, "trials-with-results", columns, word="PAIN") == [pain]
    assert cells(register, "trials-with-results", columns, outcome="overall survival") == [survival]
    assert cells(register, "trials-with-results", columns, substance="late") == []


def test_orphan_designations_of_a_condition_include_the_narrower(register: kg.Store) -> None:
    columns = "date substance designatedFor identifier"
    rare = ("2009-01-01", "late", "neuroendocrine tumour", None)
    assert cells(register, "orphan-designations", columns) == [("2008-01-01", "never", None, "D2"), rare]
    assert cells(register, "orphan-designations", columns, condition="neoplasm") == [rare]
    assert cells(register, "orphan-designations", columns, condition="condition:neuroendocrine-tumour") == [rare]
    assert cells(register, "orphan-designations", columns, condition="condition:pancreatic-neuroendocrine-tumour") == []


def test_what_was_refused_or_ended(register: kg.Store) -> None:
    columns = "date kind substance"
    refused, ended = ("2014-01-01", "refusal", "never"), ("2019-01-01", "withdrawal", "early")
    suspended, before = ("2018-01-01", "suspension", "late"), (None, "application withdrawal", None)
    assert cells(register, "refused-or-withdrawn", columns) == [before, refused, suspended, ended]
    assert cells(register, "refused-or-withdrawn", columns, since="2018-01-01") == [suspended, ended]
    assert cells(register, "refused-or-withdrawn", columns, substance="never", jurisdiction="EU") == [refused]


def test_how_substances_were_matched(register: kg.Store) -> None:
    assert cells(register, "match-methods", "source method things") == [
        ("made for a test", "misprint", 2),
        ("made for a test", "exact", 1),
    ]
    assert cells(register, "matched-by", "printed substance", method="code:match-misprint") == [
        ("eraly", "early"),
        ("latte", "late"),
    ]


def test_approvals_since_tell_the_kind(register: kg.Store) -> None:
    columns = "date approvalKind substance"
    assert cells(register, "approvals-since", columns, since="2014-03-01") == [
        ("2015-02-01", "indication extension", "tied"),
        ("2015-01-01", "initial approval", "tied"),
        ("2015-01-01", "first listed approval", "tied"),
        ("2014-03-01", "indication extension", "late"),
    ]
    first = {"since": "2013-01-01", "kind": "first listed approval", "jurisdiction": "EU"}
    assert cells(register, "approvals-since", columns, **first) == [
        ("2013-06-01", "first listed approval", "undated"),
        ("2013-01-01", "first listed approval", "generic"),
    ]


def test_coverage_says_what_is_covered_and_on_which_terms(register: kg.Store) -> None:
    assert cells(register, "coverage", "covered licence", jurisdiction="EU") == [("all of EU", "free")]


@pytest.mark.parametrize("name", NEW)
def test_another_engine_agrees(name: str, register: kg.Store) -> None:
    question = questions.question(name)
    given = {param.name: param.example for param in question.params if param.required and param.name != "substance"}
    if "substance" in {param.name for param in question.params if param.required}:
        given["substance"] = "late"
    if name == "approved-in-one-region-only":
        given["jurisdiction"] = "US"
    if name == "approvals-since":
        given["since"] = "2012-01-01"
    sparql = question.bind(lookup.terms(register, question, given))
    named = (quad for quad in register.quads if isinstance(quad.graph_name, ox.NamedNode))
    found = bridge.to_rdflib(named).query(sparql)

    def plain(cell: object) -> object:
        if isinstance(cell, rdflib.Literal | ox.Literal):
            number = str(cell.datatype).strip("<>").endswith(("#decimal", "#integer"))
            return Decimal(str(cell.value)) if number else str(cell.value)
        return cell.value if isinstance(cell, ox.NamedNode) else None if cell is None else str(cell)

    ours = kg.ask(name, register, **given).rows
    theirs = [tuple(row) for row in found if isinstance(row, rdflib.query.ResultRow)]
    assert Counter(tuple(map(plain, row)) for row in theirs) == Counter(tuple(map(plain, row)) for row in ours)
    assert ours
