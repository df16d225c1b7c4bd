"""ClinicalTrials.gov: the real files, counted a second way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pyoxigraph as ox
import pytest

from kg.names import compact
from kg.registers import ctgov, ctgov_records
from kg.registers.account import Account
from kg.registers.conditions import Index, Matcher
from kg.registers.ctgov_facts import TrialFacts
from kg.registers.substances import Names, Resolver
from tests.registers.ctgov_studies import Json, Known, about, remarks, study
from tests.shared import DOWNLOADS, real

API = DOWNLOADS / "ctgov" / "api_v2"


@cache
def imported() -> tuple[Account, list[ox.Triple]]:
    account = Account()
    facts = TrialFacts(Known(), Known(), account)
    return account, [fact for each in ctgov.read([API], account) for fact in facts.of(each)]


@real
def test_all_real_studies_are_read() -> None:
    account, facts = imported()
    assert (account.read, account.used, account.by_reason) == (397, 397, {})
    assert remarks(account) == {"a ratio below 0, perhaps its logarithm": 1}
    kinds = Counter(compact(fact.object.value) for fact in facts if fact.predicate.value.endswith("#type"))  # type: ignore[union-attr]
    names = (
        "ClinicalTrial",
        "ObservationalStudy",
        "Arm",
        "Cohort",
        "Endpoint",
        "ArmResult",
        "ComparativeResult",
        "Result",
        "AdverseEventCount",
    )
    assert {name: kinds[f"kg:{name}"] for name in names} == {
        "ClinicalTrial": 317,
        "ObservationalStudy": 80,
        "Arm": 603,
        "Cohort": 80,
        "Endpoint": 3438,
        "ArmResult": 1696,
        "ComparativeResult": 125,
        "Result": 58,
        "AdverseEventCount": 1701,
    }


REPORTED = {
    "NCT02493868-outcome-1-analysis-1": ("code:hazard-ratio", "0.49 (95% CI 0.29 to 0.84; P = 0.003)", "=", "0.003"),
    "NCT04280705-outcome-1-analysis-1": (
        "code:cox-proportional-hazard",
        "1.29 (95% CI 1.12 to 1.49; P <0.001)",
        "<",
        "0.001",
    ),
    "NCT02552212-outcome-1-analysis-1": ("code:odds-ratio", "15.231 (95% CI 7.336 to 31.623; P <0.001)", "<", "0.001"),
    "NCT03726437-outcome-1-analysis-1": ("code:risk-ratio", ".48 (95% CI .33 to .69; P .0002)", "=", "0.0002"),
}


@real
@pytest.mark.parametrize("tail", REPORTED)
def test_real_comparisons_are_as_printed(tail: str) -> None:
    said = about(imported()[1], f"result/{tail}")
    assert (said["hasStatistic"], said["reportedText"], said["pOperator"], said["pValue"]) == REPORTED[tail]
    assert "placebo" in said["againstArm"] or tail.startswith("NCT03726437")


def raw() -> Iterator[Json]:
    for path in sorted(API.rglob("*.json")):
        content = json.loads(path.read_text())
        yield from content if isinstance(content, list) else content.get("studies", [content])


@real
def test_every_real_number_is_stated_as_printed() -> None:
    """Counted the other way round: from the json, without the reader."""
    printed = Counter[str]()
    for each in raw():
        for measure in each.get("resultsSection", {}).get("outcomeMeasuresModule", {}).get("outcomeMeasures", []):
            numbers = [m for c in measure.get("classes", []) for k in c["categories"] for m in k["measurements"]]
            printed["value"] += sum(m["value"] != "NA" for m in numbers)
            printed["value"] += sum("paramValue" in a for a in measure.get("analyses", []))
            printed["pValue"] += sum("pValue" in a for a in measure.get("analyses", []))
            printed["dispersion"] += sum("spread" in m for m in numbers)
            printed["dispersion"] += sum("dispersionValue" in a for a in measure.get("analyses", []))
    stated = Counter(fact.predicate.value.partition("#")[2] for fact in imported()[1])
    assert printed == {name: stated[name] for name in printed} == {"value": 1875, "pValue": 161, "dispersion": 1019}


@real
def test_snapshot_dates_of_the_real_files() -> None:
    dates = {path.name: ctgov.snapshot_date(path) for path in sorted(API.glob("ctg-studies_*"))}
    assert len(dates) == 4
    assert all(date and date in name for name, date in dates.items())
    assert ctgov.snapshot_date(API / "single") is None


def test_the_real_dictionaries_fit() -> None:
    """Checked by mypy as much as by running: what matches names for the other registers does so here."""
    facts = TrialFacts(Resolver(Names()), Matcher(Index.from_graph([])), Account())
    record = ctgov_records.study(study())
    assert not [fact for fact in facts.of(record) if fact.predicate.value.endswith("givesSubstance")]
