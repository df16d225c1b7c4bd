"""ClinicalTrials.gov: files to studies, studies to facts, on studies made by hand and on the real files beside us."""

from __future__ import annotations

import doctest
import gzip
import io
import json
import re
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import kg
from kg import places
from kg.errors import ImportFault
from kg.names import BASE, compact
from kg.registers import ctgov, ctgov_codes, ctgov_records, ctgov_things, ctgov_values
from kg.registers.account import Account
from kg.registers.conditions import Index, Matcher
from kg.registers.ctgov_facts import TrialFacts
from kg.registers.ctgov_things import Concept, Part
from kg.registers.ctgov_values import number, p_value
from kg.registers.substances import Names, Resolver
from tests.conftest import PREFIXES, ROOT

REAL = ROOT.parent / "shared" / "data" / "ctgov" / "api_v2"
real = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real downloads are not in {REAL}")
Json = dict[str, Any]


# --------------------------------------------------------------------------------------------------- studies by hand


def study(nct: str = "NCT00000001", version: str = "2024-11-08", **modules: Json) -> Json:
    """Return a small randomised trial; a module is given whole by its name without `Module`."""
    protocol: Json = {
        "identification": {"nctId": nct, "briefTitle": "Examplinib in Flu", "acronym": "EXAMPLE-1"},
        "status": {
            "overallStatus": "COMPLETED",
            "startDateStruct": {"date": "2019-03", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2020-05-21", "type": "ACTUAL"},
            "completionDateStruct": {"date": "2031-12", "type": "ESTIMATED"},
        },
        "sponsorCollaborators": {
            "leadSponsor": {"name": "Example Pharma", "class": "INDUSTRY"},
            "collaborators": [{"name": "Example University", "class": "OTHER"}],
        },
        "conditions": {"conditions": ["Influenza", "Very Rare Flu"]},
        "design": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2", "PHASE3"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR"]},
            },
            "enrollmentInfo": {"count": 194, "type": "ACTUAL"},
        },
        "armsInterventions": {
            "armGroups": [
                {"label": "Placebo", "type": "PLACEBO_COMPARATOR", "interventionNames": ["Drug: Placebo"]},
                {"label": "Examplinib", "type": "EXPERIMENTAL", "interventionNames": ["Drug: Examplinib 10 mg"]},
            ],
            "interventions": [{"type": "DRUG", "name": "Examplinib 10 mg"}, {"type": "DRUG", "name": "Placebo"}],
        },
        "outcomes": {
            "primaryOutcomes": [{"measure": "Overall Survival (OS)", "timeFrame": "2 years", "description": "Long."}],
            "secondaryOutcomes": [{"measure": "Cough Score", "timeFrame": "Week 4"}],
        },
        "eligibility": {
            "sex": "FEMALE",
            "minimumAge": "18 Years",
            "maximumAge": "6 Months",
            "healthyVolunteers": False,
            "eligibilityCriteria": "Must cough.",
        },
    }
    derived = {"miscInfoModule": {"versionHolder": version}} | {
        "conditionBrowseModule": {
            "meshes": [{"id": "D000007251", "term": "Influenza"}, {"id": "D004194", "term": "Disease"}]
        }
    }
    return {
        "protocolSection": {f"{name}Module": module for name, module in (protocol | modules).items()},
        "derivedSection": derived,
    }


GROUPS = [{"id": "OG000", "title": "Placebo"}, {"id": "OG001", "title": "Examplinib arm (FAS)"}]


def with_results(*measures: Json, **sections: Json) -> Json:
    """Return the study with measures; a measure is of the two arms unless it says otherwise."""
    found = study()
    common = {"type": "PRIMARY", "title": "Overall Survival (OS)", "timeFrame": "2 years", "groups": GROUPS}
    found["resultsSection"] = {
        "outcomeMeasuresModule": {"outcomeMeasures": [common | measure for measure in measures]},
        **sections,
    }
    return found


def values(*numbers: Json, **measure: Any) -> Json:
    """Return a measure with one number for each group."""
    rows = [{"groupId": f"OG00{index}"} | each for index, each in enumerate(numbers)]
    return {
        "paramType": "MEDIAN",
        "unitOfMeasure": "Months",
        "classes": [{"categories": [{"measurements": rows}]}],
    } | measure


def analysis(**fields: Any) -> Json:
    """Return a measure with one analysis of the two groups."""
    return {"analyses": [{"groupIds": ["OG000", "OG001"], "ciNumSides": "TWO_SIDED", "ciPctValue": "95"} | fields]}


@dataclass(frozen=True)
class Found:
    """A stand-in for a matched name."""

    key: str
    label: str
    method: str = "exact"
    parts: tuple[Part, ...] = ()
    concepts: tuple[Concept, ...] = ()


class Known:
    """Knows one substance, and one condition by its MeSH id."""

    def resolve(self, printed: str) -> Found:
        return Found("examplinib", "examplinib", "exact" if printed == "Examplinib" else "unmatched")

    def heading(self, printed: str, mesh_id: str | None = None) -> Found:
        return Found("", "", concepts=(Found("influenza", "influenza"),) if mesh_id == "D007251" else ())


def triples(*studies: Json, account: Account | None = None, with_text: bool = False) -> list[ox.Triple]:
    account = account or Account()
    facts = TrialFacts(Known(), Known(), account, with_text=with_text)
    found = [
        ctgov_records.study(each, lambda reason, evidence: account.remark("", "", reason, evidence)) for each in studies
    ]
    return [fact for each in found for fact in facts.of(each)]


def about(facts: Iterable[ox.Triple], tail: str) -> dict[str, str]:
    """Return what is said of a thing: property -> values, in short."""
    said: dict[str, list[str]] = {}
    for fact in facts:
        if isinstance(fact.subject, ox.NamedNode) and fact.subject.value == BASE + tail:
            name = compact(fact.predicate.value).removeprefix("kg:").removeprefix("rdf:").removeprefix("rdfs:")
            shown = fact.object.value if isinstance(fact.object, ox.Literal) else compact(fact.object.value)  # type: ignore[union-attr]
            said.setdefault(name, []).append(shown)
    return {name: " | ".join(dict.fromkeys(words)) for name, words in said.items()}


def remarks(account: Account) -> Counter[str]:
    return Counter(each.reason for each in account.remarks)


# --------------------------------------------------------------------------------------------------------- the files


def written(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def numbers_of(paths: list[Path], account: Account) -> list[str]:
    found = [each.nct for each in ctgov.read(paths, account)]
    assert account.balanced
    return found


FIRST, SECOND = study("NCT00000001"), study("NCT00000002")
BOTH = ["NCT00000001", "NCT00000002"]
LAYOUTS = {
    "list": json.dumps([FIRST, SECOND]),
    "page": json.dumps({"totalCount": 2, "studies": [FIRST, SECOND], "nextPageToken": "x"}),
    "page that begins with its token": json.dumps(
        {"nextPageToken": "x", "more": [{"studies": 1}], "studies": [FIRST, SECOND]}
    ),
    "one study a line": json.dumps(FIRST) + "\n" + json.dumps(SECOND),
    "byte order mark": "\ufeff" + json.dumps([FIRST, SECOND]),
    "indented": json.dumps([FIRST, SECOND], indent=2),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("packed", ["json", "json.gz"])
def test_every_layout_gives_the_same_studies(layout: str, packed: str, tmp_path: Path) -> None:
    content = LAYOUTS[layout].encode()
    path = tmp_path / f"studies.{packed}"
    path.write_bytes(gzip.compress(content) if packed == "json.gz" else content)
    assert numbers_of([path], Account()) == BOTH
    assert ctgov.snapshot_date(path) == "2024-11-08"


def test_a_folder_and_a_zip_file_of_studies(tmp_path: Path) -> None:
    written(tmp_path / "b.json", SECOND)
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "a.json.gz").write_bytes(gzip.compress(json.dumps(FIRST).encode()))
    (tmp_path / "notes.txt").write_text("not read")
    assert sorted(numbers_of([tmp_path], Account())) == BOTH
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ctg/NCT00000001.json", json.dumps(FIRST))
        archive.writestr("ctg/NCT00000002.json.gz", gzip.compress(json.dumps(SECOND).encode()))
    path = tmp_path / "all.zip"
    path.write_bytes(packed.getvalue())
    assert numbers_of([path], Account()) == BOTH


FAULTS = {
    "truncated": (json.dumps([FIRST, SECOND]).encode()[:-40], "not whole json .* Download it again"),
    "html": (b"\n<!DOCTYPE html><html>503</html>", "a page of HTML or XML, not json"),
    "empty": (b"", "the file is empty"),
    "windows-1252": (
        json.dumps([FIRST], ensure_ascii=False).replace("Flu", "Fl\xfc").encode("cp1252"),
        "Convert it to UTF-8",
    ),
    "utf-16": (json.dumps([FIRST]).encode("utf-16"), "not whole json"),
    "a number": (b"42", "no studies here"),
    "something else": (b'{"error": "too many requests"}', "no studies here .'error'.*Pass a study"),
    "classic api": (b'{"FullStudiesResponse": {}}', "from the classic API"),
    "two ends": (json.dumps([FIRST]).encode() + b"]", "not whole json"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_is_named_must_be_whole(fault: str, tmp_path: Path) -> None:
    content, message = FAULTS[fault]
    path = tmp_path / "studies.json"
    path.write_bytes(content)
    with pytest.raises(ImportFault, match=f"studies.json: .*{message}"):
        list(ctgov.read([path], Account()))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_file_in_a_folder_does_not_stop_the_rest(fault: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(FAULTS[fault][0])
    written(tmp_path / "b.json", SECOND)
    account = Account()
    assert "NCT00000002" in numbers_of([tmp_path], account)
    assert account.by_reason["not whole json of ClinicalTrials.gov"] == 1


def test_broken_packing_is_told(tmp_path: Path) -> None:
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(gzip.compress(json.dumps([FIRST]).encode())[:-30])
    no_zip = tmp_path / "cut.zip"
    no_zip.write_bytes(b"PK\x03\x04 and no more")
    for path in (cut, no_zip, tmp_path / "missing.json"):
        with pytest.raises(ImportFault, match=path.name):
            list(ctgov.read([path], Account()))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ImportFault, match="no json file in this folder"):
        list(ctgov.read([tmp_path / "empty"], Account()))


@pytest.mark.parametrize("depth", [50, 101, 1_000_000])
def test_deep_nesting_is_refused_before_it_takes_all_memory(depth: int, tmp_path: Path) -> None:
    """ijson keeps the path of each level; brackets within a text are none."""
    path = tmp_path / "studies.json"
    texts = study(identification={"nctId": "NCT00000001", "briefTitle": '[{"\\' * 50_000})
    path.write_text(f"[{json.dumps(texts)}, {'[' * depth}{']' * depth}]")
    account = Account()
    if depth < 100:
        assert numbers_of([path], account) == ["NCT00000001"]
        assert account.by_reason == {"not a study: no protocolSection": 1}
    else:
        with pytest.raises(ImportFault, match="nested deeper than 100 levels"):
            list(ctgov.read([path], account))


REJECTED: dict[str, object] = {
    "not a study: no protocolSection": {"hasResults": False},
    "no NCT number": study(""),
    "not the form of an NCT number": study("NCT123"),
    "expanded access, not a study": study(design={"studyType": "EXPANDED_ACCESS"}),
    "no study type that is known": study(design={}),
    "no title": study(identification={"nctId": "NCT00000003"}),
}


@pytest.mark.parametrize("reason", REJECTED)
def test_what_is_no_study_is_rejected_with_its_reason(reason: str, tmp_path: Path) -> None:
    account = Account()
    assert numbers_of([written(tmp_path / "studies.json", [FIRST, REJECTED[reason]])], account) == ["NCT00000001"]
    assert account.by_reason == {reason: 1}


@pytest.mark.parametrize("junk", [None, 1, "text", [], [[]], {"a": [1, None]}, True])
def test_a_module_of_another_shape_is_as_if_it_were_not_there(junk: Any) -> None:
    """Identity and design aside, anything may be missing."""
    modules = (
        "status",
        "sponsorCollaborators",
        "conditions",
        "armsInterventions",
        "outcomes",
        "eligibility",
        "references",
    )
    broken = study(**dict.fromkeys(modules, junk))
    broken["resultsSection"] = {"outcomeMeasuresModule": {"outcomeMeasures": junk}, "adverseEventsModule": junk}
    broken["derivedSection"] = junk
    said = about(triples(broken), "trial/NCT00000001")
    assert said["identifier" if "identifier" in said else "dcterms:identifier"] == "NCT00000001"


def test_of_two_versions_the_newer_file_counts(tmp_path: Path) -> None:
    old = written(tmp_path / "old.json", [study(version="2023-06-29"), SECOND])
    new = written(tmp_path / "new.json", study(version="2025-05-07"))
    account = Account()
    found = {each.nct: each.version for each in ctgov.read([old, new], account)}
    assert found == {"NCT00000001": "2025-05-07", "NCT00000002": "2024-11-08"}
    assert [(each.reason, each.evidence) for each in account.rejections] == [
        ("NCT number seen before", "this one is of 2023-06-29, the one kept of 2025-05-07")
    ]
    assert ctgov.snapshot_date(old) is None
    mixed = written(tmp_path / "mixed.json", [study(version="2023-06-29"), study(version="2025-05-07")])
    account = Account()
    assert [each.version for each in ctgov.read([mixed], account)] == ["2023-06-29"]
    assert account.by_reason == {"NCT number seen before, in an older version": 1}


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = tmp_path / f"{count}.json"
        path.write_text(json.dumps([study(f"NCT{index:08}") for index in range(count)]))
        tracemalloc.start()
        facts = TrialFacts(Known(), Known(), Account())
        seen = sum(1 for each in ctgov.read([path], Account()) for _ in facts.of(each))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert seen > 20 * count
        return most

    peak(10)
    assert peak(400) < peak(40) * 2


# ------------------------------------------------------------------------------------------------------- the numbers

NUMBERS = {
    "12": ("12", "", "", ""),
    "-.50": ("-0.50", "", "", ""),
    "+3.10": ("3.10", "", "", ""),
    "\u22124": ("-4", "", "", ""),
    "1e-3": ("0.001", "", "", ""),
    "<0.5": ("0.5", "<", "", ""),
    "\u2265 90": ("90", ">=", "", ""),
    "= 7": ("7", "", "", ""),
    "3 to 5": ("", "", "3", "5"),
    "3.0-5.5": ("", "", "3.0", "5.5"),
    "5-3": ("", "", "", ""),
    "NA": ("", "", "", ""),
    "1,234": ("", "", "", ""),
    "45%": ("", "", "", ""),
    "12 (3)": ("", "", "", ""),
    "": ("", "", "", ""),
}


@pytest.mark.parametrize("printed", NUMBERS)
def test_a_number_is_stated_only_if_it_is_one(printed: str) -> None:
    found = number(printed)
    assert (found.value, found.operator, found.low, found.high) == NUMBERS[printed]
    assert found.text == printed
    assert found.understood == (bool(found.value or found.low) or printed in ("NA", ""))
    assert number("45%", percent=True).value == "45"


P_VALUES = {
    "0.0568": ("=", "0.0568"),
    ".001": ("=", "0.001"),
    "<0.0001": ("<", "0.0001"),
    "= 0.003": ("=", "0.003"),
    "P < .05": ("<", "0.05"),
    "\u22640.001": ("<=", "0.001"),
    ">0.9999": (">", "0.9999"),
    "1.2E-5": ("=", "0.000012"),
    "NS": ("", ""),
    "0,03": ("", ""),
    "1.5": ("", ""),
    "-0.1": ("", ""),
    "0.05 (one-sided)": ("", ""),
}


@pytest.mark.parametrize("printed", P_VALUES)
def test_p_has_its_operator_and_lies_between_0_and_1(printed: str) -> None:
    found = p_value(printed)
    assert (found.operator, found.value) == P_VALUES[printed]


@pytest.mark.parametrize("module", [ctgov_values, ctgov_codes, ctgov_things], ids=lambda module: module.__name__)
def test_examples_in_docstrings_hold(module: Any) -> None:
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


# --------------------------------------------------------------------------------------------------------- the words

OUTCOMES = {
    "Progression Free Survival (PFS)": "progression-free-survival",
    "To compare progression-free survival": "progression-free-survival",
    "PFS": "progression-free-survival",
    "PFS2": "",
    "Overall survival rate at 1 year": "overall-survival",
    "Number of participants with Overall Survival (OS)": "overall-survival",
    "Prognostic impact of malnutrition on overall survival": "",
    "Overall survival and progression-free survival": "",
    "GvHD-free, relapse-free survival (GRFS)": "",
    "Duration of event-free survival": "event-free-survival",
    "Part 1: Duration of Response (DOR) per iwCLL criteria": "duration-of-response",
    "The duration of CR": "duration-of-response",
    "Objective response rate: ORR": "objective-response-rate",
    "Overall response rate (ORR)": "",
    "MADRS Response Rate at Week 8": "",
    "Rate of Complete Remission (CR)": "complete-response",
    "Percentage of participants with serious adverse events (SAEs)": "serious-adverse-events",
    "Adverse events leading to discontinuation": "",
    "Number of Participants With Adverse Events": "adverse-events",
    "LISA implant survival rate": "",
}


@pytest.mark.parametrize("title", OUTCOMES)
def test_an_outcome_is_coded_on_clear_words_only(title: str) -> None:
    assert ctgov_codes.outcome(title) == OUTCOMES[title]


def test_every_code_is_declared() -> None:
    declared = set(re.findall(r"^code:(\S+)", (places.ONTOLOGY / "codes.ttl").read_text(), re.MULTILINE))
    lists = "PHASES STATUSES MASKING ROLES SPONSORS PARAMETERS DISPERSIONS".split()
    tables = [*(vars(ctgov_codes)[name] for name in lists), *ctgov_codes.FEATURES.values()]
    codes = {code for table in tables for code in table.values() if code}
    named = {code for name in ("_OUTCOMES", "_STATISTICS", "_UNITS") for code in vars(ctgov_codes)[name]}
    assert (len(codes), len(named)) == (75, 35)
    assert (codes | named) - declared == set()


# --------------------------------------------------------------------------------------------------------- the facts


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


# ------------------------------------------------------------------------------------------------------ the real files


@cache
def imported() -> tuple[Account, list[ox.Triple]]:
    account = Account()
    facts = TrialFacts(Known(), Known(), account)
    return account, [fact for each in ctgov.read([REAL], account) for fact in facts.of(each)]


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
    for path in sorted(REAL.rglob("*.json")):
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
    dates = {path.name: ctgov.snapshot_date(path) for path in sorted(REAL.glob("ctg-studies_*"))}
    assert len(dates) == 4
    assert all(date and date in name for name, date in dates.items())
    assert ctgov.snapshot_date(REAL / "single") is None


def test_the_real_dictionaries_fit() -> None:
    """Checked by mypy as much as by running: what matches names for the other registers does so here."""
    facts = TrialFacts(Resolver(Names()), Matcher(Index.from_graph([])), Account())
    record = ctgov_records.study(study())
    assert not [fact for fact in facts.of(record) if fact.predicate.value.endswith("givesSubstance")]
