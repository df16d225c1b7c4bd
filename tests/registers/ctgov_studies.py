"""Studies of ClinicalTrials.gov made by hand, and short ways to say what becomes of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.names import BASE, compact
from kg.registers import ctgov_records
from kg.registers.account import Account
from kg.registers.ctgov_facts import TrialFacts
from kg.registers.ctgov_things import Concept
from kg.registers.described import Part

Json = dict[str, Any]


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


def written(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
